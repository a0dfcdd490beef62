//go:build linux

package uring

import (
	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/spec"
)

// Cancel ends op, or with nil every operation outstanding, with a packet that says Aborted, unless it has ended otherwise by then: what is in the ring is
// asked to end, and the packet tells. A cancelled receive has taken nothing. A cancelled send reports no bytes whatever the kernel has taken (U43); that much
// is on the wire, and the next send follows it directly: a program that cancels a send and goes on has to know what the other end will make of that.
func (s *socket) Cancel(op *spec.Op) spec.Status {
	s.b.lock.Lock()
	defer s.b.lock.Unlock()
	if s.state == closed {
		return spec.Is(spec.Closed)
	}
	if !s.abort(op) {
		return spec.Is(spec.NotFound)
	}
	return ok
}

// abort ends op, or with nil everything, and reports whether there was anything.
func (s *socket) abort(op *spec.Op) (found bool) {
	found = s.abortLine(&s.receives, &s.in, op)
	found = s.abortLine(&s.sends, &s.out, op) || found
	if s.connect != nil && (op == nil || op == s.connect) {
		found = true
		if s.out.under() {
			s.b.cancel(&s.out)
		} else {
			s.endConnect(spec.Is(spec.Aborted))
		}
	}
	for _, a := range s.arrivals {
		if op == nil || op == a.op {
			found = true
			s.b.cancel(&a.first)
		}
	}
	for i := 0; i < len(s.accepts); {
		if o := s.accepts[i]; op == nil || op == o {
			found = true
			s.failAccept(o, spec.Is(spec.Aborted))
		} else {
			i++
		}
	}
	if s.in.opcode == IORING_OP_ACCEPT && len(s.accepts) == 0 {
		s.b.cancel(&s.in) // which was nobody's
	}
	return found
}

// abortLine is abort for the operations of a line, of which the first is in the ring if r is.
func (s *socket) abortLine(l *line, r *request, op *spec.Op) (found bool) {
	waits := 0
	if r.under() && len(*l) > 0 {
		waits = 1
		if first := (*l)[0]; op == nil || op == first {
			found = true
			s.b.cancel(r)
		}
	}
	for i := waits; i < len(*l); {
		if o := (*l)[i]; op == nil || op == o {
			found = true
			l.cut(o)
			s.complete(o, 0, spec.Is(spec.Aborted))
		} else {
			i++
		}
	}
	return found
}

// abortInto ends the accept that waits for a connection to put into into.
func (s *socket) abortInto(into *socket) {
	for _, op := range s.accepts {
		if op.Into == spec.Socket(into) {
			s.abort(op)
			return
		}
	}
	for _, a := range s.arrivals {
		if a.op.Into == spec.Socket(into) {
			s.abort(a.op)
			return
		}
	}
}

// Close ends every outstanding operation with one packet, then the connection. When it returns both have happened.
//
// Closing a descriptor does nothing to what is in the ring, which holds on to the file: the far end would not see the end, and bytes that come late would
// still be put into the buffer (U14 to U16). So requests are cancelled first, by their user_data, which is the only way once the descriptor is closed (U18), and
// the descriptor is closed when the last of them has ended. They wait for readiness and not for anything that takes time, so a cancel ends them at once.
func (s *socket) Close() spec.Status {
	s.b.lock.Lock()
	if s.state == closed {
		s.b.lock.Unlock()
		return spec.Is(spec.Closed)
	}
	s.abort(nil)
	s.state = closed
	for _, c := range s.unclaimed {
		reset(c.fd)
	}
	s.unclaimed = nil
	if l := s.accepting; l != nil {
		l.abortInto(s) // an accept is to end up here (ACC-26)
	}
	s.b.forget(s)
	s.release()
	s.b.lock.Unlock()
	<-s.gone
	return ok
}

// release closes the descriptor of a closed socket once nothing in the ring uses it.
func (s *socket) release() {
	if s.state != closed || s.inRing > 0 {
		return
	}
	if s.fd >= 0 {
		unix.Close(s.fd)
		s.fd = -1
	}
	close(s.gone)
}
