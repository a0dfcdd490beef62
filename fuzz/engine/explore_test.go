package engine

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// caseOf returns a case of the suite, or parses one.
func caseOf(t testing.TB, name, text string) *conformance.Case {
	t.Helper()
	if text != "" {
		return parsedCase(t, name, text)
	}
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(c *conformance.Case) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("there is no case %s", name)
	}
	return all[i]
}

func parsedCase(t testing.TB, name, text string) *conformance.Case {
	t.Helper()
	c, err := conformance.ParseCase(name+".scn", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// subject finds a target, perhaps with a bug planted, as the command line names it.
func subject(t testing.TB, name string) (*spec.Target, []string) {
	t.Helper()
	base, bug, planted := strings.Cut(name, "/")
	target, err := reference.Lookup(base)
	if err != nil {
		t.Fatal(err)
	}
	if planted {
		return target, []string{bug}
	}
	return target, nil
}

// outcome is all that a search shows.
type outcome struct {
	schedules uint64
	distinct  int
	runs      int
	verdicts  map[string]bool
	traces    map[uint64]bool
}

// everything runs all schedules of a case within a bound, up to most runs; false: there are more.
func everything(t *testing.T, target *spec.Target, bugs []string, c *conformance.Case, s *simnet.Search, most int, plain bool) (o outcome, all bool) {
	t.Helper()
	o = outcome{verdicts: map[string]bool{}, traces: map[uint64]bool{}}
	p := conformance.NewPlayer(target, "", bugs)
	p.Wanted = func() bool {
		if s.Cut() {
			return false
		}
		return s.New() || plain // of the plain search each run is judged
	}
	for s.Next() {
		if s.Runs() > most {
			return o, false
		}
		a := p.Play(c, spec.Schedule{Strategy: "source", Source: s})
		if plain && simtest.Every(2) > 1 && s.Runs() == 1 && s.Bound() > 0 && s.Length() >= most {
			return o, false // each choice of the first run has another option, which makes a schedule more; where samples are whole they are run all the same
		}
		if s.Mismatch() {
			t.Fatalf("%s on %s: run %d takes other steps than the one before", c.Name, target.About.Name, s.Runs())
		}
		if a.Unjudged {
			continue
		}
		v, _ := a.Verdict()
		key := string(v)
		if v == conformance.Error || v == conformance.Diverged {
			key += " " + a.Ending()
		}
		var rules []string
		for _, v := range a.Judgement.Violations {
			rules = append(rules, v.Rule.ID)
		}
		slices.Sort(rules)
		o.verdicts[key+fmt.Sprint(slices.Compact(rules))] = true
		for i, n := range a.Judgement.Counts { // situations of other rules may go by which of two calls returned first
			if id := spec.Rules()[i].ID; n.Situations != 0 && (id == "THR-1" || id == "THR-2" || id == "THR-3") {
				o.verdicts[fmt.Sprintf("situations %b of %s", n.Situations, id)] = true
			}
		}
		o.traces[precedences(a.Trace)] = true
	}
	o.schedules, o.distinct, o.runs = s.Schedules(), s.Distinct(), s.Runs()
	return o, true
}

// compare runs a case with the reduction and without, and reports the plain number of schedules and the runs of the reduced search.
func compare(t *testing.T, name string, c *conformance.Case, bound Bound, max, most int) (plain, reduced outcome, compared bool) {
	t.Helper()
	target, bugs := subject(t, name)
	search := func() *simnet.Search {
		s := bound.search()
		s.Restart(max)
		return s
	}
	plain, all := everything(t, target, bugs, c, search().Follow(), most, true)
	if !all {
		return plain, reduced, false
	}
	reduced, _ = everything(t, target, bugs, c, search().Reduce(), most, false)
	where := fmt.Sprintf("%s on %s, %s ≤ %d", c.Name, name, bound, max)
	if plain.schedules != reduced.schedules {
		t.Errorf("%s: %d schedules, the reduced search counts %d", where, plain.schedules, reduced.schedules)
	}
	if plain.distinct < reduced.distinct { // it may tell fewer apart: half of three bytes is one byte, and is not run again
		t.Errorf("%s: runs end in %d ways, in the reduced search in %d", where, plain.distinct, reduced.distinct)
	}
	if !maps.Equal(plain.verdicts, reduced.verdicts) {
		t.Errorf("%s: shows %v, the reduced search %v", where, slices.Sorted(maps.Keys(plain.verdicts)), slices.Sorted(maps.Keys(reduced.verdicts)))
	}
	if !maps.Equal(plain.traces, reduced.traces) {
		t.Errorf("%s: %d traces differ by more than the order of what has nothing to do with each other, in the reduced search %d", where, len(plain.traces), len(reduced.traces))
	}
	return plain, reduced, true
}

// Small scenarios in which threads race, each with a bound that the plain search gets to.
var races = []struct {
	target, name string
	bound        Bound
	max          int
	text         string
}{
	{"model", "two waiters", Delays, 1, twoWaiters},
	{"model", "thread/two-receives-pool", Delays, 1, ""},
	{"model", "thread/repost-first-pool", Delays, 2, ""},
	{"model", "thread/limit-of-one-two-sessions", Delays, 2, ""},
	{"model", "thread/the-servers-loop", Delays, 1, ""},
	{"model", "both ways", Delays, 3, bothWays},
	{"model", "two posters", Delays, 2, posters},
	{"model", "two posters", Preemptions, 0, posters},
	{"epoll-sim", "cancel", Preemptions, 1, cancelRace},
	{"model", "cancel", Delays, 2, cancelRace},
	{"model", "datagrams", Delays, 2, datagrams},
	{"epoll-sim", "two waiters", Delays, 1, twoWaiters},
	{"epoll-sim", "thread/repost-first-pool", Delays, 1, ""},
	{"epoll-sim", "thread/two-receives-pool", Delays, 1, ""},
	{"epoll-sim", "two posters", Delays, 2, posters},
	{"epoll-sim", "cancel", Delays, 2, cancelRace},
	{"epoll-sim", "datagrams", Delays, 2, datagrams},
	{"model/queue-unlocked", "two posters", Delays, 2, posters},
	{"model/lifo-queue", "two posters", Delays, 2, posters},
	{"model/cancel-looks-first", "cancel", Delays, 2, cancelRace},
	{"model/lifo-fill", "thread/two-receives-pool", Delays, 1, ""},
	{"epoll-sim/double-packet", "two waiters", Delays, 1, twoWaiters},
	{"epoll-sim/packets-taken-unlocked", "two posters", Delays, 2, posters},
	{"epoll-sim/receive-queued-late", "cancel", Delays, 2, cancelRace},
}

const (
	posters = `# PKT-2: two threads post, two wait.
rules PKT-2
needs post workers
port P
par {
  @a post k1 to P key=1
  @b post k2 to P key=2
  @c wait P
  @d wait P
}
`
	cancelRace = `# PKT-2: a receive is cancelled while its bytes come.
rules PKT-2
needs workers cancel
session s
recv r1 on s len=4
par {
  @a cancel r1
  @b wait P
  peer c sends 4
}
`
	twoWaiters = `# THR-1: data in many pieces at one receive and two threads: still one handler at a time.
rules THR-1 PKT-2 RCV-3
needs workers
session s
pool W on P threads=2 handler=session-echo receives=1 size=2
peer c sends 5
peer c sends 5
peer c reads 10
drain W
`
	bothWays = `# PKT-2: a receive's and a send's packets of one socket go to two threads, each to one.
rules PKT-2 RCV-5 SND-6
needs workers
session s
recv r1 on s len=4
@w1 wait P forever &
settle
@w2 wait P forever &
settle
send w1 on s len=10
peer c sends 4
@w1 join
@w2 join
wait P -> nothing
peer c reads 10
`
	datagrams = `# DGM-1: two datagrams at once.
rules DGM-1
needs workers datagram
port P
udp u
associate u to P key=1
recvfrom r1 on u len=8
recvfrom r2 on u len=8
peer c udp
peer d udp
par {
  peer c sends 4 to u
  peer d sends 5 to u
  @a wait P
}
`
)

// unsteady plays something that takes so many choices of two options each, the last number again and again.
type unsteady struct{ choices []int }

func (u *unsteady) play(s spec.Schedule, _ func() bool) conformance.Attempt {
	for range u.choices[0] {
		s.Source.(simnet.Source).Pick(simnet.KindData, 2)
	}
	if len(u.choices) > 1 {
		u.choices = u.choices[1:]
	}
	return conformance.Attempt{Schedule: s, Unjudged: true}
}

// closed is a target that cannot be opened.
type closed struct{}

func (closed) play(s spec.Schedule, _ func() bool) conformance.Attempt {
	return conformance.Attempt{Schedule: s, Err: errors.New("the target could not be opened")}
}

// What ends before it has made again the choices that are repeated is not the same, and nothing is proved.
func TestAnExplorationOfWhatIsNotTheSameIsNotComplete(t *testing.T) {
	target, _ := subject(t, "model")
	c := caseOf(t, "two waiters", twoWaiters)
	for _, choices := range [][]int{{6, 6, 3}, {6, 6, 6, 6, 0}, {6, 6, 9, 3}} {
		for _, plain := range []bool{false, true} {
			x := explore(t.Context(), target, c, &unsteady{slices.Clone(choices)}, ExploreOptions{Bound: Delays, Max: 3, Plain: plain})
			if x.Complete || x.Wrong == nil || !strings.Contains(x.Why, "same steps") || strings.Contains(x.Verdict(), "; complete:") {
				t.Errorf("%v, plain %v: complete %v, %q after %d runs", choices, plain, x.Complete, x.Why, x.Runs)
			}
		}
	}
	if x := explore(t.Context(), target, c, closed{}, ExploreOptions{Bound: Delays}); len(x.Found) != 1 || x.Found[0].What != "error" {
		t.Errorf("of a target that cannot be opened %+v was found", x.Found)
	}
	if x := explore(t.Context(), target, c, &unsteady{[]int{6}}, ExploreOptions{Bound: Delays, Max: 3}); !x.Complete || x.Schedules != 1+6+15+20 {
		t.Errorf("complete %v with %d schedules: %s", x.Complete, x.Schedules, x.Why)
	}
}

func TestTheReductionLosesNothing(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	t.Parallel()
	compared := 0
	for i, r := range races {
		if simtest.Every(9) > 1 && i%9 != 1 && (r.max > 1 || r.bound == Preemptions && r.max > 0) {
			r.max-- // a part of the sample has all but one in nine with a bound that is one less, where that is not none
		}
		plain, reduced, ok := compare(t, r.target, caseOf(t, r.name, r.text), r.bound, r.max, 40_000)
		if !ok {
			t.Errorf("%s on %s: more than 40 000 schedules", r.name, r.target)
			continue
		}
		compared++
		t.Logf("%s on %s, %s ≤ %d: %d schedules, %d runs, %d distinct, %d verdicts", r.name, r.target, r.bound, r.max, plain.schedules, reduced.runs, plain.distinct, len(plain.verdicts))
	}
	t.Logf("%d scenarios", compared)
}

// A delay that is left out because the same delay comes a step later leads to the state that that one leads to.
func TestTheReductionLeavesOutWhatIsRunAStepLater(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	t.Parallel()
	all, most := 0, 3000/simtest.Every(6)
	for _, r := range races {
		if r.bound != Delays {
			continue
		}
		target, bugs := subject(t, r.target)
		p := conformance.NewPlayer(target, "", bugs)
		p.Wanted = func() bool { return false }
		s := simnet.NewDelaySearch(2).Reduce()
		left, wrong := 0, 0
		s.Verify(func(same bool) {
			if left++; !same && wrong < 3 {
				wrong++
				t.Errorf("%s on %s, picks %v: the delay leads elsewhere a step later", r.name, r.target, s.Picks(nil))
			}
		})
		for c := caseOf(t, r.name, r.text); s.Runs() < most && s.Next(); {
			p.Play(c, spec.Schedule{Strategy: "source", Source: s})
		}
		all += left
	}
	if t.Logf("%d delays", all); all < most {
		t.Errorf("only %d delays would be left out", all)
	}
}

// Every case of the suite, on every simulated target, with one delay.
func TestTheReductionLosesNothingOfTheSuite(t *testing.T) {
	simtest.NotRaced(t)
	t.Parallel()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	compared, schedules, runs := 0, 0, 0
	for i, c := range all {
		if !long() && i%(8*simtest.Every(3)) != 0 || testing.Short() && i%32 != 0 {
			continue
		}
		for _, name := range []string{"model", "epoll-sim", "poller-sim"} {
			target, _ := subject(t, name)
			if _, applies := c.Applies(&target.About); !applies {
				continue
			}
			plain, reduced, ok := compare(t, name, c, Delays, 1, 400)
			if ok {
				compared++
				schedules += int(plain.schedules)
				runs += reduced.runs
			}
		}
	}
	t.Logf("%d cases on their targets, %d schedules, %d runs with the reduction", compared, schedules, runs)
}

// aboutOf returns the objects of an event that commuting respects, besides its thread: what its call is about.
func aboutOf(e *spec.Event) [3]uint64 {
	return [3]uint64{2<<32 | uint64(e.Sock), 3<<32 | uint64(e.Port), 4<<32 | uint64(e.Peer)}
}

// happened is what has happened to an object: the calls that were made and those that have returned. What is neither is both.
type happened struct{ begun, ended uint64 }

// precedences is a hash that is the same for two traces in which every thread did the same, and of two calls about the same object in both the same one had
// returned before the other was made. Operations are known by who started them, not by their numbers.
func precedences(t *spec.Trace) (sum uint64) {
	last, threads, names := map[uint64]happened{}, map[int32]uint64{}, map[uint32]uint64{}
	for i := range t.Events {
		e := &t.Events[i]
		thread := e.Thread
		if e.Kind == spec.NetEvent { // which is nobody's
			thread = -1
		}
		if e.Op != 0 && e.Kind == spec.CallEvent && e.Verb <= spec.SendTo {
			names[e.Op] = mix(uint64(e.Thread), threads[e.Thread])
		}
		h := mix(uint64(e.Kind)<<40|uint64(e.Verb)<<32|uint64(e.How)<<24|uint64(e.Status.Code)<<16, names[e.Op]^uint64(uint32(e.N)))
		for j := range e.Packets {
			k := &e.Packets[j]
			h = mix(h, names[k.Op]^uint64(k.Status.Code)<<24^uint64(uint32(k.N)))
		}
		h = mix(threads[thread], h)
		begins, ends := e.Kind != spec.ReturnEvent, e.Kind != spec.CallEvent
		for _, o := range aboutOf(e) {
			if uint32(o) != 0 {
				h = mix(h, o)
				if begins {
					h = mix(h, last[o].ended)
				}
				if ends {
					h = mix(h, last[o].begun)
				}
			}
		}
		for _, o := range aboutOf(e) {
			if uint32(o) != 0 {
				x := last[o]
				if begins {
					x.begun += h
				}
				if ends {
					x.ended += h
				}
				last[o] = x
			}
		}
		threads[thread] = h
		sum += h // which does not depend on the order
	}
	return sum
}
