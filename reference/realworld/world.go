package realworld

import (
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// World is the real machine for one case. Several may be alive at once; they share one canary.
type World struct {
	began   time.Time
	stamps  atomic.Uint64
	signs   atomic.Uint64 // signs of life: calls of the World's methods other than Stamp, which counts itself
	limited atomic.Int64  // calls of far ends under way that have a limit
	canary  *canary
	home    netip.Addr // see Loopback
	stretch float64    // what every patience is multiplied with

	over     chan struct{} // closed when nobody waits for the threads any more: Run has given up, or Close was called
	overOnce sync.Once

	mu      sync.Mutex
	closed  bool
	threads map[*thread]struct{} // those that have not ended
	idle    chan struct{}        // of the Run under way; closed when threads is empty
	faults  []error              // panics of threads, in the order in which they happened
	open    map[closer]struct{}  // endpoints of the far end
}

// closer is an endpoint that Close has to release.
type closer interface{ release() }

var _ spec.World = (*World)(nil)

// New returns a fresh world. The error is about this machine: no loopback interface, or a PatienceVariable that is no number.
func New() (*World, error) {
	stretch, err := patience()
	if err != nil {
		return nil, err
	}
	c, err := acquireCanary()
	if err != nil {
		return nil, err
	}
	return newWorld(c, stretch), nil
}

func newWorld(c *canary, stretch float64) *World {
	return &World{
		began:   time.Now(),
		canary:  c,
		home:    home(worlds.Add(1)),
		stretch: stretch,
		over:    make(chan struct{}),
		threads: map[*thread]struct{}{},
		open:    map[closer]struct{}{},
	}
}

// Now is the time since the world was made.
func (w *World) Now() time.Duration { return time.Since(w.began) }

// Sleep lets time pass.
func (w *World) Sleep(d time.Duration) {
	w.alive()
	time.Sleep(d)
}

// Stamp draws the next number. An atomic addition is a total order that agrees with happens-before, which is all that a
// checker infers from it.
func (w *World) Stamp() uint64 { return w.stamps.Add(1) }

// settleRounds is enough for a goroutine that was about to block to have blocked: each round puts the canary's two
// goroutines through the same scheduler and kernel, and sleeps a millisecond besides.
const settleRounds = 8

// Settle waits for a few canary rounds.
func (w *World) Settle() (rounds int) {
	w.alive()
	start := w.canary.rounds.Load()
	for {
		runtime.Gosched()
		rounds = int(w.canary.rounds.Load() - start)
		// The first round counted may have been nearly over when Settle was called.
		if rounds > settleRounds || w.stopped() {
			w.alive()
			return rounds
		}
		time.Sleep(pace / 2)
	}
}

// Controlled reports false: the machine does as it likes.
func (w *World) Controlled() bool { return false }

// Pick returns 0, the dull choice.
func (w *World) Pick(int) int { return 0 }

// Close releases the endpoints that are still open and lets go of the canary. Threads that hang in a gate unwind; those that
// hang in the back end do so once that is closed.
func (w *World) Close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	var peers, listeners []closer
	for c := range w.open {
		if _, ok := c.(*listener); ok {
			listeners = append(listeners, c)
		} else {
			peers = append(peers, c)
		}
	}
	w.mu.Unlock()

	w.giveUp()
	// A listener resets what nobody accepted, which may be a peer's connection; the peer shall hear that it was closed.
	for _, c := range slices.Concat(peers, listeners) {
		c.release()
	}
	w.canary.letGo()
	return nil
}

// adopt makes c one of the endpoints that Close releases; false if that has happened already.
func (w *World) adopt(c closer) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.open[c] = struct{}{}
	return true
}

func (w *World) disown(c closer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, c)
}

// alive notes that a thread does something, for Run, which gives up on a program that does nothing.
func (w *World) alive() { w.signs.Add(1) }

// calls notes that a call of a far end begins, and called that it is over. One with a limit ends by itself: meanwhile nobody is stuck.
func (w *World) calls(limit time.Duration) {
	if limit >= 0 {
		w.limited.Add(1)
	}
	w.alive()
}

func (w *World) called(limit time.Duration) {
	w.alive()
	if limit >= 0 {
		w.limited.Add(-1)
	}
}

// giveUp ends every wait of the world.
func (w *World) giveUp() { w.overOnce.Do(func() { close(w.over) }) }

// stopped reports that waiting has lost its measure: the world is over, or the canary has died.
func (w *World) stopped() bool {
	select {
	case <-w.over:
		return true
	case <-w.canary.dead:
		return true
	default:
		return false
	}
}
