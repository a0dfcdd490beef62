package report

import (
	"context"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
)

// Every verdict has its place in the XML, and the counts are those of the run.
func TestJUnit(t *testing.T) {
	simtest.NotRaced(t)
	f, err := conformance.ParseKnown("k.txt", []byte(`target: model/lifo-fill

receive/several-pending RCV-2
  kind: todo
  reason: Last in, first out.
  source: x
accept/backlog ACC-4
  kind: todo
  reason: It was so once.
  source: x
`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := conformance.Run(context.Background(), simulated.Model(simnet.Options{}), conformance.Options{Bugs: []string{"lifo-fill"}, Known: []*known.File{f}})
	if err != nil {
		t.Fatal(err)
	}
	n := r.Count()
	run := &Run{Report: r, Target: "model/lifo-fill", All: len(r.Cases), Again: map[string]string{"cancel/middle-of-three": "conform again"}}
	// What a back end says when it panics need not be text.
	for i := range r.Cases {
		if c := &r.Cases[i]; c.Verdict == conformance.Pass {
			c.Verdict, c.Reason = conformance.Error, "thread \x00\xff]]> panicked\nstack"
			break
		}
	}
	var b strings.Builder
	w, err := New("junit", &b, Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{w.Absent("iocp", "this is not Windows"), w.Target(run), w.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var got junit.Testsuites
	if err := xml.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	if len(got.Suites) != 2 || got.Suites[0].Skipped != 1 || got.Suites[0].Name != "iocp" {
		t.Fatalf("suites %+v", got.Suites)
	}
	s := got.Suites[1]
	if s.Name != "model/lifo-fill" || s.Failures != n[conformance.Fail]+1 || s.Errors != 1 || s.Skipped != n[conformance.Skip]+n[conformance.Known] ||
		s.Tests != len(r.Cases)+1 || got.Tests != s.Tests+1 || got.Failures != s.Failures {
		t.Errorf("tests %d, failures %d, errors %d, skipped %d of %v", s.Tests, s.Failures, s.Errors, s.Skipped, n)
	}
	by := map[string]junit.Testcase{}
	for _, c := range s.Testcases {
		by[c.Name] = c
	}
	if c := by["receive/several-pending"]; c.Skipped == nil || c.Skipped.Message != "RCV-2 is known (todo): Last in, first out." || c.Classname != "model/lifo-fill.receive" {
		t.Errorf("known: %+v", c)
	}
	if c := by["accept/backlog ACC-4"]; c.Failure == nil || !strings.Contains(c.Failure.Data, "k.txt:7: stale: accept/backlog ACC-4") {
		t.Errorf("stale: %+v", c)
	}
	c := by["cancel/middle-of-three"]
	if c.Failure == nil || !strings.HasPrefix(c.Failure.Message, "RCV-2: operation ") {
		t.Fatalf("failed: %+v", c)
	}
	for _, want := range []string{"FAIL  cancel/middle-of-three on model/lifo-fill", "▲ RCV-2", "again     conform again"} {
		if !strings.Contains(c.Failure.Data, want) {
			t.Errorf("%q is missing in\n%s", want, c.Failure.Data)
		}
	}
	wrong := 0
	for _, c := range s.Testcases {
		if c.Error != nil && strings.Contains(c.Error.Message, "\ufffd\ufffd]]> panicked") && strings.Contains(c.Error.Data, "]]> panicked") {
			wrong++
		}
		if c.Skipped != nil && c.Skipped.Message == "" {
			t.Errorf("%s is skipped and does not say why", c.Name)
		}
	}
	if wrong != 1 {
		t.Errorf("%d cases are said to have panicked", wrong)
	}
}
