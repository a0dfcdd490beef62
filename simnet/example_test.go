package simnet_test

import (
	"fmt"

	"github.com/ioconform/ioconform/simnet"
)

// A check outside the lock, and a wake-up that gets lost: found by going through all schedules with
// at most one departure from the dull one.
func ExampleNewDelaySearch() {
	w := simnet.New(simnet.Options{})
	defer w.Close()
	search := simnet.NewDelaySearch(1)
	for search.Next() {
		w.Reset(search)
		out := w.Run(func() {
			m := w.NewMutex()
			c := w.NewCond(m)
			ready := false
			w.Go("signaller", func() {
				m.Lock()
				ready = true
				c.Signal()
				m.Unlock()
			})
			if !ready {
				m.Lock()
				c.Wait()
				m.Unlock()
			}
		})
		if !out.OK() {
			fmt.Println(out)
			break
		}
	}
	fmt.Println("picks:", search.Picks(nil))
	// Output:
	// deadlock after 3 steps at 0s
	// thread 0 main: Wait on condition 4
	// thread 1 signaller: ended
	// picks: [1 0]
}
