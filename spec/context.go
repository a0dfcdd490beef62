package spec

import "net/netip"

// ContextUpdater is a Socket that can be told how it came to its connection. AcceptEx and ConnectEx leave a socket in a state in which little more than
// sending, receiving and closing works; back ends make up for it before they hand the packet on, unless the operation says NoContext. Capability context.
type ContextUpdater interface {
	// UpdateContext names the listener that the connection was accepted from, nil for a socket that has connected.
	UpdateContext(listener Socket) Status
}

// UpdateContext tells s which listener its connection came from, nil for one that has connected.
func (t *Thread) UpdateContext(s, listener *Sock) Status {
	e := Event{Verb: UpdateContext, Sock: s.ID}
	var from Socket
	if listener != nil {
		e.Into, from = listener.ID, listener.sock
	}
	c := t.call(&e)
	st := Is(Unsupported)
	if u, can := s.sock.(ContextUpdater); can {
		st = u.UpdateContext(from)
	}
	t.ret(c, &Event{Verb: UpdateContext, Sock: s.ID, Status: st})
	return st
}

// LocalName asks s for its own address.
func (t *Thread) LocalName(s *Sock) (netip.AddrPort, Status) {
	return t.name(s, LocalName, s.sock.Local)
}

// PeerName asks s for the far end's address.
func (t *Thread) PeerName(s *Sock) (netip.AddrPort, Status) { return t.name(s, PeerName, s.sock.Peer) }

func (t *Thread) name(s *Sock, v Verb, ask func() (netip.AddrPort, Status)) (netip.AddrPort, Status) {
	c := t.call(&Event{Verb: v, Sock: s.ID})
	a, st := ask()
	e := Event{Verb: v, Sock: s.ID, Status: st}
	if st.Ok() {
		e.Addr = a
	}
	t.ret(c, &e)
	return a, st
}
