package spec

import (
	"bytes"
	"math"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The fuzz targets use nothing of the other tests, as the tools want it that build them for libFuzzer (.clusterfuzzlite). There, the whole function is called for every input, so
// that what it needs is made once, and seeds stand in testdata/fuzz alone.

// FuzzTrace: whatever the file, reading it gives an error or a trace that is valid and is read back as it was.
func FuzzTrace(f *testing.F) {
	f.Fuzz(readsBack)
}

var readers = sync.OnceValue(NewChecker)

func readsBack(t *testing.T, file []byte) {
	trace, err := ReadTrace("f", bytes.NewReader(file))
	if err != nil {
		return
	}
	if err := trace.Validate(); err != nil {
		t.Fatalf("it was read, and is malformed: %v", err)
	}
	var text bytes.Buffer
	if err := WriteTrace(&text, trace); err != nil {
		t.Fatal(err)
	}
	again, err := ReadTrace("again", bytes.NewReader(text.Bytes()))
	if err != nil {
		t.Fatalf("%v\n%s", err, &text)
	}
	if diff := cmp.Diff(trace, again, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); diff != "" {
		t.Fatal(diff)
	}
	readers().Check(trace)
}

// FuzzChecker: no sequence of events makes the checker panic; the same events give the same judgement again, by a checker that has judged others before; and
// ending the trace anywhere accuses nobody whom the whole does not.
func FuzzChecker(f *testing.F) {
	f.Fuzz(func(t *testing.T, code []byte) { judges().judge(t, code) })
}

// bench is where events are judged.
type bench struct {
	used, other *Checker
	cut         []Violation
	trace       Trace
	packets     []PacketEvent
}

var judges = sync.OnceValue(func() *bench { return &bench{used: NewChecker(), other: NewChecker()} })

func (b *bench) judge(t *testing.T, code []byte) {
	cutAt, fresh := 0, false
	if n := len(code); n > 1 {
		cutAt, fresh = int(code[n-1]), code[n-2] == 0
	}
	trace := b.decode(code)
	trace.Validate()

	// The beginning first, by the checker that then judges the whole: what it has judged before must not matter.
	beginning := *trace
	beginning.Events = trace.Events[:cutAt*len(trace.Events)/256]
	j := b.used.Check(&beginning)
	b.cut = append(b.cut[:0], j.Violations...)
	if j.Settled && !slices.ContainsFunc(beginning.Events, func(e Event) bool { return e.Kind == SettleEvent }) {
		t.Fatal("settled without a mark")
	}
	whole := b.used.Check(trace)
	for _, x := range b.cut {
		if !slices.ContainsFunc(whole.Violations, func(y Violation) bool { return x.Rule == y.Rule && x.Q == y.Q && x.Said == y.Said }) {
			t.Fatalf("cut after %d of %d events: %s at %d: %s\nthe whole does not break that", len(beginning.Events), len(trace.Events), x.Rule.ID, x.Q, x.Said)
		}
	}

	other := b.other
	if fresh {
		other = NewChecker()
	}
	again := other.Check(trace)
	if len(whole.Violations) != len(again.Violations) {
		t.Fatalf("%d violations, then %d", len(whole.Violations), len(again.Violations))
	}
	for i := range whole.Violations {
		if x, y := whole.Violations[i], again.Violations[i]; x.Rule != y.Rule || x.Q != y.Q || x.Said != y.Said {
			t.Fatalf("%s at %d: %s\nthen %s at %d: %s", x.Rule.ID, x.Q, x.Said, y.Rule.ID, y.Q, y.Said)
		}
	}
	if !slices.Equal(whole.Counts, again.Counts) {
		t.Fatal("the counts differ")
	}
}

// everything is a completion back end that can do everything; plainAxes are the first values, otherAxes are not.
var (
	everything = func() (can []Capability) {
		for _, c := range Capabilities {
			switch c.Name {
			case CanPoll, CanExclusive, CanNest, CanRdHup, CanEdge, CanOneShot, CanWin32:
			default:
				can = append(can, c.Name)
			}
		}
		return can
	}()
	plainAxes = Axes{}
	otherAxes = Axes{"fill": "any", "send": "short", "cancel-scope": "socket", "inline": "skip", "after-cancel": "unspecified"}
	names     = []string{"a", "b", "c"}
	words     = [4][]byte{bytes.Repeat([]byte("a"), 256), bytes.Repeat([]byte("b"), 256), bytes.Repeat([]byte("c"), 256), bytes.Repeat([]byte("d"), 256)}
)

// An event is coded in this many bytes: small numbers, so that events speak of each other.
const eventCode = 20

// mostCode bounds what is looked at of an input: about 400 events.
const mostCode = 8000

// decode turns bytes into a trace: one byte for the target, then the events. The trace is valid until the next one.
func (b *bench) decode(code []byte) *Trace {
	t := &b.trace
	*t = Trace{Data: DataBytes, Threads: names, About: About{Name: "test", World: "sim", OS: "linux 6.18", Axes: plainAxes, Capabilities: everything,
		Path: Path{Lossless: true, NoDup: true, InOrder: true}}, Events: t.Events[:0]}
	b.packets = b.packets[:0]
	if len(code) == 0 {
		return t
	}
	head := code[0]
	code = code[1:min(len(code), mostCode)]
	if head&1 != 0 {
		t.About.Axes = otherAxes
	}
	if head&2 != 0 {
		t.About.World, t.Data = "real", DataNone
	}
	for len(code) >= eventCode {
		c := code[:eventCode]
		code = code[eventCode:]
		e := decodeEvent(c, len(t.Events))
		from := len(b.packets)
		for i := range min(int(c[18]&3), len(code)/eventCode) {
			b.packets = append(b.packets, decodePacket(code[i*eventCode:]))
		}
		if n := len(b.packets); n > from {
			e.Packets = b.packets[from:n:n]
			code = code[(n-from)*eventCode:]
		}
		t.Events = append(t.Events, e)
	}
	return t
}

func decodeEvent(c []byte, at int) Event {
	e := Event{
		Q: uint64(at + 1), Kind: EventKind(c[0] & 15), Verb: Verb(c[1] & 63), How: How(c[2] & 3), Side: Side(c[2] >> 2 & 3),
		Flags: Flags(c[2] >> 4 & 3), Refuse: c[2]&64 != 0, Thread: int32(int8(c[3])) % 4, Call: uint32(at), Op: uint32(c[4]), Sock: uint32(c[5]), Port: uint32(c[6]),
		Peer: uint32(c[7]), Into: uint32(c[8] & 7), Status: Status{Code: Code(c[9])}, Token: uint64(c[10]), Key: uint64(c[11]), Len: int(int8(c[12])), N: int(int8(c[13])),
		Addr: decodeAddr(c[14]),
	}
	if n := int(c[15] & 15); c[15] != 0 {
		e.Data = words[c[16]&3][:n:n]
		if n > 2 && c[16]>>2&3 != 0 {
			e.Data = slices.Clone(e.Data)
			e.Data[n/2] = 'a' + c[16]>>2&3
		}
	}
	if c[17] == 255 {
		e.N, e.Len = math.MinInt, math.MaxInt
	}
	return e
}

func decodePacket(c []byte) PacketEvent {
	p := PacketEvent{
		Op: uint32(c[4]), Key: uint64(c[11]), Token: uint64(c[10]), N: int(int8(c[13])), Status: Status{Code: Code(c[9])}, Sock: uint32(c[5]), Guard: Guard(c[2] & 3), Size: -1,
		Addr: decodeAddr(c[14]),
	}
	if p.N >= 0 && c[15] != 0 {
		p.Data = words[c[16]&3][:p.N:p.N]
	}
	return p
}

func decodeAddr(c byte) netip.AddrPort {
	if c == 0 {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, c & 1}), uint16(c))
}
