package spec

// event is the page of an event that operations signal.
type event struct {
	id      uint32
	signals []signal // of the operations that named it, in the order of their starts
	seen    uint64   // the latest wait that found it signaled had returned
	reset   span     // the latest start that reset it
	forgot  bool     // there were too many signals
	blurred bool     // and one of them was of a start under way, which may reset it yet
}

// signal is what an operation does, or may do, to its event.
type signal struct {
	op    *op // nil once it is over for the program
	start uint64
	begun uint64 // by then its start had returned, and reset the event; 0 before
	sure  uint64 // by then it had completed, for certain, or been refused; 0 where that is not known
	unset uint64 // by then the start of another had reset the event after that
	how   int    // situation of OPN-10
}

// The situations of OPN-10.
const (
	besidePacket = iota
	withoutPacket
	doneAtStart
)

// signalsMost is how many signals of an event are kept.
const signalsMost = 64

// callSignal enters that o is going to signal an event.
func (l *ledger) callSignal(o *op, id uint32) {
	if o.event = l.events.get(number(id)); o.event == nil {
		return
	}
	how := besidePacket
	if o.flags&EventOnly != 0 {
		how = withoutPacket
	}
	v := o.event
	if v.signals = append(v.signals, signal{op: o, start: o.start.c, how: how}); len(v.signals) > signalsMost {
		v.forgot, v.blurred = true, v.blurred || v.signals[0].begun == 0
		v.signals = append(v.signals[:0], v.signals[1:]...)
	}
}

// retSignal enters that a start has returned: the event was reset before its operation could complete (Microsoft Learn, OVERLAPPED: hEvent).
func (l *ledger) retSignal(o *op, q uint64) {
	v := o.event
	if v == nil {
		return
	}
	for i := range v.signals {
		if x := &v.signals[i]; x.op == o {
			x.begun = q
		}
	}
	if o.how == RefusedAtStart {
		return
	}
	for i := range v.signals {
		x := &v.signals[i]
		switch {
		case x.op == o && o.how == Done:
			x.sure, x.how = q, doneAtStart
		case x.op == nil && x.sure < o.start.c && x.unset == 0:
			x.unset = q
		}
	}
	v.reset = span{o.start.c, q}
}

// endSignal enters that an operation is over for the program.
func (o *op) endSignal(why ending, q uint64) {
	v := o.event
	if v == nil {
		return
	}
	for i := range v.signals {
		x := &v.signals[i]
		if x.op != o {
			continue
		}
		x.op = nil
		if x.begun == 0 {
			x.begun = q
		}
		if why == wasRefused {
			x.how = -1 // what a start that fails does to the event is not documented: it may be signaled ever after
		}
		if x.sure == 0 {
			x.sure = q
		}
		return
	}
}

// retEvent enters that a wait for an event has returned.
func (l *ledger) retEvent(t *thread, e *Event) {
	v := t.event
	if v == nil {
		return
	}
	call := span{t.at, e.Q}
	m := &l.handed
	*m = matter{q: e.Q, event: v, call: call, status: e.Status, thread: e.Thread, index: -1}
	if !e.Status.Ok() {
		m.unset = v.seen != 0 && v.seen < v.reset.c && v.reset.before(call)
		if n := len(v.signals); n > 0 {
			x := &v.signals[n-1]
			m.sure = l.quiet.before(call) && !v.blurred && v.lasts(l.quiet.c)
			m.at, m.index = x.start, x.how
		}
		l.ask(atEvent, m)
		return
	}
	var by *signal
	may := 0
	for i := range v.signals {
		x := &v.signals[i]
		if x.unset != 0 && x.unset < call.c || x.op != nil && !l.mayBeOver(x.op) {
			continue
		}
		may++
		by = x
	}
	m.sure = may == 0 && !v.forgot
	var over *op
	if may == 1 {
		m.at, m.index = by.start, by.how
		if o := by.op; o != nil && o.flags&EventOnly != 0 && o.start.r != open && !v.forgot {
			over = o
		}
	}
	m.op = over
	l.ask(atEvent, m)
	v.seen = e.Q
	if over != nil {
		l.endOp(over, eventSeen, e.Q)
		l.retire(over)
		l.forget(over.sock)
	}
}

// lasts reports whether the event is signaled for good, by then: the operation whose start was the latest to reset it has completed. That is the one that was called last, or any
// whose start overlapped that start.
func (v *event) lasts(by uint64) bool {
	last := &v.signals[len(v.signals)-1]
	for i := range v.signals {
		x := &v.signals[i]
		if x.begun != 0 && x.begun < last.start {
			continue
		}
		sure := x.sure
		if o := x.op; o != nil && sure == 0 && o.sock.closed.done() && o.start.r < o.sock.closed.c {
			sure = o.sock.closed.r
		}
		if sure == 0 || sure >= by || x.how < 0 {
			return false
		}
	}
	return true
}

// mayBeOver reports whether an operation may have completed, or is being refused.
func (l *ledger) mayBeOver(o *op) bool {
	return o.start.r == open || o.how == Done || o.sock.eof || o.sock.untold || o.verb == Accept && !l.peers || !l.undisturbed(o)
}
