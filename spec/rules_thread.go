package spec

var ruleThread = []*Rule{
	{
		ID: "THR-1", Text: "With one outstanding receive, posted again as the handler's last act, the handlers of a socket's receives never overlap.",
		Profiles: portable, Claims: []string{"S28", "S35"}, Assume: []string{"DSC-2"}, Needs: []Capability{CanWorkers},
		Sources:    []string{"follows from PKT-2; Microsoft Learn, I/O Completion Ports"},
		Situations: []string{"the next handler ran on the same thread", "on another thread"},
		at:         []moment{atEnter},
		check: func(l *ledger, m *matter) outcome {
			s := m.sock
			if s.void&(repostedEarly|severalRecvs) != 0 {
				return void
			}
			if len(s.handlers) > 0 {
				h := s.handlers[0]
				return bad("the handler of a receive on %s began on %s while another, begun at event %d on %s, had not ended", s, l.threadName(m.thread), h.q, l.threadName(h.thread))
			}
			switch {
			case s.serial == 0:
				return pass
			case s.last == m.thread:
				return ok(0)
			}
			return ok(1)
		},
	},
	{
		ID: "THR-2", Text: "If a handler posts the next receive before it ends, the next handler may run beside it.", Level: MAY,
		Profiles: portable, Claims: []string{"S28", "S35"}, Needs: []Capability{CanWorkers},
		Sources:    []string{"Microsoft Learn, I/O Completion Ports: any waiting thread may get any packet"},
		Situations: []string{"two handlers ran at once"},
		at:         []moment{atEnter},
		check: func(l *ledger, m *matter) outcome {
			s := m.sock
			if s.void&repostedEarly == 0 || s.void&severalRecvs != 0 || len(s.handlers) == 0 {
				return pass
			}
			return ok(0)
		},
	},
	{
		ID: "THR-3", Text: "With two outstanding receives their handlers may run at once.", Level: MAY,
		Profiles: portable, Claims: []string{"S28", "S35"}, Needs: []Capability{CanWorkers},
		Sources:    []string{"Microsoft Learn, I/O Completion Ports: any waiting thread may get any packet"},
		Situations: []string{"two handlers ran at once"},
		Where:      map[string]string{"two handlers ran at once": "receives=n"},
		at:         []moment{atEnter},
		check: func(l *ledger, m *matter) outcome {
			if s := m.sock; s.void&severalRecvs == 0 || len(s.handlers) == 0 {
				return pass
			}
			return ok(0)
		},
	},
	{
		ID: "THR-4", Text: "Of several blocked threads the one that blocked last gets the next packet.",
		Profiles: []string{"windows"}, Needs: []Capability{CanWorkers, CanLimit, CanPost}, Sim: true,
		Sources:    []string{"Microsoft Learn, I/O Completion Ports: threads are released last in, first out"},
		Situations: []string{"several were blocked"},
		at:         []moment{atPost},
		check: func(l *ledger, m *matter) outcome {
			if m.since == 0 || m.beside == 0 {
				return pass
			}
			if x := m.later; x != nil {
				return bad("%s, which waits since event %d, got the packet; %s had blocked after it, at event %d", l.threadName(m.thread), m.wait.span.c, l.threadName(x.thread), x.span.c)
			}
			return ok(0)
		},
	},
	{
		ID: "THR-5", Text: "No more threads run handlers at once than the port was opened for, as long as no handler blocks.",
		Profiles: []string{"windows"}, Needs: []Capability{CanWorkers, CanLimit}, Sim: true, Claims: []string{"S29"},
		Sources:    []string{"Microsoft Learn, CreateIoCompletionPort: NumberOfConcurrentThreads"},
		Situations: []string{"as many ran as were allowed"},
		at:         []moment{atBusy},
		check: func(l *ledger, m *matter) outcome {
			limit := uint64(m.port.limit)
			switch {
			case limit == 0:
				return pass // the number of processors, which the trace does not tell
			case m.at > limit:
				return bad("%s runs a handler beside %d others; port %d was opened for %d", l.threadName(m.thread), m.at-1, m.port.id, limit)
			case m.at == limit:
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "THR-6", Text: "A packet goes to a thread that is blocked on its port unless as many threads as the port was opened for run; one that is blocked elsewhere, or waits on another port, does not run.",
		Profiles: []string{"windows"}, Needs: []Capability{CanWorkers, CanLimit, CanPost}, Sim: true,
		Sources: []string{"Microsoft Learn, I/O Completion Ports: the number of runnable threads associated with the port is what the concurrency value limits, and when one of them enters a wait state another is released",
			"Microsoft Learn, I/O Completion Ports: the next completion packet is pulled from the queue for the thread that is released"},
		Situations: []string{"no other thread belonged to the port", "others did"},
		at:         []moment{atPost, atStarved, atPassed},
		check: func(l *ledger, m *matter) outcome {
			switch o, w := m.op, m.wait; {
			case m.when == atPassed && o != nil:
				return bad("%s waits since event %d; when everything had come to rest and no thread ran the packet of %s was in port %d, and another took it later", l.threadName(m.thread), w.span.c, o, m.port.id)
			case m.when == atPassed:
				return bad("%s, blocked on port %d since event %d, did not get the packet of event %d, which one that came later took at event %d; at most %d others ran, and the port was opened for %d", l.threadName(m.thread), m.port.id, w.span.c, m.call.c, m.call.r, m.at, m.port.limit)
			case m.when == atStarved && (!m.sure || w.crowd < max(m.port.limit, 1)):
				return pass // nobody has looked whether any thread runs; or PKT-9, OPN-2
			case m.when == atStarved:
				return bad("%s waits since event %d, the packet of event %d is in port %d, and no thread runs", l.threadName(w.thread), w.span.c, o.start.c, m.port.id)
			case w.blockedBy == 0 || w.blockedBy > o.start.c:
				return pass
			case o.crowd <= 1:
				return ok(0)
			}
			return ok(1)
		},
	},
}
