package simnet

// asks is what an interest that is added asks for.
func (e *epoll) asks(events Ready) Ready {
	switch {
	case e.flaws.has(flawExclusiveLevel) && events&EXCLUSIVE != 0:
		events &^= ET
	case e.flaws.has(flawRdHupAsksIn) && events&RDHUP != 0:
		events |= IN
	}
	return events
}

// disarm is what becomes of a one-shot that is reported as r.
func (e *epoll) disarm(it *interest, r Ready) {
	for _, x := range *it.file.pollers() {
		if x.events&ONESHOT != 0 && (e.flaws.has(flawDisarmsOthers) && x.ep != e || e.flaws.has(flawDisarmsTwins) && x.ep == e) {
			x.events &= controlBits
		}
	}
	if left := it.events & (IN | OUT | RDHUP) &^ r; e.flaws.has(flawOneShotEach) && left != 0 {
		it.events = it.events&^(IN|OUT|RDHUP) | left
		return
	}
	it.events &= controlBits
}
