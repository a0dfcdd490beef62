package spec

import (
	"bytes"
	"net/netip"
	"slices"
)

// What tries bring, held against what was sent. As soon as anything of a connection, of a listener or of a port is not certain, nothing is said of it any more.

// brought is what has been found of that which a try brought.
type brought uint8

const (
	nothingSaid brought = iota // nothing can be said
	asSent                     // what was sent, and from whom it says
	unlikeSent                 // not the bytes that were sent next; no datagram that was sent
	fromNobody                 // nobody sent it, or connected, from the address it says
	broughtOver                // a datagram that had been brought before
)

// lettersMost is how many datagrams to one port are kept; of a port that gets more nothing is said.
const lettersMost = 1024

// mails is what the ledger of readiness knows of datagrams, and of connects of the program's own.
type mails struct {
	mail      map[uint16]*mailbag // by the port that they were sent to, whatever is there
	dialled   map[uint16]bool     // ports that the program's own sockets have tried to connect to
	unnamed   bool                // a datagram was sent, and where to is not known
	redoubled bool                // the network has doubled one
}

// mailbag holds the datagrams to a port.
type mailbag struct {
	letters []letter
	blind   bool // some are not known
}

// letter is a datagram that was sent, or may have been.
type letter struct {
	from  netip.AddrPort // none: not known
	bytes []byte
	taken bool // it has been brought, for certain
}

// delivery is what is known of that which tries on a file may bring.
type delivery struct {
	from    *file            // accepted: the listener
	born    uint64           // likewise, the return of the accept
	callers []netip.AddrPort // listener: of far ends that have connected, and have not been accepted as far as the accepts tell
	called  bool             // there was one
	untold  bool             // the place of what is received cannot be told any more
}

// speech is what a far end says on a stream.
type speech struct {
	at    uint64 // call of its connect
	log   []byte // what it has sent, or may have, and nobody has received
	heard uint64 // bytes before that
	blind bool   // not all of it is known
}

// blur gives up what the far end says.
func (c *speech) blur() { c.blind, c.log = true, nil }

// says enters what a far end begins to send. To be called before anything else of the call is entered.
func (r *readyLedger) says(l *ledger, e *Event) {
	if e.Verb != PeerSend {
		return
	}
	c := r.feeds[e.Peer]
	switch {
	case c == nil:
		var from netip.AddrPort
		if x := l.stations.get(number(e.Peer)); x != nil && x.box != nil {
			from = x.box.addr
		}
		r.post(l, e, plain(e.Addr), from)
	case !isStream(c.net):
		r.post(l, e, c.to, c.local)
	case c.blind:
	case !l.bytes || len(e.Data) != e.Len || c.under > 0 || c.fin || c.gone:
		c.blur() // also where two calls of it overlap
	default:
		c.log = append(c.log, e.Data...)
	}
}

// said enters how much of it was sent.
func (c *feed) said(t *thread, e *Event) {
	if isStream(c.net) && (!e.Status.Ok() || e.N != t.length) {
		c.blur()
	}
}

// post enters a datagram that is being sent.
func (r *readyLedger) post(l *ledger, e *Event, to, from netip.AddrPort) {
	if !to.IsValid() {
		r.unnamed = true
		return
	}
	if r.mail == nil {
		r.mail = map[uint16]*mailbag{}
	}
	b := r.mail[to.Port()]
	if b == nil {
		b = &mailbag{}
		r.mail[to.Port()] = b
	}
	if b.blind = b.blind || !l.bytes || len(e.Data) != e.Len || len(b.letters) == lettersMost; b.blind {
		b.letters = nil
		return
	}
	if from.IsValid() && from.Addr().IsUnspecified() {
		from = netip.AddrPort{}
	}
	b.letters = append(b.letters, letter{from: from, bytes: e.Data})
}

// sends enters what a try on a file may send, or connect to.
func (r *readyLedger) sends(l *ledger, f *file, e *Event) {
	switch {
	case f == nil:
	case e.Verb == TryConnect:
		if r.dialled == nil {
			r.dialled = map[uint16]bool{}
		}
		r.dialled[e.Addr.Port()] = true
	case isStream(f.net):
	case e.Verb == TrySend:
		r.unnamed = true // to wherever it is connected
	case e.Verb == TrySendTo:
		from := f.local
		if f.dials > 0 {
			from = netip.AddrPort{}
		}
		r.post(l, e, plain(e.Addr), from)
	}
}

// calledBy enters that a far end has connected to the listener.
func (f *file) calledBy(a netip.AddrPort) {
	f.callers, f.called = append(f.callers, a), true
}

// knows reports whether it is certain that the connection of the far end is the accepted file.
func (f *file) knows(c *feed) bool {
	return !c.named && c.door != nil && c.door == f.from && c.at < f.born
}

// brought tells what can be said of that which a try has brought, and enters it.
func (r *readyLedger) brought(l *ledger, c *readyCall, e *Event) brought {
	f := c.file
	if f == nil || c.desc == nil {
		return nothingSaid
	}
	switch {
	case c.verb == TryAccept:
		return r.broughtCaller(l, f, e)
	case c.verb != TryReceive && c.verb != TryReceiveFrom:
	case isStream(f.net):
		return f.broughtBytes(l, c, e)
	default:
		return r.broughtLetter(l, c, e)
	}
	return nothingSaid
}

// broughtCaller is brought for an accept.
func (r *readyLedger) broughtCaller(l *ledger, f *file, e *Event) brought {
	a := plain(e.Addr)
	if !e.Status.Ok() || e.Into == 0 || !a.IsValid() {
		return nothingSaid
	}
	if i := slices.Index(f.callers, a); i >= 0 {
		f.callers = slices.Delete(f.callers, i, i+1)
		return asSent
	}
	if !f.called || f.odd || r.stray || !f.local.IsValid() || f.local.Addr().IsUnspecified() || r.dialled[f.local.Port()] || r.dials(f) {
		return nothingSaid // who has connected is not known of all
	}
	return fromNobody
}

// broughtBytes is brought for a receive from a stream.
func (f *file) broughtBytes(l *ledger, c *readyCall, e *Event) brought {
	x, n := f.feed, e.N
	switch {
	case f.untold, e.Status.Code == WouldBlock, e.Status.Ok() && n == 0:
		return nothingSaid
	case !e.Status.Ok() || c.verb != TryReceive || !c.alone || c.closed || f.odd || f.rxCut || f.dials > 0,
		x == nil || x.blind || !l.bytes || n < 0 || n > c.length || len(e.Data) != n || n > len(x.log): // of more than was sent RDY-37 speaks
		f.untold = true
		return nothingSaid
	}
	same := bytes.Equal(x.log[:n], e.Data)
	if x.log, x.heard = x.log[n:], x.heard+uint64(n); !same {
		f.untold = true
		return unlikeSent
	}
	return asSent
}

// broughtLetter is brought for a receive of a datagram.
func (r *readyLedger) broughtLetter(l *ledger, c *readyCall, e *Event) brought {
	f, n := c.file, e.N
	if !e.Status.Ok() && e.Status.Code != Truncated || !l.peers || !l.bytes || n <= 0 || n > c.length || len(e.Data) != n || c.closed || f.dials > 0 || !f.local.IsValid() || r.unnamed {
		return nothingSaid
	}
	b := r.mail[f.local.Port()]
	if b == nil || b.blind || len(b.letters) == 0 {
		return nothingSaid
	}
	from := plain(e.Addr)
	part := !e.Status.Ok() || n == c.length
	var one *letter // that has not been taken
	alike, there, fresh := true, false, false
	for i := range b.letters {
		x := &b.letters[i]
		if len(x.bytes) != n && !part || !bytes.HasPrefix(x.bytes, e.Data) {
			continue
		}
		there = true
		if from.IsValid() && x.from.IsValid() && x.from != from {
			continue
		}
		if fresh = true; x.taken {
			continue
		}
		if one == nil {
			one = x
		}
		alike = alike && x.from == one.from && bytes.Equal(x.bytes, one.bytes)
	}
	switch {
	case !there:
		return unlikeSent
	case !fresh:
		return fromNobody
	case one == nil && l.about.Path.NoDup && !r.redoubled && !l.widened:
		return broughtOver
	case one != nil && alike:
		one.taken = true
	}
	return asSent
}
