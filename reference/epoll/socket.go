package epoll

import (
	"net/netip"

	"github.com/ioconform/ioconform/spec"
)

// state is where a socket is in its life.
type state uint8

const (
	unconnected state = iota // without a descriptor, or bound
	listening
	connecting // in the kernel's hands, or waiting for a port
	connected
	mailbox // a datagram socket that has a descriptor
	closed
)

// socket is an endpoint: a descriptor, what is known about it, and the operations outstanding on it.
// Its lock covers all of this; a thread that holds the lock of a listener may take that of a socket
// that is being accepted into, and no other second socket.
type socket struct {
	b     *Backend
	k     Kernel
	net   spec.Network
	place int // in Backend.sockets

	lock  Lock
	state state
	fd    int // -1: none yet
	local netip.AddrPort
	peer  netip.AddrPort

	port   *port
	key    uint64
	token  uint64 // under which fd is in the port's interest list, 0 if it is not
	inWait bool   // the thread that holds the lock is in Wait
	skip   bool   // no packets for success at once
	silent bool   // see bugDoneIsSilent

	// What is known of the descriptor. The first three err on the side of trying.
	readable bool // not known to be empty
	writable bool // not known to be full
	hup      bool // an end has been reported: after a short read there may yet be something to learn
	ended    bool // nothing more will ever be received
	err      spec.Status

	unread          []byte // received, and not yet handed to anybody; see gather
	receives, sends line
	receiveShut     bool
	sendShut        bool
	finish          bool // the kernel is to be told of sendShut when sends is empty

	leftover bool // what comes now was left by another receive; see bugWaitAllFirst
	slips
	lapses  lapses
	mail    mail
	connect *spec.Op

	accepts   line
	arrivals  []*arrival
	accepting *socket // the listener that will give this socket its descriptor
}

// Bind makes the descriptor and gives it an address.
func (s *socket) Bind(addr netip.AddrPort) spec.Status {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch {
	case s.state == closed:
		return spec.Is(spec.Closed)
	case s.state != unconnected || s.fd >= 0 || s.local != none || s.accepting != nil:
		return spec.Is(spec.Invalid)
	case !s.addresses(addr):
		return s.wrongFamily(addr)
	}
	if errno := s.openAt(addr); errno != 0 || !s.net.Datagrams() {
		return statusOf(errno)
	}
	return s.becomeMailbox()
}

// addresses reports whether the socket's family has the address.
func (s *socket) addresses(a netip.AddrPort) bool {
	return a.IsValid() && (a.Addr().Is6() && !a.Addr().Is4In6()) == s.net.Over6()
}

func (s *socket) wrongFamily(a netip.AddrPort) spec.Status {
	if a.IsValid() {
		return spec.Is(spec.Unsupported)
	}
	return spec.Is(spec.Invalid)
}

// descriptor makes a descriptor of the socket's kind.
func (s *socket) descriptor() (fd, errno int) {
	family := 4
	if s.net.Over6() && !s.b.bugs.has(bugFamilyForgotten) {
		family = 6
	}
	if s.net.Datagrams() {
		return s.k.SocketDgram(family)
	}
	return s.k.Socket(family)
}

// open makes the descriptor of a socket that has none. One that was bound before, and has lost its
// descriptor to a connect that failed, is bound again.
func (s *socket) open() (errno int) {
	if s.fd >= 0 {
		return 0
	}
	if s.local != none {
		return s.openAt(s.local)
	}
	s.fd, errno = s.descriptor()
	if errno != 0 {
		s.fd = -1
	}
	return errno
}

func (s *socket) openAt(addr netip.AddrPort) (errno int) {
	fd, errno := s.descriptor()
	if errno != 0 {
		return errno
	}
	if errno = s.k.Bind(fd, addr); errno != 0 {
		s.k.Close(fd)
		return errno
	}
	s.fd = fd
	s.local, _ = s.k.LocalAddr(fd)
	return 0
}

// drop gives the descriptor up.
func (s *socket) drop() {
	if s.fd >= 0 {
		if s.port != nil {
			s.port.unwatch(s.token, s.fd)
		}
		s.k.Close(s.fd)
	}
	s.vacateTwice()
	s.fd, s.token = -1, 0
}

// Listen lets the kernel collect connections.
func (s *socket) Listen(backlog int) spec.Status {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch {
	case s.state == closed:
		return spec.Is(spec.Closed)
	case s.state != unconnected || s.fd < 0:
		return spec.Is(spec.Invalid) // not bound, or something else already
	}
	if errno := s.k.Listen(s.fd, backlog); errno != 0 {
		return statusOf(errno)
	}
	if st := s.watch(); !st.Ok() {
		return st
	}
	s.state, s.readable = listening, true
	if s.b.listener == nil {
		s.b.listener = s
	}
	return ok
}

// watch puts the descriptor into the interest list of the socket's port, if there are both. That is
// done when the descriptor has become a connection, a connection attempt or a listener, and not
// before: an unconnected one reports itself as hung up (E34).
func (s *socket) watch() spec.Status {
	if s.port == nil || s.fd < 0 {
		return ok
	}
	token, errno := s.port.watch(s, s.fd)
	s.gap(bugTokenLate)
	s.token = token
	return statusOf(errno)
}

// joinPort is Associate, seen from the socket.
func (s *socket) joinPort(p *port, key uint64) spec.Status {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.state == closed {
		return spec.Is(spec.Closed)
	}
	if s.port != nil {
		if s.associateAgain(p, key) {
			return ok
		}
		return spec.Is(spec.Invalid) // for life (KEY-01)
	}
	s.gap(bugAssociateChecks)
	if s.b.bugs.has(bugPortByKey) {
		p = s.b.portOf(key, p)
	}
	s.port = p
	s.gap(bugKeyLate)
	s.key = key
	if s.state == listening || s.state == connected || s.state == mailbox {
		if st := s.watch(); !st.Ok() {
			s.port = nil
			return st
		}
	}
	// What was started before begins now, and its packets come here (KEY-06).
	switch s.state {
	case listening:
		s.takeConnections()
	case connected, mailbox:
		s.advance()
	case connecting:
		if s.b.bugs.has(bugConnectWaits) {
			break
		}
		if st, under := s.launch(); !under {
			s.endConnect(st)
		}
	}
	return ok
}

// ready is told of events on the descriptor, by a thread in Wait.
func (s *socket) ready(token uint64, events uint32) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.b.stale(token, s.token) {
		return
	}
	s.inWait = true
	switch s.state {
	case listening:
		s.readable = !s.unheard()
		s.takeConnections()
	case connecting:
		s.checkConnect(events)
	case connected, mailbox:
		s.note(events)
		s.advance()
	}
	s.inWait = false
}

// note remembers what events say about a connection. It is only ever taken as leave to try: EPOLLHUP
// or EPOLLRDHUP do not mean that there is nothing left to read, and whoever takes them for the end
// loses the last bytes.
func (s *socket) note(events uint32) {
	if events&(evIn|evRdHup|evHup|evErr) != 0 && !s.deaf() {
		s.readable = true
	}
	if events&(evOut|evHup|evErr) != 0 {
		s.writable = true
	}
	if events&(evRdHup|evHup|evErr) != 0 && !(s.receives.len() == 0 && s.b.bugs.has(bugUnaskedEnd)) {
		s.hup = true
	}
	s.noted(events)
}

// Start starts an operation.
func (s *socket) Start(op *spec.Op) spec.Result {
	if op == nil {
		return refusedAs(spec.Invalid)
	}
	switch op.Kind {
	case spec.Receive:
		return s.startReceive(op)
	case spec.Send:
		return s.startSend(op)
	case spec.ReceiveFrom:
		return s.startReceiveFrom(op)
	case spec.SendTo:
		return s.startSendTo(op)
	case spec.Accept:
		return s.startAccept(op)
	case spec.Connect:
		return s.startConnect(op)
	}
	return refusedAs(spec.Unsupported)
}

// SkipOnSuccess spares operations that succeed within Start their packet.
func (s *socket) SkipOnSuccess() spec.Status {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.state == closed && !s.b.bugs.has(bugClosedSkips) {
		return spec.Is(spec.Closed)
	}
	s.skip = !(s.skip && s.b.bugs.has(bugSkipToggles))
	return ok
}

// Local returns the socket's own address.
func (s *socket) Local() (netip.AddrPort, spec.Status) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.state == closed && !s.b.bugs.has(bugClosedNamed) {
		return none, spec.Is(spec.Closed)
	}
	if s.fd < 0 {
		if s.local != none {
			return s.local, ok
		}
		return none, spec.Is(spec.Invalid)
	}
	addr, errno := s.k.LocalAddr(s.fd)
	return addr, statusOf(errno)
}

// Peer returns the far end's address, also after the connection has ended (DIS-06), when Linux would
// not tell it any more.
func (s *socket) Peer() (netip.AddrPort, spec.Status) {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch s.state {
	case closed:
		return none, spec.Is(spec.Closed)
	case connected:
		if s.b.bugs.has(bugPeerIsOwn) {
			addr, errno := s.k.LocalAddr(s.fd)
			return addr, statusOf(errno)
		}
		return s.named(s.peer), ok
	}
	return none, spec.Is(spec.NotConnected)
}
