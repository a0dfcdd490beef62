package spec

import (
	"bytes"
)

// Enter records that the handler of o's packet begins on this thread.
func (t *Thread) Enter(o *Operation) {
	t.mark(&Event{Kind: EnterEvent, Verb: o.Kind, Op: o.ID, Sock: o.On.ID})
}

// EnterBusy is Enter for a handler that makes no call that blocks until it leaves with LeaveBusy.
func (t *Thread) EnterBusy(o *Operation) {
	t.mark(&Event{Kind: EnterEvent, Verb: o.Kind, Op: o.ID, Sock: o.On.ID, N: 1})
}

// LeaveBusy is the end of a handler begun with EnterBusy.
func (t *Thread) LeaveBusy(o *Operation) {
	t.mark(&Event{Kind: LeaveEvent, Verb: o.Kind, Op: o.ID, Sock: o.On.ID, N: 1})
}

// Leave records that the handler of o's packet ends.
func (t *Thread) Leave(o *Operation) {
	t.mark(&Event{Kind: LeaveEvent, Verb: o.Kind, Op: o.ID, Sock: o.On.ID})
}

// Pause lets everything finish that is under way.
func (t *Thread) Pause() {
	since := t.Since()
	n := t.r.world.Settle()
	t.mark(&Event{Kind: PauseEvent, N: n, Since: since})
}

// Since draws a number for a pause that begins now.
func (t *Thread) Since() uint64 {
	q := t.r.world.Stamp()
	if t.r.witness != nil {
		t.r.witness.Recorded(&Event{Q: q, Kind: PauseEvent, Thread: t.id})
	}
	return q
}

// PauseSince records a pause that has lasted since that number was drawn, for so many canary rounds.
func (t *Thread) PauseSince(since uint64, rounds int) {
	t.mark(&Event{Kind: PauseEvent, N: rounds, Since: since})
}

// Settled records that everything has finished and every open port has been drained.
func (t *Thread) Settled(rounds int) {
	e := t.marking(SettleEvent)
	e.N = rounds
	t.returned(e)
}

// End looks at all buffers once more and closes the trace.
func (t *Thread) End() {
	for _, o := range t.r.ops[:t.r.used] {
		if !o.ended || bytes.Equal(o.kept, o.Buf) || o.kept == nil {
			continue
		}
		at := 0
		for at < len(o.kept) && o.kept[at] == o.Buf[at] {
			at++
		}
		t.mark(&Event{Kind: LateEvent, Op: o.ID, N: at})
	}
	t.returned(t.marking(EndEvent))
}
