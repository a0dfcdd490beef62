package spec

import (
	"bytes"
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
	b := l.boxes.get(address(a))
	if b != nil && (b.sock != nil || b.station != nil) {
		return b
	}
	for _, any := range [...]netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()} {
		if w := l.boxes.get(address(netip.AddrPortFrom(any, a.Port()))); w != nil && w.sock != nil && any.Is4() == a.Addr().Is4() {
			return w
		}
	}
	if b == nil {
		b = &box{addr: a}
		l.boxes.set(address(a), b)
	}
	return b
}

// newBox gives an address to somebody. What is under way to it may still arrive.
func (l *ledger) newBox(a netip.AddrPort, bind span) *box {
	b := &box{addr: a, since: bind}
	if old := l.boxes.get(address(a)); old != nil {
		for _, d := range old.sent {
			if d.got == nil && !d.void {
				b.sent = append(b.sent, d)
			}
		}
		b.untold, b.cut = old.untold, old.cut
	}
	l.boxes.set(address(a), b)
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
		if l.assign(b, g) {
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
	if g.only = like == 1 && !b.cut; !g.only { // what has been dropped may have looked like it
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

// inTurn compares g with the receives before it whose datagram came from the same far end, or the same socket of the back end. Their order is certain where one
// send was over before the next was called.
func (l *ledger) inTurn(b *box, g *gotten) found {
	if !l.about.Path.InOrder || b.mixed || g.d.station == nil && g.d.sock == nil {
		return mailFits
	}
	for _, x := range b.got {
		if x == g || !x.only || x.d.station != g.d.station || x.d.sock != g.d.sock {
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
