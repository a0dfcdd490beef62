package spec

// handle is one of several handles of a socket.
type handle struct {
	id     uint32
	closed span
}

// end is the close of a handle: of the socket itself, where it has no other.
func (s *sock) end(id uint32) *span {
	for i := range s.handles {
		if s.handles[i].id == id {
			return &s.handles[i].closed
		}
	}
	return &s.closed
}

// rivalReturned enters the return of a close that was called while an earlier one of the same handle was under way.
func (s *sock) rivalReturned(via uint32, c uint64, e *Event) {
	for i := range s.rivals {
		if h := &s.rivals[i]; h.id == via && h.closed.c == c {
			if h.closed.r = e.Q; !e.Status.Ok() {
				s.rivals = append(s.rivals[:i], s.rivals[i+1:]...)
			}
			return
		}
	}
}

// rivalOf returns the close that stands for one of the same handle that failed: one that has succeeded, else one that is still under way, else none.
func (s *sock) rivalOf(via uint32) (best span) {
	for _, h := range s.rivals {
		if h.id == via && (!best.called() || h.closed.done()) {
			best = h.closed
		}
	}
	return best
}

// second reports whether the operation was started through another handle than its socket's first.
func (o *op) second() bool { return o.sock != nil && o.on != o.sock.id }

// callDuplicate gives s another handle. That may keep it open from now on.
func (l *ledger) callDuplicate(t *thread, s *sock, e *Event) {
	t.other = e.Into
	if len(s.handles) == 0 {
		s.handles = append(s.handles, handle{s.id, s.closed})
	}
	s.handles = append(s.handles, handle{id: e.Into})
	l.twins.set(number(e.Into), s)
}

// retDuplicate takes it away again if there is none.
func (l *ledger) retDuplicate(t *thread, e *Event) {
	if e.Status.Ok() {
		return
	}
	s := t.sock
	for i, h := range s.handles {
		if h.id == t.other {
			s.handles = append(s.handles[:i], s.handles[i+1:]...)
			l.twins.drop(number(h.id))
			break
		}
	}
	if len(s.handles) == 1 {
		s.closed, s.handles = s.handles[0].closed, nil
	}
	l.unmade(l.sockOf(t.other), t, e)
}

// staysOpen enters that a handle of s is being closed, and reports whether another will be left. If not, it is the socket that is being closed.
func (l *ledger) staysOpen(s *sock, q uint64) bool {
	for i := range s.handles {
		if !s.handles[i].closed.called() {
			for _, o := range s.live {
				o.disturbs++
				o.spared++
			}
			return true
		}
	}
	if !s.closed.called() {
		s.closed = span{q, open}
	}
	return false
}

// closing enters that a close of a handle has failed, or that another stands for it: the socket is being closed if all of its handles are, since the latest of these calls.
func (s *sock) closing() {
	if len(s.handles) == 0 {
		return // what has been entered of the handle is the socket's
	}
	s.closed = span{}
	for i := range s.handles {
		switch x := s.handles[i].closed; {
		case !x.called():
			s.closed = span{}
			return
		case x.c > s.closed.c:
			s.closed = span{x.c, open}
		}
	}
}

// allClosed enters that the close of a handle has returned, and reports whether the socket is closed now.
func (s *sock) allClosed() bool {
	last := s.closed.r
	for i := range s.handles {
		x := s.handles[i].closed
		if !x.done() {
			return false
		}
		if i == 0 || x.r > last {
			last = x.r
		}
	}
	s.closed.r = last
	return true
}
