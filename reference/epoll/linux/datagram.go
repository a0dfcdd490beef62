//go:build linux

package linux

import (
	"encoding/binary"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// RecvFrom receives one datagram. MSG_TRUNC as a flag of the call makes the result the true length, also where b has no room for it (recv(2)).
func (k *Kernel) RecvFrom(fd int, b []byte) (n, size int, from netip.AddrPort, errno int) {
	var one [1]byte // a buffer of no bytes still has an address
	at := unsafe.Pointer(&one)
	if len(b) > 0 {
		at = unsafe.Pointer(unsafe.SliceData(b))
	}
	var sa unix.RawSockaddrInet6 // the longer of the two
	l := uint32(unsafe.Sizeof(sa))
	r, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(at), uintptr(len(b)), unix.MSG_TRUNC,
		uintptr(unsafe.Pointer(&sa)), uintptr(unsafe.Pointer(&l)))
	if e != 0 {
		return 0, 0, from, int(e)
	}
	size = int(r)
	return min(size, len(b)), size, rawAddr(&sa), 0
}

func rawAddr(sa *unix.RawSockaddrInet6) netip.AddrPort {
	port := binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(&sa.Port))[:])
	switch sa.Family {
	case unix.AF_INET:
		return netip.AddrPortFrom(netip.AddrFrom4((*unix.RawSockaddrInet4)(unsafe.Pointer(sa)).Addr), port)
	case unix.AF_INET6:
		return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr), port)
	}
	return netip.AddrPort{}
}

// SendTo sends one datagram, whole or not at all.
func (k *Kernel) SendTo(fd int, b []byte, to netip.AddrPort) (n, errno int) {
	if err := unix.Sendto(fd, b, unix.MSG_NOSIGNAL, sockaddr(to)); err != nil {
		return 0, number(err)
	}
	return len(b), 0
}
