package mutant

// datagramsOfModel and datagramsOfEpoll are the bugs that have to do with datagrams.
var datagramsOfModel = []Mutant{
	{Bug: "truncation-twice", What: "a datagram that is cut short at once is refused and queues a packet as well", Incident: "lalinsky/zio#733", Rules: []string{"PKT-3"}},
	{Bug: "empty-receive-leaves", What: "a receive without a buffer leaves the datagram where it is", Rules: []string{"DGM-6"}},
	{Bug: "unreachable-kills", What: "after a report that nobody was there, a datagram socket receives no more", Incident: "tokio-rs/tokio#2017", Rules: []string{"DGM-10"}},
	{Bug: "unreachable-swallowed", What: "nobody is told that nobody was there", Incident: "libuv/libuv#5242", Rules: []string{"DGM-15"}},
	{Bug: "datagram-forgotten", What: "a receive that is cancelled takes the next datagram with it", Rules: []string{"DGM-10"}},
	{Bug: "unreachable-takes-datagram", What: "the report that nobody was there costs a datagram that had come", Rules: []string{"DGM-10"}},
	{Bug: "nobody-told-pending-only", What: "only a receive that is pending is told that nobody was there", Rules: []string{"DGM-15"}},
	{Bug: "nobody-told-later-only", What: "only a receive that is started later is told that nobody was there", Rules: []string{"DGM-15"}},
	{Bug: "nobody-told-and-dead", What: "the pending receive that is told that nobody was there is the last of its socket", Incident: "tokio-rs/tokio#2017", Rules: []string{"DGM-10"}},
	{Bug: "own-datagram-dropped", What: "a datagram that a socket sends to itself is dropped, as an echo", Rules: []string{"DGM-10"}},
	{Bug: "own-datagram-twice", What: "a datagram for a receive of the same back end is handed over, and sent as well", Rules: []string{"DGM-6"}},
	{Bug: "one-queue-of-receives", What: "a datagram goes to the first receive of its port", Rules: []string{"DGM-1"}},
	{Bug: "unreachable-elsewhere", What: "every datagram socket is told that nobody was there", Rules: []string{"DGM-15"}},
	{Bug: "sender-untold", What: "a datagram that comes for a receive that waits comes without its sender", Rules: []string{"DGM-18"}},
	{Bug: "done-sender-untold", What: "a datagram that ends a receive at its start comes without its sender", Rules: []string{"DGM-19"}},
}

var datagramsOfEpoll = []Mutant{
	{Bug: "truncation-hidden", What: "a datagram that was cut short is reported as whole", Incident: "golang/go#14074", Rules: []string{"DGM-4"}},
	{Bug: "from-of-the-previous", What: "the address is that of the datagram before", Rules: []string{"DGM-5"}},
	{Bug: "datagrams-merged", What: "a receive that has room left takes the next datagram as well", Rules: []string{"DGM-2"}},
	{Bug: "empty-datagram-swallowed", What: "an empty datagram is taken for nothing", Rules: []string{"DGM-10"}},
	{Bug: "size-of-the-copy", What: "the size is what was copied", Rules: []string{"DGM-3"}},
	{Bug: "datagram-twice", What: "two threads hand out the same datagram", Rules: []string{"DGM-6"}},
	{Bug: "cancel-loses-datagram", What: "a cancel takes the datagram that was on its way to the receive", Rules: []string{"DGM-10"}},
	{Bug: "datagram-without-room-is-sent", What: "a datagram that there is no room for counts as sent", Rules: []string{"DGM-13"}},
	{Bug: "datagram-empties-socket", What: "a receive that finds a datagram at its start takes the socket for empty", Rules: []string{"DGM-10"}},
	{Bug: "empty-datagram-ends", What: "an empty datagram that ends a receive that waits is taken for the end of a stream", Rules: []string{"DGM-6"}},
	{Bug: "rest-of-a-datagram", What: "what a receive has no room for at its start is there for the next", Rules: []string{"DGM-2"}},
	{Bug: "datagram-read-ahead", What: "a datagram that nobody waits for is received ahead, and comes after later ones", Rules: []string{"DGM-7"}},
	{Bug: "sends-to-the-first", What: "every datagram of a socket goes to where its first has gone", Rules: []string{"DGM-11", "DGM-13"}},
	{Bug: "unbound-hears-one", What: "a socket that gets its address by sending hears nobody but whom it has sent to", Rules: []string{"DGM-10"}},
	{Bug: "datagrams-lifo", What: "outstanding receives are served last posted first", Rules: []string{"DGM-8"}},
	{Bug: "sender-untold", What: "a datagram that ends a receive that waits comes without its sender", Rules: []string{"DGM-18"}},
	{Bug: "done-sender-untold", What: "a datagram that ends a receive at its start comes without its sender", Rules: []string{"DGM-19"}},
}
