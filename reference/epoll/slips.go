package epoll

import (
	"slices"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// What the planted bugs need that are about what a socket or a port must remember, or must do in one order and no other. None of it does anything unless
// its bug is switched on.

// slips is what a socket with such a bug knows beside what it should.
type slips struct {
	disarmed bool     // see bugArmedByStart
	broken   bool     // an error has been reported
	told     bool     // and a receive has been told
	sendTold bool     // and a send has been told
	ghost    *spec.Op // what is received next is written to its buffer as well; see bugCancelledFilled
	from     int      // behind so many bytes
}

// untried reports that a receive is not tried at its start.
func (s *socket) untried(op *spec.Op) bool {
	if s.disarmed {
		s.disarmed, s.readable = false, true
	}
	return s.b.bugs.has(bugZeroUntried) && len(op.Buf) == 0 ||
		s.b.bugs.has(bugWaitAllUntried) && op.Flags&spec.WaitAll != 0 ||
		s.b.bugs.has(bugResetToldOnce) && s.told
}

// unsent reports that a send is not tried at its start.
func (s *socket) unsent() bool { return s.b.bugs.has(bugSendToldOnce) && s.sendTold }

// passesOver reports that a receive does not get the bytes that were gathered before.
func (s *socket) passesOver(op *spec.Op) bool {
	return s.b.bugs.has(bugGatheredPassed) && op.Flags&spec.WaitAll == 0 && len(s.unread) < len(op.Buf) && s.readable
}

// none is the buffer of a receive without one.
func (s *socket) none() []byte {
	if s.b.bugs.has(bugZeroTakes) {
		return make([]byte, 1)
	}
	return nil
}

// received is told that op has been given n bytes. A receive that is done at its start is not among those that wait, the others are.
func (s *socket) received(op *spec.Op, n int) {
	wait, short := s.receives.len(), n < len(op.Buf)
	switch {
	case s.b.bugs.has(bugFullRead),
		s.b.bugs.has(bugEndBehindDone) && short && wait == 0 && !s.broken,
		s.b.bugs.has(bugEndBehindLast) && short && wait == 1,
		s.b.bugs.has(bugEndBetween) && short && wait > 1 && !s.broken,
		s.b.bugs.has(bugResetSwallowed) && short && wait > 0 && s.broken:
		s.readable = false
	}
	s.disarmed = s.b.bugs.has(bugArmedByStart) && !s.readable
	if s.ghost != nil {
		copy(s.ghost.Buf[s.from:], op.Buf[:n])
		s.ghost = nil
	}
	if s.b.bugs.has(bugFilledOn) && short && wait > 1 {
		s.ghost, s.from = op, n
	}
}

// deaf reports that the socket does not remember that there is something to receive.
func (s *socket) deaf() bool {
	return s.disarmed || s.b.bugs.has(bugUnaskedEdge) && s.receives.len() == 0
}

// noted is told what has been reported of a connection.
func (s *socket) noted(events uint32) {
	idle := s.receives.len() == 0
	if events&evErr != 0 {
		s.broken = true
		if s.b.bugs.has(bugUnaskedError) && idle {
			s.k.SocketError(s.fd)
		}
		if s.b.bugs.has(bugResetOverEnd) && s.ended {
			s.ended, s.readable = false, false
		}
	}
	if events&evRdHup != 0 {
		s.ended = s.ended || s.b.bugs.has(bugHangUpEnds)
		s.sendShut = s.sendShut || s.b.bugs.has(bugHalfClosed)
	}
	if s.b.bugs.has(bugAheadOverflows) && idle && events&evIn != 0 && s.state == connected {
		s.readAhead()
	}
}

// readAhead receives what nobody has asked for, and keeps the last of it.
func (s *socket) readAhead() {
	b := make([]byte, 4096)
	if n, errno := s.k.Recv(s.fd, b); errno == 0 && n > 0 {
		s.unread = append(s.unread, b[:n]...)
		s.unread = s.unread[max(0, len(s.unread)-1024):]
	}
}

// recv receives into the buffer that all sockets have, and copies from there.
func (s *socket) recv(fd int, b []byte) (n, errno int) {
	if !s.b.bugs.has(bugScratchShared) {
		return s.k.Recv(fd, b)
	}
	if len(s.b.scratch) < len(b) {
		s.b.scratch = make([]byte, len(b))
	}
	n, errno = s.k.Recv(fd, s.b.scratch[:len(b)])
	s.gap(bugScratchShared)
	copy(b, s.b.scratch[:max(n, 0)])
	return n, errno
}

// cutFirst takes a receive off the queue that is about to be served; putBack undoes that.
func (s *socket) cutFirst(op *spec.Op) {
	if s.b.bugs.has(bugCutFirst) {
		s.receives.cut(op)
		s.gap(bugCutFirst)
	}
}

func (s *socket) putBack(op *spec.Op) {
	if s.b.bugs.has(bugCutFirst) {
		s.receives.insert(0, waiting{op: op})
	}
}

// insert puts w at a place of the queue.
func (l *line) insert(at int, w waiting) { l.list = slices.Insert(l.list, l.head+at, w) }

// halfDuplex reports that sends wait for the receives.
func (s *socket) halfDuplex() bool { return s.b.bugs.has(bugHalfDuplex) && s.receives.len() > 0 }

// associateAgain is what a second association does, which is refused; it reports that it was not.
func (s *socket) associateAgain(p *port, key uint64) bool {
	outstanding := s.receives.len() + s.sends.len() + s.accepts.len()
	switch {
	case s.b.bugs.has(bugAgainIdle) && outstanding == 0:
		s.port, s.key = p, key
		return true
	case s.b.bugs.has(bugAgainRekeys) && outstanding == 0 && s.port == p:
		s.key = key
	case s.b.bugs.has(bugAgainCancels):
		s.abort(nil)
	case s.b.bugs.has(bugAgainUnwatches):
		s.port.unwatch(s.token, s.fd)
		s.token = 0
	}
	return false
}

// portOf is the port on which the key is in use already, or p.
func (b *Backend) portOf(key uint64, p *port) *port {
	b.lock.Lock()
	defer b.lock.Unlock()
	for _, x := range b.sockets {
		if x.port != nil && x.key == key {
			return x.port
		}
	}
	return p
}

// lastUnderKey is the socket that was associated last under the key of who.
func (p *port) lastUnderKey(who watched) watched {
	s, is := who.(*socket)
	if !is {
		return who
	}
	p.b.lock.Lock()
	defer p.b.lock.Unlock()
	for _, x := range p.b.sockets {
		if x.port == p && x.key == s.key && x.token != 0 {
			who = x
		}
	}
	return who
}

// enough reports whether what is queued is enough for a wait with so much time left.
func (p *port) enough(dst []spec.Packet, left time.Duration) bool {
	if p.b.bugs.has(bugBatchFull) && left != 0 {
		return p.packets.n >= len(dst)
	}
	return p.packets.n > 0
}

// outOfTime returns how many packets a wait brings that has run out of time: -1 if it says so instead, as it should.
func (p *port) outOfTime(dst []spec.Packet, timeout time.Duration) int {
	switch {
	case p.b.bugs.has(bugBatchFull) && p.packets.n > 0:
		return p.take(dst)
	case p.b.bugs.has(bugPollOk) && timeout == 0 && len(dst) > 1:
		return 0
	}
	return -1
}

// keepsQuiet reports that nobody is woken for the packets that a thread leaves behind.
func (p *port) keepsQuiet() bool {
	return p.b.bugs.has(bugNoPassOn) || p.b.bugs.has(bugPassOnOne) && p.packets.n > 1 || p.b.bugs.has(bugPassOnTwo) && p.packets.n == 1
}

// putInSteps finds the place of the packet, lets go of the lock, and fills it.
func (p *port) putInSteps(pkt spec.Packet) {
	q := &p.packets
	if q.n == len(q.ring) {
		q.grow()
	}
	at := q.head + q.n
	p.gap(bugPutInSteps)
	p.gap(bugPushInSteps)
	q.ring[at&(len(q.ring)-1)] = pkt
	q.n++
}

// queued reports whether a packet with the token is in the port.
func (p *port) queued(token uint64) bool {
	p.lock.Lock()
	defer p.lock.Unlock()
	q := &p.packets
	for i := range q.n {
		if q.ring[(q.head+i)&(len(q.ring)-1)].Token == token {
			return true
		}
	}
	return false
}

// newestFirst moves the packet that was queued last to the front.
func (q *packetQueue) newestFirst() {
	mask := len(q.ring) - 1
	last := q.ring[(q.head+q.n-1)&mask]
	for i := q.n - 1; i > 0; i-- {
		q.ring[(q.head+i)&mask] = q.ring[(q.head+i-1)&mask]
	}
	q.ring[q.head] = last
}
