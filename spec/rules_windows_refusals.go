package spec

// What Winsock refuses at once it refuses for a reason, and each reason has its number. Of some reasons the trace tells for certain that they were there: then
// the start is refused. Of others it tells that they may have been: then they explain a refusal. A refusal that no reason explains is wrong, and so is
// one in another reason's number.

// reason is why a start may be refused.
type reason struct {
	situation int8                        // of the rule; -1 none
	sure      func(l *ledger, o *op) bool // it was there all the time that the start took; nil if that is never certain
	may       func(l *ledger, o *op) bool // it was there at some moment of it, possibly
	codes     []uint32                    // of Winsock
	what      string
}

// hardUp are what Winsock may answer to any overlapped call: too many are outstanding, or there is no memory for them (Microsoft Learn, WSARecv).
var hardUp = []uint32{10035, 10055}

// judge judges a start by the reasons for which it may be refused.
func (l *ledger) judge(o *op, reasons []reason) outcome {
	s := o.sock
	if s.end(o.on).called() || s.parted || l.lossy && s.clouded && o.verb == Receive {
		return pass // other rules tell; nothing is promised of a stream after a cancel (Microsoft Learn, CancelIoEx)
	}
	for i := range reasons {
		if r := &reasons[i]; r.sure != nil && r.sure(l, o) {
			switch {
			case o.how != RefusedAtStart:
				return bad("%s was not refused but %s; %s, which is refused with %d", o, o.how, r.what, r.codes[0])
			case o.started.mute():
				return dunno
			case o.started.says(WSA, r.codes...):
				return okIf(r.situation)
			}
		}
	}
	switch {
	case o.how != RefusedAtStart || o.started.says(WSA, hardUp...):
		return pass
	case o.started.mute():
		return dunno
	}
	why := ""
	for i := range reasons {
		if r := &reasons[i]; r.may(l, o) {
			if o.started.says(WSA, r.codes...) {
				return okIf(r.situation)
			}
			why = "; " + r.what + ", which is refused with another number"
		}
	}
	return bad("%s was refused as %s, for which there is no reason%s", o, o.started, why)
}

func okIf(situation int8) outcome {
	if situation < 0 {
		return pass
	}
	return ok(int(situation))
}

// unconnected reports whether the socket had no connection, for certain, when the start returned: nothing was begun that could have given it one, or
// nothing of it can have succeeded.
func (l *ledger) unconnected(s *sock) bool {
	if !s.opened || s.from != nil || s.met != 0 || s.promised || s.door != nil || s.net.Datagrams() {
		return false
	}
	hopeless := s.failed
	for _, o := range s.live {
		if o.verb == Connect && o.dial != nil && o.dial.refuses && !o.dial.closed {
			hopeless++
		}
	}
	return s.connects == hopeless
}

var (
	neverConnected = reason{
		sure: func(l *ledger, o *op) bool { return o.sock.connects == 0 && l.unconnected(o.sock) },
		may: func(l *ledger, o *op) bool {
			return o.sock.connects == 0 && !o.sock.hadMet(o.start)
		},
		codes: []uint32{10057}, what: "the socket never had a connection",
	}
	notConnected = reason{
		sure:  func(l *ledger, o *op) bool { return o.sock.connects > 0 && l.unconnected(o.sock) },
		may:   func(l *ledger, o *op) bool { return o.sock.connects > 0 && !o.sock.hadMet(o.start) },
		codes: []uint32{10057}, what: "the socket was not connected yet, or could not be",
	}
	resetBefore = reason{
		sure: func(l *ledger, o *op) bool {
			s := o.sock
			return s.resetSure != 0 && s.resetSure < o.start.c && !s.shutRx.called() && !s.shutTx.called() && !(l.endsAfter && o.verb == Receive)
		},
		may: func(l *ledger, o *op) bool {
			c := o.sock.conn
			return !l.unconnected(o.sock) && (c == nil || c.mayReset || o.sock.resetQ != 0)
		},
		codes: []uint32{10054, 10053}, what: "the connection had been reset",
	}
	shutToReceive = reason{
		sure: func(l *ledger, o *op) bool {
			return o.sock.shutRx.done() && o.sock.shutRx.before(o.start) && !o.sock.reported()
		},
		may:   func(l *ledger, o *op) bool { return o.sock.shutRx.called() },
		codes: []uint32{10058}, what: "the receiving side had been shut down",
	}
	shutToSend = reason{
		sure: func(l *ledger, o *op) bool {
			return o.sock.shutTx.done() && o.sock.shutTx.before(o.start) && !o.sock.reported()
		},
		may:   func(l *ledger, o *op) bool { return o.sock.shutTx.called() },
		codes: []uint32{10058}, what: "the sending side had been shut down",
	}
	noAddress = reason{
		sure:  func(l *ledger, o *op) bool { return o.sock.opened && !o.sock.named },
		may:   func(l *ledger, o *op) bool { return o.sock.box == nil || !o.sock.box.since.before(o.start) },
		codes: []uint32{10022}, what: "the socket had no address",
	}
	nobodyThere = reason{
		may:   func(l *ledger, o *op) bool { return o.sock.mayMiss },
		codes: []uint32{10054}, what: "nobody was where it had sent to",
	}
	tooLong = reason{
		may:   func(l *ledger, o *op) bool { return o.length > datagramMost4 },
		codes: []uint32{10040}, what: "the datagram was too long",
	}
)

// datagramMost4 is the longest datagram of UDP over IPv4.
const datagramMost4 = 65507

// reported reports whether the program knows of something that happened to the connection, so that a start may be refused for that.
func (s *sock) reported() bool { return s.resetQ != 0 || s.conn != nil && s.conn.mayReset }

func (r reason) as(situation int8) reason { r.situation = situation; return r }

var (
	whyReceive     = []reason{neverConnected.as(0), notConnected.as(1), shutToReceive.as(2), resetBefore.as(3)}
	whySend        = []reason{neverConnected.as(0), notConnected.as(1), shutToSend.as(2), resetBefore.as(3)}
	whyReceiveFrom = []reason{noAddress.as(0), shutToReceive.as(1), nobodyThere.as(2)}
	whySendTo      = []reason{shutToSend.as(3), tooLong.as(4), nobodyThere.as(-1)}
)

// ruleWindowsRefusals are rules of what is refused at once, and how.
var ruleWindowsRefusals = []*Rule{
	{
		ID: "RCV-11", Text: "A receive is refused where it cannot be started, in the number of the reason: WSAENOTCONN, WSAESHUTDOWN or WSAECONNRESET; and nowhere else.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32}, Assume: []string{"DSC-3"},
		Sources: []string{
			"Microsoft Learn, WSARecv: WSAENOTCONN, WSAESHUTDOWN, WSAECONNRESET", "Wine ws2_32 tests, sock.c, test_completion_port, test_tcp_reset, test_shutdown, test_connecting_socket",
		},
		Situations: []string{"never connected", "not connected yet", "the receiving side was shut down", "the reset had been reported"},
		Where:      map[string]string{"not connected yet": "connect", "the receiving side was shut down": "shutdown"},
		at:         []moment{atStart},
		odd:        true,
		of:         []Verb{Receive},
		check: func(l *ledger, m *matter) outcome {
			if m.op.verb != Receive {
				return pass
			}
			return l.judge(m.op, whyReceive)
		},
	},
	{
		ID: "SND-9", Text: "A send is refused where it cannot be started, in the number of the reason: WSAENOTCONN, WSAESHUTDOWN or WSAECONNRESET; and nowhere else.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32}, Assume: []string{"DSC-3"},
		Sources:    []string{"Microsoft Learn, WSASend: WSAENOTCONN, WSAESHUTDOWN, WSAECONNRESET", "Wine ws2_32 tests, sock.c, test_completion_port, test_shutdown"},
		Situations: []string{"never connected", "not connected yet", "the sending side was shut down", "the reset had been reported"},
		Where:      map[string]string{"not connected yet": "connect", "the sending side was shut down": "shutdown"},
		at:         []moment{atStart},
		odd:        true,
		of:         []Verb{Send},
		check: func(l *ledger, m *matter) outcome {
			if m.op.verb != Send {
				return pass
			}
			return l.judge(m.op, whySend)
		},
	},
	{
		ID: "DGM-17", Text: "A start on a datagram socket is refused in the number of the reason: WSAEINVAL without an address, WSAESHUTDOWN, WSAEMSGSIZE, or WSAECONNRESET if nobody was where it sent to; and for no other.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanDatagram}, Assume: []string{"DSC-3"},
		Sources: []string{
			"Microsoft Learn, WSARecvFrom and WSASendTo: WSAEINVAL, WSAESHUTDOWN, WSAEMSGSIZE, WSAECONNRESET", "Wine ws2_32 tests, afd.c, test_recv", "Wine ws2_32 tests, sock.c, test_connect_udp, test_shutdown",
		},
		Situations: []string{
			"a receive without an address", "a receive after the receiving side was shut down", "a receive after nobody was there", "a send after the sending side was shut down",
			"a send that is too long",
		},
		Where: map[string]string{"a receive after the receiving side was shut down": "shutdown", "a receive after nobody was there": "unreachable=reported", "a send after the sending side was shut down": "shutdown"},
		at:    []moment{atStart},
		of:    []Verb{ReceiveFrom, SendTo},
		check: func(l *ledger, m *matter) outcome {
			switch o := m.op; {
			case o.verb == ReceiveFrom && o.sock.net.Datagrams():
				return l.judge(o, whyReceiveFrom)
			case o.verb == SendTo && o.sock.net.Datagrams() && o.to.Addr().IsLoopback() && o.to.Addr().Is6() == o.sock.net.Over6():
				return l.judge(o, whySendTo)
			}
			return pass
		},
	},
}
