package scenario

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds blocks within blocks; no case needs three.
const maxDepth = 8

// Parse reads a scenario without knowing which rules, capabilities and axes exist. The error is an *Error, the first there
// is.
func Parse(name string, src []byte) (*File, error) { return ParseWith(name, src, Vocabulary{}) }

// ParseWith reads a scenario and checks what it refers to against v.
func ParseWith(name string, src []byte, v Vocabulary) (*File, error) {
	p := &parser{file: name, vocabulary: v, names: map[string]symbol{}, threads: map[string]bool{}, ended: map[string]bool{}}
	f := &File{Name: name, src: src}
	p.rest = string(src)
	if strings.HasPrefix(p.rest, "\ufeff") {
		p.fail(Pos{1, 1}, "the file begins with a byte order mark; save it as UTF-8 without one")
	}
	for p.err == nil && p.advance() {
		if n := p.node(0); n != nil {
			f.Lines = append(f.Lines, n)
		}
	}
	if p.err != nil {
		return nil, p.err
	}
	f.listens = p.listens
	return f, nil
}

// parser reads line by line. The first error sticks; after it every token is the end of the line, so that the steps need
// not ask.
type parser struct {
	file       string
	vocabulary Vocabulary
	rest       string // lines not read yet
	line       int
	code       string // this line without its comment
	toks       []token
	at         int
	end        int // column behind the last token
	comment    string
	err        *Error

	script     bool // a line of the script has been seen: no header may follow
	anyAnswer  bool // "answers any": no line may expect anything
	once       map[string]int
	concurrent int // depth of par and schedule around
	names      map[string]symbol
	refs       []ref
	listens    bool            // a listener is made or named
	threads    map[string]bool // with a background line
	ended      map[string]bool // threads that have ended
	inside     int             // depth of blocks around
	used       map[string]bool // threads seen inside the outermost schedule
}

func (p *parser) fail(at Pos, format string, args ...any) {
	if p.err == nil {
		p.err = &Error{p.file, at.Line, at.Col, fmt.Sprintf(format, args...)}
	}
}

// advance reads the next line into tokens; false at the end of the text.
func (p *parser) advance() bool {
	if p.rest == "" {
		return false
	}
	var line string
	line, p.rest, _ = strings.Cut(p.rest, "\n")
	p.line++
	code, comment := line, ""
	if i := strings.IndexByte(line, '#'); i >= 0 {
		code, comment = line[:i], strings.TrimRight(line[i:], blanks)
	}
	code = strings.TrimRight(code, blanks)
	toks, bad := lex(code, p.toks[:0])
	p.code, p.toks, p.comment, p.at, p.end = code, toks, comment, 0, len(code)+1
	if bad > 0 && !p.headerLine() {
		r, _ := utf8.DecodeRuneInString(code[bad-1:])
		p.fail(Pos{p.line, bad}, "%s has no meaning here: names are of letters, digits, _ and -", strconv.QuoteRune(r))
	}
	return true
}

// headerLine takes a line that is a header: its words are not of the language, so they are cut at blanks only.
func (p *parser) headerLine() bool {
	return len(p.toks) > 0 && has(HeaderWords, p.toks[0].text) && p.toks[0].word
}

func (p *parser) peek() token {
	if p.err != nil || p.at >= len(p.toks) {
		return token{col: p.end}
	}
	return p.toks[p.at]
}

func (p *parser) next() token {
	t := p.peek()
	p.at++
	return t
}

func (p *parser) pos(t token) Pos { return Pos{p.line, t.col} }

// accept takes the token if it is this one.
func (p *parser) accept(text string) bool {
	if p.peek().text == text {
		p.at++
		return true
	}
	return false
}

// expect takes this token or fails; after says what it belongs to.
func (p *parser) expect(text, after string) {
	if t := p.peek(); !p.accept(text) {
		p.fail(p.pos(t), "expected %q %s, found %v", text, after, t)
	}
}

// node parses what begins on this line; nil after an error.
func (p *parser) node(depth int) Node {
	t := p.peek()
	pos := p.pos(t)
	switch {
	case p.err != nil:
		return nil
	case len(p.toks) == 0 && p.comment != "":
		return &Comment{Pos: pos, Text: p.comment}
	case len(p.toks) == 0:
		return &Blank{Pos: Pos{p.line, 1}}
	case p.headerLine():
		if p.script {
			p.fail(pos, "header %q behind the first line of the script: headers come first", t.text)
			return nil
		}
		return p.header()
	case t.text == "par", t.text == "repeat", t.text == "schedule":
		p.script = true
		return p.block(depth)
	case t.text == "}":
		p.fail(pos, `found "}" but no block is open`)
		return nil
	}
	p.script = true
	l := p.scriptLine()
	if p.concurrent == 0 {
		p.resolve(false)
	}
	return l
}

var ruleID = regexp.MustCompile(`^[A-Z]{2,4}-[0-9]+$`)
var plainWord = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

func (p *parser) header() Node {
	h := &Header{Pos: p.pos(p.peek()), Word: p.peek().text, Comment: p.comment}
	if p.once == nil {
		p.once = map[string]int{}
	}
	if before := p.once[h.Word]; before > 0 && onceHeaders[h.Word] {
		p.fail(h.Pos, "second %q header: the first is in line %d", h.Word, before)
	}
	p.once[h.Word] = p.line
	for _, t := range p.headerWords() {
		p.checkHeader(h, t)
		h.Words = append(h.Words, t.text)
	}
	if len(p.toks) > 1 && p.toks[1].col == p.toks[0].col+len(p.toks[0].text) {
		p.fail(p.pos(p.toks[1]), "expected a blank behind %q, found %v", h.Word, p.toks[1])
	}
	if len(h.Words) == 0 {
		p.fail(Pos{p.line, p.end}, "%q says nothing: expected at least one word behind it", h.Word)
	}
	return h
}

// headerWords are the words behind the first, cut at blanks.
func (p *parser) headerWords() []token {
	var words []token
	for i := p.toks[0].col - 1 + len(p.toks[0].text); i < len(p.code); {
		n := strings.IndexAny(p.code[i:], " \t\r")
		if n < 0 {
			n = len(p.code) - i
		}
		if n > 0 {
			words = append(words, token{p.code[i : i+n], true, i + 1})
		}
		i += n + 1
	}
	return words
}

func (p *parser) checkHeader(h *Header, t token) {
	v, at := p.vocabulary, p.pos(t)
	if onceHeaders[h.Word] && len(h.Words) > 0 {
		p.fail(at, "found %v, but %q takes one word", t, h.Word)
	}
	if slices.Contains(h.Words, t.text) {
		p.fail(at, "%v stands twice behind %q", t, h.Word)
	}
	switch h.Word {
	case "rules":
		if !ruleID.MatchString(t.text) {
			p.fail(at, "%v is not a rule id: expected one such as ACC-4", t)
		} else if v.Rules != nil && !v.Rules[t.text] {
			p.fail(at, "unknown rule %v%s", t, nearest(t.text, keys(v.Rules)))
		}
	case "needs":
		if !plainWord.MatchString(t.text) {
			p.fail(at, "%v is not a capability: expected a word such as accept-data", t)
		} else if v.Capabilities != nil && !v.Capabilities[t.text] {
			p.fail(at, "unknown capability %v%s", t, nearest(t.text, keys(v.Capabilities)))
		}
	case "world":
		if !has(Worlds, t.text) {
			p.fail(at, "unknown world %v: expected sim or real%s", t, nearest(t.text, list(Worlds)))
		}
	case "axes":
		p.checkAxis(t)
	case "trigger":
		if t.text != "any" {
			p.fail(at, "unknown trigger %v: expected any, or no such header", t)
		}
	case "answers":
		if p.anyAnswer = t.text == "any"; !p.anyAnswer {
			p.fail(at, "unknown answers %v: expected any, or no such header", t)
		}
	case "seed":
		if _, ok := number(t.text); !ok {
			p.fail(at, "seed %v is not a number", t)
		}
	}
}

func (p *parser) checkAxis(t token) {
	axis, value, ok := strings.Cut(t.text, "=")
	if !ok || axis == "" || value == "" {
		p.fail(p.pos(t), "%v is not an axis with a value: expected a pair such as fill=fifo", t)
		return
	}
	axes := p.vocabulary.Axes
	if axes == nil {
		return
	}
	values, ok := axes[axis]
	if !ok {
		p.fail(p.pos(t), "unknown axis %q%s", axis, nearest(axis, keys(axes)))
	} else if !slices.Contains(values, value) {
		p.fail(p.pos(t), "axis %q has no value %q: expected one of %s%s", axis, value, strings.Join(values, ", "), nearest(value, values))
	}
}

func keys[V any](m map[string]V) []string {
	var words []string
	for w := range m {
		words = append(words, w)
	}
	slices.Sort(words)
	return words
}

// block parses from "par", "repeat" or "schedule" to the matching brace.
func (p *parser) block(depth int) Node {
	head := p.next()
	b := &Block{Pos: p.pos(head), Kind: BlockKind(slices.Index(blockWords[:], head.text)), Comment: p.comment}
	var turns []token
	switch b.Kind {
	case Repeat:
		b.Times = p.number("how often to repeat", 1, maxCount)
	case Schedule:
		for p.peek().word && p.err == nil {
			t := p.next()
			if !goodName(t.text) {
				p.fail(p.pos(t), "%v is not a name of a thread", t)
			}
			turns = append(turns, t)
			b.Threads = append(b.Threads, t.text)
		}
		if len(turns) == 0 {
			p.fail(p.pos(p.peek()), "expected the threads of the schedule, found %v", p.peek())
		}
	}
	turnsLine := p.line
	p.expect("{", "to open the block of "+strconv.Quote(head.text))
	p.endOfLine("behind the opening brace")
	if depth == maxDepth {
		p.fail(b.Pos, "blocks stand more than %d deep", maxDepth)
	}
	p.inside++
	if b.Kind != Repeat {
		p.concurrent++
	}
	outer := p.used
	p.used = map[string]bool{}
	for p.err == nil {
		if !p.advance() {
			p.fail(b.Pos, `%q is never closed: expected "}" before the end of the file`, head.text)
			return nil
		}
		if p.peek().text == "}" {
			p.next()
			b.EndComment = p.comment
			p.endOfLine("behind the closing brace")
			break
		}
		if n := p.node(depth + 1); n != nil {
			b.Lines = append(b.Lines, n)
		}
	}
	for _, t := range turns {
		if t.text != "main" && !p.used[t.text] {
			p.fail(Pos{turnsLine, t.col}, "no line of the schedule is for %q%s", t.text, nearest(t.text, keys(p.used)))
		}
	}
	p.inside--
	for t := range outer {
		p.used[t] = true
	}
	if b.Kind != Repeat {
		if p.concurrent--; p.concurrent == 0 {
			p.resolve(true)
		}
	}
	return b
}

func (p *parser) endOfLine(where string) {
	if t := p.peek(); t.text != "" {
		p.fail(p.pos(t), "unexpected %v %s", t, where)
	}
}
