package mutant

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
	"github.com/ioconform/ioconform/spec/corpus"
)

// What counts. Numbers of rules and cases say little, since both can be had for nothing; so a rule counts only if something breaks it and no
// other, and a case only if the suite would be poorer without it.

// RuleCount says whether a rule is effective: some trace of the corpus, or some planted bug in all cases that notice it, breaks it and no other rule.
type RuleCount struct {
	Rule      string   `json:"rule"`
	Effective bool     `json:"effective"`
	Traces    []string `json:"traces"`        // of the corpus, that break it alone
	Mutants   []string `json:"mutants"`       // that break it alone
	Why       string   `json:"why,omitempty"` // nothing does
}

// Cell is what a run shows of a rule: that it held in one of its situations, with one of its alternatives, on a back end that has a capability, or the value of an
// axis, that the case asks for and the rule does not.
type Cell struct {
	Rule        string `json:"rule"`
	Situation   string `json:"situation"`
	Alternative string `json:"alternative,omitempty"`
	By          string `json:"by,omitempty"` // capability, or axis=value
}

// String is the cell in words.
func (c Cell) String() string {
	s := c.Rule + " " + c.Situation
	if c.Alternative != "" {
		s += ", " + c.Alternative
	}
	if c.By != "" {
		s += ", by " + c.By
	}
	return s
}

// CaseCount says whether a case is irreplaceable: without it a cell would be lost, or the only kill of a mutant in the case's group.
type CaseCount struct {
	Case          string   `json:"case"`
	Irreplaceable bool     `json:"irreplaceable"`
	Redundant     bool     `json:"redundant"` // neither, where no target of the exam runs the case
	Shown         int      `json:"shown"`     // cells that it shows
	Cells         []Cell   `json:"cells"`     // that no other case shows
	Kills         []string `json:"kills"`     // mutants that no other case of its group kills
	Targets       []string `json:"targets"`   // of the exam, that it passes on without a bug
}

// Why says what would be lost without the case, in a few words.
func (c *CaseCount) Why() string {
	switch {
	case len(c.Targets) == 0:
		return "runs on no target that bugs are planted in"
	case len(c.Cells) > 0:
		return "only it shows " + c.Cells[0].String()
	case len(c.Kills) > 0:
		return "only it of its group kills " + c.Kills[0]
	}
	return "others show and kill the same"
}

// cells are what cases show, by case.
type cells map[*conformance.Case]map[Cell]bool

// add adds what a run of a case on a target without a bug has shown.
func (all cells) add(c *conformance.CaseResult) {
	seen := all[c.Case]
	if seen == nil {
		seen = map[Cell]bool{}
		all[c.Case] = seen
	}
	for i, n := range c.Counts() {
		r := spec.Rules()[i]
		if n.Cells == 0 || n.Broken > 0 {
			continue
		}
		asks := asked(c.Case, r)
		for bit := range 64 {
			situation, alternative, ok := r.Cell(bit)
			if !ok || n.Cells&(1<<bit) == 0 {
				continue
			}
			for _, by := range asks {
				seen[Cell{r.ID, situation, alternative, by}] = true
			}
		}
	}
}

// asked lists the capabilities and axis values that the case asks for and the rule does not; "" where there is none.
func asked(c *conformance.Case, r *spec.Rule) (by []string) {
	for _, n := range c.File.Needs() {
		if !slices.Contains(r.Needs, spec.Capability(n)) && n != string(spec.CanComplete) && n != string(spec.CanPoll) {
			by = append(by, n)
		}
	}
	for _, x := range c.File.Axes() {
		if r.Axes[x.Name] != x.Value {
			by = append(by, x.Name+"="+x.Value)
		}
	}
	if len(by) == 0 {
		by = []string{""}
	}
	return by
}

// count works out which rules and cases count.
func (r *ExamReport) count(e *exam) error {
	alone, err := corpus.Alone()
	if err != nil {
		return err
	}
	mutants := map[string][]string{}
	for i := range r.Mutants {
		if m := &r.Mutants[i]; len(m.Broken()) == 1 && !slices.ContainsFunc(m.Kills, func(k Kill) bool { return len(k.Rules) == 0 }) {
			mutants[m.Broken()[0]] = append(mutants[m.Broken()[0]], m.ID)
		}
	}
	for _, x := range spec.Rules() {
		n := RuleCount{Rule: x.ID, Traces: some(alone[x.ID]), Mutants: some(mutants[x.ID])}
		n.Effective = len(n.Traces)+len(n.Mutants) > 0
		switch {
		case n.Effective:
		case !x.Judged():
			n.Why = "is taken into account, not judged"
		case x.Level >= spec.MAY:
			n.Why = x.Level.String() + ": says what happens, and cannot be broken"
		default:
			n.Why = "nothing breaks it alone"
		}
		r.Rules = append(r.Rules, n)
	}
	r.Cases = e.replaceable(r.Mutants)
	return nil
}

// replaceable says of each case what is lost without it.
func (e *exam) replaceable(mutants []Result) (all []CaseCount) {
	by := map[Cell]int{}
	for _, seen := range e.cells {
		for cell := range seen {
			by[cell]++
		}
	}
	group := func(name string) string { g, _, _ := strings.Cut(name, "/"); return g }
	type pair struct{ mutant, group string }
	killers := map[pair][]string{}
	for i := range mutants {
		for _, k := range mutants[i].Kills {
			p := pair{mutants[i].ID, group(k.Case)}
			killers[p] = append(killers[p], k.Case)
		}
	}
	kills := map[string][]string{}
	for p, names := range killers {
		if len(names) == 1 {
			kills[names[0]] = append(kills[names[0]], p.mutant)
		}
	}
	for _, c := range e.cases {
		n := CaseCount{Case: c.Name, Shown: len(e.cells[c]), Cells: []Cell{}, Kills: some(slices.Sorted(slices.Values(kills[c.Name])))}
		for _, target := range slices.Sorted(maps.Keys(e.sound)) {
			if slices.Contains(e.sound[target], c) {
				n.Targets = append(n.Targets, target)
			}
		}
		n.Targets = some(n.Targets)
		for cell := range e.cells[c] {
			if by[cell] == 1 {
				n.Cells = append(n.Cells, cell)
			}
		}
		slices.SortFunc(n.Cells, inBook)
		n.Irreplaceable = len(n.Cells)+len(n.Kills) > 0
		n.Redundant = !n.Irreplaceable && len(n.Targets) > 0
		all = append(all, n)
	}
	return all
}

// inBook orders cells as the book of rules does.
func inBook(a, b Cell) int {
	place := func(id string) int {
		return slices.IndexFunc(spec.Rules(), func(r *spec.Rule) bool { return r.ID == id })
	}
	return cmp.Or(place(a.Rule)-place(b.Rule), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
}

// some is the list, never null.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// EffectiveRules counts the rules that something breaks alone.
func (r *ExamReport) EffectiveRules() (n int) {
	for _, x := range r.Rules {
		if x.Effective {
			n++
		}
	}
	return n
}

// IrreplaceableCases counts the cases that the suite would be poorer without, and those of which it would not.
func (r *ExamReport) IrreplaceableCases() (irreplaceable, redundant int) {
	for i := range r.Cases {
		switch {
		case r.Cases[i].Irreplaceable:
			irreplaceable++
		case r.Cases[i].Redundant:
			redundant++
		}
	}
	return irreplaceable, redundant
}
