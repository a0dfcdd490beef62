package engine

import (
	"strings"

	"github.com/ioconform/ioconform/spec"
)

// Moments of pollers.

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
		if s.one(3) && s.can(spec.CanShutdown) {
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
	if s.one(2) && s.can(spec.CanDuplicate) {
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
		s.sleeper(e, s.word(" forever", " 1ms"))
	}
	s.draw(s.deck(readyFarCalls))
	return true
}
