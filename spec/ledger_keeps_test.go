package spec

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

// brokenWhen returns the rules that a text breaks, after the trace was changed.
func brokenWhen(t *testing.T, about About, text string, change func(*Trace)) string {
	t.Helper()
	trace := build(t, about, text)
	if change != nil {
		change(trace)
	}
	if err := trace.Validate(); err != nil {
		t.Errorf("the trace is malformed: %v", err)
	}
	ids, why := brokenBy(NewChecker().Check(trace))
	if len(why) > 0 {
		t.Log(why[0])
	}
	return strings.Join(ids, " ")
}

// everywhere has the socket listen on every address of the machine.
func everywhere(id uint32) func(*Trace) {
	return func(trace *Trace) {
		for i := range trace.Events {
			if e := &trace.Events[i]; e.Verb == Listen && e.Sock == id && e.Addr.IsValid() {
				e.Addr = netip.AddrPortFrom(netip.IPv4Unspecified(), e.Addr.Port())
			}
		}
	}
}

func TestAListenerOnEveryAddressHasTheConnectionsToEach(t *testing.T) {
	if got := brokenWhen(t, able(), listener+`
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
`, everywhere(1)); got != "" {
		t.Errorf("broken: %q", got)
	}
}

func TestAListenerOnEveryAddressHasTheConnectionsFromBeforeItWasTold(t *testing.T) {
	if got := brokenWhen(t, able(), port1+`
main socket s1
main> listen s1 @80 backlog=16
c peer-connect c1 @80
main<
main associate p1 s1 key=10
main accept s1 o1
main wait p1 -> o1 ok sock=s2 addr=@1001
`, everywhere(1)); got != "" {
		t.Errorf("broken: %q", got)
	}
}

func TestAListenerOnOneAddressHasTheConnectionsToIt(t *testing.T) {
	if got := brokenWhen(t, able(), listener+`
main socket s9
main listen s9 @80 backlog=16
main associate p1 s9 key=90
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
`, everywhere(9)); got != "" {
		t.Errorf("broken: %q", got)
	}
}

// However many sends the far end has yet to read, the next byte is the first one's.
func TestSendsAreFollowedHoweverManyWait(t *testing.T) {
	var b strings.Builder
	b.WriteString(served)
	for i := range streamMost + 2 {
		fmt.Fprintf(&b, "main send s2 o%d \"a\" -> done 1\nmain wait p1 -> o%[1]d ok\n", i+2)
	}
	b.WriteString("c peer-read c1 -> \"X\"\n")
	if got := brokenWhen(t, able(), b.String(), nil); got != "SND-1" {
		t.Errorf("broken: %q, want SND-1", got)
	}
}

// A far end that sent less than it was to is told so late in a stream as well, when what was delivered long ago has been dropped.
func TestAShortSendLateInAStream(t *testing.T) {
	for _, level := range []DataLevel{DataBytes, DataSum} {
		var b strings.Builder
		b.WriteString(served)
		for i := range 6 {
			block := strings.Repeat(string(rune('a'+i)), history)
			fmt.Fprintf(&b, "c peer-send c1 %q\nmain recv s2 o%d len=%d\nmain wait p1 -> o%[2]d ok %[1]q\n", block, i+2, history)
		}
		b.WriteString(`c peer-send c1 "wxyz" -> timedout n=2
main recv s2 o10 len=4
main wait p1 -> o10 ok "wx"
c peer-send c1 "xy"
main recv s2 o11 len=4
main wait p1 -> o11 ok "xy"
`)
		if got := brokenWhen(t, able(), b.String(), func(trace *Trace) {
			if level == DataSum {
				*trace = *Resum(trace)
			}
		}); got != "" {
			t.Errorf("%s: broken: %q", level, got)
		}
	}
}

// A packet whose token several have is that of the operation which it names, else of one that belongs to the port; of posts it is the oldest that
// looks like it.
func TestWhoseAPacketIs(t *testing.T) {
	p1, p2 := &port{id: 1}, &port{id: 2}
	s1, s2 := &sock{id: 1, port: p1}, &sock{id: 2, port: p2}
	first, second := &op{id: 1, verb: Receive, token: 7, sock: s1}, &op{id: 2, verb: Receive, token: 7, sock: s2}
	third := &op{id: 3, verb: Receive, token: 7, sock: s1}
	old, young := &op{verb: Post, token: 7, port: p1, key: 5, length: 1}, &op{verb: Post, token: 7, port: p1, key: 5, length: 1}
	longer := &op{verb: Post, token: 7, port: p1, key: 5, length: 2}
	for _, x := range []struct {
		what string
		list []*op // in the order of their starts
		port *port
		packet
		want *op
	}{
		{"the one at the port", []*op{first, second}, p1, packet{}, first},
		{"the other at the other port", []*op{first, second}, p2, packet{}, second},
		{"the one that is named, at another's port", []*op{first, second}, p1, packet{op: 2}, second},
		{"the older one that is named", []*op{first, third}, p1, packet{op: 1}, first},
		{"the later one that is named", []*op{first, third}, p1, packet{op: 3}, third},
		{"none is named, and both belong to the port", []*op{first, third}, p1, packet{}, third},
		{"one is named that has ended", []*op{second, first}, p2, packet{op: 9}, second},
		{"the oldest post", []*op{old, young}, p1, packet{key: 5, n: 1}, old},
		{"the post that looks like it", []*op{old, longer}, p1, packet{key: 5, n: 2}, longer},
		{"a post, if none looks like it", []*op{old, longer}, p1, packet{key: 5, n: 9}, longer},
		{"an operation beside a post of another port", []*op{first, {verb: Post, token: 7, port: p2}}, p1, packet{}, first},
		{"the latest, if none belongs to the port", []*op{first, third}, p2, packet{}, third},
	} {
		l := newLedger()
		l.byToken.reset()
		for _, o := range x.list {
			o.next = l.byToken.get(7)
			l.byToken.set(7, o)
		}
		if got := l.whose(x.port, &PacketEvent{Token: 7, Op: x.op, Key: x.key, N: x.n}); got != x.want {
			t.Errorf("%s: operation %d, want %d", x.what, got.id, x.want.id)
		}
	}
}

// packet is what a packet says of whose it is.
type packet struct {
	op  uint32
	key uint64
	n   int
}

// A wait on a poller takes whole milliseconds, of which it is never given fewer than it asked for.
func TestTheTimeOfAWaitOnAPollerIsRoundedUp(t *testing.T) {
	for ns, want := range map[int]int{-1: -1, 1: 1, 999_999: 1, 1_000_000: 1, 1_000_001: 2, 2_000_000: 2} {
		if got := (&readyWait{timeout: ns}).ms(); got != want {
			t.Errorf("%d ns are %d ms, want %d", ns, got, want)
		}
	}
}
