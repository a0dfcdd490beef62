// Conform judges completion and readiness back ends: it runs the suite against targets, shows its rules and cases, runs failures
// again, and judges traces that were recorded elsewhere.
//
// One file for each command; what the commands print is made in package conformance/report.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// The second is what timeout, containers and batch systems send when time is up.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second one ends the program at once
	}()
	os.Exit(execute(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
