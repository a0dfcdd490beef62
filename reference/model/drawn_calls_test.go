package model_test

import (
	"bytes"

	"pgregory.net/rapid"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// The calls that drawn_test.go draws: each is made on the model and reckoned by the small model beside it.

func (m *machine) newOp(kind spec.Verb, on *ledgerSock, n int) *ledgerOp {
	m.tokens++
	o := &ledgerOp{Op: spec.Op{Kind: kind, Token: m.tokens, Buf: make([]byte, n)}, on: on}
	m.ops = append(m.ops, o)
	return o
}

func (m *machine) accept(t *rapid.T) {
	if len(m.accepts) == 4 {
		t.Skip("accepts enough")
	}
	o := m.newOp(spec.Accept, nil, 0)
	if r := m.door.Start(&o.Op); r.How != spec.Pending {
		m.Fatalf("an accept was answered %+v", r)
	}
	m.accepts = append(m.accepts, o)
	m.meet()
}

func (m *machine) dial(t *rapid.T) {
	if len(m.fars) == 5 {
		t.Skip("connections enough")
	}
	a, _ := m.door.Local()
	f := &ledgerFar{sock: m.world.NewSock()}
	f.sock.Connect(a)
	m.world.Settle()
	m.fars, m.backlog = append(m.fars, f), append(m.backlog, f)
	m.meet()
}

// session is a connection that is ready for use.
func (m *machine) session(t *rapid.T) {
	m.accept(t)
	m.dial(t)
	p := m.ports[0]
	m.take(p, len(p.queue)+1)
	if len(m.socks) == 0 {
		return
	}
	if s := m.socks[len(m.socks)-1]; s.port == nil && !s.closed {
		m.expect("associate", p.Associate(s.Socket, 7), spec.OK)
		s.port, s.key = p, 7
	}
}

// meet gives connections to accepts.
func (m *machine) meet() {
	for len(m.accepts) > 0 && len(m.backlog) > 0 {
		o, f := m.accepts[0], m.backlog[0]
		m.accepts, m.backlog = m.accepts[1:], m.backlog[1:]
		f.on = &ledgerSock{far: f}
		o.brings = f.on
		m.complete(o, 0, spec.OK)
	}
}

func (m *machine) associate(t *rapid.T) {
	p, s, key := pick(t, "port", m.ports), pick(t, "socket", m.socks), rapid.Uint64().Draw(t, "key")
	want := spec.OK
	switch {
	case p.closed, s.closed:
		want = spec.Closed
	case s.port != nil:
		want = spec.Invalid
	}
	m.expect("associate", p.Associate(s.Socket, key), want)
	if want == spec.OK {
		s.port, s.key = p, key
	}
}

// refusal is what a start is refused with, OK if it is not.
func (s *ledgerSock) refusal(shut bool) spec.Code {
	switch {
	case s.closed:
		return spec.Closed
	case shut:
		return spec.Shut
	case s.reset:
		return spec.Reset
	}
	return spec.OK
}

// started looks at the answer of a start; at once says that the operation is complete.
func (m *machine) started(o *ledgerOp, refusal spec.Code, atOnce bool, n int) {
	r := o.on.Start(&o.Op)
	switch {
	case refusal != spec.OK:
		if o.over = true; r.How != spec.RefusedAtStart || r.Status.Code != refusal {
			m.Fatalf("%s: %+v, want refused: %s", o.Kind, r, refusal)
		}
	case atOnce:
		if r.How != spec.Done || r.N != n || !r.Status.Ok() {
			m.Fatalf("%s: %+v, want %d bytes done", o.Kind, r, n)
		}
		if o.over = true; !o.on.skip {
			m.complete(o, n, spec.OK)
		} else if o.Kind == spec.Receive && !bytes.Equal(o.Buf[:n], o.want) {
			m.Fatalf("received %x, want %x", o.Buf[:n], o.want)
		}
	case r.How != spec.Pending:
		m.Fatalf("%s: %+v, want pending", o.Kind, r)
	}
}

func (m *machine) receive(t *rapid.T) {
	s := pick(t, "socket", m.socks)
	o := m.newOp(spec.Receive, s, rapid.IntRange(1, 8).Draw(t, "size"))
	refusal := s.refusal(s.noReceive)
	atOnce := refusal == spec.OK && len(s.recvs) == 0 && (len(s.far.sent) > 0 || s.far.end)
	n := 0
	if atOnce {
		n = s.far.give(o)
	} else if refusal == spec.OK {
		s.recvs = append(s.recvs, o)
	}
	m.started(o, refusal, atOnce, n)
}

// give moves what there is to a receive.
func (f *ledgerFar) give(o *ledgerOp) int {
	n := min(len(f.sent), len(o.Buf))
	o.want, f.sent = f.sent[:n:n], f.sent[n:]
	return n
}

// fill serves the receives that wait, in their order.
func (m *machine) fill(s *ledgerSock) {
	for s != nil && !s.closed && len(s.recvs) > 0 && (len(s.far.sent) > 0 || s.far.end || s.reset) {
		o := s.recvs[0]
		s.recvs = s.recvs[1:]
		if s.reset {
			m.complete(o, 0, spec.Reset)
			continue
		}
		m.complete(o, s.far.give(o), spec.OK)
	}
}

func (m *machine) send(t *rapid.T) {
	s := pick(t, "socket", m.socks)
	if len(s.out) > 4000 {
		t.Skip("much has been sent")
	}
	o := m.newOp(spec.Send, s, rapid.IntRange(1, 8).Draw(t, "size"))
	for i := range o.Buf {
		o.Buf[i] = byte(m.tokens) + byte(i)
	}
	refusal := s.refusal(s.noSend)
	if refusal == spec.OK {
		s.out = append(s.out, o.Buf...)
	}
	m.started(o, refusal, true, len(o.Buf))
	m.world.Settle()
}

func (m *machine) cancel(t *rapid.T) {
	o := pick(t, "operation", m.ops)
	s, want := m.door, spec.OK
	if o.on != nil {
		s = o.on.Socket
	}
	switch {
	case o.on != nil && o.on.closed:
		want = spec.Closed
	case o.over:
		want = spec.NotFound
	}
	m.expect("cancel", s.Cancel(&o.Op), want)
	if want == spec.OK {
		if o.on == nil {
			m.accepts = without(m.accepts, o)
		} else {
			o.on.recvs = without(o.on.recvs, o)
		}
		m.complete(o, 0, spec.Aborted)
	}
}

func without(list []*ledgerOp, o *ledgerOp) (rest []*ledgerOp) {
	for _, x := range list {
		if x != o {
			rest = append(rest, x)
		}
	}
	return rest
}

func (m *machine) cancelAll(t *rapid.T) {
	s := pick(t, "socket", m.socks)
	want := spec.OK
	switch {
	case s.closed:
		want = spec.Closed
	case len(s.recvs) == 0:
		want = spec.NotFound
	}
	m.expect("cancel all", s.Cancel(nil), want)
	m.abort(s)
}

func (m *machine) abort(s *ledgerSock) {
	for _, o := range s.recvs {
		m.complete(o, 0, spec.Aborted)
	}
	s.recvs = nil
}

func (m *machine) close(t *rapid.T) {
	s := pick(t, "socket", m.socks)
	want := spec.OK
	if s.closed {
		want = spec.Closed
	}
	m.expect("close", s.Close(), want)
	m.abort(s)
	if !s.closed {
		s.closed, s.torn = true, len(s.far.sent) > 0
	}
	m.world.Settle()
}

func (m *machine) skip(t *rapid.T) {
	s := pick(t, "socket", m.socks)
	want := spec.OK
	if s.closed {
		want = spec.Closed
	}
	m.expect("skip on success", s.SkipOnSuccess(), want)
	s.skip = true
}

func (m *machine) shut(t *rapid.T) {
	s, side := pick(t, "socket", m.socks), rapid.SampledFrom([]spec.Side{spec.SideSend, spec.SideReceive}).Draw(t, "side")
	if s.reset || side == spec.SideReceive && len(s.recvs) > 0 {
		t.Skip("what that does is left open")
	}
	want := spec.OK
	if s.closed {
		want = spec.Closed
	}
	m.expect("shutdown", s.Shutdown(side), want)
	s.noSend, s.noReceive = s.noSend || side == spec.SideSend, s.noReceive || side == spec.SideReceive
	m.world.Settle()
}

// far draws a far end that still talks to somebody.
func (m *machine) far(t *rapid.T) *ledgerFar {
	f := pick(t, "far end", m.fars)
	if s := f.on; s != nil && (s.closed || s.reset || s.noReceive) {
		t.Skip("nobody listens to it")
	}
	return f
}

func (m *machine) farSends(t *rapid.T) {
	f := m.far(t)
	if f.end || len(f.sent) > 4000 {
		t.Skip("it has said enough")
	}
	b := rapid.SliceOfN(rapid.Byte(), 1, 12).Draw(t, "bytes")
	if n, e := f.sock.Send(b); n != len(b) || e != simnet.OK {
		m.Fatalf("a far end sent %d bytes of %d: %v", n, len(b), e)
	}
	m.world.Settle()
	f.sent = append(f.sent, b...)
	m.fill(f.on)
}

func (m *machine) farEnds(t *rapid.T) {
	f := m.far(t)
	f.sock.Shutdown(false, true)
	m.world.Settle()
	f.end = true
	m.fill(f.on)
}

func (m *machine) farResets(t *rapid.T) {
	f := m.far(t)
	if f.on == nil || f.end {
		t.Skip("nobody has accepted it, or it has said all: what a reset does then is left open")
	}
	f.sock.Abort()
	m.world.Settle()
	f.sent, f.on.reset = nil, true
	m.fill(f.on)
}

func (m *machine) farReads(t *rapid.T) {
	f := pick(t, "far end", m.fars)
	s := f.on
	if s == nil || s.reset || s.torn {
		t.Skip("it may not read what was sent")
	}
	b := make([]byte, rapid.IntRange(1, 12).Draw(t, "most"))
	n, e := f.sock.Recv(b)
	switch {
	case len(s.out) > 0:
		if want := s.out[:min(len(b), len(s.out))]; e != simnet.OK || !bytes.Equal(b[:n], want) {
			m.Fatalf("a far end read %x (%v), want %x", b[:max(n, 0)], e, want)
		}
		s.out = s.out[n:]
	case s.noSend || s.closed:
		if n != 0 || e != simnet.OK {
			m.Fatalf("a far end read %d bytes (%v), want the end", n, e)
		}
	case e != simnet.EAGAIN:
		m.Fatalf("a far end read %d bytes (%v), want none yet", n, e)
	}
}
