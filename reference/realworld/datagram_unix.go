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

// connectNowhere connects a socket to where nothing comes from.
func connectNowhere(conn mailConn, n spec.Network) error {
	raw, err := conn.(*net.UDPConn).SyscallConn()
	if err != nil {
		return err
	}
	if e := raw.Control(func(fd uintptr) {
		if n.Over6() {
			err = unix.Connect(int(fd), &unix.SockaddrInet6{Port: discard, Addr: loopback(n).As16()})
		} else {
			err = unix.Connect(int(fd), &unix.SockaddrInet4{Port: discard, Addr: loopback(n).As4()})
		}
	}); e != nil {
		return e
	}
	return err
}
