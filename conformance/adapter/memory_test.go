package adapter

import (
	"net/netip"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// memory is a back end that does no input or output: a send is done when it has started, a receive gets what was sent last, and every operation has its
// packet at once. With it the speed of the protocol is measured.
type memory struct{}

func memoryAbout() spec.About {
	return spec.About{Name: "memory", Version: "1", OS: "here", Capabilities: []spec.Capability{spec.CanPost, spec.CanAccept}, Axes: spec.Axes{"buffer": "backend"}}
}

func newMemory() spec.Backend { return memory{} }

func (memory) Close() error { return nil }

func (memory) Port(int) (spec.Port, spec.Status) {
	return &memoryPort{wake: make(chan struct{})}, spec.Status{}
}

func (memory) Socket(spec.Network) (spec.Socket, spec.Status) { return &memorySocket{}, spec.Status{} }

type memoryPort struct {
	mu     sync.Mutex
	queue  []spec.Packet
	wake   chan struct{}
	closed bool
}

func (p *memoryPort) put(k spec.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.queue = append(p.queue, k); len(p.queue) == 1 {
		close(p.wake)
		p.wake = make(chan struct{})
	}
}

func (p *memoryPort) Associate(s spec.Socket, key uint64) spec.Status {
	s.(*memorySocket).port, s.(*memorySocket).key = p, key
	return spec.Status{}
}

func (p *memoryPort) Post(key, token uint64, n int) spec.Status {
	p.put(spec.Packet{Key: key, Token: token, N: n, Size: -1})
	return spec.Status{}
}

func (p *memoryPort) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	var late <-chan time.Time
	if timeout >= 0 {
		t := time.NewTimer(timeout)
		defer t.Stop()
		late = t.C
	}
	for {
		p.mu.Lock()
		n := copy(dst, p.queue)
		p.queue = append(p.queue[:0], p.queue[n:]...)
		closed, wake := p.closed, p.wake
		p.mu.Unlock()
		switch {
		case n > 0:
			return n, spec.Status{}
		case closed:
			return 0, spec.Is(spec.Abandoned)
		}
		select {
		case <-wake:
		case <-late:
			return 0, spec.Is(spec.TimedOut)
		}
	}
}

func (p *memoryPort) Close() spec.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.closed = true
		close(p.wake)
		p.wake = make(chan struct{})
	}
	return spec.Status{}
}

type memorySocket struct {
	port *memoryPort
	key  uint64
	last []byte
}

func (s *memorySocket) Start(op *spec.Op) spec.Result {
	n := len(op.Buf)
	if op.Kind == spec.Send {
		s.last = op.Buf
	} else {
		n = copy(op.Buf, s.last)
	}
	s.port.put(spec.Packet{Key: s.key, Token: op.Token, N: n, Size: -1})
	return spec.Result{How: spec.Pending}
}

func (s *memorySocket) Bind(netip.AddrPort) spec.Status { return spec.Status{} }
func (s *memorySocket) Listen(int) spec.Status          { return spec.Status{} }
func (s *memorySocket) Cancel(*spec.Op) spec.Status     { return spec.Is(spec.NotFound) }
func (s *memorySocket) Shutdown(spec.Side) spec.Status  { return spec.Is(spec.Unsupported) }
func (s *memorySocket) SkipOnSuccess() spec.Status      { return spec.Is(spec.Unsupported) }
func (s *memorySocket) Close() spec.Status              { return spec.Status{} }
func (s *memorySocket) Local() (netip.AddrPort, spec.Status) {
	return netip.MustParseAddrPort("127.0.0.1:1"), spec.Status{}
}
func (s *memorySocket) Peer() (netip.AddrPort, spec.Status) {
	return netip.AddrPort{}, spec.Is(spec.NotConnected)
}
