package fuzz

import "github.com/ioconform/ioconform/spec"

// moments are what is likely to go wrong: two or three things that concern one object, at once. What exactly happens, and in which order, is the schedule's to
// say. Around each of them there is a little of everything else.
var moments = []kind{
	{6, nil, (*script).receiveMeetsData},
	{4, nil, (*script).sendMeetsReader},
	{5, []spec.Capability{spec.CanCancel}, (*script).cancelMeetsData},
	{6, nil, (*script).closeMeetsData},
	{3, []spec.Capability{spec.CanShutdown}, (*script).shutdownMeetsSends},
	{5, []spec.Capability{spec.CanAccept}, (*script).acceptMeetsClients},
	{4, []spec.Capability{spec.CanAccept, spec.CanAcceptInto}, (*script).acceptInto},
	{3, []spec.Capability{spec.CanAccept, spec.CanLateAssoc}, (*script).lateAssociation},
	{2, []spec.Capability{spec.CanLateAssoc}, (*script).twoAssociations},
	{9, []spec.Capability{spec.CanPost, spec.CanWorkers}, (*script).sleepers},
	{2, []spec.Capability{spec.CanPost, spec.CanWorkers, spec.CanLimit}, (*script).inTurn},
	{4, []spec.Capability{spec.CanWorkers, spec.CanLimit, spec.CanSkip, spec.CanAccept}, (*script).limited},
	{2, []spec.Capability{spec.CanPost, spec.CanWorkers}, (*script).portCloses},
	{5, []spec.Capability{spec.CanDatagram}, (*script).datagramsMeet},
	{2, []spec.Capability{spec.CanDatagram}, (*script).nobodyThere},
	{5, []spec.Capability{spec.CanConnect, spec.CanLateAssoc}, (*script).connects},
	{3, []spec.Capability{spec.CanDisconnect}, (*script).usedAgain},
	{2, []spec.Capability{spec.CanContext, spec.CanAccept}, (*script).untold},
	{4, []spec.Capability{spec.CanEvent}, (*script).eventful},
	{2, []spec.Capability{spec.CanThreadExit}, (*script).exit},
	{3, []spec.Capability{spec.CanAccept}, (*script).identityAgain},
	{3, []spec.Capability{spec.CanConnect, spec.CanLateAssoc, spec.CanAccept}, (*script).newsOfAnother},
	{3, []spec.Capability{spec.CanDuplicate, spec.CanAccept}, (*script).handles},
	{2, nil, (*script).closeUnderSends},
	{1, []spec.Capability{spec.CanDatagram}, (*script).crowd},
}

// pair is a connected stream socket and its far end; a new one if need be.
func (s *script) pair() (x, c *thing) {
	find := func() *thing {
		return s.any(s.far, func(f *thing) bool {
			return !f.gone && !f.mail && f.on != nil && !f.on.closed && f.on.port != nil && !f.on.port.closed && f.on.name[0] == 's'
		})
	}
	if c = find(); c == nil || s.one(3) {
		if s.inPar || !s.can(spec.CanAccept) || !s.session() {
			if c == nil {
				return nil, nil
			}
			return c.on, c
		}
		c = s.far[len(s.far)-1]
	}
	return c.on, c
}

// looker is a strand that waits.
func (s *script) looker(p *thing) func() {
	return func() {
		for range 1 + s.below(2) {
			s.line("wait %s%s%s", p.name, s.word("", "", "", " 1ms", " 0s"), s.word("", "", " max=2", " max=4"))
		}
	}
}

// amid is strands with lookers, and now and then something else, beside them.
func (s *script) amid(p *thing, strands ...func()) {
	if s.workers() == 1 {
		s.par(strands...)
		s.looker(p)()
		return
	}
	if sleeping := !s.inPar && s.one(3); sleeping { // somebody is in the wait already, and nobody comes and goes
		s.sleeper(p, s.word(" forever", " forever", ""))
		s.line("settle")
	} else {
		for range 1 + s.below(2) {
			strands = append(strands, s.looker(p))
		}
		if s.one(4) {
			strands = append(strands, func() { s.draw(s.deck(calls)) })
		}
	}
	s.par(strands...)
	switch s.below(3) {
	case 0:
		s.line("settle")
	case 1:
		s.looker(p)()
	}
}

// sleeper is a thread that waits in the background.
func (s *script) sleeper(p *thing, rest string) {
	at := s.at
	s.at = s.name('w')
	s.line("wait %s%s &", p.name, rest)
	s.at = at
}

func (s *script) start(verb string, x *thing, rest string) *thing {
	return s.started(verb, x, "%s", rest)
}

// few is how often something is done: often once, so that nothing else makes up for what is lost.
func (s *script) few() int {
	if s.one(2) {
		return 1
	}
	return 1 + s.below(3)
}

func (s *script) some() string { return s.word("1", "2", "4", "8", "64") }

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

// inTurn is threads that blocked one after the other, and one packet.
func (s *script) inTurn() bool {
	p := s.any(s.ports, open)
	if p == nil || s.inPar {
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
	if s.one(2) {
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

// crowd is many sockets for which something comes at the same time.
func (s *script) crowd() bool {
	if s.inPar || s.indent != "" || len(s.socks) > 12 || s.ports[0].closed {
		return false
	}
	v := &thing{name: s.name('v'), mail: true}
	s.peer("%s udp", v.name)
	s.far = append(s.far, v)
	var list []*thing
	for range 10 {
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

// connects is a socket that is connected: once, twice, at once, to somebody and to nobody.
func (s *script) connects() bool {
	p := s.any(s.ports, open)
	if p == nil || s.inPar {
		return false
	}
	q := s.any(s.places, func(q *thing) bool { return !q.v6 && !q.closed })
	if q == nil {
		q = &thing{name: s.name('q')}
		s.peer("%s listens", q.name)
		s.places = append(s.places, q)
	}
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
		s.start("recv", x, " len=8")
		s.peer("%s sends 8", d.name)
		s.start("send", x, " len=5")
		s.peer("%s reads 5", d.name)
		d.on = x
		return true
	}
	if q := s.any(s.places, func(q *thing) bool { return !q.closed && !q.v6 }); q != nil {
		s.start("connect", x, " to "+q.name)
		s.line("wait %s", p.name)
	}
	return true
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
			if s.one(4) {
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
			if l := s.listening(); l != nil && len(s.far) < 10 {
				s.line("accept %s on %s event=%s%s", s.name('a'), l.name, e.name, s.word("", "", " packet=no"))
				s.client(l)
				return
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
