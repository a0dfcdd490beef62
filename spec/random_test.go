package spec

import (
	"math/rand/v2"
	"net/netip"
)

// A correct completion port, as small as can be, that writes its own trace. Threads make random calls; each call is three steps, the number of the call, the
// effect, the number of the return, and the steps of all threads are mixed at random, so that every interval is as wide as chance makes it.
type randomWorld struct {
	rng     *rand.Rand
	trace   *Trace
	q       uint64
	calls   uint32
	ops     uint32
	socks   uint32
	peers   uint32
	tokens  uint64
	threads []*randomThread
	ports   []*randomPort
	door    *randomDoor
	known   []*randomSock // that the program knows
	peerOf  map[int]*randomSock
	alphabet,
	most int // operations in flight
	inflight int
	calm     bool // no cancels, closes or resets
}

type randomPort struct {
	id    uint32
	queue []PacketEvent
}

type randomOp struct {
	e     Event
	s     *randomSock
	moved int // bytes of a send that the far end can read
}

type randomSock struct {
	id, peer                uint32
	addr                    netip.AddrPort
	port                    *randomPort
	key                     uint64
	toUs, toPeer            []byte
	recvs, sends            []*randomOp
	started                 []*randomOp // by the program, for cancels
	fin, finUs, closed      bool
	reset, shut, peerClosed bool
}

type randomDoor struct {
	s       *randomSock
	accepts []*randomOp
	backlog []*randomSock
}

// randomThread is in the middle of a call if step is not nil.
type randomThread struct {
	id     int32
	peer   bool
	mine   *randomSock // a far end's
	call   Event
	effect func() bool // makes the call's effect; false while it cannot
	ret    *Event
	after  func()
}

// randomTrace returns a legal trace of about the given number of calls.
func randomTrace(seed uint64, calls, workers, peers, most int, calm bool) *Trace {
	w := newRandomWorld(rand.New(rand.NewPCG(seed, 17)), workers, peers, most, calm)
	for calls > 0 {
		t := w.threads[1+w.rng.IntN(workers+peers)]
		if t.call.Verb == NoVerb {
			calls--
		}
		w.step(t)
		if w.rng.IntN(3) == 0 {
			w.pump()
		}
	}
	w.finish()
	return w.trace
}

// newRandomWorld returns a world with two ports and a listener, in which nothing has been done.
func newRandomWorld(rng *rand.Rand, workers, peers, most int, calm bool) *randomWorld {
	w := &randomWorld{
		rng: rng, most: most, calm: calm, peerOf: map[int]*randomSock{},
		trace: &Trace{By: "random", About: able(), Data: DataBytes},
	}
	w.alphabet = []int{1, 3, 26}[w.rng.IntN(3)]
	for i := range 1 + workers + peers {
		name := "w" + string(rune('a'+i%26))
		if i == 0 {
			name = "main"
		} else if i > workers {
			name = "peer:" + string(rune('a'+(i-workers)%26))
		}
		w.trace.Threads = append(w.trace.Threads, name)
		w.threads = append(w.threads, &randomThread{id: int32(i), peer: i > workers})
	}
	w.setup()
	return w
}

func (w *randomWorld) add(e Event) {
	w.q++
	e.Q = w.q
	w.trace.Events = append(w.trace.Events, e)
}

// do makes a whole call on the main thread.
func (w *randomWorld) do(c Event, effect func() Event) {
	w.calls++
	c.Kind, c.Call = CallEvent, w.calls
	w.add(c)
	r := effect()
	r.Kind, r.Verb, r.Call = ReturnEvent, c.Verb, w.calls
	r.Sock, r.Port, r.Peer, r.Op = c.Sock, c.Port, c.Peer, c.Op
	w.add(r)
}

var fine = func() Event { return Event{} }

func (w *randomWorld) setup() {
	for i := range 2 {
		p := &randomPort{id: uint32(i + 1)}
		w.ports = append(w.ports, p)
		w.do(Event{Verb: OpenPort, Port: p.id, N: 64}, fine)
	}
	w.socks++
	l := &randomSock{id: w.socks, port: w.ports[0], key: 1000}
	w.door = &randomDoor{s: l}
	w.do(Event{Verb: OpenSocket, Sock: l.id}, fine)
	w.do(Event{Verb: Listen, Sock: l.id, N: 1000}, func() Event { return Event{Addr: at("80")} })
	w.do(Event{Verb: Associate, Sock: l.id, Port: 1, Key: l.key}, fine)
}

// step lets a thread go on.
func (w *randomWorld) step(t *randomThread) {
	switch {
	case t.call.Verb == NoVerb:
		if t.peer {
			w.peerCall(t)
		} else {
			w.call(t)
		}
		if t.call.Verb != NoVerb {
			w.calls++
			t.call.Kind, t.call.Call, t.call.Thread = CallEvent, w.calls, t.id
			t.ret = nil
			w.add(t.call)
		}
	case t.ret == nil:
		t.ret = &Event{}
		if !t.effect() {
			t.ret = nil
		}
	default:
		r, c := t.ret, &t.call
		r.Kind, r.Verb, r.Call, r.Thread = ReturnEvent, c.Verb, c.Call, t.id
		r.Sock, r.Port, r.Peer, r.Op = c.Sock, c.Port, c.Peer, c.Op
		w.add(*r)
		if t.call = (Event{}); t.after != nil {
			t.after()
			t.after = nil
		}
	}
}

// push queues the packet of an operation that has ended.
func (w *randomWorld) push(o *randomOp, n int, data []byte, code Code) {
	w.inflight--
	p := PacketEvent{Op: o.e.Op, Token: o.e.Token, Key: o.s.key, N: n, Data: data, Status: Is(code), Size: -1}
	if o.e.Verb == Receive {
		p.Guard = GuardIntact
	}
	o.s.port.queue = append(o.s.port.queue, p)
}

// fill gives to receives what has arrived for them.
func (w *randomWorld) fill(s *randomSock) {
	for len(s.recvs) > 0 && !s.closed {
		o := s.recvs[0]
		switch {
		case s.reset:
			s.toUs = nil
			w.push(o, 0, []byte{}, Reset)
		case len(s.toUs) > 0:
			n := 1 + w.rng.IntN(min(o.e.Len, len(s.toUs)))
			w.push(o, n, s.toUs[:n:n], OK)
			s.toUs = s.toUs[n:]
		case s.fin:
			w.push(o, 0, []byte{}, OK)
		default:
			return
		}
		s.recvs = s.recvs[1:]
	}
}

// pump moves bytes of sends towards their far ends.
func (w *randomWorld) pump() {
	if len(w.known) == 0 {
		return
	}
	w.drain(w.known[w.rng.IntN(len(w.known))], 1+w.rng.IntN(8))
}

func (w *randomWorld) drain(s *randomSock, n int) {
	for n > 0 && len(s.sends) > 0 {
		o := s.sends[0]
		k := min(n, o.e.Len-o.moved)
		s.toPeer = append(s.toPeer, o.e.Data[o.moved:o.moved+k]...)
		o.moved += k
		if n -= k; o.moved == o.e.Len {
			s.sends = s.sends[1:]
			w.push(o, o.e.Len, nil, OK)
		}
	}
	if len(s.sends) == 0 && s.shut {
		s.finUs = true
	}
}

func (w *randomWorld) text(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte(w.rng.IntN(w.alphabet))
	}
	return b
}

func (w *randomWorld) newOp(v Verb, s *randomSock, e Event) *randomOp {
	w.ops++
	w.tokens++
	w.inflight++
	e.Verb, e.Sock, e.Op, e.Token = v, s.id, w.ops, w.tokens
	o := &randomOp{e: e, s: s}
	if s.started = append(s.started, o); len(s.started) > 16 {
		s.started = s.started[8:]
	}
	return o
}
