package spec

import "testing"

// What the pages of operations, of ports and of datagrams say, in small traces.
func TestPortsAndDatagrams(t *testing.T) { judgeAsShown(t, portsAndDatagrams) }

var portsAndDatagrams = []shown{
	{sample: sample{name: "a start that returns after its packet, and after another was started", text: served + `
w1> recv s2 o2 len=4
c peer-send c1 "ab"
w2 wait p1 -> o2 ok "ab"
w2 recv s2 o3 len=4
w1< -> done "ab"
c peer-send c1 "cd"
w2 wait p1 -> o3 ok "cd"
` + settled}},
	{sample: sample{name: "a cancel that returns after the packet, and after another was started", text: served + `
main recv s2 o2 len=4
w1> cancel s2 o2
c peer-send c1 "ab"
w2 wait p1 -> o2 ok "ab"
w2 recv s2 o3 len=4
w1< -> ok
` + settled}},
	{sample: sample{name: "a port closed three times at once, by the call that was made second", text: port1 + `
w1> close-port p1
w2> close-port p1
w3> close-port p1
w3< -> closed
w1< -> closed
w2<
main wait p1 -> timedout
`, broken: "CLS-6"}},
	{sample: sample{name: "a port closed three times at once, by the call that was made last", text: port1 + `
w1> close-port p1
w2> close-port p1
w3> close-port p1
w2< -> closed
w1< -> closed
w3<
main wait p1 -> timedout
`, broken: "CLS-6"}},
	{sample: sample{name: "one key in flight after another, and two at once", text: twoServed + `
main recv s2 o3 len=4
main recv s2 o4 len=4
c peer-send c1 "abcd"
main wait p1 -> o3 ok "abcd"
c peer-send c1 "efgh"
main wait p1 -> o4 ok "efgh"
main recv s3 o5 len=4
d peer-send c2 "abcd"
main wait p1 -> o5 ok "abcd"
`}, shows: map[string]string{"KEY-1": "one key in flight ×3"}},
	{sample: sample{name: "two keys in flight, of which one has two operations", text: twoServed + `
main recv s2 o3 len=4
main recv s3 o4 len=4
main recv s2 o5 len=4
c peer-send c1 "abcd"
main wait p1 -> o3 ok "abcd"
d peer-send c2 "abcd"
main wait p1 -> o4 ok "abcd"
c peer-send c1 "efgh"
main wait p1 -> o5 ok "efgh"
`}, shows: map[string]string{"KEY-1": "one key in flight; several keys in flight ×3"}},
	{sample: sample{name: "a datagram doubled once and received three times", broken: "DGM-6", text: mailbox + `
c peer-send c1 "abcd" @80
main net-dup "abcd" @80
main recvfrom s1 o1 len=8
main recvfrom s1 o2 len=8
main recvfrom s1 o3 len=8
main wait p1 -> o1 ok "abcd" addr=@1001; o2 ok "abcd" addr=@1001; o3 ok "abcd" addr=@1001
`}},
	{sample: sample{name: "a datagram of the wrong size, and again", broken: "DGM-3 DGM-6", text: mailbox + `
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8
main wait p1 -> o1 ok "abcd" addr=@1001 size=9
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "abcd" addr=@1001 size=4
`}},
	{sample: sample{name: "a datagram from another sender, and again", broken: "DGM-5 DGM-6", text: mailbox + `
d peer-bind c2 -> @1002
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8
main wait p1 -> o1 ok "abcd" addr=@1002
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "abcd" addr=@1001
`}},
	{sample: sample{name: "a datagram cut short without a word, and again", broken: "DGM-4 DGM-6", text: mailbox + `
c peer-send c1 "abcdefgh" @80
main recvfrom s1 o1 len=4
main wait p1 -> o1 ok "abcd" addr=@1001
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "abcdefgh" addr=@1001
`}},
	{sample: sample{name: "a datagram said to be cut short, and again", broken: "DGM-4 DGM-6", text: mailbox + `
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=4
main wait p1 -> o1 truncated "abcd" addr=@1001
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "abcd" addr=@1001
`}},
	{sample: sample{name: "a datagram that the far end has", text: mailbox + `
main sendto s1 o1 "hello" @1001 -> done 5
main wait p1 -> o1 ok
c peer-read c1 len=64 -> "hello" @80
`}, shows: map[string]string{"DGM-11": "with bytes ×1"}},
	{sample: sample{name: "an empty datagram that the far end has", text: mailbox + `
main sendto s1 o1 "" @1001 -> done 0
main wait p1 -> o1 ok
c peer-read c1 len=64 -> "" @80
`}, shows: map[string]string{"DGM-11": "without ×1"}},
	{sample: sample{name: "a datagram and an empty one are not one with what nobody sent", broken: "DGM-1", text: mailbox + `
c peer-send c1 "ab" @80
c peer-send c1 "" @80
main recvfrom s1 o1 len=8
main wait p1 -> o1 ok "abzz" addr=@1001
`}},
	{sample: sample{name: "one that was cut short silently leaves the other to who has room for it", axes: Axes{"truncation": "silent"}, text: mailbox + `
c peer-send c1 "abcd" @80
c peer-send c1 "abcdef" @80
main recvfrom s1 o1 len=4
main recvfrom s1 o2 len=8
main wait p1 -> o1 ok "abcd" addr=@1001
main wait p1 -> o2 ok "abcd" addr=@1001
`}, shows: map[string]string{"DGM-6": "to the back end ×2"}},
	{sample: sample{name: "of three that begin alike each finds its own", axes: Axes{"truncation": "silent", "fill": "any"}, text: mailbox + `
c peer-send c1 "ab" @80
c peer-send c1 "abcd" @80
c peer-send c1 "abcdef" @80
main recvfrom s1 o1 len=2
main recvfrom s1 o2 len=4
main recvfrom s1 o3 len=4
main wait p1 -> o1 ok "ab" addr=@1001
main wait p1 -> o2 ok "abcd" addr=@1001
main wait p1 -> o3 ok "abcd" addr=@1001
main recvfrom s1 o4 len=8
main wait p1 -> o4 ok "ab" addr=@1001
`, broken: "DGM-6"}},
}

// twoServed has two connections: sockets s2 and s3, far ends c1 and c2.
const twoServed = served + `
main accept s1 o2
d peer-connect c2 @80
main wait p1 -> o2 ok sock=s3 addr=@1002
main associate p1 s3 key=30
`
