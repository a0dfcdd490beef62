package epoll

// Mutants names the mistakes, in the order of the constants of bugs.go, which it explains.
var Mutants = []string{
	// The bell's flag is set under the lock and the bell rung after it (a throwaway prototype of this
	// package; see wait.go).
	"livelock-eventfd",
	// Post queues and wakes nobody (chriskohlhoff/asio#1393; boostorg/asio#282).
	"lost-wake",
	// A thread that leaves packets behind lets the others sleep on.
	"no-pass-on",
	// Closing a port wakes one of the threads that wait on it (cppalliance/corosio#295).
	"abandon-one",
	// The lock is let go between receiving and taking the operation off the queue: two workers
	// complete the same one.
	"double-packet",
	// Outstanding receives are served last posted first, as io_uring serves parked ones (linux:U04).
	"lifo-fill",
	// A new receive tries the system call before those that were posted earlier (dotnet/corefx#6806).
	"steal",
	// A receive without a buffer does not wait (dotnet/corefx#21865, #28098).
	"zero-receive-at-once",
	// A receive that wants all is content with some.
	"waitall-short",
	// A short read counts as drained although the end of the stream was reported with it
	// (tokio-rs/mio#1131, redpanda-data/seastar#65: lost edges).
	"eof-swallowed",
	// The error is not remembered, so receives after a reset see a graceful end (linux:U71).
	"reset-as-eof",
	// What the kernel took of a send is reported as the whole operation (twisted/twisted#5562,
	// tokio-rs/io-uring#249).
	"short-send",
	// A shutdown does not wait for the sends before it.
	"shutdown-overtakes-sends",
	// Success at once queues its packet although the socket skips it (libuv/libuv#5282, haskell/network#602).
	"skip-still-queues",
	// A receive or send that is cancelled by itself is removed and forgotten (nanomsg/nng#1599; compio-rs/compio#746).
	"cancel-drops-packet",
	// Cancelling an operation that has completed gives it a second packet (dotnet/runtime#115217).
	"cancel-after-complete",
	// Closing a socket ends the receives only (joyent/libuv#1372).
	"close-forgets-sends",
	// Closing a listener leaves its accepts outstanding for ever.
	"close-forgets-accepts",
	// The packet of an accept carries the key of the accepted socket (iocp:ACC-06).
	"accept-key",
	// An event is given to whoever has the slot now (dotnet/corefx#6173, moonbitlang/async#571,
	// wasmerio/wasmer#6608).
	"stale-event",
	// A datagram that was cut short is reported as whole (golang/go#14074, ponylang/ponyc#5551).
	"truncation-hidden",
	// The address is that of the datagram before.
	"from-of-the-previous",
	// A receive that has room left takes the next datagram as well, as one from a stream would.
	"datagrams-merged",
	// An empty datagram is taken for nothing (dotnet/runtime#46785 is its kin).
	"empty-datagram-swallowed",
	// The size is what was copied.
	"size-of-the-copy",
	// The datagram waits in the socket while the lock is let go: two workers hand out the same one.
	"datagram-twice",
	// A cancel takes the datagram that was on its way to the receive.
	"cancel-loses-datagram",
	// Outstanding receives are served last posted first.
	"datagrams-lifo",

	// What follows is about the moment: the lock is let go where it must be held, or a thing is done a step too late. See races.go.

	// The lock is let go between finding no packet and counting as asleep: whoever posts then rings for
	// nobody (chriskohlhoff/asio#1393; boostorg/asio#282).
	"parks-late",
	// The bell's flag is cleared under the lock and the bell silenced after it: the ring of a post in between is
	// taken with the old one, and the flag says for ever that it is ringing (livelock-eventfd, mirrored).
	"bell-silenced-late",
	// The lock is let go between finding the port open and being counted as inside: a Close finds nobody
	// and releases the descriptors (cppalliance/corosio#295).
	"enters-late",
	// A post wakes a thread and queues its packet after that: the thread finds nothing and sleeps again.
	"wakes-before-queueing",
	// A wait that has run out of time does not look at the queue again, although the bell was rung for it.
	"timeout-comes-first",
	// Packets are taken without the lock: two threads take the same one, or a post is overwritten.
	"packets-taken-unlocked",
	// A receive finds nothing, lets go of the lock and queues: the edge that came meanwhile found no
	// receive (tokio-rs/mio#1494, redpanda-data/seastar#65).
	"receive-queued-late",
	// The same of a send, and of room.
	"send-queued-late",
	// The same of an accept, and of a connection.
	"accept-queued-late",
	// The same of a datagram.
	"datagram-receive-queued-late",
	// That there is nothing left is written down a step late, over an edge that has come since
	// (tokio-rs/mio#1131).
	"edge-overwritten",
	// The descriptor's number is read, the lock let go, the call made: on what has the number by then
	// (dotnet/corefx#6173, axboe/liburing#363).
	"descriptor-kept",
	// A receive that is being completed while the socket is closed belongs to neither: it has no packet
	// (nanomsg/nng#1599).
	"close-misses-completing",
	// Cancel looks whether the operation is outstanding, lets go of the lock, and says that it has aborted it
	// (mitchellh/libxev#233, dotnet/runtime#115217).
	"cancel-looks-first",
	// Close makes a list of what is to be aborted, lets go of the lock, and aborts what is on the list.
	"close-lists-first",
	// A large send lets go of the lock between its parts (axboe/liburing#1001).
	"sends-mixed",
	// A shutdown looks whether sends wait, lets go of the lock, and leaves the end of the stream to a send that is
	// over by then.
	"shutdown-decided-early",
	// Two associations at once both find that there is none.
	"associate-checks-first",
	// The socket has its port a step before its key.
	"key-late",
	// A descriptor is in the interest list before its slot says whose it is: the first edge is nobody's.
	"slot-filled-late",
	// Two accepts at once are both promised the same socket.
	"claim-checks-first",
	// A socket that was closed while its accept was under way comes back to life.
	"adopt-revives",
	// A connect that succeeds takes no notice of what its event says beside that: that the far end has ended the stream
	// already is not reported again (tokio-rs/mio#1131).
	"connect-forgets-the-end",
	// Cancelling a receive serves nobody with the bytes that it had gathered.
	"cancel-strands-bytes",
	// The ring of packets grows by copying it from the beginning of its memory, not of the queue: what had gone round is
	// found no more.
	"ring-grows-askew",
	// Of what one EpollWait has seen only the first events are looked at. The others are edges, and gone.
	"looks-at-few",
	// A receive that wants all is content with what the one before it has left.
	"waitall-of-the-first-only",
	// The lock is let go between receiving the first bytes of a connection and taking its accept off the list: another
	// thread, or a cancel, completes it too (libuv/libuv#5227 asks for exactly one).
	"arrival-completes-late",
	// A connection that waits for its first bytes is told its token a step after it is in the interest list: the
	// edge in between counts as somebody else's.
	"arrival-token-late",
	// The lock is let go between seeing how a connect ended and taking it off the socket: a cancel ends it too
	// (libuv/libuv#5227).
	"connect-ends-late",
	// The kernel is asked to connect before the socket says that it is connecting: the edge in between finds a
	// socket that waits for none.
	"connect-noted-late",
	// The same as arrival-token-late of sockets.
	"token-kept-late",
	// Two connects at once both find that there is none: the first is forgotten.
	"connect-checks-first",
	// The lock is let go between receiving bytes for a receive that wants all and putting them behind the others.
	"gathers-unlocked",
	// The lock is let go between handing out bytes that had been gathered and striking them off.
	"unread-handed-twice",
	// The lock is let go between finding a vacant slot and taking it: two sockets are given the same.
	"slot-given-twice",

	// What follows is about what a socket or a port must remember. See slips.go.

	// A read that fills its buffer counts as the last there is.
	"full-read-drained",
	// An edge that comes while no receive waits is not remembered.
	"unasked-edge-dropped",
	// That the end has come is not remembered if no receive waits.
	"unasked-end-dropped",
	// An error that is reported while no receive waits is read off the socket, and nobody told: the kernel tells it once (linux:U71).
	"unasked-error-consumed",
	// What comes unasked is received ahead, into a ring of 1 KiB whose oldest bytes give way.
	"read-ahead-overflows",
	// EPOLLRDHUP is taken for the end itself, before the bytes that are still in the kernel.
	"hang-up-is-the-end",
	// Of several receives the first is served with less than its buffer; the end that was reported with the bytes is looked for by none of the others.
	"end-between-receives",
	// The same where no other receive waits: one that is started later waits for ever.
	"end-behind-the-last-receive",
	// The same of a receive that is done at its start.
	"end-behind-what-is-done",
	// A short read counts as drained although an error was reported with it.
	"reset-swallowed",
	// After an error only one receive is ended; the others wait for another event (Asio 1.22.1,
	// reactive_socket_recv_op.hpp, done_and_exhausted).
	"reset-tells-one",
	// A receive that is started when the error has been told is queued for an event that does not come (the same).
	"reset-told-once",
	// The same of a send that is started when another has been told.
	"reset-told-to-one-send",
	// An error takes the place of the end of the stream, and says nothing to be received.
	"reset-over-the-end",
	// The interest in a socket is renewed by the start of a receive, not for the receives that wait already.
	"armed-by-start",
	// A receive is taken off the queue, the lock let go, and then it is served: two threads serve two in any order.
	"cut-before-reading",
	// All sockets receive into one buffer of the back end; the lock is let go before the bytes are copied.
	"scratch-shared",
	// A receive that is done at its start has its packet queued when the socket has been emptied, which a full buffer does not say.
	"done-full-has-no-packet",
	// A receive without a buffer tries with one of its own, of a byte.
	"zero-receive-takes",
	// A receive without a buffer waits for an edge, also where data is there.
	"zero-receive-not-tried",
	// The same of one that wants all.
	"waitall-not-tried",
	// What is left of gathered bytes when a smaller receive has had its part is dropped.
	"gathered-rest-dropped",
	// A receive that gathered bytes do not fill reads on from the kernel, past them.
	"gathered-passed-over",
	// The end of the stream ends a receive that wants all before the bytes that were gathered for it.
	"end-before-gathered",
	// A receive that is cancelled is not called back from below: what comes next is written to its buffer as well.
	"cancelled-buffer-filled",
	// A socket has one operation under way: sends wait for the receives.
	"half-duplex",
	// How much of a send has gone out is not remembered from one event to the next.
	"progress-forgotten",
	// It is remembered after the lock was let go.
	"progress-kept-late",
	// The lock is let go between sending the last part of a send and taking it off the queue.
	"flush-completes-late",
	// One event moves one send on, also where there is room for more.
	"flush-one-at-a-time",
	// A send is queued right behind the one that is going out.
	"sends-behind-the-first",
	// Shutting down both sides ends the receiving one.
	"shutdown-both-ends-one",
	// A far end that has ended its stream is taken for one that is gone: nothing is sent to it any more.
	"half-close-ends-sends",
	// A send that is refused after a shutdown has a packet as well.
	"refused-send-tells",
	// What a send that is done says of itself is looked up in its packet, which may have been taken.
	"done-send-count-late",
	// The packet of a connect has no key.
	"connect-keyless",
	// An accepted socket that has a port gets the listener's key.
	"accept-moves-key",
	// All accepts carry the key of the first listener.
	"accept-key-of-the-first",
	// A socket that has the listener's port already is taken for watched when it gets its connection.
	"adopted-not-watched",
	// Events are told to the socket that was associated last under the key.
	"events-by-key",
	// A key belongs to one port: what is associated under it elsewhere goes there too.
	"port-by-key",
	// A second association that is refused undoes what it has not done: outstanding operations are ended.
	"second-association-cancels",
	// The same: the socket is taken out of the interest list.
	"second-association-unwatches",
	// A second association with the same port is refused, and its key stays with a socket on which no receive waits.
	"second-association-rekeys",
	// A second association is refused only if something is outstanding.
	"second-association-while-idle",
	// A queue of operations that is moved to the front of its memory is looked for where it was.
	"line-compacts-askew",
	// A batch is copied in one piece, also where it goes round in the ring.
	"batch-wraps-askew",
	// The place of a post is found, the lock let go, and the place filled: two posts fill the same.
	"put-in-two-steps",
	// A wait for one packet takes it from the end of the queue.
	"single-takes-the-newest",
	// A wait for several goes on until there are as many or its time is over.
	"batch-waits-for-all",
	// A wait of no time for several that finds nothing says ok, as epoll_wait does.
	"poll-of-several-says-ok",
	// A thread wakes another for a packet that it leaves behind, not for more than one.
	"pass-on-one",
	// The other way round.
	"pass-on-two-at-least",
	// A thread that was woken by the bell looks at nothing else that was reported: edges are lost.
	"bell-hides-sockets",
	// A wait with a time whose thread is woken for a packet that another has taken says ok.
	"woken-in-vain-says-ok",
	// Or it goes on without its time.
	"woken-in-vain-for-ever",
	// That the bell rings is written down before it is seen that nobody sleeps: it does not, and nobody rings it any more.
	"rung-for-nobody",
	// A receive that was served with less than its buffer, while others wait, has the rest of it filled by what comes next.
	"short-receive-filled-on",

	// And some more that are about the moment.

	// Two threads in Wait are given the same arrays for what they see.
	"sighting-shared",
	// The place of an operation's packet is found, the lock let go, and the place filled.
	"operation-put-in-two-steps",
	// A receive is queued, the lock let go, and then tried although it may have been served.
	"receive-queued-then-tried",
	// The same of a send.
	"send-queued-then-tried",
	// The packet of a receive is queued, the lock let go, and then the receive is taken off the queue.
	"told-then-cut",
	// More of both kinds.

	// What a listener hears of before its first accept is forgotten.
	"edge-before-accepts",
	// What a listener hears of when all of its accepts have ended is forgotten.
	"edge-after-accepts",
	// An accept that finds a connection when it is posted takes the listener for empty.
	"accept-empties-listener",
	// An accept that is refused lets go of the socket that it was to have, which another has been promised.
	"refusal-unclaims",
	// The first bytes of a connection are received into the buffer of the accept that waits longest for its own.
	"first-bytes-to-the-first",
	// An accept that is cancelled goes on waiting for the first bytes of the connection that it has.
	"cancelled-arrival-stays",
	// An accept that ends with the first bytes of its connection takes the one that waits longest for its own off the list.
	"first-arrival-forgotten",
	// An accept that ends with the reset of its connection stays among those that wait for first bytes.
	"reset-arrival-stays",
	// Cancelling one accept cancels those behind it (dotnet/corefx#36516).
	"cancel-of-one-accept",
	// Closing a listener ends the first of its accepts (cppalliance/corosio#295 is its kin).
	"close-ends-the-first-accept",
	// Closing a socket that an accept is for ends the first accept that is for no other.
	"accept-into-anybody",
	// The error that a connect has ended in is told to the next one that ends, on whatever socket.
	"connect-error-sticks",
	// A connect does not look whether its socket was closed.
	"connect-revives",
	// A socket that is closed again closes the number of its descriptor again, whosever that is by now.
	"closed-twice",
	// Cancelling everything takes a list for what is in it: it is there as soon as there was something.
	"cancel-all-of-an-empty-list",
	// Cancelling what was done at its start makes a failure of its packet.
	"cancel-rewrites",
	// Cancelling everything cancels what is started next as well.
	"cancel-all-sticks",
	// Cancelling what was done at its start is answered ok, also when it is long over.
	"done-can-be-cancelled",
	// A datagram that there is no room for counts as sent.
	"datagram-without-room-is-sent",
	// A receive that finds a datagram when it is started takes the socket for empty.
	"datagram-empties-socket",
	// An empty datagram that ends a receive that waits is taken for the end, as of a stream.
	"empty-datagram-ends",
	// What a receive has no room for when it is started is there for the next.
	"rest-of-a-datagram",
	// A datagram that nobody waits for is received ahead, and comes after those that come after it.
	"datagram-read-ahead",
	// Every datagram of a socket goes to where the first has gone.
	"sends-to-the-first",
	// A socket that gets its address by sending hears nobody but whom it has sent to.
	"unbound-hears-one",
	// The lock is let go between accepting a connection and taking its accept off the queue.
	"accept-ends-late",
	// An accept puts itself behind those that there were a moment ago.
	"accepts-unlocked",
	// The lock is let go before a receive is told that the stream has ended: a close finds it no more, and it is told nothing.
	"end-told-unlocked",
	// What follows only made cases leave their path, and no rule was broken, until there were rules of what may be refused.

	// Once the end of the stream has been received the socket counts as closed, for sends as well: a far end that has half-closed gets no answer
	// (Netty without ALLOW_HALF_CLOSURE, on which protocols rely that end their request so).
	"half-close-shuts-both",
	// Closing the socket that an accept is to deliver leaves that accept outstanding, for a connection that it cannot hand over (ACC-26).
	"accept-into-forgotten-at-close",
	// A socket over IPv6 is given a descriptor over IPv4, which cannot have its addresses.
	"family-forgotten",
	// The packet of an operation that is done at its start is queued, and nobody is woken: whoever started it is awake, but may not be who waits.
	"done-wakes-nobody",
	// A post under a key that a socket of another port has goes to that port.
	"post-by-key",
	// What a cancel ends is queued, and nobody is woken.
	"cancel-wakes-nobody",
	// A socket that is closed goes on telling its name.
	"closed-has-a-name",
	// A socket that is closed is told to skip.
	"closed-skips",
	// The error that a receive of no bytes meets is not remembered: the next finds the end of the stream.
	"nothing-forgets-the-error",
	// A connection tells its own address for the far end's.
	"far-ends-name-is-own",
	// A thread that waits for ever and is woken in vain says that it has run out of time.
	"woken-is-out-of-time",
	// What follows no case noticed until conformance/cases had some of sockets that skip, of more than 64 sockets, and of the like.

	// On a socket that skips, a send that was pending and has succeeded has no packet (libuv/libuv#5282 is the contrary).
	"skip-spares-pending-sends",
	// Nor has a receive that was pending and has met the end of the stream.
	"skip-spares-the-end",
	// Nor has one that was pending and has failed with the connection.
	"skip-spares-resets",
	// Nor has a connect.
	"skip-spares-connects",
	// Nor has an accept, on a listener that skips.
	"skip-spares-accepts",
	// Nor has a receive that was pending, of a datagram that it has no room for.
	"skip-spares-what-is-cut-short",
	// What is done at its start and has moved no bytes has a packet, although its socket skips.
	"skip-but-for-nothing",
	// So has what is done at its start while something else is outstanding.
	"skip-but-beside-others",
	// So has a datagram that is sent.
	"skip-but-for-datagrams-sent",
	// A socket that was told to skip before it is accepted into does not.
	"accept-forgets-skip",
	// What a listener accepts that skips, skips as well.
	"accept-passes-skip-on",
	// A port watches 64 sockets (MAXIMUM_WAIT_OBJECTS).
	"port-of-64-sockets",
	// The byte count of a receive has 16 bits.
	"receive-count-narrow",
	// Closing a port shuts the connections down that it watches (PORT-18 has them go on).
	"port-close-shuts-connections",
	// A send that is cancelled while it waits behind another goes out all the same, behind what was sent later.
	"cancelled-send-goes-out",
	// A wait takes whole seconds: the rest of its time is left out of a timeval.
	"wait-of-whole-seconds",
	// Where our own end of the stream has gone before it, the far end's is told as a lost connection (ENOTCONN of a kernel that has forgotten it).
	"end-of-both-is-a-reset",
	// What follows ended cases without an accusation, as no rule spoke of it, until there was version 5 of the contract.

	// The packet of a connect reports the number of its descriptor as if it were bytes.
	"connect-counts-descriptor",
	// So does that of an accept, as a completion of io_uring does.
	"accept-counts-descriptor",
	// A datagram that ends a receive that waits comes without its sender.
	"sender-untold",
	// A connection that ends an accept that waits comes without its client.
	"client-untold",
	// Closing a connection resets it (SO_LINGER with no time), whether something is left or not.
	"close-resets",
	// An accept that ends without a connection keeps the socket that it was for.
	"ended-accept-keeps-its-socket",
	// Every accepted socket names the client that was accepted first for its far end.
	"peer-of-the-first",
	// Every socket that has connected names the far end of the first that did.
	"far-end-of-the-first-connect",
	// The far end of a connection over IPv6 is named by an address of IPv4: half of a sockaddr is read.
	"far-end-over-ipv6-mapped",
	// Cancelling everything on a socket ends 32 receives at most: as many as fit on the list that is made of them.
	"cancel-all-of-32",
	// A cancel reaches what has the token by now, on whatever socket: requests are found by user_data (mitchellh/libxev#233).
	"cancel-by-token",
	// Cancelling everything on a listener finds no accept that waits for first bytes.
	"cancel-all-spares-arrivals",
	// A send that is cancelled takes the sending side with it.
	"cancelled-send-shuts",
	// A socket whose connect was refused vacates its slot of the interest list again when it is closed, whosever that is by then.
	"slot-vacated-twice",
	// Datagrams that have to wait go all to where the last of them was to go: there is one address a socket.
	"sends-to-the-last",
	// Shutting down the sending side of a datagram socket ends what is outstanding there.
	"shutdown-cancels-datagrams",
	// Closing a datagram socket leaves the sends that wait for room without a packet.
	"close-forgets-datagram-sends",
	// A post like one that is in the queue already is taken for it, as a user event of kqueue would be.
	"same-posts-merged",
	// A wait without a limit of time has that of the timed one before: the timer is not taken off (axboe/liburing#4 asks how).
	"time-of-the-wait-before",
	// A post wakes nobody while more than eight threads sleep.
	"nobody-woken-beyond-eight",
	// Being told again to skip, a socket skips no more.
	"skip-toggles",
	// On a socket that skips, a send of more than a page has a packet: the fast path is for small ones.
	"skip-but-for-large-sends",
	// So has a receive that waits for all and finds all there.
	"skip-but-for-all",
	// A socket that was told to skip before it connects does not.
	"connect-forgets-skip",
	// A receive of no bytes waits for news, although there are bytes that a cancelled receive had gathered.
	"nothing-passes-over-what-was-gathered",
	// An accept beyond thirty-two that wait on a listener is forgotten: their table is full.
	"accepts-hold-32",
	// So is a send beyond thirty-two that wait for room.
	"sends-hold-32",
	// So is a receive beyond thirty-two that wait for a datagram.
	"datagram-receives-hold-32",
	// What follows no rule spoke of until there was version 6 of the contract.

	// A datagram that ends a receive at its start comes without its sender.
	"done-sender-untold",
	// A reset that a receive has told of is forgotten, as the kernel does.
	"told-reset-forgotten",
	// A reset is taken for the end of the stream where something has been sent: the far end has had its answer, and gone.
	"reset-behind-an-answer-is-the-end",
	// A socket without a port cannot be connected: there is no interest list to hear of it by.
	"connect-needs-a-port",
	// A connect that waits for the association of its socket is not begun by it.
	"connect-stays-behind",
	// What follows is of rules that there were, in a situation that no case had.

	// A wait with a time whose thread is woken for a packet that another has taken has all of its time again.
	"woken-in-vain-starts-anew",
}
