package simnet

import (
	"iter"
	"runtime"
	"runtime/debug"
)

// MaxThreads is the number of threads a run may start: the runnable ones are a bit mask.
const MaxThreads = 64

// Thread is one thread of a run. Its coroutine outlives the run and serves the next one, so that a
// world with five threads is set up in well under a microsecond.
type Thread struct {
	w    *World
	id   int
	bit  uint64
	name string
	body func()

	state   threadState
	call    Call    // where it is parked, or was last
	timer   timer   // of the wait it is in
	relock  *Mutex  // a condition's mutex, to be had before it can go on
	expired bool    // the wait ended by its timer
	monitor Monitor // nil for nearly all

	queue      *WaitQueue // it is parked in, with its neighbours
	prev, next *Thread

	// Its coroutine.
	*coroutine
	yield    func(struct{}) bool
	pull     func() (struct{}, bool)
	chained  bool     // somebody has resumed it, and it has not yielded to them: see switchTo
	cut      bool     // it had not ended when the run did
	noops    int      // calls made while being unwound
	leaving  bool     // gone by runtime.Goexit: the coroutine is used up
	declared []Access // the footprint of its next step, or of the one it is in
	accesses [8]Access
	perhaps  Object // what that step may write besides, 0 for nothing
}

type threadState uint8

const (
	unstarted threadState = iota
	started
	ended
)

// A Monitor is told when a thread stops and starts being able to run: what a completion port's
// limit on running threads counts. The calls come in the middle of a step: they may wake threads,
// but not block, take choices or touch the network.
type Monitor interface {
	Blocked(t *Thread) // t left the runnable threads: it waits, or has ended
	Resumed(t *Thread) // t is among the runnable threads again
}

// Go starts a thread. It is runnable at once but runs only when it is chosen; Go itself is no step.
// It panics outside Run and beyond MaxThreads.
func (w *World) Go(name string, f func()) *Thread {
	switch w.phase {
	case running:
	case unwinding:
		w.unwindingCall()
		t := &Thread{w: w, id: -1, name: name, state: ended} // never runs
		return t
	default:
		panic("simnet: Go outside Run: start threads from the function given to Run")
	}
	return w.spawn(name, f)
}

func (w *World) spawn(name string, f func()) *Thread {
	id := w.nthreads
	if id == MaxThreads {
		panic("simnet: more than 64 threads in one run")
	}
	if id == len(w.threads) {
		w.threads = append(w.threads, newThread(w, id))
	}
	w.nthreads++
	t := w.threads[id]
	t.serves = t
	t.name, t.body = name, f
	t.state = unstarted
	t.call, t.timer = Call{}, timer{thread: t}
	t.relock, t.expired, t.monitor = nil, false, nil
	t.queue, t.prev, t.next = nil, nil, nil
	t.cut, t.noops, t.declared, t.perhaps = false, 0, nil, 0
	w.run |= t.bit
	if w.past != nil {
		w.past.woke(w.actor, id)
		w.numbered(id)
	}
	return t
}

func newThread(w *World, id int) *Thread {
	t := &Thread{w: w, id: id, bit: 1 << id, coroutine: &coroutine{}}
	t.pull, t.stop = iter.Pull(t.serve)
	w.coroutines.of[id] = t.coroutine
	return t
}

// A coroutine has nothing of its world between runs. It is a goroutine, which keeps all that it can reach: so a world that nobody has any more, though nobody closed it, is collected with
// whatever its last runs had in them, and ends its coroutines then.
type coroutine struct {
	serves *Thread // nil between runs
	stop   func()
}

type coroutines struct{ of [MaxThreads]*coroutine }

func (c *coroutines) stop() {
	for _, x := range c.of {
		if x != nil {
			x.stop()
		}
	}
}

// Current returns the thread that is running, nil outside Run.
func (w *World) Current() *Thread { return w.cur }

// ID returns the number of the thread in its run: 0 is main, then in the order of Go. It is -1 for
// a thread that was asked for by a deferred call of a run already over.
func (t *Thread) ID() int { return t.id }

// Name returns the name given to Go.
func (t *Thread) Name() string { return t.name }

// Ended reports whether the thread's function has returned. A search is not told that somebody asked: it is for the thread's Monitor.
func (t *Thread) Ended() bool { return t.state == ended }

// SetMonitor makes m hear of the thread from now on, nil for nobody. The thread is not reported as
// it is at the moment, only when that changes.
func (t *Thread) SetMonitor(m Monitor) { t.monitor = m }

// serve is the life of the coroutine: one thread body after another.
func (c *coroutine) serve(yield func(struct{}) bool) {
	c.serves.yield = yield
	for {
		c.serves.live()
		c.serves.succeed()
		if !yield(struct{}{}) {
			return
		}
	}
}

// live runs the body and turns each way it may end into an outcome.
func (t *Thread) live() {
	t.state = started
	if t.w.observer != nil {
		t.w.actor = Actor{ActorThread, t.id}
		if t.w.past != nil {
			t.w.past.stepped(t.w.actor)
		}
	}
	returned := false
	defer func() {
		t.state = ended
		if returned {
			return
		}
		w := t.w
		v := recover()
		switch {
		case v == nil: // runtime.Goexit, since panic(nil) recovers as *runtime.PanicNilError
			// The coroutine cannot be saved, and leaving now would end the goroutine of Run with it
			// (iter.Pull hands a Goexit on). So it waits here until unwind lets it go in a
			// goroutine of its own.
			t.leaving = true
			if w.phase == running {
				w.end(Exited)
				w.outcome.Thread = t.name
			}
			w.run &^= t.bit
			w.cur = nil
			t.yield(struct{}{})
		case v == any(unwound):
		case w.phase == running:
			w.end(Panicked)
			w.outcome.Thread, w.outcome.Value, w.outcome.Stack = t.name, v, debug.Stack()
		}
	}()
	t.body()
	returned = true
}

// succeed names the thread to run after this one has ended, nil if the run is over.
func (t *Thread) succeed() {
	w := t.w
	w.cur = nil
	if w.phase != running {
		return
	}
	if w.outcome.Verdict != Unfinished {
		return
	}
	// The source, a monitor or a watcher may panic in here, with no thread left to blame but this
	// one.
	defer func() {
		if v := recover(); v != nil {
			w.cur = nil
			w.end(Panicked)
			w.outcome.Thread, w.outcome.Value, w.outcome.Stack = t.name, v, debug.Stack()
		}
	}()
	w.block(t)
	if t.id == 0 {
		w.end(Completed)
		return
	}
	w.cur = w.choose(t, KindThread)
	if w.search != nil {
		w.search.turn(w.cur)
	}
}

func (t *Thread) resume() {
	t.chained = true
	t.pull()
	t.chained = false
}

// unwound is the value an unwound thread panics with.
var unwound = &endOfRun{}

type endOfRun struct{}

func (*endOfRun) Error() string {
	return "simnet: the run is over and this thread is being unwound; do not recover this value"
}

// IsUnwind reports whether a recovered value is the one that unwinds threads at the end of a run.
// Code that recovers everything should pass it on.
func IsUnwind(v any) bool { return v == any(unwound) }

// What a thread may do while it is unwound: deferred calls into the world do nothing, up to a
// number no sane clean-up reaches; then they panic again, against a loop that recovered the first
// time; then they call runtime.Goexit, which cannot be recovered from.
const (
	quietNoops  = 1000
	againNoops  = 2000
	stuckReport = 8
)

// unwindingCall is asked at the head of every call into the world. True means: do nothing.
func (w *World) unwindingCall() bool {
	if w.phase != unwinding {
		return false
	}
	if t := w.cur; t != nil {
		t.noops++
		if t.noops > againNoops {
			runtime.Goexit()
		}
		if t.noops > quietNoops {
			panic(unwound)
		}
	}
	return true
}

// unwind ends t: a thread that never ran is not started for it, one that is parked panics there.
func (w *World) unwind(t *Thread) {
	switch t.state {
	case unstarted:
		t.cut = true
		t.state = ended
	case started:
		t.cut = true
		w.cur = t
		t.resume()
		if t.leaving && t.noops > againNoops && len(w.outcome.Stuck) < stuckReport {
			w.outcome.Stuck = append(w.outcome.Stuck, t.name)
		}
	}
	if t.leaving {
		// stop makes the yield in live return, Goexit goes on, and iter.Pull hands it to whoever
		// called stop: a goroutine made for the purpose.
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			t.stop()
		}()
		<-gone
		t.leaving = false
		fresh := newThread(w, t.id)
		fresh.name, fresh.call, fresh.cut, fresh.state = t.name, t.call, t.cut, ended
		w.threads[t.id] = fresh
	}
	t.serves, t.body = nil, nil
}
