package conformance

import (
	"strconv"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// peerThread introduces the thread that a far end's calls stand on in the trace.
func (p *program) peerThread(name string) *spec.Thread { return p.rec.Thread("peer:" + name) }

// peer runs a far end's line, for each member where it names a group.
func (t *thread) peer(l *scenario.Line, a *scenario.PeerLine) (outcome, bool) {
	if a.Count == 0 {
		return t.onePeer(l, a, a.Peer)
	}
	if a.Verb == "ping-pongs" { // all at once
		workers := make([]*thread, a.Count)
		for i := range workers {
			name := member(a.Peer, i)
			workers[i] = t.p.thread(farThread + name)
			t.p.give(workers[i], true, func() { workers[i].onePeer(l, a, name) })
		}
		for _, w := range workers {
			w.done.Pass()
		}
		return outcome{}, !t.p.diverged()
	}
	var last outcome
	for i := range a.Count {
		got, ok := t.onePeer(l, a, member(a.Peer, i))
		if !ok {
			return got, false
		}
		if !got.status.Ok() {
			return got, true
		}
		last = got
	}
	return last, true
}

// member is the name of the i-th of a group of far ends.
func member(group string, i int) string { return group + "." + strconv.Itoa(i+1) }

func (t *thread) onePeer(l *scenario.Line, a *scenario.PeerLine, name string) (outcome, bool) {
	p := t.p
	switch a.Verb {
	case "listens", "refuses":
		ref, err := p.peerThread(name).PeerListen(network(a.Opts, spec.TCP4), a.Verb == "refuses")
		if err != nil {
			return outcome{}, p.stuck(l, err.Error(), "")
		}
		p.bind(name, ref)
		return outcome{}, true
	case "udp":
		_, ok := t.introduceMail(l, name, network(a.Opts, spec.UDP4))
		return outcome{}, ok
	case "sends":
		if a.To != "" {
			return t.sendMail(l, a, name)
		}
	case "connects":
		lis, ok := named[*listener](p, a.To)
		if !ok {
			return outcome{}, p.stuck(l, "no listener "+a.To, "")
		}
		c, st, err := t.connect(name, lis.addr())
		if err != nil {
			return outcome{}, p.stuck(l, err.Error(), "")
		}
		p.bind(name, c)
		return outcome{status: st}, true
	case "accepts":
		ref, ok := named[*spec.PeerListenerRef](p, name)
		if !ok {
			return outcome{}, p.stuck(l, name+" does not listen", "")
		}
		as := a.As
		if as == "" {
			as = name + ".conn"
		}
		return outcome{status: t.accept(as, ref)}, true
	}
	c, ok := named[*peer](p, name)
	if !ok {
		return outcome{}, p.stuck(l, "no far end "+name+" yet", "")
	}
	return c.act(l, a)
}

// act runs a line of a connected far end.
func (c *peer) act(l *scenario.Line, a *scenario.PeerLine) (outcome, bool) {
	rec := c.thread.rec
	switch a.Verb {
	case "sends":
		st := c.send(a.Bytes.Lo.Int())
		return outcome{status: st}, true
	case "reads":
		if c.mail {
			return c.readMail(l, a)
		}
		return c.read(l, a)
	case "half-closes":
		return outcome{status: rec.PeerHalfClose(c.PeerRef)}, true
	case "closes":
		c.gone = true
		return outcome{status: rec.PeerClose(c.PeerRef)}, true
	case "resets":
		c.gone = true
		return outcome{status: rec.PeerAbort(c.PeerRef)}, true
	case "ping-pongs":
		size := a.Opts.Int("size", 64)
		for range a.Bytes.Lo.Int() {
			if st := c.send(size); !st.Ok() {
				return outcome{status: st}, true
			}
			n, st := c.readN(size, size)
			if !st.Ok() || n < size {
				return outcome{}, c.thread.p.stuck(l, "an echo of "+strconv.Itoa(n)+" bytes, "+st.String(), strconv.Itoa(size)+" bytes")
			}
		}
		return outcome{}, true
	}
	return outcome{}, c.thread.p.stuck(l, "the far end cannot do this yet", "")
}

// send sends the next n bytes of the far end's stream.
func (c *peer) send(n int) spec.Status {
	b := c.thread.room(n)
	Pattern(b, c.ID, c.sent)
	done, st := c.thread.rec.PeerSend(c.PeerRef, b, c.thread.p.patience())
	c.sent += uint64(done)
	return st
}

// readOne reads up to len(b) bytes, for which it waits as other lines do: how long depends on how fast the machine is, and on whom else the back end has to serve.
func (c *peer) readOne(b []byte, toCome bool) (n int, st spec.Status) {
	for w := c.thread.p.watch(c.thread.p.pace(toCome)); ; {
		if n, st = c.thread.rec.PeerRead(c.PeerRef, b, w.Slice()); st.Code != spec.TimedOut || w.Spent() {
			return n, st
		}
	}
}

// readN reads n bytes, fewer if the stream ends or nothing more comes. So many at least are to come.
func (c *peer) readN(least, n int) (got int, st spec.Status) {
	b := c.thread.room(min(n, roomMost))
	for got < n {
		k, st := c.readOne(b[:min(n-got, len(b))], got < least)
		got += k
		if !st.Ok() {
			return got, st
		}
		if k == 0 {
			c.saw = true
			break
		}
	}
	return got, spec.Status{}
}

func (c *peer) read(l *scenario.Line, a *scenario.PeerLine) (outcome, bool) {
	p := c.thread.p
	var one [1]byte
	switch a.What {
	case "nothing":
		if n, st := c.readOne(one[:], false); st.Code != spec.TimedOut {
			return outcome{}, p.stuck(l, strconv.Itoa(n)+" bytes, "+st.String(), "nothing")
		}
		return outcome{}, true
	case "eof", "reset":
		n, st := c.readOne(one[:], true)
		c.saw = c.saw || st.Ok() && n == 0 || st.Code == spec.Reset
		if a.What == "eof" && st.Ok() && n == 0 || a.What == "reset" && st.Code == spec.Reset {
			return outcome{}, true
		}
		return outcome{}, p.stuck(l, strconv.Itoa(n)+" bytes, "+st.String(), a.What)
	}
	n, st := c.readN(a.Bytes.Lo.Int(), a.Bytes.Hi.Int())
	if uint64(n) < a.Bytes.Lo.N {
		return outcome{}, p.stuck(l, strconv.Itoa(n)+" bytes, "+st.String(), a.Bytes.String()+" bytes")
	}
	return outcome{}, true
}
