package realworld

import (
	"runtime"
	"sync"

	"github.com/ioconform/ioconform/spec"
)

// gate is a counting semaphore that serves in the order of arrival.
type gate struct {
	world *World

	mu      sync.Mutex
	opened  int             // Opens that no Pass has used
	waiting []chan struct{} // Passes that wait, oldest first
}

// Gate returns a closed gate.
func (w *World) Gate() spec.Gate {
	w.alive()
	return &gate{world: w}
}

// Open lets one Pass through, now or later.
func (g *gate) Open() {
	g.world.alive()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.opened++
		return
	}
	close(g.waiting[0])
	g.waiting = g.waiting[1:]
}

// Pass waits for an Open of its own. In a world that is over it ends the thread, which otherwise would stay for ever.
func (g *gate) Pass() {
	g.world.alive()
	g.mu.Lock()
	if g.opened > 0 {
		g.opened--
		g.mu.Unlock()
		return
	}
	mine := make(chan struct{})
	g.waiting = append(g.waiting, mine)
	g.mu.Unlock()
	select {
	case <-mine:
		g.world.alive()
	case <-g.world.over:
		runtime.Goexit()
	}
}
