package spec

import (
	"net/netip"
)

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
