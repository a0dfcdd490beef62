package conformance_test

import (
	"context"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// What a player saw go wrong becomes a file, and the file goes wrong in the same way.
func TestAnAttemptThatFailedCanBeMadeAgain(t *testing.T) {
	target := simulated.Model(simnet.Options{})
	c, err := conformance.ParseCase("drawn.scn", []byte(`session s
recv r1 on s len=8
recv r2 on s len=8
peer c sends 16
wait P max=2
wait P max=2
`))
	if err != nil {
		t.Fatal(err)
	}
	bad := conformance.NewPlayer(target, "", []string{"lifo-fill"})
	good := conformance.NewPlayer(target, "", nil)
	for seed := range uint64(8) {
		for _, strategy := range []string{"uniform", "lazy", "pct"} {
			s := spec.Schedule{Strategy: strategy, Seed: seed}
			if a := good.Play(c, s); a.Signature() != "" || a.Left != nil || a.Voided() {
				t.Fatalf("%s %d without the bug: %q, left %v", strategy, seed, a.Signature(), a.Left)
			}
			a := bad.Play(c, s)
			if a.Signature() != "RCV-2" {
				t.Fatalf("%s %d with the bug: %q", strategy, seed, a.Signature())
			}
			file := a.Result(c).FailureFile(&target.About, "model/lifo-fill")
			again, err := conformance.ParseCase("again.scn", file)
			if err != nil {
				t.Fatal(err)
			}
			r, err := conformance.Replay(context.Background(), target, again, spec.Schedule{}, 1, "lifo-fill")
			if err != nil || r.Verdict != conformance.Fail || r.Violations[0].Rule.ID != "RCV-2" {
				t.Fatalf("%s %d again: %v, %v\n%s", strategy, seed, r.Verdict, err, file)
			}
		}
	}
}

// The signature is of the target's faults alone.
func TestAScriptThatLeavesItsPathHasNoSignature(t *testing.T) {
	c, err := conformance.ParseCase("drawn.scn", []byte("session s\nrecv r1 on s len=8\nwait P 1ms -> r1: ok\n"))
	if err != nil {
		t.Fatal(err)
	}
	a := conformance.NewPlayer(simulated.Model(simnet.Options{}), "", nil).Play(c, spec.Schedule{})
	if a.Signature() != "" || a.Left == nil || a.Left.Pos.Line != 3 {
		t.Errorf("signature %q, left %v", a.Signature(), a.Left)
	}
}
