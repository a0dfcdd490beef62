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
	w := &randomWorld{
		rng:  rand.New(rand.NewPCG(seed, 17)),
		most: most, calm: calm, peerOf: map[int]*randomSock{},
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

// call chooses a worker's next call.
func (w *randomWorld) call(t *randomThread) {
	p := w.ports[w.rng.IntN(2)]
	kind := w.rng.IntN(20)
	if len(w.known) == 0 && kind >= 8 || w.inflight >= w.most {
		kind = w.rng.IntN(4)
	}
	if kind < 5 {
		w.wait(t, p)
		return
	}
	if kind == 5 {
		w.tokens++
		t.call = Event{Verb: Post, Port: p.id, Key: uint64(w.rng.IntN(3)), Token: w.tokens, N: w.rng.IntN(3)}
		c := t.call
		t.effect = func() bool {
			p.queue = append(p.queue, PacketEvent{Token: c.Token, Key: c.Key, N: c.N, Size: -1})
			return true
		}
		return
	}
	if kind < 8 {
		w.accept(t)
		return
	}
	s := w.known[w.rng.IntN(len(w.known))]
	switch {
	case kind < 13:
		w.receive(t, s)
	case kind < 16:
		w.send(t, s)
	case w.calm:
		w.receive(t, s)
	case kind < 18 && len(s.started) > 0:
		w.cancel(t, s, s.started[w.rng.IntN(len(s.started))])
	case kind == 18 && w.rng.IntN(4) == 0:
		t.call = Event{Verb: CancelAll, Sock: s.id}
		t.effect = func() bool {
			if len(s.recvs)+len(s.sends) == 0 {
				t.ret.Status = Is(NotFound)
			}
			w.abort(s, nil)
			return true
		}
	case kind == 19 && w.rng.IntN(8) == 0:
		w.close(t, s)
	case kind == 19 && w.rng.IntN(8) == 0:
		t.call = Event{Verb: ShutdownSocket, Sock: s.id, Side: SideSend}
		t.effect = func() bool {
			if s.closed {
				t.ret.Status = Is(Closed)
				return true
			}
			s.shut = true
			w.drain(s, 0)
			return true
		}
	default:
		w.send(t, s)
	}
}

func (w *randomWorld) wait(t *randomThread, p *randomPort) {
	t.call = Event{Verb: Wait, Port: p.id, Len: 1 + w.rng.IntN(3), N: 1000}
	t.effect = func() bool {
		if len(p.queue) == 0 {
			t.ret.Status = Is(TimedOut)
			return w.rng.IntN(4) == 0 // else it waits on
		}
		n := min(t.call.Len, len(p.queue))
		t.ret.N = n
		t.ret.Packets = append([]PacketEvent(nil), p.queue[:n]...)
		p.queue = p.queue[n:]
		return true
	}
	t.after = func() { w.learn(t) }
}

// learn makes the accepted sockets of the thread's latest wait known to the program, which associates them.
func (w *randomWorld) learn(t *randomThread) {
	e := w.trace.Events[len(w.trace.Events)-1]
	for _, pe := range e.Packets {
		if pe.Sock == 0 {
			continue
		}
		for _, s := range w.peerOf {
			if s.id == pe.Sock {
				s.port, s.key = w.ports[w.rng.IntN(2)], uint64(s.id)
				w.calls++
				w.add(Event{Kind: CallEvent, Call: w.calls, Thread: t.id, Verb: Associate, Sock: s.id, Port: s.port.id, Key: s.key})
				w.add(Event{Kind: ReturnEvent, Call: w.calls, Thread: t.id, Verb: Associate, Sock: s.id, Port: s.port.id})
				w.known = append(w.known, s)
			}
		}
	}
}

func (w *randomWorld) accept(t *randomThread) {
	d := w.door
	o := w.newOp(Accept, d.s, Event{})
	t.call = o.e
	t.effect = func() bool {
		d.accepts = append(d.accepts, o)
		d.match(w)
		return true
	}
}

func (d *randomDoor) match(w *randomWorld) {
	for len(d.accepts) > 0 && len(d.backlog) > 0 {
		o, s := d.accepts[0], d.backlog[0]
		d.accepts, d.backlog = d.accepts[1:], d.backlog[1:]
		w.socks++
		s.id = w.socks
		w.push(o, 0, nil, OK)
		p := &d.s.port.queue[len(d.s.port.queue)-1]
		p.Sock, p.Addr = s.id, s.addr
	}
}

func (w *randomWorld) receive(t *randomThread, s *randomSock) {
	o := w.newOp(Receive, s, Event{Len: 1 + w.rng.IntN(6)})
	t.call = o.e
	t.effect = func() bool {
		if s.closed {
			w.inflight--
			t.ret.How, t.ret.Status = RefusedAtStart, Is(Closed)
			return true
		}
		s.recvs = append(s.recvs, o)
		before := len(s.port.queue)
		w.fill(s)
		if len(s.port.queue) > before && len(s.recvs) == 0 && !s.reset && w.rng.IntN(2) == 0 {
			p := s.port.queue[len(s.port.queue)-1]
			t.ret.How, t.ret.N, t.ret.Data = Done, p.N, p.Data
		}
		return true
	}
}

func (w *randomWorld) send(t *randomThread, s *randomSock) {
	data := w.text(1 + w.rng.IntN(6))
	o := w.newOp(Send, s, Event{Len: len(data), Data: data})
	t.call = o.e
	t.effect = func() bool {
		switch {
		case s.closed, s.shut:
			w.inflight--
			t.ret.How, t.ret.Status = RefusedAtStart, Is(Shut)
			if s.closed {
				t.ret.Status = Is(Closed)
			}
		case s.reset:
			w.push(o, 0, nil, Reset)
		case s.peerClosed:
			s.reset = true // what arrives there is answered by a reset
			w.push(o, o.e.Len, nil, OK)
			w.fill(s)
		case len(s.sends) == 0 && w.rng.IntN(2) == 0:
			s.toPeer = append(s.toPeer, data...)
			w.push(o, len(data), nil, OK)
			t.ret.How, t.ret.N = Done, len(data)
		default:
			s.sends = append(s.sends, o)
		}
		return true
	}
}

// abort ends o, or all that is pending.
func (w *randomWorld) abort(s *randomSock, o *randomOp) (found bool) {
	for _, list := range [...]*[]*randomOp{&s.recvs, &s.sends} {
		keep := (*list)[:0:0]
		for _, x := range *list {
			if o != nil && x != o {
				keep = append(keep, x)
				continue
			}
			found = true
			var data []byte
			if x.e.Verb == Receive {
				data = []byte{}
			}
			w.push(x, x.moved, data, Aborted)
		}
		*list = keep
	}
	w.drain(s, 0)
	return found
}

func (w *randomWorld) cancel(t *randomThread, s *randomSock, o *randomOp) {
	t.call = Event{Verb: Cancel, Sock: s.id, Op: o.e.Op, Token: o.e.Token}
	t.effect = func() bool {
		if !w.abort(s, o) {
			t.ret.Status = Is(NotFound)
		}
		return true
	}
}

func (w *randomWorld) close(t *randomThread, s *randomSock) {
	t.call = Event{Verb: CloseSocket, Sock: s.id}
	t.effect = func() bool {
		if s.closed {
			t.ret.Status = Is(Closed)
			return true
		}
		w.drain(s, 1<<30)
		w.abort(s, nil)
		if len(s.toUs) > 0 {
			s.toPeer = nil
			s.reset = true
		}
		s.closed, s.finUs = true, true
		return true
	}
}

// peerCall chooses a far end's next call.
func (w *randomWorld) peerCall(t *randomThread) {
	s := t.mine
	if s == nil {
		w.peers++
		s = &randomSock{peer: w.peers, addr: at("0")}
		s.addr = netip.AddrPortFrom(s.addr.Addr(), uint16(1000+w.peers))
		t.mine, w.peerOf[int(w.peers)] = s, s
		t.call = Event{Verb: PeerConnect, Peer: s.peer, Addr: at("80")}
		t.effect = func() bool {
			w.door.backlog = append(w.door.backlog, s)
			w.door.match(w)
			t.ret.Addr = s.addr
			return true
		}
		return
	}
	switch kind := w.rng.IntN(40); {
	case kind == 0 && !s.fin:
		t.call = Event{Verb: PeerHalfClose, Peer: s.peer}
		t.effect = func() bool { s.fin = true; w.fill(s); return true }
	case kind < 3 && !w.calm:
		t.call = Event{Verb: PeerAbort, Peer: s.peer}
		if kind == 1 {
			t.call.Verb = PeerClose
		}
		t.effect = func() bool {
			s.fin, s.peerClosed = true, true
			if kind == 2 || len(s.toPeer) > 0 || len(s.sends) > 0 {
				s.reset = true
				for _, o := range s.sends {
					w.push(o, o.moved, nil, Reset)
				}
				s.sends = nil
			}
			w.fill(s)
			return true
		}
		t.after = func() { t.mine = nil }
	case kind < 20 && !s.fin:
		data := w.text(1 + w.rng.IntN(8))
		t.call = Event{Verb: PeerSend, Peer: s.peer, Len: len(data), Data: data}
		t.effect = func() bool {
			if t.ret.N = len(data); s.closed {
				s.reset = true
			} else {
				s.toUs = append(s.toUs, data...)
			}
			w.fill(s)
			return true
		}
	default:
		w.peerRead(t, s)
	}
}

func (w *randomWorld) peerRead(t *randomThread, s *randomSock) {
	t.call = Event{Verb: PeerRead, Peer: s.peer, Len: 1 + w.rng.IntN(12)}
	t.effect = func() bool {
		n := min(t.call.Len, len(s.toPeer))
		switch {
		case n > 0:
		case s.reset:
			t.ret.Status = Is(Reset)
		case !s.finUs:
			t.ret.Status = Is(TimedOut)
		}
		t.ret.N, t.ret.Data = n, s.toPeer[:n:n]
		s.toPeer = s.toPeer[n:]
		return true
	}
}

// finish lets every call return, moves everything that can be moved, drains the ports and far ends, and settles.
func (w *randomWorld) finish() {
	for _, t := range w.threads {
		for t.call.Verb != NoVerb {
			w.step(t)
		}
	}
	for _, s := range w.known {
		w.drain(s, 1<<30)
	}
	main := w.threads[0]
	for _, p := range w.ports {
		for {
			w.wait(main, p)
			w.finishCall(main)
			if e := w.trace.Events[len(w.trace.Events)-1]; e.Status.Code == TimedOut {
				break
			}
		}
	}
	for _, t := range w.threads {
		for t.mine != nil {
			w.peerRead(t, t.mine)
			w.finishCall(t)
			if w.trace.Events[len(w.trace.Events)-1].N == 0 {
				break
			}
		}
	}
	w.add(Event{Kind: SettleEvent})
	w.add(Event{Kind: EndEvent})
}

func (w *randomWorld) finishCall(t *randomThread) {
	w.calls++
	t.call.Kind, t.call.Call, t.call.Thread = CallEvent, w.calls, t.id
	t.ret = nil
	w.add(t.call)
	for t.call.Verb != NoVerb {
		w.step(t)
	}
}
