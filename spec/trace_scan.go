package spec

import (
	"encoding/json"
	"fmt"
	"math"
	"unicode/utf8"
)

// SyntaxError is a place in a trace file that cannot be read.
type SyntaxError struct {
	File    string
	Line    int // from 1
	Column  int // in bytes, from 1
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// scanner reads the values of one line of JSON. It knows where it is, which encoding/json would not tell for an unknown field, and
// it takes no more than whole numbers. After the first error nothing moves any more.
type scanner struct {
	file string
	line int
	b    []byte
	at   int
	err  error
}

// fail notes an error at the byte that is next.
func (s *scanner) fail(format string, args ...any) { s.failAt(s.at, format, args...) }

func (s *scanner) failAt(at int, format string, args ...any) {
	if s.err == nil {
		s.err = &SyntaxError{s.file, s.line, at + 1, fmt.Sprintf(format, args...)}
		s.at = len(s.b)
	}
}

// next skips white space and returns the byte that follows, 0 at the end.
func (s *scanner) next() byte {
	for s.at < len(s.b) {
		switch c := s.b[s.at]; c {
		case ' ', '\t', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// seen describes the byte that is next.
func (s *scanner) seen() string {
	if s.at >= len(s.b) {
		return "the end of the line"
	}
	if c := s.b[s.at]; c >= 0x20 && c < 0x7f {
		return fmt.Sprintf("%q", c)
	}
	return fmt.Sprintf("byte %#02x", s.b[s.at])
}

// want moves over c.
func (s *scanner) want(c byte) bool {
	if s.next() != c || s.at >= len(s.b) {
		s.fail("%q is wanted, found %s", c, s.seen())
		return false
	}
	s.at++
	return true
}

// more moves to the next element of a list or object that is closed by end, and reports whether there is one.
func (s *scanner) more(first *bool, end byte) bool {
	if s.err != nil {
		return false
	}
	c := s.next()
	if c == end && s.at < len(s.b) {
		s.at++
		return false
	}
	if *first {
		*first = false
		return true
	}
	return s.want(',')
}

// end wants nothing more.
func (s *scanner) end() {
	if s.next(); s.at < len(s.b) {
		s.fail("nothing more is wanted on this line, found %s", s.seen())
	}
}

// text reads a string. The result is good until the line is gone.
func (s *scanner) text() []byte {
	if s.next() != '"' {
		s.fail("a string is wanted, found %s", s.seen())
		return nil
	}
	from := s.at + 1
	plain := true
	for i := from; i < len(s.b); i++ {
		switch c := s.b[i]; {
		case c == '"':
			t := s.b[from:i]
			if !plain {
				if t = s.unquote(from-1, i+1); t == nil {
					return nil
				}
			}
			s.at = i + 1
			return t
		case c == '\\':
			plain = false
			i++
		case c < 0x20:
			s.at = i
			s.fail("%s in a string", s.seen())
			return nil
		case c >= utf8.RuneSelf:
			plain = false
		}
	}
	s.at = len(s.b)
	s.fail("the string that begins at column %d has no end", from)
	return nil
}

func (s *scanner) unquote(from, to int) []byte {
	if !utf8.Valid(s.b[from:to]) {
		s.failAt(from, "a string that is not UTF-8")
		return nil
	}
	var t string
	if err := json.Unmarshal(s.b[from:to], &t); err != nil {
		s.failAt(from, "a string with a wrong escape")
		return nil
	}
	return append([]byte{}, t...)
}

// key reads the name of a field and the colon after it.
func (s *scanner) key() []byte {
	k := s.text()
	if s.err == nil {
		s.want(':')
	}
	return k
}

// natural reads a whole number from 0 to most.
func (s *scanner) natural(most uint64) uint64 {
	c := s.next()
	from := s.at
	if c < '0' || c > '9' {
		s.fail("a whole number is wanted, found %s", s.seen())
		return 0
	}
	var n uint64
	for ; s.at < len(s.b); s.at++ {
		c := s.b[s.at]
		if c < '0' || c > '9' {
			break
		}
		d := uint64(c - '0')
		if n > (math.MaxUint64-d)/10 {
			s.failAt(from, "the number is out of range, at most %d is", most)
			return 0
		}
		n = 10*n + d
	}
	switch {
	case s.b[from] == '0' && s.at > from+1:
		s.failAt(from, "a number begins with 0")
	case s.at < len(s.b) && (s.b[s.at] == '.' || s.b[s.at]|0x20 == 'e'):
		s.failAt(from, "a whole number is wanted")
	case n > most:
		s.failAt(from, "the number is out of range, at most %d is", most)
	}
	return n
}

// integer reads a whole number of either sign.
func (s *scanner) integer() int64 {
	if s.next() == '-' {
		from := s.at
		s.at++
		if s.at < len(s.b) && (s.b[s.at] < '0' || s.b[s.at] > '9') {
			s.fail("a digit is wanted, found %s", s.seen())
			return 0
		}
		n := s.natural(1 << 63)
		if n == 0 {
			s.failAt(from, "minus zero")
		}
		return -int64(n)
	}
	return int64(s.natural(math.MaxInt64))
}

// truth reads true or false.
func (s *scanner) truth() bool {
	s.next()
	for _, w := range [...]string{"true", "false"} {
		if len(s.b)-s.at >= len(w) && string(s.b[s.at:s.at+len(w)]) == w {
			s.at += len(w)
			return w == "true"
		}
	}
	s.fail("true or false is wanted, found %s", s.seen())
	return false
}

// hex reads a string such as "0x7f".
func (s *scanner) hex() uint64 {
	s.next()
	from := s.at
	t := s.text()
	if s.err != nil {
		return 0
	}
	if len(t) < 3 || len(t) > 18 || t[0] != '0' || t[1] != 'x' {
		s.failAt(from, `a string such as "0x7f", of at most 64 bits, is wanted`)
		return 0
	}
	var n uint64
	for _, c := range t[2:] {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | uint64(c-'0')
		case c >= 'a' && c <= 'f':
			n = n<<4 | uint64(c-'a'+10)
		default:
			s.failAt(from, `a string such as "0x7f", of small digits, is wanted`)
			return 0
		}
	}
	return n
}

// list reads an array and calls item for each element.
func (s *scanner) list(item func()) {
	if !s.want('[') {
		return
	}
	for first := true; s.more(&first, ']'); {
		item()
	}
}
