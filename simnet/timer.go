package simnet

import (
	"math"
	"time"
)

// timer ends a wait of a thread, or makes a socket knock again. It is part of what it belongs to
// and is never allocated.
type timer struct {
	at     time.Duration
	seq    uint64 // order among timers due at the same instant
	armed  bool
	thread *Thread
	sock   *Sock
}

// Now returns the virtual time since the beginning of the run.
func (w *World) Now() time.Duration {
	w.Touch(ObjectClock, false)
	return w.now
}

// Sleep blocks the calling thread for d of virtual time. It is a Step if d is not positive.
func (w *World) Sleep(d time.Duration) {
	if w.unwindingCall() {
		return
	}
	if d <= 0 {
		w.Step()
		return
	}
	t := w.blocking("Sleep")
	t.declared = nil
	w.arm(&t.timer, d)
	w.park(t, Call{Format: "sleep"})
}

// Settle blocks the calling thread until the world is quiet: no other thread can go on, the network
// has nothing it could deliver, and no timer is due within the horizon of now. When several threads
// wait for that, the one with the lowest ID goes first, and the next one when all is quiet again. A
// thread that sets itself ever new timers within the horizon keeps the world from being quiet; the
// run ends as a livelock.
func (w *World) Settle() {
	if w.unwindingCall() {
		return
	}
	t := w.blocking("Settle")
	t.declared = nil
	w.settlers |= t.bit
	w.park(t, Call{Format: "settle"})
}

// blocking returns the current thread, for a call that makes no sense outside Run.
func (w *World) blocking(call string) *Thread {
	if w.phase != running {
		panic("simnet: " + call + " blocks, and there is no thread to block outside Run")
	}
	w.steps++
	return w.cur
}

// arm sets tm to go off after d from now.
func (w *World) arm(tm *timer, d time.Duration) {
	if w.past != nil {
		w.past.Touched(w.actor, ObjectClock, false)
		if w.past.into != nil {
			w.past.into.armed = true
		}
	}
	at := w.now + d
	if at < w.now {
		at = math.MaxInt64
	}
	w.timerSeq++
	tm.at, tm.seq, tm.armed = at, w.timerSeq, true
	// A sorted slice, not a heap: there are about as many timers as threads, and moving a few
	// pointers is cheaper than sifting. Among equals the new one comes first in the slice, fires
	// last.
	i := len(w.timers)
	for i > 0 && w.timers[i-1].at <= at {
		i--
	}
	w.timers = append(w.timers, nil)
	copy(w.timers[i+1:], w.timers[i:])
	w.timers[i] = tm
}

func (w *World) disarm(tm *timer) {
	if !tm.armed {
		return
	}
	tm.armed = false
	for i := len(w.timers) - 1; i >= 0; i-- {
		if w.timers[i] == tm {
			w.removeTimer(i)
			return
		}
	}
}

func (w *World) removeTimer(i int) {
	copy(w.timers[i:], w.timers[i+1:])
	w.timers = w.timers[:len(w.timers)-1]
}

// tick moves the clock to the next timer and fires it. Of several due at that instant any may be
// the first (KindTime); the others are due now. alone: nobody else could do anything.
func (w *World) tick(alone bool) {
	w.steps++
	if w.observer != nil {
		w.actor = Actor{Kind: ActorTime}
		if w.past != nil && alone {
			w.past.waited(w.actor)
		}
	}
	last := len(w.timers) - 1
	at := w.timers[last].at
	same := 1
	for same <= last && w.timers[last-same].at == at {
		same++
	}
	i := last
	if same > 1 {
		i -= w.Pick(KindTime, same)
	}
	tm := w.timers[i]
	w.removeTimer(i)
	tm.armed = false
	w.now = max(w.now, at)
	if w.observer != nil {
		w.touch(ObjectClock, true)
	}
	if t := tm.thread; t != nil {
		t.expired = true
		if t.queue != nil {
			t.queue.remove(t)
		}
		w.unblock(t)
		return
	}
	tm.sock.knockAgain()
}
