package engine_test

import (
	"flag"
	"maps"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference/lawful"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

var lawfulRuns = flag.Int("lawful", 0, "programs, and as many scripts, of every back end that does what it declares; 0 is a sample")

// A planted bug is none where the back end declares what it comes to.
var declared = []struct {
	target, bug string
	axes        spec.Axes
}{
	{"model", "lifo-queue", spec.Axes{"queue": "any"}},
	{"model", "posts-first", spec.Axes{"queue": "any"}},
	{"model", "one-by-key", spec.Axes{"queue": "any"}},
	{"model", "lifo-fill", spec.Axes{"fill": "any"}},
	{"model", "receives-by-thread", spec.Axes{"fill": "any"}},
	{"model", "receives-hold-32", spec.Axes{"fill": "any"}},
	{"model", "short-send", spec.Axes{"send": "short"}},
	{"model", "cancel-siblings", spec.Axes{"cancel-scope": "direction"}},
	{"model", "cancel-siblings", spec.Axes{"cancel-scope": "socket"}},
	{"model", "close-wakes-nobody", spec.Axes{"wake-on-close": "no"}},
	{"model", "zero-receive-at-once", spec.Axes{"zero-receive": "at-once"}},
	{"model", "reset-forgotten", spec.Axes{"after-reset": "end"}},
	{"model", "unreachable-swallowed", spec.Axes{"unreachable": "silent"}},
	{"model", "close-forgets-sends", spec.Axes{"close": "keep"}},
	{"epoll-sim", "lifo-fill", spec.Axes{"fill": "any"}},
	{"epoll-sim", "steal", spec.Axes{"fill": "any"}},
	{"epoll-sim", "datagrams-lifo", spec.Axes{"fill": "any"}},
	{"epoll-sim", "zero-receive-at-once", spec.Axes{"zero-receive": "at-once"}},
	{"epoll-sim", "batch-reversed", spec.Axes{"queue": "any"}},
	{"epoll-sim", "single-takes-the-newest", spec.Axes{"queue": "any"}},
	{"epoll-sim", "sends-mixed", spec.Axes{"send": "mixed"}},
	{"epoll-sim", "truncation-hidden", spec.Axes{"truncation": "silent"}},
	{"epoll-sim", "told-reset-forgotten", spec.Axes{"after-reset": "end"}},
}

// modest are values of axes that promise less: whoever keeps more may declare them.
var modest = []spec.Axes{
	{"consumers": "1"}, {"issuers": "1"}, {"receives": "1"}, {"key": "op"}, {"inline": "queue"}, {"buffer": "backend"}, {"wake-on-close": "no"}, {"close": "keep"},
	{"cancel-scope": "direction"}, {"cancel-scope": "socket"}, {"after-cancel": "unspecified"}, {"send": "short"}, {"send": "mixed"}, {"fill": "any"}, {"queue": "any"},
	{"zero-receive": "at-once"}, {"after-reset": "end"}, {"reset-data": "any"}, {"progress": "kernel"}, {"progress": "waiters"}, {"truncation": "silent"},
	{"fill": "any", "queue": "any", "send": "mixed", "cancel-scope": "socket", "after-cancel": "unspecified", "reset-data": "any", "after-reset": "end", "key": "op", "close": "keep", "wake-on-close": "no"},
}

// plain are what not every poller can do.
var plain = []spec.Capability{
	spec.CanEdge, spec.CanOneShot, spec.CanRdHup, spec.CanExclusive, spec.CanNest, spec.CanDuplicate, spec.CanWorkers, spec.CanIPv6,
}

// together are liberties that are taken at once.
var together = [][]string{
	{"pends", "brings-one", "size-untold", "cancels-socket", "sends-less", "own-buffers", "own-keys"},
	{"skips", "cuts-silently", "cancels-direction", "stays-open", "own-buffers"},
}

// Nobody is accused of what he declares: by the suite, whose scripts stay on their path or say what they are not for, or by programs that nobody wrote. And everybody can conform: the
// suite shows each rule in all the situations that can come up. A part of these back ends is tried, and all with -lawful.
func TestWhatIsDeclaredIsNoFault(t *testing.T) {
	simtest.NotRaced(t)
	tried := 0
	try := func(base *spec.Target, name string, axes spec.Axes, bugs ...string) {
		if tried++; (tried-1)%simtest.Every(9) != 0 && *lawfulRuns == 0 {
			return
		}
		t.Run(base.About.Name+" "+name, func(t *testing.T) {
			t.Parallel()
			x := lawful.Declaring(base, axes)
			suiteAccusesNobody(t, x, bugs)
			runsAccuseNobody(t, x, bugs)
		})
	}
	for _, base := range simulatedTargets() {
		for _, cannot := range base.About.Capabilities {
			if cannot != spec.CanComplete && cannot != spec.CanPoll {
				try(lawful.Without(base, cannot), "without "+string(cannot), nil)
			}
		}
		if base.About.Can(spec.CanPoll) {
			for _, l := range lawful.Ready {
				try(lawful.Target(base, l.Name), l.Name, nil)
			}
			for _, names := range [][]string{nil, {"folds"}, {"folds", "brings-one", "tries-less"}} { // poll and select
				try(lawful.Without(lawful.Target(base, names...), plain...), "plain "+strings.Join(names, "+"), nil)
			}
			for i, a := range plain {
				for _, b := range append(plain[i+1:len(plain):len(plain)], spec.CanShutdown, spec.CanConnect, spec.CanDatagram) {
					both := lawful.Without(base, a, b)
					try(both, "without "+string(a)+" and "+string(b), nil)
				}
			}
			for _, cannot := range [][]spec.Capability{nil, {spec.CanOneShot}, {spec.CanEdge, spec.CanExclusive}, {spec.CanRdHup}, plain[1:], append(plain[2:len(plain):len(plain)], spec.CanEdge)} {
				try(lawful.Without(base, cannot...), "edges or once, without "+strings.Join(names(cannot), " "), spec.Axes{"level": "no"})
			}
			try(lawful.Without(lawful.Target(base, "folds"), plain[1:]...), "edges, folded", spec.Axes{"level": "no"})
			try(lawful.Without(base, append(plain[:len(plain):len(plain)], spec.CanShutdown, spec.CanConnect, spec.CanDatagram)...), "without anything", nil)
			continue
		}
		for _, d := range declared {
			if d.target == base.About.Name {
				try(base, d.bug+" "+words(d.axes), d.axes, d.bug)
			}
		}
		for _, axes := range modest {
			try(base, words(axes), axes)
		}
		for _, l := range lawful.Liberties {
			try(lawful.Target(base, l.Name), l.Name, nil)
		}
		for _, names := range together {
			try(lawful.Target(base, names...), strings.Join(names, "+"), nil)
		}
		for i := range uint64(30) {
			try(anyhow(base, i))
		}
	}
}

func names(cannot []spec.Capability) (list []string) {
	for _, c := range cannot {
		list = append(list, string(c))
	}
	return list
}

func words(axes spec.Axes) string {
	var list []string
	for _, x := range spec.AxisList {
		if v, is := axes[x.Name]; is {
			list = append(list, x.Name+"="+v)
		}
	}
	return strings.Join(list, ",")
}

// anyhow is the target that takes some liberties, declares less than it keeps, and has not all capabilities.
func anyhow(base *spec.Target, seed uint64) (*spec.Target, string, spec.Axes) {
	rng := rand.New(rand.NewPCG(seed, 5))
	x, axes, said := base, spec.Axes{}, []string{strconv.FormatUint(seed, 10) + ":"}
	for _, axis := range modest[:len(modest)-1] {
		if rng.IntN(6) == 0 {
			maps.Copy(axes, axis)
		}
	}
	for _, cannot := range base.About.Capabilities {
		if cannot != spec.CanComplete && rng.IntN(9) == 0 {
			x = lawful.Without(x, cannot)
			said = append(said, "without "+string(cannot))
		}
	}
	var names []string
	for _, l := range lawful.Liberties {
		if rng.IntN(4) == 0 {
			names = append(names, l.Name)
			maps.Copy(axes, l.Declare)
		}
	}
	if len(names) > 0 {
		x = lawful.Target(x, names...)
	}
	return x, strings.Join(append(append(said, names...), words(axes)), " "), axes
}

func suiteAccusesNobody(t *testing.T, target *spec.Target, bugs []string) {
	t.Helper()
	o := conformance.Options{Bugs: bugs, Parallel: 1}
	if !simtest.Long() {
		o.Schedules = 16
	}
	r, err := conformance.Run(t.Context(), target, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Cases {
		if c := &r.Cases[i]; c.Verdict != conformance.Pass && c.Verdict != conformance.Skip {
			t.Errorf("%s: %s %s", c.Case.Name, c.Verdict, c.Reason)
			for _, v := range c.Violations {
				t.Errorf("   %s at %d: %s", v.Rule.ID, v.Q, v.Said)
			}
		}
	}
	for i := range r.Rules {
		if x := &r.Rules[i]; (x.Verdict == spec.NotExercised || x.Verdict == spec.Unknown) && x.Rule.Binds == spec.Guarantee && x.Rule.Level <= spec.SHOULD {
			t.Errorf("%s is %s: not seen: %q", x.Rule.ID, x.Verdict, x.Count.Missing(x.Rule, &r.About))
		}
	}
}

func runsAccuseNobody(t *testing.T, target *spec.Target, bugs []string) {
	t.Helper()
	n := *lawfulRuns
	if n == 0 {
		n = 600 / simtest.Every(4)
	}
	planted := *target
	if len(bugs) > 0 {
		planted.Open = func() (*spec.Instance, error) {
			in, err := target.Open()
			if err == nil {
				err = in.Plant(bugs...)
			}
			return in, err
		}
	}
	player := conformance.NewPlayer(target, "", bugs)
	var x *engine.Executor
	if engine.Plays(target) {
		x = engine.NewExecutor(&planted)
	}
	var p engine.Program
	for i := range n {
		if x != nil {
			engine.Generate(&p, uint64(i), 8+i%24)
			if r := x.Execute(&p, schedule(i)); r.Failed() != "" {
				t.Fatalf("program %d: %s\n%v", i, r.Failed(), &p)
			}
		}
		c := engine.GenerateScript(&target.About, uint64(i), 4+i%40)
		if a := player.Play(c, engine.ScheduleOf(uint64(i))); a.Signature() != "" || a.Left != nil {
			t.Fatalf("script %d: %s\n%s", i, a.Signature(), a.Result(c).Describe(target.About.Name, "", conformance.Page{Rows: 200}))
		}
	}
}
