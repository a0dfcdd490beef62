package spec

var goodSamples = []sample{
	{name: "two threads that sleep are woken, one after the other", text: wide + `
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main accept s1 o1
main accept s1 o2
w1> wait p1 forever
w2> wait p1 forever
main pause
c peer-connect c1 @80
w2< -> o1 ok sock=s2 addr=@1001
d peer-connect c2 @80
w1< -> o2 ok sock=s3 addr=@1002
main wait p1 -> timedout
main settle
`},
	{name: "keys", text: port1 + `
main port p2
main socket s1
main associate p1 s1 key=0
main associate p1 s1 key=1 -> invalid
main associate p2 s1 key=1 -> invalid
main socket s2
main associate p1 s2 key=7
main socket s3
main associate p2 s3 key=8
main recv s1 o1 len=4 -> pending
main recv s2 o2 len=4 -> pending
main recv s3 o3 len=4 -> pending
main cancel s1 o1
main cancel s2 o2
main cancel s3 o3
main wait p1 -> o1 aborted; o2 aborted
main wait p2 -> o3 aborted
main wait p1 -> timedout
main wait p2 -> timedout
main settle
main end
`},
	{name: "one key", text: served + `
main recv s2 o2 len=4
c peer-send c1 "abcd"
main wait p1 -> o2 ok "abcd"
main settle
`},
	{name: "accept into a socket that is associated", text: listener + `
main socket s2
main associate p1 s2 key=5
main accept s1 o1 into=s2
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
`},
	{name: "posts", text: port1 + `
main port p2 limit=8
main post p1 t7 n=3 key=9
main post p1 t8 n=4294967295 key=0xffffffffffffffff
main post p1 t0 n=0 key=0
main wait p1 max=2 -> t7; t8
main wait p1 -> t0
w1> wait p1 forever
w2> wait p1
main post p1 t9
w1< -> t9
w2< -> timedout
main wait p1 -> timedout
w2> wait p2
main post p2 t5
w1 wait p2 -> t5
w2< -> timedout
main settle
main end
`},
	{name: "a packet may be first", text: served + `
w1> wait p1
w2> recv s2 o2 len=4
c peer-send c1 "ab"
w1< -> o2 ok "ab"
w2< -> pending
main recv s2 o3 len=2 -> refused busy
main settle
`},
	{name: "done at once, with a packet", text: served + `
c peer-send c1 "abcdef"
main recv s2 o2 len=4 -> done "abcd"
main wait p1 -> o2 ok "abcd"
main send s2 o3 "hello" -> done 5
main wait p1 -> o3 ok
c peer-read c1 -> "hello"
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`},
	{name: "done at once, without", text: served + `
main skip s2
c peer-send c1 "abcdef"
main recv s2 o2 len=4 -> done "abcd"
main recv s2 o3 len=4 -> done "ef"
main recv s2 o4 len=4
main send s2 o5 "hello" -> done 5
c peer-read c1 -> "hello"
c peer-send c1 "g"
main wait p1 -> o4 ok "g"
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`},
	{name: "a stream", text: served + `
main recv s2 o2 len=4
main recv s2 o3 len=4
c peer-send c1 "abcdef"
main wait p1 -> o2 ok "abcd"; o3 ok "ef"
main recv s2 o4 len=4
main cancel s2 o4
main wait p1 -> o4 aborted
main recv s2 o5 len=4
c peer-send c1 "gh"
main wait p1 -> o5 ok "gh"
main recv s2 o6 len=4
c peer-half-close c1
main wait p1 -> o6 ok
main recv s2 o7 len=4 -> done 0
main wait p1 -> o7 ok
main settle
`},
	{name: "an end without data", text: served + `
main recv s2 o2 len=4
c peer-close c1
main wait p1 -> o2 ok
`},
	{name: "resets", text: served + `
main recv s2 o2 len=4
c peer-abort c1
main wait p1 -> o2 reset
main recv s2 o3 len=4 -> refused reset
main wait p1 -> timedout
main settle
`},
	{name: "receives of no bytes", text: served + `
main recv s2 o2 len=0
c peer-send c1 "ab"
main wait p1 -> o2 ok
main recv s2 o3 len=0 -> done 0
main wait p1 -> o3 ok
main recv s2 o4 len=4
main wait p1 -> o4 ok "ab"
main settle
`},
	{name: "sends", text: served + `
main send s2 o2 "abc"
main send s2 o3 "defg"
c peer-read c1 -> "ab"
c peer-read c1 -> "cdefg"
main wait p1 -> o2 ok; o3 ok
c peer-read c1 -> timedout
main wait p1 -> timedout
main settle
main send s2 o4 "h"
main shutdown s2 side=send
main send s2 o5 "i" -> refused shutdown
c peer-read c1 -> "h"
c peer-read c1 -> ""
main wait p1 -> o4 ok
main wait p1 -> timedout
main settle
`},
	{name: "accepts", text: listener + `
main accept s1 o1
main accept s1 o2
c peer-connect c1 @80
d peer-connect c2 @80
e peer-connect c3 @80
main wait p1 -> o1 ok sock=s2 addr=@1001; o2 ok sock=s3 addr=@1002
main accept s1 o3
main wait p1 -> o3 ok sock=s4 addr=@1003
main accept s1 o4
main close s1
main wait p1 -> o4 aborted
main wait p1 -> timedout
main settle
`},
	{name: "accepts with data", text: listener + `
main accept s1 o1 len=4
c peer-connect c1 @80
c peer-send c1 "abcdef"
main wait p1 -> o1 ok "abcd" sock=s2 addr=@1001
main associate p1 s2 key=5
main recv s2 o2 len=4
main wait p1 -> o2 ok "ef"
main accept s1 o3 len=4
d peer-connect c2 @80
d peer-half-close c2
main wait p1 -> o3 ok n=0 sock=s3 addr=@1002
main wait p1 -> timedout
main settle
`},
	{name: "connects", text: port1 + `
l peer-listen c1 @90
l peer-listen c2 @91 refuse
main socket s1
main associate p1 s1 key=1
main connect s1 o1 @90
l peer-accept c3 -> @5000
main wait p1 -> o1 ok addr=@5000
main socket s2
main associate p1 s2 key=2
main connect s2 o2 @91
main wait p1 -> o2 refused
main send s1 o3 "ab"
l peer-read c3 -> "ab"
main wait p1 -> o3 ok
main wait p1 -> timedout
l peer-read c3 -> timedout
main settle
`},
	{name: "cancels", text: served + `
main recv s2 o2 len=4
main cancel s2 o2
main wait p1 -> o2 aborted
main cancel s2 o2 -> notfound
main recv s2 o3 len=4
c peer-send c1 "abcd"
main cancel s2 o3
main wait p1 -> o3 ok "abcd"
main recv s2 o4 len=4
c peer-send c1 "efgh"
main cancel s2 o4 -> notfound
main wait p1 -> o4 ok "efgh"
main cancel-all s2 -> notfound
main recv s2 o5 len=4
main recv s2 o6 len=4
main cancel-all s2
main wait p1 -> o5 aborted; o6 aborted
main wait p1 -> timedout
main settle
`},
	{name: "closes", text: served + `
main recv s2 o2 len=4
main send s2 o3 "abc"
main close s2
main wait p1 -> o2 aborted; o3 ok
main recv s2 o4 len=4 -> refused closed
c peer-read c1 -> "abc"
c peer-read c1 -> ""
main wait p1 -> timedout
main settle
`},
	{name: "a close that resets", text: served + `
c peer-send c1 "abc"
main close s2
c peer-read c1 -> reset
main wait p1 -> timedout
main settle
`},
	{name: "ports are closed", text: port1 + `
main port p2
w1> wait p1 forever
w2> wait p1 forever
w3> wait p2 forever
main close-port p1
w1< -> abandoned
w2< -> closed
main wait p1 -> closed
main close-port p2
w3< -> abandoned
main settle
`},
	{name: "one receive, posted again last", text: served + `
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
w1 recv s2 o4 len=4
c peer-send c1 "c"
w2 wait p1 -> o4 ok "c"
w2 enter o4
w2 leave o4
`},
	{name: "one receive, posted again first", text: served + `
main recv s2 o2 len=4
c peer-send c1 "a"
w1 wait p1 -> o2 ok "a"
w1 enter o2
w1 recv s2 o3 len=4
c peer-send c1 "b"
w2 wait p1 -> o3 ok "b"
w2 enter o3
w2 leave o3
w1 leave o2
`},
	{name: "two receives", text: served + `
main recv s2 o2 len=1
main recv s2 o3 len=1
c peer-send c1 "ab"
w1 wait p1 -> o2 ok "a"
w2 wait p1 -> o3 ok "b"
w1 enter o2
w2 enter o3
w2 leave o3
w1 leave o2
`},
	{name: "the last to block is the first to go", text: port1 + `
w1> wait p1 forever
main pause
w2> wait p1 forever
main pause
main post p1 t5
w2< -> t5
main post p1 t6
w1< -> t6
`},
	{name: "waiting for all", text: served + `
main recv s2 o2 len=4 wait-all
c peer-send c1 "ab"
c peer-send c1 "cd"
main wait p1 -> o2 ok "abcd"
main recv s2 o3 len=4 wait-all
c peer-send c1 "ef"
c peer-half-close c1
main wait p1 -> o3 ok "ef"
`},
	{name: "handlers under a limit", text: `
main port p1 limit=2
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
w2 leave o2 n=1
w1 leave o1 n=1
`},
	{name: "blocked threads are released", text: `
main port p1 limit=8
w1> wait p1 forever
w2> wait p1 forever
main post p1 t5
w1< -> t5
main post p1 t6
w2< -> t6
main pause
main settle
`},
}
