package epoll_test

import (
	"testing"
	"time"

	"github.com/ioconform/ioconform/spec"
)

func TestPostsComeOutInOrderAndWakeASleeper(t *testing.T) {
	everywhere(t, func(w *world) {
		for i := range uint64(40) {
			w.want("post", w.p.Post(i, 100+i, int(i)), spec.OK)
		}
		var dst [7]spec.Packet
		for at := uint64(0); at < 40; {
			n, st := w.p.Wait(dst[:], 0)
			w.want("wait", st, spec.OK)
			for _, pkt := range dst[:n] {
				if pkt.Key != at || pkt.Token != 100+at || pkt.N != int(at) || !pkt.Status.Ok() {
					w.Fatalf("%d: %+v", at, pkt)
				}
				at++
			}
		}
		n, st := w.p.Wait(dst[:], 0)
		if n != 0 {
			w.Fatal(n)
		}
		w.want("wait", st, spec.TimedOut)
		w.spawn("poster", func() {
			w.sleep(5 * time.Millisecond)
			w.p.Post(1, 2, 3)
		})
		w.ends(2, spec.OK, 3)
	})
}

func TestEverySleeperGetsOneOfTheirPackets(t *testing.T) {
	everywhere(t, func(w *world) {
		const sleepers = 4
		got := make([]uint64, sleepers)
		for i := range got {
			w.spawn("sleeper", func() {
				var dst [1]spec.Packet
				if n, st := w.p.Wait(dst[:], w.patient); n == 1 && st.Ok() {
					got[i] = dst[0].Token
				}
			})
		}
		w.settle()
		for i := range uint64(sleepers) {
			w.p.Post(0, 1+i, 0)
		}
		w.join()
		sum := uint64(0)
		for _, token := range got {
			sum += token
		}
		if sum != 1+2+3+4 {
			w.Fatalf("the sleepers got %v", got)
		}
	})
}

func TestClosingAPortEndsEveryWait(t *testing.T) {
	everywhere(t, func(w *world) {
		p := w.port()
		s, _ := w.loosePair()
		w.want("associate", p.Associate(s, 1), spec.OK)
		w.started("receive", s.Start(receive(2, 2)))
		out := make([]spec.Status, 3)
		for i := range out {
			w.spawn("sleeper", func() {
				var dst [1]spec.Packet
				_, out[i] = p.Wait(dst[:], -1)
			})
		}
		w.settle()
		w.want("close", p.Close(), spec.OK)
		w.join()
		for _, st := range out {
			w.ended(st)
		}
		var dst [1]spec.Packet
		_, st := p.Wait(dst[:], -1)
		w.want("wait", st, spec.Closed)
		w.want("close", p.Close(), spec.Closed)
		w.want("post", p.Post(1, 2, 3), spec.Closed)
		w.want("associate", p.Associate(w.socket(), 1), spec.Closed)
		w.want("close", s.Close(), spec.OK) // sockets outlive their port
	})
}

func TestClosingTheBackEndEndsEverything(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(1)
		l, addr := w.listener(2)
		op := receive(2, 64)
		w.started("receive", s.Start(op))
		w.started("accept", l.Start(&spec.Op{Kind: spec.Accept, Token: 3, Data: 1, Buf: make([]byte, 1)}))
		g := w.dial(addr)
		var st [2]spec.Status
		for i := range st {
			w.spawn("sleeper", func() {
				var dst [1]spec.Packet
				_, st[i] = w.p.Wait(dst[:], -1)
			})
		}
		w.settle()
		w.b.Close()
		w.join()
		f.w.far.Send(f.fd, []byte("late"))
		w.settle()
		w.ended(st[0])
		w.ended(st[1])
		if op.Buf[0] != 0 {
			w.Fatal("a buffer was written to after Close")
		}
		if _, errno := g.read(1); errno != 0 {
			w.Fatal("the far end of the held connection:", errno)
		}
		_, socket := w.b.Socket(spec.TCP4)
		w.want("socket", socket, spec.Closed)
		_, port := w.b.Port(1)
		w.want("port", port, spec.Closed)
		w.refused("receive", s.Start(receive(4, 1)), spec.Closed)
	})
}

func TestAPortThatIsKeptBusyByPostsStillLooksAtItsSockets(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		w.started("receive", s.Start(receive(2, 8)))
		f.send("x")
		w.settle()
		var dst [1]spec.Packet
		for range 1000 {
			w.p.Post(0, 1, 0)
			n, st := w.p.Wait(dst[:], 0)
			if n != 1 || !st.Ok() {
				w.Fatal(n, st)
			}
			if dst[0].Token == 2 {
				return
			}
		}
		w.Fatal("the receive starves")
	})
}
