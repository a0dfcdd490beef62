package poller

import (
	"fmt"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// bug names a mistake that can be switched on: what layers on top of epoll, and emulations of it, got wrong.
type bug uint

const (
	bugLevelAsEdge bug = iota
	bugPartialRead
	bugEdgeAsLevel
	bugOneShotStays
	bugOneShotLate
	bugModifySame
	bugFirstLost
	bugOldToken
	bugLeak
	bugNoRoom
	bugNoRotation
	bugNoRdHup
	bugNoHup
	bugNoErr
	bugUnasked
	bugRdHupAlways
	bugNothingAsked
	bugAddTwice
	bugModifyAdds
	bugRemoveLate
	bugBatchKept
	bugSharedArray
	bugModifyTwoSteps
	bugArmsTwice
	bugNinth
	bugCloseTakes
	bugCloseDeferred
	bugRemoveDeferred
	bugAddKnownLate
	bugTimeoutFirst
	bugRecycled
	bugRearmedLevel
	bugEdgeAfterFull
	bugBlockEnds
	bugBlockForgetsRoom
	bugBlockClearsLate
	bugArrivalsReplace
	bugTokenApart
	bugShortEnds
	bugZeroBlind
	bugNothingIsEnd
	bugDatagramUnsent
	bugFamily
	bugRoomLost
	bugRdHupFirst
	bugCloseTakesOriginal
	bugPollerClosedTwice
	bugPollerGoesOn
	bugClosedTries
	bugInnerGoesOn
	bugPipeUnmapped
	bugConnectedIsOn
	bugFullIsCut
	bugWholeSeconds
	bugTerminated
	bugReadAgain
	bugCallerBefore
	bugSenderBefore
	bugWholeMillis
	bugForeverMinute
	bugBitsBefore
)

// Mutants names the mistakes, in the order of the constants above.
var Mutants = []string{
	"level-as-edge-when-modified",
	"partial-read-forgets",
	"edge-as-level-for-listeners",
	"oneshot-edge-not-disarmed",
	"oneshot-disarmed-late",
	"modify-does-not-rearm",
	"first-oneshot-lost-among-others",
	"edge-keeps-token",
	"close-leaves-registration",
	"no-room-is-lost",
	"no-rotation",
	"drops-rdhup",
	"drops-hup-beside-in",
	"drops-err",
	"out-unasked",
	"rdhup-unasked",
	"nothing-asked-not-watched",
	"add-twice-replaces",
	"modify-adds",
	"remove-is-late",
	"batch-is-kept",
	"shared-array",
	"modify-in-two-steps",
	"modify-arms-twice",
	"ninth-event-lost",
	"close-takes-duplicates",
	"close-deferred",
	"remove-deferred",
	"add-known-late",
	"timeout-comes-first",
	"entry-recycled",
	"rearmed-without-edge",
	"edge-behind-a-full-read-lost",
	"would-block-ends-the-interest",
	"would-block-forgets-room",
	"would-block-clears-late",
	"arrivals-replace-what-was-left",
	"token-read-apart",
	"short-receive-ends-the-interest",
	"wait-of-no-time-does-not-look",
	// That nothing is there is told as nothing received, which is the end of the stream.
	"nothing-there-is-the-end",
	// A datagram is taken and goes nowhere.
	"datagram-unsent",
	// A socket over IPv6 is made over IPv4.
	"family-forgotten",
	// What is edge-triggered is not told of room once a send would have blocked.
	"room-is-lost",
	// The end of a stream is reported as rdhup alone the first time.
	"rdhup-alone-at-first",
	// The close of a duplicate that nobody watches ends the watching of what it was made of.
	"close-takes-the-original",
	// A poller that is closed again closes the number of its descriptor, whosever that is by now.
	"poller-closed-twice",
	// A poller that was closed does what it is asked to, to whatever has its number by now.
	"closed-poller-goes-on",
	// What is tried on a descriptor that was closed is tried on whatever has its number by now.
	"closed-descriptor-goes-on",
	// A poller that was closed is watched, whatever has its number by now.
	"closed-inner-goes-on",
	// A send after the shutdown is answered as a call of no meaning.
	"shut-unmapped",
	// A connect of what is connected is answered as one that is under way.
	"connected-is-under-way",
	// A datagram that fills its buffer is said to be cut short.
	"full-is-cut-short",
	"wait-of-whole-seconds",
	// The last byte of a receive that fills its buffer is a zero that ends a string.
	"full-is-terminated",
	// What is left behind a receive that filled its buffer is handed over from its beginning.
	"rest-from-the-beginning",
	// Of two connections that wait the second is said to come from where the first came from.
	"caller-of-the-previous",
	// A datagram comes from where the one before came from.
	"sender-of-the-previous",
	// A wait takes whole milliseconds, rounded down: a part of one takes no time.
	"wait-of-whole-milliseconds",
	// A wait without a limit has one all the same, of a minute.
	"for-ever-is-a-minute",
	// Of two events of one wait the second says as well what the first says, as far as it was asked for.
	"bits-of-the-one-before",
}

// bugSet is the set of mistakes that are switched on.
type bugSet uint64

func (s bugSet) has(b bug) bool { return s>>b&1 != 0 }

// Plant switches the named mistakes on and all others off. To be called before the back end is used.
func (b *Backend) Plant(bugs ...string) error {
	var set bugSet
next:
	for _, name := range bugs {
		for i, known := range Mutants {
			if name == known {
				set |= 1 << i
				continue next
			}
		}
		return fmt.Errorf("poller: no planted bug is called %q; there are %q", name, Mutants)
	}
	b.bugs = set
	return nil
}

// watched is what a layer with a table of its own remembers of an interest.
type watched struct {
	p     *Poller
	f     spec.File
	fd    int
	token uint64
	ask   spec.Interest
	ev    uint32
	fresh bool // not reported since it was added
	out   bool // removed
	full  bool // the latest receive filled its buffer
}

// listens reports whether f is a listener.
func listens(f spec.File) bool {
	r, is := f.(*Raw)
	return is && r.listening.Load()
}

func (p *Poller) entry(f spec.File) *watched {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.table[f]
}

func (p *Poller) remember(f spec.File, w *watched) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.table == nil {
		p.table = map[spec.File]*watched{}
	}
	if w == nil {
		delete(p.table, f)
	} else {
		p.table[f] = w
	}
}

func (p *Poller) byToken(token uint64) *watched {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.table {
		if w.token == token {
			return w
		}
	}
	return nil
}

// wrongCtl is EpollCtl with the bugs.
func (p *Poller) wrongCtl(op, fd int, f spec.File, token uint64, ask spec.Interest) int {
	has, k, ev := p.b.bugs.has, p.b.k, events(ask)
	old := p.entry(f)
	switch {
	case has(bugLevelAsEdge) && op == ctlMod && ask&spec.OneShot == 0:
		ev |= evEdge
	case has(bugEdgeAsLevel) && listens(f):
		ev &^= evEdge
	case has(bugOneShotStays) && ask&spec.Edge != 0, has(bugOneShotLate):
		ev &^= evOneShot
	case has(bugNoRdHup):
		ev &^= evRdHup
	case has(bugUnasked) && ask == spec.In|spec.RdHup:
		ev |= evOut
	case has(bugRdHupAlways) && ask&spec.In != 0:
		ev |= evRdHup
	}
	switch op {
	case ctlAdd:
		if has(bugAddTwice) && old != nil {
			op = ctlMod
		}
	case ctlMod:
		switch {
		case old == nil && has(bugModifyAdds):
			op = ctlAdd
		case old != nil && has(bugModifySame) && old.ask == ask && ask&spec.OneShot != 0 && !old.fresh:
			old.token = token // the mask is the same, so that nothing needs to be done but to remember this
			return 0
		case old != nil && has(bugOldToken) && ask&spec.Edge != 0:
			token = old.token
		case has(bugModifyTwoSteps) && old != nil && (old.ask|ask)&spec.Exclusive == 0:
			if errno := k.EpollCtl(p.fd, ctlDel, fd, 0, 0); errno != 0 {
				return errno
			}
			op = ctlAdd
		case has(bugArmsTwice):
			if errno := k.EpollCtl(p.fd, ctlMod, fd, ev, token); errno != 0 {
				return errno
			}
		}
	case ctlDel:
		if has(bugRemoveDeferred) && old != nil && p.putOff(func() { k.EpollCtl(p.fd, ctlDel, fd, 0, 0) }) {
			p.remember(f, nil)
			return 0
		}
		if has(bugRemoveLate) && old != nil {
			old.out = true // at the next wait that finds it ready
			return 0
		}
	}
	if has(bugNothingAsked) && op == ctlAdd && ask&spec.Reported == 0 {
		p.remember(f, &watched{p: p, f: f, fd: fd, token: token, ask: ask})
		return 0
	}
	errno := k.EpollCtl(p.fd, op, fd, ev, token)
	if errno != 0 {
		return errno
	}
	if has(bugAddKnownLate) && op == ctlAdd {
		p.letIn()
	}
	if op == ctlDel {
		p.remember(f, nil)
	} else {
		w := p.newEntry()
		*w = watched{p: p, f: f, fd: fd, token: token, ask: ask, ev: ev, fresh: op == ctlAdd}
		p.remember(f, w)
		if r, is := f.(*Raw); is && has(bugPartialRead) {
			r.muted.Store(w)
		}
	}
	return 0
}

// read is called after a receive: one that filled its buffer has surely taken everything, and one that found nothing has come to the end.
func (r *Raw) read(buf []byte, n, errno int) (int, int) {
	room := len(buf)
	r.tried(n, room, errno == eAGAIN)
	if errno == eAGAIN && r.b.bugs.has(bugNothingIsEnd) {
		return 0, 0
	}
	r.mangle(buf, n)
	w := r.muted.Load()
	if w == nil || !r.b.bugs.has(bugPartialRead) || n <= 0 || n < room {
		return n, errno
	}
	r.b.k.EpollCtl(w.p.fd, ctlMod, w.fd, w.ev|evEdge, w.token)
	var data [1]uint64
	var ready [1]uint32
	r.b.k.EpollWait(w.p.fd, data[:], ready[:], 0) // what it reports is what has just been read
	return n, errno
}

// wrongWait is EpollWait with the bugs; n < 0 is for waiting again.
func (p *Poller) wrongWait(data []uint64, ready []uint32, room int, timeout time.Duration) (n, errno int) {
	has, k := p.b.bugs.has, p.b.k
	if has(bugZeroBlind) && timeout == 0 {
		return 0, 0
	}
	ask := room
	if has(bugNoRoom) || has(bugBatchKept) || has(bugArrivalsReplace) || has(bugNoRotation) && p.levelOnly() {
		ask = most
	}
	if has(bugBatchKept) || has(bugArrivalsReplace) && !p.replaced(data, ready, room) {
		if n := p.unkeep(data, ready, room); n > 0 {
			return n, 0
		}
	}
	if n, errno = p.waitCounted(data[:ask], ready[:ask], timeout); errno != 0 || n == 0 {
		return n, errno
	}
	if has(bugNinth) {
		n = min(n, 8)
	}
	if has(bugRecycled) {
		p.tokensLate(data[:n])
	}
	if has(bugTokenApart) {
		p.tokensApart(data[:n])
	}
	if has(bugSharedArray) {
		p.share(data[:n], ready[:n])
	}
	if has(bugNoRotation) {
		p.sortOldest(data[:n], ready[:n])
	}
	if (has(bugBatchKept) || has(bugArrivalsReplace)) && n > room {
		p.mu.Lock()
		for i := room; i < n; i++ {
			p.kept = append(p.kept, [2]uint64{data[i], uint64(ready[i])})
		}
		p.mu.Unlock()
		n = room
	}
	kept := 0
	for i := range n {
		w := p.byToken(data[i])
		switch {
		case has(bugBitsBefore) && i > 0 && w != nil:
			ready[i] |= ready[i-1] & events(w.ask)
		case has(bugNoHup) && ready[i]&(evErr|evIn) == evIn:
			ready[i] &^= evHup
		case has(bugNoErr):
			ready[i] &^= evErr
		case w == nil && has(bugAddKnownLate):
			ready[i] = 0
		case w == nil:
		case has(bugRoomLost) && w.ask&spec.Edge != 0 && w.roomless():
			ready[i] &^= evOut
		case has(bugRdHupFirst) && w.fresh && ready[i]&(evRdHup|evErr|evHup) == evRdHup:
			ready[i] &^= evIn
		case has(bugFirstLost) && n > 1 && w.fresh && w.ask&(spec.Edge|spec.OneShot) == spec.OneShot:
			ready[i] = 0
		case has(bugEdgeAfterFull) && w.full && ready[i]&evRdHup == 0:
			w.full, ready[i] = false, 0
		case has(bugOneShotLate) && w.ask&spec.OneShot != 0:
			k.EpollCtl(p.fd, ctlMod, w.fd, 0, w.token)
		case w.out:
			k.EpollCtl(p.fd, ctlDel, w.fd, 0, 0)
			p.remember(w.f, nil)
		}
		if w != nil {
			w.fresh = false
		}
		if ready[i] != 0 {
			data[kept], ready[kept] = data[i], ready[i]
			kept++
		}
	}
	if kept == 0 {
		return -1, 0
	}
	return min(kept, room), 0
}

// roomless reports whether a send would have blocked.
func (w *watched) roomless() bool {
	r, is := w.f.(*Raw)
	return is && r.full.Load()
}

// share puts events into the array that all waits use, and takes them from there a step later.
func (p *Poller) share(data []uint64, ready []uint32) {
	p.mu.Lock()
	copy(p.shared[:], data)
	copy(p.sharedReady[:], ready)
	p.mu.Unlock()
	p.letIn()
	p.mu.Lock()
	copy(data, p.shared[:])
	copy(ready, p.sharedReady[:])
	p.mu.Unlock()
}

// sortOldest puts those first that have the smallest token, again and again.
func (p *Poller) sortOldest(data []uint64, ready []uint32) {
	for i := range data {
		for j := i; j > 0 && data[j] < data[j-1]; j-- {
			data[j], data[j-1] = data[j-1], data[j]
			ready[j], ready[j-1] = ready[j-1], ready[j]
		}
	}
}

// levelOnly reports whether nothing is watched that would be lost if it were reported and not told.
func (p *Poller) levelOnly() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.table {
		if w.ask&(spec.Edge|spec.OneShot) != 0 {
			return false
		}
	}
	return true
}

// unkeep takes what an earlier wait had no room for.
func (p *Poller) unkeep(data []uint64, ready []uint32, room int) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n < room && len(p.kept) > 0 {
		data[n], ready[n] = p.kept[0][0], uint32(p.kept[0][1])
		p.kept = p.kept[1:]
		n++
	}
	return n
}
