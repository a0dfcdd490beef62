package mutant

// ofModel are the bugs planted in the golden model.
var ofModel = []Mutant{
	{Bug: "lifo-queue", What: "packets leave the port last in, first out", Rules: []string{"PKT-5"}},
	{Bug: "fifo-waiters", What: "the thread that blocked first is released first", Rules: []string{"THR-4"}},
	{Bug: "limit-ignored", What: "more threads run than the port allows", Rules: []string{"THR-5"}},
	{Bug: "associate-twice", What: "a second association takes the first one's place", Rules: []string{"KEY-4"}},
	{Bug: "close-wakes-nobody", What: "closing a port leaves its waiters blocked", Incident: "chriskohlhoff/asio#1393", Rules: []string{"CLS-5"}},
	{Bug: "lifo-fill", What: "receives are filled last posted first", Incident: "axboe/liburing#1359", Rules: []string{"RCV-2"}},
	{Bug: "skip-ignored", What: "success at once queues a packet on a socket that skips", Incident: "libuv/libuv#5282", Rules: []string{"OPN-3"}},
	{Bug: "cancel-forgets", What: "a cancelled send has no packet", Incident: "nanomsg/nng#1599", Rules: []string{"CAN-1", "CAN-5"}},
	{Bug: "cancel-siblings", What: "cancelling one operation cancels those after it", Incident: "dotnet/corefx#36516", Rules: []string{"CAN-3"}},
	{Bug: "cancel-late", What: "cancelling what has completed answers ok and queues a second packet", Incident: "mitchellh/libxev#233", Rules: []string{"PKT-2"}},
	{Bug: "close-forgets-sends", What: "closing a socket leaves its sends without a packet", Incident: "joyent/libuv#1372", Rules: []string{"CLS-1"}},
	{Bug: "close-forgets-accepts", What: "closing a listener leaves its accepts without a packet", Incident: "dotnet/corefx#29091", Rules: []string{"CLS-1"}},
	{Bug: "close-keeps-connection", What: "closing a socket does not end the connection", Incident: "axboe/liburing#568", Rules: []string{"CLS-4"}},
	{Bug: "zero-receive-at-once", What: "a receive of no bytes does not wait", Incident: "dotnet/corefx#21865", Rules: []string{"RCV-8"}},
	{Bug: "end-swallowed", What: "the end of the stream ends no receive", Incident: "dotnet/corefx#28098", Rules: []string{"RCV-5"}},
	{Bug: "reset-once", What: "only the first operation learns of a reset, the others see the end of the stream", Rules: []string{"RCV-10", "SND-3"}},
	{Bug: "short-send", What: "a send that cannot go out at once succeeds with what went out", Incident: "twisted/twisted#5562", Rules: []string{"SND-3"}},
	{Bug: "accept-ignores-data", What: "an accept with room for data completes at the connection", Incident: "dotnet/corefx#7941", Rules: []string{"ACC-5"}},
	{Bug: "accept-key-of-socket", What: "an accept's packet carries the accepted socket's key", Rules: []string{"KEY-2"}},
	{Bug: "keeps-place", What: "a thread that blocks again takes the place that it had among the blocked ones", Rules: []string{"THR-4"}},
}
