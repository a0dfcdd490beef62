package model

import "github.com/ioconform/ioconform/spec"

// UpdateContext implements spec.ContextUpdater: SO_UPDATE_ACCEPT_CONTEXT with the listener, SO_UPDATE_CONNECT_CONTEXT where that is nil. Before it, names and shutdown
// do not work on a socket; the operations that hand their sockets on without it say so (spec.NoContext).
func (s *socket) UpdateContext(listener spec.Socket) spec.Status {
	if d, further := listener.(*duplicate); further && !d.closed {
		listener = d.of
	}
	l, given := listener.(*socket)
	if given {
		l.touch()
	}
	switch {
	case s.shut():
		return wsaNotSock
	case !s.connected:
		return wsaNotConnected
	case !given && listener == nil && s.acceptedBy == nil:
	case !given || l.closed:
		return wsaNotSock
	case l != s.acceptedBy && !s.b.bugs.has(ContextFromAnybody):
		return wsaInvalid
	}
	s.needsContext = false
	return stOK
}
