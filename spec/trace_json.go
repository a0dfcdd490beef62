package spec

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/netip"
	"sort"
	"strconv"
)

// A trace file is JSON Lines: a header, then one line for each event. The order of the lines does not matter, the events' numbers
// do. Fields that are zero are left out, as are those of a return that follow from its call.

// traceVersion is the version of the format that is written and read.
const traceVersion = 1

var eventWord = [eventKinds]string{"call", "ret", "enter", "leave", "pause", "settle", "late", "end", "net", "apc"}

// noAddrWord stands for the address that a back end has not told.
const noAddrWord = "none"

var guardWord = [...]string{GuardUnknown: "", GuardIntact: "ok", GuardBroken: "broken"}

var flagWord = [...]struct {
	flag Flags
	word string
}{{WaitAll, "wait-all"}, {Reuse, "reuse"}, {NoContext, "no-context"}, {EventOnly, "event-only"}, {Alertable, "alertable"}}

// WriteTrace writes t as JSON Lines. What was written is read back as it was by ReadTrace if the trace is valid and its events are in order.
func WriteTrace(w io.Writer, t *Trace) error {
	b := bufio.NewWriterSize(w, 1<<16)
	e := encoder{trace: t, names: threadNames(t.Threads), calls: map[uint32]*Event{}}
	e.header()
	for i := range t.Events {
		if len(e.line) > 1<<15 {
			if _, err := b.Write(e.line); err != nil {
				return err
			}
			e.line = e.line[:0]
		}
		e.event(&t.Events[i])
	}
	if _, err := b.Write(e.line); err != nil {
		return err
	}
	return b.Flush()
}

// threadNames returns how each thread is named in the lines: by its name where that is no other's, else by its place.
func threadNames(threads []string) []string {
	seen := map[string]int{}
	for _, n := range threads {
		seen[n]++
	}
	names := make([]string, len(threads))
	for i, n := range threads {
		if seen[n] > 1 {
			names[i] = strconv.Itoa(i)
		} else {
			names[i] = string(quoted(nil, n))
		}
	}
	return names
}

type encoder struct {
	trace *Trace
	names []string
	calls map[uint32]*Event // open calls
	line  []byte

	patterns PatternReader     // level pattern
	said     map[uint32]uint64 // how much each far end has sent
	run      []PatternRun
}

func (e *encoder) header() {
	t := e.trace
	e.line = append(e.line, `{"ioconform":"trace","v":`...)
	e.line = strconv.AppendInt(e.line, traceVersion, 10)
	e.text(`,"by":`, t.By)
	e.text(`,"target":`, t.About.Name)
	e.text(`,"version":`, t.About.Version)
	e.text(`,"os":`, t.About.OS)
	e.text(`,"world":`, t.About.World)
	e.line = append(e.line, `,"order":"q"`...)
	if t.Widened {
		e.line = append(e.line, `,"widened":true`...)
	}
	e.text(`,"data":`, string(t.Data))
	if t.About.Capabilities != nil {
		e.line = append(e.line, `,"caps":[`...)
		for i, c := range t.About.Capabilities {
			e.comma(i)
			e.line = quoted(e.line, string(c))
		}
		e.line = append(e.line, ']')
	}
	if t.About.Axes != nil {
		names := make([]string, 0, len(t.About.Axes))
		for n := range t.About.Axes {
			names = append(names, n)
		}
		sort.Strings(names)
		e.line = append(e.line, `,"axes":{`...)
		for i, n := range names {
			e.comma(i)
			e.line = append(quoted(e.line, n), ':')
			e.line = quoted(e.line, t.About.Axes[n])
		}
		e.line = append(e.line, '}')
	}
	e.path(t.About.Path)
	if t.Threads != nil {
		e.line = append(e.line, `,"threads":[`...)
		for i, n := range t.Threads {
			e.comma(i)
			e.line = quoted(e.line, n)
		}
		e.line = append(e.line, ']')
	}
	e.line = append(e.line, "}\n"...)
}

func (e *encoder) comma(i int) {
	if i > 0 {
		e.line = append(e.line, ',')
	}
}

// quoted appends s as a JSON string.
func quoted(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			q, _ := json.Marshal(s) // a string always can be
			return append(b, q...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func (e *encoder) text(field, s string) {
	if s != "" {
		e.line = append(e.line, field...)
		e.line = quoted(e.line, s)
	}
}

func (e *encoder) number(field string, n int64) {
	if n != 0 {
		e.line = append(e.line, field...)
		e.line = strconv.AppendInt(e.line, n, 10)
	}
}

func (e *encoder) natural(field string, n uint64) {
	if n != 0 {
		e.line = append(e.line, field...)
		e.line = strconv.AppendUint(e.line, n, 10)
	}
}

// hex writes keys and tokens, which are bit patterns and often addresses. They are strings, because many readers of JSON keep no more
// than 53 bits of a number.
func (e *encoder) hex(field string, n uint64) {
	e.line = append(e.line, field...)
	e.line = append(e.line, `"0x`...)
	e.line = strconv.AppendUint(e.line, n, 16)
	e.line = append(e.line, '"')
}

func (e *encoder) addr(field string, a netip.AddrPort) {
	if a.IsValid() {
		e.line = append(e.line, field...)
		e.line = append(e.line, '"')
		e.line = a.AppendTo(e.line)
		e.line = append(e.line, '"')
	}
}

func (e *encoder) data(b []byte) {
	if b == nil {
		return
	}
	e.line = append(e.line, `,"data":"`...)
	e.line = base64.StdEncoding.AppendEncode(e.line, b)
	e.line = append(e.line, '"')
}

// native writes the platform's own number of a status.
func (e *encoder) native(s Status) {
	e.text(`,"space":`, s.Space.String())
	e.number(`,"native":`, s.Native)
}

func (e *encoder) event(v *Event) {
	e.begin(v)
	var c *Event // of a return, what it may inherit
	switch v.Kind {
	case CallEvent:
		e.calls[v.Call] = v
	case ReturnEvent:
		if c = e.calls[v.Call]; c != nil && (c.Thread != v.Thread || c.Verb != v.Verb) {
			c = nil
		}
		defer delete(e.calls, v.Call) // the bytes that it brought may be told by its call's socket
	}
	if c == nil {
		e.line = append(e.line, `,"th":`...)
		if v.Thread >= 0 && int(v.Thread) < len(e.names) {
			e.line = append(e.line, e.names[v.Thread]...)
		} else {
			e.line = strconv.AppendInt(e.line, int64(v.Thread), 10)
		}
		e.text(`,"do":`, v.Verb.String())
	}
	e.rest(v)
}

func (e *encoder) begin(v *Event) {
	e.line = append(e.line, `{"q":`...)
	e.line = strconv.AppendUint(e.line, v.Q, 10)
	e.line = append(e.line, `,"e":"`...)
	e.line = append(e.line, eventWord[v.Kind%eventKinds]...)
	e.line = append(e.line, '"')
	e.natural(`,"id":`, uint64(v.Call))
}

func (e *encoder) rest(v *Event) {
	if v.Kind == ReturnEvent {
		e.answer(v)
	}
	e.natural(`,"sock":`, uint64(v.Sock))
	e.natural(`,"op":`, uint64(v.Op))
	e.natural(`,"port":`, uint64(v.Port))
	e.natural(`,"peer":`, uint64(v.Peer))
	e.natural(`,"into":`, uint64(v.Into))
	e.natural(`,"event":`, uint64(v.Event))
	if v.Token != 0 {
		e.hex(`,"tok":`, v.Token)
	}
	if v.Key != 0 {
		e.hex(`,"key":`, v.Key)
	}
	e.natural(`,"since":`, v.Since)
	e.number(`,"len":`, int64(v.Len))
	e.number(`,"n":`, int64(v.N))
	e.number(`,"early":`, int64(v.Early))
	if v.Side != 0 {
		e.text(`,"side":`, v.Side.String())
	}
	if v.Net != 0 {
		e.text(`,"net":`, v.Net.String())
	}
	if v.Refuse {
		e.line = append(e.line, `,"refuse":true`...)
	}
	if v.Flags != 0 {
		e.line = append(e.line, `,"flags":[`...)
		n := 0
		for _, f := range flagWord {
			if v.Flags&f.flag != 0 {
				e.comma(n)
				e.line = quoted(e.line, f.word)
				n++
			}
		}
		e.line = append(e.line, ']')
	}
	e.arguments(v.Args)
	if e.addr(`,"addr":`, v.Addr); v.NoAddr {
		e.text(`,"addr":`, noAddrWord)
	}
	e.ask(v)
	e.learn(v)
	e.packets(v.Packets)
	e.content(v.Data, v.Sum, e.streamOf(v))
	e.line = append(e.line, "}\n"...)
}

// answer writes what a call returned: what became of a start, with its status beside it if there is one to tell, or the status.
func (e *encoder) answer(v *Event) {
	if v.Verb.Starts() {
		e.text(`,"r":`, v.How.String())
		if v.Status != (Status{}) {
			e.text(`,"st":`, v.Status.Code.String())
		}
	} else {
		e.text(`,"r":`, v.Status.Code.String())
	}
	e.native(v.Status)
}

func (e *encoder) packets(list []PacketEvent) {
	if list == nil {
		return
	}
	e.line = append(e.line, `,"packets":[`...)
	for i := range list {
		p := &list[i]
		e.comma(i)
		e.hex(`{"tok":`, p.Token)
		if p.Key != 0 {
			e.hex(`,"key":`, p.Key)
		}
		e.natural(`,"op":`, uint64(p.Op))
		e.line = append(e.line, `,"n":`...)
		e.line = strconv.AppendInt(e.line, int64(p.N), 10)
		e.text(`,"st":`, p.Status.Code.String())
		e.native(p.Status)
		e.natural(`,"sock":`, uint64(p.Sock))
		if e.addr(`,"addr":`, p.Addr); p.NoAddr {
			e.text(`,"addr":`, noAddrWord)
		}
		e.number(`,"size":`, int64(p.Size))
		if p.Guard == GuardBroken {
			e.line = append(e.line, `,"guard":"broken@`...)
			e.line = strconv.AppendInt(e.line, int64(p.At), 10)
			e.line = append(e.line, '"')
		} else {
			e.text(`,"guard":`, guardWord[p.Guard%GuardBroken])
		}
		e.content(p.Data, p.Sum, streamOfSocket|uint64(p.Op))
		e.line = append(e.line, '}')
	}
	e.line = append(e.line, ']')
}
