//go:build windows

package iocp

import (
	"syscall"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// connect starts a ConnectEx. The socket has to be bound (Microsoft Learn, ConnectEx); that is the program's business.
func (s *socket) connect(r *request) (n uint32, err error) {
	err = windows.ConnectEx(s.handle, sockaddr(r.op.To), r.buffer.Buf, r.buffer.Len, &n, &r.overlapped)
	return n, err
}

// connected finishes a connect, unless the program wants to do that itself: before that, names and shutdown do not work on the socket.
func (r *request) connected(k *spec.Packet) {
	if k.Status.Ok() && !r.sock.over() && r.op.Flags&spec.NoContext == 0 {
		updateConnectContext(r.sock.open[0].handle)
	}
}

// disconnect starts a DisconnectEx.
func (s *socket) disconnect(r *request) (uint32, error) {
	var flags uintptr
	if r.op.Flags&spec.Reuse != 0 {
		flags = windows.TF_REUSE_SOCKET
	}
	f, err := disconnectEx()
	if err != nil {
		return 0, err
	}
	if ok, _, e := syscall.SyscallN(f, uintptr(s.handle), r.address(), flags, 0); ok == 0 {
		return 0, e
	}
	return 0, nil
}
