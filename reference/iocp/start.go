//go:build windows

package iocp

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

func refused(st spec.Status) spec.Result { return spec.Result{How: spec.RefusedAtStart, Status: st} }

// Start implements spec.Socket. What the call answers decides whether there will be a packet: nothing else does.
func (s *socket) Start(op *spec.Op) spec.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return refused(notSocket)
	}
	issue := s.issuer(op.Kind)
	if issue == nil {
		return refused(spec.Is(spec.Unsupported))
	}
	r := s.b.newRequest(s, op)
	s.live[op] = r
	n, err := uint32(0), r.tie()
	if err == nil {
		n, err = issue(r)
	}
	switch {
	case pending(err):
		return spec.Result{How: spec.Pending}
	case err == nil:
		return r.atOnce(n)
	case op.Kind == spec.ReceiveFrom && errors.Is(err, windows.WSAEMSGSIZE):
		// A warning and no error: the datagram was received, cut short, and a packet that says so follows (zio#733). Skipping is for success, so it follows on a socket
		// that skips as well; libuv trusts that so little that it goes round Winsock here (src/win/udp.c).
		return spec.Result{How: spec.Pending}
	}
	r.undo()
	r.refuse()
	st := statusOf(err)
	if s.net.Datagrams() && errors.Is(err, windows.WSAECONNRESET) {
		st.Code = spec.Unreachable // there is no connection: nobody was where an earlier datagram went (Microsoft Learn, WSARecvFrom)
	}
	return refused(st)
}

// atOnce is the answer for an operation that has succeeded already. Its packet follows all the same, unless the socket skips on success. Result has no place for an
// accepted socket, so an accept gets a packet in any case.
func (r *request) atOnce(n uint32) spec.Result {
	s := r.sock
	switch {
	case r.silent(): // no packet in any mode
	case r.op.Kind == spec.Accept:
		if s.skip && s.port != nil {
			postQueuedCompletionStatus(s.port.handle, n, uintptr(s.key), r.address())
		}
		return spec.Result{How: spec.Pending}
	case !s.skip:
		res := spec.Result{How: spec.Done, N: int(n), Size: -1}
		if r.op.Kind == spec.ReceiveFrom {
			res.From, res.Size = r.sender(), int(n)
		}
		return res
	}
	k := r.complete(int(n), ok)
	return spec.Result{How: spec.Done, N: k.N, From: k.From, Size: k.Size}
}

// undo takes back what a start has done before its call failed.
func (r *request) undo() {
	if r.made {
		r.into.Close()
	}
}

// issuer returns what makes the overlapped call for an operation of the kind, and returns the bytes transferred where it was complete at once. The
// count is asked for then only: of a call that goes on it means nothing.
func (s *socket) issuer(kind spec.Verb) func(*request) (uint32, error) {
	switch kind {
	case spec.Receive:
		return s.receive
	case spec.Send:
		return s.send
	case spec.ReceiveFrom:
		return s.receiveFrom
	case spec.SendTo:
		return s.sendTo
	case spec.Accept:
		return s.accept
	case spec.Connect:
		return s.connect
	case spec.Disconnect:
		return s.disconnect
	}
	return nil
}

func (s *socket) receive(r *request) (n uint32, err error) {
	if r.op.Flags&spec.WaitAll != 0 {
		r.flags = windows.MSG_WAITALL
	}
	err = windows.WSARecv(s.handle, &r.buffer, 1, &n, &r.flags, &r.overlapped, nil)
	return n, err
}

func (s *socket) send(r *request) (n uint32, err error) {
	err = windows.WSASend(s.handle, &r.buffer, 1, &n, 0, &r.overlapped, nil)
	return n, err
}

func (s *socket) receiveFrom(r *request) (n uint32, err error) {
	r.fromLength = int32(unsafe.Sizeof(r.from))
	err = windows.WSARecvFrom(s.handle, &r.buffer, 1, &n, &r.flags, &r.from, &r.fromLength, &r.overlapped, nil)
	return n, err
}

func (s *socket) sendTo(r *request) (n uint32, err error) {
	err = windows.WSASendto(s.handle, &r.buffer, 1, &n, 0, sockaddr(r.op.To), &r.overlapped, nil)
	return n, err
}
