package scenario

import (
	"strings"
	"testing"
)

var known = Vocabulary{
	Rules:        map[string]bool{"ACC-4": true, "CAN-1": true},
	Capabilities: map[string]bool{"accept": true, "cancel-all": true},
	Axes:         map[string][]string{"fill": {"fifo", "any"}, "close": {"abort", "keep"}},
}

// bad is text that does not parse. {} stands for "session s\nrecv r1 on s len=4\n".
var bad = []struct{ in, want string }{
	// files, headers, blocks
	{"rules acc-4", `1:7: "acc-4" is not a rule id: expected one such as ACC-4`},
	{"rules ACC-4 ACC-5", `1:13: unknown rule "ACC-5"; did you mean "ACC-4"?`},
	{"rules", `1:6: "rules" says nothing: expected at least one word behind it`},
	{"rules ACC-4 ACC-4", `1:13: "ACC-4" stands twice behind "rules"`},
	{"rules=ACC-4", `1:6: "=ACC-4" is not a rule id: expected one such as ACC-4`},
	{"needs cancel_all", `1:7: "cancel_all" is not a capability: expected a word such as accept-data`},
	{"needs cancelall", `1:7: unknown capability "cancelall"; did you mean "cancel-all"?`},
	{"world simulated", `1:7: unknown world "simulated": expected sim or real`},
	{"world sim real", `1:11: found "real", but "world" takes one word`},
	{"world sim\nworld real", `2:1: second "world" header: the first is in line 1`},
	{"axes fill", `1:6: "fill" is not an axis with a value: expected a pair such as fill=fifo`},
	{"axes fil=fifo", `1:6: unknown axis "fil"; did you mean "fill"?`},
	{"axes fill=fif", `1:6: axis "fill" has no value "fif": expected one of fifo, any; did you mean "fifo"?`},
	{"trigger edge", `1:9: unknown trigger "edge": expected any, or no such header`},
	{"answers some", `1:9: unknown answers "some": expected any, or no such header`},
	{"answers any\nport P -> ok", `2:8: a line of a script with "answers any" expects nothing: leave out "->" and what follows`},
	{"seed twelve", `1:6: seed "twelve" is not a number`},
	{"rulse ACC-4", `1:1: unknown verb "rulse"; did you mean "rules"?`},
	{"port P\nneeds accept", `2:1: header "needs" behind the first line of the script: headers come first`},
	{"par {\nsettle", `1:1: "par" is never closed: expected "}" before the end of the file`},
	{"repeat 3 {\npar {\nsettle\n}\n", `1:1: "repeat" is never closed: expected "}" before the end of the file`},
	{"}", `1:1: found "}" but no block is open`},
	{"par\nsettle\n}", `1:4: expected "{" to open the block of "par", found the end of the line`},
	{"par { settle }", `1:7: unexpected "settle" behind the opening brace`},
	{"repeat {\n}", `1:8: expected how often to repeat, a number, found "{"`},
	{"repeat 0 {\n}", `1:8: 0 is out of range: expected 1 to 1048576`},
	{"schedule {\n}", `1:10: expected the threads of the schedule, found "{"`},
	{"port P\nschedule t1 t2 {\n@t1 wait P\n}", `2:13: no line of the schedule is for "t2"; did you mean "t1"?`},
	{"@t1 par {\n}", `1:5: a block takes neither thread nor "misuse": found "par", expected a verb`},
	{strings.Repeat("par {\n", 9), `9:1: blocks stand more than 8 deep`},

	// lines
	{"recieve r1 on s", `1:1: unknown verb "recieve"; did you mean "recv"?`},
	{"frobnicate x", `1:1: unknown verb "frobnicate"; the verbs are port, listen, tcp, udp, event, poller, session, associate, accept, connect, disconnect, recv, send, recvfrom, sendto, cancel, shutdown, close, skip, post, context, name, peername, dup, apc, wait, await, join, peer, pool, drain, add, modify, remove, try, woken, settle, time, enter, leave, exit, observe, net`},
	{"@w1", `1:4: expected a verb, found the end of the line`},
	{"@ -> x", `1:3: expected the name of a thread behind "@", found "->"`},
	{"@main settle", `1:2: lines of the main thread have no "@" in front`},
	{"misuse settle", `1:1: "settle" cannot break an obligation: leave out "misuse"`},
	{"sends 4", `1:1: "sends" is what a peer does: write "peer u sends 10 to U attempts=8"`},
	{"settle -> ok", `1:8: "settle" has no result: nothing to expect behind "->"`},
	{"port P; port Q", `1:7: ';' has no meaning here: names are of letters, digits, _ and -`},
	{"port é", `1:6: 'é' has no meaning here: names are of letters, digits, _ and -`},
	{"port P Q", `1:8: unexpected "Q" behind "port": expected concurrency=, "->", "if=" or the end of the line`},
	{"port 1P", `1:6: "1P" is not a name: a letter, then letters, digits, _ and -`},
	{"port", `1:5: expected a name for the port, found the end of the line`},
	{"port ok", `1:6: "ok" is a word of the language, so it cannot name a port`},
	{"settle 5ms", `1:8: unexpected "5ms" behind "settle": expected "if=" or the end of the line`},
	{"time 5", `1:6: expected a time such as 10us, 5ms or 2s, at most an hour, found "5"`},
	{"time 2h", `1:6: expected a time such as 10us, 5ms or 2s, at most an hour, found "2h"`},
	{"time 3601s", `1:6: expected a time such as 10us, 5ms or 2s, at most an hour, found "3601s"`},
	{"time five", `1:6: expected a time such as 10us, 5ms or 2s, at most an hour, found "five"`},

	// names
	{"port P\nport P", `2:6: name "P" is introduced twice: it is a port already (line 1)`},
	{"session s\nsession t", `2:9: name "c" is introduced twice: it is a peer already (line 1); a further session names its peer: peer=d`},
	{"poller P\nsession s", `2:9: "P" is a poller already (line 1), so it cannot be a port too`},
	{"{}recv r1 on s len=4", `3:6: name "r1" is introduced twice: it is an operation already (line 2)`},
	{"{}recv r2 on t len=4", `3:12: unknown name "t": no line before introduces it as a socket`},
	{"{}cancel r2", `3:8: unknown name "r2": no line before introduces it as an operation; did you mean "r1"?`},
	{"{}cancel s", `3:8: "s" is a socket (line 1), expected an operation`},
	{"{}recv r2 on P len=4", `3:12: "P" is a port (line 1), expected a socket`},
	{"{}shutdown r1.sock send", `3:10: "r1.sock": r1 is an operation, and only an accept has a socket of its own`},
	{"session s\ntcp s1\naccept a1 on L into s1\nclose a1.sock", `4:7: "a1.sock" has a name already: s1 (line 3)`},
	{"session s\naccept a1 on L\ncancel a1.sock", `3:8: "a1.sock" is a socket, expected an operation`},
	{"session s\naccept a1 on s", `2:14: "s" is a socket (line 1), expected a listener`},
	{"recv r1 on s len=1\nsession s", `1:12: unknown name "s": no line before introduces it as a socket`},
	{"session s\npar {\nrecv r1 on s len=1\nrecv r1 on s len=1\n}", `4:6: name "r1" is introduced twice: it is an operation already (line 3)`},
	{"session s\npeer g[4] connects L\npeer g closes", `3:6: peer "g" was introduced as g[4] (line 2): write it so here too`},
	{"session s\npeer g[4] connects L\npeer g[5] closes", `3:6: peer "g" was introduced as g[4] (line 2): write it so here too`},
	{"session s\npeer g[4] connects L as s2", `2:22: a group has many sockets, one name cannot stand for them`},
	{"session s\npeer c[2] closes", `2:6: peer "c" was introduced as c (line 1): write it so here too`},
	{"session s\npeer e sends 4", `2:6: unknown name "e": no line before introduces it as a peer`},

	// options
	{"{}recv r2 on s", `3:13: "recv" needs len=, found the end of the line`},
	{"{}recv r2 on s lne=4", `3:14: unknown option "lne": "recv" takes len, waitall, event, packet, token, buffer; did you mean "len"?`},
	{"{}recv r2 on s size=4", `3:14: unknown option "size": "recv" takes len, waitall, event, packet, token, buffer`},
	{"{}recv r2 on s len=4 len=5", `3:20: option "len" is given twice`},
	{"{}recv r2 on s len=many", `3:18: expected the value of len=, a number, found "many"`},
	{"{}recv r2 on s len=", `3:18: expected the value of len=, a number, found the end of the line`},
	{"{}recv r2 on s len=2048m", `3:18: 2048m is out of range: expected 0 to 1073741824`},
	{"{}recv r2 on s len=4 waitall=maybe", `3:28: expected the value of waitall= (yes, no), found "maybe"`},
	{"{}recv r2 on s len=4x", `3:18: expected the value of len=, a number, found "4x"`},
	{"{}recv r2 on s len=-1", `3:18: '-' has no meaning here: names are of letters, digits, _ and -`},
	{"{}cancel r1 all=yes", `3:11: unexpected "all" behind "cancel": expected "->", "if=" or the end of the line`},
	{"associate s to P", `1:17: "associate" needs key=, found the end of the line`},
	{"port P\npost k to P key=0x10000000000000000", `2:17: expected the value of key=, a number, found "0x10000000000000000"`},
	{"tcp s ip=5", `1:10: ip=5 does not exist: expected 4 or 6`},
	{"port P\nlisten L key=3", `2:10: a key belongs to a port: write "listen L on P key=..."`},
	{"port P\npool W on P threads=0 handler=drain", `2:21: 0 is out of range: expected 1 to 1024`},
	{"port P\npool W on P threads=2 handler=session-ecco", `2:31: expected the value of handler= (session-echo, session-echo-repost-first, accept-loop, drain), found "session-ecco"; did you mean "session-echo"?`},
	{"port P\npool W on P handler=drain", `2:26: "pool" needs threads=, found the end of the line`},
	{"session s max=3", `1:11: unknown option "max": "session" takes key, peer, skip, ip`},
	{"port P\nwait P mxa=3", `2:8: unknown option "mxa": "wait" takes max; did you mean "max"?`},
	{"port P\nwait P forever 5ms", `2:16: unexpected "5ms" behind "wait": expected "->", "if=" or the end of the line`},

	// verbs
	{"{}cancel", `3:7: expected the name of an operation, found the end of the line`},
	{"{}shutdown s sent", `3:12: expected a direction (send, receive, both), found "sent"; did you mean "send"?`},
	{"{}recv r2 s len=4", `3:9: expected "on" behind the name of the operation, found "s"`},
	{"tcp s\nconnect x on s", `2:15: expected "to" behind the socket: a connect goes somewhere, found the end of the line`},
	{"session s\npeer c sents 4", `2:8: expected what the peer does, found "sents"; did you mean "sends"?`},
	{"session s\npeer c sends", `2:13: expected how many bytes, a number, found the end of the line`},
	{"session s\npeer c reads fin", `2:14: expected a number of bytes, a range, eof, reset or nothing, found "fin"`},
	{"session s\npeer c reads 5..1", `2:14: range 5..1 is empty: the smaller number comes first`},
	{"session s\npeer c reads 5..", `2:14: expected how many bytes, a number or a range such as 1..5, found "5.."`},
	{"peer p listens\npeer p accepts", `2:15: expected "as" behind "accepts": the far end of the new connection needs a name, found the end of the line`},
	{"session s\npeer c ping-pongs 0", `2:19: 0 is out of range: expected 1 to 1048576`},
	{"session s\npeer c[0] closes", `2:8: 0 is out of range: expected 1 to 1024`},
	{"session s\npeer c[2 closes", `2:10: expected "]" behind the size of the group, found "closes"`},
	{"udp U\npoller E\nadd U to E", `3:11: expected what to watch (in, out, pri, rdhup, level, edge, oneshot, exclusive, none), found the end of the line`},
	{"udp U\npoller E\nadd U to E levle", `3:12: expected what to watch (in, out, pri, rdhup, level, edge, oneshot, exclusive, none), found "levle"; did you mean "level"?`},
	{"udp U\npoller E\nadd U to E in in", `3:15: "in" stands twice`},
	{"udp U\npoller E\nadd U in E in", `3:7: expected "to" behind the socket, found "in"`},
	{"udp U\ntry shutdown on U", `2:5: expected an operation that can be tried, found "shutdown"`},
	{"poller E\nwoken E about 2", `2:9: expected a bound (exactly, atmost), found "about"`},
	{"{}observe overlapp s", `3:9: expected what to look for (overlap, ran, reorder, inline, reuse, spurious, both), found "overlapp"; did you mean "overlap"?`},
	{"{}net dorp c", `3:5: expected a disturbance (drop, dup, reorder, delay, cut, heal), found "dorp"; did you mean "drop"?`},
	{"{}net delay c", `3:11: expected how long to delay such as 10us, 5ms or 2s, at most an hour, found "c"`},
	{"apc x", `1:1: "apc" needs a thread of its own: "@t1 apc x"`},
	{"exit", `1:1: "exit" needs the thread that ends: "@w1 exit"`},
	{"repeat 2 {\n@w1 exit\n}", `2:1: "exit" stands outside of blocks: a thread ends once`},
	{"@w1 exit\n@w1 settle", `2:2: thread "w1" has ended`},
	{"@w1 exit &", `1:1: "exit" takes neither guard nor "&"`},
	{"await e", `1:7: unknown name "e": no line before introduces it as an event`},
	{"{}recv r2 on s len=4 packet=no", `3:14: packet=no needs an event, which alone tells of the operation: event=`},
	{"join", `1:1: "join" needs the thread it waits for: "@w1 join"`},
	{"@w1 join", `1:1: thread "w1" has no line in the background ("&") to join`},
	{"port P\n@w1 wait P &\n@w2 join", `3:1: thread "w2" has no line in the background ("&") to join; did you mean "w1"?`},
	{"port P\nwait P &", `2:8: a line in the background needs a thread of its own: put "@w1" or the like in front`},

	// results and guards
	{"{}wait P -> r1: okay", `3:15: unknown status "okay"; the statuses are pending, done, refused, ok, aborted, reset, netname, truncated, timedout, abandoned, closed, notfound, wouldblock, shutdown, notconnected, connected, inuse, invalid, busy, unreachable, noresources, unsupported, interrupted`},
	{"{}wait P -> r2: ok", `3:11: unknown name "r2": no line before introduces it as an operation; did you mean "r1"?`},
	{"{}wait P -> r1 ok", `3:14: unexpected "ok" behind its result: expected "if=" or the end of the line`},
	{"{}wait P -> {r1: ok", `3:18: expected "}" or "," in the list of packets, found the end of the line`},
	{"{}wait P -> [r1: ok}", `3:18: expected "]" or "," in the list of packets, found "}"`},
	{"{}wait P -> ", `3:10: expected "nothing", a status or the name of an operation, found the end of the line`},
	{"{}wait P -> : ok", `3:11: expected "nothing", a status or the name of an operation, found ":"`},
	{"{}wait P -> r1: pending", `3:15: "pending" is what a start answers, not "wait"`},
	{"{}wait P -> r1: ok |", `3:19: expected a status, found the end of the line`},
	{"{}wait P -> r1: ok 1..4 sock=P", `3:28: "P" is a port (line 1), expected a socket`},
	{"{}wait P -> r1: ok siez=4", `3:18: unknown option "siez": "ok" takes key, sock, from, size, native; did you mean "size"?`},
	{"{}wait P -> r1: refused/rest", `3:23: unknown status "rest" behind "/"; did you mean "reset"?`},
	{"{}recv r2 on s len=4 -> ok 4", `3:23: "recv" answers pending, done, refused; "ok" would be of its packet, or a reason: refused/ok`},
	{"{}cancel r1 -> done", `3:14: "done" is what a start answers, not "cancel"`},
	{"{}cancel r1 -> nothing", `3:14: "nothing" is what a wait may find, not "cancel"`},
	{"{}poller E\nwait E -> s: in | ok", `4:19: events of a poller and statuses of operations do not mix`},
	{"{}poller E\nwait E -> in", `4:11: expected "nothing", a status or the name of an operation, found "in"`},
	{"{}cancel r1 if=r1", `3:14: expected a guard such as if=r1.pending, found "r1"`},
	{"{}cancel r1 if=r1.gone", `3:17: unknown status "gone"; did you mean "done"?`},
	{"{}cancel r1 if=r2.ok", `3:14: unknown name "r2": no line before introduces it as an operation or packet; did you mean "r1"?`},
	{"{}cancel r1 if=r1.ok -> ok", `3:20: unexpected "->" behind its guard: expected the end of the line`},
	{"{}cancel r1 if=r1.ok if=r1.ok", `3:20: unexpected "if" behind its guard: expected the end of the line`},
	{"{}cancel r1 -> ok if=r1.ok & &", `3:26: a line in the background needs a thread of its own: put "@w1" or the like in front`},
}

func TestBadInputIsExplainedWhereItIs(t *testing.T) {
	for _, tt := range bad {
		in := strings.Replace(tt.in, "{}", "session s\nrecv r1 on s len=4\n", 1)
		_, err := ParseWith("f", []byte(in), known)
		got := "parses"
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "f:")
		}
		if got != tt.want {
			t.Errorf("%q\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}
