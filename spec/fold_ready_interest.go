package spec

import "slices"

// Calls that add, modify and remove an interest.

func (r *readyLedger) callInterest(c *readyCall, e *Event) {
	p := c.poller
	if p == nil {
		return
	}
	if e.Into != 0 {
		if in := r.pollers[e.Into]; in != nil {
			c.file = in.file
			c.closed = c.closed || in.closed.done()
		}
	}
	if c.file == nil {
		return
	}
	p.mixed = p.seq
	g := p.find(c.desc, c.file)
	if g == nil {
		g = &registration{poller: p, desc: c.desc, file: c.file}
		p.regs = append(p.regs, g)
		c.file.regs = append(c.file.regs, g)
		if c.file.poller != nil && !slices.Contains(r.inner, c.file) {
			r.inner = append(r.inner, c.file)
			for i := range r.calls {
				r.calls[i].stirs(r.inner)
			}
		}
	}
	c.reg = g
	if e.Verb != ModifyInterest {
		g.others++
	}
	if g.ctl++; g.ctl > 1 {
		g.muddled = true
		g.torn = g.torn || g.others > 0
	}
	g.begun++
	c.begun, c.alone = g.begun, g.ctl == 1
	c.sure = !g.muddled && (c.desc == nil || !c.desc.closed.called()) && !p.closed.called() && !p.haunted(c.file)
	c.plain = !g.torn && (c.desc == nil || !c.desc.closed.called()) && !p.closed.called() && !p.haunted(c.file)
	if c.was = NoVerb; g.cur != nil {
		c.was, c.excl = g.cur.verb, g.cur.ask&Exclusive != 0
	}
	if e.Verb == RemoveInterest {
		if g.cur != nil && !g.cur.end.called() {
			c.set = g.cur
			c.set.end, c.set.endBy = span{e.Q, open}, e.Verb
		}
		return
	}
	s := &setting{reg: g, verb: e.Verb, token: e.Token, ask: e.Ask, at: span{e.Q, open}}
	p.tokens[e.Token] = append(p.tokens[e.Token], s)
	if g.cur != nil && !g.cur.end.called() {
		g.cur.end, g.cur.endBy = span{e.Q, open}, e.Verb
	}
	c.set = s
	g.credit++
	if g.cur == nil {
		g.credit = 1 + c.file.arrivals - c.file.settled
	}
}

// stirs notes that a call under way may take away what those that are watched have to report, also if they have been watched for less long than that.
func (c *readyCall) stirs(inner []*file) {
	if c.at == 0 || c.verb.OfPeer() || c.verb == WaitReady && !c.poller.watched() {
		return
	}
	for _, f := range inner[c.k:] {
		f.touch(In)
	}
	c.k = uint64(len(inner))
}

// watched reports whether the poller is, or was, inside another.
func (p *poller) watched() bool { return p != nil && len(p.file.regs) > 0 }

func (r *readyLedger) retInterest(l *ledger, c *readyCall, e *Event) {
	g := c.reg
	if g == nil {
		return
	}
	g.ctl--
	if c.verb != ModifyInterest {
		g.others--
	}
	// The rules are asked before the page changes.
	c.sure = c.sure && !g.muddled && !c.insideClosed() && (c.desc == nil || !c.desc.closed.called()) && !c.poller.closed.called()
	c.plain = c.plain && !g.torn && !c.insideClosed() && (c.desc == nil || !c.desc.closed.called()) && !c.poller.closed.called()
	r.answer(l, c, e)
	ok := e.Status.Ok()
	switch {
	case c.verb == RemoveInterest:
		if s := c.set; s != nil && s.end.c == c.at {
			if ok {
				s.end.r = e.Q
				g.cur = nil
				if s.ask&Exclusive != 0 {
					g.file.left = e.Q
				}
			} else {
				s.end, s.endBy = span{}, NoVerb
			}
		}
		if ok && c.alone && c.begun == g.begun {
			g.muddled, g.torn = false, false // whatever it was, it is removed now
			g.cur = nil
		}
	case ok:
		old := g.cur
		c.set.at.r = e.Q
		g.cur = c.set
		if old != nil && old.end.c == c.at {
			old.end.r = e.Q
		}
	default:
		p := c.poller
		p.tokens[c.set.token] = without(p.tokens[c.set.token], c.set)
		if g.credit > 0 && c.set.fired == 0 {
			g.credit--
		}
		if old := g.cur; old != nil && old.end.c == c.at {
			old.end, old.endBy = span{}, NoVerb
		}
	}
}
