package spec

import (
	"cmp"
	"fmt"
	"slices"
)

// retWait enters a wait's return, each of its events, and what it did not report.
func (r *readyLedger) retWait(l *ledger, c *readyCall, e *Event) {
	w := c.wait
	if w == nil {
		return
	}
	p := w.poller
	w.at.r, w.n, w.status, w.events, w.early = e.Q, e.N, e.Status, e.Ready, e.Early
	p.waits = without(p.waits, w)
	p.file.ready[0], p.file.taint[0] = 0, e.Q // what it had to report may have been taken
	if p.seq++; w.beside {
		p.mixed = p.seq
	}
	r.now = readyMatter{q: e.Q, wait: w, call: *c, status: e.Status, thread: e.Thread, n: e.N}
	r.ask(l, atReadyWait)
	if w.status.Code == TimedOut {
		l.spent(w.at.c, w.ms(), e.Q)
	}
	for i := range e.Ready {
		r.event(l, w, &e.Ready[i])
	}
	if w.status.Ok() || w.status.Code == TimedOut {
		if !p.closed.called() {
			r.missing(l, w)
		}
	}
	p.last = w
}

// whose finds the setting that an event belongs to. Of several with the same token it is the latest; if they are of different registrations it cannot
// be told.
func (p *poller) whose(token uint64, w *readyWait) (s *setting, told bool) {
	for _, x := range p.tokens[token] {
		if w.at.before(x.at) {
			continue
		}
		if s != nil && s.reg != x.reg {
			return nil, true
		}
		s = x
	}
	return s, s != nil
}

func (r *readyLedger) event(l *ledger, w *readyWait, ev *Ready) {
	p, q := w.poller, w.at.r
	m := &r.now
	*m = readyMatter{q: q, event: ev, wait: w, thread: w.thread}
	s, told := p.whose(ev.Token, w)
	if s == nil {
		if !told {
			r.ask(l, atReady)
		} else {
			for _, x := range p.tokens[ev.Token] {
				x.reg.told = q
				x.reg.muddled = true
			}
		}
		return
	}
	g := s.reg
	f := g.file
	m.set, m.reg, m.file = s, g, f
	if s.end.done() && s.end.before(w.at) {
		m.stale = s.endBy
		r.ask(l, atReady)
		return
	}
	m.allowed = p.unasked
	again := 0
	for _, x := range p.tokens[ev.Token] {
		if x.reg == g && !(x.end.done() && x.end.before(w.at)) {
			m.allowed |= x.ask & Reported
			again++
		}
	}
	if steady := g.steady(w.at.c); steady && g.cur == s {
		m.certain, m.lasting = f.certain(w.at.c)
		m.certain &= s.wants()
		m.lasting &= m.certain
		m.first = s.fired == 0 && s.fresh() != 0
	}
	m.ghost = g.desc != nil && g.desc.closed.done() && g.desc.closed.before(w.at)
	m.edge = s.ask&(Edge|OneShot) == Edge && again == 1 && g.cur == s && s.ask&(Out|Pri) == 0 && !r.stray && !f.blurred &&
		(f.listens != 0 || f.feed != nil || !isStream(f.net)) && f.dials == 0 && f.poller == nil && !g.muddled
	if m.edge {
		if m.spent = g.credit == 0; !m.spent {
			g.credit--
		}
	}
	for i := range r.held {
		if int32(i) == w.thread {
			continue
		}
		for k := range r.held[i] {
			if r.held[i][k].reg == g {
				m.several, m.other = true, int32(i)
			}
		}
	}
	m.call.into = uint32(again) // settings that the token may stand for
	m.untrue = r.untruth(l, w, s, ev.Events, m.allowed)
	s.fired++
	mine := teller{p, w.thread}
	if !slices.Contains(f.told, mine) {
		f.told = append(f.told, mine)
	}
	accused := r.ask(l, atReady)
	if m.spent && accused {
		f.blurred = true // whatever brought this event may bring others
	}
	g.accused = nil
	r.rotation(l, w, g)
	g.told, g.asked, g.seq = q, w.at.c, p.seq
	if ev.Events&Out != 0 {
		g.room = q
	}
	f.saw(ev.Events, w.at.c, q)
	r.held[w.thread] = append(r.held[w.thread], holding{file: f, reg: g, in: ev.Events&In != 0})
}

// rotation looks for one that was passed over while g was reported twice.
func (r *readyLedger) rotation(l *ledger, w *readyWait, g *registration) {
	p := w.poller
	if g.seq == 0 || g.seq == p.seq || p.mixed >= g.seq || w.n < w.room || g.cur == nil || !g.cur.level() {
		return
	}
	m := &r.now
	for _, x := range p.regs {
		if x == g || !x.steady(g.asked) || !x.cur.level() || !x.sole() {
			continue
		}
		bits, _ := x.file.certain(g.asked)
		if bits&x.cur.wants() == 0 {
			continue
		}
		// It was ready when g was reported before, and has been since. Has it been told of since?
		in := slices.ContainsFunc(w.events, func(e Ready) bool { return e.Token == x.cur.token })
		m.starved, m.first = x, x.seq < g.seq && !in
		r.ask(l, atRotation)
	}
}

// missing looks at what a wait that had room for it did not report.
func (r *readyLedger) missing(l *ledger, w *readyWait) {
	p := w.poller
	if w.n >= w.room || w.timeout == 0 && w.beside {
		return
	}
	m := &r.now
	for _, g := range p.regs {
		if !g.steady(w.at.c) || g.told == w.at.r || !g.sole() {
			continue
		}
		s := g.cur
		bits, lasting := g.file.certain(w.at.c)
		bits &= s.wants()
		fresh := s.fresh()
		late := s.level() && bits != 0
		room := s.ask&(Edge|OneShot) == Edge && bits&Out != 0 && g.room < g.file.full.c && !w.beside && len(p.waits) == 0
		if !late && !room && (s.fired > 0 || fresh == 0 || w.beside || len(p.waits) > 0) {
			continue
		}
		if g.accused == s {
			continue
		}
		*m = readyMatter{q: w.at.r, wait: w, thread: w.thread, reg: g, set: s, file: g.file, certain: bits, lasting: lasting, first: s.fired == 0 && fresh != 0, room: room}
		if r.ask(l, atMissing) {
			g.accused = s
		}
	}
}

// pause judges who is still waiting though something is ready. Where the world is simulated a pause is exact; elsewhere only a settle
// says that everything has happened.
func (r *readyLedger) pause(l *ledger, t *thread, e *Event, settled bool) {
	from := e.Since
	if from == 0 {
		from = t.last
	}
	if !settled && !l.sim {
		if e.N > 0 { // canary rounds, in which all that was sent has arrived
			r.rested = span{from, e.Q}
		}
		return
	}
	pollers := make([]*poller, 0, len(r.pollers))
	for _, p := range r.pollers {
		pollers = append(pollers, p)
	}
	slices.SortFunc(pollers, func(a, b *poller) int { return cmp.Compare(a.id, b.id) })
	for _, p := range pollers {
		if p.closed.called() {
			continue
		}
		var blocked *readyWait
		for _, w := range p.waits {
			if w.at.c < from && (w.timeout < 0 || l.sim) {
				blocked = w
			}
			if w.at.c < from && w.blockedBy == 0 {
				w.blockedBy = e.Q
			}
		}
		r.outlasts(l, p, from, e)
		for _, g := range p.regs {
			r.owed(l, p, g, blocked, e.Q, from, settled)
			r.owedEnd(l, p, g, blocked, e.Q, from, settled)
			r.owedConnect(l, p, g, blocked, e.Q, from, settled)
			r.owedInside(l, p, g, blocked, e.Q, from, settled)
		}
	}
	r.rested = span{from, e.Q}
	if !l.sim {
		return
	}
	for _, c := range r.feeds {
		if c.arrived() {
			c.settled = c.total - c.under
		}
	}
	for _, d := range r.descs {
		f := d.file
		if f.emptied() || f.roomAgain(l) {
			since(&f.ready, Out, e.Q)
		}
		if f.feed != nil && !f.feed.arrived() {
			continue
		}
		if f.settled = f.arrivals; f.parting {
			f.settled--
		}
		if f.feed != nil {
			f.settled -= f.feed.under
		} else if !isStream(f.net) {
			for _, c := range r.feeds {
				if c.file == f {
					f.settled -= c.under
				}
			}
		}
		for _, g := range f.regs {
			g.credit = min(g.credit, 1+uint64(len(g.poller.waits))+f.arrivals-f.settled)
		}
	}
}

// owed asks about a registration of which somebody should have heard by now.
func (r *readyLedger) owed(l *ledger, p *poller, g *registration, blocked *readyWait, q, from uint64, settled bool) {
	if !g.steady(from) || g.file.poller != nil || !g.sole() || g.accused == g.cur {
		return
	}
	s, f := g.cur, g.file
	if blocked == nil && p.last != nil {
		from = min(from, p.last.at.c)
	}
	bits, _ := f.certain(from)
	sure := bits
	where, unread := f.unread()
	if unread {
		bits |= In
	}
	room := blocked != nil && f.roomAgain(l)
	if room {
		bits |= Out
	}
	if bits &= s.wants(); bits == 0 {
		return
	}
	switch {
	case s.level():
	case s.fired == 0 && (unread && s.ask&In != 0 || s.fresh() != 0):
	case room && s.ask&OneShot == 0 && s.ask&Out != 0 && g.room < f.full.c:
	case s.ask&OneShot == 0 && s.ask&In != 0 && unread && f.came > g.told && f.roomy():
	default:
		return
	}
	silent := settled && p.last != nil && (l.sim || p.last.timeout != 0) && p.last.at.c > s.at.r && (sure&s.ask != 0 || p.last.at.c > f.fed) && g.told != p.last.at.r && p.last.n < p.last.room && len(p.waits) == 0
	r.now = readyMatter{q: q, wait: p.last, reg: g, set: s, file: f, blocked: blocked, first: silent, certain: bits, where: where}
	if r.ask(l, atOwed) {
		g.accused = s
	}
}

// String names the file in messages.
func (f *file) String() string {
	if f.poller != nil {
		return fmt.Sprint("poller ", f.poller.id)
	}
	return fmt.Sprint("socket ", f.id)
}
