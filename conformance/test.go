package conformance

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

// Test judges a back end as a Go test: every case of the suite is a subtest named group/name, fails with the same text that
// conform prints, and is skipped, with the reason, where the target lacks what the case is for. Cases can be chosen with
// -run and -skip as usual:
//
//	func TestConformance(t *testing.T) { conformance.Test(t, mine.Target()) }
//
//	go test -run 'TestConformance/accept'
//
// What it promises is what package conformance promises: a failure is a fact. A test that passes says as little as the
// cases it ran; the log (go test -v) lists the rules that were held and those that were not exercised.
func Test(t *testing.T, target *spec.Target) {
	t.Helper()
	TestWith(t, target, Options{})
}

// TestWith is Test with options, such as another seed or another profile. With files of known failures a case whose every fault is known is
// skipped, with the reasons, and an entry that is stale fails the test.
func TestWith(t *testing.T, target *spec.Target, o Options) {
	t.Helper()
	if o.Cases == nil {
		all, err := Cases()
		if err != nil {
			t.Fatal(err)
		}
		o.Cases = all
	}
	// Subtests that -run selects put their case down and wait. The first that is let go on runs all of them at once, because in the real
	// world a case mostly waits.
	var (
		wanted  []*Case
		once    sync.Once
		results = map[*Case]*CaseResult{}
		report  *Report
		failed  error
	)
	run := func() {
		chosen := o
		chosen.Cases = wanted
		if report, failed = Run(context.Background(), target, chosen); failed != nil {
			return
		}
		for i := range report.Cases {
			results[report.Cases[i].Case] = &report.Cases[i]
		}
	}
	t.Cleanup(func() {
		if report == nil {
			return
		}
		t.Log(summary(report))
		for _, k := range report.Wrong() {
			t.Errorf("%s: %s: %s", k.Entry.Place(), k.Entry, k.Why)
		}
	})
	again := "go test -run '^" + t.Name() + "$/^"
	for _, c := range o.Cases {
		t.Run(c.Name, func(t *testing.T) {
			wanted = append(wanted, c)
			t.Parallel()
			once.Do(run)
			if failed != nil {
				t.Fatal(failed)
			}
			switch r := results[c]; {
			case r == nil:
				t.Fatal("the case was not run")
			case r.Verdict == Skip:
				t.Skip(r.Reason)
			case r.Verdict == Known:
				t.Skip(r.KnownBy())
			case r.Verdict != Pass:
				t.Error("\n" + r.Describe(target.About.Name, again+strings.ReplaceAll(c.Name, "/", "$/^")+"$'", Page{}))
			}
		})
	}
}

// summary is what a run showed, in a few lines.
func summary(r *Report) string {
	held, open := 0, ""
	for _, x := range r.Rules {
		switch x.Verdict {
		case spec.Held:
			held++
		case spec.NotExercised, spec.Unknown:
			open += fmt.Sprintf("\n\t%s %s", x.Rule.ID, x.Verdict)
			if missing := x.Count.Missing(x.Rule, &r.About); len(missing) > 0 {
				open += ": missing " + strings.Join(missing, "; ")
			}
		}
	}
	return fmt.Sprintf("%s: %d rules held%s", r.About.Name, held, open)
}
