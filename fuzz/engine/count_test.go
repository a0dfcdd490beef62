package engine

import (
	"regexp"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// One is said as one, whatever there is one of.
func TestOneIsSaidAsOne(t *testing.T) {
	var b strings.Builder
	as := func(file, _ string) string { return file }
	one := map[string]int{"RCV-2": 1}
	r := &Report{Options: Options{Target: simulated.Model(simnet.Options{})}, Tally: Tally{Runs: 1, Failures: one, Known: one, Unended: 1}, Rules: make([]spec.Count, len(spec.Rules()))}
	if err := r.Write(&b, "text", conformance.Page{}, as); err != nil {
		t.Fatal(err)
	}
	c := &conformance.Case{Name: "x", File: &scenario.File{}}
	for _, x := range []Exploration{
		{Case: c, Bound: Delays, Complete: true, Reduce: true, Schedules: 1, Reached: 1, Runs: 1, Cut: 1, Judged: 1, Ended: 2, LeftOut: 1},
		{Case: c, Bound: Delays, Complete: true, Schedules: 1, Reached: 1, Runs: 1, Judged: 1, Ended: 2},
		{Case: c, Bound: Delays, Why: "so", Schedules: 1, Runs: 1},
		{Case: c, Bound: Delays, Why: "so", Schedules: 1, Reached: -1, Runs: 1},
	} {
		if err := x.Write(&b, "text", "model", nil, conformance.Page{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []Found{{Cost: 1, Runs: 1}, {Cost: -1, Strategy: "lazy", Runs: 1}} {
		b.WriteString(f.by(Delays) + "\n")
	}
	if err := WriteExam(&b, "text", []Examined{{Name: "model/lifo-fill", Found: true, Runs: 1, Finding: Finding{Lines: 1}}}, 1, conformance.Page{}); err != nil {
		t.Fatal(err)
	}
	if err := WriteExam(&b, "text", []Examined{{Name: "model/lifo-fill", Runs: 1}}, 0, conformance.Page{}); err != nil {
		t.Fatal(err)
	}
	b.WriteString(identity{Lanes: 1}.String() + "\n")
	_, err := Campaign(t.Context(), Options{Lanes: 1, Shard: Shard{0, 2}})
	b.WriteString(err.Error() + "\n")
	_, err = ParseShard("1/1")
	b.WriteString(err.Error() + "\n")
	once := strings.ReplaceAll(b.String(), "1 was ", "")
	if bad := regexp.MustCompile(`\b1 (\w*[^s\W]s|were)\b.*`).FindAllString(once, -1); len(bad) > 0 {
		t.Errorf("%s\n\nin\n%s", strings.Join(bad, "\n"), &b)
	}
	for _, want := range []string{"\n1 run, ", "known     RCV-2, 1 time\n", "failed    RCV-2, 1 time\n", "1 run was not over", "complete: 1 schedule, ", "(1 run)", "bad in 1 run\n", "1 planted bug:"} {
		if !strings.Contains("\n"+strings.ReplaceAll(b.String(), "  1 run", "\n1 run"), want) {
			t.Errorf("%q is lacking in\n%s", want, &b)
		}
	}
}
