//go:build unix

package realworld

import (
	"fmt"
	"net/netip"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// refusing is a TCP socket that is bound and does not listen: a connect to it is refused, and nobody else gets its port.
type refusing struct {
	fd   int
	addr netip.AddrPort
}

func bindWithoutListening(at netip.AddrPort) (*refusing, error) {
	family := unix.AF_INET
	if at.Addr().Is6() {
		family = unix.AF_INET6
	}
	// Not every Unix has SOCK_CLOEXEC; the lock keeps a child of another goroutine from inheriting the socket in between.
	syscall.ForkLock.RLock()
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	r := &refusing{fd: fd}
	if err := unix.Bind(fd, sockaddr(at)); err != nil {
		r.Close()
		return nil, os.NewSyscallError("bind", err)
	}
	bound, err := unix.Getsockname(fd)
	if err != nil {
		r.Close()
		return nil, os.NewSyscallError("getsockname", err)
	}
	switch a := bound.(type) {
	case *unix.SockaddrInet4:
		r.addr = netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *unix.SockaddrInet6:
		r.addr = netip.AddrPortFrom(netip.AddrFrom16(a.Addr), uint16(a.Port))
	default:
		r.Close()
		return nil, fmt.Errorf("getsockname: unexpected %T", bound)
	}
	return r, nil
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is6() {
		return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}
	}
	return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
}

func (r *refusing) Close() error { return os.NewSyscallError("close", unix.Close(r.fd)) }
