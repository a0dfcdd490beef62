package spec

import (
	"strings"
	"testing"
)

// What may be reported of something edge-triggered, how often, and what of it is owed, in small traces of back ends of readiness.
func TestEdges(t *testing.T) { judgeAsShown(t, asPollers(edges)) }

// readying is what samples have in common that are of back ends of readiness.
var readying = sample{can: []Capability{CanPoll, CanAccept, CanConnect, CanDatagram, CanExclusive, CanNest}}

func asPollers(samples []shown) []shown {
	for i := range samples {
		samples[i].can = readying.can
	}
	return samples
}

const (
	// edge1 has been reported as readable, edge-triggered, and nothing more is on its way.
	edge1 = polled1 + `
main add p1 s2 t7 in edge
c peer-send c1 "a"
main wait-ready p1 -> t7:in
main pause
`
	// mail1 has a socket of datagrams, s1 at @80, watched edge-triggered.
	mail1 = poller1 + `
main raw s1 net=udp4
main bind s1 @0 -> @80
main add p1 s1 t7 in edge
`
	again  = "main wait-ready p1 -> t7:in\n"
	twice  = again + again
	thrice = twice + again
)

var edges = []shown{
	{sample: sample{name: "once more for a send, and again", broken: "RDY-7", text: edge1 + `
main try-send s2 "x" -> n=1
` + twice}},
	{sample: sample{name: "an error for each datagram that goes nowhere", text: mail1 + `
main try-sendto s1 "ab" @99 -> n=2
main wait-ready p1 -> t7:err
main try-sendto s1 "ab" @99 -> n=2
main wait-ready p1 -> t7:err
`}},
	{sample: sample{name: "an event for each datagram from another socket", text: mail1 + `
main raw s2 net=udp4
main bind s2 @0 -> @81
main try-sendto s2 "ab" @80 -> n=2
main wait-ready p1 -> t7:in
main try-sendto s2 "ab" @80 -> n=2
main wait-ready p1 -> t7:in
`}},
	{sample: sample{name: "more events than datagrams from another socket", broken: "RDY-7", text: mail1 + `
main raw s2 net=udp4
main bind s2 @0 -> @81
main try-sendto s2 "ab" @80 -> n=2
` + thrice}},
	{sample: sample{name: "an event for each datagram of a far end", text: mail1 + `
d peer-bind c1 net=udp4 -> @81
d peer-send c1 "ab" @80
main wait-ready p1 -> t7:in
d peer-send c1 "ab" @80
main wait-ready p1 -> t7:in
`}},
	{sample: sample{name: "a datagram that is on its way during a pause comes after it", text: mail1 + `
d peer-connect c1 net=udp4 @80
d peer-send c1 "x"
d> peer-send c1 "y"
main pause
main wait-ready p1 -> t7:in
d<
main wait-ready p1 -> t7:in
`}},
	{sample: sample{name: "that the far end has the end of the stream is told when it reads", text: edge1 + `
main shutdown s2 side=send
c peer-read c1 len=4 -> timedout
main pause
main wait-ready p1 -> t7:in
c peer-read c1 len=4 -> n=0
main wait-ready p1 -> t7:in
`}},
	{sample: sample{name: "a read of no bytes is no end of the stream", text: edge1 + `
main shutdown s2 side=send
c peer-read c1 len=0 -> n=0
main pause
main wait-ready p1 -> t7:in
c peer-read c1 len=4 -> n=0
main wait-ready p1 -> t7:in
`}},
	{sample: sample{name: "nothing is told of an end that was read long ago", broken: "RDY-7", text: edge1 + `
main shutdown s2 side=send
c peer-read c1 len=4 -> n=0
main pause
` + twice}},
	{sample: sample{name: "nothing is told of an end once the far end has found a reset", broken: "RDY-7", text: edge1 + `
main shutdown s2 side=send
c peer-read c1 len=4 -> reset
main pause
` + twice}},
	{sample: sample{name: "a far end that reads bytes, and not the end, may still read that", text: edge1 + `
main try-send s2 "ab" -> n=2
main shutdown s2 side=send
c peer-read c1 len=4 -> "ab"
main pause
main wait-ready p1 -> t7:in
c peer-read c1 len=4 -> n=0
main wait-ready p1 -> t7:in
`}},
	{sample: sample{name: "the receiving side shut down is told to nobody later", broken: "RDY-7", text: edge1 + `
main shutdown s2 side=receive
main pause
` + twice}},
	{sample: sample{name: "as often as it was set, and once more", broken: "RDY-7", text: polled1 + `
main add p1 s2 t7 in edge
c peer-send c1 "a"
` + twice + `
main modify p1 s2 t7 in edge
` + twice}},
	{sample: sample{name: "what was set and removed counts no more", broken: "RDY-7", text: polled1 + `
main add p1 s2 t7 in edge
c peer-send c1 "a"
main pause
main modify p1 s2 t7 in edge
main modify p1 s2 t7 in edge
main remove p1 s2
main add p1 s2 t8 in edge
main wait-ready p1 -> t8:in
main wait-ready p1 -> t8:in
`}},
	{sample: sample{name: "what was told before it was removed counts no more", broken: "RDY-7", text: edge1 + `
main remove p1 s2
main add p1 s2 t8 in edge
main wait-ready p1 -> t8:in
main wait-ready p1 -> t8:in
`}},
	{sample: sample{name: "a modify that fails sets nothing", broken: "RDY-7", text: edge1 + `
main modify p1 s2 t8 in edge exclusive -> invalid
` + twice}},
	{sample: sample{name: "a modify that fails takes nothing back that was told meanwhile", broken: "RDY-7", text: edge1 + `
w1> modify p1 s2 t8 in edge exclusive
` + twice + `
w1< -> invalid
` + again}},
	{sample: sample{name: "bytes of before the accept are told once", broken: "RDY-7", text: accepting1 + `
c peer-send c1 "ab"
main pause
main try-accept s1 -> sock=s2 @1001
main add p1 s2 t7 in edge
` + twice}},
	{sample: sample{name: "bytes that were on their way before the accept are told once each", broken: "RDY-7", text: accepting1 + `
c> peer-send c1 "ab"
main pause
main try-accept s1 -> sock=s2 @1001
main add p1 s2 t7 in edge
c<
` + thrice + again}},
	{sample: sample{name: "all has been received, and it is told twice", broken: "RDY-7", text: polled1 + `
main add p1 s2 t7 in edge
c peer-send c1 "a"
c peer-send c1 "b"
main wait-ready p1 -> t7:in
main try-recv s2 len=2 -> "ab"
main pause
` + twice}},
	{sample: sample{name: "as many bytes as certainly have room have arrived", broken: "RDY-7", text: polled1 + `
main add p1 s2 t7 in edge
c peer-send c1 "` + strings.Repeat("abcdefgh", 24) + `"
main wait-ready p1 -> t7:in
main try-recv s2 len=64 -> "` + strings.Repeat("abcdefgh", 8) + `"
main pause
` + twice}},
	{sample: sample{name: "a connection to where somebody listens whose address was not told", text: poller1 + `
main raw s1
main listen s1 @80 backlog=16
main close s1
main raw s2
main listen s2 backlog=16
main add p1 s2 t7 in edge
c peer-connect c1 @80
main wait-ready p1 -> t7:in
d peer-connect c2 @80
main wait-ready p1 -> t7:in
`}},
	{sample: sample{name: "a send that takes no byte is owed to nobody", text: edge1 + `
c peer-send c1 "b" -> timedout n=0
main wait-ready p1 -> timedout
main settle
`}},
	{sample: sample{name: "the second connection is not told", broken: "RDY-9", text: polled1 + `
main add p1 s1 t7 in edge
d peer-connect c2 @80
main wait-ready p1 -> t7:in
e peer-connect c3 @80
main wait-ready p1 -> timedout
main settle
`}},
	{sample: sample{name: "room is not told to one who has received meanwhile", broken: "RDY-9", text: full1 + `
main try-recv s2 len=4 -> wouldblock
c peer-read c1 -> "ab"
c peer-read c1 -> timedout
main pause
main wait-ready p1 -> timedout
`}},
	{sample: sample{name: "room is owed to nobody who has found it", text: full1 + `
c peer-read c1 -> "ab"
c peer-read c1 -> timedout
main try-send s2 "cd" -> n=2
main pause
main wait-ready p1 -> timedout
`}},
}

// accepting1 has a connection that nobody has accepted, of the far end c1.
const accepting1 = poller1 + `
main raw s1
main listen s1 @80 backlog=16
c peer-connect c1 @80
`
