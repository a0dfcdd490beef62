package model

import (
	"cmp"
	"slices"
	"time"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// port is a completion port.
type port struct {
	b       *Backend
	object  simnet.Object // for searches: what is below
	queue   []spec.Packet
	waiters *simnet.WaitQueue
	waiting []*waiter // blocked threads, in order of blocking
	limit   int       // threads that may run at once
	running int       // threads that took a packet and neither wait again nor are blocked elsewhere
	closed  bool
	hasty   int             // see PostsFirst
	posted  map[uint64]bool // see notePost
}

// waiter is a blocked thread, and the packets that it was handed.
type waiter struct {
	t         *simnet.Thread
	got       spec.Packet
	handed    bool
	abandoned bool
	timed     bool // will run out of time; see CloseSparesTimed
}

// member is a thread's association with the port that it waited on last (Microsoft Learn, I/O Completion Ports).
type member struct {
	port    *port
	running bool  // counts against the limit
	first   *port // that it waited on; see FirstPort
	waited  bool  // it has been blocked before; see NewcomersLast
	waits   bool  // inside Wait
	w       waiter
	apcs    []func() // queued to the thread
}

// touch tells a search that the step being taken goes by the port, and changes it.
func (p *port) touch() { p.b.world.Touch(p.object, true) }

// Blocked is told when a thread stops: another may then run in its place.
func (b *Backend) Blocked(t *simnet.Thread) {
	if t.Ended() {
		defer b.ended(t)
	}
	if m := b.members[t.ID()]; m.running && !(t.Ended() && b.bugs.has(EndedCounts)) && !(!t.Ended() && b.bugs.has(BlockedCounts)) {
		m.port.touch()
		m.running = false
		m.port.running--
		m.port.release()
	}
}

// Resumed is told when it goes on: for a moment more threads may run than the limit says.
func (b *Backend) Resumed(t *simnet.Thread) {
	if m := b.members[t.ID()]; m.port != nil && !m.waits && !m.running {
		m.port.touch()
		m.running = true
		m.port.running++
	}
}

// enqueue adds a packet and releases a thread for it if one may run.
func (p *port) enqueue(k spec.Packet) {
	p.touch()
	if len(p.queue) >= 64 && p.b.bugs.has(PortHolds64) {
		return
	}
	p.queue = append(p.queue, k)
	if p.b.quiet {
		return
	}
	p.release()
	if p.b.bugs.has(BlockedAnywhere) {
		p.elsewhere()
	}
}

// mayRun reports whether one more thread may run.
func (p *port) mayRun() bool {
	limit := p.limit
	if limit > 1 && p.b.bugs.has(OneFewer) {
		limit--
	}
	return p.running < limit || p.b.bugs.has(LimitIgnored)
}

// release hands packets to blocked threads, the one that blocked last first, as long as more may run.
func (p *port) release() {
	for len(p.queue) > 0 && len(p.waiting) > 0 && p.mayRun() && !p.closed {
		at := len(p.waiting) - 1
		if p.b.bugs.has(FIFOWaiters) {
			at = 0
		}
		w := p.waiting[at]
		p.waiting = append(p.waiting[:at], p.waiting[at+1:]...)
		w.got, w.handed = p.pop(), true
		m := p.b.members[w.t.ID()]
		m.running = true
		p.running++
		p.waiters.Wake(w.t)
	}
}

// pop takes the first packet.
func (p *port) pop() spec.Packet {
	at := 0
	if p.b.bugs.has(LIFOQueue) {
		at = len(p.queue) - 1
	}
	p.hasty = max(p.hasty-1, 0)
	k := p.queue[at]
	p.queue = append(p.queue[:at], p.queue[at+1:]...)
	return k
}

// Wait implements spec.Port.
func (p *port) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	return p.wait(dst, timeout, p.b.bugs.has(AlwaysAlertable))
}

func (p *port) wait(dst []spec.Packet, timeout time.Duration, alertable bool) (int, spec.Status) {
	p.touch()
	if p.closed && p.b.bugs.has(ClosedPortAbandons) {
		return 0, winAbandoned
	}
	if p.closed && !(len(p.queue) > 0 && p.b.bugs.has(ClosedPortDrains)) {
		return 0, winHandle
	}
	if len(dst) == 0 {
		return 0, winParameter
	}
	m := p.b.join(p)
	if m.running { // it comes back for more
		if timeout == 0 && len(p.queue) == 0 && p.b.bugs.has(PollCounts) {
			p.running++
		}
		m.running = false
		p.running--
	}
	m.waits = true
	if m.first == nil {
		m.first = p
	}
	defer func() { m.waits = false }()
	if alertable && len(p.queue) > 0 && p.b.bugs.has(APCFirst) {
		m.runAPCs()
	}
	if len(p.queue) > 0 && p.mayRun() && (!p.b.letIn(LimitChecksFirst) || len(p.queue) > 0) {
		m.running = true
		p.running++
		return p.fill(dst, 0), stOK
	}
	p.release() // it ran until now: somebody else may in its place
	if alertable && m.runAPCs() {
		return 0, winInterrupted
	}
	if timeout == 0 {
		return 0, winTimeout
	}
	p.b.letIn(ParksLate)
	if p.b.bugs.has(FirstPort) {
		p = m.first
	}
	w := &m.w
	p.touch()
	*w = waiter{t: p.b.world.Current(), timed: timeout > 0}
	if p.b.bugs.has(NewcomersLast) && !m.waited {
		p.waiting = slices.Insert(p.waiting, 0, w)
	} else {
		p.waiting = append(p.waiting, w)
	}
	m.waited = true
	if p.b.bugs.has(KeepsPlace) {
		slices.SortFunc(p.waiting, func(x, y *waiter) int { return x.t.ID() - y.t.ID() })
	}
	if timeout > 0 && len(p.waiting) > 1 && p.b.bugs.has(OneTimer) {
		timeout = -1
	}
	woken := p.waiters.Park(simnet.Call{Format: "GetQueuedCompletionStatusEx"}, timeout)
	p.touch()
	switch {
	case w.handed && p.closed && p.b.bugs.has(AbandonedBrings):
		dst[0] = w.got
		return 1, winAbandoned
	case w.handed && p.keeps(w, woken):
		dst[0] = w.got
		return p.fill(dst, 1), stOK
	case w.abandoned:
		return 0, winAbandoned
	}
	at := slices.Index(p.waiting, w)
	if p.b.bugs.has(TimeoutTakesLast) {
		at = len(p.waiting) - 1
	}
	if at >= 0 {
		p.waiting = append(p.waiting[:at], p.waiting[at+1:]...)
	}
	return 0, winTimeout
}

// fill takes what is there, up to the capacity of dst.
func (p *port) fill(dst []spec.Packet, n int) int {
	p.touch()
	if p.b.bugs.has(OneByKey) && len(dst) == 1 {
		slices.SortStableFunc(p.queue, func(x, y spec.Packet) int { return cmp.Compare(x.Key, y.Key) })
	}
	for n < len(dst) && len(p.queue) > 0 {
		if p.b.bugs.has(TakenInSteps) {
			dst[n] = p.queue[0]
			if p.b.letIn(TakenInSteps); len(p.queue) > 0 {
				p.pop()
			}
			n++
			continue
		}
		dst[n] = p.pop()
		n++
	}
	return n
}

// join associates the calling thread with p, and with no other port any more.
func (b *Backend) join(p *port) *member {
	t := b.world.Current()
	m := b.member(t)
	if m.port == p {
		return m
	}
	if m.running {
		m.port.touch()
		m.running = false
		if !b.bugs.has(CountedOnBoth) {
			m.port.running--
		}
		m.port.release()
	}
	m.port = p
	t.SetMonitor(b)
	return m
}

// member is the page of a thread.
func (b *Backend) member(t *simnet.Thread) *member {
	for len(b.members) <= t.ID() {
		b.members = append(b.members, &member{})
	}
	return b.members[t.ID()]
}

// Post implements spec.Port.
func (p *port) Post(key, token uint64, n int) spec.Status {
	p.touch()
	if p.closed {
		return winHandle
	}
	k := spec.Packet{Key: key, Token: token, N: n, Size: -1}
	p.notePost(token)
	if p.b.bugs.has(PostAnywhere) {
		defer p.elsewhere()
	}
	if p.b.bugs.has(HandedTwice) && p.handOver(k) {
		return stOK
	}
	if p.b.bugs.has(QueueUnlocked) {
		queue := slices.Clone(p.queue)
		p.b.letIn(QueueUnlocked)
		p.queue = queue
	}
	if p.b.bugs.has(PostsFirst) {
		p.touch()
		p.queue = slices.Insert(p.queue, min(p.hasty, len(p.queue)), k)
		p.hasty++
		p.release()
		return stOK
	}
	p.enqueue(k)
	return stOK
}

// Associate implements spec.Port.
func (p *port) Associate(s spec.Socket, key uint64) spec.Status {
	p.touch()
	if p.closed {
		return winHandle
	}
	x, shut := first(s)
	x.touch()
	switch {
	case shut:
		return winHandle
	case x.port != nil && p.b.bugs.has(SecondAssociationHandle):
		return winHandle
	case x.port != nil && !p.b.bugs.has(AssociateTwice) && !(x != s && p.b.bugs.has(DuplicateAssociates)):
		return winParameter
	}
	if p.b.letIn(AssociateChecksFirst) {
		x.touch()
	}
	if p.b.bugs.has(LateKeyForgotten) {
		x.keyless = slices.Concat(x.recvs, x.sends, x.accepts)
	}
	x.port, x.key = p, key
	return stOK
}

// Close implements spec.Port. Packets that nobody has taken are gone.
func (p *port) Close() spec.Status {
	p.touch()
	if p.closed {
		return winHandle
	}
	p.closed = true
	if !p.b.bugs.has(ClosedPortDrains) {
		p.queue = p.queue[:0]
	}
	for _, w := range p.waiting {
		if w.timed && p.b.bugs.has(CloseSparesTimed) {
			continue
		}
		if p.b.bugs.has(CloseWakesNobody) {
			break
		}
		w.abandoned = true
		p.waiters.Wake(w.t)
	}
	p.waiting = p.waiting[:0]
	return stOK
}
