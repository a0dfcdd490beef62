package mutant_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

// Every planted bug is noticed by the suite, by one of the rules that the catalogue names; unless it is marked as one that is not noticed yet, and
// then that is true.
func TestEveryMutantIsCaught(t *testing.T) {
	for i, m := range mutant.Catalogue() {
		if raced && i%8 != 0 {
			continue
		}
		t.Run(m.ID, func(t *testing.T) {
			t.Parallel()
			target, err := reference.Lookup(m.Target)
			if err != nil {
				t.Fatal(err)
			}
			r, err := conformance.Run(context.Background(), target, conformance.Options{Bugs: []string{m.Bug}, Parallel: 1})
			if err != nil {
				t.Fatal(err)
			}
			broken, killers := map[string]int{}, 0
			for _, c := range r.Cases {
				if c.Verdict != conformance.Fail && c.Verdict != conformance.Error {
					continue
				}
				killers++
				for _, v := range c.Violations {
					broken[v.Rule.ID]++
				}
				if c.Verdict == conformance.Error && m.Ends != "" && strings.Contains(c.Reason, m.Ends) {
					broken[m.Ends]++
				}
			}
			if m.Uncaught {
				if killers > 0 {
					t.Errorf("is marked as not caught yet, and %d of %d cases fail: %v", killers, len(r.Cases), broken)
				}
				return
			}
			want := append(slices.Clone(m.Rules), m.Ends)
			if !slices.ContainsFunc(want, func(id string) bool { return id != "" && broken[id] > 0 }) {
				t.Errorf("%d of %d cases fail; rules broken: %v; wanted one of %v", killers, len(r.Cases), broken, want)
			}
			t.Logf("%d of %d cases fail: %v", killers, len(r.Cases), broken)
		})
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
