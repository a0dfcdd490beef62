//go:build linux

package uring

import (
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/errno"
	"github.com/ioconform/ioconform/spec"
)

// connection is one that the kernel has accepted and that no socket has yet.
type connection struct {
	fd   int
	from netip.AddrPort
}

// startAccept posts an accept. It is never done at once: the packet is what carries the socket (ACC-21 leaves this open).
func (s *socket) startAccept(op *spec.Op) spec.Result {
	if op.Data < 0 || op.Data > len(op.Buf) {
		return refusedAs(spec.Invalid)
	}
	into, given := op.Into.(*socket)
	if op.Into != nil {
		switch {
		case !given || into == nil || into == s || into.b != s.b || into.net != s.net:
			return refusedAs(spec.Invalid)
		case into.state == closed:
			return refusedAs(spec.Closed)
		case into.state != unconnected || into.fd >= 0 || into.local != none || into.accepting != nil:
			return refusedAs(spec.Invalid) // ACC-17, ACC-18
		}
	}
	if s.state != listening {
		return refusedAs(spec.Invalid) // ACC-16
	}
	if given {
		into.accepting = s // from here on it can neither listen nor connect
	}
	s.accepts = append(s.accepts, op)
	return s.begun()
}

// takeConnections serves outstanding accepts in posting order (ACC-20). One request in the ring is
// enough for them all, as it is the kernel that has the connections; it is nobody's until it ends. With no accept outstanding there is none: connections wait
// in the kernel's backlog, where the far end's resets and this program's limits are seen to.
func (s *socket) takeConnections() {
	for len(s.accepts) > 0 && len(s.unclaimed) > 0 {
		c := s.unclaimed[0]
		s.unclaimed = slices.Delete(s.unclaimed, 0, 1)
		s.hand(c)
	}
	if len(s.accepts) > 0 && !s.in.under() {
		s.in.opcode, s.in.fd, s.in.flags = IORING_OP_ACCEPT, s.fd, unix.SOCK_CLOEXEC
		s.in.roomForName()
		s.b.submit(&s.in)
	}
}

// accepted is told how the accept has ended in the ring. A connection may come although it has been
// cancelled; if nobody wants it the next accept has it.
func (s *socket) accepted(res int) {
	if res >= 0 {
		switch c := (connection{res, s.in.from()}); {
		case s.state == closed:
			reset(c.fd) // as the kernel does with those in the backlog of a listener that is closed
		case len(s.accepts) == 0:
			s.unclaimed = append(s.unclaimed, c)
		default:
			s.hand(c)
		}
		return
	}
	switch number := unix.Errno(-res); number {
	case unix.ECANCELED, unix.EINTR, unix.EAGAIN:
	case unix.ECONNABORTED, unix.EPROTO, unix.ENOPROTOOPT, unix.EOPNOTSUPP, unix.ENETDOWN, unix.EHOSTDOWN, unix.EHOSTUNREACH, unix.ENETUNREACH:
		// That connection has failed before we had it (accept(2), error handling). It is not the
		// listener's trouble, nor the accept's.
	default:
		// Out of descriptors, most likely. The connection stays in the backlog: every accept that could
		// have it is told in turn, and trying again is up to whoever posts the next.
		if len(s.accepts) > 0 {
			s.failAccept(s.accepts[0], errno.Status(int(number)))
		}
	}
}

// hand gives a connection to the first accept, at once or when it has spoken.
func (s *socket) hand(c connection) {
	op := s.accepts[0]
	s.accepts.cut(op)
	if op.Data == 0 {
		s.finishAccept(op, c, 0)
		return
	}
	a := &arrival{l: s, op: op, connection: c}
	a.first = request{s: s, ended: a.spoken}
	s.arrivals = append(s.arrivals, a)
	a.receive()
}

func (s *socket) failAccept(op *spec.Op, st spec.Status) {
	s.accepts.cut(op) // if it is there still
	if into, given := op.Into.(*socket); given {
		into.accepting = nil // it can be used again
	}
	s.complete(op, 0, st)
}

// finishAccept hands a connection over.
func (s *socket) finishAccept(op *spec.Op, c connection, n int) {
	into, given := op.Into.(*socket)
	if !given {
		if s.b.closed {
			unix.Close(c.fd)
			s.failAccept(op, spec.Is(spec.Aborted))
			return
		}
		into = s.b.newSocket(s.net)
	}
	into.accepting = nil
	into.fd, into.state, into.peer, into.more = c.fd, connected, c.from, true
	// The key is the listener's, even if the socket has one of its own (ACC-06).
	s.deliver(op, spec.Packet{N: n, Sock: into, From: c.from, Size: -1})
}

// arrival is a connection whose accept waits for the first bytes. It belongs to the listener. Other accepts go on meanwhile.
type arrival struct {
	connection
	l     *socket
	op    *spec.Op
	first request
}

func (a *arrival) receive() {
	a.first.opcode, a.first.fd, a.first.buf = IORING_OP_RECV, a.fd, a.op.Buf[:a.op.Data]
	a.l.b.submit(&a.first)
}

// spoken ends the accept with the first bytes, with none if the far end has closed in good order (ACC-03), or with the error if it has reset the connection
// (ACC-04). What comes although it has been cancelled is too late: the connection is ended.
func (a *arrival) spoken(res int) {
	s := a.l
	st := spec.Is(spec.Aborted)
	if !a.first.cancelled {
		switch unix.Errno(max(0, -res)) {
		case unix.EINTR, unix.EAGAIN:
			a.receive()
			return
		}
		st = errno.Status(max(0, -res))
	}
	s.arrivals = slices.DeleteFunc(s.arrivals, func(x *arrival) bool { return x == a })
	if !st.Ok() {
		unix.Close(a.fd)
		s.failAccept(a.op, st)
		return
	}
	s.finishAccept(a.op, a.connection, res)
}
