package spec

import (
	"slices"
	"strings"
	"testing"
)

var shownSamples = []shown{
	{sample{name: "one connection on a listener, one port, one key, one thread", text: served + `
main recv s2 o2 len=2
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
`}, map[string]string{
		"ACC-1": "one connection", "ACC-2": "one connection", "KEY-3": "one port", "PKT-2": "one thread waits", "RCV-1": "the buffer is filled", "OPN-5": "success",
	}},
	{sample{name: "two connections, and only then accepts", text: port1 + `
main port p2
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
c peer-connect c1 @80
d peer-connect c2 @80
main accept s1 o1
main accept s1 o2
w1> wait p1 max=1
main wait p1 max=1 -> o1 ok sock=s2 addr=@1001
w1< -> o2 ok sock=s3 addr=@1002
`}, map[string]string{
		"ACC-1": "several connections", "ACC-2": "several connections", "ACC-3": "", "ACC-4": "the connection was first", "KEY-3": "several ports", "PKT-2": "one thread waits; several threads wait",
	}},
	{sample{name: "a part of a buffer, and the end of the stream behind it", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
c peer-half-close c1
main wait p1 -> o2 ok "ab"
main recv s2 o3 len=4
main wait p1 -> o3 ok ""
`}, map[string]string{"RCV-1": "a part of the buffer is filled", "RCV-4": "after data"}},
	{sample{name: "the end of a stream of nothing", text: served + `
main recv s2 o2 len=4
c peer-half-close c1
main wait p1 -> o2 ok ""
`}, map[string]string{"RCV-1": "", "RCV-4": "with nothing sent"}},
	{sample{name: "associated again with the port that it has", text: served + "main associate p1 s2 key=30 -> invalid\n"}, map[string]string{"KEY-4": "the same port"}},
	{sample{name: "associated again with another port", text: served + "main port p2\nmain associate p2 s2 key=30 -> invalid\n"}, map[string]string{"KEY-4": "another port"}},
	{sample{name: "a second handle associated with the port that its socket has", text: served + "main duplicate s2 into=s3\nmain associate p1 s3 key=30 -> invalid\n"},
		map[string]string{"KEY-4": "", "KEY-7": "the same port"}},
	{sample{name: "a second handle associated with another port", text: served + "main port p2\nmain duplicate s2 into=s3\nmain associate p2 s3 key=30 -> invalid\n"},
		map[string]string{"KEY-4": "", "KEY-7": "another port"}},
	{sample{name: "a post, taken by itself, of values in the middle of their range", text: port1 + "main post p1 t7 key=1 n=3\nmain wait p1 -> t7\n"}, map[string]string{
		"PKT-4": "plain values", "PKT-5": "one at a time", "PKT-6": "posted while nobody waits", "PKT-19": "one port",
	}},
	{sample{name: "two posts to one of two ports, where a thread waits", text: port1 + "main port p2\nw1> wait p1\nmain post p1 t7 key=0 n=3\nmain post p1 t8 key=1 n=3\nw1< -> t7; t8\n"}, map[string]string{
		"PKT-4": "plain values; values at the edge of their range", "PKT-5": "several in a batch", "PKT-6": "posted while a thread waits", "PKT-19": "several ports",
	}},
	{sample{name: "a buffer after a cancel", text: served + "main recv s2 o2 len=4\nmain cancel s2 o2\nmain wait p1 -> o2 aborted\n"}, map[string]string{"OPN-5": "aborted"}},
	{sample{name: "a receive that the close ends", text: served + "main recv s2 o2 len=4\nmain close s2\nmain wait p1 -> o2 aborted\n"}, map[string]string{"CLS-1": "a receive | aborted"}},
	{sample{name: "a receive that had completed before the close", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
main close s2
main wait p1 -> o2 ok "ab"
`}, map[string]string{"CLS-1": "a receive | it had completed"}},
	{sample{name: "a port that several wait on is closed", text: port1 + "w1> wait p1\nw2> wait p1\nmain close-port p1\nw1< -> abandoned\nw2< -> abandoned\n"}, map[string]string{"CLS-5": "several waits ×2"}},
	{sample{name: "a port that one waits on is closed", text: port1 + "w1> wait p1\nmain close-port p1\nw1< -> abandoned\n"}, map[string]string{"CLS-5": "one wait"}},
	{sample{name: "a reset that ends a pending receive", text: served + "main recv s2 o2 len=4\nc peer-abort c1\nmain wait p1 -> o2 reset\n"}, map[string]string{"RCV-6": "the receive was pending", "RCV-10": "the receive was pending"}},
	{sample{name: "a reset that a receive finds at once", text: served + "c peer-abort c1\nmain recv s2 o2 len=4 -> done reset\nmain wait p1 -> o2 reset\n"}, map[string]string{"RCV-6": "the receive was started later"}},
	{sample{name: "a receive of no bytes that waited", text: served + "main recv s2 o2 len=0\nc peer-send c1 \"ab\"\nmain wait p1 -> o2 ok\n"}, map[string]string{"RCV-8": "it waited"}},
	{sample{name: "a receive of no bytes that found some", text: served + "c peer-send c1 \"ab\"\nmain recv s2 o2 len=0 -> done \"\"\nmain wait p1 -> o2 ok\n"}, map[string]string{"RCV-8": "data was there"}},
	{sample{name: "a receive that waits for all and had it at once", text: served + "c peer-send c1 \"ab\"\nmain recv s2 o2 len=2 wait-all -> done \"ab\"\nmain wait p1 -> o2 ok \"ab\"\n"},
		map[string]string{"RCV-9": "the buffer is full ×1"}},
	{sample{name: "a receive that waits for all and has it later", text: served + "main recv s2 o2 len=2 wait-all\nc peer-send c1 \"ab\"\nmain wait p1 -> o2 ok \"ab\"\n"},
		map[string]string{"RCV-9": "the buffer is full ×1"}},
	{sample{name: "a receive that waits for all and has no packet, because it had it at once", text: served + "main skip s2\nc peer-send c1 \"ab\"\nmain recv s2 o2 len=2 wait-all -> done \"ab\"\n"},
		map[string]string{"RCV-9": "the buffer is full ×1"}},
	{sample{name: "a receive that was done at its start, whose packet comes before that returns", text: served + `
w1> recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
w1< -> done "ab"
`}, map[string]string{"OPN-12": "a receive ×1"}},
	{sample{name: "a start that is refused, and all was well with it", broken: "OPN-12", text: served + "main recv s2 o2 len=4 -> refused ok\n"}, map[string]string{"PKT-3": "refused"}},
	{sample{name: "a receive of no bytes that brings some", broken: "OPN-1", text: served + "main recv s2 o2 len=0\nc peer-send c1 \"ab\"\nmain wait p1 -> o2 ok \"ab\"\n"}, map[string]string{"RCV-8": "it waited"}},
	{sample{name: "a send that is done at once", text: served + "main send s2 o2 \"ab\" -> done 2\nmain wait p1 -> o2 ok\n"}, map[string]string{"SND-3": "at once"}},
	{sample{name: "a send that is done later", text: served + "main send s2 o2 \"ab\"\nmain wait p1 -> o2 ok\n"}, map[string]string{"SND-3": "later", "OPN-12": "a send"}},
	{sample{name: "a receive whose packet comes before its start returns", text: served + `
w1> recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
w1<
`}, map[string]string{"OPN-12": "a receive ×1"}},
	{sample{name: "a receive posted again before the handler has ended, and the next handler waits for it", text: served + `
main recv s2 o2 len=4
c peer-send c1 "a"
w1 wait p1 -> o2 ok "a"
w1 enter o2
w1 recv s2 o3 len=4
c peer-send c1 "b"
w2 wait p1 -> o3 ok "b"
w1 leave o2
w2 enter o3
w2 leave o3
`}, map[string]string{"THR-1": "", "THR-2": "", "THR-3": ""}},
	{sample{name: "a receive posted again before the handler has ended, and the next handler begins beside it", text: served + `
main recv s2 o2 len=4
c peer-send c1 "a"
w1 wait p1 -> o2 ok "a"
w1 enter o2
w1 recv s2 o3 len=4
c peer-send c1 "b"
w2 wait p1 -> o3 ok "b"
w2 enter o3
w1 leave o2
w2 leave o3
`}, map[string]string{"THR-1": "", "THR-2": "two handlers ran at once", "THR-3": ""}},
	{sample{name: "two receives whose handlers run one after the other", text: served + `
main recv s2 o2 len=1
main recv s2 o3 len=1
c peer-send c1 "ab"
w1 wait p1 -> o2 ok "a"
w1 enter o2
w1 leave o2
w2 wait p1 -> o3 ok "b"
w2 enter o3
w2 leave o3
`}, map[string]string{"THR-1": "", "THR-2": "", "THR-3": ""}},
	{sample{name: "two receives whose handlers run at once", text: served + `
main recv s2 o2 len=1
main recv s2 o3 len=1
c peer-send c1 "ab"
w1 wait p1 -> o2 ok "a"
w2 wait p1 -> o3 ok "b"
w1 enter o2
w2 enter o3
w2 leave o3
w1 leave o2
`}, map[string]string{"THR-1": "", "THR-2": "", "THR-3": "two handlers ran at once"}},
	{sample{name: "a datagram of some bytes to either side", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "abcd" @80
main wait p1 -> o1 ok "abcd" addr=@1001 size=4
main sendto s1 o2 "hello" @1001
main wait p1 -> o2 ok
c peer-read c1 len=64 -> "hello" @80
`}, map[string]string{
		"DGM-2": "one datagram waits", "DGM-3": "the size is told", "DGM-6": "to the back end; to the far end", "DGM-7": "", "DGM-9": "", "DGM-11": "with bytes",
	}},
	{sample{name: "an empty datagram to either side", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "" @80
main wait p1 -> o1 ok "" addr=@1001 size=0
main sendto s1 o2 "" @1001
main wait p1 -> o2 ok
c peer-read c1 len=64 -> "" @80
`}, map[string]string{"DGM-3": "", "DGM-9": "an empty datagram", "DGM-11": "without"}},
	{sample{name: "a datagram to the back end alone", text: mailbox + `
main recvfrom s1 o1 len=8
c peer-send c1 "abcd" @80
main wait p1 -> o1 ok "abcd" addr=@1001 size=4
`}, map[string]string{"DGM-6": "to the back end"}},
	{sample{name: "a datagram to the far end alone", text: mailbox + `
main sendto s1 o2 "hello" @1001
main wait p1 -> o2 ok
c peer-read c1 len=64 -> "hello" @80
`}, map[string]string{"DGM-6": "to the far end"}},
	{sample{name: "an empty datagram for a receive that has no buffer", text: mailbox + `
main recvfrom s1 o1 len=0
c peer-send c1 "" @80
main wait p1 -> o1 ok "" addr=@1001 size=0
`}, map[string]string{"DGM-9": ""}},
	{sample{name: "two datagrams wait", text: mailbox + `
c peer-send c1 "abcd" @80
c peer-send c1 "efgh" @80
main recvfrom s1 o1 len=8
main wait p1 -> o1 ok "abcd" addr=@1001
`}, map[string]string{"DGM-2": "several datagrams wait", "DGM-7": ""}},
	{sample{name: "two datagrams of one sender, one after the other", text: mailbox + `
c peer-send c1 "abcd" @80
c peer-send c1 "efgh" @80
main recvfrom s1 o1 len=8
main wait p1 -> o1 ok "abcd" addr=@1001
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "efgh" addr=@1001
`}, map[string]string{"DGM-7": "one after the other"}},
	{sample{name: "datagrams of two senders have no order", text: mailbox + `
d peer-bind c2 -> @1002
c peer-send c1 "abcd" @80
d peer-send c2 "efgh" @80
main recvfrom s1 o1 len=8
main wait p1 -> o1 ok "efgh" addr=@1002
main recvfrom s1 o2 len=8
main wait p1 -> o2 ok "abcd" addr=@1001
`}, map[string]string{"DGM-7": ""}},
	{sample{name: "an asynchronous procedure call that was queued while a wait took a packet", text: port1 + `
w1 queue-apc t1
w1 post p1 t7
w1 wait p1 alertable -> t7
`}, map[string]string{"PKT-18": "one was queued"}},
	{sample{name: "no asynchronous procedure call was queued", text: port1 + "w1 post p1 t7\nw1 wait p1 alertable -> t7\n"}, map[string]string{"PKT-18": ""}},
	{sample{name: "done at once before a post, and taken by itself", win32: true, text: served + `
main send s2 o2 "ab" -> done 2
main post p1 t5
main wait p1 max=1 -> o2 ok
main wait p1 max=1 -> t5
`}, map[string]string{"PKT-12": "one at a time"}},
	{sample{name: "done at once before a post, and taken with it", win32: true, text: served + "main send s2 o2 \"ab\" -> done 2\nmain post p1 t5\nmain wait p1 -> o2 ok; t5\n"}, map[string]string{"PKT-12": "several in a batch"}},
	{sample{name: "a send that the far end's reset has ended", win32: true, text: served + `
main send s2 o2 "ab"
c peer-abort c1
main wait p1 -> o2 reset:0xC000020D n=0
`}, map[string]string{"PKT-11": "a send and a reset"}},
	{sample{name: "a datagram that finds nobody, of which its send is told", win32: true, axes: Axes{"unreachable": "reported"}, text: mailbox + `
main sendto s1 o2 "hello" @1001
main wait p1 -> o2 unreachable:0xC000023F n=0
`}, map[string]string{"PKT-11": ""}},
	{sample{name: "accepted without its context", win32: true, text: bare + `
main name s2 -> wsa=10022
main peername s2 -> wsa=10057
main shutdown s2 side=send -> wsa=10057
`}, map[string]string{"ACC-8": "accepted: its own name; accepted: the far end's name; accepted: shutdown"}},
	{sample{name: "accepted without its context, and received", win32: true, text: bare + "main recv s2 o2 len=4\nc peer-send c1 \"ab\"\nmain wait p1 -> o2 ok \"ab\"\n"}, map[string]string{"ACC-9": "accepted: a receive"}},
	{sample{name: "accepted without its context, and sent", win32: true, text: bare + "main send s2 o2 \"ab\"\nmain wait p1 -> o2 ok\n"}, map[string]string{"ACC-9": "accepted: a send"}},
	{sample{name: "connected without its context", win32: true, text: strings.Replace(dialled, "connect s1 o1 @90", "connect s1 o1 @90 no-context", 1) + `
main peername s1 -> wsa=10057
main send s1 o2 "ab"
main wait p1 -> o2 ok
`}, map[string]string{"ACC-8": "connected: the far end's name", "ACC-9": "connected: a send"}},
	{sample{name: "an accept into a socket that was accepted", win32: true, text: served + "main accept s1 o2 into=s2 -> refused wsa=10022\n"}, map[string]string{"ACC-13": "into one that was accepted"}},
	{sample{name: "an accept into a socket that has connected", win32: true, text: listener + dialledOn("s3", "c2", "c3") + "main accept s1 o3 into=s3 -> refused wsa=10022\n"},
		map[string]string{"ACC-13": "into one that has connected"}},
	{sample{name: "a connect on a socket that was accepted", win32: true, text: served + "main connect s2 o2 @90 -> refused wsa=10056\n"}, map[string]string{"CON-3": "it was accepted"}},
	{sample{name: "a connect on a socket that has connected", win32: true, text: dialled + "main connect s1 o2 @90 -> refused wsa=10056\n"}, map[string]string{"CON-3": "it has connected"}},
	{sample{name: "the client of an accept with too little room goes to the next", win32: true, text: listener + `
main accept s1 o1 local=3
main accept s1 o2
c peer-connect c1 @80
main wait p1 -> o1 invalid:0xC0000023; o2 ok sock=s2 addr=@1001
`}, map[string]string{"ACC-15": "too little: it fails at the connection; the client goes to the next accept"}},
	{sample{name: "an accept without room for data into a socket that is closed beside a waiting client", win32: true, text: listener + `
main socket s2
main accept s1 o1 into=s2
c peer-connect c1 @80
main close s2
main wait p1 -> o1 aborted:0xC0000120
`}, map[string]string{"ACC-16": "the accepting socket was closed | cancelled"}},
	{sample{name: "an accept with room for data into a socket that is closed before any client has come", win32: true, text: listener + `
c peer-listen c9 @99
main socket s2
main accept s1 o1 into=s2 len=4
main close s2
main wait p1 -> o1 aborted:0xC0000120
`}, map[string]string{"ACC-16": "the accepting socket was closed | cancelled"}},
	{sample{name: "an accept with room for data into a socket that is closed over a client that says nothing", win32: true, text: listener + `
main socket s2
main accept s1 o1 into=s2 len=4
c peer-connect c1 @80
main close s2
main wait p1 -> o1 aborted:0xC0000241
`}, map[string]string{"ACC-16": "the accepting socket was closed over a silent connection | the connection was aborted"}},
	{sample{name: "a reset before an accept without room for data", win32: true, text: listener + `
main accept s1 o1
c peer-connect c1 @80
c peer-abort c1
main wait p1 -> o1 reset:0xC000020D
`}, map[string]string{"ACC-16": "reset before it was accepted | reset, in its packet"}},
	{sample{name: "a reset that ends an accept which may have had a connection of our own", win32: true, text: listener + `
c peer-listen c9 @99
main socket s2
main bind s2 @0
main associate p1 s2 key=20
main connect s2 o2 @80
main accept s1 o1 len=4
main close s2
main wait p1 -> o1 reset:0xC000020D
`}, map[string]string{"ACC-16": "reset before it was accepted | reset, in its packet"}},
	{sample{name: "a reset under an accept that waits for data", win32: true, text: listener + `
main accept s1 o1 len=4
c peer-connect c1 @80
c peer-abort c1
main wait p1 -> o1 reset:0xC000020D
`}, map[string]string{"ACC-16": "reset while it waited for data | reset, in its packet"}},
}

// A situation counts as seen where it was there, and nowhere else.
func TestWhatATraceShows(t *testing.T) { judgeAsShown(t, shownSamples) }

// What is counted of a rule is among what the rule lists: no situation, alternative or cell beyond.
func TestNothingIsCountedThatARuleDoesNotList(t *testing.T) {
	checker := NewChecker()
	for _, s := range slices.Concat(goodSamples, legalSamples, goodHandles, doctoredSamples, doctoredHandles) {
		for i, n := range checker.Check(build(t, s.about(), s.text)).Counts {
			r := Rules()[i]
			if n.Situations>>len(r.Situations) != 0 || n.Alternatives>>len(r.Alternatives) != 0 {
				t.Errorf("%s, %s: counted situations %b of %d and alternatives %b of %d", s.name, r.ID, n.Situations, len(r.Situations), n.Alternatives, len(r.Alternatives))
			}
			var situations, alternatives uint32
			for bit := range 64 {
				situation, alternative, is := r.Cell(bit)
				switch seen := n.Cells&(1<<bit) != 0; {
				case seen && !is:
					t.Errorf("%s, %s: cell %d is counted, which there is not", s.name, r.ID, bit)
				case seen:
					situations |= 1 << slices.Index(r.Situations, situation)
					if alternative != "" {
						alternatives |= 1 << slices.Index(r.Alternatives, alternative)
					}
				}
			}
			if situations != n.Situations || alternatives != n.Alternatives {
				t.Errorf("%s, %s: the cells %b do not tell of the situations %b and alternatives %b", s.name, r.ID, n.Cells, n.Situations, n.Alternatives)
			}
		}
	}
}
