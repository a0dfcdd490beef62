package conformance

import (
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// do runs one line on this thread and compares what it came to with what it expects.
func (t *thread) do(l *scenario.Line) bool {
	if t.p.isShut() {
		return false
	}
	if !t.holds(l.Guard) {
		t.last = outcome{none: true}
		return true
	}
	got, ok := t.act(l)
	t.last = got
	if !ok {
		return false
	}
	return t.check(l, got)
}

func (p *program) isShut() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.share(sharedEnding, false)
	return p.shut
}

// act makes the calls of a line. It returns false where the script cannot go on, after saying why.
func (t *thread) act(l *scenario.Line) (outcome, bool) {
	if t.p.ready != nil {
		if got, ok, mine := t.actReady(l); mine {
			return got, ok
		}
	}
	switch a := l.Action.(type) {
	case *scenario.PortLine:
		port, st := t.rec.OpenPort(a.Opts.Int("concurrency", 0))
		if !st.Ok() {
			return outcome{}, t.p.stuck(l, st.String(), "ok") // nothing could be done without it
		}
		t.p.addPort(a.Name, port)
		return outcome{status: st}, true
	case *scenario.ListenLine:
		st := t.listen(a.Name, a.Port, a.Opts.Uint("key", 0), a.Opts.Int("backlog", 16), network(a.Opts, spec.TCP4))
		return outcome{status: st}, true
	case *scenario.SocketLine:
		if a.Verb == "udp" {
			return outcome{status: t.openDatagram(a)}, true
		}
		n := network(a.Opts, spec.TCP4)
		s, st := t.rec.OpenSocket(n)
		t.p.addSock(a.Name, s)
		if st.Ok() && a.Opts.Yes("bind") {
			st = t.rec.Bind(s, t.p.world.Loopback(n))
		}
		return outcome{status: st}, true
	case *scenario.SessionLine:
		return t.session(l, a)
	case *scenario.AssociateLine:
		s, ok := t.p.socket(a.Name)
		if !ok {
			return outcome{}, t.p.stuck(l, "no socket "+a.Name+" yet", "")
		}
		port, ok := named[*spec.PortRef](t.p, a.Port)
		if !ok {
			return outcome{}, t.p.stuck(l, "no port "+a.Port+" yet", "")
		}
		return outcome{status: t.rec.Associate(port, s, a.Opts.Uint("key", 0))}, true
	case *scenario.EventLine:
		e, st := t.rec.OpenEvent()
		if st.Ok() {
			t.p.bind(a.Name, e)
		}
		return outcome{status: st}, true
	case *scenario.AwaitLine:
		return t.awaitEvent(l, a)
	case *scenario.StartLine:
		return t.start(l, a)
	case *scenario.WaitLine:
		return t.wait(l, a)
	case *scenario.PeerLine:
		return t.peer(l, a)
	case *scenario.PoolLine:
		return t.pool(l, a)
	case *scenario.DrainLine:
		return t.drain(l, a)
	}
	return t.control(l)
}

func (p *program) addPort(name string, port *spec.PortRef) {
	p.mu.Lock()
	p.share(sharedLists, true)
	p.ports = append(p.ports, port)
	p.shareName(name, true)
	p.names[name] = port
	p.mu.Unlock()
}

func (p *program) addSock(name string, s *spec.Sock) {
	p.mu.Lock()
	p.share(sharedLists, true)
	p.socks = append(p.socks, s)
	p.shareName(name, true)
	p.names[name] = s
	p.mu.Unlock()
}

// listen opens a listening socket on a loopback address, and associates it with a port where one is named.
func (t *thread) listen(name, port string, key uint64, backlog int, n spec.Network) spec.Status {
	s, st := t.rec.OpenSocket(n)
	if !st.Ok() {
		return st
	}
	l := &listener{Sock: s}
	t.p.addSock(name, s)
	t.p.bind(name, l)
	if st = t.rec.Bind(s, t.p.world.Loopback(n)); !st.Ok() {
		return st
	}
	a, st := t.rec.Listen(s, backlog)
	l.reachedAt(a)
	if !st.Ok() || port == "" {
		return st
	}
	p, ok := named[*spec.PortRef](t.p, port)
	if !ok { // it did not come to be
		return spec.Is(spec.Invalid)
	}
	return t.rec.Associate(p, s, key)
}
