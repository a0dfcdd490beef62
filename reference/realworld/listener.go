package realworld

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// listener is a far end that the back end connects to.
type listener struct {
	world   *World
	network spec.Network
	addr    netip.AddrPort
	socket  interface{ Close() error } // *net.TCPListener, or *refusing

	mu     sync.Mutex
	closed bool
}

// Listen makes a listening far end on the loopback address of n. One that refuses keeps its port by being bound to it: a port
// that was merely closed could be given to another case, and a connect to a free ephemeral port can even meet itself.
func (w *World) Listen(n spec.Network, refuse bool) (spec.PeerListener, error) {
	w.alive()
	if n != spec.TCP4 && n != spec.TCP6 {
		return nil, fmt.Errorf("realworld: nothing listens on %v", n)
	}
	l := &listener{world: w, network: n}
	if refuse {
		r, err := bindWithoutListening(w.Loopback(n))
		if err != nil {
			return nil, fmt.Errorf("realworld: no bound socket for %v: %w", n, err)
		}
		l.socket, l.addr = r, r.addr
	} else {
		t, err := listenTCP(n.String(), w.Loopback(n).String())
		if err != nil {
			return nil, fmt.Errorf("realworld: no listener for %v: %w", n, err)
		}
		l.socket, l.addr = t, addrPort(t.Addr())
	}
	if !w.adopt(l) {
		l.socket.Close()
		return nil, errors.New("realworld: Listen of a closed world")
	}
	return l, nil
}

// listenTCP listens for plain TCP. Go asks for Multipath TCP by default since 1.24, which answers some things differently, and
// for keep-alives, which have no place in a recorded run.
func listenTCP(network, addr string) (*net.TCPListener, error) {
	config := net.ListenConfig{KeepAlive: -1}
	config.SetMultipathTCP(false)
	l, err := config.Listen(context.Background(), network, addr)
	if err != nil {
		return nil, err
	}
	return l.(*net.TCPListener), nil
}

// Addr is where to connect to.
func (l *listener) Addr() netip.AddrPort { return l.addr }

// Accept waits for the next connection.
func (l *listener) Accept(timeout time.Duration) (spec.Peer, spec.Status) {
	l.world.calls(timeout)
	defer l.world.called(timeout)
	l.mu.Lock()
	closed := l.closed
	l.mu.Unlock()
	if closed {
		return nil, spec.Is(spec.Closed)
	}
	t, ok := l.socket.(*net.TCPListener)
	if !ok {
		return nil, spec.Is(spec.Invalid) // it refuses
	}
	if err := t.SetDeadline(deadline(timeout)); err != nil {
		return nil, statusOf(err)
	}
	conn, err := t.Accept()
	if err != nil {
		return nil, statusOf(err)
	}
	p, ok := l.world.accepted(l.network, conn)
	if !ok {
		return nil, spec.Is(spec.Closed)
	}
	return p, spec.Is(spec.OK)
}

// Close frees the port. Connections that nobody accepted are reset.
func (l *listener) Close() spec.Status {
	l.world.alive()
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return spec.Is(spec.Closed)
	}
	l.closed = true
	l.mu.Unlock()
	l.world.disown(l)
	return statusOf(l.socket.Close())
}

func (l *listener) release() { l.Close() }
