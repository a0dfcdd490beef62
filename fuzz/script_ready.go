package fuzz

import (
	"strings"

	"github.com/ioconform/ioconform/spec"
)

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
	{3, nil, (*script).tryConnect},
	{3, nil, (*script).tryMail},
	{3, nil, (*script).shutdownRaw},
	{4, nil, (*script).closeRaw},
	{2, nil, (*script).dupRaw},
	{1, nil, (*script).closePoller},
	{2, []spec.Capability{spec.CanNest}, (*script).nest},
	{1, nil, (*script).pass},
}

var readyOpenings = []kind{
	{4, nil, (*script).readySession},
	{3, nil, (*script).poller},
	{2, nil, (*script).listenRaw},
	{3, nil, (*script).mailRaw},
	{3, nil, (*script).socketRaw},
	{2, nil, (*script).place},
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
	{2, nil, (*script).refusal},
	{1, nil, (*script).readyCrowd},
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
	if lis == nil {
		lis = &thing{name: "L"}
		s.listeners = append(s.listeners, lis)
	}
	x := &thing{name: s.name('s')}
	c := &thing{name: s.name('c'), on: x}
	s.line("session %s peer=%s", x.name, c.name)
	s.socks, s.far = append(s.socks, x), append(s.far, c)
	return true
}

func (s *script) listenRaw() bool {
	if len(s.listeners) > 1 {
		return false
	}
	l := &thing{name: s.name('L')}
	s.line("listen %s%s", l.name, s.word("", " backlog=1"))
	s.listeners = append(s.listeners, l)
	return true
}

// mailRaw opens a socket of datagrams; the far end comes with the first that it sends.
func (s *script) mailRaw() bool {
	u := &thing{name: s.name('u'), mail: true}
	s.line("udp %s", u.name)
	s.socks = append(s.socks, u)
	f := &thing{name: s.name('v'), mail: true, on: u}
	s.peer("%s sends %s to %s", f.name, s.word("1", "4", "8", "0"), u.name)
	s.far = append(s.far, f)
	return true
}

func (s *script) socketRaw() bool {
	x := &thing{name: s.name('s'), raw: true}
	s.line("tcp %s", x.name)
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
		s.line("wait %s%s%s", e.name, s.word("", " 0s", " 0s", " 1ms", " 5ms"), s.word("", "", " max=1", " max=2"))
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
	to := s.any(append(s.places[:len(s.places):len(s.places)], s.listeners...), nil)
	if to == nil {
		return false
	}
	s.line("try connect on %s to %s", x.name, to.name)
	return true
}

func (s *script) tryMail() bool {
	x := s.any(s.socks, func(x *thing) bool { return x.mail && !x.closed })
	to := s.any(s.socks, func(x *thing) bool { return x.mail })
	if to == nil || !s.use(x) {
		return false
	}
	s.line("try sendto on %s to %s len=%s", x.name, to.name, s.word("1", "8", "0"))
	return true
}

func (s *script) shutdownRaw() bool {
	x := s.any(s.socks, func(x *thing) bool { return !x.mail && !x.closed })
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

func (s *script) dupRaw() bool {
	x := s.any(s.socks, open)
	if !s.use(x) {
		return false
	}
	y := &thing{name: s.name('h'), mail: x.mail, raw: x.raw}
	s.line("dup %s as %s", x.name, y.name)
	s.socks = append(s.socks, y)
	return true
}

// closePoller closes a poller while nobody is about to wait on it: its number may be another's at once. Those who are waiting already go on waiting.
func (s *script) closePoller() bool {
	e := s.any(s.pollers, open)
	if e == nil || s.inPar || len(s.pollers) == 1 && !s.one(3) {
		return false
	}
	s.line("settle")
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
	s.peer("%s sends %s", f.name, s.word("1", "4", "8", "16", "300", "4k"))
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

// connected is a stream socket of a session, with its far end.
func (s *script) connected() (x, c *thing) {
	c = s.any(s.far, func(f *thing) bool {
		return !f.gone && !f.mail && f.on != nil && !f.on.closed && f.on.name[0] == 's'
	})
	if c == nil {
		return nil, nil
	}
	return c.on, c
}

// armAgain is one-shot or edge-triggered interest that is armed again, by one thread or two, as data comes.
func (s *script) armAgain() bool {
	x, c := s.connected()
	e := s.any(s.pollers, open)
	if x == nil || e == nil || s.inPar {
		return false
	}
	flags := s.word("in oneshot", "in oneshot", "in edge oneshot", "in edge", "in out oneshot", "in", "out edge")
	s.line("add %s to %s %s", x.name, e.name, flags)
	arm := func() { s.line("modify %s in %s %s", x.name, e.name, flags) }
	wait := func() { s.line("wait %s%s", e.name, s.word("", " 0s", " 1ms")) }
	for range 1 + s.below(2) {
		s.peer("%s sends %s", c.name, s.word("1", "4"))
		if s.one(2) {
			wait()
		}
		arm()
		if s.one(2) {
			wait()
		}
	}
	s.par(func() { arm(); wait() }, func() { wait(); arm() }, func() { s.peer("%s sends 1", c.name); wait() })
	wait()
	return true
}

// twoWaits is several threads that wait for the same thing.
func (s *script) twoWaits() bool {
	x, c := s.connected()
	e := s.any(s.pollers, open)
	if x == nil || e == nil || s.inPar {
		return false
	}
	s.line("add %s to %s %s", x.name, e.name, s.flags())
	wait := func() {
		s.line("wait %s%s%s", e.name, s.word("", " 1ms", " 0s"), s.word("", " max=1"))
		if s.one(3) {
			s.line("try recv on %s len=%s", x.name, s.word("1", "64"))
		}
	}
	s.par(wait, wait, func() { s.peer("%s sends %s", c.name, s.word("1", "8")) }, func() {
		if s.one(2) {
			s.draw(s.deck(readyCalls))
		}
		wait()
	})
	return true
}

// hangUps is the ends of a connection, one after the other, looked at each time.
func (s *script) hangUps() bool {
	x, c := s.connected()
	e := s.any(s.pollers, open)
	if x == nil || e == nil {
		return false
	}
	s.line("add %s to %s %s", x.name, e.name, s.word("in rdhup", "in", "in out rdhup", "none", "rdhup", "out", "in rdhup oneshot", "in edge"))
	look := func() {
		s.line("wait %s%s", e.name, s.word("", " 0s"))
		if s.one(3) {
			s.line("try recv on %s len=8", x.name)
		}
	}
	for _, what := range []string{"sends 4", "half-closes", "closes"} {
		if s.one(3) {
			continue
		}
		if what == "closes" {
			what = s.word("closes", "resets")
			c.gone = true
		}
		s.peer("%s %s", c.name, what)
		if !s.inPar && s.one(2) {
			s.line("settle")
		}
		look()
		if s.one(3) {
			s.line("shutdown %s %s", x.name, s.word("send", "both", "receive"))
			look()
		}
	}
	return true
}

// littleRoom is more that is ready than a wait has room for.
func (s *script) littleRoom() bool {
	e := s.any(s.pollers, open)
	if e == nil || s.inPar {
		return false
	}
	var list []*thing
	for _, c := range s.far {
		if !c.gone && !c.mail && c.on != nil && !c.on.closed && c.on.name[0] == 's' {
			list = append(list, c)
		}
	}
	if len(list) < 2 {
		return s.readySession()
	}
	how := s.word("in", "in", "in oneshot", "in edge", "out")
	for _, c := range list {
		s.line("add %s to %s %s", c.on.name, e.name, how)
		if how != "out" {
			s.peer("%s sends 1", c.name)
		}
	}
	if s.one(2) {
		s.line("settle")
	}
	for range 2 + s.below(3) {
		s.line("wait %s max=%d", e.name, 1+s.below(2))
		if s.one(4) {
			s.draw(s.deck(readyCalls))
		}
	}
	return true
}

// gone is a file that is removed or closed, with a duplicate or without, while it is ready.
func (s *script) gone() bool {
	x, c := s.connected()
	e := s.any(s.pollers, open)
	if x == nil || e == nil || s.inPar {
		return false
	}
	flags := s.flags()
	s.line("add %s to %s %s", x.name, e.name, flags)
	if s.one(2) {
		y := &thing{name: s.name('h')}
		s.line("dup %s as %s", x.name, y.name)
		s.socks = append(s.socks, y)
	}
	if s.one(2) {
		s.peer("%s sends 1", c.name)
	}
	if s.one(3) {
		s.line("settle")
	}
	leave := func() {
		if s.one(2) {
			s.line("remove %s from %s", x.name, e.name)
		} else if s.claim(x) {
			s.line("close %s", x.name)
			x.closed = true
		}
	}
	if s.one(2) {
		leave()
	} else {
		s.par(leave, func() { s.peer("%s sends 1", c.name) }, func() { s.line("wait %s%s", e.name, s.word("", " 0s", " 1ms")) })
	}
	s.peer("%s sends 1", c.name)
	s.line("wait %s", e.name)
	if strings.Contains(flags, "in") && s.one(2) {
		s.readySession()
		s.add()
		s.line("wait %s", e.name)
	}
	return true
}

// refusal is a connect that succeeds, or that nobody listens for, and what is reported of it.
func (s *script) refusal() bool {
	e := s.any(s.pollers, open)
	if e == nil || s.inPar {
		return false
	}
	q := &thing{name: s.name('q')}
	q.closed = s.one(2)
	s.peer("%s %s", q.name, map[bool]string{true: "refuses", false: "listens"}[q.closed])
	s.places = append(s.places, q)
	x := &thing{name: s.name('s')}
	s.line("tcp %s", x.name)
	s.socks = append(s.socks, x)
	watch := func() {
		s.line("add %s to %s %s", x.name, e.name, s.word("in", "out", "in out", "none", "rdhup", "out edge"))
	}
	before := s.one(2)
	if before {
		watch()
	}
	s.line("try connect on %s to %s", x.name, q.name)
	if !before {
		watch()
	}
	for range 1 + s.below(2) {
		s.line("wait %s", e.name)
	}
	s.line("try connect on %s to %s", x.name, q.name)
	s.line("wait %s 1ms", e.name)
	return true
}

// readyCrowd is many files that have something to report at the same time.
func (s *script) readyCrowd() bool {
	e := s.any(s.pollers, open)
	if e == nil || s.inPar || s.indent != "" || len(s.socks) > 12 {
		return false
	}
	how := s.word("in", "out edge", "in oneshot", "out")
	for range 10 {
		x := &thing{name: s.name('s'), raw: true}
		s.line("tcp %s", x.name)
		s.line("add %s to %s %s", x.name, e.name, how)
		s.socks = append(s.socks, x)
	}
	for range 2 + s.below(2) {
		s.line("wait %s%s", e.name, s.word("", " max=16", " max=4"))
	}
	return true
}

// exclusively is a file that several pollers watch.
func (s *script) exclusively() bool {
	if len(s.pollers) < 2 {
		return s.poller()
	}
	x := s.any(s.socks, func(x *thing) bool { return !x.closed && !x.raw })
	if s.inPar || x == nil {
		return false
	}
	for _, e := range s.pollers {
		s.line("add %s to %s in exclusive", x.name, e.name)
		s.at = s.name('w')
		s.line("wait %s%s &", e.name, s.word(" forever", " 1ms"))
		s.at = ""
	}
	s.draw(s.deck(readyFarCalls))
	return true
}
