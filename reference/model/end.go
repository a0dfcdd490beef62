package model

import (
	"slices"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Cancel implements spec.Socket. An ok means that the cancel was requested of something that was pending; what completes while that goes on its way
// completes as it would have (Microsoft Learn, CancelIoEx: one of three ways). That is left to the world: something may happen in between.
func (s *socket) Cancel(op *spec.Op) spec.Status {
	if s.shut() {
		return wsaNotSock
	}
	found := s.pending(op)
	recvs := s.asTheyAre(CancelLooksFirst, s.recvs)
	sends, parting := s.asTheyAre(CancelLooksAtSends, s.sends), s.parting
	if found {
		s.b.world.Step()
		s.touch()
		if s.closed {
			return stOK
		}
	}
	if s.b.bugs.has(CancelLooksFirst) {
		s.recvs = recvs
	}
	if s.b.bugs.has(CancelLooksAtSends) {
		s.sends = sends
	}
	if s.b.bugs.has(CancelLooksAtDisconnect) {
		s.parting = parting
	}
	s.b.quiet = s.b.bugs.has(CancelQuiet)
	defer s.b.aloud()
	s.cancelDisconnect(op)
	take := func(list []*spec.Op) []*spec.Op {
		keep := list[:0]
		for _, x := range list {
			if op != nil && x != op || op == nil && s.anothers(x) {
				keep = append(keep, x)
				continue
			}
			if x.Kind == spec.Accept {
				s.unhold(x)
			}
			if s.b.bugs.has(CancelForgets) && x.Kind == spec.Send {
				continue
			}
			if s.b.bugs.has(DatagramForgotten) && x.Kind == spec.ReceiveFrom {
				s.ghost = true
			}
			n := 0
			if s.b.bugs.has(CancelCounts) && x.Kind == spec.Receive {
				n = len(x.Buf)
			}
			s.complete(x, n, ntCancelled)
			if s.b.bugs.has(CancelAllSiblings) {
				op = nil
			}
		}
		return keep
	}
	first := len(s.sends) > 0 && (op == nil || op == s.sends[0])
	s.recvs, s.sends, s.accepts = take(s.recvs), take(s.sends), take(s.accepts)
	if first && !s.b.bugs.has(CancelKeepsCount) {
		s.sent = 0
	}
	if c := s.connect; c != nil && (op == nil || op == c) {
		s.connect = nil
		s.complete(c, 0, ntCancelled)
	}
	s.skip = s.skip && !(found && s.b.bugs.has(CancelForgetsSkip))
	if found {
		s.Changed(s.k, s.k.Ready(), 0)
		return stOK
	}
	if s.b.bugs.has(CancelLate) && op != nil && s.port != nil {
		s.port.touch()
		for _, k := range s.port.queue {
			if k.Token == op.Token {
				s.complete(op, 0, ntCancelled)
				return stOK
			}
		}
	}
	if s.b.bugs.has(NotFoundUnmapped) {
		return spec.Status{Code: spec.NotFound, Space: spec.NTStatus, Native: 0xC0000225}
	}
	return winNotFound
}

// pending reports whether op, or with nil anything, has not completed.
func (s *socket) pending(op *spec.Op) bool {
	if op == nil && s.b.bugs.has(AllButAccepts) {
		return len(s.recvs)+len(s.sends) > len(s.accepts)
	}
	if op == nil {
		return len(s.recvs)+len(s.sends)+len(s.accepts) > 0 || s.connect != nil || s.parting != nil
	}
	return s.connect == op || s.parting == op || slices.Contains(s.recvs, op) || slices.Contains(s.sends, op) || slices.Contains(s.accepts, op)
}

// ended is what an operation that is outstanding when its socket is closed ends in. Microsoft documents one status (closesocket); of connections two others have been
// seen (Wine ws2_32 tests, sock.c, iocp_async_read_closesocket; cppalliance/corosio#98).
func (s *socket) ended(op *spec.Op) spec.Status {
	if s.b.bugs.has(CloseSaysHandle) {
		return ntHandlesClosed
	}
	if op.Kind != spec.Receive && op.Kind != spec.Send {
		return ntCancelled
	}
	return [...]spec.Status{ntCancelled, ntConnectionAborted, ntLocalDisconnect}[s.b.world.Pick(simnet.KindData, 3)]
}

// Close implements spec.Socket: every outstanding operation is aborted, each with its packet.
func (s *socket) Close() spec.Status {
	if s.shut() {
		return wsaNotSock
	}
	if s.leave() {
		return stOK
	}
	recvs := s.asTheyAre(CloseListsFirst, s.recvs)
	if s.b.letIn(CloseListsFirst) {
		s.touch()
		s.recvs = recvs
	}
	accepts := s.asTheyAre(CloseListsAccepts, s.accepts)
	if s.b.letIn(CloseListsAccepts) {
		s.accepts = accepts
	}
	parting := s.parting
	if s.b.letIn(CloseListsDisconnect) {
		s.parting = parting
	}
	s.closed = true
	s.b.quiet = s.b.bugs.has(CloseQuiet)
	defer s.b.aloud()
	if s.b.bugs.has(CloseDrains) && len(s.recvs) > 0 {
		s.drain = s.recvs[0]
	}
	received := len(s.recvs) > 0
	abort := func(list []*spec.Op) {
		for _, op := range list {
			if op.Kind == spec.Accept {
				s.unhold(op)
			}
			s.complete(op, 0, s.ended(op))
		}
	}
	if s.b.bugs.has(CloseRewrites) {
		s.rewrite()
	}
	if s.gathers = s.b.bugs.has(CloseLetsGather) && received && len(s.unread) > 0; s.gathers {
		return stOK
	}
	abort(s.recvs)
	if s.lingers = s.b.bugs.has(CloseLingers) && len(s.sends) > 0; s.lingers {
		s.recvs = nil
		return stOK
	}
	if !s.b.bugs.has(CloseForgetsSends) {
		abort(s.sends)
	}
	if !s.b.bugs.has(CloseForgetsAccepts) {
		abort(s.accepts)
	}
	if s.connect != nil {
		s.complete(s.connect, 0, ntCancelled)
	}
	if !s.b.bugs.has(ClosedStaysTied) {
		s.recvs, s.sends, s.accepts, s.connect = s.recvs[:0], s.sends[:0], s.accepts[:0], nil
	}
	s.cancelDisconnect(nil)
	if op := s.viaOp; op != nil { // an accept that waits for our first bytes
		s.via.touch()
		s.via.accepts = without(s.via.accepts, op)
		st := ntCancelled
		if s.b.world.Pick(simnet.KindData, 2) == 1 {
			st = ntConnectionAborted // either (Wine ws2_32 tests, sock.c, test_completion_port)
		}
		s.via.complete(op, 0, st)
		s.via, s.viaOp = nil, nil
	} else if op := s.into; op != nil { // an accept that would use this socket
		s.intoOf.touch()
		s.intoOf.accepts = without(s.intoOf.accepts, op)
		if s.b.bugs.has(AcceptingSocketSays) {
			s.intoOf.complete(op, 0, ntLocalDisconnect)
		} else {
			s.intoOf.complete(op, 0, ntCancelled)
		}
		s.into, s.intoOf = nil, nil
	}
	if s.drain != nil {
		s.k.Shutdown(false, true)
		return stOK
	}
	if s.b.bugs.has(CloseKeepsConnection) || s.b.bugs.has(CloseHeldByReceive) && received || s.b.bugs.has(CloseWaitsForUnread) && s.k.Available() > 0 {
		s.k.Unwatch(s)
		return stOK
	}
	if s.b.bugs.has(CloseResets) && s.connected {
		s.k.Abort()
		return stOK
	}
	s.k.Close()
	return stOK
}

// rewrite makes failures of the successes that the port still has. See CloseRewrites.
func (s *socket) rewrite() {
	if s.port == nil {
		return
	}
	s.port.touch()
	for i := range s.port.queue {
		if k := &s.port.queue[i]; k.Key == s.key && k.Sock == nil && k.Status.Ok() {
			k.Status = ntCancelled
		}
	}
}

// asTheyAre copies operations for a bug that goes by them later.
func (s *socket) asTheyAre(x bug, list []*spec.Op) []*spec.Op {
	if !s.b.bugs.has(x) {
		return nil
	}
	return slices.Clone(list)
}

// without takes op out of the list, in place: its room is used again, by the next run as well.
func without(list []*spec.Op, op *spec.Op) []*spec.Op {
	for i, x := range list {
		if x == op {
			return append(list[:i], list[i+1:]...)
		}
	}
	return list
}

// rest takes the first out, likewise.
func rest(list []*spec.Op) []*spec.Op { return append(list[:0], list[1:]...) }
