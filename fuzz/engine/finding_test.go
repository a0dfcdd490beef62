package engine_test

import (
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// What a program reveals is shown as a script that fails when its choices are replayed: also where it is in how the connections are made, where a thread's end is what does it, where
// it depends on which operation a step cancelled when the program ran, and where the program has a limit that the target knows nothing of.
func TestAFailingProgramIsShownAsAScript(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	for i, bug := range []string{
		"epoll-sim/accepts-crossed", "model/thread-exit-cancels", "model/cancel-siblings", "epoll-sim/end-once", "epoll-sim/one-byte-counts-two", "epoll-sim/cancel-looks-first",
	} {
		if i%simtest.Every(3) != 0 {
			continue
		}
		name, planted, _ := strings.Cut(bug, "/")
		target, err := reference.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		var r *engine.Report
		for seed := range uint64(8) { // with some seeds a script finds it first
			r = run(t, engine.Options{Target: target, Name: bug, Bugs: []string{planted}, Lanes: 1, Workers: 1, Runs: 2000, Stop: true, Seed: seed})
			if len(r.Findings) == 1 && r.Findings[0].Input.Program != nil {
				break
			}
		}
		if len(r.Findings) != 1 || r.Findings[0].Input.Program == nil {
			t.Errorf("%s: %d findings, of a program none", bug, len(r.Findings))
			continue
		}
		f := r.Findings[0]
		if !f.Script || !f.Again || f.Lines > 10 {
			t.Errorf("%s: a script %v, repeated %v, %d lines\n%s", bug, f.Script, f.Again, f.Lines, f.Text)
			continue
		}
		c, err := conformance.ParseCase("found.scn", f.Text)
		if err != nil {
			t.Errorf("%s: %v\n%s", bug, err, f.Text)
			continue
		}
		picks, err := conformance.DecodeChoices(c.File.Choices())
		if err != nil {
			t.Fatal(err)
		}
		a := conformance.NewPlayer(target, "", []string{planted}).Play(c, spec.Schedule{Strategy: "replay", Picks: picks})
		if want := c.File.RuleInTitle(); want == "" || a.Signature() != want {
			t.Errorf("%s: %q when it is replayed, want %q\n%s", bug, a.Signature(), want, f.Text)
		}
	}
}
