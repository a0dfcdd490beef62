package spec

// ledgerOfCloses: which close of a handle stands, and who raced with it; shutdowns beside each other; duplicates.
var ledgerOfCloses = []shown{
	{sample: sample{name: "on a real machine a close beside nothing leaves the guarantees as they are", world: "real", text: served + `
w1 recv s2 o2 len=4
main close s2
main wait p1 -> o2 aborted
`}, shows: map[string]string{"KEY-1": "one key in flight"}},
	{sample: sample{name: "on a real machine a start inside a close is beyond the contract", world: "real", text: served + `
main recv s2 o2 len=4
main> close s2
w1 recv s2 o3 len=4
main<
main wait p1 -> o2 aborted key=9
`}, shows: map[string]string{"KEY-1": "void"}},
	{sample: sample{name: "on a real machine a close inside a start is beyond the contract", world: "real", text: served + `
w1> recv s2 o2 len=4
main close s2
w1<
main wait p1 -> o2 aborted key=9
`}, shows: map[string]string{"KEY-1": "void"}},
	{sample: sample{name: "CLS-3: of two closes at once the second has closed the socket, the first failed later", broken: "CLS-3", text: served + `
w1> close s2
w2> close s2
w2<
w1< -> closed
main send s2 o2 "ab" -> done 2
`}},
	{sample: sample{name: "of two closes at once the second failed first", text: served + `
w1> close s2
w2> close s2
w2< -> closed
w1<
main recv s2 o2 len=4 -> refused closed
`}},
	{sample: sample{name: "CAN-3: a close that failed ends nothing that comes after it", broken: "CAN-3", text: served + `
main close s2 -> interrupted
main recv s2 o2 len=4
main wait p1 -> o2 aborted
`}},
	{sample: sample{name: "a shutdown that failed beside one that did not", text: served + `
w1> shutdown s2 side=send
w2> shutdown s2 side=both
w1< -> interrupted
w2<
main send s2 o2 "ab" -> refused shutdown
`}},
	{sample: sample{name: "SND-8: a shutdown of the sending side failed beside one of the other side", broken: "SND-8", text: served + `
w1> shutdown s2 side=send
w2> shutdown s2 side=receive
w1< -> interrupted
w2<
main send s2 o2 "ab" -> refused shutdown
`}},
	{sample: sample{name: "SND-8: a shutdown failed beside one of another socket", broken: "SND-8", text: served + `
main accept s1 o2
d peer-connect c2 @80
main wait p1 -> o2 ok sock=s3 addr=@1002
main associate p1 s3 key=30
w1> shutdown s2 side=send
w2> shutdown s3 side=send
w1< -> notconnected
main send s2 o3 "ab" -> refused shutdown
w2<
`}},
	{sample: sample{name: "SND-8: a shutdown failed beside another call", broken: "SND-8", text: served + `
w1> shutdown s2 side=send
w2> recv s2 o2 len=4
w1< -> notconnected
w2<
main send s2 o3 "ab" -> refused shutdown
`}},
	{sample: sample{name: "of two shutdowns that are left the first may have shut the side down", text: served + `
w1> shutdown s2 side=send
w2> shutdown s2 side=both
main send s2 o2 "ab"
w3> shutdown s2 side=send
w1< -> interrupted
w2<
w3< -> interrupted
main wait p1 -> o2 shutdown
`}},
	{sample: sample{name: "of two associations at once the one that stands has not returned when the packet comes", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
c peer-send c1 "ab"
main> associate p1 s2 key=20
w2> associate p1 s2 key=30
w1 recv s2 o2 len=4
main< -> invalid
main wait p1 -> o2 ok "ab" key=30
w2<
main recv s2 o3 len=4
c peer-send c1 "cd"
main wait p1 -> o3 ok "cd" key=30
`}},
	{sample: sample{name: "KEY-1: of two associations at once the one that stands was answered last", broken: "KEY-1", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main> associate p1 s2 key=20
w2> associate p1 s2 key=30
main< -> invalid
w2<
main recv s2 o3 len=4
c peer-send c1 "cd"
main wait p1 -> o3 ok "cd" key=20
`}},
	{sample: sample{name: "of two calls at once that have a socket skip one failed", text: served + `
c peer-send c1 "abcdef"
w1> skip s2
w2> skip s2
w1< -> noresources
main recv s2 o2 len=2 -> done "ab"
w2<
main recv s2 o3 len=2 -> done "cd"
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "OPN-3: of two calls at once that have a socket skip the second was answered first", broken: "OPN-3", text: served + `
c peer-send c1 "abcdef"
w1> skip s2
w2> skip s2
w2<
w1< -> noresources
main recv s2 o2 len=2 -> done "ab"
main wait p1 -> o2 ok "ab"
`}},
	{sample: sample{name: "of two binds at once one failed", win32: true, text: port1 + `
l peer-listen c1 @90
main socket s1
main associate p1 s1 key=20
w1> bind s1 @0
w2> bind s1 @0
w1< -> wsa=10022
main connect s1 o1 @90
w2<
l peer-accept c2 -> @5000
main wait p1 -> o1 ok addr=@5000
`}},
	{sample: sample{name: "of two listens at once one failed", win32: true, text: port1 + `
main socket s1
main bind s1 @80
w1> listen s1 @80 backlog=16
w2> listen s1 @80 backlog=16
w1< -> wsa=10055
w2<
main associate p1 s1 key=10
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main context s2 into=s1
`}},
	{sample: sample{name: "what was to be a second handle is none", text: served + `
main duplicate s2 into=s3 -> noresources
main recv s3 o2 len=4 -> refused closed
main recv s2 o3 len=4
c peer-send c1 "ab"
main wait p1 -> o3 ok "ab"
`}},
	{sample: sample{name: "a socket that could not be opened says that it is none", text: port1 + `
main socket s1 -> noresources
main bind s1 @0 -> closed
main associate p1 s1 key=10 -> closed
main recv s1 o1 len=4 -> refused closed
`}},
	{sample: sample{name: "a socket that could not be opened says that it is none, in numbers", win32: true, text: port1 + `
main socket s1 -> wsa=10055
main bind s1 @0 -> wsa=10038
main associate p1 s1 key=10 -> win32=6
main recv s1 o1 len=4 -> refused wsa=10038
main connect s1 o2 @90 -> refused wsa=10038
main cancel s1 o2 -> win32=6
main shutdown s1 side=both -> wsa=10038
main name s1 -> wsa=10038
main close s1 -> wsa=10038
`}},
	{sample: sample{name: "what was to be a second handle is none, in numbers", win32: true, text: served + `
main duplicate s2 into=s3 -> wsa=10055
main associate p1 s3 key=10 -> win32=6
main recv s3 o2 len=4 -> refused wsa=10038
main cancel s3 o2 -> win32=6
main shutdown s3 side=both -> wsa=10038
main close s3 -> wsa=10038
`}},
	{sample: sample{name: "CLS-1: a socket that could not be duplicated is closed, and is accepted into", broken: "CLS-1", text: listener + `
main socket s2
main duplicate s2 into=s3 -> noresources
main accept s1 o1 into=s2
main close s2
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "CAN-11: a second handle is there though a third could not be had", broken: "CAN-11", text: served + `
main duplicate s2 into=s3
main duplicate s2 into=s4 -> noresources
main recv s2 o2 len=4
main close s2
main wait p1 -> o2 aborted
`}},
}

// ledgerOfDisturbances: what may have ended an operation early, and what cannot.
var ledgerOfDisturbances = []shown{
	{sample: sample{name: "a cancel ends what has the token of the one that it names", text: served + `
main recv s2 o2 len=1 tok=9
c peer-send c1 "x"
main wait p1 -> o2 ok "x"
main recv s2 o3 len=4 tok=9 wait-all
c peer-send c1 "ab"
main cancel s2 o2
main wait p1 -> o3 ok "ab"
`}},
	{sample: sample{name: "a cancel ends what is started meanwhile with its token", text: served + `
main recv s2 o2 len=1 tok=9
c peer-send c1 "x"
main wait p1 -> o2 ok "x"
w1> cancel s2 o2
main recv s2 o3 len=4 tok=9 wait-all
c peer-send c1 "ab"
w1<
main wait p1 -> o3 ok "ab"
`}},
	{sample: sample{name: "a cancel of everything ends what is started meanwhile", text: served + `
w1> cancel-all s2
main recv s2 o2 len=4 wait-all
c peer-send c1 "ab"
w1<
main wait p1 -> o2 ok "ab"
`}},
	{sample: sample{name: "CAN-3: a cancel of everything ends nothing that comes after it", broken: "CAN-3", text: served + `
main recv s2 o2 len=4
main cancel-all s2
main wait p1 -> o2 aborted
main recv s2 o3 len=4
main wait p1 -> o3 aborted
`}},
	{sample: sample{name: "CAN-1: a cancel by the token alone was answered ok, and no packet", broken: "CAN-1", text: served + `
main recv s2 o2 len=4
main cancel s2 tok=0x1002
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "PKT-21: a thread sleeps beside an accept whose socket was closed", broken: "PKT-21", text: wide + `
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main socket s2
main accept s1 o1 into=s2
w1> wait p1 forever
main pause
main close s2
main pause
main wait p1 -> o1 aborted
`}},
	{sample: sample{name: "PKT-21: a thread sleeps beside an accept into a socket that had been closed", broken: "PKT-21", text: wide + `
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main socket s2
main close s2
w1> wait p1 forever
main pause
main accept s1 o1 into=s2
main pause
main wait p1 -> o1 aborted
`}},
	{sample: sample{name: "PKT-21: a thread sleeps beside a receive that a shutdown has ended", broken: "PKT-21", can: []Capability{CanAccept, CanConnect, CanPost}, text: wide + `
main socket s1
main associate p1 s1 key=10
main shutdown s1 side=receive
w1> wait p1 forever
main pause
main recv s1 o1 len=4
main pause
main wait p1 -> o1 aborted
`}},
	{sample: sample{name: "CAN-3: aborted by nobody, and when that was nobody knows", broken: "CAN-3", text: wide + `
main socket s1
main associate p1 s1 key=10
w1> wait p1 forever
main pause
main recv s1 o1 len=4
main pause
main wait p1 -> o1 aborted
`}},
	{sample: sample{name: "SND-5: a disconnect that failed leaves the shutdown before it in force", broken: "SND-5", text: served + `
main shutdown s2 side=send
main disconnect s2 o2 reuse -> refused noresources
main send s2 o3 "ab"
main wait p1 -> o3 ok
`}},
	{sample: sample{name: "SND-5: a disconnect that was done at its start, without a packet", broken: "SND-5", text: served + `
main skip s2
main disconnect s2 o2 -> done
main send s2 o3 "ab" -> done 2
`}},
	{sample: sample{name: "a connection whose disconnect was refused can be used", win32: true, text: listener + `
main accept s1 o1 no-context
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main associate p1 s2 key=20
main disconnect s2 o2 -> refused wsa=10055
c peer-send c1 "ab"
main recv s2 o3 len=4
main wait p1 -> o3 ok "ab"
`}, shows: map[string]string{"ACC-9": "accepted: a receive"}},
	{sample: sample{name: "a connect that is on its way has given its socket a name", win32: true, text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90 no-context
l peer-accept c2 -> @5000
main wait p1 -> o1 ok addr=@5000
main name s1 -> @5000
`}},
	{sample: sample{name: "a socket of datagrams that has sent is not bound again, however often", text: port1 + `
main socket s1 net=udp4
main associate p1 s1 key=10
c peer-bind c1 -> @1001
main sendto s1 o1 "hello" @1001 -> done 5 @5000
main wait p1 -> o1 ok
main bind s1 @0 -> invalid
main bind s1 @0 -> invalid
`}},
	{sample: sample{name: "what cannot be shut down to receive may be shut down all the same, and refuses", text: mailbox + `
main shutdown s1 side=receive -> notconnected
main recvfrom s1 o1 len=8 -> refused shutdown
`}},
	{sample: sample{name: "OPN-12: what cannot be shut down to send can receive", broken: "OPN-12", text: mailbox + `
main shutdown s1 side=send -> notconnected
main recvfrom s1 o1 len=8 -> refused shutdown
`}},
}
