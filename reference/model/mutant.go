package model

import (
	"fmt"
	"slices"

	"github.com/ioconform/ioconform/spec"
)

// bug is a planted fault. Each stands at one place of the code, in one condition.
type bug uint8

// The faults that can be planted.
const (
	LIFOQueue               bug = iota // packets leave the port last in, first out
	FIFOWaiters                        // the thread that blocked first is released first
	LimitIgnored                       // more threads run than the port allows
	AssociateTwice                     // a second association takes the first one's place
	CloseWakesNobody                   // closing a port leaves its waiters blocked (asio#1393)
	LIFOFill                           // receives are filled last posted first, as io_uring does
	SkipIgnored                        // success at once queues a packet on a socket that skips (libuv#5282)
	CancelForgets                      // a cancelled send has no packet (nng#1599)
	CancelAllSiblings                  // cancelling one operation cancels those after it (corefx#36516)
	CancelLate                         // cancelling what has completed answers ok and queues a second packet (libxev#233)
	CloseForgetsSends                  // closing a socket leaves its sends without a packet (libuv#1372)
	CloseForgetsAccepts                // closing a listener leaves its accepts without a packet
	CloseKeepsConnection               // closing a socket does not end the connection (liburing#568)
	ZeroReceiveAtOnce                  // a receive of no bytes does not wait (corefx#21865)
	EndSwallowed                       // the end of the stream ends no receive (corefx#28098)
	ResetOnce                          // only the first operation learns of a reset, the others see the end of the stream
	ShortSend                          // a send that cannot go out at once succeeds with what went out (twisted#5562)
	AcceptIgnoresData                  // an accept with room for data completes at the connection (corefx#7941)
	AcceptKeyOfSocket                  // an accept's packet carries the accepted socket's key
	EndedCounts                        // a thread that has ended counts among those that run
	BlockedAnywhere                    // a packet for which no thread is blocked goes to one that is blocked on another port
	OneByKey                           // a wait for one takes the packet with the smallest key
	TakenInSteps                       // a wait reads the first packet a step before it takes it off the queue
	ListedLate                         // a receive is tried a step before it is listed as pending
	CountedOnBoth                      // a thread that goes on to another port counts among those that run for the first one as well
	FirstPort                          // a thread that has to block does so on the port that it waited on first
	NewcomersLast                      // a thread that has never waited goes behind those that are blocked
	TimeoutDropsCompletion             // the packet of an operation is lost that was handed to a thread whose time ran out at that moment
	TimeoutTakesLast                   // a thread whose time has run out takes the one that blocked last off the list, not itself
	CompletionReplaces                 // the packet of an operation takes the place of a post under the same key
	LowBitStays                        // after an operation that queues no packet, others of its socket queue none either
	CountLate                          // what a receive that is done says of itself is looked up when its packet may be gone
	CountShared                        // what a send has sent is counted in the socket: two at once report the same
	ReceivesWrittenBack                // a receive writes back the list that it has read, over what happened meanwhile
	ReceivesByThread                   // a receive goes before those that another thread has started
	ResetStrands                       // a reset ends the first receive alone
	ShutdownSendEnds                   // shutting the sending side down ends the receiving side as well
	CloseDrains                        // a close reads what still comes into the buffer of a receive
	TruncationTwice                    // a datagram that is cut short at once is refused and queues a packet as well (zio#733)
	EmptyReceiveLeaves                 // a receive without a buffer leaves the datagram where it is
	UnreachableKills                   // after a report that nobody was there, a datagram socket receives no more (tokio#2017)
	UnreachableSwallowed               // nobody is told
	DatagramForgotten                  // a receive that is cancelled takes the next datagram with it
	QueueUnlocked                      // a post writes back the queue that it has read, over what happened meanwhile
	ParksLate                          // a thread that finds nothing is counted as blocked a step late (asio#1393)
	TimeoutDropsHanded                 // a packet is lost that was handed to a thread whose time ran out at that moment
	HandedTwice                        // a post picks the thread that it hands its packet to a step before it does so
	LimitChecksFirst                   // two threads at once are found to be within the limit
	AssociateChecksFirst               // two associations at once both find that there is none
	CancelLooksFirst                   // a cancel aborts what was pending a moment ago (libxev#233)
	CloseListsFirst                    // a close aborts what was pending a moment ago
	SendUnconnectedReset               // a send without a connection is refused as reset (Wine 8.0)
	ResetForgotten                     // after a reset has been reported, receives see the end of the stream (Wine 8.0)
	LateKeyForgotten                   // what was pending when its socket was associated has a packet without the key
	ShutdownEndsReceives               // shutting the receiving side down ends what is pending there
	CloseRewrites                      // closing a socket turns the packets of what had succeeded into failures
	PostsFirst                         // posts leave the port before the packets of operations
	ClosedPortAbandons                 // a wait on a closed port says that the port was closed meanwhile
	NotFoundUnmapped                   // a cancel that finds nothing says so in NTSTATUS
	ResetUnmapped                      // a packet says of a reset what GetLastError would
	CancelCounts                       // a receive that was cancelled reports its whole buffer
	UnboundReceivePends                // a receive on a datagram socket without an address waits (Wine 8.0)
	SecondAssociationHandle            // a second association is answered as that of an invalid handle
	CloseLingers                       // sends that are pending at the close go on until the far end has read them (Wine 8.0)
	ShutdownReceiveEnds                // shutting the receiving side down ends the sending side as well
	ClosedIsInvalid                    // a start on a closed socket is refused as invalid
	CloseSaysHandle                    // what closing a socket ends says that its handle was closed (Wine 8.0)
	ContextIgnored                     // accepted and connected sockets have names before they were told how they came to their connection
	ContextFromAnybody                 // any socket will do for the listener that a connection came from
	ShutdownOfNothing                  // a socket without a connection can be shut down
	RoomUnchecked                      // room for addresses is not looked at
	AcceptAnywhere                     // an accept on a socket that does not listen is pending for ever
	AcceptResetUntold                  // an accept whose client has reset the connection says that there is no connection
	ConnectBinds                       // a socket that is not bound can be connected
	ConnectTwice                       // a second connect takes the first one's place
	RefusedForGood                     // a socket whose connect was refused cannot be connected any more
	ConnectDataForgotten               // what a connect is given to send is not sent
	ConnectDataLate                    // or is sent as it is when the connection is there
	DisconnectSends                    // after a disconnect, sends go on
	DisconnectUnheard                  // a disconnect does not reach the far end
	ReuseRefused                       // a socket that was disconnected to be used again cannot be
	ThreadExitCancels                  // the end of a thread ends what it has started
	DuplicateAssociates                // a second handle can be associated once more
	DuplicateKeyless                   // what is started through a second handle has no key
	CloseIgnoresDuplicates             // closing a handle ends the operations although there is another
	ThreadExitSparesEvents             // the end of a thread leaves operations with events alone
	EventNotReset                      // the start of an operation does not reset its event
	EventForgotten                     // the event of an operation with a packet is not signaled
	LowBitIgnored                      // a packet comes although the event has its low bit set
	AlwaysAlertable                    // every wait runs asynchronous procedure calls
	NeverAlertable                     // none does
	APCFirst                           // an alertable wait runs them also if it has a packet
	ReuseForgetsSkip                   // a socket that is used again does not skip any more (corefx#17000)
	KeepsPlace                         // a thread that blocks again takes the place that it had
	UnreachableTakes                   // the report that nobody was there costs a datagram that had come
	UnreachableElsewhere               // every datagram socket is told that nobody was there
	AcceptEventForgotten               // the event of an accept is not signaled
	ThirdHandle                        // a handle that is made through a further one is not counted
	ThreadExitOthers                   // the end of a thread ends what others have started with events as well
	EventAutoResets                    // whoever has waited for an event resets it
	EventResetLate                     // the event is reset when the operation has been started, which may have completed by then
	DisconnectChecksFirst              // two disconnects at once both find that there is none
	SendChecksFirst                    // a send has found the sending side open a moment ago
	CancelLooksAtSends                 // a cancel aborts the sends that were pending a moment ago (libuv#5227)
	CancelLooksAtDisconnect            // or the disconnect
	CloseListsAccepts                  // a close aborts the accepts that were pending a moment ago
	AcceptBehindSilent                 // an accept without room for data waits behind one whose client says nothing
	AcceptNamesLast                    // an accept for data reports the address of the client that its listener accepted last
	AcceptDropsGone                    // a connection whose far end has ended its stream is taken for one that was reset
	AcceptingSocketSays                // what closing an accepting socket ends says that there was a disconnect
	SendNeedsContext                   // what is sent finds no connection before a socket was told how it came to its connection
	NameEndsWithShutdown               // after a shutdown of both sides the far end has no name
	AcceptKeepsSocket                  // an accept that was cancelled or closed keeps the socket that it was for
	HeldSocketTaken                    // or does so if it had a connection already
	AcceptedHasPort                    // what an accepted socket sends at once is told to its listener's port
	RefusedCounts                      // a connect that was refused reports the bytes that it was given
	RefusalAbandons                    // a connect that is refused because the socket is connected gives up the connection
	NamedWhileConnecting               // a socket that is connecting has its far end's name
	DisconnectOvertakes                // a disconnect does not wait for the sends before it
	DisconnectDropsQueued              // a disconnect ends the sends that have not begun
	CloseWaitsForUnread                // closing a socket does not end the connection while something is unread
	CloseHeldByReceive                 // or if a receive was pending (liburing#568)
	CloseLetsGather                    // a receive that has gathered some of what it waits for goes on when its socket is closed
	ClosedPortDrains                   // a closed port hands out what it has
	CloseSparesTimed                   // closing a port leaves waits alone that will run out of time
	AbandonedBrings                    // a wait that is handed a packet as its port is closed reports both
	HandlesUnlocked                    // two handles that are closed at once both find that there is another
	WaiterExitCancels                  // the end of a thread ends what it has started if it has waited on a port
	CancelAllOfThread                  // cancelling everything ends what the calling thread has started, as CancelIo does
	ToldPendingOnly                    // only a receive that is pending is told that nobody was there
	ToldLaterOnly                      // only one that is started later is
	ToldIsDead                         // a pending receive that is told so was the last
	OwnDatagramDropped                 // a datagram that a socket sends to itself is dropped
	OwnDatagramTwice                   // a datagram to a pending receive of the same back end is handed to it and sent as well
	OneQueueOfReceives                 // a datagram goes to the first receive of its port
	PortHolds64                        // a port that has 64 packets drops the next
	ReceivesHold32                     // the 33rd receive that is outstanding on a socket goes before the others
	CancelForgetsSkip                  // a socket does not skip any more once something was cancelled
	ReconnectedShut                    // a connected socket that was disconnected to be used again stays shut for sends
	CloseListsDisconnect               // a close aborts the disconnect that was pending a moment ago
	PostAnywhere                       // a post for which no thread is blocked goes to one that is blocked on another port
	OneTimer                           // a port has one timer: who blocks beside another has none
	CloseQuiet                         // what closing a socket ends is queued and wakes nobody
	CancelQuiet                        // what a cancel ends is queued and wakes nobody
	ArrivalQuiet                       // what is received while nobody calls is queued and wakes nobody
	ReuseKeepsUnread                   // what nobody received is received on the connection that comes after a disconnect
	ConnectTable                       // after 16 connects every other is refused, as if a table were full
	CancelKeepsCount                   // what a send had got out when it was cancelled is left out of the next
	ClosedStaysTied                    // the end of a thread ends what the close of its socket has ended
	EndResends                         // what ends with its thread has the first send of its socket begin anew
	AllButAccepts                      // cancelling everything counts accepts out of what there is
	FreedKeepsReceives                 // a receive that ends as its socket is freed for another connection waits for that as well
	OneFewer                           // a port lets one thread fewer run than it was opened for
	BlockedCounts                      // a thread that is blocked elsewhere counts among those that run
	PollCounts                         // a thread that has found nothing in no time goes on counting
	SkipPerHandle                      // a socket skips only for the handle that it was told by
	ShutPerHandle                      // a side that was shut down through one handle is open to sends through another
	AcceptCounts                       // the packet of an accept counts its addresses among the bytes
	DoneSenderUntold                   // a datagram that ends a receive at its start comes without its sender
	SenderUntold                       // a datagram that comes for a receive that waits comes without its sender
	ClientUntold                       // an accept into a given socket does not say whose connection it is
	CloseResets                        // closing a socket resets its connection, whether something is left or not
	bugCount
)

var bugNames = [bugCount]string{
	LIFOQueue: "lifo-queue", FIFOWaiters: "fifo-waiters", LimitIgnored: "limit-ignored", AssociateTwice: "associate-twice",
	CloseWakesNobody: "close-wakes-nobody", LIFOFill: "lifo-fill", SkipIgnored: "skip-ignored",
	CancelForgets: "cancel-forgets", CancelAllSiblings: "cancel-siblings", CancelLate: "cancel-late",
	CloseForgetsSends: "close-forgets-sends", CloseForgetsAccepts: "close-forgets-accepts", CloseKeepsConnection: "close-keeps-connection",
	ZeroReceiveAtOnce: "zero-receive-at-once", EndSwallowed: "end-swallowed", ResetOnce: "reset-once", ShortSend: "short-send",
	AcceptIgnoresData: "accept-ignores-data", AcceptKeyOfSocket: "accept-key-of-socket",
	EndedCounts:            "ended-thread-counts",
	BlockedAnywhere:        "blocked-anywhere",
	OneByKey:               "one-by-key",
	TakenInSteps:           "taken-in-two-steps",
	ListedLate:             "receive-listed-late",
	CountedOnBoth:          "counted-on-both-ports",
	FirstPort:              "blocks-on-the-first-port",
	NewcomersLast:          "newcomers-last",
	TimeoutDropsCompletion: "timeout-drops-completion",
	TimeoutTakesLast:       "timeout-takes-the-last",
	CompletionReplaces:     "completion-replaces-post",
	LowBitStays:            "low-bit-stays",
	CountLate:              "done-count-late",
	CountShared:            "send-count-shared",
	ReceivesWrittenBack:    "receives-written-back",
	ReceivesByThread:       "receives-by-thread",
	ResetStrands:           "reset-strands-others",
	ShutdownSendEnds:       "shutdown-send-ends",
	CloseDrains:            "close-drains-into-buffer",
	TruncationTwice:        "truncation-twice", EmptyReceiveLeaves: "empty-receive-leaves", UnreachableKills: "unreachable-kills",
	UnreachableSwallowed: "unreachable-swallowed", DatagramForgotten: "datagram-forgotten",
	QueueUnlocked: "queue-unlocked", ParksLate: "parks-late", TimeoutDropsHanded: "timeout-drops-handed", HandedTwice: "handed-twice",
	LimitChecksFirst: "limit-checks-first", AssociateChecksFirst: "associate-checks-first", CancelLooksFirst: "cancel-looks-first",
	CloseListsFirst:      "close-lists-first",
	SendUnconnectedReset: "send-unconnected-reset", ResetForgotten: "reset-forgotten", LateKeyForgotten: "late-key-forgotten",
	ShutdownEndsReceives: "shutdown-ends-receives", CloseRewrites: "close-rewrites", PostsFirst: "posts-first", ClosedPortAbandons: "closed-port-abandons",
	NotFoundUnmapped: "not-found-unmapped", ResetUnmapped: "reset-unmapped", CancelCounts: "cancel-counts", UnboundReceivePends: "unbound-receive-pends",
	SecondAssociationHandle: "second-association-handle", CloseLingers: "close-lingers", ShutdownReceiveEnds: "shutdown-receive-ends",
	ClosedIsInvalid: "closed-is-invalid", CloseSaysHandle: "close-says-handle",
	ContextIgnored: "context-ignored", ContextFromAnybody: "context-from-anybody", ShutdownOfNothing: "shutdown-of-nothing", RoomUnchecked: "room-unchecked",
	AcceptAnywhere: "accept-anywhere", AcceptResetUntold: "accept-reset-untold", ConnectBinds: "connect-binds", ConnectTwice: "connect-twice", RefusedForGood: "refused-for-good",
	ConnectDataForgotten: "connect-data-forgotten", ConnectDataLate: "connect-data-late",
	DisconnectSends: "disconnect-sends", DisconnectUnheard: "disconnect-unheard", ReuseRefused: "reuse-refused",
	ThreadExitCancels: "thread-exit-cancels", DuplicateAssociates: "duplicate-associates", DuplicateKeyless: "duplicate-keyless",
	CloseIgnoresDuplicates: "close-ignores-duplicates", ThreadExitSparesEvents: "thread-exit-spares-events",
	AlwaysAlertable: "always-alertable", NeverAlertable: "never-alertable", APCFirst: "apc-first",
	EventNotReset: "event-not-reset", EventForgotten: "event-forgotten", LowBitIgnored: "low-bit-ignored",
	ReuseForgetsSkip:        "reuse-forgets-skip",
	KeepsPlace:              "keeps-place",
	UnreachableTakes:        "unreachable-takes-datagram",
	UnreachableElsewhere:    "unreachable-elsewhere",
	AcceptEventForgotten:    "accept-event-forgotten",
	ThirdHandle:             "third-handle-uncounted",
	ThreadExitOthers:        "thread-exit-cancels-others",
	EventAutoResets:         "event-auto-resets",
	EventResetLate:          "event-reset-late",
	DisconnectChecksFirst:   "disconnect-checks-first",
	SendChecksFirst:         "send-checks-shutdown-first",
	CancelLooksAtSends:      "cancel-looks-at-sends-first",
	CancelLooksAtDisconnect: "cancel-looks-at-disconnect-first",
	CloseListsAccepts:       "close-lists-accepts-first",
	AcceptBehindSilent:      "accept-behind-silent-client",
	AcceptNamesLast:         "accept-names-the-last-client",
	AcceptDropsGone:         "accept-drops-the-gone",
	AcceptingSocketSays:     "accepting-socket-says-disconnect",
	SendNeedsContext:        "send-needs-context",
	NameEndsWithShutdown:    "name-ends-with-shutdown",
	AcceptKeepsSocket:       "ended-accept-keeps-its-socket",
	HeldSocketTaken:         "held-socket-stays-taken",
	AcceptedHasPort:         "accepted-tells-the-listeners-port",
	RefusedCounts:           "refused-counts",
	RefusalAbandons:         "refused-connect-abandons",
	NamedWhileConnecting:    "named-while-connecting",
	DisconnectOvertakes:     "disconnect-overtakes-sends",
	DisconnectDropsQueued:   "disconnect-drops-queued-sends",
	CloseWaitsForUnread:     "close-waits-for-unread",
	CloseHeldByReceive:      "close-held-by-receive",
	CloseLetsGather:         "close-lets-gathering-finish",
	ClosedPortDrains:        "closed-port-drains",
	CloseSparesTimed:        "close-spares-timed-waits",
	AbandonedBrings:         "abandoned-brings-packet",
	HandlesUnlocked:         "handles-counted-unlocked",
	WaiterExitCancels:       "waiter-exit-cancels",
	CancelAllOfThread:       "cancel-all-of-the-thread",
	ToldPendingOnly:         "nobody-told-pending-only",
	ToldLaterOnly:           "nobody-told-later-only",
	ToldIsDead:              "nobody-told-and-dead",
	OwnDatagramDropped:      "own-datagram-dropped",
	OwnDatagramTwice:        "own-datagram-twice",
	OneQueueOfReceives:      "one-queue-of-receives",
	PortHolds64:             "port-holds-64",
	ReceivesHold32:          "receives-hold-32",
	CancelForgetsSkip:       "cancel-forgets-skip",
	ReconnectedShut:         "reconnected-cannot-send",
	CloseListsDisconnect:    "close-lists-disconnect-first",
	PostAnywhere:            "post-blocked-anywhere",
	OneTimer:                "one-timer-a-port",
	CloseQuiet:              "closed-socket-wakes-nobody",
	CancelQuiet:             "cancel-wakes-nobody",
	ArrivalQuiet:            "arrival-wakes-nobody",
	ReuseKeepsUnread:        "reuse-keeps-unread",
	ConnectTable:            "connect-table-of-16",
	CancelKeepsCount:        "cancel-keeps-count",
	ClosedStaysTied:         "closed-stays-tied",
	EndResends:              "end-sends-again",
	AllButAccepts:           "accepts-uncounted",
	FreedKeepsReceives:      "freed-keeps-receives",
	OneFewer:                "one-thread-fewer",
	BlockedCounts:           "blocked-thread-counts",
	PollCounts:              "poll-counts",
	SkipPerHandle:           "skips-for-one-handle",
	ShutPerHandle:           "shut-for-one-handle",
	AcceptCounts:            "accept-counts-addresses",
	DoneSenderUntold:        "done-sender-untold",
	SenderUntold:            "sender-untold",
	ClientUntold:            "client-untold",
	CloseResets:             "close-resets",
}

// Mutants returns the names that Plant understands.
func Mutants() []string { return bugNames[:] }

// bugs is a set of planted faults.
type bugs struct {
	planted [bugCount]bool
	asked   func(bug) // nil unless somebody watches
}

func (s *bugs) has(b bug) bool {
	if s.asked != nil {
		s.asked(b)
	}
	return s.planted[b]
}

// Watch has tell told of every fault that b comes past from now on, planted or not, each once, until the next Plant.
func (b *Backend) Watch(tell func(name string)) {
	var told [bugCount]bool
	b.bugs.asked = func(x bug) {
		if !told[x] {
			told[x] = true
			tell(bugNames[x])
		}
	}
}

// letIn lets other threads, the network and the clock in, if the bug is planted, and reports whether it is. It stands in calls of the program alone: the
// network's steps may not be interrupted.
func (b *Backend) letIn(x bug) bool {
	if !b.bugs.has(x) {
		return false
	}
	b.world.Step()
	return true
}

// aloud ends a stretch in which packets wake nobody.
func (b *Backend) aloud() { b.quiet = false }

// handOver hands a packet to the thread that was the last to block a moment ago.
func (p *port) handOver(k spec.Packet) bool {
	if len(p.queue) > 0 || len(p.waiting) == 0 || p.running >= p.limit {
		return false
	}
	w := p.waiting[len(p.waiting)-1]
	p.b.letIn(HandedTwice)
	for i, x := range p.waiting {
		if x == w {
			p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
			p.b.members[w.t.ID()].running = true
			p.running++
			break
		}
	}
	w.got, w.handed = k, true
	p.waiters.Wake(w.t)
	return true
}

// keeps reports whether a thread whose time may have run out keeps the packet that it was handed.
func (p *port) keeps(w *waiter, woken bool) bool {
	return woken || !p.b.bugs.has(TimeoutDropsHanded) && !(p.b.bugs.has(TimeoutDropsCompletion) && !p.posted[w.got.Token])
}

// replaced puts the packet of an operation in the place of a post under the same key, if the bug is planted and there is one.
func (p *port) replaced(k spec.Packet) bool {
	if !p.b.bugs.has(CompletionReplaces) {
		return false
	}
	p.touch()
	for i, x := range p.queue {
		if x.Key == k.Key && p.posted[x.Token] {
			p.queue[i] = k
			return true
		}
	}
	return false
}

// elsewhere hands the first packet to the thread that was the last to block on another port.
func (p *port) elsewhere() {
	for _, other := range p.b.ports {
		if last := len(other.waiting) - 1; other != p && last >= 0 && len(p.queue) > 0 {
			other.touch()
			w := other.waiting[last]
			other.waiting = other.waiting[:last]
			w.got, w.handed = p.pop(), true
			p.b.members[w.t.ID()].running = true
			other.running++
			other.waiters.Wake(w.t)
		}
	}
}

// notePost remembers that a token is that of a post, for the bugs that tell posts and operations apart.
func (p *port) notePost(token uint64) {
	if !p.b.bugs.has(CompletionReplaces) && !p.b.bugs.has(TimeoutDropsCompletion) {
		return
	}
	if p.posted == nil {
		p.posted = map[uint64]bool{}
	}
	p.posted[token] = true
}

// lookedUp is what the start of a receive that is done says: what its packet says, if that is still there.
func (s *socket) lookedUp(op *spec.Op, n int) int {
	if op.Kind != spec.Receive || s.port == nil || s.skip || !s.b.letIn(CountLate) {
		return n
	}
	s.port.touch()
	if slices.ContainsFunc(s.port.queue, func(k spec.Packet) bool { return k.Token == op.Token }) {
		return n
	}
	return 0
}

// Plant switches the named faults on, and all others off.
func (b *Backend) Plant(names ...string) error {
	b.bugs = bugs{}
next:
	for _, name := range names {
		for i, n := range bugNames {
			if n == name {
				b.bugs.planted[i] = true
				continue next
			}
		}
		return fmt.Errorf("the model has no bug %q", name)
	}
	return nil
}
