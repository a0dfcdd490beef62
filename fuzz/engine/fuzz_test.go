package engine_test

import (
	"flag"
	"testing"
	"time"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

var (
	long    = flag.Bool("long", false, "run a million programs instead of ten thousand")
	howMany = flag.Int("programs", 0, "run so many programs in the test of soundness, half of them on each simulated target")
)

// small buffers make the far end's slowness felt after a few hundred bytes.
var small = simnet.Options{RcvBuf: 256, SndBuf: 256}

var references = []func(simnet.Options) *spec.Target{simulated.Model, simulated.Epoll}

// schedule draws the schedule of the i-th program: uniform and lazy in turn, now and then the dull one.
func schedule(i int) spec.Schedule {
	switch {
	case i%16 == 0:
		return spec.Schedule{Strategy: "dull"}
	case i%2 == 0:
		return spec.Schedule{Strategy: "uniform", Seed: uint64(i)}
	}
	return spec.Schedule{Strategy: "lazy", Seed: uint64(i)}
}

// No random program under any random schedule makes a reference break a rule.
func TestSoundness(t *testing.T) {
	programs, step := 10_000, simtest.Every(3)
	if *long {
		programs = 1_000_000
	}
	if testing.Short() || simtest.Raced {
		programs, step = 2_000, 1
	}
	if *howMany > 0 {
		programs, step = *howMany, 1
	}
	for _, make := range references {
		target := make(small)
		t.Run(target.About.Name, func(t *testing.T) {
			t.Parallel()
			x := engine.NewExecutor(target)
			m := engine.NewMeasure(true)
			var p engine.Program
			begin := time.Now()
			failures := 0
			for i := 0; i < programs/len(references); i += step {
				engine.Generate(&p, uint64(i), 8+i%24)
				r := x.Execute(&p, schedule(i))
				m.Add(&r)
				if r.Failed() == "" {
					continue
				}
				failures++
				s, same := x.Shrink(&p, r.Picks, r.Signature(), 2000)
				t.Errorf("program %d: %s\nshrunk (repeatable %v, %d choices): %s\n%v", i, r.Failed(), same, len(s.Picks), s.Failed, &s.Program)
				if failures == 5 {
					t.Fatal("five are enough")
				}
			}
			t.Logf("%d programs in %v (%.0f/s): %d distinct up to commuting, %.1f %% raced, %.1f %% voided, %d events", m.Programs, time.Since(begin).Round(time.Millisecond),
				float64(m.Programs)/time.Since(begin).Seconds(), m.Distinct(), 100*float64(m.Raced)/float64(m.Programs), 100*float64(m.Voided)/float64(m.Programs), m.Events)
		})
	}
}
