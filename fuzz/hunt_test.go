package fuzz_test

import (
	"context"
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/fuzz"
	"github.com/ioconform/ioconform/reference"
)

var huntBugs = flag.String("bugs", "", "hunt those only, parted by commas")

var huntFor = flag.Duration("hunt", 0, "hunt each planted bug so long, and print what it took")

// Drawn programs notice nearly every planted bug. Which ones depends on nothing but the seed.
func TestDrawnProgramsNoticePlantedBugs(t *testing.T) {
	o := fuzz.HuntOptions{Programs: 60}
	least := 60
	if *huntFor > 0 {
		o, least = fuzz.HuntOptions{For: *huntFor}, 95
	}
	bugs := mutant.Catalogue()
	if *huntBugs != "" {
		bugs = slices.DeleteFunc(bugs, func(m mutant.Mutant) bool { return !slices.Contains(strings.Split(*huntBugs, ","), m.ID) })
	}
	r, err := fuzz.Hunt(context.Background(), bugs, reference.Lookup, o)
	if err != nil {
		t.Fatal(err)
	}
	dead := len(r.Bugs) - len(r.Survivors())
	t.Logf("\n%s", r)
	if 100*dead < least*len(r.Bugs) {
		t.Errorf("%d of %d planted bugs were noticed; not %q", dead, len(r.Bugs), r.Survivors())
	}
}
