package spec

import "testing"

// A run of a pattern is the bytes that its places have one by one, wherever it begins and however long it is.
func TestAPatternIsItsBytes(t *testing.T) {
	for _, uid := range []uint32{0, 1, 7, 128, 1<<20 + 3, 1<<32 - 1} {
		for at := uint64(0); at < 600; at += 7 {
			for _, n := range []int{0, 1, 2, 3, 4, 255, 256, 257, 1000} {
				b := make([]byte, n)
				Pattern(b, uid, at)
				for i, x := range b {
					if want := patternByte(uid, at+uint64(i)); x != want {
						t.Fatalf("source %d from %d: byte %d of %d is %#x, want %#x", uid, at, i, n, x, want)
					}
				}
			}
		}
	}
}

func BenchmarkPattern(b *testing.B) {
	buf := make([]byte, 64<<10)
	b.SetBytes(int64(len(buf)))
	for b.Loop() {
		Pattern(buf, 7, 0)
	}
}
