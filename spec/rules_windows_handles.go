package spec

// ruleWindowsHandles are rules of the windows profile: events, asynchronous procedure calls, duplicated handles, threads that end.
var ruleWindowsHandles = []*Rule{
	{
		ID: "KEY-7", Text: "A second handle of a socket that has a port cannot be associated again.",
		Profiles: windowsOnly, Needs: []Capability{CanDuplicate},
		Sources:    []string{"Microsoft Learn, CreateIoCompletionPort, Remarks: on handles that were duplicated", "Wine ws2_32 tests, sock.c, test_completion_port"},
		Situations: []string{"the same port", "another port"},
		at:         []moment{atAssociate},
		check: func(l *ledger, m *matter) outcome {
			s := m.sock
			if m.via == s.id || s.port == nil || m.port == nil || !s.assoc.before(m.call) || !s.assoc.done() {
				return pass
			}
			if m.status.Ok() {
				return bad("a second handle of %s was associated with port %d and the answer was ok; the socket belongs to port %d since event %d", s, m.port.id, s.port.id, s.assoc.r)
			}
			if s.port == m.port {
				return ok(0)
			}
			return ok(1)
		},
	},
	{
		ID: "KEY-8", Text: "What is started through a second handle of a socket arrives at the port of the socket's association, under its key.",
		Profiles: windowsOnly, Needs: []Capability{CanDuplicate}, Axes: Axes{"key": "socket"},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_completion_port: an accept through a second handle of the listener"},
		Situations: []string{"a receive", "an accept"},
		Where:      map[string]string{"an accept": "accept"},
		at:         []moment{atPacket},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb == Post || !o.second() || !o.keySure || o.sock.port == nil {
				return pass
			}
			if m.packet.Key != o.sock.key || m.port != o.sock.port {
				return bad("the packet of %s, which was started through a second handle, arrived at port %d under key %#x; the socket was associated with port %d under key %#x",
					o, m.port.id, m.packet.Key, o.sock.port.id, o.sock.key)
			}
			switch o.verb {
			case Receive:
				return ok(0)
			case Accept:
				return ok(1)
			}
			return pass
		},
	},
	{
		ID: "PKT-15", Text: "An operation whose event has its low bit set queues no packet.",
		Profiles: windowsOnly, Needs: []Capability{CanEvent},
		Sources: []string{
			"Microsoft Learn, GetQueuedCompletionStatus, Remarks: a valid event with the low-order bit set",
			"Wine ws2_32 tests, sock.c, test_connect_completion_port and test_shutdown_completion_port",
		},
		Situations: []string{"it was pending", "it was done at its start"},
		at:         []moment{atPacket, atStart, atEvent},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			switch {
			case m.when == atEvent && o != nil:
				return ok(0) // over, and no packet has come
			case m.when == atEvent:
				return pass
			case o == nil && m.ending == eventSeen:
				return bad("a packet came for token %#x, whose operation was to be told of by its event alone", m.packet.Token)
			case o == nil || o.flags&EventOnly == 0:
				return pass
			case m.when == atPacket:
				return bad("a packet came for %s, which was to be told of by its event alone", o)
			case o.how == Done:
				return ok(1)
			}
			return pass
		},
	},
	{
		ID: "PKT-16", Text: "A wait that is not alertable runs no asynchronous procedure call.",
		Profiles: windowsOnly, Needs: []Capability{CanAPC},
		Sources:    []string{"Microsoft Learn, GetQueuedCompletionStatusEx: fAlertable", "Wine kernel32 tests, file.c, test_post_completion"},
		Situations: []string{"it ran out of time", "it took a packet"},
		Where:      map[string]string{"it took a packet": "post"},
		at:         []moment{atAPC, atWait},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			w := m.wait
			switch {
			case w.alertable:
				return pass
			case m.when == atAPC:
				return bad("an asynchronous procedure call of %s ran in a wait on port %d that is not alertable", l.threadName(m.thread), m.port.id)
			case w.pending == 0:
				return pass
			case w.status.Ok():
				return ok(1)
			case w.status.Code == TimedOut:
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "PKT-17", Text: "An alertable wait on an empty port runs all that is queued to its thread, in order, and ends interrupted.",
		Profiles: windowsOnly, Needs: []Capability{CanAPC},
		Sources: []string{
			"Microsoft Learn, Asynchronous Procedure Calls: the queue of a thread", "Microsoft Learn, GetQueuedCompletionStatusEx: WAIT_IO_COMPLETION",
			"Wine kernel32 tests, file.c, test_post_completion: also with a timeout of 0",
		},
		Situations: []string{"one call", "several calls"},
		at:         []moment{atAPC, atWait},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			w := m.wait
			switch {
			case !w.alertable:
				return pass
			case m.when == atAPC && !m.sure:
				return bad("the asynchronous procedure call with token %#x ran, which was not the next of %s", m.key, l.threadName(m.thread))
			case m.when == atAPC || w.pending == 0:
				return pass
			case w.status.Code == TimedOut:
				return bad("an alertable wait on port %d ran out of time; queued to %s: %d asynchronous procedure calls, of which %d ran", m.port.id, l.threadName(m.thread), w.pending, w.ran)
			case w.status.Code == Interrupted && w.ran < w.pending:
				return bad("an alertable wait on port %d was interrupted; queued to %s: %d asynchronous procedure calls, of which %d ran", m.port.id, l.threadName(m.thread), w.pending, w.ran)
			case w.status.Code != Interrupted:
				return pass
			case w.pending > 1:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-18", Text: "An alertable wait that takes a packet runs no asynchronous procedure call.",
		Profiles: windowsOnly, Needs: []Capability{CanAPC},
		Sources: []string{
			"Wine kernel32 tests, file.c, test_post_completion: both are pending", "Wine ntdll tests, file.c, test_set_io_completion",
		},
		Situations: []string{"one was queued"},
		Where:      map[string]string{"one was queued": "post"},
		at:         []moment{atWait},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			w := m.wait
			if !w.alertable || !w.status.Ok() {
				return pass
			}
			if w.ran > 0 {
				return bad("an alertable wait on port %d took %d packets and ran %d asynchronous procedure calls as well", m.port.id, w.n, w.ran)
			}
			if w.pending > 0 {
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "OPN-10", Text: "The event of an operation that has completed is signaled.",
		Profiles: windowsOnly, Needs: []Capability{CanEvent},
		Sources: []string{
			"Microsoft Learn, WSAOVERLAPPED: hEvent", "Microsoft Learn, SetFileCompletionNotificationModes: an event of the operation itself is signaled in either mode",
			"Wine ws2_32 tests, sock.c, test_connect_completion_port: with a packet, and without",
		},
		Situations: []string{"beside a packet", "instead of a packet", "it was done at its start"},
		at:         []moment{atEvent},
		check: func(l *ledger, m *matter) outcome {
			switch {
			case !m.status.Ok() && m.sure:
				return bad("event %d is not signaled; the operation that was started at event %d of the trace, the latest that names it, has completed", m.event.id, m.at)
			case !m.status.Ok() || m.index < 0:
				return pass
			}
			return ok(m.index)
		},
	},
	{
		ID: "OPN-11", Text: "The start of an operation resets its event, which is not signaled before the operation has completed.",
		Profiles: windowsOnly, Needs: []Capability{CanEvent},
		Sources:    []string{"Microsoft Learn, OVERLAPPED: hEvent is set to the nonsignaled state at the start"},
		Situations: []string{"it had been signaled"},
		at:         []moment{atEvent},
		check: func(l *ledger, m *matter) outcome {
			switch {
			case m.status.Ok() && m.sure:
				return bad("event %d is signaled; no operation that names it can have completed since it was reset", m.event.id)
			case !m.status.Ok() && m.unset:
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "CAN-10", Text: "An operation of a socket with a port, and without an event, goes on when the thread that started it ends.",
		Profiles: windowsOnly, Needs: []Capability{CanThreadExit},
		Sources: []string{
			"Microsoft Learn, ExitThread, Remarks: pending I/O of a handle associated with a completion port is not cancelled",
			"Wine ws2_32 tests, sock.c, iocp_async_read_thread",
		},
		Situations: []string{"a receive", "an accept"},
		Where:      map[string]string{"an accept": "accept"},
		at:         []moment{atPacket},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || !o.orphan || !o.keySure || o.event != nil || o.disturbs > 1 {
				return pass
			}
			if m.packet.Status.Code == Aborted {
				return bad("%s ended aborted; nothing had happened to it but that %s, which started it, ended", o, l.threadName(o.by))
			}
			switch o.verb {
			case Receive:
				return ok(0)
			case Accept:
				return ok(1)
			}
			return pass
		},
	},
	{
		ID: "CAN-12", Text: "An operation with an event is cancelled when the thread that started it ends, even if its socket has a port, and its packet comes.",
		Profiles: windowsOnly, Needs: []Capability{CanThreadExit, CanEvent},
		Sources:      []string{"Wine ws2_32 tests, afd.c, test_async_thread_termination"},
		Situations:   []string{"its packet came"},
		Alternatives: []string{"aborted", "it had completed"},
		at:           []moment{atPacket, atSettledOp},
		odd:          true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || !o.orphan || !o.keySure || o.event == nil {
				return pass
			}
			switch {
			case m.when == atSettledOp && !o.gone:
				return pass
			case m.when == atSettledOp:
				return bad("%s has an event, and %s, which started it, has ended; its packet has not come", o, l.threadName(o.by))
			case m.packet.Status.Code == Aborted:
				return okAs(0, 0)
			}
			return okAs(0, 1)
		},
	},
	{
		ID: "CAN-11", Text: "Closing one of several handles of a socket ends none of its operations.",
		Profiles: windowsOnly, Needs: []Capability{CanDuplicate},
		Sources: []string{
			"Microsoft Learn, WSADuplicateSocket, Remarks: the socket stays open until its last descriptor is closed",
			"Wine ws2_32 tests, sock.c, test_completion_port: the listener is closed, its second handle is not",
		},
		Situations: []string{"the second handle was closed", "the handle that it was started through was closed"},
		at:         []moment{atPacket},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.spared == 0 || o.disturbs > o.spared {
				return pass
			}
			switch m.packet.Status.Code {
			case Invalid:
				if o.args != nil {
					return pass // it had too little room, and fails by itself (ACC-15)
				}
				fallthrough
			case Aborted, Closed: // what its own end, or a handle that is none any more, may bring
				return bad("%s ended %s; nothing had happened to it but that a handle of its socket was closed, which has another", o, m.packet.Status)
			}
			if o.sock.end(o.on).done() {
				return ok(1)
			}
			return ok(0)
		},
	},
}
