package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// mixBatch is how many programs of the mix are measured at a time: some milliseconds.
const mixBatch = 500

// MixSpeed draws, runs and judges programs of the fixed mix on a simulated target for as long as d says, and tells how many a second of processor time, which other work on the
// machine does not lessen, what each part of it took, and what the mix came to. It returns early with what it has when ctx ends, and an error if a program fails.
func MixSpeed(ctx context.Context, t *spec.Target, d time.Duration, each func(Figure)) error {
	b := mixBench{x: NewExecutor(t), again: spec.NewChecker()}
	if _, err := b.batch(b.mix.Add); err != nil { // what the mix came to, and to warm up
		return err
	}
	var loop, twice, draw float64 // processor seconds
	var clock time.Duration
	rounds, parts := 0, 0
	for end := time.Now().Add(d); rounds == 0 || time.Now().Before(end) && ctx.Err() == nil; rounds++ {
		begin := time.Now()
		took, err := b.batch(func(*Run) {})
		if err != nil {
			return err
		}
		loop += took
		clock += time.Since(begin)
		if rounds%4 > 0 {
			continue
		}
		// What a second judgement adds is what one takes.
		took, err = b.batch(func(r *Run) { b.again.Check(r.Trace) })
		if err != nil {
			return err
		}
		twice += took
		draw += b.draw()
		if _, err := b.batch(b.mix.Add); err != nil {
			return err
		}
		parts++
	}
	programs := float64(rounds * mixBatch)
	ns := func(seconds float64, rounds int) float64 { return 1e9 * seconds / float64(rounds*mixBatch) }
	whole, drawing := ns(loop, rounds), ns(draw, parts)
	judging := ns(twice, parts) - whole
	share := func(n int) float64 { return float64(n) / float64(b.mix.Programs) }
	each(Figure{"fuzz loop on " + t.About.Name, programs / loop, "programs/cpu-s", clock.Seconds() / loop, "by the clock"})
	each(Figure{"drawing one", drawing, "ns", whole / drawing, "the loop"})
	each(Figure{"running it", whole - drawing - judging, "ns", whole / (whole - drawing - judging), "the loop"})
	each(Figure{"judging it", judging, "ns", whole / judging, "the loop"})
	each(Figure{"its events", float64(b.mix.Events) / float64(b.mix.Programs), "a program", float64(b.mix.Events) / float64(b.mix.Calls), "its calls"})
	each(Figure{"with something in flight", 100 * share(b.mix.InFlight), "% of them", share(b.mix.InFlight) / 0.3, "3 in 10"})
	each(Figure{"with calls that race", 100 * share(b.mix.Raced), "% of them", share(b.mix.Raced) / 0.4, "4 in 10"})
	return nil
}

// mixBench is where the mix is measured.
type mixBench struct {
	x     *Executor
	again *spec.Checker
	mix   Mix
	p     Program
	seed  uint64
}

// batch plays the next programs, hands each run to look, and returns how long processors worked for that, in seconds.
func (b *mixBench) batch(look func(*Run)) (seconds float64, err error) {
	begin := cpuSeconds()
	for range mixBatch {
		GenerateMix(&b.p, b.seed)
		r := b.x.Execute(&b.p, ScheduleOf(b.seed))
		if said := r.Failed(); said != "" {
			return 0, fmt.Errorf("program %d of the mix on %s: %s\n%v", b.seed, b.x.target.About.Name, said, &b.p)
		}
		look(&r)
		b.seed++
	}
	return cpuSeconds() - begin, nil
}

// draw draws as many programs as a batch has, and returns how long processors worked for that.
func (b *mixBench) draw() (seconds float64) {
	begin := cpuSeconds()
	for i := range uint64(mixBatch) {
		GenerateMix(&b.p, b.seed+i)
	}
	return cpuSeconds() - begin
}
