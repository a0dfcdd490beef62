package simnet

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestExclusiveGoesWithFewOtherThings(t *testing.T) {
	onBench(t, func(b *bench) {
		inner, _ := b.EpollCreate()
		ctl := func(op, fd int, mask Ready, want Errno) {
			t.Helper()
			if errno := b.EpollCtl(b.ep, op, fd, uint32(mask), 1); errno != int(want) {
				t.Errorf("%v: %v, want %v", mask, Errno(errno), want)
			}
		}
		ctl(EpollAdd, b.server, IN|EXCLUSIVE|ONESHOT, EINVAL)
		ctl(EpollAdd, b.server, IN|EXCLUSIVE|RDHUP, EINVAL)
		ctl(EpollAdd, inner, IN|EXCLUSIVE, EINVAL)
		ctl(EpollMod, b.server, IN|EXCLUSIVE, EINVAL) // not even ENOENT
		ctl(EpollMod, b.server, IN, ENOENT)
		ctl(EpollAdd, b.server, IN|OUT|ERR|HUP|ET|EXCLUSIVE, OK)
		ctl(EpollMod, b.server, IN, EINVAL)
		ctl(EpollDel, b.server, 0, OK)
		ctl(EpollAdd, b.server, IN|ONESHOT, OK)
		ctl(EpollMod, b.server, IN|EXCLUSIVE, EINVAL)
	})
}

// instances has n threads wait for a connection, each on an instance of its own, or all on one, and
// connects once. It returns how many came back.
func instances(t *testing.T, src Source, mask Ready, n int, shared, slow bool) int {
	t.Helper()
	returned := 0
	// Without a horizon the 2 ms of a slow acceptor are longer than anything a thread does.
	finish(t, Options{Source: src, Horizon: -1}, func(w *World) {
		b := newBench(t, w)
		var eps []int
		for i := range n {
			if i == 0 || !shared {
				ep, errno := b.EpollCreate()
				must(errno)
				must(b.EpollCtl(ep, EpollAdd, b.listener, uint32(mask), 7))
				eps = append(eps, ep)
			}
			ep := eps[len(eps)-1]
			w.Go("acceptor", func() {
				if m, errno := b.EpollWait(ep, make([]uint64, 1), make([]uint32, 1), time.Hour); m != 1 || errno != 0 {
					return
				}
				returned++
				if slow {
					w.Sleep(2 * time.Millisecond)
				}
				b.Accept(b.listener)
			})
			w.Settle()
		}
		to, _ := b.LocalAddr(b.listener)
		w.NewSock().Connect(to)
		w.Settle()
	})
	return returned
}

func TestOfManyInstancesOnOneListenerExclusiveReleasesOne(t *testing.T) {
	seen := map[int]bool{}
	for seed := range uint64(100) {
		for _, src := range []Source{Uniform(seed), Lazy(seed)} {
			if n := instances(t, src, IN|EXCLUSIVE, 8, false, seed%2 == 0); n != 1 {
				t.Fatalf("seed %d: exclusive: %d returned", seed, n)
			}
		}
		n := instances(t, Uniform(seed), IN, 8, false, false)
		seen[n] = true
		if n < 1 || n > 8 {
			t.Fatalf("seed %d: %d returned", seed, n)
		}
	}
	if len(seen) < 3 {
		t.Error("without it always as many:", seen)
	}
}

func TestASlowAcceptorBringsTheWholeHerdUnlessEdgeTriggered(t *testing.T) {
	fast := map[int]bool{}
	for seed := range uint64(50) {
		if n := instances(t, Uniform(seed), IN, 8, true, true); n != 8 {
			t.Fatalf("seed %d: level-triggered: %d returned", seed, n)
		}
		for _, slow := range []bool{true, false} {
			if n := instances(t, Uniform(seed), IN|ET, 8, true, slow); n != 1 {
				t.Fatalf("seed %d: edge-triggered: %d returned", seed, n)
			}
		}
		fast[instances(t, Uniform(seed), IN, 8, true, false)] = true
	}
	if !fast[1] {
		t.Error("a fast acceptor is never the only one:", fast)
	}
}

func TestExclusiveInterestsAreCalledAfterTheOthersInTheOrderOfAdding(t *testing.T) {
	onBench(t, func(b *bench) {
		fd, _ := b.EventFD()
		var log []string
		for i, mask := range []Ready{IN | EXCLUSIVE, IN, IN | EXCLUSIVE, IN} {
			ep, _ := b.EpollCreate()
			must(b.EpollCtl(ep, EpollAdd, fd, uint32(mask), 0))
			b.w.Go("waiter", func() {
				b.EpollWait(ep, make([]uint64, 1), make([]uint32, 1), time.Hour)
				log = append(log, fmt.Sprint(i))
			})
		}
		b.w.Settle()
		q := b.file(fd).ev.interests
		if q[3].events&EXCLUSIVE != 0 || q[1].events&EXCLUSIVE == 0 || q[0].events&EXCLUSIVE == 0 {
			t.Error("the exclusive ones are not at the end of the kernel's queue")
		}
		must(b.EventWrite(fd, 1))
		b.w.Settle()
		if got := strings.Join(log, " "); got != "0 1 3" { // threads run in the order of their numbers
			t.Error(got)
		}
		must(b.EventWrite(fd, 1))
		b.w.Settle()
		if got := strings.Join(log, " "); got != "0 1 3 2" {
			t.Error(got)
		}
	})
}

func TestAnExclusiveInterestThatDoesNotAskForTheEventDoesNotTakeIt(t *testing.T) {
	onBench(t, func(b *bench) {
		fd, _ := b.EventFD()
		woken := ""
		for name, mask := range map[string]Ready{"OUT": OUT | ET | EXCLUSIVE, "IN": IN | EXCLUSIVE} {
			ep, _ := b.EpollCreate()
			must(b.EpollCtl(ep, EpollAdd, fd, uint32(mask), 0))
			b.EpollWait(ep, make([]uint64, 1), make([]uint32, 1), 0) // takes the OUT there is
			b.w.Go(name, func() {
				b.EpollWait(ep, make([]uint64, 1), make([]uint32, 1), time.Hour)
				woken += name
			})
		}
		b.w.Settle()
		must(b.EventWrite(fd, 1))
		b.w.Settle()
		if woken != "IN" {
			t.Error(woken)
		}
	})
}

func TestAChangeOfStateIsToldToAllExclusiveInterests(t *testing.T) {
	onBench(t, func(b *bench) {
		woken := 0
		for range 3 {
			ep, _ := b.EpollCreate()
			must(b.EpollCtl(ep, EpollAdd, b.server, uint32(IN|EXCLUSIVE), 0))
			b.w.Go("waiter", func() {
				b.EpollWait(ep, make([]uint64, 1), make([]uint32, 1), time.Hour)
				woken++
			})
		}
		b.w.Settle()
		must(b.Shutdown(b.client, 1))
		b.w.Settle()
		if woken != 3 {
			t.Error(woken)
		}
	})
}
