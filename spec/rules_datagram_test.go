package spec

// mailbox is a socket of datagrams, s1 at @80, and a far end c1 at @1001.
const mailbox = port1 + `
main socket s1 net=udp4
main bind s1 @0 -> @80
main associate p1 s1 key=10
c peer-bind c1 -> @1001
`

var datagramSamples = []sample{
	{name: "datagrams, the receive first and the datagram first", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "abcd" @80
main wait p1 -> o1 ok "abcd" addr=@1001 size=4
c peer-send c1 "efghijkl" @80
main recvfrom s1 o2 len=8 -> done "efghijkl" @1001
main wait p1 -> o2 ok "efghijkl" addr=@1001 size=8
c peer-send c1 "mnopqrstuvwx" @80
main recvfrom s1 o3 len=8
main wait p1 -> o3 truncated "mnopqrst" addr=@1001 size=12
c peer-send c1 "" @80
main recvfrom s1 o4 len=8
main wait p1 -> o4 ok "" addr=@1001 size=0
main settle
`},
	{name: "a shutdown that fails may have taken place", text: mailbox + `
main shutdown s1 side=receive -> notconnected
main recvfrom s1 o1 len=8
main wait p1 -> o1 ok "" addr=@1001
main settle
`},
	{name: "what brings no bytes, or not all of them, need not say from where", text: mailbox + `
c peer-send c1 "" @80
c peer-send c1 "abcdef" @80
main recvfrom s1 o1 len=4
main recvfrom s1 o2 len=4
main wait p1 -> o1 ok "" addr=none; o2 truncated "abcd"
`},
	{name: "nobody looked where a datagram came from", text: mailbox + `
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8
main wait p1 -> o1 ok "abcd"
`},
	{name: "datagrams of several senders for several receives", text: mailbox + `
d peer-bind c2 -> @1002
main recvfrom s1 o1 len=8
main recvfrom s1 o2 len=8
c peer-send c1 "abcd" @80
d peer-send c2 "efg" @80
c peer-send c1 "hi" @80
main wait p1 -> o1 ok "abcd" addr=@1001 size=4
main wait p1 -> o2 ok "efg" addr=@1002 size=3
main recvfrom s1 o3 len=8
main wait p1 -> o3 ok "hi" addr=@1001 size=2
main settle
`},
	{name: "datagrams that look alike", text: mailbox + `
c peer-send c1 "abcd" @80
c peer-send c1 "abcd" @80
c peer-send c1 "abcdef" @80
main recvfrom s1 o1 len=4
main recvfrom s1 o2 len=4
main recvfrom s1 o3 len=4
main wait p1 -> o1 truncated "abcd" addr=@1001; o2 ok "abcd" addr=@1001; o3 ok "abcd" addr=@1001
main settle
`},
	{name: "a datagram that may have been sent looks like one that was", text: mailbox + `
main sendto s1 o1 "abcd" @1001
main cancel s1 o1
main sendto s1 o2 "abcd" @1001
main wait p1 -> o1 aborted; o2 ok
c peer-read c1 len=64 -> "abcd" @80
c peer-read c1 len=64 -> timedout
main settle
`},
	{name: "a datagram that may have come after the last read looks like the one that was read", text: mailbox + `
main sendto s1 o1 "abcd" @1001
main sendto s1 o2 "abcd" @1001
main wait p1 -> o2 ok
c peer-read c1 len=64 -> "abcd" @80
c peer-read c1 len=64 -> timedout
main wait p1 -> o1 ok
main settle
`},
	{name: "a datagram that may have been sent looks like one that another looks like", text: mailbox + `
main sendto s1 o1 "abcd" @1001
main sendto s1 o2 "abcd" @1001
main sendto s1 o3 "abcdef" @1001
main cancel s1 o2
main wait p1 -> o1 ok; o2 aborted; o3 ok
c peer-read c1 len=4 -> "abcd" @80
c peer-read c1 len=64 -> "abcd" @80
c peer-read c1 len=64 -> timedout
main settle
`},
	{name: "datagrams that were sent", text: mailbox + `
main sendto s1 o1 "hello" @1001 -> done 5
main wait p1 -> o1 ok
c peer-read c1 len=64 -> "hello" @80
main sendto s1 o2 "" @1001 -> done 0
main wait p1 -> o2 ok
c peer-read c1 len=64 -> "" @80
main sendto s1 o3 len=70000 @1001 -> refused invalid
c peer-read c1 len=64 -> timedout
main settle
`},
	{name: "a datagram after a cancel, and a close", text: mailbox + `
main recvfrom s1 o1 len=8
main cancel s1 o1
main wait p1 -> o1 aborted
c peer-send c1 "abcd" @80
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "abcd" addr=@1001 size=4
main recvfrom s1 o3 len=8
main close s1
main wait p1 -> o3 aborted
main settle
`},
	{name: "nobody there, reported", axes: Axes{"unreachable": "reported"}, text: mailbox + `
c peer-close c1
main recvfrom s1 o1 len=8
main sendto s1 o2 "abcd" @1001 -> done 4
main wait p1 -> o2 ok; o1 unreachable
main sendto s1 o3 "abcd" @1001 -> done 4
main wait p1 -> o3 ok
main recvfrom s1 o4 len=8 -> refused unreachable
main settle
`},
	{name: "nobody there, silent", text: mailbox + `
d peer-bind c2 -> @1002
c peer-close c1
main recvfrom s1 o1 len=8
main sendto s1 o2 "abcd" @1001 -> done 4
main wait p1 -> o2 ok
d peer-send c2 "ef" @80
main wait p1 -> o1 ok "ef" addr=@1002
main settle
`},
	{name: "what the network did is no fault", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "gone" @80
main net-drop "gone" @80
main wait p1 -> timedout
main settle
c peer-send c1 "two" @80
main net-dup "two" @80
main wait p1 -> o1 ok "two" addr=@1001
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "two" addr=@1001
c peer-send c1 "first" @80
main net-reorder "first" @80
c peer-send c1 "second" @80
main recvfrom s1 o3 len=8
main wait p1 -> o3 ok "second" addr=@1001
main recvfrom s1 o4 len=8
main wait p1 -> o4 ok "first" addr=@1001
main sendto s1 o5 "hello" @1001 -> done 5
main net-drop "hello" @1001
main wait p1 -> o5 ok
c peer-read c1 len=64 -> timedout
main settle
`},
	{name: "a network that promises nothing", world: "real", text: mailbox + `
main recvfrom s1 o1 len=8
main recvfrom s1 o2 len=8
main recvfrom s1 o3 len=8
main recvfrom s1 o4 len=8
c peer-send c1 "one" @80
c peer-send c1 "three" @80
c peer-send c1 "two" @80
main wait p1 -> o1 ok "two" addr=@1001; o2 ok "one" addr=@1001; o3 ok "two" addr=@1001
main sendto s1 o5 "hello" @1001 -> done 5
main wait p1 -> o5 ok
c peer-read c1 len=64 -> timedout
main settle
`},
	{name: "a receive whose packet came before the start returned", text: mailbox + `
w1> wait p1
w2> recvfrom s1 o1 len=8
c> peer-send c1 "abcd" @80
w1< -> o1 ok "abcd" addr=@1001 size=4
w2< -> pending
c<
main settle
`},
	{name: "overlapping starts may be served either way round", text: mailbox + `
w1> recvfrom s1 o1 len=8
w2> recvfrom s1 o2 len=8
w1<
w2<
c peer-send c1 "one" @80
c peer-send c1 "two" @80
main wait p1 -> o2 ok "one" addr=@1001; o1 ok "two" addr=@1001
main settle
`},
	{name: "nobody was told, and other datagrams got lost", world: "real", axes: Axes{"unreachable": "reported"}, text: mailbox + sentThrice + `
c peer-read c1 len=64 -> "abcd" @80
c peer-read c1 len=64 -> "efgh" @80
c peer-read c1 len=64 -> timedout
main wait p1 -> timedout
main settle
`},
	{name: "from an address that was never told", text: port1 + `
main socket s1 net=udp4
main associate p1 s1 key=10
c peer-bind c1 -> @1001
main sendto s1 o1 "hello" @1001
c peer-read c1 len=64 -> "hello" @4711
main wait p1 -> o1 ok
main settle
`},
}

// sentThrice sends three datagrams to c1 and three to where nobody is.
const sentThrice = `
d peer-bind c2 -> @1002
d peer-close c2
main recvfrom s1 o1 len=8
main sendto s1 o2 "abcd" @1001 -> done 4
main sendto s1 o3 "efgh" @1001 -> done 4
main sendto s1 o4 "ijkl" @1001 -> done 4
main sendto s1 o5 "mnop" @1002 -> done 4
main sendto s1 o6 "qrst" @1002 -> done 4
main sendto s1 o7 "uvwx" @1002 -> done 4
main wait p1 -> o2 ok; o3 ok; o4 ok; o5 ok; o6 ok; o7 ok
`

var doctoredDatagramSamples = []sample{
	{name: "DGM-1: a byte changed", broken: "DGM-1", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "abcd" @80
main wait p1 -> o1 ok "abXd" addr=@1001
`},
	{name: "DGM-1: sent to another socket", broken: "DGM-1", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "abcd" @81
main wait p1 -> o1 ok "abcd" addr=@1001
`},
	{name: "DGM-2: two in one", broken: "DGM-2", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "abcd" @80
c peer-send c1 "efg" @80
main wait p1 -> o1 ok "abcdefg" addr=@1001
`},
	{name: "DGM-2: the rest of a datagram", broken: "DGM-2", text: mailbox + `
main recvfrom s1 o1 len=4
c peer-send c1 "abcdefgh" @80
main wait p1 -> o1 truncated "abcd" addr=@1001
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "efgh" addr=@1001
`},
	{name: "DGM-3: the size of the copy", broken: "DGM-3", text: mailbox + `
main recvfrom s1 o1 len=4
c peer-send c1 "abcdefgh" @80
main wait p1 -> o1 truncated "abcd" addr=@1001 size=4
`},
	{name: "DGM-4: cut short and ok", broken: "DGM-4", text: mailbox + `
main recvfrom s1 o1 len=4
c peer-send c1 "abcdefgh" @80
main wait p1 -> o1 ok "abcd" addr=@1001
`},
	{name: "DGM-4: whole and truncated", broken: "DGM-4", text: mailbox + `
main recvfrom s1 o1 len=4
c peer-send c1 "abcd" @80
main wait p1 -> o1 truncated "abcd" addr=@1001
`},
	{name: "DGM-4: nothing taken and ok", broken: "DGM-4", text: mailbox + `
main recvfrom s1 o1 len=0
c peer-send c1 "abcd" @80
main wait p1 -> o1 ok "" addr=@1001
`},
	{name: "DGM-5: another sender", broken: "DGM-5", text: mailbox + `
d peer-bind c2 -> @1002
main recvfrom s1 o1 len=8
c peer-send c1 "abcd" @80
main wait p1 -> o1 ok "abcd" addr=@1002
`},
	{name: "DGM-18: from nobody", broken: "DGM-18", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "abcd" @80
main wait p1 -> o1 ok "abcd" addr=none
`},
	{name: "DGM-6: twice", broken: "DGM-6", text: mailbox + `
main recvfrom s1 o1 len=8
main recvfrom s1 o2 len=8
c peer-send c1 "abcd" @80
main wait p1 -> o1 ok "abcd" addr=@1001; o2 ok "abcd" addr=@1001
`},
	{name: "DGM-6: twice at the far end", broken: "DGM-6", text: mailbox + `
main sendto s1 o1 "hello" @1001 -> done 5
main wait p1 -> o1 ok
c peer-read c1 len=64 -> "hello" @80
c peer-read c1 len=64 -> "hello" @80
`},
	{name: "DGM-7: an older one later", broken: "DGM-7", axes: Axes{"fill": "any"}, text: mailbox + `
c peer-send c1 "one" @80
c peer-send c1 "two" @80
main recvfrom s1 o1 len=8
main wait p1 -> o1 ok "two" addr=@1001
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "one" addr=@1001
`},
	{name: "DGM-8: last posted, first served", broken: "DGM-8", text: mailbox + `
main recvfrom s1 o1 len=8
main recvfrom s1 o2 len=8
c peer-send c1 "one" @80
c peer-send c1 "two" @80
main wait p1 -> o1 ok "two" addr=@1001; o2 ok "one" addr=@1001
`},
	{name: "DGM-9: an end", broken: "DGM-9", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-close c1
main wait p1 -> o1 ok ""
`},
	{name: "DGM-10: a datagram that nobody gets", broken: "DGM-10", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "abcd" @80
main wait p1 -> timedout
main settle
`},
	{name: "DGM-10: an empty one", broken: "DGM-10", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "" @80
main wait p1 -> timedout
main settle
`},
	{name: "DGM-10: none of three, all of three on the control", broken: "DGM-10", world: "real", text: mailbox + `
a peer-bind c8 -> @1008
b peer-bind c9 -> @1009
main recvfrom s1 o1 len=8
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
`},
	{name: "DGM-11: a byte changed", broken: "DGM-11", text: mailbox + `
main sendto s1 o1 "hello" @1001 -> done 5
main wait p1 -> o1 ok
c peer-read c1 len=64 -> "hallo" @80
`},
	{name: "DGM-11: two in one", broken: "DGM-11", text: mailbox + `
main sendto s1 o1 "hel" @1001 -> done 3
main sendto s1 o2 "lo" @1001 -> done 2
main wait p1 -> o1 ok; o2 ok
c peer-read c1 len=64 -> "hello" @80
`},
	{name: "DGM-11: from another address", broken: "DGM-11", text: mailbox + `
main sendto s1 o1 "hello" @1001 -> done 5
main wait p1 -> o1 ok
c peer-read c1 len=64 -> "hello" @81
`},
	{name: "DGM-12: a part", broken: "DGM-12", text: mailbox + `
main sendto s1 o1 "hello" @1001
main wait p1 -> o1 ok n=3
`},
	{name: "DGM-12: too long", broken: "DGM-12", text: mailbox + `
main sendto s1 o1 len=70000 @1001
main wait p1 -> o1 ok n=70000
`},
	{name: "DGM-13: not there", broken: "DGM-13", text: mailbox + `
main sendto s1 o1 "hello" @1001 -> done 5
main wait p1 -> o1 ok
c peer-read c1 len=64 -> timedout
main settle
`},
	{name: "DGM-13: not there beside one that may not have been sent", broken: "DGM-13", text: mailbox + `
main sendto s1 o1 "abcd" @1001
main cancel s1 o1
main sendto s1 o2 "abcd" @1001
main sendto s1 o3 "abcd" @1001
main wait p1 -> o1 aborted; o2 ok; o3 ok
c peer-read c1 len=64 -> "abcd" @80
c peer-read c1 len=64 -> timedout
main settle
`},
	{name: "DGM-14: aborted with bytes", broken: "DGM-14", text: mailbox + `
main recvfrom s1 o1 len=8
main cancel s1 o1
main wait p1 -> o1 aborted "ab"
`},
	{name: "DGM-15: not told", broken: "DGM-15", axes: Axes{"unreachable": "reported"}, text: mailbox + `
c peer-close c1
main recvfrom s1 o1 len=8
main sendto s1 o2 "abcd" @1001 -> done 4
main wait p1 -> o2 ok
main wait p1 -> timedout
main settle
`},
	{name: "DGM-15: not told, though nothing else got lost", broken: "DGM-15", world: "real", axes: Axes{"unreachable": "reported"}, text: mailbox + sentThrice + `
c peer-read c1 len=64 -> "abcd" @80
c peer-read c1 len=64 -> "efgh" @80
c peer-read c1 len=64 -> "ijkl" @80
main wait p1 -> timedout
main settle
`},
	{name: "DGM-15: told of nothing", broken: "DGM-15", axes: Axes{"unreachable": "reported"}, text: mailbox + `
main recvfrom s1 o1 len=8
main sendto s1 o2 "abcd" @1001 -> done 4
main wait p1 -> o2 ok; o1 unreachable
`},
	{name: "DGM-16: told", broken: "DGM-16", text: mailbox + `
c peer-close c1
main recvfrom s1 o1 len=8
main sendto s1 o2 "abcd" @1001 -> done 4
main wait p1 -> o2 ok; o1 unreachable
`},
}

// The samples are among those that every test of the samples runs.
func init() {
	goodSamples = append(goodSamples, datagramSamples...)
	doctoredSamples = append(doctoredSamples, doctoredDatagramSamples...)
}
