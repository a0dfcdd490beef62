package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// ExploreOptions says how far to go.
type ExploreOptions struct {
	Bound   Bound  // what costs
	Max     int    // how much a schedule may cost
	Plain   bool   // without the reduction: every schedule is run
	Random  int    // schedules of each random strategy beside the search
	Seed    uint64 // of those
	Only    string // one random strategy instead of all
	Profile string // the rules that judge; "" is the target's own
	Bugs    []string
	// Progress is called now and then, by the goroutine that explores.
	Progress func(*Exploration)
}

// Bound is what a bounded search counts.
type Bound string

// The bounds there are.
const (
	Delays Bound = "delays" // choices other than the first option
	// Preemptions counts threads that are interrupted although they could go on, and amounts other than the first: how many bytes arrive at once, whether
	// what could be done at once is. Who goes on where one cannot is free.
	Preemptions Bound = "preemptions"
)

// search returns a search within the bound 0.
func (b Bound) search() *simnet.Search {
	if b == Preemptions {
		return simnet.NewPreemptionSearch(0).Charge(simnet.KindData, simnet.KindFault, simnet.KindTime)
	}
	return simnet.NewDelaySearch(0)
}

// Exploration is what the schedules of one scenario on one target came to.
type Exploration struct {
	Case   *conformance.Case
	About  spec.About
	Bound  Bound
	Max    int
	Reduce bool

	// Complete: every schedule within the bound was run and judged, or goes through a state that another one went through, and
	// differs from it in nothing that a rule may go by.
	Complete bool
	Why      string // it is not complete
	Reached  int    // the largest bound for which it is complete, -1 for none
	// Schedules within the largest bound for which it is complete, those included that were not run.
	Schedules uint64
	Runs      int // begun
	Cut       int // of those, given up where a state was met again
	Ended     int // of those, run to their end
	Judged    int // of those, judged: the others end as one before
	LeftOut   int // not begun, because another run leads to the same
	Hung      int // runs that went on for too long; what may come later in them was not looked at
	Distinct  int // ends that were told apart
	Random    []Drawn
	Found     []Found
	Seen      []Seen
	Seconds   float64
	Searched  float64 // seconds of those, without the random strategies
	CPU       float64 // seconds that processors worked for the search; 0 where the system does not tell
	Stopped   bool    // the context ended
	Wrong     error   // it could not be told
}

// Drawn is what a random strategy did.
type Drawn struct {
	Strategy string
	Schedules,
	Bad int
}

// Found is something that went wrong, and the run with the lowest cost in which it did; of those the shortest.
type Found struct {
	What     string // the rules that the target broke, or the word for how the run ended
	Strategy string // search, or the random strategy
	Seed     uint64 // of a random strategy
	Cost     int    // of the choices; -1 of a random strategy
	Runs     int    // in which it was seen, those left out aside
	Result   *conformance.CaseResult
}

// Seen is a situation of one of the scenario's rules, and the run with the lowest cost in which it came up.
type Seen struct {
	Rule      *spec.Rule
	Situation string
	Cost      int
	Result    *conformance.CaseResult
}

// ErrNoChoices says that the choices of a target cannot be decided.
var ErrNoChoices = errors.New("its choices cannot be decided: which thread runs and what the network delivers is up to the machine")

// Explore runs a case on a target under every schedule within a bound: first those that cost nothing, then those that cost one, and so on, so
// that what is found first has the lowest cost. Random strategies take turns with the search, because each finds what others do not.
// When ctx ends the exploration says what it has come to. An error means that nothing could be run.
func Explore(ctx context.Context, target *spec.Target, c *conformance.Case, o ExploreOptions) (*Exploration, error) {
	if target.About.World != "sim" {
		return nil, fmt.Errorf("%s cannot be explored: %w", target.About.Name, ErrNoChoices)
	}
	if reason, applies := c.Applies(&target.About); !applies {
		return nil, fmt.Errorf("%s: %s is not for %s: it %s", c.File.Name, c.Name, target.About.Name, reason)
	}
	return explore(ctx, target, c, &casePlayer{conformance.NewPlayer(target, o.Profile, o.Bugs), c}, o), nil
}

// played plays one program again and again. wanted is asked after a run whether it is to be judged; nil wants all.
type played interface {
	play(s spec.Schedule, wanted func() bool) conformance.Attempt
}

// casePlayer plays a case.
type casePlayer struct {
	*conformance.Player
	c *conformance.Case
}

func (p *casePlayer) play(s spec.Schedule, wanted func() bool) conformance.Attempt {
	p.Wanted = wanted
	return p.Play(p.c, s)
}

// explore explores what the player plays.
func explore(ctx context.Context, target *spec.Target, c *conformance.Case, p played, o ExploreOptions) *Exploration {
	x := &explorer{
		Exploration: Exploration{Case: c, About: target.About, Bound: o.Bound, Max: o.Max, Reduce: !o.Plain, Reached: -1},
		o:           o, ctx: ctx, began: time.Now(), told: time.Now(), player: p, found: map[string]int{}, situations: map[string]int{},
	}
	for i, r := range spec.Rules() {
		if slices.Contains(c.File.Rules(), r.ID) {
			x.rules = append(x.rules, i)
		}
	}
	if x.search = o.Bound.search(); o.Plain {
		x.search.Follow()
	} else {
		x.search.Reduce()
	}
	x.run()
	x.Seconds = time.Since(x.began).Seconds()
	return &x.Exploration
}

// explorer is an exploration under way.
type explorer struct {
	Exploration
	o      ExploreOptions
	ctx    context.Context
	began  time.Time
	told   time.Time
	player played
	rules  []int // the scenario's, by their index

	search     *simnet.Search
	longest    int  // choices of the runs that ended by themselves
	asked      bool // a rule that judges was asked about something
	found      map[string]int
	situations map[string]int
}

// atATime is how many runs of the search are made before each random strategy has its turn, of fewer.
const atATime = 64

func (x *explorer) run() {
	x.Random = x.o.drawn()
	for searching, more := true, true; searching || more; {
		if searching {
			searching = x.searchOn(atATime)
		}
		more = false
		for i := range x.Random {
			more = x.draw(&x.Random[i], atATime/4) || more
		}
		if x.Stopped = x.ctx.Err() != nil; x.Stopped || x.Wrong != nil {
			break
		}
		if x.o.Progress != nil && time.Since(x.told) > time.Second/4 {
			x.told = time.Now()
			x.Seconds = time.Since(x.began).Seconds()
			x.o.Progress(&x.Exploration)
		}
	}
	if x.Wrong == nil && x.Judged > 0 && !x.asked && len(x.Found) == 0 {
		x.Wrong = fmt.Errorf("no rule of %s was exercised", x.profile())
	}
	switch {
	case x.Wrong != nil:
		x.Why, x.Reached, x.Schedules = x.Wrong.Error(), -1, 0 // nothing is proved, of smaller bounds either
	case x.Reached < x.Max && x.Stopped:
		x.Why = "it was stopped"
	case x.Hung > 0:
		x.Why = fmt.Sprintf("%d went on for too long, and what may come later in them was not looked at", x.Hung)
	default:
		x.Complete = true
	}
}

// searchOn makes so many runs of the search and reports whether there are more.
func (x *explorer) searchOn(runs int) bool {
	s := x.search
	wanted := func() bool { return !s.Cut() && s.New() }
	began, used := time.Now(), cpuSeconds()
	defer func() {
		x.Distinct, x.LeftOut = s.Distinct(), s.LeftOut()
		x.Searched += time.Since(began).Seconds()
		x.CPU += cpuSeconds() - used
	}()
	for range runs {
		if x.ctx.Err() != nil {
			return false
		}
		if !s.Next() {
			if s.Mismatch() { // the run before ended too early
				x.unsteady()
				return false
			}
			if x.Hung == 0 {
				x.Reached, x.Schedules = s.Bound(), s.Schedules()
			}
			if s.Bound() == x.Max {
				return false
			}
			s.Restart(s.Bound() + 1)
			continue
		}
		a := x.player.play(spec.Schedule{Strategy: "source", Source: s}, wanted)
		if s.Mismatch() {
			x.unsteady()
			return false
		}
		x.Runs++
		switch {
		case s.Cut():
			x.Cut++
		case a.Unjudged:
			x.Ended++
		default:
			x.Ended++
			x.Judged++
			if a.Err != nil && strings.HasPrefix(a.Err.Error(), "livelock") { // as simnet.Outcome says it
				x.Hung++
				s.Forget(2*x.longest + 64)
			} else {
				x.longest = max(x.longest, s.Length())
			}
			x.judge(&a, Found{Strategy: "search", Cost: s.Spent()})
		}
	}
	return true
}

func (x *explorer) unsteady() {
	x.Wrong = fmt.Errorf("%s does not take the same steps on %s when the same choices are made again: nothing is proved", x.Case.Name, x.About.Name)
}

// profile is what judges.
func (x *explorer) profile() string {
	if x.o.Profile != "" {
		return x.o.Profile
	}
	return conformance.DefaultProfile(&x.About)
}

// asks reports whether a rule that judges was asked about something in the run: else that nothing was broken says nothing.
func (x *explorer) asks(a *conformance.Attempt) bool {
	profile := x.profile()
	for i, c := range a.Judgement.Counts {
		if r := spec.Rules()[i]; c.Checks > 0 && r.Binds == spec.Guarantee && conformance.InProfile(r, profile) {
			return true
		}
	}
	return false
}

// judge keeps what a run showed.
func (x *explorer) judge(a *conformance.Attempt, f Found) (bad bool) {
	x.asked = x.asked || x.asks(a)
	for _, r := range x.rules {
		if f.Cost >= 0 && a.Trace != nil {
			x.see(a, r, f.Cost)
		}
	}
	if v, _ := a.Verdict(); v == conformance.Pass {
		return false
	}
	f.What = what(a)
	f.Runs = 1
	i, known := x.found[f.What]
	if !known {
		x.found[f.What] = len(x.Found)
		f.Result = a.Result(x.Case)
		x.Found = append(x.Found, f)
		return true
	}
	g := &x.Found[i]
	g.Runs++
	if better(f.Cost, a.Trace, g.Cost, g.Result.Trace) {
		f.Runs = g.Runs
		f.Result = a.Result(x.Case)
		*g = f
	}
	return true
}

// better reports whether a run is better to be shown than another: it costs less, or as much and is shorter. Runs of random strategies come last.
func better(cost int, trace *spec.Trace, thanCost int, than *spec.Trace) bool {
	if uint(cost) != uint(thanCost) {
		return uint(cost) < uint(thanCost) // -1 is the largest
	}
	return cost >= 0 && trace != nil && than != nil && len(trace.Events) < len(than.Events)
}

// what tells what went wrong: runs with the same answer are taken for the same fault.
func what(a *conformance.Attempt) string {
	var rules []string
	for _, v := range a.Judgement.Violations {
		if v.Rule.Binds == spec.Guarantee && !slices.Contains(rules, v.Rule.ID) {
			rules = append(rules, v.Rule.ID)
		}
	}
	if len(rules) == 0 {
		return a.Ending()
	}
	slices.Sort(rules)
	s := rules[0]
	for _, r := range rules[1:] {
		s += " " + r
	}
	return s
}

// see keeps which situations of a rule came up.
func (x *explorer) see(a *conformance.Attempt, rule, cost int) {
	r, seen := spec.Rules()[rule], a.Judgement.Counts[rule].Situations
	for i, name := range r.Situations {
		if seen&(1<<i) == 0 {
			continue
		}
		key := r.ID + " " + name
		at, known := x.situations[key]
		switch {
		case !known:
			x.situations[key] = len(x.Seen)
			x.Seen = append(x.Seen, Seen{r, name, cost, a.Result(x.Case)})
		case better(cost, a.Trace, x.Seen[at].Cost, x.Seen[at].Result.Trace):
			x.Seen[at] = Seen{r, name, cost, a.Result(x.Case)}
		}
	}
}
