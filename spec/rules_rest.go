package spec

// What can be told of waits where time is virtual: in a simulated world a wait whose time is up has returned once everything has come to rest. On a real machine it may only be slow.
var ruleRest = []*Rule{
	{
		ID: "PKT-20", Text: "A wait does not outlast its time, whoever waits beside it and whatever wakes it in vain.",
		Profiles: portable, Axes: Axes{"delivery": "pull"}, Sim: true,
		Sources:    []string{"Microsoft Learn, GetQueuedCompletionStatus, dwMilliseconds: if no packet appears within the time, the function times out"},
		Situations: []string{"alone", "beside another thread"},
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
		ID: "RDY-38", Text: "A wait does not outlast its time, whoever waits beside it and whatever wakes it in vain.",
		Profiles: toPoll, Needs: polls, Sim: true,
		Sources:    []string{manWait + ": it blocks until an event, a signal, or the timeout"},
		Situations: []string{"alone", "beside another thread"},
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
}
