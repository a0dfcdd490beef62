package simnet

import "slices"

// PriorityRandom is the source behind PCT.
type PriorityRandom struct {
	rnd    wyrand
	depth  int
	length int
	asked  int   // scheduling choices so far
	demote []int // at which of them the running actor loses its priority
	passed int   // of those
	low    int64 // the next priority below all others
	prio   map[Actor]int64
}

// PCT returns a source that gives each actor a random priority when it first appears and always
// lets the one with the highest go on, but demotes it below all others at depth-1 random points of
// a run of about length scheduling choices (probabilistic concurrency testing: Burckhardt, Kothari,
// Musuvathi, Nagarakatte, ASPLOS 2010). A bug that needs depth ordering constraints is found with a
// probability of at least 1/(actors × length^(depth-1)) a run, also where uniform choices
// practically never get there. Data choices are uniform. A Yield demotes whoever yields, else a
// loop that waits for somebody of lower priority would never end; the clock counts as an actor with
// a priority drawn anew each time, since it has no thread to be delayed.
func PCT(seed uint64, depth, length int) *PriorityRandom {
	p := &PriorityRandom{depth: max(depth, 1), length: max(length, 1), prio: make(map[Actor]int64)}
	p.Seed(seed)
	return p
}

// Seed starts the source again with another seed, and the same depth and length. It does not
// allocate once the actors of a run have been seen.
func (p *PriorityRandom) Seed(seed uint64) {
	p.rnd = wyrand(seed)
	p.asked, p.passed, p.low = 0, 0, -1
	p.demote = p.demote[:0]
	for range p.depth - 1 {
		p.demote = append(p.demote, p.rnd.below(p.length))
	}
	slices.Sort(p.demote)
	clear(p.prio)
}

// Length returns the length of a run that the demotions are spread over.
func (p *PriorityRandom) Length() int { return p.length }

// Pick implements Source.
func (p *PriorityRandom) Pick(_ Kind, n int) int { return p.rnd.below(n) }

// PickActor implements ActorSource.
func (p *PriorityRandom) PickActor(kind Kind, actors []Actor) int {
	if kind == KindYield {
		// The one who yields is the last thread among the options.
		for i := len(actors) - 1; i >= 0; i-- {
			if actors[i].Kind == ActorThread {
				p.lower(actors[i])
				break
			}
		}
	}
	best := p.highest(actors)
	for p.passed < len(p.demote) && p.demote[p.passed] <= p.asked {
		p.passed++
		p.lower(actors[best])
		best = p.highest(actors)
	}
	p.asked++
	return best
}

func (p *PriorityRandom) lower(a Actor) {
	p.prio[a] = p.low
	p.low--
}

func (p *PriorityRandom) highest(actors []Actor) int {
	best, top := 0, int64(-1<<63)
	for i, a := range actors {
		v, seen := p.prio[a]
		if !seen || a.Kind == ActorTime {
			v = int64(p.rnd.next() >> 1)
			p.prio[a] = v
		}
		if v > top {
			best, top = i, v
		}
	}
	return best
}
