//go:build windows

package iocp

import (
	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// connect starts a ConnectEx. The socket has to be bound (Microsoft Learn, ConnectEx); that is the program's business.
func (s *socket) connect(r *request) (n uint32, err error) {
	err = windows.ConnectEx(s.handle, sockaddr(r.op.To), r.buffer.Buf, r.buffer.Len, &n, &r.overlapped)
	return n, err
}

// connected finishes a connect: before that, names and shutdown do not work on the socket.
func (r *request) connected(k *spec.Packet) {
	if k.Status.Ok() && !r.sock.over() {
		windows.Setsockopt(r.sock.open[0].handle, windows.SOL_SOCKET, windows.SO_UPDATE_CONNECT_CONTEXT, nil, 0)
	}
}
