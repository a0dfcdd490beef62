package simnet

// Search goes through the schedules of one program depth first: each run repeats a prefix of the
// one before, departs from it in one choice, and is dull from there on. The search is bounded by
// how many choices of a run may cost something; what costs is what the constructors differ in.
//
//	s := simnet.NewDelaySearch(2)
//	for s.Next() {
//		w.Reset(s)
//		out := w.Run(main)
//	}
//
// The program must be the same in every run, or the search reports a Mismatch. Reduce makes it leave
// out what leads nowhere new.
type Search struct {
	bound    int
	costs    [8]bool // by Kind
	path     []branch
	depth    int
	runs     int
	started  bool
	complete bool
	mismatch bool

	reduction // see reduce.go
}

type branch struct {
	n, pick int32
	kind    Kind
	keyed   bool  // of a search that reduces: at is the state that the choice was taken in
	twin    bool  // option 2 does what option 1 does
	spent   int32 // cost of the path before this choice
	at      uint64
}

// DelaySearch is the search in which every pick other than 0 costs one, as in delay-bounded
// scheduling (Emmi, Qadeer, Rakamarić, POPL 2011). It grows evenly with the bound, also with many
// threads, where counting preemptions explodes already at bound 0.
type DelaySearch = Search

// NewDelaySearch returns a search through all runs with at most bound picks other than 0.
func NewDelaySearch(bound int) *DelaySearch {
	return &Search{bound: bound, costs: dear}
}

// NewPreemptionSearch returns a search through all runs with at most bound preemptions: only a pick
// other than 0 of KindPreempt costs, the choices at blocking points are free.
func NewPreemptionSearch(bound int) *Search {
	s := &Search{bound: bound}
	s.costs[KindPreempt] = true
	return s
}

// Charge makes choices of these kinds cost one as well, where another option than 0 is taken. To be called before the first run.
func (s *Search) Charge(kinds ...Kind) *Search {
	for _, k := range kinds {
		s.costs[k] = true
	}
	return s
}

// Restart begins the search again with another bound, without giving up its memory. A search that reduces
// remembers what it has seen: the same program must follow.
func (s *Search) Restart(bound int) {
	*s = Search{bound: bound, costs: s.costs, path: s.path[:0], reduction: s.reduction}
	s.restart()
}

// Next goes to the next schedule and reports whether there is one. The first call leads to the dull
// schedule. It must be called before each run.
func (s *Search) Next() bool {
	if s.complete || s.mismatch {
		return false
	}
	if s.depth < len(s.path) { // the run ended before it had made again what the one before it did
		s.mismatch = true
		return false
	}
	if s.past != nil {
		s.ended()
	}
	if s.started && !s.advance() {
		s.complete = true
		return false
	}
	s.started = true
	s.runs++
	s.depth, s.cut = 0, false
	if s.past != nil {
		s.begins()
	}
	return true
}

// advance replaces the path by the next one in depth-first order.
func (s *Search) advance() bool {
	if s.past != nil {
		return s.advanceReduced()
	}
	for i := len(s.path) - 1; i >= 0; i-- {
		if s.path[i].hasNext(s) {
			s.path[i].pick++
			s.path = s.path[:i+1]
			return true
		}
	}
	return false
}

// hasNext reports whether the choice has another option within the bound.
func (b *branch) hasNext(s *Search) bool {
	return b.pick+1 < b.n && (!s.costs[b.kind] || int(b.spent) < s.bound)
}

// cost is what the option costs that is taken.
func (b *branch) cost(s *Search) int {
	if b.pick != 0 && s.costs[b.kind] {
		return 1
	}
	return 0
}

// Pick implements Source.
func (s *Search) Pick(kind Kind, n int) int {
	i := s.depth
	s.depth++
	if i < len(s.path) {
		s.twin = false
		b := &s.path[i]
		if int(b.n) != n || b.kind != kind {
			s.mismatch = true
			return 0
		}
		return int(b.pick)
	}
	if s.mismatch {
		return 0
	}
	spent := int32(0)
	if i > 0 {
		last := &s.path[i-1]
		spent = last.spent + int32(last.cost(s))
	}
	s.path = append(s.path, branch{n: int32(n), kind: kind, spent: spent, twin: s.twin})
	s.twin = false
	return 0
}

// Forget makes the search leave alone the choices of the run just done that came after the first n, and what would follow from other options of them: of a
// run that went on for too long, or else it would be gone through for ever. The search is not complete then, whatever Complete says.
func (s *Search) Forget(n int) {
	s.path = s.path[:min(max(n, 0), len(s.path))]
	s.depth = min(s.depth, len(s.path))
}

// Length returns how many choices the run just done took.
func (s *Search) Length() int { return s.depth }

// Complete reports whether every schedule within the bound has been run, or need not be.
func (s *Search) Complete() bool { return s.complete && !s.mismatch }

// Runs returns how many runs have been begun.
func (s *Search) Runs() int { return s.runs }

// Bound returns the bound of the search.
func (s *Search) Bound() int { return s.bound }

// Mismatch reports whether a run asked for other choices than the run before on the same path, or for fewer, which Next notices: the
// program has a nondeterminism that is not a choice, and the search proves nothing.
func (s *Search) Mismatch() bool { return s.mismatch }

// Spent returns what the choices of the run just done cost.
func (s *Search) Spent() int {
	if len(s.path) == 0 {
		return 0
	}
	b := &s.path[len(s.path)-1]
	return int(b.spent) + b.cost(s)
}

// Picks appends the picks of the run just done to dst, for Replay, and returns it.
func (s *Search) Picks(dst []uint32) []uint32 {
	for _, b := range s.path[:min(s.depth, len(s.path))] {
		dst = append(dst, uint32(b.pick))
	}
	return dst
}
