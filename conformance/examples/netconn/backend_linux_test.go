package netconn_test

import (
	"testing"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/reference/epoll/linux"
	"github.com/ioconform/ioconform/spec"
)

// about is what the back end of these tests promises.
var about = epoll.About("linux", "real")

func backend(testing.TB) spec.Backend { return epoll.New(linux.New()) }

// deviations are rules that the kernel is known to break.
func deviations() map[string]string { return nil }
