// Package poller is raw epoll behind the readiness contract of package spec: the thin thing, one code on the kernel of this machine
// and on the simulated one. It adds nothing to what the kernel does but portable words, and the promise that a call on something
// closed does not reach whoever has the number next.
//
// backend.go makes pollers and sockets, poller.go watches and waits, raw.go tries, status.go translates, kernel.go is what is needed of an operating
// system, bugs.go what can be done wrong on purpose.
package poller
