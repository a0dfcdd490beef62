package spec

// legalSamples are traces of correct back ends that a rule in its naive form would accuse.
var legalSamples = append(legalEndings, []sample{
	{name: "what comes during the hour may come too late", text: served + `
main recv s2 o2 len=4
main> wait p1 ms=3600000
c peer-send c1 "ab"
main< -> timedout
main wait p1 -> o2 ok "ab"
main wait p1 -> timedout
main settle
`},
	{name: "a thread sleeps on while as many run as the port allows", text: "main port p1 limit=1" + `
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main accept s1 o1
main accept s1 o2
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
w1> wait p1 forever
main pause
d peer-connect c2 @80
main pause
main wait p1 -> o2 ok sock=s3 addr=@1002
main close-port p1
w1< -> abandoned
main settle
`},
	{name: "a connect is tried again after a while", text: wide + `
c peer-listen c1 -> @90
main socket s1
main associate p1 s1 key=10
w1> wait p1 forever
main pause
main connect s1 o1 @90
main pause
main wait p1 -> o1 ok addr=@2000
main close-port p1
w1< -> abandoned
main settle
`},
	{name: "a wait that began during a longer one takes its time", text: port1 + `
main> wait p1 ms=3600000
w1> wait p1 ms=1800000
main< -> timedout
main pause
w1< -> timedout
`},
	{name: "a wait may last nearly as long as one beside it", text: port1 + `
w1> wait p1 ms=3600000
main pause
main wait p1 ms=3600000 -> timedout
main pause
w1< -> timedout
`},
	{name: "a thread whose time is up may be slow until all is quiet", text: port1 + `
w1> wait p1 ms=10
main pause
main wait p1 ms=3600000 -> timedout
w1< -> timedout
main pause
`},
	{name: "on a real machine a thread may be slow", world: "real", text: port1 + `
w1> wait p1 ms=10
main pause n=5000
main wait p1 ms=3600000 -> timedout
main pause n=5000
w1< -> timedout
`},
	{name: "a socket that was refused connects from another port", can: []Capability{CanAccept, CanConnect, CanPost, CanShutdown}, text: wide + `
main socket s1
main bind s1 @0 -> @81
main associate p1 s1 key=10
n peer-listen c1 refuse -> @90
main connect s1 o1 @90
main wait p1 -> o1 refused
c peer-listen c2 -> @91
main connect s1 o2 @91
main wait p1 -> o2 ok
main name s1 -> @82
`},
	{name: "a port closed twice at once, the later call is first", text: port1 + `
w1> close-port p1
main close-port p1
w1< -> closed
main wait p1 -> closed
`},
	{name: "bytes are in receives whose packets a closed port has dropped, and the next ones begin alike", text: served + `
c peer-send c1 "xy"
main close-port p1
w1> recv s2 o2 len=4
w2 recv s2 o3 len=1
c peer-send c1 "zxvw"
main recv s2 o4 len=1 -> done "x"
main recv s2 o5 len=1 -> done "v"
w1<
main settle
`},
	{name: "the byte before the end is in a receive whose packet a closed port has dropped", text: served + `
main close-port p1
c peer-send c1 "a"
c peer-half-close c1
w1> recv s2 o2 len=1
main recv s2 o3 len=1 -> done
w1< -> pending
main settle
`},
	{name: "a send waits for a far end that found nothing once and reads no more", text: served + `
main send s2 o2 "abcdef"
c peer-read c1 -> timedout
main wait p1 -> timedout
main settle
`},
	{name: "an operation beside two associations at once has the key of either", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
c peer-send c1 "ab"
main> associate p1 s2 key=20
w2> associate p1 s2 key=30
w1 recv s2 o2 len=4
main< -> invalid
w2< -> ok
main wait p1 -> o2 ok "ab" key=30
`},
	{name: "a packet before its start is even recorded", text: served + `
w2> wait p1
w1> recv s2 o2 len=4
c peer-send c1 "ab"
w2< -> o2 ok "ab"
w1< -> pending
`},
	{name: "a token is used again before the first start returns", text: served + `
w1> recv s2 o2 len=4 tok=77
c peer-send c1 "ab"
w2 wait p1 -> o2 ok "ab"
w2 recv s2 o3 len=4 tok=77
w1< -> pending
c peer-send c1 "cd"
w2 wait p1 -> o3 ok "cd"
`},
	{name: "a post has the token of an earlier post", text: port1 + `
main post p1 t5 n=1
main post p1 t5 n=2
main post p1 t6
main post p1 t5 n=1
main wait p1 -> t5 n=1; t5 n=2; t6; t5 n=1
main wait p1 -> timedout
main settle
`},
	{name: "equal posts are taken by waits that overlap", text: port1 + `
main post p1 t5 n=1
w1> wait p1
main post p1 t6
main wait p1 -> t6
main post p1 t5 n=1
main wait p1 -> t5 n=1
w1< -> t5 n=1
main wait p1 -> timedout
main settle
`},
	{name: "a wait runs out of time while posts come and go, with a gap between", text: port1 + `
main post p1 t5
w1> wait p1 max=1
w2> wait p1 max=1
w2< -> t5
main post p1 t6
w1< -> timedout
main wait p1 -> t6
`},
	{name: "a wait runs out of time while another is taking the packet", text: port1 + `
main post p1 t5
w2> wait p1
w1> wait p1
w1< -> timedout
w2< -> t5
`},
	{name: "a wait runs out of time because of the concurrency limit", text: `
main port p1 limit=1
main post p1 t5
w1 wait p1 -> t5
main post p1 t6
w2 wait p1 -> timedout
w1 wait p1 -> t6
`},
	{name: "a cancel finds nothing next to another that did", text: served + `
main recv s2 o2 len=4
w1> cancel s2 o2
w2> cancel s2 o2
w2< -> ok
w1< -> notfound
main wait p1 -> o2 aborted
main wait p1 -> timedout
main settle
`},
	{name: "a cancel finds nothing because a start has not begun", text: served + `
w1> recv s2 o2 len=4
w2 cancel s2 o2 -> notfound
w1< -> pending
w2 cancel s2 o2
main wait p1 -> o2 aborted
`},
	{name: "a cancel of what has ended hits what has the same token", text: served + `
main recv s2 o2 len=4 tok=9
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
main recv s2 o3 len=4 tok=9
main cancel s2 o2
main wait p1 -> o3 aborted
main wait p1 -> timedout
main settle
`},
	{name: "a cancel runs while its operation is started", text: served + `
w1> cancel s2 o2
w2 recv s2 o2 len=4
w1<
main wait p1 -> o2 aborted
`},
	{name: "a cancel of everything runs while something is started", text: served + `
w1> cancel-all s2
w2 recv s2 o2 len=4
w1<
main wait p1 -> o2 aborted
`},
	{name: "data came before the close and is dequeued after it", text: served + `
main recv s2 o2 len=4
c peer-send c1 "abcd"
main close s2
main wait p1 -> o2 ok "abcd"
c peer-read c1 -> ""
main wait p1 -> timedout
main settle
`},
	{name: "receives whose starts overlap, the second first", text: served + `
w1> recv s2 o2 len=2
w2> recv s2 o3 len=2
w1<
w2<
c peer-send c1 "abcd"
main wait p1 -> o3 ok "ab"; o2 ok "cd"
`},
	{name: "receives whose starts overlap, the bytes of the one that is known fit in two places", text: served + `
w1> recv s2 o2 len=2
w2> recv s2 o3 len=1
w1<
w2<
c peer-send c1 "aba"
main wait p1 -> o3 ok "a"
main recv s2 o4 len=4
main wait p1 -> o2 ok "ab"
main wait p1 -> timedout
main settle
`},
	{name: "receives whose starts overlap, one open between two that are known", text: served + `
w1> recv s2 o2 len=3
w2> recv s2 o3 len=1
w1<
w3> recv s2 o4 len=1
w2<
w4> recv s2 o5 len=1
w3<
w4<
c peer-send c1 "xyzxab"
main wait p1 -> o3 ok "x"; o5 ok "b"
main wait p1 -> o2 ok "xyz"
main wait p1 -> o4 ok "a"
main wait p1 -> timedout
main settle
`},
	{name: "packets are dequeued out of order by two workers", text: served + `
main recv s2 o2 len=2
main recv s2 o3 len=2
c peer-send c1 "abcd"
w1> wait p1 max=1
w2> wait p1 max=1
w2< -> o3 ok "cd"
w1< -> o2 ok "ab"
`},
	{name: "the end is reported while another worker holds earlier bytes", text: served + `
main recv s2 o2 len=4
main recv s2 o3 len=4
c peer-send c1 "ab"
c peer-half-close c1
w1> wait p1 max=1
w2> wait p1 max=1
w2< -> o3 ok
w1< -> o2 ok "ab"
main wait p1 -> timedout
main settle
`},
	{name: "of receives whose starts overlap the first sees the end", text: served + `
w1> recv s2 o2 len=4
w2> recv s2 o3 len=4
w1<
w2<
c peer-send c1 "ab"
c peer-half-close c1
main wait p1 -> o2 ok
main wait p1 -> o3 ok "ab"
`},
	{name: "the end comes early after a shutdown of our own", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
main shutdown s2 side=receive
main wait p1 -> o2 ok
main settle
`},
	{name: "what comes behind a shutdown of both sides resets the connection", text: served + `
main shutdown s2 side=both
c peer-send c1 "abc"
main recv s2 o2 len=8
main wait p1 -> o2 reset
main wait p1 -> timedout
main settle
`},
	{name: "what is under way when both sides are shut down resets the connection", text: served + `
main shutdown s2 side=send
c peer-send c1 "abc"
main shutdown s2 side=receive
main recv s2 o2 len=8
main wait p1 -> o2 reset
main wait p1 -> timedout
main settle
`},
	{name: "a shutdown that failed", text: served + `
main shutdown s2 side=both -> notconnected
main send s2 o2 "ab"
c peer-read c1 -> "ab"
main wait p1 -> o2 ok
c peer-read c1 -> timedout
main settle
`},
	{name: "sends after the far end has reset", text: served + `
c peer-abort c1
main send s2 o2 "ab" -> done 2
main send s2 o3 "cd"
main wait p1 -> o2 ok; o3 reset
main wait p1 -> timedout
main settle
`},
	{name: "a send after the far end has closed resets", text: served + `
c peer-send c1 "abcd"
c peer-close c1
main send s2 o2 "ab"
main recv s2 o3 len=8
main wait p1 -> o2 ok; o3 reset
main wait p1 -> timedout
main settle
`},
	{name: "a far end closes with unread data", text: served + `
main send s2 o2 "ab"
main recv s2 o3 len=8
c peer-send c1 "abcd"
c peer-close c1
main wait p1 -> o2 ok; o3 reset
main settle
`},
	{name: "half of the stream, then a reset", text: served + `
c peer-send c1 "abcd"
c peer-abort c1
main recv s2 o2 len=2
main recv s2 o3 len=2
main wait p1 -> o2 ok "ab"; o3 reset
`},
	{name: "a far end's connect returns after the accept's packet", text: listener + `
main accept s1 o1
c> peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main associate p1 s2 key=3
main recv s2 o2 len=4
c<
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
main wait p1 -> timedout
main settle
`},
	{name: "a far end's address is used again", text: listener + `
c peer-connect c1 @80
c peer-abort c1
d> peer-connect c2 @80
main accept s1 o1
main wait p1 -> o1 ok sock=s2 addr=@1001
d< -> ok @1001
d peer-send c2 "xyz"
main associate p1 s2 key=3
main recv s2 o2 len=4
main wait p1 -> o2 ok "xyz"
main wait p1 -> timedout
main settle
`},
	{name: "a connect that failed was accepted all the same", text: listener + `
main accept s1 o1
c peer-connect c1 @80 -> timedout
main wait p1 -> o1 ok sock=s2 addr=@1001
`},
	{name: "sockets of the back end connect to each other", text: listener + `
main accept s1 o1
main socket s5
main associate p1 s5 key=5
main connect s5 o2 @80
main wait p1 -> o1 ok sock=s2 addr=@6000; o2 ok addr=@6000
main associate p1 s2 key=3
main send s5 o3 "ab"
main recv s2 o4 len=4
main wait p1 -> o3 ok; o4 ok "ab"
main wait p1 -> timedout
main settle
`},
	{name: "a listener on every address", text: port1 + `
main socket s1
main listen s1 @0 backlog=4 -> ok @80
main associate p1 s1 key=10
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
`},
	{name: "more far ends than the backlog holds", text: port1 + `
main socket s1
main listen s1 @80 backlog=1
main associate p1 s1 key=10
c peer-connect c1 @80
d peer-connect c2 @80
main accept s1 o1
main wait p1 -> o1 ok sock=s2 addr=@1001
main accept s1 o2
main wait p1 -> timedout
main settle
`},
	{name: "an accept for data holds the connection", text: listener + `
main accept s1 o1 len=4
c peer-connect c1 @80
main accept s1 o2
main wait p1 -> timedout
main settle
`},
	{name: "an accept for data that was cancelled took the connection along", text: listener + `
main accept s1 o1 len=4
c peer-connect c1 @80
main cancel s1 o1
main wait p1 -> o1 aborted
main accept s1 o2
main wait p1 -> timedout
main settle
`},
	{name: "a far end left before it was accepted", text: listener + `
c peer-connect c1 @80
c peer-abort c1
main accept s1 o1
main wait p1 -> timedout
main settle
`},
	{name: "the socket to accept into is closed", text: listener + `
main socket s2
main accept s1 o1 into=s2
main close s2
main wait p1 -> o1 aborted
c peer-connect c1 @80
main wait p1 -> timedout
main settle
`},
	{name: "the socket to accept into is closed, after the accept was done", text: listener + `
main socket s2
main accept s1 o1 into=s2
c peer-connect c1 @80
main close s2
main wait p1 -> o1 ok sock=s2 addr=@1001
c peer-read c1 -> reset
main wait p1 -> timedout
main settle
`},
	{name: "bytes that an accept brought precede the rest", text: listener + `
main socket s2
main associate p1 s2 key=2
w1> accept s1 o1 len=2 into=s2
c peer-connect c1 @80
c peer-send c1 "abcd"
w2 recv s2 o2 len=2
w2 wait p1 -> o2 ok "cd"
w2 wait p1 -> o1 ok "ab" sock=s2 addr=@1001
w1<
main wait p1 -> timedout
main settle
`},
}...)
