//go:build windows

package iocp

import (
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// nameRoom is what AcceptEx wants for an address: the largest of the protocol, and 16 bytes (Microsoft Learn, AcceptEx).
const nameRoom = uint32(unsafe.Sizeof(windows.RawSockaddrInet6{})) + 16

func (s *socket) accept(r *request) (n uint32, err error) {
	if r.op.Into != nil {
		x, mine := r.op.Into.(*socket)
		if !mine || x.file == s.file {
			return 0, windows.WSAEINVAL
		}
		x.mu.Lock()
		defer x.mu.Unlock()
		if x.closed {
			return 0, windows.WSAENOTSOCK
		}
		r.into = x
	} else {
		if r.into, err = s.b.newSocket(s.net); err != nil {
			return 0, err
		}
		r.made = true
	}
	data := min(r.op.Data, len(r.op.Buf))
	r.room = make([]byte, data+2*int(nameRoom))
	if a := r.op.Arguments; a != nil {
		return s.acceptWith(r, a, uint32(data))
	}
	r.pins.Pin(&r.room[0])
	err = windows.AcceptEx(s.handle, r.into.handle, &r.room[0], uint32(data), nameRoom, nameRoom, &n, &r.overlapped)
	return n, err
}

// acceptWith accepts with arguments that are not as they should be. What AcceptEx says of them is what the program wants to know.
func (s *socket) acceptWith(r *request, a *spec.AcceptArguments, data uint32) (n uint32, err error) {
	room := func(asked int) uint32 {
		if asked == spec.RoomEnough {
			return nameRoom
		}
		return uint32(asked)
	}
	local, remote := room(a.LocalRoom), room(a.RemoteRoom)
	r.room = make([]byte, data+max(local, nameRoom)+max(remote, nameRoom))
	r.pins.Pin(&r.room[0])
	listener, into, buffer, overlapped := s.handle, r.into.handle, &r.room[0], &r.overlapped
	switch a.Without {
	case spec.WithoutBuffer:
		buffer = nil
	case spec.WithoutOverlapped:
		overlapped = nil
	case spec.WithoutListener:
		listener = windows.InvalidHandle
	case spec.WithoutSocket:
		into = windows.InvalidHandle
	}
	err = windows.AcceptEx(listener, into, buffer, data, local, remote, &n, overlapped)
	return n, err
}

// accepted finishes an accept. The accepted socket learns which listener it came from, unless the program wants to do that itself: before that, names and
// shutdown do not work on it (Microsoft Learn, AcceptEx, Remarks). The packet carries the listener's key; the accepted socket has no port yet (KEY-2, ACC-6).
func (r *request) accepted(k *spec.Packet) {
	if !k.Status.Ok() {
		r.undo()
		return
	}
	data := min(r.op.Data, len(r.op.Buf))
	copy(r.op.Buf, r.room[:min(k.N, data)])
	k.Sock = r.into
	if r.op.Arguments == nil { // else where the addresses are is not as usual
		var local, remote *windows.RawSockaddrAny
		var localLength, remoteLength int32
		windows.GetAcceptExSockaddrs(&r.room[0], uint32(data), nameRoom, nameRoom, &local, &localLength, &remote, &remoteLength)
		k.From = addrPort(remote.Sockaddr())
	}
	if r.op.Flags&spec.NoContext == 0 && !r.sock.over() {
		listener := r.sock.open[0].handle // it may have been started through one that is closed
		r.into.with(func(h windows.Handle) error { return updateAcceptContext(h, listener) })
	}
	if r.op.Arguments != nil {
		k.From, _ = r.into.Peer()
	}
}
