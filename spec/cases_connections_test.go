package spec

func init() {
	goodSamples = append(goodSamples, goodConnections...)
	doctoredSamples = append(doctoredSamples, doctoredConnections...)
}

// dialled has a connected socket, s1, and its far end, c2.
const dialled = port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
l peer-accept c2 -> @5000
main wait p1 -> o1 ok addr=@5000
`

// freedMeanwhile frees the socket of served for another connection, which it has when a call that began before returns.
const freedMeanwhile = `
main disconnect s2 o2 reuse
main wait p1 -> o2 ok
d peer-connect c2 @80
main accept s1 o3 into=s2
main wait p1 -> o3 ok sock=s2 addr=@1002
w1<
`

const ended = "main wait p1 -> timedout\n"

// goodConnections show what the windows profile says of accepting, connecting and disconnecting.
var goodConnections = []sample{
	{name: "an accepted socket without its context", win32: true, text: listener + `
main accept s1 o1 no-context
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main associate p1 s2 key=20
main name s2 -> wsa=10057
main peername s2 -> wsa=10057
main shutdown s2 side=send -> wsa=10057
main context s2 into=s2 -> wsa=10022
c peer-send c1 "ab"
main recv s2 o2 len=4
main wait p1 -> o2 ok "ab"
main send s2 o3 "xy"
main wait p1 -> o3 ok
c peer-read c1 -> "xy"
main context s2 into=s1
main name s2 -> @80
main peername s2 -> @1001
main shutdown s2 side=send
main shutdown s2 side=send
main shutdown s2 side=receive
main peername s2 -> @1001
c peer-read c1 -> n=0
` + ended + "main settle\n"},
	{name: "a connected socket without its context", win32: true, text: port1 + `
l peer-listen c1 @90
main socket s1
main peername s1 -> wsa=10057
main shutdown s1 side=send -> wsa=10057
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90 no-context
l peer-accept c2 -> @5000
main wait p1 -> o1 ok addr=@5000
main peername s1 -> wsa=10057
main shutdown s1 side=send -> wsa=10057
l peer-send c2 "ab"
main recv s1 o2 len=4
main wait p1 -> o2 ok "ab"
main send s1 o3 "xy"
main wait p1 -> o3 ok
l peer-read c2 -> "xy"
main context s1
main peername s1 -> @90
main shutdown s1 side=send
l peer-read c2 -> n=0
` + ended + "main settle\n"},
	{name: "accepts with unusual arguments", win32: true, text: listener + `
main socket s2
main shutdown s1 side=send -> wsa=10057
main accept s1 o1 remote=0 -> refused wsa=10014
main accept s1 o2 without=buffer -> refused wsa=10014
main accept s1 o3 without=overlapped -> refused win32=87
main accept s1 o4 without=listener -> refused wsa=10038
main accept s1 o5 without=socket -> refused wsa=10038
main accept s1 o6 local=3
main accept s1 o7 local=0
main accept s1 o8 local=31
main accept s1 o9 remote=31
c peer-connect c1 @80
main wait p1 -> o6 ntstatus=0xC0000023
main wait p1 -> o7 ok sock=s3 addr=@1001
c peer-connect c2 @80
main wait p1 -> o8 ok sock=s4 addr=@1002
c peer-connect c3 @80
main wait p1 -> o9 ok sock=s5 addr=@1003
main accept s1 o10 local=20
d peer-connect c4 @80
main wait p1 -> o10 ntstatus=0xC0000023
main accept s1 o11 into=s2
main wait p1 -> o11 ok sock=s2 addr=@1004
` + ended + "main settle\n"},
	{name: "two closes at once, and the one that was called first is too late", win32: true, text: served + `
main shutdown s2 side=send
w1> close s2
w2> close s2
w2<
w1< -> wsa=10038
main shutdown s2 side=send -> wsa=10038
`},
	{name: "accepts on and into what is in use", win32: true, text: served + dialledOn("s3", "c2", "c3") + `
main socket s4
main bind s4 @0
main socket s5 net=udp4
main socket s6
main socket s7
main close s7
main socket s8
main socket s9
main accept s4 o3 -> refused wsa=10022
main accept s1 o4 into=s4 -> refused wsa=10022
main accept s1 o5 into=s3 -> refused wsa=10022
main accept s1 o6 into=s2 -> refused wsa=10022
main accept s1 o7 into=s5 -> refused wsa=10022
main accept s1 o8 into=s7 -> refused wsa=10038
main accept s1 o18 into=s7 local=0 -> refused wsa=10038
main accept s1 o9 into=s6
main accept s1 o10 into=s6 -> refused wsa=10022
main bind s6 @0 -> wsa=10022
main cancel s1 o9
main wait p1 -> o9 ntstatus=0xC0000120
main accept s1 o11 into=s6
main socket s10
main bind s10 @81
main listen s10 @81 backlog=16
main associate p1 s10 key=30
main accept s10 o12 into=s8
main close s10
main wait p1 -> o12 ntstatus=0xC0000120 key=30
main accept s10 o13 -> refused wsa=10038
main accept s1 o14 into=s8
main accept s1 o15 into=s9
main close s9
main wait p1 -> o15 ntstatus=0xC0000120
` + ended + "main settle\n"},
	{name: "accepts that fail", win32: true, text: listener + `
main socket s2
main accept s1 o1 len=8
c peer-connect c1 @80
c peer-abort c1
main wait p1 -> o1 ntstatus=0xC000020D
main accept s1 o2
d peer-connect c2 @80
main wait p1 -> o2 ok sock=s3 addr=@1002
`},
	{name: "a silent client", win32: true, text: listener + `
main socket s2
main accept s1 o1 len=8 into=s2
c peer-connect c1 @80
main close s2
main wait p1 -> o1 ntstatus=0xC0000241
`},
	{name: "a client that resets before it is accepted", win32: true, text: listener + `
c peer-connect c1 @80
c peer-abort c1
main accept s1 o1
main wait p1 -> o1 ntstatus=0xC000020D
d peer-connect c2 @80
d peer-abort c2
main accept s1 o2 -> refused wsa=10054
`},
	{name: "a client that resets and is accepted all the same", win32: true, text: listener + `
c peer-connect c1 @80
c peer-abort c1
main accept s1 o1
main wait p1 -> o1 ok sock=s2 addr=@1001
c peer-connect c2 @80
main accept s1 o2
main wait p1 -> o2 ok sock=s3 addr=@1002
c peer-send c2 "ab"
main recv s3 o3 len=4 -> done "ab"
` + ended},
	{name: "connects on what cannot be connected", win32: true, text: listener + `
main socket s9
main bind s9 @0
l peer-listen c1 @90
l peer-listen c2 @91 refuse
main socket s2
main connect s2 o1 @90 -> refused wsa=10022
main bind s2 @0
main associate p1 s2 key=20
main connect s2 o2 @90
main connect s2 o3 @90 -> refused wsa=10022
l peer-accept c3 -> @5000
main wait p1 -> o2 ok addr=@5000
main connect s2 o4 @90 -> refused wsa=10056
main connect s1 o5 @90 -> refused wsa=10022
main socket s3
main accept s1 o6 into=s3
main connect s3 o7 @90 -> refused wsa=10022
c peer-connect c4 @80
main wait p1 -> o6 ok sock=s3 addr=@1004
main connect s3 o8 @90 -> refused wsa=10056
main socket s4
main close s4
main connect s4 o9 @90 -> refused wsa=10038
main socket s5
main bind s5 @0
main associate p1 s5 key=30
main connect s5 o10 @91
main peername s5 -> wsa=10057
main wait p1 -> o10 ntstatus=0xC0000236
main recv s5 o12 len=4 -> refused wsa=10057
main send s5 o13 "ab" -> refused wsa=10057
main connect s5 o11 @90
l peer-accept c5 -> @5001
main wait p1 -> o11 ok addr=@5001
` + ended},
	{name: "a connect that carries bytes", win32: true, text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90 "hello"
l peer-accept c2 -> @5000
main wait p1 -> o1 ok n=5 addr=@5000
main send s1 o2 "xy"
main wait p1 -> o2 ok
l peer-read c2 -> "helloxy"
` + ended + `
l peer-read c2 -> timedout
main settle
`},
	{name: "a connect that carries bytes and is refused", win32: true, text: port1 + `
l peer-listen c1 @90 refuse
l peer-listen c2 @91
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90 "hello"
main wait p1 -> o1 ntstatus=0xC0000236
main connect s1 o2 @91 "there"
l peer-accept c3 -> @5000
main wait p1 -> o2 ok n=5 addr=@5000
l peer-read c3 -> "there"
`},
	{name: "an accept into a bound socket while its listener is closed", win32: true, text: listener + `
main socket s2
main bind s2 @0 -> @81
w1> close s1
main accept s1 o1 into=s2 -> refused wsa=10038
w1<
`},
	{name: "an accept into a socket whose accept held a connection that was disconnected", win32: true, text: listener + `
main socket s2
main associate p1 s2 key=2
c peer-connect c1 @80
main accept s1 o1 into=s2 len=4
main disconnect s2 o2 reuse
main wait p1 -> o2 ok
main accept s1 o3 into=s2
`},
	{name: "of two accepts into a socket that was disconnected in between the close ended one", win32: true, text: listener + `
main socket s2
c peer-connect c1 @80
main accept s1 o1 into=s2 len=4
main disconnect s2 o2 reuse
main accept s1 o3 into=s2
main close s2
main wait p1 -> o1 aborted
` + settled},
	{name: "a connect through a closed handle, after one that was refused", win32: true, text: port1 + `
l peer-listen c1 @90 refuse
l peer-listen c2 @91
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main duplicate s1 into=s5
main connect s5 o1 @90
main wait p1 -> o1 ntstatus=0xC0000236 key=20
main close s1
main connect s1 o2 @91 -> refused wsa=10038
`},
	{name: "an accept through a closed handle, into a socket that was disconnected", win32: true, text: served + `
main disconnect s2 o2 reuse
main duplicate s1 into=s5
main close s1
main wait p1 -> o2 ok
main accept s1 o3 into=s2 -> refused wsa=10038
main accept s5 o4 into=s2
`},
	{name: "a shutdown while a disconnect frees the socket for the connection after a bare one", win32: true, text: bare + `
main disconnect s2 o9 reuse
main accept s1 o10 into=s2
d peer-connect c2 @80
main shutdown s2 side=both
main wait p1 -> o9 ok
main wait p1 -> o10 ok sock=s2 addr=@1002
`},
	{name: "SND-7: a shutdown of before the socket was freed returns when it has another connection", win32: true, text: served + `
w1> shutdown s2 side=send
main disconnect s2 o2 reuse
main wait p1 -> o2 ok
main shutdown s2 side=both -> wsa=10057
d peer-connect c2 @80
main accept s1 o3 into=s2
main wait p1 -> o3 ok sock=s2 addr=@1002
w1<
c peer-read c1 -> n=0
d peer-read c2 -> timedout
` + settled},
	{name: "a shutdown of before the socket was freed ends the sending side of the next connection", win32: true, text: served + "w1> shutdown s2 side=send" + freedMeanwhile + `
main send s2 o4 "ab" -> refused wsa=10058
`},
	{name: "a shutdown of before the socket was freed ends the receiving side of the next connection", win32: true, text: served + "w1> shutdown s2 side=both" + freedMeanwhile + `
main recv s2 o4 len=4 -> refused wsa=10058
`},
	{name: "a shutdown of before the socket was freed leaves the next connection as it is", win32: true, text: served + "w1> shutdown s2 side=both" + freedMeanwhile + `
main recv s2 o4 len=4
d peer-send c2 "ab"
main wait p1 -> o4 ok "ab"
main send s2 o5 "ab"
main wait p1 -> o5 ok
c peer-read c1 -> n=0
d peer-read c2 -> "ab"
` + settled},
	{name: "a disconnect frees the socket though another was refused meanwhile", win32: true, text: listener + `
main socket s2
main accept s1 o1 into=s2
c peer-connect c1 @80
main disconnect s2 o2 reuse
main disconnect s2 o3 reuse -> refused wsa=10057
main wait p1 -> o1 ok sock=s2 addr=@1001
main context s2 into=s1 -> notconnected wsa=10057
`},
	{name: "a disconnect ends the connection of an accept whose packet comes later", win32: true, text: listener + `
main socket s2
main associate p1 s2 key=20
main accept s1 o1 into=s2 no-context
c peer-connect c1 @80
main disconnect s2 o2 reuse
main wait p1 -> o2 ok
main wait p1 -> o1 ok sock=s2 addr=@1001
main recv s2 o3 len=1 -> refused wsa=10057
`},
	{name: "a disconnect ends the connection of an accept that waits for bytes", win32: true, text: listener + `
main socket s2
main accept s1 o1 len=4 into=s2
c peer-connect c1 @80
main disconnect s2 o2 reuse
main wait p1 -> o1 ntstatus=3221225997
`},
	{name: "a disconnect takes a connection from an accept, which gets another", win32: true, text: listener + `
main socket s2
main accept s1 o1 into=s2 len=1
c peer-connect c1 @80
d peer-connect c2 @80
main disconnect s2 o2 reuse
main accept s1 o3 into=s2
main accept s1 o4
e peer-connect c3 @80
e peer-send c3 "x"
main wait p1 -> o3 ok sock=s2 addr=@1002
main wait p1 -> o1 ok "x" sock=s2 addr=@1003
main wait p1 -> timedout
` + settled},
	{name: "what was sent on the connection that an accept held, and lost, is not of the next", win32: true, text: listener + `
main socket s2
c peer-connect c1 @80
main accept s1 o1 into=s2 len=1
main send s2 o2 "y" -> done 1
main cancel-all s1
d peer-connect c2 @80
main accept s1 o3 into=s2
main wait p1 -> o1 aborted
main wait p1 -> o3 ok sock=s2 addr=@1002
d peer-read c2 -> timedout
main wait p1 -> timedout
d peer-read c2 -> timedout
` + settled},
	{name: "a name that a socket had before it was accepted", win32: true, text: listener + `
main socket s2
main accept s1 o1 into=s2 no-context
main bind s2 @5000
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main name s2 -> ok @5000
`},
	{name: "an accept of which an event alone tells that it is over", win32: true, text: listener + `
main event e1
main socket s2
main accept s1 o1 into=s2 event=1 event-only
c peer-connect c1 @80
main wait-event e1
main disconnect s2 o2
`},
	{name: "disconnects", win32: true, text: served + `
main socket s3
main disconnect s3 o9 -> refused wsa=10057
main close s3
main disconnect s3 o10 -> refused wsa=10038
main disconnect s2 o2
main wait p1 -> o2 ok
main send s2 o3 "ab" -> refused wsa=10058
main connect s2 o4 @90 -> refused wsa=10056
main peername s2 -> @1001
c peer-send c1 "ab"
main recv s2 o5 len=4
main wait p1 -> o5 ok "ab"
c peer-read c1 -> n=0
` + ended + "main settle\n"},
	{name: "a disconnect on a socket that skips on success", win32: true, text: served + `
main skip s2
main disconnect s2 o2
main wait p1 -> o2 ok
main disconnect s2 o3 -> done 0
c peer-read c1 -> n=0
` + ended + "main settle\n"},
	{name: "a socket that is accepted into twice", win32: true, text: served + `
main send s2 o2 "ab"
main wait p1 -> o2 ok
main disconnect s2 o3 reuse
c peer-read c1 -> "ab"
c peer-read c1 -> n=0
main wait p1 -> o3 ok
main accept s1 o4 into=s2
d peer-connect c2 @80
main wait p1 -> o4 ok sock=s2 addr=@1002
d peer-send c2 "cd"
main recv s2 o5 len=4
main wait p1 -> o5 ok "cd"
main send s2 o6 "ef"
main wait p1 -> o6 ok
d peer-read c2 -> "ef"
` + ended + `
d peer-read c2 -> timedout
main settle
`},
	{name: "a far end of the connection before the disconnect is accepted late", win32: true, text: port1 + `
l peer-listen c1 @90
k peer-listen c2 @91
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 ok addr=@5000
main disconnect s1 o2 reuse
main wait p1 -> o2 ok
main connect s1 o3 @91
main wait p1 -> o3 ok addr=@5000
l peer-accept c3 -> @5000
l peer-send c3 "xy"
k peer-accept c4 -> @5000
k peer-send c4 "ab"
main recv s1 o4 len=4
main wait p1 -> o4 ok "ab"
` + ended},
	{name: "a socket that connects twice", win32: true, text: dialled + `
main disconnect s1 o2 reuse
l peer-read c2 -> n=0
main wait p1 -> o2 ok
main connect s1 o3 @90
l peer-accept c3 -> @5001
main wait p1 -> o3 ok addr=@5001
` + ended},
	{name: "a disconnect that is still delayed", win32: true, text: served + `
main disconnect s2 o2 reuse
c peer-read c1 -> n=0
` + ended + "main settle\n"},
}

// dialledOn is a connected socket beside those of served.
func dialledOn(s, far, met string) string {
	return `
l peer-listen ` + far + ` @90
main socket ` + s + `
main bind ` + s + ` @0
main associate p1 ` + s + ` key=50
main connect ` + s + ` o2 @90
l peer-accept ` + met + ` -> @5000
main wait p1 -> o2 ok addr=@5000
`
}
