package simtest

import (
	"os"
	"runtime/debug"
)

// Nearly all that tests make is gone at once, and little of it stays: with so few collections the tests of spec take a fifth less of a processor. A gigabyte is not exceeded
// for that. GOGC has the last word.
func init() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
		if os.Getenv("GOMEMLIMIT") == "" {
			debug.SetMemoryLimit(1 << 30)
		}
	}
}
