package epoll

import (
	"slices"

	"github.com/ioconform/ioconform/spec"
)

// startReceive tries at once if no other receive is before this one. If one is, trying would take
// bytes that are the other's (dotnet/corefx#6806).
func (s *socket) startReceive(op *spec.Op) spec.Result {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch {
	case s.state == closed:
		return refusedAs(spec.Closed)
	case s.state != connected:
		return refusedAs(spec.NotConnected)
	case s.receiveShut:
		return refusedAs(spec.Shut)
	case s.lapses.cancelled:
		s.lapses.cancelled = false
		s.complete(op, 0, spec.Is(spec.Aborted))
		return pending
	}
	if s.port != nil && s.receives.len() == 0 && s.b.bugs.has(bugQueuedTried) {
		return s.queueThenTry(op)
	}
	if s.port != nil && (s.receives.len() == 0 || s.b.bugs.has(bugSteal)) && !s.untried(op) {
		if n, st, over := s.receive(op); over {
			return s.done(op, n, st)
		}
	}
	s.gap(bugReceiveQueuedLate)
	s.receives.add(op, 0)
	return pending
}

// fill serves outstanding receives in the order in which they were posted (RCV-04).
func (s *socket) fill() {
	s.leftover = false
	for s.receives.len() > 0 {
		op := s.receives.first().op
		if s.b.bugs.has(bugLifoFill) {
			op = s.receives.last().op
		}
		s.cutFirst(op)
		n, st, over := s.receive(op)
		if !over {
			s.putBack(op)
			return
		}
		if s.b.bugs.has(bugTellsThenCuts) {
			s.complete(op, n, st)
			s.gap(bugTellsThenCuts)
			s.receives.cut(op)
			continue
		}
		s.gap(bugDoublePacket)
		s.receives.cut(op)
		if s.gap(bugCloseMisses) && s.state == closed {
			return
		}
		if n == 0 && st.Ok() && s.gap(bugEndUnlocked) && s.state == closed {
			return
		}
		s.complete(op, n, st)
		s.leftover = s.b.bugs.has(bugWaitAllFirst)
		if !st.Ok() && s.b.bugs.has(bugResetToOne) {
			return
		}
	}
}

// receive does for op what can be done now; over tells that it is complete. A receive that waits has
// taken nothing, so one that is cancelled has lost nothing.
func (s *socket) receive(op *spec.Op) (n int, st spec.Status, over bool) {
	if len(op.Buf) == 0 {
		return s.receiveNothing()
	}
	if op.Flags&spec.WaitAll != 0 && !s.leftover {
		s.gather(len(op.Buf))
		if len(s.unread) < len(op.Buf) && !s.ended && !s.b.bugs.has(bugShortWaitAll) {
			return 0, ok, false
		}
		if s.ended && len(s.unread) < len(op.Buf) && s.b.bugs.has(bugGatheredEnd) {
			return 0, s.err, true
		}
	}
	if len(s.unread) > 0 && !s.passesOver(op) {
		n = copy(op.Buf, s.unread)
		if s.b.bugs.has(bugGatheredRest) {
			s.unread = s.unread[:n]
		}
		if s.gap(bugUnreadTwice) {
			n = min(n, len(s.unread))
		}
		s.unread = s.unread[:copy(s.unread, s.unread[n:])]
		return n, ok, true
	}
	if n = s.read(op.Buf); n > 0 {
		s.received(op, n)
		return n, ok, true
	}
	if s.ended {
		s.told = !s.err.Ok()
		if s.sendShut && s.err.Ok() && s.b.bugs.has(bugBothEndedResets) {
			return 0, spec.Is(spec.Reset), true
		}
		if st := s.err; s.b.bugs.has(bugResetForgotten) {
			s.err = ok
			return 0, st, true
		}
		return 0, s.err, true // no bytes and OK: the end of the stream, for this one and every later one (RCV-13 to 15)
	}
	return 0, ok, false
}

// receiveNothing is the receive without a buffer. It waits until another would not have to (RCV-10, RCV-11).
func (s *socket) receiveNothing() (n int, st spec.Status, over bool) {
	if len(s.unread) > 0 && !s.b.bugs.has(bugZeroPasses) || s.b.bugs.has(bugZeroAtOnce) {
		return 0, ok, true
	}
	for s.readable && !s.ended {
		// A receive of length 0 on an empty TCP socket is EAGAIN, else it returns 0 and takes nothing (E56).
		switch _, errno := s.k.Recv(s.fd, s.none()); errno {
		case 0:
			return 0, s.err, true
		case eINTR:
		case eAGAIN:
			s.readable = false
		default:
			s.ended = true
			if !s.b.bugs.has(bugNothingForgets) {
				s.fail(errno)
			}
		}
	}
	return 0, s.err, s.ended
}

// gather collects bytes for a receive that wants all of want (WaitAll). They wait in the socket and
// not in the buffer of the operation: so a cancel leaves that as it was, and hands the bytes to the
// next receive without doing anything for it.
func (s *socket) gather(want int) {
	for len(s.unread) < want && s.readable && !s.ended {
		if s.b.bugs.has(bugGathers) {
			s.gatherUnlocked(want)
			continue
		}
		have := len(s.unread)
		s.unread = slices.Grow(s.unread, want-have)
		s.unread = s.unread[:have+s.read(s.unread[have:want])]
	}
}

// read receives at least one byte, or returns 0: there are none now, or there never will be (s.ended).
func (s *socket) read(b []byte) int {
	for s.readable && !s.ended {
		fd := s.fd
		s.gap(bugNumberKept)
		n, errno := s.recv(fd, b)
		switch {
		case errno == eINTR:
		case errno == eAGAIN:
			s.gap(bugEdgeOverwritten)
			s.readable = false
		case errno != 0:
			s.ended = true
			s.fail(errno)
		case n == 0:
			s.ended = true
		default:
			// A short read has emptied the socket (epoll(7), Q9), and what comes later is an edge of
			// its own: no need to be told EAGAIN. But the end of the stream may have been reported
			// together with these bytes, and will not be reported again.
			if n < len(b) && (!s.hup || s.b.bugs.has(bugEofSwallowed)) {
				s.readable = false
			}
			return n
		}
	}
	return 0
}

// fail remembers the first error of the connection. The kernel tells an error once, and then pretends
// to have reached the end of the stream (U71): whoever does not remember it reports a reset as a
// graceful close. Data that came before is still in the kernel (U73), so receives go on until they
// find nothing.
func (s *socket) fail(errno int) {
	if s.b.bugs.has(bugResetAsEof) || s.lapses.answered && s.b.bugs.has(bugAnsweredEnds) {
		return
	}
	if s.err.Ok() {
		s.err = statusOf(errno)
	}
	s.readable, s.writable, s.hup = true, true, true
}
