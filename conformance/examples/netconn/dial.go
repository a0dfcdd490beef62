package netconn

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"github.com/ioconform/ioconform/spec"
)

// Dial connects to a numeric address.
func (s *Stack) Dial(address string) (*Conn, error) { return s.dial(context.Background(), address) }

// DialContext is for http.Transport and the like. The network is tcp, tcp4 or tcp6, the address numeric: there is no resolver here. A context that ends
// ends the attempt.
func (s *Stack) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return nil, fmt.Errorf("netconn: dial: the network %q is none of tcp, tcp4, tcp6", network)
	}
	c, err := s.dial(ctx, address)
	if err != nil {
		return nil, err // and not a Conn that is nil
	}
	return c, nil
}

func (s *Stack) dial(ctx context.Context, address string) (*Conn, error) {
	to, err := parse(address)
	if err != nil {
		return nil, fmt.Errorf("netconn: dial: %w", err)
	}
	c, err := s.connect(ctx, to)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: err}
	}
	return c, nil
}

func (s *Stack) connect(ctx context.Context, to netip.AddrPort) (*Conn, error) {
	e, err := s.socket(to.Addr())
	if err != nil {
		return nil, err
	}
	if err := e.connect(ctx, to); err != nil {
		e.Close() // which also ends a connect that is still in flight
		return nil, err
	}
	return conn(e)
}

func (e *endpoint) connect(ctx context.Context, to netip.AddrPort) error {
	any4or6 := netip.AddrPortFrom(netip.IPv4Unspecified(), 0)
	if to.Addr().Is6() {
		any4or6 = netip.AddrPortFrom(netip.IPv6Unspecified(), 0)
	}
	// ConnectEx wants a socket that is bound (Microsoft Learn, ConnectEx); others do not mind.
	if err := e.use(func(k spec.Socket) spec.Status { return k.Bind(any4or6) }); err != nil {
		return err
	}
	o := e.operation(spec.Connect)
	o.To = to
	if err := o.start(); err != nil {
		return err
	}
	select {
	case p := <-o.packet:
		if !p.Status.Ok() {
			return &Error{p.Status}
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-e.closing:
		return net.ErrClosed
	}
}
