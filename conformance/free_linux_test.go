package conformance_test

import (
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

// Closing a poller ends no wait on it, nor does anything that is done to the poller then: the script ends those that have no timeout, however many they are.
func TestWaitsOnAClosedPollerEndWithTheScript(t *testing.T) {
	c, err := conformance.ParseCase("drawn.scn", []byte(`answers any

poller E
session s
add s to E in
@w1 wait E forever &
@w2 wait E forever max=1 &
settle
close E
`))
	if err != nil {
		t.Fatal(err)
	}
	target := reference.Poller()
	a := conformance.NewPlayer(target, "", nil).Play(c, spec.Schedule{})
	if a.Signature() != "" || a.Left != nil || len(a.Judgement.Violations) > 0 {
		t.Fatal(a.Result(c).Describe(target.About.Name, "", conformance.Page{}))
	}
	waits, ended := map[uint32]bool{}, 0
	for _, e := range a.Trace.Events {
		switch {
		case e.Kind == spec.CallEvent && e.Verb == spec.WaitReady && e.N < 0:
			waits[e.Call] = true
		case e.Kind == spec.ReturnEvent && waits[e.Call]:
			// The thread may be so late that the poller is gone before it gets to waiting on it; it ends then by what the kernel says.
			if ended++; e.Status.Ok() && len(e.Ready) == 0 {
				t.Errorf("a wait without a timeout ended with nothing: %+v", e)
			}
		}
	}
	if len(waits) != 2 || ended != 2 {
		t.Errorf("%d waits without a timeout, of which %d ended", len(waits), ended)
	}
}
