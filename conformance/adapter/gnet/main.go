// Command gnet is an adapter for github.com/panjf2000/gnet: connections are enrolled in an engine, whose event loops call back.
package main

import (
	"fmt"
	"net"
	"os"
	"runtime"

	"github.com/panjf2000/gnet/v2"
	"github.com/panjf2000/gnet/v2/pkg/logging"

	"github.com/ioconform/ioconform/conformance/adapter"
	"github.com/ioconform/ioconform/spec"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gnet:", err)
		os.Exit(1)
	}
}

func run() error {
	logging.SetDefaultLoggerAndFlusher(stderr{}, nil) // gnet's own writes to the standard output, where answers go
	engine, err := gnet.NewClient(&handler{}, gnet.WithNumEventLoop(2), gnet.WithLogger(stderr{}))
	if err != nil {
		return err
	}
	if err := engine.Start(); err != nil {
		return err
	}
	defer engine.Stop()
	return adapter.Serve(os.Stdin, os.Stdout, about(), func() (spec.Backend, error) { return &backend{engine: engine}, nil })
}

// stderr is where gnet logs.
type stderr struct{}

func (stderr) Debugf(string, ...any) {}
func (stderr) Infof(string, ...any)  {}

func (stderr) Warnf(format string, args ...any)  { fmt.Fprintf(os.Stderr, format+"\n", args...) }
func (stderr) Errorf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
func (stderr) Fatalf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func about() spec.About {
	a := spec.About{
		Name: "gnet", Version: "2.9.7", OS: runtime.GOOS, World: "real",
		Capabilities: []spec.Capability{spec.CanAccept, spec.CanConnect, spec.CanWorkers, spec.CanComplete}, // the first two are net's
		Axes: spec.Axes{
			"delivery":     "push",
			"zero-receive": "at-once",
			"inline":       "never",
			"reset-data":   "any", // a loop that has not read when the reset comes has nothing to give
		},
	}
	if l, err := net.Listen("tcp6", "[::1]:0"); err == nil {
		l.Close()
		a.Capabilities = append(a.Capabilities, spec.CanIPv6)
	}
	return a
}
