package mutant_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

func examine(t *testing.T, ctx context.Context, mutants []mutant.Mutant, run string, o mutant.ExamOptions) *mutant.ExamReport {
	t.Helper()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	var globs []string
	if run != "" {
		globs = []string{run}
	}
	cases, err := conformance.Select(all, globs, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := mutant.Exam(ctx, mutants, cases, reference.Lookup, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func named(t *testing.T, ids ...string) (list []mutant.Mutant) {
	t.Helper()
	for _, m := range mutant.Catalogue() {
		if slices.Contains(ids, m.ID) {
			list = append(list, m)
		}
	}
	if len(list) != len(ids) {
		t.Fatalf("%v: found %d", ids, len(list))
	}
	return list
}

// A case that fails without the bug as well does not kill, and is told.
func TestACaseThatFailsAnywayKillsNobody(t *testing.T) {
	wrong, err := conformance.ParseCase("wrong.scn", []byte("# KEY-4: an answer that no back end gives.\nrules KEY-4\n\nsession s\nassociate s to P key=9 -> ok\n"))
	if err != nil {
		t.Fatal(err)
	}
	right, err := conformance.ParseCase("right.scn", []byte("# KEY-4: one port for life.\nrules KEY-4\n\nsession s\nassociate s to P key=9 -> invalid\n"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := mutant.Exam(t.Context(), named(t, "model/associate-twice"), []*conformance.Case{wrong, right}, reference.Lookup, mutant.ExamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"model wrong"}; !slices.Equal(r.Wrong, want) {
		t.Errorf("wrong are %q, want %q", r.Wrong, want)
	}
	if m := r.Mutants[0]; len(m.Kills) != 1 || m.Kills[0].Case != "right" || !m.Dull || m.Ran != 1 {
		t.Errorf("%+v", m)
	}
}

// A mutant that more than one case in ten kills does not count, nor do two that the same cases kill.
func TestWhatDoesNotCount(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	r := examine(t, t.Context(), named(t, "model/lifo-fill"), "receive", mutant.ExamOptions{})
	if m := r.Mutants[0]; m.Effective || m.Why == "" || !m.Killed() {
		t.Errorf("%+v", m)
	}
	r = examine(t, t.Context(), named(t, "model/lifo-queue", "model/fifo-waiters", "model/associate-twice"), "receive", mutant.ExamOptions{})
	for _, m := range r.Mutants {
		if m.Killed() || m.Effective || m.Why != "no case kills it" {
			t.Errorf("%+v", m)
		}
	}
	if got := r.Survivors(); len(got) != 3 {
		t.Errorf("survivors %q", got)
	}
	twins := append(named(t, "model/zero-receive-at-once"), named(t, "model/zero-receive-at-once")...)
	r = examine(t, t.Context(), twins, "receive", mutant.ExamOptions{Schedules: 1})
	for _, m := range r.Mutants {
		if m.Effective || !m.Killed() {
			t.Errorf("%+v", m)
		}
	}
}

// Whether the cases that kill a mutant kill no other takes all mutants of its target.
func TestAnExamOfPartOfATargetCountsNothing(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	all := slices.DeleteFunc(slices.Clone(mutant.Catalogue()), func(m mutant.Mutant) bool { return m.Target != "poller-sim" })
	cases := "ready/[a-e]*"
	if simtest.Every(4) > 1 {
		cases = "ready/c*"
	}
	effective := func(m *mutant.Result) bool { return m.Effective }
	if n := examine(t, t.Context(), all, cases, mutant.ExamOptions{Schedules: 1}).Count(effective); n == 0 {
		t.Error("of all mutants none counts")
	}
	r := examine(t, t.Context(), all[1:], cases, mutant.ExamOptions{Schedules: 1})
	for _, m := range r.Mutants {
		if m.Effective || m.Why == "" {
			t.Errorf("%s counts: %q", m.ID, m.Why)
		}
	}
}

// A bug that the runs of a case come nowhere near changes nothing about them: such pairs are what an exam leaves out. Some in each hundred are tried, event by event.
func TestABugThatIsNotComePastChangesNothing(t *testing.T) {
	simtest.NotRaced(t)
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"model", "epoll-sim"} {
		target, err := reference.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		left, tried := 0, 0
		for i := 0; i < len(cases); i += simtest.Every(4) {
			c := cases[i]
			if _, applies := c.Applies(&target.About); !applies {
				continue
			}
			past := map[string]bool{}
			without := conformance.NewPlayer(target, "", nil)
			without.Past = func(bug string) { past[bug] = true }
			schedule := spec.Schedule{Strategy: "uniform", Seed: uint64(left)}
			want := without.Play(c, schedule)
			for _, bug := range target.Mutants {
				if past[bug] {
					continue
				}
				if left++; left%199 != 0 {
					continue
				}
				tried++
				got := conformance.NewPlayer(target, "", []string{bug}).Play(c, schedule)
				if !slices.Equal(got.Picks, want.Picks) || !reflect.DeepEqual(got.Trace.Events, want.Trace.Events) {
					t.Errorf("%s does not come past %s/%s, and its run is another with it", c.Name, name, bug)
				}
			}
		}
		if tried < 100/simtest.Every(4) {
			t.Errorf("%s: %d pairs were tried", name, tried)
		}
	}
}

// An exam that is stopped reports what it has.
func TestAStoppedExamIsAPartialResult(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := examine(t, ctx, mutant.Catalogue(), "key", mutant.ExamOptions{Parallel: 1, Schedules: 1, Progress: func(done, all int) {
		if done == 3 {
			cancel()
		}
	}})
	if !r.Stopped || len(r.Mutants) != 3 || r.Missing != len(mutant.Catalogue())-3 {
		t.Errorf("stopped %v, %d mutants, %d missing", r.Stopped, len(r.Mutants), r.Missing)
	}
}

// The same seed gives the same matrix, however many are examined at once.
func TestTheExamIsRepeatable(t *testing.T) {
	simtest.NotShort(t)
	list := named(t, "model/fifo-waiters", "epoll-sim/double-packet", "epoll-sim/livelock-eventfd")
	o := mutant.ExamOptions{Parallel: 1}
	if simtest.Raced || simtest.Every(2) > 1 {
		o.Schedules = 1
	}
	one := examine(t, t.Context(), list, "cancel", o)
	for _, o.Parallel = range []int{1, 3} {
		two := examine(t, t.Context(), list, "cancel", o)
		for i := range one.Mutants {
			same := slices.EqualFunc(one.Mutants[i].Kills, two.Mutants[i].Kills, func(a, b mutant.Kill) bool {
				return a.Case == b.Case && a.Dull == b.Dull && slices.Equal(a.Rules, b.Rules)
			})
			if !same {
				t.Errorf("%s: %v, then %v", one.Mutants[i].ID, one.Mutants[i].Kills, two.Mutants[i].Kills)
			}
		}
	}
}
