package engine

import (
	"fmt"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
)

// A script that has come to more threads than a simulated world has room for loses the pools that are too many, however they are repeated.
func TestAScriptIsNotCrowded(t *testing.T) {
	c, err := conformance.ParseCase("x.scn", []byte("answers any\n\nport P\npool W1 on P threads=4 handler=drain\nrepeat 5 {\n  port Q\n  pool W2 on Q threads=4 handler=drain\n  drain W2\n}\nrepeat 5 {\n  pool W3 on P threads=4 handler=drain\n}\n"))
	if err != nil {
		t.Fatal(err)
	}
	var pools, drains []string
	eachLine(brief(steps(c.File.Lines)), func(l *scenario.Line) {
		switch a := l.Action.(type) {
		case *scenario.PoolLine:
			pools = append(pools, a.Name)
		case *scenario.DrainLine:
			drains = append(drains, a.Name)
		}
	})
	if len(pools) != 2 || pools[0] != "W1" || pools[1] != "W2" || len(drains) != 1 {
		t.Errorf("pools %q, drains %q; want W1 and W2, which are %d threads, and the drain of W2", pools, drains, poolThreads)
	}
}

// Threads that wait, and far ends, take room as well: a pool beside which they would be too many goes.
func TestAPoolBesideManyStrandsIsOneTooMany(t *testing.T) {
	for strands, want := range map[int]int{10: 2, 44: 1, 70: 0} {
		text := "answers any\n\nport P\n"
		for i := range strands - 1 {
			text += fmt.Sprintf("@b%d wait P forever &\n", i)
		}
		c, err := conformance.ParseCase("x.scn", []byte(text+"pool W1 on P threads=10 handler=drain\npool W2 on P threads=10 handler=drain\n"))
		if err != nil {
			t.Fatal(err)
		}
		pools := 0
		eachLine(brief(steps(c.File.Lines)), func(l *scenario.Line) {
			if _, is := l.Action.(*scenario.PoolLine); is {
				pools++
			}
		})
		if pools != want {
			t.Errorf("beside %d strands %d pools of ten threads are left, want %d", strands, pools, want)
		}
	}
}
