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
	r.due(l, g, blocked, settled && r.silent(l, p, max(s.at.r, f.fed, c.fed)), RdHup, q, atOwedEnd)
}

// due asks about a registration of which a blocked thread has not heard, or nobody in a wait that had all the time.
func (r *readyLedger) due(l *ledger, g *registration, blocked *readyWait, silent bool, bits Interest, q uint64, at moment) {
	if blocked == nil && !silent {
		return
	}
	r.now = readyMatter{q: q, wait: g.poller.last, reg: g, set: g.cur, file: g.file, blocked: blocked, first: silent, certain: bits}
	if r.ask(l, at) {
		g.accused = g.cur
	}
}

// over reports whether the far end has ended the stream, for certain, and that has arrived, given that everything has that there was room for.
func (f *file) over() bool {
	c := f.feed
	return c != nil && isStream(f.net) && f.joined() && !f.odd && !f.blurred && !f.cut && c.fin && c.arrived()
}

// silent reports whether the latest wait on p had all the time to tell what had been done by the number given, and ran out of it. On a real machine what was sent has arrived
// for certain only once everything has come to rest.
func (r *readyLedger) silent(l *ledger, p *poller, done uint64) bool {
	w := p.last
	return w != nil && w.timeout > 0 && w.status.Code == TimedOut && done < w.at.c && len(p.waits) == 0 && (l.sim || done < r.rested.c && r.rested.r < w.at.c)
}

// owedConnect asks about a registration of something whose connect has come to an end, of which somebody should have heard.
func (r *readyLedger) owedConnect(l *ledger, p *poller, g *registration, blocked *readyWait, q, from uint64, settled bool) {
	f := g.file
	if !g.steady(from) || !g.sole() || g.accused == g.cur || f.dialed.r >= from {
		return
	}
	s := g.cur
	bits := f.becomes() & s.wants()
	if bits == 0 || !s.level() && s.fired > 0 && (s.ask&OneShot != 0 || f.dialed.c <= g.told) {
		return
	}
	done := max(s.at.r, f.dialed.r)
	silent := settled && r.silent(l, p, done) && done < r.rested.c && r.rested.r < p.last.at.c
	r.due(l, g, blocked, silent, bits, q, atOwedConnect)
}

// becomes tells what is so of the file, for certain, once what it has tried first and alone, a connect, has come to its end: there is room if it was made, whatever the far end has done since, and everything, an
// error among it, if it was refused.
func (f *file) becomes() Interest {
	d := f.dial
	switch {
	case d == nil || d.closed || f.cut || f.stirred > f.dialed.c || !d.refuses && d.asked > dialsMost:
		return 0
	case d.refuses:
		return In | Out | RdHup | Err | Hup
	}
	return Out
}

// owedInside asks about a registration of a poller inside p that has something to report, of which p should have told somebody by now.
func (r *readyLedger) owedInside(l *ledger, p *poller, g *registration, blocked *readyWait, q, from uint64, settled bool) {
	inner := g.file.poller
	if inner == nil || !g.steady(from) || g.cur.ask&In == 0 || !g.sole() || g.accused == g.cur || !g.cur.level() && g.cur.fired > 0 || len(inner.waits) > 0 {
		return
	}
	for _, x := range inner.regs {
		done, _, has := x.holds(from)
		if !has {
			continue
		}
		silent := settled && r.silent(l, p, max(g.cur.at.r, done))
		r.now = readyMatter{q: q, wait: p.last, reg: g, set: g.cur, file: g.file, blocked: blocked, first: silent, certain: In}
		if r.ask(l, atOwedInside) {
			g.accused = g.cur
		}
		return
	}
}

// holds reports whether there is something, certain since before from, that the registration has to report and nobody was told of; when that had been done at the latest that made it so; and
// whether it is to be told once only.
func (g *registration) holds(from uint64) (done uint64, once, has bool) {
	f := g.file
	if f.poller != nil || !g.steady(from) || !g.sole() || g.accused == g.cur {
		return 0, false, false
	}
	s := g.cur
	if _, unread := f.unread(); !unread || s.ask&In == 0 || f.fed >= from || !f.roomy() || !s.level() && s.fired > 0 && (s.ask&OneShot != 0 || f.came <= g.told) {
		return 0, false, false
	}
	return max(s.at.r, f.fed), !s.level(), true
}
