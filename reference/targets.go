// Package reference puts back ends and worlds together into the targets that this machine can run.
//
//	model      completion ports as Windows has them, in the simulated world
//	epoll-sim  completion ports on readiness, on a simulated kernel
//	epoll      the same code on the kernel of this machine (Linux)
//	poller-sim raw epoll, the readiness contract, on a simulated kernel
//	poller     the same code on the kernel of this machine (Linux)
//	uring      completion ports on io_uring (Linux)
//	iocp       completion ports themselves (Windows; Wine on Linux)
//
// Those in the simulated world are made by package simulated.
package reference

import (
	"fmt"

	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Absent is a target that exists but cannot run on this machine.
type Absent struct{ Name, Why string }

// Targets returns the targets that this machine can run, and those that it cannot.
func Targets() ([]*spec.Target, []Absent) {
	targets := []*spec.Target{simulated.Model(simnet.Options{}), simulated.Epoll(simnet.Options{}), simulated.Poller(simnet.Options{})}
	native, absent := nativeTargets()
	return append(targets, native...), absent
}

// Lookup returns the target of that name.
func Lookup(name string) (*spec.Target, error) {
	targets, absent := Targets()
	known := ""
	for _, t := range targets {
		if t.About.Name == name {
			return t, nil
		}
		known += " " + t.About.Name
	}
	for _, a := range absent {
		if a.Name == name {
			return nil, fmt.Errorf("target %s cannot run here: %s", name, a.Why)
		}
	}
	return nil, fmt.Errorf("unknown target %q; this machine can run%s", name, known)
}
