package simnet

import "math/bits"

// slide is what a search that reduces needs to leave out delays that come to the same as the same delay one step later.
//
// Where the bound has room for one delay more, what is chosen instead of going on with the thread whose turn it is, be it another thread or a delivery,
// decides the rest of the run: all choices after it are dull. Let x be the step that the thread would have taken, and B what happens
// from the choice until the dull choices come back to the thread; of a delivery that is the delivery. If x and B have nothing to do with each
// other, then "B, x" leads to the same state, with the same turn, as "x, B". The search is depth first: when it comes to a choice, it knows
// x from the dull run, and B from the same choice one step later. So of a delay that may be had anywhere along a stretch of steps only the last is run, and where
// a step touches what B touches, the last one before it: what matters is on which side of each other steps come that do.
//
// It takes that the dull choices are the same in both. Within B they go by who could run: whoever x has woken must not have had a turn in it.
// After B it must be the thread's turn: where it goes on after x, that is where B ends; where x is its last step before it waits, B is what the other thread does until
// that can go on no more, when whoever could run has a higher number; after a delivery it is, unless one was woken that comes before it.
//
// It is sound under the bound because nothing is left of that after the delay: a choice within B that is not dull would cost more than there is.
// The run that is left out is one schedule, and is counted as one.
type slide struct {
	points   []point    // by depth, of the latest run that had one delay left
	last     int        // the latest of the run, -1 for none
	kept     [][]behind // by state, as visit has it
	arena    []behind
	into     *behind // what is between a delay and the thread's next turn goes there, while it is followed
	delivery bool    // it is one
	thread   int     // that thread, -1 if there is none
	slid     int

	trust    func(same bool) // in tests: what would be left out is run, and this hears whether it led to the same
	ran      *behind
	expect   bool
	expected uint64
	dull     uint64 // how the latest run with one delay left ended, 0 if it was cut
}

// point is a choice with room for one delay.
type point struct {
	setting
	kind    Kind
	by      int // the thread that takes it
	turn    int // the thread that option 0 is, -1 if it is none
	steps   int
	next    int       // the depth of the next one, if step is known
	step    footprint // what the thread does until then
	forced  int       // the link on which the only thing that can happen then is under way, -1 for none
	after   footprint // that delivery
	whole   bool      // after is known
	options []behind
}

// setting is what decides, beside the history and whose turn it is, which choices there are.
type setting struct {
	run, settlers uint64
	links         [2]uint64 // that have something under way
	more          bool      // there are more
}

// behind is what happens from a choice on: of a delivery that, of a thread what it does until it can go on no more, and, where another one could have gone
// on, what else happens until that one has its turn again.
type behind struct {
	footprint
	known bool
	one   bool   // only the thread that was chosen has run
	ready uint64 // who could run when it could go on no more
	end   uint64 // in tests: the history of the run at its end
}

// footprint is what a piece of a run touches. Several things may share a bit, which makes more pieces depend on each other than do.
type footprint struct {
	read, write [4]uint64 // objects
	begin, end  uint64    // notes
	woken, ran  uint64    // threads
	made        bool      // something that is numbered in order
	armed       bool      // a timer, and of timers due at once the order counts
	yields      bool      // it goes by what else could go on
	all         bool      // it depends on everything
}

func (f *footprint) touch(o Object, write bool) {
	if write {
		f.write[o>>6&3] |= 1 << (o & 63)
	} else {
		f.read[o>>6&3] |= 1 << (o & 63)
	}
}

func (f *footprint) note(n int, ends bool) {
	if ends {
		f.end |= 1 << (n & 63)
	} else {
		f.begin |= 1 << (n & 63)
	}
}

// apart reports whether two pieces of a run have nothing to do with each other.
func (f *footprint) apart(g *footprint) bool {
	both := f.begin&g.end | f.end&g.begin
	for i := range f.write {
		both |= f.write[i]&(g.write[i]|g.read[i]) | f.read[i]&g.write[i]
	}
	return both == 0 && !f.all && !g.all && !(f.made && g.made) && !(f.armed && g.armed)
}

// sliding reports whether delays may be left out: every choice that is not dull has to cost something.
func (s *Search) sliding() bool { return s.costs == dear && s.doubt == nil }

// dear is the costs of a search in which every kind of choice costs.
var dear = [8]bool{true, true, true, true, true, true, true, true}

// Verify makes a search that reduces run the delays that it would leave out because the same delay a step later leads to the same, and tell
// whether it does. What it leaves out where a state is met again is not run. To be called before the first run.
func (s *Search) Verify(same func(bool)) { s.slide.trust = same }

// begins is called before a run.
func (s *Search) begins() { s.slide.last, s.slide.into = -1, nil }

// ended is called after a run.
func (s *Search) ended() {
	x := &s.slide
	if x.trust != nil && s.bound-s.Spent() == 1 {
		if x.dull = s.past.sum; s.cut {
			x.dull = 0
		}
	}
	if x.trust == nil || x.ran == nil {
		return
	}
	x.ran.end = s.past.sum
	if x.expect {
		x.trust(x.ran.end == x.expected)
	}
	x.ran, x.expect = nil, false
}

// arrives is called at a choice that is taken for the first time with room for one delay.
func (s *Search) arrives(w *World, t *Thread, kind Kind, n int) *point {
	x := &s.slide
	at := s.depth - 1
	for len(x.points) <= at {
		x.points = append(x.points, point{})
	}
	if x.last >= 0 {
		x.points[x.last].next = at
	}
	x.last = -1
	p := &x.points[at]
	*p = point{setting: w.setting(), kind: kind, by: t.id, turn: -1, steps: w.steps, next: -1, forced: -1, options: p.options[:0]}
	for range n {
		p.options = append(p.options, behind{})
	}
	switch {
	case kind == KindPreempt && w.run&t.bit != 0:
		p.turn = t.id
	case kind == KindThread && w.run != 0 && w.run&t.bit == 0:
		p.turn = bits.TrailingZeros64(w.run)
	}
	s.past.into = nil
	switch {
	case p.turn >= 0:
		x.last, s.past.into = at, &p.step
	case kind == KindThread && w.nlinks > 0: // the dull choice is a delivery
		x.into, x.delivery, x.thread = &p.options[0], true, -1
		s.past.into = &x.into.footprint
	}
	return p
}

// departs is called at the choice in which a run departs from those before it.
func (s *Search) departs(pick int) {
	x := &s.slide
	at := s.depth - 1
	if b := &s.path[at]; !s.sliding() || !b.keyed || s.bound-int(b.spent) != 1 || pick == 0 {
		return
	}
	p := &x.points[at]
	if p.kind == KindYield {
		return
	}
	x.into, x.ran = &p.options[pick], &p.options[pick]
	*x.into = behind{one: true}
	s.past.into = &x.into.footprint
	x.delivery, x.thread = pick >= bits.OnesCount64(p.run), -1
	if p.kind == KindPreempt {
		x.thread = p.turn
	}
}

// following reports whether the run is in a piece that has to be known to its end, even if it leads where another has been.
func (s *Search) following() bool { return s.slide.into != nil }

// stepped is called when somebody is to be chosen.
func (s *Search) stepped(w *World, kind Kind) {
	x := &s.slide
	if x.last >= 0 {
		switch p := &x.points[x.last]; {
		case p.forced >= 0: // it has been delivered
			p.whole = true
			x.last, s.past.into = -1, nil
		case kind == KindThread && w.run == 0 && w.nlinks == 1 && !w.timeIsNear():
			p.forced = w.nthLink(0)
			s.past.into = &p.after
		}
	}
	switch {
	case x.into == nil:
	case x.delivery:
		s.followed(true)
	case kind == KindThread && x.into.ready == 0:
		if x.into.ready = w.run; x.thread < 0 {
			s.followed(true)
		}
	}
}

func (s *Search) followed(known bool) {
	s.slide.into.known = known
	s.slide.into, s.past.into = nil, nil
}

// turn is called when the next thread has been chosen, nil if the run is over.
func (s *Search) turn(next *Thread) {
	switch x := &s.slide; {
	case x.into == nil:
	case next == nil || next.id == x.thread:
		s.followed(next != nil)
	default:
		x.into.one = x.into.one && x.into.ran&^next.bit == 0
		x.into.ran |= next.bit
	}
}

// slides reports whether the option that is to be picked in a choice leads where the same one leads a step later.
func (s *Search) slides(at int) bool {
	b := &s.path[at]
	if !s.sliding() || !b.keyed || s.bound-int(b.spent) != 1 {
		return false
	}
	p := &s.slide.points[at]
	if p.turn < 0 {
		return false
	}
	if p.whole {
		return s.slidesOn(p, int(b.pick))
	}
	if p.next < 0 {
		return false
	}
	q, k := &s.slide.points[p.next], int(b.pick)
	if q.by != p.turn || q.steps != p.steps+1 || p.step.woken>>p.turn&1 != 0 || p.settlers != q.settlers || p.more || q.more {
		return false
	}
	threads, more := bits.OnesCount64(p.run), q.run&^p.run // those that x has woken
	thread := k < threads
	if thread {
		who := p.turn
		if k > 0 {
			who = nth(p.run&^(1<<p.turn), k-1)
		}
		switch {
		case q.kind == KindPreempt && q.turn == p.turn && p.run&^q.run == 0:
			k = 1 + bits.OnesCount64(q.run&^(1<<p.turn)&(1<<who-1))
		case q.kind == KindThread && p.run&^q.run == 1<<p.turn:
			k = bits.OnesCount64(q.run & (1<<who - 1))
		default:
			return false
		}
	} else {
		link := nth128(p.links, k-threads)
		if p.step.made || link < 0 || q.links[link>>6]>>(link&63)&1 == 0 {
			return false
		}
		if k = rank128(q.links, link); q.kind != KindYield {
			k += bits.OnesCount64(q.run)
		}
	}
	then := q.options[k]
	if !then.known || then.yields || then.woken>>p.turn&1 != 0 || p.step.woken&then.woken != 0 || !p.step.apart(&then.footprint) {
		return false
	}
	if thread {
		if then.ran&more != 0 {
			return false
		}
		if q.kind == KindThread && then.ready&^more&(1<<p.turn-1) != 0 || p.kind == KindThread && !then.one {
			return false
		}
		then.ready = then.ready&^more | 1<<p.turn
	} else if p.kind == KindThread && then.woken&(1<<p.turn-1|1<<p.by) != 0 {
		return false // who was woken would have its turn
	}
	if s.slide.trust != nil {
		if k == 0 {
			then.end = s.slide.dull
		}
		s.slide.expect, s.slide.expected = then.end != 0, then.end
		return false
	}
	p.options[b.pick] = then
	s.slide.slid++
	return true
}

// slidesOn is slides for a thread's last step before it waits for a delivery that is all that can happen then: what is delivered before that step leads where the dull run does.
func (s *Search) slidesOn(p *point, pick int) bool {
	threads, then := bits.OnesCount64(p.run), &p.after
	if p.more || pick < threads || nth128(p.links, pick-threads) != p.forced || p.step.made || p.step.woken&then.woken != 0 || then.woken>>p.turn&1 != 0 ||
		!p.step.apart(then) || p.kind == KindThread && then.woken&(1<<p.turn-1|1<<p.by) != 0 {
		return false
	}
	if s.slide.trust != nil {
		s.slide.expect, s.slide.expected = s.slide.dull != 0, s.slide.dull
		return false
	}
	p.options[pick] = behind{footprint: *then, known: true}
	s.slide.slid++
	return true
}

// nth128 returns the place of the k-th bit that is set, -1 if there are not so many.
func nth128(m [2]uint64, k int) int {
	if n := bits.OnesCount64(m[0]); k >= n {
		if k -= n; k >= bits.OnesCount64(m[1]) {
			return -1
		}
		return 64 + nth(m[1], k)
	}
	return nth(m[0], k)
}

// rank128 returns how many bits are set before a place.
func rank128(m [2]uint64, at int) int {
	if at < 64 {
		return bits.OnesCount64(m[0] & (1<<at - 1))
	}
	return bits.OnesCount64(m[0]) + bits.OnesCount64(m[1]&(1<<(at-64)-1))
}

// keep remembers for a state what happens behind its options.
func (x *slide) keep(at int) (kept uint32) {
	if len(x.kept) >= maxKept {
		return 0
	}
	p := &x.points[at]
	if len(x.kept) == 0 {
		x.kept = append(x.kept, nil)
	}
	if cap(x.arena)-len(x.arena) < len(p.options) {
		x.arena = make([]behind, 0, 4096)
	}
	n := len(x.arena)
	x.arena = append(x.arena, p.options...)
	x.kept = append(x.kept, x.arena[n:len(x.arena):len(x.arena)])
	return uint32(len(x.kept) - 1)
}

// maxKept bounds the states of which it is remembered what happens behind their options, some 400 bytes each.
const maxKept = 1 << 18
