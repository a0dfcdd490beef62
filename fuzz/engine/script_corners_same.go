package engine

import "github.com/ioconform/ioconform/spec"

// Moments of corner scripts in which things are the same, or are another's by now.

// samePosts is packets of which several are the same in everything, posted one after the other or at once.
func (s *script) samePosts() bool {
	p := s.any(s.ports, open)
	if p == nil || s.inPar {
		return false
	}
	first, key, bytes := s.name('k'), s.key(), s.word("0", "1", "77")
	s.line("post %s to %s key=%s bytes=%s", first, p.name, key, bytes)
	again := func() {
		for range s.few() {
			other := key
			if s.one(6) { // the same but for that
				other = s.key()
			}
			s.line("post %s to %s key=%s bytes=%s token=%s", s.name('k'), p.name, other, bytes, first)
		}
	}
	switch s.below(4) {
	case 0:
		s.amid(p, again, again)
	case 1:
		s.line("wait %s", p.name)
		again()
		s.looker(p)()
	default:
		again()
		s.looker(p)()
	}
	return true
}

// tokenElsewhere is a token whose packet has been taken and that is used again on another socket, and what is done to the operation, or to the socket, that it was of before.
func (s *script) tokenElsewhere() bool {
	if !s.outside() || len(s.far) > 9 || !s.session() {
		return false
	}
	x, c := s.socks[len(s.socks)-1], s.far[len(s.far)-1]
	y, d := s.pair()
	if y == nil || y == x {
		if !s.session() {
			return false
		}
		y, d = s.socks[len(s.socks)-1], s.far[len(s.far)-1]
	}
	first := s.start("recv", x, " len=4")
	s.peer("%s sends 4", c.name)
	s.line("wait %s", x.port.name)
	if s.one(3) {
		s.start("recv", y, " len="+s.word("1", "4")) // something is before it
	}
	o := &thing{name: s.name('r'), verb: "recv", on: y}
	s.line("recv %s on %s len=%s token=%s if=%s.ok", o.name, y.name, s.word("1", "4", "64"), first.name, first.name)
	s.ops = append(s.ops, o)
	if s.one(2) && s.can(spec.CanCancel) {
		s.line("cancel %s", first.name)
	} else {
		s.endsOf(first)
	}
	if s.one(2) {
		s.line("settle")
	}
	s.looker(y.port)()
	if s.one(2) {
		s.peer("%s sends %s", d.name, s.some())
		s.looker(y.port)()
	}
	return true
}

// mailboxEnds is a socket of datagrams with receives that nothing comes for, or sends for which there is no room, and what ends some of them, all, or none.
func (s *script) mailboxEnds() bool {
	u, v := s.mailbox()
	if u == nil || v == nil || s.inPar {
		return false
	}
	sends, receives := s.one(2), s.one(2)
	var o *thing
	if receives || !sends {
		for range s.few() {
			o = s.start("recvfrom", u, " len=16")
		}
	}
	if sends {
		for range 3 + s.below(4) {
			o = s.start("sendto", u, " to "+v.name+" len="+s.word("30000", "30000", "60000"))
		}
	}
	switch {
	case sends && s.one(2) && s.claim(u):
		s.line("close %s", u.name)
		u.closed = true
	case s.one(3) && s.can(spec.CanShutdown):
		s.line("shutdown %s send", u.name)
	default:
		s.endsOf(o)
	}
	if s.indent == "" && s.one(2) {
		s.line("settle")
	}
	s.looker(u.port)()
	if s.one(2) {
		s.peer("%s sends 4 to %s", v.name, u.name)
		s.looker(u.port)()
	}
	return true
}

// skipsOfAnySize is a socket that skips, and what is done at its start there: few bytes, many, or more than there is room for.
func (s *script) skipsOfAnySize() bool {
	x, c := s.pair()
	if x == nil || s.inPar || s.calm {
		return false
	}
	s.line("skip %s", x.name)
	for range 1 + s.below(3) {
		n := s.word("1", "300", "4k", "5000", "16k", "64k", "70k")
		switch s.below(4) {
		case 0:
			s.peer("%s sends %s", c.name, n)
			s.full = true
			if s.indent == "" {
				s.line("settle")
			}
			rest := ""
			if s.can(spec.CanWaitAll) && s.one(3) {
				rest = " waitall=yes"
			}
			s.start("recv", x, " len="+n+rest)
		default:
			s.start("send", x, " len="+n)
			if !s.one(3) {
				s.peer("%s reads %s", c.name, n)
			}
		}
		if s.one(2) {
			s.looker(x.port)()
		}
	}
	s.looker(x.port)()
	return true
}

// connectedBeforeThePort is a connect that is started before its socket is associated, to a far end that hears of nobody else, and late.
func (s *script) connectedBeforeThePort() bool {
	p := s.any(s.ports, open)
	if p == nil || !s.outside() || len(s.far) > 9 {
		return false
	}
	q, x := &thing{name: s.name('q')}, &thing{name: s.name('s'), port: p}
	s.peer("%s listens", q.name)
	s.places = append(s.places, q)
	s.line("tcp %s", x.name)
	s.socks = append(s.socks, x)
	s.start("connect", x, " to "+q.name)
	if s.one(3) {
		s.line("settle")
	}
	s.line("associate %s to %s key=%s", x.name, p.name, s.key())
	for range 1 + s.below(2) {
		s.line("wait %s", p.name)
	}
	s.line("settle")
	c := &thing{name: s.name('c'), on: x}
	s.peer("%s accepts as %s", q.name, c.name)
	s.far = append(s.far, c)
	s.bothWays(x, c)
	return true
}

// connectedAgain is a socket that has connected, been disconnected, and connects again, or is accepted into, and what goes both ways there.
func (s *script) connectedAgain() bool {
	p := s.any(s.ports, open)
	if p == nil || s.inPar || len(s.far) > 9 {
		return false
	}
	q := s.anyPlace()
	x := &thing{name: s.name('s'), port: p}
	s.line("tcp %s", x.name)
	s.line("associate %s to %s key=%s", x.name, p.name, s.key())
	s.maySkip(x)
	s.socks = append(s.socks, x)
	joins := func() *thing {
		s.start("connect", x, " to "+q.name)
		c := &thing{name: s.name('c'), on: x}
		s.peer("%s accepts as %s", q.name, c.name)
		s.far = append(s.far, c)
		s.line("wait %s", p.name)
		return c
	}
	c := joins()
	for range s.few() {
		if s.one(2) {
			s.bothWays(x, c)
		}
		if s.one(4) && s.can(spec.CanShutdown) {
			s.line("shutdown %s %s", x.name, s.word("send", "both"))
		}
		s.disconnectLine(x, s.word(" reuse=yes", " reuse=yes", " reuse=yes", ""))
		s.peer("%s reads eof", c.name)
		s.peer("%s closes", c.name)
		c.gone = true
		s.line("wait %s max=4", p.name)
		c = joins()
		s.bothWays(x, c)
		s.looker(p)()
	}
	return true
}
