package simnet

import "testing"

// nest is an instance that watches the instance of a bench.
func (b *bench) nest(mask Ready) int {
	b.t.Helper()
	outer, errno := b.EpollCreate()
	must(errno)
	b.link(outer, b.ep, mask, OK)
	return outer
}

func (b *bench) link(outer, inner int, mask Ready, want Errno) {
	b.t.Helper()
	if errno := b.EpollCtl(outer, EpollAdd, inner, uint32(mask), 100); errno != int(want) {
		b.t.Errorf("ADD of an instance: %v, want %v", Errno(errno), want)
	}
}

func (b *bench) wantFrom(ep int, events string) {
	b.t.Helper()
	if got := b.events(ep, 8); got != events {
		b.t.Errorf("events of %d: %q, want %q", ep, got, events)
	}
}

func TestAnOuterInstanceReportsAReadyInnerOneRepeatedly(t *testing.T) {
	onBench(t, func(b *bench) {
		outer := b.nest(IN)
		b.add(b.server, IN, 1)
		b.wantFrom(outer, "")
		b.arrive("a")
		b.wantFrom(outer, "100:IN")
		b.wantFrom(outer, "100:IN")
		b.read(1)
		b.wantFrom(outer, "")
		b.want("")
	})
}

func TestAnEdgeTriggeredOuterInstanceFiresForEachWakeUpOfTheInnerOne(t *testing.T) {
	for _, inner := range []Ready{IN, IN | ET} {
		onBench(t, func(b *bench) {
			outer := b.nest(IN | ET)
			b.add(b.server, inner, 1)
			b.arrive("a")
			b.wantFrom(outer, "100:IN")
			b.wantFrom(outer, "")
			b.arrive("b") // the inner one has not been asked in between
			b.wantFrom(outer, "100:IN")
			b.wantFrom(outer, "")
			b.want("1:IN")
		})
	}
}

func TestAddingAReadyFileToTheInnerInstanceWakesTheOuterOne(t *testing.T) {
	onBench(t, func(b *bench) {
		outer := b.nest(IN | ET)
		b.arrive("a")
		b.wantFrom(outer, "")
		b.add(b.server, IN, 1)
		b.wantFrom(outer, "100:IN")
		b.mod(b.server, IN, 2) // it is on the inner list already: no news
		b.wantFrom(outer, "")
	})
}

func TestAnInnerInstanceCollectedByOthersIsNotReadyAnyMore(t *testing.T) {
	onBench(t, func(b *bench) {
		outer := b.nest(IN)
		b.add(b.server, IN|ET, 1)
		b.arrive("a")
		b.want("1:IN")
		b.wantFrom(outer, "")
	})
}

func TestAnInstanceInItselfIsInvalidAndACycleALoop(t *testing.T) {
	onBench(t, func(b *bench) {
		b.link(b.ep, b.ep, IN, EINVAL)
		dup, _ := b.Dup(b.ep)
		b.link(b.ep, dup, IN, EINVAL)
		outer := b.nest(IN)
		b.link(b.ep, outer, IN, ELOOP)
		outermost, _ := b.EpollCreate()
		b.link(outermost, outer, IN, OK)
		b.link(b.ep, outermost, IN, ELOOP)
		b.link(outermost, b.ep, IN, OK) // twice, but not round
	})
}

func TestFiveInstancesMayBeNestedNotSixWhereverTheChainIsClosed(t *testing.T) {
	for last := range 5 {
		onBench(t, func(b *bench) {
			var eps [6]int
			for i := range eps {
				eps[i], _ = b.EpollCreate()
			}
			for i := range 5 {
				if i != last {
					b.link(eps[i+1], eps[i], IN, OK)
				}
			}
			b.link(eps[last+1], eps[last], IN, ELOOP)
			if errno := b.EpollCtl(eps[0], EpollAdd, b.server, uint32(IN), 1); errno != 0 {
				t.Error(Errno(errno))
			}
		})
	}
}

func TestClosingAnInnerInstanceEndsItsRegistration(t *testing.T) {
	onBench(t, func(b *bench) {
		outer := b.nest(IN)
		b.add(b.server, IN, 1)
		b.arrive("a")
		must(b.Close(b.ep))
		b.wantFrom(outer, "")
		if s := b.file(b.server).sock; len(s.interests) != 0 {
			t.Error("the inner registration is left")
		}
	})
}

func TestAWaiterOfTheOuterInstanceIsWokenThroughThreeLevels(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN|ET, 1)
		inner := b.ep
		b.ep = b.nest(IN | ET)
		b.ep = b.nest(IN | ET)
		log := b.waiters(2, nil)
		b.arrive("a")
		if len(*log) != 1 || (*log)[0] != "1:100" {
			t.Error(*log)
		}
		b.wantFrom(inner, "1:IN")
	})
}

func TestPollingAReadyInnerInstanceReleasesOneMoreWhoWaitsOnIt(t *testing.T) {
	onBench(t, func(b *bench) {
		outer := b.nest(IN)
		fd, _ := b.EventFD()
		b.add(fd, IN|ET, 1)
		log := b.waiters(3, nil)
		inside := &b.file(b.ep).ep.waiters
		must(b.EventWrite(fd, 1)) // the dull source lets this thread go on
		if n := inside.Len(); n != 2 {
			t.Error(n, "waiting after the edge")
		}
		b.wantFrom(outer, "100:IN")
		if n := inside.Len(); n != 1 {
			t.Error(n, "waiting after the poll")
		}
		b.w.Settle()
		if len(*log) != 1 { // an edge all the same
			t.Error(*log)
		}
	})
}
