package spec

import (
	"bytes"
	"io"
	"sync"
	"testing"
	"time"
)

// silent is a back end whose operations are done at once; what it costs to record them is all that there is.
type silent struct {
	mu sync.Mutex
	q  []Packet
}

func (s *silent) Port(int) (Port, Status)         { return silentPort{s}, Status{} }
func (s *silent) Socket(Network) (Socket, Status) { return &silentSocket{s: s}, Status{} }
func (s *silent) Close() error                    { return nil }

type silentPort struct{ *silent }

func (p silentPort) Associate(s Socket, key uint64) Status {
	s.(*silentSocket).key = key
	return Status{}
}
func (p silentPort) Close() Status { return Status{} }
func (p silentPort) Post(key, token uint64, n int) Status {
	p.mu.Lock()
	p.q = append(p.q, Packet{Key: key, Token: token, N: n})
	p.mu.Unlock()
	return Status{}
}

func (p silentPort) Wait(dst []Packet, _ time.Duration) (int, Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := copy(dst, p.q)
	p.q = append(p.q[:0], p.q[n:]...)
	if n == 0 {
		return 0, Is(TimedOut)
	}
	return n, Status{}
}

type silentSocket struct {
	Socket
	s   *silent
	key uint64
}

func (k *silentSocket) Start(op *Op) Result {
	n := len(op.Buf)
	silentPort{k.s}.Post(k.key, op.Token, n)
	return Result{How: Pending}
}

func (k *silentSocket) Close() Status { return Status{} }

// useBackend sends and waits from several goroutines at once.
func useBackend(t testing.TB, b Backend, goroutines, each int) {
	p, _ := b.Port(0)
	var all sync.WaitGroup
	for g := range goroutines {
		all.Add(1)
		go func() {
			defer all.Done()
			s, _ := b.Socket(TCP4)
			p.Associate(s, uint64(g))
			dst := make([]Packet, 4)
			for i := range each {
				op := &Op{Kind: Send, Token: uint64(g)<<32 | uint64(i+1), Buf: []byte("twelve bytes")}
				if r := s.Start(op); r.How != Pending {
					t.Error(r)
				}
				if i%8 == 0 {
					p.Post(7, 1<<60|uint64(g)<<32|uint64(i), i)
				}
				p.Wait(dst, 0)
			}
		}()
	}
	all.Wait()
	for dst := make([]Packet, 64); ; {
		if n, _ := p.Wait(dst, 0); n == 0 {
			return
		}
	}
}

func TestAWrappedBackendIsRecorded(t *testing.T) {
	about := able()
	about.World = "real"
	var file bytes.Buffer
	streamed := Wrap(&silent{}, WrapOptions{About: about, Out: &file})
	kept := Wrap(&silent{}, WrapOptions{About: about, Data: DataBytes})
	for _, w := range []*Wrapped{streamed, kept} {
		useBackend(t, w, 8, 300)
		w.Settled(1)
		if err := w.End(); err != nil {
			t.Fatal(err)
		}
	}
	back, err := ReadTrace("streamed", &file)
	if err != nil {
		t.Fatal(err)
	}
	for name, trace := range map[string]*Trace{"streamed": back, "kept": kept.Trace()} {
		if err := trace.Validate(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		j := NewChecker().Check(trace)
		if ids, why := brokenBy(j); len(ids) > 0 {
			t.Errorf("%s: %s", name, why[0])
		}
		if !j.Settled || !j.Complete || len(trace.Events) < 8*300*4 {
			t.Errorf("%s: %d events, settled %v, complete %v", name, len(trace.Events), j.Settled, j.Complete)
		}
		for i, r := range Rules() {
			if (r.ID == "PKT-2" || r.ID == "KEY-1") && j.Counts[i].Checks == 0 {
				t.Errorf("%s: %s is not exercised", name, r.ID)
			}
		}
		if lanes := len(trace.Threads); lanes > 24 {
			t.Errorf("%s: %d lanes for 8 goroutines", name, lanes)
		}
	}
}

type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// Work goes on when the trace cannot be written any more, and End tells.
func TestAFullDiskStopsNoWork(t *testing.T) {
	w := Wrap(&silent{}, WrapOptions{About: able(), Out: &full{left: 100 << 10}})
	useBackend(t, w, 4, 1000)
	if err := w.End(); err != io.ErrShortWrite {
		t.Errorf("End: %v", err)
	}
}

// One operation is two calls, of a start and of a wait, and so four events.
func BenchmarkWrap(b *testing.B) {
	for _, x := range []struct {
		name string
		data DataLevel
		size int
	}{{"none", DataNone, 64}, {"sum of 64 bytes", DataSum, 64}, {"sum of 4096 bytes", DataSum, 4096}, {"bytes, 64", DataBytes, 64}} {
		b.Run(x.name, func(b *testing.B) {
			w := Wrap(&silent{}, WrapOptions{About: able(), Data: x.data, Out: io.Discard})
			operate(b, w, x.size)
		})
	}
	b.Run("not wrapped", func(b *testing.B) { operate(b, &silent{}, 64) })
}

func operate(b *testing.B, back Backend, size int) {
	p, _ := back.Port(0)
	s, _ := back.Socket(TCP4)
	p.Associate(s, 5)
	dst := make([]Packet, 1)
	op := &Op{Kind: Send, Token: 7, Buf: make([]byte, size)}
	b.ReportAllocs()
	for b.Loop() {
		s.Start(op)
		p.Wait(dst, 0)
	}
}
