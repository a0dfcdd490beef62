package epoll

import "fmt"

// bug names a mistake that can be switched on: what an expert might write on a bad day, one line each
// at the place where it would be written. A suite that does not notice one of them has a hole.
type bug uint

const (
	bugLivelock bug = iota
	bugLostWake
	bugNoPassOn
	bugAbandonOne
	bugDoublePacket
	bugLifoFill
	bugSteal
	bugZeroAtOnce
	bugShortWaitAll
	bugEofSwallowed
	bugResetAsEof
	bugShortSend
	bugShutdownOvertakes
	bugSkipStillQueues
	bugCancelDropsPacket
	bugCancelTwice
	bugCloseForgetsSends
	bugCloseForgetsAccepts
	bugAcceptKey
	bugStaleEvent
	bugMailHidden
	bugMailFrom
	bugMailMerge
	bugMailEmpty
	bugMailSize
	bugMailTwice
	bugMailCancel
	bugMailLIFO
	bugParksLate
	bugSilencedLate
	bugEntersLate
	bugWakesFirst
	bugTimeoutFirst
	bugTakenUnlocked
	bugReceiveQueuedLate
	bugSendQueuedLate
	bugAcceptQueuedLate
	bugDatagramQueuedLate
	bugEdgeOverwritten
	bugNumberKept
	bugCloseMisses
	bugCancelLooks
	bugCloseListed
	bugSendsMixed
	bugShutdownDecided
	bugAssociateChecks
	bugKeyLate
	bugSlotLate
	bugClaimChecks
	bugAdoptRevives
	bugConnectForgets
	bugCancelStrands
	bugRingAskew
	bugFewEvents
	bugWaitAllFirst
	bugArrivalLate
	bugArrivalToken
	bugConnectEnds
	bugConnectNoted
	bugTokenLate
	bugConnectChecks
	bugGathers
	bugUnreadTwice
	bugSlotTwice
	bugHalfCloseShuts
	bugIntoForgotten
	bugFamilyForgotten
	bugDoneIsSilent
)

// Mutants names the mistakes, in the order of the constants above, which it explains.
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
}

// bugSet is the set of mistakes that are switched on. Asking costs a load and a test.
type bugSet [2]uint64

func (s *bugSet) has(b bug) bool { return s[b/64]>>(b%64)&1 != 0 }

// Plant switches the named mistakes on and all others off. It is to be called before the back end is used.
func (b *Backend) Plant(bugs ...string) error {
	var set bugSet
next:
	for _, name := range bugs {
		for i, known := range Mutants {
			if name == known {
				set[i/64] |= 1 << (i % 64)
				continue next
			}
		}
		return fmt.Errorf("epoll: no planted bug is called %q; there are %q", name, Mutants)
	}
	b.bugs = set
	return nil
}
