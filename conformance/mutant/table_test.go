package mutant_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

var (
	renew = flag.Bool("renew", false, "write counted.jsonl instead of comparing it")
	long  = flag.Bool("long", false, "hold the whole exam, which takes two minutes of a processor: every planted bug against every case")
)

// whole reports whether the exam is of all planted bugs. Those of a part are known to be caught, not that they count.
func whole() bool { return *long || *renew }

// wholeExam is the exam of all mutants by all cases, held once for all tests that look at it.
var wholeExam = sync.OnceValues(func() (*mutant.ExamReport, error) {
	cases, err := conformance.Cases()
	if err != nil {
		return nil, err
	}
	return mutant.Exam(context.Background(), mutant.Catalogue(), cases, reference.Lookup, mutant.ExamOptions{})
})

// The table says what an exam of today says (make exam). Without it the table has at least what there is and nothing else.
func TestTheTableOfWhatCountsIsFresh(t *testing.T) {
	const again = "run: make count"
	table := mutant.Counted()
	if !whole() {
		cases, err := conformance.Cases()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			if _, has := table.Cases[c.Name]; !has {
				t.Errorf("the table lacks the case %s; %s", c.Name, again)
			}
		}
		for _, r := range spec.Rules() {
			if _, has := table.Rules[r.ID]; !has {
				t.Errorf("the table lacks the rule %s; %s", r.ID, again)
			}
		}
		for _, m := range mutant.Catalogue() {
			if _, has := table.Mutants[m.ID]; !has {
				t.Errorf("the table lacks the planted bug %s; %s", m.ID, again)
			}
		}
		if len(table.Cases) != len(cases) || len(table.Rules) != len(spec.Rules()) || len(table.Mutants) != len(mutant.Catalogue()) {
			t.Errorf("the table has %d cases, %d rules and %d planted bugs; %s", len(table.Cases), len(table.Rules), len(table.Mutants), again)
		}
		return
	}
	r, err := wholeExam()
	if err != nil {
		t.Fatal(err)
	}
	fresh, all := r.Table(table)
	if !all {
		t.Fatal("the exam was not of the whole suite")
	}
	if *renew {
		red, err := mutant.RedFirst("../..", r.Mutants)
		if err != nil {
			t.Fatal(err)
		}
		for id, m := range fresh.Mutants {
			m.RedFirst = red[id]
			fresh.Mutants[id] = m
		}
		var b bytes.Buffer
		if err := fresh.Write(&b, r); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("counted.jsonl", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(table, fresh); diff != "" {
		t.Errorf("counted.jsonl is not what the exam says; %s\n(-table +exam)\n%s", again, diff)
	}
	irreplaceable, redundant := r.IrreplaceableCases()
	red := 0
	for _, m := range fresh.Mutants {
		if m.RedFirst {
			red++
		}
	}
	t.Logf("%d rules, %d effective; %d cases, %d irreplaceable, %d redundant; %d mutants, %d of them red first",
		len(r.Rules), r.EffectiveRules(), len(r.Cases), irreplaceable, redundant, len(r.Mutants), red)
}

// README.md shows as many cases as there are, and counts the rules as the table does.
func TestTheREADMECountsWhatThereIs(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	table, effective := mutant.Counted(), 0
	for _, r := range table.Rules {
		if r.Effective {
			effective++
		}
	}
	for _, stated := range []string{
		fmt.Sprintf("6 targets, %d cases: ", len(table.Cases)),
		fmt.Sprintf("(%d of %d)", effective, len(table.Rules)),
	} {
		if !strings.Contains(string(text), stated) {
			t.Errorf("README.md does not say %q", stated)
		}
	}
}

// A table is read back as it was written, and what is no line of one is refused.
func TestATableIsReadBack(t *testing.T) {
	if _, err := mutant.ReadTable(bytes.NewReader([]byte("{\"rule\":\"KEY-1\"}\n{}\n"))); err == nil {
		t.Error("a line of nothing was read")
	}
	table, err := mutant.ReadTable(bytes.NewReader([]byte(`{"case":"a/b","redundant":true}` + "\n")))
	if err != nil || !table.Cases["a/b"].Redundant {
		t.Errorf("%+v, %v", table, err)
	}
}
