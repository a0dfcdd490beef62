//go:build linux

package uring

import (
	"encoding/binary"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// request is what the ring knows of an operation, or of several in turn: a socket has one for each
// direction, because it has no more than one in the ring (U04, U41). The lock of the back end covers
// it; what it points to is the kernel's while it is in the ring.
//
// The kernel is given addresses of Go's memory. That stays where it is (only stacks move, and what is
// reached from here is not on one), and is kept alive by being reachable from Backend.inRing. It is
// not pinned by runtime.Pinner, which panics on memory that is not Go's, as a buffer may be.
type request struct {
	s         *socket // whose descriptor is not closed before this has ended
	ended     func(res int)
	id        uint64 // user_data while it is in the ring or on its way there, else 0
	cancelled bool   // it has been asked to end early
	more      bool   // it has left bytes in the socket

	opcode uint8
	fd     int
	flags  uint32
	buf    []byte
	name   unix.RawSockaddrInet6 // the longer of the two
	size   uint32                // of name
	part   unix.Iovec
	msg    unix.Msghdr
}

func (r *request) under() bool { return r.id != 0 }

// fill writes the entry.
func (r *request) fill(e *sqe) {
	e.opcode, e.fd, e.userData, e.opFlags = r.opcode, int32(r.fd), r.id, r.flags
	switch r.opcode {
	case IORING_OP_RECV, IORING_OP_SEND, IORING_OP_READ:
		// The length has 32 bits, and the kernel takes less than 2 GiB at once whatever it says: the rest is short.
		e.addr, e.len = address(unsafe.Pointer(unsafe.SliceData(r.buf))), uint32(min(len(r.buf), 1<<30))
	case IORING_OP_RECVMSG, IORING_OP_SENDMSG:
		r.message()
		e.addr, e.len = address(unsafe.Pointer(&r.msg)), 1
	case IORING_OP_ACCEPT:
		e.addr, e.off = address(unsafe.Pointer(&r.name)), address(unsafe.Pointer(&r.size))
	case IORING_OP_CONNECT:
		e.addr, e.off = address(unsafe.Pointer(&r.name)), uint64(r.size)
	}
	if r.opcode == IORING_OP_SEND || r.opcode == IORING_OP_SENDMSG {
		kernelReads(r.buf)
	}
}

// message makes msg say what name and buf are.
func (r *request) message() {
	r.part = unix.Iovec{Base: unsafe.SliceData(r.buf)}
	r.part.SetLen(len(r.buf))
	r.msg = unix.Msghdr{Name: (*byte)(unsafe.Pointer(&r.name)), Namelen: r.size, Iov: &r.part}
	r.msg.SetIovlen(1)
}

// now does at once what the ring would do, if that needs no waiting, and returns what it would return.
func (r *request) now(fd int, flags uintptr) (res int) {
	call := uintptr(unix.SYS_RECVMSG)
	if r.opcode == IORING_OP_SENDMSG {
		call = unix.SYS_SENDMSG
		kernelReads(r.buf)
	}
	r.message()
	n, _, e := unix.RawSyscall(call, uintptr(fd), uintptr(unsafe.Pointer(&r.msg)), flags|unix.MSG_DONTWAIT)
	if e != 0 {
		return -int(e)
	}
	if call == unix.SYS_RECVMSG {
		kernelWrote(r.buf[:min(int(n), len(r.buf))])
	}
	return int(n)
}

// over tells the race detector what the kernel has done meanwhile.
func (r *request) over(res int) {
	switch r.opcode {
	case IORING_OP_RECV, IORING_OP_RECVMSG:
		kernelWrote(r.buf[:max(0, min(res, len(r.buf)))])
	case IORING_OP_SEND, IORING_OP_SENDMSG:
		kernelReads(r.buf)
	}
	r.part.Base = nil // not to be kept alive by us
}

func address(p unsafe.Pointer) uint64 { return uint64(uintptr(p)) }

// setName makes name an address to connect or send to.
func (r *request) setName(a netip.AddrPort) {
	if a.Addr().Is6() {
		r.name = unix.RawSockaddrInet6{Family: unix.AF_INET6, Addr: a.Addr().As16()}
		r.size = unix.SizeofSockaddrInet6
	} else {
		r.name = unix.RawSockaddrInet6{}
		in := (*unix.RawSockaddrInet4)(unsafe.Pointer(&r.name))
		in.Family, in.Addr = unix.AF_INET, a.Addr().As4()
		r.size = unix.SizeofSockaddrInet4
	}
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&r.name.Port))[:], a.Port()) // both have it at the same place
}

// roomForName makes name room for an address that is received.
func (r *request) roomForName() { r.name, r.size = unix.RawSockaddrInet6{}, unix.SizeofSockaddrInet6 }

// from is the address that was received.
func (r *request) from() netip.AddrPort {
	port := binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(&r.name.Port))[:])
	switch r.name.Family {
	case unix.AF_INET:
		return netip.AddrPortFrom(netip.AddrFrom4((*unix.RawSockaddrInet4)(unsafe.Pointer(&r.name)).Addr), port)
	case unix.AF_INET6:
		return netip.AddrPortFrom(netip.AddrFrom16(r.name.Addr), port)
	}
	return netip.AddrPort{}
}
