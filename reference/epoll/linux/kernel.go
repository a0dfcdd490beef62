//go:build linux

// Package linux is the real kernel for package epoll.
//
// Calls that move bytes go by the shortest way: recvfrom and sendto as raw system calls, which do not
// tell Go's scheduler that the thread is away. It need not be told, for on a non-blocking descriptor
// it is away for no longer than a copy takes; telling it costs 13 to 20 % of an echo server's
// throughput. recvfrom(2) rather than read(2) saves another 5 %, because it does not go through the
// file layer.
package linux

import (
	"net/netip"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Kernel implements epoll.Kernel. The zero value is not ready; use New.
type Kernel struct{ start time.Time }

// New returns the kernel of this machine.
func New() *Kernel { return &Kernel{start: time.Now()} }

func number(err error) int {
	if err == nil {
		return 0
	}
	return int(err.(unix.Errno))
}

// Socket makes a stream socket. TCP_NODELAY is set: a completion port's sends are whole messages, and
// Nagle's algorithm would hold the second of two small ones back until the first is acknowledged.
// Windows programs set it themselves; Go's net does it as well.
func (k *Kernel) Socket(family int) (fd, errno int) {
	if fd, errno = socket(family, unix.SOCK_STREAM); errno == 0 {
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) // inherited by what a listener accepts
	}
	return fd, errno
}

// SocketDgram makes a datagram socket.
func (k *Kernel) SocketDgram(family int) (fd, errno int) { return socket(family, unix.SOCK_DGRAM) }

func socket(family, kind int) (fd, errno int) {
	domain := unix.AF_INET
	switch family {
	case 4:
	case 6:
		domain = unix.AF_INET6
	default:
		return -1, int(unix.EAFNOSUPPORT)
	}
	fd, err := unix.Socket(domain, kind|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, number(err)
	}
	if family == 6 {
		unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1)
	}
	return fd, 0
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

func (k *Kernel) Bind(fd int, addr netip.AddrPort) int { return number(unix.Bind(fd, sockaddr(addr))) }

func (k *Kernel) Listen(fd, backlog int) int { return number(unix.Listen(fd, backlog)) }

func (k *Kernel) Accept(fd int) (int, netip.AddrPort, int) {
	nfd, sa, err := unix.Accept4(fd, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
	if err != nil {
		return -1, netip.AddrPort{}, number(err)
	}
	return nfd, addrPort(sa), 0
}

func (k *Kernel) Connect(fd int, to netip.AddrPort) int {
	return number(unix.Connect(fd, sockaddr(to)))
}

func (k *Kernel) SocketError(fd int) int {
	n, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return number(err)
	}
	return n
}

func (k *Kernel) Shutdown(fd, how int) int { return number(unix.Shutdown(fd, how)) }

// Close does not repeat after EINTR: on Linux the descriptor is gone then, and the number may be
// another's (close(2), notes).
func (k *Kernel) Close(fd int) int { return number(unix.Close(fd)) }

func (k *Kernel) Dup(fd int) (int, int) {
	nfd, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	return nfd, number(err)
}

func (k *Kernel) SetLinger(fd, seconds int) int {
	l := unix.Linger{Onoff: 1, Linger: int32(seconds)}
	if seconds < 0 {
		l = unix.Linger{}
	}
	return number(unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &l))
}

func (k *Kernel) LocalAddr(fd int) (netip.AddrPort, int) {
	sa, err := unix.Getsockname(fd)
	return addrPort(sa), number(err)
}

func (k *Kernel) RemoteAddr(fd int) (netip.AddrPort, int) {
	sa, err := unix.Getpeername(fd)
	return addrPort(sa), number(err)
}

func (k *Kernel) EpollCreate() (int, int) {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	return ep, number(err)
}

// EpollCtl lets the first descriptor in only if it cannot block: recv and send would hold a processor
// of Go's scheduler.
func (k *Kernel) EpollCtl(ep, op, fd int, events uint32, data uint64) int {
	if op == unix.EPOLL_CTL_ADD {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
		if err != nil {
			return number(err)
		}
		if flags&unix.O_NONBLOCK == 0 {
			return int(unix.EINVAL)
		}
	}
	// unix.EpollEvent has no field for the 64 bits of user data: they lie across Fd and Pad.
	ev := unix.EpollEvent{Events: events, Fd: int32(uint32(data)), Pad: int32(uint32(data >> 32))}
	return number(unix.EpollCtl(ep, op, fd, &ev))
}

// EpollWait looks without blocking first: if there is something, Go's scheduler need not hear of it,
// and a program with one processor does not hand it to another thread for nothing.
func (k *Kernel) EpollWait(ep int, data []uint64, ready []uint32, timeout time.Duration) (int, int) {
	var events [64]unix.EpollEvent
	room := min(len(events), len(data), len(ready))
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(ep), uintptr(unsafe.Pointer(&events)), uintptr(room), 0, 0, 0)
	if n == 0 && errno == 0 && timeout != 0 {
		n, errno = block(ep, &events, room, timeout)
	}
	if errno != 0 {
		return 0, int(errno)
	}
	for i := range events[:n] {
		data[i] = uint64(uint32(events[i].Pad))<<32 | uint64(uint32(events[i].Fd))
		ready[i] = events[i].Events
	}
	return int(n), 0
}

// block waits for at least timeout, rounded up to milliseconds, and for what is left of it after a signal.
func block(ep int, events *[64]unix.EpollEvent, room int, timeout time.Duration) (n uintptr, errno unix.Errno) {
	var end time.Time
	if timeout > 0 {
		end = time.Now().Add(timeout)
	}
	for {
		ms := -1
		if timeout >= 0 {
			ms = int(min((timeout+time.Millisecond-1)/time.Millisecond, 1<<31-1))
		}
		n, _, errno = unix.Syscall6(unix.SYS_EPOLL_PWAIT, uintptr(ep), uintptr(unsafe.Pointer(events)), uintptr(room), uintptr(ms), 0, 0)
		if errno != unix.EINTR {
			return n, errno
		}
		if timeout > 0 {
			timeout = max(0, time.Until(end))
		}
	}
}

func (k *Kernel) EventFD() (int, int) {
	fd, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	return fd, number(err)
}

func (k *Kernel) EventRead(fd int) (uint64, int) {
	var v uint64
	_, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&v)), 8)
	return v, int(errno)
}

func (k *Kernel) EventWrite(fd int, v uint64) int {
	_, _, errno := unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&v)), 8)
	return int(errno)
}

// NewLock makes a mutex.
func (k *Kernel) NewLock() interface {
	Lock()
	Unlock()
} {
	return new(sync.Mutex)
}

func (k *Kernel) Now() time.Duration { return time.Since(k.start) }
