package conformance

import (
	"fmt"
	"slices"

	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/spec"
)

// ParseKnown reads a file of known failures of this suite.
func ParseKnown(name string, src []byte) (*known.File, error) {
	v, err := knownVocabulary()
	if err != nil {
		return nil, err
	}
	return known.Parse(name, src, v)
}

// ParseKnownDraft is ParseKnown for a file in which reasons and sources may still have to be written.
func ParseKnownDraft(name string, src []byte) (*known.File, error) {
	v, err := knownVocabulary()
	if err != nil {
		return nil, err
	}
	return known.ParseDraft(name, src, v)
}

func knownVocabulary() (known.Vocabulary, error) {
	v := known.Vocabulary{Rules: map[string]bool{}}
	for _, r := range spec.Rules() {
		v.Rules[r.ID] = r.Binds == spec.Guarantee
	}
	all, err := Cases()
	for _, c := range all {
		v.Cases = append(v.Cases, c.Name)
	}
	return v, err
}

// covering lists the entries that speak of the case.
func covering(files []*known.File, c *Case) (list []*known.Entry) {
	for _, f := range files {
		for _, e := range f.Entries {
			if e.Covers(c.Name) {
				list = append(list, e)
			}
		}
	}
	return list
}

// KnownState is what became of an entry of a file of known failures.
type KnownState string

const (
	KnownSeen      KnownState = "seen"      // a case failed that way
	KnownQuiet     KnownState = "quiet"     // none did, which an entry that is racy allows, or of which not all was run
	KnownStale     KnownState = "stale"     // all its cases ran to the end, and none failed that way
	KnownUnmatched KnownState = "unmatched" // nothing that it speaks of is for this target
)

// KnownResult is what became of one entry. Entries that speak of no case that was chosen have none.
type KnownResult struct {
	Entry  *known.Entry
	State  KnownState
	Seen   int      // repetitions of cases in which it was seen
	Rounds int      // of so many
	Cases  []string // in which it was seen
	Why    string   // stale, unmatched: what is the matter and what to do, a clause
}

// Wrong reports whether the entry has to be changed: it is stale or unmatched.
func (k *KnownResult) Wrong() bool { return k.State == KnownStale || k.State == KnownUnmatched }

// Wrong returns the entries of files of known failures that have to be changed.
func (r *Report) Wrong() (list []*KnownResult) {
	for i := range r.Known {
		if r.Known[i].Wrong() {
			list = append(list, &r.Known[i])
		}
	}
	return list
}

// tally tells what became of each entry, the worst harm first.
func tally(files []*known.File, results []CaseResult, about *spec.About) (list []KnownResult, err error) {
	all, err := Cases()
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		for _, e := range f.Entries {
			if k, asked := tallyEntry(e, all, results, about); asked {
				list = append(list, k)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b KnownResult) int { return a.Entry.Harm().Rank() - b.Entry.Harm().Rank() })
	return list, nil
}

// tallyEntry tells what became of an entry; asked is false where it speaks of no case that was chosen.
func tallyEntry(e *known.Entry, all []*Case, results []CaseResult, about *spec.About) (k KnownResult, asked bool) {
	k = KnownResult{Entry: e}
	whole := map[string]bool{} // cases that ran to the end
	for i := range results {
		c := &results[i]
		if !e.Covers(c.Case.Name) {
			continue
		}
		asked = true
		k.Rounds += c.Rounds
		whole[c.Case.Name] = c.whole
		// An entry for several endings is seen once in a repetition, whatever they were.
		seen := 0
		for _, x := range c.Faults {
			if e.Means(x.What) {
				seen = max(seen, x.Rounds)
			}
		}
		if k.Seen += seen; seen > 0 {
			k.Cases = append(k.Cases, c.Case.Name)
		}
	}
	if !asked {
		return k, false
	}
	due, ran, skipped := 0, 0, ""
	for _, c := range all {
		if !e.Covers(c.Name) {
			continue
		}
		if reason, applies := c.applies(about); applies {
			due++
			if whole[c.Name] {
				ran++
			}
		} else if skipped == "" {
			skipped = c.Name + " " + reason
		}
	}
	rule, isRule := spec.RuleByID(e.Fault)
	reason, applies := "", true
	if isRule {
		reason, applies = rule.Applies(about)
	}
	switch {
	case !applies:
		k.State, k.Why = KnownUnmatched, fmt.Sprintf("%s is skipped on this target (%s); take the entry out", e.Fault, reason)
	case due == 0:
		k.State, k.Why = KnownUnmatched, fmt.Sprintf("all that it matches is skipped on this target (%s); take the entry out", skipped)
	case k.Seen > 0:
		k.State = KnownSeen
	case e.Kind() == known.Racy || ran < due:
		k.State = KnownQuiet
	default:
		k.State, k.Why = KnownStale, fmt.Sprintf("it did not fail that way in %s; take the entry out, or make its kind racy if it comes and goes", times(k.Rounds))
	}
	return k, true
}

func times(n int) string {
	if n == 1 {
		return "the run of its case"
	}
	return fmt.Sprintf("%d runs of its cases", n)
}
