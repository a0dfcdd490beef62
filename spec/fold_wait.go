package spec

// crowded notes for every wait under way how many other threads may be running: also one whose wait has not returned may have been handed
// a packet already.
func (p *port) crowded() {
	for _, x := range p.waits {
		x.crowd = max(x.crowd, p.running+len(p.waits)-1)
	}
}

// joins enters that the thread belongs to the port, and to no other.
func (t *thread) joins(p *port) {
	if t.member != p && t.member != nil {
		t.member.running--
	}
	t.member = p
}

// doubtsMost is how many waits of a port are kept whose verdict depends on a post that is still there.
const doubtsMost = 16

// retWait enters a wait's return and the packets it brought.
func (l *ledger) retWait(w *wait, e *Event) {
	p := w.port
	w.span.r, w.n, w.status, w.early = e.Q, e.N, e.Status, e.Early
	l.waitedQ = e.Q
	p.waits = without(p.waits, w)
	switch t := &l.threads[w.thread]; {
	case t.member != p && !w.status.Ok() && w.status.Code != TimedOut && w.status.Code != Interrupted: // the port was closed, and it may never have left the other
	default:
		t.joins(p)
		p.running++
		p.crowded()
	}
	m := &l.handed
	m.blank(e.Q)
	m.port, m.wait, m.thread, m.status = p, w, w.thread, e.Status
	l.ask(atWait, m)
	if w.status.Code == TimedOut {
		p.lastDry = w.span
		l.retEmpty(p, w)
		l.stuck(p, w)
		if l.spent(w.span.c, w.ms, e.Q) {
			p.outOfTime = *w
		}
	}
	calm := p.calm
	ahead := 0
	for i := range e.Packets {
		before := len(p.gone)
		l.packet(w, &e.Packets[i], i, ahead, calm)
		if len(p.gone) != before {
			ahead++ // a prune keeps what came with this wait
		}
	}
	if e.N > 0 || len(e.Packets) > 0 {
		p.calm = false // only the first packet after a pause tells something about the waiters' order
	}
	l.waitPages.give(w)
}

// retEmpty enters a wait that ran out of time. Whether the port was empty meanwhile may only be known later.
func (l *ledger) retEmpty(p *port, w *wait) {
	if !l.tellEmpty(p, w, w.span.r) {
		if len(p.doubtful) == doubtsMost {
			p.doubtful = append(p.doubtful[:0], p.doubtful[1:]...)
		}
		p.doubtful = append(p.doubtful, *w)
	}
}

// tellEmpty asks about a wait that ran out of time if it can be told whether the port was empty.
func (l *ledger) tellEmpty(p *port, w *wait, q uint64) bool {
	how := p.dry(l, w)
	if how == depends {
		return false
	}
	m := &l.placing
	m.blank(q)
	m.port, m.wait, m.thread, m.status, m.sure, m.posted = p, w, w.thread, w.status, how == neverDry, len(l.cover) > 0
	l.ask(atEmpty, m)
	return true
}

// resolveDoubts looks once more at the waits whose verdict depended on posts that were still there.
func (l *ledger) resolveDoubts(p *port, q uint64) {
	keep := p.doubtful[:0]
	for i := range p.doubtful {
		if !l.tellEmpty(p, &p.doubtful[i], q) {
			keep = append(keep, p.doubtful[i])
		}
	}
	p.doubtful = keep
}

// packet enters one packet; ahead is how many packets of posts came before it in its wait.
func (l *ledger) packet(w *wait, pe *PacketEvent, index, ahead int, calm bool) {
	m := &l.handed
	m.blank(w.span.r)
	m.port, m.wait, m.packet, m.index, m.ahead, m.thread, m.status = w.port, w, pe, index, ahead, w.thread, pe.Status
	o := l.whose(w.port, pe)
	if o == nil {
		m.ending = l.recent.of(pe.Token)
		l.ask(atPacket, m)
		return
	}
	m.op, m.sock = o, o.sock
	o.taken, o.ended = w.span, pe.Status
	known := o.known()
	if !known {
		o.n, o.bytes, o.gotSum, o.knownQ = pe.N, pe.Data, pe.Sum, w.span.r
	}
	if o.verb == Post {
		l.postTaken(w, o, m, calm)
		return
	}
	s := o.sock
	switch {
	case o.verb == Accept && pe.Status.Ok():
		l.acceptedBy(o, pe, m)
	case o.verb == Connect && pe.Status.Ok():
		s.local, s.met, s.dial = plain(pe.Addr), w.span.r, o.dial
		l.meetOurs(s, o)
	}
	m.conn = s.conn
	if o.verb == Accept {
		m.conn = nil
		if a := l.deliveredBy(o, pe); a != nil {
			m.conn = a.conn
		}
	}
	l.ask(atPacket, m)
	l.slept(w, o)
	s.past.packet(o, w.span.r)
	if o.verb == Accept && o.ended.Native == tooSmall && s.door != nil {
		s.door.small = w.span.r
	}
	switch code := pe.Status.Code; {
	case o.verb == Connect && (code == Refused || code == TimedOut || code == Unreachable):
		s.failed++
	case code == Reset && (o.verb == Receive || o.verb == Send):
		s.wasReset(w.span.r, true)
	}
	s.resetBy(o, pe.Status, w.span.r)
	s.toldBy(o, pe.Status.Code)
	l.endOp(o, packetTaken, w.span.r)
	if o.verb == Disconnect {
		l.disconnected(o, pe.Status.Ok(), w.span.r)
	}
	if !known {
		l.landed(o, w.span.r)
	}
	if o.verb == ReceiveFrom {
		l.receivedFrom(o, pe.Status, pe.Addr, pe.Size, w.span.r)
	}
	if a := l.deliveredBy(o, pe); a != nil {
		l.place(a, w.span.r, false)
	}
	l.retire(o)
	l.forget(s)
}

// deliveredBy returns the socket that an accept delivered, if it is tied to it.
func (l *ledger) deliveredBy(o *op, pe *PacketEvent) *sock {
	if o.verb != Accept || !pe.Status.Ok() || pe.Sock == 0 {
		return nil
	}
	s := l.socks.get(number(pe.Sock))
	if o.into != nil && o.into.id == pe.Sock {
		s = o.into
	}
	if s == nil || s.from != o.sock {
		return nil
	}
	return s
}

func (l *ledger) postTaken(w *wait, o *op, m *matter, calm bool) {
	p := w.port
	if !o.twin && p == o.port {
		m.first = p.inverted(o, m.ahead)
	}
	if calm && m.index == 0 && p.postsSince == 1 && w.blockedBy != 0 && o.start.c > p.quietAt {
		m.since = p.quietAt
		for _, x := range p.waits {
			if x.blockedBy == 0 {
				continue
			}
			m.beside++
			// It was called after a pause by which w had blocked, and cannot have run out of time.
			if x.forever && x.span.c > w.blockedBy {
				m.later = x
			}
		}
	}
	l.ask(atPost, m)
	l.passes(w, o)
	o.endQ = w.span.r
	l.unlist(o)
	l.recent.add(o.token, 0, packetTaken)
	if !o.twin && p == o.port {
		p.took(o)
	}
	if len(o.port.doubtful) > 0 {
		l.resolveDoubts(o.port, w.span.r)
	}
	l.retire(o)
}

// whose finds the operation or post that a packet is for. Of several with the same token it is one that belongs to the port: of posts the
// oldest that looks like the packet.
func (l *ledger) whose(p *port, pe *PacketEvent) *op {
	first := l.byToken.get(number(pe.Token))
	if first == nil || first.next == nil {
		return first
	}
	var best *op
	for o := first; o != nil; o = o.next { // the latest first
		switch {
		case o.verb != Post:
			if pe.Op != 0 && o.id == pe.Op || best == nil && o.sock.port == p {
				best = o
			}
		case o.port != p:
		case o.key == pe.Key && o.length == pe.N:
			if best == nil || best.verb == Post {
				best = o
			}
		case best == nil || best.verb == Post && best.key != pe.Key:
			best = o
		}
	}
	if best == nil {
		return first
	}
	return best
}
