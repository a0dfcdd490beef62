package engine

import "slices"

// Mutate draws a program into p that differs from q in a few places: a step more, a step less, a step changed, two exchanged, a stretch repeated.
// The same seed and the same q give the same program.
func Mutate(p *Program, seed uint64, q *Program) {
	d := dice(seed)
	p.copy(q)
	for range 1 + d.below(4) {
		n := len(p.Steps)
		switch k := d.below(10); {
		case n == 0 || k < 3 && n < MaxSteps:
			p.Steps = slices.Insert(p.Steps, d.below(n+1), p.drawStep(&d))
		case k < 4:
			at := d.below(n)
			p.Steps = slices.Delete(p.Steps, at, at+1)
		case k < 6: // the same on another thread, or about another object
			s := &p.Steps[d.below(n)]
			if int(s.Thread) < p.Threads {
				s.Thread = uint8(d.below(p.Threads))
			}
			s.Obj = uint8(d.below(256))
		case k < 7:
			s := &p.Steps[d.below(n)]
			drawLength(&d, s)
		case k < 8: // two neighbours change places
			if n > 1 {
				at := d.below(n - 1)
				p.Steps[at], p.Steps[at+1] = p.Steps[at+1], p.Steps[at]
			}
		case k < 9:
			at := d.below(n)
			end := min(at+1+d.below(4), n)
			if n+end-at <= MaxSteps {
				p.Steps = slices.Insert(p.Steps, end, p.Steps[at:end]...)
			}
		default:
			p.Limit = d.below(3)
		}
	}
}

// copy makes p the same as q, with memory of its own, which it uses again.
func (p *Program) copy(q *Program) {
	p.Sessions, p.Threads, p.Limit = q.Sessions, q.Threads, q.Limit
	p.Steps = append(p.Steps[:0], q.Steps...)
}
