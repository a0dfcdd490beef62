//go:build linux

package uring

import (
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/errno"
	"github.com/ioconform/ioconform/spec"
)

// state is where a socket is in its life.
type state uint8

const (
	unconnected state = iota // without a descriptor, or bound
	listening
	connecting // in the ring, or waiting for a port
	connected
	mailbox // a datagram socket that has a descriptor
	closed
)

// socket is an endpoint: a descriptor, and the operations outstanding on it. The lock of the back end covers it.
//
// At most one request of each direction is in the ring; the other operations wait in lines of our
// own. For the ring serves receives that it has to keep in any order (U03), which on this kernel is the last posted first (U04), and sends that are under way
// together come out short or mixed (U41, U42).
type socket struct {
	b     *Backend
	net   spec.Network
	place int // in Backend.sockets

	state state
	fd    int // -1: none yet
	local netip.AddrPort
	peer  netip.AddrPort

	port *port
	key  uint64
	skip bool // no packets for success at once

	in, out request       // receive or accept; send or connect
	inRing  int           // requests that use fd, or that of one of the arrivals
	gone    chan struct{} // closed when there are none any more and the socket is closed, descriptor and all

	receives, sends line
	sent            int    // bytes of the first send that the kernel has taken
	unread          []byte // received, and not yet handed to anybody
	more            bool   // there may be something to receive now
	ended           bool   // nothing more will ever be received
	err             spec.Status
	receiveShut     bool
	sendShut        bool
	finish          bool // the kernel is to be told of sendShut when sends is empty

	connect *spec.Op

	accepts   line
	arrivals  []*arrival   // connections whose first bytes are waited for
	unclaimed []connection // accepted for accepts that had been cancelled meanwhile
	accepting *socket      // the listener that will give this socket its descriptor
}

var (
	ok      = spec.Is(spec.OK)
	pending = spec.Result{How: spec.Pending}
	none    netip.AddrPort
)

func refused(st spec.Status) spec.Result {
	return spec.Result{How: spec.RefusedAtStart, Status: st}
}

func refusedAs(c spec.Code) spec.Result { return refused(spec.Is(c)) }

// statusOf says what an error of package unix means.
func statusOf(err error) spec.Status {
	if err == nil {
		return ok
	}
	return errno.Status(int(err.(unix.Errno)))
}

// line is operations that wait their turn, first come first served; one may be taken out of the middle. If the first is in the ring it stays in the line as well.
type line []*spec.Op

// cut takes op out and tells whether it was there.
func (l *line) cut(op *spec.Op) bool {
	i := slices.Index(*l, op)
	if i >= 0 {
		*l = slices.Delete(*l, i, i+1)
	}
	return i >= 0
}

// Start starts an operation. What can be done at once, a thread does itself with an ordinary call: it would otherwise have to wake the ring's thread, and be
// woken for the packet. What has to wait, waits in the ring.
func (s *socket) Start(op *spec.Op) spec.Result {
	if op == nil {
		return refusedAs(spec.Invalid)
	}
	s.b.lock.Lock()
	defer s.b.lock.Unlock()
	if s.state == closed {
		return refusedAs(spec.Closed)
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

// begun is the end of a Start that has put its operation into a line.
func (s *socket) begun() spec.Result {
	s.advance()
	return pending
}

// done ends an operation within its Start. A failure is told there and nowhere else (OVL-09); a
// success is told there and, unless the socket skips it, in a packet as well (OVL-08, OVL-11).
func (s *socket) done(op *spec.Op, pkt spec.Packet) spec.Result {
	st := pkt.Status
	if !st.Ok() && st.Code != spec.Truncated {
		s.advance() // if this was news, others wait for it
		return refused(st)
	}
	if !s.skip {
		s.deliver(op, pkt)
	}
	return spec.Result{How: spec.Done, N: pkt.N, Status: st, From: pkt.From, Size: pkt.Size}
}

// advance moves on everything that can be. Nothing of a socket without a port does, for what was
// started before the association is told to the port all the same (KEY-06).
func (s *socket) advance() {
	if s.port == nil {
		return
	}
	switch s.state {
	case listening:
		s.takeConnections()
	case connecting:
		s.launch()
	case connected:
		s.fill()
		s.flush()
	case mailbox:
		s.receiveNext()
		s.sendNext()
	}
}

// inEnded and outEnded are told of the end of a request.
func (s *socket) inEnded(res int) {
	switch {
	case s.in.opcode == IORING_OP_ACCEPT:
		s.accepted(res)
	case s.net.Datagrams():
		s.receivedDatagram(res)
	default:
		s.more = s.in.more
		s.received(res)
	}
	s.advance()
}

func (s *socket) outEnded(res int) {
	switch {
	case s.out.opcode == IORING_OP_CONNECT:
		s.connectEnded(res)
	case s.net.Datagrams():
		s.sentDatagram(res)
	default:
		s.wrote(res)
	}
	s.advance()
}

// complete ends an operation of s with a packet. From here on op is the user's again. Operations of a socket without a port end in silence (KEY-07).
func (s *socket) complete(op *spec.Op, n int, st spec.Status) {
	s.deliver(op, packet(n, st))
}

func packet(n int, st spec.Status) spec.Packet { return spec.Packet{N: n, Status: st, Size: -1} }

// deliver is complete for packets that say more.
func (s *socket) deliver(op *spec.Op, pkt spec.Packet) {
	if s.port != nil {
		pkt.Key, pkt.Token = s.key, op.Token
		s.port.push(pkt)
	}
}

// joinPort is Associate, seen from the socket.
func (s *socket) joinPort(p *port, key uint64) spec.Status {
	s.b.lock.Lock()
	defer s.b.lock.Unlock()
	switch {
	case s.state == closed:
		return spec.Is(spec.Closed)
	case s.port != nil:
		return spec.Is(spec.Invalid) // for life (KEY-01)
	}
	s.port, s.key = p, key
	s.advance()
	return ok
}

// Bind makes the descriptor and gives it an address.
func (s *socket) Bind(addr netip.AddrPort) spec.Status {
	s.b.lock.Lock()
	defer s.b.lock.Unlock()
	switch {
	case s.state == closed:
		return spec.Is(spec.Closed)
	case s.state != unconnected || s.fd >= 0 || s.local != none || s.accepting != nil:
		return spec.Is(spec.Invalid)
	case !s.addresses(addr):
		return s.wrongFamily(addr)
	}
	if err := s.openAt(addr); err != nil {
		return statusOf(err)
	}
	if s.net.Datagrams() {
		s.state, s.more = mailbox, true
	}
	return ok
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

// open makes the descriptor of a socket that has none. One that was bound before, and has lost its
// descriptor to a connect that failed, is bound again.
func (s *socket) open() error {
	if s.fd >= 0 {
		return nil
	}
	return s.openAt(s.local)
}

func (s *socket) openAt(addr netip.AddrPort) error {
	fd, err := descriptor(s.net)
	if err != nil {
		return err
	}
	if addr != none {
		if err := unix.Bind(fd, sockaddr(addr)); err != nil {
			unix.Close(fd)
			return err
		}
		s.local, _ = localAddr(fd)
	}
	s.fd = fd
	return nil
}

// Listen lets the kernel collect connections.
func (s *socket) Listen(backlog int) spec.Status {
	s.b.lock.Lock()
	defer s.b.lock.Unlock()
	switch {
	case s.state == closed:
		return spec.Is(spec.Closed)
	case s.state != unconnected || s.fd < 0:
		return spec.Is(spec.Invalid) // not bound, or something else already
	}
	if err := unix.Listen(s.fd, backlog); err != nil {
		return statusOf(err)
	}
	s.state = listening
	return ok
}

// SkipOnSuccess spares operations that succeed within Start their packet.
func (s *socket) SkipOnSuccess() spec.Status {
	s.b.lock.Lock()
	defer s.b.lock.Unlock()
	if s.state == closed {
		return spec.Is(spec.Closed)
	}
	s.skip = true
	return ok
}

// Local returns the socket's own address.
func (s *socket) Local() (netip.AddrPort, spec.Status) {
	s.b.lock.Lock()
	defer s.b.lock.Unlock()
	switch {
	case s.state == closed:
		return none, spec.Is(spec.Closed)
	case s.fd >= 0:
		addr, err := localAddr(s.fd)
		return addr, statusOf(err)
	case s.local != none:
		return s.local, ok
	}
	return none, spec.Is(spec.Invalid)
}

// Peer returns the far end's address, also after the connection has ended (DIS-06), when Linux would
// not tell it any more.
func (s *socket) Peer() (netip.AddrPort, spec.Status) {
	s.b.lock.Lock()
	defer s.b.lock.Unlock()
	switch s.state {
	case closed:
		return none, spec.Is(spec.Closed)
	case connected:
		return s.peer, ok
	}
	return none, spec.Is(spec.NotConnected)
}
