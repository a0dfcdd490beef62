package spec

// poller is the page of one poller.
type poller struct {
	id      uint32
	file    *file // as something to be watched
	closed  span
	unasked Interest // what it reports whether asked for or not
	regs    []*registration
	tokens  map[uint64][]*setting
	waits   []*readyWait // under way
	seq     uint64       // waits that have returned
	mixed   uint64       // seq at the latest ctl call, or wait beside another
	last    *readyWait   // the latest that returned
}

// registration is what a poller knows of one descriptor. It outlives its removal, because the same may be added again.
type registration struct {
	poller  *poller
	desc    *desc // nil where a poller is watched
	file    *file
	cur     *setting // the latest that was called and has not failed; nil: not registered
	ctl     int      // calls under way
	begun   int      // calls so far
	muddled bool     // two of them overlapped
	others  int      // calls under way that are no modify
	torn    bool     // two overlapped of which one was no modify, so that it is not sure whether it is watched
	credit  uint64   // edge: events that may still come
	told    uint64   // return of the latest wait that reported it
	asked   uint64   // its call
	seq     uint64   // its number
	room    uint64   // return of the latest wait that reported it as writable
	accused *setting // something has been said of it that need not be said again
}

// setting is what one add or modify asked for.
type setting struct {
	reg   *registration
	verb  Verb
	token uint64
	ask   Interest
	at    span
	fired int  // events that carried its token
	endBy Verb // modify, remove, close
	end   span
}

func (p *poller) find(d *desc, f *file) *registration {
	for _, g := range p.regs {
		if g.desc == d && g.file == f {
			return g
		}
	}
	return nil
}

// haunted reports whether the poller has, or may have, a registration of the file by a descriptor that is closed. A duplicate that got
// the number of that one is taken for it.
func (p *poller) haunted(f *file) bool {
	for _, g := range p.regs {
		if g.file == f && g.desc != nil && g.desc.closed.called() && (g.cur != nil || g.muddled || g.ctl > 0) {
			return true
		}
	}
	return false
}

// steady reports whether the registration is certainly set as it is, since before q.
func (g *registration) steady(q uint64) bool {
	return !g.muddled && g.ctl == 0 && g.cur != nil && g.cur.at.r < q && !g.cur.end.called() &&
		(g.desc == nil || !g.desc.closed.called()) && (g.file.poller == nil || !g.file.poller.closed.called())
}

// sole reports that the registration hears of every change: it is not exclusive, or no other is. Nor was: what one that has been removed was told of, the others have not
// heard (ep_poll_callback in fs/eventpoll.c ends the walk through the exclusive ones), until they have been reported since.
func (g *registration) sole() bool {
	if g.cur.ask&Exclusive == 0 {
		return true
	}
	if g.cur.at.c < g.file.left && g.told < g.file.left {
		return false
	}
	for _, x := range g.file.regs {
		if x != g && (x.muddled || x.ctl > 0 || x.cur != nil && x.cur.ask&Exclusive != 0) {
			return false
		}
	}
	return true
}

// level reports whether the setting is level-triggered and stays armed.
func (s *setting) level() bool { return s.ask.Level() }

// wants is what is to be reported if it is so.
func (s *setting) wants() Interest { return s.ask | s.reg.poller.unasked }

// fresh tells what was ready for certain when the setting was made and has been since.
func (s *setting) fresh() Interest {
	bits, _ := s.reg.file.certain(s.at.c)
	return bits & s.wants()
}
