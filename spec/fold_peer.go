package spec

import (
	"net/netip"
	"slices"
)

// plain brings the ways of writing one address to one.
func plain(a netip.AddrPort) netip.AddrPort {
	if a.Addr().Is4In6() {
		return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
	}
	return a
}

// doorAt returns the page of a listening address; a listener on every address of the machine has one page for all.
func (l *ledger) doorAt(a netip.AddrPort) *door {
	d := l.doors.get(address(a))
	if d != nil && d.listener != nil {
		return d
	}
	for _, any := range [...]netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()} {
		if w := l.doors.get(address(netip.AddrPortFrom(any, a.Port()))); w != nil && w.listener != nil {
			return w
		}
	}
	if d == nil {
		d = l.newDoor(a)
		l.doors.set(address(a), d)
	}
	return d
}

// listens gives a door to a listener. Connects that were tried before it had told its address are its own.
func (l *ledger) listens(s *sock, e *Event, backlog int) {
	a := plain(e.Addr)
	if !a.IsValid() {
		return
	}
	d := l.doors.get(address(a))
	if d == nil {
		d = l.newDoor(a)
		l.doors.set(address(a), d)
	}
	if a.Addr().IsUnspecified() {
		for _, y := range slices.Collect(l.doors.all()) { // only sums are formed, so their order does not matter
			if y.addr.Port() != a.Port() || y == d || y.listener != nil {
				continue
			}
			d.connects += y.connects
			d.own += y.own
			d.failed += y.failed
			d.waiting = append(d.waiting, y.waiting...)
			for _, c := range y.waiting {
				c.door = d
			}
			l.doors.drop(address(y.addr))
		}
		slices.SortFunc(d.waiting, func(a, b *conn) int { return int(int64(a.id) - int64(b.id)) })
	}
	d.listener, d.backlog, s.door = s, max(backlog, 1), d
	d.crowded = len(d.waiting) > d.backlog
}

// shutDoor forgets a door whose listener has been closed, unless a connect to it is under way. Where a close leaves accepts, it listens until they have ended.
func (l *ledger) shutDoor(s *sock) {
	d := s.door
	if d == nil || d.listener != s || l.leaves && len(s.live) > 0 {
		return
	}
	d.listener = nil
	for _, c := range d.waiting {
		if c.connect.r == open {
			return
		}
	}
	l.doors.dropIf(address(d.addr), d)
}

// leaveDoor takes a far end off its door: it has been accepted, or never will be.
func (c *conn) leaveDoor() {
	if c.door != nil {
		c.door.waiting = without(c.door.waiting, c)
	}
}

func (l *ledger) callPeer(t *thread, e *Event) {
	l.peers = true
	if l.callStation(t, e) {
		return
	}
	switch e.Verb {
	case PeerListen:
		return
	case PeerConnect, PeerAccept:
		if e.Peer == 0 || l.conns.get(number(e.Peer)) != nil {
			return
		}
		c := l.newConn(e.Peer)
		c.connect, c.accepted = span{e.Q, open}, e.Verb == PeerAccept
		if c.accepted {
			l.taken++
		} else {
			d := l.doorAt(plain(e.Addr))
			d.connects++
			d.waiting = append(d.waiting, c)
			if c.door = d; d.listener != nil && len(d.waiting) > d.backlog {
				d.crowded = true
			}
		}
		l.conns.set(number(e.Peer), c)
		t.conn = c
		return
	}
	c := l.conns.get(number(e.Peer))
	if t.conn = c; c == nil {
		if d := l.dialByID.get(number(e.Peer)); d != nil && e.Verb == PeerClose {
			d.closed = true
		}
		return
	}
	if c.closed.called() && !c.closed.done() {
		c.severed = false // whatever this is, it may be there before the close
	}
	switch e.Verb {
	case PeerSend:
		switch n := max(e.Len, 0); {
		case c.fin.done():
			t.late = true // the far end has ended its stream: this send fails
		case c.fin.called():
			l.blind(c) // another thread is ending it: nobody knows how much of this goes before
		case !l.seen(e.Data, e.Sum, n) || !l.follows():
			l.blind(c)
		case l.sums:
			c.say(n, e.Sum)
			c.sending = true
		default:
			c.log = append(c.log, e.Data...)
			c.sending = true
		}
		if s := c.sock; s != nil && s.unheard() {
			c.mayReset = true // data that nobody will read is answered by a reset (RFC 1122, 4.2.2.13)
		}
	case PeerHalfClose:
		l.callEnd(c, e)
	case PeerClose:
		l.callEnd(c, e)
		if !c.closed.called() {
			c.closed = span{e.Q, open}
			c.severed = c.fin.c == e.Q && l.leavesUnread(t, c)
		}
		if s := c.sock; s != nil && s.sent > c.read {
			c.mayReset = true // unread data turns the close into a reset
		}
	case PeerAbort:
		if !c.abort.called() {
			c.abort = span{e.Q, open}
		}
		c.mayReset = true
	}
}

// callEnd notes that the far end ends its stream.
func (l *ledger) callEnd(c *conn, e *Event) {
	if !c.fin.called() {
		c.fin = span{e.Q, open}
	}
	if c.sending {
		c.mayReset = true // how much of the send went out before the end is only known when it returns
	}
}

// blind gives up following what a far end sends.
func (l *ledger) blind(c *conn) {
	if c.blind = true; c.sock != nil {
		l.loseReceives(c.sock)
	}
	c.log, c.heard, c.base, c.cursor, c.sureTo = c.log[:0], nil, 0, 0, 0
}

// retPeer enters the return of a far end's call.
func (l *ledger) retPeer(t *thread, e *Event) {
	if l.retStation(t, e) {
		return
	}
	if t.verb == PeerListen {
		a := plain(e.Addr)
		d := &dial{addr: a, refuses: e.Refuse}
		if !d.refuses {
			l.listening++
		}
		l.dials.set(address(a), d)
		l.dialByID.set(number(e.Peer), d)
		return
	}
	c := t.conn
	if c == nil || c.forgotten {
		return
	}
	switch t.verb {
	case PeerConnect, PeerAccept:
		l.retMeet(c, e)
	case PeerSend:
		l.retSend(t, c, e)
	case PeerRead:
		if c.dryQ = 0; e.Status.Code == TimedOut {
			c.dryQ = t.at
		}
		l.peerRead(c, e)
	case PeerHalfClose:
		if c.fin.r = e.Q; !e.Status.Ok() {
			c.mayReset = true // whether the far end's stream has ended is not known
		}
	case PeerClose:
		if c.closed.r = e.Q; c.fin.r == open {
			c.fin.r = e.Q
		}
		l.partWith(c)
	case PeerAbort:
		c.abort.r = e.Q
		l.partWith(c)
	}
}

func (l *ledger) retMeet(c *conn, e *Event) {
	c.connect.r, c.status = e.Q, e.Status
	if c.accepted {
		l.heardAt(c, e)
	}
	if !e.Status.Ok() {
		// The platform may have made the connection all the same, and then nobody knows its address.
		if c.leaveDoor(); c.door != nil {
			c.door.failed++
			if d := c.door; d.listener == nil && len(d.waiting) == 0 && l.doors.n > 1024 {
				l.doors.dropIf(address(d.addr), d)
			}
		}
		l.dropConn(c)
		return
	}
	c.local = plain(e.Addr) // of an accept: the socket's address
	if !c.accepted {
		l.connAt.set(address(c.local), c)
	}
	l.meetConn(c)
	if c.sock != nil {
		l.place(c.sock, e.Q, false)
	}
}

// heardAt enters what the accept of a far end has come to.
func (l *ledger) heardAt(c *conn, e *Event) {
	if e.Status.Ok() {
		return
	}
	l.taken--
	if e.Status.Code != TimedOut || l.listening != 1 || l.taken > 0 || l.quiet.r >= c.connect.c { // more than one may have been waited for, or it may be on its way
		return
	}
	for _, s := range l.orderedSocks() {
		for _, o := range s.live {
			if o.verb != Connect || o.dial == nil || o.dial.asked != 1 || o.start.r == open || !s.assoc.done() || s.port == nil || s.port.closed.called() {
				continue
			}
			// Somebody has waited since on the port, which is where a back end may make it.
			if d := s.port.lastDry; s.assoc.r < d.c && o.start.r < d.c && d.r < l.quiet.c {
				m := &l.placing
				m.blank(e.Q)
				m.op, m.sock, m.port = o, s, s.port
				l.ask(atNoClient, m)
			}
		}
	}
}

func (l *ledger) retSend(t *thread, c *conn, e *Event) {
	if !e.Status.Ok() && e.Status.Code != TimedOut {
		c.mayReset = true
	}
	if t.late || c.blind {
		return
	}
	c.sending = false
	if unsent := t.length - max(e.N, 0); unsent > 0 && l.sums {
		c.unsay(uint64(unsent))
	} else if unsent > 0 {
		keep := c.cursor
		if all := c.sentTo(); all > c.cursor+uint64(unsent) {
			keep = all - uint64(unsent)
		}
		c.log = c.log[:keep-c.base]
	}
	c.sureTo = c.sentTo()
}

// partWith drops the page of a connection that both ends have left.
func (l *ledger) partWith(c *conn) {
	if s := c.sock; s != nil {
		l.forget(s)
		return
	}
	// Its socket may still come: the connection was made, and may be accepted later.
	at := l.stray % len(l.strays)
	if old := l.strays[at]; old != nil && old.sock == nil && !old.forgotten {
		if old.leaveDoor(); old.door != nil {
			old.door.failed++
		}
		l.dropConn(old)
	}
	l.strays[at] = c
	l.stray++
}

func (l *ledger) dropConn(c *conn) {
	c.forgotten = true
	l.conns.dropIf(number(c.id), c)
	l.connAt.dropIf(address(c.local), c)
	l.loneConns.dropIf(address(c.local), c)
	c.letGo()
}

// unheard reports whether what the far end sends finds nobody who will read it: the socket is closed, or both its sides have been shut down, which is what RFC 1122, 4.2.2.13,
// calls half-duplex. With the receiving side alone nothing is sent: see SND-10.
func (s *sock) unheard() bool { return s.closed.called() || s.shutRx.called() && s.shutTx.called() }
