package engine

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// Formats lists the forms in which a report can be written.
var Formats = []string{"text", "jsonl"}

// Write writes the report in one of the Formats. replay is the command that runs a finding's file again, until it fails so.
func (r *Report) Write(w io.Writer, format string, p conformance.Page, replay func(file, signature string) string) error {
	if format == "jsonl" {
		return r.jsonl(w, replay)
	}
	return r.text(w, p, replay)
}

// rate is runs a second, 0 where there is no time.
func rate(runs int, seconds float64) float64 {
	if seconds <= 0 {
		return 0
	}
	return float64(runs) / seconds
}

// judges reports whether a rule is asked about the target.
func (r *Report) judges(rule *spec.Rule) bool {
	about := &r.Options.Target.About
	_, applies := rule.Applies(about)
	return applies && conformance.Judges(rule, conformance.DefaultProfile(about))
}

// Situations returns how many situations of rules that judge the target were seen, and how many there are, or can come up in it.
func (r *Report) Situations() (seen, of int) {
	for i, rule := range spec.Rules() {
		if r.judges(rule) {
			n := bits.OnesCount32(r.Rules[i].Situations)
			seen += n
			of += n + len(r.Rules[i].Missing(rule, &r.Options.Target.About))
		}
	}
	return seen, of
}

func (r *Report) jsonl(w io.Writer, replay func(file, signature string) string) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for i := range r.Findings {
		f := &r.Findings[i]
		line := struct {
			Type      string  `json:"type"`
			Target    string  `json:"target"`
			Signature string  `json:"signature"`
			Rule      string  `json:"rule,omitempty"`
			Said      string  `json:"said"`
			Lane      int     `json:"lane"`
			Run       int     `json:"run"`
			Times     int     `json:"times"`
			Lines     int     `json:"lines"`
			Repeated  bool    `json:"repeated"`
			File      string  `json:"file"`
			Again     string  `json:"again"`
			Seconds   float64 `json:"seconds"`
		}{"finding", r.Options.Name, f.Signature, "", f.Said, f.Lane, f.Run, r.Tally.Failures[f.Signature], f.Lines, f.Again, f.File, "", f.Seconds}
		if _, is := spec.RuleByID(f.Signature); is {
			line.Rule = f.Signature
		}
		line.Again = f.again(replay)
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	for i := range r.Unended {
		f := &r.Unended[i]
		if err := out.Encode(struct {
			Type   string `json:"type"`
			Target string `json:"target"`
			Said   string `json:"said"`
			Lane   int    `json:"lane"`
			Run    int    `json:"run"`
			Lines  int    `json:"lines"`
			File   string `json:"file"`
			Again  string `json:"again,omitempty"`
		}{unended, r.Options.Name, f.Said, f.Lane, f.Run, f.Lines, f.File, f.again(replay)}); err != nil {
			return err
		}
	}
	seen, of := r.Situations()
	t := &r.Tally
	return out.Encode(struct {
		Type             string         `json:"type"`
		Target           string         `json:"target"`
		Seed             uint64         `json:"seed"`
		Shard            string         `json:"shard,omitempty"`
		Runs             int            `json:"runs"`
		Programs         int            `json:"programs"`
		Scripts          int            `json:"scripts"`
		New              int            `json:"new"`
		Seconds          float64        `json:"seconds"`
		RunsPerSecond    float64        `json:"runs_per_second"`
		CPU              float64        `json:"cpu_seconds,omitempty"`
		RunsPerCPUSecond float64        `json:"runs_per_cpu_second,omitempty"`
		Events           int            `json:"events"`
		Raced            int            `json:"raced"`
		Voided           int            `json:"voided"`
		Kept             int            `json:"kept"`
		States           int            `json:"states"`
		Situations       int            `json:"situations"`
		SituationsOf     int            `json:"situations_of"`
		NotSeen          []string       `json:"not_seen"` // rules of which some situation was not
		Failures         map[string]int `json:"failures"`
		Known            map[string]int `json:"known,omitempty"`
		Unended          int            `json:"unended,omitempty"`
		Lacking          string         `json:"lacking,omitempty"`
		Stopped          bool           `json:"stopped"`
		Dir              string         `json:"out,omitempty"`
	}{
		"fuzz", r.Options.Name, r.Options.Seed, r.Options.Shard.String(), t.Runs, t.Runs - t.Scripts, t.Scripts, r.New, r.Seconds, rate(r.New, r.Seconds),
		r.CPU, rate(r.New, r.CPU), t.Events, t.Raced, t.Voided, t.Kept, r.States, seen, of, missing(r), some(t.Failures), t.Known, t.Unended, r.Lacking, r.Stopped, r.Options.Dir,
	})
}

// again is the command that runs the finding's file again, given how one is made; "" where there is none.
func (f *Finding) again(replay func(file, signature string) string) string {
	if f.File == "" || !f.Script {
		return ""
	}
	return replay(f.File, f.Signature)
}

// some is the map, empty rather than absent.
func some(m map[string]int) map[string]int {
	if m == nil {
		return map[string]int{}
	}
	return m
}

func (r *Report) text(w io.Writer, p conformance.Page, replay func(file, signature string) string) error {
	var b strings.Builder
	for i := range r.Findings {
		f := &r.Findings[i]
		again := f.again(replay)
		if f.Result != nil {
			b.WriteString(f.Result.Describe(r.Options.Name, again, p))
		} else {
			fmt.Fprintf(&b, "%s  %s: %s\n%s", p.Ink.Bad("FAIL"), f.Signature, f.Said, f.Text)
			if again != "" {
				fmt.Fprintf(&b, "  again     %s\n", p.Ink.Bold(again))
			}
		}
		switch {
		case f.untried:
			fmt.Fprintf(&b, "  %s\n", p.Ink.Warn("there was no time to run it again: what is shown is what was found"))
		case !f.Again:
			fmt.Fprintf(&b, "  %s\n", p.Ink.Warn("it did not fail in this way again: what is shown is what was found"))
		}
		b.WriteByte('\n')
	}
	for i := range r.Unended {
		f := &r.Unended[i]
		fmt.Fprintf(&b, "%s  lane %d, run %d: %s\n%s", p.Ink.Warn("UNENDED"), f.Lane, f.Run, f.Said, f.Text)
		if again := f.again(replay); again != "" {
			fmt.Fprintf(&b, "  again     %s\n", p.Ink.Bold(again))
		}
		b.WriteByte('\n')
	}
	t := &r.Tally
	if r.Options.Shard.Count > 1 {
		fmt.Fprintf(&b, "shard %v of a campaign\n", r.Options.Shard)
	}
	seen, of := r.Situations()
	fmt.Fprintf(&b, "%s  %s of %d\n", p.Ink.Bold(r.Options.Name), line(Status{Tally: r.Tally, New: r.New, Seconds: r.Seconds, States: r.States, Situations: seen}, ""), of)
	if rule := missing(r); len(rule) > 0 && seen < of && len(t.Failures) == 0 {
		fmt.Fprintf(&b, "  not seen  %s\n", strings.Join(conformance.Fold(strings.Join(rule, ", "), 88), "\n            "))
	}
	for _, id := range sorted(t.Known) {
		fmt.Fprintf(&b, "  known     %s, %s\n", id, conformance.Counted(t.Known[id], "time"))
	}
	for _, id := range sorted(t.Failures) {
		fmt.Fprintf(&b, "  %s    %s, %s\n", p.Ink.Bad("failed"), id, conformance.Counted(t.Failures[id], "time"))
	}
	if len(t.Failures) == 0 {
		nothing := "nothing was broken"
		if len(t.Known) > 0 {
			nothing += " that is not known"
		}
		fmt.Fprintf(&b, "  %s\n", p.Ink.Good(nothing))
	}
	if t.Unended > 0 {
		fmt.Fprintf(&b, "  %s\n", p.Ink.Warn(fmt.Sprintf("%s %s not over at the end, and nothing is known of %s", conformance.Counted(t.Unended, "run"), conformance.Noun(t.Unended, "was"), them(t.Unended))))
	}
	if r.Lacking != "" {
		fmt.Fprintf(&b, "  %s\n", p.Ink.Warn("a part of the campaign, lacking: "+r.Lacking))
	}
	if r.Stopped {
		fmt.Fprintf(&b, "  %s\n", p.Ink.Warn("stopped before its time"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mostNamed is how many kinds of failures a line names.
const mostNamed = 4

// Line says in a line how far a campaign has come, and what has failed: who sees a rule there can look at once rather than at the end.
func Line(s Status) string {
	what := sorted(s.Failures)
	if n := len(what) - mostNamed; n > 0 {
		what = append(what[:mostNamed], fmt.Sprintf("%d more", n))
	}
	if len(what) == 0 {
		return line(s, "")
	}
	return line(s, " ("+strings.Join(what, ", ")+")")
}

// line is the line with what has failed behind how much did.
func line(s Status, what string) string {
	share := func(n int) float64 {
		if s.Runs == 0 {
			return 0
		}
		return 100 * float64(n) / float64(s.Runs)
	}
	text := grouped(s.Runs) + " " + conformance.Noun(s.Runs, "run")
	switch {
	case s.Seconds <= 0:
	case s.New == 0 && s.Runs > 0:
		text += ", none of them new"
	default:
		if s.New < s.Runs {
			text += fmt.Sprintf(", %s of them new", grouped(s.New))
		}
		text += fmt.Sprintf(" (%s/s for %.0f s)", grouped(int(rate(s.New, s.Seconds))), s.Seconds)
	}
	failed := 0
	for _, n := range s.Failures {
		failed += n
	}
	if failed > 0 {
		text += ", " + grouped(failed) + " failed" + what
	}
	text += fmt.Sprintf(", %.0f %% raced, %.1f %% voided; kept %s, states %s, situations %d", share(s.Raced), share(s.Voided), grouped(s.Kept), grouped(s.States), s.Situations)
	if s.Shrinking {
		text += "; making small what was found"
	}
	return text
}

func them(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// grouped is the number with a space after each three digits.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}

// missing lists the rules that judge of which a situation was not seen.
func missing(r *Report) []string {
	ids := []string{}
	for i, rule := range spec.Rules() {
		if r.judges(rule) && len(r.Rules[i].Missing(rule, &r.Options.Target.About)) > 0 {
			ids = append(ids, rule.ID)
		}
	}
	return ids
}

func sorted(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }
