package spec

import "slices"

// How ConnectEx answers.
var ruleConnectEx = []*Rule{
	{
		ID: "CON-3", Text: "A connect on a socket that is not bound, or in use, is refused.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanConnect},
		Sources: []string{"Wine ws2_32 tests, sock.c, test_connect and test_connecting_socket: WSAEINVAL, WSAEISCONN", "Wine ws2_32 tests, sock.c, test_AcceptEx: connect of a socket being accepted into",
			"Microsoft Learn, ConnectEx: WSAEINVAL, WSAEISCONN, WSAENOTSOCK, and WSAEALREADY while another is under way"},
		Situations: []string{"it is not bound", "it listens", "it is connecting", "it has connected", "it was accepted", "an accept is for it", "it is closed"},
		Where:      map[string]string{"it listens": "accept", "it was accepted": "accept-into", "an accept is for it": "accept-into cancel"},
		at:         []moment{atStart},
		of:         []Verb{Connect},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o.verb != Connect {
				return pass
			}
			s, p, start := o.sock, &o.sock.past, o.start
			var list []expected
			add := func(situation int, what string, numbers ...int64) {
				list = append(list, expected{situation, numbers, what})
			}
			switch end := s.end(o.on); {
			case end.called() && end.before(start):
				add(6, "the socket had been closed", 10038)
				return checkRefusal(o, list)
			case end.called() || p.between() || p.again != NoVerb:
				return pass
			}
			if l.binds && s.opened && !p.bound.called() && !p.listened.called() && s.connects == 1 && s.from == nil && len(s.into) == 0 && p.spare == unused {
				add(0, "the socket is not bound", 10022)
			}
			if p.listened.called() && p.listened.before(start) {
				add(1, "the socket listens", 10022)
			}
			if p.hadConnection(start) {
				what := 3
				if p.made == Accept {
					what = 4
				}
				add(what, "the socket is connected", 10056)
			}
			for _, x := range s.live {
				// it may have connected by now, but not have been refused
				if x != o && x.verb == Connect && x.start.before(start) && x.how != RefusedAtStart && x.disturbs == 0 && x.dial != nil && !x.dial.refuses && !x.dial.closed {
					add(2, "the socket is connecting", 10022, 10056, 10037)
				}
			}
			for _, x := range s.into {
				if d := x.sock.door; x.start.before(start) && x.disturbs == 0 && x.args == nil && d != nil && d.connects == 0 {
					add(5, "an accept is for the socket", 10022)
				}
			}
			return checkRefusal(o, list)
		},
	},
	{
		ID: "CON-4", Text: "A connect that is refused says that the connection was refused, and has sent nothing.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanConnect},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_connect and test_connect_completion_port: STATUS_CONNECTION_REFUSED"},
		Situations: []string{"refused"},
		at:         []moment{atPacket},
		of:         []Verb{Connect},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Connect || m.packet.Status.Code != Refused {
				return pass
			}
			any, so := m.packet.Status.numbered(ntRefused)
			switch {
			case any && !so, m.packet.N != 0:
				return bad("%s ended with %s and %d bytes; refused is %#x and none", o, m.packet.Status, m.packet.N, int64(ntRefused))
			case !any:
				return dunno
			}
			return ok(0)
		},
	},
	{
		ID: "CON-5", Text: "A socket whose connect was refused can be connected elsewhere.",
		Profiles: windowsOnly, Needs: []Capability{CanConnect},
		Sources:    []string{"Microsoft Learn, ConnectEx: after WSAECONNREFUSED, WSAENETUNREACH or WSAETIMEDOUT it can be called again"},
		Situations: []string{"it has connected"},
		at:         []moment{atStart, atPacket},
		of:         []Verb{Connect},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Connect || !o.retry || o.disturbs > 0 || o.sock.end(o.on).called() || o.dial == nil || o.dial.closed || o.dial.crowded() || o.crossed {
				return pass
			}
			st := o.started
			if m.when == atPacket {
				st = m.packet.Status
			}
			switch {
			case m.when == atStart && o.how != RefusedAtStart || st.Code == NoResources || st.Code == InUse && !l.sim || m.when == atPacket && o.dial.refuses:
				return pass
			case !st.Ok():
				return bad("%s ended with %s; all that had happened to its socket is that it was refused elsewhere", o, st)
			}
			return ok(0)
		},
	},
	{
		ID: "CON-6", Text: "A connect that succeeds has sent the bytes that it was given, as they were when it was started.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanConnect},
		Sources:    []string{"Microsoft Learn, ConnectEx: lpSendBuffer", "Wine ws2_32 tests, sock.c, test_connect_completion_port: their number", "Wine ws2_32 tests, sock.c, test_connect: the buffer is overwritten at once"},
		Situations: []string{"no bytes", "some bytes", "the far end has read them"},
		at:         []moment{atPacket, atPeerRead},
		of:         []Verb{Connect},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Connect {
				return pass
			}
			switch {
			case m.when == atPeerRead && m.found == inPlace:
				return ok(2)
			case m.when == atPeerRead || !m.packet.Status.Ok():
				return pass
			case m.packet.N != o.length:
				return bad("%s succeeded, and reports that %d of its %d bytes were sent", o, m.packet.N, o.length)
			case o.length > 0:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "CON-7", Text: "A socket without a connection has no far end's name.",
		Profiles: windowsOnly, Needs: []Capability{CanContext, CanConnect},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_connecting_socket: WSAENOTCONN while a ConnectEx is pending", "Microsoft Learn, getpeername: WSAENOTCONN"},
		Situations: []string{"it was never connected", "it is being refused"},
		at:         []moment{atCall},
		check: func(l *ledger, m *matter) outcome {
			s := m.sock
			if m.verb != PeerName || s.end(m.via).called() || s.past.meddled || s.past.made != NoVerb || s.past.again != NoVerb || s.net.Datagrams() {
				return pass
			}
			what := 0
			if !s.single() {
				what = 1
				if s.connects != 1 || s.from != nil || len(s.into) > 0 || s.past.spare != unused {
					return pass
				}
				if !slices.ContainsFunc(s.live, func(o *op) bool { // one that was cancelled may have connected all the same
					return o.verb == Connect && o.dial != nil && o.dial.refuses && o.start.before(m.call)
				}) {
					return pass
				}
			}
			if m.status.Code != NotConnected {
				return bad("%s told a far end's name (%s); it has no connection", s, m.status)
			}
			return ok(what)
		},
	},
	{
		ID: "CON-8", Text: "A shutdown needs a connection, and can be repeated.",
		Profiles: windowsOnly, Needs: []Capability{CanShutdown},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_shutdown", "Microsoft Learn, shutdown: WSAENOTCONN"},
		Situations: []string{"it was never connected", "it listens", "once more"},
		at:         []moment{atCall},
		check: func(l *ledger, m *matter) outcome {
			s := m.sock
			if m.verb != ShutdownSocket || s.end(m.via).called() || s.net.Datagrams() {
				return pass
			}
			if s.single() {
				if m.status.Code != NotConnected {
					return bad("%s was shut down, and the answer was %s; it has no connection", s, m.status)
				}
				if s.past.listened.called() {
					return ok(1)
				}
				return ok(0)
			}
			side := Side(m.at)
			again := (side == SideReceive || s.shutTx.called() && s.shutTx.before(m.call)) && (side == SideSend || s.shutRx.called() && s.shutRx.before(m.call))
			if !again || s.past.between() || s.past.again != NoVerb || !s.firm() || s.conn.fin.called() {
				return pass
			}
			if !m.status.Ok() {
				return bad("%s was shut down again, and the answer was %s", s, m.status)
			}
			return ok(2)
		},
	},
}
