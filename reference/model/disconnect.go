package model

import (
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// startDisconnect is DisconnectEx: the end of the sending direction, and of the whole connection where the socket is to be used again. It is never complete at once.
func (s *socket) startDisconnect(op *spec.Op) spec.Result {
	switch {
	case s.net.Datagrams() || !s.connected:
		return refuse(wsaNotConnected)
	case s.parting != nil:
		return refuse(wsaInvalid)
	case s.reset:
		return refuse(wsaReset)
	}
	s.b.letIn(DisconnectChecksFirst)
	s.parting, s.noSend, s.disconnected = op, true, true
	if s.b.bugs.has(DisconnectDropsQueued) && len(s.sends) > 1 {
		for _, x := range s.sends[1:] {
			s.complete(x, 0, ntCancelled)
		}
		s.sends = s.sends[:1]
	}
	s.pumping = true
	if s.b.bugs.has(DisconnectOvertakes) {
		s.k.Shutdown(false, true)
	}
	s.endSending()
	s.pumping = false
	s.parted()
	return spec.Result{How: spec.Pending}
}

// parted completes the disconnect once everything has been sent. A socket that is to be used again may have to wait until the far end has ended the
// connection as well, and longer (Microsoft Learn, DisconnectEx: TIME_WAIT).
func (s *socket) parted() {
	op := s.parting
	if op == nil || len(s.sends) > 0 || s.pumping { // while the connection tells of a change, it cannot be replaced
		return
	}
	if op.Flags&spec.Reuse == 0 {
		s.parting = nil
		s.complete(op, 0, stOK)
		return
	}
	if s.k.Ready()&(simnet.RDHUP|simnet.HUP|simnet.ERR) == 0 && s.b.world.Pick(simnet.KindData, 2) == 1 {
		return
	}
	s.parting = nil
	s.free()
	s.complete(op, 0, stOK)
}

// free gives the socket a new endpoint in the connection's place. Its association stays, and so does its address, unless it was accepted.
func (s *socket) free() {
	for _, op := range s.recvs {
		s.complete(op, 0, ntCancelled)
	}
	unread := s.unread
	if !s.b.bugs.has(FreedKeepsReceives) {
		s.recvs = nil
	}
	s.unread = nil
	a := s.k.Local()
	s.k.Unwatch(s)
	if s.b.bugs.has(ReuseKeepsUnread) {
		b := make([]byte, 256)
		n, _ := s.k.Recv(b)
		s.unread = append(unread, b[:max(n, 0)]...)
	}
	if !s.b.bugs.has(DisconnectUnheard) {
		s.k.Close()
	}
	s.again = spec.Connect
	shut := s.acceptedBy == nil && s.b.bugs.has(ReconnectedShut)
	if s.acceptedBy != nil {
		s.again = spec.Accept
	}
	s.connected, s.disconnected, s.needsContext, s.noReceive, s.noSend, s.reset, s.acceptedBy, s.sent = false, false, false, false, false, false, nil, 0
	s.noSend = shut
	s.skip = s.skip && !s.b.bugs.has(ReuseForgetsSkip)
	s.adopt(s.b.sock(s.net))
	if s.bound {
		s.k.Bind(a)
	}
}

// cancelDisconnect ends the disconnect if it is op, or if op is nil. What it has ended stays so.
func (s *socket) cancelDisconnect(op *spec.Op) {
	if s.parting == nil || op != nil && op != s.parting {
		return
	}
	op, s.parting = s.parting, nil
	s.complete(op, 0, ntCancelled)
}
