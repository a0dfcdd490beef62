package conformance_test

import (
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// The packet of a session's accept may go to a thread that waits on the port already: the session is open all the same.
func TestASessionIsOpenWhoeverTakesThePacketOfItsAccept(t *testing.T) {
	c, err := conformance.ParseCase("taken.scn", []byte(`rules SND-1

port P
@w wait P forever &
settle
session s key=7 peer=c
send w on s len=4
peer c reads 4
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []*spec.Target{simulated.Model(simnet.Options{}), simulated.Epoll(simnet.Options{})} {
		a := conformance.NewPlayer(target, "", nil).Play(c, spec.Schedule{})
		if v, why := a.Verdict(); v != conformance.Pass {
			t.Errorf("%s: %s, %s", target.About.Name, v, why)
		}
	}
}
