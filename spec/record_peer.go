package spec

import (
	"net/netip"
	"time"
)

// PeerConnect connects a new far end to an address.
func (t *Thread) PeerConnect(n Network, to netip.AddrPort, timeout time.Duration) (*PeerRef, Status, error) {
	p, err := t.r.world.Peer(n)
	if err != nil {
		return nil, Status{}, err
	}
	ref := t.r.newPeer(p)
	e := t.calling(PeerConnect)
	e.Peer, e.Net, e.Addr = ref.ID, n, to
	c := t.called(e)
	st := p.Connect(to, timeout)
	var own netip.AddrPort
	if st.Ok() {
		own = p.Local()
	}
	e = t.returning(c, PeerConnect)
	e.Peer, e.Status, e.Addr = ref.ID, st, own
	t.returned(e)
	return ref, st, nil
}

func (r *Recorder) newPeer(p Peer) *PeerRef {
	r.lock()
	defer r.unlock()
	r.ids.peer++
	ref := r.peerRefs.take()
	*ref = PeerRef{r.ids.peer, p}
	return ref
}

// PeerListen makes a listening, or refusing, far end.
func (t *Thread) PeerListen(n Network, refuse bool) (*PeerListenerRef, error) {
	l, err := t.r.world.Listen(n, refuse)
	if err != nil {
		return nil, err
	}
	ref := &PeerListenerRef{ID: t.r.newPeer(nil).ID, Listener: l}
	c := t.call(&Event{Verb: PeerListen, Peer: ref.ID, Refuse: refuse})
	t.ret(c, &Event{Verb: PeerListen, Peer: ref.ID, Addr: l.Addr(), Refuse: refuse})
	return ref, nil
}

// PeerUnlisten closes a listening, or refusing, far end.
func (t *Thread) PeerUnlisten(l *PeerListenerRef) Status {
	c := t.call(&Event{Verb: PeerClose, Peer: l.ID})
	st := l.Listener.Close()
	t.ret(c, &Event{Verb: PeerClose, Peer: l.ID, Status: st})
	return st
}

// PeerAccept accepts a connection at a listening far end.
func (t *Thread) PeerAccept(l *PeerListenerRef, timeout time.Duration) (*PeerRef, Status) {
	ref := t.r.newPeer(nil)
	c := t.call(&Event{Verb: PeerAccept, Peer: ref.ID})
	p, st := l.Listener.Accept(timeout)
	e := Event{Verb: PeerAccept, Peer: ref.ID, Status: st}
	if st.Ok() {
		ref.Peer, e.Addr = p, p.Remote()
	}
	t.ret(c, &e)
	return ref, st
}

// PeerSend sends b from the far end.
func (t *Thread) PeerSend(p *PeerRef, b []byte, timeout time.Duration) (int, Status) {
	e := t.calling(PeerSend)
	e.Peer, e.Len, e.Data = p.ID, len(b), b
	c := t.called(e)
	n, st := p.Peer.Send(b, timeout)
	e = t.returning(c, PeerSend)
	e.Peer, e.N, e.Status = p.ID, n, st
	t.returned(e)
	return n, st
}

// PeerRead reads at the far end.
func (t *Thread) PeerRead(p *PeerRef, b []byte, timeout time.Duration) (int, Status) {
	e := t.calling(PeerRead)
	e.Peer, e.Len = p.ID, len(b)
	c := t.called(e)
	n, st := p.Peer.Read(b, timeout)
	e = t.returning(c, PeerRead)
	e.Peer, e.Len, e.N, e.Status, e.Data = p.ID, len(b), n, st, b[:max(n, 0)]
	t.returned(e)
	return n, st
}

// PeerHalfClose ends the far end's direction.
func (t *Thread) PeerHalfClose(p *PeerRef) Status { return t.peerEnd(p, PeerHalfClose, Peer.HalfClose) }

// PeerClose closes the far end.
func (t *Thread) PeerClose(p *PeerRef) Status { return t.peerEnd(p, PeerClose, Peer.Close) }

// PeerAbort resets the connection.
func (t *Thread) PeerAbort(p *PeerRef) Status { return t.peerEnd(p, PeerAbort, Peer.Abort) }

func (t *Thread) peerEnd(p *PeerRef, v Verb, end func(Peer) Status) Status {
	e := t.calling(v)
	e.Peer = p.ID
	c := t.called(e)
	st := end(p.Peer)
	e = t.returning(c, v)
	e.Peer, e.Status = p.ID, st
	t.returned(e)
	return st
}
