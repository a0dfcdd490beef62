//go:build linux

package uring

import (
	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/errno"
	"github.com/ioconform/ioconform/spec"
)

// startConnect begins a connection. An unbound socket is bound by the kernel, which Windows would not
// do (CON-01).
func (s *socket) startConnect(op *spec.Op) spec.Result {
	switch {
	case s.state == connected:
		return refusedAs(spec.Connected)
	case s.state != unconnected || s.accepting != nil: // listening, connecting, or being accepted into (CON-02, CON-04, ACC-19)
		return refusedAs(spec.Invalid)
	case s.net.Datagrams():
		return refusedAs(spec.Unsupported)
	case !s.addresses(op.To):
		return refused(s.wrongFamily(op.To))
	}
	if err := s.open(); err != nil {
		return refused(statusOf(err))
	}
	s.connect, s.state = op, connecting
	return s.begun()
}

// launch puts the connect into the ring.
func (s *socket) launch() {
	if s.out.under() {
		return
	}
	s.out.opcode, s.out.fd, s.out.flags = IORING_OP_CONNECT, s.fd, 0
	s.out.setName(s.connect.To)
	s.b.submit(&s.out)
}

// connectEnded is told how the connect has ended in the ring.
func (s *socket) connectEnded(res int) {
	number := -res
	again := number == int(unix.EINTR) || number == int(unix.EAGAIN)
	switch {
	case s.state == closed && res == 0:
		s.endConnect(spec.Is(spec.Aborted))
	case number == int(unix.ECANCELED), again && s.out.cancelled:
		s.endConnect(spec.Is(spec.Aborted))
	case again: // it is still connecting, and launched again
	case number == int(unix.ECONNRESET), number == int(unix.EPIPE):
		// A SYN that is answered by a reset is ECONNREFUSED; a reset proves that there was a
		// connection. The socket has it, and its first receive or send will tell that it is gone.
		s.endConnect(ok)
		s.fail(number)
	default:
		s.endConnect(errno.Status(number))
	}
}

// endConnect ends the connect with a packet. What state a failed connect leaves a descriptor in is unspecified (connect(2), notes), and one that is
// cancelled cannot be called off at all: so the descriptor is given up, and the next connect makes another. If the connection has come about unnoticed it
// is reset, or its end would occupy the address to which the next is to be bound.
func (s *socket) endConnect(st spec.Status) {
	op := s.connect
	s.connect = nil
	switch {
	case st.Ok() && s.state != closed:
		s.peer, s.state, s.more = op.To, connected, true
	default:
		if s.state != closed {
			s.state = unconnected
		}
		reset(s.fd)
		s.fd = -1
	}
	s.complete(op, 0, st)
}
