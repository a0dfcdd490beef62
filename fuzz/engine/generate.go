package engine

import (
	"maps"
	"math/bits"
	"slices"
)

// dice is a small generator of random numbers (wyrand): the same seed gives the same program everywhere.
type dice uint64

func (d *dice) next() uint64 {
	*d += 0xa0761d6478bd642f
	hi, lo := bits.Mul64(uint64(*d), uint64(*d)^0xe7037ed1a0b428db)
	return hi ^ lo
}

// below returns a number in [0,n).
func (d *dice) below(n int) int {
	hi, _ := bits.Mul64(d.next(), uint64(n))
	return int(hi)
}

// weights of the acts of threads and of far ends. What races is drawn often: a cancel or a close beside operations
// in flight, waits beside starts.
var (
	threadActs = spread(map[Act]int{
		Recv: 24, Send: 12, Cancel: 9, CancelAll: 2, Close: 3, ShutSend: 2, ShutRecv: 1, Skip: 1, Post: 6, Poll: 6, Wait: 22, Accept: 5, Dial: 0,
	})
	peerActs = spread(map[Act]int{PeerSend: 40, PeerRead: 24, PeerHalf: 6, PeerClose: 4, PeerReset: 4, Dial: 8})
	lengths  = [...]uint32{1, 2, 3, 4, 4, 8, 8, 16, 64, 64, 0, 300}
	floods   = [...]uint32{200, 600, 1500}
)

// spread makes a table in which each act stands as often as it weighs, in the order of the acts.
func spread[A ~uint8](weights map[A]int) (table []A) {
	for _, a := range slices.Sorted(maps.Keys(weights)) {
		for range weights[a] {
			table = append(table, a)
		}
	}
	return table
}

// Generate draws a program of the given number of steps into p, whose memory it uses again.
func Generate(p *Program, seed uint64, steps int) {
	d := dice(seed)
	p.Sessions = 1 + d.below(MaxSessions)
	p.Threads = 1 + d.below(MaxThreads)
	p.Limit = 0
	if d.below(6) == 0 {
		p.Limit = 1 + d.below(2)
	}
	p.Steps = p.Steps[:0]
	for range min(steps, MaxSteps) {
		p.Steps = append(p.Steps, p.drawStep(&d))
	}
}

// drawStep draws a call of one of the program's threads or far ends.
func (p *Program) drawStep(d *dice) Step {
	s := Step{Thread: uint8(d.below(p.Threads + p.Sessions)), Obj: uint8(d.below(256))}
	if int(s.Thread) < p.Threads {
		s.Act = threadActs[d.below(len(threadActs))]
	} else {
		s.Act = peerActs[d.below(len(peerActs))]
		s.Obj = s.Thread - uint8(p.Threads) // for its text; see Step
	}
	drawLength(d, &s)
	return s
}

// drawLength draws the N of a step.
func drawLength(d *dice, s *Step) {
	switch s.Act {
	case Recv, Send, PeerSend, PeerRead:
		s.N = lengths[d.below(len(lengths))]
		if s.Act != Recv && d.below(16) == 0 {
			s.N = floods[d.below(len(floods))]
		}
	case Poll, Wait:
		s.N = uint32(1 + d.below(4))
	case Accept:
		s.N = uint32(d.below(3) / 2 * 8)
	case Post:
		s.N = uint32(d.below(1000))
	}
}
