package epoll

import (
	"net/netip"

	"github.com/ioconform/ioconform/spec"
)

// becomeMailbox is what a datagram socket is as soon as it has a descriptor. An unconnected one is never hung up, so it can be watched at once.
func (s *socket) becomeMailbox() spec.Status {
	if st := s.watch(); !st.Ok() {
		return st
	}
	s.state, s.readable, s.writable = mailbox, true, true
	return ok
}

// startReceiveFrom tries at once if no other receive is before this one.
func (s *socket) startReceiveFrom(op *spec.Op) spec.Result {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch {
	case s.state == closed:
		return refusedAs(spec.Closed)
	case s.state != mailbox:
		return refusedAs(spec.Invalid) // not bound, so nobody can send to it (RCV-39), or no datagram socket
	case s.receiveShut:
		return refusedAs(spec.Shut)
	}
	if s.tableFull(&s.receives, bugMails32) {
		return pending
	}
	if s.port == nil || s.receives.len() > 0 {
		s.receives.add(op, 0)
		return pending
	}
	pkt, over := s.takeDatagram(op)
	if over && s.b.bugs.has(bugMailEmpties) {
		s.readable = false
	}
	if !over {
		s.gap(bugDatagramQueuedLate)
		s.receives.add(op, 0)
		return pending
	}
	if st := pkt.Status; !st.Ok() && st.Code != spec.Truncated {
		return refused(st)
	}
	if !s.skip {
		s.deliver(op, pkt)
	}
	if s.b.bugs.has(bugDoneAnonymous) {
		pkt.From = none
	}
	return spec.Result{How: spec.Done, N: pkt.N, Status: pkt.Status, From: pkt.From, Size: pkt.Size}
}

// sort moves on everything that can be, as advance does for connections. One datagram is not the end of them: there is no edge for the second if the
// first was not taken, so receiving goes on until the kernel says that it has none.
func (s *socket) sort() {
	for s.receives.len() > 0 {
		op := s.receives.first().op
		if s.b.bugs.has(bugMailLIFO) {
			op = s.receives.last().op
		}
		pkt, over := s.takeDatagram(op)
		if !over {
			break
		}
		if s.b.bugs.has(bugMailTwice) {
			if op = s.handOut(&pkt); op == nil {
				break
			}
		}
		s.receives.cut(op)
		s.deliver(op, pkt)
		s.ended = s.ended || pkt.N == 0 && len(op.Buf) > 0 && s.b.bugs.has(bugMailEnds)
	}
	s.mailAhead()
	for s.sends.len() > 0 {
		op := s.sends.first().op
		if s.b.bugs.has(bugMailToLast) {
			op.To = s.sends.last().op.To
		}
		st, over := s.sendDatagram(op)
		if !over {
			break
		}
		s.sends.cut(op)
		s.complete(op, sentBytes(op, st), st)
	}
}

// takeDatagram receives one datagram for op; over tells that op is complete. What the buffer has no room for is lost, also where there is no buffer
// (E42; RCV-35 has the same).
func (s *socket) takeDatagram(op *spec.Op) (pkt spec.Packet, over bool) {
	if s.ended { // see bugMailEnds
		return spec.Packet{Key: s.key}, true
	}
	if pkt, over = s.left(op); over {
		return pkt, true
	}
	for s.readable {
		n, size, from, errno := s.receiveDatagram(op.Buf)
		switch {
		case errno == eINTR || errno == eCONNREFUSED: // that nobody was where we sent to is no news of ours (E40)
			continue
		case errno == eAGAIN:
			s.readable = false
			continue
		case errno != 0:
			return spec.Packet{Key: s.key, Status: statusOf(errno), Size: -1}, true
		}
		pkt = spec.Packet{Key: s.key, N: n, From: from, Size: size}
		if size > n {
			pkt.Status = spec.Is(spec.Truncated)
		}
		if s.spoil(op, &pkt) {
			continue
		}
		return pkt, true
	}
	return s.ahead(op)
}

// startSendTo tries at once if no other send is before this one. An unbound socket gets an address with its first datagram.
func (s *socket) startSendTo(op *spec.Op) spec.Result {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch {
	case s.state == closed:
		return refusedAs(spec.Closed)
	case !s.net.Datagrams():
		return refusedAs(spec.Invalid)
	case !s.addresses(op.To):
		return refused(s.wrongFamily(op.To))
	case s.sendShut:
		return refusedAs(spec.Shut)
	}
	if s.state == unconnected {
		if s.b.bugs.has(bugMailHearsOne) {
			s.lapses.only = op.To
		}
		if errno := s.open(); errno != 0 {
			return refused(statusOf(errno))
		}
		if st := s.becomeMailbox(); !st.Ok() {
			return refused(st)
		}
	}
	if s.port == nil || s.sends.len() > 0 {
		s.sends.add(op, 0)
		return pending
	}
	st, over := s.sendDatagram(op)
	if !over {
		s.sends.add(op, 0)
		return pending
	}
	return s.done(op, sentBytes(op, st), st)
}

// sendDatagram hands op to the kernel, whole or not at all (SND-13).
func (s *socket) sendDatagram(op *spec.Op) (st spec.Status, over bool) {
	for s.writable {
		_, errno := s.k.SendTo(s.fd, op.Buf, s.destination(op))
		switch errno {
		case eINTR, eCONNREFUSED:
		case eAGAIN:
			s.writable = false
			if s.b.bugs.has(bugNoRoomIsSent) {
				return ok, true
			}
		default:
			return statusOf(errno), true
		}
	}
	return ok, false
}

func sentBytes(op *spec.Op, st spec.Status) int {
	if st.Ok() {
		return len(op.Buf)
	}
	return 0
}

// mail is what the mistakes below need to remember.
type mail struct {
	from netip.AddrPort
	held []byte
	pkt  spec.Packet
}

// spoil makes the mistakes with datagrams that are switched on; true asks for another datagram.
func (s *socket) spoil(op *spec.Op, pkt *spec.Packet) bool {
	if s.b.bugs.has(bugMailHidden) {
		pkt.Status = ok
	}
	if s.inWait && s.b.bugs.has(bugMailAnonymous) {
		pkt.From = none
	}
	if s.b.bugs.has(bugMailSize) {
		pkt.Size = pkt.N
	}
	if s.b.bugs.has(bugMailEmpty) && pkt.Size == 0 {
		return true
	}
	if s.b.bugs.has(bugMailMerge) && pkt.N > 0 && pkt.N < len(op.Buf) {
		if n, _, _, errno := s.k.RecvFrom(s.fd, op.Buf[pkt.N:]); errno == 0 {
			pkt.N += n
			pkt.Size = pkt.N
		}
	}
	if s.b.bugs.has(bugMailFrom) {
		if s.mail.from.IsValid() {
			s.mail.from, pkt.From = pkt.From, s.mail.from
		} else {
			s.mail.from = pkt.From
		}
	}
	return false
}

// handOut puts a datagram down and lets go of the lock before it is handed to whoever is first.
func (s *socket) handOut(pkt *spec.Packet) *spec.Op {
	s.mail.held = append(s.mail.held[:0], s.receives.first().op.Buf[:pkt.N]...)
	s.mail.pkt = *pkt
	s.lock.Unlock()
	s.lock.Lock()
	if s.state != mailbox || s.receives.len() == 0 {
		return nil
	}
	op := s.receives.first().op
	*pkt = s.mail.pkt
	pkt.N = copy(op.Buf, s.mail.held)
	return op
}
