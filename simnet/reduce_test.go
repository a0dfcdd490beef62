package simnet

import (
	"fmt"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// searched is what a search comes to: how many schedules there are, and what they show.
type searched struct {
	schedules uint64
	runs      int
	shown     map[string]bool
}

// searchAll goes through the schedules of a program and collects what observe says of each run.
func searchAll(t *testing.T, o Options, s *Search, program func(*World) (main func(), observe func(Outcome) string)) searched {
	t.Helper()
	w := New(o)
	defer w.Close()
	main, observe := program(w)
	got := searched{shown: map[string]bool{}}
	for s.Next() {
		w.Reset(s)
		out := w.Run(main)
		if s.Mismatch() {
			t.Fatalf("run %d: the program is not the same", s.Runs())
		}
		if !s.Cut() {
			got.shown[observe(out)] = true
		}
	}
	got.schedules, got.runs = s.Schedules(), s.Runs()
	return got
}

// The programs that reduced searches are compared on, each with a state that depends on the order of its steps.
var reducible = map[string]func(w *World) (func(), func(Outcome) string){
	"echo": func(w *World) (func(), func(Outcome) string) {
		e := newEcho(w, 2, 1, 1)
		return e.mainBody, func(o Outcome) string { return fmt.Sprint(o.Verdict, e.served, e.echoed, e.ended) }
	},
	"two clients": func(w *World) (func(), func(Outcome) string) {
		e := newEcho(w, 1, 2, 1)
		return e.mainBody, func(o Outcome) string { return fmt.Sprint(o.Verdict, e.served, e.echoed, e.ended) }
	},
	"counters": func(w *World) (func(), func(Outcome) string) {
		var a, b [2]int
		main := func() {
			a, b = [2]int{}, [2]int{}
			x, y := w.NewObject(), w.NewObject()
			for i := range 3 {
				w.Go("t", func() {
					k := i % 2
					o := [2]Object{x, y}[k]
					w.StepOn(Read(o))
					v := a[k]
					w.StepOn(Write(o))
					a[k] = v + 1 // lost if another came in between
					b[k] = i
				})
			}
			w.Settle()
		}
		return main, func(o Outcome) string { return fmt.Sprint(a, b) }
	},
	"locks": func(w *World) (func(), func(Outcome) string) {
		main := func() {
			m, n := w.NewMutex(), w.NewMutex()
			for i := range 2 {
				first, second := m, n
				if i == 1 {
					first, second = n, m
				}
				w.Go("t", func() {
					first.Lock()
					second.Lock()
					w.Step()
					second.Unlock()
					first.Unlock()
				})
			}
			w.Settle()
			m.Lock()
		}
		return main, func(o Outcome) string { return o.Verdict.String() }
	},
	"conditions": func(w *World) (func(), func(Outcome) string) {
		var order string
		main := func() {
			order = ""
			m, ready, log := w.NewMutex(), false, w.NewObject()
			c := w.NewCond(m)
			for i := range 2 {
				w.Go("waiter", func() {
					m.Lock()
					for !ready {
						c.Wait()
					}
					order += fmt.Sprint(i)
					m.Unlock()
				})
			}
			w.Go("signal", func() {
				m.Lock()
				ready = true
				m.Unlock()
				c.Signal() // without the mutex
				c.Broadcast()
			})
			w.Go("other", func() {
				m.Lock()
				w.StepOn(Write(log))
				order += "x"
				m.Unlock()
				w.Go("late", func() { m.Lock(); order += "l"; m.Unlock() })
			})
			w.Settle()
		}
		return main, func(o Outcome) string { return order + o.Verdict.String() }
	},
	"timers": func(w *World) (func(), func(Outcome) string) {
		var order string
		main := func() {
			order = ""
			s, log := w.NewSemaphore(0), w.NewObject()
			for i := range 2 {
				w.Go("t", func() {
					got := s.AcquireTimeout(5)
					w.StepOn(Write(log))
					order += fmt.Sprint(i, got)
				})
			}
			w.Step()
			s.Release()
			w.Settle()
		}
		return main, func(o Outcome) string { return order }
	},
	"choices": func(w *World) (func(), func(Outcome) string) {
		var seen string
		main := func() {
			seen = ""
			log := w.NewObject()
			for range 2 {
				w.Go("t", func() {
					w.StepOn(Write(log))
					seen += fmt.Sprint(w.Pick(KindData, 3))
				})
			}
			w.Settle()
		}
		return main, func(Outcome) string { return seen }
	},
}

// A state cannot have been met before the first run: one that is cut is taken for something that it is not.
func TestTheFirstRunIsNeverCut(t *testing.T) {
	for name, program := range reducible {
		w := New(Options{})
		main, _ := program(w)
		s := NewDelaySearch(3).Reduce()
		s.Next()
		w.Reset(s)
		if w.Run(main); s.Cut() || s.Spent() != 0 {
			t.Errorf("%s: cut %v, cost %d", name, s.Cut(), s.Spent())
		}
		w.Close()
	}
}

// What follows from a state that is met again is what followed from it before, as far as both had some of the bound left.
func TestAStateThatIsMetAgainLeadsToTheSame(t *testing.T) {
	for name, program := range reducible {
		s := NewDelaySearch(2).Reduce()
		if !testing.Short() && name != "two clients" {
			s.Restart(3)
		}
		met, wrong := 0, 0
		s.doubt = func(at uint64, left int, before, now []uint64) {
			met++
			for i := range left + 1 {
				var a, b uint64
				if i < len(before) {
					a = before[i]
				}
				if i < len(now) {
					b = now[i]
				}
				if a != b && wrong < 3 {
					wrong++
					t.Errorf("%s, run %d: state %x leads to %v, and to %v before; %d left\n%v", name, s.Runs(), at, now, before, left, s.path)
				}
			}
		}
		searchAll(t, Options{NoSegment: true}, s, program)
		t.Logf("%s: %d states met again", name, met)
	}
}

func TestAReducedSearchFindsAndCountsWhatThePlainOneDoes(t *testing.T) {
	simtest.NotRaced(t)
	for name, program := range reducible {
		for _, preemptions := range []bool{false, true} {
			for bound := range 4 {
				if bound == 3 && (testing.Short() || preemptions) {
					continue
				}
				if preemptions && (name == "two clients" || name == "echo" && bound > 0) {
					continue
				}
				if simtest.Every(2) > 1 && (name == "two clients" && bound == 3 || name == "conditions" && preemptions && bound == 2) {
					continue // which is four in five of the runs; the rest is whole
				}
				search := func() *Search {
					if preemptions {
						return NewPreemptionSearch(bound)
					}
					return NewDelaySearch(bound)
				}
				plain := searchAll(t, Options{NoSegment: true}, search(), program)
				reduced := searchAll(t, Options{NoSegment: true}, search().Reduce(), program)
				if plain.schedules != reduced.schedules {
					t.Errorf("%s, bound %d: %d schedules, the reduced search counts %d", name, bound, plain.schedules, reduced.schedules)
				}
				if fmt.Sprint(plain.shown) != fmt.Sprint(reduced.shown) {
					t.Errorf("%s, bound %d: plain shows %v, reduced %v", name, bound, plain.shown, reduced.shown)
				}
				t.Logf("%s, preemptions %v, bound %d: %d schedules, %d runs reduced", name, preemptions, bound, plain.schedules, reduced.runs)
			}
		}
	}
}

// The reduction holds whatever costs: a step may be put off only where all that is not dull costs something.
func TestAReducedSearchCountsWhatThePlainOneDoesWhateverCosts(t *testing.T) {
	for _, kinds := range [][]Kind{
		{KindThread}, {KindThread, KindYield}, {KindThread, KindData}, {KindThread, KindYield, KindFault, KindTime}, {KindData},
		{KindThread, KindYield, KindData, KindFault, KindTime},
	} {
		for name, program := range reducible {
			for bound := range 2 {
				free := len(kinds) < 2 && kinds[0] != KindThread
				if name == "two clients" || bound > 0 && name == "echo" && (free || testing.Short()) {
					continue
				}
				search := func() *Search { return NewPreemptionSearch(bound).Charge(kinds...) }
				plain := searchAll(t, Options{NoSegment: name != "echo"}, search(), program)
				reduced := searchAll(t, Options{NoSegment: name != "echo"}, search().Reduce(), program)
				if plain.schedules != reduced.schedules || fmt.Sprint(plain.shown) != fmt.Sprint(reduced.shown) {
					t.Errorf("%s, preemptions and %v ≤ %d: %d schedules show %v, the reduced search counts %d, which show %v", name, kinds, bound,
						plain.schedules, plain.shown, reduced.schedules, reduced.shown)
				}
			}
		}
	}
}

// A delay that is left out because the same delay comes a step later leads to the state that that one leads to.
func TestADelayThatIsLeftOutLeadsWhereALaterOneDoes(t *testing.T) {
	simtest.NotRaced(t)
	all := 0
	for name, program := range reducible {
		for _, segments := range []bool{false, true} {
			s := NewDelaySearch(2).Reduce()
			if !testing.Short() && (simtest.Every(2) == 1 || name != "two clients") && (name != "two clients" || !segments) {
				s = NewDelaySearch(3).Reduce()
			}
			left, wrong := 0, 0
			s.Verify(func(same bool) {
				if left++; !same && wrong < 3 {
					wrong++
					t.Errorf("%s, run %d, picks %v: the delay leads elsewhere a step later", name, s.Runs(), s.Picks(nil))
				}
			})
			searchAll(t, Options{NoSegment: !segments}, s, program)
			t.Logf("%s: %d delays of %d runs", name, left, s.Runs())
			all += left
		}
	}
	if all < 1000 {
		t.Errorf("only %d delays would be left out", all)
	}
}
