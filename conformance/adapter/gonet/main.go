// Command gonet is an adapter for Go's own net: every operation is a goroutine in a blocking call, and its end calls back.
package main

import (
	"fmt"
	"net"
	"os"
	"runtime"

	"github.com/ioconform/ioconform/conformance/adapter"
	"github.com/ioconform/ioconform/spec"
)

func main() {
	err := adapter.Serve(os.Stdin, os.Stdout, about(), func() (spec.Backend, error) { return &backend{}, nil })
	if err != nil {
		fmt.Fprintln(os.Stderr, "gonet:", err)
		os.Exit(1)
	}
}

func about() spec.About {
	a := spec.About{
		Name: "gonet", Version: runtime.Version(), OS: runtime.GOOS, World: "real",
		Capabilities: []spec.Capability{spec.CanAccept, spec.CanConnect, spec.CanCancel, spec.CanCancelAll, spec.CanShutdown, spec.CanWorkers, spec.CanDatagram, spec.CanComplete},
		Axes: spec.Axes{
			"delivery":     "push",
			"fill":         "any",       // goroutines in Read take turns, but which comes first is nowhere said
			"cancel-scope": "direction", // a deadline is for all reads, or all writes, of a connection
			"zero-receive": "at-once",
			"inline":       "never",
			"truncation":   "flag", // of ReadMsgUDP; ReadFrom would not tell
			"after-reset":  "end",  // the kernel tells of a reset once
		},
	}
	if l, err := net.Listen("tcp6", "[::1]:0"); err == nil {
		l.Close()
		a.Capabilities = append(a.Capabilities, spec.CanIPv6)
	}
	return a
}
