package spec

// ruleWindowsEnds are rules of what ends an operation, or a direction, and what does not.
var ruleWindowsEnds = []*Rule{
	{
		ID: "RCV-12", Text: "A receive that is pending when the program shuts the receiving side down stays pending, and receives what comes.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanShutdown},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_shutdown"},
		Situations: []string{"bytes came for it"},
		at:         []moment{atPacket, atSettledOp},
		odd:        true,
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive || !o.start.done() || o.how != Pending {
				return pass
			}
			s, c := o.sock, o.sock.conn
			if !s.shutRx.called() || !o.start.before(s.shutRx) || s.closed.called() || s.clouded || s.parted || o.orphan {
				return pass
			}
			if m.packet != nil {
				switch {
				case m.packet.Status.Ok() && m.packet.N > 0:
					return ok(0)
				case m.packet.Status.Code == Aborted && o.disturbs-o.spared <= 1 || m.packet.Status.Code == Shut: // it counts among what disturbs it
					return bad("%s ended with %s when the receiving side was shut down", o, m.packet.Status)
				case !m.packet.Status.Ok() || o.length == 0:
					return pass // RCV-6
				case c == nil:
					return dunno
				case !c.fin.called() && !c.mayReset:
					return bad("%s reported the end of the stream, which had not ended: the receiving side was shut down", o)
				}
				return pass
			}
			switch {
			case c == nil || c.mayReset || s.untold || !l.surelyDue(s, o):
				return pass
			case c.sureTo > c.cursor:
				return bad("%s was pending when the receiving side was shut down, and still is; what waits for it is %d bytes from position %d of the stream", o, c.sureTo-c.cursor, c.cursor)
			}
			return bad("%s was pending when the receiving side was shut down, and still is; the far end has ended the stream", o)
		},
	},
	{
		ID: "SND-10", Text: "The far end's stream ends when the program has shut the sending side down or closed the socket; shutting the receiving side down sends nothing.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_shutdown", "RFC 9293, 3.6"},
		Situations: []string{"the sending side was shut down", "the socket was closed", "the receiving side was shut down, and the stream went on"},
		Where:      map[string]string{"the receiving side was shut down, and the stream went on": "shutdown"},
		at:         []moment{atPeerRead, atSettledPeer},
		check: func(l *ledger, m *matter) outcome {
			s, c := m.sock, m.conn
			if s == nil || c.sawReset || s.parted {
				return pass
			}
			switch {
			case m.when == atSettledPeer:
				if s.shutRx.done() && !c.sawEnd && !c.gone() && !s.shutTx.called() && !s.closed.called() {
					return ok(2)
				}
				return pass
			case !c.sawEnd || m.op != nil || m.found != inPlace:
				return pass
			case s.shutTx.called():
				return ok(0)
			case s.closed.called():
				return ok(1)
			case !c.mayReset:
				return bad("far end %d read the end of the stream; %s has neither been shut down for sending nor closed", c.id, s)
			}
			return pass
		},
	},
	{
		ID: "CLS-7", Text: "What closing a socket ends says STATUS_CANCELLED; of a connection also STATUS_CONNECTION_ABORTED or STATUS_LOCAL_DISCONNECT.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32}, Axes: Axes{"close": "abort"}, Assume: []string{"DSC-3"},
		Sources: []string{
			"Microsoft Learn, closesocket: WSA_OPERATION_ABORTED", "Wine ws2_32 tests, sock.c, iocp_async_read_closesocket, iocp_async_read_thread_closesocket: ERROR_CONNECTION_ABORTED",
			"Wine ws2_32 tests, afd.c, test_recv: datagrams", "cppalliance/corosio#98: ERROR_NETNAME_DELETED", "joyent/libuv#1372: sends",
		},
		Situations:   []string{"a receive", "a send", "a receive of a datagram"},
		Where:        map[string]string{"a receive of a datagram": "datagram"},
		Alternatives: []string{"cancelled", "the connection was aborted", "a local disconnect"},
		at:           []moment{atPacket},
		odd:          true,
		of:           []Verb{Receive, Send, ReceiveFrom, SendTo},
		check: func(l *ledger, m *matter) outcome {
			o, st := m.op, m.status
			if o == nil || !o.verb.takes() && !o.verb.gives() || st.Ok() || !o.sock.closed.called() || o.sock.parted {
				return pass
			}
			if !o.start.before(o.sock.closed) {
				return pass // it raced with the close
			}
			c := o.sock.conn
			switch {
			case st.mute():
				return dunno
			case st.says(NTStatus, ntReset) && (c == nil || c.mayReset), st.Code == Truncated, st.Code == Unreachable:
				return pass // it had ended so before
			case o.sock.net.Datagrams() && !st.says(NTStatus, ntCancelled):
				return bad("%s ended with %s (%#x) when its socket was closed; of datagrams that is STATUS_CANCELLED (%#x)", o, st, uint32(st.Native), uint32(ntCancelled))
			case !st.says(NTStatus, endsAtClose...):
				return bad("%s ended with %s (%#x) when its socket was closed; that is one of %#x", o, st, uint32(st.Native), endsAtClose)
			}
			alternative := 0
			switch uint32(st.Native) {
			case ntAborted:
				alternative = 1
			case ntLocalDisconnect:
				alternative = 2
			}
			switch o.verb {
			case Receive:
				return okAs(0, alternative)
			case Send:
				return okAs(1, alternative)
			case ReceiveFrom:
				return okAs(2, alternative)
			}
			return pass
		},
	},
	{
		ID: "CLS-8", Text: "Closing a socket ends its operations whatever the far end does: none waits for the far end to read, or to leave.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32}, Axes: Axes{"close": "abort"}, Assume: []string{"DSC-3"},
		Sources:    []string{"Microsoft Learn, closesocket: pending overlapped sends and receives of any thread are cancelled"},
		Situations: []string{"a receive", "a send"},
		at:         []moment{atPacket, atOverdue},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb == Post || !o.sock.closed.done() || !o.start.done() || !o.start.before(o.sock.closed) || o.how != Pending {
				return pass
			}
			if m.when == atOverdue {
				if l.limits && m.wait.crowd >= max(m.port.limit, 1) {
					return pass // as many threads as the port allows may have been running, so that this one got nothing
				}
				return bad("%s was pending when its socket was closed at event %d; everything has been quiet since, and a wait from event %d on found no packet of it", o, o.sock.closed.c, m.wait.span.c)
			}
			c := o.sock.conn
			switch {
			case c == nil || c.gone():
				return pass
			case o.verb == Receive:
				return ok(0)
			case o.verb == Send && c.read == 0:
				return ok(1)
			}
			return pass
		},
	},
}
