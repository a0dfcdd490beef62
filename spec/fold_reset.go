package spec

// What is known of a reset beside that somebody asked for it: that a receive has reported it, and that a far end which closes with something unread resets.

// sentOut is how much of what a socket has sent is certain to be at its far end, read or not.
type sentOut struct {
	sure uint64 // bytes of sends that are known to have succeeded
	q    uint64 // number at which the latest of them was
	was  uint64 // of these, those that had arrived by then
	fits bool   // there was room for what had not been read by then
}

// goesOut enters a send that has succeeded.
func (o *op) goesOut(q uint64) {
	x := &o.sock.out
	x.was = o.sock.arrived()
	x.sure, x.q = x.sure+uint64(max(o.n, 0)), q
	read := uint64(0)
	if c := o.sock.conn; c != nil {
		read = c.read
	}
	x.fits = x.sure >= read && x.sure-read <= roomAlways
}

// roomAlways is how many bytes of a stream there is room for at whoever receives them.
const roomAlways = 128

// arrived is how many bytes of successful sends are at the far end for certain: a wait on the port of s has found nothing since, all the time that it takes until nothing is under
// way any more. One that is called also moves on what the back end itself has kept back.
func (s *sock) arrived() uint64 {
	if s.out.fits && s.port != nil && s.out.q < s.port.outOfTime.span.c {
		return s.out.sure
	}
	return s.out.was
}

// leavesUnread reports whether the far end, which is about to close its connection, has not read everything that is there, for certain.
func (l *ledger) leavesUnread(t *thread, c *conn) bool {
	s := c.sock
	if s == nil || s.parted || s.arrived() <= c.read {
		return false
	}
	for i := range l.threads {
		if x := &l.threads[i]; x != t && x.busy && x.conn == c {
			return false // it may be reading
		}
	}
	return true
}

// resetBy notes that a receive has reported a reset.
func (s *sock) resetBy(o *op, st Status, q uint64) {
	if o.verb == Receive && st.Code == Reset && s.toldReset == 0 && !s.closed.called() {
		s.toldReset = q
	}
}

// saysEnd reports whether a receive is told now, by its packet or for want of one by its start, that the stream has ended.
func (m *matter) saysEnd() bool {
	o := m.op
	switch {
	case o == nil || o.verb != Receive || o.length == 0 || o.muddled:
		return false
	case m.when == atPacket:
		return m.packet.Status.Ok() && m.packet.N == 0
	}
	return o.noPack && o.started.Ok() && o.startN == 0
}

// saysReset reports whether one is told that the connection was reset.
func (m *matter) saysReset() bool {
	o := m.op
	return m.when == atPacket && m.packet.Status.Code == Reset || m.when == atStart && o.how == RefusedAtStart && o.started.Code == Reset
}
