package simnet

import (
	"testing"
	"time"
)

func TestSleepingCostsNoRealTimeAndWakesInOrder(t *testing.T) {
	var order []int
	finish(t, Options{}, func(w *World) {
		for i := range 5 {
			w.Go("sleeper", func() {
				w.Sleep(time.Duration(5-i) * time.Hour)
				order = append(order, i)
				if w.Now() != time.Duration(5-i)*time.Hour {
					t.Error(w.Now())
				}
			})
		}
		w.Sleep(10 * time.Hour)
	})
	for i, v := range order {
		if v != 4-i {
			t.Fatal(order)
		}
	}
}

// race runs a wait of the given timeout against data that is on its way, and reports which won.
func race(w *World, timeout time.Duration) (timedOut bool) {
	k := w.NewKernel()
	l, c := w.NewSock(), w.NewSock()
	l.Bind(testAddr)
	l.Listen(1)
	fd := k.installSock(c)
	ep, _ := k.EpollCreate()
	k.EpollCtl(ep, EpollAdd, fd, uint32(IN), 0)
	c.Connect(testAddr)
	w.Settle()
	s, _ := l.Accept()
	w.Go("sender", func() {
		w.Step()
		s.Send([]byte("x"))
	})
	n, errno := k.EpollWait(ep, make([]uint64, 1), make([]uint32, 1), timeout)
	must(errno)
	return n == 0
}

func TestATimeoutMayWinAlthoughDataComesAndMayLose(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	won, lost := 0, 0
	for seed := range uint64(200) {
		w.Reset(Uniform(seed))
		out := w.Run(func() {
			if race(w, 10*time.Millisecond) {
				won++
			} else {
				lost++
			}
		})
		if !out.OK() {
			t.Fatal(out)
		}
	}
	if won == 0 || lost == 0 {
		t.Errorf("the timeout won %d times and lost %d times", won, lost)
	}
}

func TestATimeoutBeyondTheHorizonNeverWins(t *testing.T) {
	w := New(Options{Horizon: time.Second})
	defer w.Close()
	for seed := range uint64(500) {
		w.Reset(Uniform(seed))
		out := w.Run(func() {
			if race(w, time.Second+1) {
				t.Errorf("seed %d: it won", seed)
			}
		})
		if !out.OK() {
			t.Fatal(out)
		}
	}
}

func TestTheDullSourceNeverLetsTimePassWhileOthersCanGoOn(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		if race(w, time.Nanosecond) {
			t.Error("the timeout won")
		}
	})
}

func TestSettleWaitsForNearTimersAndNotForFarOnes(t *testing.T) {
	near, far := false, false
	finish(t, Options{Horizon: time.Second}, func(w *World) {
		w.Go("near", func() { w.Sleep(time.Second); near = true })
		w.Go("far", func() { w.Sleep(time.Minute); far = true })
		w.Settle()
		if !near || far {
			t.Error(near, far)
		}
		if w.Now() != time.Second {
			t.Error(w.Now())
		}
		w.Sleep(time.Hour)
		if !far {
			t.Error("the far timer never fired")
		}
	})
}

func TestSettlersGoOneAtATimeLowestThreadFirst(t *testing.T) {
	for seed := range uint64(50) {
		var order []int
		finish(t, Options{Source: Uniform(seed)}, func(w *World) {
			for i := range 4 {
				w.Go("settler", func() {
					w.Settle()
					order = append(order, i)
					w.Yield() // the others must wait for this one as well
					order = append(order, i)
				})
			}
			w.Sleep(time.Hour)
		})
		if len(order) != 8 {
			t.Fatal(order)
		}
		for i, v := range order {
			if v != i/2 {
				t.Fatal(order)
			}
		}
	}
}

func TestTimersDueAtOnceFireInEitherOrder(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	first := map[string]int{}
	for seed := range uint64(100) {
		w.Reset(Uniform(seed))
		w.Run(func() {
			winner := ""
			for _, name := range []string{"a", "b"} {
				w.Go(name, func() {
					w.Sleep(time.Hour)
					if winner == "" {
						winner = name
					}
				})
			}
			w.Sleep(2 * time.Hour)
			first[winner]++
		})
	}
	if first["a"] < 10 || first["b"] < 10 {
		t.Error(first)
	}
}

func TestAVeryLongTimeoutIsForEver(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		w.Go("patient", func() {
			w.Sleep(1)
			w.Sleep(1<<63 - 1)
			t.Error("woke")
		})
		w.Sleep(time.Hour)
	})
}

// onlyTime takes the last option of every choice among timers, else it is dull.
type onlyTime struct{}

func (onlyTime) Pick(kind Kind, n int) int {
	if kind == KindTime {
		return n - 1
	}
	return 0
}

func TestAWaitMayStillBeWokenByAThreadWhoseTimerIsDueAtTheSameInstant(t *testing.T) {
	for src, want := range map[Source]bool{Dull(): false, onlyTime{}: true} {
		finish(t, Options{Source: src}, func(w *World) {
			q := w.NewWaitQueue(FIFO)
			w.Go("waiter", func() {
				if q.Park(Call{Format: "queue"}, time.Hour) != want {
					t.Errorf("%T: woken %v, want %v", src, !want, want)
				}
			})
			w.Go("waker", func() {
				w.Sleep(time.Hour)
				q.WakeOne()
			})
			w.Sleep(24 * time.Hour)
		})
	}
}

func TestATimerOfAWaitThatWasWokenDoesNotDisturbTheNextOne(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		q := w.NewWaitQueue(FIFO)
		w.Go("waiter", func() {
			if !q.Park(Call{Format: "first"}, time.Minute) {
				t.Error("not woken")
			}
			q.Park(Call{Format: "second"}, -1)
			t.Error("woken by the timer of the first wait")
		})
		w.Settle()
		q.WakeOne()
		w.Sleep(time.Hour)
	})
}
