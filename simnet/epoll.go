package simnet

// epoll is one epoll instance: interests, and the list of those that may be ready. The mechanism is
// that of fs/eventpoll.c, since what programs see (rotation, edges, who is woken) follows from it:
//
//  1. A file that changes calls wake of each interest in it (pollqueue.go): the interest goes to the
//     tail of the ready list unless it is there, one waiter is released, and the instances that
//     watch this one hear of it in turn (nesting.go).
//  2. A waiter takes interests off the head and polls each file again: what is no longer ready is
//     dropped, what is ready is reported.
//  3. A level-triggered interest goes back to the tail, to be polled again at the next wait.
//  4. What did not fit the caller's array stays at the head; if the list is not empty at the end, a further
//     waiter is released.
type epoll struct {
	w         *World
	object    Object
	interests []*interest
	head      *interest // of the ready list
	tail      *interest
	waiters   WaitQueue // LIFO: the kernel adds exclusive waiters at the head
	pollers   pollQueue // the interests of other instances in this one

	flawed
}

// interest is one registration (epitem): keyed by the open file and the number it was added under,
// so that it survives the number when the file has a duplicate.
type interest struct {
	ep     *epoll
	file   *file
	fd     int
	events Ready // with the control bits; a ONESHOT that has fired keeps only these
	data   uint64

	queued     bool
	prev, next *interest

	marks
}

const (
	wakeup        Ready = 1 << 29 // EPOLLWAKEUP, which has no effect here
	controlBits         = ET | ONESHOT | EXCLUSIVE | wakeup
	exclusiveBits       = IN | OUT | ERR | HUP | ET | EXCLUSIVE | wakeup // what may go with EXCLUSIVE
)

func (w *World) newEpoll() *epoll {
	e := w.epolls.get()
	*e = epoll{w: w, object: w.NewObject(), interests: e.interests[:0], pollers: e.pollers[:0]}
	e.waiters.init(w, LIFO)
	return e
}

func (e *epoll) find(f *file, fd int) *interest {
	for _, it := range e.interests {
		if it.fd == fd && it.file == f {
			return it
		}
	}
	return nil
}

// add registers a file. One that is ready already is reported at once, edge-triggered or not.
func (e *epoll) add(f *file, fd int, events Ready, data uint64) {
	it := e.w.items.get()
	*it = interest{ep: e, file: f, fd: fd, events: e.asks(events) | ERR | HUP, data: data}
	e.interests = append(e.interests, it)
	f.pollers().add(it)
	if e.flaws != 0 {
		e.addFlawed(it)
		return
	}
	e.offer(it)
}

// modify replaces events and data, arms a ONESHOT again, and polls: readiness is reported anew.
func (e *epoll) modify(it *interest, events Ready, data uint64) {
	if e.flaws != 0 {
		e.modifyFlawed(it, events, data)
		return
	}
	it.events, it.data = events|ERR|HUP, data
	e.offer(it)
}

// remove ends a registration; readiness not yet reported is lost.
func (e *epoll) remove(it *interest) {
	e.unlink(it)
	e.interests = without(e.interests, it)
	it.file.pollers().remove(it)
}

func (it *interest) poll() Ready {
	if it.ep.w.observer != nil {
		it.file.looked()
	}
	r := it.file.ready()
	if it.ep.flaws != 0 {
		return it.pollFlawed(r)
	}
	return r & it.events
}

// wake is step 1, the callback of the file (ep_poll_callback). It reports whether the interest is
// exclusive and has released a waiter: then no other exclusive one need be called.
func (it *interest) wake(edge Ready) (taken bool) {
	e := it.ep
	e.w.Touch(e.object, true)
	if e.flaws != 0 {
		it.hears(edge)
	}
	if it.events&^controlBits == 0 || it.events&edge == 0 && edge != anyEvent && !it.toldOfNothing() {
		return false
	}
	if e.flaws != 0 && it.misses(edge) {
		return false
	}
	e.enqueue(it)
	taken = e.rouse(it) && it.events&EXCLUSIVE != 0
	if len(e.pollers) > 0 && (it.file.ep == nil || !e.flaws.has(flawTwoDeep)) {
		e.pollers.wake(IN)
	}
	return taken
}

// offer puts an interest that is new or was changed on the list if its file is ready (ep_insert,
// ep_modify). Unlike an edge it releases nobody when the interest is there already.
func (e *epoll) offer(it *interest) {
	if it.poll() == 0 {
		return
	}
	if e.enqueue(it) {
		e.called = true
		e.rouse(it)
		if !e.flaws.has(flawAddNotNested) {
			e.pollers.wake(IN)
		}
	}
}

// rouse releases one waiter, because of it, and reports whether there was one.
func (e *epoll) rouse(it *interest) bool {
	if e.flaws != 0 {
		return e.rouseFlawed(it)
	}
	return e.waiters.WakeOne() != nil
}

// enqueue puts an interest at the tail of the ready list and reports whether it was not there yet.
func (e *epoll) enqueue(it *interest) (added bool) {
	e.w.Touch(e.object, true)
	if it.queued {
		return false
	}
	e.append(it)
	return true
}

func (e *epoll) append(it *interest) {
	it.queued = true
	it.prev, it.next = e.tail, nil
	if e.tail != nil {
		e.tail.next = it
	} else {
		e.head = it
	}
	e.tail = it
}

func (e *epoll) unlink(it *interest) {
	if !it.queued {
		return
	}
	if it.prev != nil {
		it.prev.next = it.next
	} else {
		e.head = it.next
	}
	if it.next != nil {
		it.next.prev = it.prev
	} else {
		e.tail = it.prev
	}
	it.queued, it.prev, it.next = false, nil, nil
}

// collect is steps 2 to 4 (ep_send_events). The data reported is that of now, not of when the event
// happened.
func (e *epoll) collect(data []uint64, ready []uint32) int {
	n := 0
	last := e.tail // what goes back to the tail is not looked at twice
	for it := e.head; it != nil && n < len(data); {
		following := it.next
		atEnd := it == last
		e.unlink(it)
		if r := it.pollAgain(); r != 0 || it.came && it.toldOfNothing() {
			data[n], ready[n] = it.data, uint32(r)
			n++
			if e.flaws != 0 {
				e.collected(it)
			}
			switch {
			case it.events&ONESHOT != 0 && e.flaws.has(flawDisarmedHangUp):
				it.events &= controlBits | ERR | HUP
			case it.events&ONESHOT != 0 && e.flaws != 0:
				e.disarm(it, r)
			case it.events&ONESHOT != 0:
				it.events &= controlBits
			case it.events&ET == 0 && e.flaws.has(flawPutBackLate) && !e.slept:
				e.late = append(e.late, it)
			case it.events&ET == 0 && r != 0:
				e.append(it)
			}
		}
		if atEnd {
			break
		}
		it = following
	}
	if e.head != nil {
		e.rouse(e.head)
	}
	if e.flaws != 0 {
		e.collectedAll()
	}
	return n
}

// without takes one element out of a list, keeping the order.
func without[L ~[]*interest](list L, it *interest) L {
	for i, x := range list {
		if x == it {
			return append(list[:i], list[i+1:]...)
		}
	}
	return list
}
