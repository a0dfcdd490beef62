//go:build linux

package uring

import (
	"slices"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/errno"
	"github.com/ioconform/ioconform/spec"
)

func (s *socket) startReceive(op *spec.Op) spec.Code {
	switch {
	case s.state != connected:
		return spec.NotConnected
	case s.receiveShut:
		return spec.Shut
	}
	s.receives = append(s.receives, op)
	return spec.OK
}

// fill serves outstanding receives in the order in which they were posted (RCV-04): from what has
// been received already, else by putting the first into the ring.
func (s *socket) fill() {
	for len(s.receives) > 0 && !s.in.under() {
		op := s.receives[0]
		n, st, over := s.serve(op)
		if !over {
			s.receive(op)
			return
		}
		s.receives.cut(op)
		s.complete(op, n, st)
	}
}

// serve does for op what can be done without the ring; over tells that it is complete.
func (s *socket) serve(op *spec.Op) (n int, st spec.Status, over bool) {
	if have := len(s.unread); have > 0 && (s.ended || op.Flags&spec.WaitAll == 0 || have >= len(op.Buf)) {
		n = copy(op.Buf, s.unread)
		s.unread = s.unread[:copy(s.unread, s.unread[n:])]
		return n, ok, true
	}
	// No bytes and OK: the end of the stream, for this one and every later one (RCV-13 to 15).
	return 0, s.err, s.ended
}

// receive puts a receive into the ring. One that wants its buffer full (WaitAll) is put together in
// memory of the socket: so a cancel leaves its buffer as it was, and hands the bytes to the next. MSG_WAITALL would complete it with what it
// has (U29). One without a buffer waits there until another would not have to (RCV-10, U33).
func (s *socket) receive(op *spec.Op) {
	buf := op.Buf
	if gathers(op) {
		s.unread = slices.Grow(s.unread, len(buf)-len(s.unread))
		buf = s.unread[len(s.unread):len(buf)]
	}
	s.in.opcode, s.in.fd, s.in.buf, s.in.flags = IORING_OP_RECV, s.fd, buf, 0
	s.b.submit(&s.in)
}

func gathers(op *spec.Op) bool { return op.Flags&spec.WaitAll != 0 && len(op.Buf) > 0 }

// received is told how the first receive has ended in the ring.
func (s *socket) received(res int) {
	op := s.receives[0]
	s.in.buf = nil
	switch number := -res; {
	case res > 0 && gathers(op):
		s.unread = s.unread[:len(s.unread)+res]
	case res > 0:
		s.endReceive(op, res, ok)
		return
	case res == 0 && len(op.Buf) == 0:
		s.endReceive(op, 0, s.err)
		return
	case res == 0:
		s.ended = true
	case number == int(unix.ECANCELED) || number == int(unix.EINTR) || number == int(unix.EAGAIN):
	case errno.Transient(number):
		s.endReceive(op, 0, errno.Status(number))
		return
	default:
		s.ended = true
		s.fail(number)
	}
	if n, st, over := s.serve(op); over {
		s.endReceive(op, n, st)
	} else if s.in.cancelled {
		s.endReceive(op, 0, spec.Is(spec.Aborted))
	}
}

func (s *socket) endReceive(op *spec.Op, n int, st spec.Status) {
	s.receives.cut(op)
	s.complete(op, n, st)
}

// fail remembers the first error of the connection. The kernel tells an error once, to whichever
// request asks first, and then pretends to have reached the end of the stream (U71): whoever does not
// remember it reports a reset as a graceful close. Data that came before is still in the kernel
// (U73), so receives go on until they find nothing.
func (s *socket) fail(number int) {
	if s.err.Ok() {
		s.err = errno.Status(number)
	}
}
