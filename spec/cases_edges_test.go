package spec

import (
	"slices"
	"strings"
	"testing"
)

// edge is a sample whose verdict turns on one circumstance; those that break a rule also say how.
type edge struct {
	sample
	os   string // "": that of all samples
	said string // stands in what is said of the first violation, whose end is a new line
	most int    // violations, where there may be no more than these; 0 any number
}

// edgesKept are what a correct back end may do, each next to what it may not.
var edgesKept = []edge{
	{sample: sample{name: "an accept that waits for bytes holds the connection of a client that sends none", text: listener + `
main accept s1 o1 len=4
c peer-connect c1 @80
` + settled}},
	{sample: sample{name: "an accept that waits for bytes holds one of our own connections", text: listener + `
main accept s1 o1 len=4
main socket s2
main bind s2 @0
main associate p1 s2 key=20
main connect s2 o2 @80
main wait p1 -> o2 ok addr=@5000
c peer-connect c1 @80
c peer-send c1 "ab"
` + settled}},
	{sample: sample{name: "an accept that ended badly has taken the client along, and the next waits for bytes", text: listener + `
main accept s1 o1 len=4
c peer-connect c1 @80
main cancel s1 o1
main wait p1 -> o1 aborted
main accept s1 o2 len=4
c peer-send c1 "ab"
` + settled}},
	{sample: sample{name: "a connect is refused for want of an address, on a real machine", world: "real", text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90 -> refused inuse
`}},
	{sample: sample{name: "a connect is refused for want of memory", text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90 -> refused noresources
`}},
	{os: "windows 11", sample: sample{name: "Windows tries a connect again that was refused, for longer than everything else takes", text: port1 + `
l peer-listen c1 refuse @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
` + settled}},
	{sample: sample{name: "a receive of a datagram without a buffer may be refused", text: mailbox + "main recvfrom s1 o1 len=0 -> refused invalid\n"}},
	{sample: sample{name: "a datagram that is long may be refused", text: mailbox + "main sendto s1 o1 len=1025 @1001 -> refused invalid\n"}},
	{sample: sample{name: "an accept starts while its listener is being closed", win32: true, text: listener + `
main socket s2
w1> close s1
main accept s1 o1 into=s2
w1<
main wait p1 -> o1 aborted:0xC0000120
`}},
	{sample: sample{name: "an accept with unusual arguments through a handle that is being closed", win32: true, text: listener + `
main duplicate s1 into=s2
w1> close s2
main accept s2 o1 local=3 -> refused wsa=10038
w1<
`}},
	{sample: sample{name: "of two associations at once the one that was called last is made", win32: true, text: port1 + `
main socket s1
w1> associate p1 s1 key=1
w2> associate p1 s1 key=2
w1< -> invalid:87
w2<
`}},
	{sample: sample{name: "a second connect on a socket that was freed for another connection", win32: true, text: dialled + `
main disconnect s1 o2 reuse
l peer-read c2 -> n=0
main wait p1 -> o2 ok
main connect s1 o3 @90
main connect s1 o4 @90 -> refused wsa=10022
`}},
	{sample: sample{name: "a socket that was freed for another connection, through a handle that was closed", win32: true, text: dialled + `
main duplicate s1 into=s5
main disconnect s1 o2 reuse
l peer-read c2 -> n=0
main wait p1 -> o2 ok
main close s5
main connect s5 o3 @90 -> refused wsa=10038
`}},
	{sample: sample{name: "a socket that was freed for another accept, through a handle that was closed", win32: true, text: served + `
main duplicate s2 into=s5
main disconnect s2 o2 reuse
c peer-read c1 -> n=0
main wait p1 -> o2 ok
main close s5
main accept s1 o3 into=s5 -> refused wsa=10038
`}},
	{sample: sample{name: "a wait has nothing of what a close has ended while as many threads run as the port allows", win32: true, text: "main port p1 limit=1" + strings.TrimPrefix(served, "main port p1") + `
main recv s2 o2 len=4
main post p1 t7
w1 wait p1 -> t7
main close s2
main pause n=2000
main wait p1 -> timedout:258
main wait p1 -> o2 aborted:0xC0000120
`}},
	{sample: sample{name: "after a cancel nothing is promised of a receive", win32: true, axes: Axes{"after-cancel": "unspecified"}, text: served + `
main recv s2 o2 len=4
main cancel s2 o2
main wait p1 -> o2 aborted:0xC0000120
main recv s2 o3 len=4 -> refused notconnected:10057
`}},
	{sample: sample{name: "an accept whose packet another thread takes while a receive on its socket is refused", win32: true, text: listener + `
main socket s2
main accept s1 o1 into=s2
c peer-connect c1 @80
main recv s2 o2 len=4 -> refused notconnected:10057
w1> recv s2 o3 len=4
main wait p1 -> o1 ok sock=s2 addr=@1001
w1< -> refused notconnected:10057
`}},
	{sample: sample{name: "a connection whose packet another thread takes while a receive is refused", win32: true, text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main recv s1 o2 len=4 -> refused notconnected:10057
w1> recv s1 o3 len=4
main wait p1 -> o1 ok addr=@5000
w1< -> refused notconnected:10057
`}},
	{sample: sample{name: "a connection to somebody of whom the trace tells nothing is reset", win32: true, text: port1 + `
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main wait p1 -> o1 ok addr=@5000
main recv s1 o2 len=4 -> refused reset:10054
`}},
	{sample: sample{name: "a receive of datagrams while the socket is being bound", win32: true, text: port1 + `
main socket s1 net=udp4
main associate p1 s1 key=10
w1> bind s1 @0
main recvfrom s1 o1 len=4 -> refused invalid:10022
w1< -> @80
`}},
}

// edgesBroken break a rule.
var edgesBroken = []edge{
	{said: "far end 1 has connected and sent 2 bytes", sample: sample{name: "ACC-3: bytes for an accept that waits for them", broken: "ACC-3", text: listener + `
main accept s1 o1 len=4
c peer-connect c1 @80
c peer-send c1 "ab"
` + settled}},
	{sample: sample{name: "ACC-4: the end of a stream for an accept that waits for bytes", broken: "ACC-4", text: listener + `
c peer-connect c1 @80
c peer-half-close c1
main accept s1 o1 len=4
` + settled}},
	{most: 1, sample: sample{name: "ACC-3: of two accepts one is due", broken: "ACC-3", text: listener + `
main accept s1 o1
main accept s1 o2
c peer-connect c1 @80
` + settled}},
	{said: "which an earlier accept had got as socket 2", sample: sample{name: "ACC-2: the address of another", broken: "ACC-2", text: served + `
main accept s1 o2
d peer-connect c2 @80
main wait p1 -> o2 ok sock=s3 addr=@1001
`}},
	{said: "no far end with that address had connected", sample: sample{name: "ACC-2: the address of nobody", broken: "ACC-2", text: served + `
main accept s1 o2
d peer-connect c2 @80
main wait p1 -> o2 ok sock=s3 addr=@1009
`}},
	{sample: sample{name: "CON-1: no address is free in a world of its own", broken: "CON-1", text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90 -> refused inuse
`}},
	{sample: sample{name: "CON-2: pending though nobody listens", broken: "CON-2", text: port1 + `
l peer-listen c1 refuse @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
` + settled}},
	{said: "ended truncated with 4 bytes; that is all of the datagram", sample: sample{name: "DGM-4: said to be cut short, which it is not", broken: "DGM-4", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "abcd" @80
main wait p1 -> o1 truncated "abcd" addr=@1001
`}},
	{said: "ended ok with 4 bytes; the datagram was longer", sample: sample{name: "DGM-4: cut short, and nobody is told", broken: "DGM-4", text: mailbox + `
main recvfrom s1 o1 len=4
c peer-send c1 "abcdef" @80
main wait p1 -> o1 ok "abcd" addr=@1001
`}},
	{sample: sample{name: "DGM-16: told at the start of the next", broken: "DGM-16", text: mailbox + `
c peer-close c1
main sendto s1 o2 "abcd" @1001 -> done 4
main wait p1 -> o2 ok
main recvfrom s1 o1 len=8 -> refused unreachable
`}},
	{said: "what waits for it is 2 bytes from position 2 of the stream", sample: sample{name: "RCV-5: pending next to the second half", broken: "RCV-5", text: served + `
main recv s2 o2 len=2
c peer-send c1 "abcd"
main wait p1 -> o2 ok "ab"
main recv s2 o3 len=2
` + settled}},
	{said: "still is; what waits for it is 2 bytes from position 2 of the stream", sample: sample{name: "RCV-12: deaf to the second half", win32: true, broken: "RCV-12", text: served + `
main recv s2 o2 len=2
main recv s2 o3 len=2
main shutdown s2 side=receive
c peer-send c1 "abcd"
main wait p1 -> o2 ok "ab"
main wait p1 -> timedout:258
main settle
`}},
	{said: "; only 2 bytes had been sent beyond it", sample: sample{name: "RCV-1: more bytes than there were", broken: "RCV-1", text: served + `
main recv s2 o2 len=2
c peer-send c1 "abcd"
main wait p1 -> o2 ok "ab"
main recv s2 o3 len=4
main wait p1 -> o3 ok "cdef"
`}},
	{said: "operation 3 (recv of 2 bytes on socket 2, started at event 23) delivered 2 bytes that the far end did not send at position 2 of the stream\n", sample: sample{name: "RCV-1: as many bytes as there were, and others", broken: "RCV-1", text: served + `
main recv s2 o2 len=2
c peer-send c1 "abcd"
main wait p1 -> o2 ok "ab"
main recv s2 o3 len=2
main wait p1 -> o3 ok "xy"
`}},
	{said: "and all was well with it", sample: sample{name: "OPN-12: refused, and all was well", broken: "OPN-12", text: served + "main recv s2 o2 len=4 -> refused ok\n"}},
	{said: "was refused with invalid", sample: sample{name: "OPN-12: refused at the start", broken: "OPN-12", text: served + "main recv s2 o2 len=4 -> refused invalid\n"}},
	{said: "ended with invalid", sample: sample{name: "OPN-12: ended in the packet", broken: "OPN-12", text: served + "main recv s2 o2 len=4\nmain wait p1 -> o2 invalid\n"}},
	{sample: sample{name: "OPN-12: a receive of datagrams with the least of buffers", broken: "OPN-12", text: mailbox + "main recvfrom s1 o1 len=1 -> refused invalid\n"}},
	{sample: sample{name: "OPN-12: a datagram that is not long", broken: "OPN-12", text: mailbox + "main sendto s1 o1 len=1024 @1001 -> refused invalid\n"}},
	{sample: sample{name: "OPN-12: a send after a reset, and an error of no meaning", broken: "OPN-12", text: served + `
c peer-abort c1
main send s2 o2 "ab" -> refused invalid
`}},
	{sample: sample{name: "OPN-12: an accept into a socket that is for it", broken: "OPN-12", text: listener + `
main socket s2
main accept s1 o1 into=s2
main wait p1 -> o1 invalid
`}},
	{sample: sample{name: "OPN-13: a receive without a connection is refused as if the socket were closed", broken: "OPN-13", text: port1 + `
main socket s1
main associate p1 s1 key=1
main recv s1 o1 len=4 -> refused closed
`}},
	{sample: sample{name: "OPN-13: a socket of datagrams over IPv6 cannot be opened", broken: "OPN-13", text: port1 + "main socket s1 net=udp6 -> unsupported\n"}},
	{said: "runs a handler beside 1 others; port 1 was opened for 1", sample: sample{name: "THR-5: two handlers where one may run", broken: "THR-5", text: "main port p1 limit=1" + `
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
`}},
	{sample: sample{name: "ACC-15: as much room as never does", win32: true, broken: "ACC-15", text: listener + `
main accept s1 o1 local=20
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
`}},
	{sample: sample{name: "ACC-16: an accept that had no connection to lose", win32: true, broken: "ACC-16", text: listener + `
c peer-listen c9 @99
main accept s1 o1
main close s1
main wait p1 -> o1 aborted:0xC0000241
`}},
	{sample: sample{name: "ACC-13: an accept on a socket that has a connection", win32: true, broken: "ACC-13", text: served + `
main bind s2 @0 -> @81
main listen s2 @81
main accept s2 o2
`}},
	{most: 1, sample: sample{name: "CLS-2: bytes from after the close, and the end behind them", broken: "CLS-2", text: served + `
main recv s2 o2 len=4
main recv s2 o3 len=4
main close s2
c peer-send c1 "ab"
c peer-half-close c1
main wait p1 -> o2 ok "ab"
main wait p1 -> o3 ok ""
`}},
	{said: "; the socket never had a connection, which is refused with another number\n", sample: sample{name: "RCV-11: a socket that nobody connected, in another's number", win32: true, broken: "RCV-11", text: port1 + `
main socket s1
main associate p1 s1 key=1
main recv s1 o1 len=4 -> refused shutdown:10058
`}},
	{sample: sample{name: "ACC-8: its own name before its context", win32: true, broken: "ACC-8", text: bare + "main name s2 -> @80\n"}},
	{sample: sample{name: "KEY-5: refused beside the association of another", win32: true, broken: "KEY-5", text: port1 + `
main socket s1
main socket s2
w1> associate p1 s2 key=2
main associate p1 s1 key=1 -> invalid:87
w1<
`}},
	{sample: sample{name: "RCV-11: not connected, on a connection", win32: true, broken: "RCV-11", text: dialled + "main recv s1 o2 len=4 -> refused notconnected:10057\n"}},
	{sample: sample{name: "RCV-11: reset, on a connection that nobody has reset", win32: true, broken: "RCV-6 RCV-11", text: served + "main recv s2 o2 len=4 -> refused reset:10054\n"}},
	{sample: sample{name: "SND-9: not promised of a receive, but of a send", win32: true, broken: "SND-9", axes: Axes{"after-cancel": "unspecified"}, text: served + `
main recv s2 o2 len=4
main cancel s2 o2
main wait p1 -> o2 aborted:0xC0000120
main send s2 o3 "ab" -> refused notconnected:10057
`}},
	{sample: sample{name: "DGM-17: the longest datagram is not too long", win32: true, broken: "DGM-17", text: mailbox + "main sendto s1 o1 len=65507 @1001 -> refused truncated:10040\n"}},
	{sample: sample{name: "CON-10: a disconnect that frees the socket is refused", win32: true, broken: "CON-10", text: served + "main disconnect s2 o2 reuse -> refused wsa=10022\n"}},
	{sample: sample{name: "CON-13: not again, beside a receive", win32: true, broken: "CON-13", text: dialled + `
main disconnect s1 o2 reuse
l peer-read c2 -> n=0
main wait p1 -> o2 ok
main recv s1 o3 len=4
main connect s1 o4 @90 -> refused wsa=10022
`}},
}

// TestWhereAVerdictTurns runs the edges.
func TestWhereAVerdictTurns(t *testing.T) {
	checker := NewChecker()
	for _, s := range slices.Concat(edgesKept, edgesBroken) {
		t.Run(strings.ReplaceAll(s.name, " ", "-"), func(t *testing.T) {
			about := s.about()
			if s.os != "" {
				about.OS = s.os
			}
			trace := build(t, about, s.text)
			if err := trace.Validate(); err != nil {
				t.Errorf("the trace is malformed: %v", err)
			}
			j := checker.Check(trace)
			ids, why := brokenBy(j)
			if got := strings.Join(ids, " "); got != s.broken {
				t.Errorf("broken: %q, want %q\n%s", got, s.broken, strings.Join(why, "\n"))
			}
			if len(why) > 0 && !strings.Contains(why[0]+"\n", s.said) {
				t.Errorf("it is said that\n%s\nwant\n%s", why[0], s.said)
			}
			if s.most > 0 && len(why) > s.most {
				t.Errorf("%d violations, want %d:\n%s", len(why), s.most, strings.Join(why, "\n"))
			}
		})
	}
}
