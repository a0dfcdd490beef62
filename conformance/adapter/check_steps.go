package adapter

// step is a part of the walk: a scenario, which says what is expected, and what to look at if it goes wrong.
type step struct {
	title string
	lines string // a scenario; its needs and axes decide whether it is taken
	hint  string
	asks  func(*Pool, *Checked) []string // in place of a scenario: what is said of what was asked
}

// steps are what a completion back end is asked.
var steps = []step{
	{title: "a port is made, is empty, and is closed", lines: `
port P
wait P 0s -> timedout
wait P 20ms -> timedout
close P
`, hint: "A wait with nothing to take is answered timedout once its time is over; with timeout 0 at once."},
	{title: "a wait holds up no other request", asks: (*Pool).holdsUp},
	{title: "a wait that a reset ends has no answer", asks: (*Pool).lapses},
	{title: "a wait ends with its port", lines: `
axes delivery=pull wake-on-close=yes
port P
@w1 wait P forever &
settle
tcp s
close s
close P
@w1 join -> abandoned | closed
`, hint: "Remember the wait and go on reading; answer it when a packet comes, its time is over, or its port is closed."},
	{title: "an accept completes with a connection", lines: `
needs accept
port P
listen L on P key=0xA
accept a1 on L
peer c1 connects L
wait P -> a1: ok key=0xA
`, hint: "The packet has the listener's key, the token of the accept, and as socket the number that was given under as."},
	{title: "an accept that comes later takes the connection that waits", lines: `
needs accept
port P
listen L on P key=0xA
peer c1 connects L
settle
accept a1 on L
wait P -> a1: ok key=0xA
`},
	{title: "a connect completes", lines: `
needs connect
port P
tcp s
associate s to P key=5
peer p listens
connect x on s to p
wait P -> x: ok 0 key=5
peer p accepts as q
`},
	{title: "a connect to nobody is refused", lines: `
needs connect
port P
tcp s
associate s to P key=5
peer p refuses
connect x on s to p
wait P -> x: refused 0
`, hint: "What fails after the start has its status in the packet."},
	{title: "a receive completes with what the far end sent", lines: `
session s
recv r1 on s len=8
peer c sends 5
wait P -> r1: ok 1..5 key=2
`, hint: "The packet has the key under which the socket was associated, and the bytes as base64 in data."},
	{title: "what was sent before is received at once, or with a packet", lines: `
session s
peer c sends 5
settle
recv r1 on s len=8
wait P -> r1: ok 1..5
wait P -> nothing
`, hint: "There is one packet for each operation that was not refused, done or not."},
	{title: "a send goes out", lines: `
session s
send w1 on s len=100
wait P -> w1: ok 1..100
peer c reads 1..100
`, hint: "The packet of a send has the number of bytes in bytes, and no data."},
	{title: "the end of the stream is a receive of nothing", lines: `
session s
recv r1 on s len=8
peer c half-closes
wait P -> r1: ok 0
`, hint: "The end of the stream is status ok without bytes."},
	{title: "closing a socket ends its receive", lines: `
axes close=abort
session s
recv r1 on s len=8
close s
wait P -> r1: aborted 0
peer c reads eof
`, hint: "The packet comes in any case; its status is aborted."},
	{title: "two sockets on one port keep their keys", lines: `
session s
session s2 peer=d key=3
recv r1 on s len=8
recv r2 on s2 len=8
peer d sends 4
wait P -> r2: ok 1..4 key=3
peer c sends 4
wait P -> r1: ok 1..4 key=2
`},
	{title: "a receive is cancelled", lines: `
needs cancel
session s
recv r1 on s len=8
cancel r1 -> ok
wait P -> r1: aborted 0
cancel r1 -> notfound
`, hint: "Cancel answers ok: asked for; the packet says aborted. Once the operation has ended it answers notfound."},
	{title: "everything is cancelled", lines: `
needs cancel-all
session s
recv r1 on s len=8
cancel all s -> ok
wait P -> r1: aborted 0
cancel all s -> notfound
`},
	{title: "the sending side is shut down", lines: `
needs shutdown
session s
shutdown s send
peer c reads eof
peer c sends 3
recv r1 on s len=8
wait P -> r1: ok 1..3
`, hint: "The far end sees the end of the stream; receiving goes on."},
	{title: "a packet is posted", lines: `
needs post
port P
post k1 to P key=7 bytes=3
wait P -> k1: ok 3 key=7
`, hint: "The packet has key, token and bytes as they were posted."},
	{title: "an operation that is done at once has no packet on a socket that skips", lines: `
needs skip
session s skip=yes
peer c sends 4
settle
recv r1 on s len=8 -> done 1..4 | pending
wait P -> r1: ok 1..4 if=r1.pending
wait P -> nothing
`, hint: "Either the start is answered done, with data, and no packet comes, or it is answered pending, and one comes."},
	{title: "a datagram comes and one goes", lines: `
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
`, hint: "The packet of a recvfrom has the sender's address in from."},
	{title: "connections over IPv6 are accepted", lines: `
needs accept ipv6
port P
listen L on P key=0xA ip=6
accept a1 on L
peer c1 connects L
wait P -> a1: ok key=0xA
`},
	{title: "a receive waits until its buffer is full", lines: `
needs wait-all
session s
recv r1 on s len=8 waitall=yes
peer c sends 3
wait P -> nothing
peer c sends 5
wait P -> r1: ok 8
`},
	{title: "an accept waits for the first bytes", lines: `
needs accept accept-data
port P
listen L on P key=0xA
accept a1 on L data=8
peer c1 connects L
wait P -> nothing
peer c1 sends 5
wait P -> a1: ok 1..5
`, hint: "The packet has the socket and, in data, the bytes."},
	{title: "a connection is accepted into a socket that was there before", lines: `
needs accept accept-into
port P
listen L on P key=0xA
tcp s
accept a1 on L into s
peer c1 connects L
wait P -> a1: ok sock=s
`, hint: "The packet has the number under into as its socket."},
	{title: "an operation that was started before its socket was associated completes", lines: `
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
`},
	{title: "two threads wait on one port", lines: `
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
`, hint: "There may be several waits on a port, and each packet goes to one of them."},
	{title: "a second receive waits behind the first", lines: `
axes receives=n fill=fifo
session s
recv r1 on s len=4
recv r2 on s len=4
peer c sends 8
wait P -> {r1: ok 4, r2: ok 4}
`, hint: "If the back end allows one receive at a time, declare receives=1 and refuse the second as busy."},
	{title: "a second receive is refused as busy", lines: `
axes receives=1
session s
recv r1 on s len=4
recv r2 on s len=4 -> refused/busy
peer c sends 4
wait P -> r1: ok 1..4
`, hint: "With receives=1 the second receive of a socket is answered busy. If it is not, declare receives=n."},
	{title: "a receive of nothing waits for data", lines: `
axes zero-receive=parks
session s
recv r1 on s len=0
wait P -> nothing
peer c sends 4
wait P -> r1: ok 0
`, hint: "If such a receive completes at once, declare zero-receive=at-once."},
}

// readySteps are what a readiness back end is asked.
var readySteps = []step{
	{title: "a poller is made, has nothing to tell, and is closed", lines: `
needs poller
poller E
wait E 0s -> timedout
wait E 20ms -> timedout
close E
`, hint: "A wait with nothing to tell is answered timedout once its time is over; with timeout 0 at once."},
	{title: "a wait holds up no other request", asks: (*Pool).holdsUp},
	{title: "a wait that a reset ends has no answer", asks: (*Pool).lapses},
	{title: "a wait is told of what comes later", lines: `
needs poller
trigger any
poller E
session s
add s to E in
@w1 wait E forever &
settle
peer c sends 1
@w1 join -> s: in
`, hint: "Remember the wait and go on reading; answer it when something is ready, or its time is over."},
	{title: "a connection is accepted, which the poller tells of", lines: `
needs poller
trigger any
poller E
listen L
add L to E in
peer c connects L
wait E -> L: in
try accept on L as s -> ok
try accept on L as t -> wouldblock
`, hint: "The event has the token of the listener. A try that has to wait is answered wouldblock."},
	{title: "what can be received is told of, and received", lines: `
needs poller
trigger any
poller E
session s
add s to E in
wait E 20ms -> timedout
peer c sends 5
wait E -> s: in
try recv on s len=8 -> ok 5
try recv on s len=8 -> wouldblock
wait E 20ms -> timedout
`, hint: "The answer of a try-recv has the bytes in data."},
	{title: "what is level-triggered is told of again", lines: `
needs poller
poller E
session s
peer c sends 5
add s to E in
wait E -> s: in
wait E -> s: in
`, hint: "Without edge every wait tells, as long as it is so, also what was so when it was added."},
	{title: "there is room to send", lines: `
needs poller
trigger any
poller E
session s
add s to E out
wait E -> s: out
try send on s len=100 -> ok 100
peer c reads 100
`, hint: "The answer of a try-send has in bytes how much has gone out."},
	{title: "the end of the stream can be received", lines: `
needs poller
trigger any
poller E
session s
add s to E in
peer c half-closes
wait E
try recv on s len=8 -> ok 0
`, hint: "The end of the stream is status ok without bytes, and is told of as in."},
	{title: "what is watched is changed, and watched no longer", lines: `
needs poller
trigger any
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
`, hint: "Events have the token and the ask of the latest add or modify."},
	{title: "a socket that is closed is watched no longer", lines: `
needs poller
trigger any
poller E
session s
add s to E in out
wait E -> s: out
close s
wait E 20ms -> timedout
`},
	{title: "a connect is told of when it is made", lines: `
needs poller connect
trigger any
poller E
tcp s
peer p listens
try connect on s to p -> wouldblock | ok
add s to E out
wait E -> s: out
try connect on s to p -> ok | connected
`, hint: "Another try-connect to the same address asks what has become of the first."},
	{title: "a connect to nobody is refused", lines: `
needs poller connect
poller E
tcp s
peer p refuses
try connect on s to p -> wouldblock | refused
settle
try connect on s to p -> refused
`},
	{title: "a direction is shut down", lines: `
needs poller shutdown
session s
shutdown s send
peer c reads eof
`},
	{title: "a datagram comes and one goes", lines: `
needs poller datagram
trigger any
poller E
udp U
add U to E in
peer u sends 10 to U attempts=8
wait E -> U: in
try recvfrom on U len=16 -> ok 10 from=u
try sendto on U to u len=6 -> ok 6
peer u reads 6
`, hint: "The answer of a try-recvfrom has the sender's address in from."},
	{title: "an error is told as one", lines: `
needs poller connect
axes hangups=told
trigger any
poller E
tcp s
peer p refuses
try connect on s to p -> wouldblock | refused
settle
add s to E in out
wait E -> s: in out err hup
`, hint: "A poller that knows no events but in and out declares hangups=folded."},
	{title: "a datagram that is too long is cut short, and is said to be", lines: `
needs poller datagram
axes truncation=error
trigger any
poller E
udp U
add U to E in
peer u sends 10 to U attempts=8
wait E -> U: in
try recvfrom on U len=4 -> truncated 4
`, hint: "If the platform does not tell, declare truncation=silent, and answer ok."},
	{title: "connections over IPv6 are accepted", lines: `
needs poller ipv6
trigger any
poller E
listen L ip=6
add L to E in
peer c connects L
wait E -> L: in
try accept on L -> ok
`},
	{title: "what is edge-triggered is told of once", lines: `
needs poller edge
poller E
session s
add s to E in edge
peer c sends 5
settle
wait E -> s: in
wait E 20ms -> timedout
`, hint: "With edge in ask a wait tells of what has changed since."},
	{title: "what is one-shot is told of once, and again when it is armed anew", lines: `
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
`},
	{title: "that the far end will send no more is told", lines: `
needs poller rdhup
trigger any
poller E
session s
add s to E in rdhup
peer c half-closes
wait E -> s: in rdhup
`},
	{title: "a socket is watched exclusively", lines: `
needs poller exclusive
trigger any
poller E
session s
add s to E in exclusive -> ok
peer c sends 5
wait E -> s: in
`},
	{title: "a socket has another descriptor", lines: `
needs poller duplicate
trigger any
poller E
session s
dup s as t
add t to E in
peer c sends 5
wait E -> t: in
try recv on t len=8 -> ok 5
`, hint: "What is made has the number under as."},
	{title: "a poller is watched by another", lines: `
needs poller nested
trigger any
poller E
poller F
session s
add s to F in
add F to E in
wait E 20ms -> timedout
peer c sends 1
wait E -> F: in
`, hint: "The request has inner in place of socket."},
}
