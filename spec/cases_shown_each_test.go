package spec

func init() { shownSamples = append(shownSamples, shownEach...) }

// shownEach have one of the situations of a rule each.
var shownEach = []shown{
	{sample{name: "a cancel that wins", text: served + "main recv s2 o2 len=4\nmain cancel s2 o2\nmain wait p1 -> o2 aborted\n"}, map[string]string{"CAN-1": "its packet came | aborted"}},
	{sample{name: "a cancel that comes too late", text: served + "main recv s2 o2 len=4\nc peer-send c1 \"ab\"\nmain cancel s2 o2\nmain wait p1 -> o2 ok \"ab\"\n"}, map[string]string{"CAN-1": "its packet came | it had completed"}},
	{sample{name: "a cancel that wins and returns after the packet", text: served + "main recv s2 o2 len=4\nw1> cancel s2 o2\nmain wait p1 -> o2 aborted\nw1<\n"}, map[string]string{"CAN-1": "its packet came | aborted"}},
	{sample{name: "a cancel that comes too late and returns after the packet", text: served + "main recv s2 o2 len=4\nw1> cancel s2 o2\nc peer-send c1 \"ab\"\nmain wait p1 -> o2 ok \"ab\"\nw1<\n"},
		map[string]string{"CAN-1": "its packet came | it had completed"}},
	{sample{name: "a datagram shorter than the buffer", text: mailbox + "main recvfrom s1 o1 len=8\nc peer-send c1 \"abcd\" @80\nmain wait p1 -> o1 ok \"abcd\" addr=@1001\n"},
		map[string]string{"DGM-4": "shorter than the buffer", "DGM-10": "the receive was first"}},
	{sample{name: "a datagram as long as the buffer, which was there before the receive", text: mailbox + "c peer-send c1 \"abcd\" @80\nmain recvfrom s1 o1 len=4 -> done \"abcd\" @1001\nmain wait p1 -> o1 ok \"abcd\" addr=@1001\n"},
		map[string]string{"DGM-4": "as long as the buffer", "DGM-10": "the datagram was first"}},
	{sample{name: "a datagram longer than the buffer", text: mailbox + "main recvfrom s1 o1 len=4\nc peer-send c1 \"abcdef\" @80\nmain wait p1 -> o1 truncated \"abcd\" addr=@1001\n"}, map[string]string{"DGM-4": "longer than the buffer"}},
	{sample{name: "a send of a datagram of some bytes", text: mailbox + "main sendto s1 o1 \"ab\" @1001\nmain wait p1 -> o1 ok\n"}, map[string]string{"DGM-12": "with bytes ×1"}},
	{sample{name: "a send of an empty datagram", text: mailbox + "main sendto s1 o1 \"\" @1001\nmain wait p1 -> o1 ok\n"}, map[string]string{"DGM-12": "without ×1"}},
	{sample{name: "a send of a datagram that is too long by a byte", text: mailbox + "main sendto s1 o1 len=65528 @1001 -> refused invalid\n"}, map[string]string{"DGM-12": "too long ×1"}},
	{sample{name: "a send of a datagram of the most bytes, which fails", text: mailbox + "main sendto s1 o1 len=65527 @1001 -> refused invalid\n"}, map[string]string{"DGM-12": ""}},
	{sample{name: "a send of a datagram that is refused", text: mailbox + "main sendto s1 o1 \"ab\" @1001 -> refused noresources\n"}, map[string]string{"DGM-12": ""}},
	{sample{name: "told in the packet that nobody was there", axes: Axes{"unreachable": "reported"}, text: mailbox + `
c peer-close c1
main recvfrom s1 o1 len=8
main sendto s1 o2 "abcd" @1001 -> done 4
main wait p1 -> o2 ok; o1 unreachable
`}, map[string]string{"DGM-15": "a pending receive"}},
	{sample{name: "told at the start that nobody was there", axes: Axes{"unreachable": "reported"}, text: mailbox + `
c peer-close c1
main sendto s1 o2 "abcd" @1001 -> done 4
main wait p1 -> o2 ok
main recvfrom s1 o1 len=8 -> refused unreachable
`}, map[string]string{"DGM-15": "a later receive"}},
	{sample{name: "nobody was there, and a receive goes on", text: mailbox + `
d peer-bind c2 -> @1002
c peer-close c1
main recvfrom s1 o1 len=8
main sendto s1 o2 "abcd" @1001 -> done 4
main wait p1 -> o2 ok
d peer-send c2 "ef" @80
main wait p1 -> o1 ok "ef" addr=@1002
`}, map[string]string{"DGM-16": "a receive that was pending ×1"}},
	{sample{name: "nobody was there, and a receive is cancelled", text: mailbox + `
c peer-close c1
main recvfrom s1 o1 len=8
main sendto s1 o2 "abcd" @1001 -> done 4
main wait p1 -> o2 ok
main cancel s1 o1
main wait p1 -> o1 aborted
`}, map[string]string{"DGM-16": ""}},
	{sample{name: "one packet in a wait, of a post", text: port1 + "main post p1 t7\nmain wait p1 -> t7\n"}, map[string]string{"PKT-1": "a post", "PKT-8": "one"}},
	{sample{name: "several packets in a wait", text: port1 + "main post p1 t7\nmain post p1 t8\nmain wait p1 -> t7; t8\n"}, map[string]string{"PKT-8": "several"}},
	{sample{name: "no packet in a wait", text: port1 + "main wait p1 -> timedout\n"}, map[string]string{"PKT-1": "", "PKT-8": "none", "PKT-20": "alone"}},
	{sample{name: "a wait that takes no time does not outlast it", text: port1 + "main wait p1 ms=0 -> timedout\n"}, map[string]string{"PKT-8": "none", "PKT-20": ""}},
	{sample{name: "a wait that runs out of time beside another", text: port1 + "w1> wait p1 forever\nmain wait p1 -> timedout\nmain post p1 t7\nw1< -> t7\n"}, map[string]string{"PKT-20": "beside another thread"}},
	{sample{name: "the packet of an operation alone", text: served + "main recv s2 o2 len=4\nc peer-send c1 \"ab\"\nmain wait p1 -> o2 ok \"ab\"\n"}, map[string]string{"PKT-1": "an operation", "KEY-1": "one key in flight"}},
	{sample{name: "a post releases the one thread that waits", text: port1 + "w1> wait p1 forever\nmain post p1 t7\nw1< -> t7\n"}, map[string]string{"PKT-9": "one thread waits"}},
	{sample{name: "a post releases one of two threads that wait", text: port1 + "w1> wait p1 forever\nw2> wait p1 forever\nmain post p1 t7\nw1< -> t7\n"}, map[string]string{"PKT-9": "several threads wait"}},
	{sample{name: "a wait that begins after the post is not released by it", text: port1 + "main post p1 t7\nmain wait p1 -> t7\n"}, map[string]string{"PKT-9": ""}},
	{sample{name: "one receive, filled", text: served + "main recv s2 o2 len=4\nc peer-send c1 \"ab\"\nmain wait p1 -> o2 ok \"ab\"\n"}, map[string]string{"RCV-2": "one outstanding", "RCV-5": "the receive was first"}},
	{sample{name: "two receives, filled in turn", text: served + "main recv s2 o2 len=1\nmain recv s2 o3 len=1\nc peer-send c1 \"ab\"\nmain wait p1 -> o2 ok \"a\"; o3 ok \"b\"\n"}, map[string]string{"RCV-2": "several outstanding"}},
	{sample{name: "bytes that were there before the receive", text: served + "c peer-send c1 \"ab\"\nmain recv s2 o2 len=4 -> done \"ab\"\nmain wait p1 -> o2 ok \"ab\"\n"}, map[string]string{"RCV-5": "the data was first"}},
	{sample{name: "the end of the stream for a receive", text: served + "main recv s2 o2 len=4\nc peer-half-close c1\nmain wait p1 -> o2 ok \"\"\n"}, map[string]string{"RCV-5": "the end of the stream"}},
	{sample{name: "a receive of no bytes tells of no end", text: served + "main recv s2 o2 len=0\nc peer-send c1 \"ab\"\nmain wait p1 -> o2 ok\n"}, map[string]string{"RCV-5": "the receive was first"}},
	{sample{name: "one send, read", text: served + "main send s2 o2 \"ab\"\nmain wait p1 -> o2 ok\nc peer-read c1 len=8 -> \"ab\"\n"}, map[string]string{"SND-1": "one send outstanding", "SND-2": "one send outstanding"}},
	{sample{name: "two sends, read", text: served + "main send s2 o2 \"ab\"\nmain send s2 o3 \"cd\"\nc peer-read c1 len=2 -> \"ab\"\n"}, map[string]string{"SND-1": "several outstanding", "SND-2": "several outstanding"}},
	{sample{name: "a send after the shutdown that is pending, and fails", text: served + "main shutdown s2 side=send\nmain send s2 o2 \"ab\"\nmain wait p1 -> o2 shutdown\n"}, map[string]string{"SND-5": "refused ×1"}},
	{sample{name: "the next handler on the same thread", text: served + `
main recv s2 o2 len=4
c peer-send c1 "a"
w1 wait p1 -> o2 ok "a"
w1 enter o2
w1 leave o2
w1 recv s2 o3 len=4
c peer-send c1 "b"
w1 wait p1 -> o3 ok "b"
w1 enter o3
w1 leave o3
`}, map[string]string{"THR-1": "the next handler ran on the same thread"}},
	{sample{name: "the next handler on another thread", text: served + `
main recv s2 o2 len=4
c peer-send c1 "a"
w1 wait p1 -> o2 ok "a"
w1 enter o2
w1 leave o2
w1 recv s2 o3 len=4
c peer-send c1 "b"
w2 wait p1 -> o3 ok "b"
w2 enter o3
w2 leave o3
`}, map[string]string{"THR-1": "on another thread"}},
	{sample{name: "one handler where two may run", text: "main port p1 limit=2" + served[len("main port p1"):] + `
main recv s2 o2 len=4
c peer-send c1 "ab"
w1 wait p1 max=1 -> o2 ok "ab"
w1 enter o2 n=1
`}, map[string]string{"THR-5": ""}},
	{sample{name: "a cancel of one operation finds nothing", win32: true, text: served + "main recv s2 o2 len=4\nmain cancel s2 o2\nmain wait p1 -> o2 aborted:0xC0000120\nmain cancel s2 o2 -> notfound:1168\n"}, map[string]string{"CAN-6": "of one operation"}},
	{sample{name: "a cancel of everything finds nothing", win32: true, text: served + "main cancel-all s2 -> notfound:1168\n"}, map[string]string{"CAN-6": "of everything"}},
	{sample{name: "a connect without bytes", win32: true, text: dialled}, map[string]string{"CON-6": "no bytes"}},
	{sample{name: "a connect with bytes, which nobody has read yet", win32: true, text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90 "ab"
l peer-accept c2 -> @5000
main wait p1 -> o1 ok addr=@5000 n=2
`}, map[string]string{"CON-6": "some bytes"}},
	{sample{name: "one asynchronous procedure call runs", text: port1 + "w1 queue-apc t1\nw1> wait p1 alertable\nw1 apc t1\nw1< -> interrupted\n"}, map[string]string{"PKT-17": "one call"}},
	{sample{name: "a thread with an event ends, and its operation is aborted", text: served + "main event e1\nw1 recv s2 o2 len=1 event=1\nw1 exit\nmain wait p1 -> o2 aborted\n"}, map[string]string{"CAN-12": "its packet came | aborted"}},
	{sample{name: "a thread with an event ends, and its operation had completed", text: served + "main event e1\nw1 recv s2 o2 len=1 event=1\nc peer-send c1 \"a\"\nw1 exit\nmain wait p1 -> o2 ok \"a\"\n"}, map[string]string{"CAN-12": "its packet came | it had completed"}},
	{sample{name: "a thread with an event is about to end, and its operation is aborted", text: served + "main event e1\nw1 recv s2 o2 len=1 event=1\nw1> exit\nmain wait p1 -> o2 aborted\nw1<\n"},
		map[string]string{"CAN-12": "its packet came | aborted"}},
	{sample{name: "a start on a closed socket whose packet says so", text: served + "main close s2\nmain recv s2 o2 len=4\nmain wait p1 -> o2 closed\n"}, map[string]string{"CLS-3": "refused ×1"}},
	{sample{name: "the end of the stream after a disconnect", win32: true, text: served + `
main disconnect s2 o2
main wait p1 -> o2 ok
main recv s2 o3 len=4
c peer-half-close c1
main wait p1 -> o3 ok ""
`}, map[string]string{"CON-11": ""}},
	{sample{name: "one thread sleeps until an operation ends", text: served1 + `
main recv s2 o2 len=4
w1> wait p1 forever
main pause
c peer-send c1 "ab"
main pause
w1< -> o2 ok "ab"
`}, map[string]string{"PKT-21": "one thread sleeps"}},
	{sample{name: "two threads sleep until an operation ends", text: served1 + `
main recv s2 o2 len=4
w1> wait p1 forever
w2> wait p1 forever
main pause
c peer-send c1 "ab"
main pause
w1< -> o2 ok "ab"
`}, map[string]string{"PKT-21": "others sleep beside it"}},
	{sample{name: "keys of two sockets in flight", text: served + `
main accept s1 o2
main recv s2 o3 len=4
c peer-send c1 "ab"
main wait p1 -> o3 ok "ab"
`}, map[string]string{"KEY-1": "several keys in flight"}},
	{sample{name: "refused, and tried again elsewhere, which takes its time", text: port1 + elsewhere}, map[string]string{"CON-5": ""}},
	{sample{name: "refused, and connected elsewhere", text: port1 + elsewhere + "main wait p1 -> o2 ok addr=@5000\n"}, map[string]string{"CON-5": "it has connected ×1"}},
	{sample{name: "refused twice", text: port1 + `
l peer-listen c1 refuse @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 refused
main connect s1 o2 @90
main wait p1 -> o2 refused
`}, map[string]string{"CON-5": ""}},
}

// served1 is served with room for several threads.
const served1 = wide + `
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main associate p1 s2 key=20
`

// elsewhere has a socket that was refused, and is connecting to one that listens.
const elsewhere = `
l peer-listen c1 refuse @90
k peer-listen c2 @91
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 refused
main connect s1 o2 @91
`
