package spec

import (
	"math/rand/v2"
	"testing"
)

// Numbers are kept, in whatever order they come, and in as few ranges as there can be.
func TestNumbersAreKeptInRanges(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var b buried
		in := map[uint32]bool{}
		for range 1 + draw.IntN(60) {
			id := uint32(draw.IntN(40))
			b.add(id)
			in[id] = true
		}
		ranges := 0
		for id := range uint32(42) {
			if b.has(id) != in[id] {
				t.Fatalf("%d: %v, want %v: %v", id, b.has(id), in[id], b.ranges)
			}
			if in[id] && (id == 0 || !in[id-1]) {
				ranges++
			}
		}
		if len(b.ranges) != ranges {
			t.Fatalf("%v: want %d ranges", b.ranges, ranges)
		}
	}
}
