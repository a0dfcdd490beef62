package simnet

import "slices"

// pollQueue is who polls a file: the wait queue of a socket, an event counter or an epoll instance,
// as far as epoll instances stand in it. The last is called first: the kernel adds to the head, but
// exclusive interests to the tail (ep_ptable_queue_proc, add_wait_queue_exclusive), so they come
// after the others and among themselves in the order in which they were added.
type pollQueue []*interest

func (q *pollQueue) add(it *interest) {
	if it.events&EXCLUSIVE != 0 && !it.ep.flaws.has(flawExclusiveFirst) {
		*q = slices.Insert(*q, 0, it)
		return
	}
	*q = append(*q, it)
}

func (q *pollQueue) remove(it *interest) { *q = without(*q, it) }

// wake tells each interest of a change (__wake_up_common), but of the exclusive ones only as many as
// it takes until one has released a waiter. A change of state is told to all of them: sk_state_change
// wakes with wake_up_interruptible_all.
func (q pollQueue) wake(edge Ready) {
	for i := len(q) - 1; i >= 0; i-- {
		it := q[i]
		if it.wake(edge) && edge != anyEvent || it.ep.flaws.has(flawEndToOne) && edge == anyEvent && it.file.sock != nil && it.file.sock.fin {
			return
		}
	}
}

// footprint lists the instances that a change may reach, those that watch other instances included.
func (q pollQueue) footprint(list []Access) []Access {
	for _, it := range q {
		list = append(list, Write(it.ep.object), Write(it.ep.waiters.object))
		list = it.ep.pollers.footprint(list)
	}
	return list
}
