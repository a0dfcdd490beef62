package spec

import "net/netip"

// shelf hands out blank pages, and the first of each trace are those of the trace before: programs of some twenty calls need a handful of each kind, and
// judging 100 000 of them a second the collector had a tenth of the time. What a long trace needs beyond those is made anew and left to the
// collector, because nobody can say when the last thing has let go of a page.
type shelf[T any] struct {
	pages []*T
	used  int
}

// shelved is how many pages of a kind are kept.
const shelved = 64

// take returns a page as the trace before has left it, or a new one.
func (s *shelf[T]) take() *T {
	if s.used == len(s.pages) {
		if s.used == shelved {
			return new(T)
		}
		s.pages = append(s.pages, new(T))
	}
	s.used++
	return s.pages[s.used-1]
}

func (s *shelf[T]) reset() { s.used = 0 }

// recycled are pages that are given back: as many exist as were ever in use at once.
type recycled[T any] struct {
	pages []*T // all ever made
	used  int  // of these, in this trace
	spare []*T
}

// take returns a blank page.
func (r *recycled[T]) take() *T {
	if n := len(r.spare); n > 0 {
		p := r.spare[n-1]
		r.spare = r.spare[:n-1]
		var blank T
		*p = blank
		return p
	}
	if r.used == len(r.pages) {
		r.pages = append(r.pages, new(T))
		r.used++
		return r.pages[r.used-1]
	}
	r.used++
	var blank T
	*r.pages[r.used-1] = blank
	return r.pages[r.used-1]
}

func (r *recycled[T]) give(p *T) { r.spare = append(r.spare, p) }

func (r *recycled[T]) reset() { r.used, r.spare = 0, r.spare[:0] }

// The pages below are blank but for the room of their lists, which is kept.

func (l *ledger) newSock(id uint32) *sock {
	s := l.sockPages.take()
	*s = sock{
		id: id, last: -1,
		handles: s.handles[:0], live: s.live[:0], into: s.into[:0], asking: s.asking[:0], recvs: s.recvs[:0], sends: s.sends[:0], handlers: s.handlers[:0],
	}
	return s
}

func (l *ledger) newConn(id uint32) *conn {
	c := l.connPages.take()
	*c = conn{id: id, log: c.log[:0], held: c.held[:0]}
	return c
}

func (l *ledger) newPort(id uint32) *port {
	p := l.portPages.take()
	*p = port{id: id, waits: p.waits[:0], keys: p.keys[:0], gone: p.gone[:0], doubtful: p.doubtful[:0], pruneAt: 32}
	return p
}

func (l *ledger) newDoor(a netip.AddrPort) *door {
	d := l.doorPages.take()
	*d = door{addr: a, waiting: d.waiting[:0], accepts: d.accepts[:0]}
	return d
}

func (l *ledger) orderedSocks() []*sock {
	l.sockList = ordered(&l.socks, l.sockList)
	return l.sockList
}

func (l *ledger) orderedConns() []*conn {
	l.connList = ordered(&l.conns, l.connList)
	return l.connList
}

func (l *ledger) orderedPorts() []*port {
	l.portList = ordered(&l.ports, l.portList)
	return l.portList
}
