package report

import (
	"encoding/json"
	"io"
	"math"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// jsonl writes JSON Lines.
type jsonl struct {
	enc  *json.Encoder
	told int // cases of the run under way that were written
}

var _ CaseWriter = (*jsonl)(nil)

func newJSON(w io.Writer) *jsonl {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &jsonl{enc: enc}
}

type caseLine struct {
	Type       string          `json:"type"`
	Target     string          `json:"target"`
	Case       string          `json:"case"`
	Verdict    string          `json:"verdict"`
	Rules      []string        `json:"rules"`
	Violations []violationPart `json:"violations"`
	Reason     string          `json:"reason,omitempty"`
	Runs       int             `json:"runs"`
	Seconds    float64         `json:"seconds"`
	Schedule   *schedulePart   `json:"schedule,omitempty"` // of the run that decided, where choices can be decided
	File       string          `json:"file,omitempty"`     // failure file
	Again      string          `json:"again,omitempty"`
	Known      []knownPart     `json:"known,omitempty"` // what of it is known, whatever the verdict
}

// knownPart is what a file of known failures says of one fault of a case.
type knownPart struct {
	Rule    string   `json:"rule"` // or how the run ended: hang, crash, sanitizer, error, diverged
	Kind    string   `json:"kind"`
	Harm    string   `json:"harm,omitempty"`
	Reason  string   `json:"reason"`
	Sources []string `json:"sources"`
	Entry   string   `json:"entry"` // file:line
	Seen    int      `json:"seen"`  // repetitions in which it was seen
	Rounds  int      `json:"rounds"`
}

// knownLine is what became of one entry of a file of known failures.
type knownLine struct {
	Type    string   `json:"type"`
	Target  string   `json:"target"`
	Entry   string   `json:"entry"`
	Case    string   `json:"case"` // as the entry has it, which may be a pattern
	Rule    string   `json:"rule"`
	State   string   `json:"state"` // seen, quiet, stale, unmatched
	Kind    string   `json:"kind"`
	Harm    string   `json:"harm,omitempty"`
	Reason  string   `json:"reason"`
	Sources []string `json:"sources"`
	Cases   []string `json:"cases"` // in which it was seen
	Seen    int      `json:"seen"`
	Rounds  int      `json:"rounds"`
	Why     string   `json:"why,omitempty"` // stale, unmatched: what is the matter and what to do
}

type violationPart struct {
	Rule    string   `json:"rule"`
	Binds   string   `json:"binds"`
	Event   uint64   `json:"event"`
	Said    string   `json:"said"`
	Objects []string `json:"objects,omitempty"`
}

type schedulePart struct {
	Strategy string `json:"strategy"`
	Seed     uint64 `json:"seed"`
}

type ruleLine struct {
	Type         string   `json:"type"`
	Target       string   `json:"target"`
	Rule         string   `json:"rule"`
	Verdict      string   `json:"verdict"`
	Checks       int      `json:"checks"`
	Level        string   `json:"level"`
	Binds        string   `json:"binds"`
	InProfile    bool     `json:"in_profile"`
	Situations   seenPart `json:"situations"`
	Alternatives seenPart `json:"alternatives"`
	Voided       int      `json:"voided"`
	Unknown      int      `json:"unknown"`
	Broken       int      `json:"broken"`
	Reason       string   `json:"reason,omitempty"`
}

type seenPart struct {
	Seen    []string `json:"seen"`
	Missing []string `json:"missing"`
	Absent  []string `json:"absent,omitempty"` // situations that cannot come up in the target, and did not
}

type summaryLine struct {
	Type     string         `json:"type"`
	Target   string         `json:"target"`
	Cases    map[string]int `json:"cases"`
	Rules    map[string]int `json:"rules"`
	Seconds  float64        `json:"seconds"`
	Version  string         `json:"version"`
	OS       string         `json:"os"`
	World    string         `json:"world"`
	Profile  string         `json:"profile"`
	Seed     uint64         `json:"seed"`
	Conforms bool           `json:"conforms"`
	Why      string         `json:"why,omitempty"` // it does not conform
	Stopped  bool           `json:"stopped"`
	Known    int            `json:"known"` // entries of files of known failures by which something failed
	Stale    int            `json:"stale"` // entries that have to be changed: stale or unmatched

	Capabilities []spec.Capability `json:"capabilities"` // as declared
	Axes         spec.Axes         `json:"axes"`         // as declared; one that is not there has its first value
	All          int               `json:"all"`          // cases that the suite has
}

type absentLine struct {
	Type   string `json:"type"`
	Target string `json:"target"`
	Reason string `json:"reason"`
}

func (j *jsonl) Absent(target, why string) error {
	return j.enc.Encode(absentLine{"absent", target, why})
}

func (j *jsonl) Target(r *Run) error {
	for i := j.told; i < len(r.Cases); i++ {
		if err := j.Case(r, &r.Cases[i]); err != nil {
			return err
		}
	}
	j.told = 0
	s := summaryLine{
		Type: "summary", Target: r.Target, Cases: map[string]int{}, Rules: map[string]int{}, Seconds: seconds(r.Seconds),
		Version: r.About.Version, OS: r.About.OS, World: r.About.World, Profile: r.Profile, Seed: r.Seed, Stopped: r.Stopped,
		Capabilities: some(r.About.Capabilities), Axes: r.About.Axes, All: r.All,
	}
	if s.Axes == nil {
		s.Axes = spec.Axes{}
	}
	for i := range r.Rules {
		x := &r.Rules[i]
		s.Rules[x.Verdict.String()]++
		if err := j.enc.Encode(ruleLine{
			Type: "rule", Target: r.Target, Rule: x.Rule.ID, Verdict: x.Verdict.String(), Checks: x.Count.Checks,
			Level: x.Rule.Level.String(), Binds: x.Rule.Binds.String(), InProfile: conformance.InProfile(x.Rule, r.Profile),
			Situations: situations(x, &r.About), Alternatives: seen(x.Rule.Alternatives, x.Count.Alternatives),
			Voided: x.Count.Voided, Unknown: x.Count.Unknown, Broken: x.Count.Broken, Reason: x.Reason,
		}); err != nil {
			return err
		}
	}
	for i := range r.Known {
		k := &r.Known[i]
		e := k.Entry
		if k.State == conformance.KnownSeen {
			s.Known++
		}
		if k.Wrong() {
			s.Stale++
		}
		if err := j.enc.Encode(knownLine{
			"known", r.Target, e.Place(), e.Pattern, e.Fault, string(k.State), string(e.Kind()), string(e.Harm()), e.Reason(), e.Sources(),
			some(k.Cases), k.Seen, k.Rounds, k.Why,
		}); err != nil {
			return err
		}
	}
	for v, n := range r.Count() {
		s.Cases[string(v)] = n
	}
	var why string
	if s.Conforms, why = r.conforms(); !s.Conforms {
		s.Why = why
	}
	return j.enc.Encode(s)
}

func (j *jsonl) Case(r *Run, c *conformance.CaseResult) error {
	j.told++
	l := caseLine{
		Type: "case", Target: r.Target, Case: c.Case.Name, Verdict: string(c.Verdict), Rules: c.Case.File.Rules(),
		Violations: []violationPart{}, Reason: c.Reason, Runs: c.Runs, Seconds: seconds(c.Seconds),
		File: r.Files[c.Case.Name], Again: r.Again[c.Case.Name],
	}
	if l.Rules == nil {
		l.Rules = []string{}
	}
	for _, v := range c.Violations {
		l.Violations = append(l.Violations, violationPart{v.Rule.ID, v.Rule.Binds.String(), v.Q, v.Said, v.Objects})
	}
	for _, f := range c.Faults {
		for _, e := range f.Known {
			l.Known = append(l.Known, knownPart{f.What, string(e.Kind()), string(e.Harm()), e.Reason(), e.Sources(), e.Place(), f.Rounds, c.Rounds})
		}
	}
	if c.Schedule.Strategy != "" {
		l.Schedule = &schedulePart{c.Schedule.Strategy, c.Schedule.Seed}
	}
	return j.enc.Encode(l)
}

func (j *jsonl) Close() error { return nil }

func seen(names []string, bits uint32) seenPart {
	p := seenPart{Seen: []string{}, Missing: []string{}}
	for i, n := range names {
		if bits&(1<<i) != 0 {
			p.Seen = append(p.Seen, n)
		} else {
			p.Missing = append(p.Missing, n)
		}
	}
	return p
}

// situations also tells those apart that cannot come up in the target.
func situations(x *conformance.RuleResult, a *spec.About) seenPart {
	p := seen(x.Rule.Situations, x.Count.Situations)
	unseen := p.Missing
	p.Missing = []string{}
	for _, s := range unseen {
		if _, comes := x.Rule.Comes(s, a); comes {
			p.Missing = append(p.Missing, s)
		} else {
			p.Absent = append(p.Absent, s)
		}
	}
	return p
}

// seconds rounds to what can be measured.
func seconds(s float64) float64 { return math.Round(s*1e6) / 1e6 }
