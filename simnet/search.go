package simnet

// Search goes through the schedules of one program depth first: each run repeats a prefix of the
// one before, departs from it in one choice, and is dull from there on. The search is bounded by
// how many choices of a run may cost something; what costs is what the two constructors differ in.
//
//	s := simnet.NewDelaySearch(2)
//	for s.Next() {
//		w.Reset(s)
//		out := w.Run(main)
//	}
//
// The program must be the same in every run, or the search reports a Mismatch.
type Search struct {
	bound    int
	costs    [8]bool // by Kind
	path     []branch
	depth    int
	runs     int
	started  bool
	complete bool
	mismatch bool
}

type branch struct {
	n, pick int32
	kind    Kind
	spent   int32 // cost of the path before this choice
}

// DelaySearch is the search in which every pick other than 0 costs one, as in delay-bounded
// scheduling (Emmi, Qadeer, Rakamarić, POPL 2011). It grows evenly with the bound, also with many
// threads, where counting preemptions explodes already at bound 0.
type DelaySearch = Search

// NewDelaySearch returns a search through all runs with at most bound picks other than 0.
func NewDelaySearch(bound int) *DelaySearch {
	s := &Search{bound: bound}
	for i := range s.costs {
		s.costs[i] = true
	}
	return s
}

// NewPreemptionSearch returns a search through all runs with at most bound preemptions: only a pick
// other than 0 of KindPreempt costs, the choices at blocking points are free.
func NewPreemptionSearch(bound int) *Search {
	s := &Search{bound: bound}
	s.costs[KindPreempt] = true
	return s
}

// Restart begins the search again with another bound, without giving up its memory.
func (s *Search) Restart(bound int) {
	*s = Search{bound: bound, costs: s.costs, path: s.path[:0]}
}

// Next goes to the next schedule and reports whether there is one. The first call leads to the dull
// schedule. It must be called before each run.
func (s *Search) Next() bool {
	if s.complete {
		return false
	}
	if s.started && !s.advance() {
		s.complete = true
		return false
	}
	s.started = true
	s.runs++
	s.depth = 0
	return true
}

// advance replaces the path by the next one in depth-first order.
func (s *Search) advance() bool {
	s.path = s.path[:s.depth] // a run that ended early forgets what it did not reach
	for i := len(s.path) - 1; i >= 0; i-- {
		b := &s.path[i]
		if b.pick+1 >= b.n {
			continue
		}
		if s.costs[b.kind] && int(b.spent) >= s.bound {
			continue
		}
		b.pick++
		s.path = s.path[:i+1]
		return true
	}
	return false
}

// Pick implements Source.
func (s *Search) Pick(kind Kind, n int) int {
	i := s.depth
	s.depth++
	if i < len(s.path) {
		b := &s.path[i]
		if int(b.n) != n || b.kind != kind {
			s.mismatch = true
			return 0
		}
		return int(b.pick)
	}
	spent := int32(0)
	if i > 0 {
		last := &s.path[i-1]
		spent = last.spent
		if last.pick != 0 && s.costs[last.kind] {
			spent++
		}
	}
	s.path = append(s.path, branch{n: int32(n), kind: kind, spent: spent})
	return 0
}

// Complete reports whether every schedule within the bound has been run.
func (s *Search) Complete() bool { return s.complete }

// Runs returns how many schedules have been begun.
func (s *Search) Runs() int { return s.runs }

// Bound returns the bound of the search.
func (s *Search) Bound() int { return s.bound }

// Mismatch reports whether a run asked for other choices than the run before on the same path: the
// program has a nondeterminism that is not a choice, and the search proves nothing.
func (s *Search) Mismatch() bool { return s.mismatch }

// Picks appends the picks of the run just done to dst, for Replay, and returns it.
func (s *Search) Picks(dst []uint32) []uint32 {
	for _, b := range s.path[:min(s.depth, len(s.path))] {
		dst = append(dst, uint32(b.pick))
	}
	return dst
}
