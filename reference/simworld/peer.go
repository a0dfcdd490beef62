package simworld

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

var (
	loopback  = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 0)
	loopback6 = netip.AddrPortFrom(netip.IPv6Loopback(), 0)
)

// Peer is one connection's far end: blocking calls on a simulated socket.
type Peer struct {
	w     *World
	sock  *simnet.Sock
	queue *simnet.WaitQueue
	local netip.AddrPort
	far   netip.AddrPort
	late  []mail // sent, and held back until the next one is
	again []mail // received, and to be received another time
	gone  bool   // closed
}

// Changed wakes whoever waits for the socket.
func (p *Peer) Changed(*simnet.Sock, simnet.Ready, simnet.Ready) { p.queue.WakeAll() }

func (w *World) peer(s *simnet.Sock) *Peer {
	if w.used == len(w.peers) {
		w.peers = append(w.peers, &Peer{})
	}
	p := w.peers[w.used]
	w.used++
	*p = Peer{w: w, sock: s, queue: w.Sim.NewWaitQueue(simnet.FIFO)}
	s.Watch(p)
	return p
}

// Peer makes an endpoint for the far end. On UDP it is a connected socket: a Send is one datagram, a Read returns one.
func (w *World) Peer(n spec.Network) (spec.Peer, error) {
	switch n {
	case spec.TCP4:
		return w.peer(w.Sim.NewSock()), nil
	case spec.TCP6:
		return w.peer(w.Sim.NewSockOn(6)), nil
	case spec.UDP4:
		return w.peer(w.Sim.NewDatagram(4)), nil
	case spec.UDP6:
		return w.peer(w.Sim.NewDatagram(6)), nil
	}
	return nil, fmt.Errorf("the simulated world has no %s", n)
}

// await tries again whenever the socket has changed, for at most timeout.
func (p *Peer) await(what string, timeout time.Duration, try func() simnet.Errno) spec.Status {
	deadline := p.w.Sim.Now() + timeout
	for {
		e := try()
		if e != simnet.EAGAIN {
			return status(e)
		}
		left := timeout
		if timeout >= 0 {
			left = deadline - p.w.Sim.Now()
		}
		if left == 0 || timeout >= 0 && left < 0 || !p.queue.Park(simnet.Call{Format: what}, left) {
			return spec.Is(spec.TimedOut)
		}
	}
}

// Connect connects to an address.
func (p *Peer) Connect(to netip.AddrPort, timeout time.Duration) spec.Status {
	if e := p.sock.Connect(to); e != simnet.EINPROGRESS && e != simnet.OK {
		return status(e)
	}
	st := p.await("peer connect", timeout, func() simnet.Errno {
		if p.sock.Ready()&(simnet.OUT|simnet.ERR|simnet.HUP) == 0 {
			return simnet.EAGAIN
		}
		return p.sock.Error()
	})
	p.local, p.far = p.sock.Local(), to
	return st
}

// Local is the peer's own address.
func (p *Peer) Local() netip.AddrPort { return p.local }

// Remote is the address of the socket it is connected to.
func (p *Peer) Remote() netip.AddrPort { return p.far }

// Send sends all of b.
func (p *Peer) Send(b []byte, timeout time.Duration) (sent int, st spec.Status) {
	st = p.await("peer send", timeout, func() simnet.Errno {
		for first := true; first || sent < len(b); first = false { // a datagram may be empty
			n, e := p.sock.Send(b[sent:])
			if e != simnet.OK {
				return e
			}
			sent += n
		}
		return simnet.OK
	})
	return sent, st
}

// Read reads what is there, at least one byte.
func (p *Peer) Read(b []byte, timeout time.Duration) (n int, st spec.Status) {
	st = p.await("peer read", timeout, func() (e simnet.Errno) {
		n, e = p.sock.Recv(b)
		return e
	})
	return max(n, 0), st
}

// HalfClose ends the peer's direction.
func (p *Peer) HalfClose() spec.Status { return status(p.sock.Shutdown(false, true)) }

// Close closes the connection.
func (p *Peer) Close() spec.Status {
	p.deliverLate(patience) // what it has sent is on its way
	p.gone = true
	return status(p.sock.Close())
}

// Abort resets it.
func (p *Peer) Abort() spec.Status {
	p.deliverLate(patience)
	p.gone = true
	return status(p.sock.Abort())
}

// listener is a far end that listens, or that is only bound.
type listener struct {
	w *World
	p *Peer
}

// Listen makes a listening far end.
func (w *World) Listen(n spec.Network, refuse bool) (spec.PeerListener, error) {
	var p *Peer
	switch n {
	case spec.TCP4:
		p = w.peer(w.Sim.NewSock())
	case spec.TCP6:
		p = w.peer(w.Sim.NewSockOn(6))
	default:
		return nil, fmt.Errorf("the simulated world has no listening %s", n)
	}
	e := p.sock.Bind(w.Loopback(n))
	if e == simnet.OK && !refuse {
		e = p.sock.Listen(16)
	}
	if e != simnet.OK {
		return nil, e
	}
	return &listener{w, p}, nil
}

func (l *listener) Addr() netip.AddrPort { return l.p.sock.Local() }

func (l *listener) Accept(timeout time.Duration) (spec.Peer, spec.Status) {
	var s *simnet.Sock
	st := l.p.await("peer accept", timeout, func() (e simnet.Errno) {
		s, e = l.p.sock.Accept()
		return e
	})
	if !st.Ok() {
		return nil, st
	}
	p := l.w.peer(s)
	p.local, p.far = s.Local(), s.Remote()
	return p, st
}

func (l *listener) Close() spec.Status { return status(l.p.sock.Close()) }

// status tells a peer's errno in the portable words.
func status(e simnet.Errno) spec.Status {
	code := spec.Invalid
	switch e {
	case simnet.OK:
		return spec.Status{}
	case simnet.ECONNRESET, simnet.EPIPE:
		code = spec.Reset
	case simnet.ECONNREFUSED:
		code = spec.Refused
	case simnet.ETIMEDOUT:
		code = spec.TimedOut
	case simnet.ENOTCONN:
		code = spec.NotConnected
	case simnet.EBADF:
		code = spec.Closed
	}
	return spec.Status{Code: code, Space: spec.Errno, Native: int64(e)}
}
