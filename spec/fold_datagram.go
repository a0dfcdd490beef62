package spec

import (
	"cmp"
	"net/netip"
	"slices"
)

// callSendTo enters a send of a datagram.
func (l *ledger) callSendTo(s *sock, o *op, e *Event) {
	d := &dgram{data: e.Data, call: span{e.Q, open}, op: o, sock: s}
	o.to = plain(e.Addr)
	if b := l.boxAt(o.to); b.station != nil && b.station.closed.done() || b.sock != nil && b.sock.closed.done() {
		o.nowhere = true
	}
	if b := l.boxes.get(address(o.to)); b == nil || b.sock == nil && b.station == nil || b.station != nil && b.station.closed.called() || b.sock != nil && b.sock.closed.called() {
		s.mayMiss = true
	}
	o.mail = l.mail(e.Addr, d, len(d.data) == e.Len)
	o.mail.op = o
}

// sentMail enters the end of a send.
func (l *ledger) sentMail(o *op, refused bool) {
	d := o.mail
	if d == nil {
		return
	}
	d.call.r = o.endQ
	switch {
	case refused:
		d.void = d.got == nil
	case o.succeeded():
		d.sure = true
		if o.nowhere {
			o.sock.toNowhere++
		}
	}
	d.op, o.mail = nil, nil
}

// toldBy notes that o was told that nobody was where its socket had sent to. A send may be as well, which leaves open whether a receive is once more (Microsoft Learn, WSASendTo:
// WSAECONNRESET).
func (s *sock) toldBy(o *op, code Code) {
	if code == Unreachable && (o.verb == ReceiveFrom || o.verb == SendTo) || code == Reset && o.verb == SendTo {
		s.told++
	}
}

// toldUnseen reports whether an operation may have been told so without a packet.
func (s *sock) toldUnseen() bool {
	return slices.ContainsFunc(s.live, func(o *op) bool { return o.unseen() && o.how != Done && (o.verb == ReceiveFrom || o.verb == SendTo) })
}

// receivedFrom judges a receive of a datagram; from is where the datagram came from, size its length or -1.
func (l *ledger) receivedFrom(o *op, st Status, from netip.AddrPort, size int, q uint64) {
	s := o.sock
	if st.Code != OK && st.Code != Truncated {
		return
	}
	if size == 0 {
		size = -1 // an empty datagram shows without; a recorder may have left it out
	}
	m := &l.placing
	*m = matter{q: q, op: o, sock: s, found: untold}
	if b := s.box; b != nil && !b.untold && l.bytes && o.n >= 0 && o.n <= o.length && len(o.bytes) == o.n {
		waiting := 0
		for _, d := range b.sent {
			if d.got == nil && d.sure && d.call.r < o.knownQ {
				waiting++
			}
		}
		g := &gotten{start: o.start, known: o.knownQ, data: o.bytes, room: o.length, from: plain(from), said: plain(from), size: size}
		g.whole = st.Code == OK
		g.part = o.n == o.length && (st.Code == Truncated || l.silentCut)
		m.found = l.take(b, g)
		m.got, m.beside = g, waiting
		if g.d != nil {
			m.sure = len(g.d.data) > o.n
		}
	} else if b != nil {
		b.untold = true
	}
	l.ask(atMail, m)
}

// callStation opens a far end's call.
func (l *ledger) callStation(t *thread, e *Event) bool {
	if e.Verb == PeerBind {
		if e.Peer != 0 && l.stations.get(number(e.Peer)) == nil {
			t.station = &station{id: e.Peer, bind: span{e.Q, open}}
			l.stations.set(number(e.Peer), t.station)
		}
		return true
	}
	x := l.stations.get(number(e.Peer))
	if x == nil {
		return false
	}
	t.station = x
	switch e.Verb {
	case PeerSend:
		d := &dgram{data: e.Data, call: span{e.Q, open}, station: x}
		t.mail = l.mail(e.Addr, d, len(d.data) == e.Len)
	case PeerClose, PeerAbort:
		if !x.closed.called() {
			x.closed = span{e.Q, open}
			l.abandoned(x.box)
		}
	}
	return true
}

// abandoned enters that the owner of a box goes: what was sent to it and has not come, or may come once more, finds nobody.
func (l *ledger) abandoned(b *box) {
	if b == nil {
		return
	}
	for _, d := range b.sent {
		if d.sock != nil && (d.got == nil || !l.about.Path.Lossless || !l.about.Path.NoDup) {
			d.sock.mayMiss = true
		}
	}
	if b.untold || b.cut { // whose they were is not known
		for s := range l.socks.all() {
			s.mayMiss = s.mayMiss || s.net.Datagrams()
		}
	}
}

// retStation closes it.
func (l *ledger) retStation(t *thread, e *Event) bool {
	x := t.station
	if x == nil {
		return t.verb == PeerBind
	}
	switch t.verb {
	case PeerBind:
		x.bind.r = e.Q
		if a := plain(e.Addr); e.Status.Ok() && a.IsValid() {
			x.box = l.newBox(a, x.bind)
			x.box.station = x
		}
	case PeerSend:
		if d := t.mail; d != nil {
			d.call.r, d.sure = e.Q, e.Status.Ok()
		}
	case PeerRead:
		l.readMail(t, x, e)
	case PeerClose, PeerAbort:
		if x.closed.r == open {
			x.closed.r = e.Q
		}
	}
	return true
}

// readMail judges what a far end received.
func (l *ledger) readMail(t *thread, x *station, e *Event) {
	if e.Status.Code == TimedOut {
		x.dryQ = t.at
	}
	b := x.box
	if b == nil || !e.Status.Ok() {
		return
	}
	m := &l.placing
	*m = matter{q: e.Q, station: x, found: untold}
	if n := len(e.Data); !b.untold && l.bytes && n == e.N {
		g := &gotten{start: span{t.at, e.Q}, known: e.Q, data: e.Data, room: t.length, from: plain(e.Addr), said: plain(e.Addr), size: -1, whole: true, part: n == t.length}
		m.found = l.take(b, g)
		if m.got = g; g.d != nil {
			if m.sock = g.d.sock; m.sock == nil && m.found == mailFits {
				return // between two far ends: nothing of the back end's
			}
		}
	} else {
		b.untold = true
	}
	l.ask(atMail, m)
}

// disturbed notes what the network did.
func (l *ledger) disturbed(e *Event) {
	b := l.boxAt(plain(e.Addr))
	switch e.Verb {
	case NetDrop:
		b.lost++
	case NetDup:
		b.twice++
		b.mixed, l.ready.redoubled = true, true
	case NetReorder:
		b.mixed = true
	}
}

// missing counts the datagrams of b that were sent, for certain, after it was there, after since and before until, and that nobody has received although nothing but a fault
// explains that.
func (l *ledger) missing(b *box, since, until uint64) (n int) {
	due := func(d *dgram) bool {
		return d.sure && !d.void && b.since.done() && d.call.c > max(since, b.since.r) && d.call.r < until
	}
	for _, d := range b.sent {
		if l.mailRound++; d.got == nil && due(d) && !l.instead(b, d, due) {
			n++
		}
	}
	return max(0, n-b.lost-b.strays)
}

// instead gives d to a receive that has a datagram which looks the same and is not due, if need be by giving others theirs.
func (l *ledger) instead(b *box, d *dgram, due func(*dgram) bool) bool {
	for _, g := range b.got {
		if g.d == nil || g.visited == l.mailRound || !g.matches(d) {
			continue
		}
		g.visited = l.mailRound
		had := g.d
		if due(had) && !l.instead(b, had, due) {
			continue
		}
		if had.got == g {
			had.got = nil
		}
		g.d, d.got = d, g
		return true
	}
	return false
}

// arrived tells whether of the datagrams between far ends, the control of those that the back end should have had, all arrived, and how many that were.
func (l *ledger) arrived(since uint64) (n int, all bool) {
	for x := range l.stations.all() {
		if x.box == nil || x.box.untold || x.box.cut {
			continue
		}
		for _, d := range x.box.sent {
			if d.station == nil || !d.sure || d.call.c < since {
				continue
			}
			if d.got == nil {
				return n, false
			}
			n++
		}
	}
	return n, true
}

// delivered counts the datagrams that s sent to far ends which are there; 0 if one of them has not arrived.
func (l *ledger) delivered(s *sock) (n int) {
	for x := range l.stations.all() { // only sums are formed, so their order does not matter
		if x.box == nil || x.box.untold || x.box.cut || x.closed.called() {
			continue
		}
		for _, d := range x.box.sent {
			switch {
			case d.sock != s || !d.sure:
			case d.got == nil:
				return 0
			default:
				n++
			}
		}
	}
	return n
}

// controlMost is how many datagrams must have arrived on the control, and none here, before their loss is no accident.
const controlMost = 3

// waits tells whether a receive that is pending should have had a datagram: held if not, broken if so, unknown if it may be that the network lost it.
func (l *ledger) waits(o *op) (v verdict, n int) {
	s := o.sock
	b := s.box
	switch {
	case b == nil || b.untold || b.cut || s.shutRx.called() || s.closed.called() || o.disturbs > 0 || s.clouded && l.lossy:
		return unknown, 0
	}
	for _, x := range s.live {
		switch {
		case x.verb != ReceiveFrom:
		case x == o:
			n = l.missing(b, 0, open)
			if n == 0 {
				return held, 0
			}
			if l.about.Path.Lossless {
				return broken, n
			}
			return l.byControl(o, b)
		case x.how == Done && x.start.done():
			return unknown, 0 // it has one of them, and nobody has taken its packet
		default:
			return unknown, 0 // an older one is due first
		}
	}
	return unknown, 0
}

func (l *ledger) byControl(o *op, b *box) (verdict, int) {
	n := l.missing(b, o.start.r, open)
	for _, g := range b.got {
		if g.known > o.start.r {
			return unknown, n
		}
	}
	if k, all := l.arrived(o.start.r); n < controlMost || !all || k < n {
		return unknown, n
	}
	return broken, n
}

// settleMail asks about what far ends should have received.
func (l *ledger) settleMail(q uint64) {
	list := make([]*station, 0, l.stations.n)
	for x := range l.stations.all() {
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b *station) int { return cmp.Compare(a.id, b.id) })
	for _, x := range list {
		b := x.box
		if b == nil || b.untold || b.cut || x.closed.called() || x.lost {
			continue
		}
		n := l.missing(b, 0, x.dryQ)
		for _, d := range b.sent {
			if n == 0 || d.sock == nil || !d.sure || d.got != nil || d.call.r > x.dryQ {
				continue
			}
			m := &l.placing
			*m = matter{q: q, station: x, sock: d.sock, at: uint64(len(d.data)), want: uint64(n), call: d.call}
			x.lost = l.ask(atSettledMail, m)
			break
		}
	}
}
