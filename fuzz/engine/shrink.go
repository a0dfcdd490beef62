package engine

import (
	"slices"

	"github.com/ioconform/ioconform/spec"
)

// Shrunk is a failure made small.
type Shrunk struct {
	Program Program
	Picks   []uint32
	Failed  string
	Runs    int
}

// Shrink makes a failing run small: first its choices are moved towards 0, the dull one, then steps that the failure does not
// need are left out and the others made small, in turn, until neither helps. It stops after budget runs. What it returns has failed twice in the same way.
func (x *Executor) Shrink(p *Program, picks []uint32, signature string, budget int) (Shrunk, bool) {
	s := Shrunk{Program: Program{p.Sessions, p.Threads, p.Limit, slices.Clone(p.Steps)}, Picks: slices.Clone(picks)}
	try := func(q *Program, c []uint32) bool {
		if s.Runs >= budget {
			return false
		}
		s.Runs++
		r := x.Execute(q, spec.Schedule{Strategy: "replay", Picks: c})
		if r.Signature() != signature {
			return false
		}
		s.Failed = r.Failed()
		if n := len(r.Picks); n < len(c) { // what comes after the last choice was not asked for
			c = c[:n]
		}
		s.Picks = append(s.Picks[:0], c...)
		return true
	}
	for range 2 {
		if !try(&s.Program, s.Picks) {
			return s, false // it cannot be repeated
		}
	}
	for again := true; again && s.Runs < budget; {
		again = x.shrinkPicks(&s, try)
		again = x.shrinkSteps(&s, try) || again
	}
	s.trim()
	return s, try(&s.Program, s.Picks) || s.Runs >= budget
}

// shrinkPicks sets stretches of choices to 0, long ones first.
func (x *Executor) shrinkPicks(s *Shrunk, try func(*Program, []uint32) bool) (any bool) {
	for width := len(s.Picks); width > 0; width /= 2 {
		for at := 0; at < len(s.Picks); at += width {
			end := min(at+width, len(s.Picks))
			if !slices.ContainsFunc(s.Picks[at:end], func(c uint32) bool { return c != 0 }) {
				continue
			}
			c := slices.Clone(s.Picks)
			clear(c[at:end])
			any = try(&s.Program, c) || any
		}
	}
	return any
}

// shrinkSteps leaves out stretches of steps, long ones first, then makes the N of those that are left small.
func (x *Executor) shrinkSteps(s *Shrunk, try func(*Program, []uint32) bool) (any bool) {
	keep := func(q Program) bool {
		if try(&q, s.Picks) || try(&q, nil) {
			s.Program = q
			return true
		}
		return false
	}
	for width := (len(s.Program.Steps) + 1) / 2; width > 0; width /= 2 {
		for at := 0; at < len(s.Program.Steps); {
			q := s.Program
			q.Steps = slices.Delete(slices.Clone(q.Steps), at, min(at+width, len(q.Steps)))
			if !keep(q) {
				at += width
			} else {
				any = true
			}
		}
	}
	for i := range s.Program.Steps {
		for _, n := range []uint32{1, 4, 16} {
			if s.Program.Steps[i].N <= n {
				break
			}
			q := s.Program
			q.Steps = slices.Clone(q.Steps)
			q.Steps[i].N = n
			if keep(q) {
				any = true
				break
			}
		}
	}
	return any
}

// trim cuts the zeros at the end: past the end every choice is 0.
func (s *Shrunk) trim() {
	for len(s.Picks) > 0 && s.Picks[len(s.Picks)-1] == 0 {
		s.Picks = s.Picks[:len(s.Picks)-1]
	}
}
