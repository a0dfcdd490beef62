package spec

import "slices"

// ruleWindowsConnections are rules of the windows profile: AcceptEx and its arguments, ConnectEx, DisconnectEx, and the contexts of their sockets.
var ruleWindowsConnections = slices.Concat(ruleContext, ruleAcceptEx, ruleAcceptEnds, ruleConnectEx, ruleDisconnectEx)

// numbered reports whether the status carries one of the platform's own numbers at all, and whether it is one of these.
func (s Status) numbered(numbers ...int64) (any, these bool) {
	return s.Space == NTStatus || s.Space == Win32 || s.Space == WSA, slices.Contains(numbers, s.Native)
}

// expected is what a call has to answer in a situation: one of these numbers.
type expected struct {
	situation int
	numbers   []int64
	what      string
}

// checkRefusal compares the answer to a start with what is expected of it, in any of the situations that it may have been made in.
func checkRefusal(o *op, list []expected) outcome {
	if len(list) == 0 || o.started.Code == NoResources {
		return pass
	}
	x := list[0]
	if o.how != RefusedAtStart {
		return bad("%s was started (%s): %s; it is to be refused with %d", o, o.how, x.what, x.numbers[0])
	}
	if o.started.Space == NoSpace {
		return dunno
	}
	for _, x := range list {
		if _, so := o.started.numbered(x.numbers...); so {
			return ok(x.situation)
		}
	}
	return bad("%s was refused with %s: %s; it is to be refused with %d", o, o.started, x.what, x.numbers[0])
}

// sockaddr is the size of an address of the network.
func (n Network) sockaddr() int {
	if n.Over6() {
		return 28
	}
	return 16
}

// mayHaveReset reports whether a far end that has connected to the door and was not accepted yet may have reset its connection.
func (d *door) mayHaveReset() bool {
	if d.own > 0 || d.failed > 0 {
		return true
	}
	for _, c := range d.waiting {
		if c.mayReset || c.abort.called() || c.closed.called() {
			return true
		}
	}
	return false
}

// hadConnection reports whether it is certain how the socket came to its connection, and the program knew before the call.
func (p *past) hadConnection(call span) bool { return p.made != NoVerb && p.madeQ < call.c }

// firm reports whether nothing but this side can end the connection of s, as far as is known.
func (s *sock) firm() bool { return s.conn != nil && !s.conn.mayReset && !s.conn.abort.called() }

// single reports whether s has had no connection and none was or is under way.
func (s *sock) single() bool {
	return s.connects == 0 && s.from == nil && s.past.made == NoVerb && s.past.again == NoVerb && s.past.spare == unused && len(s.into) == 0 && s.opened
}
