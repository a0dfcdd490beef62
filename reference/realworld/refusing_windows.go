package realworld

import (
	"net/netip"
	"os"

	"golang.org/x/sys/windows"
)

// refusing is a TCP socket that is bound and does not listen: a connect to it is refused (after two seconds of SYN retries,
// as always on Windows), and nobody else gets its port.
type refusing struct {
	socket windows.Handle
	addr   netip.AddrPort
}

// exclusiveAddrUse is SO_EXCLUSIVEADDRUSE of winsock2.h, ~SO_REUSEADDR: without it another socket may bind the same port by force.
const exclusiveAddrUse = ^windows.SO_REUSEADDR

// Winsock has been started by then: the canary, without which there is no World, uses package net.
func bindWithoutListening(at netip.AddrPort) (*refusing, error) {
	family := int32(windows.AF_INET)
	if at.Addr().Is6() {
		family = windows.AF_INET6
	}
	s, err := windows.WSASocket(family, windows.SOCK_STREAM, windows.IPPROTO_TCP, nil, 0,
		windows.WSA_FLAG_OVERLAPPED|windows.WSA_FLAG_NO_HANDLE_INHERIT)
	if err != nil {
		return nil, os.NewSyscallError("WSASocket", err)
	}
	r := &refusing{socket: s}
	if err := windows.SetsockoptInt(s, windows.SOL_SOCKET, exclusiveAddrUse, 1); err != nil {
		r.Close()
		return nil, os.NewSyscallError("setsockopt", err)
	}
	if err := windows.Bind(s, sockaddr(at)); err != nil {
		r.Close()
		return nil, os.NewSyscallError("bind", err)
	}
	bound, err := windows.Getsockname(s)
	if err != nil {
		r.Close()
		return nil, os.NewSyscallError("getsockname", err)
	}
	r.addr = addrPortOf(bound)
	return r, nil
}

func (r *refusing) Close() error {
	return os.NewSyscallError("closesocket", windows.Closesocket(r.socket))
}
