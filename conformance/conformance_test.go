package conformance_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// Every case passes on every reference that this machine can run, but for what is known of the machine: Wine's completion ports are not Windows'.
// And the rules are tight: what one allows happens somewhere. With -short the machine's own kernel has a ninth of the cases, each target another, and what did not happen there is not asked for.
func TestCases(t *testing.T) {
	targets, _ := reference.Targets()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	ran, seen := 0, map[string]uint32{}
	t.Cleanup(func() { // behind the targets that ran at the same time
		for _, rule := range spec.Rules() {
			for i, name := range rule.Alternatives {
				if _, exercised := seen[rule.ID]; exercised && ran == len(targets) && !testing.Short() && seen[rule.ID]&(1<<i) == 0 {
					t.Errorf("%s allows %q, and no target does that", rule.ID, name)
				}
			}
		}
	})
	for i, target := range targets {
		t.Run(target.About.Name, func(t *testing.T) {
			some := all
			if target.About.World == "sim" {
				simtest.NotRaced(t)
			} else {
				t.Parallel() // most of it is waiting
				if testing.Short() {
					some = nil
					for at := i % 9; at < len(all); at += 9 {
						some = append(some, all[at])
					}
				}
			}
			r := suiteOn(t, target, some, knownOf(t, &target.About))
			t.Logf("%v in %.2f s", r.Count(), r.Seconds)
			mu.Lock()
			defer mu.Unlock()
			ran++
			for _, x := range r.Rules {
				if x.Verdict != spec.Skipped {
					seen[x.Rule.ID] |= x.Count.Alternatives
				}
			}
			for _, c := range r.Cases {
				switch c.Verdict {
				case conformance.Pass, conformance.Skip, conformance.Known:
					continue
				}
				t.Errorf("%s: %s %s (%s %d)", c.Case.Name, c.Verdict, c.Reason, c.Schedule.Strategy, c.Schedule.Seed)
				for _, v := range c.Violations {
					t.Errorf("   %s at %d: %s", v.Rule.ID, v.Q, v.Said)
				}
			}
		})
	}
}

// simulatedReports has the reports of suiteOn.
var simulatedReports = map[string]*conformance.Report{}

// suiteOn runs the suite on a target, or these cases of it; in a simulated world once, and whole: there it comes to the same.
func suiteOn(t *testing.T, target *spec.Target, cases []*conformance.Case, known []*known.File) *conformance.Report {
	t.Helper()
	name, once := target.About.Name, target.About.World == "sim" && len(known) == 0
	if r := simulatedReports[name]; once && r != nil {
		return r
	}
	r, err := conformance.Run(context.Background(), target, conformance.Options{Cases: cases, Known: known})
	if err != nil {
		t.Fatal(err)
	}
	if once {
		simulatedReports[name] = r
	}
	return r
}

// part is every n-th case of the suite, or all where samples are whole.
func part(t *testing.T, n int) (cases []*conformance.Case) {
	t.Helper()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(all); i += simtest.Every(n) {
		cases = append(cases, all[i])
	}
	return cases
}

// knownOf reads the files of known failures that are for a target.
func knownOf(t *testing.T, about *spec.About) (files []*known.File) {
	names, err := filepath.Glob("known/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := conformance.ParseKnown(name, src)
		if err != nil {
			t.Fatal(err)
		}
		if f.For(about.Name, about) == nil {
			files = append(files, f)
		}
	}
	return files
}

// Every case that an account of Windows' behaviour names exists.
func TestTheCasesOfFactsExist(t *testing.T) {
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range spec.Facts() {
		for _, name := range f.Cases {
			if !slices.ContainsFunc(cases, func(c *conformance.Case) bool { return c.Name == name }) {
				t.Errorf("%s: there is no case %s", f.ID, name)
			}
		}
	}
}
