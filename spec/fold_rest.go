package spec

import (
	"cmp"
	"math"
	"slices"
)

// What a simulated world tells by standing still. Time is virtual there: it passes when nothing else can happen, and a timer that is due goes off.

// hour is how long, in milliseconds, a wait takes at least by which a runner learns that nothing comes. No timer of a simulated network runs for as long, so that its time is up only
// when everything else has happened (World.Watch). What was called before it, and was to take half of its time at most, is over by then: how long it took
// from a call's number to its effect is a matter of near timers alone.
const hour = 3600_000

// StandsStill is the number of rounds of a pause after which nothing will ever happen again: nobody can go on, and no timer runs.
const StandsStill = -1

// spent enters that a wait of so many milliseconds, called at that number, has run out of time.
func (l *ledger) spent(c uint64, ms int, q uint64) {
	if l.sim && ms >= hour && !l.widened {
		l.overlong(c, ms/2, q)
	}
}

// overlong asks about the waits that were called before c, were to take that long at most, and have not returned.
func (l *ledger) overlong(c uint64, ms int, q uint64) {
	for _, p := range l.orderedPorts() {
		for _, w := range p.waits {
			if w.span.c < c && w.ms >= 0 && w.ms <= ms && !w.overlong {
				m := &l.placing
				m.blank(q)
				m.port, m.wait, m.thread = p, w, w.thread
				w.overlong = l.ask(atOverlong, m)
			}
		}
	}
	if !l.polls {
		return
	}
	r := &l.ready
	list := make([]*poller, 0, len(r.pollers))
	for _, p := range r.pollers {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *poller) int { return cmp.Compare(a.id, b.id) })
	for _, p := range list {
		for _, w := range p.waits {
			if t := w.ms(); w.at.c < c && t >= 0 && t <= ms && !w.overlong {
				r.now = readyMatter{q: q, wait: w, thread: w.thread}
				w.overlong = r.ask(l, atReadyOverlong)
			}
		}
	}
}

// ms is how many milliseconds w was to take at most, below 0 for ever: of waits on pollers a trace says it in nanoseconds.
func (w *readyWait) ms() int {
	if w.timeout < 0 {
		return -1
	}
	return (w.timeout-1)/1_000_000 + 1
}

// standsStill enters that nothing will ever happen again: whoever waits for a while only waits for ever.
func (l *ledger) standsStill(since, q uint64) { l.overlong(since, math.MaxInt, q) }
