package simnet

import "math/bits"

// wyrand is the generator of wyhash (github.com/wangyi-fudan/wyhash, public domain): one
// multiplication a number, and seeding it is an assignment. A run takes hundreds of choices and a
// campaign reseeds 600 000 times a second, so both matter.
type wyrand uint64

func (s *wyrand) next() uint64 {
	*s += 0xa0761d6478bd642f
	hi, lo := bits.Mul64(uint64(*s), uint64(*s)^0xe7037ed1a0b428db)
	return hi ^ lo
}

// below returns a number in [0,n) by multiplication (Lemire): no division, and the bias of n/2^64
// is of no consequence here.
func (s *wyrand) below(n int) int {
	hi, _ := bits.Mul64(s.next(), uint64(n))
	return int(hi)
}

// Random is the source behind Uniform: every option is as likely as any other.
type Random struct{ state wyrand }

// Uniform returns a source that takes every option with the same probability.
func Uniform(seed uint64) *Random { return &Random{wyrand(seed)} }

// Seed starts the source again with another seed. It does not allocate.
func (r *Random) Seed(seed uint64) { r.state = wyrand(seed) }

// Pick implements Source.
func (r *Random) Pick(_ Kind, n int) int { return r.state.below(n) }

// LazyRandom is the source behind Lazy.
type LazyRandom struct{ state wyrand }

// Lazy returns a source that lets the current thread go on in 7 cases of 8, and is uniform
// otherwise. Long undisturbed stretches reach states that Uniform, which switches at nearly every
// step, practically never does; and the other way round. Campaigns use both.
func Lazy(seed uint64) *LazyRandom { return &LazyRandom{wyrand(seed)} }

// Seed starts the source again with another seed. It does not allocate.
func (r *LazyRandom) Seed(seed uint64) { r.state = wyrand(seed) }

// Pick implements Source.
func (r *LazyRandom) Pick(kind Kind, n int) int {
	if kind != KindPreempt {
		return r.state.below(n)
	}
	x := r.state.next()
	if x&7 != 0 {
		return 0
	}
	hi, _ := bits.Mul64(x, uint64(n)) // the high bits are independent of the three looked at
	return int(hi)
}

type dull struct{}

func (dull) Pick(Kind, int) int { return 0 }

// Dull returns the source that always takes option 0: no preemption, no fault, whole deliveries.
func Dull() Source { return dull{} }
