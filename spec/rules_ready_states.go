package spec

// ruleReadyMore are the rules of what calls on a poller answer, of what is reported in each state of a file, and of several threads and pollers.
var ruleReadyMore = []*Rule{
	{
		ID: "RDY-18", Text: "What is watched cannot be added a second time by the same descriptor; a duplicate of it, and another poller, can.",
		Profiles: toPoll, Needs: polls,
		Sources:      []string{manCtl + ", EEXIST", manEpoll + ", questions 1 and 2", measuredHere + " (E22, E23)"},
		Situations:   []string{"watched already", "not watched"},
		Alternatives: []string{"new", "watched by a duplicate", "watched by another poller"},
		at:           []moment{atAnswer},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			c := &m.call
			if c.verb != AddInterest || !c.sure || c.closed || m.status.Code == Invalid && (c.ask&Exclusive != 0 || m.file == nil || m.file.poller != nil) || m.status.Code == NoResources {
				return pass
			}
			there := c.was != NoVerb
			switch {
			case there && m.status.Code != InUse:
				return bad("adding %s, which poller %d watched already, answered %s", m.file, c.poller.id, m.status)
			case there:
				return okAs(0, 0)
			case !m.status.Ok():
				return bad("adding %s, which poller %d did not watch, answered %s", m.file, c.poller.id, m.status)
			}
			for _, g := range m.file.regs {
				if g != c.reg && g.cur != nil && !g.cur.end.called() {
					if g.poller == c.poller {
						return okAs(1, 1)
					}
					return okAs(1, 2)
				}
			}
			return okAs(1, 0)
		},
	},
	{
		ID: "RDY-19", Text: "What is not watched can neither be modified nor removed; what is watched can.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manCtl + ", ENOENT"},
		Situations: []string{"modify, not watched", "remove, not watched", "modify", "remove"},
		at:         []moment{atAnswer},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			c := &m.call
			if c.verb != ModifyInterest && c.verb != RemoveInterest || !c.plain || c.closed || c.excl || c.ask&Exclusive != 0 {
				return pass
			}
			where := 0
			if c.verb == RemoveInterest {
				where = 1
			}
			there := c.was != NoVerb
			switch {
			case !there && m.status.Code != NotFound:
				return bad("%s of %s, which poller %d did not watch, answered %s", c.verb, m.file, c.poller.id, m.status)
			case !there:
				return ok(where)
			case !m.status.Ok():
				return bad("%s of %s, which poller %d watched, answered %s", c.verb, m.file, c.poller.id, m.status)
			}
			return ok(where + 2)
		},
	},
	{
		ID: "RDY-20", Text: "Every call on a descriptor or a poller that has been closed answers that it is closed, and no other does.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manCtl + ", EBADF", "close(2)"},
		Situations: []string{"a descriptor", "a poller"},
		at:         []moment{atAnswer, atReadyWait},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			c := &m.call
			said := m.status.Code == Closed
			switch {
			case c.closed && !said:
				return bad("%s on something that had been closed answered %s", c.verb, m.status)
			case !c.closed && said && (c.desc == nil || !c.desc.closed.called() || c.desc.closed.c == c.at) && (c.poller == nil || !c.poller.closed.called() || c.poller.closed.c == c.at) && !c.insideClosed():
				return bad("%s on something that had not been closed answered %s", c.verb, m.status)
			case !c.closed:
				return pass
			case c.poller != nil && c.poller.closed.done() && c.poller.closed.c != c.at:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-21", Text: "An error or a hang-up is reported though nothing was asked for.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manCtl + ": epoll_wait will always report EPOLLERR and EPOLLHUP", measuredHere + " (E32)"},
		Situations: []string{"reported"},
		Where:      map[string]string{"reported": "hangups=told"},
		at:         []moment{atReady, atMissing},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			switch {
			case m.set == nil || m.stale != NoVerb || m.set.ask&Reported != 0 || m.file.poller != nil:
				return pass
			case m.event != nil:
				return ok(0)
			}
			return bad("%s was in a state of %s all the time from event %d to %d; that wait did not report it", m.socket(), m.certain|m.set.fresh(), m.wait.at.c, m.wait.at.r)
		},
	},
	{
		ID: "RDY-22", Text: "A stream that has been received to its end is readable, and rdhup for those who asked.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{tcpPoll, measuredHere + " (E33)"},
		Situations: []string{"rdhup asked for", "not asked for"},
		Where:      map[string]string{"rdhup asked for": "rdhup"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.set == nil || m.stale != NoVerb {
				return pass
			}
			if m.event.Events&(In|RdHup|Err) == RdHup && m.set.ask&In != 0 && m.reg.steady(m.wait.at.c) && m.reg.cur == m.set && isStream(m.file.net) && !m.file.plain { // of what never had a stream RDY-35 speaks
				return bad("%s was reported as %s, though in was asked for; what has ended is readable", m.socket(), m.event.Events)
			}
			if m.lasting&(In|RdHup) == 0 {
				return pass
			}
			if less := m.lasting & (In | RdHup) &^ m.event.Events; less != 0 {
				return bad("%s was reported as %s without %s; its stream had been received to the end, or shut down", m.socket(), m.event.Events, less)
			}
			if m.set.ask&RdHup != 0 {
				return ok(0)
			}
			return ok(1)
		},
	},
	{
		ID: "RDY-23", Text: "A connection of which both directions are over is reported as hung up.",
		Profiles: toPoll, Needs: polls,
		Sources:      []string{tcpPoll, manCtl + ", EPOLLHUP", measuredHere + " (E33, E36, E38)"},
		Situations:   []string{"both over"},
		Where:        map[string]string{"both over": "hangups=told"},
		Alternatives: []string{"ended", "reset"},
		at:           []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.set == nil || m.stale != NoVerb || m.lasting&Hup == 0 {
				return pass
			}
			if m.event.Events&Hup == 0 {
				return bad("%s was reported as %s, not as hung up; both directions were over", m.socket(), m.event.Events)
			}
			if m.file.txShut == 0 {
				return okAs(0, 1)
			}
			return okAs(0, 0)
		},
	},
	{
		ID: "RDY-24", Text: "A connect that was refused is reported as an error and a hang-up, where these are told as such, and as whatever else was asked for.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{tcpPoll, measuredHere + " (E35)"},
		Situations: []string{"refused"},
		Where:      map[string]string{"refused": "connect"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.set == nil || m.stale != NoVerb {
				return pass
			}
			f := m.file
			if !f.refuses || f.cut || f.dials != 1 || f.stirred > f.dialed.c || f.busy[errBit] > 0 || !f.dialed.before(m.wait.at) || m.reg.cur != m.set {
				return pass
			}
			want := m.set.wants() & (Err | Hup | In | Out | RdHup)
			if m.event.Events&want != want {
				return bad("%s, whose connect had been refused, was reported as %s; it is %s", m.socket(), m.event.Events, want)
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-25", Text: "A listener is reported as readable, and as nothing else.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{"accept(2)", "Linux, net/ipv4/tcp.c, tcp_poll: inet_csk_listen_poll"},
		Situations: []string{"a connection waits"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.set == nil || m.stale != NoVerb || m.file.listens == 0 || m.file.listens > m.wait.at.c || m.file.rxCut || m.file.odd {
				return pass
			}
			if m.event.Events != In {
				return bad("the listening %s was reported as %s", m.socket(), m.event.Events)
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-26", Text: "Something level-triggered may be handed to two threads at once.", Level: MAY,
		Profiles: toPoll, Needs: polls, Claims: []string{"S22", "S24", "S25", "S34"},
		Sources:    []string{kselftest + ", epoll1", measuredHere + ", 3000 of 3000 (E01, E08)"},
		Situations: []string{"two threads had it in hand"},
		Where:      map[string]string{"two threads had it in hand": "workers level=yes"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			if m := &l.ready.now; m.set == nil || !m.several || !m.set.level() {
				return pass
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-27", Text: "Something edge-triggered may be handed to a second thread when it changes again while the first has it in hand.", Level: MAY,
		Profiles: toPoll, Needs: polls, Claims: []string{"S22", "S24", "S25"},
		Sources:    []string{manEpoll + ": multiple events can be generated upon receipt of multiple chunks of data", measuredHere + ", 41 to 89 % (E05)"},
		Situations: []string{"two threads had it in hand"},
		Where:      map[string]string{"two threads had it in hand": "edge workers"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			if m := &l.ready.now; m.set == nil || !m.several || m.set.kindOf() != 1 {
				return pass
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-28", Text: "Where two threads have one file in hand, what came later may be dealt with earlier.", Level: MAY,
		Profiles: toPoll, Needs: polls, Claims: []string{"S22", "S26", "S35"},
		Sources:    []string{"follows from RDY-26 and RDY-27", measuredHere + " (E02)"},
		Situations: []string{"dealt with out of order"},
		Where:      map[string]string{"dealt with out of order": "workers"},
		at:         []moment{atHandled},
		check: func(l *ledger, _ *matter) outcome {
			if !l.ready.now.several {
				return pass
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-29", Text: "A thread that was told that something can be received tries it, and may find nothing.", Level: INFO,
		Profiles: toPoll, Needs: polls, Claims: []string{"S3", "S32"},
		Sources:      []string{manEpoll + ": use non-blocking descriptors", measuredHere + ", 37.7 % of 3000 (E03)"},
		Situations:   []string{"tried"},
		Alternatives: []string{"there was something", "there was nothing"},
		at:           []moment{atTried},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			switch {
			case !m.held.in || m.held.tried:
				return pass
			case m.status.Code == WouldBlock:
				return okAs(0, 1)
			}
			return okAs(0, 0)
		},
	},
	{
		ID: "RDY-30", Text: "Of several pollers that watch a file exclusively one at least is told of a change.", Level: INFO,
		Profiles: toPoll, Needs: []Capability{CanPoll, CanExclusive}, Claims: []string{"S25"},
		Sources:      []string{manCtl + ", EPOLLEXCLUSIVE: one or more of the epoll file descriptors will receive an event", measuredHere + ", 1.00 of 8 (E10)"},
		Situations:   []string{"watched exclusively"},
		Alternatives: []string{"one was told", "several were told"},
		at:           []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.set == nil || m.set.ask&Exclusive == 0 || m.stale != NoVerb {
				return pass
			}
			for _, x := range m.file.told {
				if x.poller != m.wait.poller {
					return okAs(0, 1)
				}
			}
			return okAs(0, 0)
		},
	},
	{
		ID: "RDY-31", Text: "Several threads may return for one change of something level-triggered: the herd.", Level: INFO,
		Profiles: toPoll, Needs: polls, Claims: []string{"S24"},
		Sources:      []string{measuredHere + ", up to 8 of 8 threads for one connection (E09, E11)"},
		Situations:   []string{"several threads waited"},
		Where:        map[string]string{"several threads waited": "workers level=yes"},
		Alternatives: []string{"one returned", "several returned"},
		at:           []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.set == nil || !m.set.level() || !m.wait.beside || m.stale != NoVerb {
				return pass
			}
			for _, x := range m.file.told {
				if x.thread != m.thread {
					return okAs(0, 1)
				}
			}
			return okAs(0, 0)
		},
	},
	{
		ID: "RDY-32", Text: "Exclusive goes neither with one-shot nor with rdhup, and can neither be modified nor be set by a modify.",
		Profiles: toPoll, Needs: []Capability{CanPoll, CanExclusive},
		Sources:    []string{manCtl + ", EINVAL", measuredHere + " (E47)"},
		Situations: []string{"with one-shot or rdhup", "set by a modify", "modified"},
		Where:      map[string]string{"with one-shot or rdhup": "oneshot|rdhup", "set by a modify": "level=yes|edge", "modified": "level=yes|edge"},
		at:         []moment{atAnswer},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			c := &m.call
			var where int
			switch {
			case !c.sure || c.closed:
				return pass
			case c.verb == AddInterest && c.was == NoVerb && c.ask&Exclusive != 0 && c.ask&(OneShot|RdHup) != 0:
				where = 0
			case c.verb == ModifyInterest && c.ask&Exclusive != 0:
				where = 1
			case c.verb == ModifyInterest && c.excl:
				where = 2
			default:
				return pass
			}
			if m.status.Code != Invalid {
				return bad("%s of %s with %s answered %s", c.verb, m.file, c.ask, m.status)
			}
			return ok(where)
		},
	},
	{
		ID: "RDY-33", Text: "Closing a poller need not end the waits on it.", Level: INFO,
		Profiles: toPoll, Needs: polls,
		Sources:      []string{"close(2), multithreaded processes", measuredHere + ": it returned an event later (E51)"},
		Situations:   []string{"closed while a thread waited"},
		Where:        map[string]string{"closed while a thread waited": "issuers=n"},
		Alternatives: []string{"it returned an event", "it ran out of time"},
		at:           []moment{atReadyWait},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			w := m.wait
			if !w.poller.closed.called() || w.at.c > w.poller.closed.c {
				return pass
			}
			switch {
			case m.status.Ok():
				return okAs(0, 0)
			case m.status.Code == TimedOut:
				return okAs(0, 1)
			}
			return ok(0) // it was told, which no system at hand does
		},
	},
	{
		ID: "RDY-34", Text: "A poller inside another is readable, and nothing else, as long as it has something level-triggered to report.",
		Profiles: toPoll, Needs: []Capability{CanPoll, CanNest},
		Sources:    []string{manEpoll + ", question 3", kselftest, measuredHere + " (E49)"},
		Situations: []string{"reported", "reported again"},
		at:         []moment{atReady, atMissing},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			switch {
			case m.set == nil || m.file.poller == nil || m.stale != NoVerb:
				return pass
			case m.event == nil && !m.first:
				return bad("%s was ready all the time from event %d to %d; that wait on poller %d did not report it", m.file, m.wait.at.c, m.wait.at.r, m.wait.poller.id)
			case m.event == nil:
				return pass
			case m.event.Events != In:
				return bad("%s was reported as %s", m.file, m.event.Events)
			case m.certain&In != 0:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-35", Text: "A stream socket that is neither connected nor listening is hung up, and writable.", Level: SHOULD,
		Profiles: toPoll, Needs: polls,
		Sources:    []string{tcpPoll, measuredHere + " (E34)"},
		Situations: []string{"reported"},
		Where:      map[string]string{"reported": "hangups=told"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.set == nil || m.stale != NoVerb || !m.file.plain || m.reg.cur != m.set || l.unasked == 0 {
				return pass
			}
			if want := Hup | m.set.ask&Out; m.event.Events != want {
				return bad("%s, which is neither connected nor listening, was reported as %s; it is %s", m.socket(), m.event.Events, want)
			}
			return ok(0)
		},
	},
}
