package mutant

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// The exam of the suite: every planted bug against every case, and what the suite is worth by that.
//
// A case kills a mutant if it fails on it, or if its run ends in a deadlock or a livelock, and passes on the reference without the bug. A
// mutant that is easily killed says little about a suite, and two that the same cases kill say what one says; so a mutant counts as
// effective only if few cases kill it and no other of its target is killed by the same ones.
//
// A case whose runs without any bug never come to where the bug would be cannot notice it, and is not run with it: that is so of three pairs in four.

// ExamOptions says how the exam is held.
type ExamOptions struct {
	Seed      uint64
	Schedules int // as conformance.Options has it
	Parallel  int // mutants at once; 0 is the processors
	Progress  func(done, all int)
}

// Kill is a cell of the kill matrix that is not empty.
type Kill struct {
	Case  string
	Dull  bool     // under the dull schedule; else a random one was needed
	Rules []string // that were broken; none where the run ended otherwise
	Ended string   // how the run ended where no rule was broken
}

// Result is what became of one mutant: its row of the matrix.
type Result struct {
	Mutant
	Kills     []Kill
	Ran       int    // cases that pass on the reference without the bug; those that come nowhere near it need no run
	Dull      bool   // some case kills it under the dull schedule
	Effective bool   // few cases kill it, and its set of killers is its own
	Why       string // it is not
}

// ExamReport is what became of all of them, in the order of the catalogue.
type ExamReport struct {
	Mutants []Result
	Wrong   []string // cases that do not pass on a reference without a bug: target and case. They kill nobody
	Stopped bool     // the context ended before all mutants had been examined
	Missing int      // mutants that were not
	// What counts of the rules and of the cases; empty unless all mutants of the catalogue were run against all cases of the suite.
	Rules []RuleCount
	Cases []CaseCount
}

// mostKillers is the part of the cases that may kill an effective mutant, as 1 in so many.
const mostKillers = 10

// Exam runs the mutants against the cases. The targets are looked up by name. When ctx ends it returns with what it has. An
// error means that it could not be held at all.
func Exam(ctx context.Context, mutants []Mutant, cases []*conformance.Case, lookup func(name string) (*spec.Target, error), o ExamOptions) (*ExamReport, error) {
	e := &exam{cases: cases, o: o, sound: map[string][]*conformance.Case{}, past: map[visit]bool{}, knows: map[string]bool{}, cells: cells{}}
	targets, err := Targets(mutants, lookup)
	if err != nil {
		return nil, err
	}
	r := &ExamReport{}
	for _, name := range inOrder(mutants) {
		if err := e.without(ctx, targets[name], r); err != nil {
			return nil, err
		}
	}
	rows := make([]*Result, len(mutants))
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		next int
		done int
		bad  error
	)
	for range min(e.parallel(), len(mutants)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				mu.Lock()
				i := next
				next++
				stop := bad != nil
				mu.Unlock()
				if stop || i >= len(mutants) || ctx.Err() != nil {
					return
				}
				row, err := e.one(ctx, targets[mutants[i].Target], &mutants[i])
				mu.Lock()
				rows[i] = row
				if err != nil {
					bad = fmt.Errorf("%s: %w", mutants[i].ID, err)
				}
				if done++; o.Progress != nil {
					o.Progress(done, len(mutants))
				}
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	if bad != nil {
		return nil, bad
	}
	for _, row := range rows {
		if row != nil {
			r.Mutants = append(r.Mutants, *row)
		}
	}
	r.Missing = len(mutants) - len(r.Mutants)
	r.Stopped = r.Missing > 0
	r.weigh()
	if all, err := conformance.Cases(); err != nil {
		return nil, err
	} else if len(r.Mutants) == len(Catalogue()) && slices.Equal(cases, all) {
		if err := r.count(e); err != nil {
			return nil, err
		}
	}
	return r, nil
}

type exam struct {
	cases []*conformance.Case
	o     ExamOptions
	sound map[string][]*conformance.Case // by target: the cases that pass on it without a bug
	past  map[visit]bool                 // what they come past
	knows map[string]bool                // the targets that know what a run comes past
	cells cells                          // what they show there
}

// visit is a case on a target that comes past a bug.
type visit struct {
	target, bug string
	c           *conformance.Case
}

func (e *exam) parallel() int {
	if e.o.Parallel > 0 {
		return e.o.Parallel
	}
	return runtime.GOMAXPROCS(0)
}

// Targets looks the targets of the mutants up, each once: a target keeps the worlds that it has made.
func Targets(mutants []Mutant, lookup func(name string) (*spec.Target, error)) (map[string]*spec.Target, error) {
	targets := map[string]*spec.Target{}
	for _, name := range inOrder(mutants) {
		t, err := lookup(name)
		if err != nil {
			return nil, err
		}
		targets[name] = t
	}
	return targets, nil
}

// inOrder lists the targets of the mutants.
func inOrder(mutants []Mutant) (names []string) {
	for _, m := range mutants {
		if !slices.Contains(names, m.Target) {
			names = append(names, m.Target)
		}
	}
	return names
}

// without runs the cases against a target that has no bug: only what passes there can kill.
func (e *exam) without(ctx context.Context, t *spec.Target, r *ExamReport) error {
	name := t.About.Name
	var mu sync.Mutex
	run, err := conformance.Run(ctx, t, conformance.Options{
		Cases: e.cases, Seed: e.o.Seed, Schedules: e.o.Schedules, Parallel: e.parallel(),
		Past: func(c *conformance.Case, bug string) {
			mu.Lock()
			defer mu.Unlock()
			e.past[visit{name, bug, c}], e.knows[name] = true, true
		},
	})
	if err != nil {
		return err
	}
	for i := range run.Cases {
		switch c := &run.Cases[i]; c.Verdict {
		case conformance.Pass:
			e.sound[name] = append(e.sound[name], c.Case)
			e.cells.add(c)
		case conformance.Skip:
		default:
			r.Wrong = append(r.Wrong, name+" "+c.Case.Name)
		}
	}
	return nil
}

// one runs the cases against a mutant; nil if ctx ended meanwhile.
func (e *exam) one(ctx context.Context, t *spec.Target, m *Mutant) (*Result, error) {
	cases := e.sound[m.Target]
	row := &Result{Mutant: *m, Ran: len(cases)}
	if e.knows[m.Target] {
		cases = slices.DeleteFunc(slices.Clone(cases), func(c *conformance.Case) bool { return !e.past[visit{m.Target, m.Bug, c}] })
	}
	if len(cases) == 0 {
		return row, nil
	}
	run, err := conformance.Run(ctx, t, conformance.Options{
		Cases: cases, Bugs: []string{m.Bug}, Seed: e.o.Seed, Schedules: e.o.Schedules, Parallel: 1,
	})
	if err != nil {
		return nil, err
	}
	if run.Stopped || ctx.Err() != nil {
		return nil, nil
	}
	for i := range run.Cases {
		if k, ok := killed(&run.Cases[i]); ok {
			row.Kills = append(row.Kills, k)
			row.Dull = row.Dull || k.Dull
		}
	}
	return row, nil
}

// killed reports whether a case that passes without the bug noticed it.
func killed(c *conformance.CaseResult) (k Kill, ok bool) {
	k = Kill{Case: c.Case.Name, Dull: c.Schedule.Strategy == "" || c.Schedule.Strategy == "dull"}
	for _, v := range c.Violations {
		if !slices.Contains(k.Rules, v.Rule.ID) {
			k.Rules = append(k.Rules, v.Rule.ID)
		}
	}
	switch {
	case c.Verdict == conformance.Fail:
		return k, true
	case c.Verdict == conformance.Error && len(c.Violations) == 0:
		k.Ended = c.Reason
		return k, true
	}
	return k, false // one that left its path, or broke an obligation of its own, says nothing about the target
}

// weigh decides which mutants are effective.
func (r *ExamReport) weigh() {
	same := map[string][]string{} // target and killers: the mutants that have them
	left := map[string]int{}      // by target: the mutants of the catalogue that were not examined
	for _, m := range Catalogue() {
		left[m.Target]++
	}
	for i := range r.Mutants {
		m := &r.Mutants[i]
		same[m.killers()] = append(same[m.killers()], m.Bug)
		left[m.Target]--
	}
	for i := range r.Mutants {
		m := &r.Mutants[i]
		others := same[m.killers()]
		switch {
		case len(m.Kills) == 0:
			m.Why = "no case kills it"
		case len(m.Kills)*mostKillers > m.Ran:
			m.Why = fmt.Sprintf("%d of %d cases kill it, more than one in %d", len(m.Kills), m.Ran, mostKillers)
		case len(others) > 1:
			others = slices.DeleteFunc(slices.Clone(others), func(bug string) bool { return bug == m.Bug })
			m.Why = fmt.Sprintf("the same cases kill %q", others)
		case left[m.Target] > 0:
			m.Why = "whether they kill another one too takes the exam of all of " + m.Target
		default:
			m.Effective = true
		}
	}
}

func (m *Result) killers() string {
	set := m.Target
	for _, k := range m.Kills {
		set += " " + k.Case
	}
	return set
}

// Killed reports whether a case noticed it.
func (m *Result) Killed() bool { return len(m.Kills) > 0 }

// AsNamed reports whether a case noticed it by one of the rules that the catalogue names, or by an end of the run that it names.
func (m *Result) AsNamed() bool { return m.by() != "" }

// by is the first case that noticed it so; one that does under the dull schedule is taken before one that needs another.
func (m *Result) by() (name string) {
	for _, k := range m.Kills {
		asNamed := m.Ends != "" && strings.Contains(k.Ended, m.Ends) || slices.ContainsFunc(k.Rules, func(id string) bool { return slices.Contains(m.Rules, id) })
		if asNamed && k.Dull {
			return k.Case
		}
		if asNamed && name == "" {
			name = k.Case
		}
	}
	return name
}

// Interleaving reports whether it takes a particular interleaving to notice it: cases do, and none under the dull schedule.
func (m *Result) Interleaving() bool { return m.Killed() && !m.Dull }

// Broken lists the rules that were broken, in the order in which cases broke them.
func (m *Result) Broken() (ids []string) {
	for _, k := range m.Kills {
		for _, id := range k.Rules {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// Survivors lists the mutants that no case kills.
func (r *ExamReport) Survivors() (ids []string) {
	for i := range r.Mutants {
		if m := &r.Mutants[i]; !m.Killed() {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// Count counts the mutants of which something is so.
func (r *ExamReport) Count(is func(*Result) bool) (n int) {
	for i := range r.Mutants {
		if is(&r.Mutants[i]) {
			n++
		}
	}
	return n
}
