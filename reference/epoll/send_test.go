package epoll_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// large is more than both ends' buffers take.
var large = strings.Repeat("0123456789abcdef", 1<<20)

// largeIn is large, as far as the world goes.
func (w *world) large() string {
	if w.patient == time.Hour {
		return large[:200<<10] // simnet's buffers are 64 KiB each
	}
	return large
}

func TestSendsGoOutWholeAndInOrderAndShutdownBehindThem(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		text := w.large()
		if r := s.Start(send(2, text)); r.How != spec.Pending {
			w.Fatalf("%+v", r)
		}
		w.started("send", s.Start(send(3, "the second")))
		w.started("send", s.Start(send(4, "")))
		w.want("shutdown", s.Shutdown(spec.SideSend), spec.OK)
		w.refused("send", s.Start(send(5, "x")), spec.Shut)
		w.want("shutdown", s.Shutdown(spec.SideSend), spec.OK)
		w.nothing()
		w.spawn("reader", func() {
			f.reads(text)
			f.reads("the second")
			f.readsEnd()
			f.send("read")
		})
		w.started("receive", s.Start(waitAll(6, 4)))
		w.ends(2, spec.OK, len(text))
		w.ends(3, spec.OK, len("the second"))
		w.ends(4, spec.OK, 0)
		w.ends(6, spec.OK, 4)
	})
}

func waitAll(token uint64, size int) *spec.Op {
	op := receive(token, size)
	op.Flags = spec.WaitAll
	return op
}

func TestACancelledSendIsFollowedDirectlyByTheNext(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		text := w.large()
		first, second, third := send(2, text), send(3, "second"), send(4, "third")
		w.started("send", s.Start(first))
		w.started("send", s.Start(second))
		w.started("send", s.Start(third))
		w.want("cancel", s.Cancel(second), spec.OK)
		w.ends(3, spec.Aborted, 0)
		w.want("cancel", s.Cancel(second), spec.NotFound)
		w.want("cancel", s.Cancel(first), spec.OK)
		w.ends(2, spec.Aborted, 0)
		w.want("shutdown", s.Shutdown(spec.SideSend), spec.OK)
		w.spawn("reader", func() {
			got, errno := f.read(len(text))
			rest := strings.TrimPrefix(got, text[:len(got)-len("third")])
			if errno != 0 || rest != "third" {
				w.Errorf("after a prefix of the first came %q, errno %d", rest, errno)
			}
			f.send("read")
		})
		w.ends(4, spec.OK, 5)
		w.started("receive", s.Start(waitAll(6, 4)))
		w.ends(6, spec.OK, 4)
	})
}

func TestAResetEndsEverySendThatWaits(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		w.started("send", s.Start(send(2, w.large())))
		w.started("send", s.Start(send(3, "x")))
		w.started("receive", s.Start(receive(4, 1)))
		f.abort()
		seen := map[uint64]bool{}
		for range 3 {
			var dst [1]spec.Packet
			n, st := w.p.Wait(dst[:], w.patient)
			if n != 1 || !st.Ok() || dst[0].Status.Code != spec.Reset || dst[0].N != 0 || seen[dst[0].Token] {
				w.Fatalf("%v %+v", st, dst[0])
			}
			seen[dst[0].Token] = true
		}
		w.nothing()
	})
}

func TestClosingASocketEndsWhatIsOutstanding(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		w.started("receive", s.Start(receive(2, 1)))
		w.started("receive", s.Start(receive(3, 1)))
		w.started("send", s.Start(send(4, w.large())))
		w.started("send", s.Start(send(5, "x")))
		w.want("close", s.Close(), spec.OK)
		for token := uint64(2); token <= 5; token++ {
			w.ends(token, spec.Aborted, 0)
		}
		w.want("cancel", s.Cancel(nil), spec.Closed)
		w.nothing()
		f.close()
	})
}

func TestCancellingAllEndsEachOnceAndLeavesTheStreamUsable(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		w.want("cancel", s.Cancel(nil), spec.NotFound)
		done := receive(1, 1)
		f.send("a")
		w.settle()
		w.nothing()
		w.started("receive", s.Start(done)) // complete, its packet is queued
		w.want("cancel", s.Cancel(done), spec.NotFound)
		w.started("receive", s.Start(receive(2, 1)))
		w.started("receive", s.Start(receive(3, 1)))
		w.want("cancel", s.Cancel(nil), spec.OK)
		w.ends(1, spec.OK, 1)
		w.ends(2, spec.Aborted, 0)
		w.ends(3, spec.Aborted, 0)
		w.started("receive", s.Start(receive(4, 1)))
		f.send("b")
		w.ends(4, spec.OK, 1)
		w.nothing()
	})
}
