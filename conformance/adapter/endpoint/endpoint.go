// Package endpoint is for adapters of libraries in Go that take over connections which package net has made: it does what comes before the takeover.
package endpoint

import (
	"context"
	"net"
	"net/netip"
	"sync"

	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

// TCP is a socket that will listen or be connected. Its methods may be called concurrently.
type TCP struct {
	net      spec.Network
	accepted func(*net.TCPConn) spec.Socket

	mu      sync.Mutex
	bound   netip.AddrPort
	lis     *net.TCPListener
	conn    *net.TCPConn
	stop    context.CancelFunc // of a connect that is under way
	accepts []accept           // as they were started: two goroutines in Accept would come in any order
	closed  bool
	running sync.WaitGroup
}

type accept struct {
	op  *spec.Op
	end func(spec.Packet)
}

// New makes one. accepted makes a socket of a connection that was accepted on it.
func New(n spec.Network, accepted func(*net.TCPConn) spec.Socket) *TCP {
	return &TCP{net: n, accepted: accepted}
}

// Made is the endpoint of a connection that is there.
func Made(c *net.TCPConn) *TCP { return &TCP{conn: c} }

// Conn returns the connection, nil if there is none.
func (e *TCP) Conn() *net.TCPConn {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.conn
}

// Bind implements spec.Socket. The address is taken by Listen or Connect.
func (e *TCP) Bind(a netip.AddrPort) spec.Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closed:
		return spec.Is(spec.Closed)
	case e.conn != nil, e.lis != nil, e.bound.IsValid():
		return spec.Is(spec.Invalid)
	}
	e.bound = a
	return spec.Status{}
}

// Listen implements spec.Socket. The backlog is net's choice.
func (e *TCP) Listen(int) spec.Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return spec.Is(spec.Closed)
	}
	l, err := net.ListenTCP(e.net.String(), net.TCPAddrFromAddrPort(e.bound))
	if err == nil {
		e.lis = l
	}
	return realworld.StatusOf(err)
}

// Accept starts an accept, and calls end with its packet, which still lacks the key.
func (e *TCP) Accept(op *spec.Op, end func(spec.Packet)) spec.Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closed:
		return spec.Is(spec.Closed)
	case e.lis == nil:
		return spec.Is(spec.Invalid)
	case op.Into != nil || op.Data > 0:
		return spec.Is(spec.Unsupported)
	}
	if e.accepts = append(e.accepts, accept{op, end}); len(e.accepts) == 1 {
		e.running.Go(e.serve)
	}
	return spec.Status{}
}

// serve ends the accepts, one after the other.
func (e *TCP) serve() {
	for more := true; more; {
		c, err := e.lis.AcceptTCP()
		k := spec.Packet{Status: ended(err), Size: -1}
		if err == nil {
			k.Sock, k.From = e.accepted(c), c.RemoteAddr().(*net.TCPAddr).AddrPort()
		}
		e.mu.Lock()
		a := e.accepts[0]
		e.accepts = e.accepts[1:]
		more = len(e.accepts) > 0
		e.mu.Unlock()
		k.Token = a.op.Token
		a.end(k)
	}
}

// Connect starts a connect, and calls end with its packet, which still lacks the key. made takes the connection over before.
func (e *TCP) Connect(op *spec.Op, made func(*net.TCPConn), end func(spec.Packet)) spec.Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closed:
		return spec.Is(spec.Closed)
	case e.conn != nil:
		return spec.Is(spec.Connected)
	case e.lis != nil, e.stop != nil:
		return spec.Is(spec.Invalid)
	}
	ctx, stop := context.WithCancel(context.Background())
	e.stop = stop
	d := net.Dialer{KeepAlive: -1}
	if e.bound.IsValid() {
		d.LocalAddr = net.TCPAddrFromAddrPort(e.bound)
	}
	e.running.Go(func() {
		c, err := d.DialContext(ctx, e.net.String(), op.To.String())
		e.mu.Lock()
		e.stop = nil
		if err == nil && e.closed {
			c.Close()
			err = net.ErrClosed
		}
		if err == nil {
			e.conn = c.(*net.TCPConn)
		}
		e.mu.Unlock()
		if err == nil && made != nil {
			made(c.(*net.TCPConn))
		}
		end(spec.Packet{Token: op.Token, Status: ended(err), Size: -1})
	})
	return spec.Status{}
}

// ended is the status of an operation that net has ended; what it calls closed was closed under the operation.
func ended(err error) spec.Status {
	st := realworld.StatusOf(err)
	if st.Code == spec.Closed {
		st.Code = spec.Aborted
	}
	return st
}

// Local implements spec.Socket.
func (e *TCP) Local() (netip.AddrPort, spec.Status) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closed:
		return netip.AddrPort{}, spec.Is(spec.Closed)
	case e.lis != nil:
		return e.lis.Addr().(*net.TCPAddr).AddrPort(), spec.Status{}
	case e.conn != nil:
		return e.conn.LocalAddr().(*net.TCPAddr).AddrPort(), spec.Status{}
	case e.bound.IsValid():
		return e.bound, spec.Status{}
	}
	return netip.AddrPort{}, spec.Is(spec.Invalid)
}

// Peer implements spec.Socket.
func (e *TCP) Peer() (netip.AddrPort, spec.Status) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closed:
		return netip.AddrPort{}, spec.Is(spec.Closed)
	case e.conn == nil:
		return netip.AddrPort{}, spec.Is(spec.NotConnected)
	}
	return e.conn.RemoteAddr().(*net.TCPAddr).AddrPort(), spec.Status{}
}

// Close closes what is net's: a listener, and a connect that is under way. It answers Closed the second time. The connection is the adapter's to close.
func (e *TCP) Close() spec.Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return spec.Is(spec.Closed)
	}
	e.closed = true
	if e.stop != nil {
		e.stop()
	}
	if e.lis != nil {
		return realworld.StatusOf(e.lis.Close())
	}
	return spec.Status{}
}

// Join returns when every accept and connect has ended; Close comes before.
func (e *TCP) Join() { e.running.Wait() }
