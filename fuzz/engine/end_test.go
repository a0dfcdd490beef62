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

// hanging is a target of the real world whose runs do nothing and return err, but for those that never return: stuck is given their number, from 1.
func hanging(t *testing.T, err error, stuck func(run int64) bool) *spec.Target {
	t.Helper()
	target := *simulated.Model(simnet.Options{})
	target.About.World = "real"
	open, runs, over := target.Open, new(atomic.Int64), make(chan struct{})
	t.Cleanup(func() { close(over) })
	target.Open = func() (*spec.Instance, error) {
		in, failed := open()
		if failed != nil {
			return nil, failed
		}
		x := *in
		x.Run = func(func()) error {
			if stuck(runs.Add(1)) {
				<-over
			}
			return err
		}
		return &x, nil
	}
	return &target
}

// short are limits for tests: what is waited for there never comes.
var short = limits{look: 250 * time.Millisecond, last: time.Second, asked: time.Second, each: 200 * time.Millisecond, all: 300 * time.Millisecond}

// calm are limits for tests in which nothing hangs: nothing is left behind, however slow the machine is.
var calm = limits{look: short.look, last: usual.last, asked: usual.asked, each: short.each, all: usual.all}

// A run that never ends costs its lane, and the campaign comes to its report, with the script of the run; a campaign that goes on does not begin with it.
func TestACampaignEndsWhateverARunDoes(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel() // they wait most of the time, for what never ends
	for _, c := range []struct {
		name string
		o    Options
		stop bool // by whoever started it
	}{
		{"after its time", Options{For: 100 * time.Millisecond}, false},
		{"after its runs", Options{Runs: 400}, false},
		{"when it is asked to", Options{}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := c.o
			o.Seed, o.Lanes, o.limits = 5, 4, &short
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var r *Report
			for {
				var far atomic.Bool
				o.Dir, o.Target = t.TempDir(), hanging(t, nil, func(run int64) bool {
					if c.stop && run == 40 {
						cancel()
					}
					if run == 20 {
						far.Store(true)
					}
					return run == 9
				})
				var err error
				if r, err = Campaign(ctx, o); err != nil {
					t.Fatal(err)
				}
				if o.For == 0 || far.Load() {
					break
				}
				o.For *= 2 // a slow machine did not come to the run that hangs, or not behind it
			}
			if n := len(r.Unended); n == 0 || !r.Left || r.Tally.Unended != n || len(r.Tally.Failures) != 0 {
				t.Fatalf("%d unended, left %v, %+v; want one that is left, and no failure", n, r.Left, r.Tally)
			}
			f := &r.Unended[0]
			text, err := os.ReadFile(f.File)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := conformance.ParseCase(filepath.Base(f.File), text); err != nil || !f.Script || again.File.Target() != "model" {
				t.Errorf("%v, script %v\n%s", err, f.Script, text)
			}
			if l := f.Lane; r.Tally.Runs < 10 {
				t.Errorf("%d runs; the lanes beside %d ought to have gone on", r.Tally.Runs, l)
			}
			var b strings.Builder
			r.Write(&b, "text", conformance.Page{}, func(file, _ string) string { return "conform replay " + file })
			if s := b.String(); !strings.Contains(s, "UNENDED") || !strings.Contains(s, "conform replay "+f.File) {
				t.Errorf("the report does not tell of it:\n%s", s)
			}

			o.Target, o.For = hanging(t, nil, func(int64) bool { return false }), 0
			o.Runs = 4 * (f.Run + 2)
			again, err := Campaign(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range again.Unended {
				if !slices.ContainsFunc(r.Unended, func(f Finding) bool { return f.origin() == g.origin() }) {
					t.Errorf("gone on, run %d of lane %d has not ended either", g.Run, g.Lane)
				}
			}
			if again.Tally.Unended != len(r.Unended) || len(again.Unended) != len(r.Unended) {
				t.Errorf("gone on, nothing is known any more of what had not ended: %+v", again.Tally)
			}
		})
	}
}

// What fails is made small for a while, and a run that hangs meanwhile leaves the failure as it was found.
func TestWhatHangsWhileItIsMadeSmallIsToldAsItWasFound(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel()          // it waits for what never ends
	var begun atomic.Bool // to be made small
	o := Options{Target: hanging(t, errors.New(`thread "t1" panicked: bad`), func(int64) bool { return begun.Load() }), Stop: true, Lanes: 2, limits: &short}
	o.Progress = func(s Status) { begun.Store(begun.Load() || s.Shrinking) }
	r, err := Campaign(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 1 || !r.Left {
		t.Fatalf("%d findings, left %v", len(r.Findings), r.Left)
	}
	if f := &r.Findings[0]; f.Signature != "crash" || f.Again || !f.Script || !strings.Contains(string(f.Text), "crash") {
		t.Errorf("%s, again %v, script %v:\n%s", f.Signature, f.Again, f.Script, f.Text)
	}
}

// What a real machine does once and not again is told with what was seen then, known failures aside: nothing else can show it.
func TestWhatDoesNotFailAgainIsDrawnAsItWas(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel() // it mostly waits
	target := *simulated.Model(simnet.Options{})
	target.About.World = "real"
	var over atomic.Bool // from then on it makes no mistake
	open := target.Open
	target.Open = func() (*spec.Instance, error) {
		in, err := open()
		if err == nil && !over.Load() {
			err = in.Plant("lifo-fill")
		}
		return in, err
	}
	o := Options{Target: &target, Name: "flaky", Stop: true, Lanes: 1, limits: &calm, Known: map[string]bool{"RCV-1": true}, Shapes: map[string][]string{"RCV-1": nil}}
	o.Progress = func(s Status) { over.Store(over.Load() || s.Shrinking) }
	for o.Seed = 0; o.Seed < 20; o.Seed++ {
		over.Store(false)
		r := campaignOn(t, t.Context(), o)
		f := &r.Findings[0]
		if f.Input.Script == nil {
			continue // of programs it is not known which step was which
		}
		var b strings.Builder
		if err := r.Write(&b, "text", conformance.Page{}, func(file, _ string) string { return file }); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"broken    " + f.Signature, f.Said[:20], "▲ " + f.Signature, "it did not fail in this way again: what is shown is what was found"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("seed %d: the report lacks %q:\n%s", o.Seed, want, &b)
			}
		}
		if strings.Contains(b.String(), "RCV-1 ") {
			t.Errorf("seed %d: what is known is told:\n%s", o.Seed, &b)
		}
		return
	}
	t.Error("no script failed first")
}

// How a run ends that is known to end so is counted, and not told.
func TestAKnownEndIsNoFailure(t *testing.T) {
	never := func(int64) bool { return false }
	target := hanging(t, errors.New("the program is stuck: no thread showed a sign of life"), never)
	o := Options{Target: target, Runs: 40, Lanes: 2, limits: &short}
	r, err := Campaign(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Tally.Failures["hang"] == 0 {
		t.Fatalf("%+v: what hangs is a failure", r.Tally)
	}
	o.Known = map[string]bool{"hang": true}
	if r, err = Campaign(t.Context(), o); err != nil || len(r.Tally.Failures) > 0 || r.Tally.Known["hang"] == 0 {
		t.Errorf("%v, %+v", err, r.Tally)
	}
}

// A target that cannot be opened any more ends the campaign, which tells why.
func TestATargetThatCannotBeOpenedEndsTheCampaign(t *testing.T) {
	target := *hanging(t, nil, func(int64) bool { return false })
	open, opened := target.Open, new(atomic.Int64)
	target.Open = func() (*spec.Instance, error) {
		if opened.Add(1) > 30 {
			return nil, errors.New("it has gone away")
		}
		return open()
	}
	r, err := Campaign(t.Context(), Options{Target: &target, For: time.Hour, Lanes: 4, limits: &short})
	if err != nil {
		t.Fatal(err)
	}
	if n := r.Tally.Failures["error"]; !r.Stopped || n == 0 || n > mostShut || r.Tally.Runs > 30+mostShut {
		t.Errorf("stopped %v after %d runs, %d failures; want it stopped, after at most %d that did not begin", r.Stopped, r.Tally.Runs, n, mostShut)
	}
	if len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Said, "it has gone away") {
		t.Errorf("%d findings; want one that tells why: %+v", len(r.Findings), r.Findings)
	}
}
