package fuzz

import (
	"flag"
	"os"
	"runtime"
	"testing"
)

// Go takes up to a minute to make an input smaller that reaches something new, and a worker does nothing else meanwhile: with -fuzztime 30s that can be all of it. The bytes
// of a program are few as they are, so 200 runs do for each, unless -fuzzminimizetime says otherwise.
//
// A worker runs one input at a time, in a goroutine of its own; on a second processor it would only be woken, which takes a tenth of the time.
func TestMain(m *testing.M) {
	flag.Set("test.fuzzminimizetime", "200x")
	flag.Parse()
	if w := flag.Lookup("test.fuzzworker"); w != nil && w.Value.String() == "true" {
		runtime.GOMAXPROCS(1)
	}
	os.Exit(m.Run())
}
