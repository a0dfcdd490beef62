package spec

import "slices"

// What a simulated world tells by standing still. Time is virtual there: it passes when nothing else can happen, and a timer that is due goes off.

// hour is how long, in milliseconds, a wait takes at least by which a runner learns that nothing comes. No timer of a simulated network runs for as long, so that its time is up only
// when everything else has happened (World.Watch).
const hour = 3600_000

// StandsStill is the number of rounds of a pause after which nothing will ever happen again: nobody can go on, and no timer runs.
const StandsStill = -1

// rest is the latest stretch in which everything had come to rest: its packets were in their ports by then.
type rest struct {
	stirred uint64 // number of the latest event by which something may have been set going: of any call but a wait
	under   int    // such calls under way
	since   uint64
	q       uint64 // end of the stretch, 0 if there was none
	marked  bool   // it was a settle mark, before which somebody may have run
	whole   bool   // by then also what a far timer may have brought, which a pause does not wait for
}

// stirs enters an event that may set something going.
func (l *ledger) stirs(t *thread, e *Event) {
	switch e.Kind {
	case CallEvent, ReturnEvent:
		v := t.verb
		if e.Kind == CallEvent {
			v = e.Verb
		}
		if v == Wait || v == WaitReady {
			return
		}
		if e.Kind == CallEvent {
			l.rest.under++
		} else if t.busy {
			l.rest.under--
		}
	case NetEvent, APCEvent:
	default:
		return
	}
	l.rest.stirred = e.Q
}

// rests enters that everything was quiet from since to q.
func (l *ledger) rests(since, q uint64, whole bool) {
	r := &l.rest
	if !l.sim || l.widened || r.under > 0 || r.stirred >= since {
		return
	}
	r.since, r.q, r.whole, r.marked = since, q, whole, false
	for i := range l.ports.slots { // in no order: nobody is asked
		p := l.ports.slots[i].page
		if p == nil {
			continue
		}
		for _, w := range p.waits {
			if w.span.c < since {
				w.asleep, w.crowded = q, p.full(l, w)
			}
		}
	}
}

// full reports whether as many threads as the port allows may have been running during the wait, so that it got nothing.
func (p *port) full(l *ledger, w *wait) bool { return l.limits && w.crowd >= max(p.limit, 1) }

// slept asks about a packet of an operation that w has taken: whether it was in its port when everything had come to rest, and a thread slept there, or had
// run out of time.
func (l *ledger) slept(w *wait, o *op) {
	if !l.sim {
		return
	}
	p, r := w.port, &l.rest
	m := &l.placing
	if w.blockedBy != 0 {
		m.blank(w.span.r)
		m.op, m.port, m.wait, m.thread = o, p, w, w.thread
		l.ask(atRested, m)
	}
	x := &p.outOfTime
	switch {
	case r.under > 0 || o.muddled || !o.keySure || o.sock.port != p || p.closed.called() || o.start.r == open:
		return
	case !l.peers && !o.stopped(): // what the far end did is not told
		return
	case x.span.c > r.stirred && x.span.r < w.span.c && o.start.r < x.span.c && !x.lost && !p.full(l, x):
	case r.q == 0 || r.stirred > r.since || w.span.c < r.q || !r.whole && o.mayLag():
		return
	default:
		i := slices.IndexFunc(p.waits, func(x *wait) bool { return x.asleep == r.q && !x.lost && !x.crowded })
		if i < 0 {
			l.sleptOn(w, o)
			return
		}
		x = p.waits[i]
	}
	x.lost = true // and is accused once
	m.blank(w.span.r)
	m.op, m.port, m.wait, m.thread, m.sure = o, p, x, x.thread, true
	l.ask(atRested, m)
}

// sleptOn asks about a thread that was blocked while everything was at rest, o in its port, and others, which did not run then, may be as many as the port allows.
func (l *ledger) sleptOn(w *wait, o *op) {
	i := slices.IndexFunc(w.port.waits, func(x *wait) bool { return x.asleep == l.rest.q && !x.lost && x.crowded })
	if i < 0 || l.rest.marked {
		return
	}
	x, m := w.port.waits[i], &l.placing
	m.blank(w.span.r)
	m.op, m.port, m.wait, m.thread = o, w.port, x, x.thread
	x.lost = l.ask(atPassed, m)
}

// mayLag reports whether a far timer can have brought the end of o: a connection that is asked for again and again, and what waits for it.
func (o *op) mayLag() bool {
	return !o.stopped() && (o.verb == Connect || o.verb == Accept || o.sock.met == 0 && !o.sock.net.Datagrams())
}

// stopped reports whether the packet says that something was cancelled, or its socket closed, and somebody asked for that.
func (o *op) stopped() bool { return o.disturbs > 0 && o.ended.Code == Aborted }

// spent enters that a wait of so many milliseconds, called at that number, has run out of time: so has every other that was blocked before it began, for certain, and was to take half
// as long at most. Whether it has returned is looked at in the next pause. It reports whether everything had come to rest.
func (l *ledger) spent(c uint64, ms int, q uint64) bool {
	if !l.sim || ms < hour || l.widened {
		return false
	}
	l.timesUp(c, ms/2, q)
	l.rests(c, q, true)
	return true
}

// sleeper is what is known of how long a wait, on a port or on a poller, has been going on.
type sleeper struct {
	blockedBy uint64 // number of the first pause that came while it was under way: it was blocked by then
	due       uint64 // number at which its time was up for certain, 0 before
	overlong  bool   // it was accused of outlasting its time
}

// timeIsUp notes that the time of the wait, which is ms, was up at q, if it was blocked before c and is to take most at most.
func (s *sleeper) timeIsUp(ms int, c uint64, most int, q uint64) {
	if s.due == 0 && s.blockedBy != 0 && s.blockedBy < c && ms >= 0 && ms <= most {
		s.due = q
	}
}

// outlasts reports whether the wait, which has not been accused yet, goes on though its time was up by then, or for ever.
func (s *sleeper) outlasts(since uint64, forGood bool) bool {
	return !s.overlong && (s.due != 0 && s.due <= since || forGood)
}

// timesUp notes of the waits that were blocked before c and were to take that long at most that their time was up at q.
func (l *ledger) timesUp(c uint64, most int, q uint64) {
	for i := range l.ports.slots {
		p := l.ports.slots[i].page
		if p == nil {
			continue
		}
		for _, w := range p.waits {
			w.timeIsUp(w.ms, c, most, q)
		}
	}
	if !l.polls {
		return
	}
	for _, p := range l.ready.pollers {
		for _, w := range p.waits {
			w.timeIsUp(w.ms(), c, most, q)
		}
	}
}

// outlasts asks about the waits on p that have not returned by the end of a pause, though their time was up before it, or the world stands still for good.
func (l *ledger) outlasts(p *port, since uint64, e *Event) {
	for _, w := range p.waits {
		if w.outlasts(since, l.standsStill(e) && w.ms >= 0 && w.span.c < since) {
			m := &l.placing
			m.blank(e.Q)
			m.port, m.wait, m.thread = p, w, w.thread
			w.overlong = l.ask(atOverlong, m)
		}
	}
}

// outlasts is that of waits on pollers.
func (r *readyLedger) outlasts(l *ledger, p *poller, since uint64, e *Event) {
	for _, w := range p.waits {
		if w.outlasts(since, l.standsStill(e) && w.timeout >= 0 && w.at.c < since) {
			r.now = readyMatter{q: e.Q, wait: w, thread: w.thread}
			w.overlong = r.ask(l, atReadyOverlong)
		}
	}
}

// standsStill reports whether nothing will ever happen again after the pause.
func (l *ledger) standsStill(e *Event) bool { return l.sim && e.N == StandsStill }

// ms is how many milliseconds w was to take at most, below 0 for ever: of waits on pollers a trace says it in nanoseconds.
func (w *readyWait) ms() int {
	if w.timeout < 0 {
		return -1
	}
	return (w.timeout-1)/1_000_000 + 1
}
