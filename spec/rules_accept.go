package spec

var ruleAccept = []*Rule{
	{
		ID: "ACC-1", Text: "No more accepts succeed on a listener than connections were made to it.",
		Profiles: portable, Claims: []string{"S16"}, Needs: []Capability{CanAccept},
		Sources:    []string{"Microsoft Learn, AcceptEx: one connection for each completed call"},
		Situations: []string{"one connection", "several connections"},
		at:         []moment{atPacket},
		of:         []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Accept || !m.packet.Status.Ok() {
				return pass
			}
			if !l.peers {
				return dunno
			}
			d := o.sock.door
			if d == nil {
				return dunno
			}
			if d.accepting > d.connects {
				return bad("%d accepts have succeeded on %s; %d connections were made to it", d.accepting, o.sock, d.connects)
			}
			if d.connects > 1 {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "ACC-2", Text: "Each accept gets a connection of its own, and reports the address of that far end.",
		Profiles: portable, Claims: []string{"S16", "S17"}, Needs: []Capability{CanAccept},
		Sources:    []string{"Microsoft Learn, AcceptEx: the remote address is returned"},
		Situations: []string{"one connection", "several connections"},
		at:         []moment{atPacket},
		of:         []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Accept || !m.packet.Status.Ok() || !l.peers {
				return pass
			}
			d := o.sock.door
			if m.conn != nil {
				if d != nil && d.connects > 1 {
					return ok(1)
				}
				return ok(0)
			}
			if !m.packet.Addr.IsValid() || d == nil || d.own > 0 || d.failed > 0 || o.into != nil && o.into.past.meddled {
				return dunno
			}
			for _, c := range d.waiting {
				if c.connect.r == open {
					return pass // that far end does not know its address yet
				}
			}
			a := plain(m.packet.Addr)
			switch c := l.connAt.get(address(a)); {
			case c == nil:
			case c.sock != nil:
				return bad("%s reports a connection from %s, which an earlier accept had got as socket %d", o, a, c.sock.id)
			case c.door == d && (o.into == nil || m.packet.Sock != o.into.id):
				return pass // it had connected; that no socket can be said to have it is for ACC-6 to tell
			}
			return bad("%s reports a connection from %s; no far end with that address had connected", o, a)
		},
	},
	{
		ID: "ACC-3", Text: "An accept that was posted ahead completes when a connection is made.",
		Profiles: portable, Claims: []string{"S15"}, Needs: []Capability{CanAccept},
		Sources:    []string{"Microsoft Learn, AcceptEx"},
		Situations: []string{"the accept was first"},
		at:         []moment{atPacket, atSettledOp},
		of:         []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			if m.packet != nil {
				return checkAccepted(m, func(o *op, c *conn) bool { return o.start.before(c.connect) })
			}
			return checkUnaccepted(m, func(o *op, c *conn) bool { return !c.connect.before(o.start) })
		},
	},
	{
		ID: "ACC-4", Text: "A connection that finds no accept waits, and completes the next accept that is posted.",
		Profiles: portable, Claims: []string{"S15", "S20"}, Needs: []Capability{CanAccept},
		Sources:    []string{"Microsoft Learn, AcceptEx: connections wait in the backlog of listen"},
		Situations: []string{"the connection was first"},
		at:         []moment{atPacket, atSettledOp},
		of:         []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			first := func(o *op, c *conn) bool { return c.connect.before(o.start) }
			if m.packet != nil {
				return checkAccepted(m, first)
			}
			return checkUnaccepted(m, first)
		},
	},
	{
		ID: "ACC-5", Text: "An accept with room for data completes with the first bytes, or with none once the far end has ended.",
		Profiles: portable, Needs: []Capability{CanAcceptData},
		Sources:    []string{"Microsoft Learn, AcceptEx: dwReceiveDataLength", "Wine ws2_32 tests, sock.c, test_AcceptEx"},
		Situations: []string{"bytes came", "the far end ended without any"},
		at:         []moment{atPacket},
		odd:        true,
		of:         []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Accept || o.length == 0 || !m.packet.Status.Ok() {
				return pass
			}
			if m.packet.N > 0 {
				if m.packet.N > o.length {
					return bad("%s had room for %d bytes and completed with %d", o, o.length, m.packet.N)
				}
				return ok(0)
			}
			if m.conn == nil {
				return dunno
			}
			if !m.conn.fin.called() && !m.conn.mayReset {
				return bad("%s waits for data and completed with none; the far end has not ended", o)
			}
			return ok(1)
		},
	},
	{
		ID: "ACC-6", Text: "An accept into a given socket delivers that socket; one without delivers a new one.",
		Profiles: portable, Claims: []string{"S17"}, Needs: []Capability{CanAccept},
		Sources:    []string{"Microsoft Learn, AcceptEx: sAcceptSocket"},
		Situations: []string{"a given socket", "a new socket"},
		Where:      map[string]string{"a given socket": "accept-into"},
		at:         []moment{atPacket},
		of:         []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Accept || !m.packet.Status.Ok() {
				return pass
			}
			if o.into == nil {
				switch {
				case m.packet.Sock == 0:
					return bad("%s succeeded and delivered no socket", o)
				case !m.fresh:
					return bad("%s was to make a new socket and delivered socket %d, which was there before", o, m.packet.Sock)
				}
				return ok(1)
			}
			if m.packet.Sock != o.into.id {
				return bad("%s was to accept into socket %d and delivered socket %d", o, o.into.id, m.packet.Sock)
			}
			return ok(0)
		},
	},
	{
		ID: "ACC-7", Text: "Outstanding accepts get the connections in the order in which the accepts were posted and the connections made.", Level: SHOULD,
		Profiles: portable, Needs: []Capability{CanAccept},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_AcceptEx: the first client goes to the first AcceptEx"},
		Situations: []string{"in order"},
		at:         []moment{atPacket},
		of:         []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o, c := m.op, m.conn
			if o == nil || o.verb != Accept || c == nil || !m.packet.Status.Ok() || o.length > 0 {
				return pass
			}
			d := o.sock.door
			if d == nil || d.crowded {
				return pass
			}
			compared := false
			for _, a := range d.accepts {
				// both accepts were there before either connection was made
				if max(a.start.r, o.start.r) > min(a.connect.c, c.connect.c) {
					continue
				}
				compared = true
				if o.start.before(a.start) && a.connect.before(c.connect) || a.start.before(o.start) && c.connect.before(a.connect) {
					return bad("%s, posted at event %d, got the connection made at event %d; the accept posted at event %d got the one made at event %d", o, o.start.c, c.connect.c, a.start.c, a.connect.c)
				}
			}
			d.accepts = append(d.accepts, accepted{o.start, c.connect})
			if len(d.accepts) > 64 {
				d.accepts = append(d.accepts[:0], d.accepts[32:]...)
			}
			if compared {
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "ACC-18", Text: "An accept that succeeds tells the address of its far end.",
		Profiles: portable, Needs: []Capability{CanAccept},
		Sources:    []string{"Microsoft Learn, AcceptEx: the remote address is in the output buffer", "accept(2): addr is filled in with the address of the peer", "the contract: Packet.From is the far end of an accept"},
		Situations: []string{"into a given socket", "into a new one"},
		Where:      map[string]string{"into a given socket": "accept-into"},
		at:         []moment{atPacket},
		of:         []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Accept || !m.packet.Status.Ok() || o.args != nil || o.flags != 0 {
				return pass
			}
			switch {
			case m.packet.NoAddr && l.surelyThere(o.sock.door):
				return bad("%s has brought a connection, and not said from where; every far end that it can be of is there", o)
			case !m.packet.Addr.IsValid():
				return dunno // nobody has looked; or it has ended, and has no name any more (getpeername(2): ENOTCONN)
			case o.into != nil:
				return ok(0)
			}
			return ok(1)
		},
	},
}

// surelyThere reports whether every far end whose connection an accept at d can have brought is there, and has ended nothing; one that is still connecting may give up.
func (l *ledger) surelyThere(d *door) bool {
	if !l.peers || d == nil || d.own > 0 || d.failed > 0 || len(d.waiting) == 0 {
		return false
	}
	for _, c := range d.waiting {
		if c.connect.r == open || c.gone() || c.mayReset || c.fin.called() {
			return false
		}
	}
	return true
}

// checkAccepted looks at an accept that succeeded and whose connection stands to it as mine says.
func checkAccepted(m *matter, mine func(*op, *conn) bool) outcome {
	o := m.op
	if o == nil || o.verb != Accept || !m.packet.Status.Ok() || m.conn == nil || !mine(o, m.conn) {
		return pass
	}
	return ok(0)
}

// checkUnaccepted looks at an accept that is pending although everything has settled. Accepts that wait for data may each hold a
// connection that nobody sees, and those that ended badly may have taken one along; a far end that has left may have
// taken its connection with it.
func checkUnaccepted(m *matter, mine func(*op, *conn) bool) outcome {
	o := m.op
	if o == nil || o.verb != Accept || o.into != nil && o.into.closed.called() {
		return pass
	}
	d := o.sock.door
	if d == nil || d.crowded || o.sock.closed.called() || o.sock.shutRx.called() { // the last: Linux listens no more then, and loses what waits
		return pass
	}
	holding, rank := 0, 0
	for _, x := range o.sock.live {
		switch {
		case x.verb != Accept:
		case x.into != nil && x.into.parted:
			return pass // the connection that it may hold is being ended
		case x.length > 0:
			holding++
		case x.start.c < o.start.c:
			rank++ // it is to get a connection before this one
		}
	}
	waiting := 0
	var due *conn
	for _, c := range d.waiting {
		if !c.status.Ok() || c.connect.r == open || c.gone() || c.mayReset || c.connect.c < o.sock.past.listened.c {
			continue // the last: it may have been made with a listener that has closed since, and lost with it
		}
		if waiting++; waiting == 1 {
			due = c
		}
	}
	if due == nil || !mine(o, due) {
		return pass
	}
	if o.length == 0 && waiting > holding+d.eaten+rank {
		return bad("%s is still pending, and far end %d has connected", o, due.id)
	}
	if waiting == 1 && holding == 1 && d.eaten == 0 && d.own == 0 && len(o.sock.live) == 1 && (due.sureTo > 0 || due.fin.done()) {
		return bad("%s is still pending; far end %d has connected and sent %d bytes", o, due.id, due.sureTo)
	}
	return pass
}
