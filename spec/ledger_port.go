package spec

import (
	"cmp"
	"slices"
)

// port is the page of one port.
type port struct {
	id          uint32
	closed      span
	rivals      []span  // closes that were called while an earlier one was under way
	limit       int     // concurrency as asked for; 0 = the number of processors
	running     int     // threads that waited here last and are not waiting now
	busy        int     // handlers under way that do not block
	waits       []*wait // under way, in order of call
	oldest      *op     // posts that were not taken, in order of call
	newest      *op
	count       int   // operations outstanding on its sockets
	keys        []use // the keys they were started under
	gone        []gone
	pruneAt     int    // length of gone at which old entries are dropped
	doubtful    []wait // ran out of time; whether the port was empty depends on when a post that is still there is taken
	wokeAtClose int
	outOfTime   wait // the latest that ran out of time after everything had come to rest
	lastDry     span // of the latest wait that ran out of time
	passed      []passed
	overdueQ    uint64 // number of a pause since which something of a closed socket is overdue, 0 if nothing is

	calm       bool   // since the latest pause nothing but posts happened here
	quietAt    uint64 // number of the latest pause
	postsSince int    // posts called since
}

// use counts the operations outstanding under one key.
type use struct {
	key uint64
	n   int
}

// gone is a posted packet that has been taken out. Entries are in the order of their waits' returns; latest is
// the highest post.c so far, and whose it is.
type gone struct {
	post, taken span
	latest      uint64
}

// closeReturned enters the return of the close that was called then. One that fails may have come after another, which was called later.
func (p *port) closeReturned(c uint64, e *Event) {
	if p.closed.c != c {
		for i := range p.rivals {
			if x := &p.rivals[i]; x.c == c {
				if x.r = e.Q; !e.Status.Ok() {
					p.rivals = append(p.rivals[:i], p.rivals[i+1:]...)
				} else if !p.closed.called() {
					p.closed = *x
				}
				return
			}
		}
		return
	}
	if p.closed.r = e.Q; e.Status.Ok() {
		return
	}
	p.closed = span{}
	for _, x := range p.rivals {
		if !p.closed.called() || x.done() {
			p.closed = x
		}
	}
}

func (p *port) using(key uint64) {
	for i := range p.keys {
		if p.keys[i].key == key {
			p.keys[i].n++
			return
		}
	}
	p.keys = append(p.keys, use{key, 1})
}

func (p *port) used(key uint64) {
	for i := range p.keys {
		if p.keys[i].key == key {
			if p.keys[i].n--; p.keys[i].n == 0 {
				last := len(p.keys) - 1
				p.keys[i] = p.keys[last]
				p.keys = p.keys[:last]
			}
			return
		}
	}
}

// count enters o among what is outstanding at its socket's port.
func (o *op) count() {
	if p := o.sock.port; p != nil {
		o.port, o.key = p, o.sock.key
		p.count++
		p.using(o.key)
		p.calm = false
	}
}

// add puts a post at the end of those that were not taken.
func (p *port) add(o *op) {
	o.older = p.newest
	if p.newest != nil {
		p.newest.newer = o
	} else {
		p.oldest = o
	}
	p.newest = o
}

// remove takes a post out of them. Doing so twice is harmless.
func (p *port) remove(o *op) {
	if o.older == nil && p.oldest != o {
		return
	}
	if o.older != nil {
		o.older.newer = o.newer
	} else {
		p.oldest = o.newer
	}
	if o.newer != nil {
		o.newer.older = o.older
	} else {
		p.newest = o.older
	}
	o.older, o.newer = nil, nil
}

// inverted returns a post that was posted after o and taken out before it, for certain; ahead is how many posts of the
// same wait came before o.
func (p *port) inverted(o *op, ahead int) *gone {
	// Within one wait the packets are in the order of the queue.
	for i := len(p.gone) - ahead; i < len(p.gone); i++ {
		if g := &p.gone[i]; o.start.before(g.post) {
			return g
		}
	}
	last, _ := slices.BinarySearchFunc(p.gone[:len(p.gone)-ahead], o.taken.c, func(g gone, c uint64) int {
		if g.taken.r < c {
			return -1
		}
		return 1
	})
	if last == 0 || p.gone[last-1].latest <= o.start.r {
		return nil
	}
	for i := last - 1; i >= 0; i-- {
		if g := &p.gone[i]; o.start.before(g.post) {
			return g
		}
	}
	return nil
}

// took remembers a post that has been taken out, for as long as a wait under way may be compared with it.
func (p *port) took(o *op) {
	g := gone{o.start, o.taken, o.start.c}
	if n := len(p.gone); n > 0 {
		g.latest = max(g.latest, p.gone[n-1].latest)
	}
	if p.gone = append(p.gone, g); len(p.gone) >= p.pruneAt {
		p.prune(o.taken)
	}
}

// prune drops what can be compared with no wait under way, nor with a doubtful one. Of the older posts only the one that
// was posted last matters.
func (p *port) prune(now span) {
	oldest := now.c // packets of the wait that is being entered are still compared
	for _, w := range p.waits {
		oldest = min(oldest, w.span.c)
	}
	for i := range p.doubtful {
		oldest = min(oldest, p.doubtful[i].span.c)
	}
	keep, latest := p.gone[:0], gone{}
	for _, g := range p.gone {
		if g.taken.r < oldest {
			if g.post.c >= latest.post.c {
				g.latest = g.post.c
				latest = g
			}
			continue
		}
		if len(keep) == 0 && latest.post.c != 0 {
			keep = append(keep, latest)
		}
		keep = append(keep, g)
	}
	p.gone = keep
	p.pruneAt = 2*len(keep) + 32
}

// emptiness of a port during a wait.
type emptiness uint8

const (
	empty    emptiness = iota // at some moment no packet need have been there
	neverDry                  // at every moment a post was there, for certain
	depends                   // on when a post that is still there is taken
)

// dry tells whether the port can have been empty during w. A post was certainly in the port from its return until
// the call of the wait that took it; if such intervals together cover the wait, it had something to return.
func (p *port) dry(l *ledger, w *wait) emptiness {
	cover := l.cover[:0]
	for i := len(p.gone) - 1; i >= 0; i-- {
		g := &p.gone[i]
		if g.taken.before(w.span) {
			break // and so are all before it
		}
		if g.post.before(g.taken) && g.taken.c > w.span.c && g.post.r < w.span.r {
			cover = append(cover, span{g.post.r, g.taken.c})
		}
	}
	sure := len(cover)
	for o := p.oldest; o != nil && o.start.c < w.span.r; o = o.newer {
		if o.start.r < w.span.r && !o.twin {
			cover = append(cover, span{o.start.r, open})
		}
	}
	l.cover = cover
	switch {
	case len(cover) == 0:
		return empty
	case covers(cover[:sure], w.span):
		return neverDry
	case len(cover) > sure && covers(cover, w.span):
		return depends
	}
	return empty
}

// covers reports whether the intervals together cover w. They are brought into order.
func covers(cover []span, w span) bool {
	slices.SortFunc(cover, func(a, b span) int { return cmp.Compare(a.c, b.c) })
	at := w.c
	for _, s := range cover {
		if s.c > at {
			return false
		}
		if at = max(at, s.r); at >= w.r {
			return true
		}
	}
	return false
}
