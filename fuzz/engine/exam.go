package engine

import (
	"context"
	"slices"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// Planted is a planted bug that a campaign is to find.
type Planted struct {
	Name   string // target/bug
	Target *spec.Target
	Bug    string
}

// Examined is what became of it.
type Examined struct {
	Name    string
	Found   bool
	Runs    int     // that it took; all that were made where it was not found
	Seconds float64 // likewise
	Finding Finding // made small
	Anyway  bool    // not found: what was found fails without the bug as well, by a fault of a rule or of a reference
}

// Exam runs a campaign from an empty corpus for each planted bug, for at most so long each, and tells how many runs it took to find it. It returns early with what it has
// when ctx ends.
func Exam(ctx context.Context, list []Planted, each time.Duration, seed uint64, progress func(done, all int)) (all []Examined, err error) {
	for i, p := range list {
		r, err := Campaign(ctx, Options{Target: p.Target, Name: p.Name, Bugs: []string{p.Bug}, Seed: seed, For: each, Stop: true})
		if err != nil {
			return all, err
		}
		if r.Stopped && len(r.Findings) == 0 {
			return all, nil
		}
		h := Examined{Name: p.Name, Found: len(r.Findings) > 0, Runs: r.Tally.Runs, Seconds: r.Seconds}
		if h.Found {
			h.Finding = r.Findings[0]
			h.Anyway = h.Finding.anyway(p.Target)
			h.Found = !h.Anyway
		}
		all = append(all, h)
		if progress != nil {
			progress(i+1, len(list))
		}
	}
	return all, nil
}

// anyway reports whether the script of a finding, or what was found where it has none, fails on a target of the simulated world without any bug.
func (f *Finding) anyway(t *spec.Target) bool {
	if t.About.World != "sim" {
		return false
	}
	p := conformance.NewPlayer(t, "", nil)
	if f.Result == nil {
		r := (&runner{NewExecutor(t), p}).play(f.Input)
		return r.Signature() != ""
	}
	for _, s := range []spec.Schedule{replay(f.Result.Picks), other(0), other(1), other(2)} {
		if a := p.Play(f.Result.Case, s); a.Signature() != "" {
			return true
		}
	}
	return false
}

// Milestone is a point of the curve of runs to kill: so many bugs had been found after so many runs.
type Milestone struct {
	Runs  int `json:"runs"`
	Found int `json:"found"`
}

// Curve tells how many bugs had been found after 1, 10, 100 … runs, up to the most that one took.
func Curve(all []Examined) (curve []Milestone) {
	found := 0
	for _, h := range all {
		if h.Found {
			found++
		}
	}
	for runs := 1; ; runs *= 10 {
		n := 0
		for _, h := range all {
			if h.Found && h.Runs <= runs {
				n++
			}
		}
		if curve = append(curve, Milestone{runs, n}); n == found {
			return curve
		}
	}
}

// Median returns the middle of the values, 0 of none.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}
