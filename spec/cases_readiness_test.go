package spec

import "strings"

var goodReadiness = []sample{
	{name: "level", text: ready1 + `
main wait-ready p1 -> t7:in
main modify p1 s2 t8 in out
main wait-ready p1 -> t8:in+out
main wait-ready p1 -> t8:in+out
main modify p1 s2 t9 out
main wait-ready p1 -> t9:out
main wait-ready p1 -> t9:out
main try-recv s2 len=8 -> "abcd"
main try-recv s2 len=8 -> wouldblock
main modify p1 s2 t10 in
main wait-ready p1 -> timedout
main settle
main end
`},
	{name: "half-closed", text: polled1 + `
main add p1 s2 t7 in
main poller p2
main add p2 s2 t8 in rdhup
c peer-half-close c1
main wait-ready p1 -> t7:in
main wait-ready p2 -> t8:in+rdhup
main try-recv s2 len=4 -> n=0
main wait-ready p1 -> t7:in
main wait-ready p2 -> t8:in+rdhup
main shutdown s2 side=send
main wait-ready p1 -> t7:in+hup
main wait-ready p2 -> t8:in+rdhup+hup
main pause
main settle
`},
	{name: "reset", text: polled1 + `
main add p1 s2 t7 none
c peer-abort c1
main wait-ready p1 -> t7:err+hup
main try-recv s2 len=4 -> reset
main modify p1 s2 t8 in
main wait-ready p1 -> t8:in+hup
main settle
`},
	{name: "waiters", text: polled1 + `
main add p1 s2 t7 in
w1> wait-ready p1 forever
w2> wait-ready p1 forever
main pause since=10
c peer-send c1 "ab"
w1< -> t7:in
w2< -> t7:in
w1 try-recv s2 len=1 -> "a"
w2 try-recv s2 len=1 -> "b"
w2> wait-ready p1
w1 wait-ready p1 -> timedout
w2< -> timedout
main settle
`},
	{name: "waiters, the second finds nothing", text: polled1 + `
main add p1 s2 t7 in
w1> wait-ready p1 forever
w2> wait-ready p1 forever
c peer-send c1 "ab"
w1< -> t7:in
w2< -> t7:in
w1 try-recv s2 len=8 -> "ab"
w2 try-recv s2 len=8 -> wouldblock
main settle
`},
	{name: "what is owed is told", text: polled1 + `
main add p1 s2 t7 in
main add p1 s1 t8 in
main raw s9
c peer-send c1 "ab"
main wait-ready p1 -> t7:in
main settle
main try-recv s2 len=8 -> "ab"
c peer-half-close c1
main wait-ready p1 -> t7:in
main settle
main try-recv s2 len=8 -> n=0
main remove p1 s2
d peer-connect c2 @80
main wait-ready p1 -> t8:in
main settle
`},
	{name: "full, and there is room when all has been received", text: polled1 + `
main add p1 s2 t7 out
main wait-ready p1 -> t7:out
main try-send s2 "abcd" -> n=4
c peer-read c1 len=2 -> "ab"
main pause
main wait-ready p1 -> timedout
c peer-read c1 len=8 -> "cd"
main pause
main wait-ready p1 -> t7:out
main settle
`},
	{name: "edges", text: polled1 + `
main add p1 s2 t7 in edge
main add p1 s1 t8 in edge
c peer-send c1 "a"
main wait-ready p1 -> t7:in
main wait-ready p1 -> timedout
c peer-half-close c1
main wait-ready p1 -> t7:in
d peer-connect c2 @80
main wait-ready p1 -> t8:in
main settle
`},
	{name: "edges for several threads", text: polled1 + `
main add p1 s2 t7 in edge
w1> wait-ready p1 forever
w2> wait-ready p1 forever
c peer-send c1 "a"
w1< -> t7:in
c peer-send c1 "b"
w2< -> t7:in
main modify p1 s2 t8 in edge
w1> wait-ready p1 forever
w2> wait-ready p1
w1< -> t8:in
w2< -> timedout
main modify p1 s2 t9 in edge
main wait-ready p1 -> t9:in
main settle
`},
	{name: "one-shot", text: polled1 + `
main add p1 s2 t7 in oneshot
c peer-send c1 "abcd"
main wait-ready p1 -> t7:in
main wait-ready p1 -> timedout
main modify p1 s2 t8 in oneshot
main wait-ready p1 -> t8:in
main modify p1 s2 t9 in oneshot
w1> wait-ready p1
w2> wait-ready p1
w1< -> t9:in
w2< -> timedout
main remove p1 s2
main wait-ready p1 -> timedout
main settle
`},
	{name: "added when ready", text: ready1 + `
main poller p2
main add p2 s2 t8 in
main wait-ready p2 -> t8:in
main poller p3
main add p3 s2 t9 in edge
main wait-ready p3 -> t9:in
main poller p4
main add p4 s2 t10 in oneshot
main wait-ready p4 -> t10:in
main settle
`},
	{name: "a modify beside a wait", text: ready1 + `
w1> wait-ready p1
main modify p1 s2 t8 in
w1< -> t7:in
main wait-ready p1 -> t8:in
w1> wait-ready p1
main modify p1 s2 t9 in
w1< -> t9:in
`},
	{name: "removed and closed", text: ready1 + `
main remove p1 s2
main wait-ready p1 -> timedout
main remove p1 s2 -> notfound
main modify p1 s2 t8 in -> notfound
main add p1 s2 t9 in
main add p1 s2 t10 in -> inuse
main wait-ready p1 -> t9:in
main close s2
main wait-ready p1 -> timedout
main add p1 s2 t11 in -> closed
main poller p2
main close-poller p2
main wait-ready p2 -> closed
main settle
`},
	{name: "a duplicate", text: ready1 + `
main dup s2 into=s5
main add p1 s5 t8 in
main wait-ready p1 -> t7:in; t8:in
main close s2
main wait-ready p1 -> t7:in; t8:in
main close s5
main wait-ready p1 -> timedout
`},
	{name: "round and round", text: polled2 + `
main add p1 s2 t7 out
main add p1 s3 t8 out
main wait-ready p1 -> t7:out; t8:out
main wait-ready p1 max=1 -> t7:out
main wait-ready p1 max=1 -> t8:out
main wait-ready p1 max=1 -> t7:out
main wait-ready p1 max=1 -> t8:out
`},
	{name: "a refused connect", text: poller1 + `
p peer-listen c9 @99 refuse
main raw s1
main add p1 s1 t7 out
main wait-ready p1 -> t7:out+hup
main try-connect s1 @99 -> wouldblock
main wait-ready p1 -> t7:out+err+hup
main wait-ready p1 -> t7:out+err+hup
main try-connect s1 @99 -> refused
`},
	{name: "exclusive, and the one that was told has gone", text: polled1 + `
main poller p2
main add p1 s2 t7 in exclusive
main add p2 s2 t8 in exclusive
w1> wait-ready p1
c peer-send c1 "abcd"
w1< -> t7:in
main pause
main remove p1 s2
main wait-ready p2 -> timedout
main settle
`},
	{name: "exclusive", text: polled1 + `
main poller p2
main add p1 s1 t7 in exclusive
main add p2 s1 t8 in exclusive
main modify p1 s1 t9 in -> invalid
main add p1 s2 t10 in oneshot exclusive -> invalid
main add p1 s2 t11 in
main modify p1 s2 t12 in exclusive -> invalid
d peer-connect c2 @80
main wait-ready p1 -> t7:in
main settle
main wait-ready p2 -> t8:in
`},
	{name: "a poller in a poller", text: polled1 + `
main poller p2
main add p2 s2 t7 in
main add p1 into=p2 t8 in
c peer-send c1 "abcd"
main wait-ready p1 -> t8:in
main wait-ready p1 -> t8:in
main wait-ready p2 -> t7:in
main try-recv s2 len=8 -> "abcd"
main wait-ready p1 -> timedout
`},
	{name: "a poller that is put into another while a receive is under way", text: polled1 + `
main poller p2
main add p2 s2 t7 in
c peer-send c1 "a"
w1> try-recv s2 len=1
main add p1 into=p2 t8 in
main wait-ready p1 -> t8:in
main wait-ready p1 -> t8:in
w1< -> "a"
main wait-ready p1 -> timedout
`},
	{name: "a wait on a poller that is closed, and another gets its number", text: polled1 + `
c peer-send c1 "a"
w1> wait-ready p1
main close-poller p1
main poller p2
main add p2 s2 t7 in
w1< -> t7:in
main wait-ready p2 -> t7:in
`},
	{name: "an interest set on a poller that is closed, and another gets its number", text: polled1 + `
w1> add p1 s2 t7 out
w2> poller p2
main close-poller p1
w2<
w1<
main wait-ready p2 -> t7:out
`},
	{name: "a poller put into another while it is closed", text: polled1 + `
main poller p2
w1> close-poller p2
main add p1 into=p2 t8 in -> closed
w1<
`},
	{name: "a listener is reported while it is shut down", text: polled1 + `
main add p1 s1 t7 in rdhup
w1> shutdown s1 side=receive
main wait-ready p1 -> t7:in+hup+rdhup
w1<
`},
	{name: "a wait ran out of time while something ready was added", text: polled1 + `
w1> wait-ready p1
main add p1 s2 t7 out
w1< -> timedout
main pause
main settle
`},
	{name: "bytes came after the latest wait", text: polled1 + `
main add p1 s2 t7 in edge
main wait-ready p1 -> timedout
c peer-send c1 "a"
main settle
`},
	{name: "bytes came for which there had been no room", text: polled1 + `
main add p1 s2 t7 in edge
c peer-send c1 "` + strings.Repeat("abcdefgh", 32) + `"
main wait-ready p1 -> t7:in
main wait-ready p1 -> t7:in
main pause
main try-recv s2 len=1 -> "a"
main wait-ready p1 -> t7:in
main wait-ready p1 -> t7:in
`},
	{name: "a poller closed under its waiters", text: polled1 + `
main add p1 s2 t7 in
w1> wait-ready p1
w2> wait-ready p1
main close-poller p1
c peer-send c1 "a"
w1< -> t7:in
w2< -> timedout
`},
	{name: "in and out together", text: polled1 + `
main add p1 s2 t7 in out rdhup edge
main wait-ready p1 -> t7:out
c peer-send c1 "abcd"
main wait-ready p1 -> t7:in+out
c peer-half-close c1
main wait-ready p1 -> t7:in+out+rdhup
`},
}

var doctoredReadiness = []sample{
	{name: "an event of nothing", broken: "RDY-1", text: ready1 + "main wait-ready p1 -> t7:in; t99:in\n"},
	{name: "an old token", broken: "RDY-2", text: ready1 + "main modify p1 s2 t8 in edge oneshot\nmain wait-ready p1 -> t7:in; t8:in\n"},
	{name: "more than was asked for", broken: "RDY-3", text: ready1 + "main wait-ready p1 -> t7:in+out\n"},
	{name: "rdhup, unasked", broken: "RDY-4", text: ready1 + "main wait-ready p1 -> t7:in+rdhup\n"},
	{name: "level, forgotten", broken: "RDY-5", text: ready1 + "main wait-ready p1 -> timedout\n"},
	{name: "a thread that sleeps on", broken: "RDY-6", text: polled1 + `
main add p1 s2 t7 in
w1> wait-ready p1 forever
c peer-send c1 "abcd"
main pause since=16
main settle
`},
	{name: "room again, and a thread that sleeps on", broken: "RDY-6", text: polled1 + `
main try-send s2 "abcd" -> n=4
main add p1 s2 t7 out
w1> wait-ready p1 forever
c peer-read c1 len=8 -> "abcd"
main pause since=16
main pause since=18
main settle
`},
	{name: "the rest of a partial read, forgotten", broken: "RDY-6", text: ready1 + `
main try-recv s2 len=2 -> "ab"
main wait-ready p1 -> timedout
main settle
main settle
`},
	{name: "an edge twice", broken: "RDY-7", text: polled1 + `
main add p1 s2 t7 in edge
c peer-send c1 "a"
main wait-ready p1 -> t7:in
main pause since=16
main wait-ready p1 -> t7:in
main wait-ready p1 -> t7:in
`},
	{name: "an edge for two", broken: "RDY-8", text: polled1 + `
main add p1 s2 t7 in edge
c peer-send c1 "a"
main pause since=14
w1> wait-ready p1 forever
w2> wait-ready p1 forever
w1< -> t7:in
w2< -> t7:in
`},
	{name: "an edge lost", broken: "RDY-9", text: polled1 + `
main add p1 s2 t7 in edge
c peer-send c1 "a"
main wait-ready p1 -> t7:in
c peer-send c1 "b"
main wait-ready p1 -> timedout
main settle
`},
	{name: "a one-shot lost", broken: "RDY-9", text: polled1 + `
main add p1 s2 t7 in oneshot
w1> wait-ready p1 forever
c peer-send c1 "a"
main pause since=16
`},
	{name: "a one-shot twice", broken: "RDY-10", text: polled1 + `
main add p1 s2 t7 in oneshot
c peer-send c1 "abcd"
w1> wait-ready p1 forever
w2> wait-ready p1 forever
w1< -> t7:in
w2< -> t7:in
`},
	{name: "a modify that does not arm", broken: "RDY-11", text: ready1 + "main modify p1 s2 t8 in oneshot\nmain wait-ready p1 -> timedout\n"},
	{name: "ready when it was added, and silent", broken: "RDY-12", text: ready1 + "main poller p2\nmain add p2 s2 t8 in edge\nmain wait-ready p2 -> timedout\n"},
	{name: "removed, and reported", broken: "RDY-13", text: ready1 + "main remove p1 s2\nmain wait-ready p1 -> t7:in\n"},
	{name: "closed, and reported", broken: "RDY-14", text: ready1 + "main close s2\nmain wait-ready p1 -> t7:in\n"},
	{name: "the same again and again", broken: "RDY-16", text: polled2 + `
main add p1 s2 t7 out
main add p1 s3 t8 out
main wait-ready p1 -> t7:out; t8:out
main wait-ready p1 max=1 -> t7:out
main wait-ready p1 max=1 -> t7:out
`},
	{name: "out of time, and it waits on", broken: "RDY-38", text: poller1 + "w1> wait-ready p1 ns=10000000\nmain pause\nmain wait-ready p1 ns=3600000000000 -> timedout\nmain pause\n"},
	{name: "nothing will ever happen again", broken: "RDY-38", text: poller1 + "w1> wait-ready p1 ns=10000000\nmain pause for-good\n"},
	{name: "a wait of a millisecond and one of five", text: poller1 + "w1> wait-ready p1 ns=1000000\nmain pause\nmain wait-ready p1 ns=5000000 -> timedout\nmain pause\nw1< -> timedout\n"},
	{name: "out of time early", broken: "RDY-39", text: poller1 + "main wait-ready p1 ns=10000000 -> timedout early=1\n"},
	{name: "ok without an event", broken: "RDY-17", text: poller1 + "main wait-ready p1 -> x0\n"},
	{name: "the same twice at once", broken: "RDY-17", text: ready1 + "main wait-ready p1 -> t7:in; t7:in\n"},
	{name: "added twice", broken: "RDY-18", text: ready1 + "main add p1 s2 t8 in\n"},
	{name: "two modify at once, and one is told that it is not watched", broken: "RDY-19", text: ready1 + "w1> modify p1 s2 t7 in\nmain modify p1 s2 t7 in -> notfound\nw1< -> ok\n"},
	{name: "a modify beside a remove may come too late", text: ready1 + "w1> remove p1 s2\nmain modify p1 s2 t7 in -> notfound\nw1< -> ok\n"},
	{name: "removed twice", broken: "RDY-19", text: ready1 + "main remove p1 s2\nmain remove p1 s2\n"},
	{name: "a call on what is closed", broken: "RDY-20", text: ready1 + "main close s2\nmain try-recv s2 len=4 -> wouldblock\n"},
	{name: "hung up, and nobody is told", broken: "RDY-21", text: poller1 + "main raw s1\nmain add p1 s1 t7 none\nmain wait-ready p1 -> timedout\n"},
	{name: "the end without in", broken: "RDY-22", text: polled1 + `
main add p1 s2 t7 in rdhup
c peer-half-close c1
main wait-ready p1 -> t7:in+rdhup
main try-recv s2 len=4 -> n=0
main wait-ready p1 -> t7:in
`},
	{name: "both over, and not hung up", broken: "RDY-23", text: polled1 + `
main add p1 s2 t7 in
c peer-half-close c1
main wait-ready p1 -> t7:in
main try-recv s2 len=4 -> n=0
main shutdown s2 side=send
main wait-ready p1 -> t7:in
`},
	{name: "refused, and called writable", broken: "RDY-24", text: poller1 + `
p peer-listen c9 @99 refuse
main raw s1
main try-connect s1 @99 -> wouldblock
main add p1 s1 t7 out
main wait-ready p1 -> t7:out
`},
	{name: "a writable listener", broken: "RDY-25", text: polled1 + "main add p1 s1 t7 in out\nd peer-connect c2 @80\nmain wait-ready p1 -> t7:in+out\n"},
	{name: "exclusive and one-shot", broken: "RDY-32", text: polled1 + "main add p1 s2 t7 in oneshot exclusive\n"},
	{name: "a poller that forgets the one inside", broken: "RDY-34", text: polled1 + `
main poller p2
main add p2 s2 t7 in
main add p1 into=p2 t8 in
c peer-send c1 "abcd"
main wait-ready p1 -> t8:in
main wait-ready p1 -> timedout
`},
	{name: "not connected, and merely writable", broken: "RDY-35", text: poller1 + "main raw s1\nmain add p1 s1 t7 in out\nmain wait-ready p1 -> t7:in+out+hup\n"},
}
