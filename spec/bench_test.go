package spec

import (
	"flag"
	"runtime"
	"strconv"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// echoTrace is what a server and one far end do that echo n times, one after the other.
func echoTrace(n int) *Trace {
	w := &randomWorld{trace: &Trace{By: "echo", About: able(), Data: DataBytes, Threads: []string{"main"}}}
	w.setup()
	s := &randomSock{id: 2, peer: 1, addr: at("1001"), port: w.ports[0], key: 7}
	w.connect(s)
	w.echo(s, n)
	w.do(Event{Verb: Wait, Port: 1, Len: 1}, func() Event { return Event{Status: Is(TimedOut)} })
	w.add(Event{Kind: SettleEvent})
	w.add(Event{Kind: EndEvent})
	return w.trace
}

// connect makes a connection of s and its far end.
func (w *randomWorld) connect(s *randomSock) {
	a := w.newOp(Accept, w.door.s, Event{})
	w.do(a.e, fine)
	w.do(Event{Verb: PeerConnect, Peer: s.peer, Addr: at("80")}, func() Event { return Event{Addr: s.addr} })
	w.do(Event{Verb: Wait, Port: 1, Len: 1}, func() Event {
		return Event{N: 1, Packets: []PacketEvent{{Op: a.e.Op, Token: a.e.Token, Key: 1000, Sock: s.id, Addr: s.addr}}}
	})
	w.do(Event{Verb: Associate, Sock: s.id, Port: 1, Key: s.key}, fine)
}

func (w *randomWorld) echo(s *randomSock, n int) {
	data := []byte("sixteen bytes or")
	got := func(o *randomOp, n int, b []byte) func() Event {
		p := PacketEvent{Op: o.e.Op, Token: o.e.Token, Key: s.key, N: n, Data: b, Guard: GuardIntact}
		return func() Event { return Event{N: 1, Packets: []PacketEvent{p}} }
	}
	for range n {
		r := w.newOp(Receive, s, Event{Len: 64})
		w.do(r.e, fine)
		w.do(Event{Verb: PeerSend, Peer: s.peer, Len: len(data), Data: data}, func() Event { return Event{N: len(data)} })
		w.do(Event{Verb: Wait, Port: 1, Len: 1}, got(r, len(data), data))
		x := w.newOp(Send, s, Event{Len: len(data), Data: data})
		w.do(x.e, fine)
		w.do(Event{Verb: Wait, Port: 1, Len: 1}, got(x, len(data), nil))
		w.do(Event{Verb: PeerRead, Peer: s.peer, Len: 64}, func() Event { return Event{N: len(data), Data: data} })
	}
}

func benchmarkChecker(b *testing.B, trace *Trace) {
	c := NewChecker()
	if ids, why := brokenBy(c.Check(trace)); len(ids) > 0 {
		b.Fatal(why[0])
	}
	b.ReportAllocs()
	for b.Loop() {
		c.Check(trace)
	}
	events := float64(b.N) * float64(len(trace.Events))
	b.ReportMetric(events/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(len(trace.Events)), "events/op")
}

func BenchmarkCheckerSequentialEcho(b *testing.B) { benchmarkChecker(b, echoTrace(2000)) }

func BenchmarkCheckerFiftyInFlight(b *testing.B) {
	benchmarkChecker(b, randomTrace(2, 12_000, 12, 12, 50, false))
}

var long = flag.Bool("long", false, "judge a trace of a hundred million events and a million sockets, and see that memory stays")

// A trace that opens and closes sockets, with operations on each, is judged in the space of what is open at once.
func TestMemoryDoesNotGrowWithTheTrace(t *testing.T) {
	sockets, echoes := 100_000/slower, 1
	if *long {
		sockets, echoes = 1_000_000, 7
	}
	if !testing.Short() {
		sockets /= simtest.Every(5)
	} else {
		sockets = 20_000 / slower
	}
	w := &randomWorld{trace: &Trace{By: "memory", About: able(), Data: DataBytes, Threads: []string{"main"}}}
	c := NewChecker()
	c.Begin(w.trace)
	w.setup()
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var first uint64
	for i := range sockets {
		s := &randomSock{id: uint32(i + 2), peer: uint32(i + 1), addr: at("0"), port: w.ports[0], key: uint64(i)}
		s.addr = at(strconv.Itoa(1024 + i%60000))
		w.connect(s)
		w.echo(s, echoes)
		r := w.newOp(Receive, s, Event{Len: 4})
		w.do(r.e, fine)
		w.do(Event{Verb: CloseSocket, Sock: s.id}, fine)
		w.do(Event{Verb: Wait, Port: 1, Len: 1}, func() Event {
			return Event{N: 1, Packets: []PacketEvent{{Op: r.e.Op, Token: r.e.Token, Key: s.key, Status: Is(Aborted), Data: []byte{}}}}
		})
		w.do(Event{Verb: PeerRead, Peer: s.peer, Len: 4}, func() Event { return Event{Data: []byte{}} })
		w.do(Event{Verb: PeerClose, Peer: s.peer}, fine)
		for k := range w.trace.Events {
			c.Feed(&w.trace.Events[k])
		}
		clear(w.trace.Events)
		w.trace.Events = w.trace.Events[:0]
		w.door.s.started = nil
		if i == sockets/10 {
			first = heap()
		}
	}
	grown := int64(heap()) - int64(first)
	j := c.End()
	if ids, why := brokenBy(j); len(ids) > 0 {
		t.Fatal(why[0])
	}
	t.Logf("%d sockets, %d events: the heap grew by %d KiB after the first tenth", sockets, w.q, grown>>10)
	if grown > 8<<20/int64(simtest.Every(5)) {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	runtime.KeepAlive(c)
}
