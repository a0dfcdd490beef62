package main

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/panjf2000/gnet/v2"

	"github.com/ioconform/ioconform/conformance/adapter/endpoint"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

// backend is everything of one case.
type backend struct {
	engine *gnet.Client

	mu    sync.Mutex
	socks []*socket
}

func (b *backend) Port(int) (spec.Port, spec.Status) { return &port{}, spec.Status{} }

func (b *backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	if n.Datagrams() {
		return nil, spec.Is(spec.Unsupported)
	}
	return b.socket(endpoint.New(n, func(c *net.TCPConn) spec.Socket {
		s := b.socket(endpoint.Made(c))
		s.enroll(c)
		return s
	})), spec.Status{}
}

func (b *backend) socket(tcp *endpoint.TCP) *socket {
	s := &socket{b: b, TCP: tcp, gone: make(chan struct{})}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.socks = append(b.socks, s)
	return s
}

func (b *backend) Close() error {
	b.mu.Lock()
	socks := b.socks
	b.mu.Unlock()
	for _, s := range socks {
		s.Close()
	}
	for _, s := range socks {
		s.Join()
		if s.enrolled() != nil {
			<-s.gone
		}
	}
	return nil
}

// socket is a listener of net's, or a connection that is enrolled in the engine. What gnet has received stays in gnet's buffer until a receive is
// started: one-shot receives are the adapter's.
type socket struct {
	b *backend
	*endpoint.TCP
	gone chan struct{} // closed when OnClose has been called

	mu       sync.Mutex
	conn     gnet.Conn
	port     *port
	key      uint64
	closed   bool // by us
	receives []*spec.Op
	over     bool   // OnClose has been called
	rest     []byte // what gnet had received and nobody asked for until then
	last     error  // what OnClose was told
}

// enroll hands a connection of net's to the engine.
func (s *socket) enroll(c *net.TCPConn) {
	conn, err := s.b.engine.EnrollContext(c, s)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		s.over, s.last = true, err
		close(s.gone)
		return
	case s.closed: // meanwhile
		conn.Close()
	}
	s.conn = conn
}

func (s *socket) enrolled() gnet.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

// handler is called by the event loops.
type handler struct{ gnet.BuiltinEventEngine }

func (*handler) OnTraffic(c gnet.Conn) gnet.Action {
	s := c.Context().(*socket)
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.receives) > 0 && (c.InboundBuffered() > 0 || len(s.receives[0].Buf) == 0) {
		op := s.receives[0]
		n, _ := c.Read(op.Buf)
		s.receives = s.receives[1:]
		s.port.put(s.key, spec.Packet{Token: op.Token, N: n, Size: -1})
	}
	return gnet.None
}

// OnClose takes what is left: behind it the buffer is gone.
func (*handler) OnClose(c gnet.Conn, err error) gnet.Action {
	s := c.Context().(*socket)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rest = make([]byte, c.InboundBuffered())
	c.Read(s.rest)
	s.over, s.last = true, err
	for _, op := range s.receives {
		s.end(op)
	}
	s.receives = nil
	close(s.gone)
	return gnet.None
}

// end ends a receive of a connection that is over.
func (s *socket) end(op *spec.Op) {
	k := spec.Packet{Token: op.Token, Size: -1}
	switch {
	case s.closed:
		k.Status = spec.Is(spec.Aborted)
	case len(s.rest) > 0:
		k.N = copy(op.Buf, s.rest)
		s.rest = s.rest[k.N:]
	case !errors.Is(s.last, io.EOF):
		k.Status = realworld.StatusOf(s.last)
	}
	s.port.put(s.key, k)
}

// endNext ends the receive that was started first, whichever asked for it: these calls may overtake each other.
func (s *socket) endNext() {
	s.mu.Lock()
	defer s.mu.Unlock()
	op := s.receives[0]
	s.receives = s.receives[1:]
	s.end(op)
}

func (s *socket) Start(op *spec.Op) spec.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.start(op); !st.Ok() {
		return spec.Result{How: spec.RefusedAtStart, Status: st}
	}
	return spec.Result{How: spec.Pending}
}

func (s *socket) start(op *spec.Op) spec.Status {
	p, key := s.port, s.key
	switch {
	case s.closed:
		return spec.Is(spec.Closed)
	case p == nil:
		return spec.Is(spec.Invalid)
	}
	end := func(k spec.Packet) { p.put(key, k) }
	switch {
	case op.Kind == spec.Accept:
		return s.Accept(op, end)
	case op.Kind == spec.Connect:
		return s.Connect(op, s.enroll, end)
	case op.Flags != 0 || op.Kind != spec.Receive && op.Kind != spec.Send:
		return spec.Is(spec.Unsupported)
	case s.conn == nil:
		return spec.Is(spec.NotConnected)
	case op.Kind == spec.Send:
		return realworld.StatusOf(s.conn.AsyncWrite(op.Buf, func(_ gnet.Conn, err error) error {
			k := spec.Packet{Token: op.Token, N: len(op.Buf), Status: realworld.StatusOf(err), Size: -1}
			if err != nil {
				k.N = 0
			}
			s.mu.Lock()
			if k.Status.Code == spec.Closed && s.closed {
				k.Status.Code = spec.Aborted
			}
			s.mu.Unlock()
			end(k)
			return nil
		}))
	}
	s.receives = append(s.receives, op)
	if s.over {
		go s.endNext() // a packet is never there before its start has returned
		return spec.Status{}
	}
	return realworld.StatusOf(s.conn.Wake(nil)) // has OnTraffic look again
}

func (s *socket) Cancel(*spec.Op) spec.Status    { return spec.Is(spec.Unsupported) }
func (s *socket) Shutdown(spec.Side) spec.Status { return spec.Is(spec.Unsupported) }
func (s *socket) SkipOnSuccess() spec.Status     { return spec.Is(spec.Unsupported) }

// Close is over when gnet has called back; Conn.Close alone only asks the event loop for it.
func (s *socket) Close() spec.Status {
	s.mu.Lock()
	s.closed = true
	conn := s.conn
	s.mu.Unlock()
	if st := s.TCP.Close(); !st.Ok() || conn == nil {
		return st
	}
	done := make(chan struct{})
	err := conn.CloseWithCallback(func(gnet.Conn, error) error {
		close(done)
		return nil
	})
	if err == nil {
		<-done
	}
	return realworld.StatusOf(err)
}

// port is a name, and where packets are delivered. gnet has no queue that could be judged.
type port struct {
	mu      sync.Mutex
	deliver func(worker int, k spec.Packet)
	closed  bool
}

func (p *port) Deliver(fn func(worker int, k spec.Packet)) { p.deliver = fn }

func (p *port) put(key uint64, k spec.Packet) {
	k.Key = key
	p.deliver(0, k)
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

func (*port) Post(uint64, uint64, int) spec.Status { return spec.Is(spec.Unsupported) }

func (*port) Wait([]spec.Packet, time.Duration) (int, spec.Status) {
	return 0, spec.Is(spec.Unsupported)
}

func (p *port) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

func (p *port) Close() spec.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return spec.Is(spec.Closed)
	}
	p.closed = true
	return spec.Status{}
}
