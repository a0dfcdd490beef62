package known

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// Vocabulary is what a file may refer to.
type Vocabulary struct {
	Cases []string        // group/name
	Rules map[string]bool // by id: whether the rule binds the back end, so that a back end can break it
}

// Parse reads a file. The error is a *scenario.Error, with file, line and column.
func Parse(name string, src []byte, v Vocabulary) (*File, error) { return parse(name, src, v, false) }

// ParseDraft is Parse for a file in which reasons and sources may still have to be written.
func ParseDraft(name string, src []byte, v Vocabulary) (*File, error) {
	return parse(name, src, v, true)
}

// parser reads a file line by line.
type parser struct {
	*File
	Vocabulary
	draft  bool
	before []string // comments and blank lines since the last line of another sort
	n      int      // line
	seen   map[string]int
}

func parse(name string, src []byte, v Vocabulary, draft bool) (*File, error) {
	p := parser{File: &File{Name: name}, Vocabulary: v, draft: draft, seen: map[string]int{}}
	text := strings.TrimSuffix(strings.TrimPrefix(string(src), "\ufeff"), "\n")
	for line := range strings.SplitSeq(text, "\n") {
		p.n++
		if err := p.line(strings.TrimRight(line, blanks)); err != nil {
			return nil, err
		}
	}
	if err := p.finished(); err != nil {
		return nil, err
	}
	if p.Target() == "" {
		return nil, p.at(1, 1, `the file does not say what it is for: expected a line such as "target: epoll"`)
	}
	if text != "" {
		p.Tail = p.before
	}
	return p.File, nil
}

const blanks = " \t\r"

// at is an error in the file.
func (f *File) at(line, col int, format string, args ...any) error {
	return &scenario.Error{File: f.Name, Line: line, Col: col, Msg: fmt.Sprintf(format, args...)}
}

// line reads a line that has no blanks at its end.
func (p *parser) line(line string) error {
	rest := strings.TrimLeft(line, blanks)
	col := len(line) - len(rest) + 1
	if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f || r == '\ufffd' }) {
		return p.at(p.n, 1, "the line is not text")
	}
	if rest == "" || rest[0] == '#' {
		p.before = append(p.before, rest)
		return nil
	}
	word, val, is := strings.Cut(rest, ":")
	word = strings.TrimRight(word, blanks)
	if is = is && !strings.ContainsAny(word, blanks+"/"); !is {
		return p.entry(rest, col)
	}
	l := Line{Before: p.before, Word: word, Value: strings.TrimLeft(val, blanks), Line: p.n}
	l.Col = len(line) - len(l.Value) + 1
	p.before = nil
	if len(p.Entries) == 0 {
		return p.head(l, col)
	}
	return p.field(p.Entries[len(p.Entries)-1], l, col)
}

// head reads a line of the head.
func (p *parser) head(l Line, col int) error {
	if err := p.word(p.Head, l, col, words.head, "the head"); err != nil {
		return err
	}
	if l.Word == "target" && strings.ContainsAny(l.Value, blanks) {
		return p.at(l.Line, l.Col, "%q is not a target: its name is one word, as conform list targets shows it", l.Value)
	}
	p.Head = append(p.Head, l)
	return nil
}

// word checks that the line's word may stand there, once, and that it says something.
func (p *parser) word(have []Line, l Line, col int, list []string, where string) error {
	if !slices.Contains(list, l.Word) {
		hint := scenario.Nearest(l.Word, list)
		if slices.Contains(words.entry, l.Word) {
			hint = "; it belongs to an entry, behind a line such as \"accept/backlog ACC-4\""
		}
		return p.at(p.n, col, "unknown word %q in %s: expected one of %s%s", l.Word, where, strings.Join(list, ", "), hint)
	}
	if l.Value == "" {
		return p.at(p.n, l.Col, "%q says nothing", l.Word+":")
	}
	for i := range have {
		h := &have[i]
		if h.Word == l.Word && l.Word != "source" && l.Word != "said" {
			return p.at(p.n, col, "second %q in %s: the first is in line %d", l.Word, where, h.Line)
		}
		if h.Word == l.Word && h.Value == l.Value {
			return p.at(p.n, l.Col, "the same %s stands in line %d", l.Word, h.Line)
		}
	}
	return nil
}
