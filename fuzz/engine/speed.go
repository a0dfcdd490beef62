package engine

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Figure is how fast something is, and how much faster than something else that was measured beside it. Machines differ, and so the ratio is what to go by.
type Figure struct {
	Name    string
	Value   float64
	Unit    string
	Ratio   float64 // of the speeds; above 1 it is the faster one
	Against string
}

// Speed measures the simulator, the checker, the fuzz loop and the suite on these targets, the first of which is the simulated one that the loop runs on. It takes some
// seconds, and returns early with what it has when ctx ends. each is told of every figure as it comes.
func Speed(ctx context.Context, targets []*spec.Target, each func(Figure)) error {
	switches(200_000) // to warm up
	bare, step := switches(1_000_000), steps8(1_000_000)
	each(Figure{"simulated step", float64(step) / 1e6, "ns", float64(bare) / float64(step), "one next() of iter.Pull"})
	for i, t := range targets {
		if ctx.Err() != nil {
			return nil
		}
		if i == 0 {
			loop, judge, read, events := mixOf(t)
			each(Figure{"checker", perSecond(events, judge), "events/s", float64(read) / float64(judge), "reading the same traces from JSON Lines"})
			each(Figure{"fuzz loop on " + t.About.Name, perSecond(mixRuns, loop), "programs/s", float64(judge) * mixRuns / mixTraces / float64(loop), "judging their traces"})
		}
	}
	var first time.Duration
	for _, t := range targets {
		begin := time.Now()
		r, err := conformance.Run(ctx, t, conformance.Options{})
		if err != nil {
			return fmt.Errorf("%s: %w", t.About.Name, err)
		}
		if r.Stopped {
			return nil
		}
		took := time.Since(begin)
		if first == 0 {
			first = took
		}
		each(Figure{"suite on " + t.About.Name, took.Seconds(), "s", float64(first) / float64(took), "suite on " + targets[0].About.Name})
	}
	return nil
}

func perSecond(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

// switches is how long it takes to go to a coroutine and come back, so many times.
func switches(n int) time.Duration {
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		for yield(struct{}{}) {
		}
	})
	defer stop()
	next()
	begin := time.Now()
	for range n {
		next()
	}
	return time.Since(begin)
}

// inTurn lets another thread go on at each step.
type inTurn struct{}

// Pick implements simnet.Source.
func (inTurn) Pick(kind simnet.Kind, n int) int {
	if kind == simnet.KindPreempt {
		return 1
	}
	return 0
}

// steps8 is how long so many steps take that eight threads make in turn, each of which is a switch.
func steps8(n int) time.Duration {
	w := simnet.New(simnet.Options{StepCap: 1<<31 - 1, Source: inTurn{}})
	defer w.Close()
	begin := time.Now()
	w.Run(func() {
		for range 8 {
			w.Go("t", func() {
				for range n / 8 {
					w.Step()
				}
			})
		}
		w.Settle()
	})
	return time.Since(begin)
}

const (
	mixRuns   = 20_000
	mixTraces = 2_000
)

// mixOf measures the fuzz loop by the fixed mix, judging the traces of some of its programs alone, and reading them.
func mixOf(t *spec.Target) (loop, judge, read time.Duration, events int) {
	x := NewExecutor(t)
	var p Program
	var traces []*spec.Trace
	var texts [][]byte
	for i := range uint64(mixTraces) {
		GenerateMix(&p, i)
		r := x.Execute(&p, ScheduleOf(i))
		traces = append(traces, r.Trace.Clone())
		events += len(r.Trace.Events)
		var b bytes.Buffer
		if err := spec.WriteTrace(&b, r.Trace); err == nil {
			texts = append(texts, b.Bytes())
		}
	}
	begin := time.Now()
	for i := range uint64(mixRuns) {
		GenerateMix(&p, i)
		x.Execute(&p, ScheduleOf(i))
	}
	loop = time.Since(begin)
	c := spec.NewChecker()
	begin = time.Now()
	for _, trace := range traces {
		c.Check(trace)
	}
	judge = time.Since(begin)
	begin = time.Now()
	for _, text := range texts {
		spec.ReadTrace("bench", bytes.NewReader(text))
	}
	return loop, judge, time.Since(begin), events
}
