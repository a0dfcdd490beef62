package engine

import "github.com/ioconform/ioconform/spec"

// mixActs are what the threads of a mixed program do: Generate's acts without those that change what a socket is for the rest of the
// program, and with cancels and closes as often as it takes operations of theirs to be in flight in three programs of ten.
var mixActs = spread(map[Act]int{Recv: 28, Send: 14, Cancel: 10, CancelAll: 1, Close: 2, Post: 9, Poll: 8, Wait: 24})

// mixPeerActs are what its far ends do.
var mixPeerActs = spread(map[Act]int{PeerSend: 50, PeerRead: 36, PeerHalf: 4, PeerClose: 3, PeerReset: 3})

// MixActions is how many actions a mixed program has. Those by which its connections are made count: an accept and a far end's connect each. That a port and a
// listener are opened before, and everything is taken and read to its end after, comes on top.
const MixActions = 20

// GenerateMix draws a program of the fixed mix by which the speed of the fuzz loop is stated: 20 actions of two or three threads and two far
// ends, each of which has at least one, on one port and the sockets of two connections. Of the 16 that come after the connections, threads have twice as many each as
// far ends. What the mix came to is measured, not promised: see Mix.
func GenerateMix(p *Program, seed uint64) {
	d := dice(seed)
	p.Sessions, p.Threads, p.Limit = 2, 2+d.below(2), 0
	p.Steps = p.Steps[:0]
	all := p.Threads + p.Sessions
	for i := range MixActions - 2*p.Sessions {
		s := Step{Thread: uint8(i), Obj: uint8(d.below(256))}
		if i >= all { // everybody has had one
			s.Thread = uint8(d.below(all+p.Threads) % all)
		}
		if int(s.Thread) < p.Threads {
			s.Act = mixActs[d.below(len(mixActs))]
		} else {
			s.Act = mixPeerActs[d.below(len(mixPeerActs))]
			s.Obj = s.Thread - uint8(p.Threads) // for its text; see Step
		}
		switch s.Act {
		case Recv, Send, PeerSend, PeerRead:
			s.N = lengths[d.below(len(lengths))]
		case Poll, Wait:
			s.N = uint32(1 + d.below(4))
		case Post:
			s.N = uint32(d.below(1000))
		}
		p.Steps = append(p.Steps, s)
	}
}

// Mix tells what programs came to when they ran.
type Mix struct {
	Programs int
	Calls    int // of threads and far ends
	InFlight int // programs in which an operation was cancelled, or its socket closed, before its packet had been taken
	Raced    int // programs in which two calls that share an object overlapped
	Events   int

	open  []spec.Event
	start []spec.Event // of operations whose packet has not been taken
}

// Add counts one run.
func (m *Mix) Add(r *Run) {
	m.Programs++
	m.Events += len(r.Trace.Events)
	if raced(r.Trace, &m.open) {
		m.Raced++
	}
	caught := false
	m.start = m.start[:0]
	for i := range r.Trace.Events {
		switch e := &r.Trace.Events[i]; {
		case e.Kind == spec.CallEvent:
			m.Calls++
			if e.Verb.Starts() {
				m.start = append(m.start, *e)
			}
			for k := range m.start {
				s := &m.start[k]
				switch e.Verb {
				case spec.Cancel:
					caught = caught || s.Op == e.Op
				case spec.CancelAll, spec.CloseSocket:
					caught = caught || s.Sock == e.Sock
				}
			}
		case e.Kind == spec.ReturnEvent && e.Verb.Starts() && e.How == spec.RefusedAtStart:
			m.ended(e.Op)
		case e.Kind == spec.ReturnEvent:
			for k := range e.Packets {
				m.ended(e.Packets[k].Op)
			}
		}
	}
	if caught {
		m.InFlight++
	}
}

func (m *Mix) ended(op uint32) {
	for k := range m.start {
		if m.start[k].Op == op {
			m.start = append(m.start[:k], m.start[k+1:]...)
			return
		}
	}
}
