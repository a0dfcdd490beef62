package engine_test

import (
	"slices"
	"testing"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// The traces of random programs are accused of nothing either when less is told of them: hashes instead of bytes, nothing of them, tokens and no
// operations, one end only.
func TestSoundnessOfForeignTraces(t *testing.T) {
	simtest.NotRaced(t)
	programs, step := 3000, simtest.Every(5)
	if testing.Short() {
		programs, step = 600, 1
	}
	forms := []struct {
		name string
		of   func(*spec.Trace) *spec.Trace
	}{
		{"sum", spec.Resum},
		{"none", spec.Forget},
		{"tokens only", func(t *spec.Trace) *spec.Trace {
			c := spec.Resum(t)
			for i := range c.Events {
				c.Events[i].Op = 0
				for k := range c.Events[i].Packets {
					c.Events[i].Packets[k].Op = 0
				}
			}
			return c
		}},
		{"no peers", func(t *spec.Trace) *spec.Trace {
			c := t.Clone()
			c.Events = slices.DeleteFunc(c.Events, func(e spec.Event) bool { return e.Verb.OfPeer() })
			return c
		}},
	}
	for _, make := range references {
		target := make(small)
		t.Run(target.About.Name, func(t *testing.T) {
			t.Parallel()
			x, c := engine.NewExecutor(target), spec.NewChecker()
			var p engine.Program
			for i := 0; i < programs; i += step {
				engine.Generate(&p, uint64(i)+1<<40, 8+i%24)
				r := x.Execute(&p, schedule(i))
				if r.Failed() != "" {
					continue // TestSoundness is for that
				}
				for _, form := range forms {
					for _, v := range c.Check(form.of(r.Trace)).Violations {
						if v.Rule.Binds == spec.Guarantee {
							t.Fatalf("program %d, %s: %s at %d: %s\n%v", i, form.name, v.Rule.ID, v.Q, v.Said, &p)
						}
					}
				}
			}
		})
	}
}
