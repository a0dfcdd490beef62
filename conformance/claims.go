package conformance

import (
	"fmt"
	"slices"

	"github.com/ioconform/ioconform/spec"
)

// ClaimResult is what runs of the suite showed of one claim of the source document.
type ClaimResult struct {
	Claim     *spec.Claim
	Standing  spec.Standing
	Condition string                   // Conditional: under which it holds
	Witness   string                   // the case that shows it best: where it does not hold, else where it does
	Why       string                   // Refuted, Unsettled: what is in the way
	Counted   []string                 // how often what the claim names was seen, and how often it went wrong
	Targets   map[string]spec.Standing // by target; those that have nothing to say are left out
}

// JudgeClaims tells what became of each claim on the targets of the reports.
func JudgeClaims(reports []*Report) []ClaimResult {
	var results []ClaimResult
	for _, c := range spec.Claims() {
		sum := ClaimResult{Claim: c, Standing: spec.Unsettled, Why: "no target of this run can tell", Targets: map[string]spec.Standing{}}
		if c.Measured { // no rule can settle it: whoever measures it says more
			sum.Standing, sum.Condition, sum.Why = spec.Conditional, c.Condition, ""
		}
		for _, r := range reports {
			one, says := r.judgeClaim(c)
			if !says {
				continue
			}
			sum.Targets[r.About.Name] = one.Standing
			if len(sum.Targets) == 1 || weight(one.Standing) > weight(sum.Standing) {
				targets := sum.Targets
				sum = one
				sum.Targets = targets
			}
		}
		for _, r := range reports {
			sum.Counted = append(sum.Counted, r.counted(c)...)
		}
		results = append(results, sum)
	}
	return results
}

// counted tells how often the rules that the claim counts were seen on a target.
func (r *Report) counted(c *spec.Claim) (lines []string) {
	for _, x := range r.Rules {
		if x.Count.Checks == 0 && x.Count.Broken == 0 || !slices.Contains(c.Counted, x.Rule.ID) {
			continue
		}
		said := fmt.Sprintf("%s on %s: held %d times, broken %d times", x.Rule.ID, r.About.Name, x.Count.Checks, x.Count.Broken)
		if x.Rule.Level == spec.MAY {
			said = fmt.Sprintf("%s on %s: happened %d times", x.Rule.ID, r.About.Name, x.Count.Checks)
		}
		lines = append(lines, said)
	}
	return lines
}

// weight orders the standings: what holds on one target and not on another does not hold.
func weight(s spec.Standing) int {
	switch s {
	case spec.Refuted:
		return 3
	case spec.Unsettled:
		return 2
	case spec.Conditional:
		return 1
	}
	return 0
}

// judgeClaim judges a claim on one target; says is false where the target has nothing to say to it.
func (r *Report) judgeClaim(c *spec.Claim) (res ClaimResult, says bool) {
	res = ClaimResult{Claim: c, Standing: spec.Holds}
	verdict := func(name string) Verdict {
		for _, x := range r.Cases {
			if x.Case.Name == name {
				return x.Verdict
			}
		}
		return Skip
	}
	for _, name := range c.Shown {
		switch v := verdict(name); v {
		case Skip:
		case Pass:
			says = true
			if res.Witness == "" {
				res.Witness = name
			}
		default:
			return ClaimResult{Claim: c, Standing: spec.Refuted, Witness: name, Why: fmt.Sprintf("case %s: %s", name, v)}, true
		}
	}
	if !says {
		return res, false
	}
	for _, id := range c.Rules {
		for _, x := range r.Rules {
			if x.Rule.ID != id {
				continue
			}
			switch x.Verdict {
			case spec.Broken:
				return ClaimResult{Claim: c, Standing: spec.Refuted, Witness: res.Witness, Why: id + " is broken"}, true
			case spec.NotExercised, spec.Unknown:
				if x.Count.Checks == 0 {
					return ClaimResult{Claim: c, Standing: spec.Unsettled, Witness: res.Witness, Why: id + " is " + x.Verdict.String()}, true
				}
			}
		}
	}
	if c.Condition == "" {
		return res, true
	}
	shown := len(c.Against) == 0
	for _, name := range c.Against {
		if verdict(name) == Pass {
			shown = true
			res.Witness = name
			break
		}
	}
	if shown {
		res.Standing, res.Condition = spec.Conditional, c.Condition
	}
	return res, true
}
