package model

import (
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

func (s *socket) startAccept(op *spec.Op) spec.Result {
	if !s.listening {
		return refuse(wsaInvalid)
	}
	if op.Into != nil {
		x, ok := op.Into.(*socket)
		switch {
		case !ok || x.closed:
			return refuse(wsaNotSock)
		case x.net != s.net || x.bound || x.connected || x.connecting || x.into != nil:
			return refuse(wsaInvalid)
		}
		x.into, x.intoOf = op, s
	}
	s.accepts = append(s.accepts, op)
	s.Changed(s.k, 0, 0)
	return spec.Result{How: spec.Pending}
}

// pumpAccepts gives waiting connections to the accepts that have none, in the order in which they were posted.
func (s *socket) pumpAccepts() {
	for i := 0; i < len(s.accepts); {
		op := s.accepts[i]
		if s.holder(op) != nil {
			i++
			continue
		}
		k, e := s.k.Accept()
		if e != simnet.OK {
			return
		}
		var x *socket
		if op.Into != nil {
			x = op.Into.(*socket)
			x.into, x.intoOf = nil, nil
			x.k.Unwatch(x)
			x.k.Close()
			x.adopt(k)
		} else {
			x = s.b.socket(s.net, k)
		}
		x.connected, x.needsContext = true, true
		x.via, x.viaOp = s, op
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
	if x := s.holder(op); x != nil {
		x.via, x.viaOp = nil, nil
		x.closed = true
		x.k.Abort()
	} else if op.Into != nil {
		x := op.Into.(*socket)
		x.into, x.intoOf = nil, nil
	}
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
	s.via, s.viaOp = nil, nil
	l.accepts = without(l.accepts, op)
	k := spec.Packet{N: n, Status: st, Size: -1}
	if st.Ok() {
		k.Sock, k.From = s, s.k.Remote()
	}
	if l.b.bugs.has(AcceptKeyOfSocket) && s.port != nil {
		k.Key, k.Token = s.key, op.Token
		s.port.enqueue(k)
		return
	}
	s.needsContext = false // as a back end on Windows does before it hands the packet on (SO_UPDATE_ACCEPT_CONTEXT)
	l.deliver(op, k)
}
