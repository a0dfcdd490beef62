package spec

import "bytes"

// peerRead matches what the far end read with what was sent: every send's bytes, whole unless it
// failed, in the order of the sends.
func (l *ledger) peerRead(c *conn, e *Event) {
	s := c.sock
	end := e.Status.Ok() && e.N <= 0
	if s != nil && (end || e.Status.Code == Reset) {
		m := &l.placing
		m.blank(e.Q)
		m.conn, m.sock, m.thread, m.status = c, s, e.Thread, e.Status
		l.ask(atPeerEnd, m)
	}
	if !e.Status.Ok() && e.Status.Code != TimedOut {
		c.sawEnd, c.mayReset = true, true
		c.sawReset = c.sawReset || e.Status.Code == Reset
	}
	c.read += uint64(max(e.N, 0))
	switch {
	case s == nil:
		c.deaf = c.deaf || e.N > 0
	case s.blur:
	case l.sums:
		l.readSum(c, s, e)
	case len(e.Data) != max(e.N, 0):
		l.loseSends(s)
	case l.bytes:
		l.attribute(c, s, e)
	}
	if !end {
		return
	}
	c.sawEnd = true
	if s == nil {
		return
	}
	m := &l.placing
	m.blank(e.Q)
	m.conn, m.sock, m.thread, m.found = c, s, e.Thread, inPlace
	if m.op = l.unread(s); m.op != nil && !c.mayReset {
		m.found = early
	} else {
		m.op = nil
	}
	l.ask(atPeerRead, m)
}

// unread returns a send that succeeded and of which the far end has not read all.
func (l *ledger) unread(s *sock) *op {
	if s.blur || s.cut || !l.follows() || s.conn == nil || len(s.conn.held) > 0 {
		return nil
	}
	if l.sums {
		return l.unreadSum(s)
	}
	for i, o := range s.sends {
		if o.succeeded() && o.n > 0 && (i > 0 || s.runAt < o.n) {
			return o
		}
	}
	return nil
}

// attribute tells whose bytes a far end has read.
func (l *ledger) attribute(c *conn, s *sock, e *Event) {
	b := e.Data
	if len(c.held) > 0 {
		c.held = append(c.held, b...)
		b = c.held
	}
	m := &l.placing
	for len(b) > 0 && !s.blur {
		o, k, how := l.nextSend(s, b)
		switch how {
		case itsOwn:
			b = b[k:]
			s.runAt += k
			m.blank(e.Q)
			m.conn, m.sock, m.thread, m.op, m.found = c, s, e.Thread, o, inPlace
			l.ask(atPeerRead, m)
			if s.runAt == len(o.data) {
				o.allRead = !s.cut
				l.dropSend(s, o)
			}
		case nobodyYet:
			c.held = append(c.held[:0], b...)
			return
		case cutHere:
			b = b[k:]
			s.cut = true
			l.dropSend(s, o)
		case cannotTell:
			l.loseSends(s)
		case nobodys:
			m.blank(e.Q)
			m.conn, m.sock, m.thread, m.found = c, s, e.Thread, altered
			if len(s.sends) > 0 {
				m.op = s.sends[0]
			}
			for _, x := range s.sends {
				if k := min(len(b), len(x.data)); x != m.op && bytes.Equal(x.data[:k], b[:k]) {
					m.found, m.other = crossed, x
				}
			}
			l.ask(atPeerRead, m)
			l.loseSends(s) // what follows cannot be told apart any more
		}
	}
	c.held = c.held[:0]
}

// whose bytes the next ones are.
type ownership uint8

const (
	itsOwn     ownership = iota // this send's
	nobodyYet                   // more than one send's, so far
	cutHere                     // this send ended early, which it may
	cannotTell                  // several sends', and more bytes will not help
	nobodys                     // none's that may be next
)

// nextSend returns the send that the first of the bytes b belong to, and how many of them. It makes that send the first of s.sends, its
// bytes up to s.runAt read. A send that failed, or may yet, can end anywhere.
func (l *ledger) nextSend(s *sock, b []byte) (*op, int, ownership) {
	if s.runAt > 0 {
		o := s.sends[0]
		k, all := common(o.data[s.runAt:], b)
		switch cuttable := l.mayBeCut(s, o); {
		case all && cuttable && l.alsoBegins(s, o, b, 0):
			return o, 0, cannotTell
		case all:
			return o, k, itsOwn
		case cuttable:
			return o, k, cutHere
		}
		return nil, 0, nobodys
	}
	whole, cutting, shorter := 0, 0, false
	at, due := 0, uint64(open)
	for i, o := range s.sends {
		if due < o.start.c {
			break // an earlier one is due before this and before all that follow
		}
		if !l.mayBeCut(s, o) {
			due = min(due, o.start.r)
			if o.known() {
				due = min(due, o.knownQ)
			}
		}
		k, all := common(o.data, b)
		switch {
		case all:
			if whole++; whole == 1 {
				at = i
			}
			shorter = shorter || len(o.data) <= len(b)
		case k > 0 && l.mayBeCut(s, o):
			cutting++
		}
	}
	switch {
	case whole == 1 && cutting == 0:
		o := s.sends[at]
		if l.mayBeCut(s, o) && l.alsoBegins(s, o, b, 1) {
			return o, 0, cannotTell
		}
		l.startRun(s, at)
		return o, min(len(o.data), len(b)), itsOwn
	case whole > 1 && cutting == 0 && !shorter:
		return nil, 0, nobodyYet
	case whole > 0 || cutting > 0 || s.cut:
		return nil, 0, cannotTell
	}
	return nil, 0, nobodys
}

// sentBefore reports whether x's bytes went out before y's, for certain.
func sentBefore(x, y *op) bool {
	return x.start.r < y.start.c || x.known() && x.knownQ < y.start.c
}

// startRun makes the i-th send the first: the far end is reading it. Those that were due before it and may have ended early
// have sent nothing.
func (l *ledger) startRun(s *sock, i int) {
	o := s.sends[i]
	if i == 0 {
		return
	}
	keep := append(make([]*op, 0, len(s.sends)), o)
	for j, x := range s.sends {
		if j < i && sentBefore(x, o) {
			x.stream = false
			l.retire(x)
		} else if j != i {
			keep = append(keep, x)
		}
	}
	clear(s.sends)
	s.sends = append(s.sends[:0], keep...)
}

// alsoBegins reports whether another send than o, which may have ended early, may as well begin among the bytes b, from place j on, that
// look like o's.
func (l *ledger) alsoBegins(s *sock, o *op, b []byte, j int) bool {
	most := min(len(b), len(o.data)-s.runAt)
	for _, x := range s.sends {
		if x == o {
			continue
		}
		for i := j; i < most; i++ { // from one place with x's first byte to the next
			k := bytes.IndexByte(b[i:most], x.data[0])
			if k < 0 {
				break
			}
			i += k
			if _, all := common(x.data, b[i:]); all || l.mayBeCut(s, x) {
				return true
			}
		}
	}
	return false
}

// common returns the length of the common prefix, and whether it is the whole of the shorter one. Neither is empty.
func common(a, b []byte) (n int, all bool) {
	most := min(len(a), len(b))
	if bytes.Equal(a[:most], b[:most]) {
		return most, true
	}
	for a[n] == b[n] {
		n++
	}
	return n, false
}

// mayBeCut reports whether only a part of the send's bytes may have gone out.
func (l *ledger) mayBeCut(s *sock, o *op) bool {
	if !l.whole || s.conn != nil && s.conn.mayReset {
		return true
	}
	if o.known() {
		return !o.succeeded()
	}
	return o.disturbs > 0
}

func (l *ledger) dropSend(s *sock, o *op) {
	s.sends = without(s.sends, o)
	s.runAt = 0
	o.stream = false
	l.retire(o)
}

// loseSends gives up following the bytes that s sends: nothing is said of them from now on.
func (l *ledger) loseSends(s *sock) {
	s.blur = true
	for _, o := range s.sends {
		o.stream = false
		l.retire(o)
	}
	clear(s.sends)
	s.sends, s.runAt = s.sends[:0], 0
}
