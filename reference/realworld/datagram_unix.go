//go:build unix

package realworld

import (
	"net"
	"net/netip"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/spec"
)

func bindDatagrams(n spec.Network, at netip.AddrPort) (mailConn, error) {
	return net.ListenUDP(n.String(), net.UDPAddrFromAddrPort(at))
}

// discard is the port of a service that says nothing (RFC 863).
const discard = 9

// connectNowhere connects a socket to an address of its own machine where nothing comes from.
func connectNowhere(conn mailConn, at netip.Addr) error {
	raw, err := conn.(*net.UDPConn).SyscallConn()
	if err != nil {
		return err
	}
	if e := raw.Control(func(fd uintptr) { err = unix.Connect(int(fd), sockaddr(netip.AddrPortFrom(at, discard))) }); e != nil {
		return e
	}
	return err
}
