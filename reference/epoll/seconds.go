package epoll

import (
	"net/netip"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// What those planted bugs need that are about the second of something, or what is done a second time. None of it does anything unless its bug is switched on.

// inherited is the time that a wait has.
func (p *port) inherited(timeout time.Duration) time.Duration {
	switch {
	case !p.b.bugs.has(bugTimeInherited):
	case timeout > 0:
		p.timed = timeout
	case timeout < 0 && p.timed > 0:
		return p.timed
	}
	return timeout
}

// holds reports whether a packet like pkt is in the queue.
func (q *packetQueue) holds(pkt spec.Packet) bool {
	for i := range q.n {
		if q.ring[(q.head+i)&(len(q.ring)-1)] == pkt {
			return true
		}
	}
	return false
}

// toldAllTheSame reports that what is done at its start has a packet although the socket skips.
func (s *socket) toldAllTheSame(op *spec.Op, n int) bool {
	return op.Kind == spec.Send && n > 4096 && s.b.bugs.has(bugSkipNotLarge) || op.Flags&spec.WaitAll != 0 && s.b.bugs.has(bugSkipNotAll)
}

// tableFull reports that one more operation beside those that wait has no room, and is forgotten.
func (s *socket) tableFull(l *line, mistake bug) bool { return l.len() >= 32 && s.b.bugs.has(mistake) }

// misled makes the mistakes with a cancel of op, or with nil of everything, after which there is nothing left to do.
func (s *socket) misled(op *spec.Op) bool {
	s.lapses.spares = op == nil && s.b.bugs.has(bugCancelSpares)
	switch {
	case op == nil && s.receives.len() > 32 && s.b.bugs.has(bugCancelAll32):
		for range 32 {
			s.complete(s.receives.cut(nil), 0, spec.Is(spec.Aborted))
		}
		return true
	case op != nil && s.b.bugs.has(bugCancelToken):
		x, other := s.b.withToken(s, op.Token)
		if other != nil {
			x.complete(x.receives.cut(other), 0, spec.Is(spec.Aborted))
		}
		return other != nil
	case s.sends.len() > 0 && s.sends.first().op == op && s.b.bugs.has(bugCancelShuts):
		s.sendShut = true
	}
	return false
}

// withToken finds the receive that has the token, on another socket than s.
func (b *Backend) withToken(s *socket, token uint64) (*socket, *spec.Op) {
	b.lock.Lock()
	defer b.lock.Unlock()
	for _, x := range b.sockets {
		for i := range x.receives.len() {
			if op := x.receives.list[x.receives.head+i].op; x != s && op.Token == token {
				return x, op
			}
		}
	}
	return nil, nil
}

// vacateTwice vacates the slot that the socket had when its connect was refused, at the second drop.
func (s *socket) vacateTwice() {
	switch {
	case !s.b.bugs.has(bugVacatedTwice):
	case s.fd >= 0:
		s.lapses.slot = s.token
	case s.port != nil && s.lapses.slot != 0:
		s.port.unwatch(s.lapses.slot, -1)
	}
}

// ofTheFirst is the address that the bug has of a far end: the first that there was.
func (b *Backend) ofTheFirst(bug bug, far netip.AddrPort) netip.AddrPort {
	if !b.bugs.has(bug) {
		return far
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	if b.first == none {
		b.first = far
	}
	return b.first
}

// named is what the socket says that its far end is called.
func (s *socket) named(far netip.AddrPort) netip.AddrPort {
	if s.net.Over6() && s.b.bugs.has(bugPeerOver6) {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), far.Port())
	}
	return far
}
