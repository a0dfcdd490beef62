package spec

import "slices"

// doctoredSamples are good traces with one thing changed, so that one rule is broken, and no other where that is possible.
var doctoredSamples = slices.Concat(doctoredPackets, doctoredStreams)

// doctoredPackets are those of ports, operations and packets.
var doctoredPackets = []sample{
	{name: "KEY-1: started beside the association, and another key", broken: "KEY-1", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
c peer-send c1 "ab"
main> associate p1 s2 key=20
w1 recv s2 o2 len=4
main< -> ok
main wait p1 -> o2 ok "ab" key=0
`},
	{name: "KEY-1: another key", broken: "KEY-1", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab" key=21
`},
	{name: "KEY-2: the accepted socket's key", broken: "KEY-2", text: listener + `
main socket s2
main associate p1 s2 key=5
main accept s1 o1 into=s2
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001 key=5
`},
	{name: "KEY-3: another port", broken: "KEY-3", text: served + `
main port p2
main recv s2 o2 len=4
c peer-send c1 "ab"
main wait p2 -> o2 ok "ab"
`},
	{name: "KEY-4: a second association", broken: "KEY-4", text: port1 + `
main port p2
main socket s1
main associate p1 s1 key=1
main associate p2 s1 key=1
`},
	{name: "KEY-4: two associations at once, both ok", broken: "KEY-4", text: port1 + `
main port p2
main socket s1
w1> associate p1 s1 key=1
w2> associate p2 s1 key=1
w1<
w2<
`},
	{name: "PKT-1: out of nowhere", broken: "PKT-1", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab" tok=99
`},
	{name: "PKT-2: twice", broken: "PKT-2", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
main wait p1 -> o2 ok "ab"
`},
	{name: "PKT-2: a post twice", broken: "PKT-2", text: port1 + `
main post p1 t5
main wait p1 -> t5; t5
`},
	{name: "PKT-3: refused, and yet a packet", broken: "PKT-3", text: served + `
main recv s2 o2 len=4 -> refused busy
main wait p1 -> o2 aborted
`},
	{name: "PKT-3: a packet, and then refused", broken: "PKT-3", text: served + `
w1> recv s2 o2 len=4
w2 cancel s2 o2
main wait p1 -> o2 aborted
w1< -> refused busy
`},
	{name: "PKT-4: another key", broken: "PKT-4", text: port1 + `
main post p1 t5 n=1 key=2
main wait p1 -> t5 key=3
`},
	{name: "PKT-4: fewer bytes", broken: "PKT-4", text: port1 + `
main post p1 t5 n=4294967295
main wait p1 -> t5 n=65535
`},
	{name: "PKT-19: a post at another port", broken: "PKT-19", text: port1 + `
main port p2
main post p1 t5 n=1 key=2
main wait p2 -> t5 n=1 key=2
`},
	{name: "PKT-19: a post at another port, where an equal one was taken before", broken: "PKT-19", text: port1 + `
main port p2
main post p2 t5 n=1 key=2
main wait p2 -> t5 n=1 key=2
main post p1 t5 n=1 key=2
main wait p2 -> t5 n=1 key=2
`},
	{name: "PKT-20: out of time, and it waits on", broken: "PKT-20", text: port1 + `
w1> wait p1 ms=10
main pause
main wait p1 ms=3600000 -> timedout
main pause
w1< -> timedout
`},
	{name: "PKT-20: out of time on another port", broken: "PKT-20", text: port1 + `
main port p2
w1> wait p1 ms=1800000
main pause
main wait p2 ms=3600000 -> timedout
main pause
`},
	{name: "PKT-20: nothing will ever happen again", broken: "PKT-20", text: port1 + `
w1> wait p1 ms=3600000
w2> wait p1 forever
main pause for-good
`},
	{name: "PKT-22: out of time early", broken: "PKT-22", text: port1 + `
main wait p1 ms=10 -> timedout early=1
`},
	{name: "PKT-21: a thread sleeps beside what a close has ended", broken: "PKT-21", text: wide + `
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main accept s1 o1
w1> wait p1 forever
main pause
main close s1
main pause
main wait p1 -> o1 aborted
`},
	{name: "PKT-21: a thread sleeps beside what has come", broken: "PKT-21", text: wide + `
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main associate p1 s2 key=20
main recv s2 o2 len=4
w1> wait p1 forever
main pause
c peer-send c1 "ab"
main pause
main wait p1 -> o2 ok "ab"
`},
	{name: "PKT-21: out of time beside what has come", broken: "PKT-21", text: wide + `
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main accept s1 o1
c peer-connect c1 @80
main wait p1 ms=3600000 -> timedout
main wait p1 -> o1 ok sock=s2 addr=@1001
`},
	{name: "PKT-5: out of order", broken: "PKT-5", text: port1 + `
main post p1 t5
main post p1 t6
main wait p1 max=1 -> t6
main wait p1 max=1 -> t5
`},
	{name: "PKT-5: out of order in a batch", broken: "PKT-5", text: port1 + `
main post p1 t5
main post p1 t6
main wait p1 -> t6; t5
`},
	{name: "PKT-6: lost", broken: "PKT-6", text: port1 + `
main post p1 t5
main post p1 t6
main wait p1 -> t6
main wait p1 -> timedout
main settle
`},
	{name: "PKT-7: out of time next to a packet", broken: "PKT-7", text: port1 + `
main post p1 t5
main wait p1 -> timedout
main wait p1 -> t5
`},
	{name: "PKT-7: out of time, covered by two packets", broken: "PKT-7", text: `
main port p1 limit=8
main post p1 t5
w1> wait p1 max=1
main post p1 t6
w2 wait p1 max=1 -> t5
w1< -> timedout
w2 wait p1 max=1 -> t6
main wait p1 -> timedout
main settle
`},
	{name: "PKT-8: nothing and ok", broken: "PKT-8", text: port1 + `
main wait p1 -> x0
`},
	{name: "PKT-8: more than were asked for", broken: "PKT-8", text: port1 + `
main post p1 t5
main post p1 t6
main wait p1 max=1 -> t5; t6
`},
	{name: "OPN-1: more than the buffer holds", broken: "OPN-1", text: served + `
main recv s2 o2 len=4
c peer-send c1 "abcdef"
main wait p1 -> o2 ok n=6
`},
	{name: "OPN-2: done, and no packet", broken: "OPN-2", text: served + `
c peer-send c1 "ab"
main recv s2 o2 len=4 -> done "ab"
main wait p1 -> timedout
main settle
`},
	{name: "OPN-2: another count", broken: "OPN-2", text: served + `
c peer-send c1 "ab"
main recv s2 o2 len=4 -> done "ab"
main wait p1 -> o2 ok "a"
`},
	{name: "OPN-3: a packet that was to be skipped", broken: "OPN-3", text: served + `
main skip s2
c peer-send c1 "ab"
main recv s2 o2 len=4 -> done "ab"
main wait p1 -> o2 ok "ab"
`},
	{name: "OPN-3: a packet that was to be skipped, before the start returned", broken: "OPN-3", text: served + `
main skip s2
c peer-send c1 "ab"
w1> recv s2 o2 len=4
main wait p1 -> o2 ok "ab"
w1< -> done "ab"
`},
	{name: "OPN-4: written beyond what is reported", broken: "OPN-4", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab" guard=3
`},
	{name: "OPN-5: written after the packet", broken: "OPN-5", text: served + `
main recv s2 o2 len=4
main cancel s2 o2
main wait p1 -> o2 aborted
main late o2 n=0
main end
`},
}
