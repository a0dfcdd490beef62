package spec

import "slices"

// ruleWindowsCalls are rules of the windows profile: what calls answer there and what packets say, in Windows' own numbers.
var ruleWindowsCalls = slices.Concat(ruleWindowsAnswers, ruleWindowsRefusals, ruleWindowsPackets, ruleWindowsEnds)

// says reports whether a status is one of these numbers of a vocabulary.
func (s Status) says(space Space, numbers ...uint32) bool {
	return s.Space == space && slices.Contains(numbers, uint32(s.Native)) && s.Native == int64(uint32(s.Native))
}

// mute reports whether a failure comes without its number, so that nothing can be said of that.
func (s Status) mute() bool { return !s.Ok() && s.Space == NoSpace }

// ruleWindowsAnswers are rules of what calls answer that start nothing.
var ruleWindowsAnswers = []*Rule{
	{
		ID: "KEY-5", Text: "A socket can be associated in whatever state it is; a second association is answered ERROR_INVALID_PARAMETER.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32},
		Sources:    []string{"Microsoft Learn, CreateIoCompletionPort, Remarks", "Wine ws2_32 tests, sock.c, test_completion_port: sockets of every state are associated"},
		Situations: []string{"without a connection", "connected", "listening", "of datagrams", "a second time"},
		Where:      map[string]string{"of datagrams": "datagram"},
		at:         []moment{atAssociate},
		check: func(l *ledger, m *matter) outcome {
			s := m.sock
			switch {
			case m.port == nil || m.port.closed.called() || s.end(m.via).called() || s.parted || m.status.Code == NoResources:
				return pass
			case s.assoc.done() && s.assoc.before(m.call):
				switch {
				case m.status.Ok():
					return pass // KEY-4
				case m.status.mute():
					return dunno
				case !m.status.says(Win32, 87):
					return bad("a second association of %s was answered %s, not ERROR_INVALID_PARAMETER (87)", s, m.status)
				}
				return ok(4)
			case s.assoc.c != m.call.c || l.associating(s):
				return pass
			case !m.status.Ok():
				return bad("the first association of %s was answered %s", s, m.status)
			case s.net.Datagrams():
				return ok(3)
			case s.door != nil:
				return ok(2)
			case s.met != 0:
				return ok(1)
			case s.opened:
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "PKT-10", Text: "A wait that brings no packet says WAIT_TIMEOUT if it ran out of time, ERROR_ABANDONED_WAIT_0 if its port was closed meanwhile, and ERROR_INVALID_HANDLE if that was before.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32},
		Sources: []string{
			"Microsoft Learn, GetQueuedCompletionStatus and GetQueuedCompletionStatusEx: ERROR_ABANDONED_WAIT_0, WAIT_TIMEOUT", "Wine ws2_32 tests, sock.c, test_completion_port",
			"Wine ntdll tests, sync.c, test_completion_port_scheduling: 6 if the close comes first",
		},
		Situations: []string{"it ran out of time", "the port was closed meanwhile", "the port was closed before"},
		Where:      map[string]string{"the port was closed meanwhile": "workers wake-on-close=yes"},
		at:         []moment{atWait},
		check: func(l *ledger, m *matter) outcome {
			w, p := m.wait, m.port
			st := w.status
			switch {
			case st.Ok() || st.Code == Interrupted || w.max == 0:
				return pass
			case st.mute():
				return dunno
			case st.Code == TimedOut:
				if !st.says(Win32, 258) {
					return bad("a wait ran out of time and said %s, not WAIT_TIMEOUT (258)", st)
				}
				return ok(0)
			case !p.closed.called():
				return pass // CLS-6
			case p.closed.done() && p.closed.before(w.span):
				if !st.says(Win32, 6) {
					return bad("a wait on port %d, which had been closed at event %d, said %s, not ERROR_INVALID_HANDLE (6)", p.id, p.closed.c, st)
				}
				return ok(2)
			case !st.says(Win32, 735, 6):
				return bad("a wait on port %d, which was closed meanwhile, said %s, neither ERROR_ABANDONED_WAIT_0 (735) nor ERROR_INVALID_HANDLE (6)", p.id, st)
			}
			return ok(1)
		},
	},
	{
		ID: "CAN-6", Text: "A cancel that finds nothing to cancel is answered ERROR_NOT_FOUND; one on an open socket has no other failure.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanCancel},
		Sources:    []string{"Microsoft Learn, CancelIoEx: ERROR_NOT_FOUND", "Wine kernel32 tests, pipe.c: a second cancel"},
		Situations: []string{"of one operation", "of everything"},
		at:         []moment{atCancel},
		check: func(l *ledger, m *matter) outcome {
			switch {
			case m.status.Ok() || m.sock.end(m.via).called():
				return pass
			case m.status.mute():
				return dunno
			case !m.status.says(Win32, 1168):
				return bad("a cancel on %s was answered %s; a cancel is answered ok or ERROR_NOT_FOUND (1168)", m.sock, m.status)
			case m.key != 0:
				return ok(0)
			}
			return ok(1)
		},
	},
	{
		ID: "CLS-9", Text: "A start on a closed socket is refused as WSAENOTSOCK.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32},
		Sources:    []string{"Microsoft Learn, closesocket: references to the socket fail with WSAENOTSOCK", "Wine ws2_32 tests, sock.c, test_AcceptEx and test_connect"},
		Situations: []string{"refused"},
		at:         []moment{atStart},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			switch {
			case !o.sock.end(o.on).done() || !o.sock.end(o.on).before(o.start) || o.how != RefusedAtStart:
				return pass
			case o.started.mute():
				return dunno
			case !o.started.says(WSA, 10038):
				return bad("%s, on a socket that had been closed, was refused as %s, not WSAENOTSOCK (10038)", o, o.started)
			}
			return ok(0)
		},
	},
}

// associating reports whether an association of s is under way.
func (l *ledger) associating(s *sock) bool {
	for i := range l.threads {
		if t := &l.threads[i]; t.busy && t.verb == Associate && t.sock == s {
			return true
		}
	}
	return false
}
