package spec

import "net/netip"

// callReady enters a call of a program that uses a readiness back end. False: it is for the rest of the ledger, too.
func (l *ledger) callReady(e *Event) bool {
	r := &l.ready
	if e.Verb.OfPeer() {
		r.says(l, e)
		r.callPeer(e)
		r.taken(e.Verb)
		return false
	}
	d := r.descs[e.Sock]
	if !e.Verb.OfPoller() && d == nil {
		return false
	}
	c := &r.calls[e.Thread]
	*c = readyCall{verb: e.Verb, at: e.Q, desc: d, poller: r.pollers[e.Port], net: e.Net, addr: e.Addr, side: e.Side, ask: e.Ask, into: e.Into, length: e.Len, n: e.N}
	if d != nil {
		c.file = d.file
		c.closed = d.closed.done()
		if d.closed.called() && !d.closed.done() && e.Verb != CloseSocket {
			r.raced = true
		}
		d.calls++
	}
	if p := c.poller; p != nil && p.closed.done() {
		c.closed = true
	}
	c.due = e.Verb == ClosePoller && c.poller != nil && c.poller.file.ready[0] != 0
	c.stirs(r.inner)
	r.loosen(l, c, e)
	switch e.Verb {
	case OpenPoller:
		if e.Port != 0 && c.poller == nil {
			c.poller = &poller{id: e.Port, unasked: l.unasked, tokens: map[uint64][]*setting{}}
			c.poller.file = &file{poller: c.poller}
			r.pollers[e.Port] = c.poller
		}
	case OpenRaw:
		if e.Sock != 0 && d == nil {
			c.desc = r.newFile(e.Sock, e.Net)
			c.file = c.desc.file
			c.file.plain = isStream(e.Net)
			c.desc.calls++
		}
	case AddInterest, ModifyInterest, RemoveInterest:
		r.callInterest(c, e)
	case WaitReady:
		r.callWait(l, c, e)
	case ClosePoller:
		if p := c.poller; p != nil && !p.closed.called() {
			p.closed = span{e.Q, open}
		}
	case CloseSocket:
		if !d.closed.called() {
			d.closed = span{e.Q, open}
		}
		if d.calls > 1 {
			r.raced = true
		}
	default:
		r.sends(l, c.file, e)
		r.callFile(l, c, e)
	}
	return true
}

// callFile enters a call on a descriptor that is none of open, close and interests.
func (r *readyLedger) callFile(l *ledger, c *readyCall, e *Event) {
	f := c.file
	if f == nil {
		return
	}
	switch e.Verb {
	case TryReceive, TryReceiveFrom:
		c.taints = In | Pri | Err
	case TrySend, TrySendTo:
		c.taints = Out | Err
		f.mailed = f.mailed || !isStream(f.net)
		if f.feed == nil && isStream(f.net) || f.feed != nil && f.feed.gone {
			f.arrive(4, e.Q) // a reset may be the answer
		}
		if to := r.places[plain(e.Addr)]; e.Verb == TrySendTo && to != nil {
			to.arrive(1, e.Q)
		}
		if e.Verb == TrySendTo {
			r.mailed(e.Len)
			f.arrive(1, e.Q) // an error, if nobody has the port
		}
	case TryAccept:
		c.taints = In
	case DupRaw, Bind:
		f.binds = f.binds || e.Verb == Bind
		return
	case TryConnect:
		c.taints = Reported
		f.plain, f.met = false, false
		f.ended, f.rxShut, f.txShut = 0, 0, 0
		f.sticky = [reportable]uint64{} // a socket whose connect has failed may begin anew
		d := l.dials.get(address(plain(e.Addr)))
		if d != nil {
			d.asked++
			d.tried++
		}
		if f.dials++; f.dials == 1 {
			f.dialed, f.dial = span{e.Q, open}, d
		}
		f.unasked = f.dials == 2 && f.stirred < f.dialed.c
		if to := r.places[plain(e.Addr)]; to != nil {
			to.arrive(1, e.Q)
			to.odd = true
		}
	case Listen:
		c.taints = Reported
		f.plain = false
	case ShutdownSocket:
		c.taints = Reported
		f.plain, f.cut = false, true
		f.parting = f.parting || c.side != SideReceive
		f.rxCut = f.rxCut || c.side != SideSend
		f.arrive(2, e.Q)
	}
	if l.unasked == 0 && c.taints&Err != 0 {
		c.taints |= In | Out // by which an error is told that this may fetch
	}
	f.touch(c.taints)
	if c.taints&Out != 0 {
		f.full = span{}
	}
	if e.Verb != TryConnect || f.dials > 1 {
		f.stirred = e.Q
	}
	if e.Verb == TryReceive || e.Verb == TryReceiveFrom || e.Verb == TryAccept {
		f.receiving++
		c.alone = f.receiving == 1
		if !c.alone {
			for i := range r.calls {
				if x := &r.calls[i]; x.file == f {
					x.alone = false
				}
			}
		}
	}
}

func (r *readyLedger) callWait(l *ledger, c *readyCall, e *Event) {
	r.back(l, e.Thread, e.Q)
	p := c.poller
	if p == nil {
		return
	}
	w := &readyWait{thread: e.Thread, poller: p, at: span{e.Q, open}, max: e.Len, room: min(e.Len, roomAtOnce), timeout: e.N, beside: len(p.waits) > 0}
	if l.oneByOne {
		w.room = 1
	}
	for _, x := range p.waits {
		x.beside = true
	}
	if w.beside {
		p.mixed = p.seq
	}
	p.waits = append(p.waits, w)
	c.wait = w
}

// back notes that a thread has come back from what the wait before handed it.
func (r *readyLedger) back(l *ledger, thread int32, q uint64) {
	for i := range r.held[thread] {
		h := &r.held[thread][i]
		if h.seq == 0 {
			continue
		}
		r.now = readyMatter{q: q, file: h.file, thread: thread, held: h, several: h.seq < h.file.handled}
		r.ask(l, atHandled)
		h.file.handled = max(h.file.handled, h.seq)
	}
	r.held[thread] = r.held[thread][:0]
}

func (r *readyLedger) ask(l *ledger, at moment) (accused bool) {
	if r.raced {
		return false
	}
	l.handed = matter{q: r.now.q, thread: r.now.thread}
	return l.ask(at, &l.handed)
}

// retReady closes the interval of a call.
func (l *ledger) retReady(t *thread, e *Event) bool {
	r := &l.ready
	if t.verb.OfPeer() {
		r.retPeer(t, e)
		return false
	}
	c := &r.calls[e.Thread]
	if c.at != t.at || c.verb != t.verb {
		return false
	}
	if c.desc != nil {
		c.desc.calls--
	}
	for i := range r.inner {
		if uint64(i) < c.k {
			r.inner[i].touched(In, e.Q)
		}
	}
	switch c.verb {
	case OpenRaw:
		switch f := c.file; {
		case f == nil:
		case !e.Status.Ok():
			delete(r.descs, c.desc.id)
		case f.plain:
			since(&f.ready, Out|Hup, e.Q)
		default:
			since(&f.ready, Out, e.Q)
		}
	case OpenPoller:
		if !e.Status.Ok() && c.poller != nil {
			delete(r.pollers, c.poller.id)
		}
	case AddInterest, ModifyInterest, RemoveInterest:
		r.retInterest(l, c, e)
	case WaitReady:
		r.retWait(l, c, e)
	case ClosePoller:
		r.answer(l, c, e)
		if p := c.poller; p != nil && p.closed.c == c.at {
			if p.closed.r = e.Q; !e.Status.Ok() {
				p.closed = span{}
			}
		}
	case CloseSocket:
		r.answer(l, c, e)
		r.retClose(c, e)
	default:
		r.answer(l, c, e)
		r.retFile(l, c, e)
	}
	c.at = 0
	for _, f := range r.inner {
		r.ends(f.poller, e.Q)
	}
	return true
}

// answer asks about what a call on something closed, or not closed, has answered.
func (r *readyLedger) answer(l *ledger, c *readyCall, e *Event) {
	r.now = readyMatter{q: e.Q, call: *c, status: e.Status, file: c.file, thread: e.Thread, n: e.N}
	if c.verb == TryAccept {
		r.now.call.into = e.Into
	}
	r.now.brought, r.now.addr = r.brought(l, c, e), plain(e.Addr)
	r.ask(l, atAnswer)
}

func (r *readyLedger) retClose(c *readyCall, e *Event) {
	d := c.desc
	if d.closed.c != c.at {
		return
	}
	if d.closed.r = e.Q; !e.Status.Ok() {
		d.closed = span{}
		return
	}
	f := d.file
	if at, all := f.shut(); all {
		for _, g := range f.regs {
			if g.cur != nil && !g.cur.end.called() {
				g.cur.end, g.cur.endBy = at, CloseSocket
			}
		}
		if f.local.IsValid() && r.places[f.local] == f {
			delete(r.places, f.local)
		}
	}
}

// retFile enters the return of a call on a descriptor.
func (r *readyLedger) retFile(l *ledger, c *readyCall, e *Event) {
	f := c.file
	if f == nil {
		return
	}
	f.touched(c.taints, e.Q)
	if c.taints != 0 && c.at != f.dialed.c {
		f.stirred = e.Q
	}
	ok := e.Status.Ok()
	switch c.verb {
	case Bind, Listen:
		if a := plain(e.Addr); ok && a.IsValid() {
			f.heir = f.heir || f.local != a && r.knocked(a)
			f.local = a
			r.places[a] = f
		}
		if c.verb == Listen && ok {
			f.listens, f.backlog = e.Q, max(c.n, 1)
		}
	case DupRaw:
		if ok && e.Into != 0 && r.descs[e.Into] == nil {
			d := &desc{id: e.Into, file: f}
			f.descs = append(f.descs, d)
			r.descs[e.Into] = d
		}
	case ShutdownSocket:
		if !ok || f.listens == 0 && !f.joined() {
			break
		}
		if c.side != SideSend && f.rxShut == 0 {
			f.rxShut = e.Q
		}
		if c.side != SideReceive && f.txShut == 0 {
			f.txShut = e.Q
		}
		if f.listens == 0 {
			f.ends(e.Q)
		} else {
			f.odd = true
		}
	case TryAccept:
		f.receiving--
		r.accepted(f, e)
		r.tried(l, c, e)
	case TryReceive, TryReceiveFrom:
		f.receiving--
		r.received(c, e)
		r.tried(l, c, e)
	case TryConnect:
		r.connected(l, c, e)
	case TrySend:
		if ok {
			f.put += uint64(max(e.N, 0))
		}
		if e.Status.Code == WouldBlock && f.busy[1] == 0 {
			f.full = span{c.at, e.Q}
		}
	}
}

func (r *readyLedger) accepted(f *file, e *Event) {
	switch {
	case !e.Status.Ok():
		f.odd = f.odd || e.Status.Code != WouldBlock
		return
	case e.Into == 0 || r.descs[e.Into] != nil:
		f.odd = true
		return
	}
	f.accepts++
	d := r.newFile(e.Into, f.net)
	s := d.file
	since(&s.ready, Out, e.Q)
	s.remote, s.from, s.born = plain(e.Addr), f, e.Q
	switch c := r.loneFeeds[s.remote]; {
	case !s.remote.IsValid() || r.twice[s.remote]:
	case c != nil && c.gone && r.dials(f), c == nil && r.loneFiles[s.remote] != nil:
		r.confused(s.remote)
	case c != nil:
		delete(r.loneFeeds, s.remote)
		r.meet(c, s)
	default:
		r.loneFiles[s.remote] = s
	}
}

// dials reports whether a connect to the listener is under way, of which it is not known yet from which address it comes: that of one which has left, perhaps.
func (r *readyLedger) dials(listener *file) bool {
	for _, c := range r.feeds {
		if c.door == listener && !c.local.IsValid() {
			return true
		}
	}
	return false
}

// confused enters that two connections have had the address, and neither is known by both its ends.
func (r *readyLedger) confused(a netip.AddrPort) {
	if r.twice == nil {
		r.twice = map[netip.AddrPort]bool{}
	}
	r.twice[a] = true
	delete(r.loneFeeds, a)
	delete(r.loneFiles, a)
}

func (r *readyLedger) received(c *readyCall, e *Event) {
	f := c.file
	switch {
	case e.Status.Ok() && e.N > 0:
		f.met = f.met || f.dials == 1
		f.got += uint64(e.N)
		f.order++
	case !isStream(f.net):
		if e.Status.Ok() {
			f.order++
		}
	case e.Status.Ok() && c.length > 0, e.Status.Code == Reset:
		if f.listens != 0 || !f.joined() {
			break
		}
		f.ended = e.Q
		if f.ends(e.Q); e.Status.Code == Reset {
			f.hangUp(e.Q)
		}
	case e.Status.Code != WouldBlock:
		f.odd = true
	}
}

func (r *readyLedger) connected(l *ledger, c *readyCall, e *Event) {
	f := c.file
	f.met = e.Status.Ok() || e.Status.Code == Connected
	if f.dialed.c != c.at {
		return
	}
	f.dialed.r = e.Q
	if a := plain(e.Addr); a.IsValid() {
		f.local = a
		r.places[a] = f
	}
	if e.Status.Code != WouldBlock {
		f.dial = nil
	}
	f.refuses = f.dial != nil && f.dial.refuses
}

// tried asks about a receive or accept that was tried.
func (r *readyLedger) tried(l *ledger, c *readyCall, e *Event) {
	r.now = readyMatter{q: e.Q, call: *c, status: e.Status, file: c.file, thread: e.Thread, n: e.N}
	for i := range r.held[e.Thread] {
		h := &r.held[e.Thread][i]
		if h.file != c.file {
			continue
		}
		if e.Status.Ok() && c.alone && h.seq == 0 && c.verb != TryAccept {
			h.seq = c.file.order
		}
		r.now.held = h
		r.ask(l, atTried)
		h.tried = true
		return
	}
}
