package main

import (
	"errors"
	"io"
	"sync"
	"time"

	"github.com/xtaci/gaio"

	"github.com/ioconform/ioconform/conformance/adapter/endpoint"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

// backend is everything of one case.
type backend struct {
	mu    sync.Mutex
	ports []*port
	socks []*socket
}

func (b *backend) Port(int) (spec.Port, spec.Status) {
	w, err := gaio.NewWatcher()
	if err != nil {
		return nil, realworld.StatusOf(err)
	}
	p := &port{b: b, w: w, ask: make(chan struct{}, 1), end: make(chan struct{}), wake: make(chan struct{})}
	go p.take()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ports = append(b.ports, p)
	return p, spec.Status{}
}

func (b *backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	if n.Datagrams() {
		return nil, spec.Is(spec.Unsupported)
	}
	return b.socket(endpoint.New(n, b.accepted)), spec.Status{}
}

func (b *backend) Close() error {
	b.mu.Lock()
	ports, socks := b.ports, b.socks
	b.mu.Unlock()
	for _, s := range socks {
		s.Close()
	}
	for _, p := range ports {
		p.Close()
	}
	for _, s := range socks {
		s.Join()
	}
	return nil
}

// port is a watcher, and what has come out of it. WaitIO knows no time limit: it is called when somebody waits, in a goroutine, and what it returns
// when the wait is over is the next wait's.
type port struct {
	b   *backend
	w   *gaio.Watcher
	ask chan struct{} // somebody waits
	end chan struct{} // closed when the port is: nobody will wait any more

	mu     sync.Mutex
	queue  []spec.Packet
	wake   chan struct{} // closed, and made anew, when something changes
	closed bool
}

// take calls WaitIO, once for each time that nothing was there to be had.
func (p *port) take() {
	for {
		select {
		case <-p.ask:
		case <-p.end:
			return
		}
		results, err := p.w.WaitIO()
		if err != nil {
			return
		}
		for i := range results {
			p.put(packet(&results[i]))
		}
	}
}

// packet makes a packet of a result. One that nobody has asked for has no context; it is a packet all the same.
func packet(r *gaio.OpResult) spec.Packet {
	k := spec.Packet{N: r.Size, Status: status(r.Error), Size: -1}
	o, asked := r.Context.(*operation)
	if !asked {
		return k
	}
	k.Key, k.Token = o.key, o.op.Token
	return k
}

func status(err error) spec.Status {
	switch {
	case errors.Is(err, io.EOF):
		return spec.Status{}
	case errors.Is(err, io.ErrClosedPipe), errors.Is(err, gaio.ErrConnClosed): // of operations that Free ends
		return spec.Is(spec.Aborted)
	case errors.Is(err, gaio.ErrEmptyBuffer):
		return spec.Is(spec.Invalid)
	case errors.Is(err, gaio.ErrWatcherClosed):
		return spec.Is(spec.Closed)
	}
	return realworld.StatusOf(err)
}

func (p *port) put(k spec.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.queue = append(p.queue, k)
	p.changed()
}

func (p *port) changed() {
	close(p.wake)
	p.wake = make(chan struct{})
}

func (p *port) Associate(s spec.Socket, key uint64) spec.Status {
	k := s.(*socket)
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.closed || p.isClosed():
		return spec.Is(spec.Closed)
	case k.port != nil:
		return spec.Is(spec.Invalid)
	}
	k.port, k.key = p, key
	return spec.Status{}
}

func (*port) Post(uint64, uint64, int) spec.Status { return spec.Is(spec.Unsupported) }

func (p *port) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	var late <-chan time.Time
	if timeout >= 0 {
		t := time.NewTimer(max(timeout, time.Millisecond)) // WaitIO has to be called to look
		defer t.Stop()
		late = t.C
	}
	for first, over := true, false; ; first = false {
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
		case over:
			return 0, spec.Is(spec.TimedOut)
		}
		select {
		case p.ask <- struct{}{}:
		default:
		}
		select {
		case <-wake:
		case <-late:
			over = true // and one more look
		}
	}
}

func (p *port) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

func (p *port) Close() spec.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return spec.Is(spec.Closed)
	}
	p.closed, p.queue = true, nil // nobody gets what nobody has taken
	p.w.Close()
	close(p.end)
	p.changed()
	return spec.Status{}
}
