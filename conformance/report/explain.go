package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// Explain tells all that is known of a rule, a case or a planted bug. It reports whether there is one of that id.
func (c *Catalogue) Explain(w io.Writer, id string, p Page) (found bool, err error) {
	var b strings.Builder
	switch r, is := spec.RuleByID(strings.ToUpper(id)); {
	case is:
		c.rule(&b, r, p)
	case isClaim(id):
		x, _ := spec.ClaimByID(strings.ToUpper(id))
		c.claim(&b, x, p)
	case c.find(id) != nil:
		c.scenario(&b, c.find(id), p)
	default:
		for _, m := range mutant.Catalogue() {
			if m.ID == id {
				c.mutant(&b, &m, p)
			}
		}
	}
	if b.Len() == 0 {
		return false, nil
	}
	_, err = io.WriteString(w, b.String())
	return true, err
}

func isClaim(id string) bool {
	_, is := spec.ClaimByID(strings.ToUpper(id))
	return is
}

// claim tells a claim of the source document: what it rests on, and the first case that shows it, or shows where it does not hold.
func (c *Catalogue) claim(b *strings.Builder, x *spec.Claim, p Page) {
	lines := conformance.Fold(x.Text, max(30, pageWidth(p)-10))
	fmt.Fprintf(b, "%s  %s\n", p.Ink.Bold(fmt.Sprintf("%-7s", x.ID)), p.Ink.Bold(lines[0]))
	for _, l := range lines[1:] {
		fmt.Fprintf(b, "         %s\n", p.Ink.Bold(l))
	}
	b.WriteByte('\n')
	told(b, p, "heading", x.Section)
	told(b, p, "speaks of", x.Of)
	told(b, p, "rests on", strings.Join(x.Rules, ", "))
	told(b, p, "shown by", strings.Join(x.Shown, ", "))
	told(b, p, "against", strings.Join(x.Against, ", "))
	told(b, p, "condition", x.Condition)
	told(b, p, "rules", strings.Join(rulesOf(x.ID), ", "))
	b.WriteByte('\n')
	for _, name := range append(slices.Clone(x.Against), x.Shown...) {
		if w := c.find(name); w != nil {
			c.scenario(b, w, p)
			break
		}
	}
	fmt.Fprintf(b, "\nrun it   %s claims\n", c.command())
}

// rulesOf lists the rules that say they come from the claim.
func rulesOf(claim string) (ids []string) {
	for _, r := range spec.Rules() {
		if slices.Contains(r.Claims, claim) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func (c *Catalogue) find(name string) *conformance.Case {
	for _, x := range c.Cases {
		if x.Name == name {
			return x
		}
	}
	return nil
}

func (c *Catalogue) rule(b *strings.Builder, r *spec.Rule, p Page) {
	lines := conformance.Fold(r.Text, max(30, pageWidth(p)-10))
	fmt.Fprintf(b, "%s  %s\n", p.Ink.Bold(fmt.Sprintf("%-7s", r.ID)), p.Ink.Bold(lines[0]))
	for _, l := range lines[1:] {
		fmt.Fprintf(b, "         %s\n", p.Ink.Bold(l))
	}
	b.WriteByte('\n')
	binds := "binds the back end (a guarantee)"
	if r.Binds == spec.Obligation {
		binds = "binds the program that uses a back end (an obligation)"
	}
	told(b, p, "level", r.Level.String()+", "+binds)
	told(b, p, "profiles", strings.Join(r.Profiles, ", "))
	var assumed []string
	for _, a := range r.Assume {
		if o, ok := spec.RuleByID(a); ok {
			a += " (" + strings.TrimSuffix(o.Text, ".") + ")"
		}
		assumed = append(assumed, a)
	}
	told(b, p, "assumes", assumed...)
	told(b, p, "needs", words(r.Needs))
	var axes []string
	for _, x := range spec.AxisList {
		if v, ok := r.Axes[x.Name]; ok {
			axes = append(axes, x.Name+"="+v+" ("+x.Meaning+")")
		}
	}
	told(b, p, "axes", axes...)
	if r.Sim {
		told(b, p, "world", "simulated only: elsewhere it cannot be observed")
	}
	told(b, p, "situations", r.WithWhere(r.Situations)...)
	told(b, p, "may end as", r.Alternatives...)
	told(b, p, "claims", strings.Join(r.Claims, ", "))
	told(b, p, "sources", r.Sources...)
	verified := strings.Join(r.Verified, ", ")
	if verified == "" {
		verified = "no platform recorded yet"
	}
	told(b, p, "verified", verified)
	if unseen, why := r.Unseen(); why != "" {
		told(b, p, "not seen", strings.TrimPrefix(strings.Join(unseen, "; ")+": "+why, ": "))
	}
	bugs := []string{}
	for _, m := range mutant.Catalogue() {
		if slices.Contains(m.Rules, r.ID) {
			bugs = append(bugs, m.ID+": "+m.What)
		}
	}
	told(b, p, "broken by", bugs...)
	names := c.exercising(r.ID)
	if len(names) == 0 {
		told(b, p, "cases", "none says so in its header")
		return
	}
	told(b, p, "cases", strings.Join(names, ", "))
	first := c.find(names[0])
	for _, n := range names { // the one that proves it, where there is one
		if x := c.find(n); x.File.RuleInTitle() == r.ID {
			first = x
			break
		}
	}
	b.WriteByte('\n')
	c.scenario(b, first, p)
}

// scenario writes the text of a case and how to run it.
func (c *Catalogue) scenario(b *strings.Builder, x *conformance.Case, p Page) {
	b.WriteString(p.Ink.Dim(x.File.Name) + "\n\n")
	for _, l := range strings.Split(strings.TrimRight(string(scenario.Print(x.File)), "\n"), "\n") {
		if strings.HasPrefix(strings.TrimSpace(l), "#") {
			l = p.Ink.Dim(l)
		}
		b.WriteString(strings.TrimRight("    "+l, " ") + "\n")
	}
	fmt.Fprintf(b, "\nrun it   %s run --run %s\nsee it   %s replay %s\n", c.command(), x.Name, c.command(), x.Name)
}

func (c *Catalogue) mutant(b *strings.Builder, m *mutant.Mutant, p Page) {
	b.WriteString(p.Ink.Bold(m.ID) + "  " + m.What + "\n\n")
	told(b, p, "planted in", m.Target)
	told(b, p, "like", m.Incident)
	for _, id := range m.Rules {
		if r, ok := spec.RuleByID(id); ok {
			told(b, p, "breaks", r.ID+" "+r.Text)
		}
	}
	told(b, p, "ends in", m.Ends)
	fmt.Fprintf(b, "\nrun it   %s run %s\n", c.command(), m.ID)
}

func (c *Catalogue) command() string {
	if c.Command == "" {
		return "conform"
	}
	return c.Command
}

// told writes a word and what there is to it, nothing where there is nothing.
func told(b *strings.Builder, p Page, word string, what ...string) {
	for _, s := range what {
		if s == "" {
			continue
		}
		for i, l := range conformance.Fold(s, max(30, pageWidth(p)-14)) {
			if i > 0 {
				l = "  " + l
			}
			fmt.Fprintf(b, "  %s  %s\n", p.Ink.Dim(fmt.Sprintf("%-10s", word)), l)
			word = ""
		}
	}
}

func pageWidth(p Page) int {
	if p.Width == 0 {
		return 100
	}
	return p.Width
}
