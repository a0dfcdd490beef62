package conformance

import (
	"github.com/ioconform/ioconform/conformance/scenario"
)

// apc is an asynchronous procedure call of the script. Only its thread touches it until a line of another runs, which is after the thread's own has returned.
type apc struct{ ran bool }

// apc queues an asynchronous procedure call to this thread.
func (t *thread) apc(a *scenario.APCLine) outcome {
	p := t.p
	x := &apc{}
	p.mu.Lock()
	p.names[a.Name] = x
	p.apcs++
	token := uint64(p.apcs)
	p.mu.Unlock()
	return outcome{status: t.rec.QueueAPC(token, func() { x.ran = true })}
}
