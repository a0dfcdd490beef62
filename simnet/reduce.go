package simnet

import "math"

// reduction is what a search needs to leave out what leads nowhere new.
//
// At each choice of who goes on the state is known by the history of the run, and by the moment: what decides
// about the choices to come and their costs (history.go). Where both have been met before, everything that can follow has followed
// then, provided that as much of the bound was left at that time: a state that is reached again at a higher price leads to a part
// of the same runs. Such a run is cut. One that is reached again at a lower price is gone through again, with
// what is left now. This is why the reduction is sound under a bound, where one that relies on the order in which
// independent steps are taken, as plain sleep sets and persistent sets do, is not: the order that it keeps may cost more
// than the bound allows, when the one that it leaves out would have cost less (Coons, Musuvathi, McKinley,
// Bounded partial-order reduction, OOPSLA 2013). The search is depth first, and an ancestor is never the same state as
// what comes after it because each step adds to the history: so what is met again has been gone through to its end.
//
// For each state it is remembered how many schedules lead on from it, by what they cost. So the number of
// schedules within the bound is known without running them all, and comes out as it does without the reduction,
// which is what a test compares.
//
// Delays that lead nowhere new are left out before they cost a run: see slide.go.
type reduction struct {
	past    *history
	seen    map[uint64]visit
	arena   []uint64 // tallies of the visits
	tallies []uint64 // of the choices on the path, bound+1 numbers each
	child   []uint64 // tally of what the run just done adds
	cut     bool
	known   visit // where the run just done was cut
	cuts    int
	ends    map[uint64]struct{}
	slide   slide
	twin    bool                                            // option 2 of the choice that comes does what option 1 does
	doubt   func(at uint64, left int, before, now []uint64) // in tests: nothing is cut, and this hears what comes of a state that is met again
}

// visit is a state that has been gone through.
type visit struct {
	budget int32 // that was left
	n      int32 // of the tally: how many schedules cost 0, 1, … from here
	at     uint32
	kept   uint32 // what happens behind its options, 0 if that is not known
}

// maxSeen bounds the states that are remembered, some 40 bytes each, and the ends. Beyond it nothing is added, and less is cut.
const maxSeen = 12 << 20

// oneIn is how many states there are, of those with nothing left of the bound, for one that is looked up and remembered. They are most of all states, and
// one costs as much as some steps: it is cheaper to be cut a little later. Which ones is a matter of the state alone.
const oneIn = 4

// Reduce makes the search leave out runs that differ from others only in the order of steps that have nothing to do
// with each other. What the program shares between its threads, beside what belongs to the world, must be told to the world (Touch, Note).
// To be called before the first run.
func (s *Search) Reduce() *Search {
	s.past = &history{}
	s.seen = map[uint64]visit{}
	s.ends = map[uint64]struct{}{}
	return s
}

// Follow makes the search know how runs end, for New and Distinct, and leave out nothing. To be called before the first run.
func (s *Search) Follow() *Search {
	s.past = &history{}
	s.ends = map[uint64]struct{}{}
	return s
}

// restart keeps what was seen.
func (r *reduction) restart() {
	r.tallies, r.child = r.tallies[:0], r.child[:0]
	r.cut, r.cuts = false, 0
}

// Cut reports whether the run just done was given up because all that can follow has followed before. It has no outcome
// of its own.
func (s *Search) Cut() bool { return s.cut }

// Cuts returns how many runs were cut.
func (s *Search) Cuts() int { return s.cuts }

// LeftOut returns how many runs were not begun, because another one leads to the same, those of smaller bounds included.
func (s *Search) LeftOut() int { return s.slide.slid }

// Schedules returns the number of schedules within the bound, of a search that is complete: those that were
// run and those that were left out.
func (s *Search) Schedules() (n uint64) {
	if s.past == nil {
		return uint64(s.runs)
	}
	for _, k := range s.child {
		n = sum(n, k)
	}
	return n
}

// sum stops at the largest number there is.
func sum(a, b uint64) uint64 {
	if a+b < a {
		return math.MaxUint64
	}
	return a + b
}

// New reports whether the run just done, which was not cut, ended in a way that no run before it has: with another history. It is to be
// asked once a run.
func (s *Search) New() bool {
	end := s.past.sum
	if _, seen := s.ends[end]; seen {
		return false
	}
	if len(s.ends) < maxSeen {
		s.ends[end] = struct{}{}
	}
	return true
}

// Distinct returns how many ends New has told apart.
func (s *Search) Distinct() int { return len(s.ends) }

// pickAt is Pick for a choice of who goes on.
func (s *Search) pickAt(w *World, t *Thread, kind Kind, n int) int {
	fresh := s.depth == len(s.path)
	v := s.Pick(kind, n)
	if !fresh || s.mismatch {
		if uint(v) >= uint(n) {
			return 0
		}
		if s.seen != nil && s.depth == len(s.path) {
			s.departs(v)
		}
		return v
	}
	if s.seen == nil {
		return 0
	}
	b := &s.path[len(s.path)-1]
	left := int32(s.bound) - b.spent
	if left == 0 && (s.following() || s.past.sum%oneIn != 0) && s.sliding() {
		return 0
	}
	b.at, b.keyed = blend(s.past.sum, w.moment(t, kind)), true
	if k, met := s.seen[b.at]; met && k.budget >= left && s.doubt == nil && (s.slide.trust == nil || left > 0) {
		if left == 1 && k.kept != 0 {
			copy(s.arrives(w, t, kind, n).options, s.slide.kept[k.kept])
			s.slide.last, s.slide.into, s.past.into = -1, nil, nil
		}
		s.path = s.path[:len(s.path)-1] // no choice is taken here
		s.depth--
		s.cut, s.known = true, k
		s.cuts++
		w.end(Stopped)
		return 0
	}
	if left == 1 && s.sliding() {
		s.arrives(w, t, kind, n)
	}
	return 0
}

// advanceReduced is advance, and adds up schedules on the way.
func (s *Search) advanceReduced() bool {
	width := s.bound + 1
	for len(s.tallies) < (len(s.path)+1)*width {
		s.tallies = append(s.tallies, 0)
	}
	// The choices that this run was the first to take begin with nothing; theirs was cleared when they were left.
	child := s.child[:0]
	if s.cut {
		left := s.bound - s.Spent()
		child = append(child, s.arena[s.known.at:int(s.known.at)+min(int(s.known.n), left+1)]...)
	} else {
		child = append(child, 1)
	}
	for i := len(s.path) - 1; i >= 0; i-- {
		b := &s.path[i]
		own := s.tallies[i*width : (i+1)*width]
		c := b.cost(s)
		for j, k := range child {
			own[j+c] = sum(own[j+c], k)
		}
		for b.hasNext(s) {
			b.pick++
			if s.slides(i) {
				own[1] = sum(own[1], 1)
				continue
			}
			if b.twin && b.pick == 2 && s.doubt == nil {
				s.slide.slid++
				for j, k := range child {
					own[j+b.cost(s)] = sum(own[j+b.cost(s)], k)
				}
				continue
			}
			s.path, s.child = s.path[:i+1], child
			return true
		}
		n := width
		for n > 0 && own[n-1] == 0 {
			n--
		}
		child = append(child[:0], own[:n]...)
		clear(own)
		if b.keyed {
			s.remember(i, child)
		}
	}
	s.path, s.child = s.path[:0], child
	return false
}

// remember keeps how many schedules lead on from the choice at a depth.
func (s *Search) remember(depth int, tally []uint64) {
	at, budget := s.path[depth].at, int32(s.bound)-s.path[depth].spent
	k, met := s.seen[at]
	if met && s.doubt != nil {
		s.doubt(at, int(min(budget, k.budget)), s.arena[k.at:k.at+uint32(k.n)], tally)
	}
	if met && k.budget > budget || !met && (len(s.seen) >= maxSeen || len(s.arena) > 1<<30) {
		return
	}
	if !met || int(k.n) < len(tally) {
		k.at = uint32(len(s.arena))
		s.arena = append(s.arena, tally...)
	} else {
		copy(s.arena[k.at:], tally)
	}
	k.budget, k.n = budget, int32(len(tally))
	if budget == 1 && k.kept == 0 && s.sliding() {
		k.kept = s.slide.keep(depth)
	}
	s.seen[at] = k
}
