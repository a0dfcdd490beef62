package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

//go:embed page.html.tmpl
var pageText string

// pageTemplate is parsed when it is asked for: most commands never do, and every start would pay for it.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"list":  func(words []string) string { return strings.Join(words, ", ") },
		"link":  func(s string) bool { return strings.HasPrefix(s, "https://") },
		"world": worldWord,
	}).Parse(pageText))
})

// HTML writes the comparison as one file that needs nothing besides: no script, no font, no picture from elsewhere.
func (c *Comparison) HTML(w io.Writer) error {
	says, standing := c.standing()
	p := webPage{
		Says: says, Standing: standing, Groups: c.Groups(), Absent: c.Absent,
		Differences: c.Differences(), Offers: c.Offers(), Harms: c.Harms(),
	}
	for _, t := range c.Targets {
		r := webTarget{Name: t.Name, Summary: t.Summary, Verdict: t.Verdict(), Standing: t.Standing(), Ran: t.cases(), All: t.Tally("")}
		for _, g := range p.Groups {
			r.Cells = append(r.Cells, webCell{Tally: t.Tally(g.Name), Group: g.Name})
		}
		for _, x := range t.unknown() {
			r.Failures = append(r.Failures, webFailure{x.Case, x.Verdict, x.what(), x.Again})
		}
		p.Failed += len(r.Failures)
		p.Targets = append(p.Targets, r)
	}
	for _, g := range p.Groups {
		p.Rules = append(p.Rules, c.section(g))
	}
	for _, s := range []webStanding{{"good", "conform"}, {"known", "fail in ways that are known, and in no other"}, {"open", "are not shown to conform"}, {"bad", "fail"}} {
		n := 0
		for _, t := range p.Targets {
			if t.Standing == s.Class {
				n++
			}
		}
		if n > 0 {
			s.Words = fmt.Sprintf("%d %s", n, s.Words)
			p.Standings = append(p.Standings, s)
		}
	}
	return fill(w, pageTemplate(), p)
}

// compared writes a run in a form that is made from its JSON Lines.
type compared struct {
	*jsonl
	lines *bytes.Buffer
	w     io.Writer
	write func(*Comparison, io.Writer) error
}

func newCompared(w io.Writer, write func(*Comparison, io.Writer) error) *compared {
	var b bytes.Buffer
	return &compared{newJSON(&b), &b, w, write}
}

func (c *compared) Close() error {
	var all Comparison
	if c.lines.Len() > 0 {
		if err := all.Read("the run", c.lines); err != nil {
			return err
		}
	}
	return c.write(&all, c.w)
}

// webPage and the types below are what page.html.tmpl shows.
type webPage struct {
	Says, Standing string
	Standings      []webStanding
	Targets        []webTarget
	Absent         []absentLine
	Groups         []spec.Group
	Differences    []Difference
	Offers         []Offered
	Harms          []Harm
	Failed         int
	Rules          []webGroup
}

type webTarget struct {
	Name              string
	Summary           summaryLine
	Verdict, Standing string
	Ran               string // how the cases went
	All               Tally
	Cells             []webCell
	Failures          []webFailure
}

// webStanding says how many targets stand so.
type webStanding struct{ Class, Words string }

type webFailure struct{ Case, Verdict, What, Again string }

type webCell struct {
	Tally
	Group string
}

// Class is how a cell looks.
func (t Tally) Class() string {
	switch {
	case t.Broken > 0:
		return "bad"
	case t.Known > 0:
		return "known"
	case t.Asked() == 0:
		return "none"
	case t.Open > 0:
		return "open"
	}
	return "good"
}

// Words says a tally in full.
func (t Tally) Words() string {
	var parts []string
	for _, x := range []struct {
		n    int
		word string
	}{{t.Held, "held"}, {t.Broken, "broken"}, {t.Known, "known to be broken"}, {t.Open, "not exercised"}, {t.Skipped, "skipped"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", x.n, x.word))
		}
	}
	return strings.Join(parts, ", ")
}

type webGroup struct {
	spec.Group
	All   Tally // of all targets together
	Rules []webRule
}

type webRule struct {
	ID, Text string
	Cells    []webVerdict // a target each
}

type webVerdict struct{ Class, Mark, Words string }

// section shows the rules of a group, one by one.
func (c *Comparison) section(g spec.Group) webGroup {
	s := webGroup{Group: g}
	for _, t := range c.Targets {
		n := t.Tally(g.Name)
		s.All = Tally{s.All.Held + n.Held, s.All.Broken + n.Broken, s.All.Known + n.Known, s.All.Open + n.Open, s.All.Skipped + n.Skipped}
	}
	var ids []string
	at := map[string]map[*Compared]*ruleLine{}
	for _, t := range c.Targets {
		for i := range t.Rules {
			x := &t.Rules[i]
			if x.group() != g.Name || !x.counted() {
				continue
			}
			if at[x.Rule] == nil {
				at[x.Rule] = map[*Compared]*ruleLine{}
				ids = append(ids, x.Rule)
			}
			at[x.Rule][t] = x
		}
	}
	for _, id := range ids {
		r := webRule{ID: id}
		if known, is := spec.RuleByID(id); is {
			r.Text = known.Text
		}
		for _, t := range c.Targets {
			r.Cells = append(r.Cells, verdictOf(at[id][t]))
		}
		s.Rules = append(s.Rules, r)
	}
	return s
}

func verdictOf(x *ruleLine) webVerdict {
	if x == nil {
		return webVerdict{"none", "", "not asked"}
	}
	switch x.Verdict {
	case "held":
		return webVerdict{"good", "●", fmt.Sprintf("held, %s", conformance.Counted(x.Checks, "check"))}
	case "broken":
		return webVerdict{"bad", "✕", "broken"}
	case "known":
		return webVerdict{"known", "◐", "known to be broken"}
	case "skipped":
		return webVerdict{"none", "·", "skipped: " + x.Reason}
	}
	words := strings.ReplaceAll(x.Verdict, "-", " ")
	if missing := append(x.Situations.Missing[:len(x.Situations.Missing):len(x.Situations.Missing)], x.Alternatives.Missing...); len(missing) > 0 {
		words += ", not seen: " + strings.Join(missing, "; ")
	}
	return webVerdict{"open", "○", words}
}
