package epoll

import (
	"time"

	"github.com/ioconform/ioconform/spec"
)

// How threads wait, and wake one another.
//
// A thread that finds packets takes them. One that finds none counts itself as sleeping, in the same
// stretch of the lock, and goes to EpollWait, which ends for one of two reasons: descriptors have
// become ready, or the bell was rung (an eventfd in the interest list). Then it moves the operations
// of those sockets on, which queues packets, and looks at the queue again.
//
// The invariant, at every moment that the lock is free:
//
//	packets are queued and a thread sleeps  ⇒  the bell is rung, or a thread that does not sleep is on its way through Wait
//
// A thread that queues a packet from outside rings if somebody sleeps. A thread that leaves packets
// behind rings too. A ringing bell is not rung again, so there is at most one wake-up under way,
// which costs an eventfd write and a return of EpollWait; the woken one passes it on if there is more
// to do than it can carry.
//
// rung is true exactly if the eventfd is readable. That is why it is written and read under the lock,
// although writing after the unlock would be faster. Written after it, another thread may silence the
// bell between flag and write: then the eventfd stays readable, the flag says that it is not, nobody
// reads it, and every thread that sleeps here spins until the next wake-up happens to cure it. So a
// busy server hides it: random schedules of an echo server do not show it, nor did the real kernel in
// 60 × 16 000 messages. A program that falls silent after two posts does, in 3 % of uniformly random
// schedules and in 0.3 % of lazy ones (bug livelock-eventfd).

// lookAfter is the number of waits in a row that may be served from the queue before the kernel is
// looked at again; or else threads that keep the queue filled by posting would starve the sockets. A
// prime, as in Go's scheduler, so as not to beat in time with the program.
const lookAfter = 61

// sighting is what one EpollWait saw. They are kept by the port for reuse, because slices handed
// through an interface would be allocated anew each time.
type sighting struct {
	tokens [64]uint64
	events [64]uint32
	who    [64]watched
	next   *sighting
}

// Wait takes packets, waiting up to timeout for the first.
func (p *port) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	if len(dst) == 0 {
		return 0, spec.Is(spec.Invalid)
	}
	if timeout > 0 && p.b.bugs.has(bugWholeSeconds) {
		timeout = timeout.Truncate(1e9)
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.closed {
		return 0, spec.Is(spec.Closed)
	}
	timeout = p.inherited(timeout)
	p.gap(bugEntersLate)
	p.inside++
	defer p.leave()

	if p.enough(dst, timeout) && p.unlooked < lookAfter {
		p.unlooked++
		return p.take(dst), ok
	}
	var end time.Duration
	if timeout > 0 {
		end = p.k.Now() + timeout
	}
	seen := p.borrow()
	for left := timeout; ; {
		if p.enough(dst, left) {
			left = 0 // a look only
		}
		if errno := p.look(seen, left); errno != 0 && errno != eINTR {
			p.giveBack(seen)
			return 0, statusOf(errno)
		}
		if p.closed {
			p.giveBack(seen)
			return 0, spec.Is(spec.Abandoned)
		}
		if p.enough(dst, left) && !p.late(timeout, end) {
			p.giveBack(seen)
			return p.take(dst), ok
		}
		if p.vain && timeout > 0 && p.k.Now() < end {
			if p.b.bugs.has(bugVainOk) {
				p.giveBack(seen)
				return 0, ok
			}
			if p.b.bugs.has(bugVainRestarts) {
				end = p.k.Now() + timeout
			} else {
				timeout, left = -1, -1
			}
		}
		if timeout < 0 && p.b.bugs.has(bugVainTimesOut) {
			p.giveBack(seen)
			return 0, spec.Is(spec.TimedOut)
		}
		if timeout > 0 {
			left = max(0, end-p.k.Now())
		}
		if timeout >= 0 && left == 0 {
			p.giveBack(seen)
			if n := p.outOfTime(dst, timeout); n >= 0 {
				return n, ok
			}
			return 0, spec.Is(spec.TimedOut)
		}
	}
}

// look sleeps in EpollWait for at most timeout and moves on what has become ready. Called with the
// lock held, which it lets go meanwhile.
func (p *port) look(seen *sighting, timeout time.Duration) (errno int) {
	p.gap(bugParksLate)
	p.unlooked = 0
	p.sleeping++
	p.lock.Unlock()
	n, errno := p.k.EpollWait(p.ep, seen.tokens[:], seen.events[:], timeout)
	p.lock.Lock()
	p.sleeping--
	p.vain = p.rung && (p.b.bugs.has(bugVainOk) || p.b.bugs.has(bugVainForever) || p.b.bugs.has(bugVainRestarts))
	if p.rung && (!p.closed || p.b.bugs.has(bugAbandonOne)) {
		// Whoever is awake silences the bell, whatever it was that woke it: it is going to see to the
		// queue now.
		p.rung = false
		p.gap(bugSilencedLate)
		p.k.EventRead(p.bell)
	}
	if errno != 0 {
		return errno
	}
	if p.b.bugs.has(bugFewEvents) {
		n = min(n, 16)
	}
	sockets := false
	for i, token := range seen.tokens[:n] {
		if token == bellToken && p.b.bugs.has(bugBellHides) {
			return 0
		}
		seen.who[i] = p.watcher(token)
		sockets = sockets || seen.who[i] != nil
	}
	if !sockets {
		return 0 // the bell, or nothing
	}
	p.lock.Unlock()
	for i, w := range seen.who[:n] {
		if w != nil {
			w.ready(seen.tokens[i], seen.events[i])
			seen.who[i] = nil
		}
	}
	p.lock.Lock()
	return 0
}

// take takes packets and wakes another thread if some remain.
func (p *port) take(dst []spec.Packet) int {
	if p.b.bugs.has(bugTakenUnlocked) {
		return p.takeUnlocked(dst)
	}
	if len(dst) == 1 && p.b.bugs.has(bugOneNewest) {
		p.packets.newestFirst()
	}
	n := p.packets.take(dst)
	if p.packets.n > 0 && !p.keepsQuiet() {
		p.wake()
	}
	return n
}

// wake rings the bell if somebody sleeps and it is not rung already.
func (p *port) wake() {
	if p.sleeping == 0 || p.rung {
		p.rung = p.rung || p.b.bugs.has(bugRungForNobody)
		return
	}
	if p.sleeping > 8 && p.b.bugs.has(bugWakesEight) {
		return
	}
	p.rung = true
	if p.b.bugs.has(bugLivelock) {
		p.lock.Unlock()
		defer p.lock.Lock()
	}
	p.k.EventWrite(p.bell, 1)
}

// leave is the end of a Wait. The last thread out of a closed port closes the descriptors.
func (p *port) leave() {
	p.inside--
	if p.closed && p.inside == 0 && !p.released {
		p.release()
	}
}

func (p *port) borrow() *sighting {
	seen := p.scratch
	if seen == nil {
		return new(sighting)
	}
	if !p.b.bugs.has(bugSightingShared) {
		p.scratch = seen.next
	}
	return seen
}

func (p *port) giveBack(seen *sighting) {
	if p.scratch != seen { // see bugSightingShared
		seen.next = p.scratch
	}
	p.scratch = seen
}
