package epoll

import (
	"net/netip"

	"github.com/ioconform/ioconform/spec"
)

// Backend owns ports and sockets. It implements spec.Backend.
type Backend struct {
	k    Kernel
	bugs bugSet
	told int // the error of the connect that ended last; see bugErrorSticks

	lock    Lock // a leaf: nothing else is locked under it
	ports   []*port
	sockets []*socket
	closed  bool

	scratch  []byte         // see bugScratchShared
	listener *socket        // the first; see bugAcceptFirst
	first    netip.AddrPort // far end; see ofTheFirst
}

var (
	_ spec.Backend = (*Backend)(nil)
	_ spec.Port    = (*port)(nil)
	_ spec.Socket  = (*socket)(nil)
)

// New makes a back end that lives on k.
func New(k Kernel) *Backend { return &Backend{k: k, lock: k.NewLock()} }

// Port makes a completion port. The concurrency is not limited, whatever the argument.
func (b *Backend) Port(concurrency int) (spec.Port, spec.Status) {
	if concurrency < 0 {
		return nil, spec.Is(spec.Invalid)
	}
	p := &port{b: b, k: b.k, lock: b.k.NewLock()}
	p.packets.askew, p.packets.torn = b.bugs.has(bugRingAskew), b.bugs.has(bugBatchAskew)
	if errno := p.open(); errno != 0 {
		return nil, statusOf(errno)
	}
	b.lock.Lock()
	closed := b.closed
	if !closed {
		b.ports = append(b.ports, p)
	}
	b.lock.Unlock()
	if closed {
		p.Close()
		return nil, spec.Is(spec.Closed)
	}
	return p, ok
}

// Socket makes an unconnected socket. It gets a descriptor when it is first bound, connected or accepted into.
func (b *Backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	if n > spec.UDP6 {
		return nil, spec.Is(spec.Unsupported)
	}
	s := b.newSocket(n)
	if s == nil {
		return nil, spec.Is(spec.Closed)
	}
	return s, ok
}

// newSocket makes a socket and keeps it in mind for Close; nil if the back end is closed.
func (b *Backend) newSocket(n spec.Network) *socket {
	s := &socket{b: b, k: b.k, net: n, lock: b.k.NewLock(), fd: -1}
	s.receives.askew, s.sends.askew = b.bugs.has(bugLineAskew), b.bugs.has(bugLineAskew)
	b.lock.Lock()
	defer b.lock.Unlock()
	if b.closed {
		return nil
	}
	s.place = len(b.sockets)
	b.sockets = append(b.sockets, s)
	return s
}

// forget is the end of newSocket's keeping in mind.
func (b *Backend) forget(s *socket) {
	b.lock.Lock()
	defer b.lock.Unlock()
	if s.place < 0 {
		return // Close has done so
	}
	last := len(b.sockets) - 1
	b.sockets[s.place] = b.sockets[last]
	b.sockets[s.place].place = s.place
	b.sockets[last] = nil
	b.sockets = b.sockets[:last]
	s.place = -1
}

// Close closes every port, then every socket. In this order, so that threads in Wait return Abandoned
// and not with the packets of the closing sockets. The lock of each socket is taken on the way, so no
// receive is being made when it returns.
func (b *Backend) Close() error {
	b.lock.Lock()
	b.closed = true
	ports := b.ports
	b.ports = nil
	b.lock.Unlock()
	for _, p := range ports {
		p.Close()
	}
	for s := b.anySocket(); s != nil; s = b.anySocket() {
		s.Close()
	}
	return nil
}

// anySocket takes a socket out of those kept in mind.
func (b *Backend) anySocket() *socket {
	b.lock.Lock()
	defer b.lock.Unlock()
	last := len(b.sockets) - 1
	if last < 0 {
		return nil
	}
	s := b.sockets[last]
	b.sockets[last] = nil
	b.sockets = b.sockets[:last]
	s.place = -1
	return s
}
