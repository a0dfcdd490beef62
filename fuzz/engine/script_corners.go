package engine

import "github.com/ioconform/ioconform/spec"

// A corner script is one in so many of those that are not dense: its moments are rare ones, which other scripts hardly come to, however many are drawn. There is more of something than a
// table of fixed size has room for; things are equal that are not the same; what was one's is another's by now; states meet that seldom do. Which, how much and what
// becomes of it is drawn. When such a script is changed, what is done very often is done a few times (see sane): so it costs little to build on.

// cornerEvery is how many scripts there are to a corner script.
const cornerEvery = 12

// isCorner reports whether a script of that seed, which is not dense, is a corner script.
func (s *script) isCorner(seed uint64) bool { return mix(seed, 0xC)%cornerEvery == 0 }

// corners are the moments of corner scripts.
var corners = []kind{
	{5, nil, (*script).manyOutstanding},
	{2, nil, (*script).manyTimes},
	{2, []spec.Capability{spec.CanWorkers}, (*script).manySleepers},
	{3, []spec.Capability{spec.CanPost}, (*script).samePosts},
	{3, []spec.Capability{spec.CanAccept}, (*script).tokenElsewhere},
	{3, []spec.Capability{spec.CanDatagram}, (*script).mailboxEnds},
	{3, []spec.Capability{spec.CanSkip}, (*script).skipsOfAnySize},
	{3, []spec.Capability{spec.CanConnect, spec.CanDisconnect, spec.CanLateAssoc}, (*script).connectedAgain},
	{2, []spec.Capability{spec.CanConnect, spec.CanLateAssoc}, (*script).connectedBeforeThePort},
	{4, []spec.Capability{spec.CanWorkers}, (*script).endsBesideASleeper},
	{1, []spec.Capability{spec.CanWorkers, spec.CanPost}, (*script).wokenForAnother},
	{1, nil, (*script).waitsOfAnyTime},
}

// many is more than a table of 8, 16, 32 or 64 has room for.
func (s *script) many() string { return s.word("10", "20", "40", "40", "40", "70") }

// outside reports whether lines are drawn that stand in no block.
func (s *script) outside() bool { return !s.inPar && s.indent == "" }

// times writes what f draws, to be done so often.
func (s *script) times(n string, f func()) {
	s.text.WriteString("repeat " + n + " {\n")
	s.indent = "  "
	f()
	s.indent = ""
	s.text.WriteString("}\n")
}

// manyOutstanding is more operations outstanding on one socket at once than a table has room for, and what becomes of them: what they wait for comes, or something ends them.
func (s *script) manyOutstanding() bool {
	if !s.outside() {
		return false
	}
	n, k := s.many(), s.below(8)
	var x, o *thing
	var comes func()
	switch {
	case k < 2 && s.can(spec.CanDatagram):
		u, v := s.mailbox()
		if u == nil || v == nil {
			return false
		}
		x, comes = u, func() { s.times(n, func() { s.peer("%s sends 4 to %s", v.name, u.name) }) }
		s.times(n, func() { o = s.start("recvfrom", u, " len="+s.word("16", "4")) })
	case k < 3 && s.can(spec.CanAccept):
		l := s.listening()
		if l == nil || len(s.far) > 8 {
			return false
		}
		x, comes = l, func() {
			for range 2 {
				s.client(l)
			}
		}
		s.times(n, func() { o = s.start("accept", l, "") })
	case k < 4 && !s.calm:
		y, c := s.pair()
		if y == nil {
			return false
		}
		flood := s.flood()
		x, comes = y, func() {
			s.peer("%s reads %s", c.name, flood)
			s.peer("%s reads %s", c.name, s.word("64", "300", "eof"))
		}
		s.start("send", y, " len="+flood)
		s.times(n, func() { o = s.start("send", y, " len="+s.word("1", "8")) })
	default:
		y, c := s.pair()
		if y == nil {
			return false
		}
		x, comes = y, func() { s.peer("%s sends %s", c.name, s.word(n, n, "10", "300")) }
		s.times(n, func() { o = s.start("recv", y, " len="+s.word("1", "1", "1", "4")) })
	}
	if s.one(2) || !s.endsOf(o) {
		comes()
	}
	if s.one(2) {
		s.line("settle")
	}
	if p := x.port; p != nil {
		s.line("wait %s max=%s", p.name, s.word("64", "16", "1"))
	}
	return true
}

// manyTimes is the whole life of something, more often than a table has room for: what was let go of has to be.
func (s *script) manyTimes() bool {
	if !s.outside() || s.ports[0].closed {
		return false
	}
	p, n := s.ports[0], s.many()
	switch k := s.below(6); {
	case k < 2 && s.can(spec.CanConnect) && s.can(spec.CanLateAssoc):
		q := s.anyPlace()
		s.times(n, func() {
			x, c := s.name('s'), s.name('c')
			s.line("tcp %s", x)
			s.line("associate %s to %s key=%s", x, p.name, s.key())
			s.line("connect %s on %s to %s", s.name('x'), x, q.name)
			s.peer("%s accepts as %s", q.name, c)
			s.line("wait %s", p.name)
			s.lives(p, x, c)
		})
	case k < 4 && s.can(spec.CanAccept):
		l := s.listening()
		if l == nil {
			return false
		}
		s.times(n, func() {
			x, c := s.name('s'), s.name('c')
			s.line("accept %s on %s as %s", s.name('a'), l.name, x)
			s.peer("%s connects %s", c, l.name)
			s.line("wait %s", l.port.name)
			s.lives(l.port, x, c)
		})
	case k < 5 && s.can(spec.CanDatagram):
		s.times(n, func() {
			u := s.name('u')
			s.line("udp %s", u)
			s.line("associate %s to %s key=%s", u, p.name, s.key())
			s.line("recvfrom %s on %s len=16", s.name('m'), u)
			s.line("close %s", u)
			s.line("wait %s", p.name)
		})
	case s.can(spec.CanCancel):
		x, _ := s.pair()
		if x == nil {
			return false
		}
		s.times(n, func() {
			o := s.start("recv", x, " len=4")
			s.line("cancel %s", o.name)
			s.line("wait %s", x.port.name)
		})
	default:
		return false
	}
	return true
}

// lives is what a connection that has just come to be does until it is over: little.
func (s *script) lives(p *thing, x, c string) {
	if s.one(2) {
		s.line("recv %s on %s len=4", s.name('r'), x)
		s.peer("%s sends 4", c)
	}
	if s.one(2) {
		s.peer("%s closes", c)
	}
	s.line("close %s", x)
	if s.one(2) {
		s.line("wait %s 0s", p.name)
	}
}
