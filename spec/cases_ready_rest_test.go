package spec

import "fmt"

// What versions 6, 8 and 9 of the contract have new of readiness: waits without a limit, what cannot be so, the end of a stream for those who ask for nothing else, and pollers inside pollers;
// waits that bring one event; what has become of a connect.

const (
	// dialling1 has tried to connect to a far end that listens.
	dialling1 = poller1 + `
c peer-listen c1 @80
main raw s2
main bind s2 @0 -> @1001
main try-connect s2 @80 -> wouldblock
`
	// refused1 has tried to connect to one that does not.
	refused1 = poller1 + `
c peer-listen c1 @80 refuse
main raw s2
main bind s2 @0 -> @1001
main try-connect s2 @80 -> wouldblock
`
)

// seventeen more connects to that far end are tried.
var seventeen = func() (text string) {
	for i := range 17 {
		text += fmt.Sprintf("main raw s%d\nmain try-connect s%d @80 -> wouldblock\n", 20+i, 20+i)
	}
	return text
}()

var goodReadyRest = []sample{
	{name: "RDY-5: an error that was told as in and out is fetched by a send", axes: Axes{"hangups": "folded"}, text: mailed0 + `
main add p1 s1 t7 in
main wait-ready p1 -> t7:in
main try-send s1 "x" -> refused
main wait-ready p1 -> timedout
`},
	{name: "RDY-47: one where one comes at a time", axes: Axes{"packets": "1"}, text: polled1 + `
main add p1 s1 t5 in
main add p1 s2 t7 out
d peer-connect c2 @80
main wait-ready p1 -> t5:in
main wait-ready p1 -> t7:out
`},
	{name: "RDY-41: a wait without a limit ends with an event", text: polled1 + `
main add p1 s2 t7 in
w1> wait-ready p1 forever
main pause since=10
c peer-send c1 "ab"
w1< -> t7:in
`},
	{name: "RDY-42: what has come, and what is over", text: polled1 + `
main add p1 s1 t5 in
d peer-connect c2 @80
main wait-ready p1 -> t5:in
main try-accept s1 -> sock=s3 @1002
main wait-ready p1 -> timedout
main add p1 s2 t7 in out rdhup
main wait-ready p1 -> t7:out
c peer-send c1 "ab"
main wait-ready p1 -> t7:in+out
main try-recv s2 len=4 -> "ab"
main wait-ready p1 -> t7:out
c peer-half-close c1
main wait-ready p1 -> t7:in+out+rdhup
main shutdown s2 side=send
main wait-ready p1 -> t7:in+out+rdhup+hup
`},
	{name: "RDY-42: datagrams", text: mailed0 + `
main add p1 s1 t7 in
d peer-connect c1 net=udp4 @80
d peer-send c1 "x"
main wait-ready p1 -> t7:in
main try-recvfrom s1 len=4 -> "x"
main wait-ready p1 -> timedout
`},
	{name: "RDY-43: our direction is over, and the other is not", text: polled1 + `
main add p1 s2 t7 in out rdhup
main shutdown s2 side=send
main wait-ready p1 -> t7:out
c peer-half-close c1
main wait-ready p1 -> t7:in+out+rdhup+hup
`},
	{name: "RDY-44: the end for those who ask for nothing else", text: polled1 + `
main poller p2
main poller p3
main add p1 s2 t7 rdhup
main add p2 s2 t8 rdhup edge
main add p3 s2 t9 rdhup oneshot
c peer-half-close c1
main wait-ready p1 -> t7:rdhup
main wait-ready p2 -> t8:rdhup
main wait-ready p3 -> t9:rdhup
main pause
main wait-ready p2 -> timedout
main wait-ready p3 -> timedout
main settle
`},
	{name: "RDY-48: a connect that is made", text: dialling1 + `
main add p1 s2 t7 in out
main pause
main wait-ready p1 -> t7:out
main settle
`},
	{name: "RDY-48: one that is refused, told once", text: refused1 + `
main poller p2
main add p1 s2 t7 in out edge
main add p2 s2 t8 out oneshot
main pause
main wait-ready p1 -> t7:in+out+err+hup
main wait-ready p2 -> t8:out+err+hup
w1> wait-ready p1 forever
w2> wait-ready p2 forever
main pause
main settle
`},
	{name: "RDY-45: a poller inside another is closed", text: polled1 + `
main poller p2
main add p2 s2 t7 in
main add p1 into=p2 t8 in
c peer-send c1 "abcd"
main wait-ready p1 -> t8:in
main close-poller p2
main wait-ready p1 -> timedout
`},
	{name: "RDY-46: a poller inside another is readable for what it has to tell", text: polled1 + `
main poller p2
main add p2 s2 t7 in edge
main add p1 into=p2 t8 in
c peer-send c1 "ab"
main pause
main wait-ready p1 -> t8:in
main wait-ready p1 -> t8:in
main wait-ready p2 -> t7:in
main wait-ready p1 -> timedout
main modify p2 s2 t9 in
main pause
main wait-ready p1 -> t8:in
main settle
`},
}

// Each of these looks like what is accused, and has a reason.
var legalReadyRest = []sample{
	{name: "RDY-41: its poller was closed meanwhile", text: polled1 + `
w1> wait-ready p1 forever
main close-poller p1
w1< -> timedout
`},
	{name: "RDY-41: it had a limit", text: polled1 + `
main wait-ready p1 n=5000000 -> timedout
`},
	{name: "RDY-41: a signal ended it", text: polled1 + `
main wait-ready p1 forever -> interrupted
`},
	{name: "RDY-42: what was there was received while the wait was under way", text: polled1 + `
main add p1 s2 t7 in
c peer-send c1 "ab"
w1> wait-ready p1
w2 try-recv s2 len=4 -> "ab"
w1< -> t7:in
`},
	{name: "RDY-42: a receive beside the wait may have been the later one", text: polled1 + `
main add p1 s2 t7 in
c peer-send c1 "ab"
w2> try-recv s2 len=4
w1> wait-ready p1
w2< -> "ab"
w1< -> t7:in
`},
	{name: "RDY-42: a send has not returned", text: polled1 + `
main add p1 s2 t7 in
c> peer-send c1 "ab"
main wait-ready p1 -> t7:in
c<
`},
	{name: "RDY-42: a part was received", text: polled1 + `
main add p1 s2 t7 in
c peer-send c1 "abc"
main try-recv s2 len=2 -> "ab"
main wait-ready p1 -> t7:in
`},
	{name: "RDY-42: an edge may be that of what was received", text: polled1 + `
main add p1 s2 t7 in edge
c peer-send c1 "ab"
main try-recv s2 len=4 -> "ab"
main wait-ready p1 -> t7:in
`},
	{name: "RDY-42: the far end may be about to end", text: polled1 + `
main add p1 s2 t7 in rdhup
c> peer-abort c1
main wait-ready p1 -> t7:in+rdhup+err+hup
c<
`},
	{name: "RDY-42: it is not known whose far end it is", text: poller1 + `
main raw s1
main listen s1 @80 backlog=16
main try-accept s1 -> sock=s2 @1001
main add p1 s2 t7 in rdhup
main wait-ready p1 -> t7:in+rdhup
`},
	{name: "RDY-42: receiving was shut down", text: polled1 + `
main add p1 s2 t7 in rdhup
main shutdown s2 side=receive
main wait-ready p1 -> t7:in+rdhup
`},
	{name: "RDY-42: an accept that has not returned", text: poller1 + `
main raw s1
main listen s1 @80 backlog=16
main add p1 s1 t5 in
c peer-connect c1 @80
w1> wait-ready p1
w2> try-accept s1
w2< -> sock=s2 @1001
w1< -> t5:in
`},
	{name: "RDY-42: another has connected to where the listener is", text: poller1 + `
main raw s9
main bind s9 @0
main raw s1
main listen s1 @80 backlog=16
main add p1 s1 t5 in
main try-connect s9 @80 -> wouldblock
main wait-ready p1 -> t5:in
`},
	{name: "RDY-42: the listener has the address of one that is no more", text: poller1 + `
main raw s9
main listen s9 @80 backlog=16
c> peer-connect c1 @80
main close s9
main raw s1
main listen s1 @80 backlog=16
main add p1 s1 t5 in
main wait-ready p1 -> t5:in
c<
`},
	{name: "RDY-42: a datagram was sent to the port before the socket was there", text: poller1 + `
u peer-bind c1 net=udp4
u peer-send c1 "x" @80
main raw s1 net=udp4
main bind s1 @80 -> @80
main add p1 s1 t7 in
main wait-ready p1 -> t7:in
`},
	{name: "RDY-42: datagrams are received no more, though the shutdown failed", text: mailed0 + `
d peer-connect c1 net=udp4 @80
main shutdown s1 side=receive -> notconnected
main add p1 s1 t7 in
main wait-ready p1 -> t7:in
`},
	{name: "RDY-42: nobody looked for the address, and a datagram was sent", text: poller1 + `
main raw s1 net=udp4
main try-sendto s1 "x" @90 -> n=1
main add p1 s1 t7 in
main wait-ready p1 -> t7:in+err
`},
	{name: "RDY-43: the far end may have closed", text: polled1 + `
main add p1 s2 t7 in rdhup
c peer-half-close c1
main wait-ready p1 -> t7:in+rdhup
c> peer-close c1
main wait-ready p1 -> t7:in+rdhup+hup
c<
`},
	{name: "RDY-43: ours may have been shut down", text: polled1 + `
main add p1 s2 t7 in rdhup
c peer-half-close c1
w1> shutdown s2 side=send
main wait-ready p1 -> t7:in+rdhup+hup
w1<
`},
	{name: "RDY-43: something has gone wrong", text: polled1 + `
main add p1 s2 t7 in rdhup
c peer-half-close c1
main wait-ready p1 -> t7:in+rdhup+hup+err
`},
	{name: "RDY-43: our sending is over, and the far end may be about to end", text: polled1 + `
main add p1 s2 t7 in rdhup
main shutdown s2 side=send
c> peer-half-close c1
main wait-ready p1 -> t7:in+rdhup+hup
c<
`},
	{name: "RDY-44: the end has not been told, and nobody waits", text: polled1 + `
main add p1 s2 t7 rdhup
c peer-half-close c1
main settle
`},
	{name: "RDY-44: the far end has ended its stream, perhaps", text: polled1 + `
main add p1 s2 t7 rdhup
w1> wait-ready p1 forever
c> peer-half-close c1
main pause
main settle
c<
`},
	{name: "RDY-44: it waits behind what there is no room for", text: polled1 + `
main add p1 s2 t7 rdhup
w1> wait-ready p1 forever
c peer-send c1 len=129 -> n=129
c peer-half-close c1
main settle
`},
	{name: "RDY-44: an edge that was told before", text: polled1 + `
main add p1 s2 t7 rdhup edge
c peer-half-close c1
main wait-ready p1 -> t7:rdhup
w1> wait-ready p1 forever
main settle
`},
	{name: "RDY-44: a one-shot that was told, and is not armed", text: polled1 + `
main add p1 s2 t7 rdhup out oneshot
main wait-ready p1 -> t7:out
c peer-half-close c1
w1> wait-ready p1 forever
main settle
`},
	{name: "RDY-44: the wait was one of no time", text: polled1 + `
main add p1 s2 t7 rdhup
c peer-half-close c1
main wait-ready p1 n=0 -> timedout
main settle
`},
	{name: "RDY-44: the wait began before the end", text: polled1 + `
main add p1 s2 t7 rdhup
w1> wait-ready p1
c peer-half-close c1
w1< -> timedout
main settle
`},
	{name: "RDY-48: nobody asked for out", text: dialling1 + `
main add p1 s2 t7 in rdhup
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-48: an edge that was told", text: dialling1 + `
main add p1 s2 t7 out edge
main wait-ready p1 -> t7:out
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-48: a one-shot that was told before", text: poller1 + `
main raw s2
c peer-listen c1 @80
main add p1 s2 t7 out oneshot
main wait-ready p1 -> t7:out+hup
main try-connect s2 @80 -> wouldblock
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-48: nobody waits", text: dialling1 + `
main add p1 s2 t7 out
main pause
main settle
`},
	{name: "RDY-48: the wait was one of no time", text: dialling1 + `
main add p1 s2 t7 out
main pause
main wait-ready p1 n=0 -> timedout
main settle
`},
	{name: "RDY-48: the wait began before the connect had been made", text: dialling1 + `
main add p1 s2 t7 out
main wait-ready p1 -> timedout
main settle
`},
	{name: "RDY-48: what became of it has been asked for", text: refused1 + `
main try-connect s2 @80 -> refused
main add p1 s2 t7 in edge
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-48: a receive was told what became of it", text: refused1 + `
main try-recv s2 len=4 -> refused
main add p1 s2 t7 out oneshot
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-48: a shutdown was tried before", text: poller1 + `
c peer-listen c1 @80
main raw s2
main shutdown s2 side=both -> notconnected
main try-connect s2 @80 -> wouldblock
main add p1 s2 t7 out edge
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-48: the far end has left its address", text: dialling1 + `
main add p1 s2 t7 out
w1> wait-ready p1 forever
c peer-close c1
main pause
main settle
`},
	{name: "RDY-48: the far end listens too late", text: poller1 + `
main raw s2
main bind s2 @0 -> @1001
main try-connect s2 @80 -> wouldblock
c peer-listen c1 @80
main add p1 s2 t7 out
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-48: it is not to be told here", text: dialling1 + `
main add p1 s2 t7 out
w1> wait-ready p1 forever
w2> modify p1 s2 t8 in
main pause
main settle
w2<
`},
	{name: "RDY-48: more connects than the far end has room for", text: dialling1 + `
main add p1 s2 t7 out
w1> wait-ready p1 forever
` + seventeen + `main pause
main settle
`},
	{name: "RDY-45: a wait on it is under way", text: polled1 + `
main poller p2
main add p2 s2 t7 in
main add p1 into=p2 t8 in
c peer-send c1 "abcd"
main try-recv s2 len=4 -> "abcd"
w1> wait-ready p2 forever
main close-poller p2
c peer-send c1 "abcd"
main wait-ready p1 -> t8:in
w1< -> t7:in
main wait-ready p1 -> timedout
`},
	{name: "RDY-45: a modify of what it watches is under way", text: polled1 + `
main poller p2
main add p2 s2 t7 in
main add p1 into=p2 t8 in
c peer-send c1 "abcd"
w1> modify p2 s2 t9 in
main close-poller p2
main wait-ready p1 -> t8:in
w1<
main wait-ready p1 -> timedout
`},
	{name: "RDY-45: the wait began before it was closed", text: polled1 + `
main poller p2
main add p2 s2 t7 in
main add p1 into=p2 t8 in
c peer-send c1 "abcd"
w1> wait-ready p1
main close-poller p2
w1< -> t8:in
`},
	{name: "RDY-45: another has its token", text: polled1 + `
main poller p2
main add p2 s2 t7 in
main add p1 into=p2 t8 in
c peer-send c1 "abcd"
main add p1 s2 t8 in
main close-poller p2
main wait-ready p1 -> t8:in
`},
	{name: "RDY-46: a thread waits inside", text: polled1 + `
main poller p2
main add p2 s2 t7 in edge
main add p1 into=p2 t8 in
w1> wait-ready p1 forever
w2> wait-ready p2 forever
c peer-send c1 "ab"
w2< -> t7:in
main pause
main settle
`},
	{name: "RDY-46: the edge was told", text: polled1 + `
main poller p2
main add p2 s2 t7 in edge
main add p1 into=p2 t8 in
c peer-send c1 "ab"
main wait-ready p2 -> t7:in
main pause
main wait-ready p1 -> timedout
main settle
`},
	{name: "RDY-46: it was received", text: polled1 + `
main poller p2
main add p2 s2 t7 in edge
main add p1 into=p2 t8 in
c peer-send c1 "ab"
main try-recv s2 len=4 -> "ab"
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-46: the outer is edge-triggered, and was told before", text: polled1 + `
main poller p2
main add p2 s2 t7 in edge
main add p1 into=p2 t8 in edge
c peer-send c1 "ab"
main wait-ready p1 -> t8:in
main pause
w1> wait-ready p1 forever
main settle
`},
	{name: "RDY-46: nobody asked for in", text: polled1 + `
main poller p2
main add p2 s2 t7 in
main add p1 into=p2 t8 none
c peer-send c1 "ab"
w1> wait-ready p1 forever
main pause
main settle
`},
}
