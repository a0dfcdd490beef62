package mutant_test

import (
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/reference/faulty"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// The suite is as sharp as it says. Every planted bug is noticed, by one of the rules that the catalogue names; unless it is marked as one that is
// not noticed yet, and then that is true. At least so many are effective, a third of which need a particular interleaving; and so many of those were planted before
// there was a case for them, of which two fifths do.
func TestTheSuiteIsSharp(t *testing.T) {
	const (
		effective    = 300
		interleaving = effective / 3
		redFirst     = 100
		redInTurn    = redFirst * 2 / 5
	)
	simtest.NotRaced(t)
	if !*long {
		t.Skip("held by -long (make exam); TestEveryBugIsNoticedByACase takes one case for each")
	}
	r, err := wholeExam()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.Wrong {
		t.Errorf("does not pass without a bug either: %s", x)
	}
	for i := range r.Mutants {
		m := &r.Mutants[i]
		switch {
		case m.Uncaught && m.Killed():
			t.Errorf("%s is marked as not caught yet, and %d of %d cases fail, the first is %s: %v", m.ID, len(m.Kills), m.Ran, m.Kills[0].Case, m.Broken())
		case !m.Uncaught && !m.AsNamed():
			t.Errorf("%s: %d of %d cases fail; rules broken: %v; wanted one of %v%s", m.ID, len(m.Kills), m.Ran, m.Broken(), m.Rules, m.Ends)
		}
	}
	n := r.Count(func(m *mutant.Result) bool { return m.Effective })
	needy := r.Count(func(m *mutant.Result) bool { return m.Effective && m.Interleaving() })
	isRed := func(m *mutant.Result) bool { return m.Effective && mutant.Counted().Mutants[m.ID].RedFirst }
	red := r.Count(isRed)
	redNeedy := r.Count(func(m *mutant.Result) bool { return isRed(m) && m.Interleaving() })
	t.Logf("%d mutants, %d effective, %d of them need a particular interleaving; %d were red first, %d of them need one", len(r.Mutants), n, needy, red, redNeedy)
	if n < effective || needy < interleaving {
		t.Errorf("%d mutants count as effective, want %d at least; %d of them need a particular interleaving, want %d at least", n, effective, needy, interleaving)
	}
	if red < redFirst || redNeedy < redInTurn {
		t.Errorf("%d effective mutants were red first, want %d at least; %d of them need a particular interleaving, want %d at least", red, redFirst, redNeedy, redInTurn)
	}
	for i := range r.Mutants {
		if m := &r.Mutants[i]; !m.Effective {
			t.Logf("%s does not count: %s", m.ID, m.Why)
		}
	}
}

// Every planted bug is noticed by the case that the table has for it, as the catalogue says.
func TestEveryBugIsNoticedByACase(t *testing.T) {
	simtest.NotRaced(t)
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	by := map[string][]mutant.Mutant{}
	for _, m := range mutant.Catalogue() {
		switch name := mutant.Counted().Mutants[m.ID].By; {
		case (name == "") != m.Uncaught:
			t.Errorf("the case that the table has for %s is %q, and uncaught is %v; run: make count", m.ID, name, m.Uncaught)
		case name != "":
			by[name] = append(by[name], m)
		}
	}
	targets := map[string]*spec.Target{}
	lookup := func(name string) (target *spec.Target, err error) {
		if targets[name] == nil {
			targets[name], err = reference.Lookup(name)
		}
		return targets[name], err
	}
	met := 0 // cases that a bug is noticed by
	for i, c := range cases {
		if len(by[c.Name]) == 0 {
			continue
		}
		if met++; met%simtest.Every(4) != 0 {
			delete(by, c.Name)
			continue
		}
		r, err := mutant.Exam(t.Context(), by[c.Name], cases[i:i+1], lookup, mutant.ExamOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range r.Wrong {
			t.Errorf("does not pass without a bug either: %s", x)
		}
		for i := range r.Mutants {
			if m := &r.Mutants[i]; !m.AsNamed() {
				t.Errorf("%s: %s broke %v, wanted one of %v%s", m.ID, c.Name, m.Broken(), m.Rules, m.Ends)
			}
		}
		delete(by, c.Name)
	}
	for name, bugs := range by {
		t.Errorf("the table has the case %s for %s, and there is no such case; run: make count", name, bugs[0].ID)
	}
}

// The catalogue and the references name the same bugs, and the rules exist.
func TestCatalogueIsComplete(t *testing.T) {
	listed := map[string]bool{}
	for _, m := range mutant.Catalogue() {
		listed[m.ID] = true
		for _, id := range m.Rules {
			if _, ok := spec.RuleByID(id); !ok {
				t.Errorf("%s: no rule %s", m.ID, id)
			}
		}
	}
	for _, name := range []string{"model", "epoll-sim", "poller-sim"} {
		target, err := reference.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, bug := range target.Mutants {
			if !listed[name+"/"+bug] {
				t.Errorf("%s/%s is planted and not in the catalogue", name, bug)
			}
			delete(listed, name+"/"+bug)
		}
	}
	for id := range listed {
		t.Errorf("%s is in the catalogue and not planted", id)
	}
}

// Bugs of layers around the interface are easily made, so that of all bugs a fifth at most are such.
func TestFewBugsAreThoseOfLayers(t *testing.T) {
	layers := len(faulty.Completion) + len(faulty.Readiness)
	if all := len(mutant.Catalogue()); layers*5 > all {
		t.Errorf("%d of %d planted bugs are those of layers", layers, all)
	}
}
