//go:build linux

package uring

import (
	"net/netip"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/errno"
	"github.com/ioconform/ioconform/spec"
)

func (s *socket) startReceiveFrom(op *spec.Op) spec.Code {
	switch {
	case s.state != mailbox:
		return spec.Invalid // not bound, so nobody can send to it (RCV-39), or no datagram socket
	case s.receiveShut:
		return spec.Shut
	}
	s.receives = append(s.receives, op)
	return spec.OK
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

// receivedDatagram is told how the first receive has ended in the ring. What its buffer had no room for is lost, also where there is none (U74; RCV-35 has
// the same).
func (s *socket) receivedDatagram(res int) {
	op := s.receives[0]
	s.in.buf = nil
	pkt := spec.Packet{Size: -1}
	switch number := -res; {
	case res >= 0:
		pkt.N, pkt.Size, pkt.From = min(res, len(op.Buf)), res, s.in.from()
		if pkt.Size > pkt.N {
			pkt.Status = spec.Is(spec.Truncated)
		}
	case number == int(unix.ECANCELED) || number == int(unix.EINTR) || number == int(unix.EAGAIN) || number == int(unix.ECONNREFUSED):
		if !s.in.cancelled { // that nobody was where we sent to is no news of ours (E40)
			return
		}
		pkt.Status = spec.Is(spec.Aborted)
	default:
		pkt.Status = errno.Status(number)
	}
	s.receives.cut(op)
	s.deliver(op, pkt)
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

// sentDatagram is told how the first send has ended in the ring: whole or not at all (SND-13).
func (s *socket) sentDatagram(res int) {
	op, n, st := s.sends[0], 0, ok
	s.out.buf = nil
	switch number := -res; {
	case res >= 0:
		n = len(op.Buf)
	case number == int(unix.ECANCELED) || number == int(unix.EINTR) || number == int(unix.EAGAIN) || number == int(unix.ECONNREFUSED):
		if !s.out.cancelled {
			return
		}
		st = spec.Is(spec.Aborted)
	default:
		st = errno.Status(number)
	}
	s.sends.cut(op)
	s.complete(op, n, st)
}
