package spec

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"testing"
)

func slowSum(b []byte) Sum {
	h, m := new(big.Int), big.NewInt(sumModulus)
	for _, x := range b {
		h.Mul(h, big.NewInt(sumBase)).Add(h, big.NewInt(int64(x))).Mod(h, m)
	}
	return Sum(h.Uint64() | sumKnown)
}

func randomBytes(rng *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

func TestTheSumOfTwoRunsFollowsFromTheirs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		a, b := randomBytes(rng, rng.IntN(80)), randomBytes(rng, rng.IntN(80))
		if rng.IntN(8) == 0 {
			for i := range a {
				a[i] = 0xff
			}
		}
		ab := append(bytes.Clone(a), b...)
		if SumOf(ab) != slowSum(ab) {
			t.Fatalf("sum of %x is %x, want %x", ab, SumOf(ab), slowSum(ab))
		}
		if got := SumOf(a).Then(SumOf(b), len(b)); got != SumOf(ab) {
			t.Fatalf("%x then %x: %x, want %x", a, b, got, SumOf(ab))
		}
	}
	if s := SumOf(nil).Then(0, 3); s.Known() {
		t.Error("a sum that nobody took became known")
	}
	if got := SumOf([]byte("conformance")).String(); got != "0608a457752405a4" {
		t.Errorf("the format changed: %s", got)
	}
}

func BenchmarkSum(b *testing.B) {
	buf := randomBytes(rand.New(rand.NewPCG(1, 2)), 4096)
	b.SetBytes(int64(len(buf)))
	for b.Loop() {
		SumOf(buf)
	}
}

// What the reader says of bytes gives the same bytes again, and it knows all but short runs.
func TestPatternsAreRead(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var r PatternReader
	for uid := uint32(1); uid < 700; uid++ {
		r.Sent(uid, 20000)
	}
	var list []PatternRun
	told, all := 0, 0
	for stream := range uint64(400) {
		var b []byte
		for range 1 + rng.IntN(4) {
			n := patternLeast + rng.IntN(300)
			if rng.IntN(5) == 0 {
				b = append(b, randomBytes(rng, rng.IntN(20))...)
			}
			run := make([]byte, n)
			Pattern(run, 1+rng.Uint32N(699), uint64(rng.IntN(19000)))
			b = append(b, run...)
		}
		all += len(b)
		list = r.Runs(list[:0], stream, b)
		var again []byte
		for _, x := range list {
			if x.Raw != nil {
				again = append(again, x.Raw...)
				continue
			}
			told += x.N
			run := make([]byte, x.N)
			Pattern(run, x.UID, x.Off)
			again = append(again, run...)
		}
		if !bytes.Equal(again, b) {
			t.Fatalf("stream %d: %x became %x", stream, b, again)
		}
	}
	if told < all*9/10 {
		t.Errorf("of %d bytes %d were told", all, told)
	}
}
