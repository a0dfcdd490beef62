package adapter

import (
	"net/netip"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// readyBackend is a readiness back end in another process, for one case.
type readyBackend struct{ *backend }

var _ spec.ReadyBackend = readyBackend{}

// Poller implements spec.ReadyBackend.
func (b readyBackend) Poller() (spec.Poller, spec.Status) {
	p := &farPoller{b: b.backend, id: b.number()}
	_, st := b.do(p.ask("poller"))
	return p, st
}

// Socket implements spec.ReadyBackend.
func (b readyBackend) Socket(n spec.Network) (spec.Raw, spec.Status) {
	s, st := b.backend.Socket(n)
	if !st.Ok() {
		return nil, st
	}
	return raw{s.(*socket)}, st
}

// farPoller is a poller in another process.
type farPoller struct {
	b  *backend
	id int64
}

func (p *farPoller) ask(do string) *Message {
	return &Message{Do: do, Poller: p.id, Has: set(FPoller)}
}

// about makes a request that concerns what is watched.
func (p *farPoller) about(m *Message, f spec.File, ask spec.Interest) spec.Status {
	needs := ask.Needs()
	switch f := f.(type) {
	case raw:
		m.Socket, m.Has = f.id, m.Has.With(FSocket)
	case *farPoller:
		m.Inner, m.Has = f.id, m.Has.With(FInner)
		needs = append(needs, spec.CanNest)
	default:
		return spec.Is(spec.Invalid)
	}
	_, st := p.b.do(m, needs...)
	return st
}

func (p *farPoller) set(do string, f spec.File, token uint64, ask spec.Interest) spec.Status {
	m := p.ask(do)
	m.Token, m.Ask, m.Has = token, ask.Words(), m.Has.With(FToken, FAsk)
	return p.about(m, f, ask)
}

// Add implements spec.Poller.
func (p *farPoller) Add(f spec.File, token uint64, ask spec.Interest) spec.Status {
	return p.set("add", f, token, ask)
}

// Modify implements spec.Poller.
func (p *farPoller) Modify(f spec.File, token uint64, ask spec.Interest) spec.Status {
	return p.set("modify", f, token, ask)
}

// Remove implements spec.Poller.
func (p *farPoller) Remove(f spec.File) spec.Status { return p.about(p.ask("remove"), f, 0) }

// Close implements spec.Poller.
func (p *farPoller) Close() spec.Status {
	_, st := p.b.do(p.ask("close-poller"))
	return st
}

// Wait implements spec.Poller.
func (p *farPoller) Wait(dst []spec.Ready, timeout time.Duration) (int, spec.Status) {
	m := p.ask("wait-ready")
	m.Max, m.Timeout, m.Has = int64(len(dst)), milliseconds(timeout), m.Has.With(FMax, FTimeout)
	a, st := p.b.do(m)
	switch {
	case st.Ok() && len(a.Ready) == 0:
		p.b.mistake("a wait was answered ok without an event; it has to be timedout or closed")
	case !st.Ok() && len(a.Ready) > 0:
		p.b.mistake("a wait was answered %s, and with events", st)
	case len(a.Ready) > len(dst):
		p.b.mistake("a wait for up to %d events brought %d", len(dst), len(a.Ready))
	}
	for i := range a.Ready {
		dst[i] = spec.Ready{Token: a.Ready[i].Token, Events: spec.InterestOf(a.Ready[i].Events)}
	}
	return len(a.Ready), st
}

// raw is a descriptor in another process.
type raw struct{ *socket }

// Dup implements spec.Raw.
func (r raw) Dup() (spec.Raw, spec.Status) {
	d := r.b.socket(r.b.number())
	d.net = r.net
	m := Message{Do: "dup", Socket: r.id, As: d.id, Has: set(FSocket, FAs)}
	_, st := r.b.do(&m)
	return raw{d}, st
}

// Try implements spec.Raw.
func (r raw) Try(k spec.Verb, buf []byte, to netip.AddrPort) (n int, from netip.AddrPort, accepted spec.Raw, st spec.Status) {
	b := r.b
	m := Message{Do: "try-" + k.String(), Socket: r.id, Has: set(FSocket)}
	switch k {
	case spec.Accept:
		s := b.socket(b.number())
		s.net = r.net
		m.As, m.Has, accepted = s.id, m.Has.With(FAs), raw{s}
	case spec.Receive, spec.ReceiveFrom:
		m.Length, m.Has = int64(len(buf)), m.Has.With(FLength)
	case spec.Send, spec.SendTo:
		m.Data, m.Has = buf, m.Has.With(FData)
	}
	if k == spec.Connect || k == spec.SendTo {
		m.To, m.Has = to, m.Has.With(FTo)
	}
	a, st := b.do(&m)
	n = count(&a)
	if !st.Ok() {
		accepted = nil
	}
	switch k {
	case spec.Receive, spec.ReceiveFrom:
		if n >= 0 && n <= len(buf) && len(a.Data) != n {
			b.mistake("a %s reports %d bytes, and %d came with it", m.Do, n, len(a.Data))
		}
		copy(buf, a.Data)
	default:
		if len(a.Data) > 0 {
			b.mistake("the answer of a %s has data", m.Do)
		}
		if st.Ok() && !a.Has.Contains(FBytes) && len(m.Data) > 0 {
			b.mistake("a %s succeeded, and how many bytes went out it does not say", m.Do)
		}
	}
	return n, a.From, accepted, st
}
