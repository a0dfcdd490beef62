package spec

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// readinessSamples are those of back ends of readiness.
func readinessSamples() (all []sample) {
	all = append(all, goodReadiness...)
	for _, s := range slices.Concat(asPollers(edges), asPollers(pollers), asPollers(tries)) {
		all = append(all, s.sample)
	}
	return all
}

// first reports whether b can only come after a has brought what it is about.
func first(a, b *Event) bool {
	if a.Kind != ReturnEvent {
		return false
	}
	switch a.Verb {
	case TryAccept, DupRaw:
		return a.Into != 0 && b.Sock == a.Into
	case OpenRaw:
		return a.Sock == b.Sock
	case OpenPoller:
		return a.Port == b.Port || a.Port == b.Into
	case Bind, Listen:
		return b.Kind == CallEvent && b.Verb.OfPeer()
	case PeerListen, PeerBind, PeerConnect, PeerAccept:
		return b.Kind == CallEvent && (b.Peer == a.Peer || b.Verb == TryConnect)
	}
	return false
}

// widenReadiness returns the trace with some of its intervals made longer, and by how many places.
func widenReadiness(trace *Trace, rng *rand.Rand) (*Trace, int) {
	wide, moved := *trace, 0
	wide.Events = slices.Clone(trace.Events)
	for range 1 + len(wide.Events)/3 {
		i := rng.IntN(len(wide.Events))
		step := 1
		if wide.Events[i].Kind == CallEvent {
			step = -1
		}
		for range 1 + rng.IntN(20) {
			k := i + step
			if k < 0 || k >= len(wide.Events) {
				break
			}
			a, b := &wide.Events[min(i, k)], &wide.Events[max(i, k)]
			if a.Kind > ReturnEvent || b.Kind > ReturnEvent || a.Thread == b.Thread || first(a, b) {
				break
			}
			*a, *b = *b, *a
			i = k
			moved++
		}
	}
	for i := range wide.Events {
		e := &wide.Events[i]
		if e.Q = uint64(2 * (i + 1)); e.Since != 0 {
			e.Since = e.Q - 1 // nothing is moved across a pause, which began just before
		}
	}
	return &wide, moved
}

// What a correct back end of readiness does is told of by no rule when calls take longer, nor when the trace ends anywhere.
func TestLongerAndShorterTracesOfReadinessAccuseNobody(t *testing.T) {
	c := NewChecker()
	moved := 0
	for _, s := range readinessSamples() {
		trace := build(t, s.about(), s.text)
		whole := map[string]bool{}
		for _, v := range c.Check(trace).Violations {
			whole[v.Rule.ID+v.Said] = true
		}
		for n := range trace.Events {
			cut := *trace
			cut.Events = trace.Events[:n]
			for _, v := range c.Check(&cut).Violations {
				if !whole[v.Rule.ID+v.Said] {
					t.Errorf("%s, cut after %d events: %s: %s", s.name, n, v.Rule.ID, v.Said)
				}
			}
		}
		if s.broken != "" {
			continue
		}
		for seed := range uint64(40) {
			wide, n := widenReadiness(trace, rand.New(rand.NewPCG(seed, 5)))
			moved += n
			if ids, why := brokenBy(c.Check(wide)); len(ids) > 0 {
				t.Errorf("%s, seed %d: %s\n%s", s.name, seed, why[0], write(t, wide))
				break
			}
		}
	}
	if t.Logf("%d places moved", moved); moved < 1000 {
		t.Errorf("only %d places moved", moved)
	}
}

// Which of two calls was made first, or of two returns, is no precedence: exchanging neighbours of different threads does not change whether a rule about readiness is broken.
func TestSwapOfReadiness(t *testing.T) {
	c := NewChecker()
	done := 0
	for _, s := range append(readinessSamples(), doctoredReadiness...) {
		trace := build(t, s.about(), s.text)
		for i := 1; i < len(trace.Events); i++ {
			a, b := &trace.Events[i-1], &trace.Events[i]
			if a.Kind > ReturnEvent || a.Kind != b.Kind || a.Thread == b.Thread || first(a, b) {
				continue
			}
			*a, *b = *b, *a
			a.Q, b.Q = b.Q, a.Q
			ids, why := brokenBy(c.Check(trace))
			if done++; (len(ids) > 0) != (s.broken != "") {
				t.Errorf("%s, events %d and %d exchanged: broken are %v, were %q: %v\n%s", s.name, i, i+1, ids, s.broken, why, write(t, trace))
			}
			*a, *b = *b, *a
			a.Q, b.Q = b.Q, a.Q
		}
	}
	if t.Logf("%d exchanges", done); done < 30 {
		t.Errorf("only %d exchanges", done)
	}
}
