package conformance_test

import (
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
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
	for _, target := range []*spec.Target{simulated.Model(simnet.Options{}), simulated.Epoll(simnet.Options{})} {
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

// A strand of a par may come to a connect before another has made the far end that it is to: then there is no address, and nothing is called.
func TestWhatHasNoAddressYetIsNotConnectedTo(t *testing.T) {
	for _, x := range []struct {
		target *spec.Target
		text   string
	}{
		{simulated.Poller(simnet.Options{}), "answers any\n\npoller E1\npar {\n  peer q1 listens\n  tcp s2\n  @t1 try connect on s2 to q1\n}\nwait E1\n"},
		{simulated.Model(simnet.Options{}), "answers any\n\nport P\ntcp s2\nassociate s2 to P key=3\npar {\n  peer q1 listens\n  @t1 connect x1 on s2 to q1\n}\nwait P\n"},
	} {
		c, err := conformance.ParseCase("drawn.scn", []byte(x.text))
		if err != nil {
			t.Fatal(err)
		}
		player := conformance.NewPlayer(x.target, "", nil)
		connected, not := 0, 0
		for seed := range uint64(60) {
			a := player.Play(c, spec.Schedule{Strategy: "uniform", Seed: seed})
			if a.Signature() != "" || a.Left != nil || len(a.Judgement.Violations) > 0 {
				t.Fatalf("%s, seed %d: signature %q, left %v, %v, %v", x.target.About.Name, seed, a.Signature(), a.Left, a.Err, a.Judgement.Violations)
			}
			calls := 0
			for i := range a.Trace.Events {
				e := &a.Trace.Events[i]
				if e.Kind == spec.CallEvent && (e.Verb == spec.Connect || e.Verb == spec.TryConnect) {
					if calls++; !e.Addr.IsValid() {
						t.Fatalf("%s, seed %d: %v to no address", x.target.About.Name, seed, e.Verb)
					}
				}
			}
			if calls == 0 {
				not++
			} else {
				connected++
			}
		}
		if connected == 0 || not == 0 {
			t.Errorf("%s: %d connects, %d without an address; want some of both", x.target.About.Name, connected, not)
		}
	}
}
