package realworld

import (
	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// discard is the port of a service that says nothing (RFC 863).
const discard = 9

func connectNowhere(fd uintptr, n spec.Network) error {
	if n.Over6() {
		return windows.Connect(windows.Handle(fd), &windows.SockaddrInet6{Port: discard, Addr: loopback(spec.TCP6).As16()})
	}
	return windows.Connect(windows.Handle(fd), &windows.SockaddrInet4{Port: discard, Addr: loopback(spec.TCP4).As4()})
}
