package spec

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ioconform/ioconform/simnet/simtest"
)

var sameAddr = cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })

func write(t testing.TB, trace *Trace) []byte {
	var b bytes.Buffer
	if err := WriteTrace(&b, trace); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every sample is read back as it was written.
func TestSamplesAreReadBackAsTheyWere(t *testing.T) {
	simtest.OneGoroutine(t)
	for i, s := range slices.Concat(goodSamples, legalSamples, goodHandles, doctoredSamples, doctoredHandles) {
		if i%simtest.Every(5) != 0 {
			continue
		}
		trace := build(t, s.about(), s.text)
		file := write(t, trace)
		got, err := ReadTrace(s.name, bytes.NewReader(file))
		if err != nil {
			t.Fatalf("%v\n%s", err, file)
		}
		if diff := cmp.Diff(trace, got, sameAddr); diff != "" {
			t.Fatalf("%s: (-written +read)\n%s", s.name, diff)
		}
	}
}

// Any trace that a recorder can write is read back as it was, whatever the order of its lines.
func TestAnyTraceIsReadBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trace := anyTrace(t)
		if err := trace.Validate(); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := WriteTrace(&b, trace); err != nil {
			t.Fatal(err)
		}
		got, err := ReadTrace("x", bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, b.Bytes())
		}
		if diff := cmp.Diff(trace, got, sameAddr); diff != "" {
			t.Fatalf("(-written +read)\n%s\n%s", diff, b.Bytes())
		}
		lines := strings.SplitAfter(b.String(), "\n")
		body := lines[1 : len(lines)-1]
		rand.New(rand.NewPCG(1, uint64(len(body)))).Shuffle(len(body), func(i, j int) { body[i], body[j] = body[j], body[i] })
		if got, err = ReadTrace("x", strings.NewReader(strings.Join(lines, ""))); err != nil {
			t.Fatalf("shuffled: %v", err)
		}
		if len(trace.Threads) == 0 || trace.Threads[0] != "" {
			if diff := cmp.Diff(trace, got, sameAddr); diff != "" {
				t.Fatalf("shuffled: (-written +read)\n%s", diff)
			}
		}
	})
}

// anyTrace draws a valid trace with wild values in it.
func anyTrace(t *rapid.T) *Trace {
	pick := func(n int, what string) int { return rapid.IntRange(0, n-1).Draw(t, what) }
	wild := rapid.OneOf(rapid.Uint64Range(0, 3), rapid.SampledFrom([]uint64{math.MaxUint64, 1 << 63, 0x7ffe12345678}))
	text := rapid.OneOf(rapid.Just("w"), rapid.String().Filter(func(s string) bool { return !strings.ContainsRune(s, '\uFFFD') }))
	trace := &Trace{
		By:    text.Draw(t, "by"),
		About: About{Name: text.Draw(t, "name"), Version: text.Draw(t, "version"), OS: text.Draw(t, "os"), World: "sim"},
		Data:  rapid.SampledFrom([]DataLevel{DataBytes, DataNone, ""}).Draw(t, "data"),
	}
	if pick(2, "caps") == 1 {
		trace.About.Capabilities = []Capability{CanAccept, CanPost}
		trace.About.Axes = Axes{"fill": "any", "close": "keep"}
	}
	for range 1 + pick(3, "threads") {
		trace.Threads = append(trace.Threads, text.Draw(t, "thread"))
	}
	data := func(n int) []byte {
		if trace.Data != DataBytes || pick(2, "data") == 0 {
			return nil
		}
		return []byte(strings.Repeat("x", n))
	}
	addr := func() netip.AddrPort {
		return rapid.SampledFrom([]netip.AddrPort{{}, netip.MustParseAddrPort("127.0.0.1:80"), netip.MustParseAddrPort("[::1]:65535"), netip.MustParseAddrPort("[fe80::1%eth0]:0")}).Draw(t, "addr")
	}
	status := func() Status {
		s := Status{Code: Code(pick(int(codes), "code")), Space: Space(pick(int(spaces), "space"))}
		if s.Space != NoSpace {
			s.Native = rapid.Int64().Draw(t, "native")
		}
		return s
	}
	q, calls, socks, peers, ops := uint64(0), uint32(0), uint32(0), uint32(0), uint32(0)
	add := func(e Event) {
		q += 1 + uint64(pick(3, "gap"))
		e.Q = q
		trace.Events = append(trace.Events, e)
	}
	open := map[int32]Event{}
	calls++
	add(Event{Kind: CallEvent, Verb: OpenPort, Call: calls, Port: 1, N: -1})
	add(Event{Kind: ReturnEvent, Verb: OpenPort, Call: calls, Port: 1})
	for range pick(20, "events") {
		th := int32(pick(len(trace.Threads), "thread"))
		if c, busy := open[th]; busy {
			e := Event{Kind: ReturnEvent, Verb: c.Verb, Call: c.Call, Thread: th, Sock: c.Sock, Op: c.Op, Peer: c.Peer, Status: status(), Addr: addr()}
			e.N = rapid.IntRange(-3, math.MaxInt>>23).Draw(t, "n")
			if c.Verb.Starts() {
				e.How = How(pick(3, "how"))
				e.NoAddr = !e.Addr.IsValid() && pick(2, "no address") == 1
			}
			if c.Verb == Wait && e.Status.Code == TimedOut {
				e.Early = time.Duration(pick(4, "early"))
			}
			if c.Verb == Wait {
				for range pick(3, "packets") {
					p := PacketEvent{Op: uint32(pick(int(ops)+1, "op")), Key: wild.Draw(t, "key"), Token: wild.Draw(t, "tok"), N: pick(5, "n"), Status: status(), Addr: addr(), Size: pick(3, "size") - 1}
					p.NoAddr = !p.Addr.IsValid() && pick(2, "no address") == 1
					p.Guard = Guard(pick(3, "guard"))
					if p.Guard == GuardBroken {
						p.At = pick(100, "at")
					}
					p.Data = data(p.N)
					if pick(4, "sock") == 0 {
						socks++
						p.Sock = socks
					}
					e.Packets = append(e.Packets, p)
				}
			}
			add(e)
			delete(open, th)
			continue
		}
		calls++
		e := Event{Kind: CallEvent, Call: calls, Thread: th, Token: wild.Draw(t, "tok"), Key: wild.Draw(t, "key"), Len: pick(5, "len"), N: rapid.IntRange(-1, math.MaxInt).Draw(t, "n")}
		switch pick(8, "what") {
		case 0:
			socks++
			e.Verb, e.Sock, e.Net = OpenSocket, socks, Network(pick(4, "net"))
		case 1:
			peers++
			e.Verb, e.Peer, e.Refuse, e.Addr = PeerListen, peers, pick(2, "refuse") == 1, addr()
		case 2:
			if peers > 0 {
				e.Verb, e.Peer, e.Data = PeerSend, peers, data(e.Len)
				break
			}
			fallthrough
		case 3:
			e.Verb, e.Port = Wait, 1
		case 4:
			if socks > 0 {
				ops++
				e.Verb, e.Sock, e.Op, e.Flags, e.Data = Accept+Verb(pick(7, "verb")), socks, ops, Flags(pick(8, "flags")), data(e.Len)
				e.Into = uint32(pick(int(socks)+1, "into"))
				if e.Verb == Accept && pick(2, "args") == 1 {
					e.Args = &AcceptArguments{pick(40, "local") - 1, pick(40, "remote") - 1, AcceptArgument(pick(5, "without"))}
				}
				break
			}
			fallthrough
		case 5:
			e.Verb, e.Port = Post, 1
		case 6:
			if ops > 0 {
				calls--
				kind := []EventKind{EnterEvent, LateEvent, PauseEvent, SettleEvent}[pick(4, "mark")]
				e = Event{Kind: kind, Thread: th, N: pick(9, "n")}
				switch kind {
				case EnterEvent:
					if slices.ContainsFunc(trace.Events, func(x Event) bool { return x.Kind == EnterEvent }) {
						continue
					}
					e.Op, e.Verb, e.Sock = ops, Receive, 1
				case LateEvent:
					e.Op = ops
				case PauseEvent:
					e.Since = q
				}
				add(e)
				continue
			}
			fallthrough
		case 7:
			if socks == 0 {
				e.Verb, e.Port = ClosePort, 1
				break
			}
			e.Verb, e.Sock, e.Side = ShutdownSocket, socks, Side(pick(3, "side"))
			if pick(2, "context") == 1 {
				e.Verb, e.Side, e.Into = UpdateContext, 0, uint32(pick(int(socks)+1, "from"))
			}
		}
		open[th] = e
		add(e)
	}
	return trace
}

const (
	aHeader = `{"ioconform":"trace","v":1,"data":"bytes","threads":["main"]}` + "\n"
	aPort   = `{"q":1,"e":"call","id":1,"th":"main","do":"port","port":1}` + "\n" + `{"q":2,"e":"ret","id":1,"r":"ok"}` + "\n"
)

// What is not a trace is refused, with the place.
func TestWhatIsNoTraceIsRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "f:1:1: the file is empty; a trace begins with a header"},
		{"no header", `{"q":1,"e":"end","th":"main"}`, `f:1:2: unknown field "q" of a header`},
		{"an empty object", `{}`, `f:1:1: this line is no header; a trace begins with {"ioconform":"trace","v":1,…}`},
		{"byte order mark", "\xef\xbb\xbf" + aHeader, "f:1:1: the file begins with a byte order mark; a trace is plain UTF-8"},
		{"binary", "\x7fELF\x02\x01", "f:1:1: '{' is wanted, found byte 0x7f"},
		{"NUL", aHeader + "\x00\x00", "f:2:1: '{' is wanted, found byte 0x00"},
		{"NUL in a string", aHeader + "{\"q\":1,\"e\":\"e\x00d\"}", "f:2:14: byte 0x00 in a string"},
		{"another file", `{"ioconform":"scenario","v":1}`, `f:1:14: this is a "scenario", not a trace`},
		{"version", `{"ioconform":"trace","v":2}`, "f:1:26: version 2 of the format is not supported; 1 is"},
		{"no version", `{"ioconform":"trace"}`, "f:1:1: the header has no version, v"},
		{"order", `{"ioconform":"trace","v":1,"order":"line"}`, `f:1:36: unknown order "line"; known are q and time`},
		{"time without its error", `{"ioconform":"trace","v":1,"order":"time"}`, `f:1:1: a trace with "order":"time" says by how many ns its times may be wrong, eps; others do not`},
		{"data level", `{"ioconform":"trace","v":1,"data":"hash"}`, `f:1:35: unknown data level "hash"; known are none, sum, pattern and bytes`},
		{"capability", `{"ioconform":"trace","v":1,"caps":["fly"]}`, `f:1:36: unknown capability "fly"`},
		{"axis", `{"ioconform":"trace","v":1,"axes":{"colour":"red"}}`, `f:1:36: unknown axis "colour"`},
		{"axis value", `{"ioconform":"trace","v":1,"axes":{"fill":"red"}}`, `f:1:36: axis fill has no value "red"; it has fifo, any`},
		{"world", `{"ioconform":"trace","v":1,"world":"moon"}`, `f:1:1: unknown world "moon"; known are sim and real`},
		{"unknown field", aHeader + `{"q":1,"colour":2}`, `f:2:8: unknown field "colour" of an event`},
		{"a field twice", aHeader + `{"q":1,"q":2}`, `f:2:8: the field "q" comes twice`},
		{"a packet's field", aHeader + `{"q":1,"size":2}`, `f:2:15: unknown field "size" of an event`},
		{"unknown call", aHeader + `{"q":1,"e":"call","id":1,"th":"main","do":"fly"}`, `f:2:43: unknown call "fly"; known are accept, connect`},
		{"unknown event", aHeader + `{"q":1,"e":"flight"}`, `f:2:12: unknown event "flight"; known are call, ret`},
		{"wrong type", aHeader + `{"q":"1"}`, `f:2:6: a whole number is wanted, found '"'`},
		{"fraction", aHeader + `{"q":1.5}`, `f:2:6: a whole number is wanted`},
		{"too large", aHeader + `{"q":99999999999999999999}`, `f:2:6: the number is out of range`},
		{"id too large", aHeader + `{"q":1,"id":4294967296}`, `f:2:13: the number is out of range, at most 4294967295 is`},
		{"not hex", aHeader + `{"q":1,"tok":"7"}`, `f:2:14: a string such as "0x7f"`},
		{"not base64", aHeader + `{"q":1,"data":"!"}`, `f:2:15: this is not base64`},
		{"cut", aHeader + `{"q":1,"e":"ca`, `f:2:15: the string that begins at column 12 has no end`},
		{"more", aHeader + `{"q":1,"e":"end","th":"main"} x`, `f:2:31: nothing more is wanted on this line, found 'x'`},
		{"empty line", aHeader + "\n" + aPort, "f:2:1: the line is empty"},
		{"too long", aHeader + `{"q":1,"e":"` + strings.Repeat("x", lineMost) + `"}`, "f:2:16777216: the line is longer than 16777216 bytes"},
		{"no number", aHeader + `{"e":"end","th":"main"}`, "f:2:1: the event has no number, q"},
		{"no thread", aHeader + `{"q":1,"e":"end"}`, "f:2:1: the event names no thread, th"},
		{"no answer", aHeader + `{"q":1,"e":"call","id":1,"th":"main","do":"port","port":1}` + "\n" + `{"q":2,"e":"ret","id":1}`, "f:3:1: event 2 is a return without an answer, r"},
		{"a start's answer", aHeader + `{"q":1,"e":"call","id":1,"th":"main","do":"port","port":1}` + "\n" + `{"q":2,"e":"ret","id":1,"r":"pending"}`, "f:3:29: this is the answer to a start, not to port"},
		{"no call", aHeader + aPort + `{"q":9,"e":"ret","id":7,"r":"ok"}`, "f:4:1: event 9 is the return of call 7, which was not made before, or has returned"},
		{"returned twice", aHeader + aPort + `{"q":9,"e":"ret","id":1,"r":"ok"}`, "f:4:1: event 9 is the return of call 1"},
		{"a number twice", aHeader + aPort + `{"q":2,"e":"pause","th":"main"}`, "f:4:1: number 2 comes twice"},
		{"bytes and none", `{"ioconform":"trace","v":1,"data":"none"}` + "\n" + `{"q":1,"data":"YQ=="}`, "f:2:15: there are bytes here, and the header says data: none"},
	} {
		_, err := ReadTrace("f", strings.NewReader(c.text))
		var place *SyntaxError
		if !errors.As(err, &place) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := ReadTrace("f", strings.NewReader(aHeader+aPort)); err != nil {
		t.Errorf("this one is a trace: %v", err)
	}
}

func BenchmarkWriteTrace(b *testing.B) {
	trace := echoTrace(2000)
	b.SetBytes(int64(len(write(b, trace))))
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteTrace(new(nowhere), trace); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadTrace(b *testing.B) {
	file := write(b, echoTrace(2000))
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadTrace("x", bytes.NewReader(file)); err != nil {
			b.Fatal(err)
		}
	}
}

type nowhere struct{}

func (*nowhere) Write(b []byte) (int, error) { return len(b), nil }
