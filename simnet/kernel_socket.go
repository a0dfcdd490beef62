package simnet

import "net/netip"

// Socket opens a non-blocking TCP socket. family is 4 for IPv4 and 6 for IPv6 (and only that, as
// with IPV6_V6ONLY); anything else is EAFNOSUPPORT.
func (k *Kernel) Socket(family int) (fd, errno int) { return k.socket(family, false) }

// SocketDgram opens a non-blocking UDP socket; see Socket.
func (k *Kernel) SocketDgram(family int) (fd, errno int) { return k.socket(family, true) }

func (k *Kernel) socket(family int, udp bool) (fd, errno int) {
	if !k.enter(-1, useTable) {
		return -1, int(ECANCELED)
	}
	if family != 4 && family != 6 {
		return -1, int(EAFNOSUPPORT)
	}
	if k.full() {
		return -1, int(EMFILE)
	}
	return k.installSock(k.w.newSock(family, udp)), 0
}

func (k *Kernel) installSock(s *Sock) int {
	f := k.newFile()
	f.sock = s
	return k.install(f)
}

// Bind gives the socket an address; see Sock.Bind.
func (k *Kernel) Bind(fd int, addr netip.AddrPort) (errno int) {
	if !k.enter(fd, useState|usePorts) {
		return int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e == OK {
		e = s.Bind(addr)
	}
	return int(e)
}

// Listen makes the socket a listener; see Sock.Listen.
func (k *Kernel) Listen(fd, backlog int) (errno int) {
	if !k.enter(fd, useState|usePorts) {
		return int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e == OK {
		e = s.Listen(backlog)
	}
	return int(e)
}

// Accept takes a connection off a listener's queue and gives it a descriptor, with the address of
// the other end. EMFILE comes before a look at the queue, as on Linux.
func (k *Kernel) Accept(fd int) (nfd int, from netip.AddrPort, errno int) {
	if !k.enter(fd, useState|useTable) {
		return -1, from, int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e != OK {
		return -1, from, int(e)
	}
	if k.full() {
		return -1, from, int(EMFILE)
	}
	c, e := s.Accept()
	if e != OK {
		return -1, from, int(e)
	}
	return k.installSock(c), c.remote, 0
}

// Connect begins a connection; 115 (EINPROGRESS) is the ordinary answer. See Sock.Connect.
func (k *Kernel) Connect(fd int, to netip.AddrPort) (errno int) {
	if !k.enter(fd, useState|useOut|usePorts|useClock) {
		return int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e == OK {
		e = s.Connect(to)
	}
	return int(e)
}

// SocketError reads and clears the pending error (SO_ERROR). 88 and 9 may mean the descriptor
// itself.
func (k *Kernel) SocketError(fd int) (errno int) {
	if !k.enter(fd, useState) {
		return int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e == OK {
		e = s.Error()
	}
	return int(e)
}

// Recv receives without waiting; see Sock.Recv.
func (k *Kernel) Recv(fd int, b []byte) (n, errno int) {
	if !k.enter(fd, useIn) {
		return 0, int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e != OK {
		return 0, int(e)
	}
	n, e = s.Recv(b)
	if k.flaws != 0 && n > 0 {
		k.received(s, n)
	}
	return n, int(e)
}

// Send sends without waiting and without SIGPIPE (MSG_NOSIGNAL); see Sock.Send.
func (k *Kernel) Send(fd int, b []byte) (n, errno int) {
	if !k.enter(fd, useOut) {
		return 0, int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e != OK {
		return 0, int(e)
	}
	if k.noRoom(s) {
		return 0, int(EAGAIN)
	}
	n, e = s.Send(b)
	return n, int(e)
}

// noRoom is the fault of that name: only while something is in flight, whose arrival is an edge.
func (k *Kernel) noRoom(s *Sock) bool {
	if s.sent > 0 || s.out != nil && s.out.inFlight() > 0 {
		if k.w.fault(k.w.opts.Faults.EAGAIN) {
			s.noSpace = true
			return true
		}
	}
	return false
}

// SendTo sends a datagram to an address, or, if that is the zero AddrPort, to where the socket is
// connected; see Sock.SendTo.
func (k *Kernel) SendTo(fd int, b []byte, to netip.AddrPort) (n, errno int) {
	if !k.enter(fd, useOut) {
		return 0, int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e != OK {
		return 0, int(e)
	}
	if k.noRoom(s) {
		return 0, int(EAGAIN)
	}
	n, e = s.SendTo(b, to)
	return n, int(e)
}

// RecvFrom receives a datagram; size is its true length, more than n if b was too short for it
// (MSG_TRUNC). See Sock.RecvFrom.
func (k *Kernel) RecvFrom(fd int, b []byte) (n, size int, from netip.AddrPort, errno int) {
	if !k.enter(fd, useIn) {
		return 0, 0, from, int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e != OK {
		return 0, 0, from, int(e)
	}
	n, size, from, e = s.RecvFrom(b)
	return n, size, from, int(e)
}

// Shutdown ends directions: how is 0 for receiving, 1 for sending, 2 for both. See Sock.Shutdown.
func (k *Kernel) Shutdown(fd, how int) (errno int) {
	if !k.enter(fd, useState|useOut|usePorts) {
		return int(ECANCELED)
	}
	s, e := k.sock(fd)
	switch {
	case e != OK:
	case how < 0 || how > 2:
		e = EINVAL
	default:
		e = s.Shutdown(how != 1, how != 0)
	}
	return int(e)
}

// SetLinger sets SO_LINGER: 0 seconds make Close reset the connection, -1 switches it off. Other
// values are off too: that Linux' close waits then, also that of a non-blocking socket, is not modelled.
func (k *Kernel) SetLinger(fd, seconds int) (errno int) {
	if !k.enter(fd, useState) {
		return int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e == OK {
		s.SetLingerZero(seconds == 0)
	}
	return int(e)
}
