package spec

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The tests write traces as text, a line for each call, its thread first:
//
//	main recv s2 o2 len=4            call and return; the answer is the usual one
//	w1>  wait p1                     the call alone
//	w1<  -> o2 ok "abcd"             its return, with the answer
//	main post p1 t7 n=3 -> closed    an answer other than the usual
//
// Objects are p1, s1, o1, c1 and t7, for port, socket, operation, far end and the token of a post; @80 is an address. Packets are
// separated by semicolons. Keys and tokens of packets are those of the socket and the operation unless given.
type builder struct {
	t       testing.TB
	trace   *Trace
	q       uint64
	calls   uint32
	open    map[int32]Event
	keys    map[uint32]uint64
	ops     map[uint32]Event
	posts   map[uint64]Event
	threads map[string]int32
}

// able is a completion back end that can do everything, with the first value of every axis; but it does not speak in Windows' numbers.
func able() About {
	a := About{Name: "test", World: "sim", OS: "linux 6.18", Axes: Axes{}, Path: Path{Lossless: true, NoDup: true, InOrder: true}}
	for _, c := range Capabilities {
		switch c.Name {
		case CanPoll, CanExclusive, CanNest, CanRdHup, CanEdge, CanOneShot, CanWin32: // of readiness back ends, and of Windows
		default:
			a.Capabilities = append(a.Capabilities, c.Name)
		}
	}
	return a
}

func build(t testing.TB, about About, text string) *Trace {
	t.Helper()
	b := &builder{
		t: t, trace: &Trace{By: "test", About: about, Data: DataBytes}, open: map[int32]Event{}, keys: map[uint32]uint64{},
		ops: map[uint32]Event{}, posts: map[uint64]Event{}, threads: map[string]int32{},
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			b.line(line)
		}
	}
	return b.trace
}

func (b *builder) fail(line string, why any) { b.t.Helper(); b.t.Fatalf("line %q: %v", line, why) }

func (b *builder) add(e Event) {
	b.q++
	e.Q = b.q
	b.trace.Events = append(b.trace.Events, e)
}

func (b *builder) line(line string) {
	call, answer, answered := strings.Cut(line, "->")
	words := strings.Fields(call)
	name, mode := words[0], byte(0)
	if last := name[len(name)-1]; last == '>' || last == '<' {
		name, mode = name[:len(name)-1], last
	}
	th, seen := b.threads[name]
	if !seen {
		th = int32(len(b.trace.Threads))
		b.threads[name] = th
		b.trace.Threads = append(b.trace.Threads, name)
	}
	if mode == '<' {
		b.ret(line, th, answer, answered)
		return
	}
	e := b.parse(line, words[1:])
	e.Thread = th
	if e.Kind != CallEvent {
		if e.Kind == PauseEvent && e.Since == 0 {
			b.q++
			e.Since = b.q
		}
		b.add(e)
		return
	}
	b.calls++
	e.Call = b.calls
	b.open[th] = e
	if e.Verb.Starts() {
		b.ops[e.Op] = e
	}
	if e.Verb == Post {
		b.posts[e.Token] = e
	}
	out := e
	if e.Verb == PeerListen || e.Verb == Listen {
		out.Addr = netip.AddrPort{}
	}
	b.add(out)
	if mode == 0 {
		b.ret(line, th, answer, answered)
	}
}

func at(s string) netip.AddrPort {
	n, _ := strconv.Atoi(s)
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(n))
}

func num(s string) uint64 {
	n, err := strconv.ParseUint(s, 0, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// object reads a word such as s2 or len=4 into e.
func (b *builder) object(line string, e *Event, w string) {
	name, value, isField := strings.Cut(w, "=")
	switch {
	case isField:
		switch name {
		case "key":
			e.Key = num(value)
		case "tok":
			e.Token = num(value)
		case "n", "ms", "ns", "limit", "backlog":
			e.N = int(num(value))
		case "len", "max":
			e.Len = int(num(value))
		case "into":
			e.Into = uint32(num(value[1:]))
		case "side":
			e.Side = Side(slices.Index(sideWords, value))
		case "net":
			e.Net = Network(slices.Index(networkWord[:], value))
		case "local":
			e.Args = b.arguments(e)
			e.Args.LocalRoom = int(num(value))
		case "remote":
			e.Args = b.arguments(e)
			e.Args.RemoteRoom = int(num(value))
		case "without":
			e.Args = b.arguments(e)
			e.Args.Without, _ = AcceptArgumentByWord(value)
		case "event":
			e.Event = uint32(num(value))
		case "since":
			e.Since = num(value)
		default:
			b.fail(line, "unknown field "+name)
		}
	case b.asks(e, w):
	case w[0] == '"':
		e.Data = []byte(strings.Trim(w, `"`))
		e.Len = len(e.Data)
	case w[0] == '@':
		e.Addr = at(w[1:])
	case w == "refuse":
		e.Refuse = true
	case w == "forever":
		e.N = -1
	case w == "for-good":
		e.N = StandsStill
	case w == "alertable":
		e.Flags |= Alertable
	case w == "event-only":
		e.Flags |= EventOnly
	case w == "wait-all":
		e.Flags |= WaitAll
	case w == "reuse":
		e.Flags |= Reuse
	case w == "no-context":
		e.Flags |= NoContext
	default:
		n, err := strconv.ParseUint(w[1:], 0, 64)
		if err != nil {
			b.fail(line, err)
		}
		switch w[0] {
		case 'p':
			e.Port = uint32(n)
		case 's':
			e.Sock = uint32(n)
		case 'o':
			e.Op = uint32(n)
		case 'e':
			e.Event = uint32(n)
		case 'c':
			e.Peer = uint32(n)
		case 't':
			e.Token = n
		default:
			b.fail(line, "unknown word "+w)
		}
	}
}

func (b *builder) parse(line string, words []string) Event {
	e := Event{}
	verb, known := VerbByWord(words[0])
	if !known {
		kind := slices.Index(eventWord[:], words[0])
		if kind < 2 {
			b.fail(line, "unknown verb")
		}
		e.Kind = EventKind(kind)
	}
	if e.Verb = verb; verb.OfNet() {
		e.Kind = NetEvent
	}
	if verb == Wait || verb == WaitReady {
		e.N, e.Len = 100, 8
	}
	for _, w := range words[1:] {
		b.object(line, &e, w)
	}
	switch {
	case verb.Starts() && e.Token == 0, verb == Cancel && e.Token == 0:
		if e.Token = 0x1000 + uint64(e.Op); verb == Cancel && b.ops[e.Op].Token != 0 {
			e.Token = b.ops[e.Op].Token
		}
	case e.Kind == EnterEvent || e.Kind == LeaveEvent:
		e.Verb, e.Sock = b.ops[e.Op].Verb, b.ops[e.Op].Sock
	case verb == Associate:
		if _, had := b.keys[e.Sock]; !had {
			b.keys[e.Sock] = e.Key
		}
	}
	return e
}

func (b *builder) ret(line string, th int32, answer string, answered bool) {
	c, isOpen := b.open[th]
	if !isOpen {
		b.fail(line, "no call is open")
	}
	delete(b.open, th)
	e := Event{Kind: ReturnEvent, Verb: c.Verb, Thread: th, Call: c.Call, Sock: c.Sock, Port: c.Port, Peer: c.Peer, Op: c.Op}
	if !answered {
		answer = "ok"
		if c.Verb.Starts() {
			answer = "pending"
		}
	}
	switch {
	case c.Verb.Starts():
		b.started(line, &e, strings.Fields(answer))
	case c.Verb == Wait:
		b.waited(line, &e, timeLeft(&e, answer))
	case c.Verb == WaitReady:
		b.polled(line, &e, timeLeft(&e, answer))
	default:
		b.answered(line, &e, c, strings.Fields(answer))
	}
	b.add(e)
}

// timeLeft reads how early a wait has run out of time, in ms, off the end of its answer: "timedout early=3".
func timeLeft(e *Event, answer string) string {
	rest, ms, isEarly := strings.Cut(answer, " early=")
	if isEarly {
		e.Early = time.Duration(num(ms)) * time.Millisecond
	}
	return rest
}

func (b *builder) arguments(e *Event) *AcceptArguments {
	if e.Args == nil {
		return &AcceptArguments{LocalRoom: RoomEnough, RemoteRoom: RoomEnough}
	}
	return e.Args
}

// code reads a status: aborted, or with Windows' number, in whose vocabulary it is, aborted:0xC0000120; or the number alone: wsa=10057, win32=87, ntstatus=0xC0000120.
func (b *builder) code(line, w string) Status {
	if space, number, isNumber := strings.Cut(w, "="); isNumber {
		return WindowsStatus(Space(slices.Index(spaceWord[:], space)), uint32(num(number)))
	}
	word, number, numbered := strings.Cut(w, ":")
	c, known := CodeByWord(word)
	if !known {
		b.fail(line, "unknown status "+w)
	}
	st := Is(c)
	if numbered {
		switch st.Native = int64(num(number)); {
		case st.Native >= 1<<30:
			st.Space = NTStatus
		case st.Native >= 10000:
			st.Space = WSA
		default:
			st.Space = Win32
		}
	}
	return st
}

func (b *builder) started(line string, e *Event, words []string) {
	e.How = How(slices.Index(howWords, words[0]))
	if e.How == RefusedAtStart {
		e.Status = Is(Invalid)
	}
	for _, w := range words[1:] {
		switch {
		case w[0] == '"':
			e.Data = []byte(strings.Trim(w, `"`))
			e.N = len(e.Data)
		case w == "addr=none":
			e.NoAddr = true
		case w[0] == '@':
			e.Addr = at(w[1:])
		case w[0] >= '0' && w[0] <= '9':
			e.N = int(num(w))
		default:
			e.Status = b.code(line, w)
		}
	}
}

func (b *builder) answered(line string, e *Event, c Event, words []string) {
	words = b.tried(e, c, words)
	switch e.Addr = c.Addr; c.Verb {
	case PeerConnect:
		e.Addr = at(strconv.Itoa(1000 + int(c.Peer)))
	case PeerBind:
		e.Addr = netip.AddrPort{}
	case PeerSend:
		e.N = len(c.Data)
	case Bind, PeerRead:
		e.Addr = netip.AddrPort{}
	case PeerListen:
		e.Refuse = c.Refuse
	}
	for _, w := range words {
		switch {
		case w[0] == '"':
			e.Data = []byte(strings.Trim(w, `"`))
			e.N = len(e.Data)
		case w[0] == '@':
			e.Addr = at(w[1:])
		case strings.HasPrefix(w, "n="):
			e.N = int(num(w[2:]))
		default:
			e.Status = b.code(line, w)
		}
	}
	if !e.Status.Ok() && c.Verb != PeerRead {
		e.Addr = netip.AddrPort{}
	}
}

func (b *builder) waited(line string, e *Event, answer string) {
	word, _, _ := strings.Cut(strings.TrimSpace(answer), ":")
	if c, known := CodeByWord(word); known && c != OK {
		e.Status = b.code(line, strings.TrimSpace(answer))
		return
	}
	for part := range strings.SplitSeq(answer, ";") {
		words := strings.Fields(part)
		if words[0][0] == 'x' { // as many packets as it says, of which none is told
			e.N = int(num(words[0][1:]))
			return
		}
		e.Packets = append(e.Packets, b.packet(line, words))
	}
	e.N = len(e.Packets)
}

func (b *builder) packet(line string, words []string) PacketEvent {
	p := PacketEvent{}
	id := num(words[0][1:])
	receives := false
	if words[0][0] == 't' {
		post := b.posts[id]
		p.Token, p.Key, p.N = id, post.Key, post.N
	} else {
		o, known := b.ops[uint32(id)]
		if !known {
			b.fail(line, "no such operation")
		}
		p.Op, p.Token, p.Key = uint32(id), o.Token, b.keys[o.Sock]
		receives = o.Verb.takes()
		if o.Verb.gives() {
			p.N = o.Len
		}
	}
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, "=")
		switch {
		case w[0] == '"':
			p.Data = []byte(strings.Trim(w, `"`))
			p.N = len(p.Data)
		case name == "n":
			p.N = int(num(value))
		case name == "key":
			p.Key = num(value)
		case name == "tok":
			p.Token, p.Op = num(value), 0
		case name == "sock":
			p.Sock = uint32(num(value[1:]))
		case name == "addr":
			if p.NoAddr = value == noAddrWord; !p.NoAddr {
				p.Addr = at(value[1:])
			}
		case name == "size":
			p.Size = int(num(value))
		case name == "guard":
			p.Guard, p.At = GuardBroken, int(num(value))
		default:
			if p.Status = b.code(line, w); p.Status.Code != OK && p.Data == nil {
				p.N = 0
			}
		}
	}
	if receives && p.Guard == GuardUnknown {
		p.Guard = GuardIntact
		if p.Data == nil && p.N == 0 {
			p.Data = []byte{}
		}
	}
	return p
}

// brokenBy returns the ids of the rules that the trace breaks, each once, in the order of the rules, and why.
func brokenBy(j Judgement) (ids, why []string) {
	for i, r := range Rules() {
		if j.Counts[i].Broken > 0 {
			ids = append(ids, r.ID)
		}
	}
	for _, v := range j.Violations {
		why = append(why, fmt.Sprintf("%s at event %d: %s", v.Rule.ID, v.Q, v.Said))
	}
	return ids, why
}
