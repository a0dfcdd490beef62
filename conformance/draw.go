package conformance

import (
	"fmt"
	"io"
	"slices"
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

// lanes gives each thread that has an event to show a column, far ends last. Far ends of one name, one after the other, share
// one; where there are more than most, the last column is for all that are left.
func (d *Drawing) lanes(keep []bool, most int) (lanes map[int32]int, titles []string) {
	t := d.Trace
	lanes = map[int32]int{}
	var order []int32
	first := map[string]int32{} // far ends
	for i := range t.Events {
		th := t.Events[i].Thread
		if _, known := lanes[th]; known || !keep[i] || t.Events[i].Kind == spec.EndEvent {
			continue
		}
		lanes[th] = -1
		if name := d.thread(th); strings.HasPrefix(name, "peer:") {
			if _, there := first[name]; there {
				continue
			}
			first[name] = th
		}
		order = append(order, th)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch x, y := strings.HasPrefix(d.thread(a), "peer:"), strings.HasPrefix(d.thread(b), "peer:"); {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	})
	for i, th := range order {
		lanes[th] = min(i, most-1)
		switch title, peer := strings.CutPrefix(d.thread(th), "peer:"); {
		case i >= most:
			titles[most-1] = "others"
			d.crowded = most
		case peer:
			titles = append(titles, title+farEnd)
		default:
			titles = append(titles, title)
		}
	}
	for th, lane := range lanes {
		if lane < 0 {
			lanes[th] = lanes[first[d.thread(th)]]
		}
	}
	return lanes, titles
}

func (d *Drawing) thread(i int32) string {
	if i >= 0 && int(i) < len(d.Trace.Threads) {
		return d.Trace.Threads[i]
	}
	return fmt.Sprintf("thread %d", i)
}

// rows makes a row of each event to show, or of two.
func (d *Drawing) rows(keep []bool, lanes map[int32]int) (rows []row) {
	t := d.Trace
	returned := map[uint32]int{} // returns that share their call's row
	pending := map[uint32]bool{} // open calls that are shown
	var open []int
	skipped := 0
	flush := func() {
		if skipped > 0 && len(rows) > 0 {
			rows = append(rows, row{skipped: skipped, text: others(skipped), open: slices.Clone(open)})
		}
		skipped = 0
	}
	for i := range t.Events {
		e := &t.Events[i]
		if _, done := returned[e.Call]; done && e.Kind == spec.ReturnEvent {
			continue
		}
		if e.Kind == spec.EndEvent {
			continue
		}
		if !keep[i] {
			if e.Kind != spec.ReturnEvent {
				skipped++
			}
			continue
		}
		flush()
		lane := lanes[e.Thread]
		r := row{call: i, ret: -1, lane: lane, first: e.Q}
		switch e.Kind {
		case spec.CallEvent:
			r.text = d.call(e)
			if k := d.next(i, keep); k >= 0 {
				r.ret, r.last = k, t.Events[k].Q
				returned[e.Call] = k
				if back := d.back(&t.Events[k]); back != "" {
					r.text += " → " + back
				}
			} else {
				pending[e.Call] = true
			}
		case spec.ReturnEvent:
			r.call, r.ret = -1, i
			r.text = "└ " + d.back(e)
			if !pending[e.Call] {
				r.text = d.call(e) + " → " + d.back(e)
			}
			if at := slices.Index(open, lane); at >= 0 {
				open = slices.Delete(open, at, at+1)
			}
		default:
			r.text = d.mark(e)
		}
		if d.crowded > 0 && lane == d.crowded-1 {
			r.text = strings.TrimPrefix(d.thread(e.Thread), "peer:") + ": " + r.text
		}
		r.open = slices.Clone(open)
		for _, v := range d.Point {
			if v.Q == e.Q || r.last != 0 && v.Q == r.last {
				if !slices.Contains(r.marks, v.Rule.ID) {
					r.marks = append(r.marks, v.Rule.ID)
				}
			}
		}
		rows = append(rows, r)
		if pending[e.Call] && e.Kind == spec.CallEvent && !slices.Contains(open, lane) {
			open = append(open, lane)
		}
	}
	return rows
}

func others(n int) string {
	if n == 1 {
		return "call about something else"
	}
	return "calls about something else"
}

// next returns the index of the call's return if nothing else that is shown stands between, else -1.
func (d *Drawing) next(call int, keep []bool) int {
	t := d.Trace
	for i := call + 1; i < len(t.Events); i++ {
		e := &t.Events[i]
		if e.Kind == spec.ReturnEvent && e.Call == t.Events[call].Call {
			return i
		}
		if keep[i] {
			return -1
		}
	}
	return -1
}

// stillOpen lists the shown calls that never returned.
func (d *Drawing) stillOpen(keep []bool) (calls []int) {
	open := map[uint32]int{}
	for i := range d.Trace.Events {
		switch e := &d.Trace.Events[i]; e.Kind {
		case spec.CallEvent:
			if keep[i] {
				open[e.Call] = i
			}
		case spec.ReturnEvent:
			delete(open, e.Call)
		}
	}
	for _, i := range open {
		calls = append(calls, i)
	}
	slices.Sort(calls)
	return calls
}

// cut leaves rows out where there are too many: from the middle of what came before the first row that is pointed at.
func (d *Drawing) cut(rows []row) []row {
	if d.Rows == 0 || len(rows) <= d.Rows {
		return rows
	}
	at := slices.IndexFunc(rows, func(r row) bool { return len(r.marks) > 0 })
	if at < 0 {
		at = len(rows) - 1
	}
	end := min(len(rows), max(at+4, d.Rows))
	head := min(d.Rows/4, at)
	from := max(head, end-(d.Rows-head))
	var out []row
	out = append(out, rows[:head]...)
	if from > head {
		out = append(out, row{skipped: from - head, text: "rows left out", open: rows[from].open})
	}
	out = append(out, rows[from:end]...)
	if end < len(rows) {
		out = append(out, row{skipped: len(rows) - end, text: "rows left out"})
	}
	return out
}

// relevant tells for each event whether it is to be shown.
func (d *Drawing) relevant() []bool {
	t := d.Trace
	keep := make([]bool, len(t.Events))
	all := d.Whole || len(d.Point) == 0
	for i := range keep {
		keep[i] = all
	}
	if all {
		return keep
	}
	about := d.about()
	calls := map[uint32]bool{}
	recent := []int{} // calls, the last two before what is pointed at
	for i := range t.Events {
		e := &t.Events[i]
		pointed := slices.ContainsFunc(d.Point, func(v spec.Violation) bool { return v.Q == e.Q })
		if e.Kind == spec.CallEvent {
			recent = append(recent, i)
		}
		if pointed {
			for _, k := range recent[max(0, len(recent)-3):] {
				calls[t.Events[k].Call] = true
			}
		}
		if pointed || about.has(e) {
			keep[i] = true
			if e.Call != 0 {
				calls[e.Call] = true
			}
		}
	}
	shown := 0
	for i := range t.Events {
		if e := &t.Events[i]; calls[e.Call] && e.Call != 0 {
			keep[i] = true
		}
		if keep[i] {
			shown++
		}
	}
	if hidden := len(keep) - shown; hidden <= 6 || len(keep) <= 40 {
		for i := range keep {
			keep[i] = true
		}
	}
	// a gap of two calls is not worth the line that says so
	for i := 0; i < len(keep); i++ {
		k, hidden := i, 0
		for k < len(keep) && !keep[k] {
			if t.Events[k].Kind != spec.ReturnEvent {
				hidden++
			}
			k++
		}
		if hidden > 0 && hidden <= 2 && i > 0 {
			for x := i; x < k; x++ {
				keep[x] = true
			}
		}
		i = max(i, k-1)
	}
	return keep
}

// subjects are the objects that violations are about, and those that belong to them.
type subjects struct{ ops, socks, ports, peers map[uint32]bool }

func (d *Drawing) about() subjects {
	s := subjects{map[uint32]bool{}, map[uint32]bool{}, map[uint32]bool{}, map[uint32]bool{}}
	ports := map[uint32]bool{}
	for _, v := range d.Point {
		for _, name := range v.Objects {
			at := strings.LastIndexByte(name, ' ')
			var id uint32
			if _, err := fmt.Sscan(name[at+1:], &id); err != nil {
				continue
			}
			switch name[:max(at, 0)] {
			case "operation":
				s.ops[id] = true
			case "socket":
				s.socks[id] = true
			case "far end":
				s.peers[id] = true
			case "port":
				ports[id] = true
			}
		}
	}
	if len(s.ops)+len(s.socks)+len(s.peers) == 0 {
		s.ports = ports
	}
	// an operation's socket, and the two ends of a connection
	far := map[string]uint32{}  // far ends by their address
	near := map[string]uint32{} // sockets by theirs
	for i := range d.Trace.Events {
		e := &d.Trace.Events[i]
		if s.ops[e.Op] && e.Op != 0 && e.Sock != 0 {
			s.socks[e.Sock] = true
		}
		if e.Kind == spec.ReturnEvent && e.Addr.IsValid() {
			switch e.Verb {
			case spec.PeerConnect:
				far[e.Addr.String()] = e.Peer
			case spec.PeerAccept:
				if sock := near[e.Addr.String()]; s.socks[sock] {
					s.peers[e.Peer] = true
				}
			}
		}
		for _, p := range e.Packets {
			if p.Sock != 0 && p.Addr.IsValid() {
				if peer := far[p.Addr.String()]; peer != 0 && s.socks[p.Sock] {
					s.peers[peer] = true
				} else if peer != 0 && s.peers[peer] {
					s.socks[p.Sock] = true
				}
			} else if p.Addr.IsValid() && p.Op != 0 {
				for k := range d.Trace.Events[:i] {
					if x := &d.Trace.Events[k]; x.Op == p.Op && x.Verb == spec.Connect {
						near[p.Addr.String()] = x.Sock
					}
				}
			}
		}
	}
	return s
}

// has reports whether the event is about one of the subjects.
func (s subjects) has(e *spec.Event) bool {
	if s.ops[e.Op] || s.socks[e.Sock] || s.socks[e.Into] || s.peers[e.Peer] || s.ports[e.Port] || e.Kind == spec.SettleEvent {
		return true
	}
	return slices.ContainsFunc(e.Packets, func(p spec.PacketEvent) bool { return s.ops[p.Op] || s.socks[p.Sock] })
}
