package model

import (
	"net/netip"
	"slices"

	"github.com/ioconform/ioconform/spec"
)

// handles is what a socket knows of its handles. It is the first of them itself.
type handles struct {
	others  int        // further ones that are open
	gone    bool       // the first is closed, and the socket is not
	through *duplicate // the further one that a call is about to be made through
	by      *duplicate // the one that the call was made through at whose head we are
	skipBy  *duplicate // see SkipPerHandle
	shutBy  *duplicate // see ShutPerHandle
}

// shut is asked at the head of a call, before anybody else can run: has the handle been closed that it is made through? A further one has looked by itself.
func (s *socket) shut() bool {
	s.touch()
	h := &s.handles
	h.by, h.through = h.through, nil
	return s.closed || h.gone && h.by == nil
}

// leave closes the handle that was asked about, and reports whether another keeps the socket open.
func (s *socket) leave() bool {
	h := &s.handles
	open := h.others
	if !h.gone {
		open++
	}
	s.b.letIn(HandlesUnlocked)
	if open > 1 && s.b.bugs.has(CloseIgnoresDuplicates) {
		for _, op := range slices.Concat(s.recvs, s.sends, s.accepts) {
			s.drop(op)
			s.complete(op, 0, ntCancelled)
		}
	}
	if h.by != nil {
		h.others--
	} else {
		h.gone = true
	}
	return open > 1
}

// duplicate is a further handle of a socket.
type duplicate struct {
	of     *socket
	closed bool
}

var (
	_ spec.Duplicator     = (*socket)(nil)
	_ spec.Duplicator     = (*duplicate)(nil)
	_ spec.ContextUpdater = (*duplicate)(nil)
)

// Duplicate implements spec.Duplicator.
func (s *socket) Duplicate() (spec.Socket, spec.Status) {
	if s.shut() {
		return nil, wsaNotSock
	}
	if s.handles.by == nil || !s.b.bugs.has(ThirdHandle) {
		s.handles.others++
	}
	return &duplicate{of: s}, stOK
}

// first returns the socket that a handle is of, and whether the handle has been closed.
func first(x spec.Socket) (s *socket, shut bool) {
	if d, further := x.(*duplicate); further {
		return d.of, d.closed
	}
	s = x.(*socket)
	return s, s.shut()
}

// base returns the socket that a handle is of.
func base(x spec.Socket) *socket {
	if d, further := x.(*duplicate); further {
		return d.of
	}
	return x.(*socket)
}

// call makes a call of the socket's through d.
func (d *duplicate) call(f func(s *socket) spec.Status) spec.Status {
	if d.closed {
		return wsaNotSock
	}
	d.of.touch()
	d.of.handles.through = d
	return f(d.of)
}

// Start implements spec.Socket.
func (d *duplicate) Start(op *spec.Op) (res spec.Result) {
	if d.of.b.bugs.has(DuplicateKeyless) {
		d.of.keyless = append(d.of.keyless, op)
	}
	res = refuse(wsaNotSock)
	d.call(func(s *socket) spec.Status { res = s.Start(op); return stOK })
	return res
}

// Bind implements spec.Socket.
func (d *duplicate) Bind(a netip.AddrPort) spec.Status {
	return d.call(func(s *socket) spec.Status { return s.Bind(a) })
}

// Listen implements spec.Socket.
func (d *duplicate) Listen(backlog int) spec.Status {
	return d.call(func(s *socket) spec.Status { return s.Listen(backlog) })
}

// Cancel implements spec.Socket: it finds what was started through whatever handle.
func (d *duplicate) Cancel(op *spec.Op) spec.Status {
	return d.call(func(s *socket) spec.Status { return s.Cancel(op) })
}

// Shutdown implements spec.Socket.
func (d *duplicate) Shutdown(side spec.Side) spec.Status {
	return d.call(func(s *socket) spec.Status { return s.Shutdown(side) })
}

// SkipOnSuccess implements spec.Socket.
func (d *duplicate) SkipOnSuccess() spec.Status { return d.call((*socket).SkipOnSuccess) }

// Local implements spec.Socket.
func (d *duplicate) Local() (a netip.AddrPort, st spec.Status) {
	st = d.call(func(s *socket) (st spec.Status) { a, st = s.Local(); return st })
	return a, st
}

// Peer implements spec.Socket.
func (d *duplicate) Peer() (a netip.AddrPort, st spec.Status) {
	st = d.call(func(s *socket) (st spec.Status) { a, st = s.Peer(); return st })
	return a, st
}

// Duplicate implements spec.Duplicator.
func (d *duplicate) Duplicate() (x spec.Socket, st spec.Status) {
	st = d.call(func(s *socket) (st spec.Status) { x, st = s.Duplicate(); return st })
	return x, st
}

// UpdateContext implements spec.ContextUpdater.
func (d *duplicate) UpdateContext(listener spec.Socket) spec.Status {
	return d.call(func(s *socket) spec.Status { return s.UpdateContext(listener) })
}

// Close implements spec.Socket.
func (d *duplicate) Close() spec.Status {
	st := d.call((*socket).Close)
	d.closed = true
	return st
}
