package spec

// What can be told of a port's limit: how many of its threads run is not seen, only that one is blocked, for certain, and how many others there are.

// passed is a posted packet that was taken by a wait called after its post had returned, while threads were blocked on the port before it was called.
type passed struct {
	post, taken span
	members     int // threads of the port as the post returned
}

// passedMost is how many of them are kept until the next pause.
const passedMost = 16

// members is how many threads may belong to the port.
func (p *port) members() int { return p.running + len(p.waits) }

// passes notes that w has taken the packet of o, which was in the port when w came.
func (l *ledger) passes(w *wait, o *op) {
	p := w.port
	if !l.limits || p.limit == 0 || !l.sim || l.widened || o.twin || o.lost || o.port != p || o.start.r >= w.span.c || len(p.passed) == passedMost || p.sleeping(o.start.c) == 0 {
		return
	}
	p.passed = append(p.passed, passed{o.start, w.span, o.crowd})
}

// sleeping is how many threads are blocked on the port that were so before c, for certain.
func (p *port) sleeping(c uint64) (n int) {
	for _, w := range p.waits {
		if w.blockedBy != 0 && w.blockedBy < c {
			n++
		}
	}
	return n
}

// overPassed asks, in a pause, about threads that were passed over. Who is still blocked was handed nothing meanwhile, and did not run: as many as ran when the post
// returned are at most the others.
func (l *ledger) overPassed(p *port, since uint64, e *Event) {
	if len(p.passed) == 0 || !l.certain(e) || e.Kind != PauseEvent {
		return
	}
	keep := p.passed[:0]
	for _, x := range p.passed {
		if x.taken.r >= since {
			keep = append(keep, x)
			continue
		}
		slept := p.sleeping(x.post.c)
		if others := x.members - slept; slept > 0 && others < p.limit && !p.closed.called() {
			m := &l.placing
			m.blank(e.Q)
			m.port, m.wait, m.call, m.at = p, p.firstAsleep(x.post.c), span{x.post.c, x.taken.r}, uint64(max(others, 0))
			m.thread = m.wait.thread
			l.ask(atPassed, m)
		}
	}
	p.passed = keep
}

// firstAsleep returns the first of them.
func (p *port) firstAsleep(c uint64) *wait {
	for _, w := range p.waits {
		if w.blockedBy != 0 && w.blockedBy < c {
			return w
		}
	}
	return nil
}
