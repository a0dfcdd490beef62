package simnet

import (
	"math"
	"slices"
)

// PriorityRandom is the source behind PCT.
type PriorityRandom struct {
	rnd    wyrand
	depth  int
	length int
	asked  int   // scheduling choices so far
	demote []int // at which of them the running actor loses its priority
	passed int   // of those
	low    int64 // the next priority below all others

	threads, links priorities
}

// priorities are those of actors of one kind, by number. A map of all took a fifth of a run's time.
type priorities []int64

// undrawn is the priority of an actor that has not appeared yet.
const undrawn = math.MinInt64

// of returns where the priority of an actor stands.
func (p *priorities) of(id int) *int64 {
	for len(*p) <= id {
		*p = append(*p, undrawn)
	}
	return &(*p)[id]
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
	p := &PriorityRandom{depth: max(depth, 1), length: max(length, 1)}
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
	p.threads, p.links = p.threads[:0], p.links[:0]
}

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
	switch a.Kind {
	case ActorThread:
		*p.threads.of(a.ID) = p.low
	case ActorLink:
		*p.links.of(a.ID) = p.low
	}
	p.low--
}

func (p *PriorityRandom) highest(actors []Actor) int {
	best, top := 0, int64(undrawn)
	for i, a := range actors {
		var v int64
		switch a.Kind {
		case ActorThread:
			v = p.drawn(p.threads.of(a.ID))
		case ActorLink:
			v = p.drawn(p.links.of(a.ID))
		default:
			v = p.draw()
		}
		if v > top {
			best, top = i, v
		}
	}
	return best
}

// drawn returns a priority, which it draws when it is first asked for.
func (p *PriorityRandom) drawn(v *int64) int64 {
	if *v == undrawn {
		*v = p.draw()
	}
	return *v
}

func (p *PriorityRandom) draw() int64 { return int64(p.rnd.next() >> 1) }
