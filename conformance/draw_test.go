package conformance_test

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// The picture of a small run, whole: columns, shared rows, bars of calls that stay open, packets.
func TestDrawing(t *testing.T) {
	c, err := conformance.ParseCase("t.scn", []byte(`port P
@w1 wait P forever &
settle
post hello to P key=0x7 bytes=3
@w1 join -> ok
`))
	if err != nil {
		t.Fatal(err)
	}
	res, err := conformance.Replay(context.Background(), simulated.Model(simnet.Options{}), c, spec.Schedule{Strategy: "dull"}, 1)
	if err != nil || res.Verdict != conformance.Pass {
		t.Fatal(err, res)
	}
	var b strings.Builder
	d := conformance.Drawing{Trace: res.Trace, Names: res.Names(), Whole: true, Width: 80}
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != wantDrawing {
		t.Errorf("got\n%s\nwant\n%s", got, wantDrawing)
	}
}

const wantDrawing = `         main                                 w1
    1-2  open P → ok
    4                                         wait on P, for ever
    5    · pause: all that was under way is over
    6-7  post hello to P, key 0x7 → ok        │
    9                                         └ ◆ hello: ok 3, key 0x7
   10-11 wait on P, up to 8 → nothing
   12    · settled: nothing more is to come
   13-14 close P → ok
`

// However many columns there are, no line is wider than the page, with or without colour.
func TestNoLineIsWiderThanThePage(t *testing.T) {
	simtest.NotRaced(t)
	target := simulated.Model(simnet.Options{})
	for _, c := range part(t, 4) {
		res, err := conformance.Replay(context.Background(), target, c, spec.Schedule{Strategy: "uniform", Seed: 5}, 1)
		if err != nil || res.Trace == nil {
			continue
		}
		for _, width := range []int{60, 80, 132} {
			var b strings.Builder
			d := conformance.Drawing{Trace: res.Trace, Names: res.Names(), Whole: true, Width: width, Indent: "  "}
			d.Write(&b)
			for _, l := range strings.Split(b.String(), "\n") {
				if n := utf8.RuneCountInString(l); n > width {
					t.Errorf("%s: %d columns on a page of %d: %s", c.Name, n, width, l)
				}
			}
		}
	}
}
