package spec_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
	"github.com/ioconform/ioconform/spec/corpus"
)

var add = flag.Bool("verdicts", false, "add the verdicts of new traces to verdicts.txt; what stands there stays as it is")

// No verdict has changed, and every trace has one, of the rules of each version.
func TestNoVerdictHasChanged(t *testing.T) {
	simtest.OneGoroutine(t)
	names, all := corpus.Names(), map[string]corpus.Verdicts{}
	checker := spec.NewChecker()
	for _, name := range names {
		trace, err := corpus.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := trace.Validate(); err != nil {
			t.Errorf("%s is malformed: %v", name, err)
		}
		all[name] = corpus.Judge(checker, trace)
	}
	for i, v := range spec.Versions() {
		t.Run("version "+v.Name, func(t *testing.T) { unchanged(t, v, names, all, came(i)) })
	}
}

// came lists the rules that came with the i-th version.
func came(i int) []string {
	ids := spec.Versions()[i].Rules()
	if i == 0 {
		return ids
	}
	before := spec.Versions()[i-1].Rules()
	return slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(before, id) })
}

func unchanged(t *testing.T, v *spec.Version, names []string, all map[string]corpus.Verdicts, rules []string) {
	frozen, err := corpus.Frozen(v)
	if err != nil {
		t.Fatal(err)
	}
	var fresh strings.Builder
	for _, name := range names {
		verdicts := all[name]
		got := verdicts.Only(rules)
		want, known := frozen[name]
		delete(frozen, name)
		switch {
		case !known && *add:
			fmt.Fprintf(&fresh, "%s\n%s", name, got)
		case !known:
			t.Errorf("%s has no verdicts yet; run: make traces", name)
		case got.String() != want.String():
			t.Errorf("%s is judged otherwise than version %s of the contract has it. It was\n%sand is\n%sconform check spec/corpus/traces/%s.jsonl draws it",
				name, v.Name, want, got, name)
		}
	}
	for name := range frozen {
		t.Errorf("%s has verdicts and no trace", name)
	}
	if fresh.Len() > 0 {
		old, err := os.ReadFile(filepath.Join("corpus", corpus.File(v)))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if len(old) == 0 {
			old = fmt.Appendf(nil, "# The verdicts of the rules that came with version %s of the contract, made by make traces, which only adds. None of them changes.\n\n", v.Name)
		}
		if err := os.WriteFile(filepath.Join("corpus", corpus.File(v)), append(old, fresh.String()...), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Each doctored trace breaks the rule that it is named after and no other, and correct back ends are accused of nothing.
func TestADoctoredTraceBreaksItsRuleAlone(t *testing.T) {
	checker := spec.NewChecker()
	for _, name := range corpus.Names() {
		trace, err := corpus.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		broken := strings.Join(corpus.Judge(checker, trace).Broken, " ")
		kind, file, _ := strings.Cut(name, "/")
		switch {
		case kind == "doctored" && !strings.HasPrefix(file, broken+"-"):
			t.Errorf("%s breaks %q", name, broken)
		case kind == "legal" && broken != "":
			t.Errorf("%s breaks %s", name, broken)
		case kind == "recorded" && strings.HasPrefix(file, "bug-") == (broken == "") && !strings.Contains(file, "livelock"):
			t.Errorf("%s breaks %q", name, broken)
		}
	}
}

// Every rule that a run can break is broken alone by some trace.
func TestEveryRuleIsBrokenAlone(t *testing.T) {
	alone, err := corpus.Alone()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range spec.Rules() {
		if r.Level <= spec.SHOULD && r.Judged() && len(alone[r.ID]) == 0 {
			t.Errorf("%s: no trace breaks it and no other rule", r.ID)
		}
	}
}

// A line that is no verdict is told with its number.
func TestAVerdictOfNothingIsRefused(t *testing.T) {
	if _, err := corpus.Open("doctored/no-such"); err == nil {
		t.Error("a trace that is not there was opened")
	}
	if got := (corpus.Verdicts{Broken: []string{"KEY-1", "KEY-2"}, Unknown: []string{"KEY-3"}}).Only([]string{"KEY-2", "KEY-3"}).String(); got != "  broken  KEY-2\n  unknown KEY-3\n" {
		t.Errorf("%q", got)
	}
}
