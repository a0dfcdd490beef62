package engine

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// oneReceive is the discipline of the central claim: a worker gets a message of a client, handles it, and posts the receive again as its last act.
// The client sends two messages.
const oneReceive = `# THR-1: %d workers, two messages, one receive that is posted again as the handler's last act: handlers follow one another.
rules THR-1 PKT-2
needs workers
session s
pool W on P threads=%d handler=session-echo receives=1 size=2
peer c sends 4
drain W
`

// The central claim, settled for so many workers and delays: with one receive, posted again as the handler's last act, handlers never overlap.
// The numbers are exact.
var settled = []struct {
	target    string
	workers   int
	delays    int
	interrupt bool // the bound is one of preemptions instead
	schedules uint64
	stated    bool // in README.md
	long      bool // settled only with the flag of that name
}{
	{target: "model", workers: 1, delays: 2, schedules: 632},
	{target: "model", workers: 2, delays: 2, schedules: 2051},
	{target: "model", workers: 3, delays: 2, schedules: 3917},
	{target: "model", workers: 4, delays: 2, schedules: 5947},
	{target: "epoll-sim", workers: 2, delays: 2, schedules: 7187},
	{target: "epoll-sim", workers: 3, delays: 2, schedules: 12678, stated: true, long: true},
	{target: "epoll-sim", workers: 4, delays: 2, schedules: 19398, stated: true, long: true},
	{target: "model", workers: 1, delays: 3, schedules: 7348, long: true},
	{target: "model", workers: 2, delays: 3, schedules: 42777, stated: true, long: true},
	{target: "model", workers: 3, delays: 3, schedules: 111684, stated: true, long: true},
	{target: "model", workers: 4, delays: 3, schedules: 219354, stated: true, long: true},
	{target: "epoll-sim", workers: 2, delays: 3, schedules: 279348, stated: true, long: true},
	{target: "epoll-sim", workers: 2, delays: 1, interrupt: true, schedules: 33648, long: true},
	{target: "epoll-sim", workers: 2, delays: 2, interrupt: true, schedules: 2384224, stated: true, long: true},
}

func TestHandlersOfOneReceiveNeverOverlap(t *testing.T) {
	simtest.NotRaced(t)
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range settled {
		bound := Delays
		if s.interrupt {
			bound = Preemptions
		}
		stated := fmt.Sprintf("| `%s` | %d | complete: %d schedules, %s ≤ %d |", s.target, s.workers, s.schedules, bound, s.delays)
		if s.stated && !strings.Contains(string(readme), stated) {
			t.Errorf("README.md does not state: %s", stated)
		}
		if s.long && !long() || (testing.Short() || simtest.Every(2) > 1) && i%2 == 1 {
			continue
		}
		x := explored(t, s.target, fmt.Sprintf("%d workers", s.workers), fmt.Sprintf(oneReceive, s.workers, s.workers), ExploreOptions{Bound: bound, Max: s.delays})
		if !x.Complete || len(x.Found) > 0 || x.Schedules != s.schedules {
			t.Errorf("%d workers on %s: %s, found %v; it was %d schedules", s.workers, s.target, x.Verdict(), x.Found, s.schedules)
		}
		if s.workers > 1 && !situation(x, "THR-1", "on another thread") {
			t.Errorf("%d workers on %s: no two workers had a message each: %v", s.workers, s.target, x.Seen)
		}
		t.Logf("%d workers on %s: %s; %d runs, %d judged, %.1f s", s.workers, s.target, x.Verdict(), x.Runs, x.Judged, x.Seconds)
	}
}

// long is the flag of this package's other tests.
func long() bool {
	f := flag.Lookup("long")
	return f != nil && f.Value.String() == "true"
}

func situation(x *Exploration, rule, name string) bool {
	for _, s := range x.Seen {
		if s.Rule.ID == rule && s.Situation == name {
			return true
		}
	}
	return false
}

// Without the discipline handlers do overlap: a receive that is posted first (THR-2), two receives (THR-3).
func TestWithoutTheDisciplineHandlersOverlap(t *testing.T) {
	for _, target := range []string{"model", "epoll-sim"} {
		for _, c := range []struct {
			name, rule string
			cost       int
		}{
			{"thread/repost-first-overlaps", "THR-2", 0},
			{"thread/two-receives-overlap", "THR-3", 0},
			{"thread/repost-first-pool", "THR-2", 1},
			{"thread/two-receives-pool", "THR-3", 1},
		} {
			x := explored(t, target, c.name, "", ExploreOptions{Bound: Delays, Max: c.cost})
			if !x.Complete || len(x.Found) > 0 {
				t.Errorf("%s on %s: %s, found %v", c.name, target, x.Verdict(), x.Found)
			}
			if !situation(x, c.rule, "two handlers ran at once") {
				t.Errorf("%s on %s: %s was not seen", c.name, target, c.rule)
				continue
			}
			for _, s := range x.Seen {
				if s.Rule.ID == c.rule && s.Cost != c.cost {
					t.Errorf("%s on %s: %s with %d delays, not %d", c.name, target, c.rule, s.Cost, c.cost)
				}
			}
		}
	}
}

// The document's server, two workers and two clients: the reduction runs a tenth of the schedules.
func TestTheReductionRunsATenthOfTheDocumentsServer(t *testing.T) {
	simtest.NotRaced(t)
	t.Parallel()
	delays, times := 3, 10.0 // it was 10.4
	if testing.Short() || simtest.Every(2) > 1 {
		delays, times = 2, 4
	}
	x := explored(t, "model", "server", server.Text(), ExploreOptions{Bound: Delays, Max: delays})
	if !x.Complete || len(x.Found) > 0 {
		t.Fatalf("%s, found %v", x.Verdict(), x.Found)
	}
	ratio := float64(x.Schedules) / float64(x.Runs)
	if t.Logf("%s: %d runs, %d to their end, %d judged; %.1f times as many schedules; %.0f schedules/s", x.Verdict(), x.Runs, x.Ended, x.Judged, ratio, x.PerSecond()); ratio < times {
		t.Errorf("only %.1f times as many schedules as runs", ratio)
	}
}

// The server as a program of its own is reduced as soundly as a scenario.
func TestTheServerIsReducedSoundly(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	t.Parallel()
	for i, name := range []string{"model", "epoll-sim", "epoll-sim/packets-taken-unlocked", "model/fifo-waiters"} {
		target, bugs := subject(t, name)
		most := 2
		if simtest.Every(4) > 1 && i != 2 {
			most = 1
		}
		var both [2]*Exploration
		for i := range both {
			x, err := ExploreServer(t.Context(), target, Server{Workers: 2, Clients: 1, Messages: 2, Size: 2}, ExploreOptions{Bound: Delays, Max: most, Plain: i == 0, Bugs: bugs})
			if err != nil || !x.Complete {
				t.Fatalf("%s: %v %s", name, err, x.Verdict())
			}
			both[i] = x
		}
		plain, reduced := both[0], both[1]
		if plain.Schedules != reduced.Schedules || plain.Distinct < reduced.Distinct || len(plain.Found) != len(reduced.Found) || plain.Broken() != (len(bugs) > 0 && bugs[0] == "packets-taken-unlocked") {
			t.Errorf("%s: %s, %d distinct, found %d; reduced: %s, %d, %d", name, plain.Verdict(), plain.Distinct, len(plain.Found), reduced.Verdict(), reduced.Distinct, len(reduced.Found))
		}
		t.Logf("%s: %s in %d runs", name, reduced.Verdict(), reduced.Runs)
	}
}

// The rules of the profile judge the server, as they do a case.
func TestTheServerIsJudgedByTheProfile(t *testing.T) {
	simtest.NotShort(t)
	simtest.NotRaced(t)
	t.Parallel()
	target, bugs := subject(t, "epoll-sim/packets-taken-unlocked")
	for profile, want := range map[string]bool{"": true, "portable": true, "readiness": false} {
		x, err := ExploreServer(t.Context(), target, Server{Workers: 2, Clients: 1, Messages: 2, Size: 2}, ExploreOptions{Bound: Delays, Max: 2, Bugs: bugs, Profile: profile})
		if err != nil || x.Broken() != want {
			t.Errorf("profile %q: %v, %s, found %v", profile, err, x.Verdict(), x.Found)
		}
	}
}
