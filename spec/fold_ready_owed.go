package spec

// What pollers owe once all is quiet, beside what can be received and what there is room for.

// owedEnd asks about a registration for rdhup, and not for in, of which somebody should have heard that the stream has ended.
func (r *readyLedger) owedEnd(l *ledger, p *poller, g *registration, blocked *readyWait, q, from uint64, settled bool) {
	f := g.file
	if !g.steady(from) || g.cur.ask&(In|RdHup) != RdHup || !g.sole() || g.accused == g.cur || !f.over() {
		return
	}
	s, c := g.cur, f.feed
	if !s.level() && s.fired > 0 && (s.ask&OneShot != 0 || c.ended <= g.told) {
		return
	}
	silent := settled && p.last != nil && p.last.timeout > 0 && p.last.status.Code == TimedOut && p.last.at.c > s.at.r && p.last.at.c > f.fed && p.last.at.c > c.fed && len(p.waits) == 0
	if blocked == nil && !silent {
		return
	}
	r.now = readyMatter{q: q, wait: p.last, reg: g, set: s, file: f, blocked: blocked, first: silent, certain: RdHup}
	if r.ask(l, atOwedEnd) {
		g.accused = s
	}
}

// over reports whether the far end has ended the stream, for certain, and that has arrived, given that everything has that there was room for.
func (f *file) over() bool {
	c := f.feed
	return c != nil && isStream(f.net) && f.joined() && !f.odd && !f.blurred && !f.cut && c.fin && c.arrived()
}
