package engine

import (
	"strconv"

	"github.com/ioconform/ioconform/spec"
)

// Moments of corner scripts about those who wait.

// manyThreads is how many threads are asleep at most: a simulated world has 64 in all.
const manyThreads = 12

// sleeps has so many threads wait in the background. They are the same ones every time that a script does it, and do nothing else.
func (s *script) sleeps(on *thing, n int, how ...string) {
	at := s.at
	for i := range n {
		s.at = "b" + strconv.Itoa(i+1)
		s.line("wait %s%s &", on.name, s.word(how...))
	}
	s.at = at
	s.line("settle")
}

// manySleepers is more threads asleep on a port than a small table has room for, and packets for some of them or for all.
func (s *script) manySleepers() bool {
	p := s.quietPort()
	if p == nil || s.workers() == 1 {
		return false
	}
	s.sleeps(p, 5+s.below(manyThreads-4), " forever", " forever", " forever", " forever max=2", "")
	switch {
	case s.can(spec.CanPost) && !s.one(3):
		for range 1 + s.below(3) {
			s.line("post %s to %s key=%s", s.name('k'), p.name, s.key())
		}
	default:
		if o := s.lonely(p); o == nil || !s.endsOf(o) {
			return true
		}
	}
	s.line("settle")
	if s.one(3) {
		s.line("close %s", p.name)
		p.closed = true
	}
	return true
}

// quietPort is a port on which nobody has waited yet, or any other.
func (s *script) quietPort() *thing {
	if !s.outside() {
		return nil
	}
	if len(s.ports) > 3 || s.one(3) {
		return s.any(s.ports, open)
	}
	p := &thing{name: s.name('Q')}
	s.line("port %s", p.name)
	s.ports = append(s.ports, p)
	return p
}

// lonely is an operation that nothing comes for, on a socket of its own.
func (s *script) lonely(p *thing) *thing {
	switch k := s.below(3); {
	case k < 1 && s.can(spec.CanDatagram):
		x := &thing{name: s.name('u'), mail: true, port: p}
		s.line("udp %s", x.name)
		s.line("associate %s to %s key=%s", x.name, p.name, s.key())
		s.socks = append(s.socks, x)
		return s.start("recvfrom", x, " len=16")
	case k < 2 && s.can(spec.CanAccept):
		x := &thing{name: s.name('L'), port: p}
		s.line("listen %s on %s key=%s", x.name, p.name, s.key())
		s.listeners = append(s.listeners, x)
		return s.start("accept", x, "")
	}
	if x, _ := s.pair(); x != nil {
		return s.start("recv", x, " len=4")
	}
	return nil
}

// endsBesideASleeper is a thread or two that sleep, mostly on a port on which nobody else has ever waited, and an operation that is ended rather than ends.
func (s *script) endsBesideASleeper() bool {
	p := s.quietPort()
	if p == nil || s.workers() == 1 {
		return false
	}
	first := s.one(2)
	if first {
		s.sleeps(p, 1+s.below(2), " forever", "")
	}
	o := s.lonely(p)
	if o == nil {
		return false
	}
	if !first {
		s.sleeps(p, 1+s.below(2), " forever", "")
	}
	s.endsOf(o)
	s.line("settle")
	return true
}

// wokenForAnother is a thread whose wait has a time, packets that others take from under it, and a longer wait beside it by which that time is known to be over.
func (s *script) wokenForAnother() bool {
	p, q := s.quietPort(), s.quietPort()
	if p == nil || q == nil || p == q || s.workers() == 1 || s.about.World != "sim" { // where hours pass at once
		return false
	}
	sleep := func(thread string, on *thing, time string) {
		s.at = thread
		s.line("wait %s %s &", on.name, time)
		s.at = ""
		s.line("settle") // in which the call is made
		s.line("settle") // before which it was
	}
	sleep("b1", p, "1500s")
	sleep("b2", q, "3600s")
	for range 1 + s.below(3) {
		s.line("time %s", s.word("1200s", "1200s", "700s"))
		s.line("post %s to %s key=%s", s.name('k'), p.name, s.key())
		s.line("wait %s 0s", p.name)
	}
	s.line("time %s", s.word("1300s", "1300s", "700s"))
	s.line("settle")
	return true
}

// waitsOfAnyTime is waits whose limits are no whole milliseconds, or seconds, with and without something to come.
func (s *script) waitsOfAnyTime() bool {
	p := s.any(s.ports, open)
	if p == nil || s.inPar {
		return false
	}
	s.waitsFor(p, farCalls)
	return true
}

// waitsFor is waits with such limits, among what far ends do.
func (s *script) waitsFor(on *thing, far []kind) {
	for range 1 + s.below(3) {
		if s.one(4) {
			s.draw(s.deck(far))
		}
		s.line("wait %s %s", on.name, s.word("1us", "100us", "500us", "900us", "999us", "1001us", "1500us", "2900us", "17ms"))
	}
}
