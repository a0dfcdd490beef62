package spec

import (
	"strings"
	"testing"
)

// What tries answer, in small traces.
func TestTriesAnswer(t *testing.T) { judgeAsShown(t, asPollers(tries)) }

var tries = []shown{
	{sample: sample{name: "cut short, and nobody is known to have sent", text: mailed0 + "main try-recvfrom s1 len=4 -> truncated n=4\n"}},
	{sample: sample{name: "as much as there was room for, and nobody is known to have sent", text: mailed0 + "main try-recvfrom s1 len=4 -> \"abcd\"\n"}},
	{sample: sample{name: "a receive of no bytes is told of nothing", text: mailed1 + "main try-recvfrom s1 len=0 -> n=0\n"}},
	{sample: sample{name: "a send of no bytes", text: polled1 + "main try-send s2 \"\" -> n=0\n"}},
	{sample: sample{name: "a send of which a byte was taken", text: polled1 + "main try-send s2 \"ab\" -> n=1\n"}, shows: map[string]string{"RDY-37": "a send ×1"}},
	{sample: sample{name: "a receive of no bytes without a connection", text: poller1 + "main raw s1\nmain try-recv s1 len=0 -> n=0\n"}},
	{sample: sample{name: "a send of no bytes without a connection", text: poller1 + "main raw s1\nmain try-send s1 \"\" -> n=0\n"}},
	{sample: sample{name: "a listen without a backlog", text: poller1 + "main raw s1\nmain bind s1 @0 -> @80\nmain listen s1 backlog=0 -> invalid\n"}},
	{sample: sample{name: "a listen with the least backlog fails", broken: "RDY-36", text: poller1 + "main raw s1\nmain bind s1 @0 -> @80\nmain listen s1 backlog=1 -> invalid\n"}},
	{sample: sample{name: "a send after a reset that says that it is not allowed", broken: "RDY-36", text: polled1 + "c peer-abort c1\nmain try-send s2 \"ab\" -> invalid\n"}},
	{sample: sample{name: "a shutdown after a reset may say so", text: polled1 + "c peer-abort c1\nmain shutdown s2 side=send -> invalid\n"}},
	{sample: sample{name: "a receive of datagrams fails", broken: "RDY-36", text: mailed0 + "main try-recvfrom s1 len=4 -> invalid\n"}},
	{sample: sample{name: "a receive of datagrams where a connect was tried", text: mailed0 + "main try-connect s1 @99 -> invalid\nmain try-recvfrom s1 len=4 -> refused\n"}},
	{sample: sample{name: "a datagram of a length that no socket refuses", broken: "RDY-36", text: mailed0 + "main try-sendto s1 len=1024 @81 -> invalid\n"}},
	{sample: sample{name: "a datagram that is longer may be too long", text: mailed0 + "main try-sendto s1 len=1025 @81 -> invalid\n"}},
}

// mailed0 has a socket of datagrams to whom nobody is known to have sent.
const mailed0 = poller1 + `
main raw s1 net=udp4
main bind s1 @0 -> @80
`

// What is said of a fault names what it is about.
func TestWhatIsSaidOfReadiness(t *testing.T) {
	for _, s := range []struct {
		text, broken string
		said         []string
	}{
		{ready1 + "main wait-ready p1 -> t7:in+out\n", "RDY-3", []string{"socket 2 was reported as in out"}},
		{ready1 + "main dup s2 into=s5\nmain add p1 s5 t8 in\nmain wait-ready p1 -> t7:in; t8:in+out\n", "RDY-3", []string{"socket 2 (by its duplicate) was reported as in out"}},
		{polled1 + "c peer-send c1 \"abcd\"\nmain try-recv s2 len=2 -> \"ab\"\nmain try-recv s2 len=3 -> \"abc\"\n", "RDY-37", []string{"brought 3 bytes, 5 with those before", "has sent 4"}},
		{nested1 + "main modify p1 into=p2 t9 in\nmain wait-ready p1 -> t9:in+out\n", "RDY-3 RDY-34", []string{"poller 2 was reported as in out"}},
	} {
		ids, why := brokenBy(NewChecker().Check(build(t, readying.about(), s.text)))
		said := strings.Join(why, "\n")
		if got := strings.Join(ids, " "); got != s.broken {
			t.Errorf("broken: %q, want %q\n%s", got, s.broken, said)
		}
		for _, want := range s.said {
			if !strings.Contains(said, want) {
				t.Errorf("%q does not say %q", said, want)
			}
		}
	}
}

// Nothing of a trace is left when the next is judged, whatever the first was about.
func TestNothingIsLeftOfATraceOfReadiness(t *testing.T) {
	used := NewChecker()
	for _, first := range []string{
		"main poller p1\nmain close-poller p1\n",
		"main raw s1\nmain close s1\n",
		"main raw s1\nmain close s1\nc peer-connect c1 @99\n",
		"main poller p1\nmain close-poller p1\nc peer-connect c1 @99\n",
		"main poller p1\nmain close-poller p1\nmain raw s1\nmain close s1\nc peer-connect c1 @99\nc peer-connect c2 @99\n",
	} {
		used.Check(build(t, readying.about(), first))
		if ids, why := brokenBy(used.Check(build(t, readying.about(), poller1+"main raw s1\nmain add p1 s1 t7 out\nmain wait-ready p1 -> t7:out+hup\n"))); len(ids) > 0 {
			t.Errorf("after %q: %s", first, why[0])
		}
	}
}
