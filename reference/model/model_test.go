package model_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/ioconform/ioconform/reference/model"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// in runs a program in a fresh world under the dull schedule.
func in(t *testing.T, program func(w *simnet.World, b *model.Backend)) {
	t.Helper()
	w := simnet.New(simnet.Options{})
	defer w.Close()
	b := model.New(w)
	if out := w.Run(func() { program(w, b) }); !out.OK() {
		t.Fatal(out)
	}
}

func port(b *model.Backend, limit int) spec.Port {
	p, _ := b.Port(limit)
	return p
}

// take waits for one packet and returns its token, or the status.
func take(p spec.Port, timeout time.Duration) string {
	var k [1]spec.Packet
	if _, st := p.Wait(k[:], timeout); !st.Ok() {
		return st.Code.String()
	}
	return fmt.Sprint(k[0].Token)
}

func TestThreadsAreReleasedLastInFirstOut(t *testing.T) {
	in(t, func(w *simnet.World, b *model.Backend) {
		p := port(b, 0)
		var order []string
		for i := range 3 {
			w.Go(fmt.Sprint("w", i), func() {
				got := take(p, -1)
				order = append(order, fmt.Sprint("w", i, " ", got))
			})
			w.Settle()
		}
		for i := range 3 {
			p.Post(0, uint64(i+1), 0)
			w.Settle()
		}
		if want := []string{"w2 1", "w1 2", "w0 3"}; !slices.Equal(order, want) {
			t.Errorf("got %v, want %v", order, want)
		}
	})
}

func TestAPacketIsHandedToTheThreadItReleases(t *testing.T) {
	in(t, func(w *simnet.World, b *model.Backend) {
		p := port(b, 0)
		for i := range 2 {
			w.Go(fmt.Sprint("w", i), func() { take(p, -1) })
		}
		w.Settle()
		for i := range 3 {
			p.Post(0, uint64(i+1), 0)
		}
		// The two threads were handed the first two packets, though neither has run yet.
		if got := take(p, 0); got != "3" {
			t.Errorf("the caller got packet %s, want 3", got)
		}
	})
}

func TestNoMoreThreadsRunThanThePortAllows(t *testing.T) {
	in(t, func(w *simnet.World, b *model.Backend) {
		p := port(b, 1)
		p.Post(0, 1, 0)
		p.Post(0, 2, 0)
		other := ""
		w.Go("other", func() { other = take(p, 0) })
		first := take(p, 0)
		w.Yield() // the other thread runs while this one does
		if first != "1" || other != "timedout" {
			t.Errorf("the running thread got %s, the other %s", first, other)
		}
	})
}

func TestAThreadThatBlocksLetsAnotherRun(t *testing.T) {
	in(t, func(w *simnet.World, b *model.Backend) {
		p := port(b, 1)
		other := ""
		w.Go("other", func() { other = take(p, -1) })
		w.Settle()
		p.Post(0, 1, 0)
		w.Settle()
		w.Go("second", func() { other += " " + take(p, -1) })
		p.Post(0, 2, 0)
		w.Settle() // "other" has ended, so the second may run
		if other != "1 2" {
			t.Errorf("got %q", other)
		}
	})
}

func TestClosingThePortWakesItsThreads(t *testing.T) {
	in(t, func(w *simnet.World, b *model.Backend) {
		p := port(b, 0)
		var got []string
		for i := range 2 {
			w.Go(fmt.Sprint("w", i), func() { got = append(got, take(p, -1)) })
		}
		w.Settle()
		p.Close()
		w.Settle()
		got = append(got, take(p, 0))
		if want := []string{"abandoned", "abandoned", "closed"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

var loopback = netip.MustParseAddrPort("127.0.0.1:0")

// pair returns a listener's accepted socket, associated with p under key 2, and the far end.
func pair(t *testing.T, w *simnet.World, b *model.Backend, p spec.Port) (spec.Socket, *simnet.Sock) {
	t.Helper()
	l, _ := b.Socket(spec.TCP4)
	l.Bind(loopback)
	l.Listen(4)
	p.Associate(l, 1)
	l.Start(&spec.Op{Kind: spec.Accept, Token: 77})
	a, _ := l.Local()
	c := w.NewSock()
	c.Connect(a)
	w.Settle()
	var k [1]spec.Packet
	if n, st := p.Wait(k[:], 0); n != 1 {
		t.Fatal("no accept: ", st)
	}
	p.Associate(k[0].Sock, 2)
	return k[0].Sock, c
}

func TestUnreadDataIsDroppedWhenAResetArrives(t *testing.T) {
	in(t, func(w *simnet.World, b *model.Backend) {
		p := port(b, 0)
		s, c := pair(t, w, b, p)
		c.Send([]byte("lost"))
		w.Settle()
		c.Abort()
		w.Settle()
		res := s.Start(&spec.Op{Kind: spec.Receive, Token: 5, Buf: make([]byte, 8)})
		if res.How != spec.RefusedAtStart || res.Status.Code != spec.Reset {
			t.Errorf("got %+v", res)
		}
	})
}

func TestEveryPendingOperationLearnsOfAReset(t *testing.T) {
	in(t, func(w *simnet.World, b *model.Backend) {
		p := port(b, 0)
		s, c := pair(t, w, b, p)
		for i := range 3 {
			s.Start(&spec.Op{Kind: spec.Receive, Token: uint64(i), Buf: make([]byte, 8)})
		}
		c.Abort()
		w.Settle()
		var k [4]spec.Packet
		n, _ := p.Wait(k[:], 0)
		if n != 3 {
			t.Fatalf("%d packets", n)
		}
		for _, x := range k[:n] {
			if x.Status.Code != spec.Reset || x.Status.Native != 0xC000020D {
				t.Errorf("packet %d: %s", x.Token, x.Status)
			}
		}
	})
}

func TestClosingASocketAbortsWhatIsOutstandingOnce(t *testing.T) {
	in(t, func(w *simnet.World, b *model.Backend) {
		p := port(b, 0)
		s, _ := pair(t, w, b, p)
		s.Start(&spec.Op{Kind: spec.Receive, Token: 1, Buf: make([]byte, 8)})
		s.Close()
		var k [4]spec.Packet
		if n, _ := p.Wait(k[:], 0); n != 1 || k[0].Status.Code != spec.Aborted || k[0].Key != 2 {
			t.Errorf("%d packets, %+v", n, k[0])
		}
		if got := take(p, 0); got != "timedout" {
			t.Errorf("then %s", got)
		}
	})
}

func TestNamesWorkOnlyOnceTheListenerIsKnown(t *testing.T) {
	in(t, func(w *simnet.World, b *model.Backend) {
		p := port(b, 0)
		s, c := pair(t, w, b, p)
		if a, st := s.Peer(); !st.Ok() || a != c.Local() {
			t.Errorf("peer %v, %s", a, st)
		}
	})
}
