package engine_test

import (
	"testing"
	"time"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/spec"
)

// The fuzz loop: generate a program of 20 steps, run it, judge it.
func BenchmarkProgram(b *testing.B) {
	for _, make := range references {
		target := make(small)
		b.Run(target.About.Name, func(b *testing.B) {
			loop(b, engine.NewExecutor(target), func(p *engine.Program, i int) { engine.Generate(p, uint64(i), 20) })
		})
	}
}

// The fixed mix by which the speed of the loop is stated. Beside the speed it tells what the mix came to, which is measured outside of the time.
func BenchmarkMix(b *testing.B) {
	target := simulated.Model(small)
	x := engine.NewExecutor(target)
	var p engine.Program
	var m engine.Mix
	for i := range 5000 {
		engine.GenerateMix(&p, uint64(i))
		r := x.Execute(&p, schedule(i))
		m.Add(&r)
	}
	loop(b, x, func(p *engine.Program, i int) { engine.GenerateMix(p, uint64(i)) })
	share := func(n int) float64 { return 100 * float64(n) / float64(m.Programs) }
	b.ReportMetric(share(m.InFlight), "%in-flight")
	b.ReportMetric(share(m.Raced), "%raced")
}

// loop runs programs and tells how many a second, and a second of processor time, which other work on the machine does not lessen.
func loop(b *testing.B, x *engine.Executor, generate func(*engine.Program, int)) {
	var p engine.Program
	b.ReportAllocs()
	events := 0
	var begin time.Duration
	for i := 0; b.Loop(); i++ {
		if i == 0 {
			begin = processorTime()
		}
		generate(&p, i)
		r := x.Execute(&p, schedule(i))
		events += len(r.Trace.Events)
	}
	if used := processorTime() - begin; used > 0 {
		b.ReportMetric(float64(b.N)/used.Seconds(), "programs/cpu-s")
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "programs/s")
	b.ReportMetric(float64(events)/float64(b.N), "events/program")
}

// Judging alone: what one event of the mix costs the checker, the beginning and the end of each trace included.
func BenchmarkJudgeMix(b *testing.B) {
	x := engine.NewExecutor(simulated.Model(small))
	var p engine.Program
	var traces []*spec.Trace
	events := 0
	for i := range 300 {
		engine.GenerateMix(&p, uint64(i))
		r := x.Execute(&p, schedule(i))
		traces = append(traces, r.Trace.Clone())
		events += len(r.Trace.Events)
	}
	c := spec.NewChecker()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		c.Check(traces[n%len(traces)])
		n++
	}
	perTrace := float64(events) / float64(len(traces))
	b.ReportMetric(float64(b.N)*perTrace/b.Elapsed().Seconds(), "events/s")
}
