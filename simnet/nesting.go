package simnet

// An epoll instance is a file that can be watched by another one. The outer instance knows nothing
// of what the inner one watches: it hears of every wake-up of the inner one as of an IN edge, and
// asks it whether it has anything to report. So whether a ready inner instance is reported again
// and again, or once for each wake-up, is decided by the outer interest alone.

// maxNesting is the number of instances that may watch each other in a chain, less one
// (EP_MAX_NESTS in fs/eventpoll.c).
const maxNesting = 4

// ready polls the instance (ep_eventpoll_poll): it is IN while the ready list has something that is
// still ready. What is not goes off the list; what stays releases a waiter, as at the end of a wait
// (ep_done_scan).
func (e *epoll) ready() Ready {
	e.w.Touch(e.object, true)
	var r Ready
	if e.flaws.has(flawEdgesInside) {
		return e.readyOfLevel()
	}
	for e.head != nil {
		if e.head.poll() != 0 {
			r = IN
			e.waiters.WakeOne()
			break
		}
		e.unlink(e.head)
	}
	return r
}

// mayNest reports whether an interest in inner leaves all chains without loops and short enough
// (ep_loop_check). The limit on the number of paths to one file (1000, 500, 100, 50, 10 by length)
// is not modelled.
func (e *epoll) mayNest(inner *epoll) bool {
	down := inner.depth(e)
	return down <= maxNesting && down+1+e.height(inner) <= maxNesting
}

// depth is how many links deep the instances below e go; more than allowed if they lead to outer.
func (e *epoll) depth(outer *epoll) int {
	n := 0
	for _, it := range e.interests {
		inner := it.file.ep
		switch {
		case inner == nil:
			continue
		case inner == outer:
			return maxNesting + 1
		}
		n = max(n, inner.depth(outer)+1)
	}
	return n
}

// height is how many links there are above e; more than allowed if inner is there, which below it is not where a flawed kernel has another file for e by now.
func (e *epoll) height(inner *epoll) int {
	n := 0
	for _, it := range e.pollers {
		if it.ep == inner {
			return maxNesting + 1
		}
		n = max(n, it.ep.height(inner)+1)
	}
	return n
}
