//go:build windows

package iocp

import (
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// UpdateContext implements spec.ContextUpdater: it tells the socket the listener that its connection came from, or, where that is nil, that it has connected.
func (s *socket) UpdateContext(listener spec.Socket) spec.Status {
	if listener == nil {
		return s.with(updateConnectContext)
	}
	l, mine := listener.(*socket)
	if !mine {
		return notSocket
	}
	from := windows.InvalidHandle
	l.with(func(h windows.Handle) error { from = h; return nil })
	return s.with(func(h windows.Handle) error { return updateAcceptContext(h, from) })
}

func updateAcceptContext(accepted, listener windows.Handle) error {
	return windows.Setsockopt(accepted, windows.SOL_SOCKET, windows.SO_UPDATE_ACCEPT_CONTEXT, (*byte)(unsafe.Pointer(&listener)), int32(unsafe.Sizeof(listener)))
}

func updateConnectContext(connected windows.Handle) error {
	return windows.Setsockopt(connected, windows.SOL_SOCKET, windows.SO_UPDATE_CONNECT_CONTEXT, nil, 0)
}
