package spec

// What breaks the rules of readiness that versions 6, 8 and 9 of the contract have new, each alone.
var doctoredReadyRest = []sample{
	{name: "RDY-47: two where one comes at a time", broken: "RDY-47", axes: Axes{"packets": "1"}, text: polled1 + `
main add p1 s1 t5 in
main add p1 s2 t7 out
d peer-connect c2 @80
main wait-ready p1 -> t5:in; t7:out
`},
	{name: "RDY-41: a wait without a limit runs out of time", broken: "RDY-41", text: polled1 + `
main add p1 s2 t7 in
main wait-ready p1 forever -> timedout
`},
	{name: "RDY-41: what it was woken for is another's by then", broken: "RDY-41", text: polled1 + `
main add p1 s2 t7 in
w1> wait-ready p1 forever
c peer-send c1 "ab"
w2 try-recv s2 len=4 -> "ab"
w1< -> timedout
`},
	{name: "RDY-42: what was received is told of again", broken: "RDY-42", text: polled1 + `
main add p1 s2 t7 in out
c peer-send c1 "ab"
main wait-ready p1 -> t7:in+out
main try-recv s2 len=4 -> "ab"
main wait-ready p1 -> t7:in+out
`},
	{name: "RDY-42: nothing was ever sent", broken: "RDY-42", text: polled1 + `
main add p1 s2 t7 in out edge
main wait-ready p1 -> t7:in+out
`},
	{name: "RDY-42: the end of a stream that has not ended", broken: "RDY-42", text: polled1 + `
main add p1 s2 t7 in rdhup
c peer-send c1 "ab"
main wait-ready p1 -> t7:in+rdhup
`},
	{name: "RDY-42: a hang-up out of nothing", broken: "RDY-42", text: polled1 + `
main add p1 s2 t7 out
main wait-ready p1 -> t7:out+hup
`},
	{name: "RDY-42: an error out of nothing", broken: "RDY-42", text: polled1 + `
main add p1 s2 t7 none
main wait-ready p1 -> t7:err
`},
	{name: "RDY-42: a listener whose connections were all accepted", broken: "RDY-42", text: polled2 + `
main add p1 s1 t5 in
main wait-ready p1 -> t5:in
`},
	{name: "RDY-42: a datagram that was received", broken: "RDY-42", text: mailed0 + `
main add p1 s1 t7 in out
d peer-connect c1 net=udp4 @80
d peer-send c1 "x"
main wait-ready p1 -> t7:in+out
main try-recvfrom s1 len=4 -> "x"
main wait-ready p1 -> t7:in+out
`},
	{name: "RDY-42: nobody has sent a datagram", broken: "RDY-42", text: mailed0 + `
d peer-connect c1 net=udp4 @80
main add p1 s1 t7 in out edge
main wait-ready p1 -> t7:in+out
`},
	{name: "RDY-42: a datagram socket that hangs up", broken: "RDY-42", text: mailed0 + `
main add p1 s1 t7 out
main wait-ready p1 -> t7:out+hup
`},
	{name: "RDY-42: a poller that has never watched anything", broken: "RDY-42", text: poller1 + `
main poller p2
main add p1 into=p2 t8 in
main wait-ready p1 -> t8:in
`},
	{name: "RDY-43: half-closed, and hung up", broken: "RDY-43", text: polled1 + `
main add p1 s2 t7 in rdhup
c peer-half-close c1
main wait-ready p1 -> t7:in+rdhup+hup
`},
	{name: "RDY-43: shut down for sending, and hung up", broken: "RDY-43", text: polled1 + `
main add p1 s2 t7 out
main shutdown s2 side=send
main wait-ready p1 -> t7:out+hup
`},
	{name: "RDY-44: a thread that waits for the end alone is not told", broken: "RDY-44", text: polled1 + `
main add p1 s2 t7 rdhup
w1> wait-ready p1 forever
c peer-half-close c1
main pause
main settle
`},
	{name: "RDY-44: a wait that came later is not told", broken: "RDY-44", text: polled1 + `
main add p1 s2 t7 rdhup oneshot
c peer-half-close c1
main pause
main wait-ready p1 -> timedout
main settle
`},
	{name: "RDY-44: what is there when it is added is not told", broken: "RDY-44", text: polled1 + `
c peer-close c1
main pause
main add p1 s2 t7 rdhup edge
main wait-ready p1 -> timedout
main settle
`},
	{name: "RDY-44: the end behind what was told", broken: "RDY-44", text: polled1 + `
main add p1 s2 t7 rdhup out edge
main wait-ready p1 -> t7:out
c peer-half-close c1
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-48: a thread that waits for its connect is not told", broken: "RDY-48", text: dialling1 + `
main add p1 s2 t7 in out
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-48: a wait that came later is not told", broken: "RDY-48", text: dialling1 + `
main add p1 s2 t7 out oneshot
main pause
main wait-ready p1 -> timedout
main settle
`},
	{name: "RDY-48: an edge that came after what was told before", broken: "RDY-48", text: poller1 + `
main raw s2
c peer-listen c1 @80
main add p1 s2 t7 out edge
main wait-ready p1 -> t7:out+hup
main try-connect s2 @80 -> wouldblock
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-48: a far end has accepted", broken: "RDY-48", text: dialling1 + `
main add p1 s2 t7 out edge
d peer-accept c2 -> @1001
d peer-send c2 "ab"
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-48: the far end has accepted, and goes", broken: "RDY-48", text: dialling1 + `
main add p1 s2 t7 out
d peer-accept c2 -> @1001
w1> wait-ready p1 forever
d peer-abort c2
main pause
main settle
`},
	{name: "RDY-48: a refused connect is not told", broken: "RDY-48", text: refused1 + `
main add p1 s2 t7 in
w1> wait-ready p1 forever
main pause
main settle
`},
	{name: "RDY-45: a poller that is closed is reported by one that watched it", broken: "RDY-45", text: polled1 + `
main poller p2
main add p2 s2 t7 in
main add p1 into=p2 t8 in
c peer-send c1 "abcd"
main wait-ready p1 -> t8:in
main close-poller p2
main wait-ready p1 -> t8:in
`},
	{name: "RDY-45: a wait on it has returned since", broken: "RDY-45", text: polled1 + `
main poller p2
main add p2 s2 t7 in
main add p1 into=p2 t8 in
c peer-send c1 "abcd"
w1> wait-ready p2
main close-poller p2
w1< -> t7:in
main wait-ready p1 -> t8:in
`},
	{name: "RDY-46: a thread waits for an edge inside that comes", broken: "RDY-46", text: polled1 + `
main poller p2
main add p2 s2 t7 in edge
main add p1 into=p2 t8 in
w1> wait-ready p1 forever
c peer-send c1 "ab"
main pause
main settle
`},
	{name: "RDY-46: a wait comes later than an edge inside", broken: "RDY-46", text: polled1 + `
main poller p2
main add p2 s2 t7 in edge
main add p1 into=p2 t8 in
c peer-send c1 "ab"
main pause
main wait-ready p1 -> timedout
main settle
`},
	{name: "RDY-46: it has something level-triggered, and was never reported", broken: "RDY-46", text: polled1 + `
main poller p2
main add p2 s2 t7 in
c peer-send c1 "ab"
main pause
main add p1 into=p2 t8 in oneshot
main wait-ready p1 -> timedout
main settle
`},
}
