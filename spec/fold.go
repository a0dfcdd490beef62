package spec

import "net/netip"

// fold enters one event into the ledger and asks the rules that have something to say about it. Events come in the
// order of their numbers.
func (l *ledger) fold(e *Event) {
	switch e.Kind {
	case CallEvent:
		l.call(e)
	case ReturnEvent:
		l.ret(e)
	case EnterEvent:
		l.enter(e)
	case LeaveEvent:
		l.leave(e)
	case PauseEvent:
		for _, p := range l.ports {
			p.quiet, p.fresh = e.Q, true
		}
	case SettleEvent:
		l.settle(e)
	case LateEvent:
		l.ask(atLate, &matter{q: e.Q, op: &op{id: e.Op}, at: uint64(e.N)})
	case EndEvent:
		l.complete = true
	}
}

// call opens the interval of a call.
func (l *ledger) call(e *Event) {
	t := &l.threads[e.Thread]
	*t = thread{busy: true, call: *e, at: e.Q}
	switch e.Verb {
	case OpenPort:
		l.ports[e.Port] = &port{id: e.Port, keys: map[uint64]int{}}
		return
	case OpenSocket:
		l.socks[e.Sock] = &sock{id: e.Sock, last: -1}
		return
	case Post:
		l.callPost(t, e)
		return
	case Wait:
		l.callWait(t, e)
		return
	}
	if e.Verb.OfPeer() {
		l.callPeer(t, e)
		return
	}
	t.port = l.ports[e.Port]
	t.sock = l.socks[e.Sock]
	if e.Verb == ClosePort {
		if t.port != nil && !t.port.closed.called() {
			t.port.closed = span{e.Q, open}
		}
		return
	}
	s := t.sock
	if s == nil {
		return
	}
	switch e.Verb {
	case Associate:
		if !s.assoc.called() {
			s.assoc, s.key, s.port = span{e.Q, open}, e.Key, t.port
		}
	case Skip:
		if !s.skip.called() {
			s.skip = span{e.Q, open}
		}
	case ShutdownSocket:
		if e.Side != SideReceive && !s.shutTx.called() {
			s.shutTx = span{e.Q, open}
		}
		if e.Side != SideSend && !s.shutRx.called() {
			s.shutRx = span{e.Q, open}
			l.disturb(s, nil)
		}
	case Cancel:
		t.op = l.byID[e.Op]
		if t.op == nil {
			t.op = l.byToken[e.Token] // a recorder that knows tokens only
			if t.op != nil && (e.Op != 0 || t.op.sock != s) {
				t.op = nil
			}
		}
		if t.op != nil {
			t.op.holds++
		}
		if l.about.Axes.Get("cancel-scope") == "op" {
			if t.op != nil {
				t.op.disturbs++
			}
		} else {
			l.disturb(s, nil)
		}
		s.clouded = true
	case CancelAll:
		t.idle = len(s.live) == 0
		l.disturb(s, nil)
		s.clouded = true
	case CloseSocket:
		if !s.closed.called() {
			s.closed = span{e.Q, open}
		}
		l.disturb(s, s)
		if c := s.conn; c != nil && c.sentTo() > c.cursor {
			c.mayReset = true // closing with unread data resets, and so the far end may lose what was sent to it
		}
	default:
		if e.Verb.Starts() {
			l.callStart(t, s, e)
		}
	}
}

// disturb notes that a call now under way may end the operations of s early, and accepts into it as well.
func (l *ledger) disturb(s, into *sock) {
	s.disturb++
	for _, o := range s.live {
		o.disturbs++
	}
	if into == nil {
		return
	}
	for _, o := range l.byID {
		if o.into == into {
			o.disturbs++
		}
	}
}

func (l *ledger) callStart(t *thread, s *sock, e *Event) {
	o := l.newOp()
	o.id, o.verb, o.token, o.sock, o.length = e.Op, e.Verb, e.Token, s, e.Len
	o.start = span{e.Q, open}
	o.skipMay, o.skipSure = s.skip.called(), s.skip.done()
	o.keySure = s.assoc.done()
	o.data, o.to = e.Data, e.Addr
	o.disturbs = s.disturb
	if s.closed.called() {
		o.disturbs++
		if !s.closed.done() {
			s.void |= startedAtClose
		}
	}
	if e.Into != 0 {
		o.into = l.socks[e.Into]
	}
	o.next = l.byToken[o.token]
	l.byToken[o.token] = o
	if o.id != 0 {
		l.byID[o.id] = o
	}
	t.op = o
	for i := range l.threads {
		if x := &l.threads[i]; x.busy && x.sock == s {
			x.idle = false
		}
	}
	if s.port != nil {
		s.port.keys[s.key]++
		s.port.fresh = false
	}
	switch e.Verb {
	case Receive:
		if len(s.handlers) > 0 {
			s.void |= repostedEarly
		}
		for _, x := range s.live {
			if x.verb == Receive {
				s.void |= severalRecvs
			}
		}
		o.stream = true
		s.recvs = append(s.recvs, o)
	case Send:
		s.sent += uint64(o.length)
		if o.stream = o.length > 0; o.stream {
			s.sends = append(s.sends, o)
		}
		if c := s.conn; c != nil && (c.closed.called() || c.abort.called()) {
			c.mayReset = true
		}
	}
	s.live = append(s.live, o)
}

func (l *ledger) callPost(t *thread, e *Event) {
	p := l.ports[e.Port]
	t.port = p
	if p == nil {
		return
	}
	o := l.newOp()
	o.verb, o.token, o.port, o.key, o.length = Post, e.Token, p, e.Key, e.N
	o.start = span{e.Q, open}
	o.next = l.byToken[o.token]
	l.byToken[o.token] = o
	p.posts = append(p.posts, o)
	t.op = o
}

func (l *ledger) callWait(t *thread, e *Event) {
	p := l.ports[e.Port]
	t.port = p
	if p == nil {
		return
	}
	t.wait = &wait{thread: e.Thread, port: p, span: span{e.Q, open}, max: e.Len}
	p.waits = append(p.waits, t.wait)
	if p.quiet != 0 && e.Q > p.quiet {
		p.fresh = false
	}
}

func (l *ledger) callPeer(t *thread, e *Event) {
	l.peers = true
	switch e.Verb {
	case PeerListen:
		return
	case PeerConnect, PeerAccept:
		c := &conn{id: e.Peer, connect: span{e.Q, open}, to: e.Addr, accepted: e.Verb == PeerAccept}
		if !c.accepted {
			if c.listener = l.listens[e.Addr]; c.listener != nil {
				c.listener.connects++
			}
		}
		l.conns[e.Peer] = c
		t.conn = c
		return
	}
	c := l.conns[e.Peer]
	t.conn = c
	if c == nil {
		return
	}
	switch e.Verb {
	case PeerSend:
		c.log = append(c.log, e.Data...)
		if e.Data == nil {
			c.log = append(c.log, make([]byte, e.Len)...)
		}
		if s := c.sock; s != nil && s.closed.called() {
			c.mayReset = true // data at a closed socket is answered by a reset
		}
	case PeerHalfClose:
		if !c.fin.called() {
			c.fin = span{e.Q, open}
		}
	case PeerClose:
		if !c.fin.called() {
			c.fin = span{e.Q, open}
		}
		c.closed = span{e.Q, open}
		if c.sock == nil || c.sock.sent > c.read {
			c.mayReset = true // unread data turns the close into a reset
		}
	case PeerAbort:
		c.abort = span{e.Q, open}
		c.mayReset = true
	}
}

// ret closes the interval of a call.
func (l *ledger) ret(e *Event) {
	t := &l.threads[e.Thread]
	if !t.busy {
		return
	}
	t.busy = false
	m := matter{q: e.Q, call: span{t.at, e.Q}, status: e.Status, thread: e.Thread, sock: t.sock, port: t.port}
	switch v := t.call.Verb; {
	case v == Wait:
		if t.wait != nil {
			l.retWait(t.wait, e)
		}
	case v == Post:
		if t.op == nil {
			return
		}
		t.op.start.r = e.Q
		if !e.Status.Ok() {
			t.op.started = e.Status
			t.op.how = RefusedAtStart
			l.unlist(t.op)
		}
		l.retire(t.op)
	case v == ClosePort:
		if t.port != nil && t.port.closed.c == t.at {
			t.port.closed.r = e.Q
		}
	case v.OfPeer():
		l.retPeer(t, e)
	case t.sock == nil:
	case v.Starts():
		l.retStart(t.op, e)
	case v == Listen:
		if e.Status.Ok() {
			t.sock.addr = e.Addr
			l.listens[e.Addr] = t.sock
		}
	case v == Associate:
		l.retAssociate(t, e, &m)
	case v == Skip:
		if t.sock.skip.c == t.at {
			t.sock.skip.r = e.Q
			if !e.Status.Ok() {
				t.sock.skip = span{}
			}
		}
	case v == ShutdownSocket:
		if t.sock.shutTx.c == t.at {
			t.sock.shutTx.r = e.Q
		}
		if t.sock.shutRx.c == t.at {
			t.sock.shutRx.r = e.Q
			t.sock.disturb--
		}
	case v == Cancel || v == CancelAll:
		l.retCancel(t, e, &m)
	case v == CloseSocket:
		if t.sock.closed.c == t.at {
			t.sock.closed.r = e.Q
		}
		t.sock.disturb--
		if c := t.sock.conn; c != nil && !c.limited {
			c.limit, c.limited = c.sentTo(), true
		}
		l.ask(atClose, &m)
		l.forget(t.sock)
	}
}

func (l *ledger) retAssociate(t *thread, e *Event, m *matter) {
	m.key = t.call.Key
	l.ask(atAssociate, m)
	s := t.sock
	if s.assoc.c != t.at {
		return
	}
	s.assoc.r = e.Q
	if !e.Status.Ok() {
		s.assoc, s.port = span{}, nil
	}
}

func (l *ledger) retCancel(t *thread, e *Event, m *matter) {
	s := t.sock
	m.op = t.op
	m.key = uint64(t.call.Op)
	m.idle = t.idle && len(s.live) == 0
	if t.call.Verb == CancelAll || l.about.Axes.Get("cancel-scope") != "op" {
		s.disturb--
	}
	if t.call.Verb == CancelAll {
		for _, o := range s.live {
			if e.Status.Ok() && o.start.r < t.at {
				o.askedAll = true
			}
		}
	} else if o := t.op; o != nil {
		if e.Status.Ok() {
			o.asked = true
		} else if e.Status.Code == NotFound && o.disturbs == 1 && o.start.r < t.at {
			o.refused = true
		}
	}
	l.ask(atCancel, m)
	if t.op != nil {
		t.op.holds--
		l.retire(t.op)
	}
}

func (l *ledger) retStart(o *op, e *Event) {
	if o == nil {
		return
	}
	o.start.r = e.Q
	o.how, o.startN, o.started = e.How, e.N, e.Status
	s := o.sock
	switch {
	case e.How == RefusedAtStart:
		l.ask(atStart, &matter{q: e.Q, op: o, sock: s})
		if !o.taken.done() {
			l.endOp(o, wasRefused)
		}
		l.unstream(o)
	case e.How == Done && o.skipSure && !o.taken.done():
		o.noPack = true
		o.n, o.bytes = e.N, e.Data
		l.ask(atStart, &matter{q: e.Q, op: o, sock: s})
		l.endOp(o, wasSkipped)
	default:
		l.ask(atStart, &matter{q: e.Q, op: o, sock: s})
	}
	if o.resolved() {
		l.place(s, e.Q, false)
	}
	l.retire(o)
}

// endOp takes o off the lists of what is outstanding.
func (l *ledger) endOp(o *op, why ending) {
	l.unlist(o)
	l.recent.add(o.token, why)
	if o.id != 0 && l.byID[o.id] == o {
		delete(l.byID, o.id)
	}
	if s := o.sock; s != nil {
		s.live = without(s.live, o)
		if s.port != nil {
			if s.port.keys[s.key]--; s.port.keys[s.key] <= 0 {
				delete(s.port.keys, s.key)
			}
		}
	}
}

// unlist makes the token of o free.
func (l *ledger) unlist(o *op) {
	if l.byToken[o.token] == o {
		if o.next == nil {
			delete(l.byToken, o.token)
		} else {
			l.byToken[o.token] = o.next
		}
	} else {
		for x := l.byToken[o.token]; x != nil; x = x.next {
			if x.next == o {
				x.next = o.next
				break
			}
		}
	}
	o.next = nil
	if o.verb == Post {
		o.port.posts = without(o.port.posts, o)
	}
}

// unstream takes an operation that was refused out of its stream.
func (l *ledger) unstream(o *op) {
	if !o.stream {
		return
	}
	s := o.sock
	o.stream = false
	if o.verb == Send {
		s.sends = without(s.sends, o)
		s.sent -= uint64(o.length)
	} else {
		s.recvs = without(s.recvs, o)
	}
}

func without[T comparable](list []T, x T) []T {
	for i, y := range list {
		if x == y {
			return append(list[:i], list[i+1:]...)
		}
	}
	return list
}

// forget drops the page of a closed socket once nothing of it is outstanding.
func (l *ledger) forget(s *sock) {
	if !s.closed.done() || len(s.live) > 0 || len(s.recvs) > 0 {
		return
	}
	if l.listens[s.addr] == s {
		delete(l.listens, s.addr)
	}
	if c := s.conn; c == nil || c.closed.done() || c.abort.done() {
		delete(l.socks, s.id)
		if c != nil {
			l.dropConn(c)
		}
	}
}

func (l *ledger) dropConn(c *conn) {
	delete(l.conns, c.id)
	if l.connAt[c.local] == c {
		delete(l.connAt, c.local)
	}
	for _, a := range [...]netip.AddrPort{c.local, c.remote} {
		if l.loneConns[a] == c {
			delete(l.loneConns, a)
		}
	}
}
