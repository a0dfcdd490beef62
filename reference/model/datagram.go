package model

import (
	"net/netip"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

func (s *socket) startReceiveFrom(op *spec.Op) spec.Result {
	switch {
	case !s.net.Datagrams() || !s.bound && !s.b.bugs.has(UnboundReceivePends):
		return refuse(wsaInvalid) // nobody can send to it (Wine ws2_32 tests, afd.c, test_recv)
	case s.noReceive:
		return refuse(wsaShutdown)
	case len(s.recvs) == 0 && s.nobody && !s.b.bugs.has(ToldPendingOnly):
		s.nobody = false
		if s.b.bugs.has(UnreachableTakes) {
			s.k.RecvFrom(nil)
		}
		return refuse(wsaNobody)
	}
	s.recvs = append(s.recvs, op)
	if len(s.recvs) > 1 || s.dead {
		return spec.Result{How: spec.Pending}
	}
	k, e := s.takeDatagram(op)
	if e == simnet.EAGAIN {
		return spec.Result{How: spec.Pending}
	}
	s.recvs = s.recvs[:0]
	if k.Status.Code == spec.Truncated && s.b.bugs.has(TruncationTwice) {
		s.deliver(op, k)
		return refuse(wsaTooLong)
	}
	// Windows may call it pending as well. What is no plain success always has its packet (zio#733).
	pending := s.b.world.Pick(simnet.KindData, 2) == 1 || !k.Status.Ok()
	if pending || !s.skip || s.b.bugs.has(SkipIgnored) {
		s.deliver(op, k)
	}
	if pending {
		return spec.Result{How: spec.Pending}
	}
	if s.b.bugs.has(DoneSenderUntold) {
		k.From = netip.AddrPort{}
	}
	return spec.Result{How: spec.Done, N: k.N, From: k.From, Size: k.Size}
}

// takeDatagram receives one datagram for op. The size of one that is cut short is not told, here as on Windows; nor is a receive without a buffer a way to
// ask whether there is one: it takes the datagram (RCV-35).
func (s *socket) takeDatagram(op *spec.Op) (spec.Packet, simnet.Errno) {
	if len(op.Buf) == 0 && s.b.bugs.has(EmptyReceiveLeaves) {
		if s.k.Available() == 0 {
			return spec.Packet{}, simnet.EAGAIN
		}
		return spec.Packet{Status: ntOverflow, Size: -1}, simnet.OK
	}
	n, size, from, e := s.k.RecvFrom(op.Buf)
	if s.ghost && e == simnet.OK {
		s.ghost = false
		n, size, from, e = s.k.RecvFrom(op.Buf)
	}
	if e == simnet.OK && from == s.k.Local() && s.b.bugs.has(OwnDatagramDropped) {
		n, size, from, e = s.k.RecvFrom(op.Buf)
	}
	if e != simnet.OK {
		return spec.Packet{}, simnet.EAGAIN
	}
	k := spec.Packet{N: n, From: from, Size: size}
	if size > n {
		k.Status, k.Size = ntOverflow, -1
	}
	return k, simnet.OK
}

func (s *socket) pumpDatagrams() {
	for len(s.recvs) > 0 && !s.dead {
		to := s.served()
		k, e := s.takeDatagram(to.recvs[0])
		if e != simnet.OK {
			break
		}
		op := to.recvs[0]
		to.recvs = rest(to.recvs)
		if s.b.bugs.has(SenderUntold) {
			k.From = netip.AddrPort{}
		}
		to.deliver(op, k)
	}
	for len(s.sends) > 0 {
		op := s.sends[0]
		st, e := s.sendDatagram(op)
		if e == simnet.EAGAIN {
			return
		}
		s.sends = rest(s.sends)
		s.complete(op, sent(op, st), st)
		s.tellNobody()
	}
}

// served is the socket whose first receive a datagram to s goes to: s itself, but for OneQueueOfReceives.
func (s *socket) served() *socket {
	if s.b.bugs.has(OneQueueOfReceives) {
		for _, x := range s.b.socks {
			if x.port == s.port && x.net == s.net && len(x.recvs) > 0 {
				x.touch()
				return x
			}
		}
	}
	return s
}

// handTo hands a datagram to the receive that waits for it on another socket of the back end. See OwnDatagramTwice.
func (s *socket) handTo(op *spec.Op) {
	for _, x := range s.b.socks {
		if x != s && x.bound && x.net.Datagrams() && x.k.Local() == op.To && len(x.recvs) > 0 {
			x.touch()
			to := x.recvs[0]
			x.recvs = rest(x.recvs)
			x.deliver(to, spec.Packet{N: copy(to.Buf, op.Buf), From: s.k.Local(), Size: len(op.Buf)})
		}
	}
}

// tellNobody ends the first receive that is pending if nobody was where a datagram went to.
func (s *socket) tellNobody() {
	if s.nobody && len(s.recvs) > 0 && !s.b.bugs.has(ToldLaterOnly) {
		s.nobody = false
		s.dead = s.dead || s.b.bugs.has(ToldIsDead)
		op := s.recvs[0]
		s.recvs = rest(s.recvs)
		s.complete(op, 0, ntNobody)
	}
}

func (s *socket) startSendTo(op *spec.Op) spec.Result {
	switch {
	case !s.net.Datagrams():
		return refuse(wsaInvalid)
	case s.noSend:
		return refuse(wsaShutdown)
	case len(op.Buf) > s.k.MaxDatagram(): // whatever waits before it
		return refuse(wsaTooLong)
	}
	s.sends = append(s.sends, op)
	if len(s.sends) > 1 {
		return spec.Result{How: spec.Pending}
	}
	st, e := s.sendDatagram(op)
	if e == simnet.EAGAIN {
		return spec.Result{How: spec.Pending}
	}
	s.sends = s.sends[:0]
	s.tellNobody()
	if !st.Ok() {
		return refuse(st)
	}
	return s.done(op, len(op.Buf))
}

// sendDatagram hands op to the network, whole or not at all.
func (s *socket) sendDatagram(op *spec.Op) (spec.Status, simnet.Errno) {
	if s.b.bugs.has(OwnDatagramTwice) {
		s.handTo(op)
	}
	_, e := s.k.SendTo(op.Buf, op.To)
	switch e {
	case simnet.EAGAIN:
		return stOK, e
	case simnet.OK:
		s.bound = true
		s.listenForEcho(op.To)
		return stOK, e
	}
	return wsaFault, e
}

func sent(op *spec.Op, st spec.Status) int {
	if st.Ok() {
		return len(op.Buf)
	}
	return 0
}

// listenForEcho finds out whether somebody is at an address. The simulated network tells only sockets that are connected, as Linux does; Windows tells all of
// them (RCV-36). That an address can be bound means that nobody has it.
func (s *socket) listenForEcho(to netip.AddrPort) {
	probe := s.b.sock(s.net)
	if probe.Bind(to) == simnet.OK && !s.b.bugs.has(UnreachableSwallowed) {
		s.nobody = true
		for _, x := range s.b.socks {
			x.nobody = x.nobody || x.net.Datagrams() && s.b.bugs.has(UnreachableElsewhere)
		}
		if s.b.bugs.has(UnreachableKills) {
			s.dead = true
		}
	}
	probe.Close()
}
