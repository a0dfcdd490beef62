package spec

// legalEndings are more of them: sends, declared differences, settling, pauses.
var legalEndings = []sample{
	{name: "half close with sends pending", text: served + `
main send s2 o2 "abc"
main send s2 o3 "def"
main shutdown s2 side=send
c peer-read c1 -> "abcd"
c peer-read c1 -> "ef"
c peer-read c1 -> ""
main wait p1 -> o2 ok; o3 ok
main wait p1 -> timedout
main settle
`},
	{name: "a send that was cancelled halfway", text: served + `
main send s2 o2 "abcdef"
main cancel s2 o2
c peer-read c1 -> "abc"
main wait p1 -> o2 aborted n=3
main send s2 o3 "xyz"
c peer-read c1 -> "xyz"
main wait p1 -> o3 ok
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`},
	{name: "a send that was cancelled before a byte went out", text: served + `
main send s2 o2 "aaaa"
main send s2 o3 "aa"
main cancel s2 o2
c peer-read c1 -> "aa"
main wait p1 -> o2 aborted; o3 ok
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`},
	{name: "sends whose starts overlap", text: served + `
w1> send s2 o2 "aab"
w2> send s2 o3 "aac"
w1<
w2<
c peer-read c1 -> "a"
c peer-read c1 -> "aca"
c peer-read c1 -> "ab"
main wait p1 -> o2 ok; o3 ok
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`},
	{name: "sends of one byte whose starts overlap", text: served + `
w1> send s2 o2 "a"
w2> send s2 o3 "ab"
w1<
w2<
c peer-read c1 -> "a"
c peer-read c1 -> "ba"
main wait p1 -> o2 ok; o3 ok
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`},
	{name: "an accept that a close leaves takes a connection that is made after it", axes: Axes{"close": "keep"}, text: listener + `
main accept s1 o1
main close s1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
c peer-connect c2 @80 -> refused
main settle
`},
	{name: "a receive behind a reset that was told is done where the end is what it tells", win32: true, axes: Axes{"after-reset": "end"}, text: served + `
c peer-abort c1
main recv s2 o2 len=4
main wait p1 -> o2 reset
main recv s2 o3 len=4 -> done 0
main wait p1 -> o3 ok
`},
	{name: "short sends", axes: Axes{"send": "short"}, text: served + `
main send s2 o2 "abcdef"
c peer-read c1 -> "abcd"
main wait p1 -> o2 ok n=4
main send s2 o3 "ef"
c peer-read c1 -> "ef"
main wait p1 -> o3 ok
main wait p1 -> timedout
c peer-read c1 -> timedout
main settle
`},
	{name: "receives in any order", axes: Axes{"fill": "any"}, text: served + `
main recv s2 o2 len=2
main recv s2 o3 len=2
c peer-send c1 "abcd"
main wait p1 -> o3 ok "ab"; o2 ok "cd"
main wait p1 -> timedout
main settle
`},
	{name: "a receive that waits for all, cancelled halfway", text: served + `
main recv s2 o2 len=4 wait-all
c peer-send c1 "ab"
main cancel s2 o2
main wait p1 -> o2 ok "ab"
main recv s2 o3 len=4
c peer-send c1 "cd"
main wait p1 -> o3 ok "cd"
main wait p1 -> timedout
main settle
`},
	{name: "a receive whose start overlapped that of one that waits for more than is there", text: served + `
c peer-send c1 "abcdefgh"
w1> recv s2 o2 len=3 wait-all
w2> recv s2 o3 len=300 wait-all
w2<
w1<
` + settled},
	{name: "receives in any order, one of which waits for all", axes: Axes{"fill": "any"}, text: served + `
main recv s2 o2 len=4 wait-all
main recv s2 o3 len=2
c peer-send c1 "abcdef"
main wait p1 -> o3 ok "cd"; o2 ok "abef"
main wait p1 -> timedout
main settle
`},
	{name: "a cancel may lose bytes where that is declared", axes: Axes{"after-cancel": "unspecified"}, text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
main cancel s2 o2
main wait p1 -> o2 aborted
main recv s2 o3 len=4
main wait p1 -> timedout
main settle
c peer-half-close c1
main wait p1 -> o3 ok
`},
	{name: "skip is switched on while an operation starts", text: served + `
c peer-send c1 "ab"
w1> recv s2 o2 len=4
w2 skip s2
w1< -> done "ab"
main wait p1 -> timedout
main settle
`},
	{name: "an association while an operation starts", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
w1> recv s2 o2 len=4
w2 associate p1 s2 key=3
w1<
c peer-send c1 "ab"
main wait p1 -> timedout
main settle
`},
	{name: "two associations at once", text: port1 + `
main port p2
main socket s1
w1> associate p1 s1 key=3
w2> associate p2 s1 key=4
w2<
w1< -> invalid
main recv s1 o1 len=4
main cancel s1 o1
main wait p2 -> o1 aborted key=4
main wait p1 -> timedout
main wait p2 -> timedout
main settle
`},
	{name: "a port is closed with operations outstanding", text: served + `
main recv s2 o2 len=4
main close-port p1
c peer-send c1 "ab"
main settle
`},
	{name: "two settles", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> timedout
main settle
main wait p1 -> timedout
main settle
`, broken: "RCV-5"}, // once: TestASecondSettleAccusesNobodyAgain
	{name: "waiting for a full buffer", text: served + `
main recv s2 o2 len=4 wait-all
c peer-send c1 "ab"
main wait p1 -> timedout
main settle
`},
	{name: "a far end's send is cut by its close", text: served + `
main recv s2 o2 len=4
c> peer-send c1 "abcdef"
d peer-close c1
c< -> reset n=2
main wait p1 -> o2 ok "ab"
main recv s2 o3 len=4
main wait p1 -> o3 ok
`},
	{name: "a far end sends after it has ended its stream", text: served + `
main recv s2 o2 len=4
c peer-half-close c1
c peer-send c1 "ab" -> shutdown n=0
main wait p1 -> o2 ok
main wait p1 -> timedout
main settle
`},
	{name: "waits that overlap block in either order", text: port1 + `
w1> wait p1 forever
w2> wait p1 forever
main pause
main post p1 t5
w1< -> t5
`},
	{name: "a wait was called while the pause went on", text: port1 + `
w1> wait p1 forever
main pause since=1
w2> wait p1 forever
main pause since=2
main post p1 t5
w1< -> t5
`},
	{name: "two posts after a pause", text: port1 + `
w1> wait p1 forever
main pause
w2> wait p1 forever
main pause
main post p1 t5
main post p1 t6
w1< -> t6
w2< -> t5
`},
	{name: "an operation ends after a pause", text: served + `
main recv s2 o2 len=4
w1> wait p1 forever
main pause
w2> wait p1 forever
main pause
c peer-send c1 "ab"
main post p1 t6
w1< -> t6
w2< -> o2 ok "ab"
`},
	{name: "calls race with a close", world: "real", text: served + `
w1> recv s2 o2 len=4
w2 close s2
w1< -> pending
main wait p1 -> timedout
main settle
`},
	{name: "a back end without far ends", text: port1 + `
main socket s1
main associate p1 s1 key=4
main recv s1 o1 len=4
main wait p1 -> o1 ok "abcd"
main wait p1 -> timedout
main settle
`},
	{name: "a start on a closed socket may be refused by its packet", text: served + `
main close s2
main recv s2 o2 len=4
main wait p1 -> o2 closed
c peer-read c1 -> ""
main settle
`},
	{name: "a wait that has not returned may have the packet that fills the limit", text: `
main port p1 limit=1
w1> wait p1 max=1
main post p1 t5
main post p1 t6
w2 wait p1 -> timedout
w1< -> t5
w1 wait p1 -> t6
`},
}
