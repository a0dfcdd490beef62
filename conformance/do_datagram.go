package conformance

import (
	"net/netip"
	"strconv"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// openDatagram opens a datagram socket and gives it an address, unless the line says not to.
func (t *thread) openDatagram(a *scenario.SocketLine) spec.Status {
	n := network(a.Opts, spec.UDP4)
	s, st := t.rec.OpenSocket(n)
	t.p.addSock(a.Name, s)
	if st.Ok() && a.Opts.Word("bind", "yes") == "yes" {
		st = t.rec.Bind(s, t.p.world.Loopback(n))
	}
	return st
}

// mailPeer makes a far end of datagram sockets.
func (p *program) mailPeer(name string, n spec.Network) (*peer, spec.Status, error) {
	pt := p.peerThread(name)
	ref, st, err := pt.PeerBind(n)
	if err != nil || !st.Ok() {
		return nil, st, err
	}
	c := p.newPeer(name, ref, pt)
	c.mail = true
	return c, st, nil
}

// introduceMail makes the far end of a script that bears the name.
func (t *thread) introduceMail(l *scenario.Line, name string, n spec.Network) (*peer, bool) {
	c, st, err := t.p.mailPeer(name, n)
	switch {
	case err != nil:
		return nil, t.p.stuck(l, err.Error(), "")
	case !st.Ok():
		return nil, t.p.stuck(l, st.String(), "ok")
	}
	t.p.mu.Lock()
	t.p.share(sharedLists, true)
	t.p.peers = append(t.p.peers, c)
	t.p.names[name] = c
	t.p.mu.Unlock()
	return c, true
}

// sendMail sends a datagram to a socket. Where it may get lost on the way, and a receive waits for it, it is sent until that has ended, but not more often
// than the line says; beside each goes one between two far ends, so that a back end that loses all of them can be told from a network that does.
func (t *thread) sendMail(l *scenario.Line, a *scenario.PeerLine, name string) (outcome, bool) {
	p := t.p
	s, ok := p.socket(a.To)
	if !ok {
		return outcome{}, p.stuck(l, "no socket "+a.To+" yet", "")
	}
	to := p.rec.Local(s)
	c, ok := named[*peer](p, name)
	if !ok {
		n := spec.UDP4
		if to.Addr().Is6() {
			n = spec.UDP6
		}
		if c, ok = t.introduceMail(l, name, n); c == nil {
			return outcome{}, ok
		}
	}
	attempts := a.Opts.Int("attempts", 1)
	o := p.expecting(s)
	for i := 0; ; i++ {
		st := c.sendTo(a.Bytes.Lo.Int(), to)
		if i+1 >= attempts && attempts == 1 || !st.Ok() || p.world.Controlled() || o == nil || t.rec == nil {
			return outcome{status: st}, true
		}
		t.sendControl()
		if t.arrives(o) || i+1 >= attempts {
			return outcome{status: st}, true
		}
	}
}

// sendTo sends the next n bytes of the far end's as one datagram.
func (c *peer) sendTo(n int, to netip.AddrPort) spec.Status {
	b := c.thread.room(n)
	Pattern(b, c.ID, c.sent)
	c.sent += uint64(n)
	return c.thread.rec.PeerSendTo(c.PeerRef, b, to, c.thread.p.patience())
}

// expecting returns the oldest receive of a socket that waits for a datagram, nil if there is none.
func (p *program) expecting(s *spec.Sock) *operation {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shareEnds(false)
	for _, o := range p.ops {
		if o.began && o.on == s && o.Kind == spec.ReceiveFrom && o.how.How == spec.Pending && o.packet == nil {
			return o
		}
	}
	return nil
}

// arrives takes packets, for whoever will ask for them, until that of o has come or nothing has for long enough. Where threads of the script wait
// the packet is left to them.
func (t *thread) arrives(o *operation) bool {
	p := t.p
	there := func() (has, busy bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.shareEnds(false)
		for _, x := range p.started {
			t.p.share(sharedBusy+x.number%8, false)
			busy = busy || x.busy > 0
		}
		return o.packet != nil, busy
	}
	for w := p.world.Watch(spec.Patient); ; { // one that is late is not lost, and would be one too many
		has, busy := there()
		switch {
		case has:
			return true
		case w.Spent():
			return false
		case busy:
			p.world.Settle()
			continue
		}
		p.mu.Lock()
		ports := p.ports
		p.mu.Unlock()
		for _, port := range ports {
			got, _ := t.take(port, 1, w.Slice())
			for _, k := range got {
				p.putAside(k)
			}
		}
	}
}

// sendControl sends a datagram from one far end to another and reads it.
func (t *thread) sendControl() {
	p := t.p
	p.control.Lock() // nothing but the real world comes here, where to wait for another thread stops none
	defer p.control.Unlock()
	for i := range p.controls {
		if p.controls[i] == nil {
			p.controls[i], _, _ = p.mailPeer("control-"+strconv.Itoa(i+1), spec.UDP4)
		}
		if p.controls[i] == nil {
			return
		}
	}
	from, to := p.controls[0], p.controls[1]
	from.sendTo(16, to.Peer.Local())
	b := make([]byte, 64)
	for w := p.world.Watch(spec.Quiet); !w.Spent(); {
		if _, _, st := to.thread.rec.PeerReadFrom(to.PeerRef, b, w.Slice()); st.Code != spec.TimedOut {
			return
		}
	}
}

// readMail runs a read of a far end: one datagram of so many bytes, or none.
func (c *peer) readMail(l *scenario.Line, a *scenario.PeerLine) (outcome, bool) {
	p, b := c.thread.p, c.thread.room(roomMost)
	for w := p.world.Watch(p.pace(a.What != "nothing")); ; {
		n, _, st := c.thread.rec.PeerReadFrom(c.PeerRef, b, w.Slice())
		switch {
		case st.Code == spec.TimedOut && !w.Spent():
			continue
		case a.What == "nothing" && st.Code == spec.TimedOut, a.Bytes != nil && st.Ok() && a.Bytes.Has(uint64(n)):
			return outcome{}, true
		case a.Bytes != nil:
			return outcome{}, p.stuck(l, strconv.Itoa(n)+" bytes, "+st.String(), "a datagram of "+a.Bytes.String()+" bytes")
		}
		return outcome{}, p.stuck(l, strconv.Itoa(n)+" bytes, "+st.String(), a.What)
	}
}

// drainMail reads what is there for a far end, and reports whether there was anything.
func (c *peer) drainMail(rounds *int) (any bool) {
	p := c.thread.p
	b := p.main.room(roomMost)
	w := p.world.Watch(spec.Quiet)
	for !c.gone {
		_, _, st := c.thread.rec.PeerReadFrom(c.PeerRef, b, w.Slice())
		if any = any || st.Ok(); !st.Ok() && (st.Code != spec.TimedOut || w.Spent()) {
			break
		}
	}
	*rounds += w.Rounds()
	return any
}

// disturb asks a world whose network can be disturbed to do so.
func (t *thread) disturb(l *scenario.Line, a *scenario.NetLine) (outcome, bool) {
	d, is := t.p.world.(spec.Disturber)
	what, known := map[string]spec.Verb{"drop": spec.NetDrop, "dup": spec.NetDup, "reorder": spec.NetReorder}[a.What]
	if !is || !known {
		return outcome{}, t.p.stuck(l, "the network of this world cannot be disturbed so", "")
	}
	from := t.p.address(a.Name)
	if !from.IsValid() {
		return outcome{}, t.p.stuck(l, a.Name+" has no address that datagrams come from", "")
	}
	d.Disturb(what, from)
	return outcome{}, true
}
