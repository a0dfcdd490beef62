package epoll

import "github.com/ioconform/ioconform/spec"

// startConnect begins a connection. An unbound socket is bound by the kernel, which Windows would not
// do (CON-01).
func (s *socket) startConnect(op *spec.Op) spec.Result {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch {
	case s.state == closed && !s.b.bugs.has(bugConnectRevives):
		return refusedAs(spec.Closed)
	case s.state == connected:
		return refusedAs(spec.Connected)
	case s.state != unconnected && s.state != closed || s.accepting != nil: // listening, connecting, or being accepted into (CON-02, CON-04, ACC-19)
		return refusedAs(spec.Invalid)
	case s.net.Datagrams():
		return refusedAs(spec.Unsupported)
	case s.port == nil && s.b.bugs.has(bugConnectNeedsPort):
		return refusedAs(spec.Invalid)
	case !s.addresses(op.To):
		return refused(s.wrongFamily(op.To))
	}
	s.gap(bugConnectChecks)
	s.connect, s.state = op, connecting
	if s.port == nil {
		return pending
	}
	st, under := s.launch()
	switch {
	case under:
		return pending
	case st.Ok():
		s.establish()
		return s.done(op, 0, st)
	case st.Code == spec.Refused || st.Code == spec.TimedOut || st.Code == spec.Reset:
		// What the far end says comes in a packet, however fast it was.
		s.endConnect(st)
		return pending
	}
	s.abandonConnect() // what this machine says, does not
	return refused(st)
}

// launch asks the kernel to connect; under tells that this is under way.
func (s *socket) launch() (st spec.Status, under bool) {
	errno := s.open()
	if errno == 0 {
		errno = s.k.Connect(s.fd, s.connect.To)
	}
	switch errno {
	case 0:
		return s.watch(), false
	case eINPROGRESS, eINTR:
		// Registered after the call: what has happened meanwhile is reported all the same (E16).
		if st := s.watch(); !st.Ok() {
			return st, false
		}
		s.connectNoted()
		return ok, true
	}
	return statusOf(errno), false
}

// checkConnect finds out what an event on a connecting descriptor means.
func (s *socket) checkConnect(events uint32) {
	if events&(evOut|evErr|evHup) == 0 {
		return
	}
	errno := s.connectError(s.k.SocketError(s.fd))
	switch {
	case errno == eCONNRESET || errno == ePIPE:
		// A SYN that is answered by a reset is ECONNREFUSED; a reset proves that there was a
		// connection. The socket has it, and its first receive or send will tell that it is gone.
		defer s.fail(errno)
	case errno != 0:
		s.endConnect(statusOf(errno))
		return
	case events&evHup != 0:
		// A descriptor that hangs up without an error was not connected at the time (E34), unless the
		// connection has ended since.
		if _, errno := s.k.RemoteAddr(s.fd); errno != 0 {
			return
		}
	}
	// Writable and not hung up: connected. There is no event while a connection is being made
	// (tcp_poll in net/ipv4/tcp.c).
	s.endConnect(ok)
	if !s.b.bugs.has(bugConnectForgets) {
		s.note(events)
	}
}

// endConnect ends the connect with a packet.
func (s *socket) endConnect(st spec.Status) {
	op := s.connect
	if s.gap(bugConnectEnds) && s.connect == nil {
		s.complete(op, 0, st) // it has been ended meanwhile
		return
	}
	n := 0
	if s.b.bugs.has(bugConnectCounts) {
		n = max(s.fd, 0)
	}
	if st.Ok() {
		s.establish()
	} else {
		s.abandonConnect()
	}
	s.complete(op, n, st)
}

// establish makes s a connection.
func (s *socket) establish() {
	s.peer = s.b.ofTheFirst(bugDialedFirst, s.connect.To)
	s.skip = s.skip && !s.b.bugs.has(bugConnectNoSkip)
	s.connect, s.state = nil, connected
	s.readable, s.writable = true, true
}

// abandonConnect makes s what it was before the connect. What state a failed connect leaves a
// descriptor in is unspecified (connect(2), notes), and one that is cancelled cannot be called off at
// all: so the descriptor is given up, and the next connect makes another. If the connection has come
// about unnoticed it is reset, or its end would occupy the address to which the next is to be bound.
func (s *socket) abandonConnect() {
	s.connect, s.state = nil, unconnected
	if s.fd >= 0 {
		s.k.SetLinger(s.fd, 0)
	}
	s.drop()
}
