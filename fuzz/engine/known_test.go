package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// knownOf is a file of known failures of model with bugs.
func knownOf(t *testing.T, name, entries string) []*known.File {
	t.Helper()
	var b strings.Builder
	b.WriteString("target: " + name + "\n")
	for line := range strings.Lines(entries) {
		b.WriteString("\n" + strings.TrimSpace(line) + "\n  kind: todo\n  harm: loses-data\n  reason: It was planted.\n  source: https://example.com/planted\n")
	}
	f, err := conformance.ParseKnown("known.txt", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return []*known.File{f}
}

// A failure is known that breaks the rule of a known one and looks like it; one that breaks the same rule and looks otherwise is told.
func TestAKnownFailureHidesNoOtherOfItsRule(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	t.Parallel()
	target, err := reference.Lookup("model")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Target: target, Name: "model/fifo-waiters", Bugs: []string{"fifo-waiters"}, Runs: 3000, Lanes: 2}
	if simtest.Every(5) > 1 {
		o.Seed, o.Runs = 21, 600 // which shows it within so few
	}
	unseen, err := o.Learn(t.Context(), knownOf(t, o.Name, "thread/last-blocked-first-served THR-4"), nil)
	if err != nil || len(unseen) > 0 || len(o.Shapes["THR-4"]) != 1 {
		t.Fatalf("%v, not seen %v, shapes %q", err, unseen, o.Shapes)
	}
	r, err := Campaign(t.Context(), o)
	if err != nil || len(r.Tally.Failures) > 0 || r.Tally.Known["THR-4"] == 0 {
		t.Fatalf("%v, %+v: what looks like the known failure is one", err, r.Tally)
	}
	o.Shapes["THR-4"] = []string{"something else was said"}
	if r, err = Campaign(t.Context(), o); err != nil || r.Tally.Failures["THR-4"] == 0 || r.Tally.Known["THR-4"] > 0 || len(r.Findings) != 1 || r.Findings[0].Signature != "THR-4" {
		t.Errorf("%v, %+v: what looks otherwise is told", err, r.Tally)
	}
}

// Who stops while the cases are run has learnt nothing, and is not told what they did not show; how far they are is told.
func TestWhoStopsWhileCasesAreRunHasLearntNothing(t *testing.T) {
	target, err := reference.Lookup("model")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	told := 0
	o := Options{Target: target, Name: "model", Workers: 1}
	unseen, err := o.Learn(ctx, knownOf(t, o.Name, "accept/* THR-4"), func(done, all int) {
		if told++; done < 1 || all < 10 {
			t.Errorf("%d of %d", done, all)
		}
		stop()
	})
	if err == nil || len(unseen) > 0 || told == 0 {
		t.Errorf("%v, not seen %v, told %d times", err, unseen, told)
	}
}

// What an entry says of a failure is known of it, whether its cases show it or not; and where it says nothing else, nothing else is.
func TestWhatAnEntrySaysIsKnown(t *testing.T) {
	target, err := reference.Lookup("model")
	if err != nil {
		t.Fatal(err)
	}
	files := knownOf(t, "model/lifo-fill", "thread/last-blocked-first-served THR-4")
	e := files[0].Entries[0]
	e.Fields = append(e.Fields, known.Line{Word: "said", Value: "thread w1 was served before thread w2"})
	o := Options{Target: target, Name: "model/lifo-fill", Bugs: []string{"lifo-fill"}}
	unseen, err := o.Learn(t.Context(), files, nil)
	if err != nil || len(unseen) > 0 {
		t.Fatalf("%v, not seen %v, shapes %q", err, unseen, o.Shapes)
	}
	rule, _ := spec.RuleByID("THR-4")
	for said, want := range map[string]bool{"thread t3 was served before thread main": true, "thread t3 was never served": false} {
		if got := o.knows(&spec.Violation{Rule: rule, Said: said}); got != want {
			t.Errorf("%q is known: %v, want %v", said, got, want)
		}
	}
}

// What differs from run to run is no part of a shape.
func TestAShapeHasNoNumbers(t *testing.T) {
	a := Shape("operation 4 (recv of 8 bytes on socket 2, started at event 40) of thread w1 ended with aborted (ntstatus 0xC0000120) and -1 bytes")
	b := Shape("operation 9 (recv of 16 bytes on socket 3, started at event 7) of thread main ended with aborted (ntstatus 0xC0000120) and 12 bytes")
	if a != b || a == Shape("operation 4 (recv of 8 bytes on socket 2, started at event 40) of thread w1 ended with reset (ntstatus 0xC0000120) and -1 bytes") ||
		a == Shape("operation 4 (recv of 8 bytes on socket 2, started at event 40) of thread w1 ended with aborted (ntstatus 0xC0000241) and -1 bytes") {
		t.Errorf("%q and %q", a, b)
	}
	for one, more := range map[string]string{"recv of 1 byte on": "recv of 8 bytes on", "returned ok with 1 packet": "returned ok with 3 packets", "1 byte (ok)": "1 bytes (ok)"} {
		if Shape(one) != Shape(more) {
			t.Errorf("%q is not of the shape of %q", one, more)
		}
	}
}

// That a run breaks a rule, of the target as is known or of the program, hides neither a crash nor a hang behind it, as in a case of the suite; only what is known of the ending does.
func TestAKnownViolationHidesNoEnding(t *testing.T) {
	broken := func(ids ...string) (list []spec.Violation) {
		for _, id := range ids {
			r, ok := spec.RuleByID(id)
			if !ok {
				t.Fatal(id)
			}
			list = append(list, spec.Violation{Rule: r, Said: "something was seen"})
		}
		return list
	}
	crash, hang := errors.New("panic after 12 steps: boom"), errors.New("deadlock after 12 steps")
	for _, x := range []struct {
		rules     []string // broken
		err       error
		known     []string
		signature string
		counted   []string // as known
	}{
		{nil, crash, nil, "crash", nil},
		{[]string{"RCV-2"}, nil, []string{"RCV-2"}, "", []string{"RCV-2"}},
		{[]string{"RCV-2"}, crash, []string{"RCV-2"}, "crash", []string{"RCV-2"}},
		{[]string{"RCV-2"}, hang, []string{"RCV-2"}, "hang", []string{"RCV-2"}},
		{[]string{"RCV-2"}, hang, []string{"RCV-2", "crash"}, "hang", []string{"RCV-2"}},
		{[]string{"RCV-2"}, hang, []string{"RCV-2", "hang"}, "", []string{"RCV-2", "hang"}},
		{[]string{"RCV-2"}, crash, []string{"RCV-2", "crash"}, "", []string{"RCV-2", "crash"}},
		{[]string{"RCV-2", "SND-1"}, crash, []string{"RCV-2"}, "SND-1", []string{"RCV-2"}},
		{[]string{"RCV-2"}, crash, nil, "RCV-2", nil},
		{[]string{"DSC-1"}, nil, nil, "", nil},
		{[]string{"DSC-1"}, crash, nil, "crash", nil},
		{[]string{"DSC-1"}, hang, nil, "", nil},
		{[]string{"DSC-1", "RCV-2"}, hang, []string{"RCV-2"}, "", []string{"RCV-2"}},
	} {
		o := &Options{Target: &spec.Target{}, Known: map[string]bool{}}
		for _, id := range x.known {
			o.Known[id] = true
		}
		l := newLane(0, o)
		r := &Run{Err: x.err, Judgement: spec.Judgement{Violations: broken(x.rules...)}}
		signature, said := l.accuse(r)
		var counted []string
		for id, n := range l.tally.Known {
			if n != 1 {
				t.Errorf("%s is counted %d times", id, n)
			}
			counted = append(counted, id)
		}
		slices.Sort(counted)
		if signature != x.signature || (signature == "") != (said == "") || !slices.Equal(counted, x.counted) {
			t.Errorf("%v broken, %v, known %v: %q (%s), want %q; counted as known %v, want %v", x.rules, x.err, x.known, signature, said, x.signature, counted, x.counted)
		}
		if want := r.Signature(); len(x.known) == 0 && signature != want {
			t.Errorf("%v broken, %v: %q, the run says %q", x.rules, x.err, signature, want)
		}
	}
}

// Who goes on with a campaign by other known failures than it went by is told, once, and so is who merges shards that went by different ones; the order of entries and what else they say do
// not matter, and a folder of before says nothing of it.
func TestOtherKnownFailuresAreToldOf(t *testing.T) {
	target, err := reference.Lookup("model")
	if err != nil {
		t.Fatal(err)
	}
	by := func(dir, entries string, runs int) (o Options, told *[]string) {
		told = new([]string)
		o = Options{Target: target, Dir: dir, Runs: runs, Lanes: 2, Remark: func(s string) { *told = append(*told, s) }}
		if entries != "" {
			if _, err := o.Learn(t.Context(), knownOf(t, "model", entries), nil); err != nil {
				t.Fatal(err)
			}
		}
		return o, told
	}
	const a, b = "thread/last-blocked-first-served THR-4\naccept/backlog ACC-1", "accept/backlog ACC-1\nthread/last-blocked-first-served THR-4"
	dir := t.TempDir()
	for i, c := range []struct {
		entries string
		told    bool
	}{{"", false}, {"", false}, {a, true}, {a, false}, {b, false}, {"accept/backlog ACC-1", true}, {"", true}, {"", false}} {
		o, told := by(dir, c.entries, 4*i+4)
		campaignOn(t, t.Context(), o)
		if want := dir + ": went by other known failures so far"; (len(*told) > 0) != c.told || c.told && !strings.HasPrefix((*told)[0], want) {
			t.Errorf("day %d, by %q: %q is told, want %v", i, c.entries, *told, c.told)
		}
	}
	parts := [2]string{t.TempDir(), t.TempDir()}
	for i, entries := range []string{a, "accept/backlog ACC-1"} {
		o, _ := by(parts[i], entries, 8)
		o.Shard = Shard{i, 2}
		campaignOn(t, t.Context(), o)
	}
	merged := func(want bool) {
		t.Helper()
		o, told := by("", "", 0)
		mergedOn(t, t.Context(), o, t.TempDir(), parts[:]...)
		if (len(*told) == 1) != want || want && !strings.Contains((*told)[0], "went by other known failures than "+parts[0]) {
			t.Errorf("%q is told", *told)
		}
	}
	merged(true)
	name := filepath.Join(parts[1], "campaign.json")
	old, _, _ := strings.Cut(textAt(t, name), `,"exec"`)
	if err := os.WriteFile(name, []byte(old+"}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	merged(false)
	if err := os.WriteFile(name, []byte(old+`,"exec":""}`+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	o, told := by(parts[1], a, 12)
	o.Shard = Shard{1, 2}
	campaignOn(t, t.Context(), o)
	if len(*told) > 0 {
		t.Errorf("%q is told of a folder of before", *told)
	}
	merged(false)
	behind, _ := by(t.TempDir(), a, 8)
	for _, exec := range []string{"./adapter", "/opt/adapter"} { // what it began behind stays
		behind.Exec = exec
		campaignOn(t, t.Context(), behind)
		behind.entries, behind.Runs = nil, 12
	}
	if _, exec, err := TargetOf(behind.Dir); exec != "./adapter" || err != nil {
		t.Errorf("%q, %v", exec, err)
	}
}
