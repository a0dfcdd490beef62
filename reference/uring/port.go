//go:build linux

package uring

import (
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// port is a queue of packets and the threads that wait for them. The ring knows nothing of either: a
// completion is sorted into the queue of its socket's port by the ring's thread, and which thread
// takes the packet is decided here.
//
// The invariant, at every moment that the lock is free: packets are queued and a thread is parked ⇒ one that has been woken is on its way.
type port struct {
	b *Backend

	lock    sync.Mutex
	packets packetQueue
	parked  []*waiter
	spare   []*waiter
	closed  bool
}

// waiter is a thread that waits.
type waiter struct {
	wake  chan struct{}
	woken bool // and no longer parked
	timer *time.Timer
}

// Post queues a packet of the caller's own.
func (p *port) Post(key, token uint64, n int) spec.Status {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.closed {
		return spec.Is(spec.Closed)
	}
	p.packets.put(spec.Packet{Key: key, Token: token, N: n, Size: -1})
	p.wake()
	return ok
}

// push queues the packet of an operation. Those for a closed port are lost, as they are on Windows (PORT-18).
func (p *port) push(pkt spec.Packet) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if !p.closed {
		p.packets.put(pkt)
		p.wake()
	}
}

// wake wakes the thread that was parked last, whose memory is the likeliest to be still in a cache (PORT-08).
func (p *port) wake() {
	if last := len(p.parked) - 1; last >= 0 {
		w := p.parked[last]
		p.parked = p.parked[:last]
		w.woken = true
		w.wake <- struct{}{} // it has room
	}
}

// Wait takes packets, waiting up to timeout for the first.
func (p *port) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	if len(dst) == 0 {
		return 0, spec.Is(spec.Invalid)
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.closed {
		return 0, spec.Is(spec.Closed)
	}
	var w *waiter
	for over := timeout == 0; ; {
		if n := p.packets.take(dst); n > 0 {
			if p.packets.n > 0 {
				p.wake()
			}
			p.giveBack(w)
			return n, ok
		}
		if over {
			p.giveBack(w)
			return 0, spec.Is(spec.TimedOut)
		}
		if w == nil {
			w = p.borrow(timeout)
		}
		over = p.park(w, timeout)
		if p.closed {
			p.giveBack(w)
			return 0, spec.Is(spec.Abandoned)
		}
	}
}

// park sleeps until w is woken, or its time is over. Called with the lock held, which it lets go meanwhile.
func (p *port) park(w *waiter, timeout time.Duration) (over bool) {
	w.woken = false
	p.parked = append(p.parked, w)
	p.lock.Unlock()
	if timeout < 0 {
		<-w.wake
		p.lock.Lock()
		return false
	}
	select {
	case <-w.wake:
	case <-w.timer.C:
		over = true
	}
	p.lock.Lock()
	if over && w.woken {
		<-w.wake // both at once: the packet that it was woken for is looked for all the same
	}
	if !w.woken {
		p.unpark(w)
	}
	return over
}

func (p *port) unpark(w *waiter) {
	for i, x := range p.parked {
		if x == w {
			p.parked = append(p.parked[:i], p.parked[i+1:]...)
			return
		}
	}
}

func (p *port) borrow(timeout time.Duration) *waiter {
	var w *waiter
	if last := len(p.spare) - 1; last >= 0 {
		w, p.spare = p.spare[last], p.spare[:last]
	} else {
		w = &waiter{wake: make(chan struct{}, 1)}
	}
	switch {
	case timeout < 0:
	case w.timer == nil:
		w.timer = time.NewTimer(timeout)
	default:
		w.timer.Reset(timeout)
	}
	return w
}

func (p *port) giveBack(w *waiter) {
	if w == nil {
		return
	}
	if w.timer != nil {
		w.timer.Stop() // and nothing is received from it afterwards (Go 1.23)
	}
	p.spare = append(p.spare, w)
}

// Associate ties s to the port. Operations that were started before are begun now.
func (p *port) Associate(sock spec.Socket, key uint64) spec.Status {
	s, is := sock.(*socket)
	if !is || s == nil || s.b != p.b {
		return spec.Is(spec.Invalid)
	}
	p.lock.Lock()
	closed := p.closed
	p.lock.Unlock()
	if closed {
		return spec.Is(spec.Closed)
	}
	return s.joinPort(p, key)
}

// Close ends every Wait.
func (p *port) Close() spec.Status {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.closed {
		return spec.Is(spec.Closed)
	}
	p.closed = true
	p.packets = packetQueue{}
	for len(p.parked) > 0 {
		p.wake()
	}
	return ok
}

// packetQueue is a FIFO queue in a ring that grows and never shrinks.
type packetQueue struct {
	ring []spec.Packet // length a power of two
	head int
	n    int
}

func (q *packetQueue) put(pkt spec.Packet) {
	if q.n == len(q.ring) {
		ring := make([]spec.Packet, max(16, 2*len(q.ring)))
		for i := range q.n {
			ring[i] = q.ring[(q.head+i)&(len(q.ring)-1)]
		}
		q.ring, q.head = ring, 0
	}
	q.ring[(q.head+q.n)&(len(q.ring)-1)] = pkt
	q.n++
}

// take moves up to len(dst) packets to dst.
func (q *packetQueue) take(dst []spec.Packet) int {
	n := min(q.n, len(dst))
	for i := range n {
		pkt := &q.ring[q.head]
		dst[i] = *pkt
		pkt.Sock = nil // nothing to be kept alive by the ring
		q.head = (q.head + 1) & (len(q.ring) - 1)
	}
	q.n -= n
	return n
}
