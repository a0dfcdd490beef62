package spec

import "slices"

// fold enters one event into the ledger and asks the rules that have something to say about it. Events come in the
// order of their numbers. What makes no sense is passed over: Validate tells what is wrong with a trace.
func (l *ledger) fold(e *Event) {
	if e.Thread < 0 || int(e.Thread) >= len(l.threads) {
		return
	}
	t := &l.threads[e.Thread]
	if l.sim {
		l.stirs(t, e)
	}
	switch e.Kind {
	case NetEvent:
		l.disturbed(e)
		return // nothing that the thread did
	case CallEvent:
		l.call(t, e)
	case ReturnEvent:
		l.ret(t, e)
	case EnterEvent:
		l.enter(e)
	case LeaveEvent:
		l.leave(e)
	case PauseEvent:
		l.pause(t, e)
		l.ready.pause(l, t, e, false)
	case SettleEvent:
		l.settle(e)
		l.pause(t, e)
		l.ready.pause(l, t, e, true)
	case LateEvent:
		l.handed = matter{q: e.Q, key: uint64(e.Op), at: uint64(max(e.N, 0))}
		l.ask(atLate, &l.handed)
	case APCEvent:
		l.runAPC(t, e)
		return // nothing that ends the call that is open
	case EndEvent:
		l.complete = true
	}
	t.last = e.Q
}

// call opens the interval of a call.
func (l *ledger) call(t *thread, e *Event) {
	last, member, apcs := t.last, t.member, t.apcs
	*t = thread{}
	t.last, t.member, t.apcs = last, member, apcs
	t.busy, t.verb, t.at, t.opID, t.length, t.n, t.key, t.token, t.side = true, e.Verb, e.Q, e.Op, e.Len, e.N, e.Key, e.Token, e.Side
	if l.polls && l.callReady(e) {
		return
	}
	switch e.Verb {
	case ExitThread:
		l.callExit(e)
		return
	case OpenEvent:
		if e.Event != 0 && l.events.get(number(e.Event)) == nil {
			l.events.set(number(e.Event), &event{id: e.Event})
		}
		return
	case QueueAPC:
		return
	case WaitEvent:
		t.event = l.events.get(number(e.Event))
		return
	case OpenPort:
		if e.Port != 0 && l.ports.get(number(e.Port)) == nil {
			p := l.newPort(e.Port)
			p.limit = e.N
			l.ports.set(number(e.Port), p)
			t.port = p
		}
		return
	case Post:
		l.callPost(t, e)
		return
	case Wait:
		l.callWait(t, e)
		return
	case ClosePort:
		if t.port = l.ports.get(number(e.Port)); t.port != nil {
			t.port.calm = false
			if !t.port.closed.called() {
				t.port.closed = span{e.Q, open}
			} else if !t.port.closed.done() {
				t.port.rivals = append(t.port.rivals, span{e.Q, open})
			}
		}
		return
	}
	if e.Verb.OfPeer() {
		l.callPeer(t, e)
		return
	}
	s := l.sockOf(e.Sock)
	if s == nil {
		return
	}
	t.sock, t.via, t.port = s, e.Sock, l.ports.get(number(e.Port))
	if c := s.end(e.Sock); c.called() && !c.done() && e.Verb != CloseSocket {
		s.void |= racedClose
	}
	s.named = s.named || e.Verb == Bind || e.Verb == SendTo
	s.parted = s.parted || e.Verb == Disconnect
	switch e.Verb {
	case OpenSocket:
		s.net, s.opened = e.Net, true
	case Associate:
		s.assocs++
		if !s.assoc.called() {
			s.assoc, s.key, s.port = span{e.Q, open}, e.Key, t.port
		}
		if t.port != nil {
			t.port.calm = false // what has been started may bring a packet there, whichever of two associations at once it is that succeeds
		}
	case Skip:
		if !s.skip.called() {
			s.skip = span{e.Q, open}
		}
		for _, o := range s.live {
			o.skipMay = o.skipMay || o.start.r == open
		}
	case ShutdownSocket:
		l.callShutdown(s, e)
	case Bind:
		l.binds = true
		s.past.callBind(e)
	case Listen:
		s.cross(false)
		if !s.past.listened.called() {
			s.past.listened = span{e.Q, open}
		}
	case UpdateContext:
		t.into, t.intoVia = l.sockOf(e.Into), e.Into
		s.past.callContext(e.Q)
	case Cancel, CancelAll:
		l.callCancel(t, s, e)
	case CloseSocket:
		l.callClose(t, s, e)
	case DuplicateSocket:
		l.callDuplicate(t, s, e)
	default:
		if e.Verb.Starts() {
			l.callStart(t, s, e)
		}
	}
}

func (l *ledger) callShutdown(s *sock, e *Event) {
	s.cross(true) // what is still connecting Linux disconnects (net/ipv4/af_inet.c, inet_shutdown)
	s.past.shuts++
	s.past.triedTx = s.past.triedTx || e.Side != SideReceive
	s.past.triedRx = s.past.triedRx || e.Side != SideSend
	if e.Side != SideReceive && !s.shutTx.called() {
		s.shutTx = span{e.Q, open}
	}
	if e.Side != SideSend && !s.shutRx.called() {
		s.shutRx = span{e.Q, open}
		l.disturb(s)
	}
	if c := s.conn; c != nil && s.unheard() && c.unread() {
		c.mayReset = true // what is under way still
	}
}

func (l *ledger) callCancel(t *thread, s *sock, e *Event) {
	s.clouded = true
	s.asking = append(s.asking, e.Thread)
	if e.Verb == CancelAll {
		t.idle = len(s.live) == 0
		l.disturb(s)
		return
	}
	t.ended = l.recent.ended(e.Op)
	if t.op = l.byID.get(number(e.Op)); t.op == nil || t.op.sock != s {
		t.op = nil
	}
	if !l.scopeOp {
		l.disturb(s)
	} else if t.op != nil {
		t.op.disturbs++
	}
	// The token plays the OVERLAPPED pointer: whatever else is outstanding with it may be what is cancelled.
	for o := l.byToken.get(number(e.Token)); o != nil; o = o.next {
		if o.sock != s || o == t.op {
			continue
		}
		if t.ended = false; e.Op == 0 && t.op == nil {
			t.op = o // the recorder knows tokens only
		}
		if l.scopeOp {
			o.disturbs++
		}
	}
	if t.op != nil {
		t.op.holds++
	}
}

func (l *ledger) callClose(t *thread, s *sock, e *Event) {
	if c := s.end(e.Sock); !c.called() {
		*c = span{e.Q, open}
	} else if !c.done() {
		s.rivals = append(s.rivals, handle{e.Sock, span{e.Q, open}})
	}
	for i := range l.threads {
		if x := &l.threads[i]; x != t && x.busy && x.sock == s && x.via == e.Sock {
			s.void |= racedClose
		}
	}
	if t.apart = l.staysOpen(s, e.Q); t.apart {
		return
	}
	s.undone = s.undone || len(s.live) > 0
	l.disturb(s)
	for _, o := range s.into {
		o.disturbs++
	}
	l.abandoned(s.box)
	if c := s.conn; c != nil && c.unread() {
		c.mayReset = true // closing with unread data resets, and so the far end may lose what was sent to it
	}
}

// disturb notes that a call now under way may end the operations of s early.
func (l *ledger) disturb(s *sock) {
	s.disturb++
	for _, o := range s.live {
		o.disturbs++
	}
}

func (l *ledger) callStart(t *thread, s *sock, e *Event) {
	o := l.opPages.take()
	o.id, o.verb, o.token, o.sock, o.length, o.flags = e.Op, e.Verb, e.Token, s, e.Len, e.Flags
	o.start, o.by, o.on = span{e.Q, open}, e.Thread, e.Sock
	o.skipMay, o.skipSure = s.skip.called() || l.alwaysSkip, s.skip.done() || l.alwaysSkip
	o.keySure = s.assoc.done()
	o.data, o.sum = e.Data, e.Sum
	o.disturbs = s.disturb
	if s.closed.called() || s.shutRx.called() && !o.verb.gives() || s.shutTx.called() && o.verb.gives() {
		o.disturbs++
	}
	l.list(o)
	if o.id != 0 {
		l.byID.set(number(o.id), o)
	}
	t.op = o
	s.past.meddled = s.past.meddled || s.past.freeing > 0
	for _, i := range s.asking {
		x := &l.threads[i]
		if x.idle = false; x.verb == Cancel && x.token == o.token && x.op != o {
			x.ended = false
			if l.scopeOp {
				o.disturbs++
			}
		}
	}
	l.callSignal(o, e.Event)
	o.count()
	s.live = append(s.live, o)
	switch e.Verb {
	case Receive:
		l.callReceive(s, o)
	case Send:
		l.callSend(s, o)
	case ReceiveFrom:
		if b := s.box; b != nil && o.flags&EventOnly != 0 {
			b.untold = true // nobody will say which datagram it received
		}
		for _, x := range s.live {
			if x.verb == ReceiveFrom && x != o {
				s.void |= severalRecvs
			}
		}
	case SendTo:
		s.past.binds++
		l.callSendTo(s, o, e)
	case Connect:
		s.past.binds++
		if s.connects == 0 {
			s.past.usual = s.past.answered + 1
		}
		l.callConnect(s, o, e)
	case Accept:
		o.args = e.Args
		if e.Into != 0 {
			o.into, o.intoBy = l.sockOf(e.Into), e.Into
			o.into.cross(false)
			o.into.into, o.into.promised = append(o.into.into, o), true
			o.into.past.meddled = o.into.past.meddled || o.into.past.freeing > 0
			if o.into.closed.called() {
				o.disturbs++
			}
		}
	case Disconnect:
		l.callDisconnect(s, o)
	}
}

// list enters o under its token.
func (l *ledger) list(o *op) {
	if o.next = l.byToken.get(number(o.token)); o.next != nil {
		for x := o.next; x != nil; x = x.next {
			if x.verb == Post && o.verb == Post {
				if x.port == o.port && x.key == o.key && x.length == o.length {
					x.twin, o.twin = true, true
				}
			} else {
				l.muddle(x)
				l.muddle(o)
			}
		}
	}
	l.byToken.set(number(o.token), o)
}

// muddle notes that the packet of o may be another's, and that so what its socket did cannot be told.
func (l *ledger) muddle(o *op) {
	o.muddled, l.shared = true, true
	if o.sock != nil {
		o.sock.void |= sharedToken
	}
}

// unlist makes the token of o free.
func (l *ledger) unlist(o *op) {
	if first := l.byToken.get(number(o.token)); first == o {
		if o.next == nil {
			l.byToken.drop(number(o.token))
		} else {
			l.byToken.set(number(o.token), o.next)
		}
	} else {
		for x := first; x != nil; x = x.next {
			if x.next == o {
				x.next = o.next
				break
			}
		}
	}
	o.next = nil
	if o.verb == Post {
		o.port.remove(o)
	}
}

func (l *ledger) callReceive(s *sock, o *op) {
	if len(s.handlers) > 0 {
		s.void |= repostedEarly
	}
	s.posted = o.id
	parts := false
	for _, x := range s.live {
		if x.verb == Receive && x != o {
			s.void |= severalRecvs
			if parts = (x.flags|o.flags)&WaitAll != 0; parts || l.fifo {
				break
			}
		}
	}
	if o.flags&EventOnly != 0 {
		l.loseReceives(s) // nobody will say how much it received
	}
	if s.untold || !l.follows() {
		return
	}
	if parts && !l.fifo { // one that waits for all may get its bytes in parts, between which another has taken some
		l.loseReceives(s)
		return
	}
	o.stream = true
	if s.recvs = append(s.recvs, o); len(s.recvs) > streamMost {
		l.loseReceives(s)
	}
}

func (l *ledger) callSend(s *sock, o *op) {
	s.sent += uint64(o.length)
	if c := s.conn; c != nil && c.gone() {
		c.mayReset = true // what arrives at a far end that has left is answered by a reset
	}
	if s.blur || !l.follows() || o.length <= 0 {
		return
	}
	if !l.seen(o.data, o.sum, o.length) || l.mixed && len(s.sends) > 0 {
		l.loseSends(s)
		return
	}
	o.stream = true
	if s.sends = append(s.sends, o); s.conn == nil && len(s.sends) > streamMost {
		l.loseSends(s)
	}
}

func (l *ledger) callConnect(s *sock, o *op, e *Event) {
	o.to = plain(e.Addr)
	o.again = s.connects > 0 || s.door != nil || s.from != nil || !s.opened ||
		(s.net == TCP6) != o.to.Addr().Is6() || s.shutRx.called() || s.shutTx.called()
	o.retry = s.connects > 0 && s.connects == s.past.refused && s.past.plain() && s.door == nil && s.opened && (s.net == TCP6) == o.to.Addr().Is6()
	o.tried = s.past.tried
	o.anew = s.past.knew && !o.tried && s.past.again == Connect && !s.past.meddled && s.past.freeing == 0 && (s.net == TCP6) == o.to.Addr().Is6()
	s.past.tried = true
	s.cross(false)
	o.crossed = s.past.listened.called() || len(s.into) > 0 || slices.ContainsFunc(s.live, func(x *op) bool { return x != o && x.verb == Connect })
	s.connects++
	if o.length > 0 {
		l.callSend(s, o) // bytes that go out first
	}
	if o.dial = l.dials.get(address(o.to)); o.dial != nil {
		o.dial.tried++
		o.dial.asked++
	}
	d := l.doorAt(o.to) // also where a far end listens, or did: the address may be a listener's next
	d.connects++
	d.own++
}

func (l *ledger) callPost(t *thread, e *Event) {
	p := l.ports.get(number(e.Port))
	if t.port = p; p == nil {
		return
	}
	o := l.opPages.take()
	o.verb, o.token, o.port, o.key, o.length = Post, e.Token, p, e.Key, e.N
	o.start, o.crowd = span{e.Q, open}, p.members()
	l.list(o)
	p.add(o)
	p.postsSince++
	t.op = o
}

func (l *ledger) callWait(t *thread, e *Event) {
	p := l.ports.get(number(e.Port))
	if t.port = p; p == nil {
		return
	}
	if t.member == p {
		p.running-- // one that comes from another port counts there until it is certain that it waits here
	}
	w := l.waitPages.take()
	w.thread, w.port, w.span, w.max, w.ms, w.forever, w.crowd = e.Thread, p, span{e.Q, open}, e.Len, e.N, e.N < 0, 0
	if w.alertable = e.Flags&Alertable != 0; t.apcs != nil && !t.apcs.forgot {
		w.pending = len(t.apcs.queue)
	}
	t.wait = w
	p.waits = append(p.waits, w)
	p.crowded()
	p.calm = false
}
