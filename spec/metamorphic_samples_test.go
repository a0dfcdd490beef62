package spec

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// completionSamples are those of completion back ends.
func completionSamples() (all []sample) {
	all = slices.Concat(goodSamples, legalSamples, goodHandles, doctoredSamples, doctoredHandles)
	for _, list := range [][]shown{shownSamples, ledgerSamples(), portsAndDatagrams} {
		for _, s := range list {
			all = append(all, s.sample)
		}
	}
	return all
}

// What a correct completion back end does is told of by no rule when calls take longer, nor when the trace ends anywhere.
func TestLongerAndShorterSamplesAccuseNobody(t *testing.T) { longerAndShorter(t, completionSamples()) }

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
	case OpenPort:
		return a.Port == b.Port
	case OpenSocket:
		return a.Sock == b.Sock || a.Sock == b.Into
	case DuplicateSocket:
		return a.Into == b.Sock || a.Into == b.Into
	case OpenEvent:
		return b.Event != 0 // its return does not say which
	case Bind, Listen:
		return b.Kind == CallEvent && (b.Verb.OfPeer() || b.Verb == Connect || b.Verb == SendTo)
	case PeerListen, PeerBind, PeerConnect, PeerAccept:
		return b.Kind == CallEvent && (b.Peer == a.Peer || b.Verb == TryConnect || b.Verb == Connect || b.Verb == SendTo)
	case Wait:
		for _, p := range a.Packets { // its socket is known, and its token can be used again
			if p.Sock != 0 && (p.Sock == b.Sock || p.Sock == b.Into) || b.Kind == CallEvent && b.Token == p.Token && (b.Op != 0 || b.Verb == Post) {
				return true
			}
		}
	}
	return false
}

// longer returns the trace with some of its intervals made longer, and by how many places.
func longer(trace *Trace, rng *rand.Rand) (*Trace, int) {
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

// pausesBegin reports whether a pause tells when it began, other than just before it was told of: calls cannot be made earlier than that, and say so.
func pausesBegin(trace *Trace) bool {
	for i := range trace.Events {
		if e := &trace.Events[i]; e.Since != 0 && i > 0 && e.Since < trace.Events[i-1].Q {
			return true
		}
	}
	return false
}

// longerAndShorter makes calls take longer than in the samples, which accuses nobody where nobody was accused, and ends their traces anywhere, which accuses nobody of anything new.
func longerAndShorter(t *testing.T, samples []sample) {
	t.Helper()
	simtest.OneGoroutine(t)
	c := NewChecker()
	moved := 0
	for _, s := range samples {
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
		if s.broken != "" || pausesBegin(trace) {
			continue
		}
		for seed := uint64(0); seed < 40; seed += uint64(simtest.Every(4)) {
			wide, n := longer(trace, rand.New(rand.NewPCG(seed, 5)))
			moved += n
			if ids, why := brokenBy(c.Check(wide)); len(ids) > 0 {
				t.Errorf("%s, seed %d: %s\n%s", s.name, seed, why[0], write(t, wide))
				break
			}
		}
	}
	if t.Logf("%d places moved", moved); moved < 1000/simtest.Every(4) {
		t.Errorf("only %d places moved", moved)
	}
}
