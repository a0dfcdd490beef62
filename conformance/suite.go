package conformance

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/spec"
)

// Verdict is what became of a case.
type Verdict string

const (
	Pass     Verdict = "pass"
	Fail     Verdict = "fail"
	Known    Verdict = "known"
	Skip     Verdict = "skip"
	Diverged Verdict = "diverged"
	Error    Verdict = "error"
)

// Options says what to run and how.
type Options struct {
	Cases     []*Case // nil: all of the suite
	Profile   string  // the rules that judge; "" is what the target speaks: see DefaultProfile
	Seed      uint64  // of the random schedules
	Schedules int     // random schedules a case, beside the dull one, in a controlled world; 0 is 16
	Repeat    int     // times that each case is run; 0 is 1
	Parallel  int     // cases at once; 0 is the processors, sixteen times as many in the real world
	Bugs      []string
	Known     []*known.File       // what the target is known to get wrong
	KeepOn    bool                // run a case to its end although it has failed, to see all there is
	Progress  func(done, all int) // called after each case, by one goroutine at a time
	Each      func(*CaseResult)   // called of each case once it and all before it have ended, in their order, by one goroutine at a time; if ctx ends, perhaps not of all
	// Past is told of each case which planted bugs its runs come past, planted or not, if the target knows (spec.Instance.Watch). It is called by several goroutines at once.
	Past func(c *Case, bug string)
}

// CaseResult is what became of one case on one target.
type CaseResult struct {
	Case       *Case
	Verdict    Verdict
	Reason     string           // of skip, diverged, error
	Violations []spec.Violation // those that are not known first
	Faults     []Fault          // each once, with how often it was seen
	Signature  string           // of Replay and of an Attempt: what the last run did wrong
	Schedule   spec.Schedule    // of the run that decided
	Picks      []uint32         // its choices
	Trace      *spec.Trace      // its trace, unless it passed
	Runs       int
	Rounds     int // repetitions that were begun
	Seconds    float64
	counts     []spec.Count
	before     int             // runs before the one that decided
	whole      bool            // all runs were made
	stopped    bool            // the context ended before them
	strange    map[string]bool // rules that were broken in a run that is not known
}

// RuleResult is what the run showed of one rule on one target.
type RuleResult struct {
	Rule    *spec.Rule
	Verdict spec.Verdict
	Reason  string // of skipped
	Count   spec.Count
}

// Report is what a run of the suite found on one target.
type Report struct {
	About   spec.About
	Profile string
	Cases   []CaseResult
	Rules   []RuleResult
	Known   []KnownResult // what became of each entry of the files of known failures that was asked about
	Seconds float64
	Stopped bool // the context ended before all cases had run as often as they were to
}

// Run runs the suite against a target. It returns early with what it has when ctx ends. A file of known failures that is for another target
// is an error.
func Run(ctx context.Context, target *spec.Target, o Options) (_ *Report, err error) {
	if o.Cases == nil {
		all, err := Cases()
		if err != nil {
			return nil, err
		}
		o.Cases = all
	}
	for _, f := range o.Known {
		if err := f.For(subject(target, o.Bugs), &target.About); err != nil {
			return nil, err
		}
	}
	o.Repeat = max(o.Repeat, 1)
	if o.Schedules == 0 {
		o.Schedules = 16
	}
	if o.Parallel == 0 {
		o.Parallel = runtime.GOMAXPROCS(0)
		if target.About.World == "real" {
			o.Parallel *= 16 // a case in the real world mostly waits
		}
	}
	begin := time.Now()
	if o.Profile == "" {
		o.Profile = DefaultProfile(&target.About)
	}
	r := &Report{About: target.About, Profile: o.Profile, Cases: make([]CaseResult, len(o.Cases))}
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		next int
		done int
		told int // cases that Each was called of
	)
	for range min(o.Parallel, len(o.Cases)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			run := NewPlayer(target, o.Profile, o.Bugs)
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(o.Cases) || ctx.Err() != nil {
					return
				}
				if o.Past != nil {
					run.Past = func(bug string) { o.Past(o.Cases[i], bug) }
				}
				res := run.settle(ctx, o.Cases[i], &o)
				mu.Lock()
				r.Cases[i] = res
				done++
				for ; o.Each != nil && told < len(r.Cases) && r.Cases[told].Case != nil; told++ {
					o.Each(&r.Cases[told])
				}
				if o.Progress != nil {
					o.Progress(done, len(o.Cases))
				}
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	r.Cases = slices.DeleteFunc(r.Cases, func(c CaseResult) bool { return c.Case == nil })
	r.Stopped = len(r.Cases) < len(o.Cases) || slices.ContainsFunc(r.Cases, func(c CaseResult) bool { return c.stopped })
	r.Seconds = time.Since(begin).Seconds()
	r.Rules = sumUp(target, o.Profile, r.Cases)
	if r.Known, err = tally(o.Known, r.Cases, &target.About); err != nil {
		return nil, err
	}
	return r, nil
}

// subject is what the command line calls the target with its planted bugs.
func subject(t *spec.Target, bugs []string) string {
	return strings.Join(append([]string{t.About.Name}, bugs...), "/")
}

// settle runs a case as often as asked for, up to the first run that does not pass and is not known. What is known must not hide what is not: after
// it the other runs are made all the same.
func (r *Player) settle(ctx context.Context, c *Case, o *Options) (res CaseResult) {
	res = CaseResult{Case: c, Verdict: Pass, counts: make([]spec.Count, len(spec.Rules())), strange: map[string]bool{}}
	if reason, ok := c.applies(&r.target.About); !ok {
		res.Verdict, res.Reason = Skip, reason
		return res
	}
	begin := time.Now()
	defer func() { res.Seconds = time.Since(begin).Seconds() }()
	entries := covering(o.Known, c)
	unfit := "" // what the target did in some run for which the script is not made
	for k := 0; k < o.Repeat && ctx.Err() == nil; k++ {
		res.Rounds++
		list := r.schedules(o, k)
		for i, s := range list {
			a := r.Play(c, s)
			res.Runs++
			for i, n := range a.Judgement.Counts {
				res.counts[i].Add(n)
			}
			if res.note(&a, entries) && !o.KeepOn {
				res.whole = k == o.Repeat-1 && i == len(list)-1
				return res
			}
			if v, reason := a.end(); v == Skip {
				unfit = reason
			}
		}
		res.whole = k == o.Repeat-1
	}
	if res.Runs == 0 {
		return CaseResult{} // stopped before it began
	}
	res.stopped = res.Rounds < o.Repeat
	if res.Verdict == Pass && unfit != "" {
		res.Verdict, res.Reason = Skip, unfit
	}
	return res
}

// keep makes a the run that decides.
func (c *CaseResult) keep(a *Attempt, v Verdict, reason string) {
	c.Verdict, c.Reason, c.Schedule = v, reason, a.Schedule
	c.before = c.Runs - 1
	c.Picks = slices.Clone(a.Picks)
	c.Violations = slices.Clone(a.Judgement.Violations)
	if c.Trace = nil; a.Trace != nil {
		c.Trace = a.Trace.Clone()
	}
}

// schedules lists the schedules of the k-th repetition: in a controlled world the dull one first, then random ones of two kinds, since
// each finds what the other does not.
func (r *Player) schedules(o *Options, k int) []spec.Schedule {
	if r.target.About.World != "sim" {
		return []spec.Schedule{{}}
	}
	list := []spec.Schedule{{Strategy: "dull"}}
	for i := range o.Schedules {
		seed := o.Seed + uint64(k*o.Schedules+i)
		strategy := "uniform"
		if i%2 == 1 {
			strategy = "lazy"
		}
		list = append(list, spec.Schedule{Strategy: strategy, Seed: seed})
	}
	return list
}

// sumUp adds what all cases showed of each rule.
func sumUp(t *spec.Target, profile string, cases []CaseResult) []RuleResult {
	rules := make([]RuleResult, len(spec.Rules()))
	for i, rule := range spec.Rules() {
		r := RuleResult{Rule: rule}
		for _, c := range cases {
			if c.counts != nil {
				r.Count.Add(c.counts[i])
			}
		}
		if reason, ok := rule.Applies(&t.About); !ok {
			r.Verdict, r.Reason = spec.Skipped, reason
		} else if !Judges(rule, profile) {
			r.Verdict, r.Reason = spec.Skipped, "is not in profile "+profile
		} else {
			r.Verdict = r.Count.Verdict(rule, &t.About)
			if r.Verdict == spec.Skipped {
				r.Reason, _ = rule.Absent(&t.About)
			}
		}
		news := func(c CaseResult) bool { return c.counts != nil && c.counts[i].Broken > 0 && !c.knows(rule.ID) }
		if r.Verdict == spec.Broken && !slices.ContainsFunc(cases, news) {
			r.Verdict = spec.Known
		}
		rules[i] = r
	}
	return rules
}

// Count returns how many cases came to each verdict.
func (r *Report) Count() map[Verdict]int {
	n := map[Verdict]int{}
	for _, c := range r.Cases {
		n[c.Verdict]++
	}
	return n
}

// DefaultProfile is the profile that a target is judged by unless somebody says otherwise: readiness for pollers, windows for what speaks its words, else portable.
func DefaultProfile(a *spec.About) string {
	switch {
	case isPoller(a):
		return "readiness"
	case a.Can(spec.CanWin32):
		return "windows"
	}
	return "portable"
}

// InProfile reports whether the rule stands in the profile, which may be one of a version, such as portable@1.
func InProfile(r *spec.Rule, profile string) bool { return r.In(profile) }

// Judges reports whether the rule is asked under the profile. One that stands in none, as obligations do, always is.
func Judges(r *spec.Rule, profile string) bool { return len(r.Profiles) == 0 || InProfile(r, profile) }

// Judging leaves out of the violations what rules say that are not asked under the profile, and what is overlooked. overlook may be nil.
func Judging(profile string, all []spec.Violation, overlook func(*spec.Violation) bool) []spec.Violation {
	kept := all[:0]
	for i := range all { // not slices.DeleteFunc: its function would be allocated for each run
		if v := &all[i]; Judges(v.Rule, profile) && (overlook == nil || !overlook(v)) {
			kept = append(kept, *v)
		}
	}
	clear(all[len(kept):])
	return kept
}

// Exercised reports whether any rule that judges the target was asked about anything.
func (r *Report) Exercised() bool {
	return slices.ContainsFunc(r.Rules, func(x RuleResult) bool {
		return x.Verdict != spec.Skipped && x.Rule.Binds == spec.Guarantee && x.Count.Checks > 0
	})
}

// Conforms reports whether every rule of the profile that binds the target was held, MAY and INFO rules aside, and why not.
func (r *Report) Conforms() (bool, string) {
	held := 0
	for _, x := range r.Rules {
		if !InProfile(x.Rule, r.Profile) || x.Rule.Level > spec.SHOULD || x.Rule.Binds != spec.Guarantee {
			continue
		}
		if x.Verdict == spec.Held {
			held++
		}
		if x.Verdict != spec.Held && x.Verdict != spec.Skipped {
			return false, fmt.Sprintf("%s is %s", x.Rule.ID, x.Verdict)
		}
	}
	if held == 0 {
		return false, "nothing was exercised"
	}
	for _, c := range r.Cases {
		if c.Verdict == Fail || c.Verdict == Error || c.Verdict == Known {
			return false, fmt.Sprintf("case %s: %s", c.Case.Name, c.Verdict)
		}
	}
	return !r.Stopped, "the run was stopped"
}
