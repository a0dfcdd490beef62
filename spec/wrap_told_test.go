package spec

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// puppet is a back end that does what it is told: answer starts, fill their buffers, hand out packets.
type puppet struct {
	answer  Result
	fills   string // what the next start, or wait, writes into buf
	buf     []byte
	packets []Packet
	n       int
	status  Status
	made    []*puppetSocket
	none    bool // it makes no sockets
}

type puppetSocket struct {
	Socket
	b *puppet
}

func (b *puppet) Port(int) (Port, Status) { return puppetPort{b}, Status{} }
func (b *puppet) Close() error            { return nil }

func (b *puppet) Socket(Network) (Socket, Status) {
	if b.none {
		return nil, Is(NoResources)
	}
	s := &puppetSocket{b: b}
	b.made = append(b.made, s)
	return s, Status{}
}

type puppetPort struct{ b *puppet }

func (p puppetPort) Associate(Socket, uint64) Status { return Status{} }
func (p puppetPort) Close() Status                   { return Status{} }
func (p puppetPort) Post(uint64, uint64, int) Status { return Status{} }
func (p puppetPort) Wait(dst []Packet, _ time.Duration) (int, Status) {
	copy(p.b.buf, p.b.fills)
	copy(dst, p.b.packets)
	return p.b.n, p.b.status
}

func (s *puppetSocket) Local() (netip.AddrPort, Status) { return at("4711"), Status{} }
func (s *puppetSocket) SkipOnSuccess() Status           { return Status{} }
func (s *puppetSocket) Start(op *Op) Result {
	if s.b.buf = op.Buf; s.b.answer.How == Done {
		copy(op.Buf, s.b.fills)
	}
	return s.b.answer
}

// What a start returned, and what its packet brought, stands in the trace with the bytes that the back end says, where it can be meant.
func TestWhatAWrapperWritesOfAnOperation(t *testing.T) {
	ok, full := Status{}, []byte("........")
	for _, x := range []struct {
		name    string
		op      Op
		skips   bool // on success
		answer  Result
		fills   string
		packet  Packet
		started string // how, bytes, address; "" and what is not there is left out
		brought string // bytes, guard, address; - if no packet came
	}{
		{"a receive", Op{Kind: Receive, Buf: full[:4]}, false, Result{How: Pending}, "ab", Packet{N: 2, Status: ok}, "pending", `"ab" intact`},
		{"a receive that fills its buffer", Op{Kind: Receive, Buf: full[:4]}, false, Result{How: Pending}, "abcd", Packet{N: 4, Status: ok}, "pending", `"abcd" intact`},
		{"a receive of nothing", Op{Kind: Receive, Buf: full[:4]}, false, Result{How: Pending}, "", Packet{N: 0, Status: ok}, "pending", `"" intact`},
		{"a receive that writes too much", Op{Kind: Receive, Buf: full[:4]}, false, Result{How: Pending}, "abc", Packet{N: 1, Status: ok}, "pending", `"a" broken at 1`},
		{"a receive that says more than its buffer holds", Op{Kind: Receive, Buf: full[:4]}, false, Result{How: Pending}, "abcd", Packet{N: 5, Status: ok}, "pending", ""},
		{"a receive that says less than nothing", Op{Kind: Receive, Buf: full[:4]}, false, Result{How: Pending}, "", Packet{N: -1, Status: ok}, "pending", ""},
		{"a receive without a buffer", Op{Kind: Receive}, false, Result{How: Pending}, "", Packet{N: 0, Status: ok}, "pending", ""},
		{"a receive that is done, and has a packet", Op{Kind: Receive, Buf: full[:4]}, false, Result{How: Done, N: 2}, "ab", Packet{N: 2, Status: ok}, `done "ab"`, `"ab" intact`},
		{"a receive that is done and fills its buffer", Op{Kind: Receive, Buf: full[:4]}, true, Result{How: Done, N: 4}, "abcd", Packet{}, `done "abcd"`, "-"},
		{"a receive that is done with nothing", Op{Kind: Receive, Buf: full[:4]}, true, Result{How: Done, N: 0}, "", Packet{}, `done ""`, "-"},
		{"a receive that is done with more than it holds", Op{Kind: Receive, Buf: full[:4]}, true, Result{How: Done, N: 5}, "abcd", Packet{}, "done", "-"},
		{"a receive that is done with less than nothing", Op{Kind: Receive, Buf: full[:4]}, true, Result{How: Done, N: -1}, "", Packet{}, "done", "-"},
		{"a receive-from that is done", Op{Kind: ReceiveFrom, Buf: full[:4]}, true, Result{How: Done, N: 2, From: at("81")}, "ab", Packet{}, `done "ab" @81`, "-"},
		{"a receive-from that says from where", Op{Kind: ReceiveFrom, Buf: full[:4]}, false, Result{How: Pending}, "ab", Packet{N: 2, From: at("81"), Status: ok}, "pending", `"ab" intact @81`},
		{"a receive-from that does not", Op{Kind: ReceiveFrom, Buf: full[:4]}, false, Result{How: Pending}, "ab", Packet{N: 2, Status: ok}, "pending", `"ab" intact @none`},
		{"a receive-from that fails", Op{Kind: ReceiveFrom, Buf: full[:4]}, false, Result{How: Pending}, "", Packet{Status: Is(Aborted)}, "pending", `"" intact`},
		{"an accept that does not say from where", Op{Kind: Accept}, false, Result{How: Pending}, "", Packet{Status: ok}, "pending", "@none"},
		{"a receive that is refused", Op{Kind: Receive, Buf: full[:4]}, false, Result{How: RefusedAtStart, N: 2, Status: Is(Invalid)}, "", Packet{}, "refused", "-"},
		{"a send", Op{Kind: Send, Buf: []byte("abcd")}, false, Result{How: Pending}, "", Packet{N: 4, Status: ok}, "pending", ""},
		{"a send that is done", Op{Kind: Send, Buf: []byte("abcd")}, true, Result{How: Done, N: 4}, "", Packet{}, "done", "-"},
		{"a send-to", Op{Kind: SendTo, Buf: []byte("abcd"), To: at("81")}, false, Result{How: Pending}, "", Packet{N: 4, Status: ok}, "pending @4711", ""},
		{"a send-to that is refused", Op{Kind: SendTo, Buf: []byte("abcd"), To: at("81")}, false, Result{How: RefusedAtStart, Status: Is(Invalid)}, "", Packet{}, "refused", "-"},
		{"a connect", Op{Kind: Connect, To: at("81"), Buf: []byte("abcd")}, false, Result{How: Pending}, "", Packet{N: 4, Status: ok}, "pending", "@4711"},
		{"a connect that fails", Op{Kind: Connect, To: at("81"), Buf: []byte("abcd")}, false, Result{How: Pending}, "", Packet{Status: Is(Refused)}, "pending", ""},
	} {
		for _, guard := range []bool{true, false} {
			b := &puppet{answer: x.answer, fills: x.fills, status: ok}
			w := Wrap(b, WrapOptions{About: able(), Data: DataBytes, Guard: guard})
			p, _ := w.Port(0)
			s, _ := w.Socket(TCP4)
			if x.skips {
				s.SkipOnSuccess()
			}
			op, sent := x.op, string(x.op.Buf)
			op.Token, op.Buf = 7, bytes.Clone(op.Buf)
			s.Start(&op)
			if x.brought != "-" {
				x.packet.Token = 7
				b.packets, b.n = []Packet{x.packet}, 1
				p.Wait(make([]Packet, 4), 0)
			}
			if op.Kind.gives() || op.Kind == Connect {
				if string(op.Buf) != sent {
					t.Errorf("%s: what was to be sent has become %q", x.name, op.Buf)
				}
			}
			var started, brought string
			events := w.Trace().Events
			for i, e := range events {
				switch {
				case e.Verb == op.Kind && e.Kind == ReturnEvent:
					started = strings.TrimSpace(e.How.String() + data(e.Data) + where(e.Addr))
				case len(e.Packets) == 1:
					k := e.Packets[0]
					brought = strings.TrimSpace(data(k.Data) + map[Guard]string{GuardIntact: " intact", GuardBroken: fmt.Sprintf(" broken at %d", k.At)}[k.Guard] + where(k.Addr) + map[bool]string{true: " @none"}[k.NoAddr])
					if k.Op != events[i-3].Op {
						t.Errorf("%s: the packet is of operation %d", x.name, k.Op)
					}
				}
			}
			want := strings.TrimPrefix(x.brought, "-")
			if !guard {
				want, _, _ = strings.Cut(strings.Replace(want, " intact", "", 1), " broken")
			}
			if started != x.started || brought != want {
				t.Errorf("%s, guard %v: started %s, want %s; brought %s, want %s", x.name, guard, started, x.started, brought, want)
			}
		}
	}
}

func data(b []byte) string {
	if b == nil {
		return ""
	}
	return fmt.Sprintf(" %q", b)
}

func where(a netip.AddrPort) string {
	if !a.IsValid() {
		return ""
	}
	return fmt.Sprintf(" @%d", a.Port())
}

// A wrapper gives the program its own sockets, and the back end the back end's; a socket that an accept made is known from then on.
func TestWrappingGivesEachItsSockets(t *testing.T) {
	b := &puppet{}
	w := Wrap(b, WrapOptions{About: able()})
	p, _ := w.Port(0)
	listener, _ := w.Socket(TCP4)
	into, _ := w.Socket(TCP4)
	op := &Op{Kind: Accept, Token: 7, Into: into}
	listener.Start(op)
	if op.Into != b.made[1] {
		t.Error("the back end is asked to accept into a socket that is not its own")
	}
	dst := make([]Packet, 1)
	b.packets, b.n = []Packet{{Token: 7, Sock: b.made[1]}}, 1
	p.Wait(dst, 0)
	if op.Into != into || dst[0].Sock != into {
		t.Error("the program has a socket that is not its own")
	}
	listener.Start(&Op{Kind: Accept, Token: 8})
	fresh := &puppetSocket{b: b}
	b.packets = []Packet{{Token: 8, Sock: fresh}}
	p.Wait(dst, 0)
	first := dst[0].Sock
	if first == Socket(fresh) || first == into {
		t.Error("the program has a socket that is not its own")
	}
	b.answer = Result{How: RefusedAtStart, Status: Is(Invalid)}
	op = &Op{Kind: Accept, Token: 9, Into: first}
	if listener.Start(op); op.Into != first {
		t.Error("of an accept that was refused the back end's socket is left")
	}
	// Of a socket that nobody could make there is none to wrap.
	b.none = true
	if s, st := w.Socket(TCP4); s != nil || st.Code != NoResources {
		t.Errorf("a socket that was not made: %v, %v", s, st)
	}
	if err := w.Trace().Validate(); err != nil {
		t.Error(err)
	}
}

// A packet of a token with which something was posted while its operation was outstanding may be either's.
func TestWrappingTellsPostsFromPackets(t *testing.T) {
	b := &puppet{}
	w := Wrap(b, WrapOptions{About: able()})
	p, _ := w.Port(0)
	s, _ := w.Socket(TCP4)
	s.Start(&Op{Kind: Receive, Token: 7, Buf: make([]byte, 4)})
	p.Post(1, 7, 0)
	b.packets, b.n = []Packet{{Token: 7}}, 1
	dst := make([]Packet, 1)
	for range 3 {
		p.Wait(dst, 0)
	}
	var ops []uint32
	for _, e := range w.Trace().Events {
		for _, k := range e.Packets {
			ops = append(ops, k.Op)
		}
	}
	if diff := cmp.Diff(ops, []uint32{0, 1, 0}); diff != "" {
		t.Errorf("operations of the packets: %s", diff)
	}
}

// A back end that says it brought more packets than there was room for, or fewer than none, is written down with what it said.
func TestWrappingDoesNotTrustANumberOfPackets(t *testing.T) {
	for _, x := range []struct{ n, told int }{{0, 0}, {1, 1}, {2, 2}, {3, 0}, {-1, 0}} {
		for _, out := range []bool{false, true} {
			var file bytes.Buffer
			o := WrapOptions{About: able()}
			if out {
				o.Out = &file
			}
			b := &puppet{packets: []Packet{{Token: 7}, {Token: 8}}, n: x.n}
			w := Wrap(b, o)
			p, _ := w.Port(0)
			for range 2 { // a lane's room for packets is used again
				if n, _ := p.Wait(make([]Packet, 2), 0); n != x.n {
					t.Errorf("%d packets have become %d", x.n, n)
				}
			}
			if err := w.End(); err != nil {
				t.Fatal(err)
			}
			trace := w.Trace()
			if out {
				back, err := ReadTrace("f", &file)
				if err != nil {
					t.Fatal(err)
				}
				trace = back
			}
			waits := 0
			for _, e := range trace.Events {
				if e.Verb == Wait && e.Kind == ReturnEvent {
					if waits++; e.N != x.n || len(e.Packets) != x.told {
						t.Errorf("a wait for %d packets is told with %d and has %d", x.n, e.N, len(e.Packets))
					}
				}
			}
			if waits != 2 {
				t.Errorf("%d waits", waits)
			}
		}
	}
}

// pieces notes how a trace comes.
type pieces []int

func (p *pieces) Write(b []byte) (int, error) { *p = append(*p, len(b)); return len(b), nil }

// A trace that is written as it grows comes in pieces of some size; what a lane has kept comes with a flush, and nothing where there is nothing.
func TestATraceThatGrowsComesInPieces(t *testing.T) {
	var p pieces
	w := Wrap(&puppet{status: Is(TimedOut)}, WrapOptions{About: able(), Out: &p})
	port, _ := w.Port(0)
	for range 4000 {
		port.Wait(nil, 0)
	}
	if len(p) < 4 {
		t.Fatalf("the trace has come in %d pieces", len(p))
	}
	for _, n := range p[1:] {
		if n < flushAt || n > 2*flushAt {
			t.Errorf("a piece of %d bytes", n)
		}
	}
	n := len(p)
	if err := w.Flush(); err != nil || len(p) != n+1 {
		t.Errorf("a flush writes %d pieces: %v", len(p)-n, err)
	}
	if err := w.Flush(); err != nil || len(p) != n+1 {
		t.Errorf("a flush of nothing writes %d pieces: %v", len(p)-n-1, err)
	}
}

// A wait is recorded with its time in milliseconds, as everywhere: in a simulated world one of an hour shows that everything has come to rest, and one that is negative is for ever.
func TestAWrapperWritesTheTimeOfAWaitInMilliseconds(t *testing.T) {
	w := Wrap(&puppet{status: Is(TimedOut)}, WrapOptions{About: able()})
	p, _ := w.Port(1)
	var told []int
	for _, d := range []time.Duration{-1, 0, time.Microsecond, 5 * time.Millisecond, 3 * time.Hour} {
		p.Wait(make([]Packet, 1), d)
	}
	for _, e := range w.Trace().Events {
		if e.Kind == CallEvent && e.Verb == Wait {
			told = append(told, e.N)
		}
	}
	if diff := cmp.Diff([]int{-1, 0, 1, 5, 3 * 3600_000}, told); diff != "" {
		t.Error(diff)
	}
}
