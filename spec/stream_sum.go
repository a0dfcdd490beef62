package spec

// At data level sum a trace tells of every run of bytes its length and its hash. Both ends cut the stream where they like, so that nothing
// can be said of a single receive; but wherever both have made a cut, the bytes since the cut before are the same or a rule is broken. What
// lies between two cuts waits for the second one. Where the order of receives, or of sends, cannot be told and their sums do not tell either,
// nothing is said.

// sumMost is how many receives between two cuts are kept to be judged one by one; sumHistory how many sends that have been compared.
const (
	sumMost    = 1024
	sumHistory = 64
	sumOrders  = 6 // receives, or sends, of which every order is tried
)

// follows reports whether the trace tells enough of the bytes for streams to be followed.
func (l *ledger) follows() bool { return l.bytes || l.sums }

// seen reports whether somebody looked at the n bytes that went through.
func (l *ledger) seen(b []byte, s Sum, n int) bool {
	if l.sums {
		return n <= 0 || s.Known()
	}
	return len(b) == n
}

// say enters what a far end is about to send. At this level base is the end of what has been sent, and there is no log.
func (c *conn) say(n int, s Sum) {
	if c.heard == nil {
		c.heard = &tally{sum: SumOf(nil)}
	}
	if n > 0 {
		c.heard.chunks = append(c.heard.chunks, chunk{uint64(n), s})
		c.base += uint64(n)
	}
}

// unsay takes back the end of the latest send, which did not go out. What has been received of it has.
func (c *conn) unsay(n uint64) {
	h := c.heard
	last := &h.chunks[len(h.chunks)-1]
	n = min(n, last.n)
	if c.base-n < c.cursor {
		n = c.base - min(c.cursor, c.base)
	}
	c.base -= n
	if last.n -= n; n > 0 {
		last.sum = 0
	}
	if last.n == 0 {
		h.chunks = h.chunks[:len(h.chunks)-1]
	}
}

// placeSums is place at level sum.
func (l *ledger) placeSums(s *sock, q uint64, final bool) {
	c := s.conn
	if c.heard == nil {
		c.heard = &tally{sum: SumOf(nil)}
	}
	h := c.heard
	for len(s.recvs) > 0 && !s.untold {
		first := s.recvs[0]
		if len(s.recvs) > 1 && !l.precedes(first, s.recvs[1]) {
			if !l.untangle(s, q, final) {
				break
			}
			continue
		}
		if !first.known() {
			if !final || !l.overtookSum(s, q) {
				break
			}
			continue
		}
		if first.ends() {
			l.endSum(s, q)
			continue
		}
		to, all := c.cursor+uint64(first.n), h.sum.Then(first.gotSum, first.n)
		if to > c.sentTo() {
			l.tooMany(s, q)
			continue
		}
		sent, chunks, cut := h.upTo(to)
		if cut && sent.Known() && all.Known() && sent != all {
			if !l.mismatch(s, q, final, to, chunks, sent, all) {
				break
			}
			continue
		}
		s.recvs = without(s.recvs, first)
		h.window = append(h.window, first)
		c.cursor, h.sum = to, all
		switch {
		case cut && sent == all && sent.Known():
			h.suspect = false
			l.tell(s, q, inPlace)
			h.moveTo(to, chunks)
		case cut:
			l.tell(s, q, untold) // a send whose bytes are not known lies between
			h.moveTo(to, chunks)
		case len(h.window) > sumMost:
			o := h.window[0]
			h.window = append(h.window[:0], h.window[1:]...)
			o.stream = false
			l.retire(o)
		}
	}
	if final && !s.untold {
		l.tell(s, q, untold) // no cut has come
	}
	l.forget(s)
}

// tell shows the rules the receives between two cuts.
func (l *ledger) tell(s *sock, q uint64, how found) {
	c := s.conn
	at := c.cursor
	for _, o := range c.heard.window {
		at -= uint64(o.n)
	}
	for _, o := range c.heard.window {
		l.placing = matter{q: q, op: o, sock: s, conn: c, at: at, want: c.sentTo(), found: how}
		l.ask(atPlaced, &l.placing)
		at += uint64(o.n)
	}
	l.letGo(c.heard)
}

// letGo forgets the receives between two cuts.
func (l *ledger) letGo(h *tally) {
	for _, o := range h.window {
		o.stream = false
		l.retire(o)
	}
	clear(h.window)
	h.window = h.window[:0]
}

// untangle brings receives whose order cannot be told into the order in which they make up the stream, and reports whether that could be
// done. It is done only where all of them have ended and both ends make a cut after them.
func (l *ledger) untangle(s *sock, q uint64, final bool) bool {
	c := s.conn
	k := 1
	for k < len(s.recvs) {
		apart := true
		for _, x := range s.recvs[:k] {
			apart = apart && l.precedes(x, s.recvs[k])
		}
		if apart {
			break
		}
		k++
	}
	n, given := uint64(0), 0
	for _, o := range s.recvs[:k] {
		switch {
		case !o.known():
			if final || len(s.recvs) > streamMost/4 {
				l.loseReceives(s)
			}
			return false
		case o.ends():
			given++
		}
		n += uint64(o.n)
	}
	sent, _, cut := c.heard.upTo(c.cursor + n)
	if given > 0 || k > sumOrders || !cut || !sent.Known() || len(c.heard.window) > 0 {
		l.loseReceives(s)
		return false
	}
	var search func(done int, sum Sum) bool
	search = func(done int, sum Sum) bool {
		if done == k {
			return sum == sent
		}
	next:
		for i := done; i < k; i++ {
			for j := done; j < k; j++ {
				if j != i && l.precedes(s.recvs[j], s.recvs[i]) {
					continue next
				}
			}
			s.recvs[done], s.recvs[i] = s.recvs[i], s.recvs[done]
			if o := s.recvs[done]; search(done+1, sum.Then(o.gotSum, o.n)) {
				return true
			}
			s.recvs[done], s.recvs[i] = s.recvs[i], s.recvs[done]
		}
		return false
	}
	if !search(0, SumOf(nil)) {
		// Which of them is wrong, and how, the sums do not tell.
		l.loseReceives(s)
		return false
	}
	h := c.heard
	for range k {
		o := s.recvs[0]
		s.recvs = without(s.recvs, o)
		h.window = append(h.window, o)
	}
	_, chunks, _ := h.upTo(c.cursor + n)
	c.cursor += n
	h.suspect = false
	l.tell(s, q, inPlace)
	h.moveTo(c.cursor, chunks)
	return true
}

// overtookSum is overtook at level sum.
func (l *ledger) overtookSum(s *sock, q uint64) bool {
	c, first := s.conn, s.recvs[0]
	if !l.fifo || !first.keySure || first.disturbs > 0 || s.port == nil || s.port.closed.called() || len(c.heard.window) > 0 {
		return false
	}
	return l.crossedSum(s, q)
}

// crossedSum judges a receive that has the bytes that were due to the first, and reports whether there is one.
func (l *ledger) crossedSum(s *sock, q uint64) bool {
	c, h := s.conn, s.conn.heard
	for _, x := range s.recvs[1:] {
		if x.known() && x.n > 0 && h.fits(x) {
			l.placing = matter{q: q, op: s.recvs[0], other: x, sock: s, conn: c, at: c.cursor, want: c.sentTo(), found: crossed}
			l.ask(atPlaced, &l.placing)
			_, chunks, _ := h.upTo(h.mark + uint64(x.n))
			c.cursor += uint64(x.n)
			h.moveTo(c.cursor, chunks)
			s.recvs = without(s.recvs, x)
			x.stream = false
			l.retire(x)
			return true
		}
	}
	return false
}

// endSum judges a receive that reported the end of the stream. That all bytes have come is told by their number.
func (l *ledger) endSum(s *sock, q uint64) {
	o, c := s.recvs[0], s.conn
	m := &l.placing
	*m = matter{q: q, op: o, sock: s, conn: c, at: c.cursor, want: c.sentTo(), found: inPlace}
	if c.cursor != c.sentTo() {
		m.found = early
	}
	if m.found == inPlace || !s.eof && !c.heard.suspect {
		l.ask(atPlaced, m)
	}
	s.eof = true
	l.placed(s, 0)
}

// tooMany judges a receive after which more bytes have come than were sent.
func (l *ledger) tooMany(s *sock, q uint64) {
	o, c := s.recvs[0], s.conn
	h := c.heard
	m := &l.placing
	*m = matter{q: q, op: o, sock: s, conn: c, at: c.cursor, want: c.cursor, found: altered}
	if how, where := h.find(o.n, o.gotSum); how == repeated {
		m.found, m.want = how, where
	}
	if !h.suspect {
		l.ask(atPlaced, m)
	}
	h.suspect = m.found == altered
	if m.found == altered {
		l.letGo(h)
		c.cursor = c.sentTo()
		h.jump(c)
	}
	l.placed(s, 0)
}

// mismatch judges the receives since the last cut, the first one that has no place included: their bytes are not those that were sent. It
// reports false if another receive may yet tell why.
func (l *ledger) mismatch(s *sock, q uint64, final bool, to uint64, chunks int, sent, all Sum) bool {
	o, c := s.recvs[0], s.conn
	h := c.heard
	m := &l.placing
	*m = matter{q: q, op: o, sock: s, conn: c, at: h.mark, want: c.sentTo(), found: altered}
	alone := len(h.window) == 0
	if !h.suspect {
		if alone && l.crossedSum(s, q) {
			return true
		}
		how, where := h.find(int(to-h.mark), all)
		if how == leftOut && alone && !final && l.morePending(s) {
			return false
		}
		m.found, m.want = how, where
		if a, b := l.exchanged(h, o, sent); a != nil {
			m.found, m.op, m.other = crossed, a, b
		}
		l.ask(atPlaced, m)
	}
	l.letGo(h)
	switch {
	case m.found == repeated:
		c.cursor, h.sum = h.mark, SumOf(nil)
	case m.found == leftOut:
		skip := uint64(0)
		for k := range h.chunks[h.done:] {
			if skip += h.chunks[h.done+k].n; h.mark+skip == m.want {
				h.moveTo(m.want, k+1)
				break
			}
		}
		c.cursor = h.mark + (to - m.at)
		_, more, _ := h.upTo(c.cursor)
		h.moveTo(c.cursor, more)
	default:
		h.suspect = m.found == altered
		c.cursor = to
		h.moveTo(to, chunks)
	}
	l.placed(s, 0)
	return true
}

// morePending reports whether a receive is open that may have the bytes that are missing.
func (l *ledger) morePending(s *sock) bool {
	for _, x := range s.recvs {
		if !x.known() {
			return len(s.recvs) <= 64
		}
	}
	return false
}

// exchanged looks for two receives since the last cut whose bytes, exchanged, are those that were sent.
func (l *ledger) exchanged(h *tally, last *op, sent Sum) (a, b *op) {
	list := append(append(make([]*op, 0, len(h.window)+1), h.window...), last)
	if len(list) > 12 || !l.fifo {
		return nil, nil
	}
	for i := range list {
		for j := i + 1; j < len(list); j++ {
			sum := SumOf(nil)
			for k, o := range list {
				switch k {
				case i:
					o = list[j]
				case j:
					o = list[i]
				}
				sum = sum.Then(o.gotSum, o.n)
			}
			if sum == sent {
				return list[i], list[j]
			}
		}
	}
	return nil, nil
}

// readSum is attribute at level sum: it compares what a far end has read with what was sent wherever both make a cut.
func (l *ledger) readSum(c *conn, s *sock, e *Event) {
	if e.N <= 0 {
		return
	}
	if !e.Sum.Known() {
		l.loseSends(s)
		return
	}
	if s.readN == 0 {
		s.readSum = SumOf(nil)
	}
	s.readN += uint64(e.N)
	s.readSum = s.readSum.Then(e.Sum, e.N)
	m := &l.placing
	*m = matter{q: e.Q, conn: c, sock: s, thread: e.Thread, found: altered}
	total, sum, count := uint64(0), SumOf(nil), 0
	sure := true // none of the sends so far may be cut, and their order is certain
	for i, o := range s.sends {
		if total >= s.readN {
			break
		}
		total, sum, count = total+uint64(o.length), sum.Then(o.sum, o.length), i+1
		sure = sure && !l.mayBeCut(s, o) && (i+1 == len(s.sends) || sentBefore(o, s.sends[i+1]))
	}
	switch {
	case total == s.readN && sum == s.readSum && sure:
		for range count {
			l.readWhole(c, s, e)
		}
		s.readN = 0
	case total < s.readN && sure:
		// More than was sent.
		l.ask(atPeerRead, m)
		l.loseSends(s)
	case total < s.readN:
		l.loseSends(s)
	case total != s.readN:
		if len(s.sends) > streamMost {
			l.loseSends(s)
		}
	case s.cut || !sure:
		l.loseSends(s)
	default:
		m.op = s.sends[0]
		l.strange(s, m)
		l.ask(atPeerRead, m)
		l.loseSends(s)
	}
}

// readWhole notes that the far end has read all of the first send.
func (l *ledger) readWhole(c *conn, s *sock, e *Event) {
	o := s.sends[0]
	l.placing = matter{q: e.Q, conn: c, sock: s, thread: e.Thread, op: o, found: inPlace}
	l.ask(atPeerRead, &l.placing)
	o.allRead = true
	l.dropSend(s, o)
}

// orderOf reports whether the order in which the sends go out is certain.
func (l *ledger) orderOf(s *sock) bool {
	certain := true
	for i := range min(len(s.sends)-1, streamMost) {
		certain = certain && sentBefore(s.sends[i], s.sends[i+1])
	}
	return certain
}

// strange finds the two sends that went out in the wrong order, where that is what happened.
func (l *ledger) strange(s *sock, m *matter) {
	if len(s.sends) > sumOrders {
		return
	}
	list := append([]*op(nil), s.sends...)
	var search func(done int, n uint64, sum Sum) bool
	search = func(done int, n uint64, sum Sum) bool {
		if n == s.readN {
			return sum == s.readSum
		}
		for i := done; i < len(list) && n < s.readN; i++ {
			list[done], list[i] = list[i], list[done]
			if o := list[done]; search(done+1, n+uint64(o.length), sum.Then(o.sum, o.length)) {
				return true
			}
			list[done], list[i] = list[i], list[done]
		}
		return false
	}
	if !search(0, 0, SumOf(nil)) {
		return
	}
	for i, o := range list {
		if o != s.sends[i] {
			m.found, m.op, m.other = crossed, s.sends[i], o
			return
		}
	}
}

// unreadSum is unread at level sum: that not all bytes have come is told by their number.
func (l *ledger) unreadSum(s *sock) *op {
	if !l.orderOf(s) {
		return nil
	}
	left := s.readN
	for _, o := range s.sends {
		switch n := uint64(max(o.length, 0)); {
		case l.mayBeCut(s, o):
			return nil
		case o.succeeded() && left < n:
			return o
		default:
			left -= min(left, n)
		}
	}
	return nil
}
