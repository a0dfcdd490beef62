package conformance

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ioconform/ioconform/conformance/known"
)

type saysItself struct{ error }

func (saysItself) Ending() known.Ending { return known.Crash }

// How a run ended is told by the first line of what its world says, unless the error says it itself.
func TestEndings(t *testing.T) {
	for _, x := range []struct {
		err  error
		want known.Ending
	}{
		{errors.New("deadlock after 12 steps at 3ms\nthread main: wait"), known.Hang},
		{errors.New("livelock after 20000 steps at 0s\nthread main: panic after all"), known.Hang},
		{errors.New("panic after 12 steps at 3ms\nthread main: panic: deadlock after"), known.Crash},
		{errors.New(`the program is stuck: no thread showed a sign of life for 2000 canary rounds; still there: "main"`), known.Hang},
		{errors.New(`the program did not end within 500 canary rounds of its main thread; still there: "w1"`), known.Hang},
		{errors.New("the program did not end after the canary had died"), known.Hang},
		{errors.Join(errors.New("thread \"w1\" panicked: the program is stuck\nstack"), errors.New("the other threads did not end within 9 canary rounds of that")), known.Crash},
		{errors.New("the target could not be opened: no descriptors"), known.Error},
		{fmt.Errorf("case: %w", saysItself{errors.New("deadlock after 1 steps")}), known.Crash},
	} {
		a := Attempt{Err: x.err}
		if got := a.ending(); got != x.want {
			t.Errorf("%q is %s, want %s", x.err, got, x.want)
		}
		if f := a.faults(); len(f) != 1 || f[0].What != string(x.want) {
			t.Errorf("%q: faults %v", x.err, f)
		}
	}
	a := Attempt{Left: &Divergence{Line: "wait P", Seen: "nothing", Allowed: "r1"}}
	if f := a.faults(); a.ending() != known.Diverged || len(f) != 1 || f[0].What != "diverged" {
		t.Errorf("a divergence is %s, faults %v", a.ending(), f)
	}
}
