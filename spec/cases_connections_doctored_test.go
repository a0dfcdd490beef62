package spec

// bare has an accepted socket, s2, without its context, and its far end, c1.
const bare = listener + `
main accept s1 o1 no-context
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main associate p1 s2 key=20
`

// doctoredConnections break one rule of the windows profile each.
var doctoredConnections = []sample{
	{name: "ACC-8: a name without context", win32: true, broken: "ACC-8", text: bare + "main peername s2 -> @1001\n"},
	{name: "ACC-8: shut down without context", win32: true, broken: "ACC-8", text: bare + "main shutdown s2 side=send\n"},
	{name: "ACC-8: no context after a failed one", win32: true, broken: "ACC-8", text: bare + "main context s2 into=s2 -> wsa=10022\nmain name s2 -> @80\n"},
	{name: "ACC-9: nothing can be received", broken: "ACC-9", text: bare + "main recv s2 o2 len=4 -> refused notconnected\n"},
	{name: "ACC-10: no name", win32: true, broken: "ACC-10", text: served + "main peername s2 -> wsa=10057\n"},
	{name: "ACC-10: another name", win32: true, broken: "ACC-10", text: served + "main peername s2 -> @1009\n"},
	{name: "ACC-10: no name after the context", win32: true, broken: "ACC-10", text: bare + "main context s2 into=s1\nmain peername s2 -> wsa=10057\n"},
	{name: "ACC-11: any socket will do", win32: true, broken: "ACC-11", text: bare + "main context s2 into=s2\n"},
	{name: "ACC-11: the listener will not", win32: true, broken: "ACC-11", text: bare + "main context s2 into=s1 -> wsa=10022\n"},
	{name: "ACC-12: without room", win32: true, broken: "ACC-12", text: listener + "main accept s1 o1 remote=0\n"},
	{name: "ACC-12: another number", win32: true, broken: "ACC-12", text: listener + "main accept s1 o1 without=overlapped -> refused wsa=10022\n"},
	{name: "ACC-13: it does not listen", win32: true, broken: "ACC-13", text: port1 + "main socket s1\nmain associate p1 s1 key=1\nmain accept s1 o1\n"},
	{name: "ACC-13: into a connected socket", win32: true, broken: "ACC-13", text: served + "main accept s1 o2 into=s2\n"},
	{name: "ACC-13: into another accept's", win32: true, broken: "ACC-13", text: listener + "l peer-listen c9 @99\nmain socket s2\nmain accept s1 o1 into=s2\nmain accept s1 o2 into=s2\n"},
	{name: "ACC-14: a cancelled accept keeps its socket", win32: true, broken: "ACC-14", text: listener + `
main socket s2
main accept s1 o1 into=s2
main cancel s1 o1
main wait p1 -> o1 ntstatus=0xC0000120
main accept s1 o2 into=s2 -> refused wsa=10022
`},
	{name: "ACC-15: it fails at once", win32: true, broken: "ACC-15", text: listener + "main accept s1 o1 local=3 -> refused wsa=10014\n"},
	{name: "ACC-15: too little room does", win32: true, broken: "ACC-15", text: listener + `
main accept s1 o1 local=3
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
`},
	{name: "ACC-16: for no reason", win32: true, broken: "ACC-16", text: listener + `
l peer-listen c9 @99
main accept s1 o1
main wait p1 -> o1 ntstatus=0xC000020D
c peer-connect c1 @80
`},
	{name: "ACC-16: another reason", win32: true, broken: "ACC-16", text: listener + `
c peer-connect c1 @80
c peer-abort c1
main accept s1 o1
main wait p1 -> o1 ntstatus=0xC0000140
`},
	{name: "ACC-17: the listener's port", win32: true, broken: "ACC-17", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
c peer-send c1 "ab"
main recv s2 o2 len=4
main wait p1 -> o2 ok "ab" key=10
`},
	{name: "CON-3: not bound", win32: true, broken: "CON-3", text: listener + `
main bind s1 @80
l peer-listen c1 @90
main socket s2
main associate p1 s2 key=20
main connect s2 o1 @90
`},
	{name: "CON-3: twice", win32: true, broken: "CON-3", text: dialled + "main connect s1 o2 @90\n"},
	{name: "CON-4: another number", win32: true, broken: "CON-4", text: port1 + `
l peer-listen c1 @90 refuse
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 win32=1225
`},
	{name: "CON-5: once refused, refused for good", win32: true, broken: "CON-5", text: port1 + `
l peer-listen c1 @90 refuse
l peer-listen c2 @91
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 ntstatus=0xC0000236
main connect s1 o2 @91 -> refused wsa=10053
`},
	{name: "CON-6: none of the bytes", win32: true, broken: "CON-6", text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90 "hello"
l peer-accept c2 -> @5000
main wait p1 -> o1 ok n=0 addr=@5000
`},
	{name: "CON-7: a far end that is none", win32: true, broken: "CON-7", text: port1 + "main socket s1\nmain peername s1 -> @90\n"},
	{name: "CON-8: nothing is shut down", win32: true, broken: "CON-8", text: port1 + "main socket s1\nmain shutdown s1 side=send\n"},
	{name: "CON-8: once only", win32: true, broken: "CON-8", text: served + "main shutdown s2 side=send\nmain shutdown s2 side=send -> wsa=10022\n"},
	{name: "CON-9: nothing is disconnected", win32: true, broken: "CON-9", text: port1 + "main socket s1\nmain associate p1 s1 key=1\nmain disconnect s1 o1\n"},
	{name: "CON-10: it is refused", win32: true, broken: "CON-10", text: served + "main disconnect s2 o2 -> refused wsa=10022\n"},
	{name: "CON-10: it fails", win32: true, broken: "CON-10", text: served + "main disconnect s2 o2\nmain wait p1 -> o2 ntstatus=0xC000020D\n"},
	{name: "CON-10: it never ends", win32: true, broken: "CON-10", text: served + "main disconnect s2 o2\nc peer-read c1 -> n=0\n" + settled},
	{name: "CON-11: it can be connected", win32: true, broken: "CON-11", text: served + "main disconnect s2 o2\nmain wait p1 -> o2 ok\nl peer-listen c2 @90\nmain connect s2 o3 @90\n"},
	{name: "CON-11: nothing is received", win32: true, broken: "CON-11", text: served + "main disconnect s2 o2\nmain wait p1 -> o2 ok\nmain recv s2 o3 len=4 -> refused wsa=10058\n"},
	{name: "CON-12: the far end is left alone", win32: true, broken: "CON-12", text: served + `
main disconnect s2 o2 reuse
main wait p1 -> o2 ok
` + ended + `
c peer-read c1 -> timedout
main settle
`},
	{name: "RCV-1: used again, it receives what was for the connection before", win32: true, broken: "RCV-1", text: dialled + `
l peer-send c2 "xy"
main disconnect s1 o2 reuse
l peer-close c2
main wait p1 -> o2 ok
main connect s1 o3 @90
l peer-accept c3 -> @5000
main wait p1 -> o3 ok addr=@5000
l peer-send c3 "ab"
main recv s1 o4 len=4
main wait p1 -> o4 ok "xy"
`},
	{name: "SND-8: used again, it cannot send", win32: true, broken: "SND-8", text: served + `
main disconnect s2 o2 reuse
c peer-read c1 -> n=0
main wait p1 -> o2 ok
main accept s1 o3 into=s2
c peer-connect c2 @80
main wait p1 -> o3 ok sock=s2 addr=@1002
main send s2 o4 "ab" -> refused wsa=10058
`},
	{name: "CON-13: not again", win32: true, broken: "CON-13", text: served + `
main disconnect s2 o2 reuse
main wait p1 -> o2 ok
main accept s1 o3 into=s2 -> refused wsa=10022
`},
}
