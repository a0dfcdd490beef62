package main

import (
	"bytes"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// Where standard error is no terminal a line tells now and then how far it is, of everything that takes long, and nothing of it is on standard output.
func TestProgressWhereThereIsNoTerminal(t *testing.T) {
	simtest.NotShort(t)
	inEmptyFolder(t)
	defer func(a, b time.Duration) { early, seldom = a, b }(early, seldom)
	early, seldom = 0, 0
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // what runs for a time would be no different on more processors
	for _, c := range []struct{ args, want string }{
		{"run model --run key --format jsonl", `(?m)^model: \d+ of \d+$`},
		{"run poller-sim --run ready/edge-* --repeat 2 --format jsonl", `(?m)^poller-sim: \d+ of \d+$`},
		{"baseline model --run key", `(?m)^model: \d+ of \d+$`},
		{"claims poller-sim --format jsonl", `(?m)^poller-sim: \d+ of \d+$`},
		{"fuzz model --format jsonl --for TIME", `(?m)^model: [\d ]+ runs`},
		{"explore thread/the-servers-loop --delays 9 --format jsonl --for TIME", `(?m)^explore: delays ≤ \d+ complete, \d+ runs, \d+ bad$`},
		{"bench --for 10ms --format jsonl", `(?m)^bench: begun$`},
		{"replay key/zero --repeat 10", `(?m)^replay: begun$`},
	} {
		var out, errs string
		for long := time.Second; long <= time.Minute; long *= 2 { // on a slow machine a short one is over before anything is told
			_, out, errs = conform(t, "", strings.Fields(strings.ReplaceAll(c.args, "TIME", long.String()))...)
			if !strings.Contains(c.args, "TIME") || errs != "" {
				break
			}
		}
		if !regexp.MustCompile(c.want).MatchString(errs) {
			t.Errorf("%s: nothing tells how far it is:\n%s", c.args, errs)
		}
		for l := range strings.Lines(out) {
			if strings.Contains(c.args, "jsonl") && !strings.HasPrefix(l, `{"`) {
				t.Errorf("%s: on standard output is %s", c.args, l)
			}
		}
	}
}

// What is soon over is not spoken of.
func TestShortWorkHasNoProgress(t *testing.T) {
	var errs bytes.Buffer
	p := newProgress(&errs, "something")
	p.step(1, 2)
	p.say("so far")
	p.end()
	p.beat()
	if errs.Len() > 0 {
		t.Errorf("it says %s", &errs)
	}
}
