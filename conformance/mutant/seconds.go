package mutant

// secondsOfEpoll are the bugs of what is done a second time, of the second of something, and of how much there can be: a program that has one of everything,
// and does everything once, does not meet them.
var secondsOfEpoll = []Mutant{
	{Bug: "peer-of-the-first", What: "every accepted socket names for its far end the client that was accepted first", Rules: []string{"OPN-13"}},
	{Bug: "far-end-of-the-first-connect", What: "every socket that has connected names for its far end that of the first", Rules: []string{"OPN-13"}},
	{Bug: "far-end-over-ipv6-mapped", What: "the far end of a connection over IPv6 is named by an address of IPv4", Rules: []string{"OPN-13"}},
	{Bug: "cancel-all-of-32", What: "cancelling everything on a socket ends 32 of its receives", Rules: []string{"CAN-5"}},
	{Bug: "cancel-by-token", What: "cancelling what is over cancels what has its token by now, on another socket", Incident: "mitchellh/libxev#233", Rules: []string{"CAN-3", "CAN-4"}},
	{Bug: "cancel-all-spares-arrivals", What: "cancelling everything on a listener does not find the accept that waits for its client's first bytes", Rules: []string{"CAN-2", "CAN-5"}},
	{Bug: "cancelled-send-shuts", What: "nothing can be sent any more once a send was cancelled", Rules: []string{"SND-8"}},
	{Bug: "slot-vacated-twice", What: "a socket whose connect was refused vacates its slot again when it is closed, whosever that is by then", Rules: []string{"RCV-5"}},
	{Bug: "sends-to-the-last", What: "datagrams that have to wait go all to where the last of them was to go", Rules: []string{"DGM-11", "DGM-13"}},
	{Bug: "shutdown-cancels-datagrams", What: "shutting down the sending side of a datagram socket ends its receives", Rules: []string{"CAN-3"}},
	{Bug: "close-forgets-datagram-sends", What: "closing a datagram socket leaves its sends without a packet", Rules: []string{"CLS-1"}},
	{Bug: "same-posts-merged", What: "a post like one that is in the port already is taken for it", Rules: []string{"PKT-6"}},
	{Bug: "time-of-the-wait-before", What: "a wait without a limit of time has that of the timed wait before", Incident: "axboe/liburing#4", Rules: []string{"PKT-8"}},
	{Bug: "nobody-woken-beyond-eight", What: "a post wakes nobody while more than eight threads sleep", Rules: []string{"PKT-9"}},
	{Bug: "skip-toggles", What: "a socket that is told twice to skip does not", Rules: []string{"OPN-3"}},
	{Bug: "skip-but-for-large-sends", What: "a send of more than 4 KiB that is done at its start has a packet although its socket skips", Rules: []string{"OPN-3"}},
	{Bug: "skip-but-for-all", What: "a receive that waits for all and is done at its start has a packet although its socket skips", Rules: []string{"OPN-3"}},
	{Bug: "connect-forgets-skip", What: "a socket that was told to skip before it connects does not", Rules: []string{"OPN-3"}},
	{Bug: "nothing-passes-over-what-was-gathered", What: "a receive of no bytes waits although there are bytes that a cancelled receive had gathered", Rules: []string{"RCV-5"}},
	{Bug: "accepts-hold-32", What: "an accept beyond thirty-two that wait on a listener is forgotten", Rules: []string{"ACC-3"}},
	{Bug: "sends-hold-32", What: "a send beyond thirty-two that wait for room is forgotten", Rules: []string{"SND-6"}},
	{Bug: "datagram-receives-hold-32", What: "a receive beyond thirty-two that wait for a datagram is forgotten", Rules: []string{"DGM-10"}},
}
