//go:build windows

package iocp

import (
	"errors"
	"net/netip"
	"slices"
	"sync"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// socket is a handle of an overlapped socket. The lock is held across every call that uses it, and by whoever ends a request of it, so that a start is done with its
// request before the packet is dealt with, however early that comes.
type socket struct {
	b   *Backend
	net spec.Network
	*file
	handle windows.Handle
	closed bool
	live   map[*spec.Op]*request // whose packet has not been dequeued
}

// file is what the handles of a socket have in common.
type file struct {
	mu   sync.Mutex // an accept's listener is locked before the socket accepted into, and both before the back end
	port *port
	key  uint64
	skip bool
	open []*socket // its handles
}

// with runs f with the handle, unless the socket is closed.
func (s *socket) with(f func(h windows.Handle) error) spec.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return notSocket
	}
	return statusOf(f(s.handle))
}

// Bind implements spec.Socket.
func (s *socket) Bind(a netip.AddrPort) spec.Status {
	return s.with(func(h windows.Handle) error { return windows.Bind(h, sockaddr(a)) })
}

// Listen implements spec.Socket.
func (s *socket) Listen(backlog int) spec.Status {
	return s.with(func(h windows.Handle) error { return windows.Listen(h, backlog) })
}

// Shutdown implements spec.Socket. A receive that is pending stays so (Wine ws2_32 tests, sock.c, test_shutdown).
func (s *socket) Shutdown(side spec.Side) spec.Status {
	how := map[spec.Side]int{spec.SideReceive: windows.SHUT_RD, spec.SideSend: windows.SHUT_WR, spec.SideBoth: windows.SHUT_RDWR}[side]
	return s.with(func(h windows.Handle) error { return windows.Shutdown(h, how) })
}

// SkipOnSuccess implements spec.Socket. The handle's own event, which nobody waits for, is left alone as well.
func (s *socket) SkipOnSuccess() spec.Status {
	return s.with(func(h windows.Handle) error {
		err := windows.SetFileCompletionNotificationModes(h, windows.FILE_SKIP_COMPLETION_PORT_ON_SUCCESS|windows.FILE_SKIP_SET_EVENT_ON_HANDLE)
		s.skip = s.skip || err == nil
		return err
	})
}

// Local implements spec.Socket.
func (s *socket) Local() (a netip.AddrPort, st spec.Status) {
	st = s.with(func(h windows.Handle) error {
		sa, err := windows.Getsockname(h)
		a = addrPort(sa, err)
		return err
	})
	return a, st
}

// Peer implements spec.Socket.
func (s *socket) Peer() (a netip.AddrPort, st spec.Status) {
	st = s.with(func(h windows.Handle) error {
		sa, err := windows.Getpeername(h)
		a = addrPort(sa, err)
		return err
	})
	return a, st
}

// Cancel implements spec.Socket. Windows compares addresses: that of a request whose packet has been dequeued may be another's by now, so it is given one that
// it cannot find instead.
func (s *socket) Cancel(op *spec.Op) spec.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return notSocket
	}
	what := &never
	if op == nil {
		what = nil
	} else if r := s.live[op]; r != nil {
		what = &r.overlapped
	}
	return statusOf(windows.CancelIoEx(s.handle, what))
}

// Close implements spec.Socket. Its requests stay until their packets have been dequeued (CLS-1).
func (s *socket) Close() spec.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return notSocket
	}
	s.closed = true
	s.open = slices.DeleteFunc(s.open, func(x *socket) bool { return x == s })
	s.b.mu.Lock()
	delete(s.b.sockets, s)
	s.b.mu.Unlock()
	return statusOf(windows.Closesocket(s.handle))
}

// Duplicate implements spec.Duplicator. A socket is duplicated for a process, and this one is as good as another (Microsoft Learn, WSADuplicateSocket). Port, key and
// mode belong to what both are handles of (KEY-8).
func (s *socket) Duplicate() (spec.Socket, spec.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, notSocket
	}
	var info windows.WSAProtocolInfo
	if err := windows.WSADuplicateSocket(s.handle, windows.GetCurrentProcessId(), &info); err != nil {
		return nil, statusOf(err)
	}
	h, err := windows.WSASocket(info.AddressFamily, info.SocketType, info.Protocol, &info, 0, windows.WSA_FLAG_OVERLAPPED|windows.WSA_FLAG_NO_HANDLE_INHERIT)
	if err != nil {
		return nil, statusOf(err)
	}
	d := &socket{b: s.b, net: s.net, file: s.file, handle: h, live: map[*spec.Op]*request{}}
	if !s.b.keep(func() { s.b.sockets[d] = struct{}{} }) {
		windows.Closesocket(h)
		return nil, notSocket
	}
	s.open = append(s.open, d)
	return d, ok
}

// over reports whether the last handle has been closed.
func (f *file) over() bool { return len(f.open) == 0 }

func (s *socket) isOver() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over()
}

// orphaned reports that no port will bring the packets of s.
func (s *socket) orphaned() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.port == nil || s.port.closed.Load()
}

// forget ends a request that brings no packet and is over.
func (s *socket) forget(r *request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.complete(0, spec.Is(spec.Aborted))
}

// pending reports whether an overlapped call says that it goes on.
func pending(err error) bool { return errors.Is(err, windows.ERROR_IO_PENDING) }
