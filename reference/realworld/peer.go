package realworld

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// leastWait is what a timeout of 0 becomes: Go's sockets do not even try once their deadline has passed.
const leastWait = time.Millisecond

// peer is the far end of one connection: a plain socket, read and written directly, so that what the program has not read is
// unread in the kernel too.
type peer struct {
	world   *World
	network spec.Network

	mu      sync.Mutex
	conn    net.Conn // nil until connected
	hangUp  context.CancelFunc
	local   netip.AddrPort
	remote  netip.AddrPort
	sendEnd bool // HalfClose was called
	closed  bool
}

// Peer makes an endpoint for the far end. On UDP it is a connected socket: a Send is one datagram, a Read returns one.
func (w *World) Peer(n spec.Network) (spec.Peer, error) {
	w.alive()
	if n > spec.UDP6 {
		return nil, fmt.Errorf("realworld: no peer for %v", n)
	}
	p := &peer{world: w, network: n}
	if !w.adopt(p) {
		return nil, errors.New("realworld: Peer of a closed world")
	}
	return p, nil
}

// accepted makes the endpoint of a connection that a listener accepted.
func (w *World) accepted(n spec.Network, conn net.Conn) (*peer, bool) {
	p := &peer{world: w, network: n}
	p.use(conn)
	if !w.adopt(p) {
		reset(conn)
		return nil, false
	}
	return p, true
}

// use makes conn the peer's connection.
func (p *peer) use(conn net.Conn) {
	if t, ok := conn.(*net.TCPConn); ok {
		t.SetNoDelay(true) // Go's default, but what arrives when depends on it
	}
	p.conn = conn
	p.local = addrPort(conn.LocalAddr())
	p.remote = addrPort(conn.RemoteAddr())
}

// Connect connects to a listening socket.
func (p *peer) Connect(to netip.AddrPort, timeout time.Duration) spec.Status {
	p.world.calls(timeout)
	defer p.world.called(timeout)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p.mu.Lock()
	switch {
	case p.closed:
		p.mu.Unlock()
		return spec.Is(spec.Closed)
	case p.conn != nil:
		p.mu.Unlock()
		return spec.Is(spec.Connected)
	case p.hangUp != nil: // another Connect is under way
		p.mu.Unlock()
		return spec.Is(spec.Busy)
	}
	p.hangUp = cancel
	p.mu.Unlock()

	dialer := net.Dialer{KeepAlive: -1, Deadline: deadline(timeout)}
	dialer.SetMultipathTCP(false)
	conn, err := dialer.DialContext(ctx, p.network.String(), to.String())

	p.mu.Lock()
	defer p.mu.Unlock()
	p.hangUp = nil
	switch {
	case err != nil && p.closed:
		return spec.Is(spec.Closed)
	case err != nil:
		return statusOf(err)
	case p.closed:
		reset(conn)
		return spec.Is(spec.Closed)
	}
	p.use(conn)
	return spec.Is(spec.OK)
}

// Local returns the address of this end; it stays known after Close.
func (p *peer) Local() netip.AddrPort {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.local
}

// Remote returns the address of the back end's end; it stays known after Close.
func (p *peer) Remote() netip.AddrPort {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.remote
}

// Send hands b to the kernel. A status other than OK comes with what was handed over before.
func (p *peer) Send(b []byte, timeout time.Duration) (n int, st spec.Status) {
	p.world.calls(timeout)
	defer p.world.called(timeout)
	conn, st := p.connection()
	if !st.Ok() {
		return 0, st
	}
	if err := conn.SetWriteDeadline(deadline(timeout)); err != nil {
		return 0, statusOf(err)
	}
	n, err := conn.Write(b)
	st = statusOf(err)
	p.mu.Lock()
	defer p.mu.Unlock()
	if st.Code == spec.Reset && p.sendEnd && !p.closed {
		st.Code = spec.Shut // EPIPE says both
	}
	return n, st
}

// Read reads what is there, at least one byte. 0 and OK is the end of the stream.
func (p *peer) Read(b []byte, timeout time.Duration) (n int, st spec.Status) {
	p.world.calls(timeout)
	defer p.world.called(timeout)
	conn, st := p.connection()
	if !st.Ok() {
		return 0, st
	}
	if len(b) == 0 {
		return 0, spec.Is(spec.Invalid) // the answer would read as the end of the stream
	}
	if err := conn.SetReadDeadline(deadline(timeout)); err != nil {
		return 0, statusOf(err)
	}
	n, err := conn.Read(b)
	if err == io.EOF {
		return 0, spec.Is(spec.OK)
	}
	return n, statusOf(err)
}

// HalfClose ends the stream in this direction.
func (p *peer) HalfClose() spec.Status {
	p.world.alive()
	conn, st := p.connection()
	if !st.Ok() {
		return st
	}
	t, ok := conn.(*net.TCPConn)
	if !ok {
		return spec.Is(spec.Unsupported)
	}
	p.mu.Lock()
	p.sendEnd = true
	p.mu.Unlock()
	return statusOf(t.CloseWrite())
}

// Close closes the socket. With unread data in it the connection is reset, where the platform does as RFC 1122, 4.2.2.13 and
// RFC 2525, 2.17 would have it; Linux does.
func (p *peer) Close() spec.Status { return p.end(p.vacate) }

// Abort resets the connection: linger of 0, as RFC 9293's ABORT is spelt in sockets.
func (p *peer) Abort() spec.Status { return p.end(reset) }

func (p *peer) end(how func(net.Conn) error) spec.Status {
	p.world.alive()
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return spec.Is(spec.Closed)
	}
	p.closed = true
	conn := p.conn
	if p.hangUp != nil {
		p.hangUp()
	}
	p.mu.Unlock()
	p.world.disown(p)
	if conn == nil {
		return spec.Is(spec.OK)
	}
	return statusOf(how(conn))
}

// release resets, so that the ports of a thousand cases do not stay in TIME_WAIT.
func (p *peer) release() { p.Abort() }

// connection returns the connection, or why there is none.
func (p *peer) connection() (net.Conn, spec.Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		return nil, spec.Is(spec.Closed)
	case p.conn == nil:
		return nil, spec.Is(spec.NotConnected)
	}
	return p.conn, spec.Is(spec.OK)
}

func reset(conn net.Conn) error {
	if t, ok := conn.(*net.TCPConn); ok {
		t.SetLinger(0) // fails on a connection that is reset already, which is as well
	}
	return conn.Close()
}

func deadline(timeout time.Duration) time.Time {
	if timeout < 0 {
		return time.Time{}
	}
	return time.Now().Add(max(timeout, leastWait))
}

// addrPort returns a's address; an IPv4 address in its own form, not as IPv6.
func addrPort(a net.Addr) netip.AddrPort {
	var ap netip.AddrPort
	switch a := a.(type) {
	case *net.TCPAddr:
		ap = a.AddrPort()
	case *net.UDPAddr:
		ap = a.AddrPort()
	}
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}
