package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Error is what is wrong with a file, and where.
type Error struct {
	File      string
	Line, Col int
	Msg       string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, e.Msg) }

// token is a word or a mark of punctuation of one line.
type token struct {
	text string // "" at the end of the line
	word bool
	col  int
}

func (t token) String() string {
	if t.text == "" {
		return "the end of the line"
	}
	return strconv.Quote(t.text)
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-'
}

const punctuation = "@=:,|/{}[]&"

// lex cuts a line into tokens, reusing toks, and returns the column of what is no token, 0 if all are.
func lex(line string, toks []token) (out []token, bad int) {
	for i := 0; i < len(line); {
		c := line[i]
		start := i
		switch {
		case c == ' ' || c == '\t' || c == '\r':
			i++
			continue
		case c == '-' && i+1 < len(line) && line[i+1] == '>':
			i += 2
			toks = append(toks, token{line[start:i], false, start + 1})
		case wordByte(c) && c != '-':
			// "P->" is a name and an arrow, "half-closes" is one word
			for i < len(line) && wordByte(line[i]) && !(line[i] == '-' && i+1 < len(line) && line[i+1] == '>') {
				i++
			}
			toks = append(toks, token{line[start:i], true, start + 1})
		case strings.IndexByte(punctuation, c) >= 0:
			i++
			toks = append(toks, token{line[start:i], false, start + 1})
		default:
			return toks, i + 1
		}
	}
	return toks, 0
}

const blanks = " \t\r"

// goodName says whether word can name something.
func goodName(word string) bool {
	for i := 0; i < len(word); i++ {
		c := word[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-')) {
			return false
		}
	}
	return word != ""
}

// number reads 12, 0xA, 4k, 1m.
func number(word string) (Num, bool) {
	form, digits, base, shift := Decimal, word, 10, 0
	switch {
	case strings.HasPrefix(word, "0x"):
		form, digits, base = Hex, word[2:], 16
	case strings.HasSuffix(word, "k"):
		form, digits, shift = Kilo, word[:len(word)-1], 10
	case strings.HasSuffix(word, "m"):
		form, digits, shift = Mega, word[:len(word)-1], 20
	}
	if digits == "" || strings.ContainsAny(digits, "_+-") {
		return Num{}, false
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil || n<<shift>>shift != n {
		return Num{}, false
	}
	return Num{n << shift, form}, true
}

func (n Num) String() string {
	switch {
	case n.Form == Hex:
		return "0x" + strings.ToUpper(strconv.FormatUint(n.N, 16))
	case n.Form == Kilo && n.N%(1<<10) == 0:
		return strconv.FormatUint(n.N>>10, 10) + "k"
	case n.Form == Mega && n.N%(1<<20) == 0:
		return strconv.FormatUint(n.N>>20, 10) + "m"
	}
	return strconv.FormatUint(n.N, 10)
}

func decimal(n int) string { return strconv.Itoa(n) }

var units = []struct {
	word string
	unit time.Duration
}{{"us", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second}} // "s" last: the others end in it

// maxTime keeps a slip of the finger from stopping a run for a day.
const maxTime = time.Hour

// duration reads 10us, 5ms, 2s.
func duration(word string) (time.Duration, bool) {
	for _, u := range units {
		if digits, ok := strings.CutSuffix(word, u.word); ok {
			if strings.ContainsAny(digits, "_+-") {
				return 0, false
			}
			n, err := strconv.ParseUint(digits, 10, 63)
			if err != nil || n > uint64(maxTime/u.unit) {
				return 0, false
			}
			return time.Duration(n) * u.unit, true
		}
	}
	return 0, false
}

// durationWord writes d in the largest unit that needs no fraction.
func durationWord(d time.Duration) string {
	for i := len(units) - 1; i > 0; i-- {
		if u := units[i]; d%u.unit == 0 {
			return strconv.FormatInt(int64(d/u.unit), 10) + u.word
		}
	}
	return strconv.FormatInt(int64(d/time.Microsecond), 10) + "us"
}

// Nearest is nearest for others that read files by a list of words.
func Nearest(word string, words []string) string { return nearest(word, words) }

// nearest is `; did you mean "x"?` for the word of the list that is a slip away from word, or "".
func nearest(word string, words []string) string {
	best, least := "", 3
	if len(word) < 5 {
		least = 2 // among short words everything is near
	}
	for _, w := range words {
		d := distance(strings.ToLower(word), strings.ToLower(w))
		if d < least && d < len(w) || d == least && best != "" && w < best {
			best, least = w, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + strconv.Quote(best) + "?"
}

// distance counts the letters to insert, remove, replace or swap with their neighbour to get from a to b.
func distance(a, b string) int {
	if len(a) > 32 || len(b) > 32 {
		return 99
	}
	var rows [3][33]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, above := &rows[i%3], &rows[(i+2)%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], rows[(i+1)%3][j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}
