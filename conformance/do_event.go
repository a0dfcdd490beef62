package conformance

import (
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// awaitEvent waits for an event. Where it does not come although it is expected, the trace says for how long everything has been at rest before the last look at it,
// so that the checker can tell whether it had to be signaled.
func (t *thread) awaitEvent(l *scenario.Line, a *scenario.AwaitLine) (outcome, bool) {
	e, ok := named[*spec.EventRef](t.p, a.Event)
	if !ok {
		return outcome{}, t.p.stuck(l, "no event "+a.Event+" yet", "")
	}
	if a.Timed {
		return outcome{status: t.rec.WaitEvent(e, a.Timeout)}, true
	}
	since := t.p.world.Stamp()
	for w := t.p.world.Watch(t.p.pace(l.Result == nil || allows(l.Result, "ok"))); ; {
		st := t.rec.WaitEvent(e, w.Slice())
		switch {
		case st.Code != spec.TimedOut, t.p.isShut():
			return outcome{status: st}, true
		case w.Spent():
			t.rec.PauseSince(since, w.Rounds())
			return outcome{status: t.rec.WaitEvent(e, 0)}, true
		}
	}
}

// allows reports whether a call may answer so.
func allows(r *scenario.Result, status string) bool {
	for _, a := range r.Outcome {
		if a.Status == status {
			return true
		}
	}
	return false
}
