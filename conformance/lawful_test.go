package conformance_test

import (
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/lawful"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
)

// A script that leaves its path because the target did what it declares is not for it, and says so; one whose path allows for that stays on it.
func TestAScriptThatLeavesItsPathForWhatIsDeclaredIsNotForTheTarget(t *testing.T) {
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		liberty, name string
		verdict       conformance.Verdict
		reason        string
	}{
		{"sends-less", "send/small", conformance.Skip, "needs send=whole, the target declares short"},
		{"sends-less", "receive/both-directions", conformance.Skip, "needs send=whole, the target declares short"}, // where the far end knows it first
		{"sends-less", "receive/in-pieces", conformance.Pass, ""},
		{"skips", "send/small", conformance.Pass, ""},
		{"skips", "key/one-session", conformance.Pass, ""},    // which names the keys of packets that there are none of
		{"skips", "thread/pool-of-one", conformance.Pass, ""}, // whose worker handles what there is no packet of
		{"skips", "operation/done-while-a-thread-sleeps", conformance.Skip, "needs inline=queue, the target declares skip"},
		{"skips", "key/aborted-packet-carries-the-key", conformance.Pass, ""},
		{"own-keys", "key/all-ones", conformance.Pass, ""},
		{"own-keys", "send/small", conformance.Pass, ""},
		{"size-untold", "datagram/empty", conformance.Pass, ""},
	} {
		cases, err := conformance.Select(all, []string{x.name}, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := conformance.Run(t.Context(), lawful.Target(simulated.Model(simnet.Options{}), x.liberty), conformance.Options{Cases: cases})
		if err != nil {
			t.Fatal(err)
		}
		if c := &r.Cases[0]; c.Verdict != x.verdict || c.Reason != x.reason {
			t.Errorf("%s on who %s: %s %s", x.name, x.liberty, c.Verdict, c.Reason)
		}
	}
}
