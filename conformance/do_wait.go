package conformance

import (
	"slices"
	"time"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// pace is how long a line waits for what it is for: with all patience if that is to come, which in a script that expects nothing is never known.
func (p *program) pace(toCome bool) spec.Pace {
	if toCome && !p.free {
		return spec.Patient
	}
	return spec.Quiet
}

// patiences is how many times over something is waited for that is to come, while others get what they wait for.
const patiences = 10

// watch bounds a wait for what the back end may come to only when it has served others, of which a slow one may have many: a patience in which it has served any is
// followed by another.
type watch struct {
	spec.Watch
	p      *program
	served int64
	left   int // patiences
}

func (p *program) watch(pace spec.Pace) *watch {
	w := &watch{Watch: p.world.Watch(pace), p: p, served: p.served.Load()}
	if pace == spec.Patient && !p.world.Controlled() {
		w.left = patiences
	}
	return w
}

// Spent reports that nothing is to come any more.
func (w *watch) Spent() bool {
	if !w.Watch.Spent() {
		return false
	}
	now := w.p.served.Load()
	if w.left == 0 || now == w.served || w.p.isShut() {
		return true
	}
	w.Watch, w.served, w.left = w.p.world.Watch(spec.Patient), now, w.left-1
	return false
}

// take makes one call of Wait and returns the packets with the names of what they are for.
func (t *thread) take(port *spec.PortRef, most int, timeout time.Duration) ([]*packet, spec.Status) {
	return t.takeBy(port, most, timeout, t.rec.Wait)
}

func (t *thread) takeBy(port *spec.PortRef, most int, timeout time.Duration,
	wait func(*spec.PortRef, []spec.Packet, []*spec.Operation, time.Duration) (int, spec.Status)) ([]*packet, spec.Status) {
	if len(t.buf) < most {
		t.buf, t.ops = make([]spec.Packet, most), make([]*spec.Operation, most)
	}
	n, st := wait(port, t.buf[:most], t.ops[:most], timeout)
	p := t.p
	p.served.Add(int64(max(n, 0)))
	p.mu.Lock()
	defer p.mu.Unlock()
	var got []*packet
	for i := range min(max(n, 0), most) {
		k := &packet{Packet: t.buf[i]}
		if o := t.ops[i]; o != nil {
			k.op = p.byOp[o]
		} else {
			k.op = p.posts[k.Token]
		}
		if k.op != nil {
			k.optional = slices.Contains(k.op.asked, port)
			p.shareEnds(true)
			k.op.packet = k
			if o := k.op.Operation; o != nil && o.Kind == spec.Accept && o.Accepted != nil {
				p.accepted(k.op)
			}
		}
		got = append(got, k)
	}
	return got, st
}

// accepted gives the socket that an accept brought its name.
func (p *program) accepted(o *operation) {
	name := o.name + ".sock"
	if l := p.startLine(o.name); l != nil {
		name = l.Accepted()
	}
	if _, there := p.names[name]; !there {
		p.shareName(name, true)
		p.share(sharedLists, true)
		p.names[name] = o.Accepted
		p.socks = append(p.socks, o.Accepted)
	}
}

// startLine finds the line that started the operation of that name.
func (p *program) startLine(name string) *scenario.StartLine {
	var find func([]scenario.Node) *scenario.StartLine
	find = func(nodes []scenario.Node) *scenario.StartLine {
		for _, n := range nodes {
			switch n := n.(type) {
			case *scenario.Block:
				if l := find(n.Lines); l != nil {
					return l
				}
			case *scenario.Line:
				if l, ok := n.Action.(*scenario.StartLine); ok && l.Name == name {
					return l
				}
			}
		}
		return nil
	}
	return find(p.file.Lines)
}

// wait runs a wait line.
func (t *thread) wait(l *scenario.Line, a *scenario.WaitLine) (outcome, bool) {
	port, ok := named[*spec.PortRef](t.p, a.Port)
	if !ok {
		return outcome{}, t.p.stuck(l, "no port "+a.Port, "")
	}
	most := max(a.Max.Int(), 1)
	got, ok := t.collect(l, a, port, most)
	if l.Result == nil { // whoever expects them may still claim them
		for _, k := range got.packets {
			k.optional = true
			t.p.putAside(k)
		}
		if len(got.packets) < most && !t.p.world.Controlled() {
			t.p.asked(port)
		}
	}
	if a.As != "" && len(got.packets) > 0 {
		t.p.bind(a.As, got.packets[0])
	}
	return got, ok
}

// asked marks what has had no packet when a wait on the port that would have taken it is over. Of a real machine nobody knows whether it is lost or late: that is for
// the rules, whose patience is longer, and the script goes on either way.
func (p *program) asked(port *spec.PortRef) {
	p.mu.Lock()
	defer p.mu.Unlock()
	mark := func(o *operation) {
		if o.packet == nil && !slices.Contains(o.asked, port) {
			o.asked = append(o.asked, port)
		}
	}
	for _, o := range p.ops {
		mark(o)
	}
	for _, o := range p.posts {
		mark(o)
	}
}

// collect takes packets until those have come that the line is for.
func (t *thread) collect(l *scenario.Line, a *scenario.WaitLine, port *spec.PortRef, most int) (outcome, bool) {
	wait := t.rec.Wait
	if a.Alertable {
		wait = t.rec.WaitAlertable
	}
	if a.Timed || a.Forever {
		timeout := a.Timeout
		if a.Forever {
			timeout = -1
		}
		got, st := t.takeBy(port, most, timeout, wait)
		return outcome{packets: got, status: st}, true
	}
	want := t.wanted(l)
	nothing := l.Result != nil && l.Result.Kind == scenario.Nothing
	pace := t.p.pace(!nothing)
	var out outcome
	if out.packets = t.claim(want); len(want) > 0 && len(out.packets) == len(want) {
		return out, true
	}
	for w, since := t.p.world.Watch(pace), t.p.world.Stamp(); ; {
		got, st := t.takeBy(port, most, w.Slice(), wait)
		out.status = st
		if nothing {
			got = slices.DeleteFunc(got, func(k *packet) bool { return k.optional }) // late, and not for this line
		}
		for _, k := range got {
			if pace == spec.Quiet || len(want) == 0 || k.isFor(want) {
				out.packets = append(out.packets, k)
			} else {
				t.p.putAside(k)
			}
		}
		switch {
		case len(got) > 0 && (len(want) == 0 || len(out.packets) >= len(want)):
			return out, true
		case st.Code != spec.TimedOut && !st.Ok():
			return out, true // the port is closed
		case st.Code == spec.TimedOut && w.Spent():
			if pace == spec.Patient && !t.p.world.Controlled() { // what has not come by now does not come by itself
				t.rec.PauseSince(since, w.Rounds())
			}
			return out, true
		case t.p.isShut():
			return out, true
		case st.Ok() && len(got) > 0:
			w, since = t.p.world.Watch(pace), t.p.world.Stamp()
		}
		// what another thread put aside may be ours
		if more := t.claim(missing(want, out.packets)); len(more) > 0 {
			out.packets = append(out.packets, more...)
			if len(out.packets) >= len(want) {
				return out, true
			}
		}
	}
}

// wanted lists the names of the packets that a wait is for.
func (t *thread) wanted(l *scenario.Line) (names []string) {
	if l.Result == nil {
		return nil
	}
	for _, k := range l.Result.Packets {
		names = append(names, k.Name)
	}
	return names
}

func missing(want []string, got []*packet) (names []string) {
	for _, name := range want {
		if !anyFor(got, name) {
			names = append(names, name)
		}
	}
	return names
}

func anyFor(got []*packet, name string) bool {
	for _, k := range got {
		if k.op != nil && k.op.name == name {
			return true
		}
	}
	return false
}

func (k *packet) isFor(want []string) bool {
	for _, name := range want {
		if k.op != nil && k.op.name == name {
			return true
		}
	}
	return false
}

func (p *program) putAside(k *packet) {
	p.mu.Lock()
	p.share(sharedAside, true)
	p.aside = append(p.aside, k)
	p.mu.Unlock()
}

// claim takes from what was put aside the packets of these names.
func (t *thread) claim(want []string) (got []*packet) {
	t.p.mu.Lock()
	defer t.p.mu.Unlock()
	if len(want) > 0 {
		t.p.share(sharedAside, false)
	}
	for _, name := range want {
		for _, k := range t.p.aside {
			if !k.claimed && k.op != nil && k.op.name == name {
				t.p.share(sharedAside, true)
				k.claimed = true
				got = append(got, k)
				break
			}
		}
	}
	return got
}

// unclaimed diverges if a packet was put aside and no wait asked for it.
func (p *program) unclaimed() {
	for _, k := range p.aside {
		if !k.claimed && !k.optional {
			p.left = &Divergence{Line: "at the end", Seen: "a packet that no wait asked for: " + k.String()}
			return
		}
	}
}

// await takes packets until that of o has come, to this thread or to another one that waits.
func (t *thread) await(port *spec.PortRef, o *operation) bool {
	for w := t.p.world.Watch(t.p.pace(true)); ; {
		got, st := t.take(port, 1, w.Slice())
		for _, k := range got {
			if k.op == o {
				return true
			}
			t.p.putAside(k)
		}
		switch {
		case st.Code == spec.TimedOut && t.p.taken(o):
			return true
		case st.Code == spec.TimedOut && w.Spent() || !st.Ok() && st.Code != spec.TimedOut:
			return false
		}
	}
}

// taken reports whether a thread has got the packet of o.
func (p *program) taken(o *operation) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shareEnds(false)
	return o.packet != nil
}
