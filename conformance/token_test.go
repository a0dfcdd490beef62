package conformance_test

import (
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// A script may use a token again when the packet has been taken, and not before; what is about completion is not for pollers. It is told so, with its line.
func TestAScriptIsToldWhatItMayNotDo(t *testing.T) {
	model, poller := simulated.Model(simnet.Options{}), simulated.Poller(simnet.Options{})
	for _, c := range []struct {
		target *spec.Target
		text   string
		said   string // "" if it may
	}{
		{model, "rules PKT-2\n\nsession s\npeer c sends 4\nrecv r1 on s len=1\nwait P -> r1: ok 1\nrecv r2 on s len=3 token=r1\nwait P -> r2: ok 3\n", ""},
		{model, "rules PKT-2\n\nsession s\npeer c sends 4\nrecv r1 on s len=1\nrecv r2 on s len=3 token=r1\n", "the packet of r1, whose token this is, has not been taken"},
		{model, "rules PKT-2\n\nsession s\nrecv r1 on s len=1\nrecv r2 on s len=3 token=r1\n", "the packet of r1, whose token this is, has not been taken"},
		{poller, "rules RDY-5\nneeds poller\n\npoller E\nport P\n", "the verb port is not for pollers"},
		{poller, "rules RDY-5\nneeds poller\n\npoller E\nevent e\n", "the verb event is not for pollers"},
	} {
		parsed, err := conformance.ParseCase("x.scn", []byte("# X.\n"+c.text))
		if err != nil {
			t.Fatal(err)
		}
		a := conformance.NewPlayer(c.target, "", nil).Play(parsed, spec.Schedule{})
		switch {
		case a.Err != nil:
			t.Errorf("%s\n%v", c.text, a.Err)
		case c.said == "" && a.Left != nil:
			t.Errorf("%s\nleft: %v", c.text, a.Left)
		case c.said != "" && (a.Left == nil || !strings.Contains(a.Left.Seen, c.said)):
			t.Errorf("%s\nleft %+v; want %q", c.text, a.Left, c.said)
		}
	}
}
