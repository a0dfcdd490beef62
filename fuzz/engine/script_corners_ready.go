package engine

import "github.com/ioconform/ioconform/spec"

// readyCorners are the moments of corner scripts for pollers.
var readyCorners = []kind{
	{3, nil, (*script).manyWatched},
	{2, nil, (*script).manyPollers},
	{2, []spec.Capability{spec.CanWorkers}, (*script).manyWaiters},
	{3, nil, (*script).readyWaitsOfAnyTime},
	{1, nil, (*script).addedManyTimes},
}

// manyWatched is more files in one poller than a table has room for, some of which have something to report.
func (s *script) manyWatched() bool {
	e := s.any(s.pollers, open)
	if e == nil || !s.outside() {
		return false
	}
	if s.one(2) {
		e = &thing{name: s.name('E')}
		s.line("poller %s", e.name)
		s.pollers = append(s.pollers, e)
	}
	mail, look := s.one(2) && s.can(spec.CanDatagram), s.one(2)
	x := &thing{raw: !mail, mail: mail}
	s.times(s.many(), func() {
		if mail {
			x.name = s.name('u')
			s.line("udp %s", x.name)
		} else {
			x.name = s.name('s')
			s.line("tcp %s", x.name)
		}
		s.line("add %s to %s %s", x.name, e.name, s.word("out oneshot", "out edge", "in", "in out", "out", "in oneshot"))
		if look {
			s.line("wait %s%s", e.name, s.word(" 0s", "", " max=1"))
		}
	})
	s.socks = append(s.socks, x)
	for range 1 + s.below(3) {
		s.line("wait %s%s", e.name, s.word("", " max=64", " max=16", " 0s"))
	}
	if y, c := s.connected(); y != nil && s.one(2) { // and one more
		s.line("add %s to %s %s", y.name, e.name, s.flags())
		s.peer("%s sends 1", c.name)
		s.line("wait %s", e.name)
	}
	return true
}

// manyPollers is a file that many pollers watch, and what they all report, or one of them after the others.
func (s *script) manyPollers() bool {
	x, c := s.connected()
	if x == nil || !s.outside() {
		return false
	}
	e := &thing{}
	s.times(s.word("10", "20", "40"), func() {
		e.name = s.name('E')
		s.line("poller %s", e.name)
		s.line("add %s to %s %s", x.name, e.name, s.word("in", "in", "in edge", "out", "in oneshot"))
	})
	s.pollers = append(s.pollers, e)
	s.peer("%s sends %s", c.name, s.word("1", "4"))
	if s.one(2) {
		s.line("settle")
	}
	s.line("wait %s", e.name)
	return true
}

// manyWaiters is more threads asleep in a poller than a small table has room for, and something to report to one of them or to all.
func (s *script) manyWaiters() bool {
	x, c := s.connected()
	e := s.any(s.pollers, open)
	if x == nil || e == nil || !s.outside() || s.workers() == 1 {
		return false
	}
	s.line("add %s to %s %s", x.name, e.name, s.word("in", "in", "in edge", "in oneshot", "in rdhup"))
	s.sleeps(e, 5+s.below(manyThreads-4), " forever", " forever", " forever max=1", "")
	for range 1 + s.below(2) {
		s.peer("%s %s", c.name, s.word("sends 1", "sends 4", "half-closes"))
		s.line("settle")
	}
	return true
}

// readyWaitsOfAnyTime is waits whose limits are no whole milliseconds.
func (s *script) readyWaitsOfAnyTime() bool {
	e := s.any(s.pollers, open)
	if e == nil || s.inPar {
		return false
	}
	if s.one(2) { // in which nothing is
		e = &thing{name: s.name('E')}
		s.line("poller %s", e.name)
		s.pollers = append(s.pollers, e)
	}
	s.waitsFor(e, readyFarCalls)
	return true
}

// addedManyTimes is a file that is added and taken out again, more often than a counter of few bits or a table has room for.
func (s *script) addedManyTimes() bool {
	x, c := s.connected()
	e := s.any(s.pollers, open)
	if x == nil || e == nil || !s.outside() {
		return false
	}
	s.times(s.many(), func() {
		s.line("add %s to %s %s", x.name, e.name, s.flags())
		if s.one(2) {
			s.line("wait %s 0s", e.name)
		}
		s.line("remove %s from %s", x.name, e.name)
	})
	s.line("add %s to %s in", x.name, e.name)
	s.peer("%s sends 1", c.name)
	s.line("wait %s", e.name)
	return true
}
