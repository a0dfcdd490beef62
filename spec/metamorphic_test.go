package spec

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

var traces = flag.Int("traces", 600, "how many random traces the metamorphic tests judge")

func tracesToJudge() int {
	if testing.Short() {
		return *traces / 24 / slower
	}
	return *traces / slower
}

// traceStep is how far apart the numbers are of those that are judged. Lengths, threads and what else drawn goes by have other periods.
func traceStep() int {
	if testing.Short() || slower > 1 || flag.Lookup("traces").DefValue != strconv.Itoa(*traces) {
		return 1
	}
	return simtest.Every(7)
}

// drawn is the i-th random trace: half of them with cancels, closes and resets.
func drawn(i int) *Trace {
	return randomTrace(uint64(i), 40+i%200, 1+i%5, 1+i%4, 2+i%20, i%2 == 0)
}

// No random trace of a correct port is accused of anything.
func TestACorrectPortIsAccusedOfNothing(t *testing.T) {
	c := NewChecker()
	events, voided := 0, 0
	for i := 0; i < 5*tracesToJudge(); i += traceStep() {
		trace := drawn(i)
		if err := trace.Validate(); err != nil {
			t.Fatalf("seed %d: %v", i, err)
		}
		j := c.Check(trace)
		if ids, why := brokenBy(j); len(ids) > 0 {
			t.Errorf("seed %d: %s\n%s", i, why[0], write(t, trace))
			return
		}
		events += len(trace.Events)
		for k := range j.Counts {
			voided += j.Counts[k].Voided
		}
	}
	t.Logf("%d traces, %d events, %d times voided", 5*tracesToJudge()/traceStep(), events, voided)
}

// doctored changes one thing in a copy of the trace, at random, and says what; "" if nothing could be changed.
func doctored(trace *Trace, rng *rand.Rand) (*Trace, string) {
	bad := *trace
	bad.Events = slices.Clone(trace.Events)
	for i := range bad.Events {
		bad.Events[i].Packets = slices.Clone(bad.Events[i].Packets)
	}
	for range 200 {
		e := &bad.Events[rng.IntN(len(bad.Events))]
		if e.Kind != ReturnEvent {
			continue
		}
		if e.Verb == Cancel && rng.IntN(2) == 0 {
			e.Status = Is(map[Code]Code{OK: NotFound, NotFound: OK}[e.Status.Code])
			return &bad, "a cancel's answer"
		}
		if e.Verb == PeerRead && e.N > 0 {
			e.Data = slices.Clone(e.Data)
			e.Data[rng.IntN(e.N)] ^= 1
			return &bad, "a byte that a far end read"
		}
		if len(e.Packets) == 0 {
			continue
		}
		p := &e.Packets[rng.IntN(len(e.Packets))]
		switch what := rng.IntN(9); {
		case what == 0:
			e.Packets = slices.DeleteFunc(e.Packets, func(x PacketEvent) bool { return x.Token == p.Token })
			if e.N = len(e.Packets); e.N == 0 {
				e.Packets, e.Status = nil, Is(TimedOut)
			}
			return &bad, "a packet lost"
		case what == 1:
			p.Key++
			return &bad, "a key"
		case what == 2:
			p.Token += 1 << 40
			p.Op = 0
			return &bad, "a token"
		case what == 3:
			if p.Status.Ok() {
				p.Status, p.N, p.Data = Is(Aborted), 0, nil
				return &bad, "a status"
			}
		case what == 4 && p.N > 0 && p.Data != nil:
			p.Data = slices.Clone(p.Data)
			p.Data[rng.IntN(p.N)] ^= 1
			return &bad, "a byte"
		case what == 5 && p.N > 1 && p.Data != nil:
			p.N--
			p.Data = p.Data[:p.N]
			return &bad, "a byte less"
		case what == 6:
			f := &bad.Events[rng.IntN(len(bad.Events))]
			if len(f.Packets) > 0 {
				k := rng.IntN(len(f.Packets))
				*p, f.Packets[k] = f.Packets[k], *p
				return &bad, "two packets exchanged"
			}
		case what == 7:
			f := &bad.Events[rng.IntN(len(bad.Events))]
			if f.Verb == Wait && f.Kind == ReturnEvent && len(f.Packets) > 0 {
				f.Packets = append(f.Packets, *p)
				f.N++
				return &bad, "a packet twice"
			}
		case what == 8 && p.Data != nil:
			p.Guard, p.At = GuardBroken, p.N
			return &bad, "a guard"
		}
	}
	return &bad, ""
}

// judged is what the metamorphic properties compare: which rules were broken.
func judged(c *Checker, trace *Trace) []string {
	ids, _ := brokenBy(c.Check(trace))
	return slices.DeleteFunc(ids, func(id string) bool { return strings.HasPrefix(id, "DSC") })
}

// forRandomTraces calls f for good traces and doctored ones.
func forRandomTraces(t *testing.T, f func(name string, trace *Trace, broken []string, rng *rand.Rand)) {
	c := NewChecker()
	caught, wrong := 0, 0
	for i := 0; i < tracesToJudge(); i += traceStep() {
		rng := rand.New(rand.NewPCG(uint64(i), 99))
		trace := drawn(i)
		f(fmt.Sprintf("seed %d", i), trace, judged(c, trace), rng)
		bad, what := doctored(trace, rng)
		if what == "" {
			continue
		}
		broken := judged(c, bad)
		if wrong++; len(broken) > 0 {
			caught++
		}
		f(fmt.Sprintf("seed %d, doctored: %s", i, what), bad, broken, rng)
		if t.Failed() {
			return
		}
	}
	t.Logf("seeds 0 to %d; of %d doctored traces %d are broken", tracesToJudge()-1, wrong, caught)
}

// Making intervals longer never turns a rule that was held into a broken one.
func TestWiden(t *testing.T) {
	c := NewChecker()
	moved, uncovered := 0, 0
	forRandomTraces(t, func(name string, trace *Trace, broken []string, rng *rand.Rand) {
		wide, n := widen(trace, rng)
		moved += n
		for _, id := range judged(c, wide) {
			if slices.Contains(broken, id) {
				continue
			}
			if strings.Contains(name, "doctored") {
				uncovered++
				continue
			}
			_, why := brokenBy(c.Check(wide))
			t.Errorf("%s: broken were %v, after widening %s\n%s\n%s\n%s", name, broken, id, strings.Join(why, "\n"), write(t, trace), write(t, wide))
		}
	})
	// A fault that is there may be named by another rule of its group once another operation may have had the bytes, and one that was hidden behind bytes
	// that could not be told apart may come to light. Both are rare.
	if t.Logf("%d places moved; %d times another rule accused a doctored trace", moved, uncovered); uncovered > tracesToJudge()/traceStep()/100 {
		t.Errorf("%d times another rule accused a doctored trace after widening", uncovered)
	}
}

func widened(trace *Trace, rng *rand.Rand) *Trace {
	wide, _ := widen(trace, rng)
	return wide
}

// widen returns the trace with some of its intervals made longer, and by how many places.
func widen(trace *Trace, rng *rand.Rand) (*Trace, int) {
	wide, moved := *trace, 0
	wide.Events = slices.Clone(trace.Events)
	for range 1 + len(wide.Events)/4 {
		i := rng.IntN(len(wide.Events))
		e := wide.Events[i]
		step := 0
		switch e.Kind {
		case CallEvent:
			step = -1
		case ReturnEvent:
			step = 1
		default:
			continue
		}
		for range 1 + rng.IntN(30) {
			k := i + step
			if k < setupEvents || k >= len(wide.Events) || wide.Events[k].Thread == e.Thread || wide.Events[k].Kind > ReturnEvent {
				break
			}
			if introduces(&wide.Events[k], e.Sock) || introduces(&e, wide.Events[k].Sock) {
				break // nobody knows the socket before
			}
			wide.Events[i], wide.Events[k] = wide.Events[k], wide.Events[i]
			i = k
			moved++
		}
	}
	for i := range wide.Events {
		wide.Events[i].Q = uint64(i + 1)
	}
	return &wide, moved
}

// Ending a trace anywhere never creates a violation, and without a settle mark nothing is judged that is to happen eventually.
func TestCut(t *testing.T) {
	c := NewChecker()
	forRandomTraces(t, func(name string, trace *Trace, _ []string, rng *rand.Rand) {
		whole := map[string]bool{}
		for _, v := range c.Check(trace).Violations {
			whole[fmt.Sprint(v.Rule.ID, v.Q, v.Said)] = true
		}
		for range 3 {
			cut := *trace
			cut.Events = trace.Events[:rng.IntN(len(trace.Events)-2)] // the mark is the last but one
			j := c.Check(&cut)
			for _, v := range j.Violations {
				if !whole[fmt.Sprint(v.Rule.ID, v.Q, v.Said)] {
					t.Errorf("%s: cut after %d events: %s: %s", name, len(cut.Events), v.Rule.ID, v.Said)
				}
			}
			if j.Settled || j.Complete {
				t.Errorf("%s: cut after %d events, and yet settled", name, len(cut.Events))
			}
		}
	})
}

// A second settle accuses nobody again.
func TestASecondSettleAccusesNobodyAgain(t *testing.T) {
	for _, s := range doctoredSamples {
		if !strings.HasSuffix(strings.TrimSpace(s.text), "main settle") {
			continue
		}
		once := len(NewChecker().Check(build(t, s.about(), s.text)).Violations)
		twice := len(NewChecker().Check(build(t, s.about(), s.text+"main settle\n")).Violations)
		if once != twice {
			t.Errorf("%s: %d violations, with a second settle %d", s.name, once, twice)
		}
	}
}

// The same checker gives the same judgement of the same trace, whatever it judged before, and whatever the target was.
func TestACheckerCanBeUsedAgain(t *testing.T) {
	used := NewChecker()
	for i := 0; i < tracesToJudge(); i += traceStep() {
		trace := drawn(i)
		if i%3 == 0 {
			trace, _ = doctored(trace, rand.New(rand.NewPCG(uint64(i), 1)))
		}
		if i%5 == 0 {
			trace.About.Axes = Axes{"fill": "any"}
		}
		a, b := used.Check(trace).Clone(), NewChecker().Check(trace)
		if !slices.Equal(a.Counts, b.Counts) {
			t.Fatalf("seed %d: a checker that was used before counts otherwise", i)
		}
		for k := range a.Violations {
			if a.Violations[k].Said != b.Violations[k].Said {
				t.Fatalf("seed %d: %s\n%s", i, a.Violations[k].Said, b.Violations[k].Said)
			}
		}
	}
	trace := build(t, able(), goodSamples[0].text)
	used.Check(trace)
	trace.About.Capabilities = nil // the same header, changed in place
	if n := used.Check(trace).Counts[slices.IndexFunc(Rules(), func(r *Rule) bool { return r.ID == "ACC-1" })]; n != (Count{}) {
		t.Errorf("a rule was asked that does not apply any more: %+v", n)
	}
}

// A recorder that knows less makes rules silent; it makes none accuse.
func TestALessTalkativeRecorderAccusesNobody(t *testing.T) {
	c := NewChecker()
	silenced := map[string]func(*Trace){
		"no bytes": func(t *Trace) {
			t.Data = DataNone
			for i := range t.Events {
				e := &t.Events[i]
				e.Data = nil
				for k := range e.Packets {
					e.Packets[k].Data = nil
				}
			}
		},
		"bytes of receives only": func(t *Trace) {
			for i := range t.Events {
				t.Events[i].Data = nil
			}
		},
		"bytes of far ends only": func(t *Trace) {
			for i := range t.Events {
				if e := &t.Events[i]; !e.Verb.OfPeer() {
					e.Data = nil
					for k := range e.Packets {
						e.Packets[k].Data = nil
					}
				}
			}
		},
		"no far ends": func(t *Trace) {
			t.Events = slices.DeleteFunc(t.Events, func(e Event) bool { return e.Verb.OfPeer() })
		},
		"no operations, no guards": func(t *Trace) {
			for i := range t.Events {
				e := &t.Events[i]
				e.Op = 0
				for k := range e.Packets {
					e.Packets[k].Op, e.Packets[k].Guard = 0, GuardUnknown
				}
			}
		},
		"no addresses": func(t *Trace) {
			for i := range t.Events {
				t.Events[i].NoAddr = false
				for k := range t.Events[i].Packets {
					t.Events[i].Packets[k].Addr, t.Events[i].Packets[k].NoAddr = netip.AddrPort{}, false
				}
			}
		},
	}
	for i := 0; i < tracesToJudge()/3; i += traceStep() {
		for how, silence := range silenced {
			trace := drawn(i)
			trace.Events = slices.Clone(trace.Events)
			for k := range trace.Events {
				trace.Events[k].Packets = slices.Clone(trace.Events[k].Packets)
			}
			silence(trace)
			if ids, why := brokenBy(c.Check(trace)); len(ids) > 0 {
				t.Fatalf("seed %d, %s: %s\n%s", i, how, why[0], write(t, trace))
			}
		}
	}
	for i, s := range slices.Concat(goodSamples, legalSamples) {
		if i%simtest.Every(5) != 0 {
			continue
		}
		for how, silence := range silenced {
			trace := build(t, s.about(), s.text)
			silence(trace)
			if ids, why := brokenBy(c.Check(trace)); len(ids) > 0 && s.broken == "" {
				t.Errorf("%s, %s: %s", s.name, how, why[0])
			}
		}
	}
}
