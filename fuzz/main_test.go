package fuzz_test

import (
	"flag"
	"os"
	"testing"
)

// Go takes up to a minute to make an input smaller that reaches something new, and a worker does nothing else meanwhile: with -fuzztime 30s that can be all of it. The bytes
// of a program are few as they are, so 200 runs do for each, unless -fuzzminimizetime says otherwise.
func TestMain(m *testing.M) {
	flag.Set("test.fuzzminimizetime", "200x")
	os.Exit(m.Run())
}
