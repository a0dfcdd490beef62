package main

import (
	"errors"
	"io"
	"testing"

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
