package realworld

import (
	"net"
	"net/netip"
	"time"

	"github.com/ioconform/ioconform/spec"
)

var _ spec.DatagramPeer = (*peer)(nil)

// mailConn is a bound datagram socket: on Unix package net's.
type mailConn interface {
	net.Conn
	ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error)
	WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error)
}

// Bind makes a socket with a loopback address that is connected to nobody.
func (p *peer) Bind() spec.Status {
	p.world.alive()
	if !p.network.Datagrams() {
		return spec.Is(spec.Unsupported)
	}
	conn, err := bindDatagrams(p.network, p.world.Loopback(p.network))
	if err != nil {
		return statusOf(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.conn != nil {
		conn.Close()
		return spec.Is(spec.Invalid)
	}
	p.use(conn)
	return spec.Status{}
}

// mailbox returns the socket that Bind made.
func (p *peer) mailbox() (mailConn, spec.Status) {
	conn, st := p.connection()
	if u, is := conn.(mailConn); is {
		return u, st
	} else if st.Ok() {
		st = spec.Is(spec.Unsupported)
	}
	return nil, st
}

// SendTo sends b as one datagram.
func (p *peer) SendTo(b []byte, to netip.AddrPort, timeout time.Duration) spec.Status {
	p.world.calls(timeout)
	defer p.world.called(timeout)
	conn, st := p.mailbox()
	if !st.Ok() {
		return st
	}
	if err := conn.SetWriteDeadline(deadline(timeout)); err != nil {
		return statusOf(err)
	}
	_, err := conn.WriteToUDPAddrPort(b, to)
	return statusOf(err)
}

// ReadFrom receives one datagram.
func (p *peer) ReadFrom(b []byte, timeout time.Duration) (n int, from netip.AddrPort, st spec.Status) {
	p.world.calls(timeout)
	defer p.world.called(timeout)
	conn, st := p.mailbox()
	if !st.Ok() {
		return 0, from, st
	}
	if err := conn.SetReadDeadline(deadline(timeout)); err != nil {
		return 0, from, statusOf(err)
	}
	n, from, err := conn.ReadFromUDPAddrPort(b)
	return n, netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), statusOf(err)
}

// kept is a socket that holds a port and receives nothing.
type kept struct{ net.Conn }

func (k kept) release() { k.Close() }

// vacate closes a bound datagram socket for all that anybody can see: it is connected to where nothing comes from, so that the kernel answers that nobody
// is there. Its port stays taken, else another case's socket might get it, and datagrams that are meant to find nobody.
func (p *peer) vacate(conn net.Conn) error {
	u, is := conn.(mailConn)
	if !is || u.RemoteAddr() != nil {
		return conn.Close()
	}
	if connectNowhere(u, p.world.Loopback(p.network).Addr()) != nil || !p.world.adopt(kept{conn}) {
		return conn.Close()
	}
	return nil
}
