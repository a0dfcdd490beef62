package scenario

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// File is one scenario. Lines is the only truth: headers, comments and blank lines are nodes like any other, in the order
// of the text, so that printing loses nothing; the methods of File read what they say.
type File struct {
	Name  string // as given to Parse; stands in front of every error
	Lines []Node

	src     []byte // what was parsed, for Lint; nil in a tree built by hand
	listens bool
}

// Listens reports whether the script, which has been parsed, has to do with a socket that listens: makes one, or names the one by which its sessions come to be.
func (f *File) Listens() bool { return f.listens }

// Pos is a place in a file; both count from 1, Col in bytes. The zero Pos belongs to nodes that were never in a text.
type Pos struct{ Line, Col int }

// Node is one of *Comment, *Blank, *Header, *Line, *Block.
type Node interface{ At() Pos }

// Comment is a line that holds nothing but a comment. Text includes the '#'.
type Comment struct {
	Pos  Pos
	Text string
}

// Blank is an empty line.
type Blank struct{ Pos Pos }

// Header is a line in front of the script: what it is about and what it needs.
type Header struct {
	Pos     Pos
	Word    string   // rules, needs, world, axes, trigger, answers, choices, target, seed
	Words   []string // what follows; axes as written: "fill=any"
	Comment string   // "# ..." behind it, or ""
}

// Line is one step: who does it, what, and what is expected.
type Line struct {
	Pos        Pos
	Thread     string // "" is the main thread
	Misuse     bool   // the line breaks an obligation on purpose
	Action     Action
	Result     *Result // nil: no expectation
	Guard      *Guard  // nil: always
	Background bool    // "&": the script goes on before the line has returned
	Comment    string  // "# ..." behind it, or ""
}

// BlockKind says what a block does with its lines.
type BlockKind uint8

const (
	Par      BlockKind = iota // all threads named inside run at once
	Repeat                    // the lines again and again, names bound anew each time
	Schedule                  // as Par, but the threads take turns in the order given
)

var blockWords = [...]string{Par: "par", Repeat: "repeat", Schedule: "schedule"}

func (k BlockKind) String() string { return blockWords[k] }

// Block is a brace with lines in it.
type Block struct {
	Pos        Pos
	Kind       BlockKind
	Times      Num      // Repeat
	Threads    []string // Schedule; "main" is the main thread, a peer's name is the peer
	Lines      []Node
	Comment    string // behind "{"
	EndComment string // behind "}"
}

func (c *Comment) At() Pos { return c.Pos }
func (b *Blank) At() Pos   { return b.Pos }
func (h *Header) At() Pos  { return h.Pos }
func (l *Line) At() Pos    { return l.Pos }
func (b *Block) At() Pos   { return b.Pos }

// Guard makes a line conditional: it runs only if the operation Name came to Status.
type Guard struct {
	Name   string
	Status string
}

// ResultKind is the form of what stands behind "->".
type ResultKind uint8

const (
	Reply    ResultKind = iota // alternatives of the call's own answer: Result.Outcome
	Nothing                    // the wait returns without a packet
	One                        // one packet: Result.Packets[0]
	Set                        // {a, b}: all of them, in any order
	Sequence                   // [a, b]: all of them, in this order
)

// Result is what a line is expected to answer.
type Result struct {
	Kind    ResultKind
	Outcome Outcome  // Reply
	Packets []Packet // One, Set, Sequence
}

// Packet is an expected completion packet, or for a poller an expected event.
type Packet struct {
	Name    string  // the operation; for a poller the socket
	Outcome Outcome // nil: any
}

// Outcome is a list of alternatives, any of which will do.
type Outcome []Alternative

// Alternative is one permitted answer.
type Alternative struct {
	Status string   // "" iff Events is set
	Reason string   // the word behind "/", or ""
	Events []string // a poller's: in, out, hup ...
	Bytes  *Range   // nil: any number
	Opts   Opts
}

// Range is lo..hi, both ends included; a single number has both ends equal.
type Range struct{ Lo, Hi Num }

// Has says whether n lies in the range.
func (r Range) Has(n uint64) bool { return r.Lo.N <= n && n <= r.Hi.N }

// Form is how a number is written.
type Form uint8

const (
	Decimal Form = iota
	Hex          // 0xA
	Kilo         // 4k = 4096
	Mega         // 1m = 1048576
)

// Num is an unsigned number that remembers how it was written.
type Num struct {
	N    uint64
	Form Form
}

// Int is n as an int; the parser's bounds on everything but keys and tokens make that safe.
func (n Num) Int() int { return int(n.N) }

// Opt is one key=value.
type Opt struct {
	Key   string
	Value Value
}

// Value is what stands behind "=": which field is set, Takes says.
type Value struct {
	Takes Takes
	Num   Num           // TakesNumber
	Time  time.Duration // TakesTime
	Word  string        // TakesName, TakesChoice, TakesYes
}

// Opts are the options of a line in the order written; a key occurs once.
type Opts []Opt

// Get returns the value of key.
func (o Opts) Get(key string) (Value, bool) {
	for _, x := range o {
		if x.Key == key {
			return x.Value, true
		}
	}
	return Value{}, false
}

// Has says whether key was given.
func (o Opts) Has(key string) bool { _, ok := o.Get(key); return ok }

// Int is the number behind key, or def.
func (o Opts) Int(key string, def int) int {
	if v, ok := o.Get(key); ok {
		return v.Num.Int()
	}
	return def
}

// Uint is the number behind key, or def.
func (o Opts) Uint(key string, def uint64) uint64 {
	if v, ok := o.Get(key); ok {
		return v.Num.N
	}
	return def
}

// Word is the name or word behind key, or def.
func (o Opts) Word(key, def string) string {
	if v, ok := o.Get(key); ok {
		return v.Word
	}
	return def
}

// Yes says whether key=yes was given.
func (o Opts) Yes(key string) bool { return o.Word(key, "no") == "yes" }

// Title is the text of the comment in the first line, which says what the case proves; "" if there is none.
func (f *File) Title() string {
	if len(f.Lines) > 0 {
		if c, ok := f.Lines[0].(*Comment); ok {
			return strings.TrimSpace(strings.TrimLeft(c.Text, "#"))
		}
	}
	return ""
}

var titleRule = regexp.MustCompile(`^([A-Z]{2,4}-[0-9]+):`)

// RuleInTitle is the rule the title begins with ("ACC-4: ..."), or "".
func (f *File) RuleInTitle() string {
	if m := titleRule.FindStringSubmatch(f.Title()); m != nil {
		return m[1]
	}
	return ""
}

// Rules are the ids of the rules headers.
func (f *File) Rules() []string { return f.header("rules") }

// Needs are the capabilities of the needs headers.
func (f *File) Needs() []string { return f.header("needs") }

// World is "sim", "real" or "" for any.
func (f *File) World() string { return first(f.header("world")) }

// TriggerAny says that what is level-triggered in the script may as well be edge-triggered or one-shot: with a target that has nothing else the script is run like that.
func (f *File) TriggerAny() bool { return first(f.header("trigger")) == "any" }

// AnswersAny says that no line of the script expects anything: whatever a call answers, the script goes on, and a line that finds nothing to act on
// is passed over.
func (f *File) AnswersAny() bool { return first(f.header("answers")) == "any" }

// Choices is the recorded choice sequence of a failure file, as written.
func (f *File) Choices() string { return first(f.header("choices")) }

// Target is what a failure file was seen on.
func (f *File) Target() string { return first(f.header("target")) }

// Seed is the seed of a failure file.
func (f *File) Seed() (seed uint64, ok bool) {
	n, ok := number(first(f.header("seed")))
	return n.N, ok
}

// Axis is a behaviour and the value of it that the case is for.
type Axis struct{ Name, Value string }

// Acts reports whether there is a step in it: a line that does something.
func (f *File) Acts() bool {
	return slices.ContainsFunc(f.Lines, func(n Node) bool {
		switch n.(type) {
		case *Line, *Block:
			return true
		}
		return false
	})
}

// Axes are the pairs of the axes headers.
func (f *File) Axes() []Axis {
	var axes []Axis
	for _, w := range f.header("axes") {
		name, value, _ := strings.Cut(w, "=")
		axes = append(axes, Axis{name, value})
	}
	return axes
}

func (f *File) header(word string) []string {
	var words []string
	for _, n := range f.Lines {
		if h, ok := n.(*Header); ok && h.Word == word {
			words = append(words, h.Words...)
		}
	}
	return words
}

func first(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// SetHeader replaces the headers of this word by one, which stands where the first of them stood or behind the last
// header; with no words it removes them. A failure file is its scenario with choices, target and axes set.
func (f *File) SetHeader(word string, words ...string) {
	var lines []Node
	at, end := -1, 0
	for _, n := range f.Lines {
		if h, ok := n.(*Header); ok {
			if h.Word == word {
				if at < 0 {
					at = len(lines)
				}
				continue
			}
			end = len(lines) + 1
		} else if _, ok := n.(*Comment); ok && len(lines) == 0 {
			end = 1 // the title stays first
		}
		lines = append(lines, n)
	}
	if at < 0 {
		at = end
	}
	if len(words) > 0 {
		lines = append(lines[:at:at], append([]Node{&Header{Word: word, Words: words}}, lines[at:]...)...)
	}
	f.Lines = lines
}
