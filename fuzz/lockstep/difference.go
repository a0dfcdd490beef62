package lockstep

import (
	"fmt"
	"slices"

	"github.com/ioconform/ioconform/spec"
)

// Difference says how the same commands came to something else, or "". Both have finished.
func Difference(want, got *Run) string {
	for i := range want.Commands {
		if i >= len(got.Commands) {
			return fmt.Sprintf("command %d, %s, was not made", i, want.Commands[i])
		}
		if d := Differ(want.Observations[i], got.Observations[i]); d != "" {
			return fmt.Sprintf("command %d, %s: %s", i, want.Commands[i], d)
		}
	}
	if len(got.Surplus) > 0 {
		return fmt.Sprintf("operations ended when nothing was to happen any more: %s", Observation{Ends: got.Surplus})
	}
	return ""
}

// Differ says how an observation is another than the wanted one, or "". A start that is refused because the connection was reset is as good as one whose packet
// says so.
func Differ(want, got Observation) string {
	if want.Answer == got.Answer && slices.Equal(want.Ends, got.Ends) {
		return ""
	}
	reset := "refused " + spec.Reset.String()
	failed := func(o Observation) bool {
		return o.Answer == reset && len(o.Ends) == 0 || o.Answer == "started" && len(o.Ends) == 1 && o.Ends[0].Code == spec.Reset
	}
	if want.Answer != got.Answer && failed(want) && failed(got) {
		return ""
	}
	return fmt.Sprintf("got %s, want %s", got, want)
}
