package engine

import (
	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// Run is what one program under one schedule came to.
type Run struct {
	Judgement spec.Judgement // valid until the next run
	Trace     *spec.Trace    // likewise
	Picks     []uint32       // likewise
	Err       error          // a deadlock, a livelock, a panic, or the target could not be opened
	Unjudged  bool           // it was not wanted
}

// Failed returns what is wrong, or "".
func (r *Run) Failed() string {
	for _, v := range r.Judgement.Violations {
		if v.Rule.Binds == spec.Guarantee {
			return v.Rule.ID + ": " + v.Said
		}
	}
	if r.Err != nil {
		return r.Err.Error()
	}
	return ""
}

// voided reports whether the program broke an obligation, for certain.
func (r *Run) voided() bool {
	a := conformance.Attempt{Judgement: r.Judgement}
	return a.Voided()
}

// Signature returns the rule that was broken first, or what kind of end the run came to, as a script's does: failures with the same signature are taken
// for the same when they are made small.
func (r *Run) Signature() string {
	a := conformance.Attempt{Judgement: r.Judgement, Err: r.Err}
	return a.Signature()
}
