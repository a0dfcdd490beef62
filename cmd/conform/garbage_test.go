package main

import (
	"runtime/debug"
	"testing"
)

// The collector is as it was when what is to be fast has ended, and where the user has said how it should be it stays so.
func TestTheCollectorIsAsItWas(t *testing.T) {
	percent := func() int {
		now := debug.SetGCPercent(100)
		debug.SetGCPercent(now)
		return now
	}
	defer debug.SetGCPercent(debug.SetGCPercent(70))
	for _, x := range []struct {
		set    string
		during int
	}{{"", roomy}, {"70", 70}} {
		t.Setenv("GOGC", x.set)
		asBefore := collectLess()
		if got := percent(); got != x.during {
			t.Errorf("GOGC=%q: %d percent meanwhile, want %d", x.set, got, x.during)
		}
		asBefore()
		if got := percent(); got != 70 {
			t.Errorf("GOGC=%q: %d percent afterwards, want 70", x.set, got)
		}
	}
}
