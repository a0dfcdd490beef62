package spec

var ruleConnect = []*Rule{
	{
		ID: "CON-1", Text: "A connect to a far end that listens succeeds.",
		Profiles: portable, Needs: []Capability{CanConnect},
		Sources:    []string{"Microsoft Learn, ConnectEx"},
		Situations: []string{"it succeeded"},
		at:         []moment{atPacket, atSettledOp},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Connect {
				return pass
			}
			a, known := l.dials[o.to]
			if !known || a.refuses || o.disturbs > 0 {
				return pass
			}
			if m.packet == nil {
				return bad("%s to %s is still pending, and the far end listens", o, o.to)
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
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Connect {
				return pass
			}
			a, known := l.dials[o.to]
			if !known || !a.refuses || o.disturbs > 0 {
				return pass
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
}
