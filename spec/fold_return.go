package spec

import "net/netip"

// ret closes the interval of a call.
func (l *ledger) ret(t *thread, e *Event) {
	if !t.busy {
		return
	}
	t.busy = false
	if l.polls && l.retReady(t, e) {
		return
	}
	switch v := t.verb; {
	case v == Wait:
		if t.wait != nil {
			l.retWait(t.wait, e)
		}
	case v == Post:
		l.retPort(t, e)
		if t.op != nil {
			l.retPost(t.op, e)
		}
	case v == OpenPort || v == OpenSocket:
		l.retPort(t, e)
		if !e.Status.Ok() {
			l.unmade(t.sock, t, e)
		}
	case v == ClosePort:
		l.retPort(t, e)
		if t.port != nil {
			t.port.closeReturned(t.at, e)
		}
	case v.OfPeer():
		l.retPeer(t, e)
	case v == ExitThread:
		l.retExit(e)
	case v == WaitEvent:
		l.retEvent(t, e)
	case v == QueueAPC:
		t.queueAPC(e)
	case t.sock == nil:
	case v.Starts():
		l.retStart(t.op, e)
	case v == UpdateContext || v == LocalName || v == PeerName:
		l.retCall(t, e)
	case v == Bind:
		l.retCall(t, e)
		p := &t.sock.past
		if p.retBind(t.at, e); !p.bound.called() {
			p.bound = l.beside(t)
		}
		if e.Status.Ok() {
			l.boundTo(t.sock, e.Addr, span{t.at, e.Q})
		}
	case v == Listen:
		l.retCall(t, e)
		l.stands(&t.sock.past.listened, t, e)
		if e.Status.Ok() {
			l.listens(t.sock, e, t.n)
		}
	case v == Associate:
		l.retAssociate(t, e)
	case v == Skip:
		l.retCall(t, e)
		l.stands(&t.sock.skip, t, e)
	case v == ShutdownSocket:
		l.retShutdown(t, e)
	case v == Cancel || v == CancelAll:
		l.retCancel(t, e)
	case v == DuplicateSocket:
		l.retCall(t, e)
		l.retDuplicate(t, e)
	case v == CloseSocket:
		l.retClose(t, e)
	}
}

// unmade enters that a socket, or another handle of one, could not be had. Whatever names it is answered as if it had been closed, which is how it is kept.
func (l *ledger) unmade(s *sock, t *thread, e *Event) {
	if s == nil { // a port
		return
	}
	s.closed = span{t.at, e.Q}
	l.forget(s)
}

// retPort enters the return of a call that opens something, or posts to a port.
func (l *ledger) retPort(t *thread, e *Event) {
	m := &l.handed
	m.blank(e.Q)
	m.sock, m.port, m.thread, m.verb, m.call, m.status = t.sock, t.port, e.Thread, t.verb, span{t.at, e.Q}, e.Status
	l.ask(atPort, m)
}

func (l *ledger) retPost(o *op, e *Event) {
	o.start.r, o.crowd = e.Q, o.port.members()
	if !e.Status.Ok() && !o.taken.done() {
		o.how, o.started, o.endQ = RefusedAtStart, e.Status, e.Q
		l.unlist(o)
		l.recent.add(o.token, 0, wasRefused)
	}
	l.retire(o)
}

func (l *ledger) retAssociate(t *thread, e *Event) {
	s := t.sock
	m := &l.handed
	m.blank(e.Q)
	m.call, m.status, m.sock, m.via, m.port, m.key = span{t.at, e.Q}, e.Status, s, t.via, t.port, t.key
	l.ask(atAssociate, m)
	mine := s.assoc.c == t.at
	switch {
	case e.Status.Ok() && (mine || !s.assoc.done()):
		s.assoc, s.key, s.port = span{t.at, e.Q}, t.key, t.port
		for _, o := range s.live {
			if o.port == nil {
				o.count()
			}
			o.late = !o.keySure && o.start.r < t.at && o.how == Pending && l.undisturbed(o)
		}
		if s.port != nil {
			s.port.calm = false
		}
	case mine:
		s.assoc, s.port = span{}, nil
		if x := l.rival(t); x != nil {
			s.assoc, s.key, s.port = span{x.at, open}, x.key, x.port
		}
	}
}

// stands enters the return of a call, in the span of the one of its kind that answered OK, or of the first that is under way. One that fails makes room for another.
func (l *ledger) stands(of *span, t *thread, e *Event) {
	switch mine := of.c == t.at; {
	case e.Status.Ok() && (mine || !of.done()):
		*of = span{t.at, e.Q}
	case mine:
		*of = l.beside(t)
	}
}

// beside is the call that rival tells of, blank if there is none.
func (l *ledger) beside(t *thread) span {
	if x := l.rival(t); x != nil {
		return span{x.at, open}
	}
	return span{}
}

// rival returns the thread whose call is of the same kind as the one that returns to t, on the same socket, and is the first of those under way: what this one failed to do, it may
// have done.
func (l *ledger) rival(t *thread) (first *thread) {
	for i := range l.threads {
		if x := &l.threads[i]; x.busy && x.verb == t.verb && x.sock == t.sock && (first == nil || x.at < first.at) {
			first = x
		}
	}
	return first
}

func (l *ledger) retShutdown(t *thread, e *Event) {
	s := t.sock
	l.shutReturned(t, e, &s.shutTx, SideReceive)
	if mine := s.shutRx.c == t.at; mine && !e.Status.Ok() {
		s.mayBeShut = true
	}
	if l.shutReturned(t, e, &s.shutRx, SideSend) {
		s.disturb--
	}
	l.retCall(t, e)
}

// shutReturned enters what the return of a shutdown says of a side, which one of the other side alone leaves out. It reports whether the call stood for the side and no
// other does now. One that fails, through a handle that is closed say, takes nothing back that another did meanwhile.
func (l *ledger) shutReturned(t *thread, e *Event, side *span, not Side) bool {
	mine := side.c == t.at
	switch {
	case t.side == not || side.r != open:
	case e.Status.Ok() && side.called():
		if t.at > t.sock.past.againQ { // else it may have been of the connection before: never done
			side.r = e.Q
		}
	case mine:
		*side = l.shutting(t.sock, not)
		mine = !side.called()
	}
	return mine
}

// shutting returns the first shutdown of the socket that is under way, of which one of the other side alone is left out; blank if there is none.
func (l *ledger) shutting(s *sock, not Side) (first span) {
	for i := range l.threads {
		if x := &l.threads[i]; x.busy && x.verb == ShutdownSocket && x.sock == s && x.side != not && (!first.called() || x.at < first.c) {
			first = span{x.at, open}
		}
	}
	return first
}

func (l *ledger) retCancel(t *thread, e *Event) {
	s, o := t.sock, t.op
	all := t.verb == CancelAll
	s.asking = without(s.asking, e.Thread)
	if all || !l.scopeOp {
		s.disturb--
	}
	switch {
	case all:
		for _, o := range s.live {
			if o.start.r >= t.at || o.on != t.via { // whether it reaches what was started through another handle is not documented
				continue
			}
			switch {
			case e.Status.Ok():
				o.askedAll = true
			case e.Status.Code == NotFound && o.disturbs == 1:
				o.refused = true
			}
		}
	case o == nil:
	case e.Status.Ok():
		o.asked = true
	case e.Status.Code == NotFound && o.disturbs == 1 && o.start.r < t.at:
		o.refused = true
	}
	m := &l.handed
	m.blank(e.Q)
	m.call, m.status, m.sock, m.via, m.op, m.key, m.sure, m.idle = span{t.at, e.Q}, e.Status, s, t.via, o, uint64(t.opID), t.ended, all && t.idle && len(s.live) == 0
	l.ask(atCancel, m)
	if o != nil {
		o.holds--
		l.retire(o)
	}
}

func (l *ledger) retClose(t *thread, e *Event) {
	s := t.sock
	if !t.apart {
		s.disturb--
	}
	end := s.end(t.via)
	switch {
	case end.c != t.at:
		s.rivalReturned(t.via, t.at, e)
	case e.Status.Ok():
		end.r = e.Q
	default: // one that was called meanwhile may have closed it instead
		*end = s.rivalOf(t.via)
		s.closing()
	}
	if end.done() && s.allClosed() {
		if c := s.conn; c != nil && !c.limited {
			c.limit, c.limited = c.sentTo(), true
		}
		l.shutDoor(s)
	}
	l.forget(s)
}

func (l *ledger) retStart(o *op, e *Event) {
	if o == nil {
		return
	}
	s := o.sock
	o.start.r = e.Q
	o.how, o.startN, o.started = e.How, e.N, e.Status
	only := e.How == Done && o.flags&EventOnly != 0 && !o.taken.done()
	skipped := e.How == Done && o.skipSure && !o.taken.done() || only
	o.noPack = skipped
	if e.How == Done && !o.taken.done() {
		o.n, o.bytes, o.gotSum, o.knownQ = e.N, e.Data, e.Sum, e.Q
	}
	l.handed.blank(e.Q)
	l.handed.op, l.handed.sock, l.handed.addr, l.handed.noAddr = o, s, e.Addr, e.NoAddr
	if o.verb == SendTo && e.How != RefusedAtStart {
		l.boundTo(s, e.Addr, o.start)
		if o.mail != nil {
			o.mail.call.r = e.Q
		}
	}
	if e.How == RefusedAtStart || skipped {
		s.toldBy(o, e.Status.Code)
	}
	l.ask(atStart, &l.handed)
	if e.How == RefusedAtStart {
		switch {
		case o.verb == Connect:
			s.failed++
		case e.Status.Code == Reset && (o.verb == Receive || o.verb == Send) && !l.unconnected(s):
			if s.hadMet(o.start) {
				s.resetBy(o, e.Status, e.Q)
			}
			s.wasReset(e.Q, s.hadMet(o.start) || s.connects == 0 && s.past.wanted != 0 && s.alone(o.start) && len(s.into) == 0)
		}
	}
	l.retSignal(o, e.Q)
	switch {
	case o.taken.done():
	case e.How == RefusedAtStart:
		l.endOp(o, wasRefused, e.Q)
		l.unstream(o, e.Q)
	case skipped:
		if only {
			l.endOp(o, eventSeen, e.Q)
		} else {
			l.endOp(o, wasSkipped, e.Q)
		}
		l.landed(o, e.Q)
		if o.verb == ReceiveFrom {
			l.receivedFrom(o, e.Status, e.Addr, -1, e.Q)
		}
	case e.How == Done:
		l.landed(o, e.Q)
	}
	if o.verb == Disconnect && (skipped || e.How == RefusedAtStart) {
		l.disconnected(o, e.How == Done && e.Status.Ok(), e.Q)
	}
	l.retire(o)
	l.forget(s)
}

// endOp takes o off the lists of what is outstanding.
func (l *ledger) endOp(o *op, why ending, q uint64) {
	o.endQ = q
	if o.knownQ == 0 {
		o.knownQ = q
	}
	l.unlist(o)
	l.recent.add(o.token, o.id, why)
	l.went[o.verb] = l.went[o.verb] || why != wasRefused
	if o.id != 0 {
		l.byID.dropIf(number(o.id), o)
	}
	o.sock.live = without(o.sock.live, o)
	o.sock.marred = o.sock.marred || !o.succeeded() && !(why == wasRefused && o.started.Code == Shut)
	o.endSignal(why, q)
	l.sentMail(o, why == wasRefused)
	if p := o.port; p != nil {
		p.count--
		p.used(o.key)
	}
	if o.verb != Accept {
		return
	}
	if x := o.into; x != nil {
		x.into, x.past.wanted = without(x.into, o), q
		if why == eventSeen || why != wasRefused && !o.succeeded() { // an event does not say how it ended
			x.past.spared(o)
		}
	}
	// An accept that ended badly may have taken a connection with it; the program is not told which.
	if d := o.sock.door; d != nil && len(d.waiting) > 0 && (o.noPack || !o.succeeded() && why != wasRefused) && o.ended.Native != tooSmall {
		d.eaten++
	}
}

// unstream takes an operation that was refused out of its stream.
func (l *ledger) unstream(o *op, q uint64) {
	s := o.sock
	if o.gaveBytes() {
		s.sent -= uint64(o.length)
	}
	if !o.stream {
		return
	}
	o.stream = false
	if o.gaveBytes() {
		if s.sends[0] == o {
			s.runAt = 0
		}
		s.sends = without(s.sends, o)
		return
	}
	s.recvs = without(s.recvs, o)
	l.place(s, q, false)
}

// landed enters what an operation that has ended brought to its stream, or took from it.
func (l *ledger) landed(o *op, q uint64) {
	switch {
	case o.verb == Receive:
		l.received(o, q)
	case o.verb == Connect && o.length > 0 && !o.succeeded():
		l.unstream(o, q)
	case o.verb == Send && o.succeeded():
		o.goesOut(q)
	case o.verb == Send && o.stream && !o.succeeded() && o.disturbs == 0 && (o.sock.conn == nil || !o.sock.conn.mayReset):
		l.loseSends(o.sock) // it failed for a reason of its own, and how much of it went out is not known
	}
}

// forget drops the page of a closed socket once nothing of it is outstanding and its far end has left. The latest few are
// kept, to judge what a program does with a socket it has closed.
func (l *ledger) forget(s *sock) {
	if !s.closed.done() || len(s.live) > 0 || len(s.asking) > 0 {
		return
	}
	l.shutDoor(s)
	c := s.conn
	if s.buried {
		if c != nil && !c.forgotten && (c.closed.done() || c.abort.done()) {
			l.dropConn(c)
		}
		return
	}
	if c == nil {
		if s.unmet != nil && len(s.recvs) > 0 {
			return // the far end's connect may yet return
		}
	} else if len(s.recvs) > 0 && !s.untold || !c.closed.done() && !c.abort.done() {
		return
	}
	s.buried = true
	if c != nil {
		l.dropConn(c)
	}
	at := l.grave % len(l.graves)
	if old := l.graves[at]; old != nil {
		l.dropSock(old)
	}
	l.graves[at] = s
	l.grave++
}

func (l *ledger) dropSock(s *sock) {
	l.socks.dropIf(number(s.id), s)
	l.buried.add(s.id)
	for _, h := range s.handles {
		l.twins.drop(number(h.id))
		l.buried.add(h.id)
	}
	for _, a := range [...]netip.AddrPort{s.remote, s.local} {
		l.loneSocks.dropIf(address(a), s)
	}
	for _, o := range s.sends {
		o.stream = false
		l.retire(o)
	}
	for _, o := range s.recvs {
		o.stream = false
		l.retire(o)
	}
	clear(s.sends)
	clear(s.recvs)
	s.sends, s.recvs = s.sends[:0], s.recvs[:0]
}
