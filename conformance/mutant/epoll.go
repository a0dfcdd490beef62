package mutant

// ofEpoll are the bugs planted in the epoll reference. They are looked for in the simulated world, where the interleaving that
// shows them can be had.
var ofEpoll = []Mutant{
	{Bug: "livelock-eventfd", What: "the bell's flag is set under the lock and the bell rung after it", Ends: "livelock"},
	{Bug: "lost-wake", What: "a post queues its packet and wakes nobody", Incident: "chriskohlhoff/asio#1393", Rules: []string{"PKT-9"}},
	{Bug: "no-pass-on", What: "a thread that leaves packets behind lets the others sleep on", Rules: []string{"PKT-9"}},
	{Bug: "abandon-one", What: "closing a port wakes one of the threads that wait on it", Incident: "cppalliance/corosio#295", Rules: []string{"CLS-5"}},
	{Bug: "double-packet", What: "two threads complete the same receive", Rules: []string{"PKT-2", "RCV-1", "RCV-3"}},
	{Bug: "lifo-fill", What: "receives are filled last posted first", Incident: "axboe/liburing#1359", Rules: []string{"RCV-2"}},
	{Bug: "steal", What: "a new receive tries the system call before those that were posted earlier", Incident: "dotnet/corefx#6806", Rules: []string{"RCV-2"}},
	{Bug: "zero-receive-at-once", What: "a receive of no bytes does not wait", Incident: "dotnet/corefx#21865", Rules: []string{"RCV-8"}},
	{Bug: "waitall-short", What: "a receive that wants all is content with some", Rules: []string{"RCV-9"}},
	{Bug: "eof-swallowed", What: "a short read counts as drained although the end was reported with it", Incident: "tokio-rs/mio#1131", Rules: []string{"RCV-5"}},
	{Bug: "reset-as-eof", What: "receives after a reset see a graceful end", Rules: []string{"RCV-10"}},
	{Bug: "short-send", What: "what the kernel took of a send is reported as all of it", Incident: "tokio-rs/io-uring#249", Rules: []string{"SND-3"}},
	{Bug: "shutdown-overtakes-sends", What: "a shutdown does not wait for the sends before it", Rules: []string{"SND-8"}},
	{Bug: "skip-still-queues", What: "success at once queues a packet on a socket that skips", Incident: "haskell/network#602", Rules: []string{"OPN-3"}},
	{Bug: "cancel-drops-packet", What: "an operation that is cancelled by itself is removed and forgotten", Incident: "compio-rs/compio#746", Rules: []string{"CAN-1"}},
	{Bug: "cancel-after-complete", What: "cancelling what has completed gives it a second packet", Incident: "dotnet/runtime#115217", Rules: []string{"PKT-2"}},
	{Bug: "close-forgets-sends", What: "closing a socket ends the receives only", Incident: "joyent/libuv#1372", Rules: []string{"CLS-1"}},
	{Bug: "close-forgets-accepts", What: "closing a listener leaves its accepts outstanding", Rules: []string{"CLS-1"}},
	{Bug: "accept-key", What: "an accept's packet carries the accepted socket's key", Rules: []string{"KEY-2"}},
	{Bug: "stale-event", What: "an event is given to whoever has the slot now", Incident: "dotnet/corefx#6173", Rules: []string{"CON-2"}},
	{Bug: "connect-forgets-the-end", What: "a connect that succeeds takes no notice that the far end has ended the stream already", Incident: "tokio-rs/mio#1131", Rules: []string{"RCV-5"}},
	{Bug: "cancel-strands-bytes", What: "what a cancelled receive had gathered is given to nobody", Rules: []string{"RCV-5"}},
	{Bug: "ring-grows-askew", What: "the queue of packets forgets what had gone round in it when it grows", Rules: []string{"PKT-1", "PKT-6"}},
	{Bug: "looks-at-few", What: "of many events that come together only the first are looked at", Rules: []string{"RCV-5"}},
	{Bug: "waitall-of-the-first-only", What: "a receive that wants all is content with what another has left", Rules: []string{"RCV-9"}},
	{Bug: "half-close-shuts-both", What: "once the end of the stream has been received, a send is refused as if the socket were closed", Rules: []string{"OPN-12"}},
	{Bug: "accept-into-forgotten-at-close", What: "closing the socket that an accept is to deliver leaves that accept outstanding", Rules: []string{"CLS-1"}},
	{Bug: "family-forgotten", What: "a socket over IPv6 is made over IPv4, and cannot be bound", Rules: []string{"OPN-13"}},
}
