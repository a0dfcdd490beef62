package spec

import (
	"bytes"
	"slices"
)

const (
	// streamMost is how many receives, or sends, of a connection are kept whose place is not known.
	streamMost = 4096
	// history is how many delivered bytes are kept, to tell bytes that come again from bytes that were never sent.
	history = 4096
	// orderMost is how many receives may have started at once for the order of their bytes to be searched.
	orderMost = 12
)

// received enters a receive that has ended.
func (l *ledger) received(o *op, q uint64) {
	s := o.sock
	if !o.stream {
		if o.n > 0 || o.ends() {
			l.placing.blank(q)
			l.placing.op, l.placing.sock, l.placing.conn, l.placing.found = o, s, s.conn, untold
			l.ask(atPlaced, &l.placing)
		}
		return
	}
	switch {
	case o.n < 0 || o.n > o.length || !l.seen(o.bytes, o.gotSum, o.n):
		l.loseReceives(s) // what it took is not known
	case o.n == 0 && !o.ends():
		o.stream = false
		s.recvs = without(s.recvs, o)
	}
	l.place(s, q, false)
}

// ends reports whether the receive told the program that the stream has ended.
func (o *op) ends() bool { return o.verb == Receive && o.length > 0 && o.n == 0 && o.succeeded() }

// precedes reports whether x has its bytes from further ahead in the stream than y, for certain: because x's were there before y
// was called, or because receives are filled in the order in which they were posted (axis fill=fifo).
func (l *ledger) precedes(x, y *op) bool {
	return x.known() && x.knownQ < y.start.c || l.fifo && x.start.r < y.start.c || x.verb == Accept
}

// place finds, for the receives of s whose end is known, their place in the stream that the far end sent. A receive may take the
// next place unless one that certainly precedes it has none yet. Those whose starts overlap may go either way, and
// their bytes tell which went first; while one of them is open, the others have no place unless their bytes are found only here.
//
// A receive that does not fit is judged once nothing else that is open could explain it; final says that nothing more
// will come.
func (l *ledger) place(s *sock, q uint64, final bool) {
	if s.conn == nil {
		return
	}
	if l.sums {
		l.placeSums(s, q, final)
		return
	}
	for len(s.recvs) > 0 && !s.untold {
		first := s.recvs[0]
		if len(s.recvs) == 1 || l.precedes(first, s.recvs[1]) {
			switch {
			case !first.known():
				if !final || !l.overtook(s, q) {
					return
				}
			case s.conn.fits(first):
				l.put(s, 0, q)
			case !final && l.mayBeHeld(s):
				return
			default:
				l.misfit(s, 0, q)
			}
			continue
		}
		i, judge := l.choose(s, final)
		if i < 0 {
			if len(s.recvs) > streamMost/4 {
				l.loseReceives(s)
			}
			return
		}
		if judge {
			l.misfit(s, i, q)
		} else {
			l.put(s, i, q)
		}
	}
}

// overtook judges a receive that has the next bytes although the one that was posted first is still pending and will not
// end any more, and reports whether there was one.
func (l *ledger) overtook(s *sock, q uint64) bool {
	c, first := s.conn, s.recvs[0]
	if !l.fifo || s.hides(first) {
		return false
	}
	for j, x := range s.recvs {
		if x.known() && x.n > 0 && c.fits(x) {
			m := &l.placing
			m.blank(q)
			m.op, m.sock, m.conn, m.at, m.want, m.found, m.other = first, s, c, c.cursor, c.sentTo(), crossed, x
			l.ask(atPlaced, m)
			c.cursor += uint64(len(x.bytes))
			l.placed(s, j)
			return true
		}
	}
	return false
}

// hides reports whether a receive that is open may have taken bytes all the same: its packet may be where nobody sees it.
func (s *sock) hides(x *op) bool {
	return !x.keySure || x.disturbs > 0 || s.port == nil || s.port.closed.called()
}

// mayBeHeld reports whether the bytes that are missing before the first receive may yet turn up in one that was posted later.
// Either is a fault; which one it is depends on that.
func (l *ledger) mayBeHeld(s *sock) bool {
	c, o := s.conn, s.recvs[0]
	if len(s.recvs) > 64 {
		return false
	}
	pending := false
	for _, x := range s.recvs {
		pending = pending || !x.known()
	}
	if !pending {
		return false
	}
	if o.ends() {
		return false
	}
	how, _ := c.locate(o.bytes)
	return how == leftOut
}

// choose returns which of several receives that may be next is next, or that must be judged; -1 if that cannot be told yet.
func (l *ledger) choose(s *sock, final bool) (at int, judge bool) {
	for i, o := range s.recvs {
		if o.known() && !o.ends() && s.conn.fits(o) && l.eligible(s, i) && l.onlyHere(s.conn, o) {
			return i, false
		}
	}
	// Those that nothing can come before whose place cannot be told yet: no open receive, nor one that an open receive can come before.
	list := l.order[:0]
	for i, o := range s.recvs {
		if o.known() && (final || l.ahead(s, o)) {
			list = append(list, i)
		}
	}
	for fewer := true; fewer && !final; {
		fewer = false
		for k, i := range list {
			if !l.aheadOfOthers(s, i, list) {
				list = append(list[:k], list[k+1:]...)
				fewer = true
				break
			}
		}
	}
	if l.order = list; len(list) == 0 {
		return -1, false
	}
	i, known := l.firstOf(s, list)
	switch {
	case !known:
		l.loseReceives(s)
		return -1, false
	case i >= 0:
		return i, false
	}
	for _, i := range list {
		if s.conn.fits(s.recvs[i]) && l.eligible(s, i) {
			return i, false
		}
	}
	o := s.recvs[list[0]]
	if how, _ := s.conn.locate(o.bytes); len(list) < len(s.recvs) && how == leftOut || o.ends() && !l.ahead(s, o) || l.behindHidden(s, o) {
		return -1, false // the missing bytes may be where nobody sees them: in a receive that is open
	}
	return list[0], true
}

// ahead reports whether o precedes every receive that is still open.
func (l *ledger) ahead(s *sock, o *op) bool {
	for _, x := range s.recvs {
		if !x.known() && !l.precedes(o, x) {
			return false
		}
	}
	return true
}

// behindHidden reports whether a receive that may have taken bytes where nobody sees it may be before o.
func (l *ledger) behindHidden(s *sock, o *op) bool {
	return slices.ContainsFunc(s.recvs, func(x *op) bool { return !x.known() && s.hides(x) && !l.precedes(o, x) })
}

// aheadOfOthers reports whether the i-th receive precedes every one that is not in the list.
func (l *ledger) aheadOfOthers(s *sock, i int, list []int) bool {
	for j, x := range s.recvs {
		if !slices.Contains(list, j) && !l.precedes(s.recvs[i], x) {
			return false
		}
	}
	return true
}

// eligible reports whether the i-th receive may be the next in the stream.
func (l *ledger) eligible(s *sock, i int) bool {
	for j, x := range s.recvs {
		if j != i && l.precedes(x, s.recvs[i]) {
			return false
		}
	}
	return true
}

// due returns the receive that the next bytes are due to: of those that are open, and may be next, the oldest.
func (l *ledger) due(s *sock) *op {
	for i, o := range s.recvs {
		if !o.known() && l.eligible(s, i) {
			return o
		}
	}
	return nil
}

// satisfied reports whether o, were it the next, would have to end by now: what it wants is there for certain.
func (o *op) satisfied(c *conn) bool {
	return c.sureTo > c.cursor && (o.flags&WaitAll == 0 || c.sureTo-c.cursor >= uint64(o.length)) || c.fin.done()
}

// surelyDue reports whether the next bytes are due to o, or to another whose start overlapped its start and that they would satisfy as well. One that waits
// for more may be before o, and keeps it waiting.
func (l *ledger) surelyDue(s *sock, o *op) bool {
	if l.due(s) != o {
		return false
	}
	for i, x := range s.recvs {
		if !x.known() && !x.satisfied(s.conn) && l.eligible(s, i) {
			return false
		}
	}
	return true
}

// onlyHere reports whether the bytes of o, which are the next ones, come nowhere else in what has been sent.
func (l *ledger) onlyHere(c *conn, o *op) bool {
	next := c.log[c.cursor-c.base:]
	return len(next) == 0 || !bytes.Contains(next[1:], o.bytes)
}

// firstOf searches for an order of the listed receives in which their bytes make up the stream, and returns the
// first of it; -1 if there is none. It is not known where there are too many to try.
func (l *ledger) firstOf(s *sock, list []int) (at int, known bool) {
	if len(list) > orderMost {
		return 0, false
	}
	steps := 20000
	var search func(placed uint32, at uint64) bool
	first := 0
	search = func(placed uint32, at uint64) bool {
		if placed == 1<<len(list)-1 {
			return true
		}
		if steps--; steps < 0 {
			return true // not known, and so nobody is accused
		}
	next:
		for k, i := range list {
			o := s.recvs[i]
			if placed&(1<<k) != 0 || !s.conn.fitsAt(o, at) {
				continue
			}
			for m, j := range list {
				if m != k && placed&(1<<m) == 0 && l.precedes(s.recvs[j], o) {
					continue next
				}
			}
			if search(placed|1<<k, at+uint64(o.n)) {
				first = i // the outermost call sets it last
				return true
			}
		}
		return false
	}
	found := search(0, s.conn.cursor)
	if steps < 0 {
		return 0, false
	}
	if !found {
		return -1, true
	}
	return first, true
}

// fits reports whether what o received is what comes next.
func (c *conn) fits(o *op) bool { return c.fitsAt(o, c.cursor) }

func (c *conn) fitsAt(o *op, at uint64) bool {
	if o.ends() {
		return at == c.sentTo()
	}
	from := at - c.base
	return uint64(len(o.bytes)) <= uint64(len(c.log))-from && bytes.Equal(c.log[from:from+uint64(len(o.bytes))], o.bytes)
}

// put gives the i-th receive the next place.
func (l *ledger) put(s *sock, i int, q uint64) {
	o, c := s.recvs[i], s.conn
	m := &l.placing
	m.blank(q)
	m.op, m.sock, m.conn, m.at, m.want, m.found = o, s, c, c.cursor, c.sentTo(), inPlace
	l.ask(atPlaced, m)
	if o.ends() {
		s.eof = true
	} else {
		c.cursor += uint64(len(o.bytes))
		c.trim()
	}
	l.placed(s, i)
}

func (l *ledger) placed(s *sock, i int) {
	o := s.recvs[i]
	s.recvs = without(s.recvs, o)
	o.stream = false
	l.retire(o)
	l.forget(s)
}

// trim drops what was delivered long ago.
func (c *conn) trim() {
	if c.cursor-c.base > 4*history {
		n := c.cursor - c.base - history
		c.log = append(c.log[:0], c.log[n:]...)
		c.base += n
	}
}

// misfit judges a receive that is not what comes next, and adopts what was seen so that the next fault is told
// from this one.
func (l *ledger) misfit(s *sock, i int, q uint64) {
	o, c := s.recvs[i], s.conn
	m := &l.placing
	m.blank(q)
	m.op, m.sock, m.conn, m.at, m.want = o, s, c, c.cursor, c.sentTo()
	if o.ends() {
		if !s.eof {
			m.found = early
			l.ask(atPlaced, m)
		}
		s.eof = true
		l.placed(s, i)
		return
	}
	for j, x := range s.recvs {
		if j != i && x.known() && x.n > 0 && c.fits(x) {
			for _, y := range s.recvs { // o itself may have started at the same time as x
				if y != x && l.precedes(y, x) {
					m.op = y
					break
				}
			}
			m.found, m.other = crossed, x
			l.ask(atPlaced, m)
			c.cursor += uint64(len(x.bytes))
			l.placed(s, j)
			return
		}
	}
	m.found, m.want = c.locate(o.bytes)
	l.ask(atPlaced, m)
	c.cursor = max(c.cursor, min(m.want+uint64(len(o.bytes)), c.sentTo()))
	l.placed(s, i)
}

// locate looks for bytes that are not the next ones: further on, or among those delivered. Bytes that are nearly the next ones
// were altered.
func (c *conn) locate(b []byte) (found, uint64) {
	next := c.log[c.cursor-c.base:]
	same := 0
	for k := range min(len(b), len(next)) {
		if b[k] == next[k] {
			same++
		}
	}
	if 2*same < len(b) {
		if k := bytes.Index(next, b); k >= 0 {
			return leftOut, c.cursor + uint64(k)
		}
		if k := bytes.LastIndex(c.log, b); k >= 0 {
			return repeated, c.base + uint64(k)
		}
	}
	return altered, c.cursor
}

// loseReceives gives up following the bytes that s receives: nothing is said of them from now on.
func (l *ledger) loseReceives(s *sock) {
	s.untold = true
	if c := s.conn; c != nil && c.heard != nil {
		l.letGo(c.heard)
	}
	for _, o := range s.recvs {
		o.stream = false
		l.retire(o)
	}
	clear(s.recvs)
	s.recvs = s.recvs[:0]
}
