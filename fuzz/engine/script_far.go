package engine

import "github.com/ioconform/ioconform/spec"

// farCalls are what far ends do.
var farCalls = []kind{
	{30, nil, (*script).farSends},
	{14, nil, (*script).farReads},
	{4, nil, (*script).farEnds},
	{9, []spec.Capability{spec.CanAccept}, (*script).dial},
	{4, []spec.Capability{spec.CanConnect}, (*script).farAccepts},
	{3, []spec.Capability{spec.CanDatagram}, (*script).disturb},
}

func (s *script) farSends() bool {
	f := s.any(s.far, func(f *thing) bool { return !f.gone })
	if f == nil {
		return false
	}
	if !f.mail {
		n := s.size()
		if s.one(20) && !s.calm {
			n, s.full = s.flood(), true
		}
		if n == "0" {
			n = "1"
		}
		s.peer("%s sends %s", f.name, n)
		return true
	}
	u := s.any(s.socks, func(u *thing) bool { return u.mail && u.v6 == f.v6 && !u.closed && !u.raw })
	if u == nil {
		return false
	}
	s.peer("%s sends %s to %s", f.name, s.word("1", "4", "8", "9", "16", "0", "300", "16", "4k", "9k", "40k"), u.name)
	return true
}

func (s *script) farReads() bool {
	f := s.any(s.far, func(f *thing) bool { return !f.gone })
	if f == nil {
		return false
	}
	switch {
	case f.mail && s.pollers != nil: // of a poller's sockets they are connected
		return false
	case f.mail || !s.one(6):
		s.peer("%s reads %s", f.name, s.word("1", "4", "8", "64", "300", "16"))
	case s.one(3):
		s.peer("%s reads %s", f.name, s.flood())
	default:
		s.peer("%s reads %s", f.name, s.word("eof", "reset"))
	}
	return true
}

// farEnds ends a far end's direction, or its connection.
func (s *script) farEnds() bool {
	f := s.any(s.far, func(f *thing) bool { return !f.gone })
	if f == nil {
		return false
	}
	switch how := s.word("half-closes", "half-closes", "closes", "resets"); {
	case f.mail && s.pollers != nil:
		return false
	case f.mail:
		s.peer("%s closes", f.name)
		f.gone = true
	default:
		s.peer("%s %s", f.name, how)
		f.gone = how != "half-closes"
	}
	return true
}

// dial connects another far end.
func (s *script) dial() bool {
	l := s.any(s.listeners, open)
	if l == nil || len(s.far) > 10 {
		return false
	}
	c := &thing{name: s.name('c'), on: l}
	s.peer("%s connects %s", c.name, l.name)
	s.far = append(s.far, c)
	return true
}

func (s *script) farAccepts() bool {
	q := s.any(s.places, open)
	if q == nil {
		return false
	}
	c := &thing{name: s.name('c')}
	s.peer("%s accepts as %s", q.name, c.name)
	s.far = append(s.far, c)
	return true
}

// disturb has the network do to a datagram what networks may.
func (s *script) disturb() bool {
	f := s.any(s.far, func(f *thing) bool { return f.mail })
	if f == nil || s.about.World != "sim" || s.inPar {
		return false
	}
	s.line("net %s %s", s.word("drop", "dup", "reorder"), f.name)
	return true
}
