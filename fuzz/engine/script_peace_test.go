package engine

import (
	"testing"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/simnet/simtest"
)

// No script closes in a par what another strand makes a call on there, dense or not (DSC-3): on a real machine the call might meet another file that has got the number.
func TestNothingIsClosedInAParBesideItsUse(t *testing.T) {
	for _, target := range denseTargets() {
		n, step := uint64(4000), uint64(simtest.Every(7))
		if testing.Short() || simtest.Raced {
			n, step = 1000, 1
		}
		closes := 0
		for seed := uint64(0); seed < n; seed += step {
			c := GenerateScript(&target.About, seed, 4+int(seed%40))
			owner := owners(c.File.Lines)
			eachPar(c.File.Lines, func(b *scenario.Block) {
				for _, n := range b.Lines {
					l := n.(*scenario.Line)
					if closesWhatIsUsed(l, b.Lines, owner) {
						t.Fatalf("%s: script %d, %q:\n%s", target.About.Name, seed, printed(l), c.Text())
					}
					if _, is := l.Action.(*scenario.CloseLine); is {
						closes++
					}
				}
			})
		}
		if closes*100 < int(n/step) {
			t.Errorf("%s: %d closes in the pars of %d scripts", target.About.Name, closes, n/step)
		}
	}
}

// eachPar calls do with every par, those in repeats included.
func eachPar(nodes []scenario.Node, do func(*scenario.Block)) {
	for _, n := range nodes {
		if b, is := n.(*scenario.Block); is {
			if b.Kind == scenario.Par {
				do(b)
			} else {
				eachPar(b.Lines, do)
			}
		}
	}
}
