// Package simtest has what tests of simulated worlds, and of whatever runs in them, have in common.
package simtest

import (
	"flag"
	"os"
	"strconv"
	"testing"
)

// Long reports whether samples are to be whole: `make check` has them so with IOCONFORM_LONG=1, and so has the flag -long of a package that has one. Else `go test ./...` takes
// a part of those that take long, spread over the whole.
func Long() bool {
	f := flag.Lookup("long")
	return os.Getenv("IOCONFORM_LONG") == "1" || f != nil && f.Value.String() == "true"
}

// Every returns 1 where a sample is whole, and else n, or 4n+1 with -short: every n-th of what makes the sample is a part that is spread over it. Where something recurs along
// the sample, neither should have a divisor in common with its period.
func Every(n int) int {
	switch {
	case Long():
		return 1
	case testing.Short():
		return 4*n + 1
	}
	return n
}

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

// NotShort leaves a test out with -short that takes about a second, of a processor or of waiting.
func NotShort(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes about a second; run without -short")
	}
}

// AtOnce has n parallel tests run at the same time, unless the flag says how many: for a TestMain of tests that wait most of the time, so that more of them than there are
// processors keep these busy.
func AtOnce(n int) {
	if flag.Parse(); flag.Lookup("test.parallel").Value.String() == flag.Lookup("test.parallel").DefValue {
		flag.Set("test.parallel", strconv.Itoa(n))
	}
}
