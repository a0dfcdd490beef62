package engine

import "github.com/ioconform/ioconform/spec"

// Moments of streams.

func (s *script) receiveMeetsData() bool {
	x, c := s.pair()
	if x == nil {
		return false
	}
	receives := func() {
		for range s.few() {
			s.start("recv", x, " len="+s.some())
		}
	}
	if s.one(3) {
		receives()
	}
	sends := func() {
		for range s.few() {
			s.peer("%s sends %s", c.name, s.some())
		}
		if s.one(5) {
			how := s.word("half-closes", "resets", "closes")
			s.peer("%s %s", c.name, how)
			c.gone = how != "half-closes"
		}
	}
	if s.one(3) {
		s.amid(x.port, receives, receives, sends)
	} else {
		s.amid(x.port, receives, sends)
	}
	if s.one(3) { // what is left is for a later one
		s.start("recv", x, " len=64")
	}
	return true
}

func (s *script) sendMeetsReader() bool {
	x, c := s.pair()
	if x == nil || s.calm {
		return false
	}
	flood := s.flood()
	if s.one(2) {
		s.start("send", x, " len="+flood)
	}
	sends := func() { s.start("send", x, " len="+s.word(flood, flood, "64", "1")) }
	reads := func() {
		for range 1 + s.below(3) {
			s.peer("%s reads %s", c.name, s.word(flood, flood, "64k", "4k"))
		}
		if s.one(6) {
			s.peer("%s %s", c.name, s.word("resets", "closes"))
			c.gone = true
		}
	}
	s.amid(x.port, sends, sends, reads)
	return true
}

func (s *script) cancelMeetsData() bool {
	x, c := s.pair()
	if x == nil {
		return false
	}
	var list []*thing
	if s.can(spec.CanWaitAll) && s.one(3) { // what it has gathered is for the next
		o := s.start("recv", x, " len=64 waitall=yes")
		s.peer("%s sends %s", c.name, s.some())
		s.looker(x.port)()
		s.line("cancel %s", o.name)
		s.start("recv", x, " len=64")
		return true
	}
	for range 1 + s.below(3) {
		list = append(list, s.start("recv", x, " len="+s.some()))
	}
	cancel := func() {
		s.line("cancel %s", list[s.below(len(list))].name)
		if s.one(4) && s.can(spec.CanCancelAll) {
			s.line("cancel all %s", x.name)
		}
	}
	s.amid(x.port, cancel, func() { s.peer("%s sends %s", c.name, s.some()) }, func() {
		if s.one(2) {
			cancel()
		} else {
			s.start("recv", x, " len=4")
		}
	})
	return true
}

func (s *script) closeMeetsData() bool {
	x, c := s.pair()
	if x == nil {
		return false
	}
	for range 1 + s.below(3) {
		s.start("recv", x, " len="+s.some())
	}
	if s.one(3) && !s.calm {
		s.start("send", x, " len="+s.flood())
	}
	s.amid(x.port, func() {
		if s.claim(x) {
			s.line("close %s", x.name)
			x.closed = true
		}
	}, func() {
		switch s.below(4) {
		case 0:
			s.peer("%s reads %s", c.name, s.word("140k", "64k", "300k"))
		case 1:
			how := s.word("half-closes", "resets", "closes")
			s.peer("%s %s", c.name, how)
			c.gone = how != "half-closes"
		default:
			for range 1 + s.below(2) {
				s.peer("%s sends %s", c.name, s.some())
			}
		}
	})
	return true
}

func (s *script) shutdownMeetsSends() bool {
	x, c := s.pair()
	if x == nil || s.calm {
		return false
	}
	flood := s.flood()
	if s.one(2) && s.about.World == "sim" { // hardly more than there is room for, so that the reader makes room for the rest at once
		s.start("send", x, " len="+s.word("70k", "66k", "140k"))
		s.amid(x.port, func() { s.line("shutdown %s send", x.name) }, func() { s.peer("%s reads %s", c.name, s.word("70k", "64k", "140k")) })
		s.peer("%s reads eof", c.name)
		return true
	}
	s.start("send", x, " len="+flood)
	shut := func() { s.line("shutdown %s %s", x.name, s.word("send", "send", "both", "receive")) }
	s.amid(x.port, shut, func() {
		s.peer("%s reads %s", c.name, flood)
		s.peer("%s reads eof", c.name)
	}, func() {
		if s.one(2) {
			s.start("send", x, " len="+s.some())
		} else {
			s.start("recv", x, " len="+s.some())
		}
	})
	return true
}

// closeUnderSends is a socket that is closed with sends that the far end has not made room for.
func (s *script) closeUnderSends() bool {
	x, c := s.pair()
	if x == nil || s.calm {
		return false
	}
	for range 1 + s.below(2) {
		s.start("send", x, " len="+s.flood())
	}
	if s.one(3) {
		s.peer("%s reads 64k", c.name)
	}
	if !s.claim(x) {
		return false
	}
	s.line("close %s", x.name)
	x.closed = true
	s.peer("%s reads %s", c.name, s.word("140k", "64k", "300k"))
	s.looker(x.port)()
	return true
}

// farBehind is a stream of more bytes than any buffer or counter of 16 bits has room for, all of which are received.
func (s *script) farBehind() bool {
	x, c := s.pair()
	if x == nil || s.inPar || s.calm {
		return false
	}
	s.full = true
	much := s.word("70k", "70k", "140k")
	s.par(func() { s.peer("%s sends %s", c.name, much) }, func() {
		s.use(x)
		for range 2 + s.below(3) {
			s.start("recv", x, " len="+s.word("64k", "70k", "140k"))
			s.line("wait %s", x.port.name)
		}
	})
	return true
}

// tokenAgain is a token that is used again when its packet has been taken, of which the back end has no right to remember anything.
func (s *script) tokenAgain() bool {
	if s.inPar || s.indent != "" || len(s.far) > 10 || !s.session() {
		return false
	}
	x, c := s.socks[len(s.socks)-1], s.far[len(s.far)-1]
	first := s.start("recv", x, " len=4") // there is nothing yet, so it is pending
	s.peer("%s sends 4", c.name)
	s.line("wait %s", x.port.name)
	o := &thing{name: s.name('r'), verb: "recv", on: x}
	if s.one(3) {
		o = &thing{name: s.name('w'), verb: "send", on: x}
	}
	s.line("%s %s on %s len=4 token=%s if=%s.ok", o.verb, o.name, x.name, first.name, first.name)
	s.ops = append(s.ops, o)
	if o.verb == "recv" {
		s.peer("%s sends 4", c.name)
	}
	s.line("wait %s", x.port.name)
	return true
}
