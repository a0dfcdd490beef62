package spec

// What is tried. These go with the samples of readiness, so that this init has to come before theirs: files are taken in the order of their names.
func init() {
	goodReadiness = append(goodReadiness, goodTries...)
	doctoredReadiness = append(doctoredReadiness, doctoredTries...)
}

// full1 has tried to send until that would have blocked, watched for room.
const full1 = polled1 + `
main add p1 s2 t7 in out edge
main wait-ready p1 -> t7:out
main try-send s2 "abcd" -> n=2
main try-send s2 "cd" -> wouldblock
`

// mailed1 has sent a datagram.
const mailed1 = poller1 + `
main raw s1 net=udp4
main bind s1 @0 -> @80
d peer-bind c1 net=udp4 -> @81
d peer-send c1 "ab" @80
`

// In the second half something may stand in the way.
var goodTries = []sample{
	{name: "RDY-36, RDY-37: a bind, a receive and sends", text: poller1 + `
main raw s1
main bind s1 @0 -> @80
main listen s1 @80 backlog=16
c peer-connect c1 @80
main try-accept s1 -> sock=s2 @1001
c peer-send c1 "abcd"
main try-recv s2 len=4 -> "abcd"
main try-recv s2 len=4 -> wouldblock
main try-send s2 "abcd" -> n=2
c peer-half-close c1
main try-recv s2 len=4 -> n=0
`},
	{name: "RDY-37: a datagram", text: poller1 + `
main raw s1 net=udp4
main bind s1 @0 -> @80
d peer-bind c1 net=udp4 -> @81
main try-sendto s1 "ab" @81 -> n=2
main try-recvfrom s1 len=4 -> wouldblock
`},
	{name: "RDY-9: room is told", text: full1 + `
c peer-read c1 -> "ab"
c peer-read c1 -> timedout
main pause
main wait-ready p1 -> t7:out
main wait-ready p1 -> timedout
`},
	{name: "RDY-9: no room yet, for all that is known", text: full1 + `
c peer-read c1 len=1 -> "a"
main pause
main wait-ready p1 -> timedout
`},
	{name: "RDY-9: room that was told before the send had returned", text: polled1 + `
main add p1 s2 t7 in out edge
main wait-ready p1 -> t7:out
w1> try-send s2 "abcd"
c peer-read c1 -> timedout
main wait-ready p1 -> t7:out
w1< -> wouldblock
c peer-read c1 -> timedout
main pause
main wait-ready p1 -> timedout
`},
	{name: "RDY-36: tries that something stands in the way of", text: polled1 + `
main try-recv s2 len=0 -> invalid
main shutdown s2 side=send
main try-send s2 "ab" -> shutdown
c peer-close c1
main try-recv s2 len=4 -> reset
main raw s3
main bind s3 @81 -> inuse
main try-recv s3 len=4 -> notconnected
main listen s3 backlog=4 -> invalid
main try-accept s3 -> invalid
`},
	{name: "RDY-36: a bind after a datagram that has bound", text: poller1 + `
d peer-bind c1 net=udp4 -> @81
main raw s1 net=udp4
main try-sendto s1 "ab" @81 -> n=2
main bind s1 @0 -> invalid
`},
	{name: "RDY-36: a bind beside a datagram that binds", text: poller1 + `
d peer-bind c1 net=udp4 -> @81
main raw s1 net=udp4
w1> bind s1 @0
main try-sendto s1 "ab" @81 -> n=2
w1< -> invalid
`},
	{name: "RDY-36: a connect to where nobody listens", text: poller1 + `
l peer-listen c9 @99 refuse
main raw s1
main bind s1 @0 -> @80
main try-connect s1 @99 -> refused
`},
}

var doctoredTries = []sample{
	{name: "room is not told", broken: "RDY-9", text: full1 + `
c peer-read c1 -> "ab"
c peer-read c1 -> timedout
main pause
main wait-ready p1 -> timedout
`},
	{name: "room is not told to the thread that waits for it", broken: "RDY-9", text: full1 + `
w1> wait-ready p1 forever
c peer-read c1 -> "ab"
c peer-read c1 -> timedout
main pause
`},
	{name: "room is not told, level-triggered", broken: "RDY-5", text: polled1 + `
main add p1 s2 t7 out
main try-send s2 "abcd" -> wouldblock
c peer-read c1 -> timedout
main pause
main wait-ready p1 -> t7:out
main wait-ready p1 -> timedout
`},
	{name: "rdhup alone", broken: "RDY-22", text: polled1 + `
main add p1 s2 t7 in rdhup
c peer-half-close c1
main wait-ready p1 -> t7:rdhup
`},
	{name: "a receive without a connection", broken: "RDY-36", text: poller1 + "main raw s1\nmain try-recv s1 len=4 -> invalid\n"},
	{name: "a send after the shutdown", broken: "RDY-36", text: polled1 + "main shutdown s2 side=send\nmain try-send s2 \"ab\" -> invalid\n"},
	{name: "a send that succeeds after the shutdown", broken: "RDY-36", text: polled1 + "main shutdown s2 side=send\nmain try-send s2 \"ab\" -> n=2\n"},
	{name: "a connect of what is connected", broken: "RDY-36", text: polled1 + "l peer-listen c9 @99\nmain try-connect s2 @99 -> wouldblock\n"},
	{name: "refused, and told as a mistake", broken: "RDY-36", text: poller1 + "l peer-listen c9 @99 refuse\nmain raw s1\nmain bind s1 @0 -> @80\nmain try-connect s1 @99 -> wouldblock\nmain try-connect s1 @99 -> invalid\n"},
	{name: "added twice, and called a mistake", broken: "RDY-18", text: ready1 + "main add p1 s2 t8 in -> invalid\n"},
	{name: "a datagram that is cut short, and fits", broken: "RDY-37", text: mailed1 + "main try-recvfrom s1 len=4 -> truncated n=2\n"},
	{name: "a datagram that does not fit, and nothing is said", broken: "RDY-37", text: mailed1 + "main try-recvfrom s1 len=1 -> \"a\"\n"},
	{name: "a receive that fails as if there were no connection", broken: "RDY-36", text: polled1 + "main try-recv s2 len=4 -> notconnected\n"},
	{name: "a send that fails as if it had been shut down", broken: "RDY-36", text: polled1 + "main try-send s2 \"ab\" -> shutdown\n"},
	{name: "a bind that fails", broken: "RDY-36", text: poller1 + "main raw s1\nmain bind s1 @0 -> invalid\n"},
	{name: "a listen that fails", broken: "RDY-36", text: poller1 + "main raw s1\nmain bind s1 @0 -> @80\nmain listen s1 backlog=4 -> invalid\n"},
	{name: "an accept that fails", broken: "RDY-36", text: polled1 + "main try-accept s1 -> invalid\n"},
	{name: "a connect that fails", broken: "RDY-36", text: poller1 + "l peer-listen c9 @99\nmain raw s1\nmain bind s1 @0 -> @80\nmain try-connect s1 @99 -> invalid\n"},
	{name: "a datagram that is refused", broken: "RDY-36", text: poller1 + "main raw s1 net=udp4\nmain bind s1 @0 -> @80\nd peer-bind c1 net=udp4 -> @81\nmain try-sendto s1 \"ab\" @81 -> invalid\n"},
	{name: "a receive after a reset that says that it is not allowed", broken: "RDY-36", text: polled1 + "c peer-abort c1\nmain try-recv s2 len=4 -> invalid\n"},
	{name: "an accept that brings nothing", broken: "RDY-37", text: poller1 + "main raw s1\nmain listen s1 @80 backlog=16\nc peer-connect c1 @80\nmain try-accept s1 -> @1001\n"},
	{name: "nothing there, and called the end", broken: "RDY-37", text: polled1 + "main try-recv s2 len=4 -> n=0\n"},
	{name: "more than was sent", broken: "RDY-37", text: polled1 + "c peer-send c1 \"ab\"\nmain try-recv s2 len=4 -> n=3\n"},
	{name: "a send that takes nothing", broken: "RDY-37", text: polled1 + "main try-send s2 \"ab\" -> n=0\n"},
	{name: "a datagram that is sent in part", broken: "RDY-37", text: poller1 + "main raw s1 net=udp4\nmain bind s1 @0 -> @80\nd peer-bind c1 net=udp4 -> @81\nmain try-sendto s1 \"ab\" @81 -> n=0\n"},
}
