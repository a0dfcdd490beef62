package epoll

import (
	"net/netip"

	"github.com/ioconform/ioconform/spec"
)

// What the planted bugs of sockets need to remember, and those of them that are more than a condition. None of it does anything unless its bug is switched on.

// lapses is what they remember of a socket.
type lapses struct {
	fd        int            // what it had when it was closed; see bugClosedTwice
	done      *spec.Op       // what was done at its start last
	spares    bool           // arrivals are not cancelled; see bugCancelSpares
	cancelled bool           // the next receive is to be ended as well; see bugCancelSticks
	to, only  netip.AddrPort // where the first datagram went, and whom alone it hears
	left      []byte         // a send that was cancelled; see bugCancelledGoesOut
	rest      *letter        // what there was no room for, or was received ahead
	answered  bool           // something has been sent; see bugAnsweredEnds
	slot      uint64         // that it had when its connect was refused; see bugVacatedTwice
}

// letter is a datagram, or the rest of one, that is kept.
type letter struct {
	bytes []byte
	from  netip.AddrPort
}

// unheard reports that an edge of the listener is not taken notice of, because no accept waits for it.
func (s *socket) unheard() bool {
	if s.accepts.len() > 0 {
		return false
	}
	if never := s.accepts.list == nil; never {
		return s.b.bugs.has(bugEdgeBeforeAccepts)
	}
	return s.b.bugs.has(bugEdgeAfterAccepts)
}

// acceptsOfBefore puts the accepts that there were in the place of those that there are.
func (s *socket) acceptsOfBefore() {
	if !s.b.bugs.has(bugAcceptsUnlocked) {
		return
	}
	before := line{list: append([]waiting(nil), s.accepts.list[s.accepts.head:]...)}
	s.gap(bugAcceptsUnlocked)
	s.accepts = before
}

// doneAt remembers what was done at its start.
func (s *socket) doneAt(op *spec.Op) {
	if s.b.bugs.has(bugCancelRewrites) || s.b.bugs.has(bugDoneCancels) {
		s.lapses.done = op
	}
}

// told is the error that a connect ends in.
func (s *socket) connectError(errno int) int {
	if !s.b.bugs.has(bugErrorSticks) {
		return errno
	}
	before := s.b.told
	if s.b.told = errno; errno == 0 {
		return before
	}
	return errno
}

// cancelSlips answers a cancel of op, or with nil of everything, wrongly. found tells whether there was anything to cancel.
func (s *socket) cancelSlips(op *spec.Op, found bool) (st spec.Status, slipped bool) {
	switch {
	case op == nil:
		s.lapses.cancelled = found && s.b.bugs.has(bugCancelSticks)
		there := s.receives.list != nil || s.sends.list != nil
		return ok, !found && there && s.b.bugs.has(bugCancelNonNil)
	case found || op != s.lapses.done:
		return ok, false
	case s.b.bugs.has(bugCancelRewrites):
		return ok, s.port != nil && s.port.rewrite(op.Token)
	}
	return ok, s.b.bugs.has(bugDoneCancels)
}

// rewrite makes an aborted one of a packet that is queued.
func (p *port) rewrite(token uint64) bool {
	p.lock.Lock()
	defer p.lock.Unlock()
	q := &p.packets
	for i := range q.n {
		if pkt := &q.ring[(q.head+i)&(len(q.ring)-1)]; pkt.Token == token {
			pkt.Status, pkt.N = spec.Is(spec.Aborted), 0
			return true
		}
	}
	return false
}

// receiveDatagram is RecvFrom, but for what a socket does not hear, and for what is kept of a datagram that is too long.
func (s *socket) receiveDatagram(b []byte) (n, size int, from netip.AddrPort, errno int) {
	all := b
	if s.b.bugs.has(bugMailRest) && !s.inWait {
		all = make([]byte, 1<<16)
	}
	for {
		n, size, from, errno = s.k.RecvFrom(s.fd, all)
		if errno != 0 || !s.lapses.only.IsValid() || from == s.lapses.only {
			break
		}
	}
	if errno == 0 && len(all) > len(b) {
		if n = copy(b, all[:n]); n < size {
			s.lapses.rest = &letter{all[n:size], from}
		}
	}
	return n, size, from, errno
}

// left hands out what was kept of a datagram that was too long.
func (s *socket) left(op *spec.Op) (pkt spec.Packet, over bool) {
	if s.lapses.rest == nil || !s.b.bugs.has(bugMailRest) {
		return pkt, false
	}
	return s.unfold(op), true
}

// readAhead receives a datagram that nobody waits for.
func (s *socket) mailAhead() {
	if !s.b.bugs.has(bugMailAhead) || s.receives.len() > 0 || s.lapses.rest != nil {
		return
	}
	b := make([]byte, 1<<16)
	if n, _, from, errno := s.k.RecvFrom(s.fd, b); errno == 0 {
		s.lapses.rest = &letter{b[:n], from}
	}
}

// ahead hands out what was received ahead.
func (s *socket) ahead(op *spec.Op) (pkt spec.Packet, over bool) {
	if s.lapses.rest == nil || !s.b.bugs.has(bugMailAhead) {
		return pkt, false
	}
	return s.unfold(op), true
}

// unfold is the packet of op with what is kept.
func (s *socket) unfold(op *spec.Op) spec.Packet {
	x := s.lapses.rest
	s.lapses.rest = nil
	return spec.Packet{Key: s.key, N: copy(op.Buf, x.bytes), From: x.from, Size: len(x.bytes)}
}

// destination is where a datagram goes.
func (s *socket) destination(op *spec.Op) netip.AddrPort {
	if !s.b.bugs.has(bugMailToFirst) {
		return op.To
	}
	if !s.lapses.to.IsValid() {
		s.lapses.to = op.To
	}
	return s.lapses.to
}
