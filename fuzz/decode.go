package fuzz

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
