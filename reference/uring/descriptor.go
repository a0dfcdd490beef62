//go:build linux

package uring

import (
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/spec"
)

// descriptor makes a socket of the kernel's. It is one that may block, so that no kernel takes a request on it for one that is not to wait. The ring does not
// block on it, and the calls that are made on it directly say that they do not want to. TCP_NODELAY is set: a completion port's sends are whole messages, and Nagle's algorithm would hold the second of
// two small ones back until the first is acknowledged.
func descriptor(n spec.Network) (fd int, err error) {
	family, kind := unix.AF_INET, unix.SOCK_STREAM
	if n.Over6() {
		family = unix.AF_INET6
	}
	if n.Datagrams() {
		kind = unix.SOCK_DGRAM
	}
	if fd, err = unix.Socket(family, kind|unix.SOCK_CLOEXEC, 0); err != nil {
		return -1, err
	}
	if n.Over6() {
		unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1)
	}
	if !n.Datagrams() {
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) // inherited by what a listener accepts
	}
	return fd, nil
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is6() {
		return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}
	}
	return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
}

func localAddr(fd int) (netip.AddrPort, error) {
	sa, err := unix.Getsockname(fd)
	switch in := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(in.Addr), uint16(in.Port)), err
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(in.Addr), uint16(in.Port)), err
	}
	return none, err
}

// tryRecv and trySend do what can be done without waiting, and return bytes or a negative error number. Go's scheduler is not told that the thread is away,
// for it is so no longer than a copy takes.
func tryRecv(fd int, b []byte) int {
	n, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), unix.MSG_DONTWAIT, 0, 0)
	if e != 0 {
		return -int(e)
	}
	kernelWrote(b[:n])
	return int(n)
}

func trySend(fd int, b []byte) int {
	kernelReads(b)
	n, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, 0, 0)
	if e != 0 {
		return -int(e)
	}
	return int(n)
}

// reset closes a connection so that its far end sees a reset, and nothing of it stays in the way of its address.
func reset(fd int) {
	unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
	unix.Close(fd)
}
