package spec

import "math"

var portable = []string{"portable", "windows"}

var ruleKey = []*Rule{
	{
		ID: "KEY-1", Text: "A packet carries the key of its socket's association, bit for bit.",
		Profiles: portable, Claims: []string{"S6", "S10"},
		Sources:    []string{"Microsoft Learn, CreateIoCompletionPort: CompletionKey", "Microsoft Learn, GetQueuedCompletionStatus: lpCompletionKey"},
		Situations: []string{"one key in flight", "several keys in flight", "key 0 or all ones"},
		Axes:       Axes{"key": "socket"},
		at:         []moment{atPacket},
		of:         []Verb{Connect, Disconnect, Receive, Send, ReceiveFrom, SendTo},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			// An operation that was started while its socket was being associated has a packet under that key, or none at all
			// if it was over before; so there is something to say as soon as there was one association only.
			if o == nil || o.verb == Post || o.verb == Accept || !o.keySure && o.sock.assocs != 1 || o.second() {
				return pass
			}
			if m.packet.Key != o.sock.key {
				return bad("the packet of %s carries key %#x; its socket was associated with key %#x", o, m.packet.Key, o.sock.key)
			}
			switch {
			case o.sock.key == 0 || o.sock.key == math.MaxUint64:
				return ok(2)
			case o.port != nil && len(o.port.keys) > 1:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "KEY-2", Text: "The packet of an accept carries the listener's key, whatever the accepted socket is associated with.",
		Profiles: portable, Claims: []string{"S16"}, Needs: []Capability{CanAccept},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_completion_port: key of the listening socket"},
		Situations: []string{"accepted socket without association", "accepted socket associated before"},
		Where:      map[string]string{"accepted socket associated before": "accept-into"},
		Axes:       Axes{"key": "socket"},
		at:         []moment{atPacket},
		of:         []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Accept || !o.keySure || o.second() {
				return pass
			}
			if m.packet.Key != o.sock.key {
				return bad("the packet of %s carries key %#x; the listener was associated with key %#x", o, m.packet.Key, o.sock.key)
			}
			if o.into != nil && o.into.assoc.done() {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "KEY-3", Text: "A packet arrives at the port that its socket is associated with, and at no other.",
		Profiles: portable, Claims: []string{"S5"},
		Sources:    []string{"Microsoft Learn, CreateIoCompletionPort: a handle is associated with one port"},
		Situations: []string{"one port", "several ports"},
		at:         []moment{atPacket},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb == Post || !o.keySure || o.second() || o.sock.port == nil {
				return pass
			}
			if o.sock.port != m.port {
				return bad("the packet of %s arrived at port %d; its socket is associated with port %d", o, m.port.id, o.sock.port.id)
			}
			if l.ports.n > 1 {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "KEY-4", Text: "A socket is associated once: a second association is refused, and the first stays in force.",
		Profiles: portable, Claims: []string{"S5"},
		Sources:    []string{"Microsoft Learn, CreateIoCompletionPort, Remarks: a handle can be associated with only one port"},
		Situations: []string{"the same port", "another port"},
		at:         []moment{atAssociate},
		check: func(l *ledger, m *matter) outcome {
			s := m.sock
			if !s.assoc.done() || s.port == nil || m.port == nil || m.via != s.id {
				return pass
			}
			if m.status.Ok() {
				return bad("socket %d was associated with port %d again and the answer was ok; it belongs to port %d since event %d", s.id, m.port.id, s.port.id, s.assoc.r)
			}
			if !s.assoc.before(m.call) {
				return pass
			}
			if s.port == m.port {
				return ok(0)
			}
			return ok(1)
		},
	},
}
