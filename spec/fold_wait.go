package spec

import "net/netip"

// retWait enters a wait's return and the packets it brought.
func (l *ledger) retWait(w *wait, e *Event) {
	p := w.port
	w.span.r, w.n, w.status = e.Q, e.N, e.Status
	p.waits = without(p.waits, w)
	m := matter{q: e.Q, port: p, wait: w, thread: w.thread, status: e.Status}
	l.ask(atWait, &m)
	if e.N > 0 && p.fresh && w.span.c < p.quiet {
		p.fresh = false // only the first to be released after a pause tells something about the waiters' order
	}
	for i := range e.Packets {
		l.packet(w, &e.Packets[i], i)
	}
}

// packet enters one packet.
func (l *ledger) packet(w *wait, pe *PacketEvent, index int) {
	m := matter{q: w.span.r, port: w.port, wait: w, packet: pe, index: index, thread: w.thread}
	o := l.whose(w.port, pe)
	if o == nil {
		m.ending = l.recent.of(pe.Token)
		l.ask(atPacket, &m)
		return
	}
	m.op, m.sock = o, o.sock
	o.taken, o.packet = w.span, *pe
	o.n, o.bytes = pe.N, pe.Data
	if o.verb == Post {
		l.ask(atPost, &m)
		w.port.took(o, index)
		l.unlist(o)
		l.recent.add(o.token, packetTaken)
		l.retire(o)
		return
	}
	if o.verb == Accept && pe.Status.Ok() {
		m.conn = l.acceptedBy(o, pe)
	}
	if o.verb == Connect && pe.Status.Ok() {
		o.sock.local = pe.Addr
		l.meet(o.sock, pe.Addr)
	}
	l.ask(atPacket, &m)
	l.endOp(o, packetTaken)
	if o.verb == Send && pe.Status.Code != OK && o.sock.conn == nil {
		o.stream = false
	}
	l.place(o.sock, w.span.r, false)
	l.retire(o)
	l.forget(o.sock)
}

// whose finds the operation that a packet is for: of several with the same token one that belongs to the port.
func (l *ledger) whose(p *port, pe *PacketEvent) *op {
	first := l.byToken[pe.Token]
	for o := first; o != nil; o = o.next {
		if o.verb == Post && o.port == p || o.verb != Post && o.sock.port == p {
			return o
		}
	}
	return first
}

// took remembers a posted packet that has been taken out, for as long as a wait under way may be compared with it.
func (p *port) took(o *op, index int) {
	p.gone = append(p.gone, gone{o.start, o.taken, index})
	if len(p.gone) < 128 {
		return
	}
	oldest := o.taken.c
	for _, w := range p.waits {
		oldest = min(oldest, w.span.c)
	}
	keep := p.gone[:0]
	for i, g := range p.gone {
		if g.taken.r >= oldest || i >= len(p.gone)-64 {
			keep = append(keep, g)
		}
	}
	p.gone = keep
}

// acceptedBy ties the accepted socket to the connection it came from, which it returns where it is known by now.
func (l *ledger) acceptedBy(o *op, pe *PacketEvent) *conn {
	o.sock.accepting++
	s := l.socks[pe.Sock]
	if s == nil {
		if pe.Sock == 0 {
			return nil
		}
		s = &sock{id: pe.Sock, last: -1}
		l.socks[pe.Sock] = s
	}
	s.remote = pe.Addr
	s.from = o.sock
	if pe.N > 0 && o.length > 0 {
		o.stream = true
		s.recvs = append([]*op{o}, s.recvs...)
	}
	l.meet(s, s.remote)
	if s.conn != nil {
		l.place(s, o.taken.r, false)
	}
	return s.conn
}

// meet ties the two ends of a connection, named by the address that both know: the end that comes second finds the
// first. The address is that of the end which connected.
func (l *ledger) meet(s *sock, a netip.AddrPort) {
	if !a.IsValid() || s.conn != nil {
		return
	}
	if c := l.loneConns[a]; c != nil {
		delete(l.loneConns, a)
		l.join(s, c)
		return
	}
	l.loneSocks[a] = s
}

func (l *ledger) meetConn(c *conn, a netip.AddrPort) {
	if !a.IsValid() {
		return
	}
	if s := l.loneSocks[a]; s != nil {
		delete(l.loneSocks, a)
		l.join(s, c)
		return
	}
	l.loneConns[a] = c
}

func (l *ledger) join(s *sock, c *conn) {
	s.conn, c.sock, c.taken = c, s, true
	if c.closed.called() && s.sent > c.read {
		c.mayReset = true
	}
}

// retPeer enters the return of a far end's call.
func (l *ledger) retPeer(t *thread, e *Event) {
	if t.call.Verb == PeerListen {
		l.dials[e.Addr] = peerAddr{refuses: e.Refuse}
		return
	}
	c := t.conn
	if c == nil {
		return
	}
	switch t.call.Verb {
	case PeerConnect:
		c.connect.r, c.status, c.local = e.Q, e.Status, e.Addr
		if !e.Status.Ok() {
			return
		}
		l.connAt[c.local] = c
		l.meetConn(c, c.local)
		if c.sock != nil {
			l.place(c.sock, e.Q, false)
		}
	case PeerAccept:
		c.connect.r, c.status, c.remote = e.Q, e.Status, e.Addr
		if !e.Status.Ok() {
			l.dropConn(c)
			return
		}
		l.meetConn(c, c.remote)
	case PeerSend:
		if e.N < t.call.Len {
			keep := max(c.sentTo()-uint64(t.call.Len-e.N), c.cursor)
			c.log = c.log[:keep-c.base]
		}
		c.sureTo = c.sentTo()
	case PeerRead:
		l.peerRead(c, e)
	case PeerHalfClose:
		c.fin.r = e.Q
	case PeerClose:
		c.closed.r = e.Q
		if c.fin.r == open {
			c.fin.r = e.Q
		}
		l.partWith(c)
	case PeerAbort:
		c.abort.r = e.Q
		l.partWith(c)
	}
}

// partWith drops the page of a connection that both ends have left.
func (l *ledger) partWith(c *conn) {
	if s := c.sock; s != nil {
		l.forget(s)
	}
}
