package model

import (
	"net/netip"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

func (s *socket) startAccept(op *spec.Op) spec.Result {
	if st := s.lacks(op.Arguments); !st.Ok() {
		return refuse(st)
	}
	if !s.listening {
		if s.b.bugs.has(AcceptAnywhere) {
			return spec.Result{How: spec.Pending}
		}
		return refuse(wsaInvalid)
	}
	if op.Into != nil {
		x, shut := first(op.Into)
		x.touch()
		switch {
		case shut:
			return refuse(wsaNotSock)
		case x.net != s.net || x.bound || x.connected || x.connecting || x.into != nil || x.again == spec.Connect || x.again != spec.NoVerb && s.b.bugs.has(ReuseRefused):
			return refuse(wsaInvalid)
		}
		x.into, x.intoOf = op, s
	}
	s.accepts = append(s.accepts, op)
	s.starting = op
	s.Changed(s.k, 0, 0)
	if refusedNow := s.starting == nil; refusedNow {
		return refuse(wsaReset)
	}
	s.starting = nil
	return spec.Result{How: spec.Pending}
}

// lacks tells what an accept is refused for whose arguments will not do (Wine ws2_32 tests, sock.c, test_AcceptEx).
func (s *socket) lacks(a *spec.AcceptArguments) spec.Status {
	switch {
	case a == nil:
		return stOK
	case a.Without == spec.WithoutOverlapped:
		return winParameter
	case a.Without == spec.WithoutListener || a.Without == spec.WithoutSocket:
		return wsaNotSock
	case a.Without == spec.WithoutBuffer || a.RemoteRoom == 0 && !s.b.bugs.has(RoomUnchecked):
		return wsaFault
	}
	return stOK
}

// cramped reports whether an accept has too little room for its own address. None at all is enough: it is not told then.
func (s *socket) cramped(a *spec.AcceptArguments) bool {
	need := 16 // of a sockaddr_in
	if s.net.Over6() {
		need = 28
	}
	return a != nil && a.LocalRoom > 0 && a.LocalRoom < need+15 && !s.b.bugs.has(RoomUnchecked)
}

// resetBeforehand deals with a connection that was reset while it waited. Windows hands it over, or fails the accept, in its packet or, where it has just
// been started, at once (Microsoft Learn, AcceptEx: WSAECONNRESET).
func (s *socket) resetBeforehand(op *spec.Op, k *simnet.Sock) bool {
	gone := simnet.ERR
	if s.b.bugs.has(AcceptDropsGone) {
		gone |= simnet.RDHUP
	}
	if k.Ready()&gone == 0 {
		return false
	}
	outcomes := 2
	if s.starting == op {
		outcomes = 3
	}
	what := s.b.world.Pick(simnet.KindData, outcomes)
	if what == 0 {
		return false
	}
	k.Close()
	s.accepts = without(s.accepts, op)
	if op.Into != nil {
		x := base(op.Into)
		x.touch()
		x.into, x.intoOf = nil, nil
	}
	switch {
	case what == 2:
		s.starting = nil
	case s.b.bugs.has(AcceptResetUntold):
		s.complete(op, 0, ntNotConnected)
	default:
		s.complete(op, 0, ntReset)
	}
	return true
}

// pumpAccepts gives waiting connections to the accepts that have none, in the order in which they were posted.
func (s *socket) pumpAccepts() {
	for i := 0; i < len(s.accepts); {
		op := s.accepts[i]
		if s.holder(op) != nil {
			i++
			continue
		}
		if i > 0 && op.Data == 0 && s.b.bugs.has(AcceptBehindSilent) {
			return
		}
		if s.cramped(op.Arguments) {
			if s.k.Ready()&simnet.IN == 0 {
				return
			}
			s.accepts = without(s.accepts, op)
			if op.Into != nil {
				x := base(op.Into)
				x.into, x.intoOf = nil, nil
			}
			s.complete(op, 0, ntTooSmall) // the client waits for the next accept
			continue
		}
		k, e := s.k.Accept()
		if e != simnet.OK {
			return
		}
		if s.resetBeforehand(op, k) {
			continue
		}
		var x *socket
		if op.Into != nil {
			x = base(op.Into)
			x.touch()
			x.into, x.intoOf = nil, nil
			x.k.Unwatch(x)
			x.k.Close()
			x.adopt(k)
		} else {
			x = s.b.socket(s.net, k)
		}
		x.connected, x.needsContext = true, true
		x.via, x.viaOp, x.acceptedBy, x.again = s, op, s, spec.NoVerb
		if op.Data > 0 && !s.b.bugs.has(AcceptIgnoresData) {
			x.pumpFirstBytes()
			if s.holder(op) != nil {
				i++
			}
			continue
		}
		x.accepted(0, stOK)
	}
}

// holder returns the socket in which an accept holds a connection that has sent nothing yet.
func (s *socket) holder(op *spec.Op) *socket {
	for _, x := range s.b.socks {
		if x.viaOp == op {
			return x
		}
	}
	return nil
}

// unhold resets the connection of an accept that ends without delivering it.
func (s *socket) unhold(op *spec.Op) {
	if k := s.letGo(op); k != nil {
		k.Abort()
	}
}

// letGo takes from an accept what it holds, and returns the connection, which is to be reset.
func (s *socket) letGo(op *spec.Op) (k *simnet.Sock) {
	if x := s.holder(op); x != nil {
		x.touch()
		k = x.k
		k.Unwatch(x)
		if x.via, x.viaOp = nil, nil; op.Into == nil {
			x.closed = true
			return k
		}
		if !s.b.bugs.has(HeldSocketTaken) {
			x.connected, x.needsContext, x.acceptedBy = false, false, nil // the program's own socket is as it was before
		}
		x.adopt(s.b.sock(x.net))
	} else if op.Into != nil && !s.b.bugs.has(AcceptKeepsSocket) {
		x := base(op.Into)
		x.touch()
		x.into, x.intoOf = nil, nil
	}
	return k
}

// pumpFirstBytes completes the accept that waits for the first bytes of this connection.
func (s *socket) pumpFirstBytes() {
	op := s.viaOp
	if op == nil {
		return
	}
	n, e := s.k.Recv(op.Buf[:min(op.Data, len(op.Buf))])
	switch e {
	case simnet.EAGAIN:
	case simnet.OK:
		s.accepted(n, stOK)
	default:
		s.reset = true
		s.accepted(0, ntReset)
	}
}

// accepted completes the accept that brought this connection.
func (s *socket) accepted(n int, st spec.Status) {
	l, op := s.via, s.viaOp
	l.touch()
	s.via, s.viaOp = nil, nil
	l.accepts = without(l.accepts, op)
	if l.b.bugs.has(AcceptCounts) && op.Data == 0 {
		n = 2 * (16 + 16) // room for both, as AcceptEx wants it
	}
	k := spec.Packet{N: n, Status: st, Size: -1}
	if st.Ok() {
		k.Sock, k.From = s, s.k.Met()
		if l.b.bugs.has(AcceptNamesLast) && op.Data > 0 && l.last.IsValid() {
			k.From = l.last
		}
		l.last = s.k.Met()
	}
	if l.b.bugs.has(ClientUntold) && op.Into != nil {
		k.From = netip.AddrPort{}
	}
	if l.b.bugs.has(AcceptKeyOfSocket) && s.port != nil {
		k.Key, k.Token = s.key, op.Token
		s.port.enqueue(k)
		return
	}
	s.needsContext = op.Flags&spec.NoContext != 0 // else told: as a back end on Windows does before it hands the packet on (SO_UPDATE_ACCEPT_CONTEXT)
	l.deliver(op, k)
}
