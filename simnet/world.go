package simnet

import (
	"math/bits"
	"runtime"
	"time"
)

// Options fix what a world is like. The zero value is a sensible world driven by Dull.
type Options struct {
	// Source takes the decisions of the first run; Reset brings the one for each further run.
	Source Source
	// StepCap is the number of steps after which a run is given up as a livelock; 20000 if 0. About
	// 50 times the length of an ordinary run is right: a livelocked run costs as much as the cap
	// allows.
	StepCap int
	// RcvBuf and SndBuf are the bytes one direction of a connection, or a UDP socket, holds on the
	// receiver's and on the sender's side; 64 KiB each if 0.
	RcvBuf, SndBuf int
	// Horizon: a timer due within Horizon of now may fire although others could still run, as the
	// last option of a scheduling choice. Timers further away mean "only when the world is quiet".
	// 1 s if 0; a negative value switches the choice off.
	Horizon time.Duration
	// NoSegment makes each delivery carry all that fits, instead of asking how much.
	NoSegment bool
	// MaxFiles is the number of descriptors a Kernel may have open, 1024 if 0; beyond it EMFILE.
	MaxFiles int
	// Faults are off in the zero value.
	Faults Faults
	// Net is what may happen to datagrams under way; nothing in the zero value.
	Net Net
	// Observer is told each access to a shared object. In a run that is driven by a search which
	// reduces it hears nothing.
	Observer Observer
}

// Faults switches on what a machine may do at any time. Each number n means: at every opportunity
// ask for a KindFault choice among n, whose last option is the fault. So 2 is "may or may not", the
// number to take in a search, and 100 is one in a hundred under Uniform. Below 2 it is off.
type Faults struct {
	EINTR     int // EpollWait returns EINTR instead of waiting
	ShortSend int // Send takes only half of what it could, at least one byte
	ShortRecv int // Recv gives only half of what it could, against epoll(7): a short receive means drained
	EAGAIN    int // Send of a Kernel finds no room while something is in flight, whose arrival is an edge
	EMFILE    int // Accept, Socket, Dup, EpollCreate or EventFD finds the process out of descriptors
}

type phase uint8

const (
	fresh     phase = iota // set up or Reset: fixtures may be built, nothing schedules
	running                // inside Run, a thread is current
	unwinding              // inside Run, the threads that are left are being ended
	over                   // after Run
)

// World is one simulated machine room: threads, a clock, a network. See the package comment.
//
// A world is not safe for concurrent use: its methods are called by its own threads, of which only
// one runs at a time, and, before Run, by whoever set it up.
type World struct {
	// What a step looks at comes first.
	phase   phase
	cur     *Thread // nil outside Run
	run     uint64  // runnable threads by Thread.ID
	nlinks  int     // links with something deliverable: the population of links
	steps   int
	stepCap int
	now     time.Duration
	horizon time.Duration
	timers  []*timer // latest deadline first, so the next one is the last
	src     Source
	actors  ActorSource // src, if it wants to know the actors

	links    []uint64     // which links have something deliverable
	linkEnds []*direction // by link number, nil for a flow
	flowEnds []*flow      // by link number, where linkEnds has nil
	linkFree []int32      // numbers given back

	threads    []*Thread // a pool across runs; the first nthreads are of this run
	nthreads   int
	coroutines *coroutines // of threads, by their IDs
	unclosed   runtime.Cleanup
	settlers   uint64
	timerSeq   uint64
	actorsBuf  []Actor
	observer   Observer
	actor      Actor    // who touches, for the observer
	past       *history // the observer, if a search needs it
	search     *Search  // src, if it wants to know where it is asked
	objects    Object

	opts    Options
	outcome Outcome
	epoch   uint32 // counts runs, so that an Outcome knows whether its world still remembers

	// Objects handed out, kept across runs.
	mutexes    pool[Mutex]
	conds      pool[Cond]
	semaphores pool[Semaphore]
	queues     pool[WaitQueue]
	net        network
	kernels    pool[Kernel]
	files      pool[file]
	epolls     pool[epoll]
	items      pool[interest]
	eventfds   pool[eventfd]
}

// New returns a world. Do not call it, or any method of the world, from a goroutine that is locked
// to an OS thread: threads are coroutines (iter.Pull), and the Go runtime ends the whole process
// with "coro: OS thread locking must match" when a coroutine is resumed from another locking state
// than it was created in.
//
// A world holds goroutines from its first run until Close, or until nobody has it any more and the garbage collector notices.
func New(opts Options) *World {
	if opts.StepCap == 0 {
		opts.StepCap = 20000
	}
	if opts.RcvBuf <= 0 {
		opts.RcvBuf = 64 << 10
	}
	if opts.SndBuf <= 0 {
		opts.SndBuf = 64 << 10
	}
	if opts.Horizon == 0 {
		opts.Horizon = time.Second
	}
	if opts.MaxFiles <= 0 {
		opts.MaxFiles = 1024
	}
	if opts.Source == nil {
		opts.Source = Dull()
	}
	w := &World{opts: opts, coroutines: &coroutines{}}
	w.unclosed = runtime.AddCleanup(w, (*coroutines).stop, w.coroutines)
	w.Reset(opts.Source)
	return w
}

// Reset makes the world as new for another run, driven by src. Threads and objects of the run
// before must not be used again: their memory is handed out anew. It panics when called from a
// thread of the world.
func (w *World) Reset(src Source) {
	if w.phase == running || w.phase == unwinding {
		panic("simnet: Reset during Run")
	}
	if src == nil {
		src = Dull()
	}
	w.phase = fresh
	w.cur, w.run, w.settlers = nil, 0, 0
	w.steps, w.stepCap = 0, w.opts.StepCap
	w.now, w.horizon = 0, w.opts.Horizon
	w.timers, w.timerSeq = w.timers[:0], 0
	w.src, w.actors = src, actorSource(src)
	w.nthreads = 0
	w.observer, w.actor, w.objects = w.opts.Observer, Actor{}, firstObject
	w.past, w.search = nil, nil
	if s, is := src.(*Search); is && s.past != nil {
		s.past.reset()
		w.search, w.past, w.observer = s, s.past, s.past
	}
	w.outcome = Outcome{}
	w.epoch++

	w.mutexes.reset()
	w.conds.reset()
	w.semaphores.reset()
	w.queues.reset()
	w.kernels.reset()
	w.files.reset()
	w.epolls.reset()
	w.items.reset()
	w.eventfds.reset()
	w.resetNetwork()
}

// Run runs main as thread 0, "main", until main has returned, nothing can go on any more, the step
// cap is reached, a thread panics, or Stop is called. Threads that are left are then unwound:
// whatever call they are in panics with a private value, their deferred calls run, and calls into
// the world have no effect any more. Run returns when all have ended.
//
// Each run needs a Reset before it, the first one excepted.
func (w *World) Run(main func()) Outcome {
	if w.phase != fresh {
		panic("simnet: Run needs a Reset after the run before")
	}
	w.phase = running
	w.actor = Actor{} // main
	w.cur = w.spawn("main", main)
	for w.cur != nil {
		w.cur.resume()
	}
	w.phase = unwinding
	for _, t := range w.threads[:w.nthreads] {
		w.unwind(t)
	}
	w.cur = nil
	w.phase = over
	w.outcome.Steps = w.steps
	w.outcome.Now = w.now
	w.outcome.world, w.outcome.epoch = w, w.epoch
	return w.outcome
}

// Stop ends the run from within: the calling thread does not return from Stop, the verdict is
// Stopped. A recorder that has seen enough calls it. Without effect outside Run.
func (w *World) Stop() {
	if w.unwindingCall() || w.phase != running {
		return
	}
	w.end(Stopped)
	w.switchTo(w.cur, nil)
}

// Close ends the goroutines the world holds. The world must not be used afterwards.
func (w *World) Close() {
	if w.phase == running || w.phase == unwinding {
		panic("simnet: Close during Run")
	}
	w.unclosed.Stop()
	w.coroutines.stop()
	w.threads, w.nthreads = nil, 0
	w.phase = over
}

// Reduces reports whether the run is driven by a search that leaves out runs, to which everything that is shared must be told.
func (w *World) Reduces() bool { return w.past != nil }

// Steps returns the number of steps taken in this run so far.
func (w *World) Steps() int { return w.steps }

// Unwinding reports whether the run is over and its remaining threads are being ended. What a
// deferred call does then is not part of the run: a recorder leaves it out.
func (w *World) Unwinding() bool { return w.phase == unwinding }

// Pick takes a choice for the user of the world, usually of KindData: a result in [0,n), 0 without
// asking when n is below 2.
func (w *World) Pick(kind Kind, n int) int {
	if n < 2 || w.phase == unwinding {
		return 0
	}
	v := w.src.Pick(kind, n)
	if uint(v) >= uint(n) {
		v = 0
	}
	if w.past != nil {
		w.past.chose(w.actor, v)
	}
	return v
}

func (w *World) fault(n int) bool {
	return n >= 2 && w.phase == running && w.Pick(KindFault, n) == n-1
}

// end gives the run its verdict, the first one counts.
func (w *World) end(v Verdict) {
	if w.outcome.Verdict == Unfinished {
		w.outcome.Verdict = v
	}
}

// pool hands out objects that live as long as a run and keeps their memory for the next one.
type pool[T any] struct {
	all  []*T
	used int
}

// get returns an object as the last user left it, and whether it is new.
func (p *pool[T]) get() *T {
	if p.used == len(p.all) {
		p.all = append(p.all, new(T))
	}
	p.used++
	return p.all[p.used-1]
}

func (p *pool[T]) reset() { p.used = 0 }

// nth returns the position of the k-th set bit of mask, counted from 0.
func nth(mask uint64, k int) int {
	for ; k > 0; k-- {
		mask &= mask - 1
	}
	return bits.TrailingZeros64(mask)
}
