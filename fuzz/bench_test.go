package fuzz_test

import (
	"testing"

	"github.com/ioconform/ioconform/fuzz"
)

// The fuzz loop: generate a program of 20 steps, run it, judge it.
func BenchmarkProgram(b *testing.B) {
	for _, make := range simulated {
		target := make(small)
		b.Run(target.About.Name, func(b *testing.B) {
			x := fuzz.NewExecutor(target)
			var p fuzz.Program
			b.ReportAllocs()
			events := 0
			for i := 0; b.Loop(); i++ {
				fuzz.Generate(&p, uint64(i), 20)
				r := x.Execute(&p, schedule(i))
				events += len(r.Trace.Events)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "programs/s")
			b.ReportMetric(float64(events)/float64(b.N), "events/program")
		})
	}
}
