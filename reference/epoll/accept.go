package epoll

import (
	"net/netip"

	"github.com/ioconform/ioconform/spec"
)

// startAccept posts an accept. It is never done at once, even if a connection waits and the packet is
// queued already: the packet is what carries the socket (ACC-21 leaves this open).
func (s *socket) startAccept(op *spec.Op) spec.Result {
	if op.Data < 0 || op.Data > len(op.Buf) {
		return refusedAs(spec.Invalid)
	}
	into, is := op.Into.(*socket)
	if op.Into != nil {
		if !is || into == nil || into == s || into.b != s.b || into.net != s.net {
			return refusedAs(spec.Invalid)
		}
		if st := into.claim(s); !st.Ok() {
			if s.b.bugs.has(bugRefusalUnclaims) {
				unclaim(op)
			}
			return refused(st)
		}
	}
	st := s.postAccept(op)
	if !st.Ok() {
		// Not under the lock of s: s is not known to be a listener, so it might itself be somebody's Into.
		unclaim(op)
		return refused(st)
	}
	return pending
}

func (s *socket) postAccept(op *spec.Op) spec.Status {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch {
	case s.state == closed:
		return spec.Is(spec.Closed)
	case s.state != listening:
		return spec.Is(spec.Invalid) // ACC-16
	case op.Into != nil && op.Into.(*socket).isClosed():
		return spec.Is(spec.Closed) // it has been, since it was claimed, and found no accept to end
	}
	if s.b.bugs.has(bugAcceptQueuedLate) && s.port != nil && s.accepts.len() == 0 {
		s.acceptThenQueue(op)
		return ok
	}
	if s.tableFull(&s.accepts, bugAccepts32) {
		return ok
	}
	s.acceptsOfBefore()
	s.accepts.add(op, 0)
	if s.port != nil {
		s.takeConnections()
		if s.accepts.len() == 0 && s.b.bugs.has(bugAcceptEmpties) {
			s.readable = false
		}
	}
	return ok
}

// claim reserves a socket for an accept by l. From here on it can neither listen nor connect, which
// is what makes it safe to lock it while l is locked.
func (s *socket) claim(l *socket) spec.Status {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch {
	case s.state == closed:
		return spec.Is(spec.Closed)
	case s.state != unconnected || s.fd >= 0 || s.local != none || s.accepting != nil:
		return spec.Is(spec.Invalid) // ACC-17, ACC-18
	}
	s.gap(bugClaimChecks)
	s.accepting = l
	return ok
}

// unclaim lets the socket of an accept go that has come to nothing. It can be used again.
func unclaim(op *spec.Op) {
	if into, is := op.Into.(*socket); is {
		into.lock.Lock()
		into.accepting = nil
		into.lock.Unlock()
	}
}

func (s *socket) isClosed() bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.state == closed
}

// takeConnections serves outstanding accepts in posting order (ACC-20). With none outstanding nothing
// is accepted: connections wait in the kernel's backlog, where the far end's resets and this
// program's limits are seen to.
func (s *socket) takeConnections() {
	for s.accepts.len() > 0 && s.readable {
		fd, from, errno := s.k.Accept(s.fd)
		switch errno {
		case 0:
			op := s.accepts.first().op
			s.gap(bugAcceptEndsLate)
			s.accepts.cut(op)
			if op.Data == 0 {
				s.finishAccept(op, fd, from, 0)
			} else {
				s.awaitFirst(op, fd, from)
			}
		case eAGAIN:
			s.readable = false
		case eINTR, eCONNABORTED, ePROTO, eNOPROTOOPT, eOPNOTSUPP, eNETDOWN, eHOSTDOWN, eHOSTUNREACH, eNETUNREACH:
			// That connection has failed before we had it (accept(2), error handling). It is not the
			// listener's trouble, nor the accept's.
		default:
			// Out of descriptors, most likely. The connection stays in the backlog and there will be
			// no second edge for it: every accept that could have it is told, and trying again is up
			// to whoever posts the next. Looping here would spin until somebody closes something.
			s.failAccept(s.accepts.cut(nil), statusOf(errno))
		}
	}
}

func (s *socket) failAccept(op *spec.Op, st spec.Status) {
	if !s.b.bugs.has(bugAcceptKeeps) {
		unclaim(op)
	}
	s.complete(op, 0, st)
}

// finishAccept hands a connection over.
func (s *socket) finishAccept(op *spec.Op, fd int, from netip.AddrPort, n int) {
	into, given := op.Into.(*socket)
	if !given {
		into = s.b.newSocket(s.net)
	}
	st := spec.Is(spec.Aborted) // the back end is being closed
	if into != nil {
		st = into.adopt(fd, from)
	}
	if !st.Ok() {
		s.k.Close(fd)
		s.failAccept(op, st)
		return
	}
	into.skip = into.skip || s.skip && s.b.bugs.has(bugAcceptedSkips)
	if s.b.bugs.has(bugAcceptMoves) && into.port != nil {
		into.key = s.key
	}
	key := s.key // the listener's, even if the socket has one of its own (ACC-06)
	switch {
	case s.b.bugs.has(bugAcceptKey) && into.port != nil:
		key = into.key
	case s.b.bugs.has(bugAcceptFirst):
		key = s.b.listener.key
	}
	if op.Data == 0 && s.b.bugs.has(bugAcceptCounts) {
		n = fd
	}
	if s.inWait && s.b.bugs.has(bugAcceptAnonymous) {
		from = none
	}
	s.deliver(op, spec.Packet{Key: key, N: n, Sock: into, From: from, Size: -1})
}

// adopt gives a socket the descriptor of a connection. One that has a port already is registered
// there now (ACC-07).
func (s *socket) adopt(fd int, from netip.AddrPort) spec.Status {
	s.lock.Lock()
	defer s.lock.Unlock()
	l := s.accepting
	s.accepting = nil
	if s.state == closed && !s.b.bugs.has(bugAdoptRevives) {
		return spec.Is(spec.Aborted) // ACC-26
	}
	s.fd = fd
	if s.b.bugs.has(bugAdoptUnwatched) && l != nil && s.port == l.port {
		s.token = 0
	} else if st := s.watch(); !st.Ok() {
		s.fd = -1
		return st
	}
	s.state, s.peer = connected, s.b.ofTheFirst(bugPeerOfFirst, from)
	s.readable, s.writable = true, true
	s.skip = s.skip && !s.b.bugs.has(bugAdoptForgetsSkip)
	return ok
}

// arrival is a connection whose accept waits for the first bytes. It belongs to the listener, whose
// lock covers it and whose port watches it, for that is where the packet will go and where threads
// wait for it.
type arrival struct {
	l     *socket
	op    *spec.Op
	fd    int
	from  netip.AddrPort
	token uint64
}

// awaitFirst receives the first bytes of a connection, now or later. Other accepts go on meanwhile.
func (s *socket) awaitFirst(op *spec.Op, fd int, from netip.AddrPort) {
	a := &arrival{l: s, op: op, fd: fd, from: from}
	s.arrivals = append(s.arrivals, a)
	if s.receiveFirst(a) {
		return
	}
	token, errno := s.port.watch(a, fd)
	if errno != 0 {
		s.part(a)
		s.k.Close(fd)
		s.failAccept(op, statusOf(errno))
		return
	}
	s.gap(bugArrivalToken)
	a.token = token
}

// ready is told of events on the descriptor.
func (a *arrival) ready(token uint64, events uint32) {
	a.l.lock.Lock()
	defer a.l.lock.Unlock()
	if a.fd < 0 || a.l.b.stale(token, a.token) {
		return
	}
	a.l.inWait = true
	a.l.receiveFirst(a)
	a.l.inWait = false
}

// receiveFirst ends the accept with the first bytes, with none if the far end has closed in good
// order (ACC-03), or with the error if it has reset the connection (ACC-04). It reports false if it
// has to wait.
func (s *socket) receiveFirst(a *arrival) bool {
	buf := a.op.Buf[:a.op.Data]
	if s.b.bugs.has(bugFirstBytesToFirst) {
		buf = s.arrivals[0].op.Buf
	}
	n, errno := s.k.Recv(a.fd, buf)
	for errno == eINTR {
		n, errno = s.k.Recv(a.fd, buf)
	}
	if errno == eAGAIN {
		return false
	}
	fd := a.fd
	if s.gap(bugArrivalLate) && a.fd < 0 {
		s.complete(a.op, n, statusOf(errno)) // it has been completed meanwhile
		return true
	}
	if errno == 0 || !s.b.bugs.has(bugResetStays) {
		s.part(a)
	}
	if errno != 0 {
		s.k.Close(fd)
		s.failAccept(a.op, statusOf(errno))
		return true
	}
	s.finishAccept(a.op, fd, a.from, n)
	return true
}

// part lets go of an arrival, not of its descriptor.
func (s *socket) part(a *arrival) {
	for i, x := range s.arrivals {
		if x == a || s.b.bugs.has(bugPartsFirst) {
			s.arrivals = append(s.arrivals[:i], s.arrivals[i+1:]...)
			break
		}
	}
	s.port.unwatch(a.token, a.fd)
	a.fd, a.token = -1, 0
}
