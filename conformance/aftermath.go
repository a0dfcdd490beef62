package conformance

import (
	"slices"

	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/spec"
)

// Aftermath leaves out of the trace of a run that ended with err what the end of a process may have done: when a back end in a process of its own crashes its sockets are closed, and its far ends read
// the end of their streams, or a reset, before anybody knows why. It lived for certain until it was given the last of the calls that it has answered. What came back to a far end later says nothing
// about it, nor does a pause that came later.
func Aftermath(t *spec.Trace, err error) {
	a := Attempt{Err: err}
	if ending := a.ending(); ending != known.Crash && ending != known.Sanitizer {
		return
	}
	called, alive := map[uint32]uint64{}, uint64(0)
	for i := range t.Events {
		switch e := &t.Events[i]; {
		case e.Verb.OfPeer():
		case e.Kind == spec.CallEvent:
			called[e.Call] = e.Q
		case e.Kind == spec.ReturnEvent:
			alive = max(alive, called[e.Call])
		}
	}
	t.Events = slices.DeleteFunc(t.Events, func(e spec.Event) bool {
		return e.Q > alive && (e.Kind == spec.ReturnEvent && e.Verb.OfPeer() || e.Kind == spec.PauseEvent || e.Kind == spec.SettleEvent)
	})
}
