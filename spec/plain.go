package spec

// plain reports whether nothing about a matter is out of the ordinary: an operation on a connection or a listener that nobody disturbs is pending, or
// done as its packet will tell, or has brought what it was to bring; a wait has returned packets, or nothing in time. Most are, and most rules speak of the others: of an ordinary
// packet of a receive 9 rules have something to say, and 31 would look for what is not there. Those are odd.
func (m *matter) plain(at moment) bool {
	switch at {
	case atStart:
		o := m.op
		return o.how != RefusedAtStart && !o.taken.done() && o.plain()
	case atPacket:
		o := m.op
		if o == nil || !m.status.Ok() || o.start.r == open || !o.plain() {
			return false
		}
		switch o.verb {
		case Receive:
			return m.packet.N > 0
		case Accept:
			return m.conn == nil || !m.conn.abort.called()
		}
		return true
	case atWait:
		w := m.wait
		return !w.alertable && w.pending == 0 && !m.port.closed.called() && (w.status.Ok() || w.status.Code == TimedOut)
	}
	return false
}

// plain reports whether nothing is out of the ordinary about an operation but how it went.
func (o *op) plain() bool {
	s := o.sock
	switch {
	case o.flags != 0, o.args != nil, o.into != nil, o.event != nil, !o.started.Ok(), // as it was started
		o.asked, o.askedAll, o.refused, o.disturbs != 0, o.spared != 0, o.orphan, // what was done about it
		o.skipMay, o.noPack, !o.keySure,
		s.closed.called(), s.shutTx.called(), s.shutRx.called(), s.parted, s.eof, s.resetQ != 0, len(s.handles) > 0, // its socket
		s.past.left.called(), s.past.again != NoVerb, s.past.bare != 0:
		return false
	case o.verb == Receive || o.verb == Send:
		return o.length > 0 && s.met != 0
	case o.verb == Accept:
		return o.length == 0 && s.door != nil && s.door.small == 0 && s.past.listened.called() && s.past.made == NoVerb
	}
	return false
}
