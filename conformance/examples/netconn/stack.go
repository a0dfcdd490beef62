package netconn

import (
	"fmt"
	"io"
	"net"
	"sync"

	"github.com/ioconform/ioconform/spec"
)

// Stack makes connections and listeners on a back end. Its methods may be called concurrently.
type Stack struct {
	backend spec.Backend
	port    spec.Port
	workers sync.WaitGroup

	mu      sync.Mutex // a leaf
	last    uint64     // token or key given out
	flights map[uint64]*operation
	open    map[io.Closer]struct{}
	closed  bool
	fault   error
}

// quit is the token of the packet that ends a worker.
const quit = 0

// New opens a port on b with so many workers waiting on it, at least one. b stays the caller's, to be closed after the Stack.
func New(b spec.Backend, workers int) (*Stack, error) {
	p, st := b.Port(0)
	if !st.Ok() {
		return nil, &Error{st}
	}
	s := &Stack{backend: b, port: p, flights: map[uint64]*operation{}, open: map[io.Closer]struct{}{}}
	for range max(workers, 1) {
		s.workers.Go(s.work)
	}
	return s, nil
}

// work is a worker. The packet that ends it is passed on to the next.
func (s *Stack) work() {
	var packets [16]spec.Packet
	for stop := false; !stop; {
		n, st := s.port.Wait(packets[:], -1)
		switch {
		case st.Code == spec.Interrupted:
			continue
		case !st.Ok():
			panic(fmt.Sprintf("netconn: waiting on the port: %v; was the back end closed before the Stack?", st))
		}
		for _, p := range packets[:n] {
			if p.Token == quit {
				stop = true
			} else {
				s.land(p)
			}
		}
		clear(packets[:n])
	}
	s.port.Post(0, quit, 0)
}

// fly gives o a token that no operation has had before, so that no packet can be taken for another's, and keeps o until its packet is there.
func (s *Stack) fly(o *operation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	o.Token = s.last
	s.flights[o.Token] = o
}

// land takes the packet to whoever started the operation.
func (s *Stack) land(p spec.Packet) {
	o := s.find(p.Token)
	if o == nil {
		s.blame("a packet (key %#x, %d bytes, %v) has the token %#x, which no operation in flight has", p.Key, p.N, p.Status, p.Token)
		return
	}
	if p.Key != o.on.key {
		s.blame("the packet of a %v has the key %#x, its socket was associated with %#x", o.Kind, p.Key, o.on.key)
	}
	if p.N < 0 || p.N > len(o.Buf) {
		s.blame("the packet of a %v says %d bytes, there was room for %d", o.Kind, p.N, len(o.Buf))
		p.N, p.Status = 0, spec.Is(spec.Invalid)
	}
	o.packet <- p
	o.on.landing.Done()
}

// find takes the operation out of those in flight.
func (s *Stack) find(token uint64) *operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.flights[token]
	delete(s.flights, token)
	return o
}

// blame keeps the first thing that the back end got wrong.
func (s *Stack) blame(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault == nil {
		s.fault = fmt.Errorf("netconn: the back end broke its contract: "+format, args...)
	}
}

// keep remembers x for Close. It fails if the Stack has been closed.
func (s *Stack) keep(x io.Closer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return net.ErrClosed
	}
	s.open[x] = struct{}{}
	return nil
}

func (s *Stack) forget(x io.Closer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, x)
}

// Close closes every connection and listener, waits for the packets of what was in flight, and ends the workers. It returns
// what the back end did wrong, if that was noticed.
func (s *Stack) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return net.ErrClosed
	}
	s.closed = true
	var all []io.Closer
	for x := range s.open {
		all = append(all, x)
	}
	s.mu.Unlock()
	for _, x := range all {
		x.Close()
	}
	s.port.Post(0, quit, 0)
	s.workers.Wait()
	s.port.Close()
	return s.fault
}
