package engine

import "slices"

// Decode turns arbitrary bytes into a program and the bytes that drive its schedule: three bytes for its shape, then four for each step. Every input
// is a program; what a byte means does not depend on what comes after it, so that cutting and changing bytes makes
// small changes.
func Decode(data []byte, p *Program) (schedule []byte) {
	next := func() (b byte) {
		if len(data) > 0 {
			b, data = data[0], data[1:]
		}
		return b
	}
	shape, limit, steps := next(), next(), next()
	p.Sessions = 1 + int(shape&15)%MaxSessions
	p.Threads = 1 + int(shape>>4)%MaxThreads
	p.Limit = int(limit) % 4
	p.Steps = p.Steps[:0]
	for range min(int(steps), len(data)/4) {
		who, act, obj, n := next(), next(), next(), next()
		s := Step{Thread: who % uint8(p.Threads+p.Sessions), Obj: obj, N: uint32(n)}
		if int(s.Thread) < p.Threads {
			s.Act = threadActs[int(act)%len(threadActs)]
		} else {
			s.Act = peerActs[int(act)%len(peerActs)]
		}
		switch {
		case n >= 248:
			s.N = uint32(n) * 6 // more than the buffers hold
		case s.Act == Accept:
			s.N = uint32(n&1) * 8
		}
		p.Steps = append(p.Steps, s)
	}
	return data
}

// Encode turns a program and the bytes that drive its schedule into bytes that Decode turns into the same, as far as bytes can say it: lengths that they have no
// number for become the nearest one.
func Encode(p *Program, schedule []byte) []byte {
	data := []byte{byte(p.Sessions-1) | byte(p.Threads-1)<<4, byte(p.Limit), byte(len(p.Steps))}
	for _, s := range p.Steps {
		acts := threadActs
		if int(s.Thread) >= p.Threads {
			acts = peerActs
		}
		n := byte(min(s.N, 247))
		switch {
		case s.N > 247:
			n = byte(min(max(s.N/6, 248), 255))
		case s.Act == Accept && s.N > 0:
			n = 1
		}
		data = append(data, s.Thread, byte(slices.Index(acts, s.Act)), s.Obj, n)
	}
	return append(data, schedule...)
}
