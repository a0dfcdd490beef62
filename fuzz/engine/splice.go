package engine

// Splice draws a program into p that begins as a and ends as b: what threads and far ends of b do that a does not have is done by those that a has.
// The same seed and the same two give the same program.
func Splice(p *Program, seed uint64, a, b *Program) {
	d := dice(seed)
	p.copy(a)
	p.Steps = p.Steps[:d.below(len(p.Steps)+1)]
	from := d.below(len(b.Steps) + 1)
	for _, s := range b.Steps[from:] {
		if len(p.Steps) == MaxSteps {
			break
		}
		if int(s.Thread) < b.Threads {
			s.Thread %= uint8(p.Threads)
		} else {
			s.Thread = uint8(p.Threads) + (s.Thread-uint8(b.Threads))%uint8(p.Sessions)
		}
		p.Steps = append(p.Steps, s)
	}
}
