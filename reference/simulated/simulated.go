// Package simulated puts back ends into the simulated world: the targets that every machine can run, and that need nothing of the machine. Package reference has them
// beside those of the machine's own kernel.
package simulated

import (
	"sync"

	"github.com/ioconform/ioconform/reference/simworld"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// pool keeps simulated worlds and what lives in them for the next run. Nobody closes them: they go with the target that has the pool.
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

// room is a world with an instance for whatever back end a run has in it.
type room struct {
	w *simworld.World
	i *spec.Instance
}

// rooms returns a pool of rooms, to which they come back when they are closed.
func rooms(o simnet.Options) *pool[*room] {
	p := &pool[*room]{}
	p.make = func() *room {
		r := &room{w: simworld.New(o)}
		r.i = instance(r.w)
		r.i.Close = func() error { p.put(r); return nil }
		return r
	}
	return p
}

func instance(w *simworld.World) *spec.Instance {
	return &spec.Instance{World: w, Run: w.Run, Schedule: w.Schedule, Picks: w.Picks}
}

// path is what the simulated network promises.
func path(o simnet.Options) spec.Path {
	return spec.Path{Lossless: o.Net.Loss < 2, NoDup: o.Net.Dup < 2, InOrder: o.Net.Reorder < 2}
}
