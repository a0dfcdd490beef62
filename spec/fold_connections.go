package spec

import "net/netip"

// What a socket went through to come into its state: bound, listening, connected, left without its context, disconnected, ready for another connection.
// The windows profile asks, because Windows answers differently in each.

// tooSmall is the native number of an accept whose room for an address does not do (STATUS_BUFFER_TOO_SMALL).
const tooSmall = 0xC0000023

// past is that part of a socket's page.
type past struct {
	bound    span           // the bind that answered OK, or the first that is under way
	listened span           // likewise
	bare     uint64         // number of the packet that brought its connection without a context, 0 if none did
	made     Verb           // Accept or Connect: how it came to its connection, for certain
	madeQ    uint64         // number of that packet
	to       netip.AddrPort // Connect: where to
	asked    netip.AddrPort // by the bind that was called first
	local    netip.AddrPort // what that bind answered, or the first that succeeded; where it tells nothing, the first name of the socket from then on
	shuts    int            // shutdowns that were called
	binds    int            // calls that bind it: binds, and what gives an address to a socket that has none, connects and datagrams
	answered int            // of these, binds that have returned
	usual    int            // binds that had returned when it was first to connect, and that connect
	triedTx  bool           // somebody tried to shut the sending side down: of a socket without a far end that may be done though it fails
	triedRx  bool           // likewise the receiving side
	told     span           // the context that answered OK, or the first that is under way
	telling  int            // such calls under way
	refused  int            // connects that were refused, or found nobody
	parts    int            // disconnects that were called
	left     span           // disconnected, from the start to the packet
	again    Verb           // disconnected to be used again: by accept or by connect
	againQ   uint64         // number of the packet that said so
	freeing  int            // disconnects that are to free it for another connection and were started, without those that failed
	meddled  bool           // and meanwhile something else was started that may be of either connection
	knew     bool           // it was freed, and its far end was known by then
	tried    bool           // a connect has been started since it was freed
	spare    spare
	wanted   uint64 // number at which the latest accept into it was over
}

// spare tells what became of the accept that the socket was to be accepted into.
type spare uint8

const (
	unused         spare = iota // there was none
	afterCancel                 // it was cancelled
	afterClose                  // its listener was closed
	afterSomething              // it ended otherwise
)

// between reports whether the connection is being ended, or it is not known which of two connections a call is about.
func (p *past) between() bool { return p.left.called() || p.meddled }

func (p *past) callBind(e *Event) {
	p.binds++
	if !p.bound.called() {
		p.bound, p.asked = span{e.Q, open}, plain(e.Addr)
	}
}

func (p *past) retBind(at uint64, e *Event) {
	p.answered++
	switch {
	case p.bound.c == at:
		if p.bound.r, p.local = e.Q, plain(e.Addr); !e.Status.Ok() {
			p.bound, p.local = span{}, netip.AddrPort{}
		}
	case e.Status.Ok() && !p.bound.done():
		p.bound, p.local = span{at, e.Q}, plain(e.Addr)
	}
}

func (p *past) callContext(q uint64) {
	p.telling++
	if !p.told.called() {
		p.told = span{q, open}
	}
}

// plain reports whether it has had no connection and was to have none by an accept.
func (p *past) plain() bool {
	return p.made == NoVerb && p.spare == unused && !p.listened.called() && !p.left.called()
}

// isBare reports whether the call was made on a connection without its context, for certain.
func (s *sock) isBare(call span) bool {
	p := &s.past
	return p.bare != 0 && p.bare < call.c && !p.told.called() && p.telling == 0 && p.freeing == 0 // which may have gone on to the next
}

// retCall enters the return of a call that starts nothing.
func (l *ledger) retCall(t *thread, e *Event) {
	s := t.sock
	m := &l.handed
	m.blank(e.Q)
	m.sock, m.via, m.thread, m.verb, m.call, m.status, m.addr, m.from, m.fromVia, m.at = s, t.via, e.Thread, t.verb, span{t.at, e.Q}, e.Status, plain(e.Addr), t.into, t.intoVia, uint64(t.side)
	if t.verb == Listen {
		m.at = uint64(max(t.n, 0))
	}
	p := &s.past
	if t.verb == UpdateContext {
		p.telling--
		switch mine := p.told.c == t.at; {
		case mine && !e.Status.Ok():
			p.told = span{}
		case mine, e.Status.Ok() && !p.told.done():
			p.told = span{t.at, e.Q}
		}
	}
	l.ask(atCall, m)
	if t.verb == LocalName && e.Status.Ok() && !p.local.IsValid() && p.bound.done() && p.bound.r < t.at {
		p.local = m.addr
	}
}

// cross notes of the connects of s that something is called which may be there first, where they are being started, or which may end them, also where they are pending.
func (s *sock) cross(pending bool) {
	for _, o := range s.live {
		if o.verb == Connect && (pending || o.start.r == open) {
			o.crossed = true
		}
	}
}

// packet notes what the packet of o made of its socket, or of the one that it delivers.
func (p *past) packet(o *op, q uint64) {
	switch {
	case o.verb == Connect && o.ended.Ok():
		p.connected(o, q)
	case o.verb == Connect:
		switch o.ended.Code {
		case Refused, Unreachable, TimedOut:
			p.refused++
		}
	}
}

// connected notes that o, an accept or a connect, brought a connection.
func (p *past) connected(o *op, q uint64) {
	p.made, p.madeQ, p.to = o.verb, q, o.to
	if o.flags&NoContext != 0 {
		p.bare = q
	}
}

// spared notes that an accept into the socket came to nothing.
func (p *past) spared(o *op) {
	switch {
	case o.into.closed.called():
	case o.sock.closed.done() && o.ended.Code == Aborted:
		p.spare = afterClose
	case o.asked && o.ended.Code == Aborted && !o.sock.closed.called():
		p.spare = afterCancel
	default:
		p.spare = afterSomething
	}
}

// gaveBytes reports whether o puts bytes into its socket's stream.
func (o *op) gaveBytes() bool { return o.verb == Send || o.verb == Connect && o.length > 0 }

// callDisconnect enters a disconnect. One that leaves the socket for another connection ends both directions, and what becomes of what is outstanding then
// is promised nowhere; one that does not ends the sending direction, as a shutdown does (Wine ws2_32 tests, sock.c, test_DisconnectEx).
func (l *ledger) callDisconnect(s *sock, o *op) {
	s.past.parts++
	if !s.past.left.called() {
		s.past.left = o.start
	}
	for _, a := range s.into { // which may hold a connection, and lose it by this
		if d := a.sock.door; d != nil {
			d.eaten++
		}
	}
	if o.flags&Reuse == 0 {
		if o.parts = !s.shutTx.called(); o.parts {
			s.shutTx = o.start
		}
		return
	}
	s.past.freeing++
	s.past.meddled = s.past.meddled || len(s.into) > 0 // and the connection, if it has one already, is told of later
	l.disturb(s)
	o.disturbs-- // not by itself
	l.loseReceives(s)
	l.loseSends(s)
	if c := s.conn; c != nil {
		c.mayReset = true
	}
}

// disconnected enters the end of a disconnect.
func (l *ledger) disconnected(o *op, well bool, q uint64) {
	s := o.sock
	reuse := o.flags&Reuse != 0
	if reuse {
		s.disturb--
	}
	whole := span{o.start.c, q}
	if o.parts {
		if s.shutTx = whole; !well {
			s.shutTx = span{}
		}
	}
	mine := s.past.left.c == o.start.c
	if mine {
		if s.past.left = whole; !well {
			s.past.left = span{}
		}
	}
	if !well {
		if reuse {
			s.past.freeing--
		}
		return
	}
	if c := s.conn; c != nil {
		c.parted = whole
	}
	if reuse && mine && len(s.live) == 0 && !s.closed.called() && !s.past.meddled {
		l.renew(s, q)
	}
}

// renew makes a socket whose connection has been ended ready for another. The far end keeps its page.
func (l *ledger) renew(s *sock, q uint64) {
	p := &s.past
	p.again, p.againQ = p.made, q
	p.bare, p.made, p.madeQ, p.told, p.left, p.spare, p.freeing = 0, NoVerb, 0, span{}, span{}, unused, 0
	p.knew, p.tried = s.conn != nil, false // unless known, a far end that is yet to accept may be the old connection's, of the same address
	if c := s.conn; c != nil {
		c.sock, c.door = nil, nil
	}
	s.unmet = nil // its far end, if it had one, is still counted among those that nobody knows
	for _, a := range [...]netip.AddrPort{s.remote, s.local} {
		l.loneSocks.dropIf(address(a), s)
	}
	s.conn, s.from, s.met, s.dial = nil, nil, 0, nil
	s.local, s.remote = netip.AddrPort{}, netip.AddrPort{}
	tx, rx := l.shutting(s, SideReceive), l.shutting(s, SideSend) // what they shut down may be the connection that the socket has next
	if rx.called() && rx.c != s.shutRx.c {                        // its return takes that back
		s.disturb++
	}
	s.shutTx, s.shutRx = tx, rx
	s.eof, s.untold, s.clouded, s.resetQ, s.resetSure = false, false, false, 0, 0
	s.toldReset, s.out = 0, sentOut{}
	s.blur, s.cut, s.sent, s.runAt, s.readN, s.readSum = false, false, 0, 0, 0, 0
}

// wasReset notes that the program was told of a reset. One that a refusal tells of is the connection's only if that was there before the call: a send that crosses
// the accept into its socket is refused with whatever is said of a socket without a connection, and the connection that the accept brings is as good as any.
func (s *sock) wasReset(q uint64, sure bool) {
	if s.resetQ == 0 {
		s.resetQ = q
	}
	if sure && s.resetSure == 0 {
		s.resetSure = q
	}
}
