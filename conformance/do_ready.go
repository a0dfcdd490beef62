package conformance

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

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
	closed  bool
	waiting int // background waits under way
	woken   int // background waits that were told of something, since somebody asked
}

// watched is what a token stands for.
type watched struct {
	name string
	ask  spec.Interest
}

// raw is a descriptor of the script.
type raw struct {
	*spec.RawRef
	net  spec.Network
	addr netip.AddrPort
	sent uint64
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
		return t.try(l, a, s), true, true
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
		p.bind(a.As, &raw{RawRef: d, net: s.net, addr: s.addr})
		return outcome{status: st}, true, true
	case *scenario.ShutdownLine:
		s, there := named[*raw](p, a.Name)
		if !there {
			return missing(a.Name)
		}
		return outcome{status: t.rec.ShutdownRaw(s.RawRef, sides[a.Side])}, true, true
	case *scenario.CloseLine:
		if e, is := named[*poller](p, a.Name); is {
			e.closed = true
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

func loopback(n spec.Network) netip.AddrPort {
	if n == spec.TCP6 || n == spec.UDP6 {
		return netip.AddrPortFrom(netip.IPv6Loopback(), 0)
	}
	return anyLoopback
}

func (t *thread) listenRaw(name string, backlog int, n spec.Network) (*raw, spec.Status) {
	ref, st := t.rec.OpenRaw(n)
	s := &raw{RawRef: ref, net: n}
	t.p.bind(name, s)
	if st.Ok() {
		_, st = t.rec.BindRaw(ref, loopback(n))
	}
	if st.Ok() {
		s.addr, st = t.rec.ListenRaw(ref, backlog)
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
		s.addr, st = t.rec.BindRaw(ref, loopback(n))
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
	c, st, err := t.connectVia(name, lis.net, lis.addr)
	if err != nil {
		return outcome{}, p.stuck(l, err.Error(), "")
	}
	p.bind(name, c)
	if as == "" || !st.Ok() {
		return outcome{status: st}, true
	}
	for w := p.world.Watch(spec.Patient); ; p.world.Settle() {
		_, _, s, st := t.rec.Try(lis.RawRef, spec.Accept, nil, netip.AddrPort{})
		if st.Ok() && s != nil {
			p.bind(as, &raw{RawRef: s, net: lis.net})
			return outcome{}, true
		}
		if st.Code != spec.WouldBlock || w.Spent() {
			return outcome{}, p.stuck(l, "accept: "+st.String(), "ok")
		}
	}
}

func (t *thread) interest(l *scenario.Line, a *scenario.InterestLine) (outcome, bool, bool) {
	p := t.p
	e, there := named[*poller](p, a.Poller)
	if !there {
		return outcome{}, p.stuck(l, "no "+a.Poller+" yet", ""), true
	}
	var ask spec.Interest
	for _, f := range a.Flags {
		bit, _ := spec.InterestByWord(f) // level and none are the absence of bits
		ask |= bit
	}
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
	p.ready.watched[token] = &watched{name, ask}
	return token
}

func (t *thread) try(l *scenario.Line, a *scenario.TryLine, s *raw) outcome {
	p := t.p
	var buf []byte
	var to netip.AddrPort
	kind := kindOf[a.Verb]
	switch n := a.Opts.Int("len", 0); kind {
	case spec.Receive, spec.ReceiveFrom:
		buf = make([]byte, n)
	case spec.Send, spec.SendTo:
		buf = make([]byte, n)
		Pattern(buf, s.ID, s.sent)
	}
	if a.To != "" {
		to = p.address(a.To)
	}
	n, _, accepted, st := t.rec.Try(s.RawRef, kind, buf, to)
	if kind == spec.Send && st.Ok() {
		s.sent += uint64(n)
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
	return outcome{status: st, n: n, counts: kind != spec.Accept && kind != spec.Connect}
}

// address is where something of that name is reached.
func (p *program) address(name string) netip.AddrPort {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch x := p.names[name].(type) {
	case *raw:
		return x.addr
	case *peer:
		return x.Peer.Local()
	case *spec.Sock:
		return x.Local()
	case *spec.PeerListenerRef:
		return x.Listener.Addr()
	}
	return netip.AddrPort{}
}

// takeReady makes one call of Wait and returns the events with the names of what they are for.
func (t *thread) takeReady(e *poller, most int, timeout time.Duration) ([]*packet, spec.Status) {
	dst := make([]spec.Ready, most)
	n, st := t.rec.WaitReady(e.PollerRef, dst, timeout)
	p := t.p
	p.mu.Lock()
	defer p.mu.Unlock()
	var got []*packet
	for _, r := range dst[:max(0, min(n, most))] {
		k := &packet{polled: true, events: r.Events, level: true, op: &operation{name: fmt.Sprintf("token %#x", r.Token)}}
		if w := p.ready.watched[r.Token]; w != nil {
			k.op.name = w.name
			k.level = w.ask&(spec.Edge|spec.OneShot) == 0
		}
		got = append(got, k)
	}
	return got, st
}

// waitReady runs a wait on a poller.
func (t *thread) waitReady(l *scenario.Line, a *scenario.WaitLine, e *poller) outcome {
	p := t.p
	most := a.Max.Int()
	if most == 0 {
		most = 16
	}
	if l.Background {
		p.mu.Lock()
		e.waiting++
		p.mu.Unlock()
		defer func() {
			p.mu.Lock()
			e.waiting--
			p.mu.Unlock()
		}()
	}
	var out outcome
	if a.Timed || a.Forever {
		timeout := a.Timeout
		if a.Forever {
			timeout = -1
		}
		out.packets, out.status = t.takeReady(e, most, timeout)
	} else {
		out = t.collectReady(l, e, most)
	}
	if l.Background && len(out.packets) > 0 && !p.isShut() {
		p.mu.Lock()
		e.woken++
		p.mu.Unlock()
	}
	if a.As != "" && len(out.packets) > 0 {
		p.bind(a.As, out.packets[0])
	}
	return out
}

// collectReady waits until everything has been reported that the line is for, as it is to be. What is level-triggered comes again; other events of
// something else are kept for a wait that asks for them.
func (t *thread) collectReady(l *scenario.Line, e *poller, most int) (out outcome) {
	p := t.p
	want := t.wanted(l)
	pace := spec.Patient
	if l.Result != nil && (l.Result.Kind == scenario.Nothing || l.Result.Kind == scenario.Reply) {
		pace = spec.Quiet
	}
	p.mu.Lock()
	p.ready.aside = slices.DeleteFunc(p.ready.aside, func(k *packet) bool {
		mine := k.isFor(want)
		if mine {
			out.packets = append(out.packets, k)
		}
		return mine
	})
	p.mu.Unlock()
	if len(want) > 0 && t.satisfied(l, out) {
		return out
	}
	idle := 0
	for w := p.world.Watch(pace); ; {
		got, st := t.takeReady(e, most, w.Slice())
		out.status = st
		for _, k := range got {
			switch {
			case len(want) == 0:
				out.packets = append(out.packets, k)
			case k.isFor(want):
				out.packets = slices.DeleteFunc(out.packets, func(x *packet) bool { return x.op.name == k.op.name })
				out.packets = append(out.packets, k)
			case !k.level:
				p.mu.Lock()
				p.ready.aside = append(p.ready.aside, k)
				p.mu.Unlock()
			}
		}
		switch {
		case len(want) == 0 && len(got) > 0, len(want) > 0 && t.satisfied(l, out):
			return out
		case !st.Ok() && st.Code != spec.TimedOut, w.Spent(), p.isShut():
			return out
		case len(got) > 0:
			if p.world.Settle(); p.world.Controlled() {
				if idle++; idle > 3 {
					return out // everything has come, and it is not what is wanted
				}
			}
		}
	}
}

// satisfied reports whether what was reported is what the line expects.
func (t *thread) satisfied(l *scenario.Line, got outcome) bool {
	if len(got.packets) < len(l.Result.Packets) {
		return false
	}
	for _, want := range l.Result.Packets {
		for _, k := range got.packets {
			if k.op.name == want.Name && !t.p.fitsPacket(want.Outcome, k) {
				return false
			}
		}
	}
	return true
}

// woken checks how many background waits were told of something. What must come is waited for; then all gets the time to show what must not.
func (t *thread) woken(l *scenario.Line, a *scenario.WokenLine, e *poller) bool {
	p := t.p
	count := func() int {
		p.mu.Lock()
		defer p.mu.Unlock()
		return e.woken
	}
	want := a.Count.Int()
	for w := p.world.Watch(spec.Patient); a.Bound == "exactly" && count() < want && !w.Spent(); {
		if p.world.Settle(); p.world.Controlled() {
			break
		}
	}
	t.rec.Pause()
	n := count()
	p.mu.Lock()
	e.woken = 0
	p.mu.Unlock()
	if n == want || n < want && a.Bound == "atmost" {
		return true
	}
	return p.stuck(l, fmt.Sprintf("%d waits were woken", n), fmt.Sprintf("%s %d", a.Bound, want))
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
			if c, st, err = t.connectVia(a.Peer, u.net, u.addr); err != nil || !st.Ok() {
				return outcome{status: st}, err == nil || p.stuck(l, err.Error(), ""), true
			}
			p.bind(a.Peer, c)
		}
		return outcome{status: c.send(a.Bytes.Lo.Int())}, true, true
	}
	return outcome{}, false, false
}

// connectVia makes a far end on a network and connects it.
func (t *thread) connectVia(name string, n spec.Network, to netip.AddrPort) (*peer, spec.Status, error) {
	pt := t.p.peerThread(name)
	ref, st, err := pt.PeerConnect(n, to, t.p.patience())
	if err != nil {
		return nil, spec.Is(spec.NoResources), err
	}
	c := &peer{PeerRef: ref, name: name, thread: &thread{p: t.p, name: "peer:" + name, rec: pt}}
	t.p.mu.Lock()
	t.p.peers = append(t.p.peers, c)
	t.p.mu.Unlock()
	return c, st, nil
}

// observations are the rules that tell of what may happen, and the alternative that is meant, -1 for any.
var observations = map[string][]struct {
	rule        string
	alternative int
}{
	"both":     {{"RDY-26", -1}, {"RDY-27", -1}},
	"overlap":  {{"RDY-26", -1}, {"RDY-27", -1}},
	"reorder":  {{"RDY-28", -1}},
	"spurious": {{"RDY-29", 1}},
}

// observeReady diverges if something that may happen did not, in a script that makes it happen.
func (t *thread) observeReady(l *scenario.Line, a *scenario.ObserveLine) bool {
	j := spec.NewChecker().Check(t.p.rec.Snapshot())
	for _, o := range observations[a.What] {
		for i, r := range spec.Rules() {
			if r.ID != o.rule {
				continue
			}
			if n := j.Counts[i]; n.Checks > 0 && (o.alternative < 0 || n.Alternatives>>o.alternative&1 != 0) {
				return true
			}
		}
	}
	return t.p.stuck(l, "it has not been so", a.What)
}

// drainReady takes what pollers have to report until there is nothing new, and reports whether there was anything new.
func (p *program) drainReady(rounds *int) (any bool) {
	if p.ready == nil {
		return false
	}
	for _, e := range p.ready.pollers {
		seen, repeats := map[string]bool{}, 0
		for w := p.world.Watch(spec.Quiet); !e.closed && !w.Spent() && repeats < 2; {
			got, st := p.main.takeReady(e, 64, w.Slice())
			if !st.Ok() && st.Code != spec.TimedOut {
				break
			}
			fresh := false
			for _, k := range got {
				fresh = fresh || !seen[k.String()]
				seen[k.String()] = true
				any = any || !k.level
			}
			if len(got) > 0 && !fresh {
				repeats++
				p.world.Settle()
			}
			*rounds += w.Rounds()
		}
	}
	return any
}

// release wakes whoever still waits on a poller, by something that is always ready, and closes the pollers.
func (p *program) release() {
	if p.ready == nil {
		return
	}
	for _, e := range p.ready.pollers {
		p.mu.Lock()
		waits := e.waiting
		p.mu.Unlock()
		if waits > 0 && !e.closed {
			if s, st := p.main.rec.OpenRaw(spec.TCP4); st.Ok() {
				p.main.rec.Add(e.PollerRef, s, p.token("the end", spec.Out), spec.Out)
			}
		}
	}
	for _, t := range p.threads {
		if t.name != "main" {
			p.awaitIdle(t)
		}
	}
	for _, e := range p.ready.pollers {
		if !e.closed {
			p.main.rec.ClosePoller(e.PollerRef)
		}
	}
}
