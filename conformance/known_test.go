package conformance_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// knownFile makes a file of entries such as "todo receive/several-pending RCV-2".
func knownFile(t *testing.T, target string, entries ...string) *known.File {
	t.Helper()
	text := "target: " + target + "\n"
	for _, e := range entries {
		kind, what, _ := strings.Cut(e, " ")
		text += what + "\n  kind: " + kind + "\n  reason: It was planted here.\n  source: reference/model/mutant.go\n"
	}
	f, err := conformance.ParseKnown("k", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// planted runs the cases that match the patterns, all where there are none, with a bug planted.
func planted(t *testing.T, target, bug string, o conformance.Options, run ...string) *conformance.Report {
	t.Helper()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	if o.Cases, err = conformance.Select(all, run, nil); err != nil {
		t.Fatal(err)
	}
	x, err := reference.Lookup(target)
	if err != nil {
		t.Fatal(err)
	}
	o.Bugs = []string{bug}
	r, err := conformance.Run(context.Background(), x, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// states tells what became of the entries, one word each.
func states(r *conformance.Report) string {
	var s []string
	for i := range r.Known {
		k := &r.Known[i]
		s = append(s, fmt.Sprintf("%s %s", k.Entry, k.State))
	}
	return strings.Join(s, ", ")
}

func TestKnownFailures(t *testing.T) {
	const (
		several = "receive/several-pending"          // breaks RCV-2 under lifo-fill
		ended   = "receive/data-and-end-for-several" // breaks RCV-2 and RCV-4 under lifo-fill, both in one run
		parts   = "receive/several-pending-data-in-parts"
	)
	for _, x := range []struct {
		name    string
		run     []string
		entries []string
		want    conformance.Verdict // of the first case
		accused string              // rules that are left to be told
		states  string
	}{
		{"known", []string{several}, []string{"todo " + several + " RCV-2"}, conformance.Known, "RCV-2", several + " RCV-2 seen"},
		{"by a pattern and any rule", []string{several}, []string{"broken receive/several-* *"}, conformance.Known, "RCV-2", "receive/several-* * seen"},
		{"of another rule", []string{several}, []string{"todo " + several + " RCV-1"}, conformance.Fail, "RCV-2", several + " RCV-1 quiet"},
		{"a second rule is never hidden", []string{ended}, []string{"todo " + ended + " RCV-2"}, conformance.Fail, "RCV-4", ended + " RCV-2 seen"},
		{"both rules known", []string{ended}, []string{"todo " + ended + " RCV-2", "todo " + ended + " RCV-4"}, conformance.Known, "RCV-2 RCV-4",
			ended + " RCV-2 seen, " + ended + " RCV-4 seen"},
		// RCV-3 is broken by a later schedule only: what is known of the first must not end the case.
		{"a later schedule is never hidden", []string{parts}, []string{"todo " + parts + " RCV-2"}, conformance.Fail, "RCV-3", parts + " RCV-2 seen"},
		{"stale", []string{"accept/backlog"}, []string{"todo accept/backlog ACC-4"}, conformance.Pass, "", "accept/backlog ACC-4 stale"},
		{"stale though the platform is at fault", []string{"accept/backlog"}, []string{"broken accept/backlog *"}, conformance.Pass, "", "accept/backlog * stale"},
		{"racy may pass", []string{"accept/backlog"}, []string{"racy accept/backlog ACC-4"}, conformance.Pass, "", "accept/backlog ACC-4 quiet"},
		{"of a case that was not chosen", []string{several}, []string{"todo accept/backlog ACC-4", "todo " + several + " RCV-2"}, conformance.Known, "RCV-2", several + " RCV-2 seen"},
		{"of cases that were chosen in part", []string{"accept/backlog"}, []string{"todo accept ACC-4"}, conformance.Pass, "", "accept ACC-4 quiet"},
		{"of a group in full", []string{"accept"}, []string{"todo accept ACC-4"}, conformance.Pass, "", "accept ACC-4 stale"},
		{"of a rule that is skipped", []string{several}, []string{"todo " + several + " RDY-1"}, conformance.Fail, "RCV-2", several + " RDY-1 unmatched"},
		{"of cases that are skipped", []string{"ready", several}, []string{"racy ready/* hang"}, conformance.Skip, "", "ready/* hang unmatched"},
	} {
		t.Run(x.name, func(t *testing.T) {
			f := knownFile(t, "model/lifo-fill", x.entries...)
			r := planted(t, "model", "lifo-fill", conformance.Options{Known: []*known.File{f}}, x.run...)
			c := &r.Cases[0]
			if c.Verdict != x.want {
				t.Errorf("%s is %s %s, want %s", c.Case.Name, c.Verdict, c.Reason, x.want)
			}
			var accused []string
			for _, v := range c.Accused() {
				if !slices.Contains(accused, v.Rule.ID) {
					accused = append(accused, v.Rule.ID)
				}
			}
			slices.Sort(accused)
			if got := strings.Join(accused, " "); got != x.accused {
				t.Errorf("accused are %q, want %q", got, x.accused)
			}
			if got := states(r); got != x.states {
				t.Errorf("entries: %s\nwant:    %s", got, x.states)
			}
			for _, k := range r.Wrong() {
				if k.Why == "" {
					t.Errorf("%s is %s and does not say why", k.Entry, k.State)
				}
			}
			if ok, _ := r.Conforms(); ok && x.want != conformance.Pass && x.want != conformance.Skip {
				t.Error("it is said to conform")
			}
			text := c.Describe("model/lifo-fill", "", conformance.Page{})
			for _, y := range x.entries {
				rule := y[strings.LastIndex(y, " ")+1:]
				if x.want == conformance.Fail && strings.Contains(text, "broken    "+rule) {
					t.Errorf("what is known is told as news:\n%s", text)
				}
			}
		})
	}
}

// A rule that is broken where it is known alone is known, and broken where one case more breaks it. Neither is held.
func TestAKnownRuleIsNotHeld(t *testing.T) {
	f := knownFile(t, "model/lifo-fill", "todo receive/several-pending RCV-2")
	verdict := func(run ...string) spec.Verdict {
		r := planted(t, "model", "lifo-fill", conformance.Options{Known: []*known.File{f}}, run...)
		for _, x := range r.Rules {
			if x.Rule.ID == "RCV-2" {
				return x.Verdict
			}
		}
		return spec.Skipped
	}
	if got := verdict("receive/several-pending"); got != spec.Known {
		t.Errorf("RCV-2 is %s", got)
	}
	if got := verdict("receive/several-pending", "cancel/middle-of-three"); got != spec.Broken {
		t.Errorf("with another case RCV-2 is %s", got)
	}
}

// Known is not held: where hangs are known and every rule was held for the rest, nothing is said to conform. However many schedules of
// a repetition show an entry, it is seen once in it.
func TestWhatIsKnownDoesNotConform(t *testing.T) {
	simtest.NotRaced(t)
	f := knownFile(t, "epoll-sim/livelock-eventfd", "broken */* hang")
	r := planted(t, "epoll-sim", "livelock-eventfd", conformance.Options{Known: []*known.File{f}})
	n := r.Count()
	if n[conformance.Known] == 0 || n[conformance.Fail]+n[conformance.Error] > 0 {
		t.Fatal(n)
	}
	if ok, why := r.Conforms(); ok || !strings.Contains(why, "known") {
		t.Errorf("conforms: %v, %s", ok, why)
	}
	if k := r.Known[0]; k.Seen != n[conformance.Known] || len(k.Cases) != k.Seen || k.Rounds != len(r.Cases)-n[conformance.Skip] {
		t.Errorf("seen %d of %d in %d cases; %v", k.Seen, k.Rounds, len(k.Cases), n)
	}
}

// As a Go test, what is known is skipped and the rest passes.
func TestTestWithKnownFailures(t *testing.T) {
	simtest.NotRaced(t)
	f := knownFile(t, "model/lifo-fill", "todo */* RCV-2", "todo */* RCV-3", "todo */* RCV-4")
	conformance.TestWith(t, simulated.Model(simnet.Options{}), conformance.Options{Cases: part(t, 4), Bugs: []string{"lifo-fill"}, Known: []*known.File{f}})
}

// What comes and goes is told as seen k of n, and never hides anything else.
func TestRacyIsCounted(t *testing.T) {
	const name = "packet/timeout-races-with-a-post"
	f := knownFile(t, "epoll-sim/livelock-eventfd", "racy "+name+" hang")
	r := planted(t, "epoll-sim", "livelock-eventfd", conformance.Options{Known: []*known.File{f}, Repeat: 12, Schedules: 1}, name)
	k := r.Known[0]
	if r.Cases[0].Verdict != conformance.Known || k.Rounds != 12 || k.Seen == 0 || k.Seen == 12 {
		t.Errorf("%s, seen %d of %d", r.Cases[0].Verdict, k.Seen, k.Rounds)
	}
	for _, fault := range []string{"crash", "diverged", "*"} {
		f := knownFile(t, "epoll-sim/livelock-eventfd", "racy "+name+" "+fault)
		r := planted(t, "epoll-sim", "livelock-eventfd", conformance.Options{Known: []*known.File{f}}, name)
		if r.Cases[0].Verdict != conformance.Error {
			t.Errorf("known to end in %s, it hangs, and is %s", fault, r.Cases[0].Verdict)
		}
	}
}

// A file for another target is refused.
func TestAFileForAnotherTarget(t *testing.T) {
	f := knownFile(t, "model", "todo accept/backlog ACC-4")
	x := simulated.Model(simnet.Options{})
	_, err := conformance.Run(context.Background(), x, conformance.Options{Known: []*known.File{f}, Bugs: []string{"lifo-fill"}})
	if err == nil || err.Error() != "k:1:9: the file is for target model, not for model/lifo-fill" {
		t.Error(err)
	}
}

// broken is a back end that does something else when a port is asked for.
type broken struct {
	spec.Backend
	do func()
}

func (b broken) Port(concurrency int) (spec.Port, spec.Status) {
	b.do()
	return b.Backend.Port(concurrency)
}

// In either world a crash is known from a hang, whatever it says. (A hang takes ten seconds and more of a real machine: fault_test.go.)
func TestHowARunEnded(t *testing.T) {
	real := func() (*spec.Instance, error) {
		w, err := realworld.New()
		if err != nil {
			return nil, err
		}
		return &spec.Instance{World: w, Run: w.Run, Close: w.Close}, nil
	}
	sim := simulated.Model(simnet.Options{})
	for _, x := range []struct {
		world  string
		open   func() (*spec.Instance, error)
		ending string
		do     func()
	}{
		{"sim", sim.Open, "crash", func() { panic("deadlock after all") }},
		{"real", real, "crash", func() { panic("deadlock after all") }},
	} {
		t.Run(x.world+" "+x.ending, func(t *testing.T) {
			target := &spec.Target{About: sim.About, Open: func() (*spec.Instance, error) {
				in, err := x.open()
				if err == nil {
					in.Backend = broken{idle{in.Backend}, x.do}
				}
				return in, err
			}}
			target.About.Name, target.About.World = "broken", x.world
			f := knownFile(t, "broken", "broken key/zero "+x.ending)
			all, err := conformance.Cases()
			if err != nil {
				t.Fatal(err)
			}
			o := conformance.Options{Known: []*known.File{f}}
			o.Cases, err = conformance.Select(all, []string{"key/zero"}, nil)
			if err != nil {
				t.Fatal(err)
			}
			r, err := conformance.Run(context.Background(), target, o)
			if err != nil {
				t.Fatal(err)
			}
			if c := r.Cases[0]; c.Verdict != conformance.Known || states(r) != "key/zero "+x.ending+" seen" {
				t.Errorf("%s: %s; %v", c.Verdict, c.Reason, states(r))
			}
		})
	}
}

// idle is a back end, or none, that can be closed.
type idle struct{ spec.Backend }

func (i idle) Close() error {
	if i.Backend != nil {
		return i.Backend.Close()
	}
	return nil
}
