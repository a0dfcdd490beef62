//go:build linux

package uring

import (
	"net/netip"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/errno"
	"github.com/ioconform/ioconform/spec"
)

// startReceiveFrom tries at once if no other receive is before this one.
func (s *socket) startReceiveFrom(op *spec.Op) spec.Result {
	switch {
	case s.state != mailbox:
		return refusedAs(spec.Invalid) // not bound, so nobody can send to it (RCV-39), or no datagram socket
	case s.receiveShut:
		return refusedAs(spec.Shut)
	}
	if s.port != nil && len(s.receives) == 0 {
		s.in.opcode, s.in.buf = IORING_OP_RECVMSG, op.Buf
		s.in.roomForName()
		pkt, over := s.tookDatagram(op, s.in.now(s.fd, unix.MSG_TRUNC))
		s.in.buf = nil
		if over {
			return s.done(op, pkt)
		}
	}
	s.receives = append(s.receives, op)
	return s.begun()
}

// receiveNext puts the first receive into the ring. MSG_TRUNC makes the result the true length, also
// where the buffer has no room for it (recv(2), U38).
func (s *socket) receiveNext() {
	if len(s.receives) > 0 && !s.in.under() {
		s.in.opcode, s.in.fd, s.in.buf, s.in.flags = IORING_OP_RECVMSG, s.fd, s.receives[0].Buf, unix.MSG_TRUNC
		s.in.roomForName()
		s.b.submit(&s.in)
	}
}

// tookDatagram sorts what a receive for op has come to: the true length of a datagram, or a negative error number. What the buffer had no room for is lost,
// also where there is none (U74; RCV-35 has the same).
func (s *socket) tookDatagram(op *spec.Op, res int) (pkt spec.Packet, over bool) {
	switch {
	case res >= 0:
		pkt = spec.Packet{N: min(res, len(op.Buf)), Size: res, From: s.in.from()}
		if pkt.Size > pkt.N {
			pkt.Status = spec.Is(spec.Truncated)
		}
		return pkt, true
	case again(res) || res == -int(unix.ECONNREFUSED): // that nobody was where we sent to is no news of ours (E40)
		return pkt, false
	}
	return packet(0, errno.Status(-res)), true
}

// receivedDatagram is told how the first receive has ended in the ring.
func (s *socket) receivedDatagram(res int) {
	op := s.receives[0]
	s.in.buf = nil
	pkt, over := s.tookDatagram(op, res)
	if !over && s.in.cancelled {
		pkt, over = packet(0, spec.Is(spec.Aborted)), true
	}
	if over {
		s.receives.cut(op)
		s.deliver(op, pkt)
	}
}

// startSendTo gives an unbound socket an address, as sendto(2) would: but that is called by the ring, later, and who asks for the address (Local) has it
// from here on.
func (s *socket) startSendTo(op *spec.Op) spec.Result {
	switch {
	case !s.net.Datagrams():
		return refusedAs(spec.Invalid)
	case !s.addresses(op.To):
		return refused(s.wrongFamily(op.To))
	case s.sendShut:
		return refusedAs(spec.Shut)
	}
	if s.state == unconnected {
		any := netip.IPv4Unspecified()
		if s.net.Over6() {
			any = netip.IPv6Unspecified()
		}
		if err := s.openAt(netip.AddrPortFrom(any, 0)); err != nil {
			return refused(statusOf(err))
		}
		s.state = mailbox
	}
	if s.port != nil && len(s.sends) == 0 {
		s.out.opcode, s.out.buf = IORING_OP_SENDMSG, op.Buf
		s.out.setName(op.To)
		n, st, over := gaveDatagram(op, s.out.now(s.fd, unix.MSG_NOSIGNAL))
		s.out.buf = nil
		if over {
			return s.done(op, packet(n, st))
		}
	}
	s.sends = append(s.sends, op)
	return s.begun()
}

// sendNext puts the first send into the ring.
func (s *socket) sendNext() {
	if len(s.sends) > 0 && !s.out.under() {
		s.out.opcode, s.out.fd, s.out.buf, s.out.flags = IORING_OP_SENDMSG, s.fd, s.sends[0].Buf, unix.MSG_NOSIGNAL
		s.out.setName(s.sends[0].To)
		s.b.submit(&s.out)
	}
}

// gaveDatagram sorts what a send of op has come to: whole or not at all (SND-13).
func gaveDatagram(op *spec.Op, res int) (n int, st spec.Status, over bool) {
	switch {
	case res >= 0:
		return len(op.Buf), ok, true
	case again(res) || res == -int(unix.ECONNREFUSED):
		return 0, ok, false
	}
	return 0, errno.Status(-res), true
}

// sentDatagram is told how the first send has ended in the ring.
func (s *socket) sentDatagram(res int) {
	op := s.sends[0]
	s.out.buf = nil
	n, st, over := gaveDatagram(op, res)
	if !over && s.out.cancelled {
		st, over = spec.Is(spec.Aborted), true
	}
	if over {
		s.sends.cut(op)
		s.complete(op, n, st)
	}
}
