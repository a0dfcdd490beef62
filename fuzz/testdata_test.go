package fuzz_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/fuzz"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

// stored reads the scripts of a folder below testdata.
func stored(t *testing.T, folder string) map[string]*conformance.Case {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.scn"))
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata/%s: %d files, %v", folder, len(files), err)
	}
	all := map[string]*conformance.Case{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		c, err := conformance.ParseCase(path, text)
		if err != nil {
			t.Fatal(err)
		}
		all[path] = c
	}
	return all
}

func targetOf(t *testing.T, c *conformance.Case) (target *spec.Target, bugs []string) {
	name, bug, planted := strings.Cut(c.File.Target(), "/")
	if planted {
		bugs = []string{bug}
	}
	target, err := reference.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return target, bugs
}

var record = flag.Duration("record", 0, "hunt each planted bug so long, and write what was found, made small, to testdata/found")

// Each file in testdata/found is a failure that drawing found on a planted bug, made small: with the bug it fails as it says, without it it does not.
func TestWhatWasFoundIsFoundAgain(t *testing.T) {
	if *record > 0 {
		recordFound(t)
	}
	for path, c := range stored(t, "found") {
		target, bugs := targetOf(t, c)
		if len(bugs) != 1 {
			t.Fatalf("%s names no planted bug", path)
		}
		picks, err := conformance.DecodeChoices(c.File.Choices())
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		want := ""
		if r := c.File.Rules(); len(r) == 1 {
			want = r[0]
		}
		replay := spec.Schedule{Strategy: "replay", Picks: picks}
		with := conformance.NewPlayer(target, "", bugs)
		if a := with.Play(c, replay); a.Signature() == "" || want != "" && a.Signature() != want {
			// what was changed in a reference since asks for other choices; the bug is there all the same
			if _, ok := fuzz.Search(with, c, want, 2000); !ok {
				t.Errorf("%s: %q with the bug, want %q; conform replay fuzz/%s", path, a.Signature(), want, path)
			}
		}
		without := conformance.NewPlayer(target, "", nil)
		for _, s := range []spec.Schedule{replay, {Strategy: "dull"}, {Strategy: "uniform", Seed: 1}, {Strategy: "lazy", Seed: 2}} {
			if a := without.Play(c, s); a.Signature() != "" {
				t.Errorf("%s: %q without the bug", path, a.Signature())
			}
		}
	}
}

// recordFound writes testdata/found anew, and says how small failures became and how long that took.
func recordFound(t *testing.T) {
	bugs := mutant.Catalogue()
	if *huntBugs != "" {
		bugs = slices.DeleteFunc(bugs, func(m mutant.Mutant) bool { return !slices.Contains(strings.Split(*huntBugs, ","), m.ID) })
	}
	r, err := fuzz.Hunt(context.Background(), bugs, reference.Lookup, fuzz.HuntOptions{For: *record})
	if err != nil {
		t.Fatal(err)
	}
	var took []time.Duration
	var lines []int
	for _, c := range r.Bugs {
		if c.Signature == "" {
			continue
		}
		target, err := reference.Lookup(c.Target)
		if err != nil {
			t.Fatal(err)
		}
		p := conformance.NewPlayer(target, "", []string{c.Bug})
		script, s := c.Script, c.Schedule
		if c.Compact != nil {
			script = c.Compact.Script()
			var ok bool
			if s, ok = fuzz.Search(p, script, c.Signature, 500); !ok {
				t.Logf("%s: the compact program does not fail as a script", c.ID)
				continue
			}
		}
		begin := time.Now()
		m, ok := fuzz.MinimiseScript(p, script, s, c.Signature, fuzz.Budget{})
		took, lines = append(took, time.Since(begin)), append(lines, m.Lines)
		t.Logf("%-44s %-8s %2d lines, %4d runs, %v, repeatable %v", c.ID, c.Signature, m.Lines, m.Runs, time.Since(begin).Round(time.Millisecond), ok)
		if !ok {
			continue
		}
		file := m.FailureFile(&target.About, c.ID)
		if err := os.WriteFile(filepath.Join("testdata", "found", strings.ReplaceAll(c.ID, "/", "-")+".scn"), file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(took)
	slices.Sort(lines)
	t.Logf("%d failures: median %d lines, at most %d; median %v, at most %v", len(lines), lines[len(lines)/2], lines[len(lines)-1], took[len(took)/2], took[len(took)-1])
}

// What was once held against a reference, because a rule said too much, or the simulated world or the runner did something wrong, is not any more.
func TestWhatAccusedAReferenceDoesNotAnyMore(t *testing.T) {
	for path, c := range stored(t, "sound") {
		target, _ := targetOf(t, c)
		p := conformance.NewPlayer(target, "", nil)
		for i := range uint64(200) {
			if a := p.Play(c, scriptSchedule(i)); a.Signature() != "" || a.Left != nil {
				t.Errorf("%s:\n%s", path, a.Result(c).Describe(target.About.Name, "", conformance.Page{}))
				break
			}
		}
	}
}
