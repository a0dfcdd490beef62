package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
)

// ExamFormats lists the forms in which an exam is reported.
var ExamFormats = []string{"text", "jsonl"}

// Exam writes what the planted bugs showed of the suite.
func Exam(w io.Writer, format string, r *mutant.ExamReport, p Page) error {
	switch format {
	case "text":
		return examText(w, r, p)
	case "jsonl":
		return examJSON(w, r)
	}
	return fmt.Errorf("unknown format %q; there are %s", format, strings.Join(ExamFormats, " and "))
}

// effective and needy are what is counted of an exam.
func effective(m *mutant.Result) bool { return m.Effective }

func redFirst(m *mutant.Result) bool { return mutant.Counted().Mutants[m.ID].RedFirst }

func needy(m *mutant.Result) bool { return m.Effective && m.Interleaving() }

func examText(w io.Writer, r *mutant.ExamReport, p Page) error {
	var b strings.Builder
	target := ""
	for i := range r.Mutants {
		m := &r.Mutants[i]
		if m.Target != target {
			if target != "" {
				b.WriteByte('\n')
			}
			target = m.Target
			fmt.Fprintf(&b, "%s\n", p.Ink.Bold(target))
		}
		item(&b, p, m.Bug, 34, examined(m), killers(m))
		if m.Killed() && m.Effective {
			continue
		}
		why := p.Ink.Warn("does not count: " + m.Why)
		if !m.Killed() {
			why = p.Ink.Bad("survives") + ": " + m.What
		}
		fmt.Fprintf(&b, "  %-32s%s\n", "", why)
	}
	if len(r.Mutants) > 0 {
		b.WriteByte('\n')
	}
	for _, x := range r.Wrong {
		fmt.Fprintf(&b, "%s\n", p.Ink.Bad("does not pass without a bug either: "+x))
	}
	if r.Stopped {
		fmt.Fprintf(&b, "%s\n", p.Ink.Warn(fmt.Sprintf("stopped: %s not examined", conformance.Counted(r.Missing, "planted bug"))))
	}
	survivors := r.Survivors()
	fmt.Fprintf(&b, "%s: %d caught, %d not; %d count as effective, %d of them need a particular interleaving\n",
		conformance.Counted(len(r.Mutants), "planted bug"), len(r.Mutants)-len(survivors), len(survivors), r.Count(effective), r.Count(needy))
	if len(r.Rules) > 0 {
		irreplaceable, redundant := r.IrreplaceableCases()
		fmt.Fprintf(&b, "%s: %d count as effective, something breaks each of them and no other rule\n", conformance.Counted(len(r.Rules), "rule"), r.EffectiveRules())
		fmt.Fprintf(&b, "%s: %d are irreplaceable, %d redundant; conform list cases marks those and says what they are kept for\n", conformance.Counted(len(r.Cases), "case"), irreplaceable, redundant)
	}
	if len(survivors) > 0 {
		fmt.Fprintf(&b, "%s\n", p.Ink.Bad("survivors: "+strings.Join(survivors, ", ")))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// examined says who caught a mutant.
func examined(m *mutant.Result) string {
	if !m.Killed() {
		return fmt.Sprintf("none of %d cases", m.Ran)
	}
	s := fmt.Sprintf("%d of %d cases", len(m.Kills), m.Ran)
	if !m.Dull {
		s += ", under a random schedule only"
	}
	if ids := m.Broken(); len(ids) > 0 {
		s += ": " + brief(ids)
	} else {
		s += ": " + m.Ends
	}
	return s
}

// killers names the first cases that caught it.
func killers(m *mutant.Result) string {
	var names []string
	for i, k := range m.Kills {
		if i == 2 {
			return strings.Join(names, ", ") + " …"
		}
		names = append(names, k.Case)
	}
	return strings.Join(names, ", ")
}

// mutantLine and examLine are lines of JSON Lines.
type mutantLine struct {
	Type         string       `json:"type"`
	Mutant       string       `json:"mutant"`
	Killed       bool         `json:"killed"`
	Killers      []string     `json:"killers"`
	Rules        []string     `json:"rules"` // that were broken
	Dull         bool         `json:"dull"`  // some case kills it under the dull schedule
	Effective    bool         `json:"effective"`
	Why          string       `json:"why,omitempty"` // it is not
	Interleaving bool         `json:"interleaving"`
	Ran          int          `json:"ran"`
	Named        []string     `json:"named"` // the rules of which it must break one
	Ends         string       `json:"ends,omitempty"`
	Incident     string       `json:"incident,omitempty"`
	What         string       `json:"what"`
	Cells        []mutantCell `json:"cells"`
	RedFirst     bool         `json:"red_first"` // by the history of the repository, as make count found it
}

type mutantCell struct {
	Case  string   `json:"case"`
	Dull  bool     `json:"dull"`
	Rules []string `json:"rules"`
	Ended string   `json:"ended,omitempty"`
}

type examLine struct {
	Type         string   `json:"type"`
	Mutants      int      `json:"mutants"`
	Killed       int      `json:"killed"`
	Survivors    []string `json:"survivors"`
	Effective    int      `json:"effective"`
	Interleaving int      `json:"interleaving"` // of the effective ones
	Wrong        []string `json:"wrong"`        // cases that fail without a bug: target and case
	Stopped      bool     `json:"stopped"`
	Missing      int      `json:"missing"`
	// What counts; all 0 if the exam was of a part.
	Rules          int `json:"rules"`
	EffectiveRules int `json:"effective_rules"`
	Cases          int `json:"cases"`
	Irreplaceable  int `json:"irreplaceable_cases"`
	Redundant      int `json:"redundant_cases"`
	RedFirst       int `json:"red_first"` // mutants
}

type ruleCountLine struct {
	Type string `json:"type"`
	mutant.RuleCount
}

type caseCountLine struct {
	Type string `json:"type"`
	mutant.CaseCount
	Why  string `json:"why"`
	Kept string `json:"kept,omitempty"` // what a redundant one is there for
}

func examJSON(w io.Writer, r *mutant.ExamReport) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range r.Mutants {
		m := &r.Mutants[i]
		l := mutantLine{
			Type: "mutant", Mutant: m.ID, Killed: m.Killed(), Killers: []string{}, Rules: some(m.Broken()), Dull: m.Dull,
			Effective: m.Effective, Why: m.Why, Interleaving: m.Interleaving(), Ran: m.Ran, Named: some(m.Rules), Ends: m.Ends,
			Incident: m.Incident, What: m.What, Cells: []mutantCell{}, RedFirst: redFirst(m),
		}
		for _, k := range m.Kills {
			l.Killers = append(l.Killers, k.Case)
			l.Cells = append(l.Cells, mutantCell{k.Case, k.Dull, some(k.Rules), k.Ended})
		}
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	for _, x := range r.Rules {
		if err := enc.Encode(ruleCountLine{"rule", x}); err != nil {
			return err
		}
	}
	for _, x := range r.Cases {
		if err := enc.Encode(caseCountLine{"case", x, x.Why(), x.Kept()}); err != nil {
			return err
		}
	}
	survivors := some(r.Survivors())
	irreplaceable, redundant := r.IrreplaceableCases()
	return enc.Encode(examLine{
		Type: "exam", Mutants: len(r.Mutants), Killed: len(r.Mutants) - len(survivors), Survivors: survivors,
		Effective: r.Count(effective), Interleaving: r.Count(needy), Wrong: some(r.Wrong), Stopped: r.Stopped, Missing: r.Missing,
		Rules: len(r.Rules), EffectiveRules: r.EffectiveRules(), Cases: len(r.Cases), Irreplaceable: irreplaceable, Redundant: redundant,
		RedFirst: r.Count(redFirst),
	})
}
