package mutant

// skipsOfEpoll are the bugs of sockets that are spared the packets of what is done at its start, and of how much there can be of something.
var skipsOfEpoll = []Mutant{
	{Bug: "skip-spares-pending-sends", What: "on a socket that skips, a send that was pending and has succeeded has no packet", Rules: []string{"SND-6"}},
	{Bug: "skip-spares-the-end", What: "on a socket that skips, a receive that waited and has met the end of the stream has no packet", Rules: []string{"RCV-5"}},
	{Bug: "skip-spares-resets", What: "on a socket that skips, a receive that waited and has met a reset has no packet", Rules: []string{"RCV-6"}},
	{Bug: "skip-spares-connects", What: "on a socket that skips, a connect that has succeeded has no packet", Rules: []string{"CON-1"}},
	{Bug: "skip-spares-accepts", What: "on a listener that skips, an accept that has succeeded has no packet", Rules: []string{"ACC-3"}},
	{Bug: "skip-spares-what-is-cut-short", What: "on a socket that skips, a receive that waited for a datagram that it has no room for has no packet", Incident: "lalinsky/zio#733", Rules: []string{"DGM-10"}},
	{Bug: "skip-but-for-nothing", What: "what is done at its start and has moved no bytes has a packet although its socket skips", Incident: "libuv/libuv#5282", Rules: []string{"OPN-3"}},
	{Bug: "skip-but-beside-others", What: "what is done at its start beside something outstanding has a packet although its socket skips", Incident: "libuv/libuv#5282", Rules: []string{"OPN-3"}},
	{Bug: "skip-but-for-datagrams-sent", What: "a datagram that is sent at once has a packet although its socket skips", Rules: []string{"OPN-3"}},
	{Bug: "accept-forgets-skip", What: "a socket that was told to skip before it is accepted into does not", Rules: []string{"OPN-3"}},
	{Bug: "accept-passes-skip-on", What: "what a listener accepts that skips, skips as well", Rules: []string{"OPN-2"}},
	{Bug: "port-of-64-sockets", What: "a port watches 64 sockets, as if they were to be waited on together", Incident: "Microsoft Learn, WaitForMultipleObjects, MAXIMUM_WAIT_OBJECTS", Rules: []string{"RCV-5"}},
	{Bug: "receive-count-narrow", What: "the byte count of a receive has 16 bits", Rules: []string{"RCV-9"}},
	{Bug: "port-close-shuts-connections", What: "closing a port shuts down the connections that are associated with it", Rules: []string{"RCV-4"}},
	{Bug: "cancelled-send-goes-out", What: "a send that is cancelled while it waits behind another goes out, behind what is sent later", Rules: []string{"SND-1"}},
	{Bug: "end-of-both-is-a-reset", What: "where our own end of the stream has gone before, the far end's is told as a reset", Rules: []string{"RCV-6"}},
	{Bug: "wait-of-whole-seconds", What: "a wait takes whole seconds: one of less takes no time", Rules: []string{"PKT-22"}},
}
