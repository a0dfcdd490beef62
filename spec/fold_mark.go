package spec

import "slices"

// enter opens the span of a handler.
func (l *ledger) enter(e *Event) {
	s := l.socks[e.Sock]
	if s == nil || e.Verb != Receive {
		return
	}
	m := matter{q: e.Q, sock: s, thread: e.Thread, key: uint64(e.Op)}
	l.ask(atEnter, &m)
	s.handlers = append(s.handlers, handler{e.Op, e.Thread, e.Q})
	s.last = e.Thread
	s.serial++
}

// leave closes it.
func (l *ledger) leave(e *Event) {
	s := l.socks[e.Sock]
	if s == nil {
		return
	}
	for i, h := range s.handlers {
		if h.op == e.Op && h.thread == e.Thread {
			s.handlers = append(s.handlers[:i], s.handlers[i+1:]...)
			return
		}
	}
}

// settle asks the eventually-rules: everything that was certain to happen must have happened by now. Whatever
// is unfinished is shown in the order of the ids, so that a report does not depend on the order of a map.
func (l *ledger) settle(e *Event) {
	l.settled = true
	socks := make([]*sock, 0, len(l.socks))
	for _, s := range l.socks {
		socks = append(socks, s)
	}
	slices.SortFunc(socks, func(a, b *sock) int { return int(a.id) - int(b.id) })
	for _, s := range socks {
		l.place(s, e.Q, true)
	}
	for _, s := range socks {
		for _, o := range s.live {
			if s.port == nil || s.port.closed.called() || !s.assoc.done() || o.start.r == open || o.skipMay && o.how == Done {
				continue // nobody could have taken its packet, or none may be due
			}
			l.ask(atSettledOp, &matter{q: e.Q, op: o, sock: s, conn: s.conn, port: s.port})
		}
	}
	ports := make([]*port, 0, len(l.ports))
	for _, p := range l.ports {
		ports = append(ports, p)
	}
	slices.SortFunc(ports, func(a, b *port) int { return int(a.id) - int(b.id) })
	for _, p := range ports {
		if !p.closed.called() {
			for _, o := range p.posts {
				if o.start.r != open {
					l.ask(atSettledPost, &matter{q: e.Q, op: o, port: p})
				}
			}
		} else if p.closed.done() {
			for _, w := range p.waits {
				if w.span.c < p.closed.c {
					l.ask(atSettledWait, &matter{q: e.Q, port: p, wait: w, thread: w.thread})
				}
			}
		}
	}
	conns := make([]*conn, 0, len(l.conns))
	for _, c := range l.conns {
		conns = append(conns, c)
	}
	slices.SortFunc(conns, func(a, b *conn) int { return int(a.id) - int(b.id) })
	for _, c := range conns {
		l.ask(atSettledPeer, &matter{q: e.Q, conn: c, sock: c.sock})
	}
}
