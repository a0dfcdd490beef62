package engine_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// stored reads every so many of the scripts of a folder below testdata.
func stored(t *testing.T, folder string, every int) map[string]*conformance.Case {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.scn"))
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata/%s: %d files, %v", folder, len(files), err)
	}
	all := map[string]*conformance.Case{}
	for i, path := range files {
		if i%every != 0 {
			continue
		}
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

var (
	record  = flag.Duration("record", 0, "look for each planted bug so long, and write what was found, made small, to testdata/found")
	smaller = flag.Int("smaller", 0, "make what is in testdata/found, and has more lines than that, small again")
	bugs    = flag.String("bugs", "", "look for those only, parted by commas")
)

// Each file in testdata/found is a failure that drawing found on a planted bug, made small: with the bug it fails as it says, without it it does not.
func TestWhatWasFoundIsFoundAgain(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	if *record > 0 {
		recordFound(t)
	}
	part := simtest.Every(5)
	if *record > 0 || *smaller > 0 {
		part = 1
	}
	for path, c := range stored(t, "found", part) {
		if *smaller > 0 {
			c = smallerFound(t, path, c)
		}
		target, planted := targetOf(t, c)
		if len(planted) != 1 {
			t.Fatalf("%s names no planted bug", path)
		}
		want := wanted(c)
		if want == "" {
			t.Errorf("%s does not say what the failure is", path)
			continue
		}
		replay := recorded(t, path, c)
		with := conformance.NewPlayer(target, "", planted)
		if a := with.Play(c, replay); a.Signature() == "" || want != "" && a.Signature() != want {
			// what was changed in a reference since asks for other choices; the bug is there all the same
			if _, ok := engine.Search(with, c, want, 2000); !ok {
				t.Errorf("%s: %q with the bug, want %q; conform replay fuzz/engine/%s", path, a.Signature(), want, path)
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

// recorded are the choices that the script was stored with.
func recorded(t *testing.T, path string, c *conformance.Case) spec.Schedule {
	t.Helper()
	picks, err := conformance.DecodeChoices(c.File.Choices())
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return spec.Schedule{Strategy: "replay", Picks: picks}
}

// wanted is what a stored failure says that it is.
func wanted(c *conformance.Case) string {
	want := c.File.RuleInTitle()
	if r := c.File.Rules(); want == "" && len(r) == 1 {
		want = r[0]
	}
	if want == "" && strings.HasPrefix(c.File.Title(), "hang:") {
		want = "hang"
	}
	return want
}

// smallerFound makes a stored failure small once more, and writes it down if fewer lines are left.
func smallerFound(t *testing.T, path string, c *conformance.Case) *conformance.Case {
	target, planted := targetOf(t, c)
	before := linesOf(c)
	if before <= *smaller {
		return c
	}
	p := conformance.NewPlayer(target, "", planted)
	s := recorded(t, path, c)
	if a := p.Play(c, s); a.Signature() != wanted(c) {
		var ok bool
		if s, ok = engine.Search(p, c, wanted(c), 2000); !ok {
			return c
		}
	}
	m, ok := engine.MinimiseScript(p, c, s, wanted(c), engine.Budget{})
	if !ok || m.Lines >= before {
		return c
	}
	text := written(t, c, m.FailureFile(&target.About, c.File.Target()))
	again, err := conformance.ParseCase(path, text)
	if err != nil {
		t.Fatalf("%s: %v\n%s", path, err, text)
	}
	t.Logf("%s: %d lines where there were %d", path, m.Lines, before)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return again
}

// written is a failure file with the title that the failure has, and a blank line before its steps.
func written(t *testing.T, c *conformance.Case, text []byte) []byte {
	f, err := scenario.Parse("small.scn", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var list []scenario.Node
	title := c.File.Title()
	if title != "" {
		list = append(list, &scenario.Comment{Text: "# " + title})
	}
	for _, n := range f.Lines {
		if h, is := n.(*scenario.Header); is && (h.Word != "rules" || title == "") { // the title says it
			list = append(list, h)
		}
	}
	list = append(append(list, &scenario.Blank{}), stepsOf(f)...)
	return scenario.Print(&scenario.File{Lines: list})
}

// linesOf is how many lines a script has, without its headers and comments.
func linesOf(c *conformance.Case) (n int) {
	for _, l := range strings.Split(string(scenario.Print(&scenario.File{Lines: stepsOf(c.File)})), "\n") {
		if l != "" {
			n++
		}
	}
	return n
}

func stepsOf(f *scenario.File) []scenario.Node {
	return slices.DeleteFunc(slices.Clone(f.Lines), func(n scenario.Node) bool {
		switch n.(type) {
		case *scenario.Line, *scenario.Block:
			return false
		}
		return true
	})
}

// recordFound writes testdata/found anew, and says how small failures became and how long that took.
func recordFound(t *testing.T) {
	var list []engine.Planted
	for _, m := range mutant.Catalogue() {
		if *bugs != "" && !slices.Contains(strings.Split(*bugs, ","), m.ID) {
			continue
		}
		target, err := reference.Lookup(m.Target)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, engine.Planted{Name: m.ID, Target: target, Bug: m.Bug})
	}
	if len(list) == 0 {
		t.Fatalf("-bugs %s: no such bugs; they are called TARGET/BUG", *bugs)
	}
	all, err := engine.Exam(context.Background(), list, *record, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	var took, lines []float64
	for _, h := range all {
		f := h.Finding
		t.Logf("%-44s after %6d runs, %6.2f s: %-8s %2d lines in %.2f s, repeatable %v", h.Name, h.Runs, h.Seconds, f.Signature, f.Lines, f.Seconds, f.Again)
		if !h.Found || !f.Again {
			continue
		}
		took, lines = append(took, f.Seconds), append(lines, float64(f.Lines))
		if err := os.WriteFile(filepath.Join("testdata", "found", strings.ReplaceAll(h.Name, "/", "-")+".scn"), f.Text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d found; median %v lines, at most %v; made so small in %.2f s by the median, at most %.2f s", len(lines), len(list), engine.Median(lines), slices.Max(lines),
		engine.Median(took), slices.Max(took))
}

// What was once held against a reference, because a rule said too much, or the simulated world or the runner did something wrong, is not any more.
func TestWhatAccusedAReferenceDoesNotAnyMore(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	t.Parallel()
	for path, c := range stored(t, "sound", 1) {
		target, _ := targetOf(t, c)
		p := conformance.NewPlayer(target, "", nil)
		var schedules []spec.Schedule
		if c.File.Choices() != "" { // with which it did; other steps of the reference may have come between since
			schedules = append(schedules, recorded(t, path, c))
		}
		for i := uint64(0); i < 200; i += every(3) {
			schedules = append(schedules, engine.ScheduleOf(i))
		}
		for _, s := range schedules {
			if a := p.Play(c, s); a.Signature() != "" || a.Left != nil {
				t.Errorf("%s:\n%s", path, a.Result(c).Describe(target.About.Name, "", conformance.Page{}))
				break
			}
		}
	}
}
