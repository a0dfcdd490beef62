//go:build linux

package simnet

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// observe runs the row once on the real kernel, with a thread for each waiter, and returns how many
// of them returned.
func (r wakeRow) observe() int {
	k := &realKernel{}
	s := newWakeScene(k, r)
	defer func() {
		for _, fd := range s.all {
			k.Close(fd)
		}
	}()
	if r.queued {
		s.send()
	}
	var returned atomic.Int32
	var wg sync.WaitGroup
	tids := make([]atomic.Int32, r.waiters)
	for i := range r.waiters {
		wg.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			tids[i].Store(int32(unix.Gettid()))
			if s.wait(i) {
				returned.Add(1)
			}
		})
	}
	if !r.queued {
		for i := range tids {
			for !asleep(int(tids[i].Load())) {
				time.Sleep(50 * time.Microsecond)
			}
		}
		s.send()
	}
	for range 1000 { // a busy machine may be late, but not for ever
		if int(returned.Load()) >= r.least {
			break
		}
		time.Sleep(time.Millisecond)
	}
	time.Sleep(2 * time.Millisecond) // for one too many
	n := int(returned.Load())
	k.EventWrite(s.stop, 1)
	wg.Wait()
	return n
}

// asleep reports whether a thread of this process is in a system call that waits.
func asleep(tid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/stat", tid))
	return err == nil && strings.Contains(string(stat), ") S ")
}

func TestTheWakeCountsOfTheTruthTableAreThoseOfTheRealKernel(t *testing.T) {
	rounds := 2
	if os.Getenv("SIMNET_DIFFERENTIAL") != "" {
		rounds = 50
	} else if testing.Short() {
		rounds = 1
	}
	for _, r := range wakeRows() {
		seen := map[int]int{}
		for range rounds {
			n := r.observe()
			// Between "asleep" and a place in the queue is nothing that could be seen from outside,
			// so a difference has to show three times.
			for range 2 {
				if n < r.least || n > r.most {
					n = r.observe()
				}
			}
			if n < r.least || n > r.most {
				t.Errorf("%v: %d returned, want %d to %d", r, n, r.least, r.most)
			}
			seen[n]++
		}
		if r.least < r.most {
			t.Logf("%v: %v of %d", r, seen, rounds)
		}
	}
}
