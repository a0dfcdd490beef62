package epoll

import "github.com/ioconform/ioconform/spec"

// What the planted bugs get wrong about sockets that are spared the packets of what is done at its start (SkipOnSuccess), and about how much there can be of
// something. None of it does anything unless its bug is switched on.

// spared reports that an operation that was pending has no packet, as if it had been done at its start.
func (s *socket) spared(op *spec.Op, pkt *spec.Packet) bool {
	if !s.skip {
		return false
	}
	switch failed := !pkt.Status.Ok(); op.Kind {
	case spec.Receive:
		return s.inWait && (failed && s.b.bugs.has(bugSparesResets) || !failed && pkt.N == 0 && s.b.bugs.has(bugSparesEnds))
	case spec.ReceiveFrom:
		return s.inWait && failed && s.b.bugs.has(bugSparesCut)
	case spec.Send:
		return s.inWait && !failed && s.b.bugs.has(bugSparesSends)
	case spec.Connect:
		return !failed && s.b.bugs.has(bugSparesConnects)
	case spec.Accept:
		return !failed && s.b.bugs.has(bugSparesAccepts)
	}
	return false
}

// notSpared reports that an operation that was done at its start has its packet although the socket skips.
func (s *socket) notSpared(op *spec.Op, n int) bool {
	switch {
	case op.Kind == spec.SendTo:
		return s.b.bugs.has(bugTellsDatagrams)
	case n == 0 && s.b.bugs.has(bugTellsNothing):
		return true
	}
	return s.receives.len()+s.sends.len() > 0 && s.b.bugs.has(bugTellsBeside)
}

// fullTable reports that a port knows 64 descriptors, and takes no further one.
func (p *port) fullTable() bool {
	return len(p.vacant) == 0 && len(p.slots) >= 64 && p.b.bugs.has(bugTableOf64)
}

// putBy keeps a send that is cancelled while it waits behind another.
func (s *socket) putBy(op *spec.Op) {
	if op != nil && op.Kind == spec.Send && s.sends.len() > 1 && op != s.sends.first().op && s.b.bugs.has(bugCancelledGoesOut) {
		s.lapses.left = op.Buf
	}
}

// sendLeft sends what putBy has kept.
func (s *socket) sendLeft() {
	if len(s.lapses.left) > 0 && s.writable {
		s.k.Send(s.fd, s.lapses.left)
		s.lapses.left = nil
	}
}

// shutWatched shuts the connections down that a port watches which is closed.
func (p *port) shutWatched() {
	if !p.b.bugs.has(bugPortShuts) {
		return
	}
	for i := range p.slots {
		if s, is := p.slots[i].who.(*socket); is && s.state == connected {
			p.k.Shutdown(s.fd, 2)
		}
	}
}
