package spec

// callPeer enters what a far end begins.
func (r *readyLedger) callPeer(e *Event) {
	c := r.feeds[e.Peer]
	switch e.Verb {
	case PeerConnect, PeerAccept:
		if c != nil || e.Peer == 0 {
			return
		}
		c = &feed{id: e.Peer, net: e.Net, to: plain(e.Addr), named: e.Verb == PeerAccept, speech: speech{at: e.Q}}
		r.feeds[e.Peer] = c
		if c.named {
			return
		}
		to := r.places[c.to]
		switch {
		case to == nil:
			r.stray = true
		case isStream(c.net):
			c.door = to
			to.arrive(1, e.Q)
		default:
			c.file = to
		}
		return
	}
	if to := r.places[plain(e.Addr)]; to != nil && e.Verb == PeerSend {
		to.arrive(1, e.Q) // a datagram
	}
	if c == nil {
		if e.Verb == PeerSend {
			r.mailed(e.Len)
		}
		return
	}
	k := uint64(0)
	switch e.Verb {
	case PeerSend:
		if k = uint64(max(e.Len, 0)); !isStream(c.net) {
			k = 1
			r.mailed(e.Len)
		}
	case PeerHalfClose:
		k = 2
	case PeerClose, PeerAbort:
		k = 4
		c.gone = true
		if c.door != nil && !c.local.IsValid() {
			c.door.odd = true // from where it has connected nobody will tell
		}
	default:
		return
	}
	c.ending = c.ending || e.Verb != PeerSend
	c.total += k
	c.under += k
	c.cause = e.Q
	r.calls[e.Thread] = readyCall{verb: e.Verb, at: e.Q, feed: c, k: k}
	if c.file != nil {
		c.file.arrive(k, e.Q)
	}
}

// retPeer enters what a far end has done.
func (r *readyLedger) retPeer(t *thread, e *Event) {
	x := &r.calls[e.Thread]
	c := r.feeds[e.Peer]
	switch t.verb {
	case PeerConnect, PeerAccept:
		if c == nil || !e.Status.Ok() {
			if c != nil && c.door != nil {
				c.door.odd = true // it may have come in all the same
			}
			return
		}
		if c.door != nil {
			c.door.got++
			c.door.calledBy(plain(e.Addr))
			c.door.came, c.door.fed = max(c.door.came, t.at), e.Q
		}
		if c.local = plain(e.Addr); c.named {
			r.meet(c, r.places[c.local])
		} else if isStream(c.net) && !r.twice[c.local] {
			if f := r.loneFiles[c.local]; f != nil {
				delete(r.loneFiles, c.local)
				r.meet(c, f)
			} else if r.loneFeeds[c.local] != nil {
				r.confused(c.local)
			} else {
				r.loneFeeds[c.local] = c
			}
		}
		return
	case PeerRead:
		if c != nil && e.Status.Ok() {
			c.read += uint64(max(e.N, 0))
		}
		if c != nil && c.file != nil && (!e.Status.Ok() && e.Status.Code != TimedOut || e.Status.Ok() && e.N == 0 && t.length > 0) {
			c.file.parting = false
		}
		return
	case PeerSend, PeerHalfClose, PeerClose, PeerAbort:
	default:
		return
	}
	if x.feed != c || c == nil || x.at != t.at {
		return
	}
	c.under -= x.k
	if t.verb == PeerSend {
		c.said(t, e)
	}
	if c.gone { // it makes no further call; who knows it, knows it by its file or its address
		delete(r.feeds, c.id)
	}
	came := false
	if t.verb == PeerSend {
		came = e.N > 0
		c.sent += uint64(max(e.N, 0))
	} else if e.Status.Ok() {
		if came = !c.fin; came {
			c.ended = t.at
		}
		c.fin = true
	}
	if came {
		c.came, c.fed = max(c.came, t.at), e.Q
	}
	if f := c.file; came && f != nil {
		f.came, f.fed = max(f.came, t.at), e.Q
	}
}

// meet makes one connection of a far end and a file.
func (r *readyLedger) meet(c *feed, f *file) {
	if f == nil || f.feed != nil || c.file != nil || !isStream(f.net) {
		if f != nil {
			f.odd, f.blurred = true, true
		}
		return
	}
	c.file, f.feed = f, c
	f.untold = f.untold || !f.knows(c)
	f.settled += c.settled
	f.arrivals += c.settled
	f.came, f.fed = max(f.came, c.came), max(f.fed, c.fed)
	f.arrive(c.total-c.settled, c.cause)
}
