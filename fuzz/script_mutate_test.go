package fuzz_test

import (
	"bytes"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/fuzz"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

// Scripts that are changed or put together, again and again, are scripts: they print and parse as they are, the target can run them, and the same seed makes the same.
func TestChangedScriptsAreScripts(t *testing.T) {
	rounds := 300
	if testing.Short() || raced {
		rounds = 60
	}
	for _, name := range []string{"model", "epoll-sim", "poller-sim"} {
		t.Run(name, func(t *testing.T) {
			target, err := reference.Lookup(name)
			if err != nil {
				t.Fatal(err)
			}
			about := &target.About
			changed := 0
			c := fuzz.GenerateScript(about, 1, 20)
			for seed := range uint64(rounds) {
				next := fuzz.MutateScript(about, seed, c)
				if again := fuzz.MutateScript(about, seed, c); !bytes.Equal(again.Text(), next.Text()) {
					t.Fatalf("seed %d: not the same twice", seed)
				}
				spliced := fuzz.SpliceScripts(about, seed, next, fuzz.GenerateScript(about, seed, 12))
				for _, x := range []*conformance.Case{next, spliced} {
					back, err := conformance.ParseCase("again.scn", x.Text())
					if err != nil {
						t.Fatalf("seed %d: %v\n%s", seed, err, x.Text())
					}
					if !bytes.Equal(scenario.Print(back.File), x.Text()) {
						t.Fatalf("seed %d: printed otherwise", seed)
					}
					if why, ok := x.Applies(about); !ok {
						t.Fatalf("seed %d: %s\n%s", seed, why, x.Text())
					}
				}
				if !bytes.Equal(next.Text(), c.Text()) {
					changed++
				}
				if c = spliced; seed%10 == 9 || len(c.File.Lines) > 60 {
					c = fuzz.GenerateScript(about, seed+7, 20)
				}
			}
			if changed < rounds/2 {
				t.Errorf("%d of %d were changed", changed, rounds)
			}
		})
	}
}

// The script of a program does what the program does: most of what the programs show of a planted bug their scripts show as well.
func TestTheScriptOfAProgram(t *testing.T) {
	target, err := reference.Lookup("model")
	if err != nil {
		t.Fatal(err)
	}
	x := fuzz.NewExecutor(target, "lifo-fill")
	player := conformance.NewPlayer(target, "", []string{"lifo-fill"})
	var p fuzz.Program
	failed, also := 0, 0
	for i := 0; failed < 30; i++ {
		fuzz.Generate(&p, uint64(i), 20)
		if r := x.Execute(&p, schedule(i)); r.Signature() != "RCV-2" {
			continue
		}
		failed++
		c, err := p.Script()
		if err != nil {
			t.Fatalf("%v\n%v", err, &p)
		}
		for seed := range uint64(100) {
			a := player.Play(c, spec.Schedule{Strategy: "uniform", Seed: seed})
			if a.Signature() == "RCV-2" {
				also++
				break
			}
		}
	}
	if also < failed*2/3 {
		t.Errorf("%d of %d", also, failed)
	}
	t.Logf("%d of %d", also, failed)
}
