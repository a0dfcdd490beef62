package engine

import "github.com/ioconform/ioconform/spec"

// Moments of connects, disconnects and what only Windows has.

// anyPlace is where a far end listens, over IPv4.
func (s *script) anyPlace() *thing {
	q := s.any(s.places, func(q *thing) bool { return !q.v6 && !q.closed })
	if q == nil {
		q = &thing{name: s.name('q')}
		s.peer("%s listens", q.name)
		s.places = append(s.places, q)
	}
	return q
}

// connects is a socket that is connected: once, twice, at once, to somebody and to nobody.
func (s *script) connects() bool {
	p := s.any(s.ports, open)
	if p == nil || s.inPar {
		return false
	}
	q := s.anyPlace()
	nobody := s.any(s.places, func(q *thing) bool { return !q.v6 && q.closed })
	if nobody == nil && s.one(2) {
		nobody = &thing{name: s.name('q'), closed: true}
		s.peer("%s refuses", nobody.name)
		s.places = append(s.places, nobody)
	}
	x := &thing{name: s.name('s')}
	s.line("tcp %s", x.name)
	s.line("associate %s to %s key=%s", x.name, p.name, s.key())
	x.port = p
	s.socks = append(s.socks, x)
	data := func() string {
		if s.can(spec.CanWin32) && s.one(2) {
			return " data=" + s.word("8", "40") + s.word("", " overwrite=yes")
		}
		return ""
	}
	to := q
	if nobody != nil && s.one(3) {
		to = nobody
	}
	connect := func() { s.use(x); s.start("connect", x, " to "+to.name+data()) }
	look := func() { s.line("wait %s", p.name) }
	switch s.below(5) {
	case 0: // elsewhere, if it was in vain
		if nobody != nil {
			to = nobody
		}
		connect()
		if s.one(2) {
			look()
		}
		to = q
		connect()
		look()
	case 1:
		s.amid(p, connect, func() {
			if s.one(3) {
				connect()
			} else if s.one(2) {
				s.use(x)
				s.start("recv", x, " len=4")
			}
		})
	case 2: // the far end does not wait until we have noticed
		c := &thing{name: s.name('c'), on: x}
		s.amid(p, connect, func() {
			s.peer("%s accepts as %s", q.name, c.name)
		}, func() {
			if s.one(2) {
				s.peer("%s sends 4", c.name)
			}
			s.peer("%s %s", c.name, s.word("half-closes", "closes", "resets"))
		})
		s.start("recv", x, " len=8")
		s.start("recv", x, " len=8")
		return true
	default:
		s.amid(p, connect)
	}
	if to == q {
		c := &thing{name: s.name('c'), on: x}
		s.peer("%s accepts as %s", q.name, c.name)
		s.far = append(s.far, c)
		if s.one(2) {
			s.start("recv", x, " len=8")
			s.peer("%s sends 8", c.name)
			s.start("send", x, " len=5")
			s.peer("%s reads %s", c.name, s.word("5", "45"))
		}
		if s.one(2) {
			look()
		}
	}
	return true
}

// usedAgain is a socket that is disconnected and used for another connection.
func (s *script) usedAgain() bool {
	x, c := s.pair()
	if x == nil || s.inPar {
		return false
	}
	p := x.port
	if s.one(3) {
		s.start("send", x, " len="+s.some())
	}
	if s.one(4) { // two at once
		s.amid(p, func() { s.use(x); s.disconnectLine(x, "") }, func() { s.use(x); s.disconnectLine(x, s.word("", " reuse=yes")) })
		return true
	}
	s.disconnectLine(x, s.word("", " reuse=yes", " reuse=yes", " reuse=yes"))
	s.peer("%s reads eof", c.name)
	if s.one(2) {
		s.peer("%s closes", c.name)
		c.gone = true
	}
	s.line("wait %s max=4", p.name)
	if s.one(4) {
		s.start("send", x, " len=2")
	}
	if l := s.listening(); l != nil && !l.v6 && s.can(spec.CanAcceptInto) && len(s.far) < 10 && !s.one(3) {
		s.start("accept", l, " into "+x.name)
		d := s.client(l)
		s.line("wait %s max=2", l.port.name)
		s.bothWays(x, d)
		d.on = x
		return true
	}
	if q := s.any(s.places, func(q *thing) bool { return !q.closed && !q.v6 }); q != nil {
		s.start("connect", x, " to "+q.name)
		d := &thing{name: s.name('c'), on: x}
		s.peer("%s accepts as %s", q.name, d.name)
		s.far = append(s.far, d)
		s.line("wait %s", p.name)
		s.bothWays(x, d)
	}
	return true
}

// bothWays is bytes from a far end to its socket, and back.
func (s *script) bothWays(x, far *thing) {
	s.start("recv", x, " len=8")
	s.peer("%s sends 8", far.name)
	s.start("send", x, " len=5")
	s.peer("%s reads 5", far.name)
}

func (s *script) disconnectLine(x *thing, reuse string) {
	o := &thing{name: s.name('d'), verb: "disconnect", on: x}
	s.line("disconnect %s on %s%s", o.name, x.name, reuse)
	s.ops = append(s.ops, o)
}

// untold is a connection whose socket is asked for its names before it was told how it came to it, and after.
func (s *script) untold() bool {
	l := s.listening()
	if l == nil || s.inPar || len(s.far) > 10 {
		return false
	}
	x := &thing{name: s.name('s'), v6: l.v6}
	s.line("accept %s on %s as %s context=no", s.name('a'), l.name, x.name)
	c := s.client(l)
	c.on = x
	s.line("wait %s max=2", l.port.name)
	s.socks = append(s.socks, x)
	ask := func() {
		for range 1 + s.below(2) {
			if s.one(4) && s.can(spec.CanShutdown) {
				s.line("shutdown %s send", x.name)
			} else {
				s.line("%s %s", s.word("name", "peername"), x.name)
			}
		}
	}
	ask()
	s.line("context %s from %s", x.name, l.name)
	ask()
	return true
}

// eventful is operations that signal events, and looks at those.
func (s *script) eventful() bool {
	x, c := s.pair()
	if x == nil || s.inPar {
		return false
	}
	if len(s.events) == 0 {
		s.event()
	}
	e := s.any(s.events, nil)
	operation := func() {
		switch s.below(5) {
		case 1:
			if s.can(spec.CanAccept) {
				if l := s.listening(); l != nil && len(s.far) < 10 {
					s.line("accept %s on %s event=%s%s", s.name('a'), l.name, e.name, s.word("", "", " packet=no"))
					s.client(l)
					return
				}
			}
			fallthrough
		case 0:
			s.line("send %s on %s len=4 event=%s%s", s.name('w'), x.name, e.name, s.word("", " packet=no"))
		default:
			s.line("recv %s on %s len=%s event=%s%s", s.name('r'), x.name, s.some(), e.name, s.word("", "", " packet=no"))
		}
	}
	look := func() { s.line("await %s%s", e.name, s.word("", " 0s", " 1ms")) }
	for range 1 + s.below(3) {
		if s.one(3) {
			look()
		}
		if t := s.thread(); t != nil && s.indent == "" && s.can(spec.CanThreadExit) && s.one(4) {
			s.at = t.name
			operation()
			if s.one(2) {
				s.start("recv", x, " len=1")
			}
			s.line("exit")
			s.at, t.gone = "", true
		} else {
			operation()
		}
		if s.one(2) {
			look()
		}
		if !s.one(3) {
			s.peer("%s sends %s", c.name, s.some())
		}
		if s.one(2) {
			s.line("wait %s", x.port.name)
		}
		look()
	}
	return true
}

// identityAgain is a socket that is closed with something on the way, and another that comes to be at that moment.
func (s *script) identityAgain() bool {
	x, c := s.pair()
	l := s.listening()
	if x == nil || l == nil || l.v6 || len(s.far) > 9 || s.inPar {
		return false
	}
	for range s.below(3) {
		s.start("recv", x, " len="+s.some())
	}
	y := &thing{name: s.name('s'), raw: true}
	place := s.any(s.places, func(q *thing) bool { return !q.v6 })
	if place == nil && s.can(spec.CanConnect) && s.one(2) {
		place = &thing{name: s.name('q'), closed: s.one(3)}
		s.peer("%s %s", place.name, map[bool]string{true: "refuses", false: "listens"}[place.closed])
		s.places = append(s.places, place)
	}
	s.par(func() {
		if s.claim(x) {
			s.line("close %s", x.name)
			x.closed = true
		}
		s.line("tcp %s", y.name)
		if s.can(spec.CanLateAssoc) {
			s.line("associate %s to %s key=%s", y.name, l.port.name, s.key())
			y.port = l.port
		}
		if s.can(spec.CanConnect) && s.one(2) {
			if q := place; q != nil {
				s.started("connect", y, " to %s", q.name)
				y.raw = false
			}
		}
	}, func() {
		for range 1 + s.below(2) {
			s.peer("%s sends %s", c.name, s.some())
		}
		if s.one(3) {
			s.peer("%s %s", c.name, s.word("resets", "closes"))
			c.gone = true
		}
	}, s.looker(l.port), func() {
		if s.one(2) {
			s.client(l)
		}
	})
	s.socks = append(s.socks, y)
	if y.raw && s.can(spec.CanAcceptInto) && s.one(2) {
		s.start("accept", l, " into "+y.name)
		d := s.client(l)
		s.line("wait %s max=2", l.port.name)
		s.start("recv", y, " len=8")
		s.peer("%s sends 8", d.name)
		y.raw = false
	}
	return true
}
