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
	picture(t, simulated.Model(simnet.Options{}), `port P
@w1 wait P forever &
settle
post hello to P key=0x7 bytes=3
@w1 join -> ok
`, wantDrawing)
}

// picture compares the picture of a script that passes.
func picture(t *testing.T, target *spec.Target, script, want string) {
	t.Helper()
	c, err := conformance.ParseCase("t.scn", []byte(script))
	if err != nil {
		t.Fatal(err)
	}
	res, err := conformance.Replay(context.Background(), target, c, spec.Schedule{Strategy: "dull"}, 1)
	if err != nil || res.Verdict != conformance.Pass {
		t.Fatal(err, res)
	}
	var b strings.Builder
	d := conformance.Drawing{Trace: res.Trace, Names: res.Names(), Whole: true, Width: 80}
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
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

// So is that of a poller, in its own words.
func TestDrawingOfAPoller(t *testing.T) {
	picture(t, simulated.Poller(simnet.Options{}), `needs poller

poller E
poller F
session s
add s to E in edge
dup s as s2
add F to E none
peer c sends 4
settle
wait E -> s: in
try recv on s len=8 -> ok 4
try accept on L -> wouldblock
modify s in E in out
remove s from E -> ok
close F
wait E 5ms max=2 -> timedout
`, wantPoller)
}

const wantPoller = `         main                                 c (far end)
    1-2  open E → ok
    3-4  open F → ok
    5-6  open L → ok
    7-8  bind L → ok
    9-10 listen on L → ok
   11-12                                      connect → ok
   13-14 try accept on L → ok, s
   15-16 add s to E, in edge → ok
   17-18 duplicate s as s2 → ok
   19-20 add F to E, none → ok
   21-22                                      send 4 → ok
   24    · pause: all that was under way is over
   25-26 wait on E, up to 16 → ◆ s: in
   27-28 try recv on s, 8 bytes → ok 4
   29-30 try accept on L → wouldblock (errno 11)
   31-32 modify s in E, in out → ok
   33-34 remove s from E → ok
   35-36 close F → ok
   37-38 wait on E, up to 2 → nothing
   39-40 wait on E, up to 64 → nothing
   41-42                                      read up to 65536 → nothing
   43    · settled: nothing more is to come
   44-45 close E → ok
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
