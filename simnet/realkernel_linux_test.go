//go:build linux

package simnet

import (
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// realKernel is the real one behind the same interface.
type realKernel struct{ base int }

// newRealKernel gives the thread a descriptor table of its own and fills it up to base, so that the
// next free number corresponds to the simulator's first. What the Go runtime has open stays open:
// it may use it on this thread too.
func newRealKernel() (*realKernel, error) {
	if err := unix.Unshare(unix.CLONE_FILES); err != nil {
		return nil, err
	}
	const fill = 400
	for {
		fd, err := unix.Dup(0)
		if err != nil {
			return nil, err
		}
		if fd >= fill {
			return &realKernel{base: fd + 1 - firstDescriptor}, nil
		}
	}
}

func (k *realKernel) closeAll() {
	for fd := range 20 {
		_ = unix.Close(k.base + fd)
	}
}

// settle waits for what Linux puts off: the acknowledgement of a FIN is delayed by up to 40 ms, and
// when it comes it is an edge for the socket that sent the FIN (FIN_WAIT1 becomes FIN_WAIT2).
func (k *realKernel) settle(c diffCall) {
	if c.name != "shutdown" {
		return
	}
	const finWait1 = 4
	for range 100 {
		info, err := unix.GetsockoptTCPInfo(k.base+c.fd, unix.IPPROTO_TCP, unix.TCP_INFO)
		if err != nil || info.State != finWait1 {
			return
		}
		pause := unix.NsecToTimespec(1e6)
		_ = unix.Nanosleep(&pause, nil) // no Go timer on this thread
	}
}

func number(err error) int {
	if err == nil {
		return 0
	}
	return int(err.(unix.Errno))
}

func (k *realKernel) opened(fd int, err error) (int, int) {
	if err != nil {
		return -1, number(err)
	}
	return fd - k.base, 0
}

// socket opens a socket of family 4, or 6 with IPV6_V6ONLY.
func (k *realKernel) socket(family, kind int) (int, error) {
	if family == 4 {
		return unix.Socket(unix.AF_INET, kind|unix.SOCK_NONBLOCK, 0)
	}
	fd, err := unix.Socket(unix.AF_INET6, kind|unix.SOCK_NONBLOCK, 0)
	if err == nil {
		err = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1)
	}
	return fd, err
}

// SocketDgram leaves SO_REUSEADDR off: with it UDP sockets may share an address.
func (k *realKernel) SocketDgram(family int) (int, int) {
	return k.opened(k.socket(family, unix.SOCK_DGRAM))
}

func (k *realKernel) Socket(family int) (int, int) {
	fd, err := k.socket(family, unix.SOCK_STREAM)
	if err == nil {
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	}
	if err == nil {
		// Else Nagle holds small sends back until a delayed acknowledgement comes.
		err = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	}
	return k.opened(fd, err)
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	switch {
	case a.Addr().Is4():
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
	case a.IsValid():
		return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}
	}
	return nil
}

func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr), uint16(a.Port))
	}
	return netip.AddrPort{}
}

func (k *realKernel) Bind(fd int, a netip.AddrPort) int {
	return number(unix.Bind(k.base+fd, sockaddr(a)))
}
func (k *realKernel) Listen(fd, n int) int { return number(unix.Listen(k.base+fd, n)) }
func (k *realKernel) Accept(fd int) (int, netip.AddrPort, int) {
	n, sa, err := unix.Accept4(k.base+fd, unix.SOCK_NONBLOCK)
	nfd, errno := k.opened(n, err)
	return nfd, addrPort(sa), errno
}
func (k *realKernel) Connect(fd int, a netip.AddrPort) int {
	if !a.IsValid() {
		unspec := unix.RawSockaddr{Family: unix.AF_UNSPEC}
		_, _, e := unix.Syscall(unix.SYS_CONNECT, uintptr(k.base+fd), uintptr(unsafe.Pointer(&unspec)), unix.SizeofSockaddrInet4)
		return int(e)
	}
	return number(unix.Connect(k.base+fd, sockaddr(a)))
}
func (k *realKernel) SocketError(fd int) int {
	v, err := unix.GetsockoptInt(k.base+fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return number(err)
	}
	return v
}
func (k *realKernel) Recv(fd int, b []byte) (int, int) {
	n, _, err := unix.Recvfrom(k.base+fd, b, 0)
	return max(n, 0), number(err)
}
func (k *realKernel) Send(fd int, b []byte) (int, int) {
	n, err := unix.SendmsgN(k.base+fd, b, nil, nil, unix.MSG_NOSIGNAL)
	return max(n, 0), number(err)
}
func (k *realKernel) SendTo(fd int, b []byte, to netip.AddrPort) (int, int) {
	n, err := unix.SendmsgN(k.base+fd, b, nil, sockaddr(to), unix.MSG_NOSIGNAL)
	return max(n, 0), number(err)
}

// RecvFrom knows of a datagram cut off only that it is longer.
func (k *realKernel) RecvFrom(fd int, b []byte) (n, size int, from netip.AddrPort, errno int) {
	n, _, flags, sa, err := unix.Recvmsg(k.base+fd, b, nil, 0)
	n = max(n, 0)
	size = n
	if flags&unix.MSG_TRUNC != 0 {
		size++
	}
	return n, size, addrPort(sa), number(err)
}
func (k *realKernel) Shutdown(fd, how int) int { return number(unix.Shutdown(k.base+fd, how)) }
func (k *realKernel) Close(fd int) int         { return number(unix.Close(k.base + fd)) }
func (k *realKernel) Dup(fd int) (int, int)    { return k.opened(unix.Dup(k.base + fd)) }
func (k *realKernel) SetLinger(fd, seconds int) int {
	l := &unix.Linger{Onoff: 1, Linger: int32(seconds)}
	if seconds < 0 {
		l = &unix.Linger{}
	}
	return number(unix.SetsockoptLinger(k.base+fd, unix.SOL_SOCKET, unix.SO_LINGER, l))
}
func (k *realKernel) LocalAddr(fd int) (netip.AddrPort, int) {
	sa, err := unix.Getsockname(k.base + fd)
	return addrPort(sa), number(err)
}
func (k *realKernel) RemoteAddr(fd int) (netip.AddrPort, int) {
	sa, err := unix.Getpeername(k.base + fd)
	return addrPort(sa), number(err)
}
func (k *realKernel) EpollCreate() (int, int) { return k.opened(unix.EpollCreate1(0)) }
func (k *realKernel) EpollCtl(ep, op, fd int, events uint32, data uint64) int {
	ev := unix.EpollEvent{Events: events, Fd: int32(data), Pad: int32(data >> 32)}
	return number(unix.EpollCtl(k.base+ep, op, k.base+fd, &ev))
}
func (k *realKernel) EpollWait(ep int, data []uint64, ready []uint32, timeout time.Duration) (int, int) {
	evs := make([]unix.EpollEvent, len(data))
	msec := int(timeout / time.Millisecond)
	if timeout < 0 {
		msec = -1
	}
	n, err := unix.EpollWait(k.base+ep, evs, msec)
	for i := range max(n, 0) {
		data[i], ready[i] = uint64(uint32(evs[i].Fd))|uint64(evs[i].Pad)<<32, evs[i].Events
	}
	return max(n, 0), number(err)
}
func (k *realKernel) EventFD() (int, int) { return k.opened(unix.Eventfd(0, unix.EFD_NONBLOCK)) }
func (k *realKernel) EventRead(fd int) (uint64, int) {
	var b [8]byte
	_, err := unix.Read(k.base+fd, b[:])
	v := uint64(0)
	for i := range b {
		v |= uint64(b[i]) << (8 * i)
	}
	return v, number(err)
}
func (k *realKernel) EventWrite(fd int, v uint64) int {
	var b [8]byte
	for i := range b {
		b[i] = byte(v >> (8 * i))
	}
	_, err := unix.Write(k.base+fd, b[:])
	return number(err)
}
