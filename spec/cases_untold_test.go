package spec

import "strings"

// What version 6 of the contract has new for completion back ends: what is told of a datagram that has no packet, of a reset, and of a connect on a socket without a port.

func init() {
	goodSamples = append(goodSamples, goodUntold...)
	legalSamples = append(legalSamples, legalUntold...)
	doctoredSamples = append(doctoredSamples, doctoredUntold...)
}

var goodUntold = []sample{
	{name: "CON-14: a connect before the association", text: unported + `
main connect s1 o1 @90
main associate p1 s1 key=20
main wait p1 -> o1 ok addr=@5000
l peer-accept c2 -> @5000
`},
	{name: "DGM-19: a datagram that was there", text: mailbox + `
main skip s1
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8 -> done "abcd" @1001
`},
	{name: "RCV-13: a reset is told again, and again", text: served + `
c peer-close c1
main recv s2 o2 len=8
main wait p1 -> o2 ok ""
main send s2 o3 "abc"
main wait p1 -> o3 ok
main recv s2 o4 len=8 -> refused reset
main recv s2 o5 len=8
main wait p1 -> o5 reset
`},
	{name: "RCV-15: all are told of a reset", text: served + `
main send s2 o2 "abc"
main wait p1 -> o2 ok
main recv s2 o3 len=8
main recv s2 o4 len=8
c peer-close c1
main wait p1 -> o3 reset
main recv s2 o5 len=8
main wait p1 -> o4 reset; o5 reset
` + settled},
	{name: "RCV-14: a close over what is unread resets", world: "sim", text: overUnread + `
c peer-close c1
main recv s2 o3 len=8
main wait p1 -> o3 reset
main recv s2 o4 len=8 -> refused reset
`},
}

// unported has a socket that is bound and has no port, and a far end that listens; ported is what becomes of a connect that is started on it.
const (
	unported = port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
`
	ported = `
main associate p1 s1 key=20
main wait p1 -> timedout
main pause
l peer-accept c2 -> timedout
`
)

// overUnread has a connection on which the far end has something to read, for certain.
const overUnread = served + `
main send s2 o2 "abcd"
main wait p1 -> o2 ok
main wait p1 ms=3600000 -> timedout
`

// Each of these looks like what is accused, and has a reason.
var legalUntold = []sample{
	{name: "CON-14: refused for want of something", text: unported + "main connect s1 o1 @90 -> refused noresources\n"},
	{name: "CON-14: nobody listens there", text: unported + "main connect s1 o1 @91 -> refused invalid\n"},
	{name: "CON-14: it is not bound", text: port1 + `
l peer-listen c1 @90
main socket s1
main connect s1 o1 @90 -> refused invalid
`},
	{name: "CON-14: it is a listener", text: unported + `
main listen s1 @80 backlog=1
main connect s1 o1 @90 -> refused invalid
`},
	{name: "CON-14: the packet of what had come before the association", text: unported + `
main connect s1 o1 @90
main associate p1 s1 key=20
main wait p1 -> timedout
main pause
l peer-accept c2 -> @5000
main settle
`},
	{name: "CON-14: nobody has waited on the port", text: unported + `
main connect s1 o1 @90
main associate p1 s1 key=20
main pause
l peer-accept c2 -> timedout
`},
	{name: "CON-14: it may be on its way", text: unported + `
main connect s1 o1 @90
main associate p1 s1 key=20
main wait p1 -> timedout
l peer-accept c2 -> timedout
`},
	{name: "CON-14: it has no port yet", text: unported + `
main connect s1 o1 @90
main wait p1 -> timedout
main pause
l peer-accept c2 -> timedout
`},
	{name: "CON-14: another has connected as well", text: unported + `
main socket s2
main bind s2 @0
main associate p1 s2 key=30
main connect s2 o2 @90
main wait p1 -> o2 ok addr=@5001
main connect s1 o1 @90` + ported},
	{name: "CON-14: it has been accepted", text: unported + `
main connect s1 o1 @90
l peer-accept c3 -> @5000` + ported},
	{name: "CON-14: two far ends listen", text: unported + `
l peer-listen c4 @91
main connect s1 o1 @90` + ported},
	{name: "CON-14: the far end has been closed", text: unported + `
main connect s1 o1 @90
d peer-close c1` + ported},
	{name: "CON-14: it was cancelled", text: unported + `
main connect s1 o1 @90
main cancel s1 o1 -> notfound` + ported},
	{name: "DGM-19: nobody looked for the address", text: mailbox + `
main skip s1
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8 -> done "abcd"
`},
	{name: "DGM-19: its packet tells the address", text: mailbox + `
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8 -> done "abcd" addr=none
main wait p1 -> o1 ok "abcd" addr=@1001
`},
	{name: "DGM-19: nothing came with it", text: mailbox + `
main skip s1
c peer-send c1 "" @80
main recvfrom s1 o1 len=8 -> done "" addr=none
`},
	{name: "RCV-13: a receive that was there before the reset was told", text: served + `
main send s2 o4 "x"
main wait p1 -> o4 ok
main recv s2 o2 len=8
main recv s2 o3 len=8
c peer-close c1
main wait p1 -> o2 reset
main wait p1 -> o3 ok ""
`},
	{name: "RCV-13: a send has told of a reset, and no receive", text: served + `
c peer-close c1
main send s2 o2 "abc"
main wait p1 -> o2 reset
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
	{name: "RCV-13: a receive of no bytes", text: toldReset + `
main recv s2 o3 len=0
main wait p1 -> o3 ok ""
`},
	{name: "RCV-13: the receiving side has been shut down", text: toldReset + `
main shutdown s2 side=receive
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
	{name: "RCV-13: bytes are left", text: toldReset + `
main recv s2 o3 len=8
main wait p1 -> o3 ok "abc"
`},
	{name: "RCV-15: its socket has been closed", axes: Axes{"close": "keep"}, text: toldReset + `
main recv s2 o3 len=8
main close s2
` + settled},
	{name: "RCV-15: the receiving side has been shut down", text: toldReset + `
main recv s2 o3 len=8
main shutdown s2 side=receive
` + settled},
	{name: "RCV-15: after a cancel nothing is promised", axes: Axes{"after-cancel": "unspecified"}, text: toldReset + `
main recv s2 o3 len=8
main recv s2 o4 len=8
main cancel s2 o3
main wait p1 -> o3 aborted
` + settled},
	{name: "RCV-15: only a send has told of the reset", text: served + `
main send s2 o2 "abc"
main wait p1 -> o2 ok
c peer-close c1
main send s2 o3 "abc" -> refused reset
main recv s2 o4 len=8
` + settled},
	{name: "RCV-14: nothing tells that what was sent has arrived", world: "sim", text: served + `
main send s2 o2 "abcd"
main wait p1 -> o2 ok
main pause
c peer-close c1
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
	{name: "RCV-14: there may have been no room for the rest before the read", world: "sim", text: served + `
main send s2 o2 "` + strings.Repeat("x", 130) + `"
main wait p1 -> o2 ok
main wait p1 ms=3600000 -> timedout
c peer-read c1 -> "` + strings.Repeat("x", 100) + `"
c peer-close c1
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
	{name: "RCV-14: everything has been read", world: "sim", text: overUnread + `
c peer-read c1 -> "abcd"
c peer-close c1
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
	{name: "RCV-14: it is being read", world: "sim", text: overUnread + `
d> peer-read c1
c peer-close c1
d< -> "abcd"
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
	{name: "RCV-14: it may have been read before the close", world: "sim", text: overUnread + `
c> peer-close c1
d peer-read c1 -> "abcd"
c< -> ok
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
	{name: "RCV-14: the far end had ended its stream", world: "sim", text: overUnread + `
c peer-half-close c1
c peer-close c1
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
	{name: "RCV-14: the far end may have ended its stream before the close", world: "sim", text: overUnread + `
c> peer-close c1
d peer-half-close c1
c< -> ok
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
	{name: "RCV-14: our own side has been shut down", world: "sim", text: overUnread + `
main shutdown s2 side=receive
c peer-close c1
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
}

// toldReset has a connection on which the far end has closed, after it had sent, and a receive was told of a reset.
const toldReset = served + `
main send s2 o9 "x"
main wait p1 -> o9 ok
c peer-send c1 "abc"
c peer-close c1
main recv s2 o2 len=8 -> refused reset
`

var doctoredUntold = []sample{
	{name: "DGM-19: done with a datagram of nobody", broken: "DGM-19", text: mailbox + `
main skip s1
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8 -> done "abcd" addr=none
`},
	{name: "RCV-13: the end of the stream after a reset", broken: "RCV-13", text: served + `
main send s2 o4 "x"
main wait p1 -> o4 ok
main recv s2 o2 len=8
c peer-close c1
main wait p1 -> o2 reset
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
	{name: "RCV-13: the end of the stream at a start after a reset", broken: "RCV-13", text: toldReset + `
main skip s2
main recv s2 o3 len=8 -> done ""
`},
	{name: "RCV-15: a receive that was started later is pending", broken: "RCV-15", text: toldReset + "main recv s2 o3 len=8\n" + settled},
	{name: "RCV-15: a receive that was there before is pending", broken: "RCV-15", text: served + `
main send s2 o2 "abc"
main wait p1 -> o2 ok
main recv s2 o3 len=8
main recv s2 o4 len=8
c peer-close c1
main wait p1 -> o3 reset
` + settled},
	{name: "RCV-14: the end of the stream after a close over what is unread", world: "sim", broken: "RCV-14", text: overUnread + `
c peer-close c1
main recv s2 o3 len=8
main wait p1 -> o3 ok ""
`},
	{name: "RCV-14: a part had been read", world: "sim", broken: "RCV-14", text: overUnread + `
main recv s2 o3 len=8
c peer-read c1 -> "abc"
c peer-close c1
main wait p1 -> o3 ok ""
`},
	{name: "CON-14: refused for want of a port", broken: "CON-14", text: unported + "main connect s1 o1 @90 -> refused invalid\n"},
	{name: "CON-14: the far end finds no connection", broken: "CON-14", text: unported + "main connect s1 o1 @90" + ported},
}
