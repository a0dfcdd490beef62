package spec

import (
	"strings"
	"testing"
)

// What pollers report, and must, in each state of a file, and what calls on them answer, in small traces.
func TestPollers(t *testing.T) { judgeAsShown(t, asPollers(pollers)) }

// nested1 has a poller, p2, inside p1; it watches s2 once, whose far end has sent.
const nested1 = polled1 + `
main poller p2
main add p2 s2 t7 in oneshot
main add p1 into=p2 t8 in
c peer-send c1 "abcd"
main wait-ready p1 -> t8:in
`

// ringing1 is connecting a socket, s1, to c9, which has accepted.
const ringing1 = poller1 + `
l peer-listen c9 @90
main raw s1
main bind s1 @0 -> @81
main try-connect s1 @90 -> wouldblock
l peer-accept c1 -> @81
`

// inHand has two datagrams of one socket, s1, in the hands of two threads, the first in those of w1.
const inHand = mailed0 + `
main add p1 s1 t7 in
d peer-connect c1 net=udp4 @80
d peer-send c1 "x"
d peer-send c1 "y"
w1 wait-ready p1 -> t7:in
w2 wait-ready p1 -> t7:in
w1 try-recvfrom s1 len=4 -> "x"
w2 try-recvfrom s1 len=4 -> "y"
`

var pollers = []shown{
	{sample: sample{name: "a call that raced with a close may have gone to whoever has the number", text: polled1 + `
d peer-connect c2 @80
w1> close s2
w2> try-accept s1
w2< -> sock=s3 @1002
w2 shutdown s2 side=send
w1<
main try-send s3 "ab" -> shutdown
`}},
	{sample: sample{name: "a poller that could not be opened", text: poller1 + `
main poller p2 -> noresources
main raw s1
main add p2 s1 t7 in -> invalid
`}},
	{sample: sample{name: "a wait takes what the poller inside has to report", text: nested1 + `
w1> wait-ready p2
main wait-ready p1 -> timedout
w1< -> t7:in
main wait-ready p1 -> timedout
`}},
	{sample: sample{name: "a poller that is put into another while it is closed, and a socket gets its number", text: polled1 + `
main poller p2
w1> close-poller p2
w2> add p1 into=p2 t8 in out
w3 raw s3
w1<
w2<
main wait-ready p1 -> t8:out+hup
`}},
	{sample: sample{name: "a poller that is closed while it is put into another, and a socket gets its number", text: polled1 + `
main poller p2
w2> add p1 into=p2 t8 in out
w1> close-poller p2
w3 raw s3
w1<
w2<
main wait-ready p1 -> t8:out+hup
`}},
	{sample: sample{name: "a poller closed beside a wait on another, which goes on", broken: "RDY-3", text: polled1 + `
main poller p2
main add p1 s2 t7 in
w1> wait-ready p1
main close-poller p2
main raw s3
w1< -> t7:out
`}},
	{sample: sample{name: "a try that began before the connect has taken what it met", text: poller1 + `
l peer-listen c9 @99 refuse
main raw s1
w1> try-send s1 "a"
main try-connect s1 @99 -> wouldblock
w1< -> refused
main add p1 s1 t7 out
main wait-ready p1 -> t7:out+hup
`}},
	{sample: sample{name: "a shutdown while the connection is being made", text: poller1 + `
l peer-listen c9 @90
main raw s1
main try-connect s1 @90 -> wouldblock
main shutdown s1 side=both
main add p1 s1 t7 in rdhup
main wait-ready p1 -> t7:hup
main wait-ready p1 -> t7:hup
`}},
	{sample: sample{name: "a shutdown before the connection stands may be lost", text: poller1 + `
l peer-listen c9 @90
main raw s1
main bind s1 @0 -> @81
main try-connect s1 @90 -> wouldblock
main shutdown s1 side=send
l peer-accept c1 -> @81
l peer-send c1 "ab"
main try-recv s1 len=4 -> "ab"
l peer-half-close c1
main try-recv s1 len=4 -> n=0
main add p1 s1 t7 in rdhup
main wait-ready p1 -> t7:in+rdhup
`}},
	{sample: sample{name: "the sending side shut down leaves nothing to receive", text: polled1 + `
main shutdown s2 side=send
main add p1 s2 t7 in rdhup
main wait-ready p1 -> timedout
`}},
	{sample: sample{name: "the receiving side shut down, and not told", broken: "RDY-12", text: polled1 + `
main shutdown s2 side=receive
main add p1 s2 t7 in rdhup
main wait-ready p1 -> timedout
`}},
	{sample: sample{name: "a connection after one that was looked for in vain, and a thread that sleeps on", broken: "RDY-6", text: polled1 + `
main add p1 s1 t7 in
main try-accept s1 -> wouldblock
w1> wait-ready p1 forever
d peer-connect c2 @80
main pause
main settle
`}},
	{sample: sample{name: "two connections from one address, the first of them reset before it was accepted", text: poller1 + `
main raw s1
main listen s1 @80 backlog=16
c peer-connect c1 @80
c peer-abort c1
d peer-connect c2 @80 -> @1001
main try-accept s1 -> sock=s2 @1001
main try-accept s1 -> sock=s3 @1001
main try-recv s2 len=4 -> reset
d peer-send c2 "ab"
main add p1 s2 t7 in oneshot
main wait-ready p1 -> t7:in+hup
main try-recv s2 len=4 -> ""
main add p1 s3 t8 in
main wait-ready p1 -> t8:in
main try-recv s3 len=4 -> "ab"
main settle
`}},
	{sample: sample{name: "three connections from one address, each reset before the next is accepted", text: poller1 + `
main raw s1
main listen s1 @80 backlog=16
c peer-connect c1 @80
c peer-abort c1
d> peer-connect c2 @80
main try-accept s1 -> sock=s2 @1001
main try-accept s1 -> sock=s3 @1001
d< -> @1001
d peer-send c2 "ab"
d peer-abort c2
main try-recv s2 len=4 -> reset
main try-recv s3 len=4 -> "ab"
e peer-connect c3 @80 -> @1001
main try-accept s1 -> sock=s4 @1001
e peer-send c3 "xy"
main try-recv s4 len=4 -> "xy"
main settle
`}},
	{sample: sample{name: "an accept that took a connection with it", text: polled1 + `
main add p1 s1 t7 in
d peer-connect c2 @80
main try-accept s1 -> reset
w1> wait-ready p1 forever
main pause
main settle
`}},
	{sample: sample{name: "as many connections as the backlog has room for, and a thread that sleeps on", broken: "RDY-6", text: poller1 + `
main raw s1
main listen s1 @80 backlog=1
main add p1 s1 t7 in
w1> wait-ready p1 forever
d peer-connect c2 @80
main pause
`}},
	{sample: sample{name: "more connections than the backlog has room for may have been dropped", text: poller1 + `
main raw s1
main listen s1 @80 backlog=1
main add p1 s1 t7 in
w1> wait-ready p1 forever
d peer-connect c2 @80
d peer-connect c3 @80
main pause
`}},
	{sample: sample{name: "an end after bytes, which show that the connect has succeeded", broken: "RDY-22", text: ringing1 + `
l peer-send c1 "ab"
main try-recv s1 len=4 -> "ab"
l peer-half-close c1
main try-recv s1 len=4 -> n=0
main add p1 s1 t7 in out rdhup
main wait-ready p1 -> t7:out
`}},
	{sample: sample{name: "an end of a connection that a second connect has told of", broken: "RDY-22", text: ringing1 + `
main try-connect s1 @90 -> connected
l peer-half-close c1
main try-recv s1 len=4 -> n=0
main add p1 s1 t7 in out rdhup
main wait-ready p1 -> t7:out
`}},
	{sample: sample{name: "removed after two modify at once, added anew, and forgotten", broken: "RDY-5", text: polled1 + `
main add p1 s2 t7 in
w1> modify p1 s2 t8 in
main modify p1 s2 t9 in
w1<
main remove p1 s2
main add p1 s2 t10 in
c peer-send c1 "abcd"
main wait-ready p1 -> t10:in
main wait-ready p1 -> timedout
`}},
	{sample: sample{name: "a remove beside an add may have come later", text: polled1 + `
c peer-send c1 "abcd"
w1> add p1 s2 t8 in
main remove p1 s2
w1<
main wait-ready p1 -> timedout
main settle
`}},
	{sample: sample{name: "a token for two sockets is either's", text: polled2 + `
main add p1 s2 t7 in
main add p1 s3 t7 out
c peer-send c1 "abcd"
main wait-ready p1 -> t7:in; t7:out
`}},
	{sample: sample{name: "the same token again for the same socket, and more than was asked for", broken: "RDY-3", text: ready1 + `
main modify p1 s2 t7 in
main wait-ready p1 -> t7:in+out
`}},
	{sample: sample{name: "a modify queues anew", text: polled2 + `
main add p1 s2 t7 out
main add p1 s3 t8 out
main wait-ready p1 -> t7:out; t8:out
main wait-ready p1 max=1 -> t7:out
main modify p1 s2 t9 out
main wait-ready p1 max=1 -> t9:out
`}},
	{sample: sample{name: "one that was added after the first of two reports has had no turn yet", text: polled2 + `
main add p1 s2 t7 out
main wait-ready p1 max=1 -> t7:out
main add p1 s3 t8 out
main wait-ready p1 max=1 -> t7:out
main wait-ready p1 max=1 -> t8:out
`}},
	{sample: sample{name: "of two waits that do not sleep one may find the other at it", text: ready1 + `
w1> wait-ready p1 ns=0
main wait-ready p1 ns=0 -> timedout
w1< -> t7:in
`}},
	{sample: sample{name: "level, and forgotten by one of two waits", broken: "RDY-5", text: ready1 + `
w1> wait-ready p1
main wait-ready p1 -> timedout
w1< -> t7:in
`}},
	{sample: sample{name: "a thread that sleeps on, on a real machine", world: "real", broken: "RDY-6", text: polled1 + `
main add p1 s2 t7 in
w1> wait-ready p1 forever
c peer-send c1 "abcd"
main pause
main settle
`}},
	{sample: sample{name: "a wait that does not sleep is slow to return on a real machine", world: "real", text: polled1 + `
main add p1 s2 t7 in
w1> wait-ready p1 ns=0
c peer-send c1 "abcd"
main pause
main settle
w1< -> timedout
`}},
	{sample: sample{name: "what another poller told came after the wait", text: polled1 + `
main poller p2
main add p1 s2 t7 in
main add p2 s2 t8 in
c> peer-send c1 "abcd"
main wait-ready p1 -> timedout
c<
main wait-ready p2 -> t8:in
main raw s9
main settle
`}},
	{sample: sample{name: "there was no room for what is owed", text: polled2 + `
main add p1 s2 t7 in
main add p1 s3 t8 in
c peer-send c1 "a"
d peer-send c2 "b"
main wait-ready p1 max=1 -> t7:in
main settle
`}},
	{sample: sample{name: "removed before it was closed, and its duplicate added twice", broken: "RDY-18", text: polled1 + `
main dup s2 into=s5
main add p1 s2 t7 in
main remove p1 s2
main close s2
main add p1 s5 t8 in
main add p1 s5 t9 in
`}},
	{sample: sample{name: "exclusive alone, and forgotten", broken: "RDY-5", text: polled1 + `
main add p1 s2 t7 in exclusive
c peer-send c1 "abcd"
main wait-ready p1 -> t7:in
main wait-ready p1 -> timedout
`}},
	{sample: sample{name: "exclusive beside one that is not, and forgotten", broken: "RDY-5", text: polled1 + `
main poller p2
main add p1 s2 t7 in exclusive
main add p2 s2 t8 out
c peer-send c1 "abcd"
main wait-ready p1 -> t7:in
main wait-ready p1 -> timedout
`}},
	{sample: sample{name: "exclusive beside one that was removed, and forgotten", broken: "RDY-5", text: polled1 + `
main poller p2
main add p1 s2 t7 in exclusive
main add p2 s2 t8 in
main remove p2 s2
c peer-send c1 "abcd"
main wait-ready p1 -> t7:in
main wait-ready p1 -> timedout
`}},
	{sample: sample{name: "exclusive beside one that is being set", text: polled1 + `
main poller p2
main add p1 s2 t7 in exclusive
w1> add p2 s2 t8 in exclusive
c peer-send c1 "abcd"
main wait-ready p1 -> t7:in
main wait-ready p1 -> timedout
w1<
`}},
	// which situations these count as
	{sample: sample{name: "readable once is not yet again", text: ready1}, shows: map[string]string{"RDY-5": "×0"}},
	{sample: sample{name: "readable again", text: ready1 + again}, shows: map[string]string{"RDY-5": "readable ×1"}},
	{sample: sample{name: "readable when it was added is not yet again", text: ready1 + `
main poller p2
main add p2 s2 t8 in
main wait-ready p2 -> t8:in
`}, shows: map[string]string{"RDY-5": "×0", "RDY-12": "level-triggered ×1"}},
	{sample: sample{name: "datagrams dealt with in order", text: inHand + `
w1> wait-ready p1
w2> wait-ready p1
w1< -> timedout
w2< -> timedout
`}, shows: map[string]string{"RDY-26": "two threads had it in hand ×1", "RDY-28": "×0"}},
	{sample: sample{name: "datagrams dealt with out of order", text: inHand + `
w2> wait-ready p1
w1> wait-ready p1
w1< -> timedout
w2< -> timedout
`}, shows: map[string]string{"RDY-28": "dealt with out of order ×1"}},
	{sample: sample{name: "empty datagrams dealt with out of order", text: strings.NewReplacer(`"x"`, `""`, `"y"`, `""`).Replace(inHand) + `
w2> wait-ready p1
w1> wait-ready p1
w1< -> timedout
w2< -> timedout
`}, shows: map[string]string{"RDY-28": "dealt with out of order ×1"}},
	{sample: sample{name: "writable again", text: polled1 + `
main add p1 s2 t7 out
main wait-ready p1 -> t7:out
main wait-ready p1 -> t7:out
`}, shows: map[string]string{"RDY-5": "writable ×1", "RDY-12": "level-triggered ×1"}},
	{sample: sample{name: "added by another poller, and by a duplicate", text: polled1 + `
main poller p2
main add p1 s2 t7 in
main add p2 s2 t8 in
`}, shows: map[string]string{"RDY-18": "not watched | new; watched by another poller ×2"}},
	{sample: sample{name: "added by a duplicate", text: polled1 + `
main dup s2 into=s5
main add p1 s2 t7 in
main add p1 s5 t8 in
`}, shows: map[string]string{"RDY-18": "not watched | new; watched by a duplicate ×2"}},
	{sample: sample{name: "modified, and not watched", text: polled1 + `
main modify p1 s2 t7 in -> notfound
main add p1 s2 t7 in
main modify p1 s2 t8 in
`}, shows: map[string]string{"RDY-19": "modify, not watched; modify ×2"}},
	{sample: sample{name: "removed, and not watched", text: polled1 + `
main remove p1 s2 -> notfound
main add p1 s2 t7 in
main remove p1 s2
`}, shows: map[string]string{"RDY-19": "remove, not watched; remove ×2"}},
	{sample: sample{name: "the end, and rdhup asked for", text: polled1 + `
c peer-half-close c1
main try-recv s2 len=4 -> n=0
main add p1 s2 t7 in rdhup
main wait-ready p1 -> t7:in+rdhup
`}, shows: map[string]string{"RDY-22": "rdhup asked for ×1", "RDY-23": "×0"}},
	{sample: sample{name: "the end, rdhup not asked for", text: polled1 + `
c peer-half-close c1
main try-recv s2 len=4 -> n=0
main add p1 s2 t7 in
main wait-ready p1 -> t7:in
`}, shows: map[string]string{"RDY-22": "not asked for ×1"}},
	{sample: sample{name: "hung up, for both sides have ended", text: polled1 + `
c peer-half-close c1
main try-recv s2 len=4 -> n=0
main shutdown s2 side=send
main add p1 s2 t7 in
main wait-ready p1 -> t7:in+hup
`}, shows: map[string]string{"RDY-23": "both over | ended ×1"}},
	{sample: sample{name: "hung up by a reset", text: polled1 + `
c peer-abort c1
main try-recv s2 len=4 -> reset
main add p1 s2 t7 in
main wait-ready p1 -> t7:in+hup
`}, shows: map[string]string{"RDY-23": "both over | reset ×1"}},
}

// What makes no sense is passed over: calls on pollers of which nothing is known.
func TestCallsOnNoPollerArePassedOver(t *testing.T) {
	for _, text := range []string{
		nested1 + "main wait-ready p9 -> timedout\nmain wait-ready p1 -> t8:in\n",
		nested1 + "main wait-ready p9 -> t8:in\nmain wait-ready p1 -> t8:in\n",
		poller1 + "main poller -> noresources\nmain poller\nmain wait-ready p1 -> timedout\n",
		polled1 + "main add p9 s2 t7 in\nmain modify p9 s2 t7 in\nmain remove p9 s2\nmain close-poller p9\nmain try-recv s2 len=4 -> wouldblock\n",
	} {
		s := asPollers([]shown{{sample: sample{text: text}}})[0]
		if ids, why := brokenBy(NewChecker().Check(build(t, s.about(), s.text))); len(ids) > 0 {
			t.Errorf("%s\n%s", why[0], text)
		}
	}
}
