package main

import (
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// backend is everything of one case.
type backend struct {
	mu      sync.Mutex
	socks   []*socket
	running sync.WaitGroup // operations, each of which may write to a buffer of the caller's
}

func (b *backend) Port(int) (spec.Port, spec.Status) { return &port{}, spec.Status{} }

func (b *backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	return b.socket(n), spec.Status{}
}

func (b *backend) Close() error {
	b.mu.Lock()
	socks := b.socks
	b.mu.Unlock()
	for _, s := range socks {
		s.Close()
	}
	b.running.Wait()
	return nil
}

// port is a name, and where packets are delivered. net has no queue that could be judged.
type port struct {
	mu      sync.Mutex
	deliver func(worker int, k spec.Packet)
	closed  bool
}

func (p *port) Deliver(fn func(worker int, k spec.Packet)) { p.deliver = fn }

func (p *port) put(k spec.Packet) { p.deliver(0, k) }

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

func (*port) Wait([]spec.Packet, time.Duration) (int, spec.Status) {
	return 0, spec.Is(spec.Unsupported)
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
	p.closed = true
	return spec.Status{}
}
