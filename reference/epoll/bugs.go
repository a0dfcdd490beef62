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
	bugFullRead
	bugUnaskedEdge
	bugUnaskedEnd
	bugUnaskedError
	bugAheadOverflows
	bugHangUpEnds
	bugEndBetween
	bugEndBehindLast
	bugEndBehindDone
	bugResetSwallowed
	bugResetToOne
	bugResetToldOnce
	bugSendToldOnce
	bugResetOverEnd
	bugArmedByStart
	bugCutFirst
	bugScratchShared
	bugDoneFull
	bugZeroTakes
	bugZeroUntried
	bugWaitAllUntried
	bugGatheredRest
	bugGatheredPassed
	bugGatheredEnd
	bugCancelledFilled
	bugHalfDuplex
	bugProgressForgotten
	bugProgressLate
	bugFlushLate
	bugFlushOne
	bugSendsBehindFirst
	bugShutdownBoth
	bugHalfClosed
	bugRefusedTells
	bugCountLate
	bugConnectKeyless
	bugAcceptMoves
	bugAcceptFirst
	bugAdoptUnwatched
	bugEventsByKey
	bugPortByKey
	bugAgainCancels
	bugAgainUnwatches
	bugAgainRekeys
	bugAgainIdle
	bugLineAskew
	bugBatchAskew
	bugPutInSteps
	bugOneNewest
	bugBatchFull
	bugPollOk
	bugPassOnOne
	bugPassOnTwo
	bugBellHides
	bugVainOk
	bugVainForever
	bugRungForNobody
	bugFilledOn
	bugSightingShared
	bugPushInSteps
	bugQueuedTried
	bugSendQueuedTried
	bugTellsThenCuts
	bugEdgeBeforeAccepts
	bugEdgeAfterAccepts
	bugAcceptEmpties
	bugRefusalUnclaims
	bugFirstBytesToFirst
	bugArrivalStays
	bugPartsFirst
	bugResetStays
	bugCancelAccepts
	bugCloseFirstAccept
	bugIntoAnybody
	bugErrorSticks
	bugConnectRevives
	bugClosedTwice
	bugCancelNonNil
	bugCancelRewrites
	bugCancelSticks
	bugDoneCancels
	bugNoRoomIsSent
	bugMailEmpties
	bugMailEnds
	bugMailRest
	bugMailAhead
	bugMailToFirst
	bugMailHearsOne
	bugAcceptEndsLate
	bugAcceptsUnlocked
	bugEndUnlocked
	bugHalfCloseShuts
	bugIntoForgotten
	bugFamilyForgotten
	bugDoneIsSilent
	bugPostByKey
	bugCancelIsSilent
	bugClosedNamed
	bugClosedSkips
	bugNothingForgets
	bugPeerIsOwn
	bugVainTimesOut
	bugSparesSends
	bugSparesEnds
	bugSparesResets
	bugSparesConnects
	bugSparesAccepts
	bugSparesCut
	bugTellsNothing
	bugTellsBeside
	bugTellsDatagrams
	bugAdoptForgetsSkip
	bugAcceptedSkips
	bugTableOf64
	bugCountNarrow
	bugPortShuts
	bugCancelledGoesOut
	bugWholeSeconds
	bugBothEndedResets
	bugConnectCounts
	bugAcceptCounts
	bugMailAnonymous
	bugAcceptAnonymous
	bugCloseResets
	bugAcceptKeeps
	bugPeerOfFirst
	bugDialedFirst
	bugPeerOver6
	bugCancelAll32
	bugCancelToken
	bugCancelSpares
	bugCancelShuts
	bugVacatedTwice
	bugMailToLast
	bugMailShutCancels
	bugMailCloseForgets
	bugSamePosts
	bugTimeInherited
	bugWakesEight
	bugSkipToggles
	bugSkipNotLarge
	bugSkipNotAll
	bugConnectNoSkip
	bugZeroPasses
	bugAccepts32
	bugSends32
	bugMails32
	bugDoneAnonymous
	bugResetForgotten
	bugAnsweredEnds
	bugConnectNeedsPort
	bugConnectWaits
	bugVainRestarts
)

// bugSet is the set of mistakes that are switched on. Asking costs two loads and two tests.
type bugSet struct {
	planted [4]uint64
	asked   func(bug) // nil unless somebody watches
}

func (s *bugSet) has(b bug) bool {
	if s.asked != nil {
		s.asked(b)
	}
	return s.planted[b/64]>>(b%64)&1 != 0
}

// Watch has tell told of every mistake that b comes past from now on, switched on or not, each once, until the next Plant. It is for worlds in which one thread runs at a time.
func (b *Backend) Watch(tell func(name string)) {
	told := make([]bool, len(Mutants))
	b.bugs.asked = func(x bug) {
		if !told[x] {
			told[x] = true
			tell(Mutants[x])
		}
	}
}

// Plant switches the named mistakes on and all others off. It is to be called before the back end is used.
func (b *Backend) Plant(bugs ...string) error {
	var set bugSet
next:
	for _, name := range bugs {
		for i, known := range Mutants {
			if name == known {
				set.planted[i/64] |= 1 << (i % 64)
				continue next
			}
		}
		return fmt.Errorf("epoll: no planted bug is called %q; there are %q", name, Mutants)
	}
	b.bugs = set
	return nil
}
