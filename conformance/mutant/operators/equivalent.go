package main

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed equivalents.txt
var equivalents string

// equivalence is a family of mutants that are no faults, since no program can tell them from the reference; or of faults that show only in worlds of which no case can have one.
type equivalence struct {
	pattern string // of names, as the report has them; * is anything
	why     string
	beyond  bool // it is a fault, out of reach of every case
}

const outOfReach = "out of reach: "

// readEquivalents reads the list: a line with a pattern, and below it, indented, the proof in words.
func readEquivalents(text string) (list []equivalence, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		switch bare := strings.TrimSpace(line); {
		case bare == "" || line[0] == '#':
		case line[0] != '\t':
			pattern, beyond := strings.CutPrefix(bare, outOfReach)
			list = append(list, equivalence{pattern: pattern, beyond: beyond})
		case len(list) == 0:
			return nil, fmt.Errorf("equivalents.txt:%d: this is the reason of nothing", n)
		default:
			last := &list[len(list)-1]
			last.why = strings.TrimSpace(last.why + " " + bare)
		}
	}
	for _, e := range list {
		if e.why == "" {
			return nil, fmt.Errorf("equivalents.txt: nothing is said of why %q is no fault", e.pattern)
		}
	}
	return list, nil
}

// names reports whether the mutant is of the family.
func (e *equivalence) names(mutant string) bool {
	parts := strings.Split(e.pattern, "*")
	rest, begins := strings.CutPrefix(mutant, parts[0])
	if len(parts) == 1 || !begins {
		return begins && rest == ""
	}
	last := parts[len(parts)-1]
	for _, p := range parts[1 : len(parts)-1] {
		_, after, has := strings.Cut(rest, p)
		if !has {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, last)
}

// familyOf returns the first family that the mutant is of, nil if it is of none.
func familyOf(list []equivalence, mutant string) *equivalence {
	for i := range list {
		if list[i].names(mutant) {
			return &list[i]
		}
	}
	return nil
}
