package netconn

import (
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// backlog is how many connections may wait for an Accept.
const backlog = 128

// Listener accepts TCP connections. Its methods may be called concurrently.
type Listener struct {
	*endpoint
	local    net.Addr
	accept   operation
	turn     turn // whoever has it owns accept and posted
	posted   bool
	deadline deadline
}

var _ net.Listener = (*Listener)(nil)

// Listen listens at a numeric address, such as 127.0.0.1:0 or [::1]:80.
func (s *Stack) Listen(address string) (*Listener, error) {
	at, err := parse(address)
	if err != nil {
		return nil, fmt.Errorf("netconn: listen: %w", err)
	}
	l, err := s.listen(at)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: "tcp", Addr: net.TCPAddrFromAddrPort(at), Err: err}
	}
	return l, nil
}

func (s *Stack) listen(at netip.AddrPort) (*Listener, error) {
	e, err := s.socket(at.Addr())
	if err != nil {
		return nil, err
	}
	err = e.use(func(k spec.Socket) (st spec.Status) {
		if st = k.Bind(at); st.Ok() {
			if st = k.Listen(backlog); st.Ok() {
				at, st = k.Local()
			}
		}
		return st
	})
	if err != nil {
		e.Close()
		return nil, err
	}
	l := &Listener{endpoint: e, local: net.TCPAddrFromAddrPort(at), accept: e.operation(spec.Accept), turn: make(turn, 1)}
	e.mu.Lock()
	e.landed = l.drop
	e.mu.Unlock()
	return l, nil
}

// parse reads a numeric address. One of IPv4 that is written as one of IPv6 is one of IPv4.
func parse(address string) (netip.AddrPort, error) {
	a, err := netip.ParseAddrPort(address)
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()), err
}

// socket opens a socket of the address's family.
func (s *Stack) socket(at netip.Addr) (*endpoint, error) {
	kind := spec.TCP4
	if at.Is6() {
		kind = spec.TCP6
	}
	k, st := s.backend.Socket(kind)
	if !st.Ok() {
		return nil, &Error{st}
	}
	return s.associate(k)
}

// Addr implements net.Listener.
func (l *Listener) Addr() net.Addr { return l.local }

// SetDeadline says when Accept gives up, as net.TCPListener has it. A connection that comes later waits for the next Accept.
func (l *Listener) SetDeadline(t time.Time) error {
	select {
	case <-l.closing:
		return l.said("set", net.ErrClosed)
	default:
		l.deadline.set(t)
		return nil
	}
}

// Accept implements net.Listener.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		k, err := l.next()
		if err != nil {
			return nil, l.said("accept", err)
		}
		if k == nil {
			continue
		}
		e, err := l.stack.associate(k) // it has no port so far (KEY-2)
		if err != nil {
			return nil, l.said("accept", err)
		}
		// One whose far end has gone already may have no names any more. That is not the listener's trouble.
		if c, err := conn(e); err == nil {
			return c, nil
		}
	}
}

// next waits for a connection. It returns none and no error if one came to nothing: then the accept has to be posted again like any other (ACC-4), for a
// listener that gives up because a client has can be brought down by anybody.
func (l *Listener) next() (spec.Socket, error) {
	if err := l.take(l.turn, &l.deadline); err != nil {
		return nil, err
	}
	defer l.turn.give()
	if !l.posted {
		if err := l.accept.start(); err != nil {
			return nil, err
		}
		l.posted = true
	}
	p, err := l.accept.await(&l.deadline)
	if err != nil {
		return nil, err
	}
	l.posted = false
	switch p.Status.Code {
	case spec.OK:
		return p.Sock, nil
	case spec.Reset, spec.Aborted, spec.NotConnected, spec.TimedOut, spec.Unreachable:
		return nil, nil
	}
	return nil, &Error{p.Status}
}

// Close implements net.Listener.
func (l *Listener) Close() error { return l.said("close", l.endpoint.Close()) }

// drop closes a connection that was accepted and that no Accept has taken.
func (l *Listener) drop() {
	select {
	case p := <-l.accept.packet:
		if p.Status.Ok() {
			p.Sock.Close()
		}
	default:
	}
}

func (l *Listener) said(op string, err error) error {
	if err == nil {
		return nil
	}
	return &net.OpError{Op: op, Net: "tcp", Addr: l.local, Err: err}
}
