package spec

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// lineMost is the length of the longest line that is read.
const lineMost = 16 << 20

// ReadTrace reads a trace that WriteTrace, or another recorder, wrote, brings its events into order and validates it. It is strict: what it does not know is an error
// rather than passed over. The error, a *SyntaxError, names the first thing that is wrong: name, line, column.
func ReadTrace(name string, r io.Reader) (*Trace, error) {
	d := decoder{trace: &Trace{}, threads: map[string]int32{}}
	d.file = name
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 1<<16), lineMost)
	for lines.Scan() && d.err == nil {
		d.line++
		d.b, d.at = lines.Bytes(), 0
		if d.line == 1 {
			d.header()
		} else {
			d.event()
		}
	}
	switch err := lines.Err(); {
	case d.err != nil:
		return nil, d.err
	case errors.Is(err, bufio.ErrTooLong):
		return nil, &SyntaxError{name, d.line + 1, lineMost, "the line is longer than " + strconv.Itoa(lineMost) + " bytes"}
	case err != nil:
		return nil, err
	case d.line == 0:
		return nil, &SyntaxError{name, 1, 1, "the file is empty; a trace begins with a header"}
	}
	d.finish()
	if d.err != nil {
		return nil, d.err
	}
	if at, err := d.trace.fault(); err != nil {
		line := 1
		if at >= 0 {
			line = int(d.side[at].line)
		}
		return nil, &SyntaxError{name, line, 1, err.Error()}
	}
	return d.trace, nil
}

type decoder struct {
	scanner
	trace   *Trace
	timed   bool  // the events carry times, ts
	eps     int64 // which are wrong by at most as much
	threads map[string]int32
	side    []aside
	bytes   []byte // room for the events' bytes
}

// aside is what is kept of a line until all have been read, because a return may stand before its call.
type aside struct {
	line, column int32 // of the answer
	ts           int64 // where the order is that of time
	how          int8  // what the answer means for a start, -1 nothing
	code         int8  // what it means for another call, -1 nothing
	answered     bool
	status       bool // has a status of its own
	heir         bool // takes thread and verb from its call
}

// word finds t among words.
func word[T ~string](words []T, t []byte) int {
	for i, w := range words {
		if string(t) == string(w) && w != "" {
			return i
		}
	}
	return -1
}

// oneOf reads a string that is one of words.
func (d *decoder) oneOf(what string, words []string) int {
	d.next()
	from := d.at
	t := d.text()
	i := word(words, t)
	if i < 0 {
		d.failAt(from, "unknown %s %q; known are %s", what, t, strings.TrimPrefix(strings.Join(words, ", "), ", "))
		return 0
	}
	return i
}

// once reports a field that comes twice.
func (d *decoder) once(had *uint64, bit int, from int, k []byte) bool {
	if *had&(1<<bit) != 0 {
		d.failAt(from, "the field %q comes twice", k)
		return false
	}
	*had |= 1 << bit
	return true
}

var headerFields = []string{"ioconform", "v", "by", "target", "version", "os", "world", "order", "data", "caps", "axes", "threads", "net", "eps", "widened"}

func (d *decoder) header() {
	t := d.trace
	if bytes.HasPrefix(d.b, []byte("\xef\xbb\xbf")) {
		d.fail("the file begins with a byte order mark; a trace is plain UTF-8")
		return
	}
	if !d.want('{') {
		return
	}
	var had uint64
	for first := true; d.more(&first, '}'); {
		d.next()
		from := d.at
		k := d.key()
		bit := word(headerFields, k)
		if d.err == nil && bit < 0 {
			d.failAt(from, "unknown field %q of a header", k)
		}
		if d.err != nil || !d.once(&had, bit, from, k) {
			return
		}
		d.next()
		from = d.at
		switch string(k) {
		case "ioconform":
			if w := d.text(); d.err == nil && string(w) != "trace" {
				d.failAt(from, "this is a %q, not a trace", w)
			}
		case "v":
			if v := d.natural(math.MaxInt32); d.err == nil && v != traceVersion {
				d.failAt(from, "version %d of the format is not supported; %d is", v, traceVersion)
			}
		case "by":
			t.By = string(d.text())
		case "target":
			t.About.Name = string(d.text())
		case "version":
			t.About.Version = string(d.text())
		case "os":
			t.About.OS = string(d.text())
		case "world":
			t.About.World = string(d.text())
		case "order":
			w := d.text()
			if d.timed = string(w) == "time"; d.err == nil && !d.timed && string(w) != "q" {
				d.failAt(from, `unknown order %q; known are q and time`, w)
			}
		case "eps":
			d.eps = int64(d.natural(1 << 58))
		case "widened":
			t.Widened = d.truth()
		case "data":
			t.Data = DataLevel(d.text())
			if d.err == nil && t.levelFault() != nil {
				d.failAt(from, "%s", t.levelFault())
			}
		case "caps":
			t.About.Capabilities = []Capability{}
			d.list(func() { t.About.Capabilities = append(t.About.Capabilities, d.capability()) })
		case "axes":
			d.axes()
		case "threads":
			t.Threads = []string{}
			d.list(func() { t.Threads = append(t.Threads, string(d.text())) })
		case "net":
			d.net()
		}
	}
	if d.end(); d.err == nil && had&1 == 0 {
		d.failAt(0, `this line is no header; a trace begins with {"ioconform":"trace","v":%d,…}`, traceVersion)
	}
	if d.err == nil && had&2 == 0 {
		d.failAt(0, "the header has no version, v")
	}
	if eps := word(headerFields, []byte("eps")); d.err == nil && d.timed != (had&(1<<eps) != 0) {
		d.failAt(0, `a trace with "order":"time" says by how many ns its times may be wrong, eps; others do not`)
	}
	for i, n := range t.Threads {
		if _, twice := d.threads[n]; twice {
			d.threads[n] = -1 // to be told by number
		} else {
			d.threads[n] = int32(i)
		}
	}
}

func (d *decoder) capability() Capability {
	d.next()
	from := d.at
	t := d.text()
	for _, c := range Capabilities {
		if string(t) == string(c.Name) {
			return c.Name
		}
	}
	d.failAt(from, "unknown capability %q", t)
	return ""
}

func (d *decoder) axes() {
	d.trace.About.Axes = Axes{}
	if !d.want('{') {
		return
	}
	for first := true; d.more(&first, '}'); {
		d.next()
		from := d.at
		k := string(d.key())
		v := string(d.text())
		if d.err != nil {
			return
		}
		if err := (Axes{k: v}).Check(); err != nil {
			d.failAt(from, "%s", err)
		} else if _, twice := d.trace.About.Axes[k]; twice {
			d.failAt(from, "the axis %q comes twice", k)
		}
		d.trace.About.Axes[k] = v
	}
}

// net reads what the network may do to datagrams; what is not mentioned it may.
func (d *decoder) net() {
	if !d.want('{') {
		return
	}
	for first := true; d.more(&first, '}'); {
		d.next()
		from := d.at
		k := word(pathWord[:], d.key())
		if d.err == nil && k < 0 {
			d.failAt(from, "unknown field of net; known are %s", strings.Join(pathWord[:], ", "))
			return
		}
		if may := d.truth(); d.err == nil {
			d.trace.About.Path.set(k, !may)
		}
	}
}

// data reads base64 into room of its own.
func (d *decoder) data() []byte {
	d.next()
	if d.err == nil && d.trace.Data != DataBytes {
		d.fail("there are bytes here, and the header says data: %s", d.trace.Data)
	}
	return d.base64()
}

func (d *decoder) base64() []byte {
	d.next()
	from := d.at
	t := d.text()
	if d.err != nil {
		return nil
	}
	n := base64.StdEncoding.DecodedLen(len(t))
	if len(t) == 0 {
		return []byte{}
	}
	if cap(d.bytes)-len(d.bytes) < n {
		d.bytes = make([]byte, 0, max(n, 1<<16))
	}
	at := len(d.bytes)
	n, err := base64.StdEncoding.Strict().Decode(d.bytes[at:at+n], t)
	if err != nil {
		d.failAt(from, "this is not base64")
		return nil
	}
	d.bytes = d.bytes[:at+n]
	return d.bytes[at : at+n : at+n]
}

func (d *decoder) addr() (a netip.AddrPort) {
	d.next()
	from := d.at
	t := d.text()
	if d.err != nil {
		return a
	}
	a, err := netip.ParseAddrPort(string(t))
	if err != nil {
		d.failAt(from, "%q is no address with a port", t)
	}
	return a
}

// thread reads a thread's name, or its place in the header's list. A name that the header does not list is added.
func (d *decoder) thread() int32 {
	if c := d.next(); c >= '0' && c <= '9' {
		from := d.at
		n := d.natural(math.MaxInt32)
		if d.err == nil && n >= uint64(len(d.trace.Threads)) {
			d.failAt(from, "there is no thread %d; the header lists %d", n, len(d.trace.Threads))
		}
		return int32(n)
	}
	from := d.at
	t := d.text()
	if d.err != nil {
		return 0
	}
	i, known := d.threads[string(t)]
	if !known {
		i = int32(len(d.trace.Threads))
		d.trace.Threads = append(d.trace.Threads, string(t))
		d.threads[string(t)] = i
	}
	if i < 0 {
		d.failAt(from, "several threads are called %q; give the place in the header's list", t)
		return 0
	}
	return i
}

// finish brings the events into order and gives to returns what follows from their calls.
func (d *decoder) finish() {
	if d.timed {
		if d.rank(); d.err != nil {
			return
		}
	}
	events := d.trace.Events
	if !slices.IsSortedFunc(events, func(a, b Event) int { return compareQ(a.Q, b.Q) }) {
		order := make([]int, len(events))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return compareQ(events[a].Q, events[b].Q) })
		sorted, side := make([]Event, len(events)), make([]aside, len(events))
		for to, from := range order {
			sorted[to], side[to] = events[from], d.side[from]
		}
		d.trace.Events, d.side = sorted, side
		events = sorted
	}
	calls := map[uint32]int{}
	for i := range events {
		e, a := &events[i], &d.side[i]
		switch e.Kind {
		case CallEvent:
			calls[e.Call] = i
		case ReturnEvent:
			if at, made := calls[e.Call]; !made && a.heir {
				d.line = int(a.line)
				d.failAt(0, "event %d is the return of call %d, which was not made before, or has returned", e.Q, e.Call)
				return
			} else if a.heir {
				e.Thread, e.Verb = events[at].Thread, events[at].Verb
			}
			delete(calls, e.Call)
			d.answer(e, a)
		}
	}
}

// answer gives its meaning to what a call returned, which depends on the verb: "refused" is said of a start and by a far end.
func (d *decoder) answer(e *Event, a *aside) {
	d.line = int(a.line)
	switch {
	case !a.answered:
		d.failAt(0, "event %d is a return without an answer, r", e.Q)
	case e.Verb.Starts() && a.how >= 0:
		e.How = How(a.how)
	case !e.Verb.Starts() && a.code >= 0 && !a.status:
		e.Status.Code = Code(a.code)
	case e.Verb.Starts():
		d.failAt(int(a.column), "a start is answered by pending, done or refused")
	case a.status:
		d.failAt(int(a.column), "st belongs to the return of a start; here r is the status")
	default:
		d.failAt(int(a.column), "this is the answer to a start, not to %s", e.Verb)
	}
}

func compareQ(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
