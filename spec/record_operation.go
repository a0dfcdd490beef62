package spec

import (
	"math"
	"net/netip"
	"time"
)

// Operation is a recorded operation. It is good for one Start.
type Operation struct {
	Op
	ID       uint32
	On       *Sock
	IntoSock *Sock     // accept
	Signals  *EventRef // the event that it names, nil for none
	Accepted *Sock     // accept: the socket that came, once the packet has been taken

	ended bool
	name  netip.AddrPort // connect: the socket's own address
	kept  []byte         // what Buf held when the operation ended
}

// NewOp returns an operation with a buffer of n bytes, filled with a pattern for receives. Token is 0 and to be set.
func (r *Recorder) NewOp(kind Verb, n int) *Operation {
	r.lock()
	defer r.unlock()
	if r.used == len(r.ops) {
		r.ops = append(r.ops, &Operation{})
	}
	o := r.ops[r.used]
	r.used++
	*o = Operation{ID: uint32(r.used), Op: Op{Kind: kind}}
	if n > 0 {
		o.Buf = r.room(n)
		for b := o.Buf; len(b) > 0; b = b[copy(b, filled):] {
		}
	}
	return o
}

// Start starts o on s.
func (t *Thread) Start(s *Sock, o *Operation) Result {
	e := t.calling(o.Kind)
	e.Sock, e.Op, e.Token, e.Len, e.Addr, e.Flags = s.ID, o.ID, o.Token, len(o.Buf), o.To, o.Flags
	switch o.Kind {
	case Send, SendTo:
		e.Data = o.Buf
	case Connect:
		if len(o.Buf) > 0 {
			e.Data = o.Buf
		}
	case Accept:
		e.Len, e.Args = o.Data, o.Arguments.clone()
		if o.IntoSock != nil {
			e.Into, o.Into = o.IntoSock.ID, o.IntoSock.sock
		}
	}
	if o.Signals != nil {
		e.Event, o.Event = o.Signals.ID, o.Signals.signal
	}
	o.On = s
	c := t.called(e)
	t.r.lock()
	t.r.byToken.set(number(o.Token), o)
	t.r.unlock()
	res := s.sock.Start(&o.Op)
	var data []byte
	var addr netip.AddrPort
	switch {
	case res.How == Done && o.Kind.takes() && res.N >= 0 && res.N <= len(o.Buf):
		data, addr = o.Buf[:res.N], res.From
	case res.How == RefusedAtStart:
		t.r.lock()
		t.r.byToken.dropIf(number(o.Token), o)
		t.r.unlock()
	case o.Kind == SendTo:
		addr, _ = s.sock.Local()
		t.r.lock()
		if !s.at.IsValid() {
			s.at = addr
		}
		t.r.unlock()
	}
	e = t.returning(c, o.Kind)
	e.Sock, e.Op, e.How, e.N, e.Status, e.Data, e.Addr = s.ID, o.ID, res.How, res.N, res.Status, data, addr
	e.NoAddr = o.Kind == ReceiveFrom && res.How == Done && res.Status.Ok() && !addr.IsValid()
	t.returned(e)
	return res
}

// Wait takes packets from p. The i-th operation of ops is that of the i-th packet, nil where the token is nobody's.
func (t *Thread) Wait(p *PortRef, dst []Packet, ops []*Operation, timeout time.Duration) (int, Status) {
	return t.wait(p, dst, ops, timeout, 0, p.port.Wait)
}

func (t *Thread) wait(p *PortRef, dst []Packet, ops []*Operation, timeout time.Duration, how Flags, wait func([]Packet, time.Duration) (int, Status)) (int, Status) {
	e := t.calling(Wait)
	e.Port, e.Len, e.N, e.Flags = p.ID, len(dst), milliseconds(timeout), how
	c := t.called(e)
	began := t.r.world.Now()
	n, st := wait(dst, timeout)
	early := t.early(began, timeout, st)
	var packets []PacketEvent
	if n > 0 && n <= len(dst) {
		t.r.askNames(dst[:n])
		packets = t.r.take(dst[:n], ops)
	}
	e = t.returning(c, Wait)
	e.Port, e.Status, e.N, e.Packets, e.Early = p.ID, st, n, packets, early
	t.returned(e)
	return n, st
}

// early is how much of its time a wait had left that began at that moment, and has run out of it. The clock is read around the call, so that it can have been more.
func (t *Thread) early(began, timeout time.Duration, st Status) time.Duration {
	if st.Code != TimedOut || timeout <= 0 {
		return 0
	}
	return max(0, timeout-(t.r.world.Now()-began))
}

// milliseconds is d rounded up; every negative d, which means for ever, is -1.
func milliseconds(d time.Duration) int { return inUnits(d, time.Millisecond) }

// inUnits is d rounded up to whole units, or the most that an event has room for, which on 32 bits is 2.1 s of nanoseconds; every negative d, which means for ever, is -1.
func inUnits(d, unit time.Duration) int {
	if d < 0 {
		return -1
	}
	n := d / unit
	if d%unit > 0 {
		n++
	}
	return int(min(n, 1<<62, math.MaxInt))
}

// askNames has the sockets that have connected tell their own address. That is a call of the back end, in which another thread may run: it is
// made while the recorder is not locked.
func (r *Recorder) askNames(got []Packet) {
	for i := range got {
		if !got[i].Status.Ok() {
			continue
		}
		r.lock()
		o := r.byToken.get(number(got[i].Token))
		r.unlock()
		if o != nil && o.Kind == Connect {
			o.name, _ = o.On.sock.Local()
		}
	}
}

// take looks at the packets a wait returned, before anybody else can.
func (r *Recorder) take(got []Packet, ops []*Operation) []PacketEvent {
	r.lock()
	defer r.unlock()
	at := len(r.packets)
	for i := range got {
		g := &got[i]
		r.packets = append(r.packets, PacketEvent{})
		pe := &r.packets[len(r.packets)-1]
		pe.Key, pe.Token, pe.N, pe.Status, pe.Addr, pe.Size = g.Key, g.Token, g.N, g.Status, g.From, g.Size
		o := r.byToken.get(number(g.Token))
		ops[i] = o
		if o != nil {
			r.byToken.drop(number(g.Token))
			pe.Op = o.ID
			r.end(o, g, pe)
		}
	}
	return r.packets[at:len(r.packets):len(r.packets)]
}

// nameless reports whether the packet of an operation of that kind lacks the address of a far end.
func (v Verb) nameless(g *Packet) bool {
	return (v == Accept || v == ReceiveFrom) && g.Status.Ok() && !g.From.IsValid()
}

// end notes what the packet's operation left behind.
func (r *Recorder) end(o *Operation, g *Packet, pe *PacketEvent) {
	o.ended, pe.NoAddr = true, o.Kind.nameless(g)
	switch o.Kind {
	case Accept:
		if g.Sock != nil {
			s := r.socks[g.Sock]
			if s == nil {
				s = r.introduce(g.Sock)
			}
			o.Accepted, pe.Sock = s, s.ID
		}
	case Connect:
		if g.Status.Ok() {
			pe.Addr = o.name
		}
	}
	if o.Kind == Send || o.Kind == SendTo || o.Kind == Connect || g.N < 0 || g.N > len(o.Buf) {
		return
	}
	if r.hidden {
		pe.Data = r.keep(o.Buf[:g.N])
		return
	}
	o.kept = r.keep(o.Buf)
	pe.Data, pe.Guard = o.kept[:g.N:g.N], GuardIntact
	if rest := o.Buf[g.N:]; len(rest) > 0 {
		if at := firstWritten(rest); at < len(rest) {
			pe.Guard, pe.At = GuardBroken, g.N+at
		}
	}
}

// Operation returns the operation that was started with the token and has had no packet.
func (r *Recorder) Operation(token uint64) *Operation {
	r.lock()
	defer r.unlock()
	return r.byToken.get(number(token))
}
