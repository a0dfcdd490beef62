package spec

import (
	"slices"
	"strings"
	"testing"
)

// told is a sample of which it also matters what rules have to say of it: what they saw, or that they say nothing.
type told struct {
	sample
	says map[string]string // by rule: the situations that it held in, and "void" or "unknown" where it said so, separated by semicolons
}

// TestWhatTheLedgerKeepsDecides runs traces that differ from what is legal, or from what is broken, in one thing that the ledger has to keep.
func TestWhatTheLedgerKeepsDecides(t *testing.T) {
	checker := NewChecker()
	for _, s := range ledgerSamples() {
		t.Run(strings.ReplaceAll(s.name, " ", "-"), func(t *testing.T) {
			trace := build(t, s.about(), s.text)
			if err := trace.Validate(); err != nil {
				t.Errorf("the trace is malformed: %v", err)
			}
			j := checker.Check(trace)
			ids, why := brokenBy(j)
			if got := strings.Join(ids, " "); got != s.broken {
				t.Errorf("broken: %q, want %q\n%s", got, s.broken, strings.Join(why, "\n"))
			}
			for id, want := range s.says {
				if got := saidBy(t, j, id); got != want {
					t.Errorf("%s says %q, want %q", id, got, want)
				}
			}
		})
	}
}

// Told with less, they are accused of the same or of nothing.
func TestWhatTheLedgerKeepsDecidesAtEveryLevel(t *testing.T) {
	c := NewChecker()
	for _, s := range ledgerSamples() {
		for name, form := range leveled(t, build(t, s.about(), s.text)) {
			ids, why := brokenBy(c.Check(form))
			if got := strings.Join(ids, " "); got != s.broken && got != "" && !foreignName(name, s.broken, got) {
				t.Errorf("%s, %s: broken %q, want %q\n%s", s.name, name, got, s.broken, strings.Join(why, "\n"))
			}
		}
	}
}

func ledgerSamples() []told {
	return slices.Concat(ledgerOfCloses, ledgerOfDisturbances, ledgerOfStreams, ledgerOfDoors, ledgerOfDatagrams, ledgerOfEvents, ledgerOfHandlers, ledgerOfRest, ledgerOfWaits)
}

// saidBy tells what a rule said of a trace.
func saidBy(t *testing.T, j Judgement, id string) string {
	i := slices.IndexFunc(Rules(), func(r *Rule) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("there is no rule %s", id)
	}
	var words []string
	n := j.Counts[i]
	for k, name := range Rules()[i].Situations {
		if n.Situations&(1<<k) != 0 {
			words = append(words, name)
		}
	}
	if n.Voided > 0 {
		words = append(words, "void")
	}
	if n.Unknown > 0 {
		words = append(words, "unknown")
	}
	return strings.Join(words, "; ")
}
