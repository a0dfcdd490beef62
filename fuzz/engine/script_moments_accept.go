package engine

import "github.com/ioconform/ioconform/spec"

// Moments of accepts, associations and handles.

// listening is a listener with a port; a new one if need be.
func (s *script) listening() *thing {
	fit := func(l *thing) bool { return !l.closed && l.port != nil && !l.port.closed }
	l := s.any(s.listeners, fit)
	if l == nil && !s.inPar && s.listen() {
		l = s.any(s.listeners, fit)
	}
	return l
}

func (s *script) client(l *thing) *thing {
	c := &thing{name: s.name('c'), on: l}
	s.peer("%s connects %s", c.name, l.name)
	s.far = append(s.far, c)
	return c
}

func (s *script) acceptMeetsClients() bool {
	l := s.listening()
	if l == nil || len(s.far) > 10 {
		return false
	}
	accepts := func() {
		for range 1 + s.below(2) {
			s.accept()
		}
	}
	clients := func() {
		c := s.client(l)
		switch s.below(5) {
		case 0, 1:
			s.peer("%s sends %s", c.name, s.some())
		case 2:
			s.peer("%s %s", c.name, s.word("resets", "closes"))
			c.gone = true
		}
	}
	if s.one(2) { // one of each
		s.amid(l.port, func() { s.start("accept", l, "") }, func() { s.client(l) })
		return true
	}
	if s.one(6) { // one of each, and the listener closes
		for range 1 + s.below(2) {
			s.start("accept", l, "")
		}
		s.amid(l.port, func() {
			if s.claim(l) {
				s.line("close %s", l.name)
				l.closed = true
			}
		}, func() { s.client(l) })
		return true
	}
	if s.one(3) {
		accepts()
	}
	s.amid(l.port, accepts, accepts, clients, func() {
		switch s.below(4) {
		case 0:
			clients()
		case 1:
			s.cancel()
		case 2:
			if s.one(3) && s.claim(l) {
				s.line("close %s", l.name)
				l.closed = true
			}
		}
	})
	if a := s.any(s.socks, func(x *thing) bool { return !x.closed && x.port == nil && !x.raw }); a != nil && s.can(spec.CanLateAssoc) && !l.port.closed {
		s.line("associate %s to %s key=%s", a.name, l.port.name, s.key())
		a.port = l.port
	}
	return true
}

func (s *script) acceptInto() bool {
	l := s.listening()
	if l == nil || l.v6 || len(s.far) > 10 {
		return false
	}
	x := &thing{name: s.name('s'), raw: true}
	s.line("tcp %s", x.name)
	if s.one(2) {
		s.line("associate %s to %s key=%s", x.name, l.port.name, s.key())
		x.port = l.port
	}
	s.maySkip(x)
	s.socks = append(s.socks, x)
	into := func() { s.start("accept", l, " into "+x.name) }
	client := func() {
		c := s.client(l)
		if s.one(2) {
			s.peer("%s sends 4", c.name)
		}
	}
	switch s.below(3) {
	case 0:
		if s.one(2) {
			s.par(func() { s.use(x); into() }, func() { s.use(x); into() })
			client()
			s.looker(l.port)()
			client()
			s.line("close %s", x.name)
			x.closed = true
			return true
		}
		s.amid(l.port, func() { s.use(x); into() }, func() { s.use(x); into() }, client, client)
	case 1:
		into()
		s.amid(l.port, func() {
			if s.claim(x) {
				s.line("close %s", x.name)
				x.closed = true
			}
		}, client)
		s.start("recv", x, " len=4")
	default:
		into()
		if s.one(2) {
			s.cancel()
		}
		client()
		s.looker(l.port)()
		s.start("recv", x, " len=4")
	}
	x.raw = false
	return true
}

// silentClient is an accept that has a connection and waits for its first bytes, which end otherwise, and the socket that it was for used for something else.
func (s *script) silentClient() bool {
	l := s.listening()
	if l == nil || l.v6 || s.inPar || len(s.far) > 10 {
		return false
	}
	x := &thing{name: s.name('s'), port: l.port}
	s.line("tcp %s", x.name)
	s.line("associate %s to %s key=%s", x.name, l.port.name, s.key())
	s.socks = append(s.socks, x)
	a := s.start("accept", l, " into "+x.name+" data="+s.word("1", "4"))
	c := s.client(l)
	s.line("settle")
	if s.one(4) || !s.endsOf(a) {
		s.peer("%s %s", c.name, s.word("half-closes", "closes", "resets"))
	}
	s.looker(l.port)()
	for range s.few() {
		switch s.below(3) {
		case 0:
			s.connectTo(x)
		case 1:
			s.start(s.word("recv", "send"), x, " len=4")
		default:
			s.start("accept", l, " into "+x.name)
			s.client(l)
		}
	}
	s.looker(l.port)()
	return true
}

// connectTo connects the socket to a far end, one that listens if there is one.
func (s *script) connectTo(x *thing) {
	q := s.any(s.places, func(q *thing) bool { return q.v6 == x.v6 })
	if q == nil && s.can(spec.CanConnect) {
		q = &thing{name: s.name('q'), v6: x.v6}
		s.peer("%s listens%s", q.name, map[bool]string{true: " ip=6"}[x.v6])
		s.places = append(s.places, q)
	}
	if q != nil && s.can(spec.CanConnect) {
		s.start("connect", x, " to "+q.name)
	}
}

// lateAssociation is a connection that is associated with its port when operations are pending already.
func (s *script) lateAssociation() bool {
	l := s.listening()
	if l == nil || len(s.far) > 10 {
		return false
	}
	x := &thing{name: s.name('s'), v6: l.v6}
	s.line("accept %s on %s as %s", s.name('a'), l.name, x.name)
	c := s.client(l)
	s.line("wait %s", l.port.name)
	s.socks = append(s.socks, x)
	c.on = x
	for range s.below(3) {
		s.start("recv", x, " len="+s.some())
	}
	s.amid(l.port, func() {
		s.use(x)
		s.line("associate %s to %s key=%s", x.name, l.port.name, s.key())
		x.port = l.port
	}, func() { s.peer("%s sends %s", c.name, s.some()) }, func() {
		if s.one(2) {
			s.start("recv", x, " len="+s.some())
		}
	})
	return true
}

func (s *script) twoAssociations() bool {
	p := s.any(s.ports, open)
	if p == nil || s.inPar {
		return false
	}
	x := &thing{name: s.name('s'), raw: true}
	s.line("tcp %s", x.name)
	s.socks = append(s.socks, x)
	twice := func() {
		q := s.any(s.ports, open)
		s.use(x)
		s.line("associate %s to %s key=%s", x.name, q.name, s.key())
	}
	s.par(twice, twice)
	x.port = p
	return true
}

// handles is a socket that has two, what is done through each, and what is left when one is closed.
func (s *script) handles() bool {
	x, c := s.pair()
	if x == nil || s.inPar {
		return false
	}
	p := x.port
	if s.one(3) {
		s.start("recv", x, " len="+s.some())
	}
	y := &thing{name: s.name('h'), port: p}
	s.line("dup %s as %s", x.name, y.name)
	s.socks = append(s.socks, y)
	if s.one(3) {
		z := &thing{name: s.name('h'), port: p}
		s.line("dup %s as %s", s.word(x.name, y.name), z.name)
		s.socks = append(s.socks, z)
		if s.one(2) {
			s.line("close %s", x.name)
			x.closed = true
			x = z
		}
	}
	if s.one(2) && s.can(spec.CanLateAssoc) {
		s.line("associate %s to %s key=%s", s.word(x.name, y.name, y.name), s.any(s.ports, nil).name, s.key())
	}
	for range 1 + s.below(3) {
		s.start("recv", s.any([]*thing{x, y}, nil), " len="+s.some())
	}
	leaves := func() {
		z := s.any([]*thing{x, y}, open)
		if z != nil && s.claim(z) {
			s.line("close %s", z.name)
			z.closed = true
		}
	}
	if s.one(2) {
		leaves()
		s.peer("%s sends %s", c.name, s.some())
	} else {
		s.amid(p, leaves, func() { s.peer("%s sends %s", c.name, s.some()) })
	}
	s.looker(p)()
	if s.one(2) {
		leaves()
	}
	return true
}
