// Conform judges completion and readiness back ends: it runs the suite against targets, shows its rules and cases, runs failures
// again, and judges traces that were recorded elsewhere.
//
// One file for each command; what the commands print is made in package conformance/report.
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	go func() {
		<-ctx.Done()
		stop() // a second interrupt ends the program at once
	}()
	os.Exit(execute(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
