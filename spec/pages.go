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

// The pages below are blank but for the room of their lists, which is kept. They are made blank before they are filled in, where they stand: see matter.blank.

func (l *ledger) newSock(id uint32) *sock {
	s := l.sockPages.take()
	handles, live, into, asking, recvs, sends, handlers := s.handles[:0], s.live[:0], s.into[:0], s.asking[:0], s.recvs[:0], s.sends[:0], s.handlers[:0]
	*s = sock{}
	s.handles, s.live, s.into, s.asking, s.recvs, s.sends, s.handlers = handles, live, into, asking, recvs, sends, handlers
	s.id = id
	return s
}

// logKept is how many bytes of a stream a page has room for when it is used again.
const logKept = 1 << 16

// dropBytes drops the bytes that pages still hold, of a trace that is gone and of streams that were long: pages wait, and the rarer ones for long.
func (l *ledger) dropBytes() {
	for _, o := range l.opPages.pages[:l.opPages.used] {
		o.data, o.bytes = nil, nil
	}
	for _, c := range l.connPages.pages[:l.connPages.used] {
		if cap(c.log) > logKept {
			c.log = nil
		}
	}
}

func (l *ledger) newConn(id uint32) *conn {
	c := l.connPages.take()
	log, held := c.log[:0], c.held[:0]
	*c = conn{}
	c.log, c.held = log, held
	c.id = id
	return c
}

func (l *ledger) newPort(id uint32) *port {
	p := l.portPages.take()
	waits, keys, gone, doubtful, passed := p.waits[:0], p.keys[:0], p.gone[:0], p.doubtful[:0], p.passed[:0]
	*p = port{}
	p.waits, p.keys, p.gone, p.doubtful, p.passed = waits, keys, gone, doubtful, passed
	p.id, p.pruneAt = id, 32
	return p
}

func (l *ledger) newDoor(a netip.AddrPort) *door {
	d := l.doorPages.take()
	waiting, accepts := d.waiting[:0], d.accepts[:0]
	*d = door{}
	d.waiting, d.accepts = waiting, accepts
	d.addr = a
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
