package spec

// width is how many cells a situation has: the bit of Count.Cells for situation s with alternative a, or with none, which is -1, is s*width + a + 1.
func (r *Rule) width() int { return len(r.Alternatives) + 1 }

// Cell tells what a bit of Count.Cells stands for: the situation, and the alternative, "" where the outcome was none of those that the rule lists. It
// reports whether there is such a bit.
func (r *Rule) Cell(bit int) (situation, alternative string, ok bool) {
	width := r.width()
	if bit < 0 || bit >= len(r.Situations)*width {
		return "", "", false
	}
	if a := bit%width - 1; a >= 0 {
		alternative = r.Alternatives[a]
	}
	return r.Situations[bit/width], alternative, true
}
