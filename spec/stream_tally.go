package spec

// chunk is what one send put into a stream.
type chunk struct {
	n   uint64
	sum Sum
}

// tally follows what a far end sends at level sum.
type tally struct {
	chunks  []chunk
	done    int    // of the chunks, those that have been compared
	mark    uint64 // where the first one that has not been compared begins; a cut
	sum     Sum    // of the bytes received since
	window  []*op  // the receives that brought them, the latest sumMost
	suspect bool   // the last comparison failed: the next may be the same fault
}

// upTo returns the sum of what was sent between the mark and a position, and how many chunks that is. It is no cut if the position
// lies within a send.
func (h *tally) upTo(to uint64) (sum Sum, chunks int, cut bool) {
	at, sum := h.mark, SumOf(nil)
	for i, x := range h.chunks[h.done:] {
		if at == to {
			return sum, i, true
		}
		if at > to {
			return 0, 0, false
		}
		at, sum = at+x.n, sum.Then(x.sum, int(x.n))
	}
	return sum, len(h.chunks) - h.done, at == to
}

// fits reports whether o is what was sent at the mark, both cut alike.
func (h *tally) fits(o *op) bool {
	sum, _, cut := h.upTo(h.mark + uint64(o.n))
	return cut && sum.Known() && sum == o.gotSum
}

// find looks for a run of whole sends, further on or already delivered.
func (h *tally) find(n int, s Sum) (found, uint64) {
	at := h.mark
	for _, x := range h.chunks[:h.done] {
		at -= x.n
	}
	how, where := altered, h.mark
	for i := range h.chunks {
		sum, m := SumOf(nil), uint64(0)
		for k := i; k < len(h.chunks) && m < uint64(n); k++ {
			sum, m = sum.Then(h.chunks[k].sum, int(h.chunks[k].n)), m+h.chunks[k].n
		}
		switch {
		case m != uint64(n) || n == 0 || !sum.Known() || sum != s || i == h.done:
		case i > h.done:
			return leftOut, at
		default:
			how, where = repeated, at
		}
		at += h.chunks[i].n
	}
	return how, where
}

// moveTo makes a cut the mark; chunks is how many sends lie between.
func (h *tally) moveTo(to uint64, chunks int) {
	h.mark, h.done, h.sum = to, h.done+chunks, SumOf(nil)
	if h.done > 4*sumHistory {
		h.chunks = append(h.chunks[:0], h.chunks[h.done-sumHistory:]...)
		h.done = sumHistory
	}
}

// jump makes the end of what has been sent the mark: what follows is told from there.
func (h *tally) jump(c *conn) { h.moveTo(c.sentTo(), len(h.chunks)-h.done) }
