package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

// socket is what net has no type for: something that will listen, or be connected, or has datagrams.
type socket struct {
	b   *backend
	net spec.Network

	cancelling sync.Mutex // one cancel at a time; before mu

	mu      sync.Mutex
	ended   *sync.Cond // an operation has
	port    *port
	key     uint64
	bound   netip.AddrPort
	lis     *net.TCPListener
	conn    *net.TCPConn
	udp     *net.UDPConn
	dialing bool
	shut    bool // sending was shut down
	closed  bool
	ops     map[*spec.Op]func() // outstanding, with what sets an end to them; nil for those whose turn has not come
	turns   []*spec.Op          // sends or accepts as they were started: two goroutines in Write or Accept would come in any order; nil is a shutdown
}

func (b *backend) socket(n spec.Network) *socket {
	s := &socket{b: b, net: n, ops: map[*spec.Op]func(){}}
	s.ended = sync.NewCond(&s.mu)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.socks = append(b.socks, s)
	return s
}

func (s *socket) Bind(a netip.AddrPort) spec.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return spec.Is(spec.Closed)
	}
	if s.conn != nil || s.lis != nil || s.udp != nil || s.bound.IsValid() {
		return spec.Is(spec.Invalid)
	}
	s.bound = a // a TCP address is taken by ListenTCP or Dial
	if !s.net.Datagrams() {
		return spec.Status{}
	}
	return s.open()
}

// open makes the datagram socket.
func (s *socket) open() (st spec.Status) {
	var err error
	if s.udp == nil {
		s.udp, err = net.ListenUDP(s.net.String(), net.UDPAddrFromAddrPort(s.bound))
	}
	return realworld.StatusOf(err)
}

func (s *socket) Listen(int) spec.Status { // net chooses the backlog
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return spec.Is(spec.Closed)
	}
	l, err := net.ListenTCP(s.net.String(), net.TCPAddrFromAddrPort(s.bound))
	if err == nil {
		s.lis = l
	}
	return realworld.StatusOf(err)
}

func (s *socket) Start(op *spec.Op) spec.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	refused := func(c spec.Code) spec.Result { return spec.Result{How: spec.RefusedAtStart, Status: spec.Is(c)} }
	past := time.Unix(1, 0)
	switch {
	case s.closed:
		return refused(spec.Closed)
	case s.port == nil:
		return refused(spec.Invalid)
	case op.Into != nil || op.Data > 0 || op.Flags != 0:
		return refused(spec.Unsupported)
	case op.Kind == spec.Accept && s.lis != nil:
		s.queue(op)
	case op.Kind == spec.Connect && s.conn != nil:
		return refused(spec.Connected)
	case op.Kind == spec.Connect && s.lis == nil && s.udp == nil && !s.dialing:
		s.dialing = true
		ctx, cancel := context.WithCancel(context.Background())
		s.run(op, cancel, func(op *spec.Op) spec.Packet { return s.connect(ctx, op) })
	case (op.Kind == spec.Receive || op.Kind == spec.Send) && s.conn == nil:
		return refused(spec.NotConnected)
	case op.Kind == spec.Receive:
		s.run(op, func() { s.conn.SetReadDeadline(past) }, s.receive)
	case op.Kind == spec.Send:
		s.queue(op)
	case op.Kind == spec.ReceiveFrom && s.udp != nil:
		s.run(op, func() { s.udp.SetReadDeadline(past) }, s.receiveFrom)
	case op.Kind == spec.SendTo && s.net.Datagrams():
		if st := s.open(); !st.Ok() {
			return refused(st.Code)
		}
		s.run(op, func() { s.udp.SetWriteDeadline(past) }, s.sendTo)
	default:
		return refused(spec.Invalid)
	}
	return spec.Result{How: spec.Pending}
}

// run lets do make the packet, in a goroutine.
func (s *socket) run(op *spec.Op, stop func(), do func(*spec.Op) spec.Packet) {
	s.ops[op] = stop
	s.b.running.Go(func() {
		k := do(op)
		s.end(op, k)
	})
}

// end delivers the packet of op.
func (s *socket) end(op *spec.Op, k spec.Packet) {
	s.mu.Lock()
	k.Key, k.Token = s.key, op.Token
	if k.Status.Code == spec.Closed || k.Status.Code == spec.TimedOut && k.Status.Space == spec.NoSpace {
		k.Status.Code = spec.Aborted // by Close, or by the deadline that Cancel sets
	}
	delete(s.ops, op)
	p := s.port
	s.mu.Unlock()
	p.put(k) // in front of the next one's
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended.Broadcast()
	if len(s.turns) > 0 && s.turns[0] == op {
		s.turns = s.turns[1:]
		s.next()
	}
}

func (s *socket) queue(op *spec.Op) {
	s.ops[op] = nil
	if s.turns = append(s.turns, op); len(s.turns) == 1 {
		s.next()
	}
}

// next begins the operation whose turn it is, behind a shutdown whose turn it was.
func (s *socket) next() {
	past := time.Unix(1, 0)
	if len(s.turns) > 0 && s.turns[0] == nil {
		s.turns = s.turns[1:]
		s.conn.CloseWrite()
	}
	switch {
	case len(s.turns) > 0 && s.lis != nil:
		s.run(s.turns[0], func() { s.lis.SetDeadline(past) }, s.accept)
	case len(s.turns) > 0:
		s.run(s.turns[0], func() { s.conn.SetWriteDeadline(past) }, s.send)
	}
}

func (s *socket) accept(*spec.Op) spec.Packet {
	c, err := s.lis.AcceptTCP()
	if err != nil {
		return spec.Packet{Status: realworld.StatusOf(err), Size: -1}
	}
	a := s.b.socket(s.net)
	a.conn = c
	return spec.Packet{Sock: a, From: c.RemoteAddr().(*net.TCPAddr).AddrPort(), Size: -1}
}

func (s *socket) connect(ctx context.Context, op *spec.Op) spec.Packet {
	d := net.Dialer{KeepAlive: -1}
	if s.bound.IsValid() {
		d.LocalAddr = net.TCPAddrFromAddrPort(s.bound)
	}
	c, err := d.DialContext(ctx, s.net.String(), op.To.String())
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dialing = false; err != nil {
		return spec.Packet{Status: realworld.StatusOf(err), Size: -1}
	}
	s.conn = c.(*net.TCPConn)
	if s.closed {
		s.conn.Close()
		return spec.Packet{Status: spec.Is(spec.Aborted), Size: -1}
	}
	return spec.Packet{Size: -1}
}

func (s *socket) receive(op *spec.Op) spec.Packet {
	n, err := s.conn.Read(op.Buf)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return spec.Packet{N: n, Status: realworld.StatusOf(err), Size: -1}
}

func (s *socket) send(op *spec.Op) spec.Packet {
	n, err := s.conn.Write(op.Buf)
	k := spec.Packet{N: n, Status: realworld.StatusOf(err), Size: -1}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut && errors.Is(err, syscall.EPIPE) { // which means that, as well as a reset
		k.Status.Code = spec.Shut
	}
	return k
}

func (s *socket) receiveFrom(op *spec.Op) spec.Packet {
	n, _, flags, from, err := s.udp.ReadMsgUDPAddrPort(op.Buf, nil)
	k := spec.Packet{N: n, Status: realworld.StatusOf(err), From: netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), Size: n}
	if err == nil && flags&truncated != 0 {
		k.Status, k.Size = spec.Is(spec.Truncated), -1
	}
	return k
}

func (s *socket) sendTo(op *spec.Op) spec.Packet {
	n, err := s.udp.WriteToUDPAddrPort(op.Buf, op.To)
	return spec.Packet{N: n, Status: realworld.StatusOf(err), Size: -1}
}

// Cancel moves deadlines into the past and back again when those that are to end have ended.
func (s *socket) Cancel(op *spec.Op) spec.Status {
	s.cancelling.Lock()
	defer s.cancelling.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed { // what net says of a deadline then, also while a call has not noticed that
		return spec.Is(spec.Closed)
	}
	all := map[*spec.Op]func(){}
	for o, stop := range s.ops {
		if op == nil || o == op {
			all[o] = stop
		}
	}
	if len(all) == 0 {
		return spec.Is(spec.NotFound)
	}
	for o, stop := range all {
		if stop != nil {
			stop()
			continue
		}
		for i := range s.turns {
			if s.turns[i] == o {
				s.turns = append(s.turns[:i:i], s.turns[i+1:]...)
				break
			}
		}
		s.b.running.Go(func() { s.end(o, spec.Packet{Status: spec.Is(spec.Aborted), Size: -1}) })
	}
	for o := range all {
		for _, there := s.ops[o]; there; _, there = s.ops[o] {
			s.ended.Wait()
		}
	}
	switch {
	case s.lis != nil:
		s.lis.SetDeadline(time.Time{})
	case s.conn != nil:
		s.conn.SetDeadline(time.Time{})
	case s.udp != nil:
		s.udp.SetDeadline(time.Time{})
	}
	return spec.Status{}
}

func (s *socket) SkipOnSuccess() spec.Status { return spec.Is(spec.Unsupported) }

// Shutdown of the sending side waits for the sends before it: a Write that is under way would be cut off. Those behind it find it made.
func (s *socket) Shutdown(side spec.Side) spec.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.conn != nil:
	case s.closed:
		return spec.Is(spec.Closed)
	case s.udp != nil:
		return spec.Is(spec.Unsupported)
	default:
		return spec.Is(spec.NotConnected)
	}
	if side != spec.SideSend {
		if err := s.conn.CloseRead(); err != nil {
			return realworld.StatusOf(err)
		}
	}
	switch {
	case side == spec.SideReceive:
		return spec.Status{}
	case len(s.turns) == 0 || s.closed:
		s.shut = true
		return realworld.StatusOf(s.conn.CloseWrite())
	case !s.shut:
		s.shut = true
		s.turns = append(s.turns, nil)
	}
	return spec.Status{}
}

func (s *socket) Local() (netip.AddrPort, spec.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.lis != nil:
		return s.lis.Addr().(*net.TCPAddr).AddrPort(), spec.Status{}
	case s.conn != nil:
		return s.conn.LocalAddr().(*net.TCPAddr).AddrPort(), spec.Status{}
	case s.udp != nil:
		return s.udp.LocalAddr().(*net.UDPAddr).AddrPort(), spec.Status{}
	case s.closed: // before net had anything of it
		return netip.AddrPort{}, spec.Is(spec.Closed)
	case s.bound.IsValid():
		return s.bound, spec.Status{}
	}
	return netip.AddrPort{}, spec.Is(spec.Invalid)
}

func (s *socket) Peer() (netip.AddrPort, spec.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil {
		return netip.AddrPort{}, spec.Is(spec.NotConnected)
	}
	return s.conn.RemoteAddr().(*net.TCPAddr).AddrPort(), spec.Status{}
}

func (s *socket) Close() spec.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return spec.Is(spec.Closed)
	}
	s.closed = true
	var err error
	switch {
	case s.lis != nil:
		err = s.lis.Close()
	case s.conn != nil:
		err = s.conn.Close()
	case s.udp != nil:
		err = s.udp.Close()
	}
	if s.dialing {
		for _, stop := range s.ops {
			stop()
		}
	}
	return realworld.StatusOf(err)
}
