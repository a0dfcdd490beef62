package engine_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// seedsFor is what there is to change for a target: drawn scripts, and the cases of the suite.
func seedsFor(t *testing.T, target *spec.Target) (list []*conformance.Case) {
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(all); i += int(every(5)) {
		c := all[i]
		if _, fits := c.Applies(&target.About); fits {
			list = append(list, c)
		}
	}
	for seed := range uint64(len(list)) {
		list = append(list, engine.GenerateScript(&target.About, seed, 6+int(seed%30)))
	}
	return list
}

// isScript checks that a script parses back to itself and is for the target.
func isScript(t *testing.T, target *spec.Target, c *conformance.Case) {
	t.Helper()
	text := scenario.Print(c.File)
	again, err := conformance.ParseCase(c.Name+".scn", text)
	if err != nil {
		t.Fatalf("%s: %v\n%s", target.About.Name, err, text)
	}
	if !bytes.Equal(text, scenario.Print(again.File)) {
		t.Fatalf("%s does not come back as it was:\n%s", target.About.Name, text)
	}
	if why, fits := c.Applies(&target.About); !fits {
		t.Fatalf("%s: %s\n%s", target.About.Name, why, text)
	}
}

// What comes of changing scripts, over and over, are scripts, and no reference is accused by them.
func TestChangedScriptsAreScriptsAndAccuseNoReference(t *testing.T) {
	simtest.NotShort(t)
	for _, target := range simulatedTargets() {
		t.Run(target.About.Name, func(t *testing.T) {
			t.Parallel()
			pool := seedsFor(t, target)
			p := conformance.NewPlayer(target, "", nil)
			same, failed := 0, 0
			n, step := uint64(sample()), every(2)
			for i := uint64(0); i < n; i += step {
				k := int(i*7919) % len(pool)
				seed := *firstOne + i
				c := engine.MutateScript(&target.About, seed, pool[k])
				if i%3 == 0 {
					c = engine.SpliceScripts(&target.About, seed, pool[k], pool[int(i*104729+seed)%len(pool)])
				}
				if c == pool[k] {
					same++
					continue
				}
				isScript(t, target, c)
				if i%5 == 0 && !bytes.Equal(scenario.Print(engine.MutateScript(&target.About, seed, c).File), scenario.Print(engine.MutateScript(&target.About, seed, c).File)) {
					t.Fatalf("the same seed makes another script of\n%s", scenario.Print(c.File))
				}
				pool[k] = c
				if a := p.Play(c, schedule(int(seed))); a.Signature() != "" || a.Left != nil {
					sig := a.Signature()
					keepFailure(t, target, c, schedule(int(seed)), sig, seed)
					if failed++; failed > 3 {
						continue
					}
					t.Errorf("%s\n%s\n%s", sig, a.Result(c).Describe(target.About.Name, "", conformance.Page{Rows: 100}), scenario.Print(c.File))
				}
			}
			if failed > 3 {
				t.Errorf("%d failed", failed)
			}
			if tried := int((n + step - 1) / step); same*3 > tried {
				t.Errorf("%d of %d changes came to nothing", same, tried)
			}
		})
	}
}

// A pool that echoes much, or over a connection to a listener of the script's own, would go on until the simulated world gives up; no change makes one.
func TestNoChangeMakesAPoolEchoForTooLong(t *testing.T) {
	target := simulated.Model(simnet.Options{})
	parse := func(text string) *conformance.Case {
		c, err := conformance.ParseCase("drawn.scn", []byte("answers any\n\nport P\nsession s1 peer=c1\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	pools := parse("pool W1 on P threads=1 handler=session-echo\npeer c1 sends 8\ndrain W1\n")
	long := []*conformance.Case{parse("peer c1 sends 140k\n"), parse("tcp s2\nassociate s2 to P key=3\nconnect x1 on s2 to L\n")}
	both := 0
	for seed := range uint64(400) {
		c := engine.SpliceScripts(&target.About, seed, pools, long[seed%2])
		text := string(scenario.Print(c.File))
		echoes := strings.Contains(text, "handler=session-echo")
		for _, what := range []string{" sends 140k", " to L"} {
			if echoes && strings.Contains(text, what) {
				t.Fatalf("seed %d:\n%s", seed, text)
			}
		}
		if echoes || strings.Contains(text, " sends 140k") || strings.Contains(text, " to L") {
			both++
		}
	}
	if both < 200 {
		t.Errorf("only %d of 400 have either", both)
	}
}

// Every number of a line that opens something is another one after some change.
func TestNumbersOfWhatIsOpenedVary(t *testing.T) {
	simtest.NotRaced(t)
	t.Parallel()
	target := simulated.Model(simnet.Options{})
	c, err := conformance.ParseCase("drawn.scn", []byte("answers any\n\nport P concurrency=1\nlisten L1 on P key=77 backlog=1\nsession s1 key=78 peer=c1\npeer c1 sends 4\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, is := range []string{"concurrency=", "listen L1 on P key=", "backlog=", "session s1 key="} {
		others := map[string]bool{}
		changes := uint64(3000)
		for seed := uint64(0); seed < changes; seed += every(4) {
			for line := range strings.Lines(string(scenario.Print(engine.MutateScript(&target.About, seed, c).File))) {
				if _, rest, has := strings.Cut(line, is); has {
					n, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
					others[n] = true
				}
			}
		}
		if len(others) < 4 {
			t.Errorf("%s is %v only in %d changes", is, others, changes/every(4))
		}
		if is == "backlog=" && others["0"] {
			t.Error("backlog=0 is drawn, which is what the system makes of it")
		}
	}
}
