package engine

import (
	"fmt"
	"slices"

	"github.com/ioconform/ioconform/spec"
)

// openings are what introduces ports, sockets and threads. They stand outside of blocks.
var openings = []kind{
	{8, nil, (*script).session},
	{2, nil, (*script).port},
	{4, []spec.Capability{spec.CanAccept}, (*script).listen},
	{6, []spec.Capability{spec.CanLateAssoc}, (*script).socket},
	{6, []spec.Capability{spec.CanDatagram}, (*script).datagrams},
	{3, []spec.Capability{spec.CanConnect}, (*script).place},
	{3, []spec.Capability{spec.CanEvent}, (*script).event},
	{2, []spec.Capability{spec.CanWorkers}, (*script).pool},
	{2, []spec.Capability{spec.CanThreadExit}, (*script).exit},
}

func (s *script) port() bool {
	if len(s.ports) > 2 {
		return false
	}
	p := &thing{name: s.name('Q')}
	limit := ""
	if s.can(spec.CanLimit) && s.one(3) {
		limit = fmt.Sprintf(" concurrency=%d", s.below(3))
	}
	s.line("port %s%s", p.name, limit)
	s.ports = append(s.ports, p)
	return true
}

// canPair reports whether the target can have a session.
func (s *script) canPair() bool { return s.can(spec.CanAccept) || s.can(spec.CanConnect) }

// session makes a connected pair in the usual way. The port P and the listener L are those of all sessions; where the target accepts nothing there is no L.
func (s *script) session() bool {
	if len(s.far) > 6 || s.ports[0].closed || !s.canPair() {
		return false
	}
	lis := s.byName(s.listeners, "L")
	if lis != nil && lis.closed {
		return false
	}
	ip, v6 := "", false
	switch {
	case lis != nil:
		v6 = lis.v6
	case s.can(spec.CanAccept):
		ip, v6 = s.family()
		s.listeners = append(s.listeners, &thing{name: "L", port: s.ports[0], v6: v6})
	}
	x := &thing{name: s.name('s'), port: s.ports[0], v6: v6}
	c := &thing{name: s.name('c'), on: x}
	skip := ""
	if s.can(spec.CanSkip) && s.one(10) {
		skip = " skip=yes"
	}
	s.line("session %s key=%s peer=%s%s%s", x.name, s.key(), c.name, skip, ip)
	s.socks, s.far = append(s.socks, x), append(s.far, c)
	return true
}

func (s *script) byName(list []*thing, name string) *thing {
	for _, x := range list {
		if x.name == name {
			return x
		}
	}
	return nil
}

// family is now and then IPv6.
func (s *script) family() (option string, v6 bool) {
	if !s.can(spec.CanIPv6) || !s.one(8) {
		return "", false
	}
	return " ip=6", true
}

func (s *script) listen() bool {
	if len(s.listeners) > 2 || !s.can(spec.CanAccept) {
		return false
	}
	p := s.any(s.ports, open)
	ip, v6 := s.family()
	l := &thing{name: s.name('L'), v6: v6, port: p}
	on := ""
	if p != nil && (!s.one(5) || !s.can(spec.CanLateAssoc)) {
		on = fmt.Sprintf(" on %s key=%s", p.name, s.key())
	} else {
		l.port = nil
	}
	s.line("listen %s%s%s%s", l.name, on, s.word("", "", " backlog=1", " backlog=2"), ip)
	s.maySkip(l)
	s.listeners = append(s.listeners, l)
	return true
}

// maySkip has what was just opened skip, now and then.
func (s *script) maySkip(x *thing) {
	if s.can(spec.CanSkip) && s.one(6) {
		s.line("skip %s", x.name)
	}
}

// socket opens a stream socket that can be connected, or accepted into.
func (s *script) socket() bool {
	ip, v6 := s.family()
	x := &thing{name: s.name('s'), raw: true, v6: v6}
	bind := ""
	if s.can(spec.CanWin32) && s.one(10) {
		bind = " bind=yes"
	}
	s.line("tcp %s%s%s", x.name, ip, bind)
	if p := s.any(s.ports, open); p != nil && !s.one(4) {
		s.line("associate %s to %s key=%s", x.name, p.name, s.key())
		x.port = p
	}
	s.maySkip(x)
	s.socks = append(s.socks, x)
	if s.one(4) { // without a connection
		s.started(s.word("send", "recv"), x, " len=4")
	}
	return true
}

// datagrams opens a socket of datagrams and a far end.
func (s *script) datagrams() bool {
	ip, v6 := s.family()
	u := &thing{name: s.name('u'), mail: true, v6: v6}
	bind := ""
	if s.one(10) {
		bind, u.raw = " bind=no", true
	}
	s.line("udp %s%s%s", u.name, ip, bind)
	p := s.any(s.ports, open)
	if p != nil {
		s.line("associate %s to %s key=%s", u.name, p.name, s.key())
		u.port = p
	}
	s.maySkip(u)
	s.socks = append(s.socks, u)
	f := &thing{name: s.name('v'), mail: true, v6: v6}
	s.peer("%s udp%s", f.name, ip)
	s.far = append(s.far, f)
	return true
}

// place introduces a far end to connect to, or an address at which nobody is.
func (s *script) place() bool {
	if !s.can(spec.CanConnect) {
		return false
	}
	ip, v6 := s.family()
	q := &thing{name: s.name('q'), v6: v6}
	q.closed = s.one(3)
	verb := "listens"
	if q.closed {
		verb = "refuses"
	}
	s.peer("%s %s%s", q.name, verb, ip)
	s.places = append(s.places, q)
	return true
}

func (s *script) event() bool {
	if len(s.events) > 2 {
		return false
	}
	e := &thing{name: s.name('e')}
	s.line("event %s", e.name)
	s.events = append(s.events, e)
	return true
}

// pool starts worker threads, and mostly ends them.
func (s *script) pool() bool {
	p := s.any(s.ports, open)
	if p == nil || s.names['W'] > 1 || s.full || s.indent != "" {
		return false
	}
	s.calm = true
	name := s.name('W')
	rest := ""
	if l := s.any(s.listeners, open); l != nil && s.one(4) {
		rest = " listener=" + l.name
	}
	handler := s.word("session-echo", "session-echo", "session-echo", "drain")
	if s.one(20) {
		handler = "session-echo-repost-first"
	}
	s.line("pool %s on %s threads=%d handler=%s receives=%s size=%s%s", name, p.name, 1+s.below(3), handler, s.word("1", "1", "1", "2"), s.word("4", "16", "64"), rest)
	for range 1 + s.below(4) {
		if f := s.any(s.far, func(f *thing) bool { return !f.mail && !f.gone }); f != nil {
			s.par(func() { s.peer("%s sends %s", f.name, s.size()) }, func() { s.draw(s.deck(farCalls)) })
		}
	}
	s.line("drain %s", name)
	return true
}

// thread returns a thread for lines outside of blocks.
func (s *script) thread() *thing {
	if s.inPar || s.workers() == 1 {
		return nil
	}
	if t := s.any(s.threads, func(t *thing) bool { return !t.gone }); t != nil && !s.one(3) {
		return t
	}
	t := &thing{name: s.name('z')}
	s.threads = append(s.threads, t)
	return t
}

// exit has a thread start something, and end.
func (s *script) exit() bool {
	t := s.thread()
	if t == nil || s.indent != "" { // a thread ends once
		return false
	}
	if s.can(spec.CanEvent) && s.any(s.events, nil) == nil {
		s.event()
	}
	s.at, s.tied = t.name, true
	before := len(s.ops)
	for range 1 + s.below(3) {
		s.draw(s.deck(starts))
	}
	s.tied = false
	own := func(o *thing) bool { return o.on != nil && slices.Contains(s.ops[before:], o) }
	if o := s.any(s.ops, own); o != nil && s.one(2) { // what was started has ended before
		s.at = ""
		s.endsOf(o)
		s.at = t.name
	}
	s.line("exit")
	s.at, t.gone = "", true
	return true
}

// endsOf makes one of the calls by which an operation may end, and reports whether there is one.
func (s *script) endsOf(o *thing) bool {
	x := o.on
	switch n := s.below(5); {
	case n < 2 && s.can(spec.CanCancel) && s.use(x):
		s.line("cancel %s", o.name)
	case n < 3 && s.can(spec.CanCancelAll) && s.use(x):
		s.line("cancel all %s", x.name)
	case n < 4 && o.verb != "accept" && s.can(spec.CanShutdown) && s.use(x):
		side := s.word("receive", "both", "send")
		if x.mail { // what becomes of its receives otherwise is nobody's promise
			side = "send"
		}
		s.line("shutdown %s %s", x.name, side)
	case s.claim(x):
		s.line("close %s", x.name)
		x.closed = true
	default:
		return false
	}
	return true
}

// starts are the calls that start operations.
var starts = []kind{
	{6, nil, (*script).receive},
	{3, nil, (*script).send},
	{2, []spec.Capability{spec.CanAccept}, (*script).accept},
	{1, []spec.Capability{spec.CanConnect}, (*script).connect},
	{2, []spec.Capability{spec.CanDatagram}, (*script).receiveFrom},
}
