package spec

// enter opens the span of a handler.
func (l *ledger) enter(e *Event) {
	if p := l.threads[e.Thread].member; p != nil && e.N > 0 {
		p.busy++
		l.handed.blank(e.Q)
		l.handed.port, l.handed.thread, l.handed.at = p, e.Thread, uint64(p.busy)
		l.ask(atBusy, &l.handed)
	}
	s := l.sockOf(e.Sock)
	if s == nil || e.Verb != Receive {
		return
	}
	if e.Op == 0 || s.posted != e.Op {
		s.void |= repostedEarly // the next one was posted before the handler had begun, or may have been: the recorder does not say whose handler it is
	}
	l.handed.blank(e.Q)
	l.handed.sock, l.handed.thread, l.handed.key = s, e.Thread, uint64(e.Op)
	l.ask(atEnter, &l.handed)
	if len(s.handlers) < 64 { // more than that have been left without a mark
		s.handlers = append(s.handlers, handler{e.Op, e.Thread, e.Q})
	}
	s.last = e.Thread
	s.serial++
}

// leave closes it.
func (l *ledger) leave(e *Event) {
	if p := l.threads[e.Thread].member; p != nil && e.N > 0 && p.busy > 0 {
		p.busy--
	}
	s := l.sockOf(e.Sock)
	if s == nil {
		return
	}
	for i, h := range s.handlers {
		if h.op == e.Op && h.thread == e.Thread {
			s.handlers = append(s.handlers[:i], s.handlers[i+1:]...)
			return
		}
	}
}

// pause notes which waits are blocked, for certain: those that were called before the pause began. Where the recorder
// does not say when that was, the thread's event before it is the latest moment that is certain.
func (l *ledger) pause(t *thread, e *Event) {
	since := e.Since
	if since == 0 {
		since = t.last
	}
	if l.certain(e) {
		l.quiet = span{since, e.Q}
	}
	for _, p := range l.orderedPorts() { // in this order, because rules are asked
		for _, w := range p.waits {
			if w.blockedBy == 0 && w.span.c < since {
				w.blockedBy = e.Q
				if l.certain(e) && !p.closed.called() {
					l.threads[w.thread].joins(p)
				}
			}
		}
		if o := p.oldest; o != nil && o.start.r < since && l.certain(e) {
			l.starved(p, o, since, e)
		} else if len(p.waits) > 0 && p.count > 0 && l.certain(e) && !p.closed.called() {
			if o := l.doneOn(p, since); o != nil {
				l.starved(p, o, since, e)
			}
		}
		l.outlasts(p, since, e)
		l.overPassed(p, since, e)
		p.quietAt, p.postsSince = e.Q, 0
		p.calm = p.oldest == nil && p.count == 0 && !p.closed.called()
	}
	if l.certain(e) {
		l.overdue(since, e.Q)
	}
	l.rests(since, e.Q, false)
	l.rest.marked = l.rest.q == e.Q && e.Kind == SettleEvent
}

// certainRounds is how many canary rounds without a sign of life make a pause in the real world as good as the exact one of a
// simulated world.
const certainRounds = 1000

// certain reports whether everything that can happen has happened by the end of a pause.
func (l *ledger) certain(e *Event) bool { return l.about.World == "sim" || e.N >= certainRounds }

// overdue notes what should have ended: everything was quiet since that number, and its socket had been closed before.
func (l *ledger) overdue(since, q uint64) {
	for s := range l.socks.all() {
		if !s.closed.done() || s.closed.r >= since || s.port == nil {
			continue
		}
		for _, o := range s.live {
			if o.start.r < s.closed.c && o.how == Pending && o.keySure && o.flags&EventOnly == 0 {
				o.overdue, s.port.overdueQ = true, q
			}
		}
	}
}

// stuck asks about what was overdue when a wait began that found nothing. Another wait that is under way may have its packet.
func (l *ledger) stuck(p *port, w *wait) {
	if p.overdueQ == 0 || w.span.c < p.overdueQ || len(p.waits) > 0 {
		return
	}
	p.overdueQ = 0
	for _, s := range l.orderedSocks() {
		for _, o := range s.live {
			if o.overdue && s.port == p {
				m := &l.placing
				m.blank(w.span.r)
				m.op, m.sock, m.conn, m.port, m.wait, m.thread = o, s, s.conn, p, w, w.thread
				l.ask(atOverdue, m)
			}
		}
	}
}

// undisturbed reports whether nothing can have ended o yet: no byte was on its way to it, no connection, and nobody had asked for its end.
func (l *ledger) undisturbed(o *op) bool {
	s := o.sock
	if o.disturbs > 0 || s.clouded || s.closed.called() {
		return false
	}
	switch o.verb {
	case Receive:
		c := s.conn
		return c != nil && !c.blind && !c.unread() && !c.fin.called() && !c.mayReset && o.length > 0
	case Accept:
		return s.door != nil && s.door.connects == 0
	case ReceiveFrom:
		return s.box != nil && !s.box.untold && len(s.box.sent) == 0 && !s.mayMiss
	}
	return false
}

// doneOn returns an operation that was done at its start before that number and whose packet is in p for certain, nil if there is none.
func (l *ledger) doneOn(p *port, since uint64) *op {
	for _, s := range l.orderedSocks() {
		for _, o := range s.live {
			if s.port == p && o.how == Done && o.start.r < since && o.keySure && !o.skipMay && o.flags&EventOnly == 0 && !o.muddled && !s.closed.called() {
				return o
			}
		}
	}
	return nil
}

// starved asks about the threads that have been blocked on p for all of a pause, though o was in it.
func (l *ledger) starved(p *port, o *op, since uint64, e *Event) {
	stands := l.sim && !l.widened && e.Kind == PauseEvent && !p.closed.called()
	for _, w := range p.waits {
		if w.span.c < since && !w.lost {
			l.handed.blank(e.Q)
			l.handed.op, l.handed.port, l.handed.wait, l.handed.thread, l.handed.sure = o, p, w, w.thread, stands
			w.lost = l.ask(atStarved, &l.handed)
		}
	}
}

// settle asks the eventually-rules: everything that was certain to happen must have happened by now. Whatever
// is unfinished is shown in the order of the ids, so that a report does not depend on the order of a map, and is accused once, not at every
// settle again.
func (l *ledger) settle(e *Event) {
	l.settled = true
	m := &l.handed
	socks := l.orderedSocks()
	for _, s := range socks {
		if s.conn == nil && len(s.recvs) > 0 {
			l.loseReceives(s) // if it has a far end, that one is not recorded
		}
		l.place(s, e.Q, true)
	}
	for _, s := range socks {
		for _, o := range s.live {
			if o.lost || o.start.r == open || o.unseen() || s.port == nil || s.port.closed.called() || o.how == Done && o.skipMay || o.flags&EventOnly != 0 {
				continue // nobody could have taken its packet, or none may be due
			}
			m.blank(e.Q)
			m.op, m.sock, m.conn, m.port = o, s, s.conn, s.port
			o.lost = l.ask(atSettledOp, m)
		}
	}
	l.settleMail(e.Q)
	for _, p := range l.orderedPorts() {
		l.settlePort(p, e.Q)
	}
	for _, c := range l.orderedConns() {
		if !c.accused {
			m.blank(e.Q)
			m.conn, m.sock = c, c.sock
			c.accused = l.ask(atSettledPeer, m)
		}
	}
}

func (l *ledger) settlePort(p *port, q uint64) {
	m := &l.handed
	if !p.closed.called() {
		for o := p.oldest; o != nil; {
			next := o.newer
			if o.start.r != open {
				m.blank(q)
				m.op, m.port = o, p
				l.ask(atSettledPost, m)
				o.lost = true
				p.remove(o) // whether it comes later or never, no wait is judged by it
			}
			o = next
		}
		l.resolveDoubts(p, q)
		return
	}
	if !p.closed.done() {
		return
	}
	for _, w := range p.waits {
		if w.span.c < p.closed.c && !w.lost {
			m.blank(q)
			m.port, m.wait, m.thread = p, w, w.thread
			w.lost = l.ask(atSettledWait, m)
		}
	}
}
