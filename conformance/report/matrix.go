package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/ioconform/ioconform/conformance"
)

// Text writes the comparison for people: a line and a row of the matrix for each target, then where they differ, then what goes wrong.
func (c *Comparison) Text(w io.Writer, p Page) error {
	var b strings.Builder
	c.verdicts(&b, p)
	c.matrix(&b, p)
	c.differences(&b, p)
	c.findings(&b, p)
	c.violations(&b, p)
	_, err := io.WriteString(w, b.String())
	return err
}

func (c *Comparison) name() (width int) {
	for _, t := range c.Targets {
		width = max(width, len([]rune(t.Name)))
	}
	return width
}

func (c *Comparison) verdicts(b *strings.Builder, p Page) {
	for _, t := range c.Targets {
		s := &t.Summary
		ink := p.Ink.Warn
		switch t.Standing() {
		case "good":
			ink = p.Ink.Good
		case "bad":
			ink = p.Ink.Bad
		}
		name := p.Ink.Bold(pad(t.Name, c.name()))
		write := func(text string, ink func(string) string) {
			for i, l := range conformance.Fold(text, max(24, pageWidth(p)-c.name()-2)) {
				fmt.Fprintf(b, "%s  %s%s\n", name, strings.Repeat("  ", min(i, 1)), ink(l))
				name = pad("", c.name())
			}
		}
		write(t.Verdict(), ink)
		write(fmt.Sprintf("%s · %s · %s · %s", s.Version, s.OS, worldWord(s.World), t.cases()), p.Ink.Dim)
	}
	for _, a := range c.Absent {
		fmt.Fprintf(b, "%s\n", p.Ink.Dim(a.Target+" could not run: "+a.Reason))
	}
}

// cases says how the cases of a target went.
func (t *Compared) cases() string {
	n := map[conformance.Verdict]int{}
	for v, k := range t.Summary.Cases {
		n[conformance.Verdict(v)] = k
	}
	s := caseCounts(conformance.Ink{}, n)
	if t.Summary.All > t.ran() {
		s += fmt.Sprintf(" of %d cases", t.Summary.All)
	}
	if t.Summary.Stopped {
		s += ", stopped"
	}
	return s
}

// matrix writes targets by groups of rules, in as many blocks as the page's width needs.
func (c *Comparison) matrix(b *strings.Builder, p Page) {
	groups := c.Groups()
	if len(groups) == 0 {
		return
	}
	type column struct {
		head  string
		width int
		cells []string // a target each
		ink   []func(string) string
	}
	var columns []column
	add := func(head string, cell func(*Compared) (string, func(string) string)) {
		x := column{head: head, width: len(head)}
		for _, t := range c.Targets {
			s, ink := cell(t)
			x.cells, x.ink, x.width = append(x.cells, s), append(x.ink, ink), max(x.width, len([]rune(s)))
		}
		columns = append(columns, x)
	}
	for _, g := range groups {
		add(g.Name, func(t *Compared) (string, func(string) string) {
			n := t.Tally(g.Name)
			return n.cell(), n.ink(p)
		})
	}
	plain := func(s string) string { return s }
	for _, x := range []struct {
		head string
		of   func(Tally) int
	}{
		{"held", func(n Tally) int { return n.Held }}, {"broken", func(n Tally) int { return n.Broken }}, {"known", func(n Tally) int { return n.Known }},
		{"open", func(n Tally) int { return n.Open }}, {"skipped", func(n Tally) int { return n.Skipped }},
	} {
		add(x.head, func(t *Compared) (string, func(string) string) { return fmt.Sprint(x.of(t.Tally(""))), plain })
	}
	b.WriteString("\n")
	for from := 0; from < len(columns); {
		to, used := from, c.name()
		for to < len(columns) && (to == from || used+2+columns[to].width <= pageWidth(p)) {
			used += 2 + columns[to].width
			to++
		}
		if from > 0 {
			b.WriteString("\n")
		}
		line := pad("", c.name())
		for _, x := range columns[from:to] {
			line += "  " + pad(x.head, x.width)
		}
		b.WriteString(p.Ink.Bold(strings.TrimRight(line, " ")) + "\n")
		for i, t := range c.Targets {
			b.WriteString(pad(t.Name, c.name()))
			room := 0
			for _, x := range columns[from:to] {
				b.WriteString(strings.Repeat(" ", room+2) + x.ink[i](x.cells[i]))
				room = x.width - len([]rune(x.cells[i]))
			}
			b.WriteString("\n")
		}
		from = to
	}
	for _, l := range conformance.Fold("rules held; ! broken, ~ known to be broken, ? not exercised in full or unknown, - all skipped", pageWidth(p)) {
		fmt.Fprintf(b, "%s\n", p.Ink.Dim(l))
	}
}

// cell is a tally in a few letters.
func (t Tally) cell() string {
	if t.Asked() == 0 {
		return "-"
	}
	s := fmt.Sprint(t.Held)
	for _, x := range []struct {
		n    int
		mark string
	}{{t.Broken, "!"}, {t.Known, "~"}, {t.Open, "?"}} {
		if x.n > 0 {
			s += fmt.Sprintf(" %d%s", x.n, x.mark)
		}
	}
	return s
}

func (t Tally) ink(p Page) func(string) string {
	switch {
	case t.Broken > 0:
		return p.Ink.Bad
	case t.Asked() == 0:
		return p.Ink.Dim
	case t.Known+t.Open > 0:
		return p.Ink.Warn
	}
	return p.Ink.Good
}

// nameColumn is where the text behind a name begins.
const nameColumn = 18

func (c *Comparison) differences(b *strings.Builder, p Page) {
	list, offers := c.Differences(), c.Offers()
	if len(list)+len(offers) > 0 {
		fmt.Fprintf(b, "\n%s\n", p.Ink.Bold("Declared differences, none of which is a violation"))
	}
	for _, d := range list {
		var parts []string
		for _, v := range d.Values {
			word := v.Value
			if v.Usual {
				word += " (usual)"
			}
			parts = append(parts, word+": "+v.Who())
		}
		item(b, p, d.Axis, nameColumn, strings.Join(parts, "; "), "")
	}
	for i, o := range offers {
		name := ""
		if i == 0 {
			name = "capabilities"
		}
		item(b, p, name, nameColumn, strings.Join(o.Capabilities, ", ")+": "+o.Who(), "")
	}
}

func (c *Comparison) findings(b *strings.Builder, p Page) {
	for _, h := range c.Harms() {
		word := h.Harm
		if word == "" {
			word = "not said"
		}
		fmt.Fprintf(b, "\n%s: %s\n", p.Ink.Bold("Known, "+word), h.Meaning)
		for _, f := range h.Findings {
			text := fmt.Sprintf("%s (%s): %s", f.Reason, f.kind(), strings.Join(f.Where, ", "))
			item(b, p, f.Target, nameColumn, text, "")
			for _, s := range f.Sources {
				item(b, p, "", nameColumn, s, "")
			}
		}
	}
}

func (f *Finding) kind() string {
	if f.Kind == "racy" || f.Seen < f.Rounds {
		return fmt.Sprintf("%s, seen %d of %d", f.Kind, f.Seen, f.Rounds)
	}
	return f.Kind
}

// violationsShown bounds how many cases of one target are listed.
const violationsShown = 12

func (c *Comparison) violations(b *strings.Builder, p Page) {
	for _, t := range c.Targets {
		list := t.unknown()
		if len(list) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n%s\n", p.Ink.Bold(conformance.Counted(len(list), "case")+" of "+t.Name+" that did not pass"))
		for i, x := range list {
			if i == violationsShown {
				fmt.Fprintf(b, "  and %d more; the HTML report lists them all\n", len(list)-i)
				break
			}
			for j, l := range conformance.Fold(x.Case+"  "+x.what(), pageWidth(p)-2) {
				fmt.Fprintf(b, "  %s%s\n", strings.Repeat("  ", min(j, 1)), l)
			}
			if x.Again != "" {
				fmt.Fprintf(b, "      %s\n", p.Ink.Dim(x.Again))
			}
		}
	}
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-len([]rune(s))))
}
