package mutant

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

// Table is what counts, as the last exam had it: the exam takes a minute, and a list of cases is wanted at once. It is kept in counted.jsonl, which make count
// writes and the tests compare with an exam of their own.
type Table struct {
	Rules   map[string]RuleCount
	Cases   map[string]CaseCount
	Mutants map[string]MutantCount
}

// MutantCount says whether a planted bug counts.
type MutantCount struct {
	Mutant       string   `json:"mutant"`
	Effective    bool     `json:"effective"`
	Interleaving bool     `json:"interleaving"`  // no case kills it under the dull schedule
	Killers      int      `json:"killers"`       // cases
	Why          string   `json:"why,omitempty"` // it is not effective
	Breaks       []string `json:"breaks"`        // rules that some case saw broken
	By           string   `json:"by"`            // a case that notices it as the catalogue says; "" where none does
	// RedFirst: at some commit of the history it was planted, and no case that kills it was there yet.
	RedFirst bool `json:"red_first"`
}

//go:embed counted.jsonl
var counted []byte

// Counted returns the table. It is shared; do not change it.
var Counted = sync.OnceValue(func() *Table {
	t, err := ReadTable(bytes.NewReader(counted))
	if err != nil {
		panic("conformance/mutant/counted.jsonl: " + err.Error()) // the tests have read it
	}
	return t
})

// Table is what the report says of the whole suite. That of a part has no table: ok is false. What cannot be told from an exam, because it is a matter of history, is
// taken from before.
func (r *ExamReport) Table(before *Table) (t *Table, ok bool) {
	if len(r.Rules) == 0 {
		return nil, false
	}
	t = &Table{map[string]RuleCount{}, map[string]CaseCount{}, map[string]MutantCount{}}
	for _, x := range r.Rules {
		t.Rules[x.Rule] = x
	}
	for _, x := range r.Cases {
		t.Cases[x.Case] = x
	}
	for i := range r.Mutants {
		m := &r.Mutants[i]
		t.Mutants[m.ID] = MutantCount{
			Mutant: m.ID, Effective: m.Effective, Interleaving: m.Interleaving(), Killers: len(m.Kills), Why: m.Why, Breaks: some(m.Broken()), By: m.by(),
			RedFirst: before != nil && before.Mutants[m.ID].RedFirst,
		}
	}
	return t, true
}

// Write writes the table as JSON Lines, in the order of the report that it was made from.
func (t *Table) Write(w io.Writer, r *ExamReport) error {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	for _, x := range r.Rules {
		if err := enc.Encode(t.Rules[x.Rule]); err != nil {
			return err
		}
	}
	for _, x := range r.Cases {
		if err := enc.Encode(t.Cases[x.Case]); err != nil {
			return err
		}
	}
	for i := range r.Mutants {
		if err := enc.Encode(t.Mutants[r.Mutants[i].ID]); err != nil {
			return err
		}
	}
	return b.Flush()
}

// ReadTable reads what Write has written.
func ReadTable(r io.Reader) (*Table, error) {
	t := &Table{map[string]RuleCount{}, map[string]CaseCount{}, map[string]MutantCount{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var is struct{ Rule, Case, Mutant string }
		err := json.Unmarshal(lines.Bytes(), &is)
		switch {
		case err != nil:
		case is.Rule != "":
			var x RuleCount
			err = json.Unmarshal(lines.Bytes(), &x)
			t.Rules[is.Rule] = x
		case is.Case != "":
			var x CaseCount
			err = json.Unmarshal(lines.Bytes(), &x)
			t.Cases[is.Case] = x
		case is.Mutant != "":
			var x MutantCount
			err = json.Unmarshal(lines.Bytes(), &x)
			t.Mutants[is.Mutant] = x
		default:
			err = fmt.Errorf("%q is no rule, no case and no planted bug", lines.Bytes())
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return t, lines.Err()
}
