package spec

// tornBetween has two threads asleep on p2, and a receive on a socket whose association with p1 has failed while one with p2 is under way.
const tornBetween = listener + `
main port p2
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
w1> wait p2 forever
main pause
w2> wait p2 forever
main pause
main> associate p1 s2 key=20
w3> associate p2 s2 key=30
w4 recv s2 o2 len=4
main< -> invalid
`

// runsOn is a thread that is handed a packet, posts another and comes back for it.
const runsOn = `
main post p1 t5
w1< -> t5
w1 post p1 t6
w1 wait p1 max=1 -> t6
`

// ledgerOfHandlers: handlers that run, and those that block.
var ledgerOfHandlers = []shown{
	{sample: sample{name: "handlers that block may be more than the port was opened for", text: twoTaken + `
w1 enter o1
w2 enter o2
w2 leave o2
w1 leave o1
`}, shows: map[string]string{"THR-5": ""}},
	{sample: sample{name: "handlers one after the other", text: twoTaken + `
w1 enter o1 n=1
w1 leave o1 n=1
w2 enter o2 n=1
w2 leave o2 n=1
`}, shows: map[string]string{"THR-5": "as many ran as were allowed"}},
	{sample: sample{name: "THR-5: a handler that blocked has ended, and another runs beside the first", broken: "THR-5", text: twoTaken + `
w2 enter o2
w1 enter o1 n=1
w2 leave o2
w2 enter o2 n=1
w2 leave o2 n=1
w1 leave o1 n=1
`}},
	{sample: sample{name: "THR-5: a handler that waits on another port is none of that port's", broken: "THR-5", text: twoTaken + `
main port p2 limit=1
main post p2 t5
main post p2 t6
main post p2 t7
w1 enter o1 n=1
w1 wait p2 max=1 -> t5
w1 leave o1 n=1
w1 wait p2 max=1 -> t6
w2 wait p2 max=1 -> t7
w1 enter o1 n=1
w2 enter o2 n=1
w2 leave o2 n=1
w1 leave o1 n=1
`}},
	{sample: sample{name: "one thread runs where one may, and the packet waits for it", text: "main port p1 limit=1" + twoBlocked[len("\nmain port p1 limit=2"):] + runsOn + "main pause\n"}, shows: map[string]string{"THR-6": "others did"}},
	{sample: sample{name: "one thread runs where two may, and nothing has come to rest", text: twoBlocked + runsOn}, shows: map[string]string{"THR-6": "others did"}},
	{sample: sample{name: "one thread runs where two may, and a third may do so", text: twoBlocked + "main post p1 t1\nw1< -> t1\nw3 wait p1 max=1 ms=0 -> timedout\nw1 post p1 t6\nw1 wait p1 max=1 -> t6\nmain pause\n"},
		shows: map[string]string{"THR-6": "others did"}},
	{sample: sample{name: "the packet waits for one that came before it was there", text: twoBlocked + "main post p1 t5\nw1< -> t5\nmain> post p1 t6\nw1 wait p1 max=1 -> t6\nmain<\nmain pause\n"},
		shows: map[string]string{"THR-6": "others did"}},
	{sample: sample{name: "the one that was blocked got another packet", text: twoBlocked + "main post p1 t5\nmain post p1 t6\nw1< -> t5\nw1 wait p1 max=1 -> t6\nmain post p1 t7\nw2< -> t7\nmain pause\n"},
		shows: map[string]string{"THR-6": "others did"}},
	{sample: sample{name: "a thread sleeps beside the packet of a receive, and has it", text: "main port p1 limit=1" + served1[len("main port p1 limit=8"):] + `
main recv s2 o2 len=4
w1> wait p1 forever
main pause
c peer-send c1 "ab"
main pause
w1< -> o2 ok "ab"
`}, shows: map[string]string{"THR-6": ""}},
	{sample: sample{name: "one thread gets a packet alone", text: "main port p1 limit=1\nw1> wait p1 forever\nmain pause\nmain post p1 t5\nw1< -> t5\n"}, shows: map[string]string{"THR-6": "no other thread belonged to the port"}},
	{sample: sample{name: "a thread sleeps beside a packet on a real machine", world: "real", text: "main port p1 limit=1\nmain post p1 t5\nw1 wait p1 max=1 -> t5\nw2> wait p1 forever\nmain pause\nmain post p1 t6\nmain pause\n"}, shows: map[string]string{"THR-6": ""}},
	{sample: sample{name: "the next receive is posted before the handler has begun", text: served + `
main recv s2 o2 len=4
c peer-send c1 "a"
w1 wait p1 -> o2 ok "a"
w1 recv s2 o3 len=4
c peer-send c1 "b"
w2 wait p1 -> o3 ok "b"
w1 enter o2
w2 enter o3
w2 leave o3
w1 leave o2
`}, shows: map[string]string{"THR-1": "void", "THR-2": "two handlers ran at once"}},
}

// twoTaken opens a port for one thread; w1 and w2 have each taken an accepted connection from it.
const twoTaken = `
main port p1 limit=1
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main accept s1 o1
main accept s1 o2
c peer-connect c1 @80
d peer-connect c2 @80
w1 wait p1 max=1 -> o1 ok sock=s2 addr=@1001
w2 wait p1 max=1 -> o2 ok sock=s3 addr=@1002
`

// ledgerOfRest: when everything has come to rest, and whose time is up.
var ledgerOfRest = []shown{
	{sample: sample{name: "nothing is at rest while a far end sends", text: wide + connectedOne + `
main recv s2 o2 len=4
w1> wait p1 forever
main pause
c> peer-send c1 "ab"
main pause
main wait p1 -> o2 ok "ab"
c<
`}},
	{sample: sample{name: "THR-6: a thread sleeps beside a receive while as many belong to the port as it allows to run", broken: "THR-6", text: "main port p1 limit=1" + connectedOne + `
main recv s2 o2 len=4
w1> wait p1 forever
main pause
c peer-send c1 "ab"
main pause
main wait p1 -> o2 ok "ab"
`}},
	{sample: sample{name: "PKT-20: a wait that was to take no time is under way", broken: "PKT-20", text: port1 + `
w1> wait p1 ms=0
main pause
main wait p1 ms=3600000 -> timedout
main pause
`}},
	{sample: sample{name: "PKT-20: nothing will ever happen again, and a wait that was to take no time is under way", broken: "PKT-20", text: port1 + `
w1> wait p1 ms=0
main pause for-good
`}},
	{sample: sample{name: "RDY-38: nothing will ever happen again, and a look is under way", broken: "RDY-38", can: polls, text: poller1 + `
w1> wait-ready p1 ns=0
main pause for-good
`}},
	{sample: sample{name: "RDY-38: a look is under way when the time of another wait is up", broken: "RDY-38", can: polls, text: poller1 + `
w1> wait-ready p1 ns=0
main pause
main wait-ready p1 ns=3600000000000 -> timedout
main pause
`}},
	{sample: sample{name: "RDY-38: half as long as another, and it waits on", broken: "RDY-38", can: polls, text: poller1 + `
w1> wait-ready p1 ns=1800000000000
main pause
main wait-ready p1 ns=3600000000000 -> timedout
main pause
`}},
	{sample: sample{name: "PKT-9: on a real machine a pause of a thousand rounds is long enough", broken: "PKT-9", world: "real", text: wide + `
w1> wait p1 forever
main post p1 t5
main pause n=1000
w1< -> t5
`}},
	{sample: sample{name: "on a real machine a shorter pause is not", world: "real", text: wide + `
w1> wait p1 forever
main post p1 t5
main pause n=999
w1< -> t5
`}},
}

// connectedOne is what served is, on whatever port.
const connectedOne = `
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main associate p1 s2 key=20
`

// ledgerOfWaits: which thread was to be woken, and whether there was something to return.
var ledgerOfWaits = []shown{
	{sample: sample{name: "THR-4: the first to block goes first, and a third has run out of time", broken: "THR-4", text: port1 + `
w1> wait p1 forever
main pause
w2> wait p1 forever
w3> wait p1 ms=50
main pause
w3< -> timedout
main post p1 t5
w1< -> t5
`}},
	{sample: sample{name: "THR-4: the first to block goes first, on a port that has had operations", broken: "THR-4", text: served + `
main recv s2 o2 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
w1> wait p1 forever
main pause
w2> wait p1 forever
main pause
main post p1 t5
w1< -> t5
`}},
	{sample: sample{name: "a packet of a late association has woken the other thread", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main recv s2 o2 len=4
w1> wait p1 forever
main pause
w2> wait p1 forever
main pause
main associate p1 s2 key=20
c peer-send c1 "ab"
main post p1 t5
w1< -> t5
w2< -> o2 ok "ab"
`}, shows: map[string]string{"THR-4": ""}},
	{sample: sample{name: "of two associations at once the other has brought a packet that woke the other thread", text: tornBetween + `
w3<
c peer-send c1 "ab"
main post p2 t5
w1< -> t5
w2< -> o2 ok "ab" key=30
`}, shows: map[string]string{"THR-4": ""}},
	{sample: sample{name: "of two associations at once the other, which has not returned, has brought a packet that woke the other thread", text: tornBetween + `
c peer-send c1 "ab"
main post p2 t5
w1< -> t5
w3<
w2< -> o2 ok "ab" key=30
`}, shows: map[string]string{"THR-4": ""}},
	{sample: sample{name: "a wait on an empty port", text: port1 + `
main wait p1 -> timedout
`}, shows: map[string]string{"PKT-7": "the port was empty"}},
	{sample: sample{name: "a wait runs out of time beside a post", text: wide + `
w1> wait p1
w2> wait p1
main post p1 t5
w1< -> timedout
w2< -> t5
`}, shows: map[string]string{"PKT-7": "a packet was posted meanwhile"}},
}
