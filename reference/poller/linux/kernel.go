//go:build linux

// Package linux is the real kernel for package poller: that of package epoll/linux, with datagrams, and with pollers that watch pollers.
package linux

import (
	"net/netip"

	"golang.org/x/sys/unix"

	base "github.com/ioconform/ioconform/reference/epoll/linux"
)

// Kernel implements poller.Kernel.
type Kernel struct{ *base.Kernel }

// New returns the kernel of this machine.
func New() *Kernel { return &Kernel{base.New()} }

func number(err error) int {
	if err == nil {
		return 0
	}
	return int(err.(unix.Errno))
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is6() {
		return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}
	}
	return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
}

func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch in := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(in.Addr), uint16(in.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(in.Addr), uint16(in.Port))
	}
	return netip.AddrPort{}
}

func domain(family int) int {
	if family == 6 {
		return unix.AF_INET6
	}
	return unix.AF_INET
}

// Socket makes a stream socket without delay of small segments.
func (k *Kernel) Socket(family int) (int, int) {
	fd, err := unix.Socket(domain(family), unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, number(err)
	}
	unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	return fd, 0
}

// SocketDgram makes a datagram socket.
func (k *Kernel) SocketDgram(family int) (int, int) {
	fd, err := unix.Socket(domain(family), unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	return fd, number(err)
}

// Bind gives a socket an address.
func (k *Kernel) Bind(fd int, a netip.AddrPort) int { return number(unix.Bind(fd, sockaddr(a))) }

// Connect begins a connection, or tells what became of it.
func (k *Kernel) Connect(fd int, to netip.AddrPort) int {
	return number(unix.Connect(fd, sockaddr(to)))
}

// Accept takes a connection off the queue.
func (k *Kernel) Accept(fd int) (int, netip.AddrPort, int) {
	nfd, sa, err := unix.Accept4(fd, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
	if err != nil {
		return -1, netip.AddrPort{}, number(err)
	}
	return nfd, addrPort(sa), 0
}

// LocalAddr returns the socket's own address.
func (k *Kernel) LocalAddr(fd int) (netip.AddrPort, int) {
	sa, err := unix.Getsockname(fd)
	return addrPort(sa), number(err)
}

// RecvFrom receives a datagram; size is what it had (MSG_TRUNC).
func (k *Kernel) RecvFrom(fd int, b []byte) (n, size int, from netip.AddrPort, errno int) {
	size, sa, err := unix.Recvfrom(fd, b, unix.MSG_TRUNC)
	if err != nil {
		return 0, 0, from, number(err)
	}
	return min(size, len(b)), size, addrPort(sa), 0
}

// SendTo sends a datagram.
func (k *Kernel) SendTo(fd int, b []byte, to netip.AddrPort) (int, int) {
	if err := unix.Sendto(fd, b, unix.MSG_NOSIGNAL, sockaddr(to)); err != nil {
		return 0, number(err)
	}
	return len(b), 0
}

// EpollCtl passes on whatever it is asked; a descriptor that blocks cannot get here.
func (k *Kernel) EpollCtl(ep, op, fd int, events uint32, data uint64) int {
	ev := unix.EpollEvent{Events: events, Fd: int32(uint32(data)), Pad: int32(uint32(data >> 32))}
	return number(unix.EpollCtl(ep, op, fd, &ev))
}
