package spec

import "strings"

// What a portable back end refuses, and what it may not.

func init() {
	goodSamples = append(goodSamples, goodRefusals...)
	legalSamples = append(legalSamples, legalRefusals...)
	doctoredSamples = append(doctoredSamples, doctoredRefusals...)
}

var goodRefusals = []sample{
	{name: "OPN-12: a receive and a send", text: served + `
main recv s2 o2 len=4
main send s2 o3 "ab"
c peer-send c1 "cd"
main wait p1 -> o2 ok "cd"; o3 ok n=2
`},
	{name: "OPN-2: done at its start, and a thread that waits gets its packet", text: served + `
w1> wait p1 forever
c peer-send c1 "ab"
main recv s2 o2 len=4 -> done "ab"
w1< -> o2 ok "ab"
main pause
`},
	{name: "OPN-2: done at its start, and a thread begins to wait after the pause began", text: served + `
c peer-send c1 "ab"
main recv s2 o2 len=4 -> done "ab"
w1> wait p1 forever
main pause since=20
w1< -> o2 ok "ab"
`},
	{name: "OPN-13: a bind and a listen", text: served + `
main socket s3
main bind s3 @0 -> @81
main listen s3 @81 backlog=1
`},
	{name: "OPN-13: names", text: served + `
main name s2 -> @80
main peername s2 -> @1001
main socket s3
main bind s3 @0 -> @81
main name s3 -> @81
main shutdown s2 side=send
main close s3
main skip s3 -> closed
`},
	{name: "OPN-13: calls of a port that is closed", text: port1 + `
main socket s1
main close-port p1
main post p1 t5 -> closed
main associate p1 s1 key=1 -> closed
`},
}

// Each of these has something in its way, if only possibly.
var legalRefusals = []sample{
	{name: "OPN-12: refused for want of memory, or of a turn", text: served + `
main recv s2 o2 len=4 -> refused noresources
main send s2 o3 "ab" -> refused busy
main recv s2 o4 len=0 -> refused invalid
`},
	{name: "OPN-12: refused beside a close", text: served + `
w1> recv s2 o2 len=4
w2 close s2
w1< -> refused closed
`},
	{name: "OPN-12: a shutdown that failed and took effect", text: port1 + `
main socket s1 net=udp4
main bind s1 @80 -> @80
main associate p1 s1 key=1
d peer-bind c1 net=udp4 -> @81
main shutdown s1 side=send -> notconnected
main sendto s1 o1 "ab" @81 -> refused notconnected
`},
	{name: "OPN-12: refused beside a shutdown", text: served + `
w1> recv s2 o2 len=4
w2 shutdown s2 side=receive
w1< -> refused invalid
`},
	{name: "OPN-12: refused before the association, and with the port closed", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main recv s2 o2 len=4 -> refused invalid
main associate p1 s2 key=20
main close-port p1
main recv s2 o3 len=4 -> refused invalid
`},
	{name: "OPN-12: fails after the far end has left", text: served + `
main send s2 o2 "ab"
c peer-close c1
main send s2 o3 "cd" -> refused notconnected
`},
	{name: "OPN-12: refused where a cancel leaves nothing to rely on", axes: Axes{"after-cancel": "unspecified"}, text: served + `
main recv s2 o2 len=4
main cancel s2 o2
main wait p1 -> o2 aborted
main recv s2 o3 len=4 -> refused invalid
`},
	{name: "OPN-12: an accept into what is in use", text: served + `
main accept s1 o2 into=s2 -> refused invalid
`},
	{name: "OPN-13: binds and listens that something stands in the way of", text: port1 + `
main socket s1
main bind s1 @81 -> inuse
main bind s1 @0 -> noresources
main listen s1 backlog=1 -> invalid
main bind s1 @0 -> @82
main bind s1 @0 -> invalid
main listen s1 backlog=0 -> invalid
main socket s2 net=tcp6
main bind s2 @0 -> invalid
`},
	{name: "OPN-13: a listen behind the one bind, which found no room", text: port1 + `
main socket s1
main bind s1 @0 -> noresources
main listen s1 backlog=1 -> invalid
`},
	{name: "CON-1: two connects at once", text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0 -> @100
main associate p1 s1 key=1
w1> connect s1 o1 @90
main connect s1 o2 @90
w1< -> refused invalid
`},
	{name: "OPN-13: two binds at once", text: port1 + `
main socket s1
w1> bind s1 @0
w2 bind s1 @0 -> @81
w1< -> invalid
`},
	{name: "OPN-13: a bind beside a datagram that binds", text: port1 + `
d peer-bind c1 net=udp4 -> @90
main socket s1 net=udp4
main associate p1 s1 key=1
w1> bind s1 @0
main sendto s1 o1 len=1 @90
w1< -> invalid
`},
	{name: "OPN-13: a bind beside an accept that is refused", text: port1 + `
main socket s1
main socket s2
w1> accept s1 o1 into=s2
w2> bind s2 @0
w1< -> refused invalid
w2< -> invalid
`},
	{name: "OPN-12: an accept beside another, which is refused, into the same socket", text: listener + `
main socket s2
main socket s3
w1> accept s3 o1 into=s2
w2> accept s1 o2 into=s2
w1< -> refused invalid
w2< -> refused invalid
`},
	{name: "CON-1: a connect of a datagram socket", text: port1 + `
l peer-listen c1 @90
main socket s1 net=udp4
main bind s1 @0 -> @100
main associate p1 s1 key=1
main connect s1 o1 @90 -> refused invalid
`},
	{name: "OPN-13: what could not be connected may be closed", text: port1 + `
l peer-listen c1 @90 refuse
main socket s1
main bind s1 @0 -> @100
main associate p1 s1 key=1
main connect s1 o1 @90
main wait p1 -> o1 refused
main shutdown s1 side=send -> closed
`},
	{name: "OPN-13: a shutdown after the far end has left", text: served + `
c peer-close c1
main shutdown s2 side=send -> notconnected
`},
	{name: "OPN-13: what a back end may lack", can: []Capability{CanAccept, CanPost}, text: port1 + `
main port p2 -> noresources
main socket s1 net=udp4 -> unsupported
main socket s2 net=tcp6 -> unsupported
main socket s3 -> noresources
main post p1 t5 -> unsupported
`},
	{name: "OPN-13: calls beside the close of their port", text: port1 + `
main socket s1
w1> close-port p1
main post p1 t5
main post p1 t6 -> closed
main associate p1 s1 key=1 -> closed
w1< -> ok
`},
	{name: "OPN-12: a connection that is gone, and calls that say so", text: served + `
c peer-abort c1
main recv s2 o2 len=4 -> refused notconnected
main send s2 o3 "ab" -> refused shutdown
`},
}

var doctoredRefusals = []sample{
	{name: "OPN-13: a socket cannot be opened", broken: "OPN-13", text: port1 + `
main socket s1 -> unsupported
`},
	{name: "OPN-13: a port cannot be opened", broken: "OPN-13", text: port1 + `
main port p2 -> invalid
`},
	{name: "OPN-13: a post fails", broken: "OPN-13", text: port1 + `
main post p1 t5 -> closed
`},
	{name: "OPN-13: a post to a port that is closed", broken: "OPN-13", text: port1 + `
main close-port p1
main post p1 t5
`},
	{name: "OPN-13: an association with a port that is closed", broken: "OPN-13", text: port1 + `
main socket s1
main close-port p1
main associate p1 s1 key=1
`},
	{name: "OPN-13: a port that cannot be closed", broken: "OPN-13", text: port1 + `
main close-port p1 -> closed
`},
	{name: "OPN-13: what is closed skips", broken: "OPN-13", text: port1 + `
main socket s1
main close s1
main skip s1
`},
	{name: "OPN-13: a shutdown that fails", broken: "OPN-13", text: served + `
main shutdown s2 side=send -> invalid
`},
	{name: "OPN-13: the name of another", broken: "OPN-13", text: port1 + `
main socket s1
main bind s1 @0 -> @81
main name s1 -> @82
`},
	{name: "OPN-13: another name than before", broken: "OPN-13", text: port1 + `
main socket s1
main bind s1 @0
main name s1 -> @81
main name s1 -> @82
`},
	{name: "OPN-13: an accepted socket's name is another's", broken: "OPN-13", can: []Capability{CanAccept, CanConnect, CanPost, CanShutdown}, text: served + `
main name s2 -> @81
`},
	{name: "OPN-13: the far end's name is another's", broken: "OPN-13", can: []Capability{CanAccept, CanConnect, CanPost, CanShutdown}, text: served + `
main peername s2 -> @1002
`},
	{name: "PKT-8: a wait for ever runs out of time", broken: "PKT-8", text: port1 + `
main wait p1 forever -> timedout
`},
	{name: "SND-5: a datagram after the shutdown", broken: "SND-5", text: port1 + `
main socket s1 net=udp4
main bind s1 @80 -> @80
main associate p1 s1 key=1
d peer-bind c1 net=udp4 -> @81
main shutdown s1 side=send
main sendto s1 o1 "ab" @81
main wait p1 -> o1 ok n=2
`},
	{name: "OPN-12: a connection that is gone, and an error of no meaning", broken: "OPN-12", text: served + `
c peer-abort c1
main recv s2 o2 len=4
main wait p1 -> o2 invalid
`},
	{name: "OPN-12: an accept with room for data fails", broken: "OPN-12", text: listener + `
main accept s1 o1 len=4
c peer-connect c1 @80
main wait p1 -> o1 invalid
`},
	{name: "OPN-13: a name of what is closed", broken: "OPN-13", text: served + `
main close s2
main peername s2 -> @1001
`},
	{name: "OPN-13: a duplicate is refused as if the socket were closed", broken: "OPN-13", text: port1 + `
main socket s1
main duplicate s1 into=s2 -> closed
`},
	{name: "CAN-2: nothing was there to be cancelled, and yet it is", broken: "CAN-2", text: served + `
main recv s2 o2 len=4
main cancel-all s2 -> notfound
main wait p1 -> o2 aborted
`},
	{name: "SND-6: a datagram that waits for nothing", broken: "SND-6", text: port1 + `
main socket s1 net=udp4
main bind s1 @80 -> @80
main associate p1 s1 key=1
d peer-bind c1 net=udp4 -> @81
main sendto s1 o1 "ab" @81
main wait p1 -> timedout
d peer-read c1 -> timedout
main settle
`},
	{name: "OPN-2: done at its start, and a thread sleeps on", broken: "OPN-2", text: strings.Replace(served, "main port p1", "main port p1 limit=8", 1) + `
w1> wait p1 forever
c peer-send c1 "ab"
main recv s2 o2 len=4 -> done "ab"
main pause
w1< -> o2 ok "ab"
`},
	{name: "DGM-7: between two sockets, the older last", broken: "DGM-7", text: port1 + `
main socket s1 net=udp4
main bind s1 @80 -> @80
main associate p1 s1 key=1
main socket s2 net=udp4
main bind s2 @81 -> @81
main associate p1 s2 key=2
d peer-bind c1 net=udp4 -> @82
main sendto s1 o1 "ab" @81
main wait p1 -> o1 ok n=2
main sendto s1 o2 "cd" @81
main wait p1 -> o2 ok n=2
main recvfrom s2 o3 len=4
main wait p1 -> o3 ok "cd" addr=@80
main recvfrom s2 o4 len=4
main wait p1 -> o4 ok "ab" addr=@80
`},
	{name: "OPN-13: a bind that fails", broken: "OPN-13", text: port1 + `
main socket s1
main bind s1 @0 -> invalid
`},
	{name: "OPN-13: a listen that fails", broken: "OPN-13", text: port1 + `
main socket s1
main bind s1 @0 -> @81
main listen s1 backlog=1 -> invalid
`},
	{name: "OPN-13: said to be closed, which it is not", broken: "OPN-13", text: port1 + `
main socket s1
main name s1 -> closed
`},
	{name: "OPN-12: a receive is refused as if the socket were closed", broken: "OPN-12", text: served + `
main recv s2 o2 len=4 -> refused closed
`},
	{name: "OPN-12: a send fails as if there were no connection", broken: "OPN-12", text: served + `
main send s2 o2 "ab"
main wait p1 -> o2 notconnected
`},
	{name: "OPN-12: a listener refuses an accept", broken: "OPN-12", text: listener + `
main accept s1 o1 -> refused invalid
`},
	{name: "OPN-12: a receive of a datagram is refused", broken: "OPN-12", text: port1 + `
main socket s1 net=udp4
main bind s1 @80 -> @80
main associate p1 s1 key=1
main recvfrom s1 o1 len=4 -> refused invalid
`},
	{name: "OPN-12: a datagram is refused", broken: "OPN-12", text: port1 + `
main socket s1 net=udp4
main bind s1 @80 -> @80
main associate p1 s1 key=1
d peer-bind c1 net=udp4 -> @81
main sendto s1 o1 "ab" @81 -> refused invalid
`},
}
