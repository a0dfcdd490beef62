package engine

import (
	"fmt"

	"github.com/ioconform/ioconform/spec"
)

// calls are the calls that a thread makes, how often each is drawn, and what it takes. They stand inside a par as well as outside.
var calls = []kind{
	{24, nil, (*script).receive},
	{12, nil, (*script).send},
	{20, nil, (*script).wait},
	{6, []spec.Capability{spec.CanAccept}, (*script).accept},
	{4, []spec.Capability{spec.CanConnect}, (*script).connect},
	{2, []spec.Capability{spec.CanDisconnect}, (*script).disconnect},
	{6, []spec.Capability{spec.CanDatagram}, (*script).receiveFrom},
	{5, []spec.Capability{spec.CanDatagram}, (*script).sendTo},
	{8, []spec.Capability{spec.CanCancel}, (*script).cancel},
	{2, []spec.Capability{spec.CanCancelAll}, (*script).cancelAll},
	{4, []spec.Capability{spec.CanShutdown}, (*script).shutdown},
	{4, nil, (*script).close},
	{1, nil, (*script).closePort},
	{2, []spec.Capability{spec.CanSkip}, (*script).skip},
	{6, []spec.Capability{spec.CanPost}, (*script).post},
	{3, []spec.Capability{spec.CanLateAssoc}, (*script).associate},
	{2, nil, (*script).ask},
	{1, []spec.Capability{spec.CanContext}, (*script).context},
	{1, []spec.Capability{spec.CanDuplicate}, (*script).duplicate},
	{2, []spec.Capability{spec.CanEvent}, (*script).await},
	{2, []spec.Capability{spec.CanAPC}, (*script).procedure},
	{2, []spec.Capability{spec.CanWorkers}, (*script).handle},
	{1, nil, (*script).pass},
}

// stream returns a stream socket that may be used, connected ones more often.
func (s *script) stream() *thing {
	if s.dense {
		return s.any(s.socks, func(x *thing) bool { return !x.mail })
	}
	x := s.any(s.socks, func(x *thing) bool { return !x.mail && !x.raw && !x.closed })
	if x == nil || s.one(12) {
		x = s.any(s.socks, func(x *thing) bool { return !x.mail })
	}
	if !s.use(x) {
		return nil
	}
	return x
}

func (s *script) mail() *thing {
	x := s.any(s.socks, func(x *thing) bool { return x.mail && (!x.closed || s.one(8)) })
	if !s.use(x) {
		return nil
	}
	return x
}

// started notes an operation and writes its line.
func (s *script) started(verb string, on *thing, format string, args ...any) *thing {
	letter := map[string]byte{"recv": 'r', "send": 'w', "accept": 'a', "connect": 'x', "disconnect": 'd', "recvfrom": 'm', "sendto": 'n'}[verb]
	o := &thing{name: s.name(letter), verb: verb, on: on}
	s.line("%s %s on %s%s%s", verb, o.name, on.name, fmt.Sprintf(format, args...), s.signals())
	s.ops = append(s.ops, o)
	return o
}

// signals is, now and then, an event for an operation to signal; often if its thread is to end, to which that ties it.
func (s *script) signals() string {
	if !s.can(spec.CanEvent) || !(s.tied && s.one(2)) && !s.one(14) {
		return ""
	}
	e := s.any(s.events, nil)
	if e == nil {
		return ""
	}
	return " event=" + e.name + s.word("", "", " packet=no")
}

func (s *script) receive() bool {
	x := s.stream()
	if x == nil {
		return false
	}
	rest := ""
	if s.can(spec.CanWaitAll) && s.one(8) {
		rest = " waitall=yes"
	}
	for range 1 + s.below(2)*s.below(2) {
		s.started("recv", x, " len=%s%s", s.size(), rest)
	}
	return true
}

func (s *script) send() bool {
	x := s.stream()
	if x == nil {
		return false
	}
	n := s.size()
	if s.one(8) {
		n = s.flood()
	}
	s.started("send", x, " len=%s", n)
	return true
}

func (s *script) accept() bool {
	if !s.can(spec.CanAccept) {
		return false
	}
	l := s.any(s.listeners, func(x *thing) bool { return !x.closed || s.one(8) })
	if s.one(16) && s.can(spec.CanWin32) { // what does not listen cannot accept
		x := s.stream()
		if x == nil {
			return false
		}
		a := &thing{name: s.name('a'), verb: "accept", on: x}
		s.line("misuse accept %s on %s", a.name, x.name)
		s.ops = append(s.ops, a)
		return true
	}
	if !s.use(l) {
		return false
	}
	rest, into := "", (*thing)(nil)
	if s.can(spec.CanAcceptInto) && s.one(3) {
		into = s.any(s.socks, func(x *thing) bool { return x.raw && !x.closed && !x.mail })
		if s.dense || s.can(spec.CanWin32) && s.one(6) { // of no use for that
			into = s.any(s.socks, nil)
		}
		if into != nil && s.use(into) {
			rest = " into " + into.name
		} else {
			into = nil
		}
	}
	as := ""
	if into == nil && s.one(2) {
		as = s.name('s')
		rest = " as " + as
	}
	if s.can(spec.CanAcceptData) && s.one(5) {
		rest += " data=" + s.word("1", "4", "16")
	}
	if s.can(spec.CanContext) && s.one(8) {
		rest += " context=no"
	}
	if s.can(spec.CanArguments) && s.one(8) {
		rest += s.word(" local=0", " local=8", " remote=0", " remote=8", " without=buffer", " without=overlapped", " without=listener", " without=socket", " local=16 remote=16")
	}
	a := s.started("accept", l, "%s", rest)
	if into == nil {
		if as == "" {
			as = a.name + ".sock"
		}
		s.socks = append(s.socks, &thing{name: as, v6: l.v6})
	} else {
		into.raw = false
	}
	return true
}

func (s *script) connect() bool {
	if !s.can(spec.CanConnect) {
		return false
	}
	x := s.any(s.socks, func(x *thing) bool { return x.raw && !x.mail && !x.closed })
	if x == nil || s.dense || s.one(10) {
		x = s.any(s.socks, func(x *thing) bool { return !x.mail })
	}
	if s.can(spec.CanWin32) && s.one(12) {
		if l := s.any(s.listeners, open); s.use(l) {
			if to := s.any(s.places, func(p *thing) bool { return p.v6 == l.v6 }); to != nil {
				o := &thing{name: s.name('x'), verb: "connect", on: l}
				s.line("misuse connect %s on %s to %s", o.name, l.name, to.name)
				s.ops = append(s.ops, o)
				return true
			}
		}
	}
	if !s.use(x) {
		return false
	}
	to := s.any(s.places, func(p *thing) bool { return p.v6 == x.v6 })
	if (to == nil || s.one(4)) && !s.calm {
		if l := s.any(s.listeners, func(l *thing) bool { return l.v6 == x.v6 }); l != nil {
			to, s.full = l, true // its two ends would echo each other's bytes for ever
		}
	}
	if to == nil {
		return false
	}
	rest := ""
	if s.can(spec.CanWin32) && s.one(3) {
		rest = " data=" + s.word("1", "8", "64", "40") + s.word("", " overwrite=yes")
	}
	if s.can(spec.CanWin32) && s.one(6) {
		rest += " bind=no"
	}
	if s.can(spec.CanContext) && s.one(8) {
		rest += " context=no"
	}
	s.started("connect", x, " to %s%s", to.name, rest)
	x.raw = false
	return true
}

func (s *script) disconnect() bool {
	if !s.can(spec.CanDisconnect) {
		return false
	}
	x := s.stream()
	if x == nil {
		return false
	}
	reuse := s.word("", " reuse=yes", " reuse=yes")
	o := &thing{name: s.name('d'), verb: "disconnect", on: x}
	s.line("disconnect %s on %s%s", o.name, x.name, reuse)
	s.ops = append(s.ops, o)
	x.raw = x.raw || reuse != ""
	return true
}

func (s *script) receiveFrom() bool {
	if !s.can(spec.CanDatagram) {
		return false
	}
	x := s.mail()
	if x == nil {
		return false
	}
	for range 1 + s.below(2)*s.below(2) {
		s.started("recvfrom", x, " len=%s", s.word("1", "4", "8", "16", "16", "64", "0", "16", "64k"))
	}
	return true
}

func (s *script) sendTo() bool {
	if !s.can(spec.CanDatagram) {
		return false
	}
	x := s.mail()
	if x == nil {
		return false
	}
	to := s.any(s.far, func(f *thing) bool { return f.mail && f.v6 == x.v6 })
	if to == nil || s.one(6) {
		to = s.any(s.socks, func(y *thing) bool { return y.mail && y.v6 == x.v6 && !y.raw })
	}
	if to == nil {
		return false
	}
	s.started("sendto", x, " to %s len=%s", to.name, s.word("1", "4", "8", "16", "0", "300", "4k", "9k"))
	return true
}

func (s *script) cancel() bool {
	if !s.can(spec.CanCancel) {
		return false
	}
	o := s.any(s.ops, func(o *thing) bool { return o.verb != "post" })
	if o == nil || !s.use(o.on) {
		return false
	}
	s.line("cancel %s", o.name)
	return true
}

func (s *script) cancelAll() bool {
	if !s.can(spec.CanCancelAll) {
		return false
	}
	x := s.any(append(s.socks[:len(s.socks):len(s.socks)], s.listeners...), nil)
	if !s.use(x) {
		return false
	}
	s.line("cancel all %s", x.name)
	return true
}

func (s *script) shutdown() bool {
	if !s.can(spec.CanShutdown) {
		return false
	}
	x := s.stream()
	if s.one(8) && s.can(spec.CanWin32) {
		x = s.any(s.socks, nil)
		if !s.use(x) {
			return false
		}
	}
	if x == nil {
		return false
	}
	s.line("shutdown %s %s", x.name, s.word("send", "send", "send", "receive", "both"))
	return true
}

func (s *script) close() bool {
	list := s.socks
	if s.one(5) {
		list = s.listeners
	}
	x := s.any(list, func(x *thing) bool { return !x.closed || s.one(12) })
	if !s.claim(x) {
		return false
	}
	s.line("close %s", x.name)
	x.closed = true
	return true
}

func (s *script) closePort() bool {
	n := 0
	for _, p := range s.ports {
		if !p.closed {
			n++
		}
	}
	p := s.any(s.ports, open)
	if p == nil || n == 1 && !s.one(3) {
		return false
	}
	s.line("close %s", p.name)
	p.closed = true
	return true
}

func (s *script) skip() bool {
	if !s.can(spec.CanSkip) {
		return false
	}
	x := s.stream()
	if x == nil {
		return false
	}
	s.line("skip %s", x.name)
	return true
}

func (s *script) post() bool {
	if !s.can(spec.CanPost) {
		return false
	}
	p := s.any(s.ports, func(x *thing) bool { return !x.closed || s.one(6) })
	if p == nil {
		return false
	}
	for range 1 + s.below(3)*s.below(2) {
		o := &thing{name: s.name('k'), verb: "post"}
		s.line("post %s to %s key=%s bytes=%s", o.name, p.name, s.key(), s.word("0", "1", "77", "1000", "70000", "1m"))
		s.ops = append(s.ops, o)
	}
	return true
}

func (s *script) associate() bool {
	x := s.any(append(s.socks[:len(s.socks):len(s.socks)], s.listeners...), func(x *thing) bool { return x.port == nil })
	if x == nil || s.one(3) {
		x = s.any(append(s.socks[:len(s.socks):len(s.socks)], s.listeners...), nil)
	}
	p := s.any(s.ports, open)
	if p == nil || x != nil && x.port != nil && !s.can(spec.CanLateAssoc) || !s.use(x) { // once more is late, if something was started
		return false
	}
	s.line("associate %s to %s key=%s", x.name, p.name, s.key())
	if x.port == nil {
		x.port = p
	}
	return true
}

// ask asks a socket for an address.
func (s *script) ask() bool {
	x := s.any(s.socks, nil)
	if !s.use(x) {
		return false
	}
	s.line("%s %s", s.word("name", "peername"), x.name)
	return true
}

func (s *script) context() bool {
	x := s.stream()
	if x == nil {
		return false
	}
	from := ""
	if l := s.any(s.listeners, nil); !s.one(3) && s.use(l) {
		from = " from " + l.name
		if y := s.any(s.socks, nil); s.one(4) && s.use(y) {
			from = " from " + y.name
		}
	}
	s.line("context %s%s", x.name, from)
	return true
}

// duplicate makes another handle or descriptor of a socket, which may listen.
func (s *script) duplicate() bool {
	list := &s.socks
	if s.one(4) {
		list = &s.listeners
	}
	x := s.any(*list, open)
	if !s.use(x) {
		return false
	}
	y := &thing{name: s.name('h'), port: x.port, mail: x.mail, v6: x.v6, raw: x.raw}
	s.line("dup %s as %s", x.name, y.name)
	*list = append(*list, y)
	return true
}

func (s *script) await() bool {
	e := s.any(s.events, nil)
	if e == nil {
		return false
	}
	s.line("await %s %s", e.name, s.soon())
	return true
}

// procedure queues an asynchronous procedure call to a thread, and mostly lets it run.
func (s *script) procedure() bool {
	if s.alone("apc") { // which is not for the main thread
		return false
	}
	if s.at == "" {
		t := s.thread()
		if t == nil {
			return false
		}
		s.at = t.name
		defer func() { s.at = "" }()
	}
	for range 1 + s.below(2) {
		s.line("apc %s", s.name('y'))
	}
	if p := s.any(s.ports, nil); p != nil && !s.one(3) {
		if s.one(4) {
			s.line("wait %s %s", p.name, s.soon())
		}
		s.line("wait %s %s alertable", p.name, s.soon())
	}
	return true
}

// handle marks where the handler of a packet begins and ends.
func (s *script) handle() bool {
	p := s.any(s.ports, open)
	if p == nil {
		return false
	}
	k := s.name('p')
	s.line("wait %s as %s", p.name, k)
	s.line("enter %s", k)
	if s.one(2) {
		s.line("time 1ms")
	}
	s.line("leave %s", k)
	return true
}

func (s *script) wait() bool {
	p := s.any(s.ports, func(x *thing) bool { return !x.closed || s.one(6) })
	if p == nil {
		return false
	}
	rest := s.word("", "", "", " 0s", " 1ms", " 5ms")
	if s.dense && s.at != "" && s.one(4) {
		rest = " forever"
	}
	if s.can(spec.CanAPC) && s.one(10) {
		rest += " alertable"
	}
	s.line("wait %s%s%s", p.name, rest, s.word("", "", " max=2", " max=4"))
	return true
}

// pass lets time pass.
func (s *script) pass() bool {
	s.line("time %s", s.word("1ms", "5ms", "100us"))
	return true
}
