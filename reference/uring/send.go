//go:build linux

package uring

import (
	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/errno"
	"github.com/ioconform/ioconform/spec"
)

// startSend tries at once if no other send is before this one.
func (s *socket) startSend(op *spec.Op) spec.Result {
	switch {
	case s.state != connected:
		return refusedAs(spec.NotConnected)
	case s.sendShut:
		return refusedAs(spec.Shut)
	}
	if s.port != nil && len(s.sends) == 0 {
		if n, st, over := s.sendNow(op); over {
			s.sent = 0
			return s.done(op, packet(n, st))
		}
	}
	s.sends = append(s.sends, op)
	return s.begun()
}

// sendNow hands the kernel what it will take of op now; over tells that it is complete.
func (s *socket) sendNow(op *spec.Op) (n int, st spec.Status, over bool) {
	if !s.err.Ok() {
		return 0, s.err, true
	}
	for {
		res := trySend(s.fd, op.Buf[s.sent:])
		if n, st, over = s.gave(op, res); over || res != -int(unix.EINTR) {
			return n, st, over // a short one has left no room
		}
	}
}

// flush sends what waits, in the order in which it was posted, each to its last byte before the next
// (SND-01, SND-03).
func (s *socket) flush() {
	for len(s.sends) > 0 && !s.out.under() {
		op := s.sends[0]
		if s.err.Ok() {
			// MSG_WAITALL would spare us the rest of a send that comes back short, from Linux 5.19 on.
			s.out.opcode, s.out.fd, s.out.buf, s.out.flags = IORING_OP_SEND, s.fd, op.Buf[s.sent:], unix.MSG_NOSIGNAL
			s.b.submit(&s.out)
			return
		}
		s.endSend(op, 0, s.err)
	}
	if s.finish && len(s.sends) == 0 {
		s.finish = false
		unix.Shutdown(s.fd, unix.SHUT_WR)
	}
}

// gave sorts what a send of op has come to, bytes or a negative error number.
func (s *socket) gave(op *spec.Op, res int) (n int, st spec.Status, over bool) {
	switch {
	case res >= 0:
		s.sent += res
		return s.sent, ok, s.sent == len(op.Buf)
	case again(res):
		return 0, ok, false
	case !errno.Transient(-res):
		s.fail(-res)
	}
	return 0, errno.Status(-res), true
}

// wrote is told how the first send has ended in the ring, or a part of it.
func (s *socket) wrote(res int) {
	op := s.sends[0]
	s.out.buf = nil
	n, st, over := s.gave(op, res)
	if !over && s.out.cancelled {
		n, st, over = 0, spec.Is(spec.Aborted), true
	}
	if over {
		s.endSend(op, n, st)
	}
}

func (s *socket) endSend(op *spec.Op, n int, st spec.Status) {
	s.sent = 0
	s.sends.cut(op)
	s.complete(op, n, st)
}

// Shutdown ends a direction. The end of the stream goes out behind the sends that wait. Receiving is
// ended on our side alone: the receives that are outstanding stay so and are served (RCV-24), and
// nothing goes over the wire (RCV-25), for which reason the kernel is not told either; it would end
// the receives (U76).
func (s *socket) Shutdown(side spec.Side) spec.Status {
	s.b.lock.Lock()
	defer s.b.lock.Unlock()
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
	if side == spec.SideReceive || s.sendShut {
		return ok
	}
	s.sendShut = true
	switch {
	case s.state == mailbox: // there is nobody to tell
	case len(s.sends) > 0:
		s.finish = true
	default:
		// The kernel's answer does not matter: ENOTCONN says that the connection has ended, which is
		// what was wanted.
		unix.Shutdown(s.fd, unix.SHUT_WR)
	}
	return ok
}
