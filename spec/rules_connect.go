package spec

import "strings"

var ruleConnect = []*Rule{
	{
		ID: "CON-1", Text: "A connect to a far end that listens succeeds.",
		Profiles: portable, Needs: []Capability{CanConnect},
		Sources:    []string{"Microsoft Learn, ConnectEx"},
		Situations: []string{"it succeeded"},
		at:         []moment{atPacket, atStart, atSettledOp},
		of:         []Verb{Connect},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Connect {
				return pass
			}
			if d := o.dial; d == nil || d.refuses || d.crowded() || !ordinary(m) {
				return pass
			}
			if m.when == atStart {
				if o.how == RefusedAtStart && (!o.lacks() || l.sim && o.started.Code == InUse) && o.sock.startable(o) {
					return bad("%s to %s was refused with %s; the far end listens", o, o.to, o.started)
				}
				return pass
			}
			if m.packet == nil {
				return bad("%s to %s is still pending, and the far end listens", o, o.to)
			}
			if m.packet.Status.Code == InUse && !l.sim {
				return pass // by somebody else: where a socket is bound to every address, that may be found out late (Microsoft Learn, ConnectEx: WSAEADDRINUSE)
			}
			if !m.packet.Status.Ok() {
				return bad("%s to %s ended with %s; the far end listens", o, o.to, m.packet.Status)
			}
			return ok(0)
		},
	},
	{
		ID: "CON-2", Text: "A connect to an address at which nobody listens is refused.",
		Profiles: portable, Needs: []Capability{CanConnect},
		Sources:    []string{"RFC 9293, 3.10.7.1", "Wine ws2_32 tests, sock.c, test_connect: ERROR_CONNECTION_REFUSED"},
		Situations: []string{"refused"},
		at:         []moment{atPacket, atSettledOp},
		of:         []Verb{Connect},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Connect {
				return pass
			}
			if d := o.dial; d == nil || !d.refuses || !ordinary(m) {
				return pass
			}
			if m.packet == nil && strings.HasPrefix(l.about.OS, "windows") {
				return dunno // it tries again for longer than a settle lasts
			}
			if m.packet == nil {
				return bad("%s to %s is still pending, and nobody listens there", o, o.to)
			}
			if m.packet.Status.Code != Refused {
				return bad("%s to %s ended with %s; nobody listens there", o, o.to, m.packet.Status)
			}
			return ok(0)
		},
	},
	{
		ID: "CON-14", Text: "A connect to a far end that listens is not refused because its socket is not associated yet, and is made once it is.",
		Profiles: portable, Needs: []Capability{CanConnect, CanLateAssoc},
		Sources: []string{"Microsoft Learn, ConnectEx: what it asks of the socket is that it is bound", "Microsoft Learn, CreateIoCompletionPort: operations that were started before the association",
			"the contract, capability late-association: operations may be started before the socket is associated"},
		Situations: []string{"it was started"},
		at:         []moment{atStart, atNoClient},
		of:         []Verb{Connect},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Connect || o.keySure || o.dial == nil || o.dial.refuses || o.dial.crowded() || !ordinary(m) || !o.sock.fitsConnect(o) {
				return pass
			}
			switch {
			case m.when == atNoClient:
				return bad("%s to %s, whose socket was associated at event %d, has made no connection: the far end listens, and found none", o, o.to, o.sock.assoc.c)
			case o.how != RefusedAtStart:
				return ok(0)
			case o.lacks() && !(l.sim && o.started.Code == InUse):
				return pass
			}
			return bad("%s to %s was refused with %s; the far end listens, and the socket need not be associated", o, o.to, o.started)
		},
	},
}

// ordinary reports whether nothing stands in the way of the connect but the far end: it is the socket's first, nobody interfered,
// the far end stayed as it was, and the machine had enough of everything. What was called beside it may be why it fails, but not why it never ends.
func ordinary(m *matter) bool {
	o := m.op
	return !o.sock.net.Datagrams() && o.disturbs == 0 && !o.again && (!o.crossed || m.when == atSettledOp) && !o.dial.closed && (m.packet == nil || m.packet.Status.Code != NoResources)
}

// lacks reports whether a start was refused for want of something: memory, a local address, or a turn.
func (o *op) lacks() bool {
	switch o.started.Code {
	case NoResources, InUse, Busy, WouldBlock, Interrupted:
		return true
	}
	return false
}

// startable reports whether a connect was started on a socket that is associated, and fit for it.
func (s *sock) startable(o *op) bool {
	return o.keySure && s.fitsConnect(o) && s.port != nil && !s.port.closed.called()
}

// fitsConnect reports whether a connect was started on a socket that is bound and fit for it: nothing else was to give it a connection.
func (s *sock) fitsConnect(o *op) bool {
	return s.connects == 1 && o.flags == 0 && o.length == 0 && o.event == nil && s.past.bound.done() && s.past.bound.before(o.start) && !s.promised && s.door == nil && s.past.plain() &&
		!s.closed.called() && !s.end(o.on).called() && s.void&racedClose == 0
}
