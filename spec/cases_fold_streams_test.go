package spec

// ledgerOfStreams: what was sent, by whom, and what it has to say of a stream.
var ledgerOfStreams = []shown{
	{sample: sample{name: "a far end's send goes out while another thread of it closes", text: served + `
main recv s2 o2 len=4
d> peer-close c1
c peer-send c1 "abcdef" -> reset n=2
d<
main wait p1 -> o2 ok "ab"
`}},
	{sample: sample{name: "a send of no bytes stands in nobody's way", text: served + `
main send s2 o2 ""
main send s2 o3 "ab"
c peer-read c1 -> "ab"
main wait p1 -> o2 ok; o3 ok
`}},
	{sample: sample{name: "SND-1: one send after the other where sends may mix", broken: "SND-1", axes: Axes{"send": "mixed"}, text: served + `
main send s2 o2 "abc"
c peer-read c1 -> "X"
`}},
	{sample: sample{name: "two sends at once may mix", axes: Axes{"send": "mixed"}, text: served + `
main send s2 o2 "abc"
main send s2 o3 "def"
c peer-read c1 -> "adbecf"
main wait p1 -> o2 ok; o3 ok
`}},
	{sample: sample{name: "a send that is refused while the far end reads another", text: served + `
main send s2 o2 "abcdef"
c peer-read c1 -> "ab"
main send s2 o3 "xy" -> refused noresources
c peer-read c1 -> "cdef"
main wait p1 -> o2 ok
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`}},
	{sample: sample{name: "SND-7: shut down, and no end, while a receive is pending", broken: "SND-7", text: served + `
main recv s2 o2 len=4
main shutdown s2 side=send
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`}},
	{sample: sample{name: "a far end sent less than it was to", text: served + `
c peer-send c1 "abcd" -> timedout n=2
main recv s2 o2 len=4
main wait p1 -> o2 ok "ab"
c peer-send c1 "xy"
main recv s2 o3 len=4
main wait p1 -> o3 ok "xy"
main recv s2 o4 len=4
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "what a far end sends is not written down", text: served + `
c peer-send c1 len=4 -> n=4
main recv s2 o2 len=4
main wait p1 -> o2 ok "abcd"
`}, shows: map[string]string{"RCV-1": "unknown"}},
	{sample: sample{name: "RCV-5: pending though the far end has closed", broken: "RCV-5", text: served + `
main recv s2 o2 len=4
c peer-close c1
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "RCV-1: a stream that began after all had settled once", broken: "RCV-1", text: port1 + `
l peer-listen c1 @90
main socket s1
main associate p1 s1 key=1
main wait p1 -> timedout
main settle
main connect s1 o1 @90
l peer-accept c3 -> @5000
main wait p1 -> o1 ok addr=@5000
l peer-send c3 "abcd"
main recv s1 o2 len=4
main wait p1 -> o2 ok "abXd"
`}},
	{sample: sample{name: "of a stream whose far end is not recorded nothing is said later", text: port1 + `
main socket s1
main associate p1 s1 key=1
main recv s1 o1 len=4
main wait p1 -> o1 ok "abcd"
main wait p1 -> timedout
main settle
main recv s1 o2 len=4
main wait p1 -> o2 ok "efgh"
`}, shows: map[string]string{"RCV-1": "unknown"}},
	{sample: sample{name: "RCV-5: pending on a socket that skips", broken: "RCV-5", text: served + `
main skip s2
main recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "what was done at its start has no packet on a socket that skips", text: served + `
main skip s2
w1> recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> timedout
w1< -> done "ab"
main settle
`}},
	{sample: sample{name: "RCV-4: an end that was reported before there was one, and whose packet came after it", broken: "RCV-4", text: served + `
w1> recv s2 o2 len=4
main recv s2 o3 len=4 -> done 0
c peer-half-close c1
main wait p1 -> o3 ok
w1<
main wait p1 -> o2 ok
`}},
	{sample: sample{name: "several keys are in flight, one of them associated late", text: listener + `
main accept s1 o1
main accept s1 o2
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main recv s2 o3 len=4
main associate p1 s2 key=20
c peer-send c1 "ab"
main wait p1 -> o3 ok "ab"
`}, shows: map[string]string{"KEY-1": "several keys in flight"}},
	{sample: sample{name: "one key is in flight after another socket's was over", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main recv s2 o3 len=4
main associate p1 s2 key=20
c peer-send c1 "ab"
main wait p1 -> o3 ok "ab"
`}, shows: map[string]string{"KEY-1": "one key in flight"}},
	{sample: sample{name: "RCV-1: a receive is followed while another socket, whose connect had bytes to send, connects again", broken: "RCV-1", text: served + `
l peer-listen c5 @90
main socket s5
main associate p1 s5 key=50
main connect s5 o2 "xy" @90 -> refused busy
main recv s2 o3 len=4
main connect s5 o4 @90
l peer-accept c6 -> @5000
main wait p1 -> o4 ok addr=@5000
c peer-send c1 "abcd"
main wait p1 -> o3 ok "abXd"
`}},
	{sample: sample{name: "RCV-11: a reset on a socket whose connect has failed", broken: "RCV-11", win32: true, text: port1 + `
l peer-listen c1 @90 refuse
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 refused:0xC0000236
main recv s1 o2 len=4 -> refused wsa=10054
`}},
	{sample: sample{name: "RCV-11: a reset on a socket whose connect was refused at once", broken: "RCV-11", win32: true, text: port1 + `
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90 -> refused wsa=10061
main recv s1 o2 len=4 -> refused wsa=10054
`}},
}

// ledgerOfDoors: connections that were tried to an address, and who listens there.
var ledgerOfDoors = []shown{
	{sample: sample{name: "a far end and a socket of the back end connect to one listener", text: listener + `
main accept s1 o1
main accept s1 o2
main socket s5
main associate p1 s5 key=5
main connect s5 o3 @80
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@6000; o2 ok sock=s3 addr=@1001; o3 ok addr=@6000
`}, shows: map[string]string{"ACC-1": "several connections", "ACC-2": "several connections; unknown"}},
	{sample: sample{name: "ACC-4: as many connections as the backlog holds, before the listener was told of", broken: "ACC-4", text: port1 + `
main socket s1
main> listen s1 @80 backlog=1
c peer-connect c1 @80
main<
main associate p1 s1 key=10
main accept s1 o1
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "ACC-4: as many connections as the backlog holds", broken: "ACC-4", text: port1 + `
main socket s1
main listen s1 @80 backlog=1
main associate p1 s1 key=10
c peer-connect c1 @80
main accept s1 o1
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "a listener that comes after another has none of its connections", text: listener + `
c peer-connect c1 @80
main close s1
main socket s3
main listen s3 @80 backlog=16
main associate p1 s3 key=30
main accept s3 o3
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "a connection that was made with the listener before, which the far end is told of late", text: listener + `
c> peer-connect c1 @80
main close s1
main socket s3
main listen s3 @80 backlog=16
main associate p1 s3 key=30
main accept s3 o3
main wait p1 -> timedout
c<
main settle
`}},
	{sample: sample{name: "one connection was made with the listener before, another is on its way", text: listener + `
c peer-connect c1 @80
d> peer-connect c2 @80
main close s1
main socket s3
main listen s3 @80 backlog=16
main associate p1 s3 key=30
main accept s3 o3
d< -> refused
main wait p1 -> timedout
main settle
`}},
	{sample: sample{name: "a connect that failed before there was a listener may have been made", text: port1 + `
main socket s1
main> listen s1 @80 backlog=16
c peer-connect c1 @80 -> timedout
main<
main associate p1 s1 key=10
main accept s1 o1
main wait p1 -> o1 ok sock=s2 addr=@1001
`}},
	{sample: sample{name: "a far end that listened has closed", text: port1 + `
l peer-listen c1 @90
l peer-close c1
main socket s1
main associate p1 s1 key=1
main connect s1 o1 @90
main wait p1 -> o1 refused
`}},
	{sample: sample{name: "CON-1: a far end listens until it is closed, and by nothing less", broken: "CON-1", text: port1 + `
l peer-listen c1 @90
l peer-half-close c1
main socket s1
main associate p1 s1 key=1
main connect s1 o1 @90
main wait p1 -> o1 refused
`}},
	{sample: sample{name: "posts of one token, the later one first, where a port keeps no order", axes: Axes{"queue": "any"}, text: port1 + `
main post p1 t5 n=1
main post p1 t5 n=2
main wait p1 -> t5 n=2
main wait p1 -> t5 n=1
main wait p1 -> timedout
main settle
`}},
}
