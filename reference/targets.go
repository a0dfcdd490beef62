// Package reference puts back ends and worlds together into the targets that this machine can run.
//
//	model      completion ports as Windows has them, in the simulated world
//	epoll-sim  completion ports on readiness, on a simulated kernel
//	epoll      the same code on the kernel of this machine (Linux)
//	poller-sim raw epoll, the readiness contract, on a simulated kernel
//	poller     the same code on the kernel of this machine (Linux)
//	uring      completion ports on io_uring (Linux)
//	iocp       completion ports themselves (Windows; Wine on Linux)
package reference

import (
	"fmt"
	"slices"
	"sync"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/reference/faulty"
	"github.com/ioconform/ioconform/reference/model"
	"github.com/ioconform/ioconform/reference/simworld"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Absent is a target that exists but cannot run on this machine.
type Absent struct{ Name, Why string }

// Targets returns the targets that this machine can run, and those that it cannot.
func Targets() ([]*spec.Target, []Absent) {
	targets := []*spec.Target{Model(simnet.Options{}), EpollSim(simnet.Options{}), PollerSim(simnet.Options{})}
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

// pool keeps simulated worlds and what lives in them for the next run.
type pool[T any] struct {
	mu   sync.Mutex
	free []T
	make func() T
}

func (p *pool[T]) get() T {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.free); n > 0 {
		x := p.free[n-1]
		p.free = p.free[:n-1]
		return x
	}
	return p.make()
}

func (p *pool[T]) put(x T) {
	p.mu.Lock()
	p.free = append(p.free, x)
	p.mu.Unlock()
}

// Model is the golden model.
func Model(o simnet.Options) *spec.Target {
	type room struct {
		w *simworld.World
		b *model.Backend
		i *spec.Instance
	}
	p := &pool[*room]{}
	p.make = func() *room {
		r := &room{w: simworld.New(o)}
		r.b = model.New(r.w.Sim)
		r.i = simulated(r.w)
		r.i.Backend = r.b
		r.i.Plant = r.b.Plant
		r.i.Close = func() error { p.put(r); return nil }
		return r
	}
	about := model.About()
	about.Path = simulatedPath(o)
	return &spec.Target{
		About: about, Mutants: model.Mutants(),
		Open: func() (*spec.Instance, error) {
			r := p.get()
			r.w.Reset()
			r.b.Reset()
			return r.i, r.b.Plant()
		},
	}
}

// EpollSim is the epoll reference on a simulated kernel.
func EpollSim(o simnet.Options) *spec.Target {
	type room struct {
		w *simworld.World
		i *spec.Instance
	}
	p := &pool[*room]{}
	p.make = func() *room {
		r := &room{w: simworld.New(o)}
		r.i = simulated(r.w)
		r.i.Close = func() error { p.put(r); return nil }
		return r
	}
	about := epoll.About("simnet", "sim")
	about.Name = "epoll-sim"
	about.Capabilities = append(about.Capabilities, spec.CanControl, spec.CanIPv6)
	about.Path = simulatedPath(o)
	return &spec.Target{
		About: about, Mutants: slices.Concat(epoll.Mutants, faulty.Completion),
		Open: func() (*spec.Instance, error) {
			r := p.get()
			r.w.Reset()
			r.i.Schedule = func(s spec.Schedule) error {
				if err := r.w.Schedule(s); err != nil {
					return err
				}
				b := epoll.New(r.w.Sim.NewKernel())
				r.i.Backend = b
				r.i.Plant = func(names ...string) error {
					layer, others := faulty.Backend(b, names)
					r.i.Backend = layer
					return b.Plant(others...)
				}
				return nil
			}
			return r.i, r.i.Schedule(spec.Schedule{})
		},
	}
}

func simulated(w *simworld.World) *spec.Instance {
	return &spec.Instance{World: w, Run: w.Run, Schedule: w.Schedule, Picks: w.Picks}
}

// simulatedPath is what the simulated network promises.
func simulatedPath(o simnet.Options) spec.Path {
	return spec.Path{Lossless: o.Net.Loss < 2, NoDup: o.Net.Dup < 2, InOrder: o.Net.Reorder < 2}
}
