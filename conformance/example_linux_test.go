package conformance_test

import (
	"runtime"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/reference/epoll/linux"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

// A back end on the kernel of this machine. It says what it can do, and where its behaviour is another than the portable one; cases for
// anything else are skipped.
func ExampleTest() {
	newBackend := func() spec.Backend { return epoll.New(linux.New()) } // yours

	TestConformance := func(t *testing.T) {
		conformance.Test(t, &spec.Target{
			About: spec.About{
				Name: "mine", Version: "0.3", OS: runtime.GOOS, World: "real",
				Capabilities: []spec.Capability{spec.CanAccept, spec.CanConnect, spec.CanCancel, spec.CanWorkers},
				Axes:         spec.Axes{"progress": "waiters"},
			},
			Open: func() (*spec.Instance, error) {
				world, err := realworld.New()
				if err != nil {
					return nil, err
				}
				return &spec.Instance{World: world, Backend: newBackend(), Run: world.Run, Close: world.Close}, nil
			},
		})
	}
	_ = TestConformance
}
