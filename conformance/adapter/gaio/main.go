// Command gaio is an adapter for github.com/xtaci/gaio.
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
		fmt.Fprintln(os.Stderr, "gaio:", err)
		os.Exit(1)
	}
}

func about() spec.About {
	a := spec.About{
		Name: "gaio", Version: "1.2.34", OS: runtime.GOOS, World: "real",
		Capabilities: []spec.Capability{spec.CanAccept, spec.CanConnect, spec.CanWaitAll, spec.CanComplete}, // the first two are net's
		Axes: spec.Axes{
			"consumers":    "1", // WaitIO is for one goroutine
			"key":          "op",
			"zero-receive": "at-once",
			"inline":       "never",
			"after-reset":  "end", // the kernel tells of a reset once
		},
	}
	if l, err := net.Listen("tcp6", "[::1]:0"); err == nil {
		l.Close()
		a.Capabilities = append(a.Capabilities, spec.CanIPv6)
	}
	return a
}
