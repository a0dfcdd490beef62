package spec

import (
	"fmt"
	"net/netip"
)

// What a portable back end may refuse. In which number it refuses only Windows promises (rules_windows_refusals.go); here is asked only whether there was anything to
// be refused for. A back end that lacks something, or that takes one operation at a time, may always say so.

// ruleRefusal are rules of what is not refused.
var ruleRefusal = []*Rule{
	{
		ID: "OPN-12", Text: "A start that nothing stands in the way of is not refused, and its operation does not fail.",
		Profiles: []string{"portable"}, Assume: []string{"DSC-3"},
		Sources: []string{
			"Microsoft Learn, WSARecv, WSASend, AcceptEx, WSARecvFrom and WSASendTo: what each error means", "recv(2), send(2), accept(2): likewise",
			"the contract: a start that is not refused has one packet",
		},
		Situations: []string{"a receive", "a send"},
		at:         []moment{atStart, atPacket},
		check: func(l *ledger, m *matter) outcome {
			o, st := m.op, m.status
			if o == nil || o.verb == Post || o.endQ != 0 && m.when == atStart {
				return pass
			}
			if m.when == atStart {
				if o.how == Pending {
					return pass // its packet will tell
				}
				st = o.started
			}
			if o.how == RefusedAtStart && m.when == atStart && st.Ok() {
				return bad("%s was refused, and all was well with it", o)
			}
			if o.disturbs > 0 || st.windows() {
				return pass
			}
			if !l.unhindered(o) {
				if l.hasHad(o) {
					switch st.Code {
					case Invalid, Unsupported, InUse, Connected, NotFound, Refused, Abandoned: // whatever became of the connection, it was none of these
						return bad("%s, whose socket has, or had, a connection, ended with %s", o, st)
					}
				}
				return pass
			}
			switch st.Code {
			case OK:
				switch {
				case o.verb.takes():
					return ok(0)
				case o.verb.gives():
					return ok(1)
				}
				return pass
			case Busy, NoResources, WouldBlock, Interrupted: // it could not just now
				return pass
			case Aborted, Truncated, Reset, Unreachable: // for others to judge: CAN-3, DGM-4, RCV-6 and SND-8, DGM-15 and DGM-16
				return pass
			case Shut:
				if o.verb == Send {
					return pass // SND-8
				}
			}
			if m.when == atStart {
				return bad("%s was refused with %s; nothing stood in its way", o, st)
			}
			return bad("%s ended with %s; nothing stood in its way", o, st)
		},
	},
	{
		ID: "OPN-13", Text: "Opening a port or a socket, a post, a bind, a listen or a shutdown that nothing stands in the way of does not fail; no call says of a socket or a port that it is closed which is not, none succeeds on one that is, and a name that is told is right.",
		Profiles: portable, Assume: []string{"DSC-3"},
		Sources: []string{
			"Microsoft Learn, bind, listen, shutdown, CreateIoCompletionPort and PostQueuedCompletionStatus: what each error means; WSAENOTSOCK, ERROR_INVALID_HANDLE",
			"socket(2), bind(2), listen(2), shutdown(2), getsockname(2), getpeername(2), EBADF",
			"java.nio.channels, AsynchronousSocketChannel.connect: a channel that could not be connected is closed",
		},
		Situations: []string{"a bind"},
		at:         []moment{atStart, atCall, atAssociate, atCancel, atPort},
		check: func(l *ledger, m *matter) outcome {
			if m.when == atPort || m.when == atAssociate && m.port != nil && m.port.closed.called() {
				return l.opens(m)
			}
			s, via, call, st, verb := m.sock, m.via, m.call, m.status, m.verb
			if o := m.op; m.when == atStart {
				st = o.started
				if o.verb == Post || o.how != RefusedAtStart || o.args != nil || o.into != nil || !st.windows() && l.unhindered(o) { // OPN-12
					return pass
				}
				via, call, verb = o.on, o.start, o.verb
			}
			end := span{}
			if s != nil {
				end = *s.end(via)
			}
			switch {
			case s != nil && m.when != atStart && m.when != atCancel && st.Ok() && end.done() && end.before(call):
				if end == longAgo {
					return bad("%s on %s succeeded; it had been closed long before", callName(m), s)
				}
				return bad("%s on %s succeeded; it had been closed at event %d", callName(m), s, end.c)
			case m.when == atCall && m.status.Ok() && (verb == LocalName || verb == PeerName):
				return l.rightly(m)
			case s == nil || s.closed.called() || s.end(via).called() || s.void&racedClose != 0 || s.parted || s.past.again != NoVerb:
				return pass
			case st.Code == Closed && s.staysAlive() && verb != UpdateContext && (m.port == nil || !m.port.closed.called()):
				return bad("%s answered that %s is closed, which nobody had closed", callName(m), s)
			case m.when != atCall:
				return pass
			case verb == Bind && s.past.binds == 1 && s.single() && s.past.wanted < call.c && !s.past.listened.called() && s.past.asked.Port() == 0 &&
				s.past.asked.Addr().IsLoopback() && s.past.asked.Addr().Is6() == s.net.Over6():
				if st.Ok() {
					return ok(0)
				}
			case verb == ShutdownSocket && s.past.shuts == 1 && s.staysAlive() && l.intact(s, call):
			case verb == Listen && s.past.listened.c == call.c && s.single() && s.past.binds == 1 && s.past.bound.done() && s.past.bound.before(call) && !s.net.Datagrams() && m.at > 0:
			default:
				return pass
			}
			switch st.Code {
			case OK, NoResources, Unsupported:
				return pass
			case InUse: // by somebody else, of whom there is none in a simulated world
				if !l.sim || verb != Bind {
					return pass
				}
			case NotConnected: // there may be something left of a connection, and too little to be shut down
				if verb == ShutdownSocket {
					return pass
				}
			}
			return bad("%s on %s was answered %s; nothing stood in its way", verb, s, st)
		},
	},
}

// opens judges what a call was answered that opens a port or a socket, or that is made of a port.
func (l *ledger) opens(m *matter) outcome {
	p, st := m.port, m.status
	gone := p != nil && m.verb != OpenPort && p.closed.called()
	switch {
	case m.verb == ClosePort && p != nil && p.closed.c == m.call.c && len(p.rivals) == 0 && (st.Code == Closed || st.Code == Invalid):
		return bad("%s was answered %s, and nobody had closed port %d", callName(m), st, p.id)
	case gone && m.verb != ClosePort && st.Ok() && p.closed.done() && p.closed.before(m.call):
		return bad("%s on port %d succeeded; it had been closed at event %d", callName(m), p.id, p.closed.c)
	case gone, m.verb == OpenSocket && (m.sock == nil || !l.about.speaks(m.sock.net)), m.verb == OpenPort && (p == nil || p.limit < 0), m.verb == Post && p == nil, m.verb == ClosePort:
		return pass
	}
	switch st.Code {
	case OK, NoResources, Busy, Interrupted:
		return pass
	case Unsupported:
		if m.verb != OpenSocket {
			return pass
		}
	}
	return bad("%s was answered %s; nothing stood in its way", callName(m), st)
}

// rightly judges the name that a socket told: it is the address that it was bound to, or that its listener has, and of the far end that which it is connected to. Where
// sockets are told how they came to their connections, ACC-10 speaks of those.
func (l *ledger) rightly(m *matter) outcome {
	s := m.sock
	if s.closed.called() || s.end(m.via).called() || s.void&racedClose != 0 || s.parted || s.past.freeing > 0 || s.past.between() || s.past.again != NoVerb || s.past.made != NoVerb && l.about.Can(CanContext) {
		return pass
	}
	var want netip.AddrPort
	switch {
	case m.verb == LocalName && s.past.refused > 0 && s.past.refused < s.connects && s.past.asked.Port() == 0:
		return pass // Linux has taken back the port that it chose, and chooses another (tcp_set_state in net/ipv4/tcp.c)
	case s.mayBeAnew():
		return pass // likewise
	case m.verb == LocalName && s.from == nil && !s.promised && s.past.bound.done() && s.past.bound.before(m.call):
		want = s.past.local
	case m.verb == LocalName && s.from != nil && s.from.door != nil && s.met < m.call.c:
		want = s.from.door.addr
	case m.verb == PeerName && s.from != nil && s.met < m.call.c:
		want = s.remote
	case m.verb == PeerName && s.connects == 1 && s.past.made == Connect && s.past.hadConnection(m.call):
		want = plain(s.past.to)
	}
	if want.Addr().IsLoopback() && want.Port() != 0 && m.addr != want {
		return bad("the %s of %s is said to be %s; it is %s", m.verb, s, m.addr, want)
	}
	return pass
}

// mayBeAnew reports whether the socket may have another name and another far end than its connection gave it: that is over, perhaps, and the socket was bound or connected since.
func (s *sock) mayBeAnew() bool {
	usual := s.past.usual
	if s.from != nil {
		usual = 0
	}
	c := s.conn
	return (s.from != nil || s.connects > 0) && s.past.binds > usual && (c == nil || c.mayReset || c.gone() || s.resetQ > 0 || s.shutTx.called())
}

// speaks reports whether a target says that it has sockets of the kind.
func (a *About) speaks(n Network) bool {
	return n <= UDP6 && (!n.Over6() || a.Can(CanIPv6)) && (n.Datagrams() && a.Can(CanDatagram) || !n.Datagrams() && (a.Can(CanAccept) || a.Can(CanConnect)))
}

// hadMet reports whether the program knew of the socket's connection before the call.
func (s *sock) hadMet(call span) bool { return s.met != 0 && s.met < call.c }

// intact reports whether the socket had its connection before the call, knows of it, and nothing has happened that resets it or ends it.
func (l *ledger) intact(s *sock, call span) bool {
	c := s.conn
	return c != nil && s.hadMet(call) && s.past.bare == 0 && s.resetQ == 0 && !c.mayReset && !c.gone() && !c.fin.called() && s.port != nil && !s.past.between()
}

// callName says what a matter's call was.
func callName(m *matter) string {
	switch m.when {
	case atStart:
		return m.op.String()
	case atAssociate:
		return "an association"
	case atCancel:
		return "a cancel"
	}
	switch m.verb {
	case OpenPort:
		return "the opening of a port"
	case OpenSocket:
		return fmt.Sprintf("the opening of a socket of %s", m.sock.net)
	}
	return "a " + m.verb.String()
}

// staysAlive reports whether nothing has happened to a socket of which a back end may have closed it by itself: its connection is as it was, none failed, and so is its port.
func (s *sock) staysAlive() bool {
	c := s.conn
	return s.failed == 0 && s.past.refused == 0 && (s.port == nil || !s.port.closed.called()) && s.resetQ == 0 && !s.eof &&
		(s.connects == 0 && s.from == nil && !s.promised || c != nil && !c.mayReset && !c.fin.called() && !c.gone())
}

// unhindered reports whether, from before the start of o until now, for certain its socket was there, in the state that the start needs, and nothing had happened that
// could have ended that.
func (l *ledger) unhindered(o *op) bool {
	s := o.sock
	switch {
	case s.closed.called() || s.end(o.on).called() || s.parted || s.past.between() || s.past.again != NoVerb || s.void&racedClose != 0:
		return false
	case o.flags != 0 || o.args != nil || o.event != nil || o.orphan || o.gone || o.muddled:
		return false
	case !o.keySure || s.port == nil || s.port.closed.called():
		return false
	case l.lossy && s.clouded: // nothing is promised of a socket on which something was cancelled
		return false
	}
	switch o.verb {
	case Receive, Send:
		return l.connected(o)
	case Accept:
		return s.door != nil && s.past.listened.done() && s.past.listened.before(o.start) && s.promises(o)
	case ReceiveFrom:
		return o.length > 0 && s.box != nil && s.box.since.before(o.start) && !s.past.triedRx && !s.mayMiss
	case SendTo:
		return s.box != nil && s.box.since.before(o.start) && o.length <= datagramPlain && o.to.Addr().IsLoopback() && o.to.Addr().Is6() == s.net.Over6() && !s.past.triedTx && !s.mayMiss
	}
	return false
}

// hasHad reports whether o was started on a socket that had been accepted, or had connected, and was ever since left open.
func (l *ledger) hasHad(o *op) bool {
	s := o.sock
	return (o.verb == Receive || o.verb == Send) && o.length > 0 && s.hadMet(o.start) && !(l.lossy && s.clouded) && !s.closed.called() && !s.end(o.on).called() && s.void == 0 && !s.parted && !s.past.between() &&
		s.past.again == NoVerb && s.past.bare == 0 && s.connects < 2 && o.flags == 0 && o.event == nil && !o.orphan && !o.gone && !o.muddled && o.keySure && s.port != nil && !s.port.closed.called()
}

// datagramPlain is a length that no datagram socket refuses on the loopback.
const datagramPlain = 1024

// connected reports whether the socket of a receive or a send had its connection before the start, whole, with nothing that resets it or ends it.
func (l *ledger) connected(o *op) bool {
	s, c := o.sock, o.sock.conn
	switch {
	case c == nil || !s.hadMet(o.start) || s.past.bare != 0 || s.resetQ != 0 || c.mayReset || c.gone() || o.length <= 0:
		return false
	case o.verb == Receive:
		return !s.past.triedRx && !c.fin.called()
	}
	return !s.past.triedTx
}

// promises reports whether an accept has a socket to go to: a new one, or one that was opened for it and used for nothing else.
func (s *sock) promises(o *op) bool {
	x := o.into
	return x == nil || x != s && x.net == s.net && x.opened && x.connects == 0 && x.from == nil && x.met == 0 && x.alone(o.start) && len(x.live) == 0 && x.door == nil &&
		!x.closed.called() && !x.end(o.intoBy).called() && !x.past.bound.called() && !x.past.listened.called() && x.past.spare == unused && x.past.again == NoVerb && x.past.made == NoVerb
}

// alone reports whether no accept into s was under way beside the start of one but that itself: what another that comes to nothing holds meanwhile is not free.
func (s *sock) alone(start span) bool { return len(s.into) <= 1 && s.past.wanted < start.c }

// windows reports whether the status is told in a number of Windows', of which the windows profile has rules of its own.
func (st Status) windows() bool { return st.Space == NTStatus || st.Space == WSA || st.Space == Win32 }
