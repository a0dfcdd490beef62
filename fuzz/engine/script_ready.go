package engine

import "github.com/ioconform/ioconform/spec"

// readiness draws a script for a poller.
func (s *script) readiness() {
	calls, opens, ends, moments := s.deck(readyCalls), s.deck(readyOpenings), s.deck(readyFarCalls), s.deck(readyMoments)
	s.poller()
	for range 1 + s.below(2) {
		s.readySession()
	}
	for range 1 + s.below(3) {
		s.add()
	}
	if s.corner {
		moments = s.deck(readyCorners)
		s.draw(moments)
	}
	for tries := 0; s.room > 0 && tries < 200; tries++ {
		switch n := s.below(20); {
		case n < 2:
			s.draw(opens)
		case n < 8:
			s.draw(calls)
		case n < 11:
			s.draw(ends)
		case n < 13:
			s.draw(moments)
		case n < 14:
			s.repeat(func() { s.draw(moments) })
		case n < 16:
			s.watch()
		case n < 17:
			s.line("settle")
		default:
			s.melee(calls, ends)
		}
	}
}

// readyCalls are the calls that a thread makes.
var readyCalls = []kind{
	{12, nil, (*script).add},
	{10, nil, (*script).modify},
	{4, nil, (*script).remove},
	{24, nil, (*script).waitReady},
	{12, nil, (*script).tryReceive},
	{7, nil, (*script).trySend},
	{4, nil, (*script).tryAccept},
	{3, []spec.Capability{spec.CanConnect}, (*script).tryConnect},
	{3, []spec.Capability{spec.CanDatagram}, (*script).tryMail},
	{3, []spec.Capability{spec.CanShutdown}, (*script).shutdownRaw},
	{4, nil, (*script).closeRaw},
	{2, []spec.Capability{spec.CanDuplicate}, (*script).duplicate},
	{1, nil, (*script).closePoller},
	{2, []spec.Capability{spec.CanNest}, (*script).nest},
	{1, nil, (*script).pass},
}

var readyOpenings = []kind{
	{4, nil, (*script).readySession},
	{3, nil, (*script).poller},
	{2, nil, (*script).listenRaw},
	{3, []spec.Capability{spec.CanDatagram}, (*script).mailRaw},
	{3, nil, (*script).socketRaw},
	{2, []spec.Capability{spec.CanConnect}, (*script).place},
}

var readyFarCalls = []kind{
	{30, nil, (*script).farSendsReady},
	{6, nil, (*script).farReads},
	{6, nil, (*script).farEnds},
	{6, nil, (*script).dialRaw},
}

// readyMoments are what is likely to go wrong.
var readyMoments = []kind{
	{4, nil, (*script).armAgain},
	{4, nil, (*script).twoWaits},
	{4, nil, (*script).hangUps},
	{3, nil, (*script).littleRoom},
	{3, nil, (*script).gone},
	{2, []spec.Capability{spec.CanExclusive}, (*script).exclusively},
	{2, []spec.Capability{spec.CanConnect}, (*script).refusal},
	{1, nil, (*script).readyCrowd},
	{3, []spec.Capability{spec.CanNest}, (*script).pollersInPollers},
	{2, nil, (*script).roomAgain},
	{3, nil, (*script).receivedInPart},
}

func (s *script) poller() bool {
	if len(s.pollers) > 2 {
		return false
	}
	e := &thing{name: s.name('E')}
	s.line("poller %s", e.name)
	s.pollers = append(s.pollers, e)
	return true
}

// readySession makes a connected pair. The listener L is that of all sessions.
func (s *script) readySession() bool {
	if len(s.far) > 6 {
		return false
	}
	lis := s.byName(s.listeners, "L")
	if lis != nil && lis.closed {
		return false
	}
	ip := ""
	if lis == nil {
		lis = &thing{name: "L"}
		ip, lis.v6 = s.family()
		s.listeners = append(s.listeners, lis)
	}
	x := &thing{name: s.name('s'), v6: lis.v6}
	c := &thing{name: s.name('c'), on: x}
	s.line("session %s peer=%s%s", x.name, c.name, ip)
	s.socks, s.far = append(s.socks, x), append(s.far, c)
	return true
}

func (s *script) listenRaw() bool {
	if len(s.listeners) > 1 {
		return false
	}
	l := &thing{name: s.name('L')}
	ip, v6 := s.family()
	l.v6 = v6
	s.line("listen %s%s%s", l.name, s.word("", " backlog=1"), ip)
	s.listeners = append(s.listeners, l)
	return true
}

// mailRaw opens a socket of datagrams; the far end comes with the first that it sends.
func (s *script) mailRaw() bool {
	if !s.can(spec.CanDatagram) {
		return false
	}
	ip, v6 := s.family()
	u := &thing{name: s.name('u'), mail: true, v6: v6}
	s.line("udp %s%s", u.name, ip)
	s.socks = append(s.socks, u)
	f := &thing{name: s.name('v'), mail: true, on: u, v6: v6}
	s.peer("%s sends %s to %s", f.name, s.word("1", "4", "8", "0"), u.name)
	s.far = append(s.far, f)
	return true
}

func (s *script) socketRaw() bool {
	ip, v6 := s.family()
	x := &thing{name: s.name('s'), raw: true, v6: v6}
	s.line("tcp %s%s%s", x.name, ip, s.word("", "", "", " bind=yes"))
	s.socks = append(s.socks, x)
	return true
}

func (s *script) anyPoller() *thing {
	return s.any(s.pollers, func(e *thing) bool { return !e.closed || s.one(8) })
}

// file returns something that can be watched.
func (s *script) file() *thing {
	list := s.socks
	if s.one(5) {
		list = s.listeners
	}
	x := s.any(list, func(x *thing) bool { return !x.closed || s.one(10) })
	if !s.use(x) {
		return nil
	}
	return x
}

// flags are what is asked of a file.
func (s *script) flags() string {
	what := s.word("in", "in", "in", "out", "in out", "in rdhup", "in out rdhup", "rdhup", "none")
	how := s.word("", "", "", " level", " edge", " edge", " oneshot", " oneshot", " edge oneshot")
	if s.can(spec.CanExclusive) && s.one(10) {
		how = s.word(" exclusive", " exclusive", " edge exclusive")
	}
	return what + how
}

func (s *script) add() bool {
	x, e := s.file(), s.anyPoller()
	if x == nil || e == nil {
		return false
	}
	s.line("add %s to %s %s", x.name, e.name, s.flags())
	return true
}

func (s *script) modify() bool {
	x, e := s.file(), s.anyPoller()
	if x == nil || e == nil {
		return false
	}
	flags := s.flags()
	for range 1 + s.below(2)*s.below(2) {
		s.line("modify %s in %s %s", x.name, e.name, flags)
	}
	return true
}

func (s *script) remove() bool {
	x, e := s.file(), s.anyPoller()
	if x == nil || e == nil {
		return false
	}
	s.line("remove %s from %s", x.name, e.name)
	return true
}

func (s *script) waitReady() bool {
	e := s.anyPoller()
	if e == nil {
		return false
	}
	for range 1 + s.below(2)*s.below(2) {
		time := s.word("", " 0s", " 0s", " 1ms", " 5ms")
		if s.dense && s.at != "" && s.one(4) {
			time = " forever"
		}
		s.line("wait %s%s%s", e.name, time, s.word("", "", " max=1", " max=2"))
	}
	return true
}

// watch posts threads that wait in the background.
func (s *script) watch() bool {
	e := s.any(s.pollers, open)
	if e == nil || s.workers() == 1 {
		return false
	}
	for range 1 + s.below(3) {
		s.at = s.name('w')
		s.line("wait %s%s%s &", e.name, s.word(" forever", " forever", " 1ms", ""), s.word("", " max=1"))
		s.at = ""
	}
	if s.one(2) {
		s.line("settle")
	}
	return true
}

func (s *script) tryReceive() bool {
	x := s.any(s.socks, func(x *thing) bool { return !x.closed || s.one(10) })
	if !s.use(x) {
		return false
	}
	verb := "recv"
	if x.mail {
		verb = "recvfrom"
	}
	for range 1 + s.below(2) {
		s.line("try %s on %s len=%s", verb, x.name, s.word("1", "2", "4", "8", "64", "300", "4k"))
	}
	return true
}

func (s *script) trySend() bool {
	x := s.any(s.socks, func(x *thing) bool { return !x.mail && (!x.closed || s.one(10)) })
	if !s.use(x) {
		return false
	}
	n := s.word("1", "4", "8", "64", "300")
	if s.one(4) {
		n = s.flood()
	}
	s.line("try send on %s len=%s", x.name, n)
	return true
}

func (s *script) tryAccept() bool {
	l := s.any(s.listeners, func(x *thing) bool { return !x.closed || s.one(10) })
	if !s.use(l) {
		return false
	}
	x := &thing{name: s.name('s')}
	s.line("try accept on %s as %s", l.name, x.name)
	s.socks = append(s.socks, x)
	return true
}

func (s *script) tryConnect() bool {
	x := s.any(s.socks, func(x *thing) bool { return x.raw && !x.closed })
	if !s.use(x) {
		return false
	}
	to := s.any(append(s.places[:len(s.places):len(s.places)], s.listeners...), func(p *thing) bool { return p.v6 == x.v6 || s.one(8) })
	if to == nil {
		return false
	}
	s.line("try connect on %s to %s", x.name, to.name)
	return true
}

func (s *script) tryMail() bool {
	x := s.any(s.socks, func(x *thing) bool { return x.mail && !x.closed })
	fits := func(y *thing) bool { return y.mail && x != nil && y.v6 == x.v6 }
	to := s.any(s.socks, fits)
	if f := s.any(s.far, fits); f != nil && s.one(2) {
		to = f
	}
	if to == nil || !s.use(x) {
		return false
	}
	s.line("try sendto on %s to %s len=%s", x.name, to.name, s.word("1", "8", "0"))
	return true
}

func (s *script) shutdownRaw() bool {
	x := s.any(s.socks, func(x *thing) bool { return !x.mail && !x.closed })
	if s.dense && s.one(4) { // whatever it is
		x = s.file()
	}
	if !s.use(x) {
		return false
	}
	s.line("shutdown %s %s", x.name, s.word("send", "send", "receive", "both"))
	return true
}

func (s *script) closeRaw() bool {
	list := s.socks
	if s.one(6) {
		list = s.listeners
	}
	x := s.any(list, open)
	if !s.claim(x) {
		return false
	}
	s.line("close %s", x.name)
	x.closed = true
	return true
}

// closePoller closes a poller while nobody is about to wait on it: its number may be another's at once. Those who are waiting already go on waiting.
func (s *script) closePoller() bool {
	e := s.any(s.pollers, func(e *thing) bool { return !e.closed || s.one(6) })
	if e == nil || s.inPar || len(s.pollers) == 1 && !s.one(3) {
		return false
	}
	if !s.dense { // conduct.go has it settle where there is need
		s.line("settle")
	}
	s.line("close %s", e.name)
	e.closed = true
	return true
}

// nest has one poller watch another, or no longer.
func (s *script) nest() bool {
	e, f := s.any(s.pollers, open), s.any(s.pollers, open)
	if e == nil || e == f {
		return false
	}
	switch s.below(5) {
	case 0:
		s.line("remove %s from %s", f.name, e.name)
	case 1:
		s.line("modify %s in %s %s", f.name, e.name, s.word("in", "in edge", "in oneshot"))
	default:
		s.line("add %s to %s %s", f.name, e.name, s.word("in", "in", "in edge", "in oneshot"))
	}
	return true
}

func (s *script) farSendsReady() bool {
	f := s.any(s.far, func(f *thing) bool { return !f.gone })
	if f == nil {
		return false
	}
	if f.mail {
		if f.on == nil || f.on.closed {
			return false
		}
		for range 1 + s.below(2) {
			s.peer("%s sends %s to %s", f.name, s.word("1", "4", "8", "0"), f.on.name)
		}
		return true
	}
	n := s.word("1", "4", "8", "16", "300", "4k")
	if s.dense && s.one(4) {
		n = "64k"
	}
	s.peer("%s sends %s", f.name, n)
	return true
}

func (s *script) dialRaw() bool {
	l := s.any(s.listeners, open)
	if l == nil || len(s.far) > 10 {
		return false
	}
	c := &thing{name: s.name('c'), on: l}
	if s.inPar || s.one(2) {
		s.peer("%s connects %s", c.name, l.name)
	} else {
		x := &thing{name: s.name('s')}
		s.peer("%s connects %s as %s", c.name, l.name, x.name)
		s.socks = append(s.socks, x)
	}
	s.far = append(s.far, c)
	return true
}
