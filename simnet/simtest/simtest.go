// Package simtest has what tests of simulated worlds, and of whatever runs in them, have in common.
package simtest

import (
	"os"
	"testing"
)

// Long reports whether samples are to be whole, as `make check` has them with IOCONFORM_LONG=1. Without it `go test ./...` takes a part of those that take long, spread
// over all of it, so that it stays below a minute.
func Long() bool { return os.Getenv("IOCONFORM_LONG") == "1" }

// NotRaced leaves a test out under the race detector that stays in a simulated world for long. The detector sees nothing there, where coroutines are switched with a
// happens-before edge, and makes it twenty times slower. What it can see, the goroutines around the worlds, is for other tests, of which a sample is enough; see Raced.
func NotRaced(t testing.TB) {
	t.Helper()
	if Raced {
		t.Skip("the race detector sees nothing in a simulated world, and takes twenty times as long; run without -race")
	}
}

// OneGoroutine leaves a test out under the race detector that works for long in one goroutine, where there is nothing for the detector to see.
func OneGoroutine(t testing.TB) {
	t.Helper()
	if Raced {
		t.Skip("the race detector sees nothing in one goroutine, and takes ten times as long; run without -race")
	}
}

// NotShort leaves a test out with -short that takes a second or more of a processor.
func NotShort(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes more than a second; run without -short")
	}
}
