package spec

import (
	"net/netip"
	"strconv"
	"sync/atomic"
	"time"
)

type wrappedPort struct {
	w     *Wrapped
	id    uint32
	inner Port
}

func (p *wrappedPort) Associate(k Socket, key uint64) Status {
	s, mine := k.(*wrappedSocket)
	if !mine {
		return p.inner.Associate(k, key)
	}
	c := p.w.call(Event{Verb: Associate, Port: p.id, Sock: s.id, Key: key})
	st := p.inner.Associate(s.inner, key)
	p.w.done(c, p.w.q.Add(1), Event{Verb: Associate, Port: p.id, Sock: s.id, Key: key, Status: st})
	return st
}

func (p *wrappedPort) Post(key, token uint64, n int) Status {
	w := p.w
	live := &w.live[token%uint64(len(w.live))]
	live.mu.Lock()
	if o := live.ops[token]; o != nil {
		o.posts++
	}
	live.mu.Unlock()
	c := w.call(Event{Verb: Post, Port: p.id, Key: key, Token: token, N: n})
	st := p.inner.Post(key, token, n)
	w.done(c, w.q.Add(1), Event{Verb: Post, Port: p.id, Status: st})
	return st
}

func (p *wrappedPort) Close() Status {
	c := p.w.call(Event{Verb: ClosePort, Port: p.id})
	st := p.inner.Close()
	p.w.done(c, p.w.q.Add(1), Event{Verb: ClosePort, Port: p.id, Status: st})
	return st
}

func (p *wrappedPort) Wait(dst []Packet, timeout time.Duration) (int, Status) {
	w := p.w
	c := w.call(Event{Verb: Wait, Port: p.id, Len: len(dst), N: milliseconds(timeout)})
	n, st := p.inner.Wait(dst, timeout)
	q := w.q.Add(1)
	e := Event{Verb: Wait, Port: p.id, Status: st, N: n}
	if n > 0 && n <= len(dst) {
		e.Packets = c.l.packets[:0]
		if w.o.Out == nil {
			e.Packets = make([]PacketEvent, 0, n)
		}
		for i := range dst[:n] {
			e.Packets = append(e.Packets, PacketEvent{})
			w.packet(&dst[i], &e.Packets[i])
		}
		if w.o.Out != nil {
			c.l.packets = e.Packets
		}
	}
	w.done(c, q, e)
	return n, st
}

// packet looks at a packet before the program does, and gives it what the program knows: its own sockets.
func (w *Wrapped) packet(g *Packet, pe *PacketEvent) {
	*pe = PacketEvent{Key: g.Key, Token: g.Token, N: g.N, Status: g.Status, Addr: g.From, Size: g.Size}
	if g.Sock != nil {
		s := w.wrap(g.Sock)
		pe.Sock, g.Sock = s.id, s
	}
	live := &w.live[g.Token%uint64(len(w.live))]
	live.mu.Lock()
	o := live.ops[g.Token]
	if o != nil && o.posts > 0 {
		o.posts-- // one or the other: the checker will tell
		live.mu.Unlock()
		return
	}
	if o != nil {
		delete(live.ops, g.Token)
	}
	live.mu.Unlock()
	if o == nil {
		return
	}
	pe.Op, pe.NoAddr = o.id, o.op.Kind.nameless(g)
	if o.into != nil {
		o.op.Into = o.into
	}
	if o.op.Kind == Connect && g.Status.Ok() {
		pe.Addr, _ = o.sock.inner.Local()
	}
	if o.op.Kind.gives() || o.op.Kind == Connect || g.N < 0 || g.N > len(o.op.Buf) || len(o.op.Buf) == 0 {
		return
	}
	pe.Data, pe.Sum = w.look(o.op.Buf[:g.N])
	if w.o.Out == nil && pe.Data != nil {
		pe.Data = append([]byte{}, pe.Data...)
	}
	if !o.fresh {
		return
	}
	pe.Guard = GuardIntact
	for i, b := range o.op.Buf[g.N:] {
		if b != fill {
			pe.Guard, pe.At = GuardBroken, g.N+i
			break
		}
	}
}

type wrappedSocket struct {
	w     *Wrapped
	id    uint32
	inner Socket
	net   Network
	skips atomic.Bool
}

// simple records a call that says nothing but its status.
func (s *wrappedSocket) simple(e Event, f func() Status) Status {
	e.Sock = s.id
	c := s.w.call(e)
	st := f()
	s.w.done(c, s.w.q.Add(1), Event{Verb: e.Verb, Sock: s.id, Side: e.Side, Op: e.Op, Token: e.Token, Status: st})
	return st
}

func (s *wrappedSocket) Bind(a netip.AddrPort) Status {
	c := s.w.call(Event{Verb: Bind, Sock: s.id, Addr: a})
	st := s.inner.Bind(a)
	e := Event{Verb: Bind, Sock: s.id, Status: st}
	if st.Ok() && s.net.Datagrams() {
		e.Addr, _ = s.inner.Local()
	}
	s.w.done(c, s.w.q.Add(1), e)
	return st
}

func (s *wrappedSocket) Listen(backlog int) Status {
	c := s.w.call(Event{Verb: Listen, Sock: s.id, N: backlog})
	st := s.inner.Listen(backlog)
	e := Event{Verb: Listen, Sock: s.id, Status: st}
	if st.Ok() {
		e.Addr, _ = s.inner.Local()
	}
	s.w.done(c, s.w.q.Add(1), e)
	return st
}

func (s *wrappedSocket) Shutdown(side Side) Status {
	return s.simple(Event{Verb: ShutdownSocket, Side: side}, func() Status { return s.inner.Shutdown(side) })
}

func (s *wrappedSocket) SkipOnSuccess() Status {
	st := s.simple(Event{Verb: Skip}, s.inner.SkipOnSuccess)
	if st.Ok() {
		s.skips.Store(true)
	}
	return st
}

func (s *wrappedSocket) Close() Status {
	s.w.known.Delete(s.inner)
	return s.simple(Event{Verb: CloseSocket}, s.inner.Close)
}

func (s *wrappedSocket) Local() (netip.AddrPort, Status) { return s.inner.Local() }

func (s *wrappedSocket) Peer() (netip.AddrPort, Status) { return s.inner.Peer() }

// UpdateContext implements ContextUpdater, where the back end does.
func (s *wrappedSocket) UpdateContext(listener Socket) Status {
	u, can := s.inner.(ContextUpdater)
	if !can {
		return Is(Unsupported)
	}
	e := Event{Verb: UpdateContext}
	if l, mine := listener.(*wrappedSocket); mine {
		e.Into, listener = l.id, l.inner
	}
	return s.simple(e, func() Status { return u.UpdateContext(listener) })
}

func (s *wrappedSocket) Cancel(op *Op) Status {
	if op == nil {
		return s.simple(Event{Verb: CancelAll}, func() Status { return s.inner.Cancel(nil) })
	}
	e := Event{Verb: Cancel, Token: op.Token}
	live := &s.w.live[op.Token%uint64(len(s.w.live))]
	live.mu.Lock()
	if o := live.ops[op.Token]; o != nil && o.op == op {
		e.Op = o.id
	}
	live.mu.Unlock()
	return s.simple(e, func() Status { return s.inner.Cancel(op) })
}

func (s *wrappedSocket) Start(op *Op) Result {
	w := s.w
	o := &wrappedOp{op: op, id: w.ops.Add(1), sock: s}
	e := Event{Verb: op.Kind, Sock: s.id, Op: o.id, Token: op.Token, Len: len(op.Buf), Addr: op.To, Flags: op.Flags}
	switch {
	case op.Kind.gives(), op.Kind == Connect && len(op.Buf) > 0:
		e.Data, e.Sum = w.look(op.Buf)
	case op.Kind == Accept:
		e.Len, e.Args = op.Data, op.Arguments.clone()
		if into, mine := op.Into.(*wrappedSocket); mine {
			e.Into, o.into, op.Into = into.id, into, into.inner
		}
	}
	if w.o.Guard && !op.Kind.gives() && op.Kind != Connect {
		o.fresh = true
		for i := range op.Buf {
			op.Buf[i] = fill
		}
	}
	token, kind, buf := op.Token, op.Kind, op.Buf
	live := &w.live[token%uint64(len(w.live))]
	live.mu.Lock()
	live.ops[token] = o
	live.mu.Unlock()
	c := w.call(e)
	res := s.inner.Start(op)
	q := w.q.Add(1)
	back := Event{Verb: kind, Sock: s.id, Op: o.id, How: res.How, N: res.N, Status: res.Status}
	over := res.How == RefusedAtStart || res.How == Done && (s.skips.Load() || w.o.About.Axes.Get("inline") == "skip")
	live.mu.Lock()
	if live.ops[token] == o { // else another thread has its packet, which tells the bytes, and the buffer is the program's again
		if res.How == Done && kind.takes() && res.N >= 0 && res.N <= len(buf) {
			back.Data, back.Sum = w.look(buf[:res.N])
			back.Addr, back.NoAddr = res.From, kind == ReceiveFrom && res.Status.Ok() && !res.From.IsValid()
			if !over && back.Data != nil {
				back.Data = append([]byte{}, back.Data...)
			}
		}
		if over {
			delete(live.ops, token)
		}
	}
	live.mu.Unlock()
	if over && o.into != nil {
		op.Into = o.into
	}
	if res.How != RefusedAtStart && kind == SendTo {
		back.Addr, _ = s.inner.Local()
	}
	w.done(c, q, back)
	return res
}

// Peer wraps a far end that runs in this process, so that what it does stands in the trace.
func (w *Wrapped) Peer(p Peer, n Network) Peer {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := w.ids.Add(1)
	l := w.newLane("peer:c"+strconv.Itoa(int(id)), 0)
	return &wrappedPeer{w: w, id: id, inner: p, net: n, lane: l}
}

type wrappedPeer struct {
	w     *Wrapped
	id    uint32
	inner Peer
	net   Network
	lane  *lane // its calls are made by one thread at a time
}

func (p *wrappedPeer) simple(v Verb, f func() Status) Status {
	c := p.w.call(Event{Verb: v, Peer: p.id}) // perhaps beside another call of the far end
	st := f()
	p.w.done(c, p.w.q.Add(1), Event{Verb: v, Peer: p.id, Status: st})
	return st
}

func (p *wrappedPeer) Connect(to netip.AddrPort, timeout time.Duration) Status {
	c := p.w.callOn(p.lane, Event{Verb: PeerConnect, Peer: p.id, Net: p.net, Addr: to})
	st := p.inner.Connect(to, timeout)
	e := Event{Verb: PeerConnect, Peer: p.id, Status: st}
	if st.Ok() {
		e.Addr = p.inner.Local()
	}
	p.w.ret(c, p.w.q.Add(1), e)
	return st
}

func (p *wrappedPeer) Local() netip.AddrPort { return p.inner.Local() }

func (p *wrappedPeer) Remote() netip.AddrPort { return p.inner.Remote() }

func (p *wrappedPeer) Send(b []byte, timeout time.Duration) (int, Status) {
	e := Event{Verb: PeerSend, Peer: p.id, Len: len(b)}
	e.Data, e.Sum = p.w.look(b)
	c := p.w.callOn(p.lane, e)
	n, st := p.inner.Send(b, timeout)
	p.w.ret(c, p.w.q.Add(1), Event{Verb: PeerSend, Peer: p.id, N: n, Status: st})
	return n, st
}

func (p *wrappedPeer) Read(b []byte, timeout time.Duration) (int, Status) {
	c := p.w.callOn(p.lane, Event{Verb: PeerRead, Peer: p.id, Len: len(b)})
	n, st := p.inner.Read(b, timeout)
	e := Event{Verb: PeerRead, Peer: p.id, Len: len(b), N: n, Status: st}
	q := p.w.q.Add(1)
	e.Data, e.Sum = p.w.look(b[:max(n, 0)])
	p.w.ret(c, q, e)
	return n, st
}

func (p *wrappedPeer) HalfClose() Status { return p.simple(PeerHalfClose, p.inner.HalfClose) }

func (p *wrappedPeer) Close() Status { return p.simple(PeerClose, p.inner.Close) }

func (p *wrappedPeer) Abort() Status { return p.simple(PeerAbort, p.inner.Abort) }
