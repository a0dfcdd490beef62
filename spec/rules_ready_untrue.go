package spec

// ruleReadyUntrue are the rules of events that tell what cannot be so.
var ruleReadyUntrue = []*Rule{
	{
		ID: "RDY-42", Text: "An event tells of nothing that cannot be: of something to receive where nothing has come or all was received, of an end, a hang-up or an error where neither side has ended anything.",
		Profiles: toPoll, Needs: polls,
		Sources: []string{manCtl + ", EPOLLIN: the file is available for read; EPOLLRDHUP: the peer closed, or shut down writing", manEpoll + ": level-triggered, it is a faster poll(2)", tcpPoll,
			"Linux, net/core/datagram.c, datagram_poll", sendEvents + ": what is reported is polled again", measuredHere + " (E20)"},
		Situations: []string{"something to receive", "an end or an error"},
		Where:      map[string]string{"an end or an error": "rdhup|hangups=told"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			switch {
			case m.set == nil || m.stale != NoVerb || !m.untrue.told && m.untrue.never == 0:
				return pass
			case m.untrue.never != 0:
				return bad("%s was reported as %s by the wait from event %d to %d; %s cannot be so: %s", m.socket(), m.event.Events, m.wait.at.c, m.wait.at.r, m.untrue.never, m.untrue.why())
			case m.event.Events&(RdHup|Err|Hup) != 0:
				return ok(1)
			case m.event.Events&In != 0:
				return ok(0)
			}
			return pass
		},
	},
	{
		ID: "RDY-43", Text: "A connection of which one direction is over is not hung up.", Level: SHOULD,
		Profiles: toPoll, Needs: polls,
		Sources:    []string{tcpPoll + ": EPOLLHUP is set if and only if shutdown has been made in both directions", measuredHere + " (E33)"},
		Situations: []string{"the far end has ended its stream", "the sending side was shut down"},
		Where:      map[string]string{"the sending side was shut down": "shutdown"},
		at:         []moment{atReady},
		check: func(l *ledger, _ *matter) outcome {
			m := &l.ready.now
			switch {
			case m.set == nil || m.stale != NoVerb || m.untrue.half == 0 || m.event.Events&Err != 0:
				return pass
			case m.event.Events&Hup == 0:
				return ok(m.untrue.half - 1)
			case m.untrue.half == 1:
				return bad("%s was reported as %s; its far end has ended its stream at most, and nobody has shut ours down", m.socket(), m.event.Events)
			}
			return bad("%s was reported as %s; its sending side has been shut down at most, and its far end has ended nothing", m.socket(), m.event.Events)
		},
	},
}

// why says what has not happened.
func (u *untruth) why() string {
	if u.never&In == 0 {
		return "neither its far end nor the program has ended anything"
	}
	return "nothing has come that was not received before"
}
