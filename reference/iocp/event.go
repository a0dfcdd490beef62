//go:build windows

package iocp

import (
	"sync/atomic"
	"time"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// event is a manual-reset event.
type event struct {
	b      *Backend
	handle windows.Handle
}

// Event implements spec.Signaler.
func (b *Backend) Event() (spec.Signal, spec.Status) {
	h, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		return nil, statusOf(err)
	}
	if !b.keep(func() { b.events = append(b.events, h) }) {
		windows.CloseHandle(h)
		return nil, invalidHandle
	}
	return &event{b, h}, ok
}

// Wait implements spec.Signal. No packet will end the requests that the event alone tells of; those that Windows is done with end here, and those that
// nobody waits for in Backend.Close.
func (v *event) Wait(timeout time.Duration) spec.Status {
	got, err := windows.WaitForSingleObject(v.handle, milliseconds(timeout))
	switch {
	case err != nil:
		return statusOf(err)
	case got == uint32(windows.WAIT_TIMEOUT):
		return spec.WindowsStatus(spec.Win32, got)
	}
	for _, r := range v.b.inFlight() {
		r.sock.told(r, v)
	}
	return ok
}

// told ends a request that the event v alone tells of, if it is done. The lock keeps it from a request whose call has not returned: what Windows says in that
// counts from then on.
func (s *socket) told(r *request, v *event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live[r.op] == r && r.op.Event == spec.Signal(v) && r.silent() && r.done() {
		r.complete(int(r.overlapped.InternalHigh), spec.WindowsStatus(spec.NTStatus, uint32(r.overlapped.Internal)))
	}
}

// silent reports whether a request queues no packet.
func (r *request) silent() bool { return r.op.Event != nil && r.op.Flags&spec.EventOnly != 0 }

// done reports whether Windows is done with a request of which no packet tells: the status is the last that is written to it (Microsoft Learn, OVERLAPPED:
// Internal, HasOverlappedIoCompleted).
func (r *request) done() bool {
	return atomic.LoadUintptr(&r.overlapped.Internal) != uintptr(windows.STATUS_PENDING)
}

// tie gives a request its event. A handle is a multiple of four; its lowest bit says that no packet is wanted (Microsoft Learn, GetQueuedCompletionStatus).
func (r *request) tie() error {
	if r.op.Event == nil {
		return nil
	}
	v, mine := r.op.Event.(*event)
	if !mine {
		return windows.WSAEINVAL
	}
	if r.overlapped.HEvent = v.handle; r.silent() {
		r.overlapped.HEvent |= 1
	}
	return nil
}
