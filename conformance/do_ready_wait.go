package conformance

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// takeReady makes one call of Wait and returns the events with the names of what they are for.
func (t *thread) takeReady(e *poller, most int, timeout time.Duration) ([]*packet, spec.Status) {
	dst := t.ready(most)
	n, st := t.rec.WaitReady(e.PollerRef, dst, timeout)
	p := t.p
	p.mu.Lock()
	defer p.mu.Unlock()
	var got []*packet
	for _, r := range dst[:max(0, min(n, most))] {
		k := &packet{polled: true, events: r.Events, level: true}
		if w := p.ready.watched[r.Token]; w != nil {
			k.op = w.op
			k.level = w.ask&(spec.Edge|spec.OneShot) == 0
		} else {
			k.op = &operation{name: fmt.Sprintf("token %#x", r.Token)}
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
		if a.Forever {
			e.endless++
		}
		p.mu.Unlock()
		defer func() {
			p.mu.Lock()
			e.waiting--
			if a.Forever {
				e.endless--
			}
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
	pace := p.pace(l.Result == nil || l.Result.Kind != scenario.Nothing && l.Result.Kind != scenario.Reply)
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
	j := t.p.judged()
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
		p.waited = p.waited || !e.closed.Load()
		for w := p.world.Watch(spec.Quiet); !e.closed.Load() && !w.Spent() && repeats < 2; {
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

// hangBell has a poller that is about to be closed watch something that can be made ready later: nothing can be added to it then, and whoever waits on it without a timeout
// would never come back on a real machine.
func (t *thread) hangBell(e *poller) {
	p := t.p
	p.mu.Lock()
	needed := e.endless > 0 && e.bell.Load() == nil
	p.mu.Unlock()
	if !needed {
		return
	}
	s, st := t.rec.OpenRaw(spec.TCP4)
	if !st.Ok() {
		return
	}
	bell := &raw{RawRef: s, net: spec.TCP4}
	if _, st = t.rec.BindRaw(s, p.world.Loopback(spec.TCP4)); st.Ok() {
		var at netip.AddrPort
		at, st = t.rec.ListenRaw(s, 1)
		bell.reachedAt(at)
	}
	ask := p.about.Triggered(spec.In)
	if st.Ok() && t.rec.Add(e.PollerRef, s, p.token("the end", ask), ask).Ok() {
		e.bell.Store(bell)
	}
}

// ring makes something ready for so many threads: once, where that is told of as long as it is so; else one after the other, lest a thread is told of several.
func (p *program) ring(threads int, ready func(*spec.RawRef)) {
	_, level := p.about.Meets("level=yes")
	for i := range threads {
		switch {
		case i > 0 && level:
			return
		case i > 0:
			p.world.Settle()
		}
		if s, st := p.main.rec.OpenRaw(spec.TCP4); st.Ok() {
			ready(s)
		}
	}
}

// release wakes whoever still waits on a poller, by something that is always ready or by the bell, and closes the pollers.
func (p *program) release() {
	if p.ready == nil {
		return
	}
	for _, e := range p.ready.pollers {
		p.mu.Lock()
		waits, endless := e.waiting, e.endless
		p.mu.Unlock()
		switch {
		case e.closed.Load() && e.bell.Load() != nil:
			p.ring(endless, func(s *spec.RawRef) { p.main.rec.Try(s, spec.Connect, nil, e.bell.Load().addr()) })
		case e.closed.Load():
		default:
			ask := p.about.Triggered(spec.Out)
			p.ring(waits, func(s *spec.RawRef) { p.main.rec.Add(e.PollerRef, s, p.token("the end", ask), ask) })
		}
	}
	patience := p.world.Watch(spec.Patient)
	for _, t := range p.started {
		p.awaitIdle(t, patience)
	}
	for _, e := range p.ready.pollers {
		if !e.closed.Load() {
			p.main.rec.ClosePoller(e.PollerRef)
		}
	}
}
