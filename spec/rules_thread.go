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
}
