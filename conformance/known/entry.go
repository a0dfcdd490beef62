package known

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance/scenario"
)

var ruleID = regexp.MustCompile(`^[A-Z]{3}-[1-9][0-9]*$`)

// entry reads the line that an entry begins with.
func (p *parser) entry(line string, col int) error {
	if err := p.finished(); err != nil {
		return err
	}
	pattern, rest := cutWord(line)
	fault, more := cutWord(rest)
	at := col + len(line) - len(rest) // of fault
	switch {
	case fault == "":
		return p.at(p.n, col+len(line), "expected what fails in %q: a rule such as ACC-4, * for any rule, or %s", pattern, endingList())
	case strings.HasPrefix(more, "#"):
		return p.at(p.n, col+len(line)-len(more), "a comment stands on a line of its own")
	case more != "":
		return p.at(p.n, col+len(line)-len(more), "unexpected %q behind the rule: an entry begins with a case and a rule", more)
	}
	if err := p.pattern(pattern, col); err != nil {
		return err
	}
	if err := p.fault(fault, at); err != nil {
		return err
	}
	e := &Entry{Before: p.before, Pattern: pattern, Fault: fault, File: p.File, Line: p.n}
	p.before = nil
	if first := p.seen[e.String()]; first > 0 {
		return p.at(p.n, col, "second entry for %s: the first is in line %d", e, first)
	}
	p.seen[e.String()] = p.n
	p.Entries = append(p.Entries, e)
	return nil
}

// cutWord cuts the first word off; rest has no blanks in front.
func cutWord(s string) (word, rest string) {
	i := strings.IndexAny(s, blanks)
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimLeft(s[i:], blanks)
}

// pattern checks that the suite has a case that the pattern matches.
func (p *parser) pattern(pattern string, col int) error {
	for _, c := range p.Cases {
		ok, err := match(pattern, c)
		if err != nil {
			return p.at(p.n, col, "%q is not a pattern: a bracket is not closed, or nothing follows a backslash", pattern)
		}
		if ok {
			return nil
		}
	}
	if strings.ContainsAny(pattern, `*?[\`) {
		return p.at(p.n, col, "no case matches %q; conform list cases shows them", pattern)
	}
	if !strings.Contains(pattern, "/") {
		return p.at(p.n, col, "unknown group %q: expected a case as group/name, a group, or a pattern of either", pattern)
	}
	return p.at(p.n, col, "unknown case %q%s; conform list cases shows them", pattern, scenario.Nearest(pattern, p.Cases))
}

// fault checks what is said to fail.
func (p *parser) fault(word string, col int) error {
	binds, known := p.Rules[word]
	switch {
	case word == "*" || isEnding(word):
	case known && !binds:
		return p.at(p.n, col, "%s binds the program, so no back end breaks it; what is seen of it is an error", word)
	case known:
	case ruleID.MatchString(word):
		var ids []string
		for id := range p.Rules {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		return p.at(p.n, col, "unknown rule %q%s; conform list rules shows them", word, scenario.Nearest(word, ids))
	default:
		return p.at(p.n, col, "%q is neither a rule such as ACC-4 nor * nor %s%s", word, endingList(), scenario.Nearest(word, endingWords()))
	}
	return nil
}

func endingWords() (list []string) {
	for _, e := range Endings {
		list = append(list, string(e))
	}
	return list
}

func endingList() string { return "one of " + strings.Join(endingWords(), ", ") }

// field reads a line of an entry.
func (p *parser) field(e *Entry, l Line, col int) error {
	if err := p.word(e.Fields, l, col, words.entry, "the entry"); err != nil {
		return err
	}
	switch l.Word {
	case "kind":
		if !slices.Contains(Kinds, Kind(l.Value)) {
			return p.at(p.n, l.Col, "unknown kind %q: expected broken (the platform is at fault), todo (we are) or racy (it may pass)%s",
				l.Value, scenario.Nearest(l.Value, []string{"broken", "todo", "racy"}))
		}
	case "harm":
		var list []string
		for _, x := range Harms {
			list = append(list, string(x.Harm))
		}
		if !slices.Contains(list, l.Value) {
			return p.at(p.n, l.Col, "unknown harm %q: expected one of %s%s", l.Value, strings.Join(list, ", "), scenario.Nearest(l.Value, list))
		}
	case "reason":
		switch {
		case strings.HasPrefix(l.Value, "(write"):
			if !p.draft || l.Value != ReasonToWrite {
				return p.at(p.n, l.Col, "the reason is still to be written: say in a sentence why %s fails", e)
			}
		case len(strings.Fields(l.Value)) < 3:
			return p.at(p.n, l.Col, "%q is no reason: say in a sentence why %s fails", l.Value, e)
		}
	case "said":
		if !ruleID.MatchString(e.Fault) {
			return p.at(p.n, col, "%q is for a rule: what is said of %s does not matter", "said", e.Fault)
		}
	case "source":
		if strings.HasPrefix(l.Value, "(write") && (!p.draft || l.Value != SourceToWrite) {
			return p.at(p.n, l.Col, "the source is still to be written: a link to where %s is promised, reported or tracked", e)
		}
		if u, err := url.Parse(l.Value); strings.Contains(l.Value, "://") && (err != nil || u.Host == "" || strings.ContainsAny(l.Value, blanks)) {
			return p.at(p.n, l.Col, "%q is not a link", l.Value)
		}
	}
	e.Fields = append(e.Fields, l)
	return nil
}

// finished checks that the entry before, if there is one, says all that it must.
func (p *parser) finished() error {
	if len(p.Entries) == 0 {
		return nil
	}
	e := p.Entries[len(p.Entries)-1]
	for _, w := range []struct{ word, want string }{
		{"kind", "broken (the platform is at fault), todo (we are) or racy (it may pass)"},
		{"reason", "a sentence that says why it fails"},
		{"source", "a link to where it is promised, reported or tracked"},
	} {
		if value(e.Fields, w.word) == "" {
			return p.at(e.Line, 1, "the entry %s has no %q: %s", e, w.word+":", w.want)
		}
	}
	return nil
}
