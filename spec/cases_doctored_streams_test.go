package spec

// doctoredStreams are those of streams, connections, cancels, closes and threads.
var doctoredStreams = []sample{
	{name: "RCV-1: an altered byte", broken: "RCV-1", text: served + `
main recv s2 o2 len=4
main recv s2 o3 len=4
c peer-send c1 "abcdef"
main wait p1 -> o2 ok "abXd"; o3 ok "ef"
`},
	{name: "RCV-1: judged although a receive is always open", broken: "RCV-1", text: served + `
main recv s2 o2 len=4
c peer-send c1 "abcdef"
main recv s2 o3 len=4
main wait p1 -> o2 ok "abXd"
`},
	{name: "RCV-2: the later receive has the earlier bytes", broken: "RCV-2", text: served + `
main recv s2 o2 len=2
main recv s2 o3 len=2
c peer-send c1 "abcd"
main wait p1 -> o2 ok "cd"; o3 ok "ab"
`},
	{name: "RCV-3: left out", broken: "RCV-3", text: served + `
main recv s2 o2 len=2
c peer-send c1 "abcdef"
main wait p1 -> o2 ok "cd"
main recv s2 o3 len=2
main wait p1 -> o3 ok "ef"
`},
	{name: "RCV-3: lost by a cancel", broken: "RCV-3", text: served + `
main recv s2 o2 len=2
c peer-send c1 "abcdef"
main cancel s2 o2
main wait p1 -> o2 aborted
main recv s2 o3 len=4
main wait p1 -> o3 ok "cdef"
`},
	{name: "RCV-3: again", broken: "RCV-3", text: served + `
c peer-send c1 "abcdef"
main recv s2 o2 len=4
main wait p1 -> o2 ok "abcd"
main recv s2 o3 len=4
main wait p1 -> o3 ok "abcd"
`},
	{name: "RCV-4: the end before all bytes", broken: "RCV-4", text: served + `
c peer-send c1 "abcdef"
c peer-half-close c1
main recv s2 o2 len=4
main recv s2 o3 len=4
main wait p1 -> o2 ok "abcd"; o3 ok
`},
	{name: "RCV-4: the end of what has not ended", broken: "RCV-4", text: served + `
main recv s2 o2 len=4
main wait p1 -> o2 ok
`},
	{name: "RCV-5: pending next to bytes", broken: "RCV-5", text: served + `
main recv s2 o2 len=4
c peer-send c1 "abcdef"
main wait p1 -> timedout
main settle
`},
	{name: "RCV-5: pending at the end", broken: "RCV-5", text: served + `
main recv s2 o2 len=4
c peer-half-close c1
main wait p1 -> timedout
main settle
`},
	{name: "RCV-6: a reset out of nowhere", broken: "RCV-6", text: served + `
main recv s2 o2 len=4
main wait p1 -> o2 reset
`},
	{name: "RCV-6: pending after a reset", broken: "RCV-6", text: served + `
main recv s2 o2 len=4
c peer-abort c1
main wait p1 -> timedout
main settle
`},
	{name: "RCV-7: pending after the end", broken: "RCV-7", text: served + `
c peer-half-close c1
main recv s2 o2 len=4
main wait p1 -> o2 ok
main recv s2 o3 len=4
main wait p1 -> timedout
main settle
`},
	{name: "RCV-7: not connected after the end", broken: "RCV-7", text: served + `
c peer-half-close c1
main recv s2 o2 len=4
main wait p1 -> o2 ok
main recv s2 o3 len=4
main wait p1 -> o3 notconnected
`},
	{name: "RCV-8: no bytes, and nothing there", broken: "RCV-8", text: served + `
main recv s2 o2 len=0
main wait p1 -> o2 ok
`},
	{name: "SND-1: an altered byte", broken: "SND-1", text: served + `
main send s2 o2 "abcdef"
c peer-read c1 -> "abX"
`},
	{name: "SND-2: out of order", broken: "SND-2", text: served + `
main send s2 o2 "abc"
main send s2 o3 "def"
c peer-read c1 -> "def"
`},
	{name: "SND-2: one inside the other", broken: "SND-2", text: served + `
main send s2 o2 "abc"
main send s2 o3 "def"
c peer-read c1 -> "ab"
c peer-read c1 -> "defc"
`},
	{name: "SND-3: short", broken: "SND-3", text: served + `
main send s2 o2 "abcdef"
main wait p1 -> o2 ok n=4
`},
	{name: "SND-3: short, without a packet", broken: "SND-3", text: served + `
main skip s2
main send s2 o2 "abcdef" -> done 4
`},
	{name: "SND-4: the end before all of it", broken: "SND-4", text: served + `
main send s2 o2 "abcdef"
main wait p1 -> o2 ok
main shutdown s2 side=send
c peer-read c1 -> "abc"
c peer-read c1 -> ""
`},
	{name: "SND-4: never", broken: "SND-4", text: served + `
main send s2 o2 "abcdef"
main wait p1 -> o2 ok
main wait p1 -> timedout
c peer-read c1 -> "abc"
c peer-read c1 -> timedout
main settle
`},
	{name: "SND-5: a send after the shutdown", broken: "SND-5", text: served + `
main shutdown s2 side=send
main send s2 o2 "ab"
main wait p1 -> o2 ok
`},
	{name: "SND-6: pending, and read", broken: "SND-6", text: served + `
main send s2 o2 "ab"
c peer-read c1 -> "ab"
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`},
	{name: "SND-6: pending, and reset", broken: "SND-6", text: served + `
main send s2 o2 "ab"
c peer-abort c1
main wait p1 -> timedout
main settle
`},
	{name: "SND-6: pending, and the far end reads on", broken: "SND-6", text: served + `
main send s2 o2 "abcdef"
c peer-read c1 -> "ab"
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`},
	{name: "SND-7: shut down, and no end", broken: "SND-7", text: served + `
main shutdown s2 side=send
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`},
	{name: "ACC-1: more than were made", broken: "ACC-1", text: listener + `
main accept s1 o1
main accept s1 o2
main accept s1 o3
c peer-connect c1 @80
d> peer-connect c2 @80
main wait p1 -> o1 ok sock=s2 addr=@1001; o2 ok sock=s3 addr=@1002; o3 ok sock=s4 addr=@1003
`},
	{name: "ACC-2: another's address", broken: "ACC-2", text: listener + `
main accept s1 o1
main accept s1 o2
c peer-connect c1 @80
d peer-connect c2 @80
main wait p1 -> o1 ok sock=s2 addr=@1001; o2 ok sock=s3 addr=@1001
`},
	{name: "ACC-2: nobody's address", broken: "ACC-2", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1077
`},
	{name: "ACC-3: the accept was first, and never ends", broken: "ACC-3", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> timedout
main settle
`},
	{name: "ACC-4: the connection was first, and the accept never ends", broken: "ACC-4", text: listener + `
c peer-connect c1 @80
main accept s1 o1
main wait p1 -> timedout
main settle
`},
	{name: "ACC-5: no data, and no end", broken: "ACC-5", text: listener + `
main accept s1 o1 len=4
c peer-connect c1 @80
main wait p1 -> o1 ok n=0 sock=s2 addr=@1001
`},
	{name: "ACC-6: another socket than the one given", broken: "ACC-6", text: listener + `
main socket s2
main accept s1 o1 into=s2
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s3 addr=@1001
`},
	{name: "ACC-6: a socket that was there", broken: "ACC-6", text: served + `
main accept s1 o2
d peer-connect c2 @80
main wait p1 -> o2 ok sock=s2 addr=@1002
`},
	{name: "ACC-7: crossed", broken: "ACC-7", text: listener + `
main accept s1 o1
main accept s1 o2
c peer-connect c1 @80
d peer-connect c2 @80
main wait p1 -> o1 ok sock=s2 addr=@1002; o2 ok sock=s3 addr=@1001
`},
	{name: "CON-1: refused by one that listens", broken: "CON-1", text: port1 + `
l peer-listen c1 @90
main socket s1
main associate p1 s1 key=1
main connect s1 o1 @90
main wait p1 -> o1 refused
`},
	{name: "CON-1: refused at the start", broken: "CON-1", text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @100 -> @100
main associate p1 s1 key=1
main connect s1 o1 @90 -> refused closed
`},
	{name: "CON-1: pending", broken: "CON-1", text: port1 + `
l peer-listen c1 @90
main socket s1
main associate p1 s1 key=1
main connect s1 o1 @90
main wait p1 -> timedout
main settle
`},
	{name: "CON-2: connected to nobody", broken: "CON-2", text: port1 + `
l peer-listen c1 @90 refuse
main socket s1
main associate p1 s1 key=1
main connect s1 o1 @90
main wait p1 -> o1 ok addr=@5000
`},
	{name: "CAN-1: asked, and no packet", broken: "CAN-1", text: served + `
main recv s2 o2 len=4
main cancel s2 o2
main wait p1 -> timedout
main settle
`},
	{name: "CAN-2: not found, and aborted", broken: "CAN-2", text: served + `
main recv s2 o2 len=4
main cancel s2 o2 -> notfound
main wait p1 -> o2 aborted
`},
	{name: "CAN-2: not found, and pending", broken: "CAN-2", text: served + `
main recv s2 o2 len=4
main cancel s2 o2 -> notfound
main wait p1 -> timedout
main settle
`},
	{name: "CAN-3: aborted by nobody", broken: "CAN-3", text: served + `
main recv s2 o2 len=4
main wait p1 -> o2 aborted
`},
	{name: "CAN-3: the neighbour is aborted as well", broken: "CAN-3", text: served + `
main recv s2 o2 len=4
main recv s2 o3 len=4
main cancel s2 o2
main wait p1 -> o2 aborted; o3 aborted
`},
	{name: "CAN-4: a cancel of what has ended", broken: "CAN-4", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
main cancel s2 o2
`},
	{name: "CAN-4: a cancel of nothing", broken: "CAN-4", text: served + `
main cancel-all s2
`},
	{name: "CAN-5: one is left", broken: "CAN-5", text: served + `
main recv s2 o2 len=4
main recv s2 o3 len=4
main cancel-all s2
main wait p1 -> o2 aborted
main wait p1 -> timedout
main settle
`},
	{name: "CLS-1: lost at the close", broken: "CLS-1", text: served + `
main recv s2 o2 len=4
main close s2
c peer-read c1 -> ""
main wait p1 -> timedout
main settle
`},
	{name: "CLS-1: the socket that is accepted into", broken: "CLS-1", text: listener + `
main socket s2
main accept s1 o1 into=s2
main close s2
main wait p1 -> timedout
main settle
`},
	{name: "CLS-2: bytes from after the close", broken: "CLS-2", text: served + `
main recv s2 o2 len=4
main close s2
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
`},
	{name: "CLS-3: started on a closed socket", broken: "CLS-3", text: served + `
main close s2
main recv s2 o2 len=4
main wait p1 -> timedout
c peer-read c1 -> ""
main settle
`},
	{name: "CLS-4: no end", broken: "CLS-4", text: served + `
main close s2
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`},
	{name: "CLS-5: blocked for ever", broken: "CLS-5", text: port1 + `
w1> wait p1 forever
main close-port p1
main settle
`},
	{name: "CLS-6: closed by nobody", broken: "CLS-6", text: port1 + `
main wait p1 -> closed
`},
	{name: "CLS-6: another word for it", broken: "CLS-6", text: port1 + `
w1> wait p1
main close-port p1
w1< -> invalid
`},
	{name: "CLS-6: not closed", broken: "CLS-6", text: port1 + `
main close-port p1
main wait p1 -> timedout
`},
	{name: "THR-1: two handlers of one receive's socket", broken: "THR-1", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
w1 wait p1 -> o2 ok "ab"
w1 enter o2
w2 enter o2
w2 leave o2
w1 leave o2
`},
	{name: "THR-4: the first to block goes first", broken: "THR-4", text: port1 + `
w1> wait p1 forever
main pause
w2> wait p1 forever
main pause
main post p1 t5
w1< -> t5
`},
	{name: "DSC-4: one token for two", broken: "DSC-4", text: served + `
main recv s2 o2 len=4 tok=7
main recv s2 o3 len=4 tok=7
c peer-send c1 "abcd"
main wait p1 -> o2 ok "abcd"
`},
	{name: "DSC-4: one token for two, and what follows on the socket cannot be told", broken: "DSC-4", text: served + `
c peer-send c1 "abcd"
main recv s2 o2 len=1 tok=7 -> done "a"
main recv s2 o3 len=4 tok=7
c peer-send c1 "efgh"
main wait p1 -> o3 ok "efgh"
main recv s2 o4 len=1
main wait p1 -> o4 ok "h"
main late o3 n=0
main settle
`},
	{name: "PKT-9: blocked next to a packet", broken: "PKT-9", text: `
main port p1 limit=8
w1> wait p1 forever
main post p1 t5
main pause
w1< -> t5
`},
	{name: "RCV-2: the earlier receive is left out", broken: "RCV-2", text: served + `
main recv s2 o2 len=2
main recv s2 o3 len=2
c peer-send c1 "ab"
main wait p1 -> o3 ok "ab"
main wait p1 -> timedout
main settle
`},
	{name: "RCV-9: not all", broken: "RCV-9", text: served + `
main recv s2 o2 len=4 wait-all
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
`},
	{name: "RCV-10: a reset taken for the end", broken: "RCV-10", text: served + `
main recv s2 o2 len=4
c peer-abort c1
main wait p1 -> o2 ok
`},
	{name: "SND-8: cut off by a shutdown", broken: "SND-8", text: served + `
main send s2 o2 "abc"
main shutdown s2 side=send
main wait p1 -> o2 reset
`},
	{name: "THR-5: more handlers than the limit", broken: "THR-5", text: `
main port p1 limit=1
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main accept s1 o1
main accept s1 o2
c peer-connect c1 @80
d peer-connect c2 @80
w1 wait p1 max=1 -> o1 ok sock=s2 addr=@1001
w2 wait p1 max=1 -> o2 ok sock=s3 addr=@1002
w1 enter o1 n=1
w2 enter o2 n=1
`},
	{name: "THR-6: a thread sleeps beside a packet, and the only other one is blocked as well", broken: "THR-6", text: `
main port p1 limit=1
main post p1 t5
w1 wait p1 max=1 -> t5
w2> wait p1 forever
main pause
main post p1 t6
main pause
`},
	{name: "THR-6: one thread runs of the two that may, and the packet waits for it", broken: "THR-6", text: twoBlocked + `
main post p1 t5
w1< -> t5
w1 post p1 t6
w1 wait p1 max=1 -> t6
main pause
`},
}

// twoBlocked are two threads that are blocked on a port for two, w1 on top.
const twoBlocked = `
main port p1 limit=2
w2> wait p1 forever
main pause
w1> wait p1 forever
main pause
`
