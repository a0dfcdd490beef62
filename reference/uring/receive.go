//go:build linux

package uring

import (
	"slices"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/errno"
	"github.com/ioconform/ioconform/spec"
)

// startReceive tries at once if no other receive is before this one. If one is, trying would take
// bytes that are the other's (dotnet/corefx#6806).
func (s *socket) startReceive(op *spec.Op) spec.Result {
	switch {
	case s.state != connected:
		return refusedAs(spec.NotConnected)
	case s.receiveShut:
		return refusedAs(spec.Shut)
	}
	if s.port != nil && len(s.receives) == 0 {
		if n, st, over := s.receiveNow(op); over {
			return s.done(op, packet(n, st))
		}
	}
	s.receives = append(s.receives, op)
	return s.begun()
}

// receiveNow does for op what can be done without waiting; over tells that it is complete.
func (s *socket) receiveNow(op *spec.Op) (n int, st spec.Status, over bool) {
	n, st, over = s.serve(op)
	for !over && s.more {
		buf := s.room(op)
		res := tryRecv(s.fd, buf)
		// A short one has left nothing. What has come since, and the end, the ring will tell.
		s.more = res == len(buf) || res == -int(unix.EINTR)
		n, st, over = s.took(op, res)
	}
	return n, st, over
}

// fill serves outstanding receives in the order in which they were posted (RCV-04): from what has
// been received already, else by putting the first into the ring.
func (s *socket) fill() {
	for len(s.receives) > 0 && !s.in.under() {
		op := s.receives[0]
		n, st, over := s.serve(op)
		if !over {
			s.in.opcode, s.in.fd, s.in.buf, s.in.flags = IORING_OP_RECV, s.fd, s.room(op), 0
			s.b.submit(&s.in)
			return
		}
		s.receives.cut(op)
		s.complete(op, n, st)
	}
}

// serve does for op what can be done with what has been received and found out before.
func (s *socket) serve(op *spec.Op) (n int, st spec.Status, over bool) {
	if have := len(s.unread); have > 0 && (s.ended || op.Flags&spec.WaitAll == 0 || have >= len(op.Buf)) {
		n = copy(op.Buf, s.unread)
		s.unread = s.unread[:copy(s.unread, s.unread[n:])]
		return n, ok, true
	}
	// No bytes and OK: the end of the stream, for this one and every later one (RCV-13 to 15).
	return 0, s.err, s.ended
}

// room is where to receive for op. What is for one that wants its buffer full (WaitAll) is gathered in memory of the socket: so a cancel leaves its buffer as
// it was, and hands the bytes to the next. MSG_WAITALL would complete it with what it has (U29).
func (s *socket) room(op *spec.Op) []byte {
	if !gathers(op) {
		return op.Buf
	}
	s.unread = slices.Grow(s.unread, len(op.Buf)-len(s.unread))
	return s.unread[len(s.unread):len(op.Buf)]
}

func gathers(op *spec.Op) bool { return op.Flags&spec.WaitAll != 0 && len(op.Buf) > 0 }

// took sorts what a receive for op has come to, bytes or a negative error number. One without a buffer waits, in the ring, until another would not have
// to, and takes nothing (RCV-10, U33).
func (s *socket) took(op *spec.Op, res int) (n int, st spec.Status, over bool) {
	switch {
	case res > 0 && gathers(op):
		s.unread = s.unread[:len(s.unread)+res]
	case res > 0:
		return res, ok, true
	case res == 0 && len(op.Buf) == 0:
		return 0, s.err, true
	case res == 0:
		s.ended = true
	case again(res):
		return 0, ok, false
	case errno.Transient(-res):
		return 0, errno.Status(-res), true
	default:
		s.ended = true
		s.fail(-res)
	}
	return s.serve(op)
}

// again tells whether a call has come to nothing, or a request has been cancelled.
func again(res int) bool {
	switch unix.Errno(max(0, -res)) {
	case unix.EAGAIN, unix.EINTR, unix.ECANCELED:
		return true
	}
	return false
}

// received is told how the first receive has ended in the ring.
func (s *socket) received(res int) {
	op := s.receives[0]
	s.in.buf = nil
	n, st, over := s.took(op, res)
	if !over && s.in.cancelled {
		st, over = spec.Is(spec.Aborted), true
	}
	if over {
		s.receives.cut(op)
		s.complete(op, n, st)
	}
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
