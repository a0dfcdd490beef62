package spec

import "time"

// tick is how early a wait may be on a real machine: as much as one period of the coarsest clock that waits are known to go by (Microsoft Learn, Wait Functions and Time-out
// Intervals; GetTickCount: 10 to 16 ms). Virtual time has no such grain.
const tick = 16 * time.Millisecond

// patient judges a wait that has run out of time, and had that much of it left.
func (l *ledger) patient(thread int32, began uint64, timed bool, st Status, early time.Duration) outcome {
	switch {
	case !timed || st.Code != TimedOut || l.widened:
		return pass
	case early > tick || early > 0 && l.sim:
		return bad("the wait of %s since event %d says that it has run out of time, and had %s left", l.threadName(thread), began, early)
	}
	return ok(0)
}

// What can be told of waits where time is virtual: in a simulated world a wait whose time is up has returned once everything has come to rest. On a real machine it may only be slow.
var ruleRest = []*Rule{
	{
		ID: "PKT-20", Text: "A wait does not outlast its time, whoever waits beside it and whatever wakes it in vain.",
		Profiles: portable, Axes: Axes{"delivery": "pull"}, Sim: true,
		Sources:    []string{"Microsoft Learn, GetQueuedCompletionStatus, dwMilliseconds: if no packet appears within the time, the function times out"},
		Situations: []string{"alone", "beside another thread"},
		Where:      map[string]string{"beside another thread": "workers"},
		at:         []moment{atWait, atOverlong},
		check: func(l *ledger, m *matter) outcome {
			w := m.wait
			switch {
			case m.when == atOverlong:
				return bad("%s waits on port %d since event %d, for %d ms at most; everything has come to rest, its time is up, and it waits on", l.threadName(w.thread), m.port.id, w.span.c, w.ms)
			case w.ms <= 0 || w.status.Code != TimedOut:
				return pass
			case len(m.port.waits) > 0:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-21", Text: "No thread sleeps on, and none runs out of time, while the packet of an operation is in its port.",
		Profiles: portable, Axes: Axes{"delivery": "pull"}, Sim: true,
		Sources:    []string{"Microsoft Learn, I/O Completion Ports: when a packet is queued, a waiting thread is released", "Microsoft Learn, GetQueuedCompletionStatus: the function returns as soon as a packet is available"},
		Situations: []string{"one thread sleeps", "others sleep beside it"},
		Where:      map[string]string{"one thread sleeps": "workers", "others sleep beside it": "workers"},
		at:         []moment{atRested},
		check: func(l *ledger, m *matter) outcome {
			w := m.wait
			switch {
			case !m.sure && len(m.port.waits) > 0:
				return ok(1)
			case !m.sure:
				return ok(0)
			case w.span.r == open:
				return bad("everything had come to rest, the packet of %s was in port %d, and %s, which waits there since event %d, slept on", m.op, m.port.id, l.threadName(w.thread), w.span.c)
			}
			return bad("the wait of %s from event %d to %d ran out of time, when everything had come to rest and the packet of %s was in port %d", l.threadName(w.thread), w.span.c, w.span.r, m.op, m.port.id)
		},
	},
	{
		ID: "PKT-22", Text: "A wait does not run out of time before its time is up.",
		Profiles: portable, Axes: Axes{"delivery": "pull"},
		Sources: []string{"Microsoft Learn, GetQueuedCompletionStatus, dwMilliseconds: the time that the caller is willing to wait",
			"Microsoft Learn, Wait Functions, Wait Functions and Time-out Intervals: accurate to a tick of the system clock"},
		Situations: []string{"it ran out of time"},
		at:         []moment{atWait},
		check: func(l *ledger, m *matter) outcome {
			return l.patient(m.wait.thread, m.wait.span.c, m.wait.ms > 0, m.wait.status, m.wait.early)
		},
	},
	{
		ID: "RDY-38", Text: "A wait does not outlast its time, whoever waits beside it and whatever wakes it in vain.",
		Profiles: toPoll, Needs: polls, Sim: true,
		Sources:    []string{manWait + ": it blocks until an event, a signal, or the timeout"},
		Situations: []string{"alone", "beside another thread"},
		Where:      map[string]string{"beside another thread": "workers"},
		at:         []moment{atReadyWait, atReadyOverlong},
		check: func(l *ledger, m *matter) outcome {
			w := l.ready.now.wait
			switch {
			case m.when == atReadyOverlong:
				return bad("%s waits on poller %d since event %d, for %d ms at most; everything has come to rest, its time is up, and it waits on", l.threadName(w.thread), w.poller.id, w.at.c, w.ms())
			case w.timeout <= 0 || w.status.Code != TimedOut:
				return pass
			case w.beside:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-39", Text: "A wait does not run out of time before its time is up.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manWait + ": the timeout is the time that it blocks, rounded up to the granularity of the system clock"},
		Situations: []string{"it ran out of time"},
		at:         []moment{atReadyWait},
		check: func(l *ledger, m *matter) outcome {
			w := l.ready.now.wait
			return l.patient(w.thread, w.at.c, w.timeout > 0, w.status, w.early)
		},
	},
}
