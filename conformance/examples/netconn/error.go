package netconn

import (
	"syscall"

	"github.com/ioconform/ioconform/spec"
)

// Error is what a back end said, as an error. errors.Is finds the numbers of package syscall that package net would return, on every system.
type Error struct{ Status spec.Status }

func (e *Error) Error() string { return e.Status.String() }

// Timeout implements net.Error.
func (e *Error) Timeout() bool { return e.Status.Code == spec.TimedOut }

// Temporary implements net.Error. A server of net/http accepts again after an error that is.
func (e *Error) Temporary() bool { return e.Status.Code == spec.NoResources }

// Is is for errors.Is.
func (e *Error) Is(target error) bool {
	number, is := target.(syscall.Errno)
	return is && number == numbers[e.Status.Code] && number != 0
}

var numbers = map[spec.Code]syscall.Errno{
	spec.Reset:        syscall.ECONNRESET,
	spec.Refused:      syscall.ECONNREFUSED,
	spec.Shut:         syscall.EPIPE,
	spec.TimedOut:     syscall.ETIMEDOUT,
	spec.InUse:        syscall.EADDRINUSE,
	spec.NotConnected: syscall.ENOTCONN,
	spec.Unreachable:  syscall.EHOSTUNREACH,
	spec.NoResources:  syscall.ENOBUFS,
	spec.Invalid:      syscall.EINVAL,
}
