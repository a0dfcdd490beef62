package spec

var ruleReceive = []*Rule{
	{
		ID: "RCV-1", Text: "A receive delivers bytes that the far end sent on this connection, unaltered.",
		Profiles: portable, Claims: []string{"S12"},
		Sources:    []string{"RFC 9293, 3.4: the stream is delivered as it was sent", "Microsoft Learn, WSARecv"},
		Situations: []string{"the buffer is filled", "a part of the buffer is filled"},
		at:         []moment{atPlaced},
		check: func(l *ledger, m *matter) outcome {
			if m.found == untold {
				return dunno
			}
			o := m.op
			if o.n == 0 {
				return pass
			}
			switch m.found {
			case altered:
				return bad("%s delivered %d bytes that the far end did not send at position %d of the stream%s", o, o.n, m.at, m.conn.short(m.at, o.n))
			case inPlace:
				if o.n == o.length {
					return ok(0)
				}
				return ok(1)
			}
			return pass
		},
	},
	{
		ID: "RCV-2", Text: "Outstanding receives are filled in the order in which they were posted.",
		Profiles: portable, Axes: Axes{"fill": "fifo"},
		Sources:    []string{"Microsoft Learn, WSARecv: buffers are filled in the order of the calls", "Wine ws2_32 tests, sock.c, test_simultaneous_async_recv"},
		Situations: []string{"one outstanding", "several outstanding"},
		Where:      map[string]string{"several outstanding": "receives=n"},
		at:         []moment{atPlaced},
		check: func(l *ledger, m *matter) outcome {
			if m.found == untold {
				return dunno
			}
			switch {
			case m.op.n == 0 && m.op.known():
				return pass
			case m.found == crossed:
				return bad("%s was posted before %s, which got the earlier bytes of the stream, from position %d", m.op, m.other, m.at)
			case m.found != inPlace:
				return pass
			case m.sock.void&severalRecvs != 0:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "RCV-3", Text: "Every byte of the stream is delivered once: none is left out, none comes again, a cancelled receive loses none.",
		Profiles: portable, Claims: []string{"S13"},
		Sources:    []string{"RFC 9293, 3.4", "Microsoft Learn, CancelIoEx: an operation either completes or is cancelled"},
		Situations: []string{"undisturbed", "after a cancel"},
		Where:      map[string]string{"after a cancel": "cancel|cancel-all after-cancel=usable"},
		at:         []moment{atPlaced},
		check: func(l *ledger, m *matter) outcome {
			if m.found == untold {
				return dunno
			}
			if m.op.n == 0 {
				return pass
			}
			if m.sock.clouded && l.lossy {
				return pass // the cancelled receive may have lost some
			}
			switch m.found {
			case leftOut:
				return bad("%s delivered the bytes from position %d of the stream; those from %d to %d have been delivered to nobody", m.op, m.want, m.at, m.want)
			case repeated:
				return bad("%s delivered the bytes from position %d of the stream again; the next ones are at %d", m.op, m.want, m.at)
			case inPlace:
				if m.sock.clouded {
					return ok(1)
				}
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "RCV-4", Text: "A receive reports the end of the stream only after the far end has ended it, and after every byte before the end.",
		Profiles: portable, Claims: []string{"S12"},
		Sources:    []string{"Microsoft Learn, WSARecv: zero bytes and success after a graceful close"},
		Situations: []string{"after data", "with nothing sent"},
		at:         []moment{atPlaced},
		check: func(l *ledger, m *matter) outcome {
			o, c, s := m.op, m.conn, m.sock
			switch {
			case !o.ends():
				return pass
			case m.found == untold:
				return dunno
			case c.mayReset || s.shutRx.called() || s.clouded && l.lossy:
				return pass // the end may come earlier
			case m.found == early:
				return bad("%s reported the end of the stream after %d of the %d bytes that had been sent before it", o, m.at, m.want)
			case !c.fin.called() || c.fin.c > o.knownQ:
				return bad("%s reported the end of the stream; the far end had not ended it", o)
			}
			if c.cursor > 0 {
				return ok(0)
			}
			return ok(1)
		},
	},
	{
		ID: "RCV-5", Text: "A receive ends when bytes, or the end of the stream, are there for it.",
		Profiles:   portable,
		Sources:    []string{"Microsoft Learn, WSARecv: completes when any data has been received"},
		Situations: []string{"the receive was first", "the data was first", "the end of the stream"},
		Where:      map[string]string{"the data was first": "inline!=never inline!=skip"},
		at:         []moment{atPacket, atSettledOp},
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive {
				return pass
			}
			c := o.sock.conn
			if m.packet != nil {
				switch {
				case !m.packet.Status.Ok():
					return pass
				case m.packet.N == 0 && o.length > 0:
					return ok(2)
				case o.start.done() && o.how == Done:
					return ok(1)
				}
				return ok(0)
			}
			s := o.sock
			switch {
			case c == nil || c.mayReset || s.untold:
				return dunno
			case s.shutRx.called() || s.closed.called() || s.eof || o.disturbs > 0 || s.clouded && l.lossy:
				return pass // other rules tell what is due to it
			case !l.surelyDue(s, o):
				return pass // nothing is there for it, or an older one is due first
			case c.sureTo > c.cursor:
				return bad("%s is still pending; what waits for it is %d bytes from position %d of the stream", o, c.sureTo-c.cursor, c.cursor)
			}
			return bad("%s is still pending, and the far end has ended the stream", o)
		},
	},
	{
		ID: "RCV-6", Text: "A receive reports a reset only if the connection can have been reset, and does not stay pending after one.",
		Profiles:   portable,
		Sources:    []string{"RFC 9293, 3.5.3", "Wine ws2_32 tests, sock.c, test_tcp_reset"},
		Situations: []string{"the receive was pending", "the receive was started later"},
		Where:      map[string]string{"the receive was started later": "inline!=never"},
		at:         []moment{atPacket, atStart, atSettledOp},
		odd:        true,
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive {
				return pass
			}
			c := o.sock.conn
			code, later := o.started.Code, o.start.done() && o.how != Pending
			switch m.when {
			case atPacket:
				code = m.packet.Status.Code
			case atSettledOp:
				if c != nil && !o.sock.past.meddled && c.abort.done() && !o.sock.closed.called() && !o.sock.shutRx.called() {
					return bad("%s is still pending, and the far end has reset the connection", o)
				}
				return pass
			}
			if m.when == atStart && o.how == Pending {
				return pass
			}
			if code != Reset {
				return pass
			}
			if c == nil || o.sock.past.meddled {
				return dunno
			}
			if o.sock.closed.called() && m.status.says(NTStatus, endsAtClose...) {
				return pass // so Windows says that its own end closed the connection, which CLS-7 judges
			}
			if !c.mayReset {
				return bad("%s reported a reset; neither end did anything that resets the connection", o)
			}
			if later {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "RCV-7", Text: "After the end of the stream every further receive reports the end again.",
		Profiles:   portable,
		Sources:    []string{"Microsoft Learn, WSARecv: zero bytes once the far end has closed"},
		Situations: []string{"once more"},
		at:         []moment{atPlaced, atPacket, atSettledOp},
		odd:        true,
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive || o.length == 0 || !o.sock.eof || o.flags&WaitAll != 0 {
				return pass
			}
			s, c := o.sock, o.sock.conn
			if c == nil || c.mayReset || s.shutRx.called() || s.closed.called() || o.disturbs > 0 {
				return pass
			}
			switch m.when {
			case atPlaced:
				if o.ends() && m.found == inPlace {
					return ok(0)
				}
			case atPacket:
				switch st := m.packet.Status; st.Code {
				case OK, Aborted, Reset, NoResources: // the first is judged in its place; the others have rules of their own
				default:
					return bad("%s ended with %s after an earlier receive had reported the end of the stream", o, st)
				}
			case atSettledOp:
				return bad("%s is still pending, and an earlier receive has reported the end of the stream", o)
			}
			return pass
		},
	},
	{
		ID: "RCV-8", Text: "A receive of no bytes waits until there is something to receive, and takes nothing.",
		Profiles: portable, Axes: Axes{"zero-receive": "parks"},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_empty_recv"},
		Situations: []string{"it waited", "data was there"},
		Where:      map[string]string{"data was there": "inline!=never inline!=skip"},
		at:         []moment{atPacket},
		odd:        true,
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive || o.length != 0 || !m.packet.Status.Ok() {
				return pass
			}
			c := o.sock.conn
			if c == nil || c.blind {
				return dunno
			}
			if c.sentTo() == 0 && !c.fin.called() && !c.mayReset && !o.sock.shutRx.called() {
				return bad("%s, of no bytes, ended though nothing had been sent", o)
			}
			if o.start.done() && o.how == Done {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "RCV-9", Text: "A receive that waits for all completes with a full buffer, unless the stream ends or fails, or it is cancelled.",
		Profiles: portable, Needs: []Capability{CanWaitAll},
		Sources:    []string{"Microsoft Learn, WSARecv: MSG_WAITALL", "recv(2): MSG_WAITALL"},
		Situations: []string{"the buffer is full", "the stream ended"},
		at:         []moment{atPacket, atStart},
		odd:        true,
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive || o.flags&WaitAll == 0 || !o.known() || !o.succeeded() || m.when == atPacket && o.how == Done && o.start.done() {
				return pass
			}
			if o.n == o.length {
				return ok(0)
			}
			if o.disturbs > 0 { // an io_uring receive that is cancelled halfway succeeds with what it has, and Windows says that it may
				return pass
			}
			c := o.sock.conn
			if c == nil {
				return dunno
			}
			if !c.fin.called() && !c.mayReset && !o.sock.shutRx.called() && !o.sock.closed.called() {
				return bad("%s was to wait for all and completed with %d bytes; the stream had not ended", o, o.n)
			}
			return ok(1)
		},
	},
	{
		ID: "RCV-10", Text: "A reset is not reported as the end of the stream.",
		Profiles: portable, Axes: Axes{"after-reset": "reset"},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_tcp_reset: every pending receive, and every later one, fails", "Linux 6.18, measured: the kernel tells a reset once and the end of the stream from then on, so a back end must remember it"},
		Situations: []string{"the receive was pending", "the receive was started later"},
		Where:      map[string]string{"the receive was started later": "inline!=never"},
		at:         []moment{atPacket, atStart},
		odd:        true,
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive || m.when == atStart && o.how != RefusedAtStart && !o.noPack {
				return pass
			}
			c, s := o.sock.conn, o.sock
			if c == nil || !c.abort.called() || c.fin.called() || s.closed.called() || s.shutRx.called() || s.untold {
				return pass
			}
			code := o.started.Code
			if m.when == atPacket {
				code = m.packet.Status.Code
			}
			switch {
			case code == OK && o.n == 0 && o.length > 0:
				return bad("%s reported the end of the stream; the far end had reset the connection, and had not ended the stream", o)
			case code != Reset:
				return pass
			case m.when == atStart:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "RCV-13", Text: "Once a receive has reported that the connection was reset, none that is started later reports the end of the stream.",
		Profiles: []string{"portable"}, Axes: Axes{"after-reset": "reset"},
		Sources: []string{"RFC 9293, 3.5.3: a reset ends the connection, and every receive on it", "Linux 6.18, measured: the kernel tells a reset once and the end of the stream from then on, so a back end must remember it",
			"the contract, axis after-reset: what receives report after the first that reported a reset"},
		Situations: []string{"a receive was started later"},
		at:         []moment{atPacket, atStart},
		odd:        true,
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive {
				return pass
			}
			s := o.sock
			if s.toldReset == 0 || s.toldReset > o.start.c || s.closed.called() || s.shutRx.called() || s.parted || s.past.between() {
				return pass
			}
			switch {
			case m.saysEnd():
				return bad("%s reported the end of the stream; at event %d a receive had reported that the connection was reset", o, s.toldReset)
			case m.saysReset():
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "RCV-14", Text: "A connection that the far end closed with bytes unread was reset, and no receive reports the end of the stream.",
		Profiles: portable, Axes: Axes{"after-reset": "reset"}, Sim: true,
		Sources:    []string{"RFC 1122, 4.2.2.13: a close with received data pending sends a reset", "RFC 2525, 2.17", "Linux 6.18, net/ipv4/tcp.c, __tcp_close: a reset, and no FIN, if data was unread"},
		Situations: []string{"a reset was reported"},
		at:         []moment{atPacket, atStart},
		odd:        true,
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive {
				return pass
			}
			s, c := o.sock, o.sock.conn
			if c == nil || !c.severed || s.closed.called() || s.shutRx.called() || s.shutTx.called() || s.parted || s.untold || s.past.between() {
				return pass
			}
			switch {
			case m.saysEnd():
				return bad("%s reported the end of the stream; far end %d had closed the connection at event %d with %d bytes unread, which resets it", o, c.id, c.closed.c, s.out.sure-c.read)
			case m.saysReset():
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "RCV-15", Text: "Once a receive has reported that the connection was reset, no other stays pending.",
		Profiles: []string{"portable"},
		Sources: []string{"RFC 9293, 3.10.7.4: outstanding receives are answered by the reset", "Wine ws2_32 tests, sock.c, test_tcp_reset: every pending receive, and every later one, fails",
			"Asio 1.22.1, detail/reactive_socket_recv_op.hpp, done_and_exhausted: the others wait for an event that does not come"},
		Situations: []string{"a receive that was pending", "a receive that was started later"},
		Where:      map[string]string{"a receive that was pending": "receives=n"},
		at:         []moment{atPacket, atStart, atSettledOp},
		odd:        true,
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Receive {
				return pass
			}
			s := o.sock
			switch {
			case s.toldReset == 0 || s.closed.called() || s.shutRx.called() || s.parted || s.past.between() || o.disturbs > 0 || s.clouded && l.lossy:
				return pass
			case m.when == atSettledOp:
				return bad("%s is still pending; at event %d a receive had reported that the connection was reset", o, s.toldReset)
			case m.when == atStart && o.how == Pending || m.when == atPacket && o.how == Done && o.start.done():
				return pass // its packet tells, or has told already that it was done
			case o.start.c > s.toldReset:
				return ok(1)
			}
			return ok(0)
		},
	},
}
