package spec

// Those of connects and accepts alone; the others stand in rules_windows_packets.go.
const (
	ntRefused     = 0xC0000236
	ntNameDeleted = 0xC00000C9
)

// nameDeleted are the statuses that GetQueuedCompletionStatus calls ERROR_NETNAME_DELETED, 64.
var nameDeleted = []int64{ntReset, ntLocalDisconnect, ntRemoteDisconnect, ntDisconnected, ntNameDeleted}

// acceptEnd is something that may have ended an accept, and what the accept says then.
type acceptEnd struct {
	situation int
	numbers   []int64
}

var ruleAcceptEnds = []*Rule{
	{
		ID: "ACC-16", Text: "An accept fails for a reason, and says which: it was cancelled, a socket of it was closed, or its client reset the connection.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanAccept},
		Sources: []string{"Wine ws2_32 tests, sock.c, test_AcceptEx and test_completion_port: STATUS_CANCELLED, STATUS_CONNECTION_ABORTED",
			"Microsoft Learn, AcceptEx: WSAECONNRESET, a connection that was reset before it was accepted", "python/cpython#93821: ERROR_NETNAME_DELETED",
			"Go internal/poll, fd_windows.go: accepts again after ERROR_NETNAME_DELETED and WSAECONNRESET"},
		Situations:   []string{"the listener was closed", "the accepting socket was closed", "the accepting socket was closed over a silent connection", "cancelled", "reset while it waited for data", "reset before it was accepted"},
		Where:        map[string]string{"the listener was closed": "close=abort", "the accepting socket was closed": "accept-into close=abort", "the accepting socket was closed over a silent connection": "accept-into accept-data close=abort", "reset while it waited for data": "accept-data"},
		Alternatives: []string{"cancelled", "the connection was aborted", "reset, in its packet", "reset, at its start", "accepted all the same"},
		at:           []moment{atStart, atPacket},
		odd:          true,
		of:           []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Accept || o.args != nil || o.sock.door == nil {
				return pass
			}
			reset := o.sock.door.mayHaveReset()
			if m.when == atStart {
				if o.how != RefusedAtStart || o.started.Code != Reset {
					return pass
				}
				if !l.peers {
					return dunno
				}
				if !reset {
					return bad("%s was refused with %s; no client had reset its connection", o, o.started)
				}
				return okAs(5, 3)
			}
			st := m.packet.Status
			if st.Ok() {
				if c := m.conn; c != nil && c.abort.called() && c.abort.before(o.start) {
					return okAs(5, 4)
				}
				return pass
			}
			if any, _ := st.numbered(); !any || !l.peers || st.Code == NoResources {
				return dunno
			}
			if o.into != nil && o.into.past.meddled {
				return pass // a disconnect may have ended the connection
			}
			list := causesOf(o, reset)
			for _, x := range list {
				if _, so := st.numbered(x.numbers...); !so {
					continue
				}
				if m.packet.N != 0 {
					return bad("%s ended with %s and %d bytes", o, st, m.packet.N)
				}
				if len(list) > 1 {
					return pass // it may have been another
				}
				switch st.Native {
				case ntCancelled:
					return okAs(x.situation, 0)
				case ntAborted:
					return okAs(x.situation, 1)
				}
				return okAs(x.situation, 2)
			}
			if len(list) == 0 {
				return bad("%s ended with %s; nobody had cancelled it, closed a socket of it or reset a connection", o, st)
			}
			return bad("%s ended with %s; it is to end with one of %#x", o, st, list[0].numbers)
		},
	},
	{
		ID: "ACC-17", Text: "An accepted socket belongs to no port until it is associated with one.",
		Profiles: windowsOnly, Needs: []Capability{CanAccept, CanLateAssoc},
		Sources:    []string{"Microsoft Learn, AcceptEx, example: the accepted socket is associated by itself", "Wine ws2_32 tests, sock.c, test_completion_port"},
		Situations: []string{"done before the association"},
		at:         []moment{atStart, atPacket},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb == Post || o.sock.past.made != Accept || o.sock.assoc.called() || o.sock.past.again != NoVerb {
				return pass
			}
			if m.when == atPacket {
				return bad("a packet of %s came to port %d; the socket was accepted, and has not been associated with a port", o, m.port.id)
			}
			if o.how == Done {
				return ok(0)
			}
			return pass
		},
	},
}

// causesOf lists what may have ended an accept.
func causesOf(o *op, reset bool) (list []acceptEnd) {
	aborted := []int64{ntCancelled}
	if o.length > 0 { // it may have had a connection already
		aborted = append(aborted, ntAborted)
	}
	s, x := o.sock, o.into
	known := 0
	if s.closed.called() {
		list = append(list, acceptEnd{0, aborted})
		known++
	}
	if x != nil && x.closed.called() {
		what := 1
		if d := s.door; o.length > 0 && len(d.waiting) > 0 && d.waiting[0].connect.before(x.closed) {
			what = 2
		}
		list = append(list, acceptEnd{what, aborted})
		known++
	}
	if o.disturbs > known {
		list = append(list, acceptEnd{3, aborted})
	}
	if reset {
		what := 5
		if d := s.door; o.length > 0 && len(d.waiting) > 0 && o.start.before(d.waiting[0].abort) {
			what = 4
		}
		list = append(list, acceptEnd{what, nameDeleted})
	}
	return list
}
