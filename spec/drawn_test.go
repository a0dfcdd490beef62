package spec

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn64 makes numbers of what rapid draws. It prefers small ones, which this spreads over all 64 bits; what it makes small, or leaves out, becomes 0 and a dull choice.
type drawn64 struct{ t *rapid.T }

func (d drawn64) Uint64() uint64 { return rapid.Uint64().Draw(d.t, "choice") * 0x9E3779B97F4A7C15 }

// drawHistory draws a legal history of a correct completion port, step by step: a thread or a far end makes a call, the call has its effect, it returns, bytes move. After
// every step the trace so far is looked at, as one that was cut there.
func drawHistory(t *rapid.T) *Trace {
	rng := rand.New(drawn64{t})
	workers, peers := rapid.IntRange(1, 4).Draw(t, "workers"), rapid.IntRange(1, 3).Draw(t, "far ends")
	w := newRandomWorld(rng, workers, peers, rapid.IntRange(2, 12).Draw(t, "most in flight"), rapid.Bool().Draw(t, "calm"))
	so := NewChecker()
	so.Begin(w.trace)
	seen := 0
	some := func(first, n int) func(*rapid.T) {
		return func(t *rapid.T) {
			x := w.threads[first+rapid.IntRange(0, n-1).Draw(t, "thread")]
			for range rapid.IntRange(1, 6).Draw(t, "steps") {
				w.step(x)
			}
		}
	}
	t.Repeat(map[string]func(*rapid.T){
		"program":  some(1, workers),
		"far ends": some(1+workers, peers),
		"bytes":    func(*rapid.T) { w.pump() },
		"": func(t *rapid.T) {
			for ; seen < len(w.trace.Events); seen++ {
				so.Feed(&w.trace.Events[seen])
			}
			if j := so.End(); len(j.Violations) > 0 {
				v := j.Violations[0]
				t.Fatalf("%s at event %d: %s\n%s", v.Rule.ID, v.Q, v.Said, drawnText(t, w.trace))
			}
		},
	})
	w.finish()
	return w.trace
}

func drawnText(t *rapid.T, trace *Trace) string {
	var b strings.Builder
	if err := WriteTrace(&b, trace); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// No history of a correct port is accused of anything: not while it goes on, not at its end, not with its events swapped where that changes no precedence, and not with
// its intervals made longer.
//
//	go test ./spec -run Drawn -rapid.checks 10000
func TestDrawnHistoriesAreNotAccused(t *testing.T) {
	c := NewChecker()
	rapid.Check(t, func(t *rapid.T) {
		trace := drawHistory(t)
		if err := trace.Validate(); err != nil {
			t.Fatal(err)
		}
		rng := rand.New(drawn64{t})
		for _, x := range []struct {
			name  string
			trace *Trace
		}{{"whole", trace}, {"swapped", swapped(trace, rng)}, {"widened", widened(trace, rng)}} {
			j := c.Check(x.trace)
			for _, v := range j.Violations {
				if v.Rule.Binds == Guarantee {
					t.Fatalf("%s: %s at event %d: %s\n%s", x.name, v.Rule.ID, v.Q, v.Said, drawnText(t, x.trace))
				}
			}
			if !j.Settled || !j.Complete {
				t.Fatalf("%s: neither settled nor complete", x.name)
			}
		}
	})
}

// doctoring changes one thing in a trace.
type doctoring struct {
	name string
	// do changes what it is given, a packet and the event that brought it, and reports whether it could.
	do func(e *Event, p *PacketEvent) bool
	// by are the rules of which one at least is broken then, whatever else the history holds.
	by []string
}

var doctorings = []doctoring{
	{"another key", func(_ *Event, p *PacketEvent) bool { p.Key++; return true }, []string{"KEY-1", "KEY-2", "PKT-4"}},
	{"a token that nobody started", func(_ *Event, p *PacketEvent) bool { p.Token, p.Op = p.Token+1<<40, 0; return true }, []string{"PKT-1"}},
	{"a byte behind what was received", func(_ *Event, p *PacketEvent) bool {
		if p.Guard != GuardIntact {
			return false
		}
		p.Guard, p.At = GuardBroken, p.N
		return true
	}, []string{"OPN-4"}},
	{"more bytes than the buffer holds", func(_ *Event, p *PacketEvent) bool {
		if p.Data == nil {
			return false
		}
		p.N, p.Data, p.Guard = 100, slices.Concat(p.Data, make([]byte, 100-p.N)), GuardUnknown
		return true
	}, []string{"OPN-1"}},
	{"a packet twice", func(e *Event, p *PacketEvent) bool {
		if len(e.Packets) >= 3 {
			return false
		}
		e.Packets = append(e.Packets, *p)
		e.N++
		return true
	}, []string{"PKT-1", "PKT-2", "PKT-8"}},
}

// A history in which one thing is wrong is accused, by a rule that is about that.
func TestDrawnHistoriesWithAFaultAreAccusedOfIt(t *testing.T) {
	c := NewChecker()
	rapid.Check(t, func(t *rapid.T) {
		trace := drawHistory(t).Clone()
		var brought []*Event
		for i := range trace.Events {
			if e := &trace.Events[i]; len(e.Packets) > 0 {
				e.Packets = slices.Clone(e.Packets)
				brought = append(brought, e)
			}
		}
		if len(brought) == 0 {
			t.Skip("no packets")
		}
		e := rapid.SampledFrom(brought).Draw(t, "event")
		d := rapid.SampledFrom(doctorings).Draw(t, "fault")
		if !d.do(e, &e.Packets[rapid.IntRange(0, len(e.Packets)-1).Draw(t, "packet")]) {
			t.Skip("not of this packet")
		}
		ids, why := brokenBy(c.Check(trace))
		if !slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(d.by, id) }) {
			t.Fatalf("%s at event %d: none of %v is broken, but %v\n%s\n%s", d.name, e.Q, d.by, ids, strings.Join(why, "\n"), drawnText(t, trace))
		}
	})
}
