package adapter

import (
	"bytes"
	"testing"
)

// Requests that were made together stand in as few lines as the adapter's batch allows, and no line is longer than an adapter has to take, line end included.
func TestRequestsTogetherMakeNoLineThatIsTooLong(t *testing.T) {
	for _, c := range []struct {
		name  string
		sizes []int
		batch int
		want  []int // messages a line
	}{
		{"few", []int{10, 10, 10}, 64, []int{3}},
		{"more than the batch", []int{10, 10, 10, 10, 10}, 2, []int{2, 2, 1}},
		{"two large sends", []int{11 << 20, 11 << 20, 20}, 64, []int{1, 2}},
		{"just as long as a line may be", []int{MaxLine / 2, MaxLine/2 - 4}, 64, []int{2}},
		{"a byte longer", []int{MaxLine / 2, MaxLine/2 - 3}, 64, []int{1, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b []byte
			var marks []int
			for _, n := range c.sizes {
				b = append(append(b, bytes.Repeat([]byte{'x'}, n)...), '\n')
				marks = append(marks, len(b))
			}
			lines := bytes.SplitAfter(inLines(nil, b, marks, c.batch), []byte("\n"))
			lines = lines[:len(lines)-1]
			var got []int
			for _, l := range lines {
				if len(l) > MaxLine {
					t.Errorf("a line of %d bytes; at most %d", len(l), MaxLine)
				}
				got = append(got, bytes.Count(l, []byte(","))+1)
			}
			if len(got) != len(c.want) {
				t.Fatalf("messages a line: %v, want %v", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("messages a line: %v, want %v", got, c.want)
				}
			}
		})
	}
}
