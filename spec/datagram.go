package spec

import (
	"net/netip"
	"time"
)

// Datagrams reports whether sockets of the kind send and receive datagrams.
func (n Network) Datagrams() bool { return n == UDP4 || n == UDP6 }

// Over6 reports whether sockets of the kind have IPv6 addresses.
func (n Network) Over6() bool { return n == TCP6 || n == UDP6 }

// DatagramPeer is a far end of datagram sockets: it has an address of its own, sends to anybody and hears everybody. A World with datagrams makes one for
// UDP4 and UDP6. Once closed it keeps its address from others for as long as the World lives, so that nobody is there for certain.
type DatagramPeer interface {
	Peer
	// Bind gives it a loopback address, which Local tells.
	Bind() Status
	// SendTo sends b as one datagram.
	SendTo(b []byte, to netip.AddrPort, timeout time.Duration) Status
	// ReadFrom receives one datagram; 0 bytes and OK is an empty one.
	ReadFrom(b []byte, timeout time.Duration) (n int, from netip.AddrPort, st Status)
}

// Disturber is a World whose network treats datagrams badly when told to, and tells when it did so.
type Disturber interface {
	// Disturb makes the next datagram that is sent from an address get lost (NetDrop), arrive twice (NetDup) or after the one behind it (NetReorder).
	Disturb(what Verb, from netip.AddrPort)
	// Disturbed returns what was done to datagrams since the run began.
	Disturbed() []Disturbance
}

// Disturbance is something that the network did to a datagram.
type Disturbance struct {
	Q    uint64 // number, drawn when it happened
	What Verb
	To   netip.AddrPort
	N    int    // length
	Data []byte // nil where not known
}

// disturbances records what the network did since the last time it was asked.
func (r *Recorder) disturbances() {
	d, is := r.world.(Disturber)
	if !is {
		return
	}
	all := d.Disturbed()
	for _, x := range all[min(r.disturbed, len(all)):] {
		r.trace.Events = append(r.trace.Events, Event{Q: x.Q, Kind: NetEvent, Verb: x.What, Addr: x.To, N: x.N, Data: x.Data})
	}
	r.disturbed = len(all)
}

// PeerBind makes a far end of datagram sockets.
func (t *Thread) PeerBind(n Network) (*PeerRef, Status, error) {
	p, err := t.r.world.Peer(n)
	if err != nil {
		return nil, Status{}, err
	}
	d, is := p.(DatagramPeer)
	if !is {
		return nil, Is(Unsupported), nil
	}
	ref := t.r.newPeer(p)
	c := t.call(&Event{Verb: PeerBind, Peer: ref.ID, Net: n})
	st := d.Bind()
	e := Event{Verb: PeerBind, Peer: ref.ID, Status: st}
	if st.Ok() {
		e.Addr = d.Local()
	}
	t.ret(c, &e)
	return ref, st, nil
}

// PeerSendTo sends a datagram from a far end that PeerBind made.
func (t *Thread) PeerSendTo(p *PeerRef, b []byte, to netip.AddrPort, timeout time.Duration) Status {
	if b == nil {
		b = []byte{}
	}
	c := t.call(&Event{Verb: PeerSend, Peer: p.ID, Len: len(b), Data: b, Addr: to})
	st := p.Peer.(DatagramPeer).SendTo(b, to, timeout)
	e := Event{Verb: PeerSend, Peer: p.ID, Status: st}
	if st.Ok() {
		e.N = len(b)
	}
	t.ret(c, &e)
	return st
}

// PeerReadFrom receives a datagram at a far end that PeerBind made.
func (t *Thread) PeerReadFrom(p *PeerRef, b []byte, timeout time.Duration) (int, netip.AddrPort, Status) {
	c := t.call(&Event{Verb: PeerRead, Peer: p.ID, Len: len(b)})
	n, from, st := p.Peer.(DatagramPeer).ReadFrom(b, timeout)
	e := Event{Verb: PeerRead, Peer: p.ID, Len: len(b), N: n, Status: st}
	if st.Ok() {
		e.Addr, e.Data = from, b[:max(n, 0)]
	}
	t.ret(c, &e)
	return n, from, st
}

var pathWord = [...]string{"loss", "dup", "reorder"}

// set is what a header says about one of the words: false is a promise that it never happens.
func (p *Path) set(k int, never bool) {
	*[...]*bool{&p.Lossless, &p.NoDup, &p.InOrder}[k] = never
}

// path writes what the network may do to datagrams, if anything is promised.
func (e *encoder) path(p Path) {
	if p == (Path{}) {
		return
	}
	e.line = append(e.line, `,"net":{`...)
	for i, never := range [...]bool{p.Lossless, p.NoDup, p.InOrder} {
		e.comma(i)
		e.line = append(append(e.line, '"'), pathWord[i]...)
		if never {
			e.line = append(e.line, `":false`...)
		} else {
			e.line = append(e.line, `":true`...)
		}
	}
	e.line = append(e.line, '}')
}
