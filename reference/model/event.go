package model

import (
	"time"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// event is an event that operations signal.
type event struct {
	b       *Backend
	set     bool
	waiters *simnet.WaitQueue
}

var _ spec.Signaler = (*Backend)(nil)

// Event implements spec.Signaler.
func (b *Backend) Event() (spec.Signal, spec.Status) {
	return &event{b: b, waiters: b.world.NewWaitQueue(simnet.FIFO)}, stOK
}

// Wait implements spec.Signal.
func (v *event) Wait(timeout time.Duration) spec.Status {
	deadline := v.b.world.Now() + timeout
	v.touch()
	for !v.set {
		if timeout >= 0 {
			timeout = max(deadline-v.b.world.Now(), 0)
		}
		if !v.waiters.Park(simnet.Call{Format: "WaitForSingleObject"}, timeout) {
			v.touch()
			if !v.set {
				return waitTimeout
			}
		}
		v.touch()
	}
	v.set = !v.b.bugs.has(EventAutoResets)
	return stOK
}

// touch tells a search that the step being taken goes by the event, and changes it.
func (v *event) touch() { v.b.world.Touch(v.waiters.Object(), true) }

// reset is what the start of op does to its event.
func (b *Backend) reset(op *spec.Op) {
	if v, named := op.Event.(*event); named && !b.bugs.has(EventNotReset) {
		v.touch()
		v.set = false
	}
}

// signal is what the completion of op does to its event.
func (b *Backend) signal(op *spec.Op) {
	v, named := op.Event.(*event)
	switch {
	case !named, b.bugs.has(EventForgotten) && op.Flags&spec.EventOnly == 0, b.bugs.has(AcceptEventForgotten) && op.Kind == spec.Accept:
		return
	}
	v.touch()
	v.set = true
	v.waiters.WakeAll()
}

// silent reports whether op queues no packet: the low bit of its event is set (Microsoft Learn, GetQueuedCompletionStatus).
func (b *Backend) silent(op *spec.Op) bool {
	return op.Event != nil && op.Flags&spec.EventOnly != 0 && !b.bugs.has(LowBitIgnored)
}
