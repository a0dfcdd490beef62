package spec

import "strings"

// What follows are edges of how things end: each of these answers is one that a rule has a branch of its own for.

func init() {
	edgesKept = append(edgesKept, endsKept...)
	edgesBroken = append(edgesBroken, endsBroken...)
}

// portably is what back ends can of which ACC-10 does not ask names.
var portably = []Capability{CanAccept, CanConnect, CanPost, CanShutdown}

// refusedEarly is a send that crosses the accept into its socket, and is refused as if the connection that the accept brings had been reset.
const refusedEarly = listener + `
main socket s2
w1> send s2 o1 "ab"
w2> accept s1 o2 into=s2
w1< -> refused reset:10054
w2<
c peer-connect c1 @80
main wait p1 -> o2 ok sock=s2 addr=@1001
`

var endsKept = []edge{
	{sample: sample{name: "handlers on a port without a limit", text: "main port p1 limit=0" + served[len("main port p1"):] + `
main recv s2 o2 len=4
main recv s2 o3 len=4
c peer-send c1 "ab"
c peer-send c1 "cd"
w1 wait p1 max=1 -> o2 ok "ab"
w1 enter o2 n=1
w2 wait p1 max=1 -> o3 ok "cd"
w2 enter o3 n=1
`}},
	{sample: sample{name: "on a real machine a wait runs out of time a tick early", world: "real", text: port1 + "main wait p1 ms=100 -> timedout early=16\n"}},
	{sample: sample{name: "on a real machine a wait runs out of time more than a tick early", world: "real", broken: "PKT-22", text: port1 + "main wait p1 ms=100 -> timedout early=17\n"}},
	{sample: sample{name: "on a real machine somebody else has the address", world: "real", text: port1 + "main socket s1\nmain bind s1 @0 -> inuse\n"}},
	{sample: sample{name: "a receive that waits for all on a connection to somebody of whom nothing is known", text: port1 + `
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 ok addr=@5000
main recv s1 o2 len=4 wait-all
main wait p1 -> o2 ok "ab"
`}},
	{sample: sample{name: "a receive that was pending at a shutdown, and the far end resets", win32: true, text: served + `
main recv s2 o2 len=4
main shutdown s2 side=receive
c peer-abort c1
main wait p1 -> o2 reset:0xC000020D
`}},
	{sample: sample{name: "a receive that the far end's reset had ended before the close", win32: true, text: served + `
main recv s2 o2 len=4
c peer-abort c1
main close s2
main wait p1 -> o2 reset:0xC000020D
`}},
	{sample: sample{name: "a receive that starts while its socket is closed", win32: true, text: served + `
w1> recv s2 o2 len=4
main close s2
w1<
main wait p1 -> o2 closed:0xC0000008
`}},
	{sample: sample{name: "a send of a datagram that the close ends", win32: true, text: mailbox + `
main sendto s1 o1 "ab" @1001
main close s1
main wait p1 -> o1 aborted:0xC0000120
`}},
	{sample: sample{name: "answers without their numbers", win32: true, text: served + `
main associate p1 s2 key=2 -> invalid
main socket s3
main associate p1 s3 key=30
main recv s3 o2 len=4 -> refused notconnected
main send s3 o3 "ab" -> refused notconnected
main connect s3 o4 @90 -> refused invalid
main recv s2 o5 len=4
main close s2
main wait p1 -> o5 aborted
`}},
	{sample: sample{name: "an association for want of memory", win32: true, text: port1 + "main socket s1\nmain associate p1 s1 key=1 -> noresources\n"}},
	{sample: sample{name: "accepts with unusual arguments for want of memory", win32: true, text: listener + "main accept s1 o1 local=3 -> refused noresources\n"}},
	{sample: sample{name: "a connect that is refused without its number", win32: true, text: port1 + `
l peer-listen c1 refuse @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 refused
`}},
	{sample: sample{name: "the far end's name while a connect to one that listens is pending", win32: true, text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main peername s1 -> @90
`}},
	{sample: sample{name: "no far end's name after its reset", win32: true, text: served + "c peer-abort c1\nmain peername s2 -> wsa=10057\n"}},
	{sample: sample{name: "told of another listener", win32: true, text: bare + `
main socket s5
main bind s5 @81
main listen s5 @81
main context s2 into=s5 -> wsa=10022
`}},
	{sample: sample{name: "a disconnect of a connection that the far end has reset", win32: true, text: served + `
main disconnect s2 o2
c peer-abort c1
main wait p1 -> o2 reset:0xC000020D
`}},
	{sample: sample{name: "a disconnect of a connection whose socket was not told of it", win32: true, text: bare + `
main disconnect s2 o2
main wait p1 -> o2 notconnected:0xC0000140
`}},
	{sample: sample{name: "a socket that was freed for another connection, for want of memory", win32: true, text: dialled + `
main disconnect s1 o2 reuse
l peer-read c2 -> n=0
main wait p1 -> o2 ok
main connect s1 o3 @90 -> refused noresources
`}},
	{sample: sample{name: "an accept that was cancelled and whose listener was closed", win32: true, text: listener + `
c peer-listen c9 @99
main accept s1 o1
main cancel s1 o1
main close s1
main wait p1 -> o1 aborted:0xC0000120
`}},
	{sample: sample{name: "the end of the stream for a far end whose send has failed", win32: true, text: served + `
c peer-send c1 "ab" -> reset
c peer-read c1 len=8 -> ""
`}},
	{sample: sample{name: "a receive of no bytes ends beside a reset", text: served + "main recv s2 o2 len=0\nc peer-abort c1\nmain wait p1 -> o2 ok\n"}},
	{sample: sample{name: "a wait for no packets on a port that had been closed", text: port1 + "main close-port p1\nmain wait p1 max=0 -> invalid\n"}},
	{sample: sample{name: "a wait for no packets on a port that is closed meanwhile", text: port1 + "w1> wait p1 max=0\nmain close-port p1\nw1< -> invalid\n"}},
	{sample: sample{name: "too little room for an address, and no number", win32: true, text: listener + `
main accept s1 o1 local=3
c peer-connect c1 @80
main wait p1 -> o1 invalid
`}},
	{sample: sample{name: "a reset before the close, on a connection to somebody of whom nothing is known", win32: true, text: port1 + `
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 ok addr=@5000
main recv s1 o2 len=4
main close s1
main wait p1 -> o2 reset:0xC000020D
`}},
	{sample: sample{name: "a listen without a backlog fails", text: port1 + "main socket s1\nmain bind s1 @0\nmain listen s1 @81 backlog=0 -> invalid\n"}},
	{said: "and no thread runs", sample: sample{name: "a thread sleeps beside what was done at its start while another belongs to the port", broken: "THR-6", text: "main port p1 limit=1" + served[len("main port p1"):] + `
w2> wait p1 forever
main pause
main send s2 o2 "ab" -> done 2
main pause
w2< -> o2 ok
`}},
	// The send's answer is wrong or is not, which nobody can tell: it was started before the connection was there. The receive is to blame for nothing.
	{sample: sample{name: "a reset that a send tells of as an accept brings the connection is no reason to refuse a receive on it", win32: true, text: refusedEarly + `main recv s2 o3 len=4
`}},
	{sample: sample{name: "a reset that a receive tells of as a connect is under way is no reason to refuse a send on the connection", win32: true, text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main recv s1 o2 len=4 -> refused reset:10054
l peer-accept c2 -> @5000
main wait p1 -> o1 ok addr=@5000
main send s1 o3 "ab"
`}},
	// Linux takes back the port of a connection that is over (tcp_set_state in net/ipv4/tcp.c), and the socket gets another.
	{sample: sample{name: "an accepted socket whose connection was reset is bound, and has that name", can: portably, text: served + `
c peer-abort c1
main bind s2 @0 -> @81
main name s2 -> @81
`}},
	{sample: sample{name: "an accepted socket that was shut down is bound, and has that name", can: portably, text: served + `
main shutdown s2 side=both
c peer-send c1 "a"
main bind s2 @0 -> @81
main name s2 -> @81
`}},
	{sample: sample{name: "an accepted socket whose connection was reset is connected, and has other names", can: portably, text: served + `
l peer-listen c2 @90
c peer-abort c1
main connect s2 o2 @90
l peer-accept c3 -> @5000
main wait p1 -> o2 ok addr=@5000
main name s2 -> @5000
main peername s2 -> @90
`}},
	{sample: sample{name: "a socket whose connection was reset is connected again, and has another name", can: portably,
		text: strings.Replace(dialled, "bind s1 @0", "bind s1 @0 -> @5000", 1) + `
l peer-abort c2
main connect s1 o2 @90
main name s1 -> @5001
`}},
}

var endsBroken = []edge{
	{sample: sample{name: "OPN-13: another name after the connect, before which it was bound twice", broken: "OPN-13", can: portably,
		text: strings.Replace(dialled, "bind s1 @0", "bind s1 @0 -> @5000\nmain bind s1 @0 -> invalid", 1) + "l peer-close c2\nmain name s1 -> @5001\n"}},
	{sample: sample{name: "OPN-13: the name of an accepted socket is another's", broken: "OPN-13", can: portably, text: served + "main name s2 -> @81\n"}},
	{sample: sample{name: "OPN-13: the name of an accepted socket is another's, after a bind that was refused", broken: "OPN-13", can: portably, text: served + "main bind s2 @0 -> invalid\nmain name s2 -> @81\n"}},
	{sample: sample{name: "OPN-13: the name of an accepted socket is another's, after a reset", broken: "OPN-13", can: portably, text: served + "c peer-abort c1\nmain name s2 -> @81\n"}},
	{sample: sample{name: "OPN-13: the far end's name of an accepted socket is another's, after a reset", broken: "OPN-13", can: portably, text: served + "c peer-abort c1\nmain peername s2 -> @90\n"}},
	{sample: sample{name: "OPN-13: the far end's name of a connected socket is another's", broken: "OPN-13", can: portably, text: dialled + "main peername s1 -> @91\n"}},
	{sample: sample{name: "OPN-13: another name after the connect", broken: "OPN-13", can: portably, text: strings.Replace(dialled, "bind s1 @0", "bind s1 @0 -> @5000", 1) + "main name s1 -> @5001\n"}},
	{said: "had room for 2 bytes and completed with 4", sample: sample{name: "ACC-5: more bytes than there was room for", broken: "ACC-5", text: listener + `
main accept s1 o1 len=2
c peer-connect c1 @80
c peer-send c1 "abcd"
main wait p1 -> o1 ok "abcd" sock=s2 addr=@1001
`}},
	{most: 1, said: "delivered no socket", sample: sample{name: "ACC-6: no socket", broken: "ACC-6", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok addr=@1001
`}},
	{said: "had been closed, and succeeded", sample: sample{name: "CLS-3: started on a closed socket, and a packet that says that all is well", broken: "CLS-3", text: served + `
main close s2
main recv s2 o2 len=4
c peer-half-close c1
main wait p1 -> o2 ok ""
`}},
	{said: "had been closed, and was done", sample: sample{name: "CLS-3: started on a closed socket, and done", broken: "CLS-3", text: served + `
main close s2
main send s2 o2 "ab" -> done 2
`}},
	{sample: sample{name: "OPN-12: a receive as if the program had shut it down", broken: "OPN-12", text: served + "main recv s2 o2 len=4 -> refused shutdown\n"}},
	{sample: sample{name: "OPN-13: in a world of its own somebody else has the address", broken: "OPN-13", text: port1 + "main socket s1\nmain bind s1 @0 -> inuse\n"}},
	{sample: sample{name: "OPN-13: a cancel, as if the socket were closed", broken: "OPN-13", text: served + "main recv s2 o2 len=4\nmain cancel s2 o2 -> closed\n"}},
	{sample: sample{name: "ACC-15: no room at all, which is to do", win32: true, broken: "ACC-15", text: listener + `
main accept s1 o1 local=0
c peer-connect c1 @80
main wait p1 -> o1 invalid:0xC0000023
`}},
	{sample: sample{name: "ACC-15: as much room for an address of IPv6 as never does", win32: true, broken: "ACC-15", text: port1 + `
main socket s1 net=tcp6
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main accept s1 o1 local=32
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
`}},
	{said: "no client had reset its connection", sample: sample{name: "ACC-16: refused as reset", win32: true, broken: "ACC-16", text: listener + "c peer-listen c9 @99\nmain accept s1 o1 -> refused reset:10054\n"}},
	{most: 1, said: "far end 1 read the end of the stream; of operation 2", sample: sample{name: "SND-4: cut off by a close, and a success that is told when the far end has read the end", broken: "SND-4", text: served + `
main send s2 o2 "abcd"
main close s2
c peer-read c1 -> "ab"
c peer-read c1 -> ""
main wait p1 -> o2 n=4
main settle
`}},
	{said: "and 4 bytes", sample: sample{name: "ACC-16: cancelled, with bytes", win32: true, broken: "ACC-16", text: listener + `
c peer-listen c9 @99
main accept s1 o1 len=4
main cancel s1 o1
main wait p1 -> o1 aborted:0xC0000120 n=4
`}},
	{sample: sample{name: "CLS-6: abandoned, and nobody has closed the port", win32: true, broken: "CLS-6", text: port1 + "main wait p1 -> abandoned:735\n"}},
	{said: "the far end has ended the stream", sample: sample{name: "RCV-12: deaf to the end after the shutdown", win32: true, broken: "RCV-12", text: served + `
main recv s2 o2 len=4
main shutdown s2 side=receive
c peer-half-close c1
main wait p1 -> timedout:258
main settle
`}},
	{said: "a disconnect ends the sending side only", sample: sample{name: "CON-11: what is received after a disconnect fails", win32: true, broken: "CON-11", text: served + `
main disconnect s2 o2
main wait p1 -> o2 ok
main recv s2 o3 len=4
main wait p1 -> o3 notconnected:0xC0000140
`}},
	{sample: sample{name: "PKT-11: success, in a number", win32: true, broken: "PKT-11", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok:0x103 "ab"
`}},
	{sample: sample{name: "PKT-11: a receive of a datagram ends as only a connection does", win32: true, broken: "PKT-11", text: mailbox + `
main recvfrom s1 o1 len=4
main wait p1 -> o1 shutdown:0xC00000B0
`}},
	{sample: sample{name: "CLS-6: a wait for one packet on a port that had been closed is invalid", broken: "CLS-6", text: port1 + "main close-port p1\nmain wait p1 max=1 -> invalid\n"}},
	{sample: sample{name: "CLS-6: a wait for no packets on a port that had been closed runs out of time", broken: "CLS-6", text: port1 + "main close-port p1\nmain wait p1 max=0 -> timedout\n"}},
	{said: "which has another", sample: sample{name: "CAN-11: no handle any more", broken: "CAN-11", text: served + `
main duplicate s2 into=s3
main recv s2 o2 len=4
main close s2
main wait p1 -> o2 closed
`}},
	{said: "which has another", sample: sample{name: "CAN-11: invalid", broken: "CAN-11", text: served + `
main duplicate s2 into=s3
main recv s2 o2 len=4
main close s2
main wait p1 -> o2 invalid
`}},
	{said: "(recv of 4 bytes on socket 2, started at event 21) was not refused but pending; the connection had been reset", sample: sample{name: "RCV-11: pending, and a send on the connection was refused for its reset", win32: true, broken: "RCV-11", text: served + `
c peer-abort c1
main send s2 o2 "ab" -> refused reset:10054
main recv s2 o3 len=4
`}},
	{said: "the connection had been reset", sample: sample{name: "RCV-11: pending, and a packet has told of the reset that a send told of too early", win32: true, broken: "RCV-11", text: refusedEarly + `main associate p1 s2 key=20
main recv s2 o3 len=4
c peer-abort c1
main wait p1 -> o3 reset:0xC000020D
main recv s2 o4 len=4
`}},
	{said: "the connection had been reset", sample: sample{name: "RCV-11: pending, and a send was refused for a reset when only an event had told that the accept is over", win32: true, broken: "RCV-11", text: listener + `
main socket s2
main event e1
main accept s1 o2 into=s2 event=1 event-only
c peer-connect c1 @80
main wait-event e1
main send s2 o3 "ab" -> refused reset:10054
main recv s2 o4 len=4
`}},
}
