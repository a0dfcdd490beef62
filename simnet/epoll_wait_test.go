package simnet

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// waiters starts n threads that wait on the instance, one after the other, and logs who gets what.
func (b *bench) waiters(n int, then func(i int)) *[]string {
	log := new([]string)
	for i := range n {
		b.w.Go("waiter", func() {
			data, ready := make([]uint64, 1), make([]uint32, 1)
			m, errno := b.EpollWait(b.ep, data, ready, time.Hour)
			must(errno)
			if m > 0 {
				*log = append(*log, fmt.Sprintf("%d:%d", i, data[0]))
				if then != nil {
					then(i)
				}
			}
		})
		b.w.Settle()
	}
	return log
}

func TestWaitersAreReleasedLastInFirstOut(t *testing.T) {
	onBench(t, func(b *bench) {
		fd, _ := b.EventFD()
		b.add(fd, IN|ET, 5)
		log := b.waiters(4, nil)
		for range 4 {
			must(b.EventWrite(fd, 1))
			b.w.Settle()
		}
		if got := strings.Join(*log, " "); got != "3:5 2:5 1:5 0:5" {
			t.Error(got)
		}
	})
}

func TestLevelTriggeredHandsOneSocketToTwoWaitersEdgeAndOneshotDoNot(t *testing.T) {
	for mask, want := range map[Ready]int{IN: 3, IN | ET: 1, IN | ONESHOT: 1} {
		onBench(t, func(b *bench) {
			b.add(b.server, mask, 1)
			log := b.waiters(3, nil) // who do not read
			b.arrive("a")
			if len(*log) != want {
				t.Errorf("%v: %v, want %d", mask, *log, want)
			}
		})
	}
}

func TestASecondArrivalIsASecondEdgeForAnotherWaiter(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN|ET, 1)
		log := b.waiters(2, nil)
		b.arrive("a")
		b.arrive("b")
		if got := strings.Join(*log, " "); got != "1:1 0:1" {
			t.Error(got)
		}
	})
}

func TestClosingTheInstanceWakesNobodyAndAWaiterStillGetsAnEvent(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN, 1)
		log := b.waiters(1, nil)
		must(b.Close(b.ep))
		b.w.Settle()
		if len(*log) != 0 {
			t.Error("woken by close")
		}
		b.arrive("a")
		if len(*log) != 1 {
			t.Error("no event")
		}
		if s := b.file(b.server).sock; len(s.interests) != 0 {
			t.Error("the registration outlived the last waiter")
		}
	})
}

func TestAddFromAnotherThreadEndsAWaitOnAnEmptyInstance(t *testing.T) {
	onBench(t, func(b *bench) {
		log := b.waiters(1, nil)
		b.arrive("a")
		b.add(b.server, IN, 1)
		b.w.Settle()
		if len(*log) != 1 {
			t.Error(*log)
		}
	})
}

func TestAWaitTimesOut(t *testing.T) {
	onBench(t, func(b *bench) {
		before := b.Now()
		n, errno := b.EpollWait(b.ep, make([]uint64, 1), make([]uint32, 1), 5*time.Second)
		if n != 0 || errno != 0 || b.Now()-before != 5*time.Second {
			t.Error(n, errno, b.Now())
		}
	})
}

func TestAnInterruptedWaitLosesNoEvent(t *testing.T) {
	interrupted := false
	for seed := range uint64(20) {
		finish(t, Options{Source: Uniform(seed), Faults: Faults{EINTR: 2}}, func(w *World) {
			b := newBench(t, w)
			b.add(b.server, IN|ET, 1)
			w.Go("sender", func() { b.Send(b.client, []byte("a")) })
			for {
				n, errno := b.EpollWait(b.ep, make([]uint64, 1), make([]uint32, 1), -1)
				if errno == int(EINTR) {
					interrupted = true
					continue
				}
				if n == 1 {
					return
				}
			}
		})
	}
	if !interrupted {
		t.Error("never interrupted")
	}
}
