package simnet

import "math/bits"

// Step is a point at which another thread may be let in: it comes before every visible effect. The
// source is asked (KindPreempt) unless nobody else could do anything. 0 goes on with the current
// thread, 1 and up are the other runnable threads in order of ID, then the links with something to
// deliver, then, if a timer is due within the horizon, the clock. A delivery or a tick is a step of
// its own, after which the choice is taken again. Outside Run it does nothing.
func (w *World) Step() {
	if w.phase != running {
		w.unwindingCall()
		return
	}
	if w.observer != nil {
		w.cur.declared = nil
	}
	w.step(w.cur)
}

func (w *World) step(t *Thread) {
	w.steps++
	if w.run == t.bit && w.nlinks == 0 && !w.timeIsNear() && w.steps < w.stepCap {
		if w.past != nil {
			w.past.stepped(w.actor)
		}
		return // nobody else could do anything
	}
	w.reschedule(t, KindPreempt)
}

// Yield lets somebody else go first (KindYield): the links with something to deliver, then the
// other runnable threads, beginning with the one after the current in order of ID, then the current
// thread, last the clock. A loop that waits for another thread must Yield, since a Step lets the
// dull source go on with the same thread for ever.
func (w *World) Yield() {
	if w.phase != running {
		w.unwindingCall()
		return
	}
	w.steps++
	w.cur.declared = nil
	if w.past != nil && w.past.into != nil {
		w.past.into.yields = true
	}
	w.reschedule(w.cur, KindYield)
}

// reschedule lets the chosen thread run and returns when t is chosen.
func (w *World) reschedule(t *Thread, kind Kind) {
	next := w.choose(t, kind)
	if w.search != nil {
		w.search.turn(next)
	}
	if next != t {
		w.switchTo(t, next)
	}
	if w.observer != nil {
		w.actAsThread()
		if w.past != nil {
			w.past.stepped(w.actor)
		}
	}
}

// switchTo leaves t for next, or for the end of the run if next is nil, and returns when t is chosen
// again. It hands over directly: t resumes next itself, which makes one coroutine switch of what would
// be two by way of Run (a forced switch between two threads took 82 ns where it took 120 on a busy
// machine). So Run and the threads that have resumed one another form a chain. Who is in it cannot be resumed, but whoever is above it gives way:
// each yields to the one that resumed it until that is the chosen one, or, at the end, Run.
func (w *World) switchTo(t, next *Thread) {
	w.cur = next
	for w.cur != t {
		if n := w.cur; n != nil && !n.chained {
			n.resume()
			continue
		}
		t.yield(struct{}{})
		if w.phase == unwinding {
			panic(unwound)
		}
	}
}

// park takes t off the runnable threads and returns when it is back among them and chosen. The call
// is what the report of a deadlock will say.
func (w *World) park(t *Thread, call Call) {
	t.call = call
	w.block(t)
	w.reschedule(t, KindThread)
}

// block takes t off the runnable threads.
func (w *World) block(t *Thread) {
	w.run &^= t.bit
	if t.monitor != nil {
		t.monitor.Blocked(t)
	}
}

// unblock puts t among the runnable threads, or among those who wait for the mutex it has to have
// first. Its timer is off.
func (w *World) unblock(t *Thread) {
	if w.past != nil {
		w.past.woke(w.actor, t.id)
	}
	if m := t.relock; m != nil {
		if w.past != nil && w.past.into != nil {
			w.past.into.touch(m.object, true) // whether it can go on depends on the mutex
		}
		m.waiters |= t.bit
		if m.owner != nil {
			return
		}
	}
	if w.run&t.bit != 0 {
		return
	}
	w.run |= t.bit
	if t.monitor != nil {
		t.monitor.Resumed(t)
	}
}

// choose takes steps of the network and of the clock until a thread is chosen, and returns it; nil
// means that the run is over. t is the current thread, runnable or not.
func (w *World) choose(t *Thread, kind Kind) *Thread {
	for {
		if w.search != nil {
			w.search.stepped(w, kind)
		}
		if w.steps >= w.stepCap {
			w.end(Livelock)
			return nil
		}
		threads := bits.OnesCount64(w.run)
		n := threads + w.nlinks
		if n == 0 {
			if !w.quiet() {
				w.end(Deadlock)
				return nil
			}
			continue
		}
		if w.timeIsNear() {
			n++
		}
		k := 0
		if n > 1 {
			k = w.pickActor(t, kind, n)
			if w.outcome.Verdict != Unfinished { // a search has been here before
				return nil
			}
		}
		if kind == KindYield {
			if k < w.nlinks {
				w.deliver(w.nthLink(k))
				continue
			}
			k -= w.nlinks
			if k < threads {
				return w.threads[w.inTurn(t, k)]
			}
			w.tick(false)
			continue
		}
		if k < threads {
			others := w.run
			if w.run&t.bit != 0 {
				if k == 0 {
					return t
				}
				others &^= t.bit
				k--
			}
			return w.threads[nth(others, k)]
		}
		if k -= threads; k < w.nlinks {
			w.deliver(w.nthLink(k))
			continue
		}
		w.tick(false)
	}
}

// timeIsNear reports whether a timer is due within the horizon.
func (w *World) timeIsNear() bool {
	n := len(w.timers)
	return n > 0 && w.timers[n-1].at-w.now <= w.horizon
}

// inTurn returns the k-th runnable thread counted from the one after t; t comes last.
func (w *World) inTurn(t *Thread, k int) int {
	shift := t.id + 1
	return (nth(bits.RotateLeft64(w.run, -shift), k) + shift) & 63
}

// quiet is called when no thread and no link can go on. The clock moves to the next timer within
// the horizon; else a thread that waits for quiet has what it waited for; else the clock moves on
// however far. False: nothing will ever happen again.
func (w *World) quiet() bool {
	switch {
	case w.timeIsNear():
		w.tick(true)
	case w.settlers != 0:
		id := bits.TrailingZeros64(w.settlers)
		w.settlers &= w.settlers - 1
		w.actor = Actor{ActorThread, id}
		if w.past != nil {
			w.past.waited(w.actor)
		}
		w.unblock(w.threads[id])
	case len(w.timers) > 0:
		w.tick(true)
	default:
		return false
	}
	return true
}

func (w *World) pickActor(t *Thread, kind Kind, n int) int {
	if w.actors == nil {
		if w.search != nil {
			return w.search.pickAt(w, t, kind, n)
		}
		v := w.src.Pick(kind, n)
		if uint(v) >= uint(n) {
			return 0
		}
		return v
	}
	list := w.actorsBuf[:0]
	if kind == KindYield {
		list = w.appendLinks(list)
		for k := range bits.OnesCount64(w.run) {
			list = append(list, Actor{ActorThread, w.inTurn(t, k)})
		}
	} else {
		others := w.run
		if others&t.bit != 0 {
			list = append(list, Actor{ActorThread, t.id})
			others &^= t.bit
		}
		for ; others != 0; others &= others - 1 {
			list = append(list, Actor{ActorThread, bits.TrailingZeros64(others)})
		}
		list = w.appendLinks(list)
	}
	if len(list) < n {
		list = append(list, Actor{Kind: ActorTime})
	}
	w.actorsBuf = list
	v := w.actors.PickActor(kind, list)
	if uint(v) >= uint(n) {
		return 0
	}
	return v
}

func (w *World) appendLinks(list []Actor) []Actor {
	for i, word := range w.links {
		for ; word != 0; word &= word - 1 {
			list = append(list, Actor{ActorLink, i<<6 + bits.TrailingZeros64(word)})
		}
	}
	return list
}

// nthLink returns the number of the k-th link that has something to deliver.
func (w *World) nthLink(k int) int {
	for i, word := range w.links {
		n := bits.OnesCount64(word)
		if k < n {
			return i<<6 + nth(word, k)
		}
		k -= n
	}
	panic("simnet: the count of busy links is wrong")
}
