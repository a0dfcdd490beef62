//go:build windows

package iocp

import (
	"net/netip"
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// request is an operation in flight. Windows knows it by the address of its OVERLAPPED, and writes to all of it until the packet has been dequeued.
type request struct {
	overlapped windows.Overlapped
	op         *spec.Op
	sock       *socket
	pins       runtime.Pinner
	refused    bool // its call failed

	buffer     windows.WSABuf
	flags      uint32                 // of a receive: in and out
	from       windows.RawSockaddrAny // receive-from: written at the completion (OVL-25), so it lives here and not on a stack
	fromLength int32

	into *socket // accept: the socket to accept into
	made bool    // by us, for this accept
	room []byte  // accept: first bytes, then the two addresses
}

// newRequest makes a request and keeps it, and the buffer, where they are.
func (b *Backend) newRequest(s *socket, op *spec.Op) *request {
	r := &request{op: op, sock: s}
	r.pins.Pin(r)
	if len(op.Buf) > 0 {
		r.pins.Pin(&op.Buf[0])
		r.buffer = windows.WSABuf{Len: uint32(len(op.Buf)), Buf: &op.Buf[0]}
	}
	b.mu.Lock()
	b.requests[r.address()] = r
	b.mu.Unlock()
	return r
}

// address is what Windows calls the request.
func (r *request) address() uintptr { return uintptr(unsafe.Pointer(&r.overlapped)) }

// over lets go of a request that Windows knows no more. The socket's lock is held.
func (r *request) over() {
	delete(r.sock.live, r.op)
	b := r.sock.b
	b.mu.Lock()
	delete(b.requests, r.address())
	b.mu.Unlock()
	r.pins.Unpin()
}

// refuse lets go of a request whose call failed, but not at once: Windows writes nothing to it any more, and where another system does, or queues a packet for it, that
// is to be seen as what it is. The socket's lock is held.
func (r *request) refuse() {
	delete(r.sock.live, r.op)
	b := r.sock.b
	b.mu.Lock()
	defer b.mu.Unlock()
	at := b.nRefused % len(b.refused)
	if old := b.refused[at]; old != nil {
		delete(b.requests, old.address())
		old.pins.Unpin()
	}
	b.refused[at] = r
	b.nRefused++
	r.refused = true
}

// packet makes a packet of what was dequeued: a request's, or one that was posted.
func (b *Backend) packet(e entry) spec.Packet {
	b.mu.Lock()
	r := b.requests[e.overlapped]
	b.mu.Unlock()
	if r == nil {
		return spec.Packet{Key: uint64(e.key), Token: uint64(e.overlapped), N: int(e.bytes), Size: -1}
	}
	s := r.sock
	s.mu.Lock()
	defer s.mu.Unlock()
	// The status is the low half of Internal; the entry has a copy, whose high half is anything.
	k := r.complete(int(e.bytes), spec.WindowsStatus(spec.NTStatus, uint32(r.overlapped.Internal)))
	k.Key = uint64(e.key)
	return k
}

// complete ends a request and says what it came to. The socket's lock is held.
func (r *request) complete(n int, st spec.Status) spec.Packet {
	defer r.over()
	k := spec.Packet{Token: r.op.Token, N: n, Status: r.whoEnded(st), Size: -1}
	switch r.op.Kind {
	case spec.Accept:
		r.accepted(&k)
	case spec.Connect:
		r.connected(&k)
	case spec.ReceiveFrom:
		if k.Status.Ok() {
			k.Size = n
		}
		if k.Status.Ok() || k.Status.Code == spec.Truncated {
			k.From = r.sender()
		}
	}
	return k
}

// whoEnded tells a connection that we closed from one that the far end did away with: of a receive that was pending at closesocket Windows says that the connection was
// aborted, or cut on this side, rather than that the receive was cancelled (Wine ws2_32 tests, sock.c, iocp_async_read_closesocket); Wine 8.0 says
// that the handles are closed. The number is kept, and judged by CLS-7.
func (r *request) whoEnded(st spec.Status) spec.Status {
	if r.sock.over() || r.into != nil && r.into.isOver() {
		switch st.Native {
		case statusConnectionAborted, statusLocalDisconnect, statusHandlesClosed:
			st.Code = spec.Aborted
		}
	}
	return st
}

// sender is where a datagram came from.
func (r *request) sender() netip.AddrPort {
	if r.fromLength == 0 {
		return netip.AddrPort{}
	}
	return addrPort(r.from.Sockaddr())
}
