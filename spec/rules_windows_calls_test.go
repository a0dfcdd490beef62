package spec

// windowsSamples are traces of a back end on Windows in which nothing is wrong.
var windowsSamples = []sample{
	{name: "win32: associations", win32: true, text: `
main port p1
main port p2
main socket s1
main associate p1 s1 key=1
main associate p2 s1 key=1 -> invalid:87
main socket s3 net=udp4
main associate p1 s3 key=3
main settle
main socket s4
main listen s4 @80 backlog=16
main associate p1 s4 key=10
main accept s4 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main associate p1 s2 key=20
`},
	{name: "win32: pending when it was associated", win32: true, text: port1 + `
main socket s1
main listen s1 @80
main accept s1 o1
main associate p1 s1 key=10
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001 key=10
main recv s2 o2 len=4
main associate p1 s2 key=20
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab" key=20
main socket s3 net=udp4
main bind s3 @0 -> @81
main recvfrom s3 o3 len=4
main associate p1 s3 key=30
d peer-bind c2 -> @1002
d peer-send c2 "cd" @81
main wait p1 -> o3 ok "cd" addr=@1002 key=30
main wait p1 -> timedout:258
main settle
`},
	{name: "win32: what waits say", win32: true, text: port1 + `
main wait p1 -> timedout:258
w1> wait p1 forever
w2> wait p1 forever
main close-port p1
w1< -> abandoned:735
w2< -> closed:6
main wait p1 -> closed:6
`},
	{name: "win32: cancels", win32: true, text: served + `
main recv s2 o2 len=4
main cancel s2 o2
main wait p1 -> o2 aborted:0xC0000120
main cancel s2 o2 -> notfound:1168
main cancel-all s2 -> notfound:1168
main cancel-all s2 -> notfound
`},
	{name: "win32: refused", win32: true, text: port1 + `
main socket s1
main associate p1 s1 key=1
main recv s1 o1 len=4 -> refused notconnected:10057
main send s1 o2 "ab" -> refused notconnected:10057
c peer-listen c9 refuse -> @90
main connect s1 o3 @90
main recv s1 o4 len=4 -> refused notconnected:10057
main wait p1 -> o3 refused:0xC0000236
main send s1 o5 "ab" -> refused notconnected:10057
main close s1
main recv s1 o6 len=4 -> refused closed:10038
main recv s1 o7 len=4 -> refused closed
`},
	{name: "win32: refused for want of memory", win32: true, text: served + `
main recv s2 o2 len=4 -> refused noresources:10055
main send s2 o3 "ab" -> refused wouldblock:10035
`},
	{name: "win32: refused after a shutdown", win32: true, text: served + `
main recv s2 o2 len=4
main shutdown s2 side=receive
main recv s2 o3 len=4 -> refused shutdown:10058
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
c peer-read c1 len=8 -> timedout
main wait p1 -> timedout:258
main settle
main shutdown s2 side=send
main send s2 o4 "ab" -> refused shutdown:10058
c peer-read c1 len=8 -> ""
main wait p1 -> timedout:258
main settle
`},
	{name: "win32: refused while the side is being shut down", win32: true, text: served + `
w1> shutdown s2 side=both
w2 recv s2 o2 len=4 -> refused shutdown:10058
w2 send s2 o3 "ab" -> refused shutdown:10058
w1<
`},
	{name: "win32: a reset", win32: true, text: served + `
main recv s2 o2 len=4
main send s2 o3 "abc"
c peer-abort c1
main wait p1 -> o2 reset:0xC000020D; o3 reset:0xC0000241 n=0
main recv s2 o4 len=4 -> refused reset:10054
main send s2 o5 "ab" -> refused reset:10054
`},
	{name: "win32: a reset that has not been reported", win32: true, text: served + `
c peer-abort c1
main recv s2 o2 len=4
main wait p1 -> o2 reset:0xC000020D
`},
	{name: "win32: datagrams", win32: true, axes: Axes{"unreachable": "reported"}, text: mailbox + `
main socket s2 net=udp4
main associate p1 s2 key=20
main recvfrom s2 o1 len=4 -> refused invalid:10022
main recvfrom s1 o2 len=4
c peer-send c1 "abcdef" @80
main wait p1 -> o2 truncated:0x80000005 "abcd" addr=@1001
main sendto s1 o3 len=70000 @1001 -> refused truncated:10040
c peer-close c1
main recvfrom s1 o4 len=4
main sendto s1 o5 "abcd" @1001 -> done 4
main wait p1 -> o5 ok; o4 unreachable:0xC000023F
main sendto s1 o6 "abcd" @1001 -> done 4
main wait p1 -> o6 ok
main recvfrom s1 o7 len=4 -> refused unreachable:10054
main shutdown s1 side=both
main recvfrom s1 o8 len=4 -> refused shutdown:10058
main sendto s1 o9 "abcd" @1001 -> refused shutdown:10058
main wait p1 -> timedout:258
main settle
`},
	{name: "win32: done, and then posts", win32: true, text: served + `
main send s2 o2 "ab" -> done 2
main post p1 t5
main wait p1 max=1 -> o2 ok
main wait p1 max=1 -> t5
main send s2 o3 "cd" -> done 2
main post p1 t6
main wait p1 -> o3 ok; t6
`},
	{name: "win32: done, a post that may have been first", win32: true, text: served + `
w1> post p1 t5
main send s2 o2 "ab" -> done 2
w1<
main wait p1 max=1 -> t5
main wait p1 max=1 -> o2 ok
`},
	{name: "win32: done, and taken by another wait that has not returned", win32: true, text: served + `
w1> wait p1 max=1
main send s2 o2 "ab" -> done 2
main post p1 t5
main wait p1 max=1 -> t5
w1< -> o2 ok
`},
	{name: "win32: closed, each in its way", win32: true, text: served + `
main recv s2 o2 len=4
main recv s2 o3 len=4
main send s2 o4 "abc"
main send s2 o5 "def" -> done 3
main socket s3 net=udp4
main bind s3 @0 -> @81
main associate p1 s3 key=30
main recvfrom s3 o6 len=4
main close s2
main close s3
main wait p1 -> o2 aborted:0xC0000120; o3 aborted:0xC0000241; o4 aborted:0xC000013B n=0; o5 ok; o6 aborted:0xC0000120
main pause n=2000
main wait p1 -> timedout:258
c peer-read c1 len=8 -> "def"
c peer-read c1 len=8 -> ""
main settle
`},
	{name: "win32: closed, and nobody has waited", win32: true, text: served + `
main recv s2 o2 len=4
main close s2
main pause n=2000
main wait p1 -> o2 aborted:0xC0000120
c peer-read c1 len=8 -> ""
main settle
`},
	{name: "win32: closed, and another thread has the packet", win32: true, text: served + `
main recv s2 o2 len=4
w1> wait p1
main close s2
main pause n=2000
main wait p1 -> timedout:258
w1< -> o2 aborted:0xC0000120
c peer-read c1 len=8 -> ""
main settle
`},
	{name: "win32: a pause that tells nothing", win32: true, world: "real", text: served + `
main recv s2 o2 len=4
main close s2
main pause n=10
main wait p1 -> timedout:258
main wait p1 -> o2 aborted:0xC0000120
c peer-read c1 len=8 -> ""
main settle
`},
}

var doctoredWindowsSamples = []sample{
	{name: "KEY-5: refused for no reason", win32: true, broken: "KEY-5", text: port1 + `
main socket s1
main associate p1 s1 key=1 -> invalid:87
`},
	{name: "KEY-5: a second association, another number", win32: true, broken: "KEY-5", text: port1 + `
main socket s1
main associate p1 s1 key=1
main associate p1 s1 key=2 -> invalid:6
`},
	{name: "KEY-6: no key", win32: true, broken: "KEY-6", text: port1 + `
main socket s1
main listen s1 @80
main accept s1 o1
main associate p1 s1 key=10
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001 key=0
`},
	{name: "KEY-6: another port", win32: true, broken: "KEY-6", text: port1 + `
main port p2
main socket s1
main listen s1 @80
main accept s1 o1
main associate p1 s1 key=10
c peer-connect c1 @80
main wait p2 -> o1 ok sock=s2 addr=@1001 key=10
`},
	{name: "CLS-1: pending when it was associated, and forgotten", win32: true, broken: "CLS-1", text: port1 + `
main socket s1
main listen s1 @80
main accept s1 o1
main associate p1 s1 key=10
main close s1
main wait p1 -> timedout:258
main settle
`},
	{name: "PKT-10: ran out of time, in Winsock's number", win32: true, broken: "PKT-10", text: port1 + `
main wait p1 -> timedout:10060
`},
	{name: "PKT-10: abandoned, but closed before", win32: true, broken: "PKT-10", text: port1 + `
main close-port p1
main wait p1 -> abandoned:735
`},
	{name: "PKT-10: closed meanwhile, another number", win32: true, broken: "PKT-10", text: port1 + `
w1> wait p1 forever
main close-port p1
w1< -> closed:995
`},
	{name: "PKT-11: a Win32 number", win32: true, broken: "PKT-11", text: served + `
main recv s2 o2 len=4
main cancel s2 o2
main wait p1 -> o2 aborted:995
`},
	{name: "PKT-11: cancelled, in another's words", win32: true, broken: "PKT-11", text: served + `
main recv s2 o2 len=4
main cancel s2 o2
main wait p1 -> o2 aborted:0xC0000241
`},
	{name: "PKT-11: a reset, in another's words", win32: true, broken: "PKT-11", text: served + `
main recv s2 o2 len=4
c peer-abort c1
main wait p1 -> o2 reset:0xC000013B
`},
	{name: "PKT-11: an end that no receive has", win32: true, broken: "PKT-11", text: served + `
main recv s2 o2 len=4
main wait p1 -> o2 invalid:0xC000000D
`},
	{name: "PKT-12: overtaken by a post", win32: true, broken: "PKT-12", text: served + `
main send s2 o2 "ab" -> done 2
main post p1 t5
main wait p1 max=1 -> t5
main wait p1 max=1 -> o2 ok
`},
	{name: "PKT-12: overtaken in a batch", win32: true, broken: "PKT-12", text: served + `
main send s2 o2 "ab" -> done 2
main post p1 t5
main wait p1 -> t5; o2 ok
`},
	{name: "PKT-13: cancelled, with bytes", win32: true, broken: "PKT-13", text: served + `
main recv s2 o2 len=4
main cancel s2 o2
main wait p1 -> o2 aborted:0xC0000120 n=2
`},
	{name: "PKT-13: cut short, and not full", win32: true, broken: "PKT-13", text: mailbox + `
main recvfrom s1 o2 len=4
main cancel-all s1
main wait p1 -> o2 truncated:0x80000005 n=2
`},
	{name: "OPN-7: done, and then aborted", win32: true, broken: "OPN-7", text: served + `
main send s2 o2 "ab" -> done 2
main close s2
main wait p1 -> o2 aborted:0xC0000120 n=2
`},
	{name: "OPN-7: aborted, and then done", win32: true, broken: "OPN-7", text: served + `
w1> send s2 o2 "ab"
main cancel-all s2
main wait p1 -> o2 aborted:0xC0000120 n=2
w1< -> done 2
`},
	{name: "RCV-11: never connected, and pending", win32: true, broken: "RCV-11", text: port1 + `
main socket s1
main recv s1 o1 len=4
`},
	{name: "RCV-11: never connected, in another's number", win32: true, broken: "RCV-11", text: port1 + `
main socket s1
main recv s1 o1 len=4 -> refused reset:10054
`},
	{name: "RCV-11: refused for no reason", win32: true, broken: "RCV-11", text: served + `
main recv s2 o2 len=4 -> refused invalid:10022
`},
	{name: "RCV-11: connecting to nobody, and done", win32: true, broken: "RCV-11", text: port1 + `
c peer-listen c9 refuse -> @90
main socket s1
main associate p1 s1 key=1
main connect s1 o1 @90
main recv s1 o2 len=4 -> done 0
`},
	{name: "RCV-11: the receiving side was shut down", win32: true, broken: "RCV-11", text: served + `
main shutdown s2 side=receive
main recv s2 o2 len=4
`},
	{name: "RCV-11: the reset was reported, and the next receive pends", win32: true, broken: "RCV-11", text: served + `
c peer-abort c1
main recv s2 o2 len=4
main wait p1 -> o2 reset:0xC000020D
main recv s2 o3 len=4
main wait p1 -> o3 reset:0xC000020D
`},
	{name: "RCV-12: ended by the shutdown", win32: true, broken: "RCV-12", text: served + `
main recv s2 o2 len=4
main shutdown s2 side=receive
main wait p1 -> o2 ok
`},
	{name: "RCV-12: aborted by the shutdown", win32: true, broken: "RCV-12", text: served + `
main recv s2 o2 len=4
main shutdown s2 side=receive
main wait p1 -> o2 aborted:0xC0000120
`},
	{name: "RCV-12: deaf after the shutdown", win32: true, broken: "RCV-12", text: served + `
main recv s2 o2 len=4
main shutdown s2 side=receive
c peer-send c1 "ab"
main wait p1 -> timedout:258
main settle
`},
	{name: "SND-9: never connected, in another's number", win32: true, broken: "SND-9", text: port1 + `
main socket s1
main send s1 o1 "ab" -> refused reset:10054
`},
	{name: "SND-9: reset without a connection, which is then made", win32: true, broken: "SND-9", text: port1 + `
c peer-listen c9 -> @90
main socket s1
main associate p1 s1 key=1
main send s1 o1 "ab" -> refused reset:10054
main connect s1 o2 @90
main wait p1 -> o2 ok addr=@2001
c peer-accept c1 -> @2001
main recv s1 o3 len=4
c peer-send c1 "ab"
main wait p1 -> o3 ok "ab"
`},
	{name: "SND-9: refused for no reason", win32: true, broken: "SND-9", text: served + `
main send s2 o2 "ab" -> refused notconnected:10057
`},
	{name: "SND-9: the sending side was shut down", win32: true, broken: "SND-9", text: served + `
main shutdown s2 side=send
main send s2 o2 "ab"
main wait p1 -> o2 shutdown n=0
`},
	{name: "SND-10: the end of what has not ended", win32: true, broken: "SND-10", text: served + `
main shutdown s2 side=receive
c peer-read c1 len=8 -> ""
`},
	{name: "DGM-17: a receive without an address, and pending", win32: true, broken: "DGM-17", text: port1 + `
main socket s1 net=udp4
main recvfrom s1 o1 len=4
`},
	{name: "DGM-17: too long, in another's number", win32: true, broken: "DGM-17", text: mailbox + `
main sendto s1 o1 len=70000 @1001 -> refused invalid:10022
`},
	{name: "DGM-17: refused for no reason", win32: true, broken: "DGM-17", text: mailbox + `
main recvfrom s1 o1 len=4 -> refused truncated:10040
`},
	{name: "CAN-6: another number", win32: true, broken: "CAN-6", text: served + `
main cancel-all s2 -> invalid:87
`},
	{name: "CLS-7: another's words", win32: true, broken: "CLS-7", text: served + `
main recv s2 o2 len=4
main close s2
main wait p1 -> o2 closed:0x8000000A
`},
	{name: "CLS-7: a datagram's, in the words of a connection", win32: true, broken: "CLS-7", text: mailbox + `
main recvfrom s1 o1 len=4
main close s1
main wait p1 -> o1 aborted:0xC0000241
`},
	{name: "CLS-8: until the far end reads", win32: true, broken: "CLS-8", text: served + `
main send s2 o2 "abcd"
main close s2
main pause n=2000
main wait p1 -> timedout:258
c peer-read c1 len=8 -> "abcd"
main wait p1 -> o2 ok
c peer-read c1 len=8 -> ""
main settle
`},
	{name: "CLS-9: another number", win32: true, broken: "CLS-9", text: served + `
main close s2
main recv s2 o2 len=4 -> refused invalid:10022
`},
}

// The samples are among those that every test of the samples runs.
func init() {
	goodSamples = append(goodSamples, windowsSamples...)
	doctoredSamples = append(doctoredSamples, doctoredWindowsSamples...)
}
