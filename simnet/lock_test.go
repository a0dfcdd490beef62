package simnet

import (
	"slices"
	"testing"
	"time"
)

func TestAMutexAdmitsOneThreadAtATimeInEveryOrder(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	orders := map[[3]int]bool{}
	s := NewDelaySearch(4)
	for s.Next() {
		w.Reset(s)
		out := w.Run(func() {
			m := w.NewMutex()
			inside, n := 0, 0
			var order [3]int
			for i := range 3 {
				w.Go("t", func() {
					m.Lock()
					inside++
					if inside != 1 {
						t.Error("two inside")
					}
					w.Step()
					order[n] = i
					n++
					inside--
					m.Unlock()
				})
			}
			w.Settle()
			orders[order] = true
		})
		if !out.OK() {
			t.Fatal(out)
		}
	}
	if len(orders) != 6 {
		t.Errorf("%d of 6 orders: %v", len(orders), orders)
	}
}

func TestAThreadThatLocksTwiceIsADeadlock(t *testing.T) {
	out := run(t, Options{}, func(w *World) {
		m := w.NewMutex()
		m.Lock()
		m.Lock()
	})
	if out.Verdict != Deadlock {
		t.Error(out)
	}
}

func TestUnlockByAnotherThreadPanics(t *testing.T) {
	out := run(t, Options{}, func(w *World) {
		m := w.NewMutex()
		m.Lock()
		w.Go("other", m.Unlock)
		w.Settle()
	})
	if out.Verdict != Panicked || out.Thread != "other" {
		t.Error(out)
	}
}

func TestAConditionWakesInOrderOfArrivalWithTheMutexHeld(t *testing.T) {
	for seed := range uint64(100) {
		finish(t, Options{Source: Uniform(seed)}, func(w *World) {
			m := w.NewMutex()
			c := w.NewCond(m)
			var arrived, woken []int
			for i := range 3 {
				w.Go("waiter", func() {
					m.Lock()
					arrived = append(arrived, i)
					c.Wait()
					if !m.Held() {
						t.Error("not held")
					}
					woken = append(woken, i)
					m.Unlock()
				})
			}
			w.Settle()
			for range 3 {
				m.Lock()
				c.Signal()
				m.Unlock()
				w.Settle()
			}
			if !slices.Equal(arrived, woken) {
				t.Error(arrived, woken)
			}
		})
	}
}

func TestAConditionTimesOutWithTheMutexHeld(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		m := w.NewMutex()
		c := w.NewCond(m)
		m.Lock()
		if c.WaitTimeout(time.Minute) || !m.Held() || w.Now() != time.Minute {
			t.Error("woken, or not held, or not later")
		}
		m.Unlock()
	})
}

// A signal between the check and the wait is lost: the textbook bug.
func lostWakeUp(w *World) {
	m := w.NewMutex()
	c := w.NewCond(m)
	ready := false
	w.Go("signaller", func() {
		m.Lock()
		ready = true
		m.Unlock()
		c.Signal()
	})
	m.Lock()
	is := ready
	m.Unlock()
	if !is {
		m.Lock()
		c.Wait()
		m.Unlock()
	}
}

func TestADelaySearchFindsALostWakeUp(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	s := NewDelaySearch(2)
	for s.Next() {
		w.Reset(s)
		if out := w.Run(func() { lostWakeUp(w) }); out.Verdict == Deadlock {
			picks := s.Picks(nil)
			w.Reset(Replay(picks))
			if again := w.Run(func() { lostWakeUp(w) }); again.Verdict != Deadlock {
				t.Error("the picks do not repeat it")
			}
			return
		}
	}
	t.Errorf("not in %d runs", s.Runs())
}

func TestASemaphoreCountsAndTimesOut(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		s := w.NewSemaphore(2)
		s.Acquire()
		s.Acquire()
		if s.AcquireTimeout(0) || s.AcquireTimeout(time.Second) {
			t.Error("a third permit")
		}
		w.Go("giver", func() { w.Sleep(time.Second); s.Release() })
		if !s.AcquireTimeout(time.Minute) || w.Now() != 2*time.Second {
			t.Error("no permit, or at the wrong time", w.Now())
		}
	})
}

func TestWaitQueuesWakeInTheirOrder(t *testing.T) {
	for order, want := range map[Order][]int{FIFO: {0, 1, 2}, LIFO: {2, 1, 0}} {
		finish(t, Options{}, func(w *World) {
			q := w.NewWaitQueue(order)
			var got []int
			for i := range 3 {
				w.Go("t", func() {
					if q.Park(Call{Format: "queue"}, -1) {
						got = append(got, i)
					}
				})
			}
			w.Settle()
			var listed []int
			for x := q.Next(); x != nil; x = q.After(x) {
				listed = append(listed, x.ID()-1)
			}
			for q.Len() > 0 {
				q.WakeOne()
				w.Settle()
			}
			if !slices.Equal(got, want) || !slices.Equal(listed, want) {
				t.Error(got, listed, want)
			}
		})
	}
}

// counter counts the runnable ones among the threads it watches, as a completion port does.
type counter struct{ runnable, blocked, resumed int }

func (c *counter) Blocked(*Thread) { c.runnable--; c.blocked++ }
func (c *counter) Resumed(*Thread) { c.runnable++; c.resumed++ }

func TestAMonitorHearsOfEveryBlockAndResume(t *testing.T) {
	for seed := range uint64(100) {
		finish(t, Options{Source: Uniform(seed)}, func(w *World) {
			c := &counter{runnable: 3}
			m := w.NewMutex()
			q := w.NewWaitQueue(FIFO)
			for range 3 {
				w.Go("t", func() {
					m.Lock()
					w.Step()
					m.Unlock()
					q.Park(Call{Format: "queue"}, time.Minute)
				}).SetMonitor(c)
			}
			w.Settle()
			if c.runnable != 0 {
				t.Error("parked, and", c.runnable, "runnable")
			}
			q.WakeOne()
			if c.runnable != 1 {
				t.Error("one woken, and", c.runnable, "runnable")
			}
			w.Sleep(time.Hour)
			if c.runnable != 0 || c.blocked != c.resumed+3 {
				t.Error("all ended, and", *c)
			}
		})
	}
}
