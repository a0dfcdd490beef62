package netconn

import (
	"net"
	"os"
	"sync"

	"github.com/ioconform/ioconform/spec"
)

// endpoint is a socket and what may be in flight on it.
type endpoint struct {
	stack   *Stack
	sock    spec.Socket
	key     uint64
	closing chan struct{}  // closed when Close begins
	landing sync.WaitGroup // operations in flight
	landed  func()         // if not nil, called by Close when nothing is in flight any more

	mu     sync.Mutex // held across every call of sock: no call may race its close, after which the socket's number may be another's
	closed bool
}

// operation is an operation of an endpoint, in flight or not, one time after the other.
type operation struct {
	spec.Op
	on     *endpoint
	packet chan spec.Packet // room for one
}

func (e *endpoint) operation(kind spec.Verb) operation {
	return operation{Op: spec.Op{Kind: kind}, on: e, packet: make(chan spec.Packet, 1)}
}

// associate makes an endpoint of a socket, under a key of its own. The socket is closed if that fails.
func (s *Stack) associate(k spec.Socket) (*endpoint, error) {
	s.mu.Lock()
	s.last++
	e := &endpoint{stack: s, sock: k, key: s.last, closing: make(chan struct{})}
	s.mu.Unlock()
	if st := s.port.Associate(k, e.key); !st.Ok() {
		k.Close()
		return nil, &Error{st}
	}
	if err := s.keep(e); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// start starts o, which is not in flight. The packet may be there before Start has returned, so everything is prepared before.
func (o *operation) start() error {
	e := o.on
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return net.ErrClosed
	}
	e.landing.Add(1)
	e.stack.fly(o)
	if r := e.sock.Start(&o.Op); r.How == spec.RefusedAtStart {
		e.stack.find(o.Token) // there will be no packet, ever
		e.landing.Done()
		return &Error{r.Status}
	}
	return nil // done at once or pending: either way a packet follows, for nothing here skips it
}

// await waits for the packet of o. If d passes or the endpoint is closed first, o stays in flight.
func (o *operation) await(d *deadline) (spec.Packet, error) {
	select {
	case p := <-o.packet:
		return p, nil
	case <-d.passed():
		return spec.Packet{}, os.ErrDeadlineExceeded
	case <-o.on.closing:
		return spec.Packet{}, net.ErrClosed
	}
}

// use calls f unless the socket is closed.
func (e *endpoint) use(f func(spec.Socket) spec.Status) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return net.ErrClosed
	}
	if st := f(e.sock); !st.Ok() {
		return &Error{st}
	}
	return nil
}

// Close wakes whoever waits, ends what is in flight and closes the socket. When it returns every packet has come, and no buffer belongs to the
// back end any more. What is in flight is cancelled and waited for before the socket is closed, where the back end can cancel; where not, the
// close ends it (CLS-1). Either is allowed, but a connection that is closed under an outstanding receive may be reset instead of ended on
// Windows (libuv/libuv#3034), and an operation that Wine 8.0 finds pending at the close may go on, on the socket that has the handle's number next.
func (e *endpoint) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		e.landing.Wait() // like the Close that was first
		return net.ErrClosed
	}
	e.closed = true // from here on nobody else uses sock
	close(e.closing)
	e.mu.Unlock()
	switch e.sock.Cancel(nil).Code {
	case spec.OK, spec.NotFound: // not found: what is in flight has its packet already (CAN-2)
		e.landing.Wait()
	}
	st := e.sock.Close()
	e.landing.Wait()
	if e.landed != nil {
		e.landed()
	}
	e.stack.forget(e)
	if !st.Ok() {
		return &Error{st}
	}
	return nil
}

// turn is held by one caller at a time. Who waits for it can give up.
type turn chan struct{}

func (e *endpoint) take(t turn, d *deadline) error {
	// Closed comes first, and then late, also when the turn is free: a select would choose any.
	select {
	case <-e.closing:
		return net.ErrClosed
	default:
	}
	select {
	case <-d.passed():
		return os.ErrDeadlineExceeded
	default:
	}
	select {
	case t <- struct{}{}:
		return nil
	case <-d.passed():
		return os.ErrDeadlineExceeded
	case <-e.closing:
		return net.ErrClosed
	}
}

func (t turn) give() { <-t }
