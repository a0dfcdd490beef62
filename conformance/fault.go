package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/spec"
)

// Fault is one way in which a case did not pass.
type Fault struct {
	What   string         // the id of a rule that the target broke, or a known.Ending
	Said   string         // what was seen the first time, a line
	Rounds int            // repetitions in which it was seen
	Known  []*known.Entry // the entries that speak of it
	last   int            // the repetition that was counted last
}

// verdict tells what one run amounts to.
func (a *Attempt) verdict() (Verdict, string) {
	for _, v := range a.Judgement.Violations {
		if v.Rule.Binds == spec.Guarantee {
			return Fail, ""
		}
	}
	return a.end()
}

// end tells how a run ended, the rules that the target broke aside.
func (a *Attempt) end() (Verdict, string) {
	switch {
	case a.Err != nil:
		return Error, a.Err.Error()
	case len(a.Judgement.Violations) > 0:
		return Error, "the case itself breaks " + a.Judgement.Violations[0].Rule.ID + ": " + a.Judgement.Violations[0].Said
	case a.Left != nil && a.Left.Liberty != "":
		return Skip, a.Left.Liberty
	case a.Left != nil:
		return Diverged, a.Left.String()
	}
	return Pass, ""
}

// faults lists what was wrong with a run, each thing once. That a script leaves its path, or that its program
// goes wrong, after the target has broken a rule is no further fault; that it then hangs or crashes is one.
func (a *Attempt) faults() (list []Fault) {
	for _, v := range a.Judgement.Violations {
		if v.Rule.Binds == spec.Guarantee && !slices.ContainsFunc(list, func(f Fault) bool { return f.What == v.Rule.ID }) {
			list = append(list, Fault{What: v.Rule.ID, Said: v.Said})
		}
	}
	if len(list) > 0 && a.Err == nil {
		return list
	}
	if v, reason := a.end(); v != Pass && v != Skip {
		head, _, _ := strings.Cut(reason, "\n")
		list = append(list, Fault{What: string(a.ending()), Said: head})
	}
	return list
}

// ending is the word for how a run ended that did not pass.
func (a *Attempt) ending() known.Ending {
	if a.Err == nil {
		if len(a.Judgement.Violations) == 0 {
			return known.Diverged
		}
		return known.Error
	}
	// A world that knows better says so.
	var says interface{ Ending() known.Ending }
	if errors.As(a.Err, &says) {
		return says.Ending()
	}
	head, _, _ := strings.Cut(a.Err.Error(), "\n")
	for _, x := range signs {
		if strings.HasPrefix(head, x.sign) || !x.first && strings.Contains(head, x.sign) {
			return x.ending
		}
	}
	return known.Error
}

// signs are how the two worlds say that a run hung or crashed: the first line of simnet.Outcome, and what realworld's Run returns.
var signs = []struct {
	sign   string
	first  bool // it stands at the beginning
	ending known.Ending
}{
	{"panic after ", true, known.Crash},
	{" panicked: ", false, known.Crash},
	{"deadlock after ", true, known.Hang},
	{"livelock after ", true, known.Hang},
	{"the program is stuck", true, known.Hang},
	{"the program did not end", true, known.Hang},
}

// standsStill reports whether a run of a simulated world ended because nobody could go on, and no timer would change that.
func standsStill(err error) bool { return strings.HasPrefix(err.Error(), "deadlock after ") }

// note adds a run to the case's result and reports whether it had a fault that is not known. The first such run decides, without one the
// first that had a fault at all.
func (c *CaseResult) note(a *Attempt, entries []*known.Entry) (strange bool) {
	faults := a.faults()
	if len(faults) == 0 {
		return false
	}
	news := map[string]bool{}
	for _, f := range faults {
		for _, e := range entries {
			if e.Means(f.What) {
				f.Known = append(f.Known, e)
			}
		}
		if f.Known == nil {
			news[f.What] = true
		}
		i := slices.IndexFunc(c.Faults, func(g Fault) bool { return g.What == f.What })
		if i < 0 {
			i = len(c.Faults)
			c.Faults = append(c.Faults, f)
		}
		if g := &c.Faults[i]; g.last < c.Rounds {
			g.last = c.Rounds
			g.Rounds++
		}
	}
	first := c.Verdict == Pass
	if len(news) == 0 {
		if first {
			v, reason := a.verdict()
			if v == Fail && a.Err != nil {
				_, reason = a.end()
			}
			c.keep(a, Known, reason)
		}
		return false
	}
	isNew := func(v spec.Violation) bool { return v.Rule.Binds == spec.Obligation || news[v.Rule.ID] }
	for _, v := range a.Judgement.Violations {
		if isNew(v) {
			c.strange[v.Rule.ID] = true
		}
	}
	if !first && c.Verdict != Known {
		return true
	}
	v, reason := a.verdict()
	if v == Fail && !slices.ContainsFunc(a.Judgement.Violations, func(v spec.Violation) bool { return v.Rule.Binds == spec.Guarantee && news[v.Rule.ID] }) {
		v, reason = a.end() // the rules are known, how it ended is not
	}
	c.keep(a, v, reason)
	slices.SortStableFunc(c.Violations, func(a, b spec.Violation) int {
		switch x, y := isNew(a), isNew(b); {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
	return true
}

// knownAs is the first entry that speaks of the fault, nil where there is none.
func (c *CaseResult) knownAs(what string) *known.Entry {
	for _, f := range c.Faults {
		if f.What == what && len(f.Known) > 0 {
			return f.Known[0]
		}
	}
	return nil
}

// knows reports whether the rule, which was broken, was so only in ways that are known.
func (c *CaseResult) knows(rule string) bool {
	return !c.strange[rule] && (c.Verdict == Known || c.knownAs(rule) != nil)
}

// KnownBy says in a line what of the case is known and why.
func (c *CaseResult) KnownBy() string {
	var parts []string
	for _, f := range c.Faults {
		for _, e := range f.Known[:min(len(f.Known), 1)] {
			parts = append(parts, fmt.Sprintf("%s is known (%s): %s", f.What, e.Kind(), e.Reason()))
		}
	}
	return strings.Join(parts, "; ")
}
