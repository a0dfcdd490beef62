package spec

import (
	"net/netip"
	"time"
)

// polled is what a recorder needs for a readiness back end.
type polled struct {
	backend ReadyBackend
	events  []Ready // arena of the events' events
}

// Polls makes the recorder one for a program that uses a readiness back end. Reset ends that.
func (r *Recorder) Polls(b ReadyBackend) { r.polled.backend = b }

// PollerRef is a recorded poller.
type PollerRef struct {
	ID     uint32
	poller Poller
}

// RawRef is a recorded descriptor. A duplicate has an id of its own.
type RawRef struct {
	ID  uint32
	raw Raw
}

func (r *Recorder) newRaw(k Raw) *RawRef {
	r.lock()
	defer r.unlock()
	r.ids.sock++
	return &RawRef{r.ids.sock, k}
}

// OpenPoller opens a poller.
func (t *Thread) OpenPoller() (*PollerRef, Status) {
	t.r.lock()
	t.r.ids.port++
	p := &PollerRef{ID: t.r.ids.port}
	t.r.unlock()
	c := t.call(&Event{Verb: OpenPoller, Port: p.ID})
	var st Status
	p.poller, st = t.r.polled.backend.Poller()
	t.ret(c, &Event{Verb: OpenPoller, Port: p.ID, Status: st})
	return p, st
}

// OpenRaw opens a socket for trying.
func (t *Thread) OpenRaw(n Network) (*RawRef, Status) {
	s := t.r.newRaw(nil)
	c := t.call(&Event{Verb: OpenRaw, Sock: s.ID, Net: n})
	var st Status
	s.raw, st = t.r.polled.backend.Socket(n)
	t.ret(c, &Event{Verb: OpenRaw, Sock: s.ID, Net: n, Status: st})
	return s, st
}

// BindRaw binds s; the return carries the address that it got.
func (t *Thread) BindRaw(s *RawRef, a netip.AddrPort) (netip.AddrPort, Status) {
	return t.addressed(s, Event{Verb: Bind, Sock: s.ID, Addr: a}, func() Status { return s.raw.Bind(a) })
}

// ListenRaw makes s listen; the return carries its address.
func (t *Thread) ListenRaw(s *RawRef, backlog int) (netip.AddrPort, Status) {
	return t.addressed(s, Event{Verb: Listen, Sock: s.ID, N: backlog}, func() Status { return s.raw.Listen(backlog) })
}

func (t *Thread) addressed(s *RawRef, e Event, f func() Status) (a netip.AddrPort, st Status) {
	c := t.call(&e)
	if st = f(); st.Ok() {
		a, _ = s.raw.Local()
	}
	t.ret(c, &Event{Verb: e.Verb, Sock: s.ID, Status: st, Addr: a})
	return a, st
}

// Add makes p watch s.
func (t *Thread) Add(p *PollerRef, s *RawRef, token uint64, ask Interest) Status {
	return t.interest(Event{Verb: AddInterest, Port: p.ID, Sock: s.ID, Token: token, Ask: ask}, func() Status { return p.poller.Add(s.raw, token, ask) })
}

// Modify changes how p watches s.
func (t *Thread) Modify(p *PollerRef, s *RawRef, token uint64, ask Interest) Status {
	return t.interest(Event{Verb: ModifyInterest, Port: p.ID, Sock: s.ID, Token: token, Ask: ask}, func() Status { return p.poller.Modify(s.raw, token, ask) })
}

// Remove makes p watch s no more.
func (t *Thread) Remove(p *PollerRef, s *RawRef) Status {
	return t.interest(Event{Verb: RemoveInterest, Port: p.ID, Sock: s.ID}, func() Status { return p.poller.Remove(s.raw) })
}

// AddPoller makes p watch another poller.
func (t *Thread) AddPoller(p, inner *PollerRef, token uint64, ask Interest) Status {
	return t.interest(Event{Verb: AddInterest, Port: p.ID, Into: inner.ID, Token: token, Ask: ask}, func() Status { return p.poller.Add(inner.poller, token, ask) })
}

// ModifyPoller changes how p watches another poller.
func (t *Thread) ModifyPoller(p, inner *PollerRef, token uint64, ask Interest) Status {
	return t.interest(Event{Verb: ModifyInterest, Port: p.ID, Into: inner.ID, Token: token, Ask: ask}, func() Status { return p.poller.Modify(inner.poller, token, ask) })
}

// RemovePoller makes p watch another poller no more.
func (t *Thread) RemovePoller(p, inner *PollerRef) Status {
	return t.interest(Event{Verb: RemoveInterest, Port: p.ID, Into: inner.ID}, func() Status { return p.poller.Remove(inner.poller) })
}

func (t *Thread) interest(e Event, f func() Status) Status {
	c := t.call(&e)
	st := f()
	t.ret(c, &Event{Verb: e.Verb, Port: e.Port, Sock: e.Sock, Into: e.Into, Token: e.Token, Status: st})
	return st
}

// WaitReady takes events from p.
func (t *Thread) WaitReady(p *PollerRef, dst []Ready, timeout time.Duration) (int, Status) {
	c := t.call(&Event{Verb: WaitReady, Port: p.ID, Len: len(dst), N: inUnits(timeout, time.Nanosecond)})
	began := t.r.world.Now()
	n, st := p.poller.Wait(dst, timeout)
	e := Event{Verb: WaitReady, Port: p.ID, Status: st, N: n, Early: t.early(began, timeout, st)}
	if n > 0 && n <= len(dst) {
		r := t.r
		r.lock()
		at := len(r.polled.events)
		r.polled.events = append(r.polled.events, dst[:n]...)
		e.Ready = r.polled.events[at:len(r.polled.events):len(r.polled.events)]
		r.unlock()
	}
	t.ret(c, &e)
	return n, st
}

// ClosePoller closes p.
func (t *Thread) ClosePoller(p *PollerRef) Status {
	c := t.call(&Event{Verb: ClosePoller, Port: p.ID})
	st := p.poller.Close()
	t.ret(c, &Event{Verb: ClosePoller, Port: p.ID, Status: st})
	return st
}

// triedAs is the verb of each operation that can be tried.
var triedAs = map[Verb]Verb{Accept: TryAccept, Connect: TryConnect, Receive: TryReceive, Send: TrySend, ReceiveFrom: TryReceiveFrom, SendTo: TrySendTo}

// Try tries an operation on s. accepted is nil but for an accept that succeeded.
func (t *Thread) Try(s *RawRef, k Verb, buf []byte, to netip.AddrPort) (n int, from netip.AddrPort, accepted *RawRef, st Status) {
	v := triedAs[k]
	e := Event{Verb: v, Sock: s.ID, Len: len(buf), Addr: to}
	if k == Send || k == SendTo {
		e.Data = buf
	}
	c := t.call(&e)
	n, from, a, st := s.raw.Try(k, buf, to)
	back := Event{Verb: v, Sock: s.ID, Status: st, N: n}
	switch {
	case k == Accept && st.Ok() && a != nil:
		accepted = t.r.newRaw(a)
		back.Into, back.Addr = accepted.ID, from
	case k == Connect && (st.Ok() || st.Code == WouldBlock):
		back.Addr, _ = s.raw.Local()
	case k == Receive || k == ReceiveFrom:
		if back.Addr = from; n >= 0 && n <= len(buf) {
			back.Data = buf[:n]
		}
	}
	t.ret(c, &back)
	return n, from, accepted, st
}

// Dup makes another descriptor of the file of s.
func (t *Thread) Dup(s *RawRef) (*RawRef, Status) {
	d := t.r.newRaw(nil)
	c := t.call(&Event{Verb: DupRaw, Sock: s.ID, Into: d.ID})
	var st Status
	d.raw, st = s.raw.Dup()
	t.ret(c, &Event{Verb: DupRaw, Sock: s.ID, Into: d.ID, Status: st})
	return d, st
}

// ShutdownRaw ends one direction of s.
func (t *Thread) ShutdownRaw(s *RawRef, side Side) Status {
	c := t.call(&Event{Verb: ShutdownSocket, Sock: s.ID, Side: side})
	st := s.raw.Shutdown(side)
	t.ret(c, &Event{Verb: ShutdownSocket, Sock: s.ID, Side: side, Status: st})
	return st
}

// CloseRaw closes s.
func (t *Thread) CloseRaw(s *RawRef) Status {
	c := t.call(&Event{Verb: CloseSocket, Sock: s.ID})
	st := s.raw.Close()
	t.ret(c, &Event{Verb: CloseSocket, Sock: s.ID, Status: st})
	return st
}
