package conformance

import (
	"fmt"
	"net/netip"
	"sync/atomic"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// polled is what a script knows on a readiness back end; nil on a completion back end.
type polled struct {
	pollers []*poller
	watched map[uint64]*watched // by token; every add and modify has one of its own
	tokens  uint32
	aside   []*packet // events that come but once, reported to a wait that was for something else
	accepts int
}

// poller is a poller of the script.
type poller struct {
	*spec.PollerRef
	closed  atomic.Bool
	waiting int // background waits under way
	endless int // of these, without a timeout
	bell    atomic.Pointer[raw]
	woken   int // background waits that were told of something, since somebody asked
}

// watched is what a token stands for.
type watched struct {
	op  *operation // has its name
	ask spec.Interest
}

// raw is a descriptor of the script.
type raw struct {
	*spec.RawRef
	place
	net  spec.Network
	sent uint64 // under the program's lock
}

// isPoller reports whether the target is a readiness back end and nothing else.
func isPoller(a *spec.About) bool { return a.Can(spec.CanPoll) && !a.Can(spec.CanComplete) }

// actReady makes the calls of a line on a readiness back end; mine is false for lines that are the same everywhere.
func (t *thread) actReady(l *scenario.Line) (got outcome, ok, mine bool) {
	p := t.p
	missing := func(name string) (outcome, bool, bool) {
		return outcome{}, p.stuck(l, "no "+name+" yet", ""), true
	}
	switch a := l.Action.(type) {
	case *scenario.PollerLine:
		ref, st := t.rec.OpenPoller()
		e := &poller{PollerRef: ref}
		p.mu.Lock()
		p.ready.pollers = append(p.ready.pollers, e)
		p.names[a.Name] = e
		p.mu.Unlock()
		return outcome{status: st}, true, true
	case *scenario.ListenLine:
		_, st := t.listenRaw(a.Name, a.Opts.Int("backlog", 16), network(a.Opts, spec.TCP4))
		return outcome{status: st}, true, true
	case *scenario.SocketLine:
		return outcome{status: t.openRaw(a)}, true, true
	case *scenario.SessionLine:
		return t.sessionRaw(l, a)
	case *scenario.InterestLine:
		return t.interest(l, a)
	case *scenario.TryLine:
		s, there := named[*raw](p, a.On)
		if !there {
			return missing(a.On)
		}
		got, ok := t.try(l, a, s)
		return got, ok, true
	case *scenario.WaitLine:
		e, there := named[*poller](p, a.Port)
		if !there {
			return missing(a.Port)
		}
		return t.waitReady(l, a, e), true, true
	case *scenario.WokenLine:
		e, there := named[*poller](p, a.Name)
		if !there {
			return missing(a.Name)
		}
		return outcome{}, t.woken(l, a, e), true
	case *scenario.DupLine:
		s, there := named[*raw](p, a.Name)
		if !there {
			return missing(a.Name)
		}
		d, st := t.rec.Dup(s.RawRef)
		if st.Ok() {
			twin := &raw{RawRef: d, net: s.net}
			twin.reachedAt(s.addr())
			p.bind(a.As, twin)
		}
		return outcome{status: st}, true, true
	case *scenario.ShutdownLine:
		s, there := named[*raw](p, a.Name)
		if !there {
			return missing(a.Name)
		}
		return outcome{status: t.rec.ShutdownRaw(s.RawRef, sides[a.Side])}, true, true
	case *scenario.CloseLine:
		if e, is := named[*poller](p, a.Name); is {
			t.hangBell(e)
			e.closed.Store(true)
			return outcome{status: t.rec.ClosePoller(e.PollerRef)}, true, true
		}
		s, there := named[*raw](p, a.Name)
		if !there {
			return missing(a.Name)
		}
		return outcome{status: t.rec.CloseRaw(s.RawRef)}, true, true
	case *scenario.PeerLine:
		return t.peerReady(l, a)
	case *scenario.ObserveLine:
		return outcome{}, t.observeReady(l, a), true
	case *scenario.PortLine, *scenario.EventLine: // what else is about completion speaks of one of these, and finds none
		return outcome{}, p.stuck(l, "the verb "+l.Action.Word()+" is not for pollers", ""), true
	}
	return outcome{}, false, false
}

var sides = map[string]spec.Side{"send": spec.SideSend, "receive": spec.SideReceive, "both": spec.SideBoth}

// network is n, or its like over IPv6 where the line says so.
func network(o scenario.Opts, n spec.Network) spec.Network {
	if o.Int("ip", 4) == 6 {
		n++
	}
	return n
}

func (t *thread) listenRaw(name string, backlog int, n spec.Network) (*raw, spec.Status) {
	ref, st := t.rec.OpenRaw(n)
	s := &raw{RawRef: ref, net: n}
	t.p.bind(name, s)
	if st.Ok() {
		_, st = t.rec.BindRaw(ref, t.p.world.Loopback(n))
	}
	if st.Ok() {
		var a netip.AddrPort
		a, st = t.rec.ListenRaw(ref, backlog)
		s.reachedAt(a)
	}
	return s, st
}

// openRaw opens a socket; one of datagrams gets an address at once.
func (t *thread) openRaw(a *scenario.SocketLine) spec.Status {
	n := network(a.Opts, spec.TCP4)
	if a.Verb == "udp" {
		n = network(a.Opts, spec.UDP4)
	}
	ref, st := t.rec.OpenRaw(n)
	s := &raw{RawRef: ref, net: n}
	t.p.bind(a.Name, s)
	if st.Ok() && a.Verb == "udp" {
		var at netip.AddrPort
		at, st = t.rec.BindRaw(ref, t.p.world.Loopback(n))
		s.reachedAt(at)
	}
	return st
}

// sessionRaw is the usual beginning: a listener, and a connected pair.
func (t *thread) sessionRaw(l *scenario.Line, a *scenario.SessionLine) (outcome, bool, bool) {
	lis, there := named[*raw](t.p, scenario.SessionListener)
	if !there {
		var st spec.Status
		if lis, st = t.listenRaw(scenario.SessionListener, 16, network(a.Opts, spec.TCP4)); !st.Ok() {
			return outcome{}, t.p.stuck(l, "listen: "+st.String(), "ok"), true
		}
	}
	got, ok := t.connectRaw(l, a.Peer(), lis, a.Name)
	return got, ok, true
}

// connectRaw connects a far end to a listener and, where our side has a name, accepts.
func (t *thread) connectRaw(l *scenario.Line, name string, lis *raw, as string) (outcome, bool) {
	p := t.p
	c, st, err := t.connectVia(name, lis.net, lis.addr())
	if err != nil {
		return outcome{}, p.stuck(l, err.Error(), "")
	}
	p.bind(name, c)
	if as == "" || !st.Ok() {
		return outcome{status: st}, true
	}
	rec := t.rec
	if rec == nil { // a far end's thread in a block: the accept is ours
		rec = p.rec.Thread("accepts:" + name)
	}
	settled := false // where nothing comes after everything has, another has accepted it
	for w := p.world.Watch(p.pace(true)); ; settled = p.world.Controlled() {
		_, _, s, st := rec.Try(lis.RawRef, spec.Accept, nil, netip.AddrPort{})
		if st.Ok() && s != nil {
			p.bind(as, &raw{RawRef: s, net: lis.net})
			return outcome{}, true
		}
		if st.Code != spec.WouldBlock || settled || w.Spent() {
			return outcome{}, p.stuck(l, "accept: "+st.String(), "ok")
		}
		p.world.Settle()
	}
}

func (t *thread) interest(l *scenario.Line, a *scenario.InterestLine) (outcome, bool, bool) {
	p := t.p
	e, there := named[*poller](p, a.Poller)
	if !there {
		return outcome{}, p.stuck(l, "no "+a.Poller+" yet", ""), true
	}
	ask := p.about.Triggered(spec.InterestOf(a.Flags))
	var token uint64
	if a.Verb != "remove" {
		token = p.token(a.Name, ask)
	}
	if inner, is := named[*poller](p, a.Name); is {
		switch a.Verb {
		case "add":
			return outcome{status: t.rec.AddPoller(e.PollerRef, inner.PollerRef, token, ask)}, true, true
		case "modify":
			return outcome{status: t.rec.ModifyPoller(e.PollerRef, inner.PollerRef, token, ask)}, true, true
		}
		return outcome{status: t.rec.RemovePoller(e.PollerRef, inner.PollerRef)}, true, true
	}
	s, there := named[*raw](p, a.Name)
	if !there {
		return outcome{}, p.stuck(l, "no socket "+a.Name+" yet", ""), true
	}
	switch a.Verb {
	case "add":
		return outcome{status: t.rec.Add(e.PollerRef, s.RawRef, token, ask)}, true, true
	case "modify":
		return outcome{status: t.rec.Modify(e.PollerRef, s.RawRef, token, ask)}, true, true
	}
	return outcome{status: t.rec.Remove(e.PollerRef, s.RawRef)}, true, true
}

// token gives an interest a token of its own.
func (p *program) token(name string, ask spec.Interest) uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready.tokens++
	token := Token(p.ready.tokens)
	p.ready.watched[token] = &watched{&operation{name: name}, ask}
	return token
}

func (t *thread) try(l *scenario.Line, a *scenario.TryLine, s *raw) (outcome, bool) {
	p := t.p
	var buf []byte
	var to netip.AddrPort
	kind := kindOf[a.Verb]
	switch n := a.Opts.Int("len", 0); kind {
	case spec.Receive, spec.ReceiveFrom:
		buf = t.room(n)
	case spec.Send, spec.SendTo:
		buf = t.room(n)
		p.mu.Lock()
		Pattern(buf, s.ID, s.sent)
		p.mu.Unlock()
	}
	if a.To != "" {
		if to = p.address(a.To); !to.IsValid() { // of a far end that another strand of a par has not made yet
			return outcome{}, p.stuck(l, a.To+" has no address", "")
		}
	}
	n, _, accepted, st := t.rec.Try(s.RawRef, kind, buf, to)
	if kind == spec.Send && st.Ok() {
		p.mu.Lock()
		s.sent += uint64(n)
		p.mu.Unlock()
	}
	if accepted != nil {
		p.mu.Lock()
		p.ready.accepts++
		as := a.As
		if as == "" {
			as = fmt.Sprintf("%s.accepted%d", a.On, p.ready.accepts)
		}
		p.names[as] = &raw{RawRef: accepted, net: s.net}
		p.mu.Unlock()
	}
	return outcome{status: st, n: n, counts: kind != spec.Accept && kind != spec.Connect}, true
}

// address is where something of that name is reached.
func (p *program) address(name string) netip.AddrPort {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch x := p.names[name].(type) {
	case *raw:
		return x.addr()
	case *peer:
		return x.Peer.Local()
	case *spec.Sock:
		return p.rec.Local(x)
	case *spec.PeerListenerRef:
		return x.Listener.Addr()
	}
	return netip.AddrPort{}
}

// peerReady runs the lines of far ends that have to do with our sockets.
func (t *thread) peerReady(l *scenario.Line, a *scenario.PeerLine) (outcome, bool, bool) {
	p := t.p
	switch {
	case a.Verb == "connects":
		lis, there := named[*raw](p, a.To)
		if !there {
			return outcome{}, p.stuck(l, "no listener "+a.To, ""), true
		}
		if a.Count == 0 {
			got, ok := t.connectRaw(l, a.Peer, lis, a.As)
			return got, ok, true
		}
		for i := range a.Count {
			if got, ok := t.connectRaw(l, member(a.Peer, i), lis, ""); !ok || !got.status.Ok() {
				return got, ok, true
			}
		}
		return outcome{}, true, true
	case a.Verb == "sends" && a.To != "":
		u, there := named[*raw](p, a.To)
		if !there {
			return outcome{}, p.stuck(l, "no socket "+a.To+" yet", ""), true
		}
		c, there := named[*peer](p, a.Peer)
		if !there {
			var st spec.Status
			var err error
			if c, st, err = t.connectVia(a.Peer, u.net, u.addr()); err != nil || !st.Ok() {
				return outcome{status: st}, err == nil || p.stuck(l, err.Error(), ""), true
			}
			p.bind(a.Peer, c)
		}
		return outcome{status: c.send(a.Bytes.Lo.Int())}, true, true
	}
	return outcome{}, false, false
}
