package spec

// Pollers that are closed while another thread makes a call on them. The call goes by a number. Closed that is the number of nothing, or of whatever is opened next, and on
// that the call is made if it had not come to the kernel before.

// loosen notes the calls that are about a poller which another thread closes.
func (r *readyLedger) loosen(l *ledger, c *readyCall, e *Event) {
	if p := c.poller; e.Verb == ClosePoller && p != nil {
		for i := range r.calls {
			if x := &r.calls[i]; x != c && x.at != 0 && x.about(p) {
				x.loose = true
			}
		}
	} else {
		c.loose = p.closing() || e.Verb != WaitReady && r.pollers[e.Into].closing()
	}
	for i := range l.threads {
		if l.threads[i].busy {
			r.taken(l.threads[i].verb)
		}
	}
}

// taken notes that something is being opened, which may get the number of what is closed.
func (r *readyLedger) taken(v Verb) {
	switch v {
	case OpenPoller, OpenRaw, TryAccept, DupRaw, PeerConnect, PeerAccept, PeerListen, PeerBind:
	default:
		return
	}
	for i := range r.calls {
		r.raced = r.raced || r.calls[i].at != 0 && r.calls[i].loose
	}
}

// about reports whether the call is on the poller, or on an interest in it.
func (c *readyCall) about(p *poller) bool {
	return c.poller == p || c.file != nil && c.file.poller == p
}

// closing reports whether the poller is being closed.
func (p *poller) closing() bool { return p != nil && p.closed.called() && !p.closed.done() }

// insideClosed reports whether the call is on an interest in a poller that is, or is being, closed.
func (c *readyCall) insideClosed() bool {
	return c.file != nil && c.file.poller != nil && c.file.poller.closed.called()
}

// ends enters that a closed poller has ended, and with it what others knew of it, once every call on it has returned: a wait that is under way keeps it (fs/file.c, fdget).
func (r *readyLedger) ends(p *poller, q uint64) {
	if !p.closed.done() || len(p.waits) > 0 {
		return
	}
	for i := range r.calls {
		if c := &r.calls[i]; c.at != 0 && c.about(p) {
			return
		}
	}
	for _, g := range p.file.regs {
		if g.cur != nil && !g.cur.end.called() {
			g.cur.end, g.cur.endBy = span{p.closed.c, q}, ClosePoller
		}
	}
}
