package spec

// Sockets that AcceptEx and ConnectEx have left without their context.
var ruleContext = []*Rule{
	{
		ID: "ACC-8", Text: "A connection whose socket was not told how it came to it has no names, and cannot be shut down.", Level: SHOULD,
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanContext},
		Sources: []string{"Microsoft Learn, AcceptEx and ConnectEx, Remarks: the functions that a socket without SO_UPDATE_ACCEPT_CONTEXT or SO_UPDATE_CONNECT_CONTEXT can be given",
			"nanomsg/nng#1604: shutdown fails with WSAENOTCONN", "jart/cosmopolitan#1164: getpeername and getsockname after AcceptEx, getpeername and shutdown after ConnectEx"},
		Situations: []string{"accepted: its own name", "accepted: the far end's name", "accepted: shutdown", "connected: the far end's name", "connected: shutdown"},
		Where:      map[string]string{"connected: the far end's name": "connect", "connected: shutdown": "connect"},
		at:         []moment{atCall},
		check: func(l *ledger, m *matter) outcome {
			s := m.sock
			if !s.isBare(m.call) || s.end(m.via).called() {
				return pass
			}
			what := 0
			switch m.verb {
			case LocalName:
				if s.past.binds > 0 {
					return pass // it was bound before
				}
			case PeerName:
				what = 1
			case ShutdownSocket:
				what = 2
			default:
				return pass
			}
			if m.status.Ok() || what > 0 && m.status.Code != NotConnected {
				return bad("%s on %s was answered %s; the socket has not been told how it came to its connection", m.verb, s, m.status)
			}
			if s.past.made == Connect {
				what += 2
			}
			return ok(what)
		},
	},
	{
		ID: "ACC-9", Text: "Bytes can be received and sent on a connection whose socket was not told how it came to it.",
		Profiles: windowsOnly, Needs: []Capability{CanContext},
		Sources:    []string{"Microsoft Learn, AcceptEx and ConnectEx, Remarks: send, WSASend, recv, WSARecv work on such a socket"},
		Situations: []string{"accepted: a receive", "accepted: a send", "connected: a receive", "connected: a send"},
		Where:      map[string]string{"connected: a receive": "connect", "connected: a send": "connect"},
		at:         []moment{atStart, atPacket},
		odd:        true,
		of:         []Verb{Receive, Send},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive && o.verb != Send || !o.sock.isBare(o.start) || o.sock.end(o.on).called() || o.sock.past.between() {
				return pass
			}
			st := o.started
			if m.when == atPacket {
				st = m.packet.Status
			}
			switch st.Code {
			case NotConnected, Invalid:
				return bad("%s came to %s; the socket has a connection, although it was not told how it came to it", o, st)
			case OK:
			default:
				return pass
			}
			what := 0
			if o.sock.past.made == Connect {
				what = 2
			}
			if o.verb == Send {
				what++
			}
			return ok(what)
		},
	},
	{
		ID: "ACC-10", Text: "A connection has both its names, and can be shut down, once its socket was told how it came to it; the far end's name outlasts a shutdown.",
		Profiles: windowsOnly, Needs: []Capability{CanContext},
		Sources: []string{"Microsoft Learn, AcceptEx: SO_UPDATE_ACCEPT_CONTEXT", "Microsoft Learn, ConnectEx: SO_UPDATE_CONNECT_CONTEXT",
			"Wine ws2_32 tests, sock.c, test_shutdown and test_DisconnectEx: getpeername afterwards"},
		Situations: []string{"its own name", "the far end's name", "shutdown", "the far end's name, after a shutdown of both sides", "the far end's name, after a disconnect"},
		Where:      map[string]string{"the far end's name, after a disconnect": "disconnect"},
		at:         []moment{atCall},
		check: func(l *ledger, m *matter) outcome {
			s, p := m.sock, &m.sock.past
			if !p.hadConnection(m.call) || p.bare != 0 && !(p.told.called() && p.told.before(m.call)) || s.end(m.via).called() || p.meddled || p.again != NoVerb {
				return pass
			}
			what, shut := 0, s.shutTx.called() || s.shutRx.called()
			var name = m.addr
			switch m.verb {
			case LocalName:
				if name = s.local; !name.IsValid() {
					name = m.addr
				}
			case PeerName:
				if what, name = 1, p.to; p.made == Accept {
					name = s.remote
				}
				switch {
				case p.left.called():
					what = 4
				case s.shutTx.before(m.call) && s.shutRx.before(m.call) && s.shutTx.called() && s.shutRx.called():
					what = 3
				}
			case ShutdownSocket:
				if what = 2; p.left.called() || s.shutTx.called() && s.shutTx.c < m.call.c || s.shutRx.called() && s.shutRx.c < m.call.c {
					return pass // CON-8 judges a second one
				}
			default:
				return pass
			}
			switch {
			case !m.status.Ok() && (s.conn == nil || m.status.Space == NoSpace):
				return dunno
			case !m.status.Ok() && (!s.firm() || shut && s.conn.fin.called()):
				return pass // nothing may be left of the connection
			case !m.status.Ok():
				return bad("%s on %s was answered %s; the socket has a connection and knows it", m.verb, s, m.status)
			case m.addr != name && name.IsValid() && m.verb != ShutdownSocket:
				return bad("%s on %s was answered %s; it is %s", m.verb, s, m.addr, name)
			}
			return ok(what)
		},
	},
	{
		ID: "ACC-11", Text: "A socket can be told how it came to its connection: the listener it was accepted from, and nothing else, or that it has connected.",
		Profiles: windowsOnly, Needs: []Capability{CanContext},
		Sources: []string{"Microsoft Learn, AcceptEx: SO_UPDATE_ACCEPT_CONTEXT takes the listening socket", "nanomsg/nng#1604: another value is refused",
			"Microsoft Learn, ConnectEx: SO_UPDATE_CONNECT_CONTEXT"},
		Situations: []string{"its listener", "a socket that does not listen", "a socket that has connected"},
		Where:      map[string]string{"a socket that does not listen": "accept-into", "a socket that has connected": "connect"},
		at:         []moment{atCall},
		check: func(l *ledger, m *matter) outcome {
			s, from := m.sock, m.from
			if m.verb != UpdateContext || s.end(m.via).called() || from != nil && from.end(m.fromVia).called() || !s.past.hadConnection(m.call) {
				return pass
			}
			what := 0
			switch {
			case s.past.made == Connect && from == nil:
				what = 2
			case s.past.made == Accept && from != nil && !from.past.listened.called() && !from.closed.called():
				if m.status.Ok() {
					return bad("%s was told that it came from %s, and the answer was ok; that one does not listen", s, from)
				}
				return ok(1)
			case s.past.made != Accept || from == nil || from != s.from || from.closed.called():
				return pass
			}
			if !m.status.Ok() {
				if !s.firm() {
					return pass
				}
				return bad("%s was told how it came to its connection, and the answer was %s", s, m.status)
			}
			return ok(what)
		},
	},
}
