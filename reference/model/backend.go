package model

import (
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Backend is a spec.Backend. It is made for one run of its world.
type Backend struct {
	world   *simnet.World
	members []*member
	ports   []*port
	socks   []*socket
	made    struct { // all ever; the first of them are this run's
		ports []*port
		socks []*socket
	}
	tied []issued      // operations that end with their threads
	list simnet.Object // for searches: of those
	bugs bugs

	begun []issued // see CancelAllOfThread
	quiet bool     // packets wake nobody: see CloseQuiet
	dials int      // connects so far: see ConnectTable
}

// processors is what a port's limit of 0 stands for.
const processors = 8

// New returns a back end for the next run of w.
func New(w *simnet.World) *Backend { return &Backend{world: w} }

// Reset makes b ready for another run of its world.
func (b *Backend) Reset() {
	for _, m := range b.members {
		*m = member{}
	}
	b.ports, b.socks, b.tied, b.begun, b.list = b.ports[:0], b.socks[:0], b.tied[:0], b.begun[:0], 0
	b.quiet, b.dials = false, 0
}

// Port implements spec.Backend.
func (b *Backend) Port(concurrency int) (spec.Port, spec.Status) {
	if concurrency <= 0 {
		concurrency = processors
	}
	if len(b.ports) == len(b.made.ports) {
		b.made.ports = append(b.made.ports, &port{})
	}
	p := b.made.ports[len(b.ports)]
	*p = port{b: b, object: b.world.NewObject(), limit: concurrency, waiters: b.world.NewWaitQueue(simnet.LIFO), queue: p.queue[:0], waiting: p.waiting[:0]}
	b.ports = append(b.ports, p)
	return p, stOK
}

// Socket implements spec.Backend.
func (b *Backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	if n > spec.UDP6 {
		return nil, wsaUnsupported
	}
	return b.socket(n, b.sock(n)), stOK
}

// sock makes a simulated socket of the kind.
func (b *Backend) sock(n spec.Network) *simnet.Sock {
	family := 4
	if n.Over6() {
		family = 6
	}
	if n.Datagrams() {
		return b.world.NewDatagram(family)
	}
	return b.world.NewSockOn(family)
}

func (b *Backend) socket(n spec.Network, k *simnet.Sock) *socket {
	if len(b.socks) == len(b.made.socks) {
		b.made.socks = append(b.made.socks, &socket{})
	}
	s := b.made.socks[len(b.socks)]
	recvs, sends, accepts := s.recvs[:0], s.sends[:0], s.accepts[:0]
	*s = socket{}
	s.b, s.net, s.object, s.recvs, s.sends, s.accepts = b, n, b.world.NewObject(), recvs, sends, accepts
	b.socks = append(b.socks, s)
	s.adopt(k)
	return s
}

// Close implements spec.Backend.
func (b *Backend) Close() error {
	for _, p := range b.ports {
		p.Close()
	}
	for _, s := range b.socks {
		s.handles = handles{} // they are all closed with it
		s.Close()
	}
	return nil
}
