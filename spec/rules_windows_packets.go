package spec

// The statuses in which operations end, in NTSTATUS. GetQueuedCompletionStatus and WSAGetOverlappedResult say the same in two other vocabularies, which follow from it
// (Wine ws2_32 tests, sock.c, test_WSAGetOverlappedResult).
const (
	ntCancelled          = 0xC0000120
	ntReset              = 0xC000020D
	ntAborted            = 0xC0000241 // the connection was, on this side
	ntLocalDisconnect    = 0xC000013B
	ntRemoteDisconnect   = 0xC000013C
	ntDisconnected       = 0xC000020C
	ntTimedOut           = 0xC00000B5
	ntResources          = 0xC000009A
	ntOverflow           = 0x80000005
	ntPortUnreachable    = 0xC000023F
	ntHostUnreachable    = 0xC000023D
	ntNetworkUnreachable = 0xC000023C
)

var (
	// endsOfStream are what receives and sends of a connection end in when they fail; endsOfDatagrams likewise.
	endsOfStream    = []uint32{ntCancelled, ntReset, ntAborted, ntLocalDisconnect, ntRemoteDisconnect, ntDisconnected, ntTimedOut, ntResources, ntHostUnreachable, ntNetworkUnreachable}
	endsOfReceive   = []uint32{ntCancelled, ntOverflow, ntPortUnreachable, ntHostUnreachable, ntNetworkUnreachable, ntResources}
	endsOfDatagrams = []uint32{ntCancelled, ntPortUnreachable, ntHostUnreachable, ntNetworkUnreachable, ntResources, ntOverflow}
	// endsOfCancel and the next are those of one cause.
	endsOfCancel = []uint32{ntCancelled}
	endsOfReset  = []uint32{ntReset}
	endsCutShort = []uint32{ntOverflow}
	endsNowhere  = []uint32{ntPortUnreachable, ntHostUnreachable, ntNetworkUnreachable}
	// endsAtClose are what operations of a connection end in when the program closes the socket.
	endsAtClose = []uint32{ntCancelled, ntAborted, ntLocalDisconnect}
)

// ruleWindowsPackets are rules of what packets say.
var ruleWindowsPackets = []*Rule{
	{
		ID: "PKT-11", Text: "A packet says in an NTSTATUS what became of its operation, and says it of each end in that end's own: STATUS_CANCELLED, STATUS_CONNECTION_RESET, STATUS_BUFFER_OVERFLOW, STATUS_PORT_UNREACHABLE.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32},
		Sources: []string{
			"Microsoft Learn, OVERLAPPED: Internal", "Microsoft Learn, OVERLAPPED_ENTRY", "Wine ws2_32 tests, sock.c, test_WSAGetOverlappedResult, test_tcp_reset, test_completion_port",
			"Wine ws2_32 tests, afd.c, test_recv",
		},
		Situations: []string{"success", "cancelled", "a receive and a reset", "a send and a reset", "a datagram cut short", "nobody was there"},
		Where:      map[string]string{"a datagram cut short": "datagram", "nobody was there": "datagram unreachable=reported"},
		at:         []moment{atPacket},
		of:         []Verb{Receive, Send, ReceiveFrom, SendTo},
		check: func(l *ledger, m *matter) outcome {
			o, st := m.op, m.status
			switch {
			case o == nil || o.verb == Accept || o.verb == Connect || o.verb == Disconnect || o.verb == Post:
				return pass // other rules
			case st.Ok():
				if st.Native != 0 {
					return bad("%s succeeded with the status %s", o, st)
				}
				return ok(0)
			case st.mute():
				return dunno
			case st.Space != NTStatus:
				return bad("%s ended with %s, which is no NTSTATUS", o, st)
			case o.sock.closed.called() || o.sock.parted:
				return pass // CLS-7
			}
			want, situation := endsOfStream, -1
			c := o.sock.conn
			switch {
			case st.Code == Aborted:
				want, situation = endsOfCancel, 1
			case o.verb == ReceiveFrom && st.Code == Truncated:
				want, situation = endsCutShort, 4
			case o.verb == ReceiveFrom && st.Code == Unreachable:
				want, situation = endsNowhere, 5
			case o.verb == ReceiveFrom:
				want = endsOfReceive
			case o.verb == SendTo:
				want = endsOfDatagrams
			case o.verb == Receive && c != nil && c.abort.called() && st.Code == Reset:
				want, situation = endsOfReset, 2
			case o.verb == Send && st.Code == Reset:
				situation = 3
			}
			if !st.says(NTStatus, want...) {
				return bad("%s ended with %s (%#x); of such an end Windows says %#x", o, st, uint32(st.Native), want)
			}
			return okIf(int8(situation))
		},
	},
	{
		ID: "PKT-12", Text: "The packet of an operation that was done at its start leaves the port before what was posted later.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanPost}, Axes: Axes{"queue": "fifo"},
		Sources:    []string{"Microsoft Learn, GetQueuedCompletionStatusEx: packets leave the port first in, first out"},
		Situations: []string{"one at a time", "several in a batch"},
		Where:      map[string]string{"several in a batch": "packets=n"},
		at:         []moment{atPacket},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb == Post || !o.start.done() || o.how != Done || o.skipMay || !o.keySure || o.sock.port != m.port || m.port == nil {
				return pass
			}
			if g := m.port.inverted(o, m.ahead); g != nil {
				return bad("%s was done when its start returned at event %d; a packet that was posted after that, at event %d, was taken before its own, at event %d", o, o.start.r, g.post.c, g.taken.r)
			}
			if x := m.port.newest; x == nil || !o.start.before(x.start) {
				return pass
			}
			if m.wait.n > 1 {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-13", Text: "The packet of a receive that failed reports no bytes; that of one which was cut short, a full buffer.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32},
		Sources: []string{
			"Wine ws2_32 tests, sock.c, test_completion_port, test_tcp_reset, iocp_async_read_closesocket", "Wine ws2_32 tests, afd.c, test_recv, test_async_thread_termination",
			"Microsoft Learn, WSARecvFrom: the buffer is filled with the first part of the datagram",
		},
		Situations: []string{"cancelled", "closed", "reset", "cut short"},
		Where:      map[string]string{"cut short": "datagram"},
		at:         []moment{atPacket},
		odd:        true,
		of:         []Verb{Receive, ReceiveFrom},
		check: func(l *ledger, m *matter) outcome {
			o, st, n := m.op, m.status, m.packet.N
			if o == nil || !o.verb.takes() || o.flags&WaitAll != 0 || st.Ok() {
				return pass
			}
			situation := 0
			switch {
			case st.Code == Truncated && n != o.length:
				return bad("%s was cut short and reports %d bytes; its buffer had room for %d", o, n, o.length)
			case st.Code == Truncated:
				return ok(3)
			case n != 0:
				return bad("%s ended with %s and reports %d bytes", o, st, n)
			case o.sock.closed.called():
				situation = 1
			case st.Code == Reset:
				situation = 2
			case st.Code != Aborted:
				return pass
			}
			return ok(situation)
		},
	},
	{
		ID: "OPN-7", Text: "An operation that was done at its start has a packet that says so, whatever has happened to its socket before that is taken.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_completion_port: a packet that was queued survives closesocket", "Microsoft Learn, CancelIoEx: an operation that has completed is not cancelled"},
		Situations: []string{"undisturbed", "its socket was closed"},
		at:         []moment{atPacket, atStart},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb == Post || !o.start.done() || o.how != Done || !o.started.Ok() || m.when == atStart && !o.taken.done() {
				return pass
			}
			if !o.ended.Ok() {
				return bad("%s was done at its start; its packet says %s", o, o.ended)
			}
			if o.sock.closed.called() {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "KEY-6", Text: "The packet of an operation that was pending when its socket was associated comes to that port under that key.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanLateAssoc},
		Sources:    []string{"Wine ntdll tests, file.c, test_file_io_completion", "Wine ws2_32 tests, sock.c, test_completion_port: the port is made after AcceptEx"},
		Situations: []string{"a receive", "an accept", "a receive of a datagram"},
		Where:      map[string]string{"an accept": "accept", "a receive of a datagram": "datagram"},
		at:         []moment{atPacket},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb == Post || o.keySure || !o.sock.assoc.done() || !o.start.before(o.sock.assoc) || o.how != Pending {
				return pass
			}
			s := o.sock
			switch {
			case s.port != nil && s.port != m.port:
				return bad("the packet of %s came to port %d; its socket was associated with port %d while it was pending", o, m.port.id, s.port.id)
			case m.packet.Key != s.key:
				return bad("the packet of %s carries key %#x; its socket was associated with key %#x while it was pending", o, m.packet.Key, s.key)
			}
			switch o.verb {
			case Receive:
				return ok(0)
			case Accept:
				return ok(1)
			case ReceiveFrom:
				return ok(2)
			}
			return pass
		},
	},
}
