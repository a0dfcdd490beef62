package faulty

import (
	"net/netip"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// The bugs of a layer around a readiness back end, in the order of Readiness.
const (
	listenerWritable = iota
	nestedWritable
	unconnectedNotHungUp
	datagramEdge
	secondPollerEdge
	shutDownNotHungUp
	triedOnClosed
	pollerClosedTimesOut
	tokenNarrow
	writableEdge
	addedAgainSilent
	nothingIsOK
	outEdgeBesideIn
)

// Readiness names the bugs that a layer around a readiness back end can have.
var Readiness = []string{
	"listener-writable", "nested-writable", "unconnected-not-hung-up", "datagram-edge", "second-poller-edge", "shut-down-not-hung-up",
	"tried-on-closed", "poller-closed-times-out", "token-narrow", "writable-edge", "added-again-silent", "nothing-is-ok", "out-edge-beside-in",
}

// Ready puts a layer with the bugs that are this package's around b. others are the names that are not.
func Ready(b spec.ReadyBackend, names []string) (layer spec.ReadyBackend, others []string) {
	set, others := plant(Readiness, names)
	if set == 0 {
		return b, others
	}
	return &ready{ReadyBackend: b, bugs: bugs(set), watchers: map[spec.File]int{}}, others
}

type ready struct {
	spec.ReadyBackend
	bugs

	mu       sync.Mutex
	watchers map[spec.File]int // pollers that watch it
}

type poller struct {
	b *ready
	spec.Poller
	closed  bool
	watched []*watch
}

// watch is what a poller watches.
type watch struct {
	f       spec.File
	token   uint64
	ask     spec.Interest
	removed bool
}

type raw struct {
	b *ready
	spec.Raw
	net       spec.Network
	listens   bool
	connected bool
	closed    bool
	shut      [2]bool
}

func (b *ready) Poller() (spec.Poller, spec.Status) {
	inner, st := b.ReadyBackend.Poller()
	if !st.Ok() {
		return nil, st
	}
	return &poller{b: b, Poller: inner}, st
}

func (b *ready) Socket(n spec.Network) (spec.Raw, spec.Status) {
	inner, st := b.ReadyBackend.Socket(n)
	if !st.Ok() {
		return nil, st
	}
	return &raw{b: b, Raw: inner, net: n}, st
}

// inner is what the back end knows of a file.
func inner(f spec.File) spec.File {
	switch f := f.(type) {
	case *raw:
		return f.Raw
	case *poller:
		return f.Poller
	}
	panic(unknown(f))
}

// find is the watch of the file.
func (p *poller) find(f spec.File) *watch {
	for _, w := range p.watched {
		if w.f == f {
			return w
		}
	}
	return nil
}

// asked is what the layer asks for where ask was asked of it.
func (p *poller) asked(f spec.File, ask spec.Interest) spec.Interest {
	b := p.b
	r, isRaw := f.(*raw)
	level := ask&(spec.Edge|spec.OneShot) == 0
	switch {
	case b.has(datagramEdge) && isRaw && r.net.Datagrams() && level && ask == spec.In,
		b.has(writableEdge) && isRaw && level && ask == spec.Out,
		b.has(outEdgeBesideIn) && isRaw && level && ask == spec.In|spec.Out:
		ask |= spec.Edge
	}
	return ask
}

func (p *poller) Add(f spec.File, token uint64, ask spec.Interest) spec.Status {
	b := p.b
	p.b.mu.Lock()
	w, others := p.find(f), b.watchers[f]
	b.mu.Unlock()
	how := p.asked(f, ask)
	if b.has(secondPollerEdge) && others > 0 && ask&spec.OneShot == 0 {
		how |= spec.Edge
	}
	if b.has(addedAgainSilent) && w != nil && w.removed {
		how &^= spec.In
	}
	st := p.Poller.Add(inner(f), token, how)
	if st.Ok() {
		b.mu.Lock()
		b.watchers[f]++
		if w == nil {
			w = &watch{f: f}
			p.watched = append(p.watched, w)
		}
		w.token, w.ask, w.removed = token, ask, false
		b.mu.Unlock()
	}
	return st
}

func (p *poller) Modify(f spec.File, token uint64, ask spec.Interest) spec.Status {
	b := p.b
	b.mu.Lock()
	w := p.find(f)
	b.mu.Unlock()
	if b.has(tokenNarrow) && ask&spec.OneShot == 0 {
		token = uint64(uint32(token))
	}
	st := p.Poller.Modify(inner(f), token, p.asked(f, ask))
	if st.Ok() && w != nil {
		b.mu.Lock()
		w.token, w.ask = token, ask
		b.mu.Unlock()
	}
	return st
}

func (p *poller) Remove(f spec.File) spec.Status {
	st := p.Poller.Remove(inner(f))
	if st.Ok() {
		p.b.mu.Lock()
		p.b.watchers[f]--
		if w := p.find(f); w != nil {
			w.removed = true
		}
		p.b.mu.Unlock()
	}
	return st
}

func (p *poller) Wait(dst []spec.Ready, timeout time.Duration) (int, spec.Status) {
	b := p.b
	if p.closed && b.has(pollerClosedTimesOut) {
		return 0, spec.Is(spec.TimedOut)
	}
	n, st := p.Poller.Wait(dst, timeout)
	if st.Code == spec.TimedOut && timeout == 0 && b.has(nothingIsOK) {
		return 0, spec.Status{}
	}
	kept := 0
	for i := range n {
		e := dst[i]
		b.mu.Lock()
		for _, w := range p.watched {
			if w.token == e.Token && !w.removed {
				e.Events = b.told(w, e.Events)
			}
		}
		b.mu.Unlock()
		if e.Events != 0 {
			dst[kept] = e
			kept++
		}
	}
	if n > 0 && kept == 0 {
		return 0, spec.Is(spec.TimedOut)
	}
	return kept, st
}

// told is what the layer tells of what it was told.
func (b *ready) told(w *watch, events spec.Interest) spec.Interest {
	switch f := w.f.(type) {
	case *poller:
		if b.has(nestedWritable) {
			events |= spec.Out
		}
	case *raw:
		switch {
		case b.has(listenerWritable) && f.listens && w.ask&spec.Out != 0:
			events |= spec.Out
		case b.has(unconnectedNotHungUp) && !f.connected && !f.listens:
			events &^= spec.Hup
		case b.has(shutDownNotHungUp) && f.shut[0] && f.shut[1]:
			events &^= spec.Hup
		}
	}
	return events
}

func (p *poller) Close() spec.Status {
	p.closed = true
	return p.Poller.Close()
}

func (r *raw) Listen(backlog int) spec.Status {
	r.listens = true
	return r.Raw.Listen(backlog)
}

func (r *raw) Try(k spec.Verb, buf []byte, to netip.AddrPort) (n int, from netip.AddrPort, accepted spec.Raw, st spec.Status) {
	if r.closed && r.b.has(triedOnClosed) {
		return 0, from, nil, spec.Is(spec.WouldBlock)
	}
	n, from, accepted, st = r.Raw.Try(k, buf, to)
	if accepted != nil {
		accepted = &raw{b: r.b, Raw: accepted, net: r.net, connected: true}
	}
	if k == spec.Connect {
		r.connected = true
	}
	return n, from, accepted, st
}

func (r *raw) Dup() (spec.Raw, spec.Status) {
	other, st := r.Raw.Dup()
	if !st.Ok() {
		return nil, st
	}
	return &raw{b: r.b, Raw: other, net: r.net, listens: r.listens, connected: r.connected}, st
}

func (r *raw) Shutdown(side spec.Side) spec.Status {
	st := r.Raw.Shutdown(side)
	if st.Ok() {
		r.shut[0] = r.shut[0] || side != spec.SideSend
		r.shut[1] = r.shut[1] || side != spec.SideReceive
	}
	return st
}

func (r *raw) Close() spec.Status {
	r.closed = true
	return r.Raw.Close()
}
