package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
)

// verdict is what became of a mutant.
type verdict string

const (
	killed   verdict = "killed"   // a case that passes without the change does not
	survived verdict = "survived" // every case passes
	diverged verdict = "diverged" // none fails, but some leave their path, which none does without the change: noticed, and nobody is blamed
	none     verdict = "none"     // it is no fault: see equivalents.txt
	beyond   verdict = "beyond"   // it is one that no case can show: likewise
	hung     verdict = "hung"     // the run did not end, or the process died; that is noticed as well, by no case in particular
)

// result is a line of the report.
type result struct {
	Type    string   `json:"type"`
	Mutant  string   `json:"mutant"` // file, function, operator, what is changed, and which of several like it
	Target  string   `json:"target"`
	Line    int      `json:"line"`
	Verdict verdict  `json:"verdict"`
	Killers []string `json:"killers"`
	Why     string   `json:"why,omitempty"` // it is no fault, or out of reach
}

// exam runs mutants against the cases that pass without a change.
type exam struct {
	*mutants
	dir   string
	none  []equivalence
	limit patience                   // with one run
	sound map[string]map[string]bool // by target: the cases that pass
}

// cases runs the suite with one point changed. ok is false if the run did not come to its end.
func (e *exam) cases(target string, id int) (verdicts map[string]string, ok bool, err error) {
	dir, err := os.MkdirTemp(e.dir, "run") // conform run writes failure files where it stands
	if err != nil {
		return nil, false, err
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command(e.binary, "run", target, "-p", "1", "--format", "jsonl")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "IOCONFORM_OPERATOR="+strconv.Itoa(id), "GOMEMLIMIT=1GiB")
	out, ended, err := e.limit.run(cmd)
	if exit, is := err.(*exec.ExitError); err != nil && (!is || exit.ExitCode() != 1 && exit.ExitCode() != 2 && exit.ExitCode() >= 0) {
		return nil, false, fmt.Errorf("%s: %w", cmd, err)
	}
	if !ended {
		return nil, false, nil
	}
	verdicts = map[string]string{}
	for line := range bytes.Lines(out) {
		var l struct{ Type, Case, Verdict string }
		if json.Unmarshal(line, &l) != nil {
			return nil, false, nil // it died as it wrote
		}
		switch l.Type {
		case "case":
			verdicts[l.Case] = l.Verdict
		case "summary":
			ok = true
		}
	}
	return verdicts, ok, nil
}

// begin runs the cases without a change.
func (e *exam) begin() error {
	e.sound = map[string]map[string]bool{}
	for _, u := range under {
		verdicts, ok, err := e.cases(u.target, 0)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%s does not come to its end without a change", u.target)
		}
		e.sound[u.target] = map[string]bool{}
		for name, v := range verdicts {
			if v == "pass" {
				e.sound[u.target][name] = true
			}
		}
	}
	return nil
}

// one runs one mutant.
func (e *exam) one(target string, p *point) (*result, error) {
	r := &result{Type: "operator", Mutant: p.name, Target: target, Line: p.line, Verdict: survived, Killers: []string{}}
	if f := familyOf(e.none, p.name); f != nil {
		if r.Verdict, r.Why = none, f.why; f.beyond {
			r.Verdict = beyond
		}
		return r, nil
	}
	verdicts, ok, err := e.cases(target, p.id)
	if err != nil {
		return nil, err
	}
	if !ok {
		r.Verdict = hung
		return r, nil
	}
	for _, name := range sortedKeys(verdicts) {
		switch v := verdicts[name]; {
		case !e.sound[target][name]:
		case v == "fail" || v == "error":
			r.Verdict = killed
			r.Killers = append(r.Killers, name)
		case v == "diverged" && r.Verdict == survived:
			r.Verdict = diverged
		}
	}
	return r, nil
}

// chosen is a mutant to run.
type chosen struct {
	target string
	*point
}

// all runs the mutants, several at once, and hands out the results in their order.
func (e *exam) all(list []chosen, parallel int, each func(*result) error) error {
	type answer struct {
		r   *result
		err error
	}
	answers := make([]chan answer, len(list))
	for i := range answers {
		answers[i] = make(chan answer, 1)
	}
	var next int
	var mu sync.Mutex
	for range parallel {
		go func() {
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(list) {
					return
				}
				r, err := e.one(list[i].target, list[i].point)
				answers[i] <- answer{r, err}
			}
		}()
	}
	for i := range answers {
		a := <-answers[i]
		if a.err != nil {
			return a.err
		}
		if err := each(a.r); err != nil {
			return err
		}
	}
	return nil
}
