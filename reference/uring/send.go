//go:build linux

package uring

import (
	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/errno"
	"github.com/ioconform/ioconform/spec"
)

func (s *socket) startSend(op *spec.Op) spec.Code {
	switch {
	case s.state != connected:
		return spec.NotConnected
	case s.sendShut:
		return spec.Shut
	}
	s.sends = append(s.sends, op)
	return spec.OK
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

// wrote is told how the first send has ended in the ring, or a part of it.
func (s *socket) wrote(res int) {
	op := s.sends[0]
	s.out.buf = nil
	switch number := -res; {
	case res >= 0:
		if s.sent += res; s.sent == len(op.Buf) {
			s.endSend(op, s.sent, ok)
			return
		}
	case number == int(unix.ECANCELED) || number == int(unix.EINTR) || number == int(unix.EAGAIN):
	case errno.Transient(number):
		s.endSend(op, 0, errno.Status(number))
		return
	default:
		s.fail(number)
		s.endSend(op, 0, errno.Status(number))
		return
	}
	if s.out.cancelled {
		s.endSend(op, 0, spec.Is(spec.Aborted))
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
