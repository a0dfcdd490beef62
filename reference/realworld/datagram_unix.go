//go:build unix

package realworld

import (
	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/spec"
)

// discard is the port of a service that says nothing (RFC 863).
const discard = 9

func connectNowhere(fd uintptr, n spec.Network) error {
	if n.Over6() {
		return unix.Connect(int(fd), &unix.SockaddrInet6{Port: discard, Addr: loopback(spec.TCP6).As16()})
	}
	return unix.Connect(int(fd), &unix.SockaddrInet4{Port: discard, Addr: loopback(spec.TCP4).As4()})
}
