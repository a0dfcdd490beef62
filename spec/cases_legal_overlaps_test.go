package spec

import "testing"

func init() { legalSamples = append(legalSamples, legalOverlaps...) }

// legalOverlaps are traces of correct back ends of calls that overlap, or of what was another's before.
var legalOverlaps = []sample{
	{name: "THR-6: one thread runs where one may, and the packet waits for it", text: "main port p1 limit=1" + twoBlocked[len("\nmain port p1 limit=2"):] + runsOn + "main pause\n"},
	{name: "THR-6: a thread gets a packet alone", text: "main port p1 limit=1\nw1> wait p1 forever\nmain pause\nmain post p1 t5\nw1< -> t5\n"},
	{name: "THR-6: the thread that was blocked got another packet", text: twoBlocked + "main post p1 t5\nmain post p1 t6\nw1< -> t5\nw1 wait p1 max=1 -> t6\nmain post p1 t7\nw2< -> t7\nmain pause\n"},
	{name: "OPN-10: a start may reset its event after another that overlaps it has signaled that", text: served + `
main event e1
w1> recv s2 o2 len=1 event=1
main send s2 o3 "xy" event=1 -> done 2
w1<
main wait p1 -> o3
main pause
main wait-event e1 -> timedout
`},
	{name: "OPN-11: a start that is refused may signal its event after another that overlaps it has reset that", text: served + `
main event e1
main shutdown s2 side=send
w1> recv s2 o2 len=1 event=1
main send s2 o3 "xy" event=1 -> refused shutdown
w1<
main wait-event e1
`},
	{name: "ACC-1: a listener gets the address of a far end that has left", text: port1 + `
c peer-listen c1 @80
c peer-close c1
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main accept s1 o1
main socket s3
main bind s3 @0 -> @1005
main associate p1 s3 key=30
main connect s3 o2 @80
main wait p1 -> o2 ok addr=@1005
main wait p1 -> o1 ok sock=s2 addr=@1005
`},
	{name: "CON-5: of two connects at once the other was first", win32: true, text: refusedOnce + `
w1> connect s1 o2 @91
main connect s1 o3 @91
w1< -> refused wsa=10022
`},
	{name: "CON-5: of a connect and a listen at once the listen was first", win32: true, text: refusedOnce + `
w1> connect s1 o2 @91
main listen s1 @80
w1< -> refused wsa=10022
`},
	{name: "CON-5: to an address of the other family", win32: true, text: port1 + `
l peer-listen c1 refuse @90
k peer-listen c2 @91
main socket s1 net=tcp6
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 ntstatus=0xC0000236
main connect s1 o2 @91 -> refused wsa=10047
`},
	{name: "CON-1: of two connects at once the other was first, as the packet says", text: dialing + `
w1> connect s1 o1 @91
main connect s1 o2 @91
w1< -> pending
main wait p1 -> o1 connected
`},
	{name: "CON-1: of a connect and a listen at once the listen was first, as the packet says", text: dialing + `
w1> connect s1 o1 @91
main listen s1 @80
w1< -> pending
main wait p1 -> o1 invalid
`},
	{name: "CON-1: what is still connecting is shut down, which ends that on Linux", text: dialing + `
main connect s1 o1 @91
main shutdown s1 side=send
main wait p1 -> o1 notconnected
`},
	{name: "CON-13: of a connect and a listen at once on a socket that was freed the listen was first", win32: true, text: dialled + `
main disconnect s1 o2 reuse
main wait p1 -> o2 ok
w1> connect s1 o3 @90
main listen s1 @80
w1< -> refused wsa=10022
`},
	{name: "CON-13: another connect was under way", win32: true, text: dialled + `
k peer-listen c3 refuse @91
main disconnect s1 o2 reuse
main wait p1 -> o2 ok
w1> connect s1 o3 @91
w2> connect s1 o4 @90
w1<
main wait p1 -> o3 ntstatus=0xC0000236
w2< -> refused wsa=10022
`},
	{name: "CON-13: a connect since then was cancelled", win32: true, text: dialled + `
main disconnect s1 o2 reuse
main wait p1 -> o2 ok
main connect s1 o3 @90
main cancel s1 o3
main wait p1 -> o3 ntstatus=0xC0000120
main connect s1 o4 @90 -> refused wsa=10022
`},
	{name: "CON-10: of a disconnect and a shutdown at once the shutdown was first", win32: true, text: served + `
w1> disconnect s2 o2
main shutdown s2 side=send
w1< -> refused wsa=10057
`},
	{name: "OPN-11: a start that is going to be refused may have signaled its event", text: listener + `
main event e1
k peer-listen c9 @99
main socket s2
main bind s2 @0
w1> accept s1 o1 into=s2 event=1
main wait-event e1
w1< -> refused invalid
`},
	{name: "CON-3: what a connect is told of one under way, as Microsoft documents it", win32: true, text: port1 + `
k peer-listen c2 @91
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @91
main connect s1 o2 @91 -> refused wsa=10037
`},
	{name: "CON-1, CON-5: the local address of a connect turns out to be in use", world: "real", text: refusedOnce + `
main connect s1 o2 @91
main wait p1 -> o2 inuse
main socket s2
main bind s2 @0
main associate p1 s2 key=30
main connect s2 o3 @91
main wait p1 -> o3 inuse
`},
	{name: "RCV-6: a close that the packet of a receive calls aborted, in the word of Windows' table", win32: true, text: served + `
main recv s2 o2 len=4
main close s2
main wait p1 -> o2 ntstatus=0xC0000241
c peer-read c1 -> ""
` + settled},
	{name: "two closes of the last handle at once", win32: true, text: served + `
main duplicate s2 into=s3
main recv s2 o2 len=4
main close s2
w1> close s3
main close s3
w1< -> closed
main wait p1 -> o2 ntstatus=0xC0000241
main recv s2 o3 len=4 -> refused wsa=10038
`},
	{name: "DGM-15: a send is told that nobody was there", win32: true, axes: Axes{"unreachable": "reported"}, text: mailbox + `
d peer-bind c2 -> @999
d peer-close c2
main sendto s1 o1 "ab" @999
main wait p1 -> o1
main sendto s1 o2 "ab" @1001 -> refused wsa=10054
main recvfrom s1 o3 len=4
` + settled},
}

// dialing has a socket that is bound, and a far end that listens.
const dialing = port1 + `
k peer-listen c2 @91
main socket s1
main bind s1 @0
main associate p1 s1 key=20
`

// refusedOnce has a socket that was refused, and another far end, which listens.
const refusedOnce = port1 + `
l peer-listen c1 refuse @90
k peer-listen c2 @91
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 ntstatus=0xC0000236
`

// On Linux a listener whose receiving side is shut down listens no more, and what waited for it is gone (net/ipv4/af_inet.c, inet_shutdown); on Windows it cannot be shut down.
func TestAListenerThatWasShutDownOwesNothing(t *testing.T) {
	if got := brokenWhen(t, able(), listener+`
c peer-connect c1 @80
main shutdown s1 side=receive
main accept s1 o1
`+settled, nil); got != "CON-8" {
		t.Errorf("broken: %q, want CON-8, which is for Windows", got)
	}
}
