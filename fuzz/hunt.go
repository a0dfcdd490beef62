package fuzz

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/spec"
)

// The hunt asks what drawn programs are worth: how many it takes until each planted bug is noticed, beginning with nothing. One in four is a compact program,
// the others are scripts; the schedules are uniform, lazy, PCT and dull ones in turn. A program counts only if its failure goes with the bug: under the
// same schedule the target without it must not fail.

// HuntOptions says how long a hunt goes on.
type HuntOptions struct {
	Seed     uint64
	For      time.Duration // for each bug; 0 is a minute
	Programs int           // for each bug; 0: as many as there is time for. The outcome is then the same on every machine
	Parallel int           // bugs at once; 0 is the processors
	Progress func(done, all int)
}

// Caught is what became of one bug.
type Caught struct {
	mutant.Mutant
	Programs  int    // until one noticed it, or all that were tried
	Signature string // the rule that it broke, or how its run ended; "" if nothing noticed it
	Seed      uint64 // of the program
	Script    *conformance.Case
	Compact   *Program // in place of a script
	Schedule  spec.Schedule
	Seconds   float64
}

// HuntReport is what became of all, in the order of the catalogue.
type HuntReport struct {
	Bugs    []Caught
	Stopped bool // the context ended before
}

// Hunt plants each bug in its target and runs drawn programs until one notices it.
func Hunt(ctx context.Context, mutants []mutant.Mutant, lookup func(name string) (*spec.Target, error), o HuntOptions) (*HuntReport, error) {
	if o.For == 0 && o.Programs == 0 {
		o.For = time.Minute
	}
	targets := map[string]*spec.Target{}
	for _, m := range mutants {
		t, err := lookup(m.Target)
		if err != nil {
			return nil, err
		}
		targets[m.Target] = t
	}
	r := &HuntReport{Bugs: make([]Caught, len(mutants))}
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		next int
		done int
	)
	for range min(cmp.Or(o.Parallel, runtime.GOMAXPROCS(0)), len(mutants)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(mutants) || ctx.Err() != nil {
					return
				}
				found := pursue(ctx, targets[mutants[i].Target], mutants[i], &o)
				mu.Lock()
				r.Bugs[i] = found
				if done++; o.Progress != nil {
					o.Progress(done, len(mutants))
				}
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	r.Bugs = slices.DeleteFunc(r.Bugs, func(c Caught) bool { return c.ID == "" })
	r.Stopped = ctx.Err() != nil
	return r, nil
}

// pursue runs programs against one bug.
func pursue(ctx context.Context, t *spec.Target, m mutant.Mutant, o *HuntOptions) Caught {
	c := Caught{Mutant: m}
	begin := time.Now()
	defer func() { c.Seconds = time.Since(begin).Seconds() }()
	bad, good := conformance.NewPlayer(t, "", []string{m.Bug}), conformance.NewPlayer(t, "", nil)
	poller := t.About.Can(spec.CanPoll) && !t.About.Can(spec.CanComplete)
	x, y := NewExecutor(t, m.Bug), NewExecutor(t)
	for ctx.Err() == nil {
		if o.Programs > 0 && c.Programs >= o.Programs || o.For > 0 && time.Since(begin) > o.For {
			break
		}
		seed := o.Seed + uint64(c.Programs)
		c.Programs++
		s := ScheduleOf(seed)
		if seed%4 == 3 && !poller {
			var p Program
			Generate(&p, seed, 8+int(seed%24))
			r := x.Execute(&p, s)
			if sig := r.Signature(); sig != "" {
				if r := y.Execute(&p, s); r.Signature() == "" {
					c.Signature, c.Seed, c.Compact, c.Schedule = sig, seed, &p, s
					break
				}
			}
			continue
		}
		script := GenerateScript(&t.About, seed, 4+int(seed%40))
		a := bad.Play(script, s)
		if sig := a.Signature(); sig != "" {
			if a := good.Play(script, s); a.Signature() == "" {
				c.Signature, c.Seed, c.Script, c.Schedule = sig, seed, script, s
				break
			}
		}
	}
	c.Seconds = time.Since(begin).Seconds()
	return c
}

// ScheduleOf is the schedule that the program of that seed is run under first.
func ScheduleOf(seed uint64) spec.Schedule {
	s := spec.Schedule{Strategy: [...]string{"uniform", "lazy", "pct"}[seed%3], Seed: seed}
	if s.Strategy == "pct" {
		s.Depth, s.Length = 2+int(seed%4), 100<<(seed%3)
	}
	if seed%16 == 0 {
		s = spec.Schedule{Strategy: "dull"}
	}
	return s
}

// Survivors lists the bugs that nothing noticed.
func (r *HuntReport) Survivors() (ids []string) {
	for _, c := range r.Bugs {
		if c.Signature == "" {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Point is a point of the curve of a hunt.
type Point struct{ Programs, Dead int }

// Curve tells how many bugs had been noticed after 1, 10, 100 ... programs each.
func (r *HuntReport) Curve() (list []Point) {
	most := 0
	for _, c := range r.Bugs {
		most = max(most, c.Programs)
	}
	for n := 1; ; n *= 10 {
		p := Point{Programs: n}
		for _, c := range r.Bugs {
			if c.Signature != "" && c.Programs <= n {
				p.Dead++
			}
		}
		list = append(list, p)
		if n >= most {
			return list
		}
	}
}

// String is a table: the bugs, those that took longest last, and the curve.
func (r *HuntReport) String() string {
	var b strings.Builder
	list := slices.Clone(r.Bugs)
	rank := func(c Caught) int {
		if c.Signature == "" {
			return math.MaxInt
		}
		return c.Programs
	}
	slices.SortStableFunc(list, func(x, y Caught) int { return cmp.Compare(rank(x), rank(y)) })
	for _, c := range list {
		with := "script"
		switch {
		case c.Signature == "":
			with, c.Signature = "", "not noticed"
		case c.Compact != nil:
			with = "compact"
		}
		fmt.Fprintf(&b, "%8d  %6.2f s  %-44s %-12s %s\n", c.Programs, c.Seconds, c.ID, c.Signature, with)
	}
	for _, p := range r.Curve() {
		fmt.Fprintf(&b, "after %7d programs each  %3d of %d noticed\n", p.Programs, p.Dead, len(r.Bugs))
	}
	return b.String()
}
