package spec

// DisconnectEx.
var ruleDisconnectEx = []*Rule{
	{
		ID: "CON-9", Text: "A disconnect needs a connection.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanDisconnect},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_DisconnectEx: WSAENOTCONN, WSAENOTSOCK"},
		Situations: []string{"it was never connected", "it is closed"},
		at:         []moment{atStart},
		of:         []Verb{Disconnect},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o.verb != Disconnect {
				return pass
			}
			s := o.sock
			switch end := s.end(o.on); {
			case end.called() && end.before(o.start):
				return checkRefusal(o, []expected{{1, []int64{10038}, "the socket had been closed"}})
			case s.single() && !end.called() && !s.net.Datagrams():
				return checkRefusal(o, []expected{{0, []int64{10057}, "the socket was never connected"}})
			}
			return pass
		},
	},
	{
		ID: "CON-10", Text: "A disconnect that nothing is the matter with is not refused, and ends well, with no bytes.",
		Profiles: windowsOnly, Needs: []Capability{CanDisconnect},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_shutdown_completion_port: a packet, although the socket skips on success", "Microsoft Learn, DisconnectEx: TF_REUSE_SOCKET may be delayed by TIME_WAIT"},
		Situations: []string{"the socket lives on as it is", "the socket skips on success", "the socket is to be used again"},
		Where:      map[string]string{"the socket skips on success": "skip"},
		at:         []moment{atStart, atPacket, atSettledOp},
		of:         []Verb{Disconnect},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Disconnect || o.disturbs > 0 {
				return pass
			}
			s := o.sock
			if m.when == atStart {
				c := s.conn
				if o.how != RefusedAtStart || o.lacks() || s.past.parts != 1 || c == nil || !s.hadMet(o.start) || s.past.bare != 0 || s.past.again != NoVerb || s.resetQ != 0 ||
					c.mayReset && o.flags&Reuse == 0 || c.gone() || c.fin.called() || s.closed.called() || s.end(o.on).called() || s.void != 0 || s.past.triedTx || s.past.triedRx {
					return pass
				}
				return bad("%s was refused with %s; nothing was the matter with the connection", o, o.started)
			}
			if s.past.bare != 0 && !(s.past.told.called() && s.past.told.before(o.start)) {
				return pass // not among what such a socket can be given
			}
			if s.past.meddled {
				return pass // it may be of a later connection than the one that is known
			}
			c := s.conn
			reuse := o.flags&Reuse != 0
			if c == nil || c.abort.called() || c.mayReset && !reuse || reuse && c.closed.called() {
				if m.packet != nil && m.packet.Status.Ok() && m.packet.N == 0 && reuse {
					return ok(2)
				}
				return pass
			}
			if m.when == atSettledOp {
				if reuse || s.sending() {
					return pass
				}
				return bad("%s is still pending, and everything that was to be sent is", o)
			}
			if !m.packet.Status.Ok() || m.packet.N != 0 {
				return bad("%s ended with %s and %d bytes; nothing was the matter with the connection", o, m.packet.Status, m.packet.N)
			}
			switch {
			case reuse:
				return ok(2)
			case o.skipSure:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "CON-11", Text: "After a disconnect that does not free the socket, nothing can be sent and it cannot be connected; what the far end sends is received.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanDisconnect},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_DisconnectEx: WSAESHUTDOWN, WSAEISCONN, and recv goes on"},
		Situations: []string{"a send", "a connect", "a receive"},
		Where:      map[string]string{"a connect": "context", "a receive": "context"},
		at:         []moment{atStart, atPacket},
		odd:        true,
		of:         []Verb{Connect, Receive, Send},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb == Post || !o.sock.past.left.called() || !o.sock.past.left.before(o.start) || o.sock.past.meddled || o.sock.end(o.on).called() || !o.sock.firm() {
				return pass
			}
			switch {
			case o.verb == Send && m.when == atStart:
				return checkRefusal(o, []expected{{0, []int64{10058}, "the socket has been disconnected"}})
			case o.verb == Connect && m.when == atStart:
				return checkRefusal(o, []expected{{1, []int64{10056}, "the socket has been disconnected, and not to be used again"}})
			case o.verb != Receive || o.sock.shutRx.called() || o.disturbs > 0:
			case m.when == atStart && o.how == RefusedAtStart && o.started.Code != NoResources:
				return bad("%s was refused with %s; a disconnect ends the sending side only", o, o.started)
			case m.when == atPacket && !m.packet.Status.Ok():
				return bad("%s ended with %s; a disconnect ends the sending side only", o, m.packet.Status)
			case m.when == atPacket && m.packet.N > 0:
				return ok(2)
			}
			return pass
		},
	},
	{
		ID: "CON-12", Text: "A disconnect that frees the socket ends the connection for the far end.",
		Profiles: windowsOnly, Needs: []Capability{CanDisconnect},
		Sources:    []string{"Microsoft Learn, DisconnectEx: closes the connection"},
		Situations: []string{"the far end read on"},
		at:         []moment{atSettledPeer},
		check: func(l *ledger, m *matter) outcome {
			c := m.conn
			if m.sock != nil || !c.parted.done() || c.gone() {
				return pass
			}
			if !c.sawEnd {
				return bad("far end %d reads on and has seen neither the end of the stream nor a reset; its connection was disconnected at event %d", c.id, c.parted.c)
			}
			return ok(0)
		},
	},
	{
		ID: "CON-13", Text: "A socket that was disconnected to be used again can be: one that was accepted by an accept, one that had connected by a connect.",
		Profiles: windowsOnly, Needs: []Capability{CanDisconnect},
		Sources:    []string{"Microsoft Learn, DisconnectEx: TF_REUSE_SOCKET", "Microsoft Learn, TransmitFile: TF_REUSE_SOCKET, for AcceptEx or ConnectEx as before"},
		Situations: []string{"by an accept", "by a connect"},
		Where:      map[string]string{"by an accept": "accept-into", "by a connect": "connect"},
		at:         []moment{atStart},
		odd:        true,
		of:         []Verb{Accept, Connect},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			s, via, what := o.into, o.intoBy, 0
			switch {
			case o.verb == Accept && s != nil && len(s.into) == 1 && s.net == o.sock.net && o.args == nil && o.sock.door != nil && !o.sock.closed.called() && !o.sock.end(o.on).called():
			case o.verb == Connect && o.to.Addr().Is6() == (o.sock.net == TCP6) && !o.crossed && !o.tried: // how another has left it nothing says
				s, via, what = o.sock, o.on, 1
			default:
				return pass
			}
			p := &s.past
			if p.again == NoVerb || p.meddled || (p.again == Accept) != (what == 0) || p.againQ >= o.start.c || p.made != NoVerb || p.spare != unused || s.closed.called() {
				return pass
			}
			if s.end(via).called() {
				return pass
			}
			for _, x := range s.live {
				if x != o && x.verb == Connect {
					return pass
				}
			}
			if what == 0 && p.bound.called() {
				return pass // it would have to be bound to be connected, and must not be to be accepted into
			}
			if o.how == RefusedAtStart && o.started.Code != NoResources && o.started.Code != Reset && o.started.Code != InUse {
				return bad("%s was refused with %s; the socket had been disconnected to be used again at event %d", o, o.started, p.againQ)
			}
			if o.how == RefusedAtStart {
				return pass
			}
			return ok(what)
		},
	},
}
