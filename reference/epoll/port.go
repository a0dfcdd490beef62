package epoll

import (
	"time"

	"github.com/ioconform/ioconform/spec"
)

// port is a queue of packets, the threads that wait for them, and the interest list from which they
// learn that an operation may go on. One lock covers the three, because it is their combination that
// must never be wrong: see wait.go.
type port struct {
	b *Backend
	k Kernel

	lock    Lock
	packets packetQueue
	ep      int // epoll descriptor
	bell    int // eventfd, in ep, level-triggered: readable as long as rung

	inside   int  // threads between the start and the end of Wait
	sleeping int  // those of them in EpollWait
	rung     bool // the bell has been rung and not been silenced
	unlooked int  // waits in a row that were served from the queue without a look at the kernel
	closed   bool
	vain     bool          // the bell woke the thread that looked last; see bugVainOk
	timed    time.Duration // of the latest timed wait; see bugTimeInherited
	released bool          // ep and bell have been closed

	slots   []slot
	vacant  []uint32
	scratch *sighting // free ones
}

// open makes the descriptors.
func (p *port) open() (errno int) {
	if p.ep, errno = p.k.EpollCreate(); errno != 0 {
		return errno
	}
	if p.bell, errno = p.k.EventFD(); errno != 0 {
		p.k.Close(p.ep)
		return errno
	}
	if errno = p.k.EpollCtl(p.ep, ctlAdd, p.bell, evIn, bellToken); errno != 0 {
		p.k.Close(p.bell)
		p.k.Close(p.ep)
	}
	return errno
}

// Post queues a packet of the caller's own.
func (p *port) Post(key, token uint64, n int) spec.Status {
	if p.b.bugs.has(bugPostByKey) {
		p = p.b.portOf(key, p)
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.closed {
		return spec.Is(spec.Closed)
	}
	if p.b.bugs.has(bugWakesFirst) {
		p.wake()
		p.gap(bugWakesFirst)
		p.packets.put(spec.Packet{Key: key, Token: token, N: n, Size: -1})
		return ok
	}
	if pkt := (spec.Packet{Key: key, Token: token, N: n, Size: -1}); p.b.bugs.has(bugSamePosts) && p.packets.holds(pkt) {
		return ok
	} else if p.b.bugs.has(bugPutInSteps) {
		p.putInSteps(pkt)
	} else {
		p.packets.put(pkt)
	}
	if !p.b.bugs.has(bugLostWake) {
		p.wake()
	}
	return ok
}

// push queues the packet of an operation. A thread that is in Wait itself does not wake another: it
// takes what it can when it has seen to all its events, and wakes another for the rest. Packets for a
// closed port are lost, as they are on Windows (PORT-18).
func (p *port) push(pkt spec.Packet, inWait bool) {
	p.lock.Lock()
	if !p.closed {
		if p.b.bugs.has(bugPushInSteps) {
			p.putInSteps(pkt)
		} else {
			p.packets.put(pkt)
		}
		if !inWait {
			p.wake()
		}
	}
	p.lock.Unlock()
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

// Close ends every Wait. The bell stays rung, and being level-triggered wakes one thread after the
// other; the last one out closes the descriptors, for closing an epoll descriptor wakes nobody and
// leaves sleepers on a number that may mean something else by now (E51).
func (p *port) Close() spec.Status {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.closed {
		return spec.Is(spec.Closed)
	}
	p.closed = true
	p.shutWatched()
	p.packets = packetQueue{}
	if p.inside == 0 {
		p.release()
	} else if !p.rung {
		p.rung = true
		p.k.EventWrite(p.bell, 1)
	}
	return ok
}

func (p *port) release() {
	p.released = true
	p.k.Close(p.bell)
	p.k.Close(p.ep)
}

// packetQueue is a FIFO queue in a ring that grows and never shrinks.
type packetQueue struct {
	ring []spec.Packet // length a power of two
	head int
	n    int

	askew bool // see bugRingAskew
	torn  bool // see bugBatchAskew
}

func (q *packetQueue) put(pkt spec.Packet) {
	if q.n == len(q.ring) {
		q.grow()
	}
	q.ring[(q.head+q.n)&(len(q.ring)-1)] = pkt
	q.n++
}

func (q *packetQueue) grow() {
	ring := make([]spec.Packet, max(16, 2*len(q.ring)))
	if q.askew {
		copy(ring, q.ring)
		q.ring = ring
		return
	}
	for i := range q.n {
		ring[i] = q.ring[(q.head+i)&(len(q.ring)-1)]
	}
	q.ring, q.head = ring, 0
}

// take moves up to len(dst) packets to dst.
func (q *packetQueue) take(dst []spec.Packet) int {
	n := min(q.n, len(dst))
	end := len(q.ring) - q.head // of the ring's memory
	for i := range n {
		pkt := &q.ring[q.head]
		if i < end || !q.torn {
			dst[i] = *pkt
		}
		pkt.Sock = nil // nothing to be kept alive by the ring
		q.head = (q.head + 1) & (len(q.ring) - 1)
	}
	q.n -= n
	return n
}
