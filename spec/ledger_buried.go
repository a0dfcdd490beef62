package spec

import "slices"

// buried are the numbers of sockets, and of further handles, that were closed and whose pages have been dropped since. Numbers are given one after the other and what
// they stand for is closed sooner or later, so that there are hardly more ranges than sockets that are open.
type buried struct{ ranges []numberRange }

// numberRange is a range of numbers, both ends included. Ranges are in order, and between two of them something is missing.
type numberRange struct{ from, to uint32 }

// longAgo is the close of a socket whose page was dropped: it was over before anything that is asked about was called.
var longAgo = span{1, 1}

// place returns the first range that ends at or behind the number.
func (b *buried) place(id uint32) int {
	i, _ := slices.BinarySearchFunc(b.ranges, id, func(r numberRange, id uint32) int {
		if r.to < id {
			return -1
		}
		return 1
	})
	return i
}

func (b *buried) has(id uint32) bool {
	i := b.place(id)
	return i < len(b.ranges) && b.ranges[i].from <= id
}

func (b *buried) add(id uint32) {
	if b.has(id) {
		return
	}
	i := b.place(id)
	joinsLeft, joinsRight := i > 0 && b.ranges[i-1].to+1 == id, i < len(b.ranges) && b.ranges[i].from == id+1
	switch {
	case joinsLeft && joinsRight:
		b.ranges[i-1].to = b.ranges[i].to
		b.ranges = slices.Delete(b.ranges, i, i+1)
	case joinsLeft:
		b.ranges[i-1].to = id
	case joinsRight:
		b.ranges[i].from = id
	default:
		b.ranges = slices.Insert(b.ranges, i, numberRange{id, id})
	}
}

func (b *buried) reset() { b.ranges = b.ranges[:0] }
