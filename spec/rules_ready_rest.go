package spec

// ruleReadyRest are the rules of waits without a limit, of interests in the end of a stream alone, of connects, and of pollers inside pollers.
var ruleReadyRest = []*Rule{
	{
		ID: "RDY-41", Text: "A wait without a limit does not run out of time: it goes on until there is an event.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manWait + ": a timeout of -1 causes it to block indefinitely", "Linux, fs/eventpoll.c, ep_poll: without a limit it returns nothing only to a signal"},
		Situations: []string{"an event ended it"},
		at:         []moment{atReadyWait},
		check: func(l *ledger, _ *matter) outcome {
			w := l.ready.now.wait
			switch {
			case w.timeout >= 0 || w.poller.closed.called():
				return pass // of one whose poller is closed meanwhile RDY-33 speaks
			case w.status.Code == TimedOut:
				return bad("the wait of %s on poller %d since event %d has no limit, and says that it has run out of time", l.threadName(w.thread), w.poller.id, w.at.c)
			case w.status.Ok():
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "RDY-44", Text: "Who asks for rdhup, and not for in, is told of the end of a stream once it has come: nobody waits on then, and what is edge-triggered or one-shot is told of it as well.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manCtl + ", EPOLLRDHUP: the peer closed the connection, or shut down the writing half", tcpPoll, measuredHere + " (E33)"},
		Situations: kindsOfSetting,
		Where:      map[string]string{"level-triggered": "rdhup level=yes", "edge-triggered": "rdhup edge issuers=n", "one-shot": "rdhup oneshot issuers=n"},
		at:         []moment{atReady, atOwedEnd},
		check: func(l *ledger, a *matter) outcome {
			m := &l.ready.now
			switch {
			case a.when == atOwedEnd:
				return m.overdue(l)
			case m.set == nil || m.stale != NoVerb || m.set.ask&(In|RdHup) != RdHup || m.event.Events&RdHup == 0:
				return pass
			}
			return ok(m.set.kindOf())
		},
	},
	{
		ID: "RDY-45", Text: "Of a poller that is closed nothing is reported by those that watched it, once no wait on it is under way; where processes are created meanwhile, their descriptors count as well.",
		Profiles: toPoll, Needs: []Capability{CanPoll, CanNest},
		Sources:    []string{manEpoll + ", questions 3 and 6: an epoll descriptor is one that can be watched, and closing a descriptor removes it", "Linux, fs/eventpoll.c, eventpoll_release_file"},
		Situations: []string{"ready when it was closed"},
		at:         []moment{atReady, atAnswer},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			switch {
			case m.event != nil && m.stale == ClosePoller:
				return m.ended(l, m.stale)
			case m.event == nil && m.call.verb == ClosePoller && m.status.Ok() && m.call.due:
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "RDY-46", Text: "A poller inside another is readable as long as it has something to report, also what is edge-triggered or one-shot, if that has not been told.",
		Profiles: toPoll, Needs: []Capability{CanPoll, CanNest},
		Sources:    []string{manEpoll + ", question 3: if an epoll file descriptor has events waiting, it will indicate as being readable", kselftest, "Linux, fs/eventpoll.c, ep_eventpoll_poll", measuredHere + " (E49)"},
		Situations: []string{"what is level-triggered", "what is told once"},
		Where:      map[string]string{"what is level-triggered": "level=yes", "what is told once": "edge|oneshot issuers=n"},
		at:         []moment{atReady, atOwedInside},
		check: func(l *ledger, a *matter) outcome {
			m := &l.ready.now
			switch {
			case a.when == atReady && (m.set == nil || m.stale != NoVerb || m.file.poller == nil):
				return pass
			case a.when == atReady:
				for _, x := range m.file.poller.regs {
					if _, once, has := x.holds(m.wait.at.c); has && once {
						return ok(1)
					} else if has {
						return ok(0)
					}
				}
			case m.blocked != nil:
				return bad("%s has something to report, and is watched (%s) by poller %d since event %d; %s waits on that since event %d and has not been told",
					m.file, m.set.ask, m.reg.poller.id, m.set.at.r, l.threadName(m.blocked.thread), m.blocked.at.c)
			case m.first:
				return bad("%s has something to report, and is watched (%s) by poller %d since event %d; the wait from event %d to %d did not report it",
					m.file, m.set.ask, m.reg.poller.id, m.set.at.r, m.wait.at.c, m.wait.at.r)
			}
			return pass
		},
	},
	{
		ID: "RDY-47", Text: "Where a wait brings one event, none brings more.",
		Profiles: toPoll, Needs: polls, Axes: Axes{"packets": "1"},
		Sources:    []string{"the contract: axis packets"},
		Situations: []string{"it brought one"},
		at:         []moment{atReadyWait},
		check: func(l *ledger, _ *matter) outcome {
			switch w := l.ready.now.wait; {
			case w.n > 1:
				return bad("a wait for up to %d events brought %d; the target declares that one comes at a time", w.max, w.n)
			case w.n == 1:
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "RDY-48", Text: "What has become of a connect is told, that it was made to who asks for out, that it was refused to who asks for anything: nobody waits on then, and what is edge-triggered or one-shot is told of it as well.",
		Profiles: toPoll, Needs: polls,
		Sources:      []string{"connect(2), EINPROGRESS: select or poll for completion by selecting the socket for writing", tcpPoll, "Linux, net/ipv4/tcp_input.c, tcp_finish_connect and tcp_reset: who waits is woken"},
		Situations:   kindsOfSetting,
		Where:        map[string]string{"level-triggered": "connect level=yes", "edge-triggered": "connect edge", "one-shot": "connect oneshot"},
		Alternatives: []string{"it was made", "it was refused"},
		at:           []moment{atReady, atOwedConnect},
		check: func(l *ledger, a *matter) outcome {
			m := &l.ready.now
			switch {
			case a.when == atOwedConnect:
				return m.overdue(l)
			case m.set == nil || m.stale != NoVerb || m.event.Events&m.file.becomes() == 0 || !m.file.dialed.before(m.wait.at):
				return pass
			case m.file.refuses:
				return okAs(m.set.kindOf(), 1)
			}
			return okAs(m.set.kindOf(), 0)
		},
	},
}
