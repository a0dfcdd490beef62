// Package simworld turns a simnet.World into a spec.World: the same programs, recorder and rules that run on the real machine run in a
// world where every choice is taken from one source.
//
// A thread lets others in whenever it draws a number of the total order, that is before each call and again between
// a call's effect and the recording of its return; so a late return is as possible here as on a real machine.
//
// world.go is the World and its instances, peer.go plays the far end, witness.go tells a search what events are about.
package simworld

import (
	"cmp"
	"fmt"
	"net/netip"
	"time"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// World is a spec.World. It is used for one run at a time, again and again.
type World struct {
	Sim *simnet.World

	rec    *simnet.Recording
	search *simnet.Search // of the run, if one drives it
	picks  []uint32       // of that
	random *simnet.Random
	lazy   *simnet.LazyRandom
	pct    *simnet.PriorityRandom // of shape
	shape  [2]int
	bytes  *simnet.ByteSource
	replay *simnet.Replayed
	stamp  uint64
	peers  []*Peer // all ever made, reused
	used   int

	watches []*watch // likewise, the first of each run
	watched int

	faults    []fault
	disturbed []spec.Disturbance

	witness
}

// patience is longer than any timer within the horizon of the simulated world, so that it runs out only when nothing else can
// happen any more.
const patience = time.Hour

// New returns a world, ready for a run with the dull schedule. It is closed, or goes when nobody has it any more.
func New(o simnet.Options) *World {
	w := &World{
		random: simnet.Uniform(0), lazy: simnet.Lazy(0), bytes: simnet.Bytes(nil), replay: simnet.Replay(nil),
		rec: simnet.Record(simnet.Dull()),
	}
	o.Source = w.rec
	if o.Net.Observer == nil {
		o.Net.Observer = w.observed
	}
	w.Sim = simnet.New(o)
	return w
}

// Reset makes the world ready for another run with the dull schedule. What the run before made must not be used
// any more.
func (w *World) Reset() {
	w.search = nil
	w.rec.Seed(simnet.Dull())
	w.Sim.Reset(w.rec)
	w.stamp, w.used, w.watched = 0, 0, 0
	w.faults, w.disturbed = w.faults[:0], w.disturbed[:0]
}

// Drive takes the choices of the next run from src, which it records.
func (w *World) Drive(src simnet.Source) {
	if w.search, _ = src.(*simnet.Search); w.search != nil {
		w.Sim.Reset(w.search) // which keeps them itself
		w.witness.reset(w.Sim)
	} else {
		w.rec.Seed(src)
		w.Sim.Reset(w.rec)
	}
	w.faults, w.disturbed = w.faults[:0], w.disturbed[:0]
}

// Schedule decides how the choices of the next run are taken. To be called before anything is made in the world.
func (w *World) Schedule(s spec.Schedule) error {
	switch s.Strategy {
	case "", "dull":
		w.Drive(simnet.Dull())
	case "uniform":
		w.random.Seed(s.Seed)
		w.Drive(w.random)
	case "lazy":
		w.lazy.Seed(s.Seed)
		w.Drive(w.lazy)
	case "pct":
		shape := [2]int{cmp.Or(s.Depth, 3), cmp.Or(s.Length, 500)}
		if w.pct == nil || w.shape != shape {
			w.pct, w.shape = simnet.PCT(s.Seed, shape[0], shape[1]), shape
		}
		w.pct.Seed(s.Seed)
		w.Drive(w.pct)
	case "bytes":
		w.bytes.Seed(s.Bytes)
		w.Drive(w.bytes)
	case "replay":
		w.replay.Seed(s.Picks)
		w.Drive(w.replay)
	case "source":
		src, is := s.Source.(simnet.Source)
		if !is {
			return fmt.Errorf("the simulated world takes no choices from %T", s.Source)
		}
		w.Drive(src)
	default:
		return fmt.Errorf("unknown schedule %q; there are dull, uniform, lazy, pct, bytes, replay, source", s.Strategy)
	}
	return nil
}

// Picks returns the choices that the last run took. The slice is valid until the next run.
func (w *World) Picks() []uint32 {
	if w.search != nil {
		w.picks = w.search.Picks(w.picks[:0])
		return w.picks
	}
	return w.rec.Picks()
}

// Run runs program as the main thread.
func (w *World) Run(program func()) error {
	out := w.Sim.Run(program)
	if out.OK() || w.search != nil && w.search.Cut() {
		return nil
	}
	if out.Verdict == simnet.Panicked {
		return fmt.Errorf("%s\n%s", out, out.Stack)
	}
	return fmt.Errorf("%s", out)
}

// Close ends the world's coroutines.
func (w *World) Close() { w.Sim.Close() }

// Go starts a thread.
func (w *World) Go(name string, f func()) { w.Sim.Go(name, f) }

// GoThread starts a thread whose end can be waited for. Every thread of the simulated world is one of its operating system.
func (w *World) GoThread(name string, f func()) (ended func()) {
	gone := w.Sim.NewSemaphore(0)
	w.Sim.Go(name, func() {
		f()
		gone.Release() // the rest of the thread's life is part of this step
	})
	return gone.Acquire
}

// Now is the virtual time.
func (w *World) Now() time.Duration { return w.Sim.Now() }

// Sleep lets virtual time pass.
func (w *World) Sleep(d time.Duration) { w.Sim.Sleep(d) }

// Stamp lets others in and draws the next number.
func (w *World) Stamp() uint64 {
	w.Sim.Step()
	w.stamp++
	return w.stamp
}

type gate struct{ s *simnet.Semaphore }

func (g gate) Open() { g.s.Release() }
func (g gate) Pass() { g.s.Acquire() }

// Gate returns a closed gate.
func (w *World) Gate() spec.Gate { return gate{w.Sim.NewSemaphore(0)} }

// watchesKept is how many watches of a run are used again by the next.
const watchesKept = 64

type watch struct {
	w     *World
	start time.Duration
}

func (x *watch) Slice() time.Duration { return patience }
func (x *watch) Spent() bool          { return x.w.Sim.Now()-x.start >= patience }
func (x *watch) Rounds() int          { return 0 }

// Watch runs out exactly when the world has become quiet.
func (w *World) Watch(spec.Pace) spec.Watch {
	if w.watched == watchesKept {
		return &watch{w, w.Sim.Now()}
	}
	if w.watched == len(w.watches) {
		w.watches = append(w.watches, &watch{})
	}
	x := w.watches[w.watched]
	w.watched++
	*x = watch{w, w.Sim.Now()}
	return x
}

// Settle returns when nothing else can happen. What the network held back is under way, and arrives first.
func (w *World) Settle() int {
	for rest := false; !rest; {
		w.Sim.Settle()
		rest = true
		for _, p := range w.peers[:w.used] {
			if len(p.late) > 0 {
				p.deliverLate(patience)
				rest = false
			}
		}
	}
	return 0
}

// Loopback implements spec.World: each world has a kernel of its own, and so all the ports of one address.
func (w *World) Loopback(n spec.Network) netip.AddrPort {
	if n.Over6() {
		return loopback6
	}
	return loopback
}

// Controlled is true.
func (w *World) Controlled() bool { return true }

// Pick takes a choice of the program's.
func (w *World) Pick(n int) int { return w.Sim.Pick(simnet.KindData, n) }
