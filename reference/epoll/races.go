package epoll

import (
	"time"

	"github.com/ioconform/ioconform/spec"
)

// What the planted bugs need that are about the moment. Most of them let go of a lock for a moment where it must be held, which is what gap does;
// the others are one function each. None of it does anything unless its bug is switched on.

// gap lets go of the socket's lock for a moment if the bug is planted, and reports whether it is.
func (s *socket) gap(x bug) bool {
	if !s.b.bugs.has(x) {
		return false
	}
	s.lock.Unlock()
	s.lock.Lock()
	return true
}

// gap is the same for the port's lock.
func (p *port) gap(x bug) bool {
	if !p.b.bugs.has(x) {
		return false
	}
	p.lock.Unlock()
	p.lock.Lock()
	return true
}

// late reports that a wait has run out of time and looks no further.
func (p *port) late(timeout, end time.Duration) bool {
	return p.b.bugs.has(bugTimeoutFirst) && timeout > 0 && p.k.Now() >= end
}

// takeUnlocked takes packets from a copy of the queue and puts the copy in the queue's place.
func (p *port) takeUnlocked(dst []spec.Packet) int {
	q := p.packets
	n := q.take(dst)
	p.gap(bugTakenUnlocked)
	p.packets = q
	if p.packets.n > 0 {
		p.wake()
	}
	return n
}

// outstanding reports whether a receive or a send waits in the socket.
func (s *socket) outstanding(op *spec.Op) bool {
	for _, l := range [...]*line{&s.receives, &s.sends} {
		for _, w := range l.list[l.head:] {
			if w.op == op {
				return true
			}
		}
	}
	return false
}

// lookedAt reports that op was outstanding a moment ago.
func (s *socket) lookedAt(op *spec.Op) bool {
	if !s.b.bugs.has(bugCancelLooks) || !s.outstanding(op) {
		return false
	}
	return s.gap(bugCancelLooks)
}

// closeListed ends what was outstanding a moment ago.
func (s *socket) closeListed() {
	if !s.b.bugs.has(bugCloseListed) {
		return
	}
	var victims []*spec.Op
	for _, l := range [...]*line{&s.receives, &s.sends} {
		for _, w := range l.list[l.head:] {
			victims = append(victims, w.op)
		}
	}
	s.gap(bugCloseListed)
	for _, op := range victims {
		s.receives.cut(op)
		s.sends.cut(op)
		s.complete(op, 0, spec.Is(spec.Aborted))
	}
}

// acceptThenQueue takes a connection for op if there is one, lets go of the lock, and only then queues op.
func (s *socket) acceptThenQueue(op *spec.Op) {
	fd, from, errno := s.k.Accept(s.fd)
	if errno == 0 && op.Data == 0 {
		s.finishAccept(op, fd, from, 0)
		return
	}
	if errno == 0 {
		s.awaitFirst(op, fd, from)
		return
	}
	s.gap(bugAcceptQueuedLate)
	s.accepts.add(op, 0)
}

// connectNoted says that the socket is connecting, a step after the kernel has been told.
func (s *socket) connectNoted() {
	if !s.b.bugs.has(bugConnectNoted) {
		return
	}
	s.state = unconnected
	if s.gap(bugConnectNoted); s.state == unconnected {
		s.state = connecting
	}
}

// gatherUnlocked receives bytes, lets go of the lock, and puts them behind the others.
func (s *socket) gatherUnlocked(want int) {
	b := make([]byte, want-len(s.unread))
	b = b[:s.read(b)]
	s.gap(bugGathers)
	s.unread = append(s.unread, b...)
}

// queueThenTry queues a receive, lets go of the lock, and tries it.
func (s *socket) queueThenTry(op *spec.Op) spec.Result {
	s.receives.add(op, 0)
	s.gap(bugQueuedTried)
	n, st, over := s.receive(op)
	if !over {
		return pending
	}
	s.receives.cut(op)
	return s.done(op, n, st)
}

// queueThenSend queues a send, lets go of the lock, and sends what it can.
func (s *socket) queueThenSend(op *spec.Op) spec.Result {
	s.sends.add(op, 0)
	s.gap(bugSendQueuedTried)
	n, st, over := s.send(op, 0)
	if !over {
		if s.sends.len() > 0 && s.sends.first().op == op {
			s.sends.first().sent = n
		}
		return pending
	}
	s.sends.cut(op)
	return s.done(op, n, st)
}
