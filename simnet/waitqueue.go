package simnet

import "time"

// Order says which of the waiting threads is the first.
type Order uint8

const (
	FIFO Order = iota // the one that has waited longest
	LIFO              // the one that came last, as in a completion port and in epoll_wait
)

// Call describes what a thread is parked in, for the report of a deadlock. Format is a fmt format
// with up to two verbs, for A and B; it is not looked at unless somebody reads the report.
type Call struct {
	Format string
	A, B   int
}

// WaitQueue is a queue of blocked threads, the primitive under every blocking call. Waking does not
// schedule: the thread woken becomes runnable and runs when it is chosen, so what it was woken for
// may be gone by then; who waits for a condition looks again.
type WaitQueue struct {
	w           *World
	object      Object
	order       Order
	first, last *Thread // in order of arrival
	n           int
}

// NewWaitQueue returns an empty queue for this run.
func (w *World) NewWaitQueue(order Order) *WaitQueue {
	q := w.queues.get()
	q.init(w, order)
	return q
}

func (q *WaitQueue) init(w *World, order Order) {
	*q = WaitQueue{w: w, object: w.NewObject(), order: order}
}

// Park blocks the calling thread until it is woken, and returns true, or until timeout has passed,
// and returns false. A negative timeout is for ever; 0 does not block and returns false. Park takes
// no Step first: whoever builds a call on it steps at the head of the call. While the run is
// unwound it returns false.
func (q *WaitQueue) Park(call Call, timeout time.Duration) (woken bool) {
	w := q.w
	if timeout == 0 || w.unwindingCall() {
		return false
	}
	t := w.blocking("Park")
	q.enter(t, timeout)
	w.park(t, call)
	return !t.expired
}

// enter puts t into the queue and sets its timer.
func (q *WaitQueue) enter(t *Thread, timeout time.Duration) {
	t.queue, t.prev, t.next = q, q.last, nil
	if q.last != nil {
		q.last.next = t
	} else {
		q.first = t
	}
	q.last = t
	q.n++
	t.expired = false
	if timeout >= 0 {
		q.w.arm(&t.timer, timeout)
	}
	q.w.Touch(q.object, true)
}

func (q *WaitQueue) remove(t *Thread) {
	if t.prev != nil {
		t.prev.next = t.next
	} else {
		q.first = t.next
	}
	if t.next != nil {
		t.next.prev = t.prev
	} else {
		q.last = t.prev
	}
	t.queue, t.prev, t.next = nil, nil, nil
	q.n--
	q.w.Touch(q.object, true)
}

// WakeOne wakes the first thread in the order of the queue and returns it, nil if none waits.
func (q *WaitQueue) WakeOne() *Thread {
	t := q.Next()
	if t != nil {
		q.Wake(t)
	}
	return t
}

// WakeAll wakes every thread and returns how many there were.
func (q *WaitQueue) WakeAll() int {
	n := q.n
	for q.WakeOne() != nil {
	}
	return n
}

// Wake wakes t and reports whether it was waiting in this queue.
func (q *WaitQueue) Wake(t *Thread) bool {
	if t.queue != q || q.w.phase != running {
		q.w.Touch(q.object, false)
		return false
	}
	q.remove(t)
	q.w.disarm(&t.timer)
	q.w.unblock(t)
	return true
}

// Next returns the thread that WakeOne would wake, nil if none waits.
func (q *WaitQueue) Next() *Thread {
	if q.w.phase == unwinding {
		return nil
	}
	q.w.Touch(q.object, false)
	if q.order == LIFO {
		return q.last
	}
	return q.first
}

// After returns the thread that comes after t in the order of the queue, nil at the end. t must be
// in the queue.
func (q *WaitQueue) After(t *Thread) *Thread {
	if q.order == LIFO {
		return t.prev
	}
	return t.next
}

// Len returns the number of waiting threads.
func (q *WaitQueue) Len() int {
	q.w.Touch(q.object, false)
	return q.n
}

// Object returns the queue's number in footprints.
func (q *WaitQueue) Object() Object { return q.object }
