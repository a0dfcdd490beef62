package engine

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
	{3, []spec.Capability{spec.CanWorkers}, (*script).wakes},
	{2, []spec.Capability{spec.CanDatagram}, (*script).ownDatagrams},
	{2, []spec.Capability{spec.CanAccept, spec.CanAcceptInto, spec.CanAcceptData, spec.CanLateAssoc}, (*script).silentClient},
	{3, []spec.Capability{spec.CanAccept}, (*script).identityAgain},
	{3, []spec.Capability{spec.CanConnect, spec.CanLateAssoc}, (*script).newsOfAnother},
	{3, []spec.Capability{spec.CanDuplicate, spec.CanAccept}, (*script).handles},
	{2, nil, (*script).closeUnderSends},
	{1, []spec.Capability{spec.CanDatagram}, (*script).crowd},
	{1, []spec.Capability{spec.CanDatagram, spec.CanLateAssoc}, (*script).unbound},
	{1, nil, (*script).farBehind},
	{1, []spec.Capability{spec.CanDatagram}, (*script).tooLong},
	{1, nil, (*script).tokenAgain},
}

// pair is a connected stream socket and its far end; a new one if need be.
func (s *script) pair() (x, c *thing) {
	find := func() *thing {
		return s.any(s.far, func(f *thing) bool {
			return !f.gone && !f.mail && f.on != nil && !f.on.closed && f.on.port != nil && !f.on.port.closed && f.on.name[0] == 's'
		})
	}
	if c = find(); c == nil || s.one(3) {
		if s.inPar || !s.session() {
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

// sleeper is a thread that waits in the background, where there may be one.
func (s *script) sleeper(p *thing, rest string) {
	if s.workers() == 1 {
		return
	}
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
