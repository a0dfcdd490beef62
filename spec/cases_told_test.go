package spec

// What version 5 of the contract has new: what a packet tells of an operation that moves no bytes, of where something has come from, and how a connection ends on which nothing is left.

func init() {
	goodSamples = append(goodSamples, goodTold...)
	legalSamples = append(legalSamples, legalTold...)
	doctoredSamples = append(doctoredSamples, doctoredTold...)
}

var goodTold = []sample{
	{name: "OPN-14: a connect and an accept", text: dialled + `
main socket s3
main listen s3 @80 backlog=16
main associate p1 s3 key=10
main accept s3 o2
c peer-connect c3 @80
main wait p1 -> o2 ok sock=s2 addr=@1003
`},
	{name: "ACC-18: into a given socket, and into a new one", text: listener + `
main socket s2
main accept s1 o1 into=s2
main accept s1 o2
c peer-connect c1 @80
d peer-connect c2 @80
main wait p1 -> o1 ok sock=s2 addr=@1001; o2 ok sock=s3 addr=@1002
`},
	{name: "OPN-15: pending where nothing is done at its start", axes: Axes{"inline": "never"}, text: served + `
c peer-send c1 "ab"
main recv s2 o2 len=4
main wait p1 -> o2 ok "ab"
`},
	{name: "PKT-23: one where one comes at a time", axes: Axes{"packets": "1"}, text: port1 + `
main post p1 t5
main post p1 t6
main wait p1 max=4 -> t5
main wait p1 max=4 -> t6
`},
	{name: "CLS-10: closed with nothing left", text: served + `
c peer-send c1 "abc"
main recv s2 o2 len=8
main wait p1 -> o2 ok "abc"
main send s2 o3 "de"
main wait p1 -> o3 ok
main close s2
c peer-read c1 -> "de"
c peer-read c1 -> ""
`},
	{name: "CLS-10: the sending side shut down", text: served + "main shutdown s2 side=send\nc peer-read c1 -> \"\"\n"},
	{name: "ACC-14: a cancelled accept, and one whose listener was closed, leave their sockets free", text: listener + `
main socket s2
main accept s1 o1 into=s2
main cancel s1 o1
main wait p1 -> o1 aborted
main accept s1 o2 into=s2
main close s1
main wait p1 -> o2 aborted
main socket s3
main listen s3 @81 backlog=16
main associate p1 s3 key=30
main accept s3 o3 into=s2
`},
}

// Each of these looks like what is accused, and has a reason.
var legalTold = []sample{
	{name: "ACC-18: nobody looked for the address", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2
`},
	{name: "ACC-18: whose connection it is may have been reset", text: listener + `
main accept s1 o1
c peer-connect c1 @80
c peer-abort c1
main wait p1 -> o1 ok sock=s2 addr=none
`},
	{name: "ACC-18: of two far ends one has gone", text: listener + `
main accept s1 o1
c peer-connect c1 @80
d peer-connect c2 @80
d peer-close c2
main wait p1 -> o1 ok sock=s2 addr=none
`},
	{name: "ACC-18: one of two far ends has ended its stream", text: listener + `
main accept s1 o1
c peer-connect c1 @80
d peer-connect c2 @80
d peer-half-close c2
main wait p1 -> o1 ok sock=s2 addr=none
`},
	{name: "ACC-18: it may be of the back end's own", text: listener + `
main socket s2
main bind s2 @0
main associate p1 s2 key=20
main connect s2 o2 @80
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s3 addr=none
`},
	{name: "ACC-18: one of two far ends may yet give up", text: listener + `
main accept s1 o1
c> peer-connect c1 @80
d peer-connect c2 @80
main wait p1 -> o1 ok sock=s3 addr=none
c< -> timedout
`},
	{name: "ACC-18: it may be of one that has not heard of it", text: listener + `
main accept s1 o1
c peer-connect c1 @80 -> timedout
d peer-connect c2 @80
main wait p1 -> o1 ok sock=s3 addr=none
`},
	{name: "CLS-10: a receive was outstanding at the close", text: served + `
main recv s2 o2 len=8
main close s2
c peer-read c1 -> reset
main wait p1 -> o2 aborted
`},
	{name: "CLS-10: a receive was cancelled before", text: served + `
main recv s2 o2 len=8
main cancel s2 o2
main wait p1 -> o2 aborted
main close s2
c peer-read c1 -> reset
`},
	{name: "CLS-10: the far end sends after the close", text: served + `
main close s2
c peer-send c1 "ab"
c peer-read c1 -> reset
`},
	{name: "CLS-10: a byte was unread at the close", text: served + `
c peer-send c1 "abcd"
main recv s2 o2 len=3
main wait p1 -> o2 ok "abc"
main close s2
c peer-read c1 -> reset
`},
	{name: "CLS-10: the receiving side had been shut down", text: served + `
main shutdown s2 side=receive
main close s2
c peer-read c1 -> reset
`},
	{name: "CLS-10: a send had failed", text: served + `
main send s2 o2 "ab"
main wait p1 -> o2 noresources
main close s2
c peer-read c1 -> reset
`},
	{name: "CLS-10: its port was closed", text: served + `
main close-port p1
main close s2
c peer-read c1 -> reset
`},
	{name: "CLS-10: it was closed before the program knew that it had connected", text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
l peer-accept c2 -> @5000
main close s1
l peer-read c2 -> reset
main wait p1 -> o1 ok addr=@5000
`},
	{name: "CLS-10: it was disconnected", text: served + `
main disconnect s2 o2
main wait p1 -> o2 ok
main close s2
c peer-read c1 -> reset
`},
	{name: "CLS-10: the far end's read fails otherwise", text: served + "main close s2\nc peer-read c1 -> timedout\n"},
	{name: "ACC-14: for want of memory, or of a turn", text: listener + `
main socket s2
main accept s1 o1 into=s2
main cancel s1 o1
main wait p1 -> o1 aborted
main accept s1 o2 into=s2 -> refused noresources
main accept s1 o3 into=s2 -> refused busy
`},
}

var doctoredTold = []sample{
	{name: "OPN-15: done where nothing is", broken: "OPN-15", axes: Axes{"inline": "never"}, text: served + `
c peer-send c1 "ab"
main recv s2 o2 len=4 -> done "ab"
main wait p1 -> o2 ok "ab"
`},
	{name: "PKT-23: two where one comes at a time", broken: "PKT-23", axes: Axes{"packets": "1"}, text: port1 + `
main post p1 t5
main post p1 t6
main wait p1 max=4 -> t5; t6
`},
	{name: "OPN-14: a connect that sends nothing reports a byte", broken: "OPN-14", text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
l peer-accept c2 -> @5000
main wait p1 -> o1 ok n=1 addr=@5000
`},
	{name: "OPN-14: a connect that is refused reports a byte", broken: "OPN-14", text: port1 + `
l peer-listen c1 @90 refuse
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 refused n=1
`},
	{name: "OPN-14: an accept that waits for nothing reports room for addresses", win32: true, broken: "OPN-14", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok n=32 sock=s2 addr=@1001
`},
	{name: "ACC-18: a connection of nobody", broken: "ACC-18", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=none
`},
	{name: "ACC-18: a connection of one of two", win32: true, broken: "ACC-18", text: listener + `
main socket s2
main accept s1 o1 into=s2
c peer-connect c1 @80
d peer-connect c2 @80
main wait p1 -> o1 ok sock=s2 addr=none
`},
	{name: "CLS-10: the far end of a closed socket reads a reset", broken: "CLS-10", text: served + `
c peer-send c1 "abc"
main recv s2 o2 len=8
main wait p1 -> o2 ok "abc"
main send s2 o3 "de"
main wait p1 -> o3 ok
main close s2
c peer-read c1 -> "de"
c peer-read c1 -> reset
`},
	{name: "CLS-10: a shutdown resets", broken: "CLS-10", text: served + "main shutdown s2 side=send\nc peer-read c1 -> reset\n"},
	{name: "CLS-10: a send after the shutdown is refused, and then the close resets", broken: "CLS-10", text: served + `
main shutdown s2 side=send
main send s2 o2 "ab" -> refused shutdown
main close s2
c peer-read c1 -> reset
`},
	{name: "CLS-10: the far end has ended its stream, and a close resets", broken: "CLS-10", text: served + `
c peer-half-close c1
main recv s2 o2 len=8
main wait p1 -> o2 ok ""
main close s2
c peer-read c1 -> reset
`},
	{name: "ACC-14: a portable back end keeps the socket of a cancelled accept", broken: "ACC-14", text: listener + `
main socket s2
main accept s1 o1 into=s2
main cancel s1 o1
main wait p1 -> o1 aborted
main accept s1 o2 into=s2 -> refused invalid
`},
}
