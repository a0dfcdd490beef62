package epoll

import "github.com/ioconform/ioconform/spec"

// Cancel ends op, or with nil every operation outstanding, with a packet that says Aborted. One whose
// packet is queued already is not outstanding any more (CAN-04). A cancelled receive has taken
// nothing. A cancelled send reports no bytes whatever the kernel has taken; that much is on the wire,
// and the next send follows it directly: a program that cancels a send and goes on has to know what
// the other end will make of that.
func (s *socket) Cancel(op *spec.Op) spec.Status {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.state == closed {
		return spec.Is(spec.Closed)
	}
	if s.misled(op) {
		return ok
	}
	seen := s.lookedAt(op)
	s.putBy(op)
	s.silent = s.b.bugs.has(bugCancelIsSilent)
	found := s.abort(op)
	s.silent = false
	if st, slipped := s.cancelSlips(op, found); slipped {
		return st
	}
	if op != nil && !found && (seen || s.b.bugs.has(bugCancelTwice)) {
		s.complete(op, 0, spec.Is(spec.Aborted))
		return ok
	}
	if !found {
		return spec.Is(spec.NotFound)
	}
	if (s.state == connected || s.state == mailbox) && !s.b.bugs.has(bugCancelStrands) {
		s.advance() // those behind it may have been waiting for it alone
	}
	return ok
}

// abort ends op, or with nil everything, in posting order of each kind. It reports whether there was anything.
func (s *socket) abort(op *spec.Op) (found bool) {
	for _, l := range [...]*line{&s.receives, &s.sends} {
		for o := l.cut(op); o != nil; o = l.cut(op) {
			found = true
			if op != nil && s.b.bugs.has(bugCancelDropsPacket) {
				return true
			}
			if s.b.bugs.has(bugMailCancel) && o.Kind == spec.ReceiveFrom && s.fd >= 0 {
				s.k.RecvFrom(s.fd, nil)
			}
			if s.b.bugs.has(bugCancelledFilled) && o.Kind == spec.Receive {
				s.ghost = o
			}
			s.complete(o, 0, spec.Is(spec.Aborted))
			if op != nil {
				return true
			}
		}
	}
	if c := s.connect; c != nil && (op == nil || op == c) {
		found = true
		s.endConnect(spec.Is(spec.Aborted))
	}
	for i := 0; i < len(s.arrivals) && !s.lapses.spares; {
		if a := s.arrivals[i]; op == nil || op == a.op {
			found = true
			if op != nil && s.b.bugs.has(bugArrivalStays) {
				s.complete(op, 0, spec.Is(spec.Aborted))
				return true
			}
			s.hangUp(a)
		} else {
			i++
		}
	}
	for o := s.accepts.cut(op); o != nil; o = s.accepts.cut(op) {
		found = true
		s.failAccept(o, spec.Is(spec.Aborted))
		if op != nil && s.b.bugs.has(bugCancelAccepts) {
			op = nil
		}
		if op != nil {
			break
		}
	}
	return found
}

// hangUp ends an accept that has its connection already, and the connection with it.
func (s *socket) hangUp(a *arrival) {
	fd := a.fd
	s.part(a)
	s.k.Close(fd)
	s.failAccept(a.op, spec.Is(spec.Aborted))
}

// abortInto ends the accept that waits for a connection to put into into.
func (s *socket) abortInto(into *socket) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for i := range s.accepts.len() {
		if op := s.accepts.list[s.accepts.head+i].op; op.Into == spec.Socket(into) || op.Into == nil && s.b.bugs.has(bugIntoAnybody) {
			s.failAccept(s.accepts.cut(op), spec.Is(spec.Aborted))
			return
		}
	}
	for _, a := range s.arrivals {
		if a.op.Into == spec.Socket(into) {
			s.hangUp(a)
			return
		}
	}
}

// Close ends every outstanding operation with one packet, then the connection. The descriptor is
// closed under the lock of the socket, so no thread can be using it, or its number, at that moment.
func (s *socket) Close() spec.Status {
	s.lock.Lock()
	if s.state == closed {
		if s.b.bugs.has(bugClosedTwice) {
			s.k.Close(s.lapses.fd)
		}
		s.lock.Unlock()
		return spec.Is(spec.Closed)
	}
	if s.b.bugs.has(bugCloseForgetsSends) {
		s.sends = line{}
	}
	if s.state == mailbox && s.b.bugs.has(bugMailCloseForgets) {
		s.sends = line{}
	}
	if s.b.bugs.has(bugCloseFirstAccept) {
		for s.accepts.len() > 1 {
			s.accepts.cut(s.accepts.last().op)
		}
	}
	if s.b.bugs.has(bugCloseForgetsAccepts) {
		s.accepts = line{}
	}
	s.lapses.spares = false
	s.closeListed()
	s.abort(nil)
	s.lapses.fd = s.fd
	if s.state == connected && s.b.bugs.has(bugCloseResets) {
		s.k.SetLinger(s.fd, 0)
	}
	s.drop()
	s.state = closed
	l := s.accepting
	s.accepting = nil
	s.lock.Unlock()
	if l != nil && !s.b.bugs.has(bugIntoForgotten) {
		// An accept is to end up here (ACC-26). Listeners are locked before the sockets they accept
		// into, so this lock had to go first; an accept that is past the point of being found meets a
		// closed socket in adopt.
		l.abortInto(s)
	}
	s.b.forget(s)
	return ok
}
