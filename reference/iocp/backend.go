//go:build windows

package iocp

import (
	"fmt"
	"sync"
	"time"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// Backend owns ports, sockets and what is in flight on them. It implements spec.Backend.
type Backend struct {
	mu       sync.Mutex // a leaf: nothing else is locked under it
	requests map[uintptr]*request
	ports    map[*port]struct{}
	sockets  map[*socket]struct{}
	events   []windows.Handle
	refused  [64]*request // the latest, see refuse
	nRefused int
	closed   bool
}

var (
	_ spec.Backend    = (*Backend)(nil)
	_ spec.Port       = (*port)(nil)
	_ spec.Socket     = (*socket)(nil)
	_ spec.Duplicator = (*socket)(nil)
	_ spec.Signaler   = (*Backend)(nil)
)

// New starts Winsock, the first time, and returns a back end.
func New() (*Backend, error) {
	if err := startWinsock(); err != nil {
		return nil, fmt.Errorf("WSAStartup: %w", err)
	}
	return &Backend{requests: map[uintptr]*request{}, ports: map[*port]struct{}{}, sockets: map[*socket]struct{}{}}, nil
}

// Port implements spec.Backend.
func (b *Backend) Port(concurrency int) (spec.Port, spec.Status) {
	if concurrency < 0 {
		return nil, spec.WindowsStatus(spec.Win32, uint32(windows.ERROR_INVALID_PARAMETER))
	}
	p := &port{b: b}
	if err := p.open(uint32(concurrency)); err != nil {
		return nil, statusOf(err)
	}
	if !b.keep(func() { b.ports[p] = struct{}{} }) {
		p.Close()
		return nil, invalidHandle
	}
	return p, ok
}

// Socket implements spec.Backend.
func (b *Backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	if n > spec.UDP6 {
		return nil, spec.Is(spec.Unsupported)
	}
	s, err := b.newSocket(n)
	if err != nil {
		return nil, statusOf(err)
	}
	return s, ok
}

func (b *Backend) newSocket(n spec.Network) (*socket, error) {
	h, err := openSocket(n)
	if err != nil {
		return nil, err
	}
	s := &socket{b: b, net: n, file: &file{}, handle: h, live: map[*spec.Op]*request{}}
	s.open = []*socket{s}
	if !b.keep(func() { b.sockets[s] = struct{}{} }) {
		s.Close()
		return nil, windows.WSAENOTSOCK
	}
	return s, nil
}

// keep runs add unless the back end is closed.
func (b *Backend) keep(add func()) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		add()
	}
	return !b.closed
}

// Close implements spec.Backend. Sockets are closed first, which ends their operations; then the ports are emptied until nothing is in flight any more, for until
// its packet has been dequeued an operation may write to the program's memory (Microsoft Learn, closesocket). An error says what
// remained after ten seconds.
func (b *Backend) Close() error {
	b.mu.Lock()
	b.closed = true
	var sockets []*socket
	for s := range b.sockets {
		sockets = append(sockets, s)
	}
	var ports []*port
	for p := range b.ports {
		ports = append(ports, p)
	}
	b.mu.Unlock()
	for _, s := range sockets {
		s.Close()
	}
	err := b.drain(ports)
	for _, p := range ports {
		p.Close()
	}
	for _, h := range b.events {
		windows.CloseHandle(h)
	}
	for _, r := range b.refused {
		if r != nil {
			r.pins.Unpin()
		}
	}
	return err
}

// drain takes packets until no request is left. One of a socket without a port, or whose port was closed, brings none: Windows says in its OVERLAPPED that it is
// over.
func (b *Backend) drain(ports []*port) error {
	var packets [32]spec.Packet
	for deadline := time.Now().Add(10 * time.Second); ; {
		for _, p := range ports {
			for {
				if n, st := p.Wait(packets[:], 0); n == 0 || !st.Ok() {
					break
				}
			}
		}
		left := 0
		for _, r := range b.inFlight() {
			if !r.done() || !r.silent() && !r.sock.orphaned() {
				left++
				continue
			}
			r.sock.forget(r)
		}
		switch {
		case left == 0:
			return nil
		case time.Now().After(deadline):
			b.abandon()
			return fmt.Errorf("%d operations have not ended although their sockets are closed", left)
		}
		time.Sleep(time.Millisecond)
	}
}

func (b *Backend) inFlight() (all []*request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.requests {
		if !r.refused {
			all = append(all, r)
		}
	}
	return all
}

// abandoned are requests that Windows may still write to although their back end is closed. They stay where they are for good.
var abandoned struct {
	sync.Mutex
	requests []*request
}

func (b *Backend) abandon() {
	abandoned.Lock()
	defer abandoned.Unlock()
	abandoned.requests = append(abandoned.requests, b.inFlight()...)
}
