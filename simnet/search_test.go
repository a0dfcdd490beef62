package simnet

import "testing"

// steppers is n threads of k steps each, beside a main that waits for them.
func steppers(w *World, n, k int) func() {
	return func() {
		for range n {
			w.Go("t", func() {
				for range k {
					w.Step()
				}
			})
		}
		w.Settle()
	}
}

func TestTheFirstRunOfASearchIsTheDullOne(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	e := newEcho(w, 2, 1, 1)
	w.Reset(Dull())
	want := w.Run(e.mainBody).Steps
	s := NewDelaySearch(3)
	s.Next()
	w.Reset(s)
	if out := w.Run(e.mainBody); !out.OK() || out.Steps != want {
		t.Error(out, want)
	}
}

func TestASearchCountsTheSchedulesOfASmallProgram(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	// Two threads of one step each. Under a bound large enough every choice of the tree is taken:
	// main parks (2 ways); the thread chosen steps while the other has not begun (2 ways): it stays
	// and ends, and the other steps alone (nobody else is there to choose), or it is left, and the
	// other steps (2 ways): it goes on and ends, or goes back to the first, which ends. So 2 × (1 +
	// 2) = 6.
	for bound, want := range map[int]int{0: 1, 1: 3, 2: 5, 3: 6, 10: 6} {
		s := NewDelaySearch(bound)
		for s.Next() {
			w.Reset(s)
			if out := w.Run(steppers(w, 2, 1)); !out.OK() {
				t.Fatal(out)
			}
		}
		if !s.Complete() || s.Runs() != want || s.Mismatch() {
			t.Errorf("bound %d: %d runs, want %d, complete %v, mismatch %v", bound, s.Runs(), want, s.Complete(), s.Mismatch())
		}
	}
}

func TestAPreemptionSearchHasBlockingChoicesFree(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	for bound, want := range map[int]int{0: 2, 1: 4, 2: 6} {
		s := NewPreemptionSearch(bound)
		for s.Next() {
			w.Reset(s)
			w.Run(steppers(w, 2, 1))
		}
		if s.Runs() != want {
			t.Errorf("bound %d: %d runs, want %d", bound, s.Runs(), want)
		}
	}
}

func TestASearchNoticesAProgramThatIsNotTheSame(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	s := NewDelaySearch(2)
	n := 0
	for s.Next() && !s.Mismatch() {
		n++
		w.Reset(s)
		w.Run(steppers(w, 2+n%2, 2))
	}
	if !s.Mismatch() {
		t.Error("not noticed")
	}
}

// A run that takes fewer choices than those that are to be made again has not gone where the run before went.
func TestASearchNoticesARunThatEndsBeforeItsPrefix(t *testing.T) {
	for name, s := range map[string]*Search{
		"plain": NewDelaySearch(10), "reduced": NewDelaySearch(10).Reduce(), "free": NewPreemptionSearch(10), "followed": NewDelaySearch(10).Follow(),
	} {
		w := New(Options{})
		for n := 6; s.Next(); n = 3 {
			w.Reset(s)
			w.Run(func() {
				for range n {
					w.Pick(KindData, 2)
				}
			})
		}
		if s.Complete() || !s.Mismatch() {
			t.Errorf("%s: complete %v, mismatch %v after %d runs; there are 64 schedules of the first program", name, s.Complete(), s.Mismatch(), s.Runs())
		}
		w.Close()
	}
}

// What a search was made to forget, and what a cut run did not come to, is no mismatch.
func TestWhatASearchForgotIsNoMismatch(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	s := NewDelaySearch(10)
	for s.Next() {
		w.Reset(s)
		w.Run(func() {
			for range 6 {
				w.Pick(KindData, 2)
			}
		})
		s.Forget(3)
	}
	if s.Mismatch() || s.Runs() != 8 {
		t.Errorf("mismatch %v after %d runs", s.Mismatch(), s.Runs())
	}
}

func TestEveryScheduleOfASmallEchoIsClean(t *testing.T) {
	w := New(Options{NoSegment: true})
	defer w.Close()
	e := newEcho(w, 1, 1, 1)
	s := NewDelaySearch(3)
	if testing.Short() {
		s.Restart(2)
	}
	for s.Next() {
		w.Reset(s)
		if out := w.Run(e.mainBody); !out.OK() || e.echoed != 3 {
			t.Fatalf("run %d: echoed %d, %v\n%v", s.Runs(), e.echoed, out, s.Picks(nil))
		}
	}
	t.Logf("%d schedules", s.Runs())
}

// identities checks that the actors match the options.
type identities struct {
	t     *testing.T
	w     *World
	src   *Random
	kinds [3]int
}

func (s *identities) Pick(kind Kind, n int) int {
	if kind == KindThread || kind == KindPreempt || kind == KindYield {
		s.t.Error("asked without actors")
	}
	return s.src.Pick(kind, n)
}

func (s *identities) PickActor(kind Kind, actors []Actor) int {
	if len(actors) < 2 {
		s.t.Error("a choice without alternatives")
	}
	if kind == KindPreempt && actors[0] != (Actor{ActorThread, s.w.Current().ID()}) {
		s.t.Error("the current thread is not the first:", actors)
	}
	for _, a := range actors {
		s.kinds[a.Kind]++
	}
	return s.src.Pick(kind, len(actors))
}

func TestASourceThatAsksIsToldTheActors(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	e := newEcho(w, 2, 2, 2)
	for seed := range uint64(50) {
		s := &identities{t: t, w: w, src: Uniform(seed)}
		rec := Record(s)
		w.Reset(rec)
		a := w.Run(e.mainBody)
		w.Reset(Replay(rec.Picks()))
		if b := w.Run(e.mainBody); a.Steps != b.Steps {
			t.Error(a, b)
		}
		// The same choices without actors are the same run.
		w.Reset(Uniform(seed))
		if b := w.Run(e.mainBody); a.Steps != b.Steps {
			t.Error(a, b)
		}
		if s.kinds[ActorLink] == 0 {
			t.Error("no link was ever an option")
		}
	}
}

func TestADeclaredFootprintCanBeReadWhileTheThreadWaitsItsTurn(t *testing.T) {
	f := new(fingerprint)
	w := New(Options{Observer: f, Source: turn{}})
	defer w.Close()
	w.Run(func() {
		obj := w.NewObject()
		id := w.Go("t", func() { w.StepOn(Write(obj), Read(ObjectClock)) }).ID()
		w.Step()
		if p := w.FootprintOf(Actor{ActorThread, id}, nil); len(p) != 2 || p[0] != Write(obj) {
			t.Error(p)
		}
	})
}

// declared checks that kernel calls and deliveries touch nothing that was not in their footprint
// beforehand, except what they create.
type declared struct {
	w       *World
	step    int
	by      Actor
	list    []Access
	objects Object // below this, it was there before the step
	failed  func(by Actor, obj Object, write bool)
}

func (d *declared) Touched(by Actor, obj Object, write bool) {
	if by.Kind == ActorTime {
		return
	}
	if d.step != d.w.steps || d.by != by {
		d.step, d.by, d.objects = d.w.steps, by, d.w.objects
		d.list = d.w.FootprintOf(by, d.list[:0])
	}
	for _, a := range d.list {
		if a.Object == obj && (a.Write || !write) {
			return
		}
	}
	if obj < d.objects {
		d.failed(by, obj, write)
	}
}

func TestStepsTouchOnlyWhatTheirFootprintsDeclare(t *testing.T) {
	d := new(declared)
	w := New(Options{RcvBuf: 5, SndBuf: 7, Observer: d, Net: Net{Loss: 5, Dup: 5, Reorder: 5}})
	defer w.Close()
	d.w = w
	seeds := uint64(1500)
	if testing.Short() {
		seeds = 200
	}
	for seed := range seeds {
		var call string
		d.failed = func(by Actor, obj Object, write bool) {
			t.Fatalf("seed %d: actor %v touched object %d (write %v) and declared %v; last call %s",
				seed, by, obj, write, d.list, call)
		}
		w.Reset(Uniform(seed))
		out := w.Run(func() {
			for range 3 {
				a := newAnything(w)
				w.Go("t", func() {
					for range 40 {
						call = a.call()
					}
				})
			}
			w.Settle()
		})
		if !out.OK() {
			t.Fatal(out)
		}
	}
}
