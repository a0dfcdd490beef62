package engine

import (
	"bytes"
	"flag"
	"slices"
	"testing"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

var cornerScripts = flag.Int("corners", 0, "corner scripts in the test of their soundness; 0 is a few hundred")

// drawnCorner calls do with corner scripts, as many as are asked for, and says of how many scripts they were.
func drawnCorner(about *spec.About, n int, do func(seed uint64, c *conformance.Case)) (of int) {
	for seed := uint64(0); n > 0; seed++ {
		of++
		if s := (&script{about: about}); !s.isDense(seed) && s.isCorner(seed) {
			n--
			do(seed, GenerateScript(about, seed, 4+int(seed%28)))
		}
	}
	return of
}

// situations are what corner scripts are drawn for, as they show in the lines of one, those of a repeat as often as they are done.
var situations = []struct {
	what string
	of   string // "ports", "pollers", or "" of both
	is   func(lines []*scenario.Line) bool
}{
	{"more than 32 receives on one socket", "ports", on(33, starting("recv"))},
	{"more than 32 accepts on one socket", "ports", on(33, starting("accept"))},
	{"more than 32 sends on one socket", "ports", on(33, starting("send"))},
	{"more than 32 datagrams for one socket", "ports", on(33, starting("recvfrom"))},
	{"more than 16 connects to one place", "ports", on(17, func(l *scenario.Line) string {
		if a, is := l.Action.(*scenario.StartLine); is && a.Verb == "connect" {
			return a.To
		}
		return ""
	})},
	{"more than eight threads asleep in one wait", "", on(9, sleeping)},
	{"posts that are the same", "ports", on(2, posted)},
	{"a token of another socket", "ports", tokenOfAnother},
	{"a socket of datagrams that is shut down beside its receives", "ports", then(starting("recvfrom"), shutting)},
	{"a socket of datagrams that is closed beside its sends", "ports", then(starting("sendto"), closing)},
	{"a large send where packets are skipped", "ports", then(skipping, func(l *scenario.Line) string {
		if a, is := l.Action.(*scenario.StartLine); is && a.Verb == "send" && a.Opts.Int("len", 0) > 4096 {
			return a.On
		}
		return ""
	})},
	{"a socket that connects after it was disconnected", "disconnect", then(starting("disconnect"), starting("connect"))},
	{"a socket that is associated behind its connect", "ports", then(starting("connect"), func(l *scenario.Line) string {
		if a, is := l.Action.(*scenario.AssociateLine); is {
			return a.Name
		}
		return ""
	})},
	{"a packet taken from under a wait of half an hour", "ports", then(func(l *scenario.Line) string {
		if a, is := l.Action.(*scenario.WaitLine); is && a.Timeout > 1000*time.Second {
			return a.Port
		}
		return ""
	}, func(l *scenario.Line) string {
		if a, is := l.Action.(*scenario.WaitLine); is && a.Timed && a.Timeout == 0 {
			return a.Port
		}
		return ""
	})},
	{"a wait of no whole milliseconds", "", func(lines []*scenario.Line) bool {
		return slices.ContainsFunc(lines, func(l *scenario.Line) bool {
			a, is := l.Action.(*scenario.WaitLine)
			return is && a.Timeout%time.Millisecond != 0
		})
	}},
	{"more than 64 files in one poller", "pollers", on(65, func(l *scenario.Line) string {
		if a, is := l.Action.(*scenario.InterestLine); is && a.Verb == "add" {
			return a.Poller
		}
		return ""
	})},
	{"a file that is added more than 16 times", "pollers", on(17, func(l *scenario.Line) string {
		if a, is := l.Action.(*scenario.InterestLine); is && a.Verb == "add" {
			return a.Name
		}
		return ""
	})},
}

// on reports whether lines about one thing, which what tells, are done so often.
func on(n int, what func(*scenario.Line) string) func([]*scenario.Line) bool {
	return func(lines []*scenario.Line) bool {
		times := map[string]int{}
		for _, l := range lines {
			if x := what(l); x != "" {
				times[x]++
			}
		}
		for _, k := range times {
			if k >= n {
				return true
			}
		}
		return false
	}
}

// then reports whether a line of the second kind stands behind one of the first that is about the same.
func then(first, second func(*scenario.Line) string) func([]*scenario.Line) bool {
	return func(lines []*scenario.Line) bool {
		seen := map[string]bool{}
		for _, l := range lines {
			if x := second(l); x != "" && seen[x] {
				return true
			}
			if x := first(l); x != "" {
				seen[x] = true
			}
		}
		return false
	}
}

func starting(verb string) func(*scenario.Line) string {
	return func(l *scenario.Line) string {
		if a, is := l.Action.(*scenario.StartLine); is && a.Verb == verb {
			return a.On
		}
		return ""
	}
}

// tokenOfAnother reports whether an operation has the token of one on another socket.
func tokenOfAnother(lines []*scenario.Line) bool {
	owner := map[string]string{}
	return slices.ContainsFunc(lines, func(l *scenario.Line) bool {
		a, is := l.Action.(*scenario.StartLine)
		if is {
			owner[a.Name] = a.On
		}
		return is && a.Opts.Has("token") && owner[a.Opts.Word("token", "")] != a.On
	})
}

func sleeping(l *scenario.Line) string {
	if a, is := l.Action.(*scenario.WaitLine); is && a.Forever && l.Background {
		return a.Port
	}
	return ""
}

// posted is a post but for its own name.
func posted(l *scenario.Line) string {
	if a, is := l.Action.(*scenario.PostLine); is {
		x := *a
		if x.Name = "k"; !a.Opts.Has("token") {
			x.Opts = append(slices.Clone(a.Opts), scenario.Opt{Key: "token", Value: scenario.Value{Takes: scenario.TakesName, Word: a.Name}})
		}
		return printed(&scenario.Line{Action: &x})
	}
	return ""
}

func shutting(l *scenario.Line) string {
	if a, is := l.Action.(*scenario.ShutdownLine); is {
		return a.Name
	}
	return ""
}

func closing(l *scenario.Line) string {
	if a, is := l.Action.(*scenario.CloseLine); is {
		return a.Name
	}
	return ""
}

func skipping(l *scenario.Line) string {
	if a, is := l.Action.(*scenario.SkipLine); is {
		return a.Name
	}
	return ""
}

// unrolled is the lines in the order of the text, those of a repeat as often as they are done.
func unrolled(nodes []scenario.Node) (lines []*scenario.Line) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *scenario.Line:
			lines = append(lines, n)
		case *scenario.Block:
			for range max(n.Times.Int(), 1) {
				lines = append(lines, unrolled(n.Lines)...)
			}
		}
	}
	return lines
}

// One script in so many is a corner script, is the same when it is drawn again, and between them they have all that they are drawn for.
func TestCornerScriptsHaveWhatTheyAreDrawnFor(t *testing.T) {
	simtest.NotRaced(t)
	for _, target := range denseTargets() {
		const n = 400
		seen := map[string]int{}
		of := drawnCorner(&target.About, n, func(seed uint64, c *conformance.Case) {
			if again := GenerateScript(&target.About, seed, 4+int(seed%28)); !bytes.Equal(scenario.Print(c.File), scenario.Print(again.File)) {
				t.Fatalf("%s: script %d is another when it is drawn again:\n%s", target.About.Name, seed, c.Text())
			}
			lines := unrolled(steps(c.File.Lines))
			for _, x := range situations {
				if x.is(lines) {
					seen[x.what]++
				}
			}
		})
		if every := cornerEvery * denseEvery / (denseEvery - 1); of < n*every*2/3 || of > n*every*3/2 {
			t.Errorf("%s: %d of %d scripts are corner scripts, want one in %d", target.About.Name, n, of, every)
		}
		for _, x := range situations {
			there := x.of == "" || x.of == "disconnect" && target.About.Can(spec.CanDisconnect) || x.of == map[bool]string{true: "pollers", false: "ports"}[isPoller(&target.About)]
			if there && seen[x.what] == 0 {
				t.Errorf("%s: none of %d corner scripts has %s", target.About.Name, n, x.what)
			}
		}
		t.Logf("%s: %d of %d; %v", target.About.Name, n, of, seen)
	}
}

// No corner script, none that is made of one, and none of two, makes a reference break a rule; none breaks an obligation.
func TestCornerScriptsAccuseNoReference(t *testing.T) {
	for _, target := range denseTargets() {
		t.Run(target.About.Name, func(t *testing.T) {
			t.Parallel()
			scripts := *cornerScripts
			switch {
			case scripts > 0:
			case testing.Short() || simtest.Raced:
				scripts = 50
			case simtest.Long():
				scripts = 1200
			default:
				scripts = 200
			}
			p := conformance.NewPlayer(target, "", nil)
			play := func(c *conformance.Case, s spec.Schedule) {
				a := p.Play(c, s)
				if a.Signature() != "" || a.Left != nil || a.Voided() {
					t.Fatalf("%s\n%s", a.Result(c).Describe(target.About.Name, "", conformance.Page{Rows: 200}), scenario.Print(c.File))
				}
			}
			var last *conformance.Case
			drawnCorner(&target.About, scripts, func(seed uint64, c *conformance.Case) {
				play(c, ScheduleOf(seed))
				m := MutateScript(&target.About, seed, c)
				if last != nil && seed%2 == 0 {
					m = SpliceScripts(&target.About, seed, c, last)
				}
				last = m
				play(m, ScheduleOf(seed+1))
			})
		})
	}
}

// What has to do with many, with equals and with what was another's is found by few corner scripts.
func TestCornerScriptsFindWhatOthersDoNot(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	for target, bugs := range map[*spec.Target][]string{
		simulated.Model(simnet.Options{}): {"receives-hold-32", "reconnected-cannot-send", "closed-socket-wakes-nobody", "connect-table-of-16"},
		simulated.Epoll(simnet.Options{}): {
			"cancel-all-of-32", "cancel-by-token", "shutdown-cancels-datagrams", "close-forgets-datagram-sends", "same-posts-merged", "nobody-woken-beyond-eight", "skip-but-for-large-sends",
		},
		simulated.Poller(simnet.Options{}): {"wait-of-whole-milliseconds", "poller-of-64"},
	} {
		for _, bug := range bugs {
			p := conformance.NewPlayer(target, "", []string{bug})
			found, n := 0, 0
			drawnCorner(&target.About, 500, func(seed uint64, c *conformance.Case) {
				if n++; found > 0 {
					return
				}
				if a := p.Play(c, ScheduleOf(seed)); a.Signature() != "" {
					found = n
				}
			})
			if found == 0 {
				t.Errorf("%s/%s: none of %d corner scripts finds it", target.About.Name, bug, n)
			}
			t.Logf("%s/%s: found by corner script %d", target.About.Name, bug, found)
		}
	}
}
