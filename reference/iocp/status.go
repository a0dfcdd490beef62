//go:build windows

package iocp

import (
	"errors"
	"syscall"

	"github.com/ioconform/ioconform/spec"
)

var (
	ok            = spec.Status{}
	invalidHandle = spec.WindowsStatus(spec.Win32, 6)
	notSocket     = spec.WindowsStatus(spec.WSA, 10038)
)

const (
	statusHandlesClosed     = 0x8000000A
	statusConnectionAborted = 0xC0000241
	statusLocalDisconnect   = 0xC000013B
)

// statusOf says what a call answered. Winsock's numbers start at 10000 (WSABASEERR), Win32's lie below.
func statusOf(err error) spec.Status {
	var number syscall.Errno
	switch {
	case err == nil:
		return ok
	case !errors.As(err, &number):
		return spec.Is(spec.Invalid)
	case number >= 10000:
		return spec.WindowsStatus(spec.WSA, uint32(number))
	}
	return spec.WindowsStatus(spec.Win32, uint32(number))
}
