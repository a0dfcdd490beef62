package spec

import (
	"bytes"
	"cmp"
	"fmt"
	"net/netip"
	"slices"
)

// Datagrams have no place in a stream by which they could be told apart; what there is are the address they were sent to, their bytes, and where they came
// from. What is sent to an address is kept in the box of whoever has the address. A receive takes one datagram out of its box; where several
// look alike any of them may be the one, so that a receive is only called a repetition if no way of handing the datagrams out explains all
// receives so far (a maximum matching, kept up by augmenting paths).

// boxMost is how many datagrams a box keeps. Of a box that had more, only those are judged that are found.
const boxMost = 1024

// box holds what was sent to one address, as long as one socket or far end had it.
type box struct {
	addr    netip.AddrPort
	sock    *sock    // whose it is; nil before it is known, or if it is a far end's
	station *station // likewise
	since   span     // the bind
	sent    []*dgram // in order of call
	got     []*gotten
	lost    int  // datagrams that the network has lost, or had no room for
	twice   int  // those that it doubled
	mixed   bool // it has changed their order
	strays  int  // receives that took something which is not here
	cut     bool // older ones have been dropped
	untold  bool // bytes are not known: nothing is said of it
}

// station is a far end of datagram sockets.
type station struct {
	id     uint32
	box    *box
	bind   span
	closed span
	dryQ   uint64 // call of the latest read that found nothing for as long as it took
	lost   bool   // a settle has accused it
}

// dgram is one datagram that was sent.
type dgram struct {
	data    []byte
	call    span // of the send
	op      *op  // sent by an operation of the back end, while that is outstanding
	sock    *sock
	station *station
	sure    bool // it was sent, for certain
	void    bool // it was not
	got     *gotten
}

// gotten is a receive that took a datagram.
type gotten struct {
	start   span
	known   uint64
	data    []byte
	room    int
	from    netip.AddrPort
	said    netip.AddrPort // from, as it was reported
	size    int            // -1 not known
	whole   bool           // it may have been a whole one
	part    bool           // it may have been cut short
	d       *dgram
	only    bool // no other datagram looks like it
	visited uint64
}

// misfits of a datagram that was received.
const (
	mailFits     found = iota + 32
	mailUnsent         // nobody sent this
	mailEmpty          // likewise, and it is empty
	mailPart           // a part of one, or several in one
	mailReported       // cut short and not reported so, or the other way round
	mailSize           // the size is that of no such datagram
	mailFrom           // no such datagram came from there
	mailAgain          // it has been received before
	mailLate           // one that was sent later has been received before this receive was started
	mailCrossed        // a receive that was started earlier has a datagram sent later, or the other way round
)

// boxAt returns the box that a datagram to a goes to.
func (l *ledger) boxAt(a netip.AddrPort) *box {
	b := l.boxes[a]
	if b != nil && (b.sock != nil || b.station != nil) {
		return b
	}
	for _, any := range [...]netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()} {
		if w := l.boxes[netip.AddrPortFrom(any, a.Port())]; w != nil && w.sock != nil && any.Is4() == a.Addr().Is4() {
			return w
		}
	}
	if b == nil {
		b = &box{addr: a}
		l.boxes[a] = b
	}
	return b
}

// newBox gives an address to somebody. What is under way to it may still arrive.
func (l *ledger) newBox(a netip.AddrPort, bind span) *box {
	b := &box{addr: a, since: bind}
	if old := l.boxes[a]; old != nil {
		for _, d := range old.sent {
			if d.got == nil && !d.void {
				b.sent = append(b.sent, d)
			}
		}
		b.untold, b.cut = old.untold, old.cut
	}
	l.boxes[a] = b
	return b
}

// boundTo gives a socket its address.
func (l *ledger) boundTo(s *sock, a netip.AddrPort, bind span) {
	if a = plain(a); !a.IsValid() || a.Port() == 0 || s.box != nil || !s.net.Datagrams() {
		return
	}
	s.box = l.newBox(a, bind)
	s.box.sock = s
}

// mail enters a datagram that is being sent.
func (l *ledger) mail(to netip.AddrPort, d *dgram, known bool) *dgram {
	b := l.boxAt(plain(to))
	if !known || !l.bytes {
		b.untold = true
		return d
	}
	if len(b.sent) >= boxMost {
		b.drop()
	}
	b.sent = append(b.sent, d)
	return d
}

// drop forgets the older half.
func (b *box) drop() {
	b.cut = true
	b.sent = append(b.sent[:0], b.sent[boxMost/2:]...)
	keep := b.got[:0]
	for _, g := range b.got {
		if g.d != nil && slices.Contains(b.sent, g.d) {
			keep = append(keep, g)
		}
	}
	clear(b.got[len(keep):])
	b.got = keep
}

// bytes are what was received, if that is known.
func (g *gotten) bytes() []byte {
	if g == nil {
		return nil
	}
	return g.data
}

// String names the far end in messages.
func (x *station) String() string { return fmt.Sprintf("far end %d", x.id) }

// knownStatus is how the operation ended, as far as the program knows.
func (o *op) knownStatus() Status {
	if o.taken.done() {
		return o.ended
	}
	return o.started
}

// origin is where a datagram comes from, as far as that is known.
func (d *dgram) origin() netip.AddrPort {
	var a netip.AddrPort
	switch {
	case d.station != nil && d.station.box != nil:
		a = d.station.box.addr
	case d.sock != nil && d.sock.box != nil:
		a = d.sock.box.addr
	}
	if a.Addr().IsUnspecified() {
		return netip.AddrPort{}
	}
	return a
}

// looks reports whether the bytes of g are those of d, in one of the ways that g allows.
func (g *gotten) looks(d *dgram) bool {
	return !d.void && d.call.c < g.known &&
		(g.whole && bytes.Equal(d.data, g.data) || g.part && len(d.data) > len(g.data) && bytes.HasPrefix(d.data, g.data))
}

// matches reports whether d may be what g received.
func (g *gotten) matches(d *dgram) bool {
	if !g.looks(d) || g.size >= 0 && g.size != len(d.data) {
		return false
	}
	from := d.origin()
	return !from.IsValid() || !g.from.IsValid() || from == g.from
}

// take finds the datagram that was received and tells what is wrong with it.
func (l *ledger) take(b *box, g *gotten) found {
	whole, part := g.whole, g.part
	like := 0
	for _, d := range b.sent {
		if g.matches(d) {
			like++
		}
	}
	if like == 0 {
		b.strays += 2 // it may be two in one
		if b.cut || !l.peers {
			return untold // who sent it may have been forgotten, or was not recorded
		}
		how := b.why(g)
		g.whole, g.part, g.size, g.from = whole, part, -1, netip.AddrPort{}
		if how == mailReported {
			g.whole, g.part = true, true
		}
		if how != mailPart && how != mailUnsent && how != mailEmpty && l.assign(b, g) {
			b.strays -= 2
			b.got = append(b.got, g)
		}
		return how
	}
	if !l.assign(b, g) {
		if b.twice > 0 {
			b.twice--
			return mailFits
		}
		if b.cut {
			return untold
		}
		return mailAgain
	}
	b.got = append(b.got, g)
	if g.only = like == 1; !g.only {
		return mailFits
	}
	return l.inTurn(b, g)
}

// why tells what is wrong with a datagram that nobody sent as it was received.
func (b *box) why(g *gotten) found {
	size, from := g.size, g.from
	g.size, g.from = -1, netip.AddrPort{}
	any := func() bool { return slices.ContainsFunc(b.sent, g.matches) }
	if any() {
		if g.size = size; !any() {
			return mailSize
		}
		return mailFrom
	}
	g.whole, g.part = true, len(g.data) == g.room
	if any() {
		return mailReported
	}
	g.from = from
	switch {
	case len(g.data) == 0:
		return mailEmpty
	case b.pieces(g.data, g.known):
		return mailPart
	}
	return mailUnsent
}

// pieces reports whether the bytes are a part of one datagram, or begin with a whole one and go on with another.
func (b *box) pieces(data []byte, known uint64) bool {
	for _, d := range b.sent {
		if d.void || d.call.c >= known {
			continue
		}
		if len(data) < len(d.data) && bytes.Contains(d.data, data) {
			return true
		}
		rest, begins := bytes.CutPrefix(data, d.data)
		if !begins || len(d.data) == 0 || len(rest) == 0 {
			continue
		}
		for _, x := range b.sent {
			if x != d && len(x.data) > 0 && (bytes.HasPrefix(x.data, rest) || bytes.HasPrefix(rest, x.data)) {
				return true
			}
		}
	}
	return false
}

// assign gives g a datagram of its own, if need be by giving others to those that have the ones it could have.
func (l *ledger) assign(b *box, g *gotten) bool {
	l.mailRound++
	return l.augment(b, g)
}

func (l *ledger) augment(b *box, g *gotten) bool {
	g.visited = l.mailRound
	for _, d := range b.sent {
		if d.got == nil && g.matches(d) {
			g.d, d.got = d, g
			return true
		}
	}
	for _, d := range b.sent {
		if x := d.got; x != nil && x.visited != l.mailRound && g.matches(d) && l.augment(b, x) {
			g.d, d.got = d, g
			return true
		}
	}
	return false
}

// inTurn compares g with the receives before it whose datagram came from the same far end. Only far ends keep an order of their own that is certain: one
// send has returned before the next is called.
func (l *ledger) inTurn(b *box, g *gotten) found {
	if !l.about.Path.InOrder || b.mixed || g.d.station == nil {
		return mailFits
	}
	for _, x := range b.got {
		if x == g || !x.only || x.d.station != g.d.station {
			continue
		}
		switch {
		case g.d.call.before(x.d.call) && x.known < g.start.c:
			return mailLate
		case !l.fifo:
		case g.d.call.before(x.d.call) && x.start.before(g.start), x.d.call.before(g.d.call) && g.start.before(x.start):
			return mailCrossed
		}
	}
	return mailFits
}

// callSendTo enters a send of a datagram.
func (l *ledger) callSendTo(s *sock, o *op, e *Event) {
	d := &dgram{data: e.Data, call: span{e.Q, open}, op: o, sock: s}
	if d.data == nil && e.Len == 0 {
		d.data = []byte{}
	}
	o.to = plain(e.Addr)
	if b := l.boxAt(o.to); b.station != nil && b.station.closed.done() || b.sock != nil && b.sock.closed.done() {
		o.nowhere = true
	}
	if b := l.boxes[o.to]; b == nil || b.sock == nil && b.station == nil || b.station != nil && b.station.closed.called() || b.sock != nil && b.sock.closed.called() {
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

// receivedFrom judges a receive of a datagram; from is where the datagram came from, size its length or -1.
func (l *ledger) receivedFrom(o *op, st Status, from netip.AddrPort, size int, q uint64) {
	s := o.sock
	if st.Code == Unreachable {
		s.told++
	}
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
		if e.Peer != 0 && l.stations[e.Peer] == nil {
			t.station = &station{id: e.Peer, bind: span{e.Q, open}}
			l.stations[e.Peer] = t.station
		}
		return true
	}
	x := l.stations[e.Peer]
	if x == nil {
		return false
	}
	t.station = x
	switch e.Verb {
	case PeerSend:
		d := &dgram{data: e.Data, call: span{e.Q, open}, station: x}
		if d.data == nil && e.Len == 0 {
			d.data = []byte{}
		}
		t.mail = l.mail(e.Addr, d, len(d.data) == e.Len)
	case PeerClose, PeerAbort:
		if !x.closed.called() {
			x.closed = span{e.Q, open}
		}
	}
	return true
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
		b.mixed = true
	case NetReorder:
		b.mixed = true
	}
}

// missing counts the datagrams of b that were sent, for certain, after it was there, and that nobody has received although nothing but a fault explains that.
func (b *box) missing(since uint64) (n int) {
	for _, d := range b.sent {
		if d.sure && !d.void && d.got == nil && b.since.done() && d.call.c > b.since.r && d.call.c > since {
			n++
		}
	}
	return max(0, n-b.lost-b.strays)
}

// arrived tells whether of the datagrams between far ends, the control of those that the back end should have had, all arrived, and how many that were.
func (l *ledger) arrived(since uint64) (n int, all bool) {
	for _, x := range l.stations {
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
			n = b.missing(0)
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
	n := b.missing(o.start.r)
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
	list := make([]*station, 0, len(l.stations))
	for _, x := range l.stations {
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b *station) int { return cmp.Compare(a.id, b.id) })
	for _, x := range list {
		b := x.box
		if b == nil || b.untold || b.cut || x.closed.called() || x.lost {
			continue
		}
		for _, d := range b.sent {
			if d.sock == nil || !d.sure || d.got != nil || d.call.r > x.dryQ || b.missing(0) == 0 {
				continue
			}
			m := &l.placing
			*m = matter{q: q, station: x, sock: d.sock, at: uint64(len(d.data)), want: uint64(b.missing(0)), call: d.call}
			x.lost = l.ask(atSettledMail, m)
			break
		}
	}
}
