package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"net/netip"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// body returns the lines of a trace behind its header.
func body(t *testing.T, trace *Trace) string {
	t.Helper()
	_, rest, _ := strings.Cut(string(write(t, trace)), "\n")
	return rest
}

// A line has what is not zero, a return what does not follow from its call.
func TestALineHasWhatItNeeds(t *testing.T) {
	call := Event{Q: 1, Kind: CallEvent, Verb: OpenPort, Call: 1, Port: 1}
	ret := Event{Q: 2, Kind: ReturnEvent, Verb: OpenPort, Call: 1}
	other, foreign := ret, ret
	other.Thread, foreign.Verb = 1, Wait
	for _, x := range []struct {
		name    string
		threads []string
		events  []Event
		want    string
	}{
		{"a call and its return", []string{"main"}, []Event{call, ret}, `{"q":1,"e":"call","id":1,"th":"main","do":"port","port":1}` + "\n" + `{"q":2,"e":"ret","id":1,"r":"ok"}`},
		{"a return on another thread", []string{"main", "w"}, []Event{call, other}, `{"q":1,"e":"call","id":1,"th":"main","do":"port","port":1}` + "\n" + `{"q":2,"e":"ret","id":1,"th":"w","do":"port","r":"ok"}`},
		{"the return of another call", []string{"main"}, []Event{call, foreign}, `{"q":1,"e":"call","id":1,"th":"main","do":"port","port":1}` + "\n" + `{"q":2,"e":"ret","id":1,"th":"main","do":"wait","r":"ok"}`},
		{"a return without its call", []string{"main"}, []Event{ret}, `{"q":2,"e":"ret","id":1,"th":"main","do":"port","r":"ok"}`},
		{"an interest, and none", []string{"w"}, []Event{
			{Q: 1, Kind: CallEvent, Verb: AddInterest, Call: 1, Sock: 2, Port: 1, Ask: In | Edge}, {Q: 2, Kind: CallEvent, Verb: RemoveInterest, Call: 2, Sock: 2, Port: 1},
		}, `{"q":1,"e":"call","id":1,"th":"w","do":"add","sock":2,"port":1,"ask":["in","edge"]}` + "\n" + `{"q":2,"e":"call","id":2,"th":"w","do":"remove","sock":2,"port":1}`},
		{"threads of one name", []string{"w", "w", "x"}, []Event{{Q: 1, Kind: PauseEvent, Thread: 1}, {Q: 2, Kind: PauseEvent, Thread: 2}}, `{"q":1,"e":"pause","th":1}` + "\n" + `{"q":2,"e":"pause","th":"x"}`},
		{"threads that are not listed", []string{"w"}, []Event{{Q: 1, Kind: PauseEvent, Thread: 1}, {Q: 2, Kind: PauseEvent, Thread: -1}, {Q: 3, Kind: PauseEvent}}, `{"q":1,"e":"pause","th":1}` + "\n" + `{"q":2,"e":"pause","th":-1}` + "\n" + `{"q":3,"e":"pause","th":"w"}`},
		{"a shutdown of both sides, of the sending side", []string{"w"}, []Event{
			{Q: 1, Kind: CallEvent, Verb: ShutdownSocket, Call: 1, Sock: 2}, {Q: 2, Kind: CallEvent, Verb: ShutdownSocket, Call: 2, Sock: 2, Side: SideSend},
		}, `{"q":1,"e":"call","id":1,"th":"w","do":"shutdown","sock":2}` + "\n" + `{"q":2,"e":"call","id":2,"th":"w","do":"shutdown","sock":2,"side":"send"}`},
	} {
		if got := strings.TrimSpace(body(t, &Trace{Threads: x.threads, Events: x.events})); got != x.want {
			t.Errorf("%s:\n%s\nwant\n%s", x.name, got, x.want)
		}
	}
}

// A string stands in a trace as encoding/json writes it.
func TestStringsAreWrittenAsJSON(t *testing.T) {
	for c := range rune(0x3000) {
		for _, s := range []string{string(c), "a" + string(c) + "z", "\xff"} {
			want, _ := json.Marshal(s)
			if got := quoted(nil, s); string(got) != string(want) {
				t.Errorf("%q is written %s, want %s", s, got, want)
			}
		}
	}
}

// small is a disk that becomes full.
type small struct{ room int }

func (f *small) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, errors.New("no space left")
	}
	return len(b), nil
}

// A trace that is longer than what is written at once is written whole, or the error comes back.
func TestALongTraceIsWrittenWhole(t *testing.T) {
	trace := &Trace{Threads: []string{"main"}, Data: DataNone}
	for q := uint64(1); q <= 8000; q++ {
		trace.Events = append(trace.Events, Event{Q: q, Kind: PauseEvent})
	}
	file := write(t, trace)
	if n := strings.Count(string(file), "\n"); n != 8001 {
		t.Errorf("%d lines, want 8001", n)
	}
	for _, room := range []int{0, 1 << 16, len(file) - 1} {
		if err := WriteTrace(&small{room}, trace); err == nil {
			t.Errorf("of %d bytes %d have room, and nothing is said", len(file), room)
		}
	}
	if err := WriteTrace(&small{len(file)}, trace); err != nil {
		t.Error(err)
	}
}

// Events are brought into the order of their numbers, those of one number left in theirs.
func TestEventsAreSorted(t *testing.T) {
	for _, x := range []struct {
		name string
		q    []uint64
		want []int // which event of those given is where
	}{
		{"none", nil, nil},
		{"in order", []uint64{1, 2, 3}, []int{0, 1, 2}},
		{"the last two the wrong way round", []uint64{1, 3, 2}, []int{0, 2, 1}},
		{"the first two the wrong way round", []uint64{2, 1, 3}, []int{1, 0, 2}},
		{"all the wrong way round", []uint64{3, 2, 1}, []int{2, 1, 0}},
		{"large numbers", []uint64{1 << 63, 5, 1<<63 + 1, 4}, []int{3, 1, 0, 2}},
		{"twice the same", []uint64{7, 3, 7, 3, 1}, []int{4, 1, 3, 0, 2}},
	} {
		trace := &Trace{}
		for i, q := range x.q {
			trace.Events = append(trace.Events, Event{Q: q, N: i})
		}
		trace.Sort()
		for i, e := range trace.Events {
			if e.N != x.want[i] {
				t.Errorf("%s: place %d has event %d, want %d", x.name, i, e.N, x.want[i])
			}
		}
	}
}

// At level pattern a line says whose bytes they are: a far end's go on from send to send, an operation's begin with it.
func TestWhatStandsInTheLinesOfPatterns(t *testing.T) {
	op := func(q uint64, verb Verb, id uint32, b []byte) Event {
		return Event{Q: q, Kind: CallEvent, Verb: verb, Call: id, Sock: 2, Op: id, Len: len(b), Data: b}
	}
	send := func(q uint64, call uint32, b []byte) Event {
		return Event{Q: q, Kind: CallEvent, Verb: PeerSend, Call: call, Peer: 1, Len: len(b), Data: b}
	}
	got := func(q uint64, call uint32, b []byte) Event {
		return Event{Q: q, Kind: ReturnEvent, Verb: Receive, Call: call, Sock: 2, How: Done, N: len(b), Data: b}
	}
	read := func(q uint64, call uint32, b []byte) Event {
		return Event{Q: q, Kind: ReturnEvent, Verb: PeerRead, Call: call, Peer: 1, N: len(b), Data: b}
	}
	trace := &Trace{Threads: []string{"main"}, Data: DataPattern, Events: []Event{
		send(1, 11, patterned(1, 0, 20)),
		send(2, 12, patterned(1, 20, 30)),
		op(3, Send, 5, patterned(5, 0, 40)),
		got(4, 13, patterned(1, 0, 45)),
		read(5, 14, patterned(5, 0, 40)),
		read(6, 15, patterned(6, 0, 9)), // nobody has sent that
		got(7, 16, patterned(1, 45, 5)), // too few to be told
		got(8, 17, []byte{}),
		got(9, 18, nil),
		read(10, 19, patterned(6, 0, 9)), // it was read, and not sent
		got(11, 20, patterned(1, 60, 9)), // the far end has not got so far
	}}
	lines := strings.Split(body(t, trace), "\n")
	for i, want := range []string{
		`"runs":[{"from":"c1","off":0,"n":20}]`,
		`"runs":[{"from":"c1","off":20,"n":30}]`,
		`"runs":[{"from":"o5","off":0,"n":40}]`,
		`"runs":[{"from":"c1","off":0,"n":45}]`,
		`"runs":[{"from":"o5","off":0,"n":40}]`,
		`"runs":[{"raw":"`,
		`"runs":[{"raw":"`,
		`"runs":[]`,
		`"do":"recv","r":"done","sock":2}`,
		`"runs":[{"raw":"`,
		`"runs":[{"raw":"`,
	} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("line %d: %s\nwant %s", i+1, lines[i], want)
		}
	}
}

// Where bytes could be of two far ends, those that a socket has received are of the one whose stream goes on there.
func TestARunGoesOnWhereItsStreamWas(t *testing.T) {
	if !bytes.Equal(patterned(239, 1378, 8), patterned(111, 482, 8)) {
		t.Fatal("these two are alike no more; take others")
	}
	send := func(q uint64, peer uint32) Event {
		return Event{Q: q, Kind: CallEvent, Verb: PeerSend, Call: uint32(q), Peer: peer, Len: 2048, Data: patterned(peer, 0, 2048)}
	}
	call := func(q uint64, sock uint32) Event {
		return Event{Q: q, Kind: CallEvent, Verb: Receive, Call: uint32(q), Sock: sock, Op: uint32(q), Len: 2048}
	}
	got := func(q, call uint64, sock, peer uint32, at uint64, n int) Event {
		return Event{Q: q, Kind: ReturnEvent, Verb: Receive, Call: uint32(call), Sock: sock, How: Done, N: n, Data: patterned(peer, at, n)}
	}
	trace := &Trace{Threads: []string{"main"}, Data: DataPattern, Events: []Event{
		send(1, 111), send(2, 239), call(3, 2), call(4, 3), call(5, 2), call(6, 3),
		got(7, 3, 2, 239, 0, 1378),
		got(8, 4, 3, 111, 0, 482),
		got(9, 5, 0, 239, 1378, 8), // which socket it is, only the call says
		got(10, 6, 3, 111, 482, 8),
	}}
	lines := strings.Split(body(t, trace), "\n")
	for i, want := range map[int]string{8: `"runs":[{"from":"c239","off":1378,"n":8}]`, 9: `"runs":[{"from":"c111","off":482,"n":8}]`} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("%s\nwant %s", lines[i], want)
		}
	}
}

// What a reader of runs, sums, threads and packets refuses.
func TestWhatIsNotReadInALine(t *testing.T) {
	simtest.OneGoroutine(t)
	header := func(level string) string {
		return `{"ioconform":"trace","v":1,"data":"` + level + `","threads":["a","b","b"]}` + "\n"
	}
	call := `{"q":1,"e":"call","id":1,"th":"a","do":"wait","port":1}` + "\n"
	peer := `{"q":1,"e":"call","id":1,"th":"a","do":"peer-send","peer":1,"len":4,`
	for _, x := range []struct{ name, text, want string }{
		{"neither from nor raw", header("pattern") + peer + `"runs":[{"off":0,"n":4}]}`, "a run has either from, off and n, or raw"},
		{"nothing at all", header("pattern") + peer + `"runs":[{}]}`, "a run has either from, off and n, or raw"},
		{"from and raw", header("pattern") + peer + `"runs":[{"from":"c1","raw":"YQ=="}]}`, "a run has either from, off and n, or raw"},
		{"raw with a number", header("pattern") + peer + `"runs":[{"raw":"YQ==","n":3}]}`, "a run has either from, off and n, or raw"},
		{"raw with a place", header("pattern") + peer + `"runs":[{"raw":"YQ==","off":3}]}`, "a run has either from, off and n, or raw"},
		{"too many", header("pattern") + peer + `"runs":[{"from":"c1","off":0,"n":40000000},{"from":"c1","off":0,"n":40000000}]}`, "the runs are of more than 67108864 bytes"},
		{"too many, the last of nobody", header("pattern") + peer + `"runs":[{"from":"c1","off":0,"n":67108864},{"raw":"YQ=="}]}`, "the runs are of more than 67108864 bytes"},
		{"of nobody", header("pattern") + peer + `"runs":[{"from":"x1","off":0,"n":4}]}`, `a run is from an operation or a far end, such as "o9" or "c1"`},
		{"runs at another level", header("bytes") + peer + `"runs":[]}`, "runs belongs to data level pattern, and the header says bytes"},
		{"a sum at another level", header("bytes") + peer + `"sum":"0000000000000001"}`, "a sum belongs to data level sum, and the header says bytes"},
		{"a sum that is none", header("sum") + peer + `"sum":"1fffffffffffffff"}`, "is no sum: 16 hex digits, below 2^61-1, are wanted"},
		{"a short sum", header("sum") + peer + `"sum":"1"}`, "is no sum: 16 hex digits, below 2^61-1, are wanted"},
		{"a thread that is not listed", header("none") + `{"q":1,"e":"pause","th":3}`, "there is no thread 3; the header lists 3"},
		{"an answer that is none", header("none") + call + `{"q":2,"e":"ret","id":1,"r":"maybe"}`, `unknown answer "maybe"`},
		{"a packet without a token", header("none") + call + `{"q":2,"e":"ret","id":1,"r":"ok","packets":[{"st":"ok","n":1}]}`, "a packet needs its token and its status, tok and st"},
		{"a packet without a status", header("none") + call + `{"q":2,"e":"ret","id":1,"r":"ok","packets":[{"tok":"0x1","n":1}]}`, "a packet needs its token and its status, tok and st"},
		{"no number at all", header("none") + `{"q":1,"e":"pause","th":"a","n":-0}`, "minus zero"},
		{"a number that is cut", header("none") + `{"q":1,"e":"pause","th":"a","n":-`, "a whole number is wanted, found the end of the line"},
		{"a sign alone", header("none") + `{"q":1,"e":"pause","th":"a","n":-}`, "a digit is wanted, found '}'"},
		{"a sign and a letter", header("none") + `{"q":1,"e":"pause","th":"a","n":-x}`, "a digit is wanted, found 'x'"},
		{"a sign and what comes before digits", header("none") + `{"q":1,"e":"pause","th":"a","n":-/}`, "a digit is wanted, found '/'"},
		{"a blank byte", header("none") + "{\x7f", `a string is wanted, found byte 0x7f`},
		{"nearly true", header("none") + `{"q":1,"e":"call","id":1,"th":"a","do":"peer-listen","peer":1,"refuse":tru`, "true or false is wanted, found 't'"},
		{"a name that several threads have", header("none") + `{"q":1,"e":"pause","th":"b"}`, "several threads are called \"b\"; give the place in the header's list"},
		{"a port out of nowhere", header("none") + `{"q":1,"e":"pause","th":"a"}` + "\n" + `{"q":2,"e":"call","id":1,"th":"a","do":"wait","port":9}`, "f:3:1: there has been no port 9 so far"},
		{"what a network cannot do", `{"ioconform":"trace","v":1,"net":{"eat":true}}`, "unknown field of net; known are"},
		{"an interest twice", header("none") + `{"q":1,"e":"call","id":1,"th":"a","do":"add","port":1,"ask":["in","out","in"]}`, `"in" stands twice`},
		{"an event of a poller without a token", header("none") + `{"q":1,"e":"ret","id":1,"ready":[{"ev":["in"]}]}`, "an event of a poller needs its token, tok"},
		{"a number beyond 64 bits", header("none") + `{"q":18446744073709551616,"e":"pause","th":"a"}`, "the number is out of range, at most 18446744073709551614 is"},
	} {
		_, err := ReadTrace("f", strings.NewReader(x.text))
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %s", x.name, err, x.want)
		}
	}
	for _, x := range []struct{ name, text string }{
		{"a thread by its place", header("none") + `{"q":1,"e":"pause","th":2}`},
		{"the largest number", header("none") + `{"q":18446744073709551614,"e":"pause","th":"a"}`},
		{"digits behind a sign", header("none") + `{"q":1,"e":"pause","th":"a","n":-1}` + "\n" + `{"q":2,"e":"pause","th":"a","n":-90}`},
		{"the largest sum", header("sum") + `{"q":1,"e":"call","id":1,"th":"a","do":"peer-listen","peer":1}` + "\n" + `{"q":2,"e":"ret","id":1,"r":"ok","sum":"1ffffffffffffffe"}`},
		{"true", header("none") + `{"q":1,"e":"call","id":1,"th":"a","do":"peer-listen","peer":1,"refuse":true}`},
	} {
		if _, err := ReadTrace("f", strings.NewReader(x.text)); err != nil {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	if s := (&scanner{b: []byte(" ")}); s.next() != 0 || s.seen() != "the end of the line" {
		t.Error("of an empty line something is seen")
	} else if s = (&scanner{b: []byte("true")}); !s.truth() || s.err != nil {
		t.Error("true at the end of a line is not read")
	} else if s = (&scanner{b: []byte("tru")[:3:3]}); s.truth() || s.err == nil {
		t.Error("a word that is cut is read")
	} else if s = (&scanner{b: []byte("~ ")}); s.seen() != "'~'" {
		t.Error(s.seen())
	} else if s = (&scanner{b: []byte(" ")}); s.seen() != "' '" {
		t.Error(s.seen())
	}
}

// Sums are below 2^61-1, also where their parts come to just that.
func TestSumsAtTheModulus(t *testing.T) {
	m := new(big.Int).SetUint64(sumModulus)
	for _, x := range []struct{ hi, lo uint64 }{{0, 0}, {0, sumModulus - 1}, {0, sumModulus}, {0, sumModulus + 1}, {0, 2 * sumModulus}, {1, 0}, {1<<58 - 1, 1<<64 - 1}, {1<<57 - 1, 1}} {
		n := new(big.Int).SetUint64(x.hi)
		n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(x.lo)).Mod(n, m)
		if got := sumFold(x.hi, x.lo); got != n.Uint64() {
			t.Errorf("%d·2^64+%d becomes %d, want %d", x.hi, x.lo, got, n)
		}
	}
	one, last, none := Sum(1|sumKnown), Sum(sumModulus-1|sumKnown), SumOf(nil)
	if got := one.Then(last, 0); got != none {
		t.Errorf("1 and the largest: %v, want %v", got, none)
	}
	// The lower half of a product carries once in some two million times.
	b := []byte("\x28\xc6\x38\x18\x50\x49\xcb\xc2\xff\xff\xff\xff\xff\xff\xff\xff")
	if SumOf(b) != slowSum(b) {
		t.Errorf("sum of %x is %v, want %v", b, SumOf(b), slowSum(b))
	}
}

// Nobody looked at bytes that are not there; that there were none is something to be known.
func TestSumsOfWhatNobodyLookedAt(t *testing.T) {
	trace := &Trace{Data: DataBytes, Events: []Event{{Data: nil}, {Data: []byte{}, Addr: netip.AddrPort{}}, {Packets: []PacketEvent{{Data: nil}, {Data: []byte("ab")}}}}}
	c := Resum(trace)
	if c.Events[0].Sum.Known() || c.Events[1].Sum != SumOf(nil) || c.Events[2].Packets[0].Sum.Known() || c.Events[2].Packets[1].Sum != SumOf([]byte("ab")) {
		t.Errorf("%+v", c.Events)
	}
	for _, e := range c.Events {
		if e.Data != nil || len(e.Packets) > 0 && e.Packets[1].Data != nil {
			t.Error("the bytes are still there")
		}
	}
	for _, e := range Forget(trace).Events {
		if e.Sum.Known() || len(e.Packets) > 0 && e.Packets[1].Sum.Known() {
			t.Error("at level none there is a sum")
		}
	}
}
