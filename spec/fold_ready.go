package spec

import (
	"cmp"
	"fmt"
	"slices"
)

// callReady enters a call of a program that uses a readiness back end. False: it is for the rest of the ledger, too.
func (l *ledger) callReady(e *Event) bool {
	r := &l.ready
	if e.Verb.OfPeer() {
		r.callPeer(e)
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
	if e.Verb != WaitReady || c.poller != nil && c.poller.file != nil && len(c.poller.file.regs) > 0 {
		for _, f := range r.inner {
			f.touch(In)
		}
		c.k = uint64(len(r.inner))
	}
	switch e.Verb {
	case OpenPoller:
		if e.Port != 0 && c.poller == nil {
			c.poller = &poller{id: e.Port, tokens: map[uint64][]*setting{}}
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
		r.callFile(c, e)
	}
	return true
}

// callFile enters a call on a descriptor that is none of open, close and interests.
func (r *readyLedger) callFile(c *readyCall, e *Event) {
	f := c.file
	if f == nil {
		return
	}
	switch e.Verb {
	case TryReceive, TryReceiveFrom:
		c.taints = In | Pri | Err
	case TrySend, TrySendTo:
		c.taints = Out | Err
		if f.feed == nil && isStream(f.net) || f.feed != nil && f.feed.gone {
			f.arrive(4, e.Q) // a reset may be the answer
		}
		if to := r.places[plain(e.Addr)]; e.Verb == TrySendTo && to != nil {
			to.arrive(1, e.Q)
		}
		if e.Verb == TrySendTo {
			f.arrive(1, e.Q) // an error, if nobody has the port
		}
	case TryAccept:
		c.taints = In
	case DupRaw, Bind:
		return
	case TryConnect:
		c.taints = Reported
		f.plain, f.met = false, false
		f.ended, f.rxShut, f.txShut = 0, 0, 0
		f.sticky = [reportable]uint64{} // a socket whose connect has failed may begin anew
		if f.dials++; f.dials == 1 {
			f.dialed = span{e.Q, open}
		}
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
		f.arrive(2, e.Q)
	}
	f.touch(c.taints)
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
			c.file.busy[0]++
			c.k++
		}
	}
	c.reg = g
	if g.ctl++; g.ctl > 1 {
		g.muddled = true
	}
	g.begun++
	c.begun, c.alone = g.begun, g.ctl == 1
	c.sure = !g.muddled && (c.desc == nil || !c.desc.closed.called()) && !p.closed.called() && !p.haunted(c.file)
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

func (r *readyLedger) callWait(l *ledger, c *readyCall, e *Event) {
	r.back(l, e.Thread, e.Q)
	p := c.poller
	if p == nil {
		return
	}
	w := &readyWait{thread: e.Thread, poller: p, at: span{e.Q, open}, max: e.Len, timeout: e.N, beside: len(p.waits) > 0}
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

// callPeer enters what a far end begins.
func (r *readyLedger) callPeer(e *Event) {
	c := r.feeds[e.Peer]
	switch e.Verb {
	case PeerConnect, PeerAccept:
		if c != nil || e.Peer == 0 {
			return
		}
		c = &feed{id: e.Peer, net: e.Net, to: plain(e.Addr), named: e.Verb == PeerAccept}
		r.feeds[e.Peer] = c
		if c.named {
			return
		}
		to := r.places[c.to]
		switch {
		case to == nil:
			r.stray = true
		case isStream(c.net):
			c.door = to
			to.arrive(1, e.Q)
		default:
			c.file = to
		}
		return
	}
	if to := r.places[plain(e.Addr)]; to != nil && e.Verb == PeerSend {
		to.arrive(1, e.Q) // a datagram
	}
	if c == nil {
		return
	}
	k := uint64(0)
	switch e.Verb {
	case PeerSend:
		if k = uint64(max(e.Len, 0)); !isStream(c.net) {
			k = 1
		}
	case PeerHalfClose:
		k = 2
	case PeerClose, PeerAbort:
		k = 4
		c.gone = true
	default:
		return
	}
	c.total += k
	c.under += k
	c.cause = e.Q
	r.calls[e.Thread] = readyCall{verb: e.Verb, at: e.Q, feed: c, k: k}
	if c.file != nil {
		c.file.arrive(k, e.Q)
	}
}

// retPeer enters what a far end has done.
func (r *readyLedger) retPeer(t *thread, e *Event) {
	x := &r.calls[e.Thread]
	c := r.feeds[e.Peer]
	switch t.verb {
	case PeerConnect, PeerAccept:
		if c == nil || !e.Status.Ok() {
			if c != nil && c.door != nil {
				c.door.odd = true // it may have come in all the same
			}
			return
		}
		if c.door != nil {
			c.door.got++
			c.door.came = max(c.door.came, t.at)
		}
		if c.local = plain(e.Addr); c.named {
			r.meet(c, r.places[c.local])
		} else if isStream(c.net) {
			if f := r.loneFiles[c.local]; f != nil {
				delete(r.loneFiles, c.local)
				r.meet(c, f)
			} else {
				r.loneFeeds[c.local] = c
			}
		}
		return
	case PeerSend, PeerHalfClose, PeerClose, PeerAbort:
	default:
		return
	}
	if x.feed != c || c == nil || x.at != t.at {
		return
	}
	c.under -= x.k
	came := false
	if t.verb == PeerSend {
		came = e.N > 0
		c.sent += uint64(max(e.N, 0))
	} else if e.Status.Ok() {
		came = !c.fin
		c.fin = true
	}
	if came {
		c.came = max(c.came, t.at)
	}
	if f := c.file; came && f != nil {
		f.came = max(f.came, t.at)
	}
}

// meet makes one connection of a far end and a file.
func (r *readyLedger) meet(c *feed, f *file) {
	if f == nil || f.feed != nil || c.file != nil || !isStream(f.net) {
		if f != nil {
			f.odd, f.blurred = true, true
		}
		return
	}
	c.file, f.feed = f, c
	f.settled += c.settled
	f.arrivals += c.settled
	f.came = max(f.came, c.came)
	f.arrive(c.total-c.settled, c.cause)
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
	return true
}

// answer asks about what a call on something closed, or not closed, has answered.
func (r *readyLedger) answer(l *ledger, c *readyCall, e *Event) {
	r.now = readyMatter{q: e.Q, call: *c, status: e.Status, file: c.file, thread: e.Thread}
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
	s.remote = plain(e.Addr)
	if c := r.loneFeeds[s.remote]; c != nil {
		delete(r.loneFeeds, s.remote)
		r.meet(c, s)
	} else if s.remote.IsValid() {
		r.loneFiles[s.remote] = s
	}
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
	d := l.dials[plain(c.addr)]
	f.refuses = d != nil && d.refuses && e.Status.Code == WouldBlock
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

func (r *readyLedger) retInterest(l *ledger, c *readyCall, e *Event) {
	g := c.reg
	if g == nil {
		return
	}
	g.ctl--
	// The rules are asked before the page changes.
	c.sure = c.sure && !g.muddled && (c.desc == nil || !c.desc.closed.called()) && !c.poller.closed.called()
	r.answer(l, c, e)
	ok := e.Status.Ok()
	switch {
	case c.verb == RemoveInterest:
		if s := c.set; s != nil && s.end.c == c.at {
			if ok {
				s.end.r = e.Q
				g.cur = nil
			} else {
				s.end, s.endBy = span{}, NoVerb
			}
		}
		if ok && c.alone && c.begun == g.begun {
			g.muddled = false // whatever it was, it is removed now
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

// retWait enters a wait's return, each of its events, and what it did not report.
func (r *readyLedger) retWait(l *ledger, c *readyCall, e *Event) {
	w := c.wait
	if w == nil {
		return
	}
	p := w.poller
	w.at.r, w.n, w.status, w.events = e.Q, e.N, e.Status, e.Ready
	p.waits = without(p.waits, w)
	p.file.ready[0], p.file.taint[0] = 0, e.Q // what it had to report may have been taken
	if p.seq++; w.beside {
		p.mixed = p.seq
	}
	r.now = readyMatter{q: e.Q, wait: w, call: *c, status: e.Status, thread: e.Thread, n: e.N}
	r.ask(l, atReadyWait)
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
		if x.at.c > w.at.r {
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
	*m = readyMatter{q: q, event: ev, wait: w, thread: w.thread, other: -1}
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
	if s.end.done() && s.end.r < w.at.c {
		m.stale = s.endBy
		r.ask(l, atReady)
		return
	}
	m.allowed = Err | Hup
	again := 0
	for _, x := range p.tokens[ev.Token] {
		if x.reg == g && !(x.end.done() && x.end.r < w.at.c) {
			m.allowed |= x.ask & Reported
			again++
		}
	}
	if steady := g.steady(w.at.c); steady && g.cur == s {
		m.certain, m.lasting = f.certain(w.at.c)
		m.certain &= s.ask | Err | Hup
		m.lasting &= m.certain
		m.first = s.fired == 0 && s.fresh() != 0
	}
	m.ghost = g.desc != nil && g.desc.closed.done() && g.desc.closed.r < w.at.c
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
	f.saw(ev.Events, w.at.c, q)
	r.held[w.thread] = append(r.held[w.thread], holding{file: f, reg: g, in: ev.Events&In != 0})
}

// rotation looks for one that was passed over while g was reported twice.
func (r *readyLedger) rotation(l *ledger, w *readyWait, g *registration) {
	p := w.poller
	if g.seq == 0 || g.seq == p.seq || p.mixed >= g.seq || w.n < w.max || g.cur == nil || !g.cur.level() {
		return
	}
	m := &r.now
	for _, x := range p.regs {
		if x == g || !x.steady(w.at.c) || !x.cur.level() || !x.sole() {
			continue
		}
		bits, _ := x.file.certain(g.asked)
		if bits &= x.cur.ask | Err | Hup; bits == 0 || x.cur.at.r > g.asked {
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
	if w.n >= min(w.max, 64) || w.timeout == 0 && w.beside {
		return // 64 is as many as some kernels' wrappers take at once
	}
	m := &r.now
	for _, g := range p.regs {
		if !g.steady(w.at.c) || g.told == w.at.r || !g.sole() {
			continue
		}
		s := g.cur
		bits, lasting := g.file.certain(w.at.c)
		bits &= s.ask | Err | Hup
		fresh := s.fresh()
		late := s.level() && bits != 0
		if !late && (s.fired > 0 || fresh == 0 || w.beside || len(p.waits) > 0) {
			continue
		}
		if g.accused == s {
			continue
		}
		*m = readyMatter{q: w.at.r, wait: w, thread: w.thread, reg: g, set: s, file: g.file, certain: bits, lasting: lasting, first: s.fired == 0 && fresh != 0}
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
		}
		for _, g := range p.regs {
			r.owed(l, p, g, blocked, e.Q, from, settled)
		}
	}
	if !l.sim {
		return
	}
	for _, c := range r.feeds {
		c.settled = c.total - c.under
	}
	for _, d := range r.descs {
		f := d.file
		f.settled = f.arrivals
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
	where, unread := f.unread()
	if unread {
		bits |= In
	}
	if bits &= s.ask | Err | Hup; bits == 0 {
		return
	}
	switch {
	case s.level():
	case s.fired == 0 && (unread && s.ask&In != 0 || s.fresh() != 0):
	case s.ask&OneShot == 0 && s.ask&In != 0 && unread && f.came > g.told && f.roomy():
	default:
		return
	}
	silent := settled && p.last != nil && g.told != p.last.at.r && p.last.n < min(p.last.max, 64) && len(p.waits) == 0
	if !s.level() {
		silent = silent && p.last.at.c > s.at.r
	}
	r.now = readyMatter{q: q, wait: p.last, reg: g, set: s, file: f, blocked: blocked, first: silent, certain: bits, where: where, thread: -1}
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
