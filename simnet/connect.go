package simnet

import (
	"net/netip"
	"time"
)

// tcpState is the state of a socket, by the names of the kernel (include/net/tcp_states.h).
// TIME_WAIT is tcpClose here as for the application there: the socket is gone, only its tuple
// waits.
type tcpState uint8

const (
	tcpClose tcpState = iota
	tcpListen
	tcpSynSent
	tcpSynRecv
	tcpEstablished
	tcpCloseWait
	tcpFinWait1
	tcpFinWait2
	tcpClosing
	tcpLastAck
)

// callState is what connect has been through (SS_UNCONNECTED ... in the kernel).
type callState uint8

const (
	unconnected callState = iota
	connecting
	connected
	disconnecting // shut down while it was connecting: good for nothing
)

// A connect whose SYN finds the backlog full knocks again after 1 s, then 2 s later, 4 s later …
// and gives up with the seventh wait (tcp_syn_retries = 6): 127 s in all.
const synRetries = 6

// Listen makes the socket a listener, on an ephemeral port if it is not bound. As on Linux the
// queue of connections not accepted yet holds one more than the backlog. Listen again changes the
// backlog. EINVAL once the socket has been connected, EOPNOTSUPP for UDP.
func (s *Sock) Listen(backlog int) Errno {
	w := s.w
	if w.unwindingCall() {
		return ECANCELED
	}
	w.Touch(s.object, true)
	switch {
	case s.orphan:
		return EBADF
	case s.udp:
		return EOPNOTSUPP
	case s.call != unconnected || s.state != tcpClose && s.state != tcpListen:
		return EINVAL
	}
	if backlog < 0 || backlog > 4096 {
		backlog = 4096 // net.core.somaxconn
	}
	w.Touch(ObjectPorts, true)
	if !s.hasPort && !s.autobind(s.Local().Addr()) {
		return EADDRINUSE
	}
	s.backlog = backlog
	if s.state != tcpListen {
		s.state = tcpListen
		s.accepted, s.head, s.pending = s.accepted[:0], 0, 0
	}
	return OK
}

// Accept takes the connection that has waited longest. EAGAIN if none waits, EINVAL if the socket
// does not listen. A connection that was reset in the meantime is accepted all the same; its first
// Recv says so.
func (s *Sock) Accept() (*Sock, Errno) {
	if s.w.unwindingCall() {
		return nil, ECANCELED
	}
	s.w.Touch(s.object, true)
	switch {
	case s.orphan:
		return nil, EBADF
	case s.udp:
		return nil, EOPNOTSUPP
	case s.state != tcpListen:
		return nil, EINVAL
	}
	if s.head == len(s.accepted) {
		return nil, EAGAIN
	}
	c := s.accepted[s.head]
	s.head++
	if s.head == len(s.accepted) {
		s.accepted, s.head = s.accepted[:0], 0
	}
	c.call = connected
	return c, OK
}

// Connect begins a connection and returns EINPROGRESS; how it went is told by a change of readiness
// and Error. A second call returns EALREADY while that lasts, OK once when it has succeeded, the
// error when it has failed, and EISCONN from then on. 0.0.0.0 means the socket's own address or
// 127.0.0.1, [::] means [::1].
//
// On a UDP socket it takes effect at once: to is where Send goes, and nobody else is heard any more.
// It may be done again; the zero AddrPort undoes it.
func (s *Sock) Connect(to netip.AddrPort) Errno {
	w := s.w
	if w.unwindingCall() {
		return ECANCELED
	}
	if s.orphan {
		return EBADF
	}
	if s.udp {
		return s.connectDatagram(to)
	}
	w.Touch(s.object, true)
	// __inet_stream_connect (net/ipv4/af_inet.c).
	switch s.call {
	case connected:
		return EISCONN
	case connecting:
		return s.connectAgain()
	case disconnecting:
		return EINVAL
	}
	if s.state != tcpClose {
		return EISCONN
	}
	if s.v6 && to.Addr().Is4() {
		return EINVAL // too short an address (tcp_v6_connect)
	}
	to, from, e := s.route(to)
	if e != OK {
		return e
	}
	w.Touch(ObjectPorts, true)
	w.Touch(ObjectClock, false) // the time at which it knocks first
	if !s.hasPort && !s.autobind(s.Local().Addr()) {
		return EADDRNOTAVAIL
	}
	if s.local.Addr().IsUnspecified() {
		s.local = netip.AddrPortFrom(from, s.local.Port())
	}
	s.err, s.fin = OK, false
	s.remote = to
	s.state, s.call = tcpSynSent, connecting
	c := w.newConn(s)
	s.conn, s.out, s.in = c, &c.dir[0], &c.dir[1]
	s.knocks, s.knockedAt = 0, w.now
	s.out.syn = true
	s.out.update()
	return EINPROGRESS
}

// connectAgain is a further connect on a socket on which one was begun.
func (s *Sock) connectAgain() Errno {
	switch s.state {
	case tcpSynSent:
		return EALREADY
	case tcpClose:
		e := s.takeError()
		if e == OK {
			e = ECONNABORTED
		}
		s.disconnected(OK)
		return e
	}
	s.call = connected
	return OK
}

// disconnected makes a closed socket as good as new, but for a pending error (tcp_disconnect).
// Those who watch hear of it as of an error, whether there is one or not.
func (s *Sock) disconnected(e Errno) {
	s.err = e
	s.state, s.call = tcpClose, unconnected
	s.rdShut, s.wrShut, s.fin, s.noSpace = false, false, false, false
	s.remote, s.conn, s.in, s.out = netip.AddrPort{}, nil, nil, nil
	s.w.disarm(&s.timer)
	if !s.keepsAddr {
		s.local = netip.AddrPortFrom(s.wildcard(), s.local.Port())
	}
	s.changed(ERR)
}

// autobind gives the socket an ephemeral port.
func (s *Sock) autobind(addr netip.Addr) bool {
	port, ok := s.w.ephemeral(s.wildcard(), s.udp)
	if !ok {
		return false
	}
	s.takePort(netip.AddrPortFrom(addr, port))
	return true
}

// ended is what becomes of the port when the socket leaves its state for CLOSE (tcp_set_state): it
// is given back, unless Bind named it.
func (s *Sock) ended() {
	s.state = tcpClose
	if !s.keepsPort {
		s.dropPort()
	}
}

func (s *Sock) takePort(addr netip.AddrPort) {
	s.local, s.hasPort = addr, true
	s.w.net.bound = append(s.w.net.bound, s)
}

// dropPort gives the port back; the address stays to be seen.
func (s *Sock) dropPort() {
	if !s.hasPort {
		return
	}
	s.hasPort = false
	s.w.Touch(ObjectPorts, true)
	list := s.w.net.bound
	for i, x := range list {
		if x == s {
			list[i] = list[len(list)-1]
			s.w.net.bound = list[:len(list)-1]
			return
		}
	}
}

// Ephemeral ports are those of Linux, taken in turn: a port comes back only after all the others.
const (
	firstEphemeral = 32768
	lastEphemeral  = 60999
)

func (w *World) ephemeral(wildcard netip.Addr, udp bool) (uint16, bool) {
	for range lastEphemeral - firstEphemeral + 1 {
		port := w.net.nextPort
		w.net.nextPort++
		if w.net.nextPort > lastEphemeral {
			w.net.nextPort = firstEphemeral
		}
		if !w.taken(netip.AddrPortFrom(wildcard, port), udp) {
			return port, true
		}
	}
	return 0, false
}

// taken reports whether a socket of the protocol is bound to the address, or to one that includes it.
func (w *World) taken(addr netip.AddrPort, udp bool) bool {
	for _, s := range w.net.bound {
		if s.local.Port() == addr.Port() && s.udp == udp && s.v6 == addr.Addr().Is6() &&
			(s.local.Addr() == addr.Addr() || s.local.Addr().IsUnspecified() || addr.Addr().IsUnspecified()) {
			return true
		}
	}
	return false
}

// listenerAt returns the socket that listens at the address, the exact one before the wildcard.
func (w *World) listenerAt(addr netip.AddrPort) *Sock {
	var wildcard *Sock
	for _, s := range w.net.bound {
		if s.state != tcpListen || s.local.Port() != addr.Port() {
			continue
		}
		if s.local.Addr() == addr.Addr() {
			return s
		}
		if s.local.Addr().IsUnspecified() && s.v6 == addr.Addr().Is6() {
			wildcard = s
		}
	}
	return wildcard
}

// full reports whether a listener has no room for another connection.
func (s *Sock) full() bool { return len(s.accepted)-s.head+s.pending > s.backlog }

// knockLater is called when a SYN was lost to a full backlog.
func (s *Sock) knockLater() {
	s.knocks++
	after := time.Second<<s.knocks - time.Second // since the first SYN: 1 s, 3 s, 7 s …
	s.w.arm(&s.timer, max(s.knockedAt+after-s.w.now, 0))
}

// knockAgain sends the SYN once more, or gives up.
func (s *Sock) knockAgain() {
	s.w.Touch(s.object, true)
	s.w.Touch(s.out.object, true)
	if s.state != tcpSynSent {
		return
	}
	if s.knocks > synRetries {
		s.fail(ETIMEDOUT)
		return
	}
	s.out.syn = true
	s.out.update()
}
