package spec

import (
	"bytes"
	"encoding/binary"
	"math"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzTrace: whatever the file, reading it gives an error or a trace that is valid and is read back as it was.
func FuzzTrace(f *testing.F) {
	for _, s := range slices.Concat(goodSamples, goodHandles, doctoredSamples, doctoredHandles) {
		f.Add(write(f, build(f, s.about(), s.text)))
	}
	f.Add([]byte(aHeader + aPort))
	checker := NewChecker()
	f.Fuzz(func(t *testing.T, file []byte) {
		trace, err := ReadTrace("f", bytes.NewReader(file))
		if err != nil {
			return
		}
		if err := trace.Validate(); err != nil {
			t.Fatalf("it was read, and is malformed: %v", err)
		}
		again, err := ReadTrace("again", bytes.NewReader(write(t, trace)))
		if err != nil {
			t.Fatalf("%v\n%s", err, write(t, trace))
		}
		if diff := cmp.Diff(trace, again, sameAddr); diff != "" {
			t.Fatal(diff)
		}
		checker.Check(trace)
	})
}

// FuzzChecker: no sequence of events makes the checker panic, and the same events give the same judgement again, by a checker that has
// judged others before.
func FuzzChecker(f *testing.F) {
	for _, s := range slices.Concat(goodSamples, legalSamples, goodHandles, doctoredSamples, doctoredHandles) {
		f.Add(encodeEvents(build(f, s.about(), s.text)))
	}
	used := NewChecker()
	f.Fuzz(func(t *testing.T, code []byte) {
		trace := decodeEvents(code)
		trace.Validate()
		a := used.Check(trace).Clone()
		b := NewChecker().Check(trace)
		if len(a.Violations) != len(b.Violations) {
			t.Fatalf("%d violations, then %d", len(a.Violations), len(b.Violations))
		}
		for i := range a.Violations {
			if x, y := a.Violations[i], b.Violations[i]; x.Rule != y.Rule || x.Q != y.Q || x.Said != y.Said {
				t.Fatalf("%s at %d: %s\nthen %s at %d: %s", x.Rule.ID, x.Q, x.Said, y.Rule.ID, y.Q, y.Said)
			}
		}
		if !slices.Equal(a.Counts, b.Counts) {
			t.Fatal("the counts differ")
		}
	})
}

// An event is coded in this many bytes: small numbers, so that events speak of each other.
const eventCode = 20

func decodeEvents(code []byte) *Trace {
	t := &Trace{Data: DataBytes, Threads: []string{"a", "b", "c"}, About: able()}
	if len(code) == 0 {
		return t
	}
	head := code[0]
	code = code[1:]
	if head&1 != 0 {
		t.About.Axes = Axes{"fill": "any", "send": "short", "cancel-scope": "socket", "inline": "skip", "after-cancel": "unspecified"}
	}
	if head&2 != 0 {
		t.About.World, t.Data = "real", DataNone
	}
	for len(code) >= eventCode {
		c := code[:eventCode]
		code = code[eventCode:]
		e := Event{
			Q: uint64(len(t.Events) + 1), Kind: EventKind(c[0] & 15), Verb: Verb(c[1] & 63), How: How(c[2] & 3), Side: Side(c[2] >> 2 & 3),
			Flags: Flags(c[2] >> 4 & 3), Refuse: c[2]&64 != 0, Thread: int32(int8(c[3])), Call: uint32(len(t.Events)), Op: uint32(c[4]), Sock: uint32(c[5]), Port: uint32(c[6]),
			Peer: uint32(c[7]), Into: uint32(c[8] & 7), Status: Status{Code: Code(c[9])}, Token: uint64(c[10]), Key: uint64(c[11]), Len: int(int8(c[12])), N: int(int8(c[13])),
		}
		if c[14] != 0 {
			e.Addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, c[14] & 1}), uint16(c[14]))
		}
		if n := int(c[15] & 15); c[15] != 0 {
			e.Data = bytes.Repeat([]byte{'a' + c[16]&3}, n)
			if n > 2 {
				e.Data[n/2] = 'a' + c[16]>>2&3
			}
		}
		if c[17] == 255 {
			e.N, e.Len = math.MinInt, math.MaxInt
		}
		for i := range min(int(c[18]&3), len(code)/eventCode) {
			p := code[i*eventCode:]
			e.Packets = append(e.Packets, PacketEvent{
				Op: uint32(p[4]), Key: uint64(p[11]), Token: uint64(p[10]), N: int(int8(p[13])), Status: Status{Code: Code(p[9])}, Sock: uint32(p[5]), Guard: Guard(p[2] & 3), Size: -1,
			})
			k := &e.Packets[i]
			if p[14] != 0 {
				k.Addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, p[14] & 1}), uint16(p[14]))
			}
			if k.N >= 0 && p[15] != 0 {
				k.Data = bytes.Repeat([]byte{'a' + p[16]&3}, k.N)
			}
		}
		code = code[len(e.Packets)*eventCode:]
		t.Events = append(t.Events, e)
	}
	return t
}

// encodeEvents codes what it can of a trace, as a seed.
func encodeEvents(t *Trace) []byte {
	code := []byte{0}
	for i := range t.Events {
		e := &t.Events[i]
		c := make([]byte, eventCode)
		c[0], c[1], c[2], c[3] = byte(e.Kind), byte(e.Verb), byte(e.How)|byte(e.Side)<<2|byte(e.Flags)<<4, byte(e.Thread)
		c[4], c[5], c[6], c[7], c[8], c[9] = byte(e.Op), byte(e.Sock), byte(e.Port), byte(e.Peer), byte(e.Into), byte(e.Status.Code)
		c[10], c[11], c[12], c[13] = byte(e.Token), byte(e.Key), byte(e.Len), byte(e.N)
		c[14] = byte(e.Addr.Port())
		if e.Data != nil {
			c[15], c[16] = byte(len(e.Data))|16, 0
		}
		c[18] = byte(len(e.Packets))
		code = append(code, c...)
		for _, p := range e.Packets {
			d := make([]byte, eventCode)
			d[2], d[4], d[5], d[9], d[10], d[11], d[13], d[14] = byte(p.Guard), byte(p.Op), byte(p.Sock), byte(p.Status.Code), byte(p.Token), byte(p.Key), byte(p.N), byte(p.Addr.Port())
			d[15] = 1
			code = append(code, d...)
		}
	}
	return binary.LittleEndian.AppendUint16(code, 0)
}
