package engine

import "github.com/ioconform/ioconform/spec"

// Moments of datagrams.

// crowd is many sockets for which something comes at the same time.
func (s *script) crowd() bool {
	if s.inPar || s.indent != "" || len(s.socks) > 12 || s.ports[0].closed {
		return false
	}
	v := &thing{name: s.name('v'), mail: true}
	s.peer("%s udp", v.name)
	s.far = append(s.far, v)
	var list []*thing
	many := 10
	switch {
	case s.one(6):
		many = 70 // more than WaitForMultipleObjects takes
	case s.one(3):
		many = 20
	}
	for range many {
		u := &thing{name: s.name('u'), mail: true, port: s.ports[0]}
		s.line("udp %s", u.name)
		s.line("associate %s to %s key=%s", u.name, u.port.name, s.key())
		s.start("recvfrom", u, " len=16")
		list = append(list, u)
	}
	s.socks = append(s.socks, list...)
	for _, u := range list {
		s.peer("%s sends 4 to %s", v.name, u.name)
	}
	s.looker(s.ports[0])()
	return true
}

// unbound is a socket of datagrams that gets its address by sending, and what comes there from whom it has sent to and from others.
func (s *script) unbound() bool {
	p := s.any(s.ports, open)
	if p == nil || s.inPar || s.indent != "" {
		return false
	}
	u := &thing{name: s.name('u'), mail: true, port: p}
	s.line("udp %s bind=no", u.name)
	s.line("associate %s to %s key=%s", u.name, p.name, s.key())
	s.socks = append(s.socks, u)
	var ends []*thing
	for range 2 {
		v := &thing{name: s.name('v'), mail: true}
		s.peer("%s udp", v.name)
		ends = append(ends, v)
	}
	s.far = append(s.far, ends...)
	s.start("sendto", u, " to "+ends[0].name+" len="+s.word("4", "8", "0"))
	for range 1 + s.below(2) {
		s.start("recvfrom", u, " len="+s.word("16", "16", "4"))
	}
	for range 1 + s.below(3) {
		s.peer("%s sends %s to %s", ends[s.below(2)].name, s.word("4", "6", "0"), u.name)
	}
	s.looker(p)()
	return true
}

// mailbox is a socket of datagrams with a port, and a far end.
func (s *script) mailbox() (u, v *thing) {
	u = s.any(s.socks, func(u *thing) bool { return u.mail && !u.closed && !u.raw && u.port != nil && !u.port.closed })
	if u == nil && !s.inPar && s.datagrams() {
		u = s.socks[len(s.socks)-1]
		if u.raw || u.port == nil {
			return nil, nil
		}
	}
	if u == nil {
		return nil, nil
	}
	return u, s.any(s.far, func(f *thing) bool { return f.mail && !f.gone && f.v6 == u.v6 })
}

func (s *script) datagramsMeet() bool {
	u, v := s.mailbox()
	if u == nil || v == nil {
		return false
	}
	if s.one(3) { // one of each
		s.amid(u.port, func() { s.start("recvfrom", u, " len=16") }, func() { s.peer("%s sends 4 to %s", v.name, u.name) })
		return true
	}
	receives := func() {
		for range 1 + s.below(3) {
			s.start("recvfrom", u, " len="+s.word("4", "16", "1", "0"))
		}
	}
	if s.one(2) {
		receives()
	}
	sends := func() {
		for range 1 + s.below(3) {
			s.peer("%s sends %s to %s", v.name, s.word("4", "8", "9", "0"), u.name)
		}
	}
	s.amid(u.port, sends, receives, func() {
		switch s.below(4) {
		case 0:
			s.cancel()
		case 1:
			if s.can(spec.CanCancelAll) {
				s.line("cancel all %s", u.name)
			}
		case 2:
			if w := s.any(s.far, func(f *thing) bool { return f.mail && !f.gone && f.v6 == u.v6 }); w != nil {
				s.peer("%s sends 5 to %s", w.name, u.name)
			}
		default:
			if s.one(2) && s.claim(u) {
				s.line("close %s", u.name)
				u.closed = true
			}
		}
	})
	if !u.closed && s.one(2) {
		s.start("recvfrom", u, " len=16")
		s.peer("%s sends 7 to %s", v.name, u.name)
	}
	return true
}

// ownDatagrams is what sockets of datagrams send each other, or a socket itself.
func (s *script) ownDatagrams() bool {
	u, _ := s.mailbox()
	if u == nil {
		return false
	}
	if s.one(2) && !s.inPar {
		s.datagrams()
	}
	from := s.any(s.socks, func(x *thing) bool { return x.mail && x.v6 == u.v6 && !x.closed })
	receives := func() {
		for range 1 + s.below(2) {
			s.use(u)
			s.start("recvfrom", u, " len="+s.word("16", "16", "4", "0"))
		}
	}
	sends := func() {
		for range 1 + s.below(2) {
			s.use(from)
			s.start("sendto", from, " to "+u.name+" len="+s.word("4", "8", "0"))
		}
	}
	if s.one(2) {
		receives()
		sends()
		s.looker(u.port)()
	} else {
		s.amid(u.port, receives, sends)
	}
	receives()
	s.looker(u.port)()
	return true
}

// nobodyThere is a datagram to where nobody is any more, and what comes after it.
func (s *script) nobodyThere() bool {
	u, v := s.mailbox()
	if u == nil || v == nil || s.inPar {
		return false
	}
	if s.one(2) { // one has come before
		s.peer("%s sends 6 to %s", v.name, u.name)
	}
	if s.one(2) && s.datagrams() { // another socket has sent nothing there
		if o := s.socks[len(s.socks)-1]; !o.raw {
			s.start("recvfrom", o, " len=16")
		}
	}
	s.peer("%s closes", v.name)
	v.gone = true
	for range s.below(3) {
		s.start("recvfrom", u, " len=16")
	}
	s.start("sendto", u, " to "+v.name+" len=5")
	s.looker(u.port)()
	ip := ""
	if u.v6 {
		ip = " ip=6"
	}
	w := &thing{name: s.name('v'), mail: true, v6: u.v6}
	s.peer("%s udp%s", w.name, ip)
	s.far = append(s.far, w)
	for range 1 + s.below(2) {
		s.start("recvfrom", u, " len=16")
		s.peer("%s sends 9 to %s", w.name, u.name)
	}
	s.looker(u.port)()
	return true
}

// tooLong is a datagram for which no datagram has room, or hardly, and one behind it that is sent all the same.
func (s *script) tooLong() bool {
	u, v := s.mailbox()
	if u == nil || v == nil {
		return false
	}
	s.start("sendto", u, " to "+v.name+" len="+s.word("64k", "64k", "70k", "65507", "65508"))
	if s.one(2) {
		s.start("sendto", u, " to "+v.name+" len=5")
	}
	return true
}
