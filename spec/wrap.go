package spec

import (
	"io"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Wrap puts a recorder between a program and the back end that it uses: what it returns is a back end that does what b does and writes down
// what went through, while it serves real work, in any number of goroutines. Afterwards, or meanwhile, the trace is judged by a Checker or
// by conform check.
//
// The program is not asked for anything. It does not say who its threads are: every call takes a lane that no other call is on, so that
// rules about threads and handlers are not exercised. Buffers are left alone (but see Guard). Far ends stand in the trace if they run in
// the same process and are wrapped by Peer; else rules that need to know what they did are unknown.
//
// A packet of an operation is known by its token, and the Op must not change until it has been taken, as the contract demands. While an
// operation is outstanding its Into is the socket of b instead of the wrapped one.
func Wrap(b Backend, o WrapOptions) *Wrapped {
	w := &Wrapped{inner: b, o: o}
	if w.o.Data == "" {
		w.o.Data = DataSum
	}
	w.head = Trace{By: "ioconform wrap", About: o.About, Data: w.o.Data}
	for i := range w.free {
		w.free[i].lanes = make([]*lane, 0, 8)
	}
	for i := range w.live {
		w.live[i].ops = map[uint64]*wrappedOp{}
	}
	if o.Out != nil {
		e := encoder{trace: &w.head}
		e.header()
		w.write(e.line)
	}
	return w
}

// WrapOptions tell a wrapper what to write, and where.
type WrapOptions struct {
	About About     // the target: honest axes and capabilities are what it is judged by
	Data  DataLevel // none, sum (the default: nothing of the users' data is kept) or bytes
	// Out, if not nil, gets the trace as it grows, in pieces of some 32 KiB and whole lines: memory is bounded by what is in flight. Without
	// it the events stay in memory until Trace asks for them. Writes are made one at a time.
	Out io.Writer
	// Guard fills the buffers of receives before they are started, and looks at the packet whether more was written than it says.
	Guard bool
}

// Wrapped is a back end that is recorded. Its methods may be called concurrently, as those of the back end in it.
type Wrapped struct {
	inner Backend
	o     WrapOptions
	head  Trace

	q, turn           atomic.Uint64
	ops               atomic.Uint32
	socks, ports, ids atomic.Uint32
	free              [16]struct {
		mu    sync.Mutex
		lanes []*lane
		_     [32]byte
	}
	live [64]struct {
		mu  sync.Mutex
		ops map[uint64]*wrappedOp // started, packet not yet taken, by token
	}
	known sync.Map // Socket → *wrappedSocket, of sockets that packets may name

	mu    sync.Mutex
	lanes []*lane
	out   struct {
		sync.Mutex
		err  error
		done bool
	}
}

// lane stands in for a thread in the trace: one call at a time is on it. It has a buffer of its own, so that calls on different lanes
// wait for nothing but the counter.
type lane struct {
	id     int32
	name   []byte // as a JSON string
	shard  int
	mu     sync.Mutex // of what follows: Flush takes it as well
	enc    encoder
	events []Event

	packets []PacketEvent // of the wait on it
}

// wrappedOp is an operation that has no packet yet.
type wrappedOp struct {
	op    *Op
	id    uint32
	posts int // packets posted with the same token, which cannot be told from its own
	sock  *wrappedSocket
	into  *wrappedSocket
	fresh bool // filled, to be looked at
}

// flushAt is how many bytes of lines a lane keeps.
const flushAt = 32 << 10

// take takes a lane that no call is on. Each call begins to look at another place, so that calls at the same time seldom meet.
func (w *Wrapped) take() *lane {
	first := int(w.turn.Add(1) % uint64(len(w.free)))
	for i := range w.free {
		f := &w.free[(first+i)%len(w.free)]
		f.mu.Lock()
		if k := len(f.lanes); k > 0 {
			l := f.lanes[k-1]
			f.lanes = f.lanes[:k-1]
			f.mu.Unlock()
			return l
		}
		f.mu.Unlock()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.newLane("lane", first)
}

func (w *Wrapped) newLane(name string, shard int) *lane {
	l := &lane{id: int32(len(w.lanes)), shard: shard}
	if name == "lane" {
		name += " " + strconv.Itoa(int(l.id))
	}
	l.name = quoted(nil, name)
	l.enc = encoder{trace: &w.head}
	w.lanes = append(w.lanes, l)
	w.head.Threads = append(w.head.Threads, name)
	return l
}

func (w *Wrapped) put(l *lane) {
	f := &w.free[l.shard]
	f.mu.Lock()
	f.lanes = append(f.lanes, l)
	f.mu.Unlock()
}

// ongoing is a call that has been made.
type ongoing struct {
	l  *lane
	id uint32
}

// call writes down that a call is about to be made. Its number is drawn before.
func (w *Wrapped) call(e Event) ongoing { return w.callOn(w.take(), e) }

func (w *Wrapped) callOn(l *lane, e Event) ongoing {
	e.Kind, e.Thread = CallEvent, l.id
	e.Q = w.q.Add(1)
	e.Call = uint32(e.Q) // as unique as the number, and one counter less
	w.note(l, &e)
	return ongoing{l, e.Call}
}

// ret writes down that it has returned, under a number that was drawn after.
func (w *Wrapped) ret(c ongoing, q uint64, e Event) {
	e.Kind, e.Thread, e.Call, e.Q = ReturnEvent, c.l.id, c.id, q
	w.note(c.l, &e)
}

func (w *Wrapped) done(c ongoing, q uint64, e Event) {
	w.ret(c, q, e)
	w.put(c.l)
}

// note writes one event on a lane.
func (w *Wrapped) note(l *lane, e *Event) {
	l.mu.Lock()
	if w.o.Out == nil {
		if e.Data != nil {
			e.Data = append([]byte(nil), e.Data...)
		}
		l.events = append(l.events, *e)
		l.mu.Unlock()
		return
	}
	l.enc.one(l.name, e)
	if len(l.enc.line) < flushAt {
		l.mu.Unlock()
		return
	}
	w.write(l.enc.line)
	l.enc.line = l.enc.line[:0]
	l.mu.Unlock()
}

// one writes an event; a return takes thread and verb from its call.
func (e *encoder) one(thread []byte, v *Event) {
	e.begin(v)
	if v.Kind != ReturnEvent {
		e.line = append(e.line, `,"th":`...)
		e.line = append(e.line, thread...)
		e.text(`,"do":`, v.Verb.String())
	}
	e.rest(v)
}

func (w *Wrapped) write(b []byte) {
	w.out.Lock()
	defer w.out.Unlock()
	if w.out.err == nil && !w.out.done && len(b) > 0 {
		_, w.out.err = w.o.Out.Write(b)
	}
}

// Flush writes out what lanes have kept, and returns the first error that writing met, after which nothing is written.
func (w *Wrapped) Flush() error {
	if w.o.Out == nil {
		return nil
	}
	w.mu.Lock()
	lanes := w.lanes[:len(w.lanes):len(w.lanes)]
	w.mu.Unlock()
	for _, l := range lanes {
		l.mu.Lock()
		w.write(l.enc.line)
		l.enc.line = l.enc.line[:0]
		l.mu.Unlock()
	}
	w.out.Lock()
	defer w.out.Unlock()
	return w.out.err
}

// Settled marks that everything has finished and every port has been waited on until nothing came: whatever was to happen must have
// happened by now. Only the program can know that; without the mark nothing is accused of being late.
func (w *Wrapped) Settled(rounds int) { w.mark(Event{Kind: SettleEvent, N: rounds}) }

// End marks the end of the trace and flushes it. No call may be made later, and none be under way.
func (w *Wrapped) End() error {
	w.mark(Event{Kind: EndEvent})
	err := w.Flush()
	w.out.Lock()
	w.out.done = true
	w.out.Unlock()
	return err
}

func (w *Wrapped) mark(e Event) {
	l := w.take()
	e.Thread, e.Q = l.id, w.q.Add(1)
	w.note(l, &e)
	w.put(l)
}

// Trace returns a copy of what was recorded so far, in order. It is empty if there is an Out.
func (w *Wrapped) Trace() *Trace {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.head
	t.Threads = append([]string(nil), t.Threads...)
	for _, l := range w.lanes {
		l.mu.Lock()
		t.Events = append(t.Events, l.events...)
		l.mu.Unlock()
	}
	t.Sort()
	return &t
}

// look notes the bytes that went through, as far as the level wants them.
func (w *Wrapped) look(b []byte) ([]byte, Sum) {
	switch w.o.Data {
	case DataBytes:
		if b == nil {
			b = []byte{}
		}
		return b, 0
	case DataSum:
		return nil, SumOf(b)
	}
	return nil, 0
}

// Port implements Backend.
func (w *Wrapped) Port(concurrency int) (Port, Status) {
	id := w.ports.Add(1)
	c := w.call(Event{Verb: OpenPort, Port: id, N: concurrency})
	p, st := w.inner.Port(concurrency)
	w.done(c, w.q.Add(1), Event{Verb: OpenPort, Port: id, Status: st})
	if p == nil {
		return nil, st
	}
	return &wrappedPort{w, id, p}, st
}

// Socket implements Backend.
func (w *Wrapped) Socket(n Network) (Socket, Status) {
	s := &wrappedSocket{w: w, id: w.socks.Add(1), net: n}
	c := w.call(Event{Verb: OpenSocket, Sock: s.id, Net: n})
	k, st := w.inner.Socket(n)
	if s.inner = k; k != nil {
		w.known.Store(k, s)
	}
	w.done(c, w.q.Add(1), Event{Verb: OpenSocket, Sock: s.id, Status: st})
	if k == nil {
		return nil, st
	}
	return s, st
}

// Close implements Backend. The trace is ended by End, not by this.
func (w *Wrapped) Close() error { return w.inner.Close() }

// wrap returns the wrapped form of a socket that an accept brought.
func (w *Wrapped) wrap(k Socket) *wrappedSocket {
	if s, known := w.known.Load(k); known {
		return s.(*wrappedSocket)
	}
	s := &wrappedSocket{w: w, id: w.socks.Add(1), inner: k}
	w.known.Store(k, s)
	return s
}

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
	c := w.call(Event{Verb: Wait, Port: p.id, Len: len(dst), N: int(min(timeout, 1<<62))})
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
	pe.Op = o.id
	if o.into != nil {
		o.op.Into = o.into
	}
	if o.op.Kind == Connect && g.Status.Ok() {
		pe.Addr, _ = o.sock.inner.Local()
	}
	if o.op.Kind.gives() || g.N < 0 || g.N > len(o.op.Buf) || len(o.op.Buf) == 0 {
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
func (s *wrappedSocket) Peer() (netip.AddrPort, Status)  { return s.inner.Peer() }

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
	case op.Kind.gives():
		e.Data, e.Sum = w.look(op.Buf)
	case op.Kind == Accept:
		e.Len = op.Data
		if into, mine := op.Into.(*wrappedSocket); mine {
			e.Into, o.into, op.Into = into.id, into, into.inner
		}
	}
	if w.o.Guard && !op.Kind.gives() {
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
			if back.Addr = res.From; !over && back.Data != nil {
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

func (p *wrappedPeer) Local() netip.AddrPort  { return p.inner.Local() }
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
func (p *wrappedPeer) Close() Status     { return p.simple(PeerClose, p.inner.Close) }
func (p *wrappedPeer) Abort() Status     { return p.simple(PeerAbort, p.inner.Abort) }
