package main

import (
	"net"
	"sync"
	"time"

	"github.com/ioconform/ioconform/conformance/adapter/endpoint"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

// socket is a listener of net's, or a connection of net's, which is gaio's from the first receive or send on.
type socket struct {
	b *backend
	*endpoint.TCP

	mu     sync.Mutex
	port   *port
	key    uint64
	closed bool
}

// operation is the context of an operation of the watcher's.
type operation struct {
	op  *spec.Op
	key uint64
}

func (b *backend) socket(tcp *endpoint.TCP) *socket {
	s := &socket{b: b, TCP: tcp}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.socks = append(b.socks, s)
	return s
}

func (b *backend) accepted(c *net.TCPConn) spec.Socket { return b.socket(endpoint.Made(c)) }

func (s *socket) Start(op *spec.Op) spec.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.start(op); !st.Ok() {
		return spec.Result{How: spec.RefusedAtStart, Status: st}
	}
	return spec.Result{How: spec.Pending}
}

func (s *socket) start(op *spec.Op) spec.Status {
	if s.port == nil || s.closed {
		return spec.Is(map[bool]spec.Code{false: spec.Invalid, true: spec.Closed}[s.closed])
	}
	p, o := s.port, &operation{op, s.key}
	end := func(k spec.Packet) {
		k.Key = o.key
		p.put(k)
	}
	conn := s.Conn()
	switch op.Kind {
	case spec.Accept:
		return s.Accept(op, end)
	case spec.Connect:
		return s.Connect(op, nil, end)
	case spec.Receive, spec.Send:
	default:
		return spec.Is(spec.Unsupported)
	}
	switch {
	case conn == nil:
		return spec.Is(spec.NotConnected)
	case op.Kind == spec.Send:
		return status(p.w.Write(o, conn, op.Buf))
	case op.Flags&spec.WaitAll != 0:
		return status(p.w.ReadFull(o, conn, op.Buf, time.Time{}))
	}
	return status(p.w.Read(o, conn, op.Buf))
}

func (s *socket) Cancel(*spec.Op) spec.Status    { return spec.Is(spec.Unsupported) }
func (s *socket) Shutdown(spec.Side) spec.Status { return spec.Is(spec.Unsupported) }
func (s *socket) SkipOnSuccess() spec.Status     { return spec.Is(spec.Unsupported) }

// Close of a connection is Free: "releases resources related to 'conn' immediately, such as socket file descriptors".
func (s *socket) Close() spec.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if st := s.TCP.Close(); !st.Ok() {
		return st
	}
	switch conn := s.Conn(); {
	case conn == nil:
		return spec.Status{}
	case s.port == nil:
		return realworld.StatusOf(conn.Close())
	default:
		return status(s.port.w.Free(conn))
	}
}
