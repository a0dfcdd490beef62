package conformance

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ioconform/ioconform/spec"
)

// attempt is one run of one case on one instance of a target, and what came of it.
type attempt struct {
	schedule  spec.Schedule
	picks     []uint32
	trace     *spec.Trace
	judgement spec.Judgement
	left      *divergence
	err       error
}

// runner runs attempts one after the other, with memory that it uses again.
type runner struct {
	target  *spec.Target
	profile string
	rec     *spec.Recorder
	checker *spec.Checker
	peek    *spec.Checker // judges while a run is still going on
	bugs    []string
	picks   []uint32
}

func newRunner(t *spec.Target, profile string, bugs []string) *runner {
	return &runner{target: t, profile: profile, checker: spec.NewChecker(), peek: spec.NewChecker(), bugs: bugs}
}

// run runs c once. What it returns is valid until the next run.
func (r *runner) run(c *Case, s spec.Schedule) (a attempt) {
	a.schedule = s
	in, err := r.target.Open()
	if err != nil {
		a.err = fmt.Errorf("the target could not be opened: %w", err)
		return a
	}
	defer in.Close()
	if in.Schedule != nil {
		if a.err = in.Schedule(s); a.err != nil {
			return a
		}
	}
	if len(r.bugs) > 0 {
		if a.err = in.Plant(r.bugs...); a.err != nil {
			return a
		}
	}
	backend := in.Backend
	if backend != nil && r.target.About.Axes.Get("delivery") == "push" {
		if in.World.Controlled() {
			a.err = errors.New("a back end that calls back cannot be run in a simulated world")
			return a
		}
		backend = pulled{backend}
	}
	if r.rec == nil {
		r.rec = spec.NewRecorder(in.World, backend, r.target.About)
	} else {
		r.rec.Reset(in.World, backend, r.target.About)
	}
	if in.Ready != nil {
		r.rec.Polls(in.Ready)
	}
	p := newProgram(r.rec, &r.target.About, c.File)
	err = in.Run(func() {
		p.run(r.due)
		if in.Ready != nil {
			in.Ready.Close()
		} else {
			backend.Close()
		}
		p.main.rec.End()
	})
	if in.Picks != nil {
		r.picks = append(r.picks[:0], in.Picks()...) // the world is another run's as soon as it is closed
		a.picks = r.picks
	}
	if err != nil { // threads may still be in their calls
		a.trace = r.rec.Snapshot()
		r.rec = nil
	} else {
		a.trace = r.rec.Trace()
	}
	a.judgement = r.checker.Check(a.trace)
	a.judgement.Violations = slices.DeleteFunc(a.judgement.Violations, func(v spec.Violation) bool { return !judges(v.Rule, r.profile) })
	a.left, a.err = p.left, err
	return a
}

// due judges what has been recorded so far as if everything had settled by now, and reports whether that would break a rule.
func (r *runner) due() bool {
	t := r.rec.Snapshot()
	before := len(r.peek.Check(t).Violations)
	last := uint64(0)
	if n := len(t.Events); n > 0 {
		last = t.Events[n-1].Q
	}
	r.peek.Feed(&spec.Event{Kind: spec.SettleEvent, Q: last + 1})
	return len(r.peek.End().Violations) > before
}
