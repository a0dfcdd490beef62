// Package datagrams is a completion back end for datagrams, over package net: a goroutine for each operation, its end in a port.
package datagrams

import (
	"net"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

// About is what the back end can do, and how it behaves where others behave otherwise.
var About = spec.About{
	Name: "datagrams", Version: "0.1", OS: runtime.GOOS, World: "real",
	Capabilities: []spec.Capability{spec.CanDatagram, spec.CanPost, spec.CanWorkers, spec.CanComplete},
	Axes: spec.Axes{
		"fill":       "any",    // two goroutines that read take what comes in any order
		"truncation": "silent", // ReadFromUDPAddrPort does not tell
		"inline":     "never",
	},
}

// Backend is all of one program: its sockets, and the goroutines that work for them.
type Backend struct {
	mu      sync.Mutex
	socks   []*socket
	running sync.WaitGroup
}

func (b *Backend) Port(int) (spec.Port, spec.Status) {
	return &port{wake: make(chan struct{})}, spec.Status{}
}

func (b *Backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	if !n.Datagrams() || n.Over6() {
		return nil, spec.Is(spec.Unsupported)
	}
	s := &socket{b: b}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.socks = append(b.socks, s)
	return s, spec.Status{}
}

// Close returns when nothing writes to anybody's buffer any more.
func (b *Backend) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.socks {
		s.Close()
	}
	b.running.Wait()
	return nil
}

type socket struct {
	b *Backend

	mu     sync.Mutex
	port   *port
	key    uint64
	conn   *net.UDPConn
	closed bool
}

func (s *socket) Bind(a netip.AddrPort) spec.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return spec.Is(spec.Closed)
	case s.conn != nil:
		return spec.Is(spec.Invalid)
	}
	c, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(a))
	if err == nil {
		s.conn = c
	}
	return realworld.StatusOf(err)
}

func (s *socket) Start(op *spec.Op) spec.Result {
	refused := func(c spec.Code) spec.Result { return spec.Result{How: spec.RefusedAtStart, Status: spec.Is(c)} }
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return refused(spec.Closed)
	case op.Kind != spec.ReceiveFrom && op.Kind != spec.SendTo:
		return refused(spec.Unsupported)
	case s.port == nil, op.Kind == spec.ReceiveFrom && s.conn == nil:
		return refused(spec.Invalid)
	}
	if s.conn == nil { // a sender may leave its address to the platform
		c, err := net.ListenUDP("udp4", nil)
		if err != nil {
			return spec.Result{How: spec.RefusedAtStart, Status: realworld.StatusOf(err)}
		}
		s.conn = c
	}
	conn, p, key := s.conn, s.port, s.key
	s.b.running.Go(func() {
		k := spec.Packet{Key: key, Token: op.Token, Size: -1}
		var err error
		if op.Kind == spec.SendTo {
			k.N, err = conn.WriteToUDPAddrPort(op.Buf, op.To)
		} else if k.N, k.From, err = conn.ReadFromUDPAddrPort(op.Buf); k.N < len(op.Buf) {
			k.Size = k.N // of one that fills the buffer nobody knows
		}
		if k.Status = realworld.StatusOf(err); k.Status.Code == spec.Closed {
			k.Status.Code = spec.Aborted // by Close, under the operation
		}
		p.put(k)
	})
	return spec.Result{How: spec.Pending}
}

func (s *socket) Local() (netip.AddrPort, spec.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil {
		return netip.AddrPort{}, spec.Is(spec.Invalid)
	}
	return s.conn.LocalAddr().(*net.UDPAddr).AddrPort(), spec.Status{}
}

func (s *socket) Close() spec.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return spec.Is(spec.Closed)
	}
	s.closed = true
	if s.conn == nil {
		return spec.Status{}
	}
	return realworld.StatusOf(s.conn.Close())
}

// What it does not do.

func (*socket) Listen(int) spec.Status         { return spec.Is(spec.Unsupported) }
func (*socket) Cancel(*spec.Op) spec.Status    { return spec.Is(spec.Unsupported) }
func (*socket) Shutdown(spec.Side) spec.Status { return spec.Is(spec.Unsupported) }
func (*socket) SkipOnSuccess() spec.Status     { return spec.Is(spec.Unsupported) }
func (*socket) Peer() (netip.AddrPort, spec.Status) {
	return netip.AddrPort{}, spec.Is(spec.NotConnected)
}

// port is a list of packets, and a channel that is closed when something changes.
type port struct {
	mu     sync.Mutex
	queue  []spec.Packet
	wake   chan struct{}
	closed bool
}

// put queues a packet, unless there is nobody to take it any more.
func (p *port) put(k spec.Packet) spec.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return spec.Is(spec.Closed)
	}
	p.queue = append(p.queue, k)
	p.changed()
	return spec.Status{}
}

func (p *port) changed() {
	close(p.wake)
	p.wake = make(chan struct{})
}

func (p *port) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
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

func (p *port) Post(key, token uint64, n int) spec.Status {
	return p.put(spec.Packet{Key: key, Token: token, N: n, Size: -1})
}

func (p *port) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	var late <-chan time.Time
	if timeout > 0 {
		t := time.NewTimer(timeout)
		defer t.Stop()
		late = t.C
	}
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
		case over:
			return 0, spec.Is(spec.TimedOut)
		}
		select {
		case <-wake:
		case <-late:
			over = true // and one more look
		}
	}
}

func (p *port) Close() spec.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return spec.Is(spec.Closed)
	}
	p.closed, p.queue = true, nil
	p.changed()
	return spec.Status{}
}
