package epoll

import "github.com/ioconform/ioconform/spec"

// startSend tries at once if no other send is before this one.
func (s *socket) startSend(op *spec.Op) spec.Result {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch {
	case s.state == closed:
		return refusedAs(spec.Closed)
	case s.state != connected:
		return refusedAs(spec.NotConnected)
	case s.sendShut:
		if s.b.bugs.has(bugRefusedTells) {
			s.complete(op, 0, spec.Is(spec.Shut))
		}
		return refusedAs(spec.Shut)
	case s.ended && s.err.Ok() && s.b.bugs.has(bugHalfCloseShuts):
		return refusedAs(spec.Closed)
	}
	sent := 0
	if s.port != nil && s.sends.len() == 0 && s.b.bugs.has(bugSendQueuedTried) {
		return s.queueThenSend(op)
	}
	if s.port != nil && s.sends.len() == 0 && !s.halfDuplex() && !s.unsent() {
		n, st, over := s.send(op, 0)
		if over {
			s.sendTold = !s.err.Ok()
			return s.done(op, n, st)
		}
		sent = n
	}
	s.gap(bugSendQueuedLate)
	if s.tableFull(&s.sends, bugSends32) {
		return pending
	}
	if s.b.bugs.has(bugSendsBehindFirst) && s.sends.len() > 1 {
		s.sends.insert(1, waiting{op, sent})
		return pending
	}
	s.sends.add(op, sent)
	return pending
}

// flush sends what waits, in the order in which it was posted, each to its last byte before the next
// (SND-01, SND-03).
func (s *socket) flush() {
	for s.sends.len() > 0 && !s.halfDuplex() {
		w := s.sends.first()
		op := w.op
		sent, st, over := s.send(op, w.sent)
		if !over {
			if s.gap(bugProgressLate) && s.sends.len() == 0 {
				return
			}
			if w = s.sends.first(); !s.b.bugs.has(bugProgressForgotten) {
				w.sent = sent
			}
			return
		}
		s.gap(bugFlushLate)
		s.sends.cut(op)
		s.complete(op, sent, st)
		if s.b.bugs.has(bugFlushOne) {
			return
		}
	}
	s.sendLeft()
	if s.finish {
		s.finish = false
		s.k.Shutdown(s.fd, writeSide)
	}
}

// send hands the kernel what it will take of op behind the first sent bytes. It returns how many it
// has taken altogether; over tells that the operation is complete.
func (s *socket) send(op *spec.Op, sent int) (n int, st spec.Status, over bool) {
	if !s.err.Ok() {
		return 0, s.err, true
	}
	for sent < len(op.Buf) {
		if !s.writable {
			return sent, ok, false
		}
		n, errno := s.k.Send(s.fd, op.Buf[sent:])
		switch {
		case errno == eINTR:
		case errno == eAGAIN:
			s.writable = false
		case transient(errno):
			return 0, statusOf(errno), true
		case errno != 0:
			s.fail(errno)
			return 0, statusOf(errno), true
		default:
			sent += n
			s.lapses.answered = true
			if sent < len(op.Buf) {
				s.writable = false // the kernel is full; room is an edge
				s.gap(bugSendsMixed)
				if s.b.bugs.has(bugShortSend) {
					return sent, ok, true
				}
			}
		}
	}
	return sent, ok, true
}

// Shutdown ends a direction. The end of the stream goes out behind the sends that wait. Receiving is
// ended on our side alone: the receives that are outstanding stay so and are served (RCV-24), and
// nothing goes over the wire (RCV-25), for which reason the kernel is not told either; it would end
// the receives (U76).
func (s *socket) Shutdown(side spec.Side) spec.Status {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch {
	case s.state == closed:
		return spec.Is(spec.Closed)
	case s.state != connected && s.state != mailbox:
		return spec.Is(spec.NotConnected)
	case side > spec.SideBoth:
		return spec.Is(spec.Invalid)
	}
	if side != spec.SideSend {
		s.receiveShut = true
	}
	if side != spec.SideReceive && !s.sendShut && !(side == spec.SideBoth && s.b.bugs.has(bugShutdownBoth)) {
		s.sendShut = true
		if s.state == mailbox {
			if s.b.bugs.has(bugMailShutCancels) {
				s.abort(nil)
			}
			return ok // there is nobody to tell
		}
		// The kernel's answer does not matter: ENOTCONN says that the connection has ended, which is
		// what was wanted (Winsock puts up with it too: dotnet/corefx#3469).
		idle := s.sends.len() == 0
		s.gap(bugShutdownDecided)
		if idle || s.b.bugs.has(bugShutdownOvertakes) {
			s.k.Shutdown(s.fd, writeSide)
		} else {
			s.finish = true
		}
	}
	return ok
}
