package conformance_test

import (
	"context"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference"
)

// Every case passes on every reference that this machine can run.
func TestCases(t *testing.T) {
	targets, _ := reference.Targets()
	for _, target := range targets {
		t.Run(target.About.Name, func(t *testing.T) {
			r, err := conformance.Run(context.Background(), target, conformance.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v in %.2f s", r.Count(), r.Seconds)
			for _, c := range r.Cases {
				if c.Verdict == conformance.Pass || c.Verdict == conformance.Skip {
					continue
				}
				t.Errorf("%s: %s %s (%s %d)", c.Case.Name, c.Verdict, c.Reason, c.Schedule.Strategy, c.Schedule.Seed)
				for _, v := range c.Violations {
					t.Errorf("   %s at %d: %s", v.Rule.ID, v.Q, v.Said)
				}
			}
		})
	}
}
