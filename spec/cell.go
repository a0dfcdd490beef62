package spec

// cell is the bit of Count.Cells for an outcome that is held.
func (r *Rule) cell(out outcome) int {
	return int(out.situation)*(len(r.Alternatives)+1) + int(out.alternative) + 1
}

// Cell tells what a bit of Count.Cells stands for: the situation, and the alternative, "" where the outcome was none of those that the rule lists. It
// reports whether there is such a bit.
func (r *Rule) Cell(bit int) (situation, alternative string, ok bool) {
	width := len(r.Alternatives) + 1
	if bit < 0 || bit >= len(r.Situations)*width {
		return "", "", false
	}
	if a := bit%width - 1; a >= 0 {
		alternative = r.Alternatives[a]
	}
	return r.Situations[bit/width], alternative, true
}
