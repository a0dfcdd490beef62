package realworld

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// PatienceVariable names the environment variable that multiplies every patience, for machines on which even the canary's
// measure is too short. It takes a number from 1 to 1000: less could invent a fault.
const PatienceVariable = "IOCONFORM_PATIENCE"

// A canary round takes 1 to 1.2 ms on an idle machine, and ten times that on a busy one.
const (
	patientRounds = 3000 // what is expected takes longer only if it never comes
	quietRounds   = 12   // each costs its time in every passing run, so few
	patientSlice  = 50 * time.Millisecond
	quietSlice    = 4 * time.Millisecond
)

// A thread that was held up between two looks, while the canary was not, has not waited all that time: what it waits for may
// lie ready. So one look credits no more rounds than belong to about two slices.
const (
	patientCredit = 100
	quietCredit   = 8
)

func patience() (float64, error) {
	text := os.Getenv(PatienceVariable)
	if text == "" {
		return 1, nil
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x >= 1 && x <= 1000) {
		return 0, fmt.Errorf("realworld: %s is %q; it takes a number from 1 to 1000", PatienceVariable, text)
	}
	return x, nil
}

// stretched returns how many rounds the environment makes of rounds.
func (w *World) stretched(rounds int) int { return int(math.Ceil(float64(rounds) * w.stretch)) }

// watch is a bound in canary rounds.
type watch struct {
	world  *World
	limit  int
	credit int
	slice  time.Duration

	mu   sync.Mutex
	last uint64 // of the canary, when somebody last looked
	seen int
}

// Watch starts to bound a wait.
func (w *World) Watch(p spec.Pace) spec.Watch {
	w.alive()
	x := &watch{world: w, limit: w.stretched(patientRounds), credit: patientCredit, slice: patientSlice, last: w.canary.rounds.Load()}
	if p == spec.Quiet {
		x.limit, x.credit, x.slice = w.stretched(quietRounds), quietCredit, quietSlice
	}
	return x
}

// Slice is how long the next wait may take. It bounds how late Spent is noticed, and decides nothing.
func (x *watch) Slice() time.Duration {
	x.look()
	return x.slice
}

// Spent reports that enough rounds went by, or that waiting has no measure any more; then Run returns an error.
func (x *watch) Spent() bool { return x.look() >= x.limit || x.world.stopped() }

// Rounds returns the canary rounds for which somebody waited.
func (x *watch) Rounds() int { return x.look() }

func (x *watch) look() int {
	x.world.alive()
	now := x.world.canary.rounds.Load()
	x.mu.Lock()
	defer x.mu.Unlock()
	if now > x.last {
		x.seen += int(min(now-x.last, uint64(x.credit)))
		x.last = now
	}
	return x.seen
}
