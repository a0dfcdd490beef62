package scenario

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// maxWidth is where a line becomes hard to read beside its comment.
const maxWidth = 120

// Lint says what is wrong with the style of a file that parses, in the order of its lines: rules for cases that stay, which
// a machine's counterexample need not follow. What concerns blanks and tabs is seen only in a parsed file.
func Lint(f *File) []Error {
	var found []Error
	report := func(line, col int, format string, args ...any) {
		found = append(found, Error{f.Name, line, col, fmt.Sprintf(format, args...)})
	}
	switch rule := f.RuleInTitle(); {
	case f.Title() == "":
		report(1, 1, `the first line is a comment that says what the case proves, such as "# ACC-4: an accept completes once."`)
	case rule != "" && !slices.Contains(f.Rules(), rule):
		report(1, 1, "the title is about %s, which no rules header names", rule)
	}
	lintNodes(f.Lines, report)
	lintText(f.src, report)
	slices.SortStableFunc(found, func(a, b Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	return found
}

type reporter func(line, col int, format string, args ...any)

func lintNodes(nodes []Node, report reporter) {
	for _, n := range nodes {
		if b, ok := n.(*Block); ok {
			if !slices.ContainsFunc(b.Lines, isStep) {
				report(b.Pos.Line, b.Pos.Col, "the block has no line to run")
			}
			lintNodes(b.Lines, report)
		}
	}
}

func isStep(n Node) bool {
	switch n.(type) {
	case *Line, *Block:
		return true
	}
	return false
}

func lintText(src []byte, report reporter) {
	if len(src) == 0 {
		return
	}
	if src[len(src)-1] != '\n' {
		report(1+bytes.Count(src, []byte("\n")), 1, "the last line does not end in a newline")
	}
	empty := 0
	lines := strings.Split(strings.TrimSuffix(string(src), "\n"), "\n")
	for i, line := range lines {
		kept := strings.TrimRight(line, blanks)
		if len(kept) < len(line) {
			report(i+1, len(kept)+1, "trailing blanks")
		}
		if tab := strings.IndexByte(kept, '\t'); tab >= 0 {
			report(i+1, tab+1, "tab: blanks look the same everywhere")
		}
		if width := len([]rune(kept)); width > maxWidth {
			report(i+1, maxWidth+1, "line of %d characters, more than %d", width, maxWidth)
		}
		if empty++; kept != "" {
			empty = 0
		}
		if empty == 2 {
			report(i+1, 1, "second empty line in a row")
		}
	}
	if empty > 0 {
		report(len(lines), 1, "empty line at the end")
	}
}
