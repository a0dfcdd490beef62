package spec

func init() {
	goodReadiness = append(goodReadiness, goodBrought...)
	doctoredReadiness = append(doctoredReadiness, doctoredBrought...)
}

// mailed2 has a datagram from each of two far ends.
const mailed2 = mailed1 + `
e peer-bind c2 net=udp4 -> @82
e peer-send c2 "cd" @80
`

// In the second half something is not certain.
var goodBrought = []sample{
	{name: "RDY-40: bytes, in pieces", text: polled1 + `
c peer-send c1 "abcdef"
main try-recv s2 len=2 -> "ab"
c peer-send c1 "gh"
main try-recv s2 len=8 -> "cdefgh"
`},
	{name: "RDY-40: datagrams, in any order", text: mailed2 + `
main try-recvfrom s1 len=4 -> "cd" @82
main try-recvfrom s1 len=1 -> truncated "a" @81
main try-recvfrom s1 len=4 -> wouldblock
`},
	{name: "RDY-40: a datagram of a socket of our own", text: mailed1 + `
main raw s2 net=udp4
main bind s2 @0 -> @83
main try-sendto s2 "xy" @80 -> n=2
main try-recvfrom s1 len=4 -> "ab" @81
main try-recvfrom s1 len=4 -> "xy" @83
`},
	{name: "RDY-40: a datagram of a socket that a send has bound", text: mailed1 + `
main raw s2 net=udp4
main try-sendto s2 "xy" @80 -> n=2
main try-recvfrom s1 len=4 -> "xy" @99
`},
	{name: "RDY-40: a datagram that the network has doubled", text: mailed1 + `
main net-dup "ab" @80
main try-recvfrom s1 len=4 -> "ab" @81
main try-recvfrom s1 len=4 -> "ab" @81
`},
	{name: "RDY-40: a datagram sent before there was a socket", text: poller1 + `
main raw s1 net=udp4
w1> bind s1 @80
d peer-bind c1 net=udp4 -> @81
d peer-send c1 "ab" @80
w1< -> @80
main try-recvfrom s1 len=4 -> "ab" @81
`},
	{name: "RDY-40: a datagram of a socket that is connected", text: mailed1 + `
main raw s2 net=udp4
main try-connect s2 @80 -> @83
main try-send s2 "xy" -> n=2
main try-recvfrom s1 len=4 -> "xy" @83
`},
	{name: "RDY-40: two receives at once", text: polled1 + `
c peer-send c1 "abcd"
w1> try-recv s2 len=2
w2> try-recv s2 len=2
w1< -> "cd"
w2< -> "ab"
c peer-send c1 "efgh"
main try-recv s2 len=2 -> "ef"
`},
	{name: "RDY-40: two receives at once, by duplicates", text: polled1 + `
main dup s2 into=s5
c peer-send c1 "abcd"
w1> try-recv s2 len=2
w2 try-recv s5 len=2 -> "cd"
w1< -> "ab"
`},
	{name: "RDY-40: behind a send that was cut short", text: polled1 + `
c> peer-send c1 "abcd"
main try-recv s2 len=1 -> "a"
c< -> timedout n=2
c peer-send c1 "xy"
main try-recv s2 len=4 -> "bxy"
`},
	{name: "RDY-40: two sends of a far end at once", text: polled1 + `
c> peer-send c1 "ab"
d peer-send c1 "cd"
c< -> n=2
main try-recv s2 len=4 -> "cdab"
`},
	{name: "RDY-40: received before the far end knows that it is connected", text: poller1 + `
main raw s1
main listen s1 @80 backlog=16
c> peer-connect c1 @80
main try-accept s1 -> sock=s2 @1001
c< -> @1001
c peer-send c1 "ab"
main try-recv s2 len=4 -> "ab"
`},
	{name: "RDY-40: an accept of a far end that does not know its address yet", text: polled1 + `
d> peer-connect c2 @80
main try-accept s1 -> sock=s3 @1002
d< -> @1002
`},
	{name: "RDY-40: an accept of a socket of our own", text: polled1 + `
main raw s3
main bind s3 @0 -> @90
main try-connect s3 @80 -> wouldblock
main try-accept s1 -> sock=s4 @90
`},
	{name: "RDY-40: an accept from somebody whose address is not told", text: polled1 + `
d peer-connect c2 @80
main try-accept s1 -> sock=s3
`},
	{name: "RDY-40: an accept of a far end that was told that it is not connected", text: polled1 + `
d peer-connect c2 @80 -> timedout
main try-accept s1 -> sock=s3 @1002
`},
	{name: "RDY-40: the address of a connection that is over, again", text: polled1 + `
c peer-send c1 "ab"
c peer-close c1
main close s2
d> peer-connect c2 @80
main try-accept s1 -> sock=s3 @1001
d< -> @1001
d peer-send c2 "cd"
main try-recv s3 len=4 -> "cd"
`},
	{name: "RDY-40: the number of a connection that is over, again", text: polled1 + `
w1> close s2
w2> try-recv s2 len=4
d peer-connect c2 @80
main try-accept s1 -> sock=s3 @1002
d peer-send c2 "ab"
w2< -> "ab"
w1<
d peer-send c2 "cd"
main try-recv s3 len=4 -> "cd"
`},
	{name: "RDY-40: half of it is shut down", text: polled1 + `
c peer-send c1 "abcd"
main shutdown s2 side=receive
c peer-send c1 "ef"
main try-recv s2 len=4 -> "ef"
`},
	{name: "RDY-40: reset behind a part", text: polled1 + `
c peer-send c1 "abcd"
main try-recv s2 len=2 -> "ab"
c peer-abort c1
main try-recv s2 len=4 -> reset
`},
}

var doctoredBrought = []sample{
	{name: "a byte that is another", broken: "RDY-40", text: polled1 + "c peer-send c1 \"abcd\"\nmain try-recv s2 len=4 -> \"abxd\"\n"},
	{name: "bytes that come again", broken: "RDY-40", text: polled1 + "c peer-send c1 \"abcd\"\nmain try-recv s2 len=2 -> \"ab\"\nmain try-recv s2 len=2 -> \"ab\"\n"},
	{name: "bytes that were left out", broken: "RDY-40", text: polled1 + "c peer-send c1 \"abcd\"\nmain try-recv s2 len=2 -> \"cd\"\n"},
	{name: "a byte that is another, before the end", broken: "RDY-40", text: polled1 + "c peer-send c1 \"abcd\"\nc peer-half-close c1\nmain try-recv s2 len=4 -> \"abcx\"\n"},
	{name: "the bytes of two connections for each other", broken: "RDY-40", text: polled2 + "c peer-send c1 \"ab\"\nd peer-send c2 \"cd\"\nmain try-recv s2 len=2 -> \"cd\"\n"},
	{name: "a datagram with a byte that is another", broken: "RDY-40", text: mailed1 + "main try-recvfrom s1 len=4 -> \"ax\" @81\n"},
	{name: "a part of a datagram with a byte that is another", broken: "RDY-40", text: mailed1 + "main try-recvfrom s1 len=1 -> truncated \"x\" @81\n"},
	{name: "a datagram from another", broken: "RDY-40", text: mailed2 + "main try-recvfrom s1 len=4 -> \"ab\" @82\n"},
	{name: "a datagram again", broken: "RDY-40", text: mailed2 + "main try-recvfrom s1 len=4 -> \"ab\" @81\nmain try-recvfrom s1 len=4 -> \"ab\" @81\n"},
	{name: "a connection from another", broken: "RDY-40", text: polled1 + "d peer-connect c2 @80\nmain try-accept s1 -> sock=s3 @99\n"},
	{name: "a connection from where the one before came", broken: "RDY-40", text: polled1 + "d peer-connect c2 @80\nmain try-accept s1 -> sock=s3 @1001\n"},
}
