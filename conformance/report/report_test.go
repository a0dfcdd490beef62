package report

import (
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// A target of which everything was skipped is never said to conform.
func TestNothingExercisedIsNoConformance(t *testing.T) {
	r := &Run{Report: &conformance.Report{About: spec.About{Name: "none"}}, Target: "none"}
	for _, rule := range spec.Rules() {
		r.Rules = append(r.Rules, conformance.RuleResult{Rule: rule, Verdict: spec.Skipped})
	}
	for _, f := range Formats {
		var b strings.Builder
		w := f.New(&b, Page{})
		if err := w.Target(r); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if out := b.String(); strings.Contains(out, "none conforms") || strings.Contains(out, `"conforms":true`) {
			t.Errorf("%s:\n%s", f.Name, out)
		}
	}
}
