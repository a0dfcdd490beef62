package adapter

// step is a part of the walk: a scenario, which says what is expected, and what to look at if it goes wrong.
type step struct {
	title string
	lines string // a scenario; its needs and axes decide whether it is taken
	hint  string
}

// steps are what a completion back end is asked.
var steps = []step{
	{"a port is made, is empty, and is closed", `
port P
wait P 0s -> timedout
wait P 20ms -> timedout
close P
`, "A wait with nothing to take is answered timedout once its time is over; with timeout 0 at once."},
	{"a wait holds up nothing", `
axes delivery=pull wake-on-close=yes
port P
@w1 wait P forever &
settle
tcp s
close s
close P
@w1 join -> abandoned | closed
`, "Remember the wait and go on reading; answer it when a packet comes, its time is over, or its port is closed."},
	{"an accept completes with a connection", `
needs accept
port P
listen L on P key=0xA
accept a1 on L
peer c1 connects L
wait P -> a1: ok key=0xA
`, "The packet has the listener's key, the token of the accept, and as socket the number that was given under as."},
	{"an accept that comes later takes the connection that waits", `
needs accept
port P
listen L on P key=0xA
peer c1 connects L
settle
accept a1 on L
wait P -> a1: ok key=0xA
`, ""},
	{"a connect completes", `
needs connect
port P
tcp s
associate s to P key=5
peer p listens
connect x on s to p
wait P -> x: ok 0 key=5
peer p accepts as q
`, ""},
	{"a connect to nobody is refused", `
needs connect
port P
tcp s
associate s to P key=5
peer p refuses
connect x on s to p
wait P -> x: refused 0
`, "What fails after the start has its status in the packet."},
	{"a receive completes with what the far end sent", `
session s
recv r1 on s len=8
peer c sends 5
wait P -> r1: ok 1..5 key=2
`, "The packet has the key under which the socket was associated, and the bytes as base64 in data."},
	{"what was sent before is received at once, or with a packet", `
session s
peer c sends 5
settle
recv r1 on s len=8
wait P -> r1: ok 1..5
wait P -> nothing
`, "There is one packet for each operation that was not refused, done or not."},
	{"a send goes out", `
session s
send w1 on s len=100
wait P -> w1: ok 1..100
peer c reads 1..100
`, "The packet of a send has the number of bytes in bytes, and no data."},
	{"the end of the stream is a receive of nothing", `
session s
recv r1 on s len=8
peer c half-closes
wait P -> r1: ok 0
`, "The end of the stream is status ok without bytes."},
	{"closing a socket ends its receive", `
axes close=abort
session s
recv r1 on s len=8
close s
wait P -> r1: aborted 0
peer c reads eof
`, "The packet comes in any case; its status is aborted."},
	{"two sockets on one port keep their keys", `
session s
session s2 peer=d key=3
recv r1 on s len=8
recv r2 on s2 len=8
peer d sends 4
wait P -> r2: ok 1..4 key=3
peer c sends 4
wait P -> r1: ok 1..4 key=2
`, ""},
	{"a receive is cancelled", `
needs cancel
session s
recv r1 on s len=8
cancel r1 -> ok
wait P -> r1: aborted 0
cancel r1 -> notfound
`, "Cancel answers ok: asked for; the packet says aborted. Once the operation has ended it answers notfound."},
	{"everything is cancelled", `
needs cancel-all
session s
recv r1 on s len=8
cancel all s -> ok
wait P -> r1: aborted 0
cancel all s -> notfound
`, ""},
	{"the sending side is shut down", `
needs shutdown
session s
shutdown s send
peer c reads eof
peer c sends 3
recv r1 on s len=8
wait P -> r1: ok 1..3
`, "The far end sees the end of the stream; receiving goes on."},
	{"a packet is posted", `
needs post
port P
post k1 to P key=7 bytes=3
wait P -> k1: ok 3 key=7
`, "The packet has key, token and bytes as they were posted."},
	{"an operation that is done at once has no packet on a socket that skips", `
needs skip
session s skip=yes
peer c sends 4
settle
recv r1 on s len=8 -> done 1..4 | pending
wait P -> r1: ok 1..4 if=r1.pending
wait P -> nothing
`, "Either the start is answered done, with data, and no packet comes, or it is answered pending, and one comes."},
	{"a datagram comes and one goes", `
needs datagram
port P
udp U
associate U to P key=7
recvfrom r1 on U len=16
peer u sends 10 to U attempts=8
wait P -> r1: ok 10 key=7 from=u
sendto w1 on U to u len=6
wait P -> w1: ok 6
peer u reads 6
`, "The packet of a recvfrom has the sender's address in from."},
	{"connections over IPv6 are accepted", `
needs accept ipv6
port P
listen L on P key=0xA ip=6
accept a1 on L
peer c1 connects L
wait P -> a1: ok key=0xA
`, ""},
	{"a receive waits until its buffer is full", `
needs wait-all
session s
recv r1 on s len=8 waitall=yes
peer c sends 3
wait P -> nothing
peer c sends 5
wait P -> r1: ok 8
`, ""},
	{"an accept waits for the first bytes", `
needs accept accept-data
port P
listen L on P key=0xA
accept a1 on L data=8
peer c1 connects L
wait P -> nothing
peer c1 sends 5
wait P -> a1: ok 1..5
`, "The packet has the socket and, in data, the bytes."},
	{"a connection is accepted into a socket that was there before", `
needs accept accept-into
port P
listen L on P key=0xA
tcp s
accept a1 on L into s
peer c1 connects L
wait P -> a1: ok sock=s
`, "The packet has the number under into as its socket."},
	{"an operation that was started before its socket was associated completes", `
needs accept late-association
port P
listen L on P key=0xA
accept a1 on L as s
peer c1 connects L
wait P -> a1: ok
recv r1 on s len=8
associate s to P key=4
peer c1 sends 4
wait P -> r1: ok 1..4
`, ""},
	{"two threads wait on one port", `
needs workers
session s
session s2 peer=d key=3
recv r1 on s len=8
recv r2 on s2 len=8
@w1 wait P &
@w2 wait P &
peer c sends 4
peer d sends 4
@w1 join
@w2 join
`, "There may be several waits on a port, and each packet goes to one of them."},
	{"a second receive waits behind the first", `
axes receives=n fill=fifo
session s
recv r1 on s len=4
recv r2 on s len=4
peer c sends 8
wait P -> {r1: ok 4, r2: ok 4}
`, "If the back end allows one receive at a time, declare receives=1 and refuse the second as busy."},
	{"a second receive is refused as busy", `
axes receives=1
session s
recv r1 on s len=4
recv r2 on s len=4 -> refused/busy
peer c sends 4
wait P -> r1: ok 1..4
`, "With receives=1 the second receive of a socket is answered busy. If it is not, declare receives=n."},
	{"a receive of nothing waits for data", `
axes zero-receive=parks
session s
recv r1 on s len=0
wait P -> nothing
peer c sends 4
wait P -> r1: ok 0
`, "If such a receive completes at once, declare zero-receive=at-once."},
}

// readySteps are what a readiness back end is asked.
var readySteps = []step{
	{"a poller is made, has nothing to tell, and is closed", `
needs poller
poller E
wait E 0s -> timedout
wait E 20ms -> timedout
close E
`, "A wait with nothing to tell is answered timedout once its time is over; with timeout 0 at once."},
	{"a wait holds up nothing", `
needs poller workers
poller E
session s
add s to E in
@w1 wait E forever &
settle
peer c sends 1
@w1 join -> s: in
`, "Remember the wait and go on reading; answer it when something is ready, or its time is over."},
	{"a connection is accepted, which the poller tells of", `
needs poller
poller E
listen L
add L to E in
peer c connects L
wait E -> L: in
try accept on L as s -> ok
try accept on L as t -> wouldblock
`, "The event has the token of the listener. A try that has to wait is answered wouldblock."},
	{"what can be received is told of, and received", `
needs poller
poller E
session s
add s to E in
wait E 20ms -> timedout
peer c sends 5
wait E -> s: in
try recv on s len=8 -> ok 5
try recv on s len=8 -> wouldblock
wait E 20ms -> timedout
`, "The answer of a try-recv has the bytes in data."},
	{"what is level-triggered is told of again", `
needs poller
poller E
session s
peer c sends 5
add s to E in
wait E -> s: in
wait E -> s: in
`, "Without edge every wait tells, as long as it is so, also what was so when it was added."},
	{"there is room to send", `
needs poller
poller E
session s
add s to E out
wait E -> s: out
try send on s len=100 -> ok 100
peer c reads 100
`, "The answer of a try-send has in bytes how much has gone out."},
	{"the end of the stream can be received", `
needs poller
poller E
session s
add s to E in
peer c half-closes
wait E
try recv on s len=8 -> ok 0
`, "The end of the stream is status ok without bytes, and is told of as in."},
	{"what is watched is changed, and watched no longer", `
needs poller
poller E
session s
add s to E in
add s to E in -> inuse
modify s in E out
wait E -> s: out
remove s from E
wait E 20ms -> timedout
remove s from E -> notfound
modify s in E in -> notfound
`, "Events have the token and the ask of the latest add or modify."},
	{"a socket that is closed is watched no longer", `
needs poller
poller E
session s
add s to E in out
wait E -> s: out
close s
wait E 20ms -> timedout
`, ""},
	{"a connect is told of when it is made", `
needs poller connect
poller E
tcp s
peer p listens
try connect on s to p -> wouldblock | ok
add s to E out
wait E -> s: out
try connect on s to p -> ok | connected
`, "Another try-connect to the same address asks what has become of the first."},
	{"a connect to nobody is refused", `
needs poller connect
poller E
tcp s
peer p refuses
try connect on s to p -> wouldblock | refused
settle
try connect on s to p -> refused
`, ""},
	{"a direction is shut down", `
needs poller shutdown
session s
shutdown s send
peer c reads eof
`, ""},
	{"a datagram comes and one goes", `
needs poller datagram
poller E
udp U
add U to E in
peer u sends 10 to U attempts=8
wait E -> U: in
try recvfrom on U len=16 -> ok 10 from=u
try sendto on U to u len=6 -> ok 6
peer u reads 6
`, "The answer of a try-recvfrom has the sender's address in from."},
	{"connections over IPv6 are accepted", `
needs poller ipv6
poller E
listen L ip=6
add L to E in
peer c connects L
wait E -> L: in
try accept on L -> ok
`, ""},
	{"what is edge-triggered is told of once", `
needs poller edge
poller E
session s
add s to E in edge
peer c sends 5
settle
wait E -> s: in
wait E 20ms -> timedout
`, "With edge in ask a wait tells of what has changed since."},
	{"what is one-shot is told of once, and again when it is armed anew", `
needs poller oneshot
poller E
session s
add s to E in oneshot
peer c sends 5
settle
wait E -> s: in
wait E 20ms -> timedout
modify s in E in oneshot
wait E -> s: in
`, ""},
	{"that the far end will send no more is told", `
needs poller rdhup
poller E
session s
add s to E in rdhup
peer c half-closes
wait E -> s: in rdhup
`, ""},
	{"a socket is watched exclusively", `
needs poller exclusive
poller E
session s
add s to E in exclusive -> ok
peer c sends 5
wait E -> s: in
`, ""},
	{"a socket has another descriptor", `
needs poller duplicate
poller E
session s
dup s as t
add t to E in
peer c sends 5
wait E -> t: in
try recv on t len=8 -> ok 5
`, "What is made has the number under as."},
	{"a poller is watched by another", `
needs poller nested
poller E
poller F
session s
add s to F in
add F to E in
wait E 20ms -> timedout
peer c sends 1
wait E -> F: in
`, "The request has inner in place of socket."},
}
