package simnet

// deliver takes one step of the network: the next thing in flight on a link reaches its end. A SYN
// makes a server end, data becomes readable, FIN and RST end things. Acknowledgements are not steps
// of their own: the sender learns at once what has arrived. Datagrams are delivered in flow.go.
func (w *World) deliver(link int) {
	w.steps++
	d := w.linkEnds[link]
	if d == nil {
		w.flowEnds[link].deliver()
		return
	}
	if w.observer != nil {
		w.actor = Actor{ActorLink, link}
		w.touch(d.object, true)
	}
	switch {
	case d.syn:
		d.deliverSyn()
	case d.synAck:
		d.deliverSynAck()
	case d.rst && (d.room() == 0 || w.overtakes()):
		d.deliverReset()
	case d.inFlight() > 0:
		d.deliverData()
	default:
		d.deliverFin()
	}
	d.update()
}

// overtakes decides whether a reset leaves behind the data sent before it.
func (w *World) overtakes() bool {
	return !w.opts.NoSegment && w.Pick(KindData, 2) == 1
}

// deliverSyn meets a listener with room, a listener without, or nobody.
func (d *direction) deliverSyn() {
	w, client := d.w, d.from
	d.syn = false
	w.Touch(client.object, false)
	if client.state != tcpSynSent {
		return
	}
	w.Touch(ObjectPorts, false)
	w.Touch(client.in.object, true)
	l := w.listenerAt(client.remote)
	if l == nil {
		client.in.rst = true
		client.in.update()
		return
	}
	w.Touch(l.object, true)
	if l.full() {
		client.knockLater()
		return
	}
	l.pending++
	s := w.newSock(l.family(), false)
	s.state, s.listener = tcpSynRecv, l
	s.local, s.remote = client.remote, client.local
	s.conn, s.in, s.out = d.conn, d, client.in
	d.to, s.out.from = s, s
	s.out.synAck = true
	s.out.update()
}

// deliverSynAck establishes both ends: the client's answer and its way are not modelled.
func (d *direction) deliverSynAck() {
	s, client := d.from, d.to
	d.synAck = false
	l := s.listener
	s.listener = nil
	l.pending--
	d.w.Touch(l.object, true)
	d.w.Touch(s.object, true)
	d.w.Touch(client.object, true)
	if client.state != tcpSynSent || client.in != d { // given up, and it may be at another by now
		s.state = tcpClose // its SYN-ACK is answered by RST
		return
	}
	client.state = tcpEstablished
	client.w.disarm(&client.timer)
	if l.state != tcpListen {
		s.state = tcpEstablished
		s.reset()
		client.changed(anyEvent)
		return
	}
	s.state = tcpEstablished
	// The kernel makes the server end a copy of the listener, what had been set on that included.
	s.lingerZero, s.resetDrops = l.lingerZero, l.resetDrops
	s.rdShut, s.wrShut = l.rdShut, l.wrShut
	l.accepted = append(l.accepted, s)
	if s.wrShut {
		s.sendFin()
	}
	client.changed(anyEvent)
	l.changed(IN)
}

// deliverData brings all that fits, one byte, or half of it.
func (d *direction) deliverData() {
	w, s, to := d.w, d.from, d.to
	w.Touch(to.object, false)
	if to.state == tcpClose || to.rdShut && (to.state == tcpFinWait1 || to.state == tcpFinWait2) {
		// Nobody will ever read it: tcp_rcv_state_process answers with RST, and the receiver's
		// connection is gone as well.
		d.refuse()
		if to.state != tcpClose {
			w.Touch(to.object, true)
			to.reset()
			to.fail(ECONNRESET)
		} else if s.state != tcpClose {
			to.out.rst = true
			to.out.update()
		}
		return
	}
	n := d.room()
	if n > 1 && !w.opts.NoSegment {
		if n == 3 && w.search != nil {
			w.search.twin = w.search.seen != nil // half of three bytes is one
		}
		switch w.Pick(KindData, min(n, 3)) {
		case 1:
			n = 1
		case 2:
			n /= 2
		}
	}
	d.arrived += n
	to.changed(IN)
	w.Touch(s.object, false)
	if s.noSpace && s.writable() {
		s.noSpace = false
		s.changed(OUT)
	}
}

// deliverFin ends the stream for the receiver and lets the sender know that it did.
func (d *direction) deliverFin() {
	s, to := d.from, d.to
	d.fin = false
	d.w.Touch(to.object, true)
	d.w.Touch(s.object, true)
	if to.state == tcpClose {
		return
	}
	to.rdShut, to.fin = true, true
	switch to.state {
	case tcpEstablished, tcpSynRecv:
		to.state = tcpCloseWait
	case tcpFinWait1:
		to.state = tcpClosing
	case tcpFinWait2:
		to.finish()
	}
	switch s.state {
	case tcpFinWait1:
		s.state = tcpFinWait2
	case tcpClosing, tcpLastAck:
		s.finish()
	}
	to.changed(anyEvent)
	s.changed(anyEvent)
}

// deliverReset ends the connection for the receiver. The error depends on how far it had got
// (tcp_reset in net/ipv4/tcp_input.c).
func (d *direction) deliverReset() {
	to := d.to
	d.rst = false
	d.drop()
	d.w.Touch(to.object, true)
	if to.in != d { // it gave up the connect that this answers, and may be at another
		return
	}
	e := ECONNRESET
	switch to.state {
	case tcpClose:
		return
	case tcpSynSent:
		e = ECONNREFUSED
	case tcpCloseWait:
		e = EPIPE
	}
	if to.resetDrops {
		d.discard()
	}
	to.fail(e)
}

// fail ends the connection with a pending error and tells the watchers.
func (s *Sock) fail(e Errno) {
	s.err = e
	if s.out != nil {
		s.out.purge()
	}
	s.finish()
	s.changed(anyEvent)
	s.changed(ERR)
}

// finish is tcp_done: no connection any more.
func (s *Sock) finish() {
	s.ended()
	s.rdShut, s.wrShut = true, true
	s.w.disarm(&s.timer)
	if s.out != nil {
		s.out.update()
	}
}
