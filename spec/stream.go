package spec

import "bytes"

// place finds, for the receives of s whose end is known, their place in the stream that the far end sent. Receives are filled in
// the order in which they were posted (axis fill=fifo): a receive may take the next place unless one that was certainly posted before it is
// still open. Those whose starts overlap may go either way, and their bytes tell which went first.
//
// A receive that does not fit is judged once nothing else that is open could explain it; final says that nothing more
// will come.
func (l *ledger) place(s *sock, q uint64, final bool) {
	c := s.conn
	if c == nil || !l.bytes {
		return
	}
	for len(s.recvs) > 0 {
		fits, first := -1, -1
		for i, o := range s.recvs {
			if !l.eligible(s, i) {
				break // and none after it: they are in order of call
			}
			if !o.resolved() {
				continue
			}
			if first < 0 {
				first = i
			}
			if c.fits(o.bytes) {
				if fits >= 0 && o.n > 0 && s.recvs[fits].n > 0 {
					s.blurred = true
				}
				if fits < 0 || o.n == 0 && s.recvs[fits].n > 0 {
					fits = i
				}
			}
		}
		if fits >= 0 {
			l.put(s, fits, q)
			continue
		}
		if first < 0 || !final && l.undecided(s) {
			return
		}
		l.misfit(s, first, q)
	}
}

// eligible reports whether the i-th receive may be the next in the stream.
func (l *ledger) eligible(s *sock, i int) bool {
	if !l.fifo {
		return true
	}
	for _, x := range s.recvs[:i] {
		if x.start.r < s.recvs[i].start.c {
			return false
		}
	}
	return true
}

// undecided reports whether a receive is still open that could have got the missing bytes.
func (l *ledger) undecided(s *sock) bool {
	for _, o := range s.recvs {
		if !o.resolved() {
			return true
		}
	}
	return false
}

// fits reports whether b is what comes next. No bytes always fit.
func (c *conn) fits(b []byte) bool {
	at := c.cursor - c.base
	return uint64(len(b)) <= uint64(len(c.log))-at && bytes.Equal(c.log[at:at+uint64(len(b))], b)
}

// put gives the i-th receive the next place.
func (l *ledger) put(s *sock, i int, q uint64) {
	o, c := s.recvs[i], s.conn
	m := matter{q: q, op: o, sock: s, conn: c, at: c.cursor, want: c.sentTo(), found: inPlace}
	if o.ends() {
		switch {
		case i > 0: // an older one may still hold bytes
		case c.cursor < c.sentTo() && !c.mayReset && !s.eof:
			m.found = early
			l.ask(atPlaced, &m)
		default:
			l.ask(atPlaced, &m)
		}
		s.eof = true
	} else if o.n > 0 && o.how != RefusedAtStart {
		l.ask(atPlaced, &m)
		c.cursor += uint64(len(o.bytes))
		c.trim()
	}
	l.drop(s, i)
}

// ends reports whether the receive told the program that the stream has ended.
func (o *op) ends() bool {
	return o.verb == Receive && o.length > 0 && o.n == 0 && o.succeeded()
}

func (l *ledger) drop(s *sock, i int) {
	o := s.recvs[i]
	s.recvs = append(s.recvs[:i], s.recvs[i+1:]...)
	o.stream = false
	l.retire(o)
	l.forget(s)
}

// history is how many delivered bytes are kept, to tell bytes that come again from bytes that were never sent.
const history = 4096

// trim drops what was delivered long ago.
func (c *conn) trim() {
	if c.cursor-c.base > 4*history {
		n := c.cursor - c.base - history
		c.log = append(c.log[:0], c.log[n:]...)
		c.base += n
	}
}

// misfit judges a receive whose bytes are not the next ones, and adopts what was seen so that the next fault is told
// from this one.
func (l *ledger) misfit(s *sock, i int, q uint64) {
	o, c := s.recvs[i], s.conn
	m := matter{q: q, op: o, sock: s, conn: c, at: c.cursor}
	if s.blurred {
		l.drop(s, i)
		return
	}
	for j, x := range s.recvs {
		if j != i && x.resolved() && x.n > 0 && c.fits(x.bytes) {
			m.found, m.other = crossed, x
			l.ask(atPlaced, &m)
			c.cursor += uint64(len(x.bytes))
			l.drop(s, j)
			return
		}
	}
	if l.bytes && o.bytes == nil {
		c.cursor = min(c.cursor+uint64(max(o.n, 0)), c.sentTo())
		l.drop(s, i)
		return
	}
	m.found, m.want = c.locate(o.bytes)
	l.ask(atPlaced, &m)
	c.cursor = max(c.cursor, min(m.want+uint64(len(o.bytes)), c.sentTo()))
	l.drop(s, i)
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
		if k := bytes.LastIndex(c.log[:min(c.cursor-c.base+uint64(len(b))-1, uint64(len(c.log)))], b); k >= 0 {
			return repeated, c.base + uint64(k)
		}
	}
	return altered, c.cursor
}

// peerRead matches what the far end read with what was sent: every send's bytes, whole unless it
// failed, in the order of the sends.
func (l *ledger) peerRead(c *conn, e *Event) {
	s := c.sock
	b := e.Data
	end := e.Status.Ok() && e.N == 0
	if e.Status.Code == Reset {
		c.sawEnd, c.sawReset = true, true
	}
	c.read += uint64(max(e.N, 0))
	if s == nil || !l.bytes || s.sendBlur {
		if end {
			c.sawEnd = true
		}
		return
	}
	m := matter{q: e.Q, conn: c, sock: s, thread: e.Thread}
	for len(b) > 0 {
		o, k := l.nextSend(s, b)
		if o == nil && s.cut {
			s.sendBlur = true // where an earlier send was cut cannot be told
			return
		}
		if o == nil {
			m.found, m.op = altered, s.firstSend()
			for _, x := range s.sends {
				if k := min(len(b), len(x.data)); k > 0 && x != m.op && bytes.Equal(x.data[:k], b[:k]) {
					m.found, m.other = crossed, x
				}
			}
			l.ask(atPeerRead, &m)
			s.sendBlur = true // what follows cannot be told apart any more
			return
		}
		b = b[k:]
		s.runAt += k
		m.op, m.found = o, inPlace
		l.ask(atPeerRead, &m)
		if s.runAt == len(o.data) {
			l.dropSend(s, o)
		}
	}
	if !end {
		return
	}
	c.sawEnd = true
	m.op, m.found = nil, inPlace
	if !c.mayReset {
		for _, o := range s.sends {
			if o.succeeded() && (o.n > 0 && (o != s.sends[0] || s.runAt < o.n)) {
				m.op, m.found = o, early
				break
			}
		}
	}
	l.ask(atPeerRead, &m)
}

func (s *sock) firstSend() *op {
	if len(s.sends) > 0 {
		return s.sends[0]
	}
	return nil
}

// nextSend returns the send that the first of the bytes b belong to, and how many of them. It makes that send the first of s.sends, its
// bytes up to s.runAt read. A send that failed, or may yet, can end anywhere.
func (l *ledger) nextSend(s *sock, b []byte) (*op, int) {
	if s.runAt > 0 {
		o := s.sends[0]
		k, all := common(o.data[s.runAt:], b)
		if all || k > 0 && o.mayBeCut() {
			s.cut = s.cut || !all
			return o, k
		}
		if !o.mayBeCut() {
			return nil, 0
		}
		s.cut = true
		l.dropSend(s, o)
	}
	for i, o := range s.sends {
		k, all := common(o.data, b)
		if all || k > 0 && o.mayBeCut() {
			s.cut = s.cut || !all
			for _, x := range s.sends[:i] {
				if x.start.r < o.start.c {
					l.dropSend(s, x) // nothing of it went out: checked when it was passed
				}
			}
			for j, x := range s.sends {
				if x == o {
					copy(s.sends[1:j+1], s.sends[:j])
					s.sends[0], s.runAt = o, 0
				}
			}
			return o, k
		}
		if !o.mayBeCut() && !l.overtaken(s, o) {
			return nil, 0
		}
	}
	return nil, 0
}

// overtaken reports whether some later send may legally go out before o, because their starts overlap.
func (l *ledger) overtaken(s *sock, o *op) bool {
	for _, x := range s.sends {
		if x != o && x.start.c > o.start.c && x.start.c < o.start.r {
			return true
		}
	}
	return false
}

// common returns the length of the common prefix, and whether it is the whole of the shorter one.
func common(a, b []byte) (n int, all bool) {
	most := min(len(a), len(b))
	for n < most && a[n] == b[n] {
		n++
	}
	return n, n == most && n > 0
}

// mayBeCut reports whether only a part of the send's bytes may have gone out.
func (o *op) mayBeCut() bool {
	return o.resolved() && !o.succeeded() || !o.resolved() && o.disturbs > 0 || o.sock.conn.mayReset
}

func (l *ledger) dropSend(s *sock, o *op) {
	s.sends = without(s.sends, o)
	s.runAt = 0
	o.stream = false
	l.retire(o)
}
