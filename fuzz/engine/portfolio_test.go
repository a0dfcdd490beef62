package engine

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/reference/simworld"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

func explored(t *testing.T, target, name, text string, o ExploreOptions) *Exploration {
	t.Helper()
	subject, bugs := subject(t, target)
	o.Bugs = bugs
	x, err := Explore(context.Background(), subject, caseOf(t, name, text), o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func findingOf(x *Exploration, what string) *Found {
	i := slices.IndexFunc(x.Found, func(f Found) bool { return f.What == what })
	if i < 0 {
		return nil
	}
	return &x.Found[i]
}

// Two planted bugs, each of which a strategy alone does not see, and the portfolio does: a livelock that takes more delays than a search gets to, and
// a lock that is let go for one step, in a moment that uniform choices hardly ever make long enough.
func TestThePortfolioFindsWhatOneStrategyDoesNot(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	t.Parallel()
	for _, b := range []struct {
		target, scenario, text, what string
		blind                        ExploreOptions // the strategy that does not see it
		seen                         ExploreOptions
	}{
		{"epoll-sim/livelock-eventfd", "two posters", posters, "hang", ExploreOptions{Bound: Delays, Max: 2}, ExploreOptions{Bound: Delays, Max: 1, Random: 500}},
		{"epoll-sim/receive-queued-late", "two waiters", twoWaiters, "RCV-5",
			ExploreOptions{Bound: Delays, Random: 1500, Only: "uniform"}, ExploreOptions{Bound: Delays, Max: 1, Random: 1500}},
	} {
		if x := explored(t, b.target, b.scenario, b.text, b.blind); findingOf(x, b.what) != nil {
			t.Errorf("%s: the strategy that was not to see it does, with %v", b.target, findingOf(x, b.what).by(Delays))
		}
		x := explored(t, b.target, b.scenario, b.text, b.seen)
		f := findingOf(x, b.what)
		if f == nil {
			t.Errorf("%s: not found: %s, %v", b.target, x.Verdict(), x.Random)
			continue
		}
		if !f.Broken() || len(f.Result.Picks) == 0 {
			t.Errorf("%s: %+v", b.target, f)
		}
		t.Logf("%s in %.1f s by %s; %v", b.target, x.Seconds, f.by(Delays), x.Random)
	}
}

// spinner is a back end whose second thread in Wait never comes back.
type spinner struct {
	spec.Backend
	world  *simworld.World
	inside int
}

type spinnerPort struct {
	spec.Port
	b *spinner
}

func (b *spinner) Port(n int) (spec.Port, spec.Status) {
	p, st := b.Backend.Port(n)
	b.inside = 0
	return &spinnerPort{p, b}, st
}

func (p *spinnerPort) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	p.b.inside++
	defer func() { p.b.inside-- }()
	for stuck := p.b.inside > 1; stuck; {
		p.b.world.Sim.Yield()
	}
	return p.Port.Wait(dst, timeout)
}

// A run that never ends is a finding, and the search is not complete because of it; but it ends.
func TestALivelockDoesNotPassForComplete(t *testing.T) {
	target := simulated.Model(simnet.Options{StepCap: 3000})
	open := target.Open
	target.Open = func() (*spec.Instance, error) {
		i, err := open()
		if err == nil {
			j := *i
			j.Backend = &spinner{Backend: i.Backend, world: i.World.(*simworld.World)}
			return &j, nil
		}
		return i, err
	}
	x, err := Explore(context.Background(), target, caseOf(t, "two posters", posters), ExploreOptions{Bound: Delays, Max: 2, Plain: true})
	if err != nil || x.Hung == 0 {
		t.Fatalf("no run hung: %v %s", err, x.Verdict())
	}
	if f := findingOf(x, "hang"); x.Complete || f == nil || f.Cost < 1 || x.Why == "" || x.Reached != f.Cost-1 || !x.Broken() {
		t.Errorf("%s; found %+v", x.Verdict(), x.Found)
	}
	t.Logf("%s, %d runs hung, %.1f s", x.Verdict(), x.Hung, x.Seconds)
}

// fickle is a back end that takes another step in every other run.
type fickle struct {
	spec.Backend
	world *simworld.World
	runs  *int
}

func (b *fickle) Port(n int) (spec.Port, spec.Status) {
	if *b.runs++; *b.runs%2 == 0 {
		b.world.Sim.NewSemaphore(1).Acquire()
		b.world.Sim.Go("another", func() {})
	}
	return b.Backend.Port(n)
}

func TestABackEndThatIsNotTheSameInEveryRunProvesNothing(t *testing.T) {
	target := simulated.Model(simnet.Options{})
	open, runs := target.Open, 0
	target.Open = func() (*spec.Instance, error) {
		i, err := open()
		if err != nil {
			return i, err
		}
		j := *i
		j.Backend = &fickle{i.Backend, i.World.(*simworld.World), &runs}
		return &j, nil
	}
	x, err := Explore(context.Background(), target, caseOf(t, "two posters", posters), ExploreOptions{Bound: Delays, Max: 2})
	if err != nil || x.Wrong == nil || x.Complete {
		t.Errorf("%v %s", err, x.Verdict())
	}
}

func TestASearchThatIsStoppedSaysWhatItDidComplete(t *testing.T) {
	target, _ := subject(t, "model")
	ctx, cancel := context.WithCancel(context.Background())
	x, err := Explore(ctx, target, caseOf(t, "two posters", posters), ExploreOptions{Bound: Delays, Max: 9, Progress: func(x *Exploration) {
		if x.Reached >= 1 {
			cancel()
		}
	}})
	if err != nil || x.Complete || !x.Stopped || x.Reached < 1 || x.Schedules < 50 {
		t.Errorf("%v %+v", err, x)
	}
	t.Log(x.Verdict())
}

func TestARealMachineCannotBeExplored(t *testing.T) {
	_, err := Explore(context.Background(), &spec.Target{About: spec.About{Name: "mine", World: "real"}}, caseOf(t, "two posters", posters), ExploreOptions{})
	if !errors.Is(err, ErrNoChoices) {
		t.Error(err)
	}
}
