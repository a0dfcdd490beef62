//go:build linux

package uring_test

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// Four workers and 32 clients: wait, handle, post again.
func TestFourWorkersServeThirtyTwoClients(t *testing.T) {
	const clients = 32
	messages := 500
	if testing.Short() || simtest.Raced {
		messages = 100
	}
	w := newWorld(t)
	l, addr := w.listener(0)
	type session struct {
		sock          spec.Socket
		receive, send spec.Op
	}
	var lock sync.Mutex
	sessions := map[uint64]*session{}
	for range clients {
		w.start(l, &spec.Op{Kind: spec.Accept})
	}
	const receives, sends = 1 << 32, 2 << 32
	handle := func(pkt spec.Packet) {
		if pkt.Sock != nil {
			s := &session{sock: pkt.Sock}
			lock.Lock()
			key := uint64(len(sessions) + 1)
			sessions[key] = s
			lock.Unlock()
			s.receive = spec.Op{Kind: spec.Receive, Token: receives, Buf: make([]byte, 128)}
			s.send = spec.Op{Kind: spec.Send, Token: sends}
			w.p.Associate(s.sock, key)
			s.sock.Start(&s.receive)
			return
		}
		lock.Lock()
		s := sessions[pkt.Key]
		lock.Unlock()
		switch {
		case pkt.Token == receives && pkt.N > 0:
			s.send.Buf = s.receive.Buf[:pkt.N]
			s.sock.Start(&s.send)
		case pkt.Token == receives:
			s.sock.Close()
		default:
			s.sock.Start(&s.receive)
		}
	}
	var workers, far sync.WaitGroup
	for i := range 4 {
		workers.Go(func() {
			dst := make([]spec.Packet, []int{1, 1, 4, 32}[i])
			for {
				n, st := w.p.Wait(dst, -1)
				if !st.Ok() {
					return
				}
				for _, pkt := range dst[:n] {
					handle(pkt)
				}
			}
		})
	}
	for i := range clients {
		far.Go(func() {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			out := bytes.Repeat([]byte{byte(i)}, 1+i*16)
			in := make([]byte, len(out))
			for j := range messages {
				out[0] = byte(j)
				if _, err := conn.Write(out); err != nil {
					t.Error(err)
					return
				}
				if _, err := io.ReadFull(conn, in); err != nil || !bytes.Equal(in, out) {
					t.Error(j, err)
					return
				}
			}
		})
	}
	far.Wait()
	w.p.Close()
	workers.Wait()
}

// The end of the far end's stream wakes a send that waits for room. Until that has been tried again it is found by no cancel, and goes on waiting: the close that asked ends it all the same.
func TestACloseEndsASendThatHasJustBeenWoken(t *testing.T) {
	rounds := 1000
	if testing.Short() || simtest.Raced {
		rounds = 300
	}
	w := newWorld(t)
	buf := make([]byte, 8<<20)
	for round := range rounds {
		s, far := w.pair(7)
		send := w.start(s, &spec.Op{Kind: spec.Send, Buf: buf})
		begin, closed := make(chan struct{}), make(chan spec.Status, 1)
		go func() {
			<-begin
			closed <- s.Close()
		}()
		close(begin)
		if err := far.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		select {
		case st := <-closed:
			w.must("close", st)
		case <-time.After(time.Minute):
			t.Fatalf("round %d: the close has not returned", round)
		}
		w.of(send)
		far.Close()
	}
}

// Everything that can end an operation happens at once: data, end of stream or reset, cancel, close, shutdown, the end of the back end. Each operation that was
// started has one packet, and each that was refused has none.
func TestAnOperationEndsOnceWhateverEndsIt(t *testing.T) {
	rounds := 300
	if testing.Short() || simtest.Raced {
		rounds = 100
	}
	w := newWorld(t)
	for round := range rounds {
		w.endings(round)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
}

func (w *world) endings(round int) {
	s, far := w.pair(7)
	l, addr := w.listener(8)
	into := w.socket(spec.TCP4)
	u := w.socket(spec.UDP4)
	w.must("bind", u.Bind(anyPort))
	w.must("associate", w.p.Associate(u, 9))
	c := w.socket(spec.TCP4)
	w.must("associate", w.p.Associate(c, 10))

	var lock sync.Mutex
	started, packets := map[uint64]bool{}, map[uint64]int{}
	start := func(s spec.Socket, op *spec.Op) *spec.Op {
		op.Token = w.token.Add(1)
		how := s.Start(op).How
		lock.Lock()
		started[op.Token] = how != spec.RefusedAtStart
		lock.Unlock()
		return op
	}
	var workers, actors sync.WaitGroup
	over := make(chan struct{})
	for range 2 {
		workers.Go(func() {
			dst := make([]spec.Packet, 2)
			for {
				n, st := w.p.Wait(dst, 2*time.Millisecond)
				if n == 0 && st.Code != spec.TimedOut {
					w.Error("wait: ", st)
					return
				}
				lock.Lock()
				for _, pkt := range dst[:n] {
					packets[pkt.Token]++
					if pkt.Status.Code == spec.Aborted && pkt.N != 0 {
						w.Errorf("aborted with %d bytes", pkt.N)
					}
					if pkt.Sock != nil && pkt.Sock != into {
						defer pkt.Sock.Close()
					}
				}
				lock.Unlock()
				select {
				case <-over:
					if n == 0 {
						return
					}
				default:
				}
			}
		})
	}
	actors.Go(func() {
		for range 3 {
			start(s, &spec.Op{Kind: spec.Receive, Buf: make([]byte, 2)})
			start(s, &spec.Op{Kind: spec.Receive, Buf: make([]byte, 3), Flags: spec.WaitAll})
			start(s, &spec.Op{Kind: spec.Send, Buf: make([]byte, 1<<uint(round%20))})
			start(u, &spec.Op{Kind: spec.ReceiveFrom, Buf: make([]byte, 2)})
		}
	})
	actors.Go(func() {
		start(l, &spec.Op{Kind: spec.Accept, Into: into, Data: 1, Buf: make([]byte, 1)})
		start(l, &spec.Op{Kind: spec.Accept, Data: 2, Buf: make([]byte, 2)})
		start(l, &spec.Op{Kind: spec.Accept})
		local, st := l.Local()
		if st.Ok() {
			op := start(c, &spec.Op{Kind: spec.Connect, To: local})
			c.Cancel(op)
		}
	})
	actors.Go(func() {
		op := start(s, &spec.Op{Kind: spec.Receive, Buf: make([]byte, 1)})
		s.Cancel(op)
		l.Cancel(nil)
		u.Cancel(nil)
		s.Shutdown(spec.SideBoth)
		s.Cancel(nil)
	})
	actors.Go(func() {
		far.Write([]byte("abc"))
		if g, err := net.Dial("tcp", addr); err == nil {
			g.Write([]byte("d"))
			g.Close()
		}
		if round%2 == 0 {
			far.SetLinger(0)
		}
		far.Close()
	})
	actors.Go(func() {
		if round%3 > 0 {
			time.Sleep(time.Duration(round%7) * 30 * time.Microsecond)
		}
		into.Close()
		s.Close()
		l.Close()
	})
	actors.Wait()
	u.Close()
	c.Close()
	close(over) // when Close has returned every packet is queued
	workers.Wait()
	for token, is := range started {
		want := 0
		if is {
			want = 1
		}
		if packets[token] != want {
			w.Errorf("operation %d, started %v, has %d packets; all: %v of %v", token, is, packets[token], packets, started)
		}
	}
	if len(packets) > len(started) {
		w.Errorf("packets of nobody: %v of %v", packets, started)
	}
}
