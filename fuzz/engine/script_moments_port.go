package engine

// Moments of ports and those who wait on them.

// sleepers are threads that wait, posts that are to wake them, and a look at who still sleeps.
func (s *script) sleepers() bool {
	p := s.any(s.ports, open)
	if p == nil || s.inPar {
		return false
	}
	for range 1 + s.below(3) {
		s.sleeper(p, s.word(" forever", " forever", " forever max=2", " 5ms", " 1ms", ""))
		if s.one(3) {
			s.line("settle")
		}
	}
	posts := func() {
		for range 1 + s.below(2) {
			o := &thing{name: s.name('k'), verb: "post"}
			s.line("post %s to %s key=%s", o.name, p.name, s.key())
			s.ops = append(s.ops, o)
		}
	}
	strands := []func(){posts}
	if s.one(2) {
		strands = append(strands, posts)
	}
	if s.one(2) {
		strands = append(strands, func() { s.line("wait %s%s", p.name, s.word(" 1ms", " 0s", " 5ms", "")) })
	}
	if x, c := s.pair(); x != nil && s.one(3) {
		s.start("recv", x, " len=4")
		strands = append(strands, func() { s.peer("%s sends 4", c.name) })
	}
	s.par(strands...)
	s.line("settle")
	if s.one(2) { // those who come later
		s.sleeper(p, s.word(" forever", " forever", " 5ms"))
		posts()
		s.line("settle")
	}
	return true
}

// wakes is threads that sleep, and one operation that ends.
func (s *script) wakes() bool {
	x, c := s.pair()
	if x == nil || s.inPar || s.workers() == 1 {
		return false
	}
	o := s.start("recv", x, " len="+s.word("1", "4", "64"))
	for range s.few() {
		s.sleeper(x.port, " forever")
	}
	s.line("settle")
	if s.one(2) || !s.endsOf(o) {
		s.peer("%s %s", c.name, s.word("sends 4", "half-closes"))
	}
	s.line("settle")
	return true
}

// inTurn is threads that blocked one after the other, and one packet.
func (s *script) inTurn() bool {
	p := s.any(s.ports, open)
	if p == nil || s.inPar || s.workers() == 1 {
		return false
	}
	block := func(t string) {
		s.at = t
		s.line("wait %s forever &", p.name)
		s.at = ""
		s.line("settle")
	}
	if s.one(2) { // and again, the other way round
		a, b := s.name('w'), s.name('w')
		block(a)
		block(b)
		for range 2 {
			o := &thing{name: s.name('k'), verb: "post"}
			s.line("post %s to %s", o.name, p.name)
		}
		s.line("settle")
		block(b)
		block(a)
		s.line("post %s to %s", s.name('k'), p.name)
		s.line("settle")
		return true
	}
	for range 2 + s.below(2) {
		s.sleeper(p, " forever")
		s.line("settle")
	}
	for range 1 + s.below(2) {
		s.post()
		s.line("settle")
	}
	return true
}

// limited is a pool on a port that lets fewer threads run than there are.
func (s *script) limited() bool {
	if s.inPar || s.full || s.names['W'] > 1 || s.ports[0].closed {
		return false
	}
	if !s.ports[0].limit {
		return s.limitedElsewhere()
	}
	var clients []*thing
	for range 2 {
		if x, c := s.pair(); x != nil && x.port == s.ports[0] {
			clients = append(clients, c)
		}
	}
	if len(clients) == 0 {
		return false
	}
	s.calm = true
	for _, c := range clients {
		s.line("skip %s", c.on.name)
	}
	if s.one(2) { // there is work when they come
		for _, c := range clients {
			s.start("recv", c.on, " len=16")
			s.peer("%s sends 4", c.name)
		}
		s.line("settle")
	}
	name := s.name('W')
	s.line("pool %s on P threads=%d handler=session-echo receives=1 size=16", name, 2+s.below(2))
	s.line("settle")
	var strands []func()
	for _, c := range clients {
		strands = append(strands, func() {
			for range 1 + s.below(2) {
				s.peer("%s sends 4", c.name)
			}
		})
	}
	s.par(strands...)
	s.line("drain %s", name)
	return true
}

// newsOfAnother is a socket that is closed as something comes for it, and another that gets its number at that moment and tries to connect.
func (s *script) newsOfAnother() bool {
	if s.inPar || len(s.far) > 10 || s.ports[0].closed {
		return false
	}
	q := s.any(s.places, func(q *thing) bool { return !q.v6 })
	if q == nil {
		q = &thing{name: s.name('q'), closed: !s.one(3)}
		s.peer("%s %s", q.name, map[bool]string{true: "refuses", false: "listens"}[q.closed])
		s.places = append(s.places, q)
	}
	done := false
	s.repeat(func() { done = s.newsOfTheNext(q) })
	return done
}

func (s *script) newsOfTheNext(q *thing) bool {
	if !s.session() {
		return false
	}
	x, c := s.socks[len(s.socks)-1], s.far[len(s.far)-1]
	y := &thing{name: s.name('s')}
	s.line("tcp %s", y.name)
	s.par(s.looker(x.port), func() { s.peer("%s sends 4", c.name) }, func() {
		s.claim(x)
		s.line("close %s", x.name)
		s.line("associate %s to %s key=%s", y.name, x.port.name, s.key())
		s.started("connect", y, " to %s", q.name)
	})
	x.closed, y.port = true, x.port
	s.socks = append(s.socks, y)
	s.line("wait %s", x.port.name)
	return true
}

// limitedElsewhere is the same on a port of its own, whose threads accept as well.
func (s *script) limitedElsewhere() bool {
	s.calm = true
	p, l := s.name('Q'), s.name('L')
	s.line("port %s concurrency=%d", p, 1+s.below(2))
	s.line("listen %s on %s key=%s", l, p, s.key())
	name := s.name('W')
	s.line("pool %s on %s threads=%d handler=session-echo receives=1 size=16 listener=%s", name, p, 2+s.below(3), l)
	var strands []func()
	for range 2 + s.below(2) {
		c := &thing{name: s.name('c')}
		strands = append(strands, func() {
			s.peer("%s connects %s", c.name, l)
			for range 1 + s.below(2) {
				s.peer("%s sends 4", c.name)
			}
		})
	}
	s.par(strands...)
	s.line("drain %s", name)
	return true
}

// portCloses is a port that closes under waiters as packets come.
func (s *script) portCloses() bool {
	if s.inPar {
		return false
	}
	p := &thing{name: s.name('Q')}
	s.line("port %s", p.name)
	s.ports = append(s.ports, p)
	for range 1 + s.below(3) {
		s.sleeper(p, s.word(" forever", " forever", " 5ms", ""))
	}
	if s.one(2) {
		s.line("settle")
	}
	s.par(func() {
		s.line("close %s", p.name)
		p.closed = true
	}, func() { s.line("wait %s%s", p.name, s.word("", " 1ms", " 0s")) }, func() {
		o := &thing{name: s.name('k'), verb: "post"}
		s.line("post %s to %s", o.name, p.name)
	})
	p.closed = true
	return true
}
