package simnet

import "testing"

func TestPriorityRandomFindsALostWakeUpAndRunsTheEcho(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	p := PCT(0, 2, 10)
	found := 0
	for seed := range uint64(500) {
		p.Seed(seed)
		w.Reset(p)
		if out := w.Run(func() { lostWakeUp(w) }); out.Verdict == Deadlock {
			found++
		}
	}
	if found < 5 {
		t.Errorf("%d of 500 runs", found)
	}
	e := newEcho(w, 2, 2, 2)
	p = PCT(0, 3, 150)
	for seed := range uint64(300) {
		p.Seed(seed)
		w.Reset(p)
		if out := w.Run(e.mainBody); !out.OK() {
			t.Fatalf("seed %d: %v", seed, out)
		}
	}
}

func TestPriorityRandomRepeatsItself(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	e := newEcho(w, 2, 2, 2)
	p, rec := PCT(0, 3, 150), Record(Dull())
	for seed := range uint64(50) {
		p.Seed(seed)
		rec.Seed(p)
		w.Reset(rec)
		first := w.Run(e.mainBody)
		w.Reset(Replay(rec.Picks()))
		if second := w.Run(e.mainBody); first.Steps != second.Steps {
			t.Error(seed, first, second)
		}
	}
}
