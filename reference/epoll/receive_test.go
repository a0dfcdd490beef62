package epoll_test

import (
	"bytes"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

func TestReceivesAreFilledInPostingOrder(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		ops := []*spec.Op{receive(11, 2), receive(12, 3), receive(13, 8)}
		for _, op := range ops {
			w.started("receive", s.Start(op))
		}
		w.nothing()
		f.send("abcdefg")
		var got []byte
		for i, op := range ops {
			pkt := w.next(uint64(11 + i))
			if pkt.Key != 7 || !pkt.Status.Ok() || pkt.N < 1 || pkt.Size != -1 {
				w.Fatalf("%+v", pkt)
			}
			got = append(got, op.Buf[:pkt.N]...)
			if len(got) == 7 {
				break
			}
		}
		for token := uint64(21); len(got) < 7; token++ { // segments may have come singly
			op := receive(token, 8)
			w.started("receive", s.Start(op))
			got = append(got, op.Buf[:w.next(token).N]...)
		}
		if string(got) != "abcdefg" {
			w.Fatalf("got %q", got)
		}
	})
}

func TestSuccessAtOnceIsDoneAndQueuesItsPacketAllTheSame(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		f.send("abc")
		w.settle()
		w.nothing()
		r := s.Start(receive(2, 3))
		if r.How != spec.Done || r.N != 3 || !r.Status.Ok() {
			w.Fatalf("%+v", r)
		}
		w.ends(2, spec.OK, 3)
		w.want("skip", s.SkipOnSuccess(), spec.OK)
		f.send("de")
		w.settle()
		w.nothing()
		if r = s.Start(receive(3, 3)); r.How != spec.Done || r.N != 2 {
			w.Fatalf("%+v", r)
		}
		w.nothing()
		w.started("receive", s.Start(receive(4, 3))) // pends, so it has a packet
		f.send("f")
		w.ends(4, spec.OK, 1)
	})
}

func TestAReceiveWithoutABufferWaitsAndTakesNothing(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		w.started("receive", s.Start(receive(2, 0)))
		w.nothing()
		f.send("a")
		w.ends(2, spec.OK, 0)
		if r := s.Start(receive(3, 0)); r.How != spec.Done {
			w.Fatalf("%+v", r)
		}
		w.ends(3, spec.OK, 0)
		w.started("receive", s.Start(receive(4, 4)))
		w.ends(4, spec.OK, 1)
		w.started("receive", s.Start(receive(5, 0)))
		f.close()
		w.ends(5, spec.OK, 0)
	})
}

func TestWaitAllFillsItsBufferAndACancelLosesNothing(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		all := receive(2, 5)
		all.Flags = spec.WaitAll
		w.started("receive", s.Start(all))
		f.send("abc")
		w.nothing()
		if !bytes.Equal(all.Buf, make([]byte, 5)) {
			w.Fatalf("the buffer was written to before the end: %q", all.Buf)
		}
		next := receive(3, 2)
		w.started("receive", s.Start(next))
		w.want("cancel", s.Cancel(all), spec.OK)
		w.ends(2, spec.Aborted, 0)
		w.ends(3, spec.OK, 2)
		all.Token = 4
		w.started("receive", s.Start(all))
		f.send("defg")
		w.ends(4, spec.OK, 5)
		if string(next.Buf)+string(all.Buf) != "abcdefg" {
			w.Fatalf("%q %q", next.Buf, all.Buf)
		}
		all.Token = 5
		w.started("receive", s.Start(all))
		f.send("hi")
		f.close()
		w.ends(5, spec.OK, 2)
		w.started("receive", s.Start(all))
		w.ends(5, spec.OK, 0)
	})
}

func TestTheEndOfTheStreamIsForEveryReceiveFromThenOn(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		w.started("receive", s.Start(receive(2, 8)))
		w.started("receive", s.Start(receive(3, 8)))
		w.started("receive", s.Start(receive(4, 8)))
		f.halfClose()
		w.ends(2, spec.OK, 0)
		w.ends(3, spec.OK, 0)
		w.ends(4, spec.OK, 0)
		if r := s.Start(receive(5, 8)); r.How != spec.Done || r.N != 0 {
			w.Fatalf("%+v", r)
		}
		w.ends(5, spec.OK, 0)
		w.started("send", s.Start(send(6, "x"))) // the other direction goes on
		w.ends(6, spec.OK, 1)
		f.reads("x")
	})
}

func TestAnEndThatComesWithDataIsNotSwallowed(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		w.started("receive", s.Start(receive(2, 8)))
		f.send("abc")
		f.close()
		w.settle() // one event for both
		n := w.next(2).N
		token := uint64(3)
		for ; ; token++ {
			w.started("receive", s.Start(receive(token, 8)))
			pkt := w.next(token)
			n += pkt.N
			if !pkt.Status.Ok() {
				w.Fatalf("%+v", pkt)
			}
			if pkt.N == 0 {
				break
			}
		}
		if n != 3 {
			w.Fatalf("%d bytes", n)
		}
	})
}

func TestAResetIsToldToEverybodyAndBehindTheData(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		w.started("receive", s.Start(receive(2, 8)))
		f.send("ab")
		w.ends(2, spec.OK, w.sizeOf(2))
		w.started("receive", s.Start(receive(3, 8)))
		w.started("receive", s.Start(receive(4, 8)))
		f.abort()
		w.ends(3, spec.Reset, 0)
		w.ends(4, spec.Reset, 0)
		w.refused("receive", s.Start(receive(5, 8)), spec.Reset)
		w.refused("send", s.Start(send(6, "x")), spec.Reset)
		w.nothing()
	})
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		f.send("ab")
		w.settle()
		f.abort()
		w.settle()
		// The send finds out, and takes the kernel's error with it.
		w.refused("send", s.Start(send(2, "x")), spec.Reset)
		if r := s.Start(receive(3, 8)); r.How != spec.Done || r.N != 2 {
			w.Fatalf("unread data is lost: %+v", r)
		}
		w.ends(3, spec.OK, 2)
		w.refused("receive", s.Start(receive(4, 8)), spec.Reset)
		w.nothing()
	})
}

// sizeOf is for sends of n bytes that arrive in one segment because everything has settled.
func (w *world) sizeOf(n int) int { w.settle(); return n }

func TestWhatMayNotBeReceivedIsRefused(t *testing.T) {
	everywhere(t, func(w *world) {
		w.refused("receive", w.socket().Start(receive(2, 8)), spec.NotConnected)
		w.refused("send", w.socket().Start(send(2, "x")), spec.NotConnected)
		w.refused("accept", w.socket().Start(&spec.Op{Kind: spec.Accept}), spec.Invalid)
		w.refused("receive-from", w.socket().Start(&spec.Op{Kind: spec.ReceiveFrom}), spec.Invalid)
		s, f := w.pair(7)
		w.started("receive", s.Start(receive(3, 8)))
		w.want("shutdown", s.Shutdown(spec.SideReceive), spec.OK)
		w.refused("receive", s.Start(receive(4, 8)), spec.Shut)
		f.send("a") // the pending one stays, and the far end has not been told
		w.ends(3, spec.OK, 1)
		w.want("close", s.Close(), spec.OK)
		w.want("close", s.Close(), spec.Closed)
		w.refused("receive", s.Start(receive(5, 8)), spec.Closed)
	})
}
