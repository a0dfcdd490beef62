package spec

import "slices"

// A connection has two ends, which the trace knows by different names: a socket of the back end and a far end. They are brought
// together by the address of the end that connected, which both report, whichever comes second. Addresses are used again,
// so that a pair is only made where no other is possible; else the connection is not followed, and nothing is said of it.

// acceptedBy ties the accepted socket to its listener, and to the far end where that is known by now.
func (l *ledger) acceptedBy(o *op, pe *PacketEvent, m *matter) {
	d := o.sock.door
	if d != nil {
		d.accepting++
	}
	s := l.socks.get(number(pe.Sock))
	if o.into != nil && o.into.id == pe.Sock {
		s = o.into
	} else if m.fresh = pe.Sock != 0 && (s == nil || l.widened && !s.opened && s.from == nil); m.fresh {
		s = l.sockOf(pe.Sock)
	} else {
		s = nil // a socket that was there before: nothing that it does is judged by this accept
	}
	if s == nil || s.from != nil {
		if d != nil && len(d.waiting) > 0 {
			d.eaten++
		}
		return
	}
	s.from, s.remote, s.met = o.sock, plain(pe.Addr), o.taken.r
	if !s.opened {
		s.net = o.sock.net
	}
	s.past.connected(o, o.taken.r)
	before := func(x *op) bool { return x.start.c < o.start.c } // of a connection that an earlier accept held, and lost
	if slices.ContainsFunc(s.sends, before) {
		l.loseSends(s)
	}
	if slices.ContainsFunc(s.recvs, before) {
		l.loseReceives(s)
	}
	switch {
	case pe.N <= 0 || o.length <= 0 || !l.follows() || s.untold:
	case !l.seen(pe.Data, pe.Sum, pe.N):
		l.loseReceives(s)
	default:
		o.stream = true
		s.recvs = slices.Insert(s.recvs, 0, o)
	}
	l.meetTheirs(s)
	if s.conn == nil && d != nil && len(d.waiting) > 0 {
		s.unmet = d
		d.eaten++
	}
}

// meetTheirs looks for the far end of an accepted socket.
func (l *ledger) meetTheirs(s *sock) {
	if !s.remote.IsValid() {
		l.loseBoth(s)
		return
	}
	c := l.loneConns.get(address(s.remote))
	if c == nil || c.accepted {
		l.loneSocks.set(address(s.remote), s)
		return
	}
	l.loneConns.drop(address(s.remote))
	if c.gone() && c.door != nil {
		// Its address may be another's by now, of one that does not know it yet or has given up.
		other := c.door.failed > 0 || c.door.own > 0
		for _, x := range c.door.waiting {
			other = other || x.connect.r == open
		}
		if other {
			c.leaveDoor()
			c.door.failed++
			l.loseBoth(s)
			return
		}
	}
	l.join(s, c)
}

// meetOurs looks for the far end of a socket that has connected.
func (l *ledger) meetOurs(s *sock, o *op) {
	if s.conn != nil {
		return
	}
	if !s.local.IsValid() || s.from != nil || o.again && !o.anew {
		l.loseBoth(s)
		return
	}
	c := l.loneConns.get(address(s.local))
	if c != nil && c.accepted {
		l.loneConns.drop(address(s.local))
		if c.connect.r > o.start.c {
			l.join(s, c)
			return
		} // else an earlier socket had the address
	}
	l.loneSocks.set(address(s.local), s)
}

// meetConn looks for the socket of a far end that has connected, or accepted.
func (l *ledger) meetConn(c *conn) {
	a := c.local
	if !a.IsValid() {
		return
	}
	s := l.loneSocks.get(address(a))
	if s != nil && (s.from == nil) == c.accepted {
		l.loneSocks.drop(address(a))
		if s.conn == nil && (c.accepted && !s.closed.called() || !c.accepted && s.met > c.connect.c) {
			l.join(s, c)
			return
		} // else the address was that of an earlier connection
	}
	if old := l.loneConns.get(address(a)); old != nil {
		// Two connections of one address, and no socket for either: which is whose cannot be told.
		for _, x := range [...]*conn{old, c} {
			if x.leaveDoor(); x.door != nil {
				x.door.failed++
			}
		}
		l.loneConns.drop(address(a))
		return
	}
	l.loneConns.set(address(a), c)
}

// join makes one connection of the two ends.
func (l *ledger) join(s *sock, c *conn) {
	s.conn, c.sock, c.taken = c, s, true
	if s.dial != nil && c.accepted {
		s.dial.tried--
		s.dial = nil
	}
	c.leaveDoor()
	if s.unmet != nil {
		s.unmet.eaten--
		s.unmet = nil
	}
	if c.gone() && s.sent > c.read || c.abort.called() || s.past.freeing > 0 {
		c.mayReset = true
	}
	if s.closed.called() {
		c.tooLate = s.closed.c < s.met
	}
	if s.unheard() && c.unread() {
		c.mayReset = true
	}
	if c.blind || s.untold {
		l.loseReceives(s)
	}
	if c.deaf {
		l.loseSends(s)
	}
}

// loseBoth gives up following a connection.
func (l *ledger) loseBoth(s *sock) {
	l.loseReceives(s)
	l.loseSends(s)
}
