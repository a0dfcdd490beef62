package conformance_test

import (
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Behind a repeat the names that it introduced mean the last of what they named.
func TestBehindARepeatANameMeansTheLast(t *testing.T) {
	c, err := conformance.ParseCase("repeat.scn", []byte("# Names behind a repeat.\nneeds datagram\n\nport P\nrepeat 3 {\n  udp u\n  associate u to P key=1\n}\nrecvfrom m on u len=4\npeer v sends 4 to u\nwait P -> m: ok 4\n"))
	if err != nil {
		t.Fatal(err)
	}
	a := conformance.NewPlayer(simulated.Model(simnet.Options{}), "", nil).Play(c, spec.Schedule{})
	if verdict, why := a.Verdict(); verdict != conformance.Pass {
		t.Errorf("%v: %s", verdict, why)
	}
}
