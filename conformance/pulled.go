package conformance

import (
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// pulled makes a back end that calls back (axis delivery=push) one that is waited on, as scripts do: packets queue from the moment of the call until a wait
// takes them. In the trace the wait is a wait, and the header says that the queue is not the back end's: rules about the
// queue and its waits are for delivery=pull.
type pulled struct{ spec.Backend }

// Port implements spec.Backend. A port that does not call back is left alone.
func (b pulled) Port(concurrency int) (spec.Port, spec.Status) {
	p, st := b.Backend.Port(concurrency)
	push, is := p.(spec.Pusher)
	if !is {
		return p, st
	}
	q := &pulledPort{Port: p, wake: make(chan struct{})}
	push.Deliver(q.put)
	return q, st
}

// pulledPort is a port with a queue of the suite's own.
type pulledPort struct {
	spec.Port

	mu     sync.Mutex
	queue  []spec.Packet
	wake   chan struct{} // closed, and made anew, when something changes
	closed bool
}

// flusher is implemented by ports whose packets come from far away.
type flusher interface {
	// Flush returns when everything that was due at its call has been delivered.
	Flush()
}

func (p *pulledPort) put(_ int, k spec.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.queue = append(p.queue, k)
		p.changed()
	}
}

func (p *pulledPort) changed() {
	close(p.wake)
	p.wake = make(chan struct{})
}

// Wait implements spec.Port. Before it says that nothing has come it sees to it that what is under way has: a process that stands still delays the
// answer instead of faking one.
func (p *pulledPort) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	var late <-chan time.Time
	if timeout > 0 {
		t := time.NewTimer(timeout)
		defer t.Stop()
		late = t.C
	}
	flushed := false
	for first, over := true, timeout == 0; ; first = false {
		p.mu.Lock()
		n := copy(dst, p.queue)
		p.queue = p.queue[n:]
		closed, wake := p.closed, p.wake
		p.mu.Unlock()
		switch {
		case n > 0:
			return n, spec.Status{}
		case closed && first:
			return 0, spec.Is(spec.Closed)
		case closed:
			return 0, spec.Is(spec.Abandoned)
		case over && flushed:
			return 0, spec.Is(spec.TimedOut)
		case over:
			if f, far := p.Port.(flusher); far {
				f.Flush()
			}
			flushed = true
			continue
		}
		select {
		case <-wake:
		case <-late:
			over = true
		}
	}
}

// Close implements spec.Port.
func (p *pulledPort) Close() spec.Status {
	st := p.Port.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	if st.Ok() {
		p.closed, p.queue = true, nil
		p.changed()
	}
	return st
}
