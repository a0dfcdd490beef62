package model

import (
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Changed is called by the network whenever the socket has become ready for something: whatever can complete now, does.
func (s *socket) Changed(_ *simnet.Sock, ready, _ simnet.Ready) {
	s.touch()
	if s.pumping {
		return
	}
	if s.lingers {
		s.pumping = true // what ends here may tell of a change again
		s.pumpSends()
		s.pumping = false
		if len(s.sends) == 0 {
			s.lingers = false
			s.k.Close()
		}
	}
	if s.drain != nil && ready&simnet.IN != 0 {
		s.k.Recv(s.drain.Buf)
	}
	if s.gathers {
		if s.pumpReceives(); len(s.recvs) == 0 {
			s.gathers = false
			s.k.Close()
		}
	}
	if s.closed {
		return
	}
	s.pumping = true
	switch {
	case s.net.Datagrams():
		s.pumpDatagrams()
	case s.listening:
		s.pumpAccepts()
	case s.connecting:
		s.pumpConnect(ready)
	default:
		s.pumpFirstBytes()
		s.b.quiet = s.b.bugs.has(ArrivalQuiet)
		s.pumpReceives()
		s.b.aloud()
		s.pumpSends()
	}
	s.pumping = false
	s.parted()
}

// receive tries to fill the buffer of op. A receive of no bytes waits for something to receive, and leaves it.
func (s *socket) receive(op *spec.Op) (int, simnet.Errno) {
	if op.Flags&spec.WaitAll != 0 {
		if e := s.gather(len(op.Buf)); e != simnet.OK {
			return 0, e
		}
	}
	if len(s.unread) > 0 {
		n := copy(op.Buf, s.unread)
		s.unread = s.unread[n:]
		return n, simnet.OK
	}
	if len(op.Buf) > 0 {
		return s.k.Recv(op.Buf)
	}
	var one [1]byte
	if s.b.bugs.has(ZeroReceiveAtOnce) {
		return 0, simnet.OK
	}
	_, e := s.k.Peek(one[:])
	return 0, e
}

// gather collects bytes for a receive that waits for all of want. They wait in the socket, so that a cancel loses none; the end of the
// stream ends the waiting.
func (s *socket) gather(want int) simnet.Errno {
	for len(s.unread) < want {
		b := make([]byte, want-len(s.unread))
		n, e := s.k.Recv(b)
		if e != simnet.OK || n == 0 {
			return e
		}
		s.unread = append(s.unread, b[:n]...)
	}
	return simnet.OK
}

func (s *socket) pumpReceives() {
	for len(s.recvs) > 0 {
		op := s.recvs[0]
		n, e := s.receive(op)
		switch e {
		case simnet.EAGAIN:
			return
		case simnet.OK:
			s.recvs = rest(s.recvs)
			if n == 0 && s.b.bugs.has(EndSwallowed) && len(op.Buf) > 0 {
				continue
			}
			s.complete(op, n, stOK)
		default:
			s.fail()
			return
		}
	}
}

// fail ends everything on a connection that was reset: each operation is told (Wine ws2_32 tests, sock.c, test_tcp_reset).
func (s *socket) fail() {
	s.reset = true
	for _, list := range [...][]*spec.Op{s.recvs, s.sends} {
		for i, op := range list {
			if s.b.bugs.has(ResetStrands) && i > 0 && op.Kind == spec.Receive {
				continue
			}
			if s.b.bugs.has(ResetOnce) && i > 0 {
				s.complete(op, 0, stOK)
				continue
			}
			if s.b.bugs.has(ResetUnmapped) {
				s.complete(op, 0, spec.Status{Code: spec.Reset, Space: spec.Win32, Native: 64})
				continue
			}
			s.complete(op, 0, ntReset)
		}
	}
	s.recvs, s.sends = s.recvs[:0], s.sends[:0]
	if op := s.parting; op != nil {
		s.parting = nil
		s.complete(op, 0, ntReset)
	}
}

// transmit hands the rest of op, the first of the sends, to the connection.
func (s *socket) transmit(op *spec.Op) simnet.Errno {
	b := op.Buf
	if op.Kind == spec.Connect {
		b = s.greeting
	}
	for s.sent < len(b) {
		n, e := s.k.Send(b[s.sent:])
		if e != simnet.OK {
			return e
		}
		s.sent += n
	}
	return simnet.OK
}

func (s *socket) pumpSends() {
	for len(s.sends) > 0 {
		op := s.sends[0]
		switch s.transmit(op) {
		case simnet.EAGAIN:
			if s.b.bugs.has(ShortSend) && s.sent > 0 {
				s.sends = rest(s.sends)
				s.complete(op, s.sent, stOK)
				s.sent = 0
			}
			return
		case simnet.OK:
			s.sends, s.sent = rest(s.sends), 0
			s.complete(op, len(op.Buf), stOK)
		default:
			s.fail()
			return
		}
	}
	s.endSending()
}

func (s *socket) pumpConnect(ready simnet.Ready) {
	if ready&(simnet.OUT|simnet.ERR|simnet.HUP) == 0 {
		return
	}
	op := s.connect
	s.connecting, s.connect = false, nil
	st := stOK
	e := s.k.Error()
	if s.b.dials++; s.b.dials > 16 && s.b.bugs.has(ConnectTable) {
		e = simnet.ECONNREFUSED
	}
	switch e {
	case simnet.OK:
		s.connected = true
		s.needsContext = op != nil && op.Flags&spec.NoContext != 0
	case simnet.ETIMEDOUT:
		st = ntTimeout
	default:
		st = ntRefused
	}
	s.again = spec.NoVerb
	if !s.connected { // it may be connected again (Microsoft Learn, ConnectEx), from the same address
		a := s.k.Local()
		s.k.Unwatch(s)
		s.k.Close()
		s.adopt(s.b.sock(s.net))
		s.k.Bind(a)
		s.refused = true
	}
	switch {
	case op == nil:
	case s.connected && len(s.greeting) > 0 && !s.b.bugs.has(ConnectDataForgotten):
		s.sends, s.sent = []*spec.Op{op}, 0
		s.pumpSends()
	case !s.connected && s.b.bugs.has(RefusedCounts):
		s.complete(op, len(op.Buf), st)
	default:
		s.complete(op, 0, st)
	}
}
