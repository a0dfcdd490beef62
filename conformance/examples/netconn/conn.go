package netconn

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// Conn is a TCP connection. As of every net.Conn its methods may be called concurrently. A deadline ends a call and not what the call has started; Close ends
// both.
type Conn struct {
	*endpoint
	local, remote net.Addr
	in            receiver
	out           sender
}

var _ net.Conn = (*Conn)(nil)

// bufferSize is the size of a connection's two buffers, which it has from the first Read or Write on.
const bufferSize = 64 << 10

// conn makes a connection of an endpoint whose socket is connected. The endpoint is closed if that fails.
func conn(e *endpoint) (*Conn, error) {
	c := &Conn{endpoint: e}
	c.in = receiver{operation: e.operation(spec.Receive), turn: make(turn, 1)}
	c.out = sender{operation: e.operation(spec.Send), turn: make(turn, 1)}
	var local, remote netip.AddrPort
	err := e.use(func(k spec.Socket) (st spec.Status) {
		if local, st = k.Local(); st.Ok() {
			remote, st = k.Peer()
		}
		return st
	})
	if err != nil {
		e.Close()
		return nil, err
	}
	c.local, c.remote = net.TCPAddrFromAddrPort(local), net.TCPAddrFromAddrPort(remote)
	return c, nil
}

// LocalAddr implements net.Conn.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr implements net.Conn.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// Close implements net.Conn. A Write that returned no error has nothing outstanding that it could end.
func (c *Conn) Close() error { return c.said("close", c.endpoint.Close()) }

// CloseWrite ends the stream to the far end, behind everything that was written. Reading goes on.
func (c *Conn) CloseWrite() error { return c.said("close", c.closeWrite()) }

// SetDeadline implements net.Conn.
func (c *Conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetReadDeadline implements net.Conn.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.setDeadline(&c.in.deadline, t) }

// SetWriteDeadline implements net.Conn.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(&c.out.deadline, t) }

func (c *Conn) setDeadline(d *deadline, t time.Time) error {
	select {
	case <-c.closing:
		return c.said("set", net.ErrClosed)
	default:
		d.set(t)
		return nil
	}
}

// said puts an error of the operation op into the form that package net gives it.
func (c *Conn) said(op string, err error) error {
	if err == nil {
		return nil
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}
