package simnet

// Shutdown ends one or both directions. ENOTCONN if there is no connection, with the effect on
// readiness that Linux has even so; EINVAL if neither is asked for. Receiving still gives what has
// arrived, sending is over when what was sent before has gone out. A listener that shuts down its
// receiving listens no more. A UDP socket can no longer send, but still receives what comes; its
// Recv does not end.
func (s *Sock) Shutdown(rd, wr bool) Errno {
	w := s.w
	if w.unwindingCall() {
		return ECANCELED
	}
	if s.orphan {
		return EBADF
	}
	if !rd && !wr {
		return EINVAL
	}
	w.Touch(s.object, true)
	if s.udp {
		return s.shutdownDatagram(rd, wr)
	}
	// inet_shutdown (net/ipv4/af_inet.c).
	if s.call == connecting {
		s.call = connected
		if s.state == tcpSynSent || s.state == tcpClose {
			s.call = disconnecting
		}
	}
	result := OK
	switch s.state {
	case tcpListen:
		if rd {
			s.stopListening()
			s.disconnected(s.err)
		}
	case tcpSynSent:
		s.ended()
		w.Touch(s.out.object, true)
		s.out.purge()
		s.disconnected(ECONNRESET)
	default:
		if s.state == tcpClose {
			result = ENOTCONN
		}
		s.rdShut = s.rdShut || rd
		if wr {
			s.wrShut = true
			s.sendFin()
		}
	}
	s.changed(anyEvent)
	return result
}

// sendFin is tcp_close_state with what follows from it.
func (s *Sock) sendFin() {
	switch s.state {
	case tcpEstablished:
		s.state = tcpFinWait1
	case tcpCloseWait:
		s.state = tcpLastAck
	default:
		return
	}
	s.w.Touch(s.out.object, true)
	s.out.fin = true
	s.out.update()
}

// Close gives the socket up: with FIN after what was sent, or with RST if something had arrived and
// was not received, or with linger zero. Watchers hear nothing any more. A listener resets the
// connections nobody has accepted. The socket must not be used any further; a second Close returns
// EBADF.
func (s *Sock) Close() Errno { return s.close(s.lingerZero) }

// Abort is Close by RST. Data in flight may still arrive before it.
func (s *Sock) Abort() Errno { return s.close(true) }

func (s *Sock) close(abort bool) Errno {
	w := s.w
	if w.unwindingCall() {
		return ECANCELED
	}
	if s.orphan {
		return EBADF
	}
	w.Touch(s.object, true)
	s.orphan = true
	s.watchers, s.interests = s.watchers[:0], s.interests[:0]
	if s.udp {
		s.closeDatagram()
		return OK
	}
	w.disarm(&s.timer)
	if s.in != nil {
		w.Touch(s.in.object, true)
		w.Touch(s.out.object, true)
	}
	// __tcp_close (net/ipv4/tcp.c).
	switch s.state {
	case tcpListen:
		s.stopListening()
	case tcpSynSent:
		s.finish()
		s.out.purge()
	case tcpClose:
		if s.in != nil {
			s.in.discard()
			s.in.update()
		}
	default:
		s.rdShut, s.wrShut = true, true
		unread := s.in.arrived > 0
		switch {
		case unread:
			s.reset()
		case abort && s.state != tcpClosing && s.state != tcpLastAck:
			s.reset()
		default:
			s.sendFin()
			s.in.update() // what is in flight is met by a closed door, window or not
		}
	}
	s.dropPort()
	return OK
}

// reset sends RST and forgets the connection. What was sent before and fits the peer's window is on
// its way already; what had arrived can still be received, unless the socket is being closed.
func (s *Sock) reset() {
	out, in := s.out, s.in
	s.w.Touch(out.object, true)
	s.w.Touch(in.object, true)
	out.data = out.data[:out.read+out.arrived+out.room()]
	out.syn, out.synAck, out.fin = false, false, false
	out.rst = out.to != nil && out.to.state != tcpClose
	in.refuse()
	if s.orphan {
		in.discard()
	}
	in.fin = false
	s.finish()
	in.update()
}

// stopListening resets what nobody has accepted. Handshakes under way find nobody.
func (s *Sock) stopListening() {
	s.ended()
	for _, c := range s.accepted[s.head:] {
		c.orphan = true
		if c.state != tcpClose {
			c.reset()
		}
	}
	s.accepted, s.head = s.accepted[:0], 0
}
