package spec

// ledgerOfDatagrams: datagrams that were sent, or were not, and who has them.
var ledgerOfDatagrams = []shown{
	{sample: sample{name: "DGM-11: a datagram whose send was refused", broken: "DGM-11", text: mailbox + `
main sendto s1 o1 "hello" @1001 -> refused noresources
c peer-read c1 len=64 -> "hello" @80
`}},
	{sample: sample{name: "one receive was told that nobody was there, the other was not", axes: Axes{"unreachable": "reported"}, text: mailbox + `
c peer-close c1
main recvfrom s1 o1 len=8
main recvfrom s1 o2 len=8
main sendto s1 o3 "abcd" @1001 -> done 4
main wait p1 -> o3 ok; o1 unreachable
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "the far end closes while it is sent to, and whoever sent is told", axes: Axes{"unreachable": "reported"}, text: mailbox + `
main> sendto s1 o1 "abcd" @1001
c peer-close c1
main< -> done 4
main wait p1 -> o1 ok
main recvfrom s1 o2 len=8 -> refused unreachable
`}},
	{sample: sample{name: "the far end closes, and what was on its way comes to nobody", axes: Axes{"unreachable": "reported"}, text: mailbox + `
main sendto s1 o1 "abcd" @1001 -> done 4
c peer-close c1
main wait p1 -> o1 ok
main recvfrom s1 o2 len=8 -> refused unreachable
`}},
	{sample: sample{name: "a receive was pending before the socket had a port, and may have been told", axes: Axes{"unreachable": "reported"}, text: port1 + `
main socket s1 net=udp4
main bind s1 @0 -> @80
main skip s1
c peer-bind c1 -> @1001
c peer-close c1
main recvfrom s1 o1 len=8
main sendto s1 o2 "abcd" @1001 -> done 4
main associate p1 s1 key=10
main recvfrom s1 o3 len=8
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "DGM-15: the far end closes when it has received all", broken: "DGM-15", axes: Axes{"unreachable": "reported"}, text: mailbox + `
main sendto s1 o1 "abcd" @1001 -> done 4
c peer-read c1 len=8 -> "abcd" @80
c peer-close c1
main wait p1 -> o1 ok
main recvfrom s1 o2 len=8 -> refused unreachable
`}},
	{sample: sample{name: "one datagram after the other, shorter than the buffer", text: mailbox + `
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8
main wait p1 -> o1 ok "abcd" addr=@1001
c peer-send c1 "efgh" @80
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "efgh" addr=@1001
`}, shows: map[string]string{"DGM-1": "the buffer has room for all of it", "DGM-2": "one datagram waits", "DGM-4": "shorter than the buffer"}},
	{sample: sample{name: "several datagrams wait, each as long as the buffer", text: mailbox + `
c peer-send c1 "abcd" @80
c peer-send c1 "efgh" @80
main recvfrom s1 o1 len=4
main wait p1 -> o1 ok "abcd" addr=@1001
`}, shows: map[string]string{"DGM-1": "the buffer has room for all of it", "DGM-2": "several datagrams wait", "DGM-4": "as long as the buffer"}},
	{sample: sample{name: "a datagram is longer than the buffer", text: mailbox + `
c peer-send c1 "abcdefgh" @80
main recvfrom s1 o1 len=4
main wait p1 -> o1 truncated "abcd" addr=@1001
`}, shows: map[string]string{"DGM-1": "the buffer is too short", "DGM-2": "one datagram waits", "DGM-4": "longer than the buffer"}},
	{sample: sample{name: "a far end reads with too little room", text: mailbox + `
main sendto s1 o1 "hello" @1001 -> done 5
main wait p1 -> o1 ok
c peer-read c1 len=3 -> "hel" @80
`}, shows: map[string]string{"DGM-11": "with bytes", "DGM-13": "the far end read it"}},
	{sample: sample{name: "DGM-11: a part, though the far end had room", broken: "DGM-11", text: mailbox + `
main sendto s1 o1 "hello" @1001 -> done 5
main wait p1 -> o1 ok
c peer-read c1 len=64 -> "hel" @80
`}},
	{sample: sample{name: "what far ends send to each other is nothing of the back end's", text: mailbox + `
d peer-bind c2 -> @1002
d peer-send c2 "ab" @1001
c peer-read c1 len=8 -> "ab" @1002
`}, shows: map[string]string{"DGM-6": "", "DGM-11": "", "DGM-13": ""}},
	{sample: sample{name: "DGM-1: altered, and so not missing", broken: "DGM-1", text: mailbox + `
main recvfrom s1 o1 len=8
main recvfrom s1 o2 len=8
c peer-send c1 "abcd" @80
main wait p1 -> o1 ok "abXd" addr=@1001
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "DGM-10: none of three after one that came, all of three on the control", broken: "DGM-10", world: "real", text: mailbox + `
a peer-bind c8 -> @1008
b peer-bind c9 -> @1009
main recvfrom s1 o1 len=8
c peer-send c1 "zero" @80
main wait p1 -> o1 ok "zero" addr=@1001
main recvfrom s1 o2 len=8
` + threeLost},
	},
	{sample: sample{name: "one that was posted later has had a datagram", world: "real", text: mailbox + `
a peer-bind c8 -> @1008
b peer-bind c9 -> @1009
main recvfrom s1 o1 len=8
main recvfrom s1 o2 len=8
c peer-send c1 "zero" @80
main wait p1 -> o2 ok "zero" addr=@1001
` + threeLost},
	},
	{sample: sample{name: "DGM-7: sent later by another socket, and received earlier, while both sends are pending", broken: "DGM-7", axes: Axes{"fill": "any"}, text: mailbox + `
main socket s2 net=udp4
main bind s2 @0 -> @82
main associate p1 s2 key=20
main sendto s2 o1 "one" @80
main sendto s2 o2 "two" @80
main recvfrom s1 o3 len=8
main wait p1 -> o3 ok "two" addr=@82
main recvfrom s1 o4 len=8
main wait p1 -> o4 ok "one" addr=@82
`}},
	{sample: sample{name: "a datagram has been sent before its start returned", text: mailbox + `
w1> sendto s1 o1 "hello" @1001
main wait p1 -> o1 ok
w1<
c peer-read c1 len=64 -> "hello" @80
`}},
}

// threeLost sends three datagrams that nobody gets, and three that arrive on the control.
const threeLost = `
c peer-send c1 "one" @80
a peer-send c8 "1" @1009
b peer-read c9 len=8 -> "1" @1008
c peer-send c1 "two" @80
a peer-send c8 "2" @1009
b peer-read c9 len=8 -> "2" @1008
c peer-send c1 "three" @80
a peer-send c8 "3" @1009
b peer-read c9 len=8 -> "3" @1008
main wait p1 -> timedout
main settle
`

// ledgerOfEvents: what signals an event, and what does not.
var ledgerOfEvents = []shown{
	{sample: sample{name: "an event beside a packet", text: served + `
main event e1
main recv s2 o2 len=1 event=1
c peer-send c1 "a"
main wait-event e1
main wait p1 -> o2 ok "a"
`}, shows: map[string]string{"OPN-10": "beside a packet"}},
	{sample: sample{name: "an event without a packet", text: served + `
main event e1
main recv s2 o2 len=1 event=1 event-only
c peer-send c1 "a"
main wait-event e1
`}, shows: map[string]string{"OPN-10": "instead of a packet"}},
	{sample: sample{name: "the event of a start that failed is signaled, and that says nothing", text: served + `
main event e1
main recv s2 o2 len=1 event=1 -> refused noresources
main wait-event e1
`}, shows: map[string]string{"OPN-10": ""}},
	{sample: sample{name: "the event of an accept is signaled, and who connects is not recorded", text: listener + `
main event e1
main accept s1 o1 event=1
main wait-event e1
main wait p1 -> o1 ok sock=s2 addr=@1001
`}},
	{sample: sample{name: "a receive of no bytes may be over at once", axes: Axes{"zero-receive": "at-once"}, text: served + `
main event e1
main recv s2 o2 len=0 event=1
main wait-event e1
main wait p1 -> o2 ok
`}},
	{sample: sample{name: "OPN-11: the event of a receive is signaled, and no datagram has come", broken: "OPN-11", text: mailbox + `
main event e1
main recvfrom s1 o1 len=4 event=1
main wait-event e1
`}},
	{sample: sample{name: "the event of a receive is signaled, and the address of its socket is not known", text: port1 + `
main socket s1 net=udp4
main associate p1 s1 key=10
main event e1
main recvfrom s1 o1 len=4 event=1
main wait-event e1
`}},
	{sample: sample{name: "PKT-17: a call runs a second time", broken: "PKT-17", text: port1 + `
w1 queue-apc t1
w1> wait p1 alertable
w1 apc t1
w1< -> interrupted
w1> wait p1 alertable
w1 apc t1
w1< -> interrupted
`}},
}
