package main

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// about is what this back end promises, and what it is judged by. What it cannot do is not in the list, and what it does in a way of its own
// is an axis.
func about() spec.About {
	return spec.About{
		Name: "gonet", Version: runtime.Version(), OS: runtime.GOOS, World: "real",
		Capabilities: []spec.Capability{spec.CanAccept, spec.CanPost, spec.CanShutdown, spec.CanWorkers, spec.CanComplete},
		Axes: spec.Axes{
			"receives":    "1", // two goroutines in Read get their bytes in any order
			"close":       "abort",
			"send":        "whole",
			"reset-data":  "any",
			"after-reset": "end",
			"inline":      "never",
		},
	}
}

// backend makes completions of Go's net: a goroutine for each operation, whose result is put into a port.
type backend struct{}

func (backend) Close() error { return nil }

func (backend) Port(int) (spec.Port, spec.Status) {
	return &port{wake: make(chan struct{})}, spec.Status{}
}

func (backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	if n.Datagrams() {
		return nil, spec.Is(spec.Unsupported)
	}
	return &socket{}, spec.Status{}
}

type port struct {
	mu     sync.Mutex
	queue  []spec.Packet
	wake   chan struct{} // closed, and made anew, when something changes
	closed bool
}

func (p *port) put(k spec.Packet) {
	p.mu.Lock()
	p.queue = append(p.queue, k)
	p.changed()
	p.mu.Unlock()
}

func (p *port) changed() {
	close(p.wake)
	p.wake = make(chan struct{})
}

func (p *port) Associate(s spec.Socket, key uint64) spec.Status {
	k := s.(*socket)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.port != nil {
		return spec.Is(spec.Invalid)
	}
	k.port, k.key = p, key
	return spec.Status{}
}

func (p *port) Post(key, token uint64, n int) spec.Status {
	p.put(spec.Packet{Key: key, Token: token, N: n, Size: -1})
	return spec.Status{}
}

func (p *port) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	var late <-chan time.Time
	if timeout > 0 {
		t := time.NewTimer(timeout)
		defer t.Stop()
		late = t.C
	}
	for first, over := true, timeout == 0; ; first = false {
		p.mu.Lock()
		n := copy(dst, p.queue)
		p.queue = p.queue[n:]
		closed, wake := p.closed, p.wake
		p.mu.Unlock()
		switch {
		case n > 0:
			return n, spec.Status{}
		case closed && first:
			return 0, spec.Is(spec.Closed)
		case closed:
			return 0, spec.Is(spec.Abandoned)
		case over:
			return 0, spec.Is(spec.TimedOut)
		}
		select {
		case <-wake:
		case <-late:
			over = true // and one more look
		}
	}
}

func (p *port) Close() spec.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return spec.Is(spec.Closed)
	}
	p.closed = true
	p.changed()
	return spec.Status{}
}

type socket struct {
	mu      sync.Mutex
	port    *port
	key     uint64
	addr    netip.AddrPort // to listen on
	lis     *net.TCPListener
	conn    *net.TCPConn
	reading bool
	sends   []*spec.Op
	sending bool
	shut    bool
	closed  bool
}

func (s *socket) end(op *spec.Op, n int, st spec.Status) {
	s.mu.Lock()
	p, key := s.port, s.key
	s.mu.Unlock()
	p.put(spec.Packet{Key: key, Token: op.Token, N: n, Status: st, Size: -1})
}

func (s *socket) Bind(a netip.AddrPort) spec.Status { s.addr = a; return spec.Status{} }

func (s *socket) Listen(int) spec.Status {
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(s.addr))
	if err != nil {
		return status(err)
	}
	s.lis = l
	return spec.Status{}
}

func (s *socket) Start(op *spec.Op) spec.Result {
	refused := func(c spec.Code) spec.Result {
		return spec.Result{How: spec.RefusedAtStart, Status: spec.Is(c)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return refused(spec.Closed)
	case s.port == nil:
		return refused(spec.Invalid)
	case op.Kind == spec.Accept && s.lis != nil:
		go s.accept(op)
	case op.Kind == spec.Receive && s.conn != nil:
		if s.reading {
			return refused(spec.Busy)
		}
		s.reading = true
		go s.receive(op)
	case op.Kind == spec.Send && s.conn != nil:
		if s.shut {
			return refused(spec.Shut)
		}
		if s.sends = append(s.sends, op); !s.sending {
			s.sending = true
			go s.send()
		}
	case op.Kind == spec.Receive || op.Kind == spec.Send:
		return refused(spec.NotConnected)
	default:
		return refused(spec.Unsupported)
	}
	return spec.Result{How: spec.Pending}
}

func (s *socket) accept(op *spec.Op) {
	c, err := s.lis.AcceptTCP()
	if err != nil {
		s.end(op, 0, status(err))
		return
	}
	s.mu.Lock()
	p, key := s.port, s.key
	s.mu.Unlock()
	p.put(spec.Packet{Key: key, Token: op.Token, Sock: &socket{conn: c}, From: c.RemoteAddr().(*net.TCPAddr).AddrPort(), Size: -1})
}

func (s *socket) receive(op *spec.Op) {
	n, err := s.conn.Read(op.Buf)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	s.mu.Lock()
	s.reading = false
	s.mu.Unlock()
	s.end(op, n, status(err))
}

// send writes what has been started, one after the other, as long as there is something.
func (s *socket) send() {
	for {
		s.mu.Lock()
		if len(s.sends) == 0 {
			s.sending = false
			s.mu.Unlock()
			return
		}
		op := s.sends[0]
		s.sends = s.sends[1:]
		s.mu.Unlock()
		n, err := s.conn.Write(op.Buf)
		s.end(op, n, status(err))
	}
}

func (s *socket) Cancel(*spec.Op) spec.Status { return spec.Is(spec.Unsupported) }

func (s *socket) SkipOnSuccess() spec.Status { return spec.Is(spec.Unsupported) }

func (s *socket) Shutdown(side spec.Side) spec.Status {
	if side != spec.SideSend || s.conn == nil {
		return spec.Is(spec.Unsupported)
	}
	s.mu.Lock()
	s.shut = true
	s.mu.Unlock()
	return status(s.conn.CloseWrite())
}

func (s *socket) Local() (netip.AddrPort, spec.Status) {
	switch {
	case s.lis != nil:
		return s.lis.Addr().(*net.TCPAddr).AddrPort(), spec.Status{}
	case s.conn != nil:
		return s.conn.LocalAddr().(*net.TCPAddr).AddrPort(), spec.Status{}
	}
	return s.addr, spec.Status{}
}

func (s *socket) Peer() (netip.AddrPort, spec.Status) {
	if s.conn == nil {
		return netip.AddrPort{}, spec.Is(spec.NotConnected)
	}
	return s.conn.RemoteAddr().(*net.TCPAddr).AddrPort(), spec.Status{}
}

func (s *socket) Close() spec.Status {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	if s.lis != nil {
		return status(s.lis.Close())
	}
	if s.conn != nil {
		return status(s.conn.Close())
	}
	return spec.Status{}
}

// status gives an error of net its portable meaning.
func status(err error) spec.Status {
	var no syscall.Errno
	st := spec.Status{}
	if errors.As(err, &no) {
		st.Space, st.Native = spec.Errno, int64(no)
	}
	switch {
	case err == nil:
		return spec.Status{}
	case errors.Is(err, net.ErrClosed):
		st.Code = spec.Aborted
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		st.Code = spec.Reset
	case errors.Is(err, syscall.ECONNREFUSED):
		st.Code = spec.Refused
	case errors.Is(err, os.ErrDeadlineExceeded):
		st.Code = spec.TimedOut
	case errors.Is(err, syscall.EADDRINUSE):
		st.Code = spec.InUse
	default:
		st.Code = spec.Invalid
	}
	return st
}
