package conformance_test

import (
	"context"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
)

// A case is told of when it has ended, not when the run has, and one that did not run is not told of.
func TestACaseIsToldOfWhenItHasEnded(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var told []string
	r, err := conformance.Run(ctx, simulated.Model(simnet.Options{}), conformance.Options{Parallel: 1, Each: func(c *conformance.CaseResult) {
		if told = append(told, c.Case.Name); len(told) == 3 {
			stop()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(told) != 3 || len(r.Cases) != 3 || !r.Stopped {
		t.Errorf("told of %v, with %d cases in the report", told, len(r.Cases))
	}
}
