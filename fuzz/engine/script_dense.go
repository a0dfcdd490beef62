package engine

import (
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// A dense script is one in four of those that are drawn: nearly every call is made in the background, on one of four threads, on few sockets, and next to nothing waits for anything.
// So calls overlap other calls on the same socket, port or poller all the time, which those of other scripts do in a par or in a moment only. And it draws blindly: a connect is of
// a socket that is connected as a rule, an accept is into whatever there is.
//
// What a dense script may do, and no other: have what overlaps (see there) in the background of a thread, outside of blocks. What it may not do is what no program may, and no
// script does: nothing waits for ever except in the background, a token is used again behind its packet only, and no call is made on a socket, or on what an operation of it is
// about, that may run while another thread closes the socket (DSC-3). That the last is so beyond a line is what conduct.go sees to, of what was drawn and of what was
// changed. Scripts with pools have nothing else in the background.

// denseEvery is how many scripts there are to a dense one.
const denseEvery = 4

// isDense reports whether a script of that seed is one, where there are threads.
func (s *script) isDense(seed uint64) bool {
	return s.workers() > 1 && mix(seed, 0xD)%denseEvery == 0
}

// densest is how many lines a dense script has at most behind its beginning: what goes wrong where much overlaps does so within few, and the more there are the more of them meet a socket that is closed.
const densest = 22

// overlaps reports whether a thread may make the call in the background, while others make theirs.
func overlaps(l *scenario.Line) bool {
	if l.Thread == "" || l.Guard != nil {
		return false
	}
	switch l.Action.(type) {
	case *scenario.StartLine, *scenario.CancelLine, *scenario.ShutdownLine, *scenario.CloseLine, *scenario.SkipLine, *scenario.PostLine, *scenario.AssociateLine,
		*scenario.ContextLine, *scenario.NameLine, *scenario.DupLine, *scenario.SocketLine, *scenario.InterestLine, *scenario.TryLine, *scenario.WaitLine, *scenario.AwaitLine:
		return true
	}
	return false
}

// dense reports whether there is something in the background that only a dense script has there.
func dense(nodes []scenario.Node) (is bool) {
	eachLine(nodes, func(l *scenario.Line) {
		if _, wait := l.Action.(*scenario.WaitLine); !wait && l.Background && overlaps(l) {
			is = true
		}
	})
	return is
}

// beside lets what was drawn for a dense script go on in the background: all that overlaps, and half of what far ends do.
func (s *script) beside(nodes []scenario.Node) []scenario.Node {
	return changed(nodes, func(l *scenario.Line) {
		far, is := l.Action.(*scenario.PeerLine)
		if !is {
			l.Background = overlaps(l)
			return
		}
		switch far.Verb {
		case "sends", "reads", "half-closes", "closes", "resets":
			l.Background = s.one(2)
		}
	})
}

// denseThread is the thread that makes the next calls: in one of four cases the main one, which waits for them.
func (s *script) denseThread() string {
	if s.one(4) {
		return ""
	}
	return s.word("t1", "t2", "t3", "t4")
}

// densely draws the lines of a dense script.
func (s *script) densely() {
	s.dense = true
	lines := min(s.room, densest)
	begin, calls, opens, ends := (*script).denseBegin, s.deck(denseCalls), s.deck(denseOpenings), s.deck(farCalls)
	if isPoller(s.about) {
		begin, calls, opens, ends = (*script).denseBeginReady, s.deck(denseReadyCalls), s.deck(readyOpenings), s.deck(readyFarCalls)
	}
	begin(s)
	s.room = lines
	for tries := 0; s.room > 0 && tries < 200; tries++ {
		s.at = s.denseThread()
		switch n := s.below(20); {
		case n < 14:
			s.draw(calls)
		case n < 17:
			s.draw(ends)
		case n < 18:
			s.at = ""
			s.draw(opens)
		default:
			s.at = ""
			s.line("settle")
		}
		s.at = ""
	}
}

// denseBegin opens a port or two and, of most kinds, a socket or none.
func (s *script) denseBegin() {
	s.line("port P%s", s.limit())
	s.ports = append(s.ports, &thing{name: "P"})
	mayBe := func(n int, can bool, f func(*script) bool) {
		if can && s.one(n) {
			f(s)
		}
	}
	mayBe(3, true, (*script).port)
	mayBe(2, s.can(spec.CanEvent), (*script).event)
	for range s.below(3) {
		mayBe(1, s.canPair(), (*script).session)
	}
	mayBe(3, s.can(spec.CanAccept), (*script).listen)
	mayBe(2, s.can(spec.CanLateAssoc), (*script).socket)
	mayBe(3, s.can(spec.CanLateAssoc), (*script).socket)
	mayBe(2, s.can(spec.CanConnect), (*script).place)
	mayBe(3, s.can(spec.CanDatagram), (*script).datagrams)
}

func (s *script) limit() string {
	if s.can(spec.CanLimit) && s.one(4) {
		return " concurrency=1"
	}
	return ""
}

// denseCalls are the calls of a completion back end.
var denseCalls = []kind{
	{10, nil, (*script).receive},
	{6, nil, (*script).send},
	{14, nil, (*script).wait},
	{14, []spec.Capability{spec.CanAccept}, (*script).accept},
	{8, []spec.Capability{spec.CanAccept}, (*script).dial},
	{8, []spec.Capability{spec.CanConnect}, (*script).connect},
	{9, []spec.Capability{spec.CanDisconnect}, (*script).disconnect},
	{3, []spec.Capability{spec.CanDatagram}, (*script).receiveFrom},
	{3, []spec.Capability{spec.CanDatagram}, (*script).sendTo},
	{5, []spec.Capability{spec.CanCancel}, (*script).cancel},
	{3, []spec.Capability{spec.CanCancelAll}, (*script).cancelAll},
	{4, []spec.Capability{spec.CanShutdown}, (*script).shutdown},
	{5, nil, (*script).close},
	{2, nil, (*script).closePort},
	{3, []spec.Capability{spec.CanSkip}, (*script).skip},
	{3, []spec.Capability{spec.CanPost}, (*script).post},
	{4, []spec.Capability{spec.CanLateAssoc}, (*script).associate},
	{4, nil, (*script).ask},
	{3, []spec.Capability{spec.CanContext}, (*script).context},
	{3, []spec.Capability{spec.CanDuplicate}, (*script).duplicate},
	{2, []spec.Capability{spec.CanEvent}, (*script).await},
	{2, []spec.Capability{spec.CanAPC}, (*script).procedure},
	{3, []spec.Capability{spec.CanLateAssoc}, (*script).socket},
	{2, []spec.Capability{spec.CanThreadExit}, (*script).exit},
}

// denseOpenings are openings without pools, beside which nothing else is in the background.
var denseOpenings = []kind{
	{4, nil, (*script).session},
	{1, nil, (*script).port},
	{3, []spec.Capability{spec.CanAccept}, (*script).listen},
	{3, []spec.Capability{spec.CanDatagram}, (*script).datagrams},
	{3, []spec.Capability{spec.CanConnect}, (*script).place},
	{2, []spec.Capability{spec.CanEvent}, (*script).event},
}

// denseBeginReady opens pollers and what is watched.
func (s *script) denseBeginReady() {
	for range 1 + s.below(3) {
		s.poller()
	}
	for range 1 + s.below(2) {
		s.readySession()
	}
	for _, f := range []func(*script) bool{(*script).mailRaw, (*script).socketRaw, (*script).place, (*script).listenRaw} {
		if s.one(3) {
			f(s)
		}
	}
	for range s.below(3) {
		s.add()
	}
}

// denseReadyCalls are the calls on pollers and on what they watch.
var denseReadyCalls = []kind{
	{18, nil, (*script).add},
	{9, nil, (*script).modify},
	{5, nil, (*script).remove},
	{18, nil, (*script).waitReady},
	{9, nil, (*script).tryReceive},
	{5, nil, (*script).trySend},
	{5, nil, (*script).tryAccept},
	{4, []spec.Capability{spec.CanConnect}, (*script).tryConnect},
	{3, []spec.Capability{spec.CanDatagram}, (*script).tryMail},
	{4, []spec.Capability{spec.CanShutdown}, (*script).shutdownRaw},
	{4, nil, (*script).closeRaw},
	{4, []spec.Capability{spec.CanDuplicate}, (*script).duplicate},
	{3, nil, (*script).closePoller},
	{8, []spec.Capability{spec.CanNest}, (*script).nest},
	{2, []spec.Capability{spec.CanDatagram}, (*script).mailRaw},
	{2, nil, (*script).socketRaw},
}

// varyThread has another thread make the call of a dense script, or makes it wait for the call, or no longer.
func (s *script) varyThread(l *scenario.Line) {
	if _, far := l.Action.(*scenario.PeerLine); far || l.Guard != nil || !runsInside(l.Action) || !s.one(2) {
		return
	}
	l.Thread = s.denseThread()
	l.Background = overlaps(l) && !s.one(4)
}
