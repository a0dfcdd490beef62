package conformance

import (
	"net/netip"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// session is the usual beginning: a port, a listener, and a connected pair. Where the target accepts nothing the far end listens, and it connects.
func (t *thread) session(l *scenario.Line, a *scenario.SessionLine) (outcome, bool) {
	port, ok := named[*spec.PortRef](t.p, scenario.SessionPort)
	if !ok {
		var st spec.Status
		if port, st = t.rec.OpenPort(0); !st.Ok() {
			return t.failed(l, "port", st)
		}
		t.p.addPort(scenario.SessionPort, port)
	}
	pair := t.acceptedPair
	if !t.p.about.Can(spec.CanAccept) {
		pair = t.connectedPair
	}
	s, got, ok := pair(l, a, port)
	if s != nil && a.Opts.Yes("skip") {
		if st := t.skip(s); !st.Ok() {
			return t.failed(l, "skip", st)
		}
	}
	return got, ok
}

// failed ends the script at a line that makes several calls, none of which may fail.
func (t *thread) failed(l *scenario.Line, what string, st spec.Status) (outcome, bool) {
	return outcome{}, t.p.stuck(l, what+": "+st.String(), "ok")
}

func (t *thread) acceptedPair(l *scenario.Line, a *scenario.SessionLine, port *spec.PortRef) (*spec.Sock, outcome, bool) {
	fail := func(what string, st spec.Status) (*spec.Sock, outcome, bool) {
		got, ok := t.failed(l, what, st)
		return nil, got, ok
	}
	lis, ok := named[*listener](t.p, scenario.SessionListener)
	if !ok {
		if st := t.listen(scenario.SessionListener, scenario.SessionPort, scenario.SessionListenerKey, 16, network(a.Opts, spec.TCP4)); !st.Ok() {
			return fail("listen", st)
		}
		lis, _ = named[*listener](t.p, scenario.SessionListener)
	}
	op := t.p.newOperation(a.Name+".accept", spec.Accept, 0)
	if res := t.startOn(lis.Sock, op); res.How == spec.RefusedAtStart {
		return fail("accept", res.Status)
	}
	c, st, err := t.connect(a.Peer(), lis.addr())
	if err != nil || !st.Ok() {
		return fail("connect", st)
	}
	t.p.bind(a.Peer(), c)
	if !t.await(port, op) {
		return nil, outcome{}, t.p.stuck(l, "the accept has no packet", "that it completes")
	}
	if !op.packet.Status.Ok() || op.Accepted == nil {
		return fail("accept", op.packet.Status)
	}
	t.p.addSock(a.Name, op.Accepted)
	if st := t.rec.Associate(port, op.Accepted, a.Key()); !st.Ok() {
		return fail("associate", st)
	}
	return op.Accepted, outcome{}, true
}

// connectedPair connects a socket to a far end's listener, which all sessions share under the name that our own would have: scripts that name it need a target that accepts.
func (t *thread) connectedPair(l *scenario.Line, a *scenario.SessionLine, port *spec.PortRef) (*spec.Sock, outcome, bool) {
	fail := func(what string, st spec.Status) (*spec.Sock, outcome, bool) {
		got, ok := t.failed(l, what, st)
		return nil, got, ok
	}
	lis, ok := named[*spec.PeerListenerRef](t.p, scenario.SessionListener)
	if !ok {
		var err error
		if lis, err = t.p.peerThread(scenario.SessionListener).PeerListen(network(a.Opts, spec.TCP4), false); err != nil {
			return nil, outcome{}, t.p.stuck(l, err.Error(), "")
		}
		t.p.bind(scenario.SessionListener, lis)
	}
	to := lis.Listener.Addr()
	n := streams(to)
	s, st := t.rec.OpenSocket(n)
	if t.p.addSock(a.Name, s); !st.Ok() {
		return fail("socket", st)
	}
	if st := t.rec.Bind(s, t.p.world.Loopback(n)); !st.Ok() {
		return fail("bind", st)
	}
	if st := t.rec.Associate(port, s, a.Key()); !st.Ok() {
		return fail("associate", st)
	}
	op := t.p.newOperation(a.Name+".connect", spec.Connect, 0)
	op.To = to
	if res := t.startOn(s, op); res.How == spec.RefusedAtStart {
		return fail("connect", res.Status)
	}
	if !t.await(port, op) {
		return nil, outcome{}, t.p.stuck(l, "the connect has no packet", "that it completes")
	}
	if !op.packet.Status.Ok() {
		return fail("connect", op.packet.Status)
	}
	if st := t.accept(a.Peer(), lis); !st.Ok() {
		return fail("accept by the far end", st)
	}
	return s, outcome{}, true
}

// connect makes a far end of a stream and connects it.
func (t *thread) connect(name string, to netip.AddrPort) (*peer, spec.Status, error) {
	return t.connectVia(name, streams(to), to)
}

// connectVia makes a far end on a network and connects it.
func (t *thread) connectVia(name string, n spec.Network, to netip.AddrPort) (*peer, spec.Status, error) {
	pt := t.p.peerThread(name)
	ref, st, err := pt.PeerConnect(n, to, t.p.patience())
	if err != nil {
		return nil, spec.Is(spec.NoResources), err
	}
	return t.p.addPeer(name, ref, pt), st, nil
}

// accept takes a connection that was made to a far end's listener.
func (t *thread) accept(name string, lis *spec.PeerListenerRef) spec.Status {
	pt := t.p.peerThread(name)
	ref, st := pt.PeerAccept(lis, t.p.patience())
	if st.Ok() {
		t.p.bind(name, t.p.addPeer(name, ref, pt))
	}
	return st
}

func (p *program) newPeer(name string, ref *spec.PeerRef, rec *spec.Thread) *peer {
	return &peer{PeerRef: ref, name: name, thread: &thread{p: p, name: "peer:" + name, rec: rec}}
}

func (p *program) addPeer(name string, ref *spec.PeerRef, rec *spec.Thread) *peer {
	c := p.newPeer(name, ref, rec)
	p.mu.Lock()
	p.share(sharedLists, true)
	p.peers = append(p.peers, c)
	p.mu.Unlock()
	return c
}

// streams is the network of connections to that address.
func streams(to netip.AddrPort) spec.Network {
	if to.Addr().Is6() {
		return spec.TCP6
	}
	return spec.TCP4
}
