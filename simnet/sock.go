package simnet

import (
	"net/netip"
	"time"
)

// Sock is one TCP or UDP socket, over IPv4 or IPv6, as a kernel object without a descriptor. Its
// calls behave as non-blocking calls on Linux do; they take effect at once, never block and are no
// scheduling points. A socket may be used by any thread. While a run is being unwound every call
// returns ECANCELED. What is different for UDP is in datagram.go.
type Sock struct {
	w      *World
	object Object
	state  tcpState
	call   callState
	err    Errno // pending, for SO_ERROR or the next call
	rdShut bool  // nothing more to receive: FIN seen, Shutdown, or no connection any more
	wrShut bool
	fin    bool // the peer's FIN has arrived: from now on receiving ends, without an error
	orphan bool // closed by its owner
	v6     bool
	udp    bool // its state is tcpClose, or tcpEstablished when connected

	local, remote netip.AddrPort
	hasPort       bool // the port is this socket's; without it local is only what getsockname remembers
	keepsPort     bool // Bind named the port: it survives the end of a connection (SOCK_BINDPORT_LOCK)
	keepsAddr     bool // Bind named the address (SOCK_BINDADDR_LOCK)
	conn          *conn
	in, out       *direction // nil without a connection

	noSpace    bool // somebody found no room to send and wants to hear when there is
	lingerZero bool
	resetDrops bool

	accepted []*Sock // a listener's queue
	head     int     // of accepted
	pending  int     // handshakes begun
	backlog  int
	listener *Sock // of a server end until its handshake is done

	knocks    int // SYNs lost to a full backlog
	knockedAt time.Duration
	timer     timer

	inbox datagrams // UDP: arrived and not received
	sent  int       // UDP: bytes in flight

	watchers  []Watcher
	interests pollQueue
}

// A Watcher is told when the readiness of a socket may have changed. Changed is called inside the
// step that changed it: it may call the socket, wake threads and touch, but not block or schedule.
// now is what Ready would return, edge the events this change is about; a change of state that is
// about no event in particular (connected, end of stream) has all bits set.
type Watcher interface {
	Changed(s *Sock, now Ready, edge Ready)
}

// NewSock returns an unconnected TCP socket over IPv4.
func (w *World) NewSock() *Sock { return w.newSock(4, false) }

// NewSockOn returns an unconnected TCP socket over IPv4 (family 4) or IPv6 (family 6). It panics for
// another family.
func (w *World) NewSockOn(family int) *Sock { return w.newSock(family, false) }

func (w *World) newSock(family int, udp bool) *Sock {
	if family != 4 && family != 6 {
		panic("simnet: a socket is of family 4 or 6")
	}
	w.unwindingCall()
	s := w.net.socks.get()
	accepted, watchers, interests := s.accepted[:0], s.watchers[:0], s.interests[:0]
	*s = Sock{} // filled in where it stands: copying what has just been put together waits for it
	s.w, s.object, s.v6, s.udp = w, w.NewObject(), family == 6, udp
	s.accepted, s.watchers, s.interests = accepted, watchers, interests
	s.timer.sock = s
	return s
}

// Object returns the socket's number in footprints: its state, error and accept queue.
func (s *Sock) Object() Object { return s.object }

// Bind gives the socket an address of its own. Every unicast address is local; port 0 takes the next
// ephemeral one. EADDRINUSE if another socket of the same protocol and family was bound to the port
// at that address or either is the wildcard; as with SO_REUSEADDR on Linux, connections of an
// earlier listener are not in the way. EINVAL if already bound; EAFNOSUPPORT for an IPv6 address on
// an IPv4 socket and, as Linux has it, EINVAL the other way round; EADDRNOTAVAIL for multicast and
// broadcast.
func (s *Sock) Bind(addr netip.AddrPort) Errno {
	if s.w.unwindingCall() {
		return ECANCELED
	}
	if s.orphan {
		return EBADF
	}
	s.w.Touch(s.object, true)
	if e := s.mayBind(addr.Addr()); e != OK {
		return e
	}
	s.w.Touch(ObjectPorts, true)
	named := addr.Port() != 0
	if !named {
		if !s.autobind(addr.Addr()) {
			return EADDRINUSE
		}
	} else {
		if s.w.taken(addr, s.udp) {
			s.local = netip.AddrPortFrom(s.wildcard(), s.local.Port()) // as Linux forgets it
			return EADDRINUSE
		}
		s.takePort(addr)
	}
	s.keepsPort, s.keepsAddr = named, !addr.Addr().IsUnspecified()
	return OK
}

// Error returns the pending error and clears it, as SO_ERROR does.
func (s *Sock) Error() Errno {
	if s.w.unwindingCall() {
		return ECANCELED
	}
	s.w.Touch(s.object, s.err != OK)
	return s.takeError()
}

func (s *Sock) takeError() Errno {
	e := s.err
	s.err = OK
	return e
}

// Recv takes bytes that have arrived: as many as there are and b has room for. 0 with OK is the end
// of the stream (unless b is empty). EAGAIN when nothing is there; ECONNRESET once after a reset,
// when what came before it has been received, and the end of the stream from then on; ENOTCONN if
// never connected. From a UDP socket it is RecvFrom.
func (s *Sock) Recv(b []byte) (int, Errno) { return s.receive(b, true) }

// Peek is Recv that leaves the bytes where they are.
func (s *Sock) Peek(b []byte) (int, Errno) { return s.receive(b, false) }

func (s *Sock) receive(b []byte, take bool) (int, Errno) {
	w := s.w
	if w.unwindingCall() {
		return 0, ECANCELED
	}
	if s.orphan {
		return 0, EBADF
	}
	if s.udp {
		n, _, _, e := s.receiveDatagram(b, take)
		return n, e
	}
	w.Touch(s.object, s.err != OK) // which it may take
	if s.state == tcpListen {
		return 0, ENOTCONN
	}
	if s.in != nil {
		w.Touch(s.in.object, take)
	}
	// The order of the tests is that of tcp_recvmsg_locked (net/ipv4/tcp.c).
	switch {
	case s.in != nil && s.in.arrived > 0:
		n := min(len(b), s.in.arrived)
		if take && n > 1 && w.fault(w.opts.Faults.ShortRecv) {
			n = (n + 1) / 2
		}
		copy(b, s.in.unread()[:n])
		if take {
			s.in.consume(n)
		}
		return n, OK
	case s.fin:
		return 0, OK
	case s.err != OK:
		return 0, s.takeError()
	case s.rdShut:
		return 0, OK
	case s.state == tcpClose:
		return 0, ENOTCONN
	}
	return 0, EAGAIN
}

// Available returns how many bytes Recv could take: of UDP the length of the first datagram.
func (s *Sock) Available() int {
	s.w.Touch(s.object, false)
	if s.udp {
		return s.inbox.firstLen()
	}
	if s.in == nil || s.orphan {
		return 0
	}
	s.w.Touch(s.in.object, false)
	return s.in.arrived
}

// Send hands bytes to the connection, as many as there is room for. EAGAIN when there is none or
// the connection is still being made; the pending error once, then EPIPE, when it is gone or was
// never there. On a UDP socket it is SendTo without an address.
func (s *Sock) Send(b []byte) (int, Errno) {
	w := s.w
	if w.unwindingCall() {
		return 0, ECANCELED
	}
	if s.orphan {
		return 0, EBADF
	}
	if s.udp {
		return s.sendDatagram(b, netip.AddrPort{})
	}
	w.Touch(s.object, s.err != OK) // which it takes
	if s.out != nil {
		w.Touch(s.out.object, true)
	}
	// tcp_sendmsg_locked, sk_stream_wait_connect, sk_stream_error.
	switch s.state {
	case tcpEstablished, tcpCloseWait:
	case tcpSynSent, tcpSynRecv:
		if s.err != OK {
			return 0, s.takeError()
		}
		return 0, EAGAIN
	default:
		return 0, s.brokenPipe()
	}
	if s.err != OK || s.wrShut {
		return 0, s.brokenPipe()
	}
	if len(b) == 0 {
		return 0, OK
	}
	n := min(len(b), w.opts.SndBuf-s.out.inFlight())
	if n > 1 && w.fault(w.opts.Faults.ShortSend) {
		n /= 2
	}
	if n < len(b) {
		s.noSpace = true
	}
	if n <= 0 {
		return 0, EAGAIN
	}
	s.out.append(b[:n])
	return n, OK
}

func (s *Sock) brokenPipe() Errno {
	if e := s.takeError(); e != OK {
		return e
	}
	return EPIPE
}

// Local returns the socket's own address, 0.0.0.0:0 or [::]:0 before it has one.
func (s *Sock) Local() netip.AddrPort {
	s.w.Touch(s.object, false)
	if !s.local.IsValid() {
		return netip.AddrPortFrom(s.wildcard(), 0)
	}
	return s.local
}

// Remote returns the address of the other end, the zero AddrPort unless connected: before the
// handshake is done and after the connection has ended in both directions there is none.
func (s *Sock) Remote() netip.AddrPort {
	s.w.Touch(s.object, false)
	if s.state == tcpClose || s.state == tcpSynSent || s.state == tcpListen {
		return netip.AddrPort{}
	}
	return s.remote
}

// Met returns the address of the other end of the latest connection, also after that has ended: what accept tells of a connection that was reset meanwhile.
func (s *Sock) Met() netip.AddrPort {
	s.w.Touch(s.object, false)
	return s.remote
}

// SetResetDrops makes a reset discard what has arrived and was not received yet, as Windows may; on
// Linux, and here by default, it can still be received before the error.
func (s *Sock) SetResetDrops(on bool) {
	s.w.Touch(s.object, true)
	s.resetDrops = on
}

// SetLingerZero makes Close reset the connection, as SO_LINGER with 0 seconds.
func (s *Sock) SetLingerZero(on bool) {
	s.w.Touch(s.object, true)
	s.lingerZero = on
}

// Ready returns what the socket is ready for, by the rules of tcp_poll and udp_poll on Linux.
func (s *Sock) Ready() Ready {
	s.looked()
	return s.ready()
}

// looked reports that readiness was looked at.
func (s *Sock) looked() {
	s.w.Touch(s.object, false)
	if s.in != nil {
		s.w.Touch(s.in.object, false)
		s.w.Touch(s.out.object, false)
	}
}

func (s *Sock) ready() Ready {
	if s.orphan {
		return 0
	}
	if s.udp {
		return s.datagramReady()
	}
	if s.state == tcpListen {
		if s.head < len(s.accepted) {
			return IN
		}
		return 0
	}
	var r Ready
	if s.rdShut && s.wrShut || s.state == tcpClose {
		r |= HUP
	}
	if s.rdShut {
		r |= IN | RDHUP
	}
	if s.state != tcpSynSent && s.state != tcpSynRecv {
		if s.in != nil && s.in.arrived > 0 {
			r |= IN
		}
		if s.wrShut || s.writable() {
			r |= OUT
		} else {
			s.noSpace = true // who looked and found no room wants to hear of it (SOCK_NOSPACE)
		}
	}
	if s.err != OK {
		r |= ERR
	}
	return r
}

// writable is sk_stream_is_writeable: room for at least half of what is queued, lest a sender be
// woken for every byte.
func (s *Sock) writable() bool {
	if s.out == nil {
		return true
	}
	queued := s.out.inFlight()
	free := s.w.opts.SndBuf - queued
	return free > 0 && free >= queued/2
}

// Watch adds a watcher; those of one socket are called in the order in which they were added. It is
// told of changes from now on, not of what the socket is ready for already.
func (s *Sock) Watch(x Watcher) { s.watchers = append(s.watchers, x) }

// Unwatch takes a watcher away, also from inside Changed. Close takes all away.
func (s *Sock) Unwatch(x Watcher) {
	for i, y := range s.watchers {
		if y == x {
			s.watchers = append(s.watchers[:i], s.watchers[i+1:]...)
			return
		}
	}
}

// changed tells everybody who watches, epoll last.
func (s *Sock) changed(edge Ready) {
	if s.orphan {
		return
	}
	for i := 0; i < len(s.watchers); {
		x := s.watchers[i]
		x.Changed(s, s.ready(), edge)
		if i < len(s.watchers) && s.watchers[i] == x {
			i++
		}
	}
	s.interests.wake(edge)
}
