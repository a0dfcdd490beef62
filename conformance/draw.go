package conformance

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/ioconform/ioconform/spec"
)

// Drawing is a trace as a picture in text: a column for each thread and each far end, time running down, a row for each call
// and its return. The numbers on the left are those of the events, which the messages of violations refer to. Where nothing happened
// between a call and its return the two share a row; else a bar shows how long the call was open.
type Drawing struct {
	Trace  *spec.Trace
	Names  Names            // what the script calls things
	Point  []spec.Violation // the events to point at
	Whole  bool             // everything; else only what the violations are about, and a little around it
	Rows   int              // at most so many, the others left out where it hurts least; 0 is all of them
	Width  int              // of a line; 0 is 100
	Indent string           // in front of each line
	Ink    Ink

	crowded int // 1 + the column that several threads share, 0 where there is none
}

// row is one line of the picture, or several where the text is long.
type row struct {
	call, ret int // indexes of the events; one of them may be -1
	lane      int
	text      string
	first     uint64 // numbers shown
	last      uint64 // 0 where there is one
	skipped   int    // instead of an event: so many calls left out
	open      []int  // lanes in which a call is open
	marks     []string
}

const (
	lastCol = 34 // columns that the last lane has at least
	farEnd  = " (far end)"
)

// Write draws.
func (d *Drawing) Write(w io.Writer) error {
	t := d.Trace
	width := d.Width
	if width == 0 {
		width = 100
	}
	width -= utf8.RuneCountInString(d.Indent)
	keep := d.relevant()
	lanes, titles := d.lanes(keep, max(2, (width-20-lastCol)/3))
	rows := d.rows(keep, lanes)
	if len(rows) == 0 {
		_, err := fmt.Fprintf(w, "%s(nothing was recorded)\n", d.Indent)
		return err
	}
	rows = d.cut(once(rows))
	numbers := 0 // columns for the numbers of events
	for _, r := range rows {
		numbers = max(numbers, utf8.RuneCountInString(r.number())+3)
	}
	step := 0
	if len(titles) > 1 {
		step = max(3, min(40, (width-numbers-lastCol)/(len(titles)-1)))
	}
	col := func(lane int) int { return numbers + lane*step }
	var b strings.Builder
	head := line{}
	for i, title := range titles {
		room := step - 1
		if i == len(titles)-1 {
			room = width - col(i)
		}
		if utf8.RuneCountInString(title) > room {
			title = strings.TrimSuffix(title, farEnd)
		}
		head.put(col(i), clip(title, room))
	}
	b.WriteString(d.Indent + d.Ink.Bold(head.String()) + "\n")
	for _, r := range rows {
		if r.skipped > 0 {
			l := line{}
			for _, o := range r.open {
				l.put(col(o), "│")
			}
			l.put(2, "⋮")
			l.put(numbers, fmt.Sprintf("%d %s", r.skipped, r.text))
			b.WriteString(d.Indent + d.Ink.Dim(l.String()) + "\n")
			continue
		}
		text := Fold(r.text, max(20, width-col(r.lane)))
		for i, part := range text {
			l := line{}
			for _, o := range r.open {
				if o != r.lane || r.ret < 0 {
					l.put(col(o), "│")
				}
			}
			if i == 0 {
				l.put(2, r.number())
				if len(r.marks) > 0 {
					l.put(0, "▶")
				}
				l.put(col(r.lane), part)
			} else {
				l.put(col(r.lane)+2, part)
			}
			s := l.String()
			if len(r.marks) > 0 {
				s = d.Ink.Bad(s)
			} else {
				s = d.plain(s, numbers)
			}
			b.WriteString(d.Indent + s + "\n")
		}
		if len(r.marks) > 0 {
			l := line{}
			for _, o := range r.open {
				l.put(col(o), "│")
			}
			l.put(col(r.lane), "▲ "+strings.Join(r.marks, ", "))
			b.WriteString(d.Indent + d.Ink.Bad(l.String()) + "\n")
		}
	}
	if open := d.stillOpen(keep); len(open) > 0 {
		for _, i := range open {
			l := line{}
			lane := lanes[t.Events[i].Thread]
			l.put(col(lane), "╵ never returned: "+d.call(&t.Events[i]))
			b.WriteString(d.Indent + d.Ink.Warn(clip(l.String(), width)) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// plain dims the numbers of a row.
func (d *Drawing) plain(s string, numbers int) string {
	if !d.Ink.On || utf8.RuneCountInString(s) <= numbers {
		return s
	}
	r := []rune(s)
	return d.Ink.Dim(string(r[:numbers])) + string(r[numbers:])
}

// number is how the events of a row are numbered.
func (r row) number() string {
	switch {
	case r.skipped > 0:
		return ""
	case r.last != 0:
		return fmt.Sprintf("%3d-%d", r.first, r.last)
	}
	return fmt.Sprintf("%3d", r.first)
}

// once leaves all but the first and the last of the rows out that say the same one after the other.
func once(rows []row) (out []row) {
	for i := 0; i < len(rows); {
		k := i
		for k < len(rows) && rows[k].text == rows[i].text && rows[k].lane == rows[i].lane && rows[k].skipped == 0 && len(rows[k].marks) == 0 {
			k++
		}
		if k-i > 4 {
			out = append(out, rows[i], row{skipped: k - i - 2, text: "more of the same", open: rows[i].open}, rows[k-1])
			i = k
			continue
		}
		out = append(out, rows[i])
		i++
	}
	return out
}

// line is a line that is written to at columns, later over earlier.
type line struct{ r []rune }

func (l *line) put(at int, s string) {
	for i, c := range []rune(s) {
		for len(l.r) <= at+i {
			l.r = append(l.r, ' ')
		}
		l.r[at+i] = c
	}
}

func (l *line) String() string { return strings.TrimRight(string(l.r), " ") }

func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	return string([]rune(s)[:n-1]) + "…"
}

// Fold breaks s at blanks into lines of at most n columns; those after the first are to be indented by two.
func Fold(s string, n int) []string {
	var out []string
	for room := n; ; room = n - 2 {
		r := []rune(s)
		if len(r) <= room {
			return append(out, s)
		}
		at := room
		for at > room/2 && r[at] != ' ' {
			at--
		}
		if r[at] != ' ' {
			at = room
		}
		out = append(out, strings.TrimRight(string(r[:at]), " "))
		s = strings.TrimLeft(string(r[at:]), " ")
	}
}
