package spec

// callExit enters the end of a thread. It may end what the thread has started (Microsoft Learn, ExitThread): what belongs to a socket with a port shall go on,
// which is for a rule to say.
func (l *ledger) callExit(e *Event) {
	for s := range l.socks.all() {
		for _, o := range s.live {
			if o.by == e.Thread && !o.orphan {
				o.orphan = true
				o.disturbs++
			}
		}
	}
}

// retExit enters that the thread has ended, and that what its end does has been done.
func (l *ledger) retExit(e *Event) {
	for s := range l.socks.all() {
		for _, o := range s.live {
			o.gone = o.gone || o.by == e.Thread
		}
	}
}
