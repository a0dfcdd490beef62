package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/spec"
)

// Catalogue is what there is: rules, cases, targets and planted bugs.
type Catalogue struct {
	Cases   []*conformance.Case
	Targets []Listed
	Command string // what conform is called, for hints
}

// Listed is a target, with the reason where it cannot run here.
type Listed struct {
	About spec.About
	Bugs  int
	Why   string
}

// Lists are the lists that List knows.
var Lists = []string{"rules", "cases", "targets", "mutants", "claims"}

// List writes one of the lists.
func (c *Catalogue) List(w io.Writer, what, format string, p Page) error {
	if !slices.Contains(Lists, what) {
		return fmt.Errorf("there is no list of %q; there are %s", what, strings.Join(Lists, ", "))
	}
	switch {
	case format == "jsonl":
		return c.lines(w, what)
	case format == "markdown" && what == "rules":
		return spec.WriteRules(w)
	case format == "markdown":
		return fmt.Errorf("%s are not listed as markdown; there are text and jsonl", what)
	case format != "text":
		return fmt.Errorf("unknown format %q; there are text, jsonl, and for rules markdown", format)
	}
	var b strings.Builder
	switch what {
	case "rules":
		c.rules(&b, p)
	case "cases":
		group := ""
		for _, x := range c.Cases {
			if g := x.Group(); g != group {
				if group != "" {
					b.WriteByte('\n')
				}
				group = g
				b.WriteString(p.Ink.Bold(g) + "\n")
			}
			more := ""
			if n := mutant.Counted().Cases[x.Name]; n.Redundant {
				if more = "redundant: " + n.Why(); n.Kept() != "" {
					more = "kept though redundant: " + n.Kept()
				}
			}
			item(&b, p, x.Name, 46, x.File.Title(), more)
		}
	case "targets":
		for _, t := range c.Targets {
			if t.Why != "" {
				item(&b, p, t.About.Name, 13, "cannot run here: "+t.Why, "")
				continue
			}
			item(&b, p, t.About.Name, 13, fmt.Sprintf("%s · %s · can %s", t.About.OS, worldWord(t.About.World), words(t.About.Capabilities)), "")
			item(&b, p, "", 13, conformance.Counted(t.Bugs, "planted bug")+declared(t.About.Axes), "")
		}
	case "mutants":
		for _, m := range mutant.Catalogue() {
			breaks := strings.Join(m.Rules, ", ")
			if breaks == "" {
				breaks = m.Ends
			}
			item(&b, p, m.ID, 34, m.What, breaks+uncounted(mutant.Counted().Mutants[m.ID]))
		}
	case "claims":
		for _, x := range spec.Claims() {
			item(&b, p, x.ID, 5, x.Text, x.Of)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// uncounted says why a planted bug does not count, if so.
func uncounted(n mutant.MutantCount) string {
	if n.Mutant == "" || n.Effective {
		return ""
	}
	return " · does not count: " + n.Why
}

// item writes a name and what is to be said of it, folded.
func item(b *strings.Builder, p Page, name string, col int, text, more string) {
	width := p.Width
	if width == 0 {
		width = 100
	}
	lines := conformance.Fold(text, max(24, width-col-2))
	if len(name) >= col-2 {
		b.WriteString("  " + name + "\n")
		name = ""
	}
	for i, l := range lines {
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(b, "  %-*s%s\n", col-2, name, l)
	}
	if more != "" {
		fmt.Fprintf(b, "  %-*s%s\n", col-2, "", p.Ink.Dim(more))
	}
}

func words(caps []spec.Capability) string {
	s := make([]string, len(caps))
	for i, c := range caps {
		s[i] = string(c)
	}
	return strings.Join(s, ", ")
}

// declared lists the axes that have another value than the portable one.
func declared(axes spec.Axes) string {
	var s []string
	for _, x := range spec.AxisList {
		if v := axes.Get(x.Name); v != x.Values[0] {
			s = append(s, x.Name+"="+v)
		}
	}
	if len(s) == 0 {
		return ""
	}
	return " · " + strings.Join(s, ", ")
}

func (c *Catalogue) rules(b *strings.Builder, p Page) {
	for _, g := range spec.Groups {
		title := false
		for _, r := range spec.Rules() {
			if !inGroup(r, g.Name) {
				continue
			}
			if !title {
				if b.Len() > 0 {
					b.WriteByte('\n')
				}
				title = true
				b.WriteString(p.Ink.Bold(g.Name) + "  " + g.Title + "\n")
			}
			text := r.Text
			if r.Level != spec.MUST {
				text += " (" + r.Level.String() + ")"
			}
			more := strings.Join(r.Profiles, ", ")
			if since := r.Since(); more != "" && since != "" {
				more += " · since version " + since
			}
			item(b, p, r.ID, 10, text, more)
		}
	}
}

func inGroup(r *spec.Rule, group string) bool { return strings.HasPrefix(r.ID, group+"-") }

// cell is s where a | would end it.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func (c *Catalogue) lines(w io.Writer, what string) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	write := func(line any, err error) error {
		if err != nil {
			return err
		}
		return enc.Encode(line)
	}
	var err error
	switch what {
	case "rules":
		for _, r := range spec.Rules() {
			unseen, why := r.Unseen()
			n := mutant.Counted().Rules[r.ID]
			err = write(map[string]any{
				"unseen": some(unseen), "unseen_because": why,
				"type": "rule", "rule": r.ID, "text": r.Text, "level": r.Level.String(), "binds": r.Binds.String(), "assumes": some(r.Assume),
				"needs": some(r.Needs), "axes": pairs(r.Axes), "sim": r.Sim, "profiles": some(r.Profiles), "version": r.Since(), "claims": some(r.Claims),
				"sources": some(r.Sources), "verified": some(r.Verified), "situations": some(r.Situations), "where": pairs(r.Where),
				"alternatives": some(r.Alternatives), "cases": some(c.exercising(r.ID)),
				"effective": n.Effective, "why": n.Why, "broken_alone_by": map[string]any{"traces": some(n.Traces), "mutants": some(n.Mutants)},
			}, err)
		}
	case "cases":
		for _, x := range c.Cases {
			n := mutant.Counted().Cases[x.Name]
			axes := map[string]string{}
			for _, a := range x.File.Axes() {
				axes[a.Name] = a.Value
			}
			err = write(map[string]any{
				"type": "case", "case": x.Name, "title": x.File.Title(), "rules": some(x.File.Rules()), "needs": some(x.File.Needs()),
				"world": x.File.World(), "axes": axes, "file": x.File.Name, "irreplaceable": n.Irreplaceable, "redundant": n.Redundant,
				"why": n.Why(), "kept": n.Kept(), "only_cells": some(n.Cells), "only_kills": some(n.Kills), "cells": n.Shown,
			}, err)
		}
	case "targets":
		for _, t := range c.Targets {
			if t.Why != "" {
				err = write(map[string]any{"type": "target", "target": t.About.Name, "runs": false, "reason": t.Why}, err)
				continue
			}
			axes := map[string]string{}
			for _, x := range spec.AxisList {
				axes[x.Name] = t.About.Axes.Get(x.Name)
			}
			err = write(map[string]any{
				"type": "target", "target": t.About.Name, "runs": true, "version": t.About.Version, "os": t.About.OS, "world": t.About.World,
				"capabilities": some(t.About.Capabilities), "axes": axes, "mutants": t.Bugs,
			}, err)
		}
	case "mutants":
		for _, m := range mutant.Catalogue() {
			n := mutant.Counted().Mutants[m.ID]
			err = write(map[string]any{
				"type": "mutant", "mutant": m.ID, "target": m.Target, "what": m.What, "incident": m.Incident, "rules": some(m.Rules), "ends": m.Ends,
				"uncaught": m.Uncaught, "effective": n.Effective, "why": n.Why, "interleaving": n.Interleaving, "killers": n.Killers,
				"red_first": n.RedFirst, "breaks": some(n.Breaks),
			}, err)
		}
	case "claims":
		for _, x := range spec.Claims() {
			err = write(map[string]any{
				"type": "claim", "id": x.ID, "section": x.Section, "text": x.Text, "of": x.Of, "rules": some(x.Rules), "shown": some(x.Shown),
				"against": some(x.Against), "condition": x.Condition, "measured": x.Measured,
			}, err)
		}
	}
	return err
}

// some is the list, never null.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// pairs is a map that is written as {} where there is none.
func pairs[M ~map[string]string](m M) M {
	if m == nil {
		return M{}
	}
	return m
}

// exercising lists the cases that say they exercise the rule.
func (c *Catalogue) exercising(rule string) (names []string) {
	for _, x := range c.Cases {
		if slices.Contains(x.File.Rules(), rule) {
			names = append(names, x.Name)
		}
	}
	return names
}

// IDs lists everything that Explain knows.
func (c *Catalogue) IDs() (ids []string) {
	for _, r := range spec.Rules() {
		ids = append(ids, r.ID)
	}
	for _, x := range spec.Claims() {
		ids = append(ids, x.ID)
	}
	for _, x := range c.Cases {
		ids = append(ids, x.Name)
	}
	for _, m := range mutant.Catalogue() {
		ids = append(ids, m.ID)
	}
	return ids
}
