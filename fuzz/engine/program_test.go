package engine_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"runtime"
	"testing"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// traceOf returns the trace of the i-th program as text.
func traceOf(t *testing.T, x *engine.Executor, p *engine.Program, i int) []byte {
	engine.Generate(p, uint64(i), 20)
	r := x.Execute(p, schedule(i))
	if r.Err != nil {
		t.Fatalf("program %d: %v", i, r.Err)
	}
	var b bytes.Buffer
	if err := spec.WriteTrace(&b, r.Trace); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The same seed gives the same trace, byte for byte, whatever else the machine does.
func TestTheSameSeedGivesTheSameTrace(t *testing.T) {
	seeds, step := 1000, simtest.Every(5)
	if testing.Short() || simtest.Raced {
		seeds, step = 100, 1
	}
	for _, make := range references {
		target := make(small)
		t.Run(target.About.Name, func(t *testing.T) {
			a, b := engine.NewExecutor(target), engine.NewExecutor(make(small))
			var p engine.Program
			for i := 0; i < seeds; i += step {
				before := runtime.GOMAXPROCS(1)
				one := traceOf(t, a, &p, i)
				runtime.GOMAXPROCS(2)
				two := traceOf(t, b, &p, i)
				runtime.GOMAXPROCS(before)
				if !bytes.Equal(one, two) {
					t.Fatalf("seed %d: the traces differ", i)
				}
			}
		})
	}
}

// wantHash is the hash of the traces of 200 programs on each simulated target. It is the same on every operating
// system, architecture and version of Go; it changes only with what the programs, the worlds, the references or the trace's form
// do, and then on purpose: go test ./fuzz/engine -run SameEverywhere prints the new one.
const wantHash = "5aced5f262f7c5f5"

func TestTheTraceIsTheSameEverywhere(t *testing.T) {
	h := sha256.New()
	for _, make := range references {
		x := engine.NewExecutor(make(small))
		var p engine.Program
		for i := range 200 {
			h.Write(traceOf(t, x, &p, i))
		}
	}
	if got := hex.EncodeToString(h.Sum(nil)[:8]); got != wantHash {
		t.Errorf("the traces hash to %s, want %s", got, wantHash)
	}
}

// A planted bug is found by random programs and made small, and what comes out fails again.
func TestAPlantedBugIsFoundAndMadeSmall(t *testing.T) {
	x := engine.NewExecutor(simulated.Model(small), "lifo-fill")
	var p engine.Program
	for i := range 10_000 {
		engine.Generate(&p, uint64(i), 20)
		r := x.Execute(&p, schedule(i))
		if r.Signature() != "RCV-2" {
			continue
		}
		s, ok := x.Shrink(&p, r.Picks, "RCV-2", 3000)
		if !ok {
			t.Fatalf("program %d: the failure could not be repeated: %s", i, r.Failed())
		}
		if len(s.Program.Steps) > 8 {
			t.Errorf("%d steps are left:\n%v", len(s.Program.Steps), &s.Program)
		}
		t.Logf("program %d, %d runs: %s\n%v", i, s.Runs, s.Failed, &s.Program)
		return
	}
	t.Fatal("not found in 10 000 programs")
}
