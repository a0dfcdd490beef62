package main

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	crowded, roomy = 100, 400 // percent of what is in use that may come in addition before the collector runs
	little         = 128 << 20
)

// collectLess has the collector come at five times what is in use, not at twice, as long as that is less than 128 MiB, until the function that it returns is called; where
// GOGC says something that stays. What runs leave behind is gone at once, and the collector had a third of the time. A campaign that has kept much for hours takes no
// more memory for it.
func collectLess() (asBefore func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(roomy)
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if metrics.Read(live); live[0].Value.Uint64() > little {
					debug.SetGCPercent(crowded)
					tick.Stop() // what is kept only grows
				}
			}
		}
	}()
	return func() {
		close(done)
		<-gone
		debug.SetGCPercent(before)
	}
}
