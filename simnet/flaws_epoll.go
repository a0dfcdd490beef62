package simnet

import "slices"

// What epoll instances with mistakes do in the place of, or beside, what is right, in the order in which a call gets there. The mistakes are listed in flaws.go.

// addFlawed is what add does at its end.
func (e *epoll) addFlawed(it *interest) {
	switch {
	case e.flaws.has(flawTable64) && len(e.interests) > 64:
		it.events &= controlBits
	case e.flaws.has(flawOneShotNext) && it.events&ONESHOT != 0 && it.poll()&IN != 0:
	case e.flaws.has(flawAddCountsFirst):
		nobody := e.waiters.Len() == 0
		e.letIn()
		if nobody && e.registered(it) && it.poll() != 0 {
			e.queueQuietly(it)
			return
		}
		fallthrough
	default:
		it.offered = true
		e.offer(it)
	}
	for _, x := range e.interests {
		if e.flaws.has(flawAddArms) && x.events&^controlBits == 0 && x.asked&OUT != 0 {
			x.events = x.asked
			e.offer(x)
		}
	}
}

// modifyFlawed is modify.
func (e *epoll) modifyFlawed(it *interest, events Ready, data uint64) {
	before, is := it.events, events|ERR|HUP
	if e.flaws.has(flawOneShotForGood) {
		is |= before & ONESHOT
	}
	if e.flaws.has(flawQueuedKeeps) && it.queued && !it.offered && before == is {
		return
	}
	if e.flaws.has(flawModifyLate) {
		now := it.file.ready() & is
		e.letIn()
		if it.events, it.data = is, data; now != 0 && e.registered(it) && e.enqueue(it) {
			e.rouse(it)
		}
		return
	}
	nobody := false
	if e.flaws.has(flawModifyCounts) {
		nobody = e.waiters.Len() == 0
		e.letIn()
	}
	it.events, it.data = is, data
	if e.flaws.has(flawSameQuiet) && before == is && is&(ET|ONESHOT) == ET {
		nobody = true
	}
	if nobody && e.registered(it) && it.poll() != 0 {
		e.queueQuietly(it)
		return
	}
	if e.flaws.has(flawEmptiedStays) && it.emptied && !it.file.sock.rdShut {
		it.emptied = false
		return
	}
	it.marks = marks{offered: true, missed: it.missed, behind: it.behind, ended: it.ended, taken: it.taken}
	if e.flaws.has(flawWakesByOldMask) && before&^controlBits != 0 && it.file.ready()&before == 0 && it.poll() != 0 {
		e.enqueue(it)
		return
	}
	e.offer(it)
}

// queueQuietly puts an interest on the list and wakes nobody who waits here.
func (e *epoll) queueQuietly(it *interest) {
	if e.enqueue(it) {
		e.pollers.wake(IN)
	}
}

// removeFlawed is remove.
func (e *epoll) removeFlawed(it *interest) {
	f := it.file
	for e.flaws.has(flawRemoveDrops) && it.queued && it.next != nil {
		e.unlink(it.next)
	}
	e.remove(it)
	for _, x := range slices.Clone(*f.pollers()) {
		if e.flaws.has(flawRemovesAll) && x.ep != e || e.flaws.has(flawRemovesTwins) && x.ep == e {
			x.ep.remove(x)
		}
	}
}

// found is called between looking for an interest and what is done with it. It reports whether the file is open still.
func (k *Kernel) found(e *epoll, op, fd int, f *file) bool {
	if op == EpollAdd && e.flaws.has(flawAddLooks) {
		e.letIn()
	}
	return k.file(fd) == f
}

// registered reports whether the interest is one still; a thread that let others in has to ask.
func (e *epoll) registered(it *interest) bool { return slices.Contains(e.interests, it) }

// numbered finds an interest by its number alone, of whatever file.
func (e *epoll) numbered(fd int) *interest {
	for _, it := range e.interests {
		if it.fd == fd {
			return it
		}
	}
	return nil
}

// of finds an interest by its file alone, under whatever number.
func (e *epoll) of(f *file) *interest {
	for _, it := range e.interests {
		if it.file == f {
			return it
		}
	}
	return nil
}

// pollFlawed is what poll finds.
func (it *interest) pollFlawed(r Ready) Ready {
	has, s := it.ep.flaws.has, it.file.sock
	if s == nil {
		return r & it.events
	}
	mask := it.events
	if has(flawMasksShared) && mask&(IN|OUT) != 0 {
		for _, x := range s.interests {
			mask |= x.events & (IN | OUT)
		}
	}
	if has(flawHalfHangsUp) && s.fin || has(flawShutHangsUp) && s.wrShut {
		r |= HUP
	}
	r &= mask
	switch {
	case has(flawEmptyOnce) && s.udp && it.told && s.inbox.firstLen() == 0:
		r &^= IN
	case has(flawEndBehind) && it.behind && s.in != nil && s.in.arrived == 0:
		r &^= IN
	case has(flawEndDisarmed) && it.ended && s.in != nil && s.in.arrived == 0:
		r &^= IN | RDHUP
	case has(flawRdHupAsItComes) && it.missed:
		r &^= RDHUP
	case has(flawLowWater) && s.in != nil && s.in.arrived < it.taken && !s.rdShut:
		r &^= IN
	case has(flawClientGone) && s.state == tcpListen && !slices.ContainsFunc(s.accepted[s.head:], func(c *Sock) bool { return !c.rdShut }):
		r &^= IN
	}
	return r
}

// hears notes what an interest that is disarmed does not hear of.
func (it *interest) hears(edge Ready) {
	if s := it.file.sock; s != nil && s.fin && edge == anyEvent && it.events&^controlBits == 0 {
		it.ended = true
	}
}

// misses reports whether the interest hears nothing of a change, and notes what it has to remember.
func (it *interest) misses(edge Ready) bool {
	e, s := it.ep, it.file.sock
	it.offered, it.came, it.room = false, true, edge == OUT
	if edge == anyEvent && s != nil && s.fin {
		it.behind = it.behind || s.in != nil && s.in.arrived > 0
		it.missed = it.missed || it.events&RDHUP == 0
		if e.flaws.has(flawRdHupAlone) && it.events&(IN|RDHUP) == RDHUP && s.err == OK {
			return true
		}
		if e.flaws.has(flawEndNoEdge) && it.events&(ET|RDHUP) == ET || e.flaws.has(flawEndBehindEdge) && it.events&ET != 0 && s.in != nil && s.in.arrived > 0 {
			return true
		}
	}
	if s != nil && (e.flaws.has(flawMade) && edge == anyEvent && s.made() || e.flaws.has(flawRefused) && s.err == ECONNREFUSED) {
		return true
	}
	if e.flaws.has(flawExpiredLoses) && it.events&ET != 0 && e.expiring > 0 {
		e.expiring--
		return true
	}
	return e.flaws.has(flawLeftBusy) && e.left && it.events&ET != 0 && !it.queued
}

// made reports whether a connect was made, and nobody has asked what became of it.
func (s *Sock) made() bool { return s.call == connecting && s.state == tcpEstablished && !s.fin }

// rouseFlawed releases a waiter.
func (e *epoll) rouseFlawed(it *interest) bool {
	if s := it.file.sock; s != nil && (e.flaws.has(flawOwnShutdown) && s.rdShut && !s.fin && s.err == OK || e.flaws.has(flawReset) && s.err == ECONNRESET || e.flaws.has(flawRoom) && it.room) {
		return false
	}
	if e.flaws.has(flawExpiredTakes) && e.expiring > 0 {
		e.expiring--
		return true
	}
	t := e.waiters.WakeOne()
	if t != nil && e.flaws.has(flawLooksAtOne) {
		if e.wokenFor == nil {
			e.wokenFor = map[*Thread]*interest{}
		}
		e.wokenFor[t] = it
	}
	return t != nil
}

// collected is called for each interest that is reported.
func (e *epoll) collected(it *interest) {
	it.told, it.offered, it.came, it.room = true, false, false, false
	it.asked, it.was = it.events, it.pollAgain()
	if e.flaws.has(flawDisarmLate) && it.events&ONESHOT != 0 || e.flaws.has(flawPutBackGone) && it.events&(ET|ONESHOT) == 0 && !e.slept {
		e.reported = append(e.reported, it)
	}
}

// reportedAll does a step late what is done with those that were reported: it disarms them, though they were armed meanwhile, or puts them back, though they are gone.
func (e *epoll) reportedAll() {
	list := e.reported
	if len(list) == 0 {
		return
	}
	e.reported = nil
	e.letIn()
	for _, it := range list {
		switch {
		case it.events&ONESHOT != 0:
			it.events &= controlBits
		case !it.queued && !e.registered(it):
			e.append(it)
		}
	}
}

// pollAgain is poll of what is about to be reported.
func (it *interest) pollAgain() Ready {
	r := it.poll()
	if r == 0 && it.ep.flaws.has(flawOldIsTold) && it.events&(ET|ONESHOT) == 0 {
		r = it.was & it.events
	}
	return r
}

// toldOfNothing reports whether the interest asks for nothing, and is reported though there is nothing.
func (it *interest) toldOfNothing() bool {
	return it.ep.flaws.has(flawToldNothing) && it.events&^controlBits == ERR|HUP
}

// collectedAll is called at the end of collect.
func (e *epoll) collectedAll() {
	e.slept = false
	for it := e.head; it != nil && e.flaws.has(flawNoRoomDisarms); it = it.next {
		if it.events&ONESHOT != 0 && !it.offered {
			it.events &= controlBits
		}
	}
	e.left = e.head != nil && e.head.events&(ET|ONESHOT) != 0
	if e.flaws.has(flawReadyAtAddOnce) {
		for it := e.head; it != nil; {
			following := it.next
			if it.offered && it.events&(ET|ONESHOT) != 0 && !it.told {
				e.unlink(it)
			}
			it = following
		}
	}
	if late := e.late; len(late) > 0 {
		e.late = nil
		e.letIn()
		for _, it := range late {
			if !it.queued && e.registered(it) {
				e.append(it)
			}
		}
	}
	e.reportedAll()
}

// fallsAsleep is called before a thread waits. It reports whether the thread looks again.
func (e *epoll) fallsAsleep() (again bool) {
	if !e.flaws.has(flawAsleepLate) {
		return false
	}
	if e.falling++; e.falling == 1 {
		e.called = false
	}
	e.letIn()
	e.falling--
	return e.called
}

// expired is called when a thread's time is up. It reports whether the thread goes without another look.
func (e *epoll) expired() (goes bool) {
	if !e.flaws.has(flawExpiredTakes) && !e.flaws.has(flawExpiredLoses) {
		return false
	}
	e.expiring++
	e.letIn()
	e.expiring = max(e.expiring-1, 0)
	return true
}

// woke reports whether the current thread, which was woken, waits on: what it was woken for is gone.
func (e *epoll) woke() (waits bool) {
	e.slept = true
	it := e.wokenFor[e.w.cur]
	return e.flaws.has(flawLooksAtOne) && it != nil && (!e.registered(it) || it.poll() == 0)
}

// received tells the interests in s of a receive.
func (k *Kernel) received(s *Sock, n int) {
	for _, it := range s.interests {
		it.taken = n
		it.emptied = it.events&^controlBits == 0 && s.in != nil && s.in.arrived == 0
	}
}

// flawedInstance makes the instance behind f one with the mistakes.
func (k *Kernel) flawedInstance(f *file) {
	if f.ep.flaws = k.flaws; k.used != nil {
		f.ep, k.used = k.used, nil
	}
}

// leaves is called when a descriptor of f is closed.
func (k *Kernel) leaves(f *file) {
	if f.ep != nil && f.refs == 1 && k.flaws.has(flawRecycled) {
		k.used, f.ep = f.ep, k.w.newEpoll()
	}
	if f.ep != nil && f.refs == 1 && k.flaws.has(flawWatchedStays) && len(f.ep.pollers) > 0 {
		f.refs++ // for good
	}
}

// readyOfLevel is ready where what is edge-triggered or one-shot does not count.
func (e *epoll) readyOfLevel() Ready {
	for it := e.head; it != nil; it = it.next {
		if it.events&(ET|ONESHOT) == 0 && it.poll() != 0 {
			e.waiters.WakeOne()
			return IN
		}
	}
	return 0
}

// letIn lets others in, in the middle of a call.
func (e *epoll) letIn() {
	e.w.Touch(e.object, true)
	e.w.Step()
	e.w.Touch(e.object, true)
}
