package spec

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strings"
)

// WriteRules writes the book of rules, in Markdown: RULES.md.
func WriteRules(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprint(b, `# The rules

<!-- Made from the rules themselves by go generate ./spec. Change those instead. -->

Each rule is one sentence that a trace can break. A *guarantee* binds the back end, an *obligation* the program that uses it. MUST and SHOULD
are judged; MAY names something that is allowed, and that some run shows; INFO is counted only. A rule is held if it was never broken
and every one of its *situations* was seen. *Alternatives* are outcomes that the rule allows. A rule applies to targets that have the
capabilities it needs and declare the axis values it names. S1 to S37 are the claims of the source document.

`)
	byGroup := map[string][]*Rule{}
	for _, r := range Rules() {
		g := groupOf(r)
		byGroup[g] = append(byGroup[g], r)
	}
	fmt.Fprintln(b, "| group | about | rules |\n|---|---|---|")
	for _, g := range Groups {
		fmt.Fprintf(b, "| [%s](#%s) | %s | %d |\n", g.Name, anchor(g), g.Title, len(byGroup[g.Name]))
	}
	for _, g := range Groups {
		fmt.Fprintf(b, "\n## %s: %s\n", g.Name, g.Title)
		for _, r := range byGroup[g.Name] {
			writeRule(b, r)
		}
	}
	return b.Flush()
}

func groupOf(r *Rule) string {
	g, _, _ := strings.Cut(r.ID, "-")
	return g
}

// anchor is what a heading is called by links.
func anchor(g Group) string {
	name := strings.ToLower(g.Name + " " + g.Title)
	name = strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return '-'
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
	return name
}

func writeRule(b *bufio.Writer, r *Rule) {
	fmt.Fprintf(b, "\n### %s\n\n**%s**\n\n", r.ID, r.Text)
	kind := r.Level.String() + ", " + r.Binds.String()
	if r.Sim {
		kind += ", simulated worlds only"
	}
	if r.check == nil {
		kind += "; no trace shows it, but a possible breach voids what assumes it"
	}
	fmt.Fprintf(b, "- %s\n", kind)
	line := func(name string, list []string) {
		if len(list) > 0 {
			fmt.Fprintf(b, "- %s: %s\n", name, strings.Join(list, ", "))
		}
	}
	line("profiles", r.Profiles)
	needs := make([]string, len(r.Needs))
	for i, c := range r.Needs {
		needs[i] = string(c)
	}
	line("needs", needs)
	axes := make([]string, 0, len(r.Axes))
	for name, value := range r.Axes {
		axes = append(axes, name+"="+value)
	}
	sort.Strings(axes)
	line("axes", axes)
	line("assumes", r.Assume)
	block := func(name string, list []string) {
		if len(list) > 0 {
			fmt.Fprintf(b, "- %s: %s\n", name, strings.Join(list, "; "))
		}
	}
	block("situations", r.WithWhere(r.Situations))
	block("alternatives", r.Alternatives)
	line("claims", r.Claims)
	block("sources", r.Sources)
	line("verified", r.Verified)
	if unseen, why := r.Unseen(); why != "" {
		text := "in no situation"
		if len(unseen) < len(r.Situations) {
			text = "not in these situations: " + strings.Join(unseen, "; ")
		}
		fmt.Fprintf(b, "- on a real system %s: %s\n", text, why)
	}
}
