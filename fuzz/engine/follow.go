package engine

import (
	"slices"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// A script that has lost a line asks for other choices than before: behind the line that is gone the same numbers stand for something else. What can be kept of a schedule
// is who took its steps, in which order. So a run is noted as moves, and another script is run in such a way that whoever is next in the
// moves, and can go on there as well, does.

// move is one choice: who took the next step, or, where it was not about that, the number that was taken.
type move struct {
	kind simnet.Kind
	who  simnet.Actor
	pick int
}

// about reports whether the move says who takes the next step.
func (m *move) about() bool {
	return m.kind == simnet.KindThread || m.kind == simnet.KindPreempt || m.kind == simnet.KindYield
}

// memory is how many moves are noted: a run that goes on without end is not followed any further.
const memory = 2000

// noted is a source that repeats choices and notes the moves that they are.
type noted struct {
	picks []uint32
	moves []move
}

func (s *noted) next(n int) int {
	if len(s.picks) == 0 {
		return 0
	}
	v := int(s.picks[0])
	if s.picks = s.picks[1:]; v >= n {
		return 0
	}
	return v
}

// Pick implements simnet.Source.
func (s *noted) Pick(kind simnet.Kind, n int) int {
	v := s.next(n)
	s.note(move{kind: kind, pick: v})
	return v
}

// PickActor implements simnet.ActorSource.
func (s *noted) PickActor(kind simnet.Kind, actors []simnet.Actor) int {
	v := s.next(len(actors))
	s.note(move{kind: kind, who: actors[v]})
	return v
}

func (s *noted) note(m move) {
	if len(s.moves) < memory {
		s.moves = append(s.moves, m)
	}
}

// followed is a source that follows moves as far as it can.
type followed struct {
	moves   []move
	threads []int // the number here of each thread of the run that is followed, -1 for none
}

// Pick implements simnet.Source: the number that was taken when such a choice was due next, if that is now.
func (s *followed) Pick(kind simnet.Kind, n int) int {
	if len(s.moves) == 0 || s.moves[0].kind != kind {
		return 0
	}
	v := s.moves[0].pick
	s.moves = s.moves[1:]
	return v
}

// ahead is how many moves are looked at for one that can be made.
const ahead = 200

// PickActor implements simnet.ActorSource: the first of those to come who can take a step. Those before whom that is not so are passed over.
func (s *followed) PickActor(_ simnet.Kind, actors []simnet.Actor) int {
	for i := range min(len(s.moves), ahead) {
		m := &s.moves[i]
		if !m.about() {
			continue
		}
		who := m.who
		if who.Kind == simnet.ActorThread && who.ID < len(s.threads) {
			who.ID = s.threads[who.ID]
		}
		if k := slices.Index(actors, who); k >= 0 {
			s.moves = s.moves[i+1:]
			return k
		}
	}
	return 0
}

func following(moves []move, threads []int) spec.Schedule {
	return spec.Schedule{Strategy: "source", Source: &followed{moves, threads}}
}

// threadsOf lists the threads of a script in the order in which it starts them; pools aside, whose threads have numbers of their own.
func threadsOf(nodes []scenario.Node) []string {
	names := []string{""} // the main thread
	var walk func(nodes []scenario.Node, inside bool)
	walk = func(nodes []scenario.Node, inside bool) {
		for _, n := range nodes {
			switch n := n.(type) {
			case *scenario.Block:
				walk(n.Lines, n.Kind != scenario.Repeat)
			case *scenario.Line:
				name := n.Thread
				if _, far := n.Action.(*scenario.PeerLine); far && (inside || n.Background) {
					name = strandOf(n)
				}
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	walk(nodes, false)
	return names
}

// renumbered tells, for each thread of one script, its number in another.
func renumbered(from, to []string) []int {
	list := make([]int, len(from))
	for i, name := range from {
		list[i] = slices.Index(to, name)
	}
	return list
}

// lacking is the moves without some that one of those who took steps made, drawn from the seed: what a line that is gone no longer does.
func lacking(moves []move, seed uint64) []move {
	d := dice(seed)
	n := 0
	for i := range moves {
		if moves[i].about() {
			n++
		}
	}
	if n == 0 {
		return moves
	}
	at, gone := d.below(len(moves)), 1+d.below(8)
	for !moves[at].about() {
		at = (at + 1) % len(moves)
	}
	who := moves[at].who
	list := slices.Clone(moves[:at])
	for _, m := range moves[at:] {
		if gone > 0 && m.about() && m.who == who {
			gone--
			continue
		}
		list = append(list, m)
	}
	return list
}
