package fuzz_test

import (
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/fuzz"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

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
