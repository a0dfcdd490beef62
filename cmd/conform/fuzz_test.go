package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/spec"
)

// A campaign of which some run did not end has no answer, also if that was before this process went on with it, or in a shard that was merged.
func TestARunThatDidNotEndIsNoAnswer(t *testing.T) {
	s, err := lookup("model")
	if err != nil {
		t.Fatal(err)
	}
	r := &engine.Report{Options: engine.Options{Target: s.target, Name: s.name}, Tally: engine.Tally{Runs: 10, Unended: 1}}
	r.Rules = make([]spec.Count, len(spec.Rules()))
	var e *exit
	if err := reported(r, "text", io.Discard, func() error { return nil }, s); !errors.As(err, &e) || e.code != exitNoAnswer {
		t.Errorf("%v, want exit code %d", err, exitNoAnswer)
	}
}

// What goes wrong ends fuzz as it ends replay: with 1 if the back end broke a rule, crashed or hung, with 2 if the suite could not do its work, such as start it.
func TestWhatFailsEndsFuzzAsItEndsReplay(t *testing.T) {
	s, err := lookup("model")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		failed []string
		stops  bool
		code   int
	}{
		{[]string{"RCV-2"}, false, exitBroken}, {[]string{"crash"}, false, exitBroken}, {[]string{"hang"}, true, exitBroken}, {[]string{"sanitizer"}, false, exitBroken},
		{[]string{"error"}, false, exitNoAnswer}, {[]string{"error"}, true, exitNoAnswer}, {[]string{"error", "crash"}, false, exitBroken},
	} {
		r := &engine.Report{Options: engine.Options{Target: s.target, Name: s.name}, Tally: engine.Tally{Runs: 10, Failures: map[string]int{}}, Stopped: c.stops}
		r.Rules = make([]spec.Count, len(spec.Rules()))
		for _, x := range c.failed {
			r.Tally.Failures[x] = 1
		}
		var e *exit
		if err := reported(r, "text", io.Discard, func() error { return nil }, s); !errors.As(err, &e) || e.code != c.code {
			t.Errorf("fuzz, %v: %v, want exit code %d", c.failed, err, c.code)
		}
	}
	for ending, code := range map[error]int{
		errors.New(`thread "t1" panicked: bad`):                                        exitBroken,
		errors.New("the program is stuck: no thread showed a sign of life"):            exitBroken,
		errors.New("the back end behind the adapter cannot be asked for what is next"): exitNoAnswer,
	} {
		target := *s.target
		target.About.World = "real"
		open := target.Open
		target.Open = func() (*spec.Instance, error) {
			in, err := open()
			if err != nil {
				return nil, err
			}
			x := *in
			x.Run = func(func()) error { return ending }
			return &x, nil
		}
		c, err := conformance.ParseCase("x.scn", []byte("port P\n"))
		if err != nil {
			t.Fatal(err)
		}
		res, err := conformance.Replay(t.Context(), &target, c, spec.Schedule{}, 1)
		if err != nil {
			t.Fatal(err)
		}
		var e *exit
		if err := replayed(res); !errors.As(err, &e) || e.code != code {
			t.Errorf("replay, %v: %v, want exit code %d", ending, err, code)
		}
	}
}

// A failure file is there whole or not at all: what is there already is not written over but replaced, so that whoever reads it, or is stopped, has one or the other.
func TestFailureFilesAreReplacedWhole(t *testing.T) {
	inEmptyFolder(t)
	c, err := scenarioOf("accept/backlog")
	if err != nil {
		t.Fatal(err)
	}
	s, err := lookup("model")
	if err != nil {
		t.Fatal(err)
	}
	found := engine.Finding{Failure: engine.Failure{Signature: "crash"}, Text: []byte("new"), Script: true}
	x := &engine.Exploration{Found: []engine.Found{{What: "RCV-1", Result: &conformance.CaseResult{Case: c}}}}
	keep := func() (files []string) {
		r := &engine.Report{Options: engine.Options{Name: "model"}, Findings: []engine.Finding{found}}
		keepFindings(r, t.Output())
		return []string{r.Findings[0].File, keepFound(x, s, failures, t.Output())["RCV-1"].File}
	}
	for _, file := range keep() {
		if file == "" {
			t.Fatal("it is not kept")
		}
		if err := os.WriteFile(file, []byte("old"), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Link(file, file+".old"); err != nil {
			t.Skipf("a file cannot have two names here: %v; run it on another file system", err)
		}
	}
	for _, file := range keep() {
		now, err := os.ReadFile(file)
		was, err2 := os.ReadFile(file + ".old")
		if err != nil || err2 != nil || string(now) == "old" || string(was) != "old" {
			t.Errorf("%s: %v, %v: it is %.20q, and what was there %.20q", file, err, err2, now, was)
		}
	}
	if parts, _ := filepath.Glob(filepath.Join(failures, "*.part")); len(parts) > 0 {
		t.Errorf("%v are left", parts)
	}
}
