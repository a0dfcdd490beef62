package spec

// mailRule tells what an answer of the ledger means to the rule that is about one kind of misfit. Others are told by other rules.
func mailRule(m *matter, mine found) (outcome, bool) {
	switch {
	case m.found == untold:
		return dunno, true
	case m.found == mailFits || m.found == mine:
		return pass, false
	}
	return pass, true
}

// receiver names who received.
func (m *matter) receiver() string {
	if m.op != nil {
		return m.op.String()
	}
	return m.station.String()
}

var ruleDatagram = []*Rule{
	{
		ID: "DGM-1", Text: "A receive delivers a datagram that was sent to the socket's address, unaltered.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"RFC 768", "Microsoft Learn, WSARecvFrom"},
		Situations: []string{"the buffer has room for all of it", "the buffer is too short"},
		at:         []moment{atMail},
		check: func(l *ledger, m *matter) outcome {
			if out, over := mailRule(m, mailUnsent); over || m.op == nil {
				return out
			}
			if m.found == mailUnsent {
				return bad("%s delivered %d bytes, no datagram sent to %s, nor the beginning of one", m.op, m.op.n, m.sock)
			}
			if m.sure {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "DGM-2", Text: "One receive takes one datagram: never two in one, never the rest of one that was too long.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"Microsoft Learn, WSARecvFrom: one datagram satisfies one receive", "Linux 6.18, measured: the rest of a datagram is lost"},
		Situations: []string{"one datagram waits", "several datagrams wait"},
		at:         []moment{atMail},
		check: func(l *ledger, m *matter) outcome {
			if out, over := mailRule(m, mailPart); over || m.op == nil {
				return out
			}
			if m.found == mailPart {
				return bad("%s delivered %d bytes, not one datagram, but a part of one, or more than one", m.op, m.op.n)
			}
			if m.beside > 1 {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "DGM-3", Text: "The size that a receive reports is the length of the datagram, also of what the buffer had no room for.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"recvmsg(2): MSG_TRUNC as a flag of the call", "the contract: Packet.Size is -1 where it is not known"},
		Situations: []string{"the size is told"},
		Where:      map[string]string{"the size is told": "truncation!=silent"},
		at:         []moment{atMail},
		check: func(l *ledger, m *matter) outcome {
			if out, over := mailRule(m, mailSize); over || m.op == nil {
				return out
			}
			if m.found == mailSize {
				return bad("%s delivered %d bytes and a size that is not the length of a datagram that begins so", m.op, m.op.n)
			}
			if m.got == nil || m.got.size < 0 {
				return pass
			}
			return ok(0)
		},
	},
	{
		ID: "DGM-4", Text: "A datagram that is longer than the buffer is reported as the target declares, and no other is.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"Microsoft Learn, WSARecvFrom: WSAEMSGSIZE", "recvmsg(2): MSG_TRUNC", "boostorg/asio#27", "golang/go#14074"},
		Situations: []string{"shorter than the buffer", "as long as the buffer", "longer than the buffer"},
		at:         []moment{atMail},
		check: func(l *ledger, m *matter) outcome {
			if out, over := mailRule(m, mailReported); over || m.op == nil {
				return out
			}
			o := m.op
			if m.found == mailReported {
				if o.knownStatus().Code == Truncated {
					return bad("%s ended truncated with %d bytes; that is all of the datagram", o, o.n)
				}
				return bad("%s ended ok with %d bytes; the datagram was longer, and the target declares truncation=%s", o, o.n, l.about.Axes.Get("truncation"))
			}
			switch {
			case m.sure:
				return ok(2)
			case o.n == o.length:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "DGM-5", Text: "The address that a receive reports is the one that the datagram was sent from.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"Microsoft Learn, WSARecvFrom: lpFrom", "recvfrom(2)"},
		Situations: []string{"one sender", "several senders"},
		at:         []moment{atMail},
		check: func(l *ledger, m *matter) outcome {
			if out, over := mailRule(m, mailFrom); over || m.op == nil {
				return out
			}
			if m.found == mailFrom {
				return bad("%s delivered a datagram that nobody has sent from the address it reports", m.op)
			}
			if m.got == nil || m.got.d == nil || !m.got.from.IsValid() {
				return pass
			}
			for _, d := range m.sock.box.sent {
				if d.station != m.got.d.station || d.sock != m.got.d.sock {
					return ok(1)
				}
			}
			return ok(0)
		},
	},
	{
		ID: "DGM-6", Text: "A datagram is delivered once.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"Microsoft Learn, WSARecvFrom: one datagram satisfies one receive"},
		Situations: []string{"to the back end", "to the far end"},
		at:         []moment{atMail},
		check: func(l *ledger, m *matter) outcome {
			if out, over := mailRule(m, mailAgain); over {
				return out
			}
			if m.found == mailAgain {
				if !l.about.Path.NoDup {
					return dunno
				}
				return bad("%s received a datagram again; it was sent once, and the network has not doubled it", m.receiver())
			}
			if m.op == nil {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "DGM-7", Text: "What arrives in order is delivered in order: no receive delivers a datagram older than what had been delivered before it was started.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"Linux 6.18, net/core/datagram.c: the receive queue is first in, first out", "Microsoft Learn, WSARecvFrom"},
		Situations: []string{"one after the other"},
		at:         []moment{atMail},
		check: func(l *ledger, m *matter) outcome {
			if out, over := mailRule(m, mailLate); over || m.op == nil {
				return out
			}
			if m.found == mailLate {
				return bad("%s delivered a datagram that was sent before one that had been delivered before it was started", m.op)
			}
			if g := m.got; g != nil && g.only && g.d.station != nil {
				for _, x := range m.sock.box.got {
					if x.known < g.start.c && x.d.station == g.d.station {
						return ok(0)
					}
				}
			}
			return pass
		},
	},
	{
		ID: "DGM-8", Text: "Receives that are outstanding get the datagrams in the order in which they were posted.",
		Profiles: portable, Needs: []Capability{CanDatagram}, Axes: Axes{"fill": "fifo"},
		Sources:    []string{"Microsoft Learn, WSARecvFrom: buffers are filled in the order of the calls"},
		Situations: []string{"several outstanding"},
		Where:      map[string]string{"several outstanding": "receives=n"},
		at:         []moment{atMail},
		check: func(l *ledger, m *matter) outcome {
			if out, over := mailRule(m, mailCrossed); over || m.op == nil {
				return out
			}
			if m.found == mailCrossed {
				return bad("%s has a datagram out of turn: of two receives the one posted first has the datagram that was sent last", m.op)
			}
			if m.sock.void&severalRecvs != 0 {
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "DGM-9", Text: "A receive reports 0 bytes only for an empty datagram, or for lack of a buffer: there is no end of a stream here.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"Microsoft Learn, WSARecvFrom", "udp(7)", "Linux 6.18, measured: recv is 0 for an empty datagram, and the next one follows"},
		Situations: []string{"an empty datagram"},
		at:         []moment{atMail},
		check: func(l *ledger, m *matter) outcome {
			if out, over := mailRule(m, mailEmpty); over || m.op == nil {
				return out
			}
			if m.found == mailEmpty && m.op.sock.mayBeShut {
				return dunno
			}
			if m.found == mailEmpty {
				return bad("%s ended with 0 bytes; nobody has sent an empty datagram that has not been delivered", m.op)
			}
			if m.op.n == 0 && m.op.length > 0 {
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "DGM-10", Text: "A receive ends when a datagram is there for it.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"Microsoft Learn, WSARecvFrom", "udp(7)"},
		Situations: []string{"the receive was first", "the datagram was first", "after a cancel"},
		Where:      map[string]string{"the datagram was first": "inline!=never", "after a cancel": "cancel|cancel-all"},
		at:         []moment{atMail, atSettledOp},
		of:         []Verb{ReceiveFrom},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != ReceiveFrom {
				return pass
			}
			if m.when == atSettledOp {
				switch v, n := l.waits(o); v {
				case broken:
					return bad("%s is still pending, and nobody has received %d datagrams sent to %s", o, n, o.sock)
				case unknown:
					return dunno
				}
				return pass
			}
			switch {
			case m.found != mailFits:
				return pass
			case o.sock.clouded:
				return ok(2)
			case o.start.done() && o.how == Done:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "DGM-11", Text: "A datagram that is sent reaches the far end as it was sent: one for one, unaltered, from the socket's address.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"RFC 768", "Microsoft Learn, WSASendTo"},
		Situations: []string{"with bytes", "without"},
		at:         []moment{atMail},
		check: func(l *ledger, m *matter) outcome {
			if m.op != nil {
				return pass
			}
			switch n := len(m.got.bytes()); m.found {
			case untold:
				return dunno
			case mailUnsent, mailEmpty, mailPart, mailReported:
				return bad("%s received %d bytes, no datagram sent to it", m.station, n)
			case mailFrom:
				return bad("%s received a datagram of %d bytes that nobody has sent from %s", m.station, n, m.got.said)
			case mailFits:
				if n == 0 {
					return ok(1)
				}
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "DGM-12", Text: "A send of a datagram that succeeds has sent all of it; one that is too long fails.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"Microsoft Learn, WSASendTo: WSAEMSGSIZE, and nothing is sent", "udp(7): EMSGSIZE"},
		Situations: []string{"with bytes", "without", "too long"},
		at:         []moment{atPacket, atStart},
		of:         []Verb{SendTo},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != SendTo {
				return pass
			}
			n, good := o.startN, o.started.Ok()
			switch {
			case m.packet != nil:
				n, good = m.packet.N, m.packet.Status.Ok()
			case o.how == RefusedAtStart:
				good = false
			case !o.noPack:
				return pass // its packet will tell
			}
			switch {
			case good && o.length > datagramMost:
				return bad("%s succeeded; a datagram has no room for more than %d bytes", o, datagramMost)
			case good && n != o.length:
				return bad("%s succeeded with %d of its %d bytes", o, n, o.length)
			case good && n == 0:
				return ok(1)
			case good:
				return ok(0)
			case o.length > datagramMost:
				return ok(2)
			}
			return pass
		},
	},
	{
		ID: "DGM-13", Text: "A datagram that was sent to a far end is there when it reads, unless the network lost it.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"Microsoft Learn, WSASendTo: success is that the datagram was handed over"},
		Situations: []string{"the far end read it"},
		at:         []moment{atMail, atSettledMail},
		check: func(l *ledger, m *matter) outcome {
			if m.when == atSettledMail {
				if !l.about.Path.Lossless {
					return dunno
				}
				return bad("%s sent a datagram of %d bytes at event %d, and %s has found nothing since; missing: %d", m.sock, m.at, m.call.c, m.station, m.want)
			}
			if m.op == nil && m.found == mailFits {
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "DGM-14", Text: "A receive that was cancelled, or whose socket was closed, has received nothing.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"Wine ws2_32 tests, afd.c, test_recv: a pending receive ends with STATUS_CANCELLED and 0 bytes", "Microsoft Learn, CancelIoEx"},
		Situations: []string{"cancelled", "closed"},
		Where:      map[string]string{"cancelled": "cancel|cancel-all", "closed": "close=abort"},
		at:         []moment{atPacket},
		of:         []Verb{ReceiveFrom},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != ReceiveFrom || m.packet.Status.Code != Aborted {
				return pass
			}
			if m.packet.N != 0 {
				return bad("%s ended aborted with %d bytes", o, m.packet.N)
			}
			if o.sock.closed.called() {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "DGM-15", Text: "If nobody is where a socket sent to, its next receive is told, and only then.",
		Profiles: portable, Needs: []Capability{CanDatagram}, Axes: Axes{"unreachable": "reported"},
		Sources:    []string{"Microsoft Learn, WSARecvFrom: WSAECONNRESET on a datagram socket", "Microsoft support, KB263823", "golang/go#5834"},
		Situations: []string{"a pending receive", "a later receive"},
		at:         []moment{atPacket, atStart, atSettledOp},
		of:         []Verb{ReceiveFrom},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != ReceiveFrom {
				return pass
			}
			s := o.sock
			var code Code
			switch m.when {
			case atSettledOp:
				switch {
				case s.toNowhere == 0 || s.told > 0 || o.disturbs > 0 || s.closed.called() || s.box != nil && s.box.untold || s.toldUnseen():
				case l.about.Path.Lossless:
					return bad("%s is still pending; %s had sent to an address where nobody was, and no receive has been told", o, s)
				case s.toNowhere >= controlMost && l.delivered(s) >= controlMost:
					return bad("%s is still pending; %s had sent %d datagrams to where nobody was, and no receive has been told; %d that it sent to somebody have all arrived", o, s, s.toNowhere, l.delivered(s))
				}
				return pass
			case atPacket:
				code = m.packet.Status.Code
			default:
				if o.how != RefusedAtStart {
					return pass
				}
				code = o.started.Code
			}
			switch {
			case code != Unreachable:
				return pass
			case !s.mayMiss:
				return bad("%s reports that nobody was at an address; %s has sent to none but those where somebody was", o, s)
			case m.when == atPacket:
				return ok(0)
			}
			return ok(1)
		},
	},
	{
		ID: "DGM-16", Text: "That nobody is where a socket sent to ends none of its receives.",
		Profiles: portable, Needs: []Capability{CanDatagram}, Axes: Axes{"unreachable": "silent"},
		Sources:    []string{"Linux 6.18, measured: no event and no error on an unconnected socket", "udp(7)", "tokio-rs/tokio#2017"},
		Situations: []string{"a receive that was pending"},
		at:         []moment{atPacket, atStart},
		of:         []Verb{ReceiveFrom},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != ReceiveFrom {
				return pass
			}
			code := o.started.Code
			if m.when == atPacket {
				code = m.packet.Status.Code
			} else if o.how != RefusedAtStart {
				return pass
			}
			switch {
			case code == Unreachable || code == Refused || code == Reset:
				return bad("%s ended %s; the socket has no connection that could tell", o, code)
			case m.when == atPacket && code == OK && o.sock.toNowhere > 0:
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "DGM-18", Text: "A receive that delivers a datagram tells the address that it came from.",
		Profiles: portable, Needs: []Capability{CanDatagram},
		Sources:    []string{"Microsoft Learn, WSARecvFrom: lpFrom holds the source address upon completion", "recvfrom(2): src_addr is filled in if the protocol provides it", "the contract: Packet.From is the far end of a receive-from"},
		Situations: []string{"a datagram came"},
		at:         []moment{atPacket},
		of:         []Verb{ReceiveFrom},
		check: func(l *ledger, m *matter) outcome {
			o, p := m.op, m.packet
			if o == nil || o.verb != ReceiveFrom || !p.Status.Ok() || p.N <= 0 || o.flags != 0 {
				return pass
			}
			if p.NoAddr {
				return bad("%s delivered a datagram of %d bytes, and not the address that it came from", o, p.N)
			}
			if !p.Addr.IsValid() {
				return dunno // nobody has looked
			}
			return ok(0)
		},
	},
	{
		ID: "DGM-19", Text: "A receive that delivers a datagram at its start, and has no packet, tells the address that it came from.",
		Profiles: portable, Needs: []Capability{CanDatagram, CanSkip},
		Sources:    []string{"Microsoft Learn, WSARecvFrom: lpFrom holds the source address upon completion, which may be that of the call", "recvfrom(2): src_addr is filled in if the protocol provides it", "the contract: Result.From is what the packet would tell"},
		Situations: []string{"a datagram was there"},
		at:         []moment{atStart},
		of:         []Verb{ReceiveFrom},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != ReceiveFrom || !o.noPack || !o.started.Ok() || o.startN <= 0 || o.flags != 0 {
				return pass
			}
			if m.noAddr {
				return bad("%s was done with a datagram of %d bytes, and without the address that it came from", o, o.startN)
			}
			if !m.addr.IsValid() {
				return dunno // nobody has looked
			}
			return ok(0)
		},
	},
}

// datagramMost is the longest datagram of UDP over IPv6, which is longer than that over IPv4.
const datagramMost = 65527
