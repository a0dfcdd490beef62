package simnet

import "net/netip"

// The longest datagrams: the length field of UDP over IPv4 counts both headers, over IPv6 one of
// them. Nothing is fragmented.
const (
	maxDatagram4 = 65535 - 20 - 8
	maxDatagram6 = 65535 - 8
)

// datagram is one datagram, in flight or waiting to be received.
type datagram struct {
	next   *datagram
	from   netip.AddrPort
	data   []byte
	copied bool // it has been duplicated, or is the duplicate: once is enough
	extra  bool // the duplicate, which no socket's buffer holds
}

// cost is what a datagram takes of a buffer. An empty one takes a byte, lest there be room for any
// number; Linux counts some hundred bytes more for each.
func (g *datagram) cost() int { return max(len(g.data), 1) }

// NewDatagram returns an unbound UDP socket over IPv4 (family 4) or IPv6 (family 6). It panics for
// another family.
func (w *World) NewDatagram(family int) *Sock { return w.newSock(family, true) }

// SendTo sends b as one datagram, whole or not at all; an unbound socket gets an ephemeral port
// first. The zero AddrPort means where the socket is connected: EDESTADDRREQ if it is not. EMSGSIZE
// beyond 65507 bytes, or 65527 over IPv6. The pending error once; EPIPE after Shutdown; EAGAIN when
// the bytes in flight fill SndBuf. On a TCP socket it is Send: the address is ignored there.
func (s *Sock) SendTo(b []byte, to netip.AddrPort) (int, Errno) {
	if !s.udp {
		return s.Send(b)
	}
	if s.w.unwindingCall() {
		return 0, ECANCELED
	}
	if s.orphan {
		return 0, EBADF
	}
	return s.sendDatagram(b, to)
}

// MaxDatagram returns how many bytes a datagram of the socket has at most: 65507, or 65527 over IPv6.
func (s *Sock) MaxDatagram() int {
	if s.v6 {
		return maxDatagram6
	}
	return maxDatagram4
}

func (s *Sock) sendDatagram(b []byte, to netip.AddrPort) (int, Errno) {
	w := s.w
	w.Touch(s.object, true)
	if !s.hasPort && !s.bindDatagram() { // inet_send_prepare
		return 0, EAGAIN
	}
	// The order of the tests is that of udp_sendmsg (net/ipv4/udp.c), udpv6_sendmsg,
	// __ip_append_data and sock_alloc_send_pskb.
	if !s.v6 && len(b) > 65535 {
		return 0, EMSGSIZE
	}
	var source netip.Addr
	if to == (netip.AddrPort{}) {
		if s.state != tcpEstablished {
			return 0, EDESTADDRREQ
		}
		to, source = s.remote, s.local.Addr()
	} else {
		port := to.Port()
		var e Errno
		to, source, e = s.route(to)
		switch {
		case e == EAFNOSUPPORT || e == ENETUNREACH && s.v6 && !to.Addr().IsMulticast():
			return 0, e // the address is of the other family
		case port == 0:
			return 0, EINVAL
		case e != OK:
			return 0, e
		}
	}
	switch {
	case len(b) > s.MaxDatagram():
		return 0, EMSGSIZE
	case s.err != OK:
		return 0, s.takeError()
	case s.wrShut:
		return 0, EPIPE
	case s.sent >= w.opts.SndBuf:
		return 0, EAGAIN
	}
	g := w.net.newDatagram(netip.AddrPortFrom(source, s.local.Port()), b)
	s.sent += g.cost()
	w.flow(s, g.from, to).queue.push(g)
	return len(b), OK
}

// RecvFrom takes the datagram that has waited longest and returns how many of its bytes b had room
// for, how many it had, and where it came from. The rest is lost. The pending error comes first,
// once. 0 bytes with OK is an empty datagram, never an end: also after Shutdown there is EAGAIN when
// nothing is there. From a TCP socket it is Recv, with the zero AddrPort.
func (s *Sock) RecvFrom(b []byte) (n, size int, from netip.AddrPort, e Errno) {
	if !s.udp {
		n, e = s.Recv(b)
		return n, n, from, e
	}
	if s.w.unwindingCall() {
		return 0, 0, from, ECANCELED
	}
	if s.orphan {
		return 0, 0, from, EBADF
	}
	return s.receiveDatagram(b, true)
}

// receiveDatagram follows __skb_recv_udp.
func (s *Sock) receiveDatagram(b []byte, take bool) (n, size int, from netip.AddrPort, e Errno) {
	s.w.Touch(s.object, take || s.err != OK)
	if s.err != OK {
		return 0, 0, from, s.takeError()
	}
	g := s.inbox.first
	if g == nil {
		return 0, 0, from, EAGAIN
	}
	n, size, from = copy(b, g.data), len(g.data), g.from
	if take {
		s.inbox.pop()
		s.w.net.discard(g)
	}
	return n, size, from, OK
}

// bindDatagram gives the socket an ephemeral port.
func (s *Sock) bindDatagram() bool {
	s.w.Touch(ObjectPorts, true)
	return s.autobind(s.Local().Addr())
}

// connectDatagram is ip4_datagram_connect and __udp_disconnect.
func (s *Sock) connectDatagram(to netip.AddrPort) Errno {
	w := s.w
	w.Touch(ObjectPorts, true)
	w.Touch(s.object, true)
	if to == (netip.AddrPort{}) {
		s.state, s.remote = tcpClose, netip.AddrPort{}
		if !s.keepsAddr {
			s.local = netip.AddrPortFrom(s.wildcard(), s.local.Port())
		}
		if !s.keepsPort {
			s.dropPort()
			s.local = netip.AddrPortFrom(s.local.Addr(), 0)
		}
		return OK
	}
	if !s.hasPort && !s.bindDatagram() {
		return EAGAIN
	}
	if s.v6 && to.Addr().Is4() {
		return EAFNOSUPPORT
	}
	to, from, e := s.route(to)
	if e != OK {
		return e
	}
	if s.local.Addr().IsUnspecified() {
		s.local = netip.AddrPortFrom(from, s.local.Port())
	}
	s.remote, s.state = to, tcpEstablished
	return OK
}

// shutdownDatagram is inet_shutdown for UDP: an unconnected socket is told that it is not connected,
// and shut down.
func (s *Sock) shutdownDatagram(rd, wr bool) Errno {
	s.rdShut = s.rdShut || rd
	s.wrShut = s.wrShut || wr
	s.changed(anyEvent)
	if s.state != tcpEstablished {
		return ENOTCONN
	}
	return OK
}

// closeDatagram forgets what has arrived; what was sent is still delivered.
func (s *Sock) closeDatagram() {
	for g := s.inbox.pop(); g != nil; g = s.inbox.pop() {
		s.w.net.discard(g)
	}
	s.state = tcpClose
	s.dropPort()
}

// datagramReady is datagram_poll.
func (s *Sock) datagramReady() Ready {
	var r Ready
	if s.err != OK {
		r |= ERR
	}
	if s.rdShut {
		r |= IN | RDHUP
		if s.wrShut {
			r |= HUP
		}
	}
	if s.inbox.first != nil {
		r |= IN
	}
	if s.datagramWritable() {
		r |= OUT
	}
	return r
}

// datagramWritable is sock_writeable: less than half of the buffer in flight.
func (s *Sock) datagramWritable() bool { return s.sent < max(s.w.opts.SndBuf/2, 1) }

// datagrams is a queue.
type datagrams struct {
	first, last *datagram
	bytes       int // the cost of all
}

func (q *datagrams) push(g *datagram) {
	g.next = nil
	if q.last != nil {
		q.last.next = g
	} else {
		q.first = g
	}
	q.last = g
	q.bytes += g.cost()
}

// pop takes the first datagram, nil if there is none.
func (q *datagrams) pop() *datagram {
	g := q.first
	if g != nil {
		q.remove(nil, g)
	}
	return g
}

// remove takes out g, which comes after the datagram before, or first if that is nil.
func (q *datagrams) remove(before, g *datagram) {
	if before != nil {
		before.next = g.next
	} else {
		q.first = g.next
	}
	if q.last == g {
		q.last = before
	}
	g.next = nil
	q.bytes -= g.cost()
}

func (q *datagrams) firstLen() int {
	if q.first == nil {
		return 0
	}
	return len(q.first.data)
}
