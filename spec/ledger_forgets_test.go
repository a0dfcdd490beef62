package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What is over takes no room: the ledger keeps what is in flight, and of what has ended a fixed number, however often it happens.
func TestTheLedgerForgetsWhatIsOver(t *testing.T) {
	for _, x := range []struct {
		what   string
		before string
		round  func(i int) string // i from 10 on
		rounds int
		kept   map[string]int // the most that may be left
	}{
		{"cancels", served, func(i int) string {
			return fmt.Sprintf("main recv s2 o%d len=4\nmain cancel s2 o%[1]d\nmain wait p1 -> o%[1]d aborted\n", i)
		}, 300, map[string]int{"pages of operations": 4, "tokens": 0, "operations": 0}},
		{"connections that are served and closed", listener, func(i int) string {
			return fmt.Sprintf(`main accept s1 o%d
c peer-connect c%[1]d @80
main wait p1 -> o%[1]d ok sock=s%[1]d addr=@%d
main associate p1 s%[1]d key=20
c peer-send c%[1]d "ab"
main recv s%[1]d o%[3]d len=4
main wait p1 -> o%[3]d ok "ab"
main send s%[1]d o%[4]d "xy" -> done 2
main wait p1 -> o%[4]d ok
c peer-read c%[1]d -> "xy"
main close s%[1]d
c peer-read c%[1]d -> ""
c peer-close c%[1]d
`, i, 1000+i, 10_000+i, 20_000+i)
		}, 300, map[string]int{"pages of operations": 4, "sockets": 66, "far ends": 66, "tokens": 0}},
		{"sockets whose far end is not recorded", port1, func(i int) string {
			return fmt.Sprintf("main socket s%d\nmain associate p1 s%[1]d key=20\nmain recv s%[1]d o%[1]d len=4\nmain wait p1 -> o%[1]d ok \"ab\"\nmain close s%[1]d\n", i)
		}, 300, map[string]int{"pages of operations": 80, "sockets": 66}},
		{"duplicates", served, func(i int) string {
			return fmt.Sprintf("main socket s%d\nmain duplicate s%[1]d into=s%d\nmain close s%[1]d\nmain close s%[2]d\n", i, 10_000+i)
		}, 300, map[string]int{"sockets": 68, "further handles": 66, "ranges of numbers": 2}},
		{"far ends that leave before they are accepted", listener, func(i int) string {
			return fmt.Sprintf("c peer-connect c%d @80\nc peer-close c%[1]d\n", i)
		}, 600, map[string]int{"far ends": 256}},
		{"accepted sockets whose far end never told its address", listener + "z> peer-connect c9 @80\n", func(i int) string {
			return fmt.Sprintf(`c peer-connect c%d @80 -> timedout
main accept s1 o%[1]d
main wait p1 -> o%[1]d ok sock=s%[1]d addr=@%d
main close s%[1]d
`, i, 1000+i)
		}, 300, map[string]int{"sockets": 66}},
		{"connects to where nobody listens", listener, func(i int) string {
			return fmt.Sprintf("c peer-connect c%d @%d -> refused\n", i, 2000+i)
		}, 1500, map[string]int{"far ends": 0, "doors": 1030}},
	} {
		var b strings.Builder
		b.WriteString(x.before)
		for i := range x.rounds {
			b.WriteString(x.round(10 + i))
		}
		trace := build(t, able(), b.String())
		if err := trace.Validate(); err != nil {
			t.Errorf("%s: the trace is malformed: %v", x.what, err)
		}
		c := NewChecker()
		if ids, why := brokenBy(c.Check(trace)); len(ids) > 0 {
			t.Errorf("%s: %s", x.what, why[0])
		}
		l := c.ledger
		left := map[string]int{
			"pages of operations": l.opPages.used, "tokens": l.byToken.n, "operations": l.byID.n, "sockets": l.socks.n, "further handles": l.twins.n, "far ends": l.conns.n, "doors": l.doors.n,
			"ranges of numbers": len(l.buried.ranges),
		}
		for what, most := range x.kept {
			if left[what] > most {
				t.Errorf("%s, %d times: %d %s are left, want %d at most", x.what, x.rounds, left[what], what, most)
			}
		}
	}
}

// A closed socket whose far end has not told its address yet is kept until it has, however many are closed meanwhile: what it received is judged then.
func TestASocketIsKeptUntilItsFarEndIsKnown(t *testing.T) {
	var b strings.Builder
	b.WriteString(listener + `
main accept s1 o1
c> peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main associate p1 s2 key=20
main recv s2 o2 len=4
main wait p1 -> o2 ok
main close s2
`)
	for i := range 100 {
		fmt.Fprintf(&b, "main socket s%d\nmain close s%[1]d\n", 10+i)
	}
	b.WriteString("c<\n")
	if got := brokenWhen(t, able(), b.String(), nil); got != "RCV-4" {
		t.Errorf("broken: %q, want RCV-4", got)
	}
}

// A far end that left long ago, before anybody had accepted it, may be accepted yet, when its address has been forgotten.
func TestAConnectionThatWasForgottenMayBeAccepted(t *testing.T) {
	var b strings.Builder
	b.WriteString(port1 + "main socket s1\nmain listen s1 @80 backlog=400\nmain associate p1 s1 key=10\n")
	for i := range 300 {
		fmt.Fprintf(&b, "c peer-connect c%d @80\nc peer-close c%[1]d\n", 1+i)
	}
	b.WriteString("main accept s1 o1\nmain wait p1 -> o1 ok sock=s2 addr=@1001\n")
	if got := brokenWhen(t, able(), b.String(), nil); got != "" {
		t.Errorf("broken: %q", got)
	}
}

// A socket that was closed stays closed, however many are closed after it: what is done with it then is refused.
func TestASocketStaysClosedHoweverManyAreClosedAfterIt(t *testing.T) {
	for _, x := range []struct{ call, portable, windows string }{
		{"recv %s o1 len=4", "refused closed", "refused wsa=10038"},
		{"send %s o1 \"ab\"", "refused closed", "refused wsa=10038"},
		{"connect %s o1 @90", "refused closed", "refused wsa=10038"},
		{"accept %s o1", "refused closed", "refused wsa=10038"},
		{"accept s1 o1 into=%s", "refused closed", "refused wsa=10038"},
		{"disconnect %s o1", "refused closed", "refused wsa=10038"},
		{"cancel-all %s", "closed", "win32=6"},
		{"associate p1 %s key=30", "closed", "win32=6"},
		{"bind %s @0", "closed", "wsa=10038"},
		{"listen %s @81", "closed", "wsa=10038"},
		{"shutdown %s side=send", "closed", "wsa=10038"},
		{"peername %s", "closed", "wsa=10038"},
		{"duplicate %s into=s9", "closed", "wsa=10038"},
		{"close %s", "closed", "wsa=10038"},
	} {
		for _, of := range []string{"s5", "s6"} {
			var b strings.Builder
			b.WriteString(listener + "main socket s5\nmain associate p1 s5 key=20\nmain duplicate s5 into=s6\nmain close s5\nmain close s6\n")
			for i := range 100 {
				fmt.Fprintf(&b, "main socket s%d\nmain close s%[1]d\n", 10+i)
			}
			call := b.String() + "main " + fmt.Sprintf(x.call, of)
			if got := brokenWhen(t, able(), call+" -> "+x.portable+"\n", nil); got != "" {
				t.Errorf("%s: broken: %q", x.call, got)
			}
			win := able()
			win.Capabilities = append(win.Capabilities, CanWin32)
			if got := brokenWhen(t, win, call+" -> "+x.windows+"\n", nil); got != "" {
				t.Errorf("%s on Windows: broken: %q", x.call, got)
			}
		}
	}
}

// One that does not know that it is closed is accused.
func TestASocketThatWasClosedLongAgoDoesNothing(t *testing.T) {
	var b strings.Builder
	b.WriteString(port1 + "main socket s5\nmain close s5\n")
	for i := range 100 {
		fmt.Fprintf(&b, "main socket s%d\nmain close s%[1]d\n", 10+i)
	}
	for call, want := range map[string]string{
		"main recv s5 o1 len=4\nmain wait p1 -> o1 ok \"ab\"\n": "CLS-3",
		"main bind s5 @0\n":            "OPN-13",
		"main shutdown s5 side=send\n": "OPN-13",
	} {
		if got := brokenWhen(t, able(), b.String()+call, nil); got != want {
			t.Errorf("%q: broken: %q, want %q", call, got, want)
		}
	}
}

// Of a thread to which more asynchronous procedure calls were queued than are kept it is not known how many are to run.
func TestThereMayBeMoreAsynchronousProcedureCallsThanAreKept(t *testing.T) {
	var queued, ran strings.Builder
	for i := range apcsMost + 1 {
		fmt.Fprintf(&queued, "main queue-apc t%d\n", 100+i)
		fmt.Fprintf(&ran, "main apc t%d\n", 100+i)
	}
	if got := brokenWhen(t, able(), port1+queued.String()+"main> wait p1 alertable\n"+ran.String()+"main< -> interrupted\n", nil); got != "" {
		t.Errorf("broken: %q", got)
	}
}

// A datagram is no other's like only if none has been forgotten that may be.
func TestADatagramMayLookLikeOneThatWasForgotten(t *testing.T) {
	for n, want := range map[int]string{boxMost: "", 16: "DGM-7"} {
		var b strings.Builder
		b.WriteString(mailbox)
		if n == boxMost {
			b.WriteString("c peer-send c1 \"a\" @80\n")
		}
		for i := range n - 2 {
			fmt.Fprintf(&b, "c peer-send c1 \"x%d\" @80\n", i)
		}
		fmt.Fprintf(&b, `c peer-send c1 "ab" @80
c peer-send c1 "a" @80
main recvfrom s1 o1 len=8
main wait p1 -> o1 ok "a" addr=@1001
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "ab" addr=@1001
`)
		if got := brokenWhen(t, able(), b.String(), nil); got != want {
			t.Errorf("%d datagrams: broken: %q, want %q", n, got, want)
		}
	}
}

// A checker of pollers forgets the addresses of far ends as well, also where nothing else was in the trace.
func TestAFarEndAloneIsForgottenWithItsTrace(t *testing.T) {
	about := readying.about()
	alone := build(t, about, "c peer-connect c1 @80\nc peer-close c1\n")
	served := build(t, about, polled1+"c peer-send c1 \"ab\"\nmain try-recv s2 len=4 -> \"ab\"\n")
	want := NewChecker().Check(served).Clone()
	c := NewChecker()
	c.Check(alone)
	if got := c.Check(served); !slices.Equal(got.Counts, want.Counts) {
		for i, r := range Rules() {
			if got.Counts[i] != want.Counts[i] {
				t.Errorf("%s: %+v after another trace, %+v alone", r.ID, got.Counts[i], want.Counts[i])
			}
		}
	}
}
