package mutant

// The bugs that are about the moment: a lock that is let go where it must be held, something that is done a step too late. No schedule in
// which each thread runs until it blocks shows them.
var momentsOfModel = []Mutant{
	{Bug: "queue-unlocked", What: "a post writes back the queue that it has read, over what happened meanwhile", Rules: []string{"PKT-6", "PKT-2"}},
	{Bug: "parks-late", What: "a thread that finds nothing is counted as blocked a step late", Incident: "chriskohlhoff/asio#1393", Rules: []string{"PKT-9", "CLS-5"}},
	{Bug: "timeout-drops-handed", What: "a packet is lost that was handed to a thread whose time ran out at that moment", Rules: []string{"PKT-6"}},
	{Bug: "handed-twice", What: "a post picks the thread that it hands its packet to a step before it does so", Rules: []string{"PKT-6"}},
	{Bug: "limit-checks-first", What: "two threads at once are found to be within the limit", Rules: []string{"THR-5"}},
	{Bug: "associate-checks-first", What: "two associations at once both find that there is none", Rules: []string{"KEY-4"}},
	{Bug: "cancel-looks-first", What: "a cancel aborts what was pending a moment ago", Incident: "mitchellh/libxev#233", Rules: []string{"PKT-2"}},
	{Bug: "close-lists-first", What: "a close aborts what was pending a moment ago", Incident: "dotnet/runtime#115217", Rules: []string{"PKT-2"}},
	{Bug: "event-reset-late", What: "the event of an operation is reset when the operation may have completed", Rules: []string{"OPN-10"}},
	{Bug: "disconnect-checks-first", What: "two disconnects at once both find that there is none", Rules: []string{"CON-10"}},
	{Bug: "send-checks-shutdown-first", What: "a send has found the sending side open a moment ago", Rules: []string{"SND-9"}},
	{Bug: "cancel-looks-at-sends-first", What: "a cancel aborts the sends that were pending a moment ago", Incident: "libuv/libuv#5227", Rules: []string{"PKT-2"}},
	{Bug: "cancel-looks-at-disconnect-first", What: "a cancel aborts the disconnect that was pending a moment ago", Rules: []string{"PKT-2"}},
	{Bug: "close-lists-accepts-first", What: "a close aborts the accepts that were pending a moment ago", Rules: []string{"PKT-2"}},
}

var momentsOfEpoll = []Mutant{
	{Bug: "parks-late", What: "the lock is let go between finding no packet and counting as asleep", Incident: "boostorg/asio#282", Rules: []string{"PKT-9"}},
	{Bug: "bell-silenced-late", What: "the bell's flag is cleared under the lock and the bell silenced after it", Rules: []string{"PKT-9"}},
	{Bug: "enters-late", What: "a close of the port misses a thread that is just entering", Incident: "cppalliance/corosio#295", Rules: []string{"CLS-6"}},
	{Bug: "wakes-before-queueing", What: "a post wakes a thread and queues its packet after that", Rules: []string{"PKT-9"}},
	{Bug: "timeout-comes-first", What: "a wait that has run out of time does not look at the queue again, although it was woken", Rules: []string{"PKT-7", "PKT-9"}},
	{Bug: "packets-taken-unlocked", What: "packets are taken without the lock", Rules: []string{"PKT-2", "PKT-6"}},
	{Bug: "receive-queued-late", What: "a receive finds nothing, lets go of the lock and queues", Incident: "tokio-rs/mio#1494", Rules: []string{"RCV-5"}},
	{Bug: "send-queued-late", What: "a send finds no room, lets go of the lock and queues", Rules: []string{"SND-6"}},
	{Bug: "accept-queued-late", What: "an accept finds no connection, lets go of the lock and queues", Rules: []string{"ACC-3", "ACC-4"}},
	{Bug: "datagram-receive-queued-late", What: "a receive finds no datagram, lets go of the lock and queues", Rules: []string{"DGM-10"}},
	{Bug: "edge-overwritten", What: "that there is nothing left is written down a step late, over an edge that has come since", Incident: "redpanda-data/seastar#65", Rules: []string{"RCV-5"}},
	{Bug: "descriptor-kept", What: "a descriptor's number is read, the lock let go, and the call made on what has the number by then", Incident: "axboe/liburing#363", Rules: []string{"RCV-3", "RCV-1"}},
	{Bug: "close-misses-completing", What: "a receive that is being completed while its socket is closed has no packet", Incident: "nanomsg/nng#1599", Rules: []string{"CLS-1"}},
	{Bug: "cancel-looks-first", What: "a cancel aborts what was outstanding a moment ago", Incident: "dotnet/runtime#115217", Rules: []string{"PKT-2"}},
	{Bug: "close-lists-first", What: "a close aborts what was outstanding a moment ago", Rules: []string{"PKT-2"}},
	{Bug: "sends-mixed", What: "a large send lets go of the lock between its parts", Incident: "axboe/liburing#1001", Rules: []string{"SND-2"}},
	{Bug: "shutdown-decided-early", What: "a shutdown leaves the end of the stream to a send that is over by then", Rules: []string{"SND-7"}},
	{Bug: "associate-checks-first", What: "two associations at once both find that there is none", Rules: []string{"KEY-4"}},
	{Bug: "key-late", What: "the socket has its port a step before its key", Rules: []string{"KEY-1"}},
	{Bug: "slot-filled-late", What: "the first edge of a descriptor comes before it is known whose it is", Rules: []string{"CON-1", "CON-2"}},
	{Bug: "claim-checks-first", What: "two accepts at once are promised the same socket", Rules: []string{"CLS-4"}},
	{Bug: "adopt-revives", What: "a socket that was closed while its accept was under way comes back to life", Rules: []string{"CLS-3"}},
	{Bug: "arrival-completes-late", What: "the first bytes of a connection are received, the lock let go, and its accept completed whoever has done so", Incident: "libuv/libuv#5227", Rules: []string{"PKT-2"}},
	{Bug: "arrival-token-late", What: "a connection that waits for its first bytes is told its token when the first edge may have been", Rules: []string{"ACC-3", "ACC-5"}},
	{Bug: "connect-ends-late", What: "it is seen how a connect ended, the lock let go, and its packet queued whoever has done so", Incident: "libuv/libuv#5227", Rules: []string{"PKT-2"}},
	{Bug: "connect-noted-late", What: "a socket says that it is connecting a step after the kernel has been asked to", Rules: []string{"CON-1"}},
	{Bug: "token-kept-late", What: "a socket is told its token when the first edge may have been", Rules: []string{"CON-1"}},
	{Bug: "connect-checks-first", What: "two connects at once both find that there is none", Rules: []string{"CON-1"}},
	{Bug: "gathers-unlocked", What: "bytes for a receive that wants all are received, the lock let go, and put behind the others", Rules: []string{"RCV-1"}},
	{Bug: "unread-handed-twice", What: "bytes that had been gathered are handed out, the lock let go, and struck off", Rules: []string{"RCV-3", "PKT-2"}},
	{Bug: "slot-given-twice", What: "two sockets are given the same vacant slot of the interest list", Rules: []string{"CON-1"}},
}

var momentsOfPoller = []Mutant{
	{Bug: "shared-array", What: "two waits at once write their events to the same array", Rules: []string{"RDY-10", "RDY-9", "RDY-8"}},
	{Bug: "modify-in-two-steps", What: "a modify removes and adds", Rules: []string{"RDY-19"}},
	{Bug: "modify-arms-twice", What: "a modify arms a one-shot twice, an instant apart", Rules: []string{"RDY-10"}},
	{Bug: "add-known-late", What: "what is added is known a step after it is watched, and events of what is not known are dropped", Rules: []string{"RDY-12", "RDY-9"}},
	{Bug: "timeout-comes-first", What: "a wait that has run out of time reports nothing, whatever it has found", Rules: []string{"RDY-9"}},
	{Bug: "entry-recycled", What: "the entry of what was closed is used again while an event is on its way to it", Incident: "wasmerio/wasmer#6608", Rules: []string{"RDY-10"}},
}
