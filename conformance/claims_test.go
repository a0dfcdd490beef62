package conformance_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/report"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// The document has 37 claims; each names rules and cases that exist.
func TestClaimsNameWhatExists(t *testing.T) {
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, c := range cases {
		known[c.Name] = true
	}
	claims := spec.Claims()
	if len(claims) != 37 {
		t.Errorf("%d claims, want 37", len(claims))
	}
	for i, c := range claims {
		if want := fmt.Sprintf("S%d", i+1); c.ID != want {
			t.Errorf("claim %d is %s, want %s", i, c.ID, want)
		}
		for _, id := range c.Rules {
			if _, ok := spec.RuleByID(id); !ok {
				t.Errorf("%s rests on %s, which is no rule", c.ID, id)
			}
		}
		for _, name := range append(c.Shown[:len(c.Shown):len(c.Shown)], c.Against...) {
			if !known[name] {
				t.Errorf("%s names case %s, which does not exist", c.ID, name)
			}
		}
	}
}

// Every claim gets its verdict on the simulated targets, and spec/CLAIMS.md says so.
func TestTheBookOfClaimsIsUpToDate(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	var reports []*conformance.Report
	for _, name := range []string{"model", "epoll-sim", "poller-sim"} {
		target, err := reference.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, suiteOn(t, target, nil, nil))
	}
	results := conformance.JudgeClaims(reports)
	for _, r := range results {
		if r.Standing == spec.Unsettled || r.Standing == spec.Refuted {
			t.Errorf("%s is %s: %s", r.Claim.ID, r.Standing, r.Why)
		}
	}
	var b bytes.Buffer
	if err := report.Claims(&b, "markdown", results, report.Page{}); err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../spec/CLAIMS.md")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(string(have), "\r\n", "\n"); got != b.String() {
		t.Error("spec/CLAIMS.md is out of date: go generate ./spec writes it")
	}
}
