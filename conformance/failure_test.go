package conformance_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

func TestChoicesComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		picks := rapid.SliceOf(rapid.OneOf(rapid.Just(uint32(0)), rapid.Uint32())).Draw(t, "picks")
		back, err := conformance.DecodeChoices(conformance.EncodeChoices(picks))
		if err != nil || !slices.Equal(picks, back) {
			t.Fatalf("%v became %v, %v", picks, back, err)
		}
	})
}

func TestNoWordAsChoicesPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		picks, err := conformance.DecodeChoices(rapid.StringMatching(`[A-Z2-7a-z189 =]{0,40}`).Draw(t, "word"))
		if err == nil && len(picks) > 1<<24 {
			t.Fatal(len(picks))
		}
	})
}

// A case with recorded choices goes the same way again, to the last event.
func TestAReplayIsTheSameRun(t *testing.T) {
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	target := simulated.Epoll(simnet.Options{})
	for i, c := range all {
		if i%9 != 0 {
			continue
		}
		first, err := conformance.Replay(context.Background(), target, c, spec.Schedule{Strategy: "lazy", Seed: uint64(i)}, 1)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		if first.Verdict == conformance.Skip {
			continue
		}
		again, err := conformance.ParseCase(c.Name+".scn", first.FailureFile(&target.About, "epoll-sim"))
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		second, err := conformance.Replay(context.Background(), target, again, spec.Schedule{}, 1)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		if a, b := text(t, first.Trace), text(t, second.Trace); a != b {
			t.Errorf("%s: the replay went another way", c.Name)
		}
	}
}

func text(t *testing.T, trace *spec.Trace) string {
	t.Helper()
	var b strings.Builder
	if err := spec.WriteTrace(&b, trace); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Choices of another script are refused rather than completed by new ones.
func TestChoicesThatDoNotFitAreAnError(t *testing.T) {
	c, err := conformance.ParseCase("t.scn", []byte("target model\nchoices "+conformance.EncodeChoices([]uint32{1, 2, 3})+"\n\nport P\nwait P -> nothing\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = conformance.Replay(context.Background(), simulated.Model(simnet.Options{}), c, spec.Schedule{}, 1); !errors.Is(err, conformance.ErrOtherRun) {
		t.Error(err)
	}
}

// eachEvent calls do with the events of runs that pass, and the line of the script that made the call, "" where it is not known.
func eachEvent(target *spec.Target, cases []*conformance.Case, do func(res *conformance.CaseResult, names conformance.Names, e *spec.Event, at string)) {
	for _, c := range cases {
		lines := strings.Split(string(c.Text()), "\n")
		for seed := range uint64(3) {
			res, err := conformance.Replay(context.Background(), target, c, spec.Schedule{Strategy: "uniform", Seed: seed}, 1)
			if err != nil || res.Verdict != conformance.Pass {
				continue
			}
			names := res.Names()
			for i := range res.Trace.Events {
				e, at := &res.Trace.Events[i], ""
				if line := names.Lines[e.Call]; line > 0 {
					at = lines[line-1]
				}
				do(res, names, e, at)
			}
		}
	}
}

// In a case that goes its way every operation of the script has its name, and the line found for it starts an operation.
func TestNamesAreThoseOfTheScript(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	named, numbered, waits := 0, 0, 0
	eachEvent(simulated.Model(simnet.Options{}), part(t, 4), func(res *conformance.CaseResult, names conformance.Names, e *spec.Event, at string) {
		c, line := res.Case, names.Lines[e.Call]
		if e.Kind == spec.ReturnEvent && e.Verb == spec.Wait && line > 0 {
			waits++
			brought(t, c, names, e, at)
		}
		if e.Kind != spec.CallEvent || !e.Verb.Starts() || strings.Contains(res.Trace.Threads[e.Thread], ".") { // workers of pools
			return
		}
		if line == 0 {
			numbered++
			return
		}
		named++
		words := strings.Fields(at)
		switch name := names.Ops[e.Op]; {
		case slices.Contains(words, "session"), slices.Contains(words, "pool"):
		case name == "" || !slices.Contains(words, name) || !slices.Contains(words, e.Verb.String()):
			t.Errorf("%s:%d: %s: the operation that it starts is called %q", c.Name, line, at, name)
		}
	})
	if named < 10*numbered {
		t.Errorf("%d operations have a name, %d have none", named, numbered)
	}
	t.Logf("%d operations have a name, %d have none; %d waits have a line", named, numbered, waits)
}

// In a case about pollers what is watched, where, and what is tried, have the names that stand in the line.
func TestNamesOfPollersAreThoseOfTheScript(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	cases, err := conformance.Select(all, []string{"ready"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	named, numbered := 0, 0
	eachEvent(simulated.Poller(simnet.Options{}), cases, func(res *conformance.CaseResult, names conformance.Names, e *spec.Event, at string) {
		if e.Kind != spec.CallEvent || !e.Verb.OfPoller() || e.Len == 64 || e.Verb == spec.ClosePoller { // the runner's own, when the script is over
			return
		}
		if at == "" {
			numbered++
			return
		}
		named++
		words := strings.FieldsFunc(at, func(r rune) bool { return strings.ContainsRune(" :{},", r) })
		if strings.Contains(at, "session") || strings.Contains(at, "connects") {
			return
		}
		for _, name := range []string{names.Socks[e.Sock], names.Ports[e.Port]} {
			if name != "" && !slices.Contains(words, name) {
				t.Errorf("%s: %s: %s is about what is called %q", res.Case.Name, at, e.Verb, name)
			}
		}
	})
	if named < 3*numbered {
		t.Errorf("%d calls have a line, %d have none", named, numbered)
	}
	t.Logf("%d calls have a line, %d have none", named, numbered)
}

// brought checks a wait that passed: a line that expects nothing got nothing, and what a later call of the same line brought was asked for by it.
func brought(t *testing.T, c *conformance.Case, names conformance.Names, e *spec.Event, line string) {
	t.Helper()
	if strings.HasSuffix(line, "-> nothing") && len(e.Packets) > 0 {
		t.Errorf("%s: %s brought %d packets", c.Name, line, len(e.Packets))
	}
	if !strings.Contains(line, "wait") && !strings.Contains(line, "session") {
		t.Errorf("%s: %s made a wait", c.Name, line)
	}
}

// What Test promises on a back end that keeps the contract: nothing fails.
func TestTestOfAGoodBackEnd(t *testing.T) {
	simtest.NotRaced(t)
	if simtest.Every(4) > 1 {
		conformance.TestWith(t, simulated.Model(simnet.Options{}), conformance.Options{Cases: part(t, 4)})
		return
	}
	conformance.Test(t, simulated.Model(simnet.Options{}))
}
