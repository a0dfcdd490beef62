package spec

// The rules about readiness. What they rest on is written in ledger_ready.go: an event that was seen, an end that was received, or, once all has
// settled, what far ends have sent and nobody has received. Where two threads wait at once, what one of them
// did not report may be on its way to the other; then nothing is said.

var (
	toPoll = []string{readinessProfile}
	polls  = []Capability{CanPoll}
)

// readinessProfile is the list of rules that decide for readiness back ends.
const readinessProfile = "readiness"

const (
	manEpoll     = "epoll(7)"
	manCtl       = "epoll_ctl(2)"
	manWait      = "epoll_wait(2)"
	kselftest    = "Linux, tools/testing/selftests/filesystems/epoll/epoll_wakeup_test.c"
	tcpPoll      = "Linux, net/ipv4/tcp.c, tcp_poll"
	sendEvents   = "Linux, fs/eventpoll.c, ep_send_events"
	measuredHere = "measured, Linux 6.18"
)

// socket names the file that is watched.
func (m *readyMatter) socket() string {
	if m.reg.desc != nil && m.reg.desc.id != m.file.id {
		return m.file.String() + " (by its duplicate)"
	}
	return m.file.String()
}

// kindOf is 0 for level-triggered, 1 for edge-triggered, 2 for one-shot settings.
func (s *setting) kindOf() int {
	switch {
	case s.ask&OneShot != 0:
		return 2
	case s.ask&Edge != 0:
		return 1
	}
	return 0
}

var kindsOfSetting = []string{"level-triggered", "edge-triggered", "one-shot"}

// armed is the check of RDY-11 and RDY-12: what is ready when it is set is reported by the next wait.
func armed(m *readyMatter, v Verb) outcome {
	if m.set == nil || m.set.verb != v || !m.first || m.set.ask&Reported == 0 || m.stale != NoVerb {
		return pass
	}
	if m.event == nil {
		return bad("%s was ready (%s) when poller %d was told to watch it (%s, %s), at event %d; the wait from event %d to %d did not report it",
			m.socket(), m.set.fresh(), m.wait.poller.id, v, m.set.ask, m.set.at.c, m.wait.at.c, m.wait.at.r)
	}
	return ok(m.set.kindOf())
}

// stale is the check of RDY-2, RDY-13 and RDY-14: a setting that had been ended before the wait began.
func (m *readyMatter) ended(l *ledger, by Verb) outcome {
	return bad("a wait of %s from event %d to %d reported token %#x (%s) of %s; that setting had been ended by %s at event %d",
		l.threadName(m.thread), m.wait.at.c, m.wait.at.r, m.event.Token, m.event.Events, m.socket(), by, m.set.end.c)
}

var ruleReady = []*Rule{
	{
		ID: "RDY-1", Text: "An event comes for nothing but what was added; its token is the one that was given, bit for bit.",
		Profiles: toPoll, Needs: polls, Claims: []string{"S23"},
		Sources:    []string{manCtl + ": the data member is what epoll_wait returns", manWait},
		Situations: []string{"as added", "as modified"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			switch m := &l.ready.now; {
			case m.set == nil:
				return bad("poller %d reported token %#x (%s); nothing was added or modified with that token", m.wait.poller.id, m.event.Token, m.event.Events)
			case m.set.verb == AddInterest:
				return ok(0)
			}
			return ok(1)
		},
	},
	{
		ID: "RDY-2", Text: "The token of an event is the one that was set last when it is delivered, not when the thing became ready.",
		Profiles: toPoll, Needs: polls,
		Sources:      []string{manWait + ": the data is that of the most recent epoll_ctl", "rust-lang/miri#4676: the old one was kept", "Linux, fs/eventpoll.c, ep_modify"},
		Situations:   []string{"modified before the wait"},
		Alternatives: []string{"modified before", "modified while the wait was under way"},
		at:           []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			switch {
			case m.set == nil:
				return pass
			case m.stale == ModifyInterest:
				return m.ended(l, m.stale)
			case m.set.verb != ModifyInterest && !m.set.end.called():
				return pass
			case m.set.at.before(m.wait.at):
				return okAs(0, 0)
			}
			return okAs(0, 1)
		},
	},
	{
		ID: "RDY-3", Text: "An event says nothing that was not asked for, errors and hang-ups aside where they are told as such.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manCtl + ": EPOLLERR and EPOLLHUP are always reported, the others if they are in events"},
		Situations: []string{"one thing asked for", "several", "nothing"},
		Where:      map[string]string{"nothing": "hangups=told"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.set == nil || m.stale != NoVerb {
				return pass
			}
			if more := m.event.Events &^ (m.allowed | RdHup); more != 0 || m.event.Events == 0 {
				return bad("%s was reported as %s; asked for was %s", m.socket(), m.event.Events, m.set.ask)
			}
			switch asked := m.set.ask & Reported; {
			case asked == 0:
				return ok(2)
			case asked&(asked-1) == 0:
				return ok(0)
			}
			return ok(1)
		},
	},
	{
		ID: "RDY-4", Text: "That the far end will send no more is reported as rdhup to those alone who asked for it.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manCtl + ", EPOLLRDHUP", measuredHere + " (E33)"},
		Situations: []string{"asked for", "not asked for"},
		Where:      map[string]string{"asked for": "rdhup"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.set == nil || m.stale != NoVerb {
				return pass
			}
			asked := m.allowed&RdHup != 0
			switch told := m.event.Events&RdHup != 0; {
			case told && !asked:
				return bad("%s was reported as %s; rdhup was not asked for (%s)", m.socket(), m.event.Events, m.set.ask)
			case told:
				return ok(0)
			case m.lasting&In != 0 && !asked:
				return ok(1)
			}
			return pass
		},
	},
	{
		ID: "RDY-5", Text: "What is level-triggered is reported again by every wait as long as it is so, whether or not anybody has asked for I/O.",
		Profiles: toPoll, Needs: polls, Claims: []string{"S23", "S3"},
		Sources:    []string{manEpoll + ", level-triggered and edge-triggered", measuredHere + " (E13)"},
		Situations: []string{"readable", "writable"},
		Where:      map[string]string{"readable": "level=yes", "writable": "level=yes"},
		at:         []moment{atReady, atMissing},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.set == nil || m.stale != NoVerb || !m.set.level() || m.certain == 0 || m.set.ask&Reported == 0 || m.file.poller != nil {
				return pass
			}
			if m.event == nil {
				if m.first {
					return pass // that is RDY-11 or RDY-12
				}
				return bad("%s was ready (%s) all the time from event %d to %d; that wait reported %d events, and not this; nothing had been done with it since it was reported", m.socket(), m.certain, m.wait.at.c, m.wait.at.r, m.wait.n)
			}
			if less := m.certain &^ (m.event.Events | m.lasting); less != 0 {
				return bad("%s was reported as %s; it was %s for certain, and nothing had been done with it since", m.socket(), m.event.Events, m.certain)
			}
			if m.set.fired > 1 && m.certain&In != 0 {
				return ok(0)
			} else if m.set.fired > 1 {
				return ok(1)
			}
			return pass
		},
	},
	{
		ID: "RDY-6", Text: "Nobody waits on while something level-triggered is ready: every blocked thread is told, until it is dealt with.",
		Profiles: toPoll, Needs: polls, Claims: []string{"S24", "S25"},
		Sources:    []string{manEpoll + ", level-triggered", kselftest + ", epoll1: two waiters, one source, both return", sendEvents, "shadow/shadow#3274: forgotten after a partial read"},
		Situations: []string{"bytes", "the end of a stream", "a connection"},
		Where:      map[string]string{"bytes": "level=yes", "the end of a stream": "level=yes", "a connection": "level=yes"},
		at:         []moment{atOwed},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if !m.set.level() {
				return pass
			}
			return m.overdue(l)
		},
	},
	{
		ID: "RDY-7", Text: "What is edge-triggered is silent until something changes, though it is still so.", Level: SHOULD,
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manEpoll + ": the event is not reported again by the next wait; several events for several chunks", measuredHere + " (E14, E18, E19)"},
		Situations: []string{"an event for a change"},
		Where:      map[string]string{"an event for a change": "edge"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			switch {
			case !m.edge || m.stale != NoVerb:
				return pass
			case m.spent && !m.several:
				return bad("edge-triggered %s was reported once more (%s) at event %d; nothing had been set or had arrived since event %d", m.socket(), m.event.Events, m.q, m.file.cause)
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-8", Text: "One change of something edge-triggered is told to one thread.",
		Profiles: toPoll, Needs: polls, Claims: []string{"S25"},
		Sources:      []string{manEpoll + ", questions and answers, threads blocked with EPOLLET: just one is awoken", kselftest + ", epoll2", measuredHere + ", 0 of 3000 (E04, E06)"},
		Situations:   []string{"several threads waited"},
		Where:        map[string]string{"several threads waited": "edge workers"},
		Alternatives: []string{"one was told", "another was told of another change"},
		at:           []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			switch {
			case !m.edge || m.stale != NoVerb:
				return pass
			case m.spent && m.several:
				return bad("edge-triggered %s was reported to %s at event %d while %s had it in hand, and nothing had been set or had arrived in between",
					m.socket(), l.threadName(m.thread), m.q, l.threadName(m.other))
			case m.several:
				return okAs(0, 1)
			case m.wait.beside:
				return okAs(0, 0)
			}
			return pass
		},
	},
	{
		ID: "RDY-9", Text: "A change is not lost: if something came after the latest report of what is edge-triggered, or before the first of what is one-shot, it is reported.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manEpoll, manCtl + ", EPOLLONESHOT", kselftest + ", epoll60", "boostorg/asio#320"},
		Situations: []string{"bytes", "the end of a stream", "a connection"},
		Where:      map[string]string{"bytes": "edge|oneshot", "the end of a stream": "edge|oneshot rdhup|hangups=told", "a connection": "edge|oneshot"},
		at:         []moment{atOwed, atReady, atMissing},
		check: func(l *ledger, a *matter) outcome {
			m := &l.ready.now
			switch {
			case a.when == atMissing && m.room && !m.set.level():
				return bad("%s is watched (%s) by poller %d; a send on it would have blocked, at event %d, and the far end has read everything since; the wait from event %d to %d did not report that there is room",
					m.socket(), m.set.ask, m.reg.poller.id, m.file.full.c, m.wait.at.c, m.wait.at.r)
			case a.when == atMissing:
				return pass
			case m.event == nil && !m.set.level():
				return m.overdue(l)
			case m.event == nil || m.set == nil || m.set.level() || m.stale != NoVerb || m.event.Events&In == 0:
				return pass
			case m.file.listens != 0:
				return ok(2)
			case m.event.Events&(RdHup|Hup) != 0:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-10", Text: "What is one-shot is reported at most once each time it is set, to one thread, whatever happens to it.",
		Profiles: toPoll, Needs: polls, Claims: []string{"S25"},
		Sources:    []string{manCtl + ", EPOLLONESHOT: after an event it is disabled and no other events are reported", measuredHere + ", 0 of 3000 (E07, E31)"},
		Situations: []string{"set once", "set again", "several threads waited"},
		Where:      map[string]string{"several threads waited": "oneshot workers", "set once": "oneshot", "set again": "oneshot"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.set == nil || m.stale != NoVerb || m.set.ask&OneShot == 0 {
				return pass
			}
			switch over := m.set.fired - int(m.call.into); {
			case over > 1:
				return pass // said before
			case over > 0:
				return bad("one-shot %s was reported %d times (%s) and set %d times with token %#x", m.socket(), m.set.fired, m.event.Events, m.call.into, m.event.Token)
			}
			switch {
			case m.wait.beside:
				return ok(2)
			case m.set.verb == ModifyInterest:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-11", Text: "A modify reports anew what is ready, and arms a one-shot again.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manCtl + ", EPOLLONESHOT: rearm with EPOLL_CTL_MOD", manEpoll + ", question 8", measuredHere + " (E15)", kselftest + ", epoll59"},
		Situations: kindsOfSetting,
		Where:      map[string]string{"level-triggered": "level=yes", "edge-triggered": "edge", "one-shot": "oneshot"},
		at:         []moment{atReady, atMissing},
		check:      func(l *ledger, _ *matter) outcome { return armed(&l.ready.now, ModifyInterest) },
	},
	{
		ID: "RDY-12", Text: "What is ready when it is added is reported by the next wait, edge-triggered or not.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{"Linux, fs/eventpoll.c, ep_insert", "linux-test-project, epoll_wait01", measuredHere + " (E16)"},
		Situations: kindsOfSetting,
		Where:      map[string]string{"level-triggered": "level=yes", "edge-triggered": "edge", "one-shot": "oneshot"},
		at:         []moment{atReady, atMissing},
		check:      func(l *ledger, _ *matter) outcome { return armed(&l.ready.now, AddInterest) },
	},
	{
		ID: "RDY-13", Text: "Of what was removed nothing is reported any more, not even what had happened before.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manCtl + ", EPOLL_CTL_DEL", "tokio-rs/mio, no_events_after_deregister", measuredHere + " (E30)"},
		Situations: []string{"ready when it was removed"},
		at:         []moment{atReady, atAnswer},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			switch {
			case m.event != nil && m.stale == RemoveInterest:
				return m.ended(l, m.stale)
			case m.event == nil && m.call.verb == RemoveInterest && m.status.Ok() && m.call.set != nil:
				if bits, _ := m.file.certain(m.q); bits&m.call.set.wants() != 0 {
					return ok(0)
				}
			}
			return pass
		},
	},
	{
		ID: "RDY-14", Text: "Of a file whose every descriptor is closed nothing is reported; where processes are created meanwhile, theirs count as well.",
		Profiles: toPoll, Needs: polls,
		Sources:      []string{manEpoll + ", question 6: closing a file descriptor removes it, if no duplicate refers to the same open file description", measuredHere + " (E27, E29)"},
		Situations:   []string{"ready when it was closed"},
		Alternatives: []string{"it was the only descriptor", "it was the last of several"},
		at:           []moment{atReady, atAnswer},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			switch {
			case m.event != nil && m.stale == CloseSocket:
				return m.ended(l, m.stale)
			case m.event == nil && m.call.verb == CloseSocket && m.status.Ok() && m.file != nil:
				f, others := m.file, 0
				for _, d := range f.descs {
					if d != m.call.desc && !d.closed.done() {
						return pass
					}
					if d != m.call.desc {
						others = 1
					}
				}
				for _, g := range f.regs {
					if bits, _ := f.certain(m.q); g.cur != nil && bits&g.cur.wants() != 0 {
						return okAs(0, others)
					}
				}
			}
			return pass
		},
	},
	{
		ID: "RDY-15", Text: "As long as a duplicate is open, what was added by a descriptor that is closed goes on being reported, with its token.", Level: MAY,
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manEpoll + ", question 6", measuredHere + " (E24, E25, E26)"},
		Situations: []string{"reported after the close"},
		Where:      map[string]string{"reported after the close": "duplicate"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			if m := &l.ready.now; m.set == nil || !m.ghost || m.stale != NoVerb {
				return pass
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-16", Text: "Where more is ready than a wait has room for, the following waits go round: none is reported twice while another waits its turn.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manWait + ": successive calls will round robin through the set", "linux-test-project, epoll_wait14", measuredHere + " (E45)"},
		Situations: []string{"the other had its turn"},
		Where:      map[string]string{"the other had its turn": "level=yes"},
		at:         []moment{atRotation},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			if m.first {
				return bad("%s was reported a second time; %s, which was ready all the time, was not in between", m.socket(), m.starved.file)
			}
			return ok(0)
		},
	},
	{
		ID: "RDY-17", Text: "A wait returns between one event and as many as were asked for, exactly if its status is ok, and nothing twice.",
		Profiles: toPoll, Needs: polls,
		Sources:    []string{manWait + ", return value", "linux-test-project, epoll_wait13"},
		Situations: []string{"one", "several", "none"},
		Where:      map[string]string{"several": "packets=n"},
		at:         []moment{atReadyWait},
		check: func(l *ledger, _ *matter) outcome {
			w := l.ready.now.wait
			switch {
			case w.status.Ok() && (w.n < 1 || w.n > w.max):
				return bad("a wait for up to %d events returned ok with %d", w.max, w.n)
			case !w.status.Ok() && w.n != 0:
				return bad("a wait returned %s with %d events", w.status, w.n)
			case w.n == 0:
				return ok(2)
			}
			for i := range w.events {
				for k := range i {
					if w.events[i].Token == w.events[k].Token {
						if s, _ := w.poller.whose(w.events[i].Token, w); s != nil {
							return bad("one wait returned token %#x twice", w.events[i].Token)
						}
					}
				}
			}
			return ok(min(w.n-1, 1))
		},
	},
}

// overdue judges what nobody has heard of though everything has settled.
func (m *readyMatter) overdue(l *ledger) outcome {
	switch {
	case m.blocked != nil:
		return bad("%s is ready (%s) and watched (%s) by poller %d since event %d; %s waits on the poller since event %d and has not been told",
			m.socket(), m.certain, m.set.ask, m.reg.poller.id, m.set.at.r, l.threadName(m.blocked.thread), m.blocked.at.c)
	case m.first:
		return bad("%s is ready (%s) and watched (%s) by poller %d since event %d; the wait from event %d to %d did not report it",
			m.socket(), m.certain, m.set.ask, m.reg.poller.id, m.set.at.r, m.wait.at.c, m.wait.at.r)
	}
	if m.certain&In == 0 {
		return pass
	}
	return ok(m.where)
}
