package conformance_test

import (
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// With "answers any" a script goes on where nothing is there to act on, and where a call fails; its rules judge all the same.
func TestAScriptThatExpectsNothingNeverLeavesItsPath(t *testing.T) {
	c, err := conformance.ParseCase("drawn.scn", []byte(`answers any

session s
accept a1 on L as s2
associate s2 to P key=3
recv r0 on s2 len=4
disconnect x on s
close s
recv r1 on s len=4
wait P
wait P
net drop c
cancel r1
@t1 wait P forever &
peer u sends 8 to s
peer c reads 4
close P
close P
post k to P
wait P
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []*spec.Target{reference.Model(simnet.Options{}), reference.EpollSim(simnet.Options{})} {
		a := conformance.NewPlayer(target, "", nil).Play(c, spec.Schedule{})
		if a.Signature() != "" || a.Left != nil || len(a.Judgement.Violations) > 0 {
			t.Errorf("%s: signature %q, left %v, %v", target.About.Name, a.Signature(), a.Left, a.Err)
		}
		posted := false
		for i := range a.Trace.Events {
			posted = posted || a.Trace.Events[i].Verb == spec.Post
		}
		if !posted {
			t.Errorf("%s: the script did not come to its end", target.About.Name)
		}
	}
}
