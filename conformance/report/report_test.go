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

// Which situations a target is not asked for is said with the reason, and what it may have forgotten to declare as well.
func TestWhatATargetIsNotAskedForIsSaid(t *testing.T) {
	r := &Run{Report: &conformance.Report{About: spec.About{Name: "less", Axes: spec.Axes{"receives": "1"}}, Profile: "portable"}, Target: "less"}
	for _, rule := range spec.Rules() {
		x := conformance.RuleResult{Rule: rule, Verdict: spec.Skipped, Reason: "is not in the profile"}
		switch rule.ID {
		case "RCV-2":
			x.Verdict, x.Count = spec.Held, spec.Count{Checks: 1, Situations: 0b01}
		case "OPN-2":
			x.Verdict = spec.NotExercised
		}
		r.Rules = append(r.Rules, x)
	}
	for format, want := range map[string][]string{
		"text":  {"RCV-2 (several outstanding): needs receives=n, the target declares 1", "OPN-2 not seen: receive (with inline!=never and inline!=skip); send (with", "is not shown to conform: OPN-2"},
		"jsonl": {`"rule":"RCV-2","verdict":"held"`, `"situations":{"seen":["one outstanding"],"missing":[],"absent":["several outstanding"]}`, `"missing":["receive","send"]`},
	} {
		var b strings.Builder
		w, err := New(format, &b, Page{Width: 400})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Target(r); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for _, s := range want {
			if !strings.Contains(b.String(), s) {
				t.Errorf("%s does not say %q:\n%s", format, s, b.String())
			}
		}
	}
}
