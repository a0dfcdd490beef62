package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ioconform/ioconform/spec"
)

// A script is drawn line by line. What is drawn next depends on what has been introduced so far, and on what has probably become of it: whether a call will succeed
// is not known before the script runs, and it need not be, since the header "answers any" lets a line pass that finds nothing to act on.
//
// What is kept to strictly is what the program owes the back end (rules DSC): lines that run at once never use a socket that one of them closes, and
// nothing waits for ever except in the background.
type script struct {
	dice
	about *spec.About
	text  strings.Builder
	room  int  // lines left to draw
	calm  bool // far ends send little: a pool echoes it a few bytes at a time
	full  bool // one has sent much
	dense bool // nearly everything is in the background (script_dense.go)

	corner bool // its moments are rare ones (script_corners.go)

	indent string
	at     string // the thread that lines are for; "" is the main thread
	strand string // whose turn it is inside a par: a thread, or a far end
	inPar  bool
	tied   bool // the thread is to end, and what it starts is to be tied to it

	names     map[byte]int
	ports     []*thing
	listeners []*thing
	socks     []*thing
	ops       []*thing
	far       []*thing // connected, or of datagrams
	places    []*thing // far ends that listen, or refuse
	events    []*thing
	taken     []*thing // packets that waits have named
	threads   []*thing
	pollers   []*thing
	used      []*thing // in the par under way
}

// thing is what a name of the script stands for.
type thing struct {
	name   string
	verb   string // of an operation
	on     *thing // the socket of an operation; the listener or socket that a far end is connected to
	port   *thing // that it is associated with
	mail   bool   // of datagrams
	v6     bool
	raw    bool // a stream socket that is neither connected nor listening
	closed bool
	gone   bool // a far end that has closed; a thread that is blocked, or has ended
	limit  bool // a port that lets only so many threads run

	users  []string // the strands that use it in the par under way
	closer string   // the one that closes it there
}

func (s *script) can(c spec.Capability) bool { return s.about.Can(c) }

// one reports true once in n times.
func (s *script) one(n int) bool { return s.below(n) == 0 }

// name gives out a name that begins with the letter.
func (s *script) name(letter byte) string {
	s.names[letter]++
	return string(letter) + strconv.Itoa(s.names[letter])
}

// line writes a line of the thread whose turn it is, or of the main one where that is the only one to wait, or to make calls at all.
func (s *script) line(format string, args ...any) {
	s.text.WriteString(s.indent)
	if s.at != "" && !s.alone(format) {
		s.text.WriteByte('@')
		s.text.WriteString(s.at)
		s.text.WriteByte(' ')
	}
	s.text.WriteString(s.asked(fmt.Sprintf(format, args...)))
	s.text.WriteByte('\n')
	s.room--
}

// asked is a line without what no poller of the target can be asked for.
func (s *script) asked(line string) string {
	if s.about == nil || !strings.HasPrefix(line, "add ") && !strings.HasPrefix(line, "modify ") {
		return line
	}
	words := strings.Fields(line)
	about := len([]string{"add", "x", "to", "E"})
	var ask spec.Interest
	for _, w := range words[about:] {
		if bit, _ := spec.InterestByWord(w); !slices.ContainsFunc(bit.Needs(), func(c spec.Capability) bool { return !s.can(c) }) {
			ask |= bit
		}
	}
	return strings.Join(words[:about], " ") + " " + s.about.Triggered(ask).String()
}

// alone reports whether no thread but the main one is to make the call.
func (s *script) alone(call string) bool {
	return s.about != nil && (s.about.Axes.Get("issuers") == "1" || strings.HasPrefix(call, "wait ") && s.workers() == 1)
}

// peer writes a line of a far end, which is a thread of its own.
func (s *script) peer(format string, args ...any) {
	at := s.at
	s.at = ""
	s.line("peer "+format, args...)
	s.at = at
}

// par writes lines that run at once: what each of the functions writes runs in its order on a thread of its own, a far end's lines on that of the far end.
func (s *script) par(strands ...func()) {
	if s.inPar {
		for _, f := range strands {
			f()
		}
		return
	}
	start, room, outer := s.text.Len(), s.room, s.indent
	s.text.WriteString(outer + "par {\n")
	s.indent, s.inPar = outer+"  ", true
	before := s.room
	for i, f := range strands {
		s.at = "t" + strconv.Itoa(i+1)
		s.strand = s.at
		f()
	}
	s.indent, s.at, s.strand, s.inPar = outer, "", "", false
	for _, x := range s.used {
		x.users, x.closer = x.users[:0], ""
	}
	s.used = s.used[:0]
	if s.room == before { // nobody had anything to do
		s.cutBack(start)
		s.room = room
		return
	}
	s.text.WriteString(outer + "}\n")
}

// repeat writes what f draws, to be done a few times over.
func (s *script) repeat(f func()) {
	if s.inPar || s.indent != "" {
		f()
		return
	}
	start, room := s.text.Len(), s.room
	s.text.WriteString("repeat " + strconv.Itoa(2+s.below(5)) + " {\n")
	s.indent = "  "
	f()
	s.indent = ""
	if s.room == room {
		s.cutBack(start)
		return
	}
	s.text.WriteString("}\n")
}

// cutBack takes back what has been written from there on.
func (s *script) cutBack(start int) {
	text := s.text.String()[:start]
	s.text.Reset()
	s.text.WriteString(text)
}

// use reports whether the strand whose turn it is may make a call on x, and notes that it does.
func (s *script) use(x *thing) bool {
	if x == nil || !s.inPar {
		return x != nil
	}
	if x.closer != "" && x.closer != s.strand {
		return false
	}
	s.note(x)
	return true
}

// claim reports whether the strand may close x, and notes that it does.
func (s *script) claim(x *thing) bool {
	if x == nil || !s.inPar {
		return x != nil
	}
	for _, u := range x.users {
		if u != s.strand {
			return false
		}
	}
	s.note(x)
	x.closer = s.strand
	return true
}

func (s *script) note(x *thing) {
	if len(x.users) == 0 {
		s.used = append(s.used, x)
	}
	if !slices.Contains(x.users, s.strand) {
		x.users = append(x.users, s.strand)
	}
}

// any returns one of the things that are fit, the latest ones more often; nil if there is none.
func (s *script) any(list []*thing, fit func(*thing) bool) *thing {
	n := 0
	for _, x := range list {
		if fit == nil || fit(x) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	k := s.below(n)
	if s.one(2) {
		k = n - 1 - s.below(min(n, 3))
	}
	for _, x := range list {
		if fit == nil || fit(x) {
			if k == 0 {
				return x
			}
			k--
		}
	}
	return nil
}

func open(x *thing) bool { return !x.closed }

// word returns one of the words.
func (s *script) word(words ...string) string { return words[s.below(len(words))] }

// size is how many bytes an operation is about: mostly few, so that several fit what arrives together.
func (s *script) size() string {
	return s.word("1", "1", "2", "3", "4", "4", "8", "8", "16", "64", "300", "0")
}

// flood is more than the buffers between two ends hold.
func (s *script) flood() string {
	if s.about.World == "sim" {
		return s.word("140k", "200k", "70k")
	}
	return s.word("4m", "8m")
}

// key is the key of an association.
func (s *script) key() string {
	if s.one(12) {
		return s.word("0", "0xFFFFFFFFFFFFFFFF", "0x80000000")
	}
	return strconv.Itoa(2 + s.below(90))
}

// soon is a time within which something may happen.
func (s *script) soon() string { return s.word("0s", "1ms", "1ms", "5ms") }

// kind is one thing that a script can be made to do.
type kind struct {
	weight int
	needs  []spec.Capability
	draw   func(*script) bool // false: there is nothing to do it with
}

// deck draws among the kinds that the target is capable of.
type deck struct {
	kinds []*kind
	total int
}

func (s *script) deck(kinds []kind) deck {
	var d deck
	for i := range kinds {
		k := &kinds[i]
		if k.weight > 0 && !slices.ContainsFunc(k.needs, func(c spec.Capability) bool { return !s.can(c) }) {
			d.kinds = append(d.kinds, k)
			d.total += k.weight
		}
	}
	return d
}

// draw does one of the kinds, and reports whether there was one that could be done.
func (s *script) draw(d deck) bool {
	if d.total == 0 {
		return false
	}
	for range 12 {
		n := s.below(d.total)
		for _, k := range d.kinds {
			if n -= k.weight; n < 0 {
				if k.draw(s) {
					return true
				}
				break
			}
		}
	}
	return false
}
