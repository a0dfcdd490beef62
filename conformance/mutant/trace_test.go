package mutant_test

import (
	"slices"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/spec"
)

// notInCases are rules that no case names, with the reason.
var notInCases = map[string]string{
	"DSC-1": "the runner keeps it: no scenario can touch a buffer in flight",
	"DSC-2": "what THR-1 assumes; the cases of THR-1 keep it",
	"DSC-3": "what only a real world can be wronged by; the runner keeps it there",
}

// notInMutants are rules that can be broken and that no planted bug breaks, with the reason. The corpus has a trace that breaks each alone.
var notInMutants = map[string]string{
	"OPN-15": "no reference declares inline=never; reference/lawful keeps it, and what does not has a trace",
	"PKT-23": "no reference declares packets=1; reference/lawful keeps it, and what does not has a trace",
	"RDY-47": "as PKT-23",
	"DGM-16": "receives that end because nobody was there are the kernel's report, and the simulated kernel of such a target makes none",
	"ACC-1":  "what makes two accepts of one connection gives them one far end, and that is ACC-2",
	"THR-1":  "follows from PKT-2 and DSC-2: handlers of one receive overlap only where it has two packets",
	"DSC-4":  "binds the program, and the runner keeps it",
}

// Rule, scenario, planted bug, source and claim hang together: from each of them the others are found, or it says here why not.
func TestTheContractIsTraceable(t *testing.T) {
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	inCases := map[string]bool{}
	for _, c := range cases {
		if len(c.File.Rules()) == 0 {
			t.Errorf("%s names no rule", c.Name)
		}
		for _, id := range c.File.Rules() {
			inCases[id] = true
		}
	}
	inMutants := map[string]bool{}
	for _, m := range mutant.Catalogue() {
		if len(m.Rules) == 0 && m.Ends == "" {
			t.Errorf("%s names neither a rule nor an end", m.ID)
		}
		for _, id := range mutant.Counted().Mutants[m.ID].Breaks {
			inMutants[id] = true
		}
	}
	for _, r := range spec.Rules() {
		if len(r.Sources) == 0 {
			t.Errorf("%s has no source", r.ID)
		}
		hangsOn(t, "no case names", r.ID, inCases[r.ID], notInCases)
		if r.Judged() && r.Level <= spec.SHOULD {
			hangsOn(t, "no planted bug breaks", r.ID, inMutants[r.ID], notInMutants)
		}
		for _, id := range r.Claims {
			if _, known := spec.ClaimByID(id); !known {
				t.Errorf("%s: there is no claim %s", r.ID, id)
			}
		}
	}
	for _, c := range spec.Claims() {
		rests := len(c.Rules) + len(c.Shown) + len(c.Against)
		if rests == 0 && !c.Measured {
			t.Errorf("%s rests on no rule, is shown by no case, and is not measured", c.ID)
		}
		for _, id := range c.Rules {
			if r, known := spec.RuleByID(id); !known || !judgedOrAssumed(r) {
				t.Errorf("%s rests on %s, which nothing judges", c.ID, id)
			}
		}
		for _, r := range spec.Rules() {
			if slices.Contains(r.Claims, c.ID) && rests == 0 {
				t.Errorf("%s says that it is about %s, which has no witness", r.ID, c.ID)
			}
		}
	}
	for _, f := range spec.Facts() {
		for _, name := range f.Cases {
			if !slices.ContainsFunc(cases, func(c *conformance.Case) bool { return c.Name == name }) {
				t.Errorf("the fact %s is shown by the case %s, which does not exist", f.ID, name)
			}
		}
	}
}

func judgedOrAssumed(r *spec.Rule) bool { return r.Judged() || r.Binds == spec.Obligation }

// hangsOn checks that a rule has something, or a reason why not, and not both.
func hangsOn(t *testing.T, not, id string, has bool, without map[string]string) {
	t.Helper()
	switch why, excused := without[id]; {
	case !has && !excused:
		t.Errorf("%s %s", not, id)
	case has && excused:
		t.Errorf("%s %s, it is said (%s), and that is not so any more", not, id, why)
	}
}
