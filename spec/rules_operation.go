package spec

var ruleOperation = []*Rule{
	{
		ID: "OPN-1", Text: "The byte count of a packet lies between 0 and the length of the buffer.",
		Profiles: portable, Claims: []string{"S10", "S12"},
		Sources:    []string{"Microsoft Learn, WSARecv and WSASend: lpNumberOfBytes"},
		Situations: []string{"receive", "send"},
		at:         []moment{atPacket},
		of:         []Verb{Receive, Send, ReceiveFrom, SendTo},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || !o.verb.takes() && !o.verb.gives() {
				return pass
			}
			if m.packet.N < 0 || m.packet.N > o.length {
				return bad("the packet of %s reports %d bytes for a buffer of %d", o, m.packet.N, o.length)
			}
			if o.verb.gives() {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "OPN-2", Text: "An operation that is done at its start still has its packet, with the same byte count, unless the socket skips on success.",
		Profiles:   portable,
		Sources:    []string{"Microsoft Learn, SetFileCompletionNotificationModes", "Wine ws2_32 tests, sock.c: immediate read"},
		Situations: []string{"receive", "send"},
		Where:      map[string]string{"receive": "inline!=never inline!=skip", "send": "inline!=never inline!=skip"},
		at:         []moment{atPacket, atStart, atSettledOp, atStarved},
		of:         []Verb{Receive, Send, ReceiveFrom, SendTo},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || !o.verb.takes() && !o.verb.gives() || o.start.r == open || o.how != Done || o.skipMay {
				return pass
			}
			n := o.n // a packet that came before the start returned
			switch {
			case m.when == atStarved && l.limits && m.wait.crowd >= max(m.port.limit, 1):
				return pass // as many threads as the port allows may be running
			case m.when == atStarved:
				return bad("%s was done at its start; everything is quiet, and %s, which waits on port %d since event %d, has not got its packet", o, l.threadName(m.wait.thread), m.port.id, m.wait.span.c)
			case m.when == atSettledOp:
				return bad("%s was done at its start, and its packet has not come", o)
			case m.when == atPacket:
				n = m.packet.N
			case !o.taken.done():
				return pass
			}
			if n != o.startN {
				return bad("%s was done at its start with %d bytes; its packet reports %d", o, o.startN, n)
			}
			if o.verb.gives() {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "OPN-3", Text: "On a socket that skips on success, an operation that is done at its start has no packet; one that was pending has.",
		Profiles: portable, Needs: []Capability{CanSkip},
		Sources:    []string{"Microsoft Learn, SetFileCompletionNotificationModes: FILE_SKIP_COMPLETION_PORT_ON_SUCCESS"},
		Situations: []string{"done", "pending"},
		at:         []moment{atPacket, atStart},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil {
				if m.ending == wasSkipped {
					return bad("a packet came for token %#x, which was done at its start on a socket that skips on success", m.packet.Token)
				}
				return pass
			}
			if !o.skipSure || o.verb == Post {
				return pass
			}
			if m.packet == nil { // at the start
				if o.how != Done {
					return pass
				}
				if o.taken.done() {
					return bad("%s was done at its start on a socket that skips on success, and yet its packet has been taken", o)
				}
				return ok(0)
			}
			if o.start.done() && o.how == Pending {
				return ok(1)
			}
			return pass
		},
	},
	{
		ID: "OPN-4", Text: "Of a receive's buffer no more is written than the packet reports.",
		Profiles: portable, Claims: []string{"S12"}, Assume: []string{"DSC-1"}, Axes: Axes{"buffer": "caller"},
		Sources:    []string{"Microsoft Learn, WSARecv: lpNumberOfBytesRecvd"},
		Situations: []string{"part of the buffer", "nothing", "all of it"},
		at:         []moment{atPacket},
		of:         []Verb{Receive, ReceiveFrom},
		check: func(l *ledger, m *matter) outcome {
			o, p := m.op, m.packet
			if o == nil || !o.verb.takes() || p.Guard == GuardUnknown {
				return pass
			}
			if p.Guard == GuardBroken {
				return bad("%s ended with %d bytes (%s), and byte %d of its buffer was written as well", o, p.N, p.Status, p.At)
			}
			switch p.N {
			case 0:
				return ok(1)
			case o.length:
				return ok(2)
			}
			return ok(0)
		},
	},
	{
		ID: "OPN-5", Text: "Once its packet has been taken, nothing writes to an operation's buffer.",
		Profiles: portable, Claims: []string{"S7"}, Assume: []string{"DSC-1"}, Axes: Axes{"buffer": "caller"},
		Sources:    []string{"Microsoft Learn, WSARecv: the buffers belong to the system until the operation is complete"},
		Situations: []string{"success", "aborted"},
		at:         []moment{atPacket, atLate},
		of:         []Verb{Receive, ReceiveFrom},
		check: func(l *ledger, m *matter) outcome {
			if m.packet == nil {
				return bad("byte %d of the buffer of operation %d was changed after its packet had been taken", m.at, m.key)
			}
			if m.op == nil || !m.op.verb.takes() || m.packet.Guard == GuardUnknown {
				return pass
			}
			if m.packet.Status.Code == Aborted {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "OPN-6", Text: "The packet of an operation may be taken before its start has returned.", Level: MAY,
		Profiles: portable, Claims: []string{"S28"}, Needs: []Capability{CanWorkers},
		Sources:    []string{"Asio win_iocp_io_context: an operation is ready only when both have happened"},
		Situations: []string{"the packet came first"},
		at:         []moment{atPacket},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			if m.op == nil || m.op.verb == Post || m.op.start.r != open {
				return pass
			}
			return ok(0)
		},
	},
	{
		ID: "OPN-14", Text: "The packet of an operation that moves no bytes, a connect that sends none or an accept that waits for none, reports none.",
		Profiles: portable,
		Sources: []string{"Microsoft Learn, AcceptEx: lpdwBytesReceived, dwReceiveDataLength of zero; ConnectEx: lpdwBytesSent", "Wine ws2_32 tests, sock.c, test_completion_port and test_connect_completion_port: no bytes",
			"the contract: Packet.N is at most the length of the buffer"},
		Situations: []string{"a connect", "an accept"},
		Where:      map[string]string{"a connect": "connect", "an accept": "accept"},
		at:         []moment{atPacket},
		of:         []Verb{Accept, Connect},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Accept && o.verb != Connect || o.length > 0 || o.args != nil {
				return pass
			}
			switch {
			case m.packet.N == 0 && o.verb == Connect:
				return ok(0)
			case m.packet.N == 0:
				return ok(1)
			case o.verb == Connect && m.packet.Status.windows():
				return pass // CON-4, CON-6
			}
			return bad("%s moves no bytes, and its packet reports %d", o, m.packet.N)
		},
	},
	{
		ID: "OPN-15", Text: "Where nothing is done at its start, each start is answered as pending, or refused.",
		Profiles: portable, Axes: Axes{"inline": "never"},
		Sources:    []string{"the contract: axis inline", "Asio 1.22.1, asynchronous operations: a handler is not invoked from within the initiating function"},
		Situations: []string{"it was pending"},
		at:         []moment{atStart},
		check: func(l *ledger, m *matter) outcome {
			switch o := m.op; o.how {
			case Done:
				return bad("%s was answered as done at its start; the target declares that nothing is", o)
			case Pending:
				return ok(0)
			}
			return pass
		},
	},
}
