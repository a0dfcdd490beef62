package simtest

import (
	"os"
	"runtime/debug"
)

// Nearly all that tests make is gone at once, and little of it stays: with few collections the tests of spec take a fifth less of a processor. A gigabyte and a half is not exceeded
// for that, twice of what any test program has in use. GOGC has the last word.
func init() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
		if os.Getenv("GOMEMLIMIT") == "" {
			debug.SetMemoryLimit(3 << 29)
		}
	}
}
