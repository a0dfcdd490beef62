package adapter

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/bits"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Line reads one line: a message, or an array of messages. It is strict: a field that is unknown, comes twice, or has a value of another form
// is an error, which says what was found and what was expected. Whether the fields are those of the message is for Shape.Check to say.
// What it returns does not share memory with line.
func Line(line []byte) ([]Message, error) { return appendLine(nil, line) }

func appendLine(to []Message, line []byte) ([]Message, error) {
	d := decoder{b: line}
	d.space()
	if d.peek() != '[' {
		to = append(to, Message{})
		if err := d.object(&to[len(to)-1]); err != nil {
			return to[:len(to)-1], err
		}
	} else {
		var err error
		if to, err = d.objects(to); err != nil {
			return to, err
		}
	}
	d.space()
	if d.i < len(d.b) {
		return to, d.errorf("there is more behind the message: %s", d.near())
	}
	return to, nil
}

type decoder struct {
	b []byte
	i int
}

func (d *decoder) errorf(format string, args ...any) error {
	return fmt.Errorf("at byte %d: %s", d.i, fmt.Sprintf(format, args...))
}

// near shows what stands at the place, cut short.
func (d *decoder) near() string {
	if d.i >= len(d.b) {
		return "the end of the line"
	}
	return shown(d.b[d.i:], 24)
}

// shown quotes at most so many bytes.
func shown(b []byte, most int) string {
	if len(b) > most {
		return strconv.Quote(string(b[:most])) + "..."
	}
	return strconv.Quote(string(b))
}

func (d *decoder) peek() byte {
	if d.i < len(d.b) {
		return d.b[d.i]
	}
	return 0
}

func (d *decoder) space() {
	for d.i < len(d.b) {
		switch d.b[d.i] {
		case ' ', '\t', '\r', '\n':
			d.i++
		default:
			return
		}
	}
}

func (d *decoder) expect(c byte, where string) error {
	d.space()
	if d.peek() != c {
		return d.errorf("expected %q %s, found %s", c, where, d.near())
	}
	d.i++
	return nil
}

// objects reads an array of objects.
func (d *decoder) objects(to []Message) ([]Message, error) {
	err := d.list(func() error {
		to = append(to, Message{})
		return d.object(&to[len(to)-1])
	})
	return to, err
}

// list reads an array.
func (d *decoder) list(one func() error) error {
	if err := d.expect('[', "where an array begins"); err != nil {
		return err
	}
	d.space()
	if d.peek() == ']' {
		d.i++
		return nil
	}
	for {
		if err := one(); err != nil {
			return err
		}
		d.space()
		switch d.peek() {
		case ',':
			d.i++
			d.space()
		case ']':
			d.i++
			return nil
		default:
			return d.errorf("expected ',' or ']' in an array, found %s", d.near())
		}
	}
}

// pairs reads an object.
func (d *decoder) pairs(one func(name []byte) error) error {
	if err := d.expect('{', "where an object begins"); err != nil {
		return err
	}
	d.space()
	if d.peek() == '}' {
		d.i++
		return nil
	}
	for {
		d.space()
		name, err := d.text()
		if err != nil {
			return err
		}
		if err := d.expect(':', "behind a name"); err != nil {
			return err
		}
		d.space()
		if err := one(name); err != nil {
			return err
		}
		d.space()
		switch d.peek() {
		case ',':
			d.i++
		case '}':
			d.i++
			return nil
		default:
			return d.errorf("expected ',' or '}' in an object, found %s", d.near())
		}
	}
}

var fieldByName = func() map[string]Field {
	m := map[string]Field{}
	for f := range Fields {
		m[Fields[f].Name] = Field(f)
	}
	return m
}()

// object reads one message or packet.
func (d *decoder) object(m *Message) error {
	return d.pairs(func(name []byte) error {
		f, known := fieldByName[string(name)]
		if !known {
			return d.errorf("unknown field %s", shown(name, 40))
		}
		if m.Has.Contains(f) {
			return d.errorf("field %q comes twice", Fields[f].Name)
		}
		m.Has |= 1 << f
		if err := d.value(&Fields[f], m); err != nil {
			return fmt.Errorf("field %q: %w", Fields[f].Name, err)
		}
		return nil
	})
}

// value reads the value of a field.
func (d *decoder) value(f *FieldOf, m *Message) (err error) {
	switch x := f.at(m).(type) {
	case *int64:
		*x, err = d.integer(f.Form)
	case *uint64:
		*x, err = d.hex()
	case *bool:
		switch rest := d.b[d.i:]; {
		case bytes.HasPrefix(rest, []byte("true")):
			*x, d.i = true, d.i+4
		case bytes.HasPrefix(rest, []byte("false")):
			d.i += 5
		default:
			err = d.errorf("expected true or false, found %s", d.near())
		}
	case *string:
		*x, err = d.word(f)
	case *[]byte:
		var text []byte
		if text, err = d.text(); err != nil {
			return err
		}
		if *x, err = base64.StdEncoding.Strict().AppendDecode(make([]byte, 0, base64.StdEncoding.DecodedLen(len(text))), text); err != nil || bytes.ContainsAny(text, "\r\n") {
			return d.errorf("%s is not base64 with padding", shown(text, 40))
		}
	case *netip.AddrPort:
		var text []byte
		if text, err = d.text(); err != nil {
			return err
		}
		if *x, err = netip.ParseAddrPort(string(text)); err != nil || x.Addr().Zone() != "" {
			return d.errorf("%s is not an address such as \"127.0.0.1:80\" or \"[::1]:80\"", shown(text, 60))
		}
	case *[]string:
		*x = []string{}
		return d.list(func() error {
			s, err := d.word(f)
			if slices.Contains(*x, s) {
				return d.errorf("%q comes twice", s)
			}
			*x = append(*x, s)
			return err
		})
	case *map[string]string:
		*x = map[string]string{}
		return d.pairs(func(name []byte) error {
			k := string(name)
			if _, twice := (*x)[k]; twice {
				return d.errorf("%q comes twice", k)
			}
			v, err := d.text()
			(*x)[k] = string(v)
			return err
		})
	case *[]uint64:
		*x = []uint64{}
		return d.list(func() error {
			u, err := d.hex()
			*x = append(*x, u)
			return err
		})
	case *[]Message:
		*x, err = d.objects(make([]Message, 0, 1))
	}
	return err
}

// word reads a string, which is one of the field's words if it has any.
func (d *decoder) word(f *FieldOf) (string, error) {
	text, err := d.text()
	if err != nil || len(f.Words) == 0 {
		return string(text), err
	}
	for _, w := range f.Words { // the table's own string: nothing is allocated
		if w == string(text) {
			return w, nil
		}
	}
	return "", d.errorf("%s is none of %s", shown(text, 40), strings.Join(f.Words, ", "))
}

// mostInteger is what a JSON number can be without loss in any language.
const mostInteger = 1<<53 - 1

func (d *decoder) integer(form Form) (int64, error) {
	start := d.i
	if d.peek() == '-' {
		d.i++
	}
	digits := d.i
	for c := d.peek(); c >= '0' && c <= '9'; c = d.peek() {
		d.i++
	}
	n, err := strconv.ParseInt(string(d.b[start:d.i]), 10, 64)
	c := d.peek()
	switch {
	case err != nil || c == '.' || c == 'e' || c == 'E' || d.b[digits] == '0' && d.i > digits+1:
		d.i = start
		return 0, d.errorf("expected an integer, without fraction or exponent, found %s", d.near())
	case form == Integer && (n < 0 || n > mostInteger):
		return 0, d.errorf("%d is not between 0 and 2^53-1", n)
	}
	return n, nil
}

func (d *decoder) hex() (uint64, error) {
	text, err := d.text()
	if err != nil {
		return 0, err
	}
	if len(text) < 3 || len(text) > 18 || text[0] != '0' || text[1] != 'x' {
		return 0, d.errorf("%s is not \"0x\" and 1 to 16 hexadecimal digits", shown(text, 40))
	}
	u := uint64(0)
	for _, c := range text[2:] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, d.errorf("%s is not \"0x\" and 1 to 16 hexadecimal digits", shown(text, 40))
		}
		u = u<<4 | uint64(c)
	}
	return u, nil
}

// text reads a string. What it returns is part of the line unless the string has escapes.
func (d *decoder) text() ([]byte, error) {
	if d.peek() != '"' {
		return nil, d.errorf("expected a string, found %s", d.near())
	}
	start := d.i
	plain := true
	for d.i++; d.i < len(d.b); d.i++ {
		switch c := d.b[d.i]; {
		case c == '\\':
			plain = false
			d.i++
		case c == '"':
			d.i++
			if plain {
				return d.b[start+1 : d.i-1], d.valid(d.b[start+1 : d.i-1])
			}
			var s string
			if err := json.Unmarshal(d.b[start:d.i], &s); err != nil {
				d.i = start
				return nil, d.errorf("%s is no JSON string", d.near())
			}
			return []byte(s), nil
		case c < 0x20:
			return nil, d.errorf("control character %#02x in a string", c)
		}
	}
	d.i = start
	return nil, d.errorf("a string does not end: %s", d.near())
}

func (d *decoder) valid(b []byte) error {
	if !utf8.Valid(b) {
		return d.errorf("%s is no UTF-8", shown(b, 40))
	}
	return nil
}

// Check reports which field m lacks or has too many to be of the shape, and what is wrong in its packets or events.
func (s *Shape) Check(m *Message) error {
	if less := s.must &^ m.Has; less != 0 {
		return fmt.Errorf("field %q is missing", Fields[bits.TrailingZeros64(uint64(less))].Name)
	}
	if more := m.Has &^ s.all; more != 0 {
		return fmt.Errorf("field %q has no place in it; it may have %s", Fields[bits.TrailingZeros64(uint64(more))].Name, s.names())
	}
	if m.Has.Contains(FNative) != m.Has.Contains(FSpace) {
		return fmt.Errorf(`"native" and "space" only mean something together`)
	}
	if m.Has.Contains(FIndefinite) && !m.Has.Contains(FError) {
		return fmt.Errorf(`"indefinite" stands beside "error"`)
	}
	for i := range m.Packets {
		if err := Packet.Check(&m.Packets[i]); err != nil {
			return fmt.Errorf("packet %d: %w", i, err)
		}
	}
	for i := range m.Ready {
		if err := Event.Check(&m.Ready[i]); err != nil {
			return fmt.Errorf("event %d: %w", i, err)
		}
	}
	return nil
}

func (s *Shape) names() string {
	var names []string
	for _, f := range append(s.Must[:len(s.Must):len(s.Must)], s.May...) {
		names = append(names, Fields[f].Name)
	}
	return strings.Join(names, ", ")
}
