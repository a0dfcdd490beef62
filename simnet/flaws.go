package simnet

import "slices"

// Flaws names the mistakes that the epoll instances of a kernel can be made to have: what Linux itself once had, what other kernels that have epoll get wrong, and
// what emulations of it do. A suite that judges pollers has to notice them. Plant switches them on; without them nothing here is ever called.
var Flaws = []string{
	flawModifyLate:     "modify-misses-what-comes",
	flawExpiredTakes:   "expired-wait-takes-the-wake",
	flawExpiredLoses:   "expired-wait-loses-the-edge",
	flawLooksAtOne:     "woken-looks-at-one",
	flawAddCountsFirst: "add-counts-sleepers-first",
	flawAsleepLate:     "asleep-a-step-late",
	flawPutBackLate:    "level-put-back-late",
	flawMasksShared:    "masks-shared-by-pollers",
	flawEmptyOnce:      "empty-datagram-told-once",
	flawOneShotNext:    "one-shot-waits-for-a-change",
	flawEndToOne:       "end-wakes-one-poller",
	flawEndBehind:      "end-behind-data-lost",
	flawClientGone:     "client-gone-not-told",
	flawNumberTaken:    "number-again-is-in-use",
	flawRemovesFile:    "removed-by-a-duplicate",
	flawRemovesTwins:   "remove-takes-duplicates",
	flawRemovesAll:     "remove-takes-other-pollers",
	flawEndNoEdge:      "end-is-no-edge",
	flawDisarmedHangUp: "disarmed-tells-hang-ups",
	flawReadyAtAddOnce: "ready-at-add-told-at-once-or-never",
	flawQueuedKeeps:    "queued-keeps-its-token",
	flawWakesByOldMask: "modify-wakes-by-the-old-mask",
	flawRdHupAsItComes: "rdhup-only-as-it-comes",
	flawLowWater:       "less-than-was-taken-is-not-told",
	flawExclusiveFirst: "exclusive-before-the-others",
	flawAddNotNested:   "add-not-told-outside",
	flawToldNothing:    "nothing-asked-told-of-nothing",
	flawRemoveDrops:    "remove-drops-those-behind",
	flawEmptiedStays:   "emptied-while-disarmed",
	flawAddArms:        "add-arms-those-for-room",
	flawLeftBusy:       "arrivals-behind-what-was-left-lost",
	flawNoRoomDisarms:  "no-room-disarms",
	flawModifyCounts:   "modify-counts-sleepers-first",
	flawRecycled:       "instance-used-again",
	flawOwnShutdown:    "own-shutdown-wakes-nobody",
	flawReset:          "reset-wakes-nobody",
	flawEndBehindEdge:  "end-behind-unread-is-no-edge",
	flawEndDisarmed:    "end-while-disarmed-lost",
	flawRoom:           "room-wakes-nobody",
	flawDisarmLate:     "disarmed-over-a-modify",
	flawPutBackGone:    "put-back-though-removed",
	flawAddLooks:       "add-looks-first",
	flawTwoDeep:        "two-deep-not-told",
	flawOneShotForGood: "one-shot-for-good",
	flawSameQuiet:      "modify-of-the-token-wakes-nobody",
	flawVainForever:    "woken-in-vain-for-ever",
	flawTable64:        "poller-of-64",
	flawExclusiveLevel: "exclusive-edge-is-level",
	flawRdHupAsksIn:    "rdhup-asks-for-in",
	flawOneShotEach:    "one-shot-of-each-thing",
	flawDisarmsOthers:  "one-shot-disarms-other-pollers",
	flawDisarmsTwins:   "one-shot-disarms-duplicates",
	flawVainEnds:       "woken-in-vain-is-out-of-time",
	flawOldIsTold:      "told-for-good-as-it-was",
	flawHalfHangsUp:    "end-is-a-hang-up",
	flawShutHangsUp:    "shut-for-sending-is-a-hang-up",
	flawRdHupAlone:     "rdhup-alone-hears-nothing",
	flawWatchedStays:   "watched-poller-stays-open",
	flawEdgesInside:    "edges-inside-are-not-told",
	flawMade:           "made-connect-is-not-told",
	flawRefused:        "refused-connect-is-not-told",
}

type flaw uint

const (
	flawModifyLate flaw = iota
	flawExpiredTakes
	flawExpiredLoses
	flawLooksAtOne
	flawAddCountsFirst
	flawAsleepLate
	flawPutBackLate
	flawMasksShared
	flawEmptyOnce
	flawOneShotNext
	flawEndToOne
	flawEndBehind
	flawClientGone
	flawNumberTaken
	flawRemovesFile
	flawRemovesTwins
	flawRemovesAll
	flawEndNoEdge
	flawDisarmedHangUp
	flawReadyAtAddOnce
	flawQueuedKeeps
	flawWakesByOldMask
	flawRdHupAsItComes
	flawLowWater
	flawExclusiveFirst
	flawAddNotNested
	flawToldNothing
	flawRemoveDrops
	flawEmptiedStays
	flawAddArms
	flawLeftBusy
	flawNoRoomDisarms
	flawModifyCounts
	flawRecycled
	flawOwnShutdown
	flawReset
	flawEndBehindEdge
	flawEndDisarmed
	flawRoom
	flawDisarmLate
	flawPutBackGone
	flawAddLooks
	flawTwoDeep
	flawOneShotForGood
	flawSameQuiet
	flawVainForever
	flawTable64
	flawExclusiveLevel
	flawRdHupAsksIn
	flawOneShotEach
	flawDisarmsOthers
	flawDisarmsTwins
	flawVainEnds
	flawOldIsTold
	flawHalfHangsUp
	flawShutHangsUp
	flawRdHupAlone
	flawWatchedStays
	flawEdgesInside
	flawMade
	flawRefused
)

// flawSet is the set of mistakes that are switched on.
type flawSet uint64

func (s flawSet) has(f flaw) bool { return s>>f&1 != 0 }

// Plant makes epoll instances that are opened from now on have those of the named mistakes that Flaws has. others are the names that it has not.
func (k *Kernel) Plant(names []string) (others []string) {
	for _, name := range names {
		if i := slices.Index(Flaws, name); i >= 0 {
			k.flaws |= 1 << i
		} else {
			others = append(others, name)
		}
	}
	return others
}

// flawed is what an instance needs for its mistakes.
type flawed struct {
	flaws    flawSet
	expiring int                   // threads whose time is up, and who are taken for waiting
	falling  int                   // threads that have found nothing and do not wait yet
	called   bool                  // something was put on the list by a call meanwhile
	late     []*interest           // to be put back
	reported []*interest           // by the wait that is about to return
	slept    bool                  // the thread that looks was woken
	left     bool                  // the latest wait had no room for all
	wokenFor map[*Thread]*interest // what each thread was woken for
}

// marks is what an interest remembers for mistakes.
type marks struct {
	offered bool  // put on the list by a call, not by a change
	told    bool  // reported before
	came    bool  // something has changed since it was set or reported
	room    bool  // what has changed is that there is room
	behind  bool  // the end came behind what had not been received
	ended   bool  // the end came when nothing was asked for
	missed  bool  // the end came when rdhup was not asked for
	emptied bool  // a receive took all while it was disarmed
	taken   int   // bytes that the latest receive took
	was     Ready // what was reported last
	asked   Ready // when it was reported last
}
