package spec

import "slices"

// ruleReadyTries are the rules of what is tried once a poller has told, or before: the calls that do not block.
var ruleReadyTries = []*Rule{
	{
		ID: "RDY-36", Text: "A try, a bind or a listen that nothing stands in the way of does not fail: it does what it was to do, or would block; where something does, the answer says what.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{"recv(2), send(2), accept(2), connect(2), bind(2), listen(2): what each error means"},
		Situations: []string{"a receive", "a send", "a bind"},
		at:         []moment{atAnswer},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			c, f := &m.call, m.file
			if f == nil || c.desc == nil || c.closed || c.desc.closed.called() {
				return pass
			}
			if what, codes := c.standsInTheWay(); what != "" && !slices.Contains(codes, m.status.Code) {
				return bad("%s on %s, %s, answered %s", c.verb, f, what, m.status)
			}
			if !c.unhindered() {
				if c.hasHad() {
					switch m.status.Code {
					case Invalid, Unsupported, InUse, Connected, NotFound, Refused, Aborted, Abandoned: // whatever became of the connection, it was none of these
						return bad("%s on %s, which has, or had, a connection, answered %s", c.verb, f, m.status)
					}
				}
				return pass
			}
			switch m.status.Code {
			case OK:
				switch c.verb {
				case TryReceive, TryReceiveFrom:
					return ok(0)
				case TrySend, TrySendTo:
					return ok(1)
				case Bind:
					return ok(2)
				}
				return pass
			case NoResources, Interrupted, InUse, Closed: // of what is closed RDY-20 speaks
				return pass
			case Truncated: // of what one brings RDY-37 speaks
				if c.verb != Bind && c.verb != Listen {
					return pass
				}
			case Unsupported:
				if c.verb != Bind {
					return pass
				}
			case WouldBlock:
				if c.verb != Bind && c.verb != Listen {
					return pass
				}
			case Unreachable:
				if c.verb == TryConnect { // no address was left to it
					return pass
				}
			case Reset:
				if c.verb == TryAccept { // the connection that was to be had
					return pass
				}
			}
			return bad("%s on %s answered %s; nothing stood in its way", c.verb, f, m.status)
		},
	},
	{
		ID: "RDY-37", Text: "A try that succeeds has done what it says: it took at least a byte of what was to be sent, a datagram whole; it brought a connection, no more bytes than were sent, and the end of a stream only once that has ended. A datagram is cut short, and said to be, exactly if there was too little room.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{"recv(2): 0 is the end of the stream, EAGAIN that nothing is there", "send(2)", "RFC 768"},
		Situations: []string{"a receive", "a send"},
		at:         []moment{atAnswer},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			c, f := &m.call, m.file
			if f == nil || c.desc == nil || c.closed {
				return pass
			}
			if c.verb == TryReceiveFrom && !isStream(f.net) && m.status.Code == Truncated && l.ready.longest > 0 && l.ready.longest <= c.length {
				return bad("%s with room for %d bytes on %s was cut short; no datagram is longer than %d", c.verb, c.length, f, l.ready.longest)
			}
			if c.verb == TryReceiveFrom && !isStream(f.net) && m.status.Ok() && c.length > 0 && m.n == c.length && l.ready.longest > 0 && l.ready.shortest > c.length && !l.silentCut {
				return bad("%s with room for %d bytes on %s was not cut short, or nobody said so (axis truncation); no datagram is shorter than %d", c.verb, c.length, f, l.ready.shortest)
			}
			if !m.status.Ok() {
				return pass
			}
			if c.verb == TryAccept && c.into == 0 {
				return bad("%s on %s succeeded, and brought no socket", c.verb, f)
			}
			if c.length <= 0 {
				return pass
			}
			switch c.verb {
			case TrySend:
				if m.n < 1 || m.n > c.length {
					return bad("%s of %d bytes on %s succeeded with %d", c.verb, c.length, f, m.n)
				}
				return ok(1)
			case TrySendTo:
				if m.n != c.length {
					return bad("%s of a datagram of %d bytes on %s succeeded with %d", c.verb, c.length, f, m.n)
				}
				return ok(1)
			case TryReceive, TryReceiveFrom:
				if m.n < 0 || m.n > c.length {
					return bad("%s with room for %d bytes on %s succeeded with %d", c.verb, c.length, f, m.n)
				}
			default:
				return pass
			}
			if c.verb != TryReceive || f.feed == nil || f.odd || f.blurred || f.receiving > 1 {
				return ok(0)
			}
			switch x := f.feed; {
			case m.n == 0 && !x.fin && !x.gone && x.under == 0 && f.rxShut == 0 && !f.cut && f.ended == 0:
				return bad("%s on %s reported the end of the stream; far end %d has not ended it", c.verb, f, x.id)
			case f.got+uint64(m.n) > x.total:
				return bad("%s on %s brought %d bytes, %d with those before; far end %d has sent %d", c.verb, f, m.n, f.got+uint64(m.n), x.id, x.total)
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-40", Text: "A try brings what was sent: the bytes of a stream in their order and once, a datagram as one of those that were sent, a connection or a datagram from the address that it says.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{"recv(2), recvfrom(2): src_addr is the source address of the message", "accept(2): addr is the address of the peer socket", "RFC 9293, 3.4: a reliable, in-order byte stream", "RFC 768"},
		Situations: []string{"bytes of a stream", "a datagram", "a connection"},
		Where:      map[string]string{"a datagram": "datagram"},
		at:         []moment{atAnswer},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			c, f := &m.call, m.file
			switch m.brought {
			case nothingSaid:
				return pass
			case unlikeSent:
				if !isStream(f.net) {
					return bad("%s on %s brought a datagram of %d bytes; nobody has sent one that begins with these to where it is", c.verb, f, m.n)
				}
				return bad("%s on %s brought %d bytes that are not what far end %d sent behind its first %d bytes", c.verb, f, m.n, f.feed.id, f.feed.heard-uint64(m.n))
			case fromNobody:
				if c.verb == TryAccept {
					return bad("%s on %s brought a connection from %s; no far end with that address had connected, or it had been brought before", c.verb, f, m.addr)
				}
				return bad("%s on %s brought a datagram of %d bytes that nobody has sent from %s", c.verb, f, m.n, m.addr)
			case broughtOver:
				return bad("%s on %s brought a datagram of %d bytes again; it was sent once, and the network has not doubled it", c.verb, f, m.n)
			}
			switch {
			case c.verb == TryAccept:
				return ok(2)
			case isStream(f.net):
				return ok(0)
			}
			return ok(1)
		},
	},
}

// hasHad reports whether something is tried on a stream that was accepted from a far end.
func (c *readyCall) hasHad() bool {
	f := c.file
	return (c.verb == TryReceive || c.verb == TrySend) && c.length > 0 && isStream(f.net) && f.feed != nil && f.dials == 0 && f.listens == 0
}

// standsInTheWay tells what, for certain, keeps a call from what it was to do, and which answers say so: ENOTCONN; EPIPE, which a stream socket without a connection
// says as well of a send (tcp_sendmsg_locked in net/ipv4/tcp.c); EISCONN.
func (c *readyCall) standsInTheWay() (what string, codes []Code) {
	f := c.file
	if !isStream(f.net) || f.poller != nil || len(f.descs) != 1 || c.desc.calls != 0 {
		return "", nil
	}
	bare := f.dials == 0 && f.listens == 0 && f.feed == nil && !f.remote.IsValid() && f.plain
	switch c.verb {
	case TryReceive:
		if bare && c.length > 0 {
			return "which has no connection", []Code{NotConnected, NoResources, Interrupted}
		}
	case TrySend:
		switch {
		case bare && c.length > 0:
			return "which has no connection", []Code{NotConnected, Shut, NoResources, Interrupted}
		case f.txShut != 0 && f.txShut < c.at && c.length > 0 && f.dials == 0:
			return "whose sending side has been shut down", []Code{Shut, Reset, TimedOut, NoResources, Interrupted}
		}
	case TryConnect:
		x := f.feed
		if f.refuses && f.unasked && f.dials == 2 && f.stirred <= c.at {
			return "whose far end does not listen", []Code{Refused, WouldBlock, NoResources, Interrupted}
		}
		if x != nil && f.remote.IsValid() && f.dials == 1 && f.listens == 0 && !x.gone && !x.fin && x.under == 0 && f.ended == 0 && !f.cut {
			return "which is connected", []Code{Connected, NoResources, Interrupted}
		}
	}
	return "", nil
}

// unhindered reports whether the file was, for certain, in the state that the call needs from before it until now.
func (c *readyCall) unhindered() bool {
	f := c.file
	if f.cut || f.rxShut != 0 || f.txShut != 0 || f.poller != nil {
		return false
	}
	stream := isStream(f.net)
	fresh := f.dials == 0 && f.listens == 0 && f.feed == nil && !f.remote.IsValid() && c.desc.calls == 0 && len(f.descs) == 1
	switch c.verb {
	case TryReceive, TrySend:
		x := f.feed
		return stream && c.length > 0 && x != nil && !x.gone && !x.fin && x.under == 0 && f.ended == 0 && f.dials == 0 && !f.odd
	case TryAccept:
		return stream && f.listens != 0 && f.listens < c.at && f.dials == 0
	case TryConnect:
		d := f.dial
		return stream && f.dials == 1 && f.dialed.c == c.at && f.listens == 0 && f.local.IsValid() && f.stirred <= c.at && !f.remote.IsValid() && d != nil && !d.refuses && !d.closed && !d.crowded() && c.desc.calls == 0
	case TryReceiveFrom:
		return !stream && f.local.IsValid() && f.dials == 0
	case TrySendTo:
		return !stream && f.dials == 0 && c.addr.Port() != 0 && c.length <= datagramPlain && c.addr.Addr().IsLoopback() && plain(c.addr).Addr().Is6() == f.net.Over6()
	case Bind:
		return fresh && !f.local.IsValid() && !f.mailed && c.addr.Port() == 0 && c.addr.Addr().IsLoopback() && plain(c.addr).Addr().Is6() == f.net.Over6()
	case Listen:
		return fresh && stream && f.local.IsValid() && c.n > 0
	}
	return false
}
