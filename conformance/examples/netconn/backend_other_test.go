//go:build !linux && !windows

package netconn_test

import (
	"runtime"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

var about spec.About

func backend(t testing.TB) spec.Backend {
	t.Skip("there is no reference back end for the kernel of " + runtime.GOOS + "; there is one for Linux (epoll) and one for Windows (iocp)")
	return nil
}

func deviations() map[string]string { return nil }
