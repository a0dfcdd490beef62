package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// Judged reports on a trace that was recorded elsewhere.
func Judged(w io.Writer, name string, t *spec.Trace, j spec.Judgement, p Page) error {
	var b strings.Builder
	by := ""
	if t.By != "" {
		by = ", recorded by " + t.By
	}
	fmt.Fprintf(&b, "%s  %s%s\n", p.Ink.Bold(name), conformance.Counted(len(t.Events), "event"), by)
	about := strings.TrimSpace(t.About.Name + " " + t.About.Version)
	for _, s := range []string{t.About.OS, worldWord(t.About.World)} {
		if s != "" {
			about += " · " + s
		}
	}
	told(&b, p, "target", strings.TrimPrefix(about, " · "))
	told(&b, p, "data", levelWord(j))
	if !j.Settled {
		told(&b, p, "note", "the trace has no settle mark: what should have come in the end is not judged")
	}
	if !j.Complete {
		told(&b, p, "note", "the trace has no end: it was cut, or is still being written")
	}
	counts := map[spec.Verdict][]string{}
	for i, r := range spec.Rules() {
		v := spec.Skipped
		if _, applies := r.Applies(&t.About); applies {
			v = j.Counts[i].Verdict(r, &t.About)
			if v == spec.NotExercised && j.Counts[i].Checks > 0 {
				v = spec.Held // in what the trace has of it
			}
		}
		counts[v] = append(counts[v], r.ID)
	}
	for _, v := range []spec.Verdict{spec.Broken, spec.Held, spec.Unknown, spec.NotExercised, spec.Skipped} {
		ids := counts[v]
		if len(ids) == 0 {
			continue
		}
		word := strings.ReplaceAll(v.String(), "-", " ")
		if v == spec.NotExercised {
			word = "not seen"
		}
		if v == spec.Skipped {
			told(&b, p, word, fmt.Sprintf("%d that are not for this target", len(ids)))
			continue
		}
		if v == spec.Unknown {
			unknowns(&b, p, j, ids)
			continue
		}
		told(&b, p, word, fmt.Sprintf("%d: %s", len(ids), brief(ids)))
	}
	for i, v := range j.Violations {
		if i == 8 {
			fmt.Fprintf(&b, "\nand %d more\n", len(j.Violations)-i)
			break
		}
		fmt.Fprintf(&b, "\n%s  %s\n", p.Ink.Bad(v.Rule.ID), v.Rule.Text)
		if v.Rule.Binds == spec.Obligation {
			told(&b, p, "blames", "the program, not the back end")
		}
		told(&b, p, "seen", fmt.Sprintf("at event %d: %s", v.Q, v.Said))
		b.WriteByte('\n')
		d := conformance.Drawing{Trace: t, Point: []spec.Violation{v}, Width: p.Width, Indent: "  ", Ink: p.Ink, Rows: 40}
		d.Write(&b)
	}
	b.WriteByte('\n')
	switch n := len(j.Violations); {
	case n > 0:
		b.WriteString(p.Ink.Bad(conformance.Counted(n, "violation")) + "\n")
	case len(counts[spec.Held]) == 0:
		b.WriteString(p.Ink.Warn("nothing in the trace exercises a rule") + "\n")
	default:
		b.WriteString(p.Ink.Good("no rule is broken") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// levelWord says how much the trace tells of the bytes, and of their order.
func levelWord(j spec.Judgement) string {
	word := map[spec.DataLevel]string{
		spec.DataBytes: "bytes: all that went through", spec.DataPattern: "pattern: all that went through, as runs of patterns",
		spec.DataSum: "sum: hashes, compared wherever both ends cut the stream in the same place",
	}[j.Data]
	if word == "" {
		word = "none: what went through is not judged"
	}
	if !j.Peers {
		word += "; no peer events"
	}
	if j.Widened {
		word += "; intervals wider than the calls, so that the program is not blamed"
	}
	return word
}

// unknowns lists the rules that had something to judge and could not, by what the trace lacks.
func unknowns(b *strings.Builder, p Page, j spec.Judgement, ids []string) {
	var reasons []string
	by := map[string][]string{}
	for _, id := range ids {
		r, _ := spec.RuleByID(id)
		why := j.Why(r)
		if by[why] == nil {
			reasons = append(reasons, why)
		}
		by[why] = append(by[why], id)
	}
	for _, why := range reasons {
		told(b, p, spec.Unknown.String(), fmt.Sprintf("%d: %s: %s", len(by[why]), brief(by[why]), why))
	}
}

// Replayed reports on a case that was run again: the whole of it, drawn.
func Replayed(w io.Writer, target string, c *conformance.CaseResult, p Page) error {
	var b strings.Builder
	switch c.Verdict {
	case conformance.Skip:
		fmt.Fprintf(&b, "%s  %s on %s: %s\n", p.Ink.Warn("SKIP"), p.Ink.Bold(c.Case.Name), target, c.Reason)
	case conformance.Pass:
		fmt.Fprintf(&b, "%s  %s on %s\n", p.Ink.Good("PASS"), p.Ink.Bold(c.Case.Name), target)
		told(&b, p, "proves", c.Case.File.Title())
		b.WriteByte('\n')
		if c.Trace != nil {
			d := conformance.Drawing{Trace: c.Trace, Names: c.Names(), Whole: true, Width: p.Width, Indent: "  ", Ink: p.Ink}
			d.Write(&b)
		}
		if c.Runs > 1 {
			fmt.Fprintf(&b, "\n  %d runs passed; this is the last\n", c.Runs)
		}
	default:
		p.Rows = 1 << 30
		b.WriteString(c.Describe(target, "", p))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
