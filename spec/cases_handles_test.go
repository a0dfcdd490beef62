package spec

// goodHandles and doctoredHandles are what samples are, about events, asynchronous procedure calls, duplicates and the ends of threads.
var goodHandles = []sample{
	{name: "CAN-10: what a thread has started goes on when it ends", text: served + `
w1 recv s2 o2 len=4
w1 accept s1 o3
w1 exit
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
d peer-connect c2 @80
main wait p1 -> o3 ok sock=s3 addr=@1002
`},
	{name: "CAN-10: cancelled by somebody as well", text: served + `
w1 recv s2 o2 len=4
w1> exit
main cancel s2 o2
w1<
main wait p1 -> o2 aborted
`},
	{name: "CAN-10: no port when it was started", text: port1 + `
main socket s1
main listen s1 @80
w1 accept s1 o1
main associate p1 s1 key=10
w1 exit
main wait p1 -> o1 aborted
`},
	{name: "KEY-7: a second handle is associated", text: served + `
main port p2
main duplicate s2 into=s3
main associate p1 s3 key=30 -> invalid
main associate p2 s3 key=30 -> invalid
main recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
`},
	{name: "KEY-8, CAN-11: a second handle is used, and closed", text: served + `
main duplicate s2 into=s3
main recv s3 o2 len=4
main recv s2 o3 len=4
main close s3
main recv s3 o4 len=4 -> refused closed
c peer-send c1 "abcdef"
main wait p1 -> o2 ok "abcd" key=20
main wait p1 -> o3 ok "ef"
main close s2
c peer-read c1 -> ""
` + settled},
	{name: "KEY-8: an accept through a second handle", text: listener + `
main duplicate s1 into=s2
main accept s2 o1
main close s1
c peer-connect c1 @80
main wait p1 -> o1 ok key=10 sock=s3 addr=@1001
`},
	{name: "CLS-1: the last of two handles is closed", text: served + `
main duplicate s2 into=s3
main recv s2 o2 len=4
main recv s3 o3 len=4
main close s2
main close s3
main wait p1 -> o2 aborted
main wait p1 -> o3 aborted key=20
c peer-read c1 -> ""
` + settled},
	{name: "two handles are closed at once", text: served + `
main duplicate s2 into=s3
main recv s2 o2 len=4
w1> close s2
w2> close s3
main wait p1 -> o2 aborted
w2<
w1<
main recv s2 o3 len=4 -> refused closed
main recv s3 o4 len=4 -> refused closed
`},
	{name: "OPN-10, OPN-11: an event beside packets", text: served + `
main event e1
main wait-event e1 -> timedout
main recv s2 o2 len=1 event=1
main wait-event e1 -> timedout
c peer-send c1 "a"
main wait-event e1
main wait p1 -> o2 ok "a"
main recv s2 o3 len=1 event=1
main wait-event e1 -> timedout
c peer-send c1 "b"
main wait p1 -> o3 ok "b"
main wait-event e1
main wait-event e1
main send s2 o4 "xy" event=1 -> done 2
main wait-event e1
main wait p1 -> o4
c peer-read c1 -> "xy"
` + settled},
	{name: "PKT-15, OPN-10: an event instead of a packet", text: served + `
main event e1
main event e2
main recv s2 o2 len=1 event=1 event-only
c peer-send c1 "a"
main wait p1 -> timedout
main wait-event e1
main send s2 o3 "xy" event=1 event-only -> done 2
main wait-event e1
main recv s2 o4 len=1 event=2 event-only
c peer-read c1 -> "xy"
` + settled + `
main close s2
main wait-event e2
c peer-read c1 -> ""
` + settled},
	{name: "PKT-15: a datagram that only the event tells of", text: port1 + `
main socket s1 net=udp4
main bind s1 @0 -> @90
main associate p1 s1 key=10
main event e1
main recvfrom s1 o1 len=4 event=1 event-only
c peer-bind c1 net=udp4 -> @91
c peer-send c1 "ab" @90
main wait-event e1
main recvfrom s1 o2 len=4
` + settled},
	{name: "OPN-10: a wait that ran out of time before anything was certain", text: served + `
main event e1
main recv s2 o2 len=1 event=1
c peer-send c1 "a"
main wait p1 -> o2 ok "a"
main wait-event e1 -> timedout
`},
	{name: "OPN-11: what a start that fails does to the event is not known", text: served + `
main event e1
main recv s2 o2 len=1 event=1 -> refused noresources
main wait-event e1
main pause
main wait-event e1 -> timedout
`},
	{name: "OPN-11: a wait that had begun before the reset", text: served + `
main event e1
main recv s2 o2 len=1 event=1
c peer-send c1 "a"
main wait p1 -> o2 ok "a"
w1> wait-event e1
main recv s2 o3 len=1 event=1
w1<
`},
	{name: "CAN-12: a thread with events ends", text: served + `
main event e1
w1 recv s2 o2 len=1 event=1
w1 exit
main wait p1 -> o2 aborted
main event e2
w2 recv s2 o3 len=1 event=2
c peer-send c1 "a"
w2 exit
main wait p1 -> o3 ok "a"
main recv s2 o4 len=1
` + settled},
	{name: "PKT-16, PKT-17, PKT-18: asynchronous procedure calls", text: port1 + `
w1 queue-apc t1
w1 wait p1 -> timedout
w1 post p1 t5
w1 wait p1 -> t5
w1 post p1 t6
w1 wait p1 alertable -> t6
w1> wait p1 alertable
w1 apc t1
w1< -> interrupted
w1 wait p1 alertable -> timedout
w1 queue-apc t2
w1 queue-apc t3
w2 wait p1 alertable -> timedout
w1> wait p1 alertable
w1 apc t2
w1 apc t3
w1< -> interrupted
`},
	{name: "a duplicate cannot be had", text: served + `
main duplicate s2 into=s3 -> noresources
main recv s2 o2 len=4
main close s2
main wait p1 -> o2 aborted
`},
}

var doctoredHandles = []sample{
	{name: "CAN-10: aborted when its thread ended", broken: "CAN-10", text: served + `
w1 recv s2 o2 len=4
w1 exit
main wait p1 -> o2 aborted
`},
	{name: "PKT-15: a packet all the same", broken: "PKT-15", text: served + `
main event e1
main recv s2 o2 len=1 event=1 event-only
c peer-send c1 "a"
main wait p1 -> o2 ok "a"
`},
	{name: "PKT-15: a packet after the event was seen", broken: "PKT-15", text: served + `
main event e1
main recv s2 o2 len=1 event=1 event-only
c peer-send c1 "a"
main wait-event e1
main wait p1 -> o2 ok "a"
`},
	{name: "OPN-10: not signaled beside the packet", broken: "OPN-10", text: served + `
main event e1
main recv s2 o2 len=1 event=1
c peer-send c1 "a"
main wait p1 -> o2 ok "a"
main pause
main wait-event e1 -> timedout
`},
	{name: "OPN-10: not signaled at the close", broken: "OPN-10", text: served + `
main event e1
main recv s2 o2 len=1 event=1 event-only
main close s2
main pause
main wait-event e1 -> timedout
`},
	{name: "OPN-11: signaled without a reason", broken: "OPN-11", text: served + `
main event e1
main wait-event e1
`},
	{name: "OPN-11: not reset", broken: "OPN-11", text: served + `
main event e1
main recv s2 o2 len=1 event=1
c peer-send c1 "a"
main wait p1 -> o2 ok "a"
main recv s2 o3 len=1 event=1
main wait-event e1
`},
	{name: "CAN-12: nothing has come of it", broken: "CAN-12", text: served + `
main event e1
w1 recv s2 o2 len=1 event=1
w1 exit
` + settled},
	{name: "PKT-16: run by a wait that is not alertable", broken: "PKT-16", text: port1 + `
w1 queue-apc t1
w1> wait p1
w1 apc t1
w1< -> timedout
`},
	{name: "PKT-17: not run", broken: "PKT-17", text: port1 + `
w1 queue-apc t1
w1 wait p1 alertable -> timedout
`},
	{name: "PKT-17: not all are run", broken: "PKT-17", text: port1 + `
w1 queue-apc t1
w1 queue-apc t2
w1> wait p1 alertable
w1 apc t1
w1< -> interrupted
`},
	{name: "PKT-17: out of order", broken: "PKT-17", text: port1 + `
w1 queue-apc t1
w1 queue-apc t2
w1> wait p1 alertable
w1 apc t2
w1 apc t1
w1< -> interrupted
`},
	{name: "PKT-18: both", broken: "PKT-18", text: port1 + `
w1 queue-apc t1
w1 post p1 t5
w1> wait p1 alertable
w1 apc t1
w1< -> t5
`},
	{name: "KEY-7: a second handle is associated again", broken: "KEY-7", text: served + `
main duplicate s2 into=s3
main associate p1 s3 key=30
`},
	{name: "KEY-8: no key", broken: "KEY-8", text: served + `
main duplicate s2 into=s3
main recv s3 o2 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab" key=0
`},
	{name: "KEY-8: another port", broken: "KEY-8", text: served + `
main port p2
main duplicate s2 into=s3
main recv s3 o2 len=4
c peer-send c1 "ab"
main wait p2 -> o2 ok "ab" key=20
`},
	{name: "CAN-11: closing a duplicate ends what was started through the other", broken: "CAN-11", text: served + `
main duplicate s2 into=s3
main recv s2 o2 len=4
main close s3
main wait p1 -> o2 aborted
`},
	{name: "CAN-11: closing the first handle ends what was started through it", broken: "CAN-11", text: served + `
main duplicate s2 into=s3
main recv s2 o2 len=4
main close s2
main wait p1 -> o2 aborted
`},
	{name: "CLS-1: closing both ends nothing", broken: "CLS-1", text: served + `
main duplicate s2 into=s3
main recv s2 o2 len=4
main close s2
main close s3
c peer-read c1 -> ""
` + settled},
	{name: "CLS-3: a start through a handle that was closed", broken: "CLS-3", text: served + `
main duplicate s2 into=s3
main close s2
main recv s2 o2 len=4
main wait p1 -> timedout
main settle
`},
}
