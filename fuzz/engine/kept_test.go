package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// crashing is a campaign on a target of the real world all of whose runs crash.
func crashing(t *testing.T, dir string) Options {
	t.Helper()
	return Options{Target: hanging(t, errors.New(`thread "t1" panicked: bad`), func(int64) bool { return false }), Runs: 32, Lanes: 2, Dir: dir, limits: &short}
}

// finds is a campaign in a simulated world that finds several things.
func finds(dir string) Options {
	return Options{Target: simulated.Model(simnet.Options{}), Name: "model/lifo-fill", Bugs: []string{"lifo-fill"}, Seed: 7, Lanes: 4, Runs: 800 / simtest.Every(2), Dir: dir}
}

func campaignOn(t *testing.T, ctx context.Context, o Options) *Report {
	t.Helper()
	r, err := Campaign(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mergedOn(t *testing.T, ctx context.Context, o Options, dir string, dirs ...string) *Report {
	t.Helper()
	o.Dir = ""
	r, err := Merge(ctx, o, dirs, dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func textAt(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// stopped is a context that is ended when a campaign begins to make small what it found.
func stopped(t *testing.T, o *Options) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	o.Progress = func(s Status) {
		if s.Shrinking {
			cancel()
		}
	}
	return ctx
}

// What was made small, and failed so again, stays as it is when the campaign goes on, also if that is ended before anything can be run again.
func TestWhatWasMadeSmallStaysSo(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
	}{{"real", crashing(t, t.TempDir())}, {"simulated", finds(t.TempDir())}} {
		t.Run(c.name, func(t *testing.T) {
			o := c.o
			r := campaignOn(t, t.Context(), o)
			if len(r.Findings) == 0 || !r.Findings[0].Again {
				t.Fatalf("%d findings, or one that did not fail again", len(r.Findings))
			}
			was := map[string]string{}
			for _, f := range r.Findings {
				was[f.File] = textAt(t, f.File) + "# whoever looked at it wrote this\n"
				if err := os.WriteFile(f.File, []byte(was[f.File]), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			for _, ends := range []bool{true, false} {
				ctx := t.Context()
				if o.Progress = nil; ends {
					ctx = stopped(t, &o)
				}
				again := campaignOn(t, ctx, o)
				if len(again.Findings) != len(r.Findings) {
					t.Errorf("gone on, there are %d findings, and were %d", len(again.Findings), len(r.Findings))
				}
				for _, f := range again.Findings {
					if !f.Again || textAt(t, f.File) != was[f.File] {
						t.Errorf("gone on, ended %v: %s, again %v, is another\n%s", ends, f.File, f.Again, f.Text)
					}
				}
			}
		})
	}
}

// What could not be made small when the campaign ended, since it was asked to, says so and is made small when it goes on: in a simulated world the folder is then as if it had never been stopped.
func TestWhatWasNotMadeSmallIsWhenTheCampaignGoesOn(t *testing.T) {
	for _, c := range []struct {
		name       string
		o, unended Options
	}{{"real", crashing(t, t.TempDir()), crashing(t, t.TempDir())}, {"simulated", finds(t.TempDir()), finds(t.TempDir())}} {
		t.Run(c.name, func(t *testing.T) {
			whole := campaignOn(t, t.Context(), c.o)
			o := c.unended
			r := campaignOn(t, stopped(t, &o), o)
			for _, f := range r.Findings {
				if f.Again || !strings.Contains(textAt(t, f.File), "as it was found") {
					t.Errorf("%s, again %v, does not say that it is as it was found\n%s", f.File, f.Again, f.Text)
				}
			}
			o.Progress = nil
			again := campaignOn(t, t.Context(), o)
			for _, f := range again.Findings {
				if text := textAt(t, f.File); !f.Again || strings.Contains(text, "as it was found") {
					t.Errorf("%s, again %v, was not made small\n%s", f.File, f.Again, text)
				}
			}
			found := func(dir string) (all string) {
				list, _ := os.ReadDir(filepath.Join(dir, "found"))
				for _, e := range list {
					all += "== " + e.Name() + "\n" + textAt(t, filepath.Join(dir, "found", e.Name()))
				}
				return all
			}
			if a, b := found(o.Dir), found(c.o.Dir); len(whole.Findings) == 0 || c.name == "simulated" && a != b {
				t.Errorf("what one leaves that was stopped:\n%s\nand one that was not:\n%s", a, b)
			}
		})
	}
}

// When all the time for making small is spent, what is left stays as it was found: nothing is run without a limit.
func TestWhenTheTimeForMakingSmallIsSpentNothingIsRun(t *testing.T) {
	o := crashing(t, t.TempDir())
	spent := short
	spent.all = -time.Second
	o.limits = &spent
	r := campaignOn(t, t.Context(), o)
	if len(r.Findings) != 1 || r.Left || r.Findings[0].Again {
		t.Errorf("%d findings, left %v, again %v; want one as it was found, and nothing left behind", len(r.Findings), r.Left, r.Findings[0].Again)
	}
}

// What a campaign that goes on, or a merge, takes from a file is shown as it was when it was found, picture and all; a file that does not fail so any more is shown as it is.
func TestWhatIsTakenFromAFileIsShownAsItWasFound(t *testing.T) {
	o := finds(t.TempDir())
	shown := func(r *Report) string {
		t.Helper()
		var b strings.Builder
		if err := r.Write(&b, "text", conformance.Page{}, func(file, _ string) string { return filepath.Base(file) }); err != nil {
			t.Fatal(err)
		}
		findings, _, _ := strings.Cut(b.String(), "\nmodel/lifo-fill  ")
		return findings
	}
	want := shown(campaignOn(t, t.Context(), o))
	if !strings.Contains(want, "broken ") || !strings.Contains(want, "├") && !strings.Contains(want, " open P → ok") {
		t.Fatalf("there is no picture in\n%s", want)
	}
	if got := shown(campaignOn(t, t.Context(), o)); got != want {
		t.Errorf("gone on, it shows\n%s\nand when it was found\n%s", got, want)
	}
	r := mergedOn(t, t.Context(), o, t.TempDir(), o.Dir)
	if got := shown(r); got != want {
		t.Errorf("merged, it shows\n%s\nand when it was found\n%s", got, want)
	}
	o.Bugs = nil // it has been put right
	r = campaignOn(t, t.Context(), o)
	if f := &r.Findings[0]; f.Result != nil || !strings.Contains(shown(r), "FAIL  "+f.Signature+": "+f.Said+"\n# "+f.Signature+": found by") {
		t.Errorf("what does not fail any more shows\n%s", shown(r))
	}
}

// The file of run 12 is not taken for that of run 1.
func TestAFileIsOfOneRun(t *testing.T) {
	o := crashing(t, t.TempDir())
	f := campaignOn(t, t.Context(), o).Findings[0]
	other := strings.Replace(textAt(t, f.File), f.origin(), f.origin()+"2", 1)
	if err := os.WriteFile(f.File, []byte(other), 0o666); err != nil {
		t.Fatal(err)
	}
	r := mergedOn(t, t.Context(), o, t.TempDir(), o.Dir)
	if len(r.Findings) != 1 || strings.Contains(string(r.Findings[0].Text), f.origin()+"2") {
		t.Errorf("%d findings; %s has another's file:\n%s", len(r.Findings), f.origin(), r.Findings[0].Text)
	}
}

// A merge takes what its own folder has found and made small, and writes no other over it.
func TestAMergeKeepsWhatItsFolderHasFound(t *testing.T) {
	a, whole := finds(t.TempDir()), t.TempDir()
	a.Runs, a.Shard = 4, Shard{0, 2}
	if r := campaignOn(t, t.Context(), a); len(r.Findings) > 0 {
		t.Fatalf("%d findings of few runs", len(r.Findings))
	}
	a.Partial = true
	mergedOn(t, t.Context(), a, whole, a.Dir)
	r := campaignOn(t, t.Context(), finds(whole))
	if len(r.Findings) == 0 {
		t.Fatal("no finding")
	}
	was := textAt(t, r.Findings[0].File) + "# whoever looked at it wrote this\n"
	if err := os.WriteFile(r.Findings[0].File, []byte(was), 0o666); err != nil {
		t.Fatal(err)
	}
	if again := mergedOn(t, t.Context(), a, whole, a.Dir); len(again.Findings) != len(r.Findings) || textAt(t, r.Findings[0].File) != was {
		t.Errorf("%d findings and were %d, or another is in %s", len(again.Findings), len(r.Findings), r.Findings[0].File)
	}
}

// A merge ends, with what is there, when it is asked to, whatever a run does that is to make something small.
func TestAMergeEndsWhenItIsAskedTo(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel() // it waits for what never ends
	o := crashing(t, t.TempDir())
	if err := os.RemoveAll(filepath.Join(campaignOn(t, t.Context(), o).Options.Dir, "found")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Target = hanging(t, nil, func(int64) bool { cancel(); return true })
	long := short
	long.each, long.all = time.Hour, time.Hour
	o.limits = &long
	r := mergedOn(t, ctx, o, t.TempDir(), o.Dir)
	if len(r.Findings) != 1 || !r.Left || r.Findings[0].Again {
		t.Errorf("%d findings, left %v; want one as it was found, and the run left behind", len(r.Findings), r.Left)
	}
}

// What had not ended is known to the whole, with its script.
func TestAMergeTellsOfRunsThatDidNotEnd(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel() // it waits for what never ends
	o := Options{Target: hanging(t, nil, func(run int64) bool { return run == 9 }), Runs: 80, Lanes: 4, Seed: 5, Dir: t.TempDir(), limits: &short}
	one := campaignOn(t, t.Context(), o)
	if len(one.Unended) != 1 {
		t.Fatalf("%d runs did not end", len(one.Unended))
	}
	for _, dir := range []string{t.TempDir(), o.Dir} { // the second: into the folder itself
		r := mergedOn(t, t.Context(), o, dir, o.Dir)
		if len(r.Unended) != 1 || r.Tally.Unended != 1 {
			t.Fatalf("%d are told, and %d counted", len(r.Unended), r.Tally.Unended)
		}
		f := &r.Unended[0]
		if f.Lane != one.Unended[0].Lane || f.Run != one.Unended[0].Run || textAt(t, f.File) != string(one.Unended[0].Text) || filepath.Dir(filepath.Dir(f.File)) != dir {
			t.Errorf("lane %d, run %d in %s:\n%s", f.Lane, f.Run, f.File, f.Text)
		}
		if again := mergedOn(t, t.Context(), o, t.TempDir(), dir, o.Dir); len(again.Unended) != 1 {
			t.Errorf("merged once more, %d are told", len(again.Unended))
		}
	}
}

// A campaign that goes on lists every run that it has not ended, of this day and of those before, each once and with its file.
func TestACampaignThatGoesOnListsWhatHadNotEnded(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel() // it waits for what never ends
	o := Options{Runs: 80, Lanes: 4, Seed: 5, Dir: t.TempDir(), limits: &short}
	var want []string
	for day := 1; day <= 3; day++ {
		stuck := day < 3 // on the third all is well
		o.Target = hanging(t, nil, func(run int64) bool { return stuck && run == 9 })
		r := campaignOn(t, t.Context(), o)
		if stuck {
			if r.Tally.Unended != day {
				t.Fatalf("%d runs had not ended on day %d", r.Tally.Unended, day)
			}
			for _, f := range r.Unended {
				if at := f.origin(); !slices.Contains(want, at) {
					want = append(want, at)
				}
			}
		}
		var got []string
		for _, f := range r.Unended {
			got = append(got, f.origin())
			if text := textAt(t, f.File); !f.Script || text != string(f.Text) || !strings.Contains(text, f.origin()) {
				t.Errorf("day %d: %s, script %v, has\n%s", day, f.File, f.Script, f.Text)
			}
		}
		slices.Sort(want)
		if slices.Sort(got); !slices.Equal(got, want) || len(got) != r.Tally.Unended {
			t.Errorf("day %d: %q are listed, and %d counted: want %q", day, got, r.Tally.Unended, want)
		}
		o.Runs += 80
	}
}

// What went wrong once and not again is told as what went wrong, with the script that was run when it did, and not as a shorter one that passes.
func TestWhatDoesNotFailAgainIsToldAsItWas(t *testing.T) {
	target := *hanging(t, nil, func(int64) bool { return false })
	open := target.Open
	var runs atomic.Int32
	target.Open = func() (*spec.Instance, error) {
		in, err := open()
		if runs.Add(1) == 4 && err == nil { // the first script
			in.Run = func(func()) error { return errors.New(`thread "t1" panicked: once`) }
		}
		return in, err
	}
	o := Options{Target: &target, Runs: 8, Lanes: 1, limits: &calm}
	r := campaignOn(t, t.Context(), o)
	if len(r.Findings) != 1 || r.Findings[0].Again || r.Findings[0].Input.Script == nil {
		t.Fatalf("%+v", r.Findings)
	}
	f := &r.Findings[0]
	if want := count(steps(f.Input.Script.File.Lines)); f.Lines != want || want < 3 {
		t.Errorf("%d lines are shown, of %d", f.Lines, want)
	}
	var b strings.Builder
	if err := r.Write(&b, "text", conformance.Page{}, func(file, _ string) string { return file }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"FAIL  crash: thread \"t1\" panicked: once", "it did not fail in this way again: what is shown is what was found"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &b)
		}
	}
	if strings.Contains(b.String(), "PASS") {
		t.Errorf("a failure is told as one that passed:\n%s", &b)
	}
}
