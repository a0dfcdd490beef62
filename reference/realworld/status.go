package realworld

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"

	"github.com/ioconform/ioconform/spec"
)

// statusOf says what a socket call of package net answered: in portable words, with the platform's number where it came from
// the platform.
func statusOf(err error) spec.Status {
	var number syscall.Errno
	var timeout net.Error
	switch {
	case err == nil:
		return spec.Is(spec.OK)
	case errors.Is(err, net.ErrClosed), errors.Is(err, context.Canceled):
		return spec.Is(spec.Closed)
	case errors.As(err, &number):
		code, known := codeOf[number]
		if !known {
			code = spec.Invalid
		}
		return spec.Status{Code: code, Space: spaceOf(number), Native: int64(number)}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return spec.Is(spec.TimedOut)
	}
	return spec.Is(spec.Invalid) // such as an address of the other family
}

// StatusOf says what an error of package net means, for back ends that are built on it.
func StatusOf(err error) spec.Status { return statusOf(err) }
