//go:build unix

package realworld

import (
	"syscall"

	"github.com/ioconform/ioconform/spec"
)

// codeOf is what the errors of connect(2), accept(2), send(2), recv(2), shutdown(2) and bind(2) mean.
var codeOf = map[syscall.Errno]spec.Code{
	syscall.ECONNREFUSED:    spec.Refused,
	syscall.ECONNRESET:      spec.Reset,
	syscall.ECONNABORTED:    spec.Reset,
	syscall.EPIPE:           spec.Reset, // after a reset; Peer.Send tells it from our own shutdown
	syscall.ESHUTDOWN:       spec.Shut,
	syscall.ETIMEDOUT:       spec.TimedOut,
	syscall.EBADF:           spec.Closed,
	syscall.EAGAIN:          spec.WouldBlock,
	syscall.ENOTCONN:        spec.NotConnected,
	syscall.EISCONN:         spec.Connected,
	syscall.EALREADY:        spec.Busy,
	syscall.EADDRINUSE:      spec.InUse,
	syscall.EHOSTUNREACH:    spec.Unreachable,
	syscall.ENETUNREACH:     spec.Unreachable,
	syscall.EHOSTDOWN:       spec.Unreachable,
	syscall.ENETDOWN:        spec.Unreachable,
	syscall.EMFILE:          spec.NoResources,
	syscall.ENFILE:          spec.NoResources,
	syscall.ENOBUFS:         spec.NoResources,
	syscall.ENOMEM:          spec.NoResources,
	syscall.EADDRNOTAVAIL:   spec.NoResources, // connect(2): all ephemeral ports are in use
	syscall.EAFNOSUPPORT:    spec.Unsupported,
	syscall.EPROTONOSUPPORT: spec.Unsupported,
	syscall.EOPNOTSUPP:      spec.Unsupported,
}

func spaceOf(syscall.Errno) spec.Space { return spec.Errno }
