package engine

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// reportOn is a report of a campaign that has seen nothing of any rule.
func reportOn(t *testing.T, target *spec.Target, tally Tally, format string) string {
	t.Helper()
	r := &Report{Options: Options{Target: target, Name: target.About.Name}, Tally: tally, Rules: make([]spec.Count, len(spec.Rules()))}
	var b strings.Builder
	if err := r.Write(&b, format, conformance.Page{}, func(file, _ string) string { return file }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A rule that does not judge the target is not said to lack anything, nor counted among what there is to be seen. JSON Lines tell what the text does.
func TestARuleOutsideTheProfileIsNotMissed(t *testing.T) {
	target := simulated.Epoll(simnet.Options{})
	profile := conformance.DefaultProfile(&target.About)
	text := strings.Fields(strings.ReplaceAll(reportOn(t, target, Tally{Runs: 1}, "text"), ",", " "))
	var line struct {
		NotSeen []string `json:"not_seen"`
		Of      int      `json:"situations_of"`
	}
	if err := json.Unmarshal([]byte(reportOn(t, target, Tally{Runs: 1}, "jsonl")), &line); err != nil {
		t.Fatal(err)
	}
	of, outside := 0, 0
	for _, rule := range spec.Rules() {
		_, applies := rule.Applies(&target.About)
		want := applies && conformance.Judges(rule, profile) && len(rule.Situations) > 0
		if want {
			of += len(rule.Situations)
		} else if applies && !conformance.Judges(rule, profile) {
			outside++
		}
		if slices.Contains(text, rule.ID) != want || slices.Contains(line.NotSeen, rule.ID) != want {
			t.Errorf("%s, of profiles %v, is among what was not seen: %v in the text, %v in JSON; want %v", rule.ID, rule.Profiles, slices.Contains(text, rule.ID), slices.Contains(line.NotSeen, rule.ID), want)
		}
	}
	if line.Of != of || outside == 0 {
		t.Errorf("%d situations, want %d; %d rules are outside the profile", line.Of, of, outside)
	}
}

// Where something was broken that is known, it is not said that nothing was.
func TestWhatIsKnownIsBroken(t *testing.T) {
	target := simulated.Model(simnet.Options{})
	for want, known := range map[string]map[string]int{"  nothing was broken\n": nil, "  nothing was broken that is not known\n": {"RCV-2": 3}} {
		if text := reportOn(t, target, Tally{Runs: 9, Known: known}, "text"); !strings.Contains(text, want) {
			t.Errorf("%q is lacking in\n%s", want, text)
		}
	}
}

// While a campaign runs its line names what has failed, a few kinds of it; the report, which tells of each below, does not.
func TestALineNamesWhatHasFailed(t *testing.T) {
	for want, failed := range map[string]map[string]int{
		"9 runs, 0 % raced":                     nil,
		"9 runs, 3 failed (RCV-2, hang), 0 %":   {"hang": 1, "RCV-2": 2},
		" failed (1, 2, 3, 4), 0 %":             {"1": 1, "2": 1, "3": 1, "4": 1},
		" 6 failed (1, 2, 3, 4, 2 more), 0 % r": {"1": 1, "2": 1, "3": 1, "4": 1, "5": 1, "6": 1},
	} {
		if got := Line(Status{Tally: Tally{Runs: 9, Failures: failed}}); !strings.Contains(got, want) {
			t.Errorf("%q, want %q in it", got, want)
		}
	}
	if text := reportOn(t, simulated.Model(simnet.Options{}), Tally{Runs: 9, Failures: map[string]int{"hang": 1}}, "text"); !strings.Contains(text, "9 runs, 1 failed, 0 %") {
		t.Errorf("the report names it twice:\n%s", text)
	}
}
