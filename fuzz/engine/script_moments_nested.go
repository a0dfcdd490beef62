package engine

// Moments of pollers that watch others, and of what is there and is not taken at once.

// pollersInPollers is one poller in another, or in a third that is in another, and something that becomes ready in the innermost: added as it is, or by what comes.
func (s *script) pollersInPollers() bool {
	x, c := s.connected()
	if x == nil || s.inPar || s.indent != "" {
		return false
	}
	chain := s.freePollers(2 + s.below(2))
	if chain == nil {
		return false
	}
	inner := chain[len(chain)-1]
	watch := func() {
		s.line("add %s to %s %s", x.name, inner.name, s.word("in", "in", "out", "in edge", "in oneshot"))
	}
	before := s.one(2)
	if before {
		watch()
	}
	for i := len(chain) - 1; i > 0; i-- {
		s.line("add %s to %s %s", chain[i].name, chain[i-1].name, s.word("in", "in", "in edge", "in oneshot"))
	}
	look := func() {
		for range 1 + s.below(2) {
			s.line("wait %s%s", chain[s.below(len(chain))].name, s.word("", " 0s"))
		}
	}
	if s.one(2) {
		look()
	}
	asleep := s.one(2) && s.workers() > 1
	if asleep {
		s.at = s.name('w')
		s.line("wait %s forever &", chain[0].name)
		s.at = ""
		s.line("settle")
	}
	if !before {
		watch()
	}
	if s.one(2) {
		s.peer("%s sends %s", c.name, s.word("1", "4"))
	}
	if asleep || s.one(2) {
		s.line("settle")
	}
	if s.one(2) { // another one watches what the first does, and both are to say the same
		beside := s.freePollers(len(chain) + 1)[len(chain)]
		s.line("add %s to %s in", chain[1].name, beside.name)
		s.line("wait %s", beside.name)
		s.line("wait %s%s", chain[0].name, s.word("", " 0s"))
	}
	for range 1 + s.below(2) {
		look()
	}
	return true
}

// freePollers is so many open pollers, new ones among them if need be.
func (s *script) freePollers(n int) (list []*thing) {
	for _, e := range s.pollers {
		if !e.closed && len(list) < n {
			list = append(list, e)
		}
	}
	for len(list) < n {
		e := &thing{name: s.name('E')}
		s.line("poller %s", e.name)
		s.pollers = append(s.pollers, e)
		list = append(list, e)
	}
	return list
}

// roomAgain is a connection that is full until the far end reads, and who waits for room meanwhile.
func (s *script) roomAgain() bool {
	x, c := s.connected()
	e := s.any(s.pollers, open)
	if x == nil || e == nil || s.inPar || s.indent != "" {
		return false
	}
	for range 2 + s.below(3) {
		s.line("try send on %s len=%s", x.name, s.flood())
	}
	s.line("settle")
	s.line("try send on %s len=%s", x.name, s.flood())
	watch := func() {
		s.line("add %s to %s %s", x.name, e.name, s.word("out", "out", "out edge", "out oneshot", "in out"))
	}
	before := s.one(2)
	if before {
		watch()
	}
	asleep := s.one(2) && s.workers() > 1
	if asleep {
		s.at = s.name('w')
		s.line("wait %s forever &", e.name)
		s.at = ""
		s.line("settle")
	}
	s.peer("%s reads %s", c.name, s.flood())
	s.line("settle")
	if !before {
		watch()
	}
	s.line("wait %s", e.name)
	return true
}

// receivedInPart is more that has come than is received, and what is reported of the rest.
func (s *script) receivedInPart() bool {
	e := s.any(s.pollers, open)
	f := s.any(s.far, func(f *thing) bool { return !f.gone && f.on != nil && !f.on.closed && (f.mail || f.on.name[0] == 's') })
	if e == nil || f == nil || s.inPar {
		return false
	}
	x := f.on
	s.line("add %s to %s %s", x.name, e.name, s.word("in edge", "in edge", "in", "in oneshot", "in out edge"))
	for range 1 + s.below(3) {
		if f.mail {
			s.peer("%s sends %s to %s", f.name, s.word("1", "4", "8"), x.name)
		} else {
			s.peer("%s sends %s", f.name, s.word("1", "4", "8"))
		}
	}
	if s.indent == "" {
		s.line("settle")
	}
	verb := map[bool]string{true: "recvfrom", false: "recv"}[f.mail]
	for range 1 + s.below(3) {
		s.line("wait %s%s", e.name, s.word("", " 0s"))
		s.line("try %s on %s len=%s", verb, x.name, s.word("1", "4"))
	}
	s.line("wait %s", e.name)
	return true
}
