package spec

var ruleClose = []*Rule{
	{
		ID: "CLS-1", Text: "Closing a socket ends each of its operations, with its one packet.",
		Profiles: portable, Axes: Axes{"close": "abort"},
		Sources: []string{"Microsoft Learn, closesocket: pending overlapped operations are cancelled", "Wine ws2_32 tests, sock.c, iocp_async_read_closesocket",
			"Wine ws2_32 tests, sock.c, test_completion_port: closing the socket that is accepted into ends the accept"},
		Situations:   []string{"a receive", "a send", "an accept"},
		Where:        map[string]string{"an accept": "accept"},
		Alternatives: []string{"aborted", "it had completed"},
		at:           []moment{atPacket, atSettledOp},
		odd:          true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb == Post {
				return pass
			}
			if x := o.into; x != nil && !x.parted && m.when == atSettledOp && x.closed.done() && o.start.before(x.closed) && len(x.handles) == 0 && !o.sock.closed.called() {
				return bad("%s was to accept into %s, which was closed at event %d; its packet has not come", o, x, x.closed.c)
			}
			if !o.sock.closed.called() || !o.start.before(o.sock.closed) {
				return pass
			}
			if m.when == atSettledOp {
				if !o.sock.closed.done() {
					return pass
				}
				return bad("%s was outstanding when its socket was closed; its packet has not come", o)
			}
			what := 0
			switch o.verb {
			case Send, SendTo:
				what = 1
			case Accept:
				what = 2
			}
			if m.packet.Status.Code == Aborted {
				return okAs(what, 0)
			}
			return okAs(what, 1)
		},
	},
	{
		ID: "CLS-2", Text: "Bytes that were sent after a socket had been closed are delivered to nobody.",
		Profiles: portable, Axes: Axes{"close": "abort"},
		Sources:    []string{"Microsoft Learn, closesocket"},
		Situations: []string{"the receive was outstanding at the close"},
		at:         []moment{atPlaced, atPacket},
		odd:        true,
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive || !o.sock.closed.called() {
				return pass
			}
			if m.when == atPacket {
				if m.packet.N == 0 && o.start.before(o.sock.closed) && o.sock.closed.done() {
					return ok(0)
				}
				return pass
			}
			if c := m.conn; c != nil && c.limited && m.found == inPlace && o.n > 0 && m.at+uint64(o.n) > c.limit {
				return bad("%s delivered bytes that were sent after its socket had been closed", o)
			}
			return pass
		},
	},
	{
		ID: "CLS-3", Text: "Nothing can be started on a closed socket: it is refused, or has a packet that says so.",
		Profiles: portable,
		Sources: []string{"Microsoft Learn, closesocket: references to the socket fail with WSAENOTSOCK",
			"java.nio.channels, AsynchronousChannel: what is started on a closed channel completes with ClosedChannelException"},
		Situations: []string{"refused"},
		at:         []moment{atStart, atPacket, atSettledOp},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb == Post {
				return pass
			}
			if end := o.sock.end(o.on); !end.called() || !end.before(o.start) {
				return pass
			}
			switch {
			case m.when == atPacket && m.packet.Status.Ok():
				return bad("%s was started on a socket that had been closed, and succeeded", o)
			case m.when == atSettledOp:
				return bad("%s was started on a socket that had been closed, and is pending", o)
			case m.when == atStart && o.how == Done:
				return bad("%s was started on a socket that had been closed, and was done", o)
			case m.when == atStart && o.how == Pending: // the packet tells
				return pass
			}
			return ok(0)
		},
	},
	{
		ID: "CLS-4", Text: "The far end sees the end of a connection whose socket was closed.",
		Profiles: portable, Axes: Axes{"close": "abort"},
		Sources:      []string{"RFC 9293, 3.6", "Microsoft Learn, closesocket"},
		Situations:   []string{"the far end read on"},
		Alternatives: []string{"the end of the stream", "a reset"},
		at:           []moment{atSettledPeer},
		check: func(l *ledger, m *matter) outcome {
			c, s := m.conn, m.sock
			if s == nil || !s.closed.done() || c.gone() || c.tooLate {
				return pass
			}
			if !c.sawEnd {
				return bad("far end %d reads on and has seen neither the end of the stream nor a reset; %s was closed at event %d", c.id, s, s.closed.c)
			}
			if c.sawReset {
				return okAs(0, 1)
			}
			return okAs(0, 0)
		},
	},
	{
		ID: "CLS-5", Text: "Closing a port ends every wait on it.",
		Profiles: portable, Axes: Axes{"wake-on-close": "yes", "delivery": "pull"},
		Sources:    []string{"Microsoft Learn, GetQueuedCompletionStatus: ERROR_ABANDONED_WAIT_0"},
		Situations: []string{"one wait", "several waits"},
		Where:      map[string]string{"one wait": "workers", "several waits": "workers"},
		at:         []moment{atWait, atSettledWait},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			p, w := m.port, m.wait
			if m.when == atSettledWait {
				return bad("a wait on port %d is still blocked; the port was closed at event %d", p.id, p.closed.c)
			}
			if !p.closed.called() || w.span.c > p.closed.c || w.status.Ok() || w.status.Code == TimedOut {
				return pass
			}
			if len(p.waits) > 0 || p.wokeAtClose > 0 {
				p.wokeAtClose++
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "CLS-6", Text: "A wait reports that its port is closed exactly if it was closed.",
		Profiles: portable, Axes: Axes{"delivery": "pull"},
		Sources:    []string{"Microsoft Learn, GetQueuedCompletionStatus: ERROR_ABANDONED_WAIT_0, ERROR_INVALID_HANDLE"},
		Situations: []string{"closed before", "closed meanwhile"},
		Where:      map[string]string{"closed meanwhile": "workers wake-on-close=yes"},
		at:         []moment{atWait},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			p, w := m.port, m.wait
			says := w.status.Code == Abandoned || w.status.Code == Closed
			switch {
			case says && !p.closed.called():
				return bad("a wait reported %s; port %d had not been closed", w.status, p.id)
			case w.status.Code == Invalid && w.max <= 0:
				return pass // the call was wrong by itself, and which of the two is looked at first is said nowhere
			case !says && p.closed.called() && p.closed.before(w.span):
				return bad("a wait on port %d reported %s and %d packets; the port had been closed at event %d", p.id, w.status, w.n, p.closed.c)
			case w.status.Code == Invalid && p.closed.called():
				// There was nothing wrong with the call but that the port was closed.
				return bad("a wait on port %d reported %s; the port was closed at event %d", p.id, w.status, p.closed.c)
			case says && p.closed.before(w.span):
				return ok(0)
			case says:
				return ok(1)
			}
			return pass
		},
	},
	{
		ID: "CLS-10", Text: "A connection is not reset but by its far end, or by closing its socket while bytes were unread, or something was outstanding, was cancelled or had failed: else the far end reads the end of the stream.",
		Profiles: portable, Axes: Axes{"close": "abort"}, Assume: []string{"DSC-3"},
		Sources: []string{"RFC 9293, 3.6: CLOSE, I have no more data to send, is not ABORT, 3.10.5", "RFC 1122, 4.2.2.13: what is answered by a reset",
			"Microsoft Learn, closesocket: the close is graceful unless SO_LINGER says otherwise", "Linux 6.18, net/ipv4/tcp.c, __tcp_close: a reset if data was unread, or the socket lingers for no time"},
		Situations: []string{"the socket was closed", "the sending side was shut down"},
		Where:      map[string]string{"the sending side was shut down": "shutdown"},
		at:         []moment{atPeerEnd},
		check: func(l *ledger, m *matter) outcome {
			c, s := m.conn, m.sock
			switch {
			case !l.whollyOver(c, s):
				return pass
			case m.status.Ok() && s.closed.called():
				return ok(0)
			case m.status.Ok() && s.shutTx.called():
				return ok(1)
			case m.status.Ok(): // nobody has ended it: RCV-4's and SND-10's like
				return pass
			case s.closed.called():
				return bad("far end %d read a reset; %s was closed at event %d, with nothing unread, outstanding or gone wrong", c.id, s, s.closed.c)
			}
			return bad("far end %d read a reset; nobody had closed %s", c.id, s)
		},
	},
}

// whollyOver reports whether nothing is known of the connection, or of its socket, that makes an end of it a reset: all that the far end has sent was received before a close, and
// everything that was started had succeeded.
func (l *ledger) whollyOver(c *conn, s *sock) bool {
	switch {
	case c.mayReset || c.gone() || s.resetQ != 0 || s.clouded || s.marred || s.parted || s.void != 0 || len(s.handles) > 0:
		return false
	case s.past.bare != 0 || s.past.again != NoVerb || s.past.between() || s.past.meddled || s.connects > 1 || s.port == nil || s.port.closed.called():
		return false
	case s.shutRx.called(): // what arrives then resets on Windows (Microsoft Learn, shutdown: SD_RECEIVE)
		return false
	case s.closed.called():
		return s.hadMet(s.closed) && !s.undone
	}
	return s.met != 0
}
