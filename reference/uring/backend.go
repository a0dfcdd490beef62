//go:build linux

package uring

import (
	"slices"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/spec"
)

// Backend owns a ring, ports and sockets. It implements spec.Backend.
type Backend struct {
	lock sync.Mutex // of everything but what a port has; that of a port may be taken while this is held

	todo    []todo // to be submitted
	inRing  map[uint64]*request
	lastID  uint64
	bell    int     // eventfd that the ring reads: whoever writes it wakes the ring's thread
	reading request // of the bell; here, and not in the loop, because the kernel writes to it and the stack of a goroutine moves
	asleep  bool    // the ring's thread is going to sleep, or does
	rung    bool    // the bell has been rung, and the thread does not know yet

	ports   []*port
	sockets []*socket
	closed  bool
	leaving bool          // the ring's thread is to end
	over    chan struct{} // closed when it has
}

var (
	_ spec.Backend = (*Backend)(nil)
	_ spec.Port    = (*port)(nil)
	_ spec.Socket  = (*socket)(nil)
)

// New makes a back end with a ring of its own. The error says why this machine does not let us have one.
func New() (*Backend, error) {
	bell, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	b := &Backend{bell: bell, inRing: map[uint64]*request{}, lastID: firstID, over: make(chan struct{})}
	b.reading = request{opcode: IORING_OP_READ, id: bellData, fd: bell, buf: make([]byte, 8)}
	started := make(chan error, 1)
	go b.loop(started)
	if err := <-started; err != nil {
		unix.Close(bell)
		return nil, err
	}
	return b, nil
}

// Port makes a completion port. The concurrency is not limited, whatever the argument.
func (b *Backend) Port(concurrency int) (spec.Port, spec.Status) {
	if concurrency < 0 {
		return nil, spec.Is(spec.Invalid)
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	if b.closed {
		return nil, spec.Is(spec.Closed)
	}
	p := &port{b: b}
	b.ports = append(b.ports, p)
	return p, ok
}

// Socket makes an unconnected socket. It gets a descriptor when it is first bound, connected or accepted into.
func (b *Backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	if n > spec.UDP6 {
		return nil, spec.Is(spec.Unsupported)
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	if b.closed {
		return nil, spec.Is(spec.Closed)
	}
	return b.newSocket(n), ok
}

func (b *Backend) newSocket(n spec.Network) *socket {
	s := &socket{b: b, net: n, fd: -1, gone: make(chan struct{}), place: len(b.sockets)}
	s.in.s, s.out.s = s, s
	s.in.ended, s.out.ended = s.inEnded, s.outEnded
	b.sockets = append(b.sockets, s)
	return s
}

// forget is the end of newSocket's keeping in mind.
func (b *Backend) forget(s *socket) {
	last := len(b.sockets) - 1
	b.sockets[s.place] = b.sockets[last]
	b.sockets[s.place].place = s.place
	b.sockets[last] = nil
	b.sockets = b.sockets[:last]
}

// Close closes every port, then every socket. In this order, so that threads in Wait return Abandoned and not with the packets of the closing sockets.
// When it returns the ring is empty, and its thread has ended.
func (b *Backend) Close() error {
	b.lock.Lock()
	first := !b.closed
	b.closed = true
	ports, sockets := b.ports, slices.Clone(b.sockets)
	b.ports = nil
	b.lock.Unlock()
	for _, p := range ports {
		p.Close()
	}
	for _, s := range sockets {
		s.Close()
		<-s.gone
	}
	if first {
		b.lock.Lock()
		b.leaving, b.asleep = true, true
		b.wake()
		b.lock.Unlock()
	}
	<-b.over
	if first {
		unix.Close(b.bell)
	}
	return nil
}
