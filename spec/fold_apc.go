package spec

// apcs are the asynchronous procedure calls that are queued to a thread, by their tokens.
type apcs struct {
	queue  []uint64
	forgot bool // there were too many
}

// apcsMost is how many are kept for a thread.
const apcsMost = 256

// queueAPC enters that the thread has queued one to itself.
func (t *thread) queueAPC(e *Event) {
	if !e.Status.Ok() {
		return
	}
	if t.apcs == nil {
		t.apcs = &apcs{}
	}
	if t.apcs.forgot = t.apcs.forgot || len(t.apcs.queue) == apcsMost; !t.apcs.forgot {
		t.apcs.queue = append(t.apcs.queue, t.token)
	}
}

// runAPC enters that one runs.
func (l *ledger) runAPC(t *thread, e *Event) {
	a := t.apcs
	if a == nil || a.forgot {
		return
	}
	next := len(a.queue) > 0 && a.queue[0] == e.Token
	for i, token := range a.queue {
		if token == e.Token {
			a.queue = append(a.queue[:i], a.queue[i+1:]...)
			break
		}
	}
	if !t.busy || t.verb != Wait || t.wait == nil {
		return // in whatever other call waits alertably, which need not be known
	}
	t.wait.ran++
	l.handed = matter{q: e.Q, port: t.port, wait: t.wait, thread: e.Thread, key: e.Token, sure: next}
	l.ask(atAPC, &l.handed)
}
