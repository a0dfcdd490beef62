package spec

import "math/bits"

// Sum is the hash of a run of bytes that stands in a trace in their place (data level sum), so that what a user sent never leaves the
// machine. The zero value says that nobody looked.
//
// It is the polynomial Σ b[i]·B^(n-1-i) mod 2^61−1, so that the sum of two runs together follows from theirs, H(a‖b) = H(a)·B^|b| + H(b),
// and sends and receives that cut a stream in different places can be compared wherever both make a cut. It finds faults, not
// attackers: the base is fixed, and whoever knows what a short run may contain can find out by trying.
type Sum uint64

const (
	sumModulus = 1<<61 - 1
	sumBase    = 0x0a1b2c3d4e5f6071 // below the modulus; part of the format
	sumKnown   = 1 << 63
	mask32     = 1<<32 - 1
)

// sumPower holds B^0 … B^8.
var sumPower = func() (p [9]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = sumTimes(p[i-1], sumBase)
	}
	return p
}()

// sumFold brings a number below 2^122 to one below the modulus.
func sumFold(hi, lo uint64) uint64 {
	x := lo&sumModulus + (hi<<3 | lo>>61)
	x = x&sumModulus + x>>61
	if x >= sumModulus {
		x -= sumModulus
	}
	return x
}

func sumTimes(a, b uint64) uint64 { return sumFold(bits.Mul64(a, b)) }

// SumOf returns the sum of b. It needs about a nanosecond for two bytes.
func SumOf(b []byte) Sum {
	h, p := uint64(0), &sumPower
	for ; len(b) >= 8; b = b[8:] {
		hi, lo := bits.Mul64(h, p[8])
		// Each product is below 2^69: low and high parts are added up apart, 32 bits at a time, and nothing overflows.
		low := uint64(b[0])*(p[7]&mask32) + uint64(b[1])*(p[6]&mask32) + uint64(b[2])*(p[5]&mask32) + uint64(b[3])*(p[4]&mask32) +
			uint64(b[4])*(p[3]&mask32) + uint64(b[5])*(p[2]&mask32) + uint64(b[6])*(p[1]&mask32) + uint64(b[7])
		high := uint64(b[0])*(p[7]>>32) + uint64(b[1])*(p[6]>>32) + uint64(b[2])*(p[5]>>32) + uint64(b[3])*(p[4]>>32) +
			uint64(b[4])*(p[3]>>32) + uint64(b[5])*(p[2]>>32) + uint64(b[6])*(p[1]>>32)
		var c1, c2 uint64
		lo, c1 = bits.Add64(lo, low, 0)
		lo, c2 = bits.Add64(lo, high<<32, 0)
		h = sumFold(hi+c1+c2+high>>32, lo)
	}
	for _, x := range b {
		h = sumTimes(h, sumBase) + uint64(x)
		if h >= sumModulus {
			h -= sumModulus
		}
	}
	return Sum(h | sumKnown)
}

// Known reports whether somebody looked.
func (s Sum) Known() bool { return s&sumKnown != 0 }

// Then returns the sum of a run followed by the n bytes that next is the sum of. It is not known if either is not.
func (s Sum) Then(next Sum, n int) Sum {
	if !s.Known() || !next.Known() {
		return 0
	}
	h := sumTimes(uint64(s&^sumKnown), sumRaised(n))
	if h += uint64(next &^ sumKnown); h >= sumModulus {
		h -= sumModulus
	}
	return Sum(h | sumKnown)
}

// sumRaised is B^n.
func sumRaised(n int) uint64 {
	r, b := uint64(1), uint64(sumBase)
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			r = sumTimes(r, b)
		}
		b = sumTimes(b, b)
	}
	return r
}

// Resum returns a copy of t at data level sum: every run of bytes is replaced by its sum.
func Resum(t *Trace) *Trace {
	c := t.Clone()
	c.Data = DataSum
	for i := range c.Events {
		e := &c.Events[i]
		if e.Data != nil {
			e.Sum, e.Data = SumOf(e.Data), nil
		}
		for j := range e.Packets {
			if p := &e.Packets[j]; p.Data != nil {
				p.Sum, p.Data = SumOf(p.Data), nil
			}
		}
	}
	return c
}

// Forget returns a copy of t at data level none.
func Forget(t *Trace) *Trace {
	c := Resum(t)
	c.Data = DataNone
	for i := range c.Events {
		e := &c.Events[i]
		e.Sum = 0
		for j := range e.Packets {
			e.Packets[j].Sum = 0
		}
	}
	return c
}
