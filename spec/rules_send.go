package spec

var ruleSend = []*Rule{
	{
		ID: "SND-1", Text: "The far end reads the bytes that were sent on this connection, unaltered.",
		Profiles:   portable,
		Sources:    []string{"RFC 9293, 3.4", "Microsoft Learn, WSASend"},
		Situations: []string{"one send outstanding", "several outstanding"},
		Where:      map[string]string{"several outstanding": "send!=mixed"},
		at:         []moment{atPeerRead},
		check: func(l *ledger, m *matter) outcome {
			switch {
			case m.found == altered:
				return bad("far end %d read bytes before position %d of its stream that %s did not send there", m.conn.id, m.conn.read, m.sock)
			case m.found != inPlace || m.op == nil:
				return pass
			case len(m.sock.sends) > 1:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "SND-2", Text: "The bytes of sends go out in the order in which the sends were started, those of one send together.",
		Profiles: portable, Axes: Axes{"send": "whole"},
		Sources:    []string{"Microsoft Learn, WSASend: the order of the calls is the order of transmission"},
		Situations: []string{"one send outstanding", "several outstanding"},
		at:         []moment{atPeerRead},
		check: func(l *ledger, m *matter) outcome {
			switch {
			case m.found == crossed:
				return bad("far end %d read bytes of %s where those of %s were due", m.conn.id, m.other, m.op)
			case m.found != inPlace || m.op == nil:
				return pass
			case len(m.sock.sends) > 1:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "SND-3", Text: "A send that succeeds has sent all of its buffer.",
		Profiles: portable, Axes: Axes{"send": "whole"},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_send: 1 MiB to a slow reader completes once, whole", "Microsoft Learn, WSASend"},
		Situations: []string{"at once", "later"},
		Where:      map[string]string{"at once": "inline!=never"},
		at:         []moment{atPacket, atStart},
		of:         []Verb{Send},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Send {
				return pass
			}
			n := o.startN
			if m.packet != nil {
				if n = m.packet.N; !m.packet.Status.Ok() {
					return pass
				}
			} else if !o.noPack || !o.started.Ok() {
				return pass // its packet will tell
			}
			if n != o.length {
				return bad("%s succeeded with %d of its %d bytes", o, n, o.length)
			}
			if o.start.done() && o.how == Done {
				return ok(0)
			}
			return ok(1)
		},
	},
	{
		ID: "SND-4", Text: "What a successful send reports as sent reaches the far end that reads on.",
		Profiles:   portable,
		Sources:    []string{"RFC 9293, 3.4", "Microsoft Learn, WSASend"},
		Situations: []string{"read to the end of the stream", "read until nothing came"},
		at:         []moment{atPeerRead, atSettledPeer},
		check: func(l *ledger, m *matter) outcome {
			c, s := m.conn, m.sock
			if s == nil || c.mayReset || s.blur || s.cut || c.gone() {
				return pass
			}
			if m.found == early {
				return endedWithout(c, m.op)
			}
			if m.when == atPeerRead {
				if c.sawEnd && m.op == nil && c.read > 0 {
					return ok(0)
				}
				return pass
			}
			switch o := l.unread(s); {
			case o != nil && c.sawEnd: // and o had not succeeded then
				return endedWithout(c, o)
			case o != nil:
				return bad("far end %d reads on and nothing comes; of %s, which succeeded with %d bytes, not all has come", c.id, o, o.n)
			}
			if !c.sawEnd && c.read > 0 && l.follows() {
				return ok(1)
			}
			return pass
		},
	},
	{
		ID: "SND-5", Text: "After the sending side has been shut down no send succeeds.",
		Profiles: portable, Needs: []Capability{CanShutdown},
		Sources:    []string{"Microsoft Learn, WSASend: WSAESHUTDOWN", "Wine ws2_32 tests, sock.c, test_shutdown"},
		Situations: []string{"refused"},
		at:         []moment{atStart, atPacket},
		odd:        true,
		of:         []Verb{Send, SendTo},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || !o.verb.gives() || !o.sock.shutTx.called() || !o.sock.shutTx.before(o.start) || o.sock.past.meddled {
				return pass
			}
			switch {
			case m.when == atPacket && m.packet.Status.Ok(), m.when == atStart && o.noPack && o.started.Ok():
				return bad("%s succeeded, though the sending side had been shut down", o)
			case o.verb == SendTo: // what version 1 counts as held are sends on streams
				return pass
			case m.when == atPacket, o.how == RefusedAtStart:
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "SND-6", Text: "A send to a far end that reads on goes out and ends, as does one whose connection the far end has reset.",
		Profiles:   portable,
		Sources:    []string{"Microsoft Learn, WSASend: completes when the transport has consumed the buffer"},
		Situations: []string{"it ended"},
		at:         []moment{atPacket, atSettledOp},
		of:         []Verb{Send, SendTo},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o != nil && o.verb == SendTo && m.when == atSettledOp && l.stuckTo(o) {
				return bad("%s to %s is still pending, and the far end there has read what there was, and nothing more comes", o, o.to)
			}
			if o == nil || o.verb != Send {
				return pass
			}
			if m.packet != nil {
				if m.packet.Status.Ok() {
					return ok(0)
				}
				return pass
			}
			c := o.sock.conn
			switch {
			case c == nil || o.sock.closed.called() || o.sock.past.meddled: // it may go to another connection
			case c.abort.done():
				return bad("%s is still pending, and the far end has reset the connection", o)
			case o.allRead:
				return bad("%s is still pending, and the far end has read all of its bytes", o)
			case o.start.r < c.dryQ && l.waitedQ < c.dryQ && !c.mayReset && !c.sawEnd && !c.gone():
				// Whoever drains the far ends after the ports, and finds nothing, leaves no send without room.
				return bad("%s is still pending, and the far end has read what there was, and nothing more comes", o)
			}
			return pass
		},
	},
	{
		ID: "SND-7", Text: "Shutting down the sending side ends the stream at the far end, after the bytes of all sends before it.",
		Profiles: portable, Needs: []Capability{CanShutdown},
		Sources:    []string{"Microsoft Learn, shutdown: SD_SEND", "Wine ws2_32 tests, sock.c, test_shutdown"},
		Situations: []string{"the far end read on"},
		at:         []moment{atSettledPeer},
		check: func(l *ledger, m *matter) outcome {
			c, s := m.conn, m.sock
			if s == nil || !s.shutTx.done() || s.closed.called() || c.mayReset || c.gone() {
				return pass
			}
			if !c.sawEnd && len(s.sends) == 0 && !s.blur && !s.sending() {
				return bad("far end %d reads on and has not seen the end of the stream, which %s shut down at event %d", c.id, s, s.shutTx.c)
			}
			if c.sawEnd {
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "SND-8", Text: "A send is cut off by a reset only: shutting down the sending side lets the sends before it go out.",
		Profiles:   portable,
		Sources:    []string{"Microsoft Learn, shutdown: SD_SEND, queued data is sent first", "Wine ws2_32 tests, sock.c, test_shutdown"},
		Situations: []string{"the connection was reset"},
		at:         []moment{atPacket, atStart},
		odd:        true,
		of:         []Verb{Send},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Send || m.when == atStart && o.how != RefusedAtStart {
				return pass
			}
			st := o.started
			if m.when == atPacket {
				st = m.packet.Status
			}
			parted := o.sock.parted && (o.sock.past.between() || o.sock.past.again == NoVerb) // by a disconnect, and not used again since
			if st.Code != Reset && st.Code != Shut || (o.sock.shutTx.called() && o.sock.shutTx.c < o.start.r || parted) && st.Code == Shut {
				return pass
			}
			c := o.sock.conn
			if c == nil {
				return dunno
			}
			if !c.mayReset && !o.sock.closed.called() {
				return bad("%s ended with %s; neither end did anything that resets the connection", o, st)
			}
			return ok(0)
		},
	},
}

// stuckTo reports whether a send of a datagram is pending though all that is before it has been read: whoever waits for room at the far end has it.
func (l *ledger) stuckTo(o *op) bool {
	b := l.boxes.get(address(o.to))
	return b != nil && b.station != nil && !b.station.closed.called() && b.station.dryQ > o.start.r && l.waitedQ < b.station.dryQ && o.disturbs == 0 && o.how == Pending && !o.sock.closed.called() && !o.sock.shutTx.called()
}

// sending reports whether a send is outstanding.
func (s *sock) sending() bool {
	for _, o := range s.live {
		if o.gaveBytes() {
			return true
		}
	}
	return false
}

// endedWithout is the answer of SND-4 where the far end has read the end of the stream and not all of o.
func endedWithout(c *conn, o *op) outcome {
	return bad("far end %d read the end of the stream; of %s, which succeeded, not all has come", c.id, o)
}
