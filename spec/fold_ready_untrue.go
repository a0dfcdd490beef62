package spec

import "net/netip"

// What cannot have been so at any time of a wait, whatever is on its way: the far end has done nothing that could make it so, and nor has the program.

// untruth is what can be told of the bits of an event.
type untruth struct {
	told  bool     // of whether something can be received, or is over, it can be told whether it may be so
	never Interest // what was reported, and cannot be so
	half  int      // 1: the far end alone may have ended its direction; 2: ours alone may be over; 0: neither, or both, or it cannot be told
}

// untruth tells what of the bits, with which a wait has reported s and of which RDY-3 and RDY-4 do not speak, cannot be so.
func (r *readyLedger) untruth(l *ledger, w *readyWait, s *setting, bits, asked Interest) (u untruth) {
	f := s.reg.file
	switch {
	case f.blurred || f.odd || f.dials > 0:
		return u
	case f.poller != nil:
		if u.told = true; len(f.poller.regs) == 0 {
			u.never = In
		}
	case !isStream(f.net):
		if u.told = l.peers && !r.stray; u.told {
			u.never = r.noLetter(l, w, s)
		}
		if !f.cut {
			u.never |= RdHup | Hup
			if !f.mailed {
				u.never |= Err
			}
		}
	case f.listens != 0: // of the other bits RDY-25 speaks
		if u.told = l.peers && !f.cut && !f.heir && !r.stray; u.told && f.arrivals <= uint64(f.accepts) && s.drained(w, f.accepts == 0) {
			u.never = In
		}
	case f.feed != nil && f.knows(f.feed) && f.ended == 0:
		c := f.feed
		if u.told = true; !c.ending && !f.rxCut {
			if u.never = RdHup; c.total <= f.got && s.drained(w, f.got == 0) {
				u.never |= In
			}
		}
		switch {
		case !c.ending && !f.cut:
			u.never |= Err | Hup
		case !c.gone && !f.cut:
			u.half = 1
		case !c.ending && !f.rxCut:
			u.half = 2
		}
	}
	u.never &= bits & asked
	return u
}

// drained reports whether what had come and was received had been received before the wait began. Only what is level-triggered is looked at again then on every system; what is edge-triggered
// is told of what never came at all.
func (s *setting) drained(w *readyWait, never bool) bool {
	f := s.reg.file
	return f.busy[0] == 0 && f.taint[0] < w.at.c && (never || s.ask&Edge == 0)
}

// noLetter is In if no datagram can have been there. A shutdown of receiving, which leaves its mark though it fails, is readable as well (net/core/datagram.c, datagram_poll).
func (r *readyLedger) noLetter(l *ledger, w *readyWait, s *setting) Interest {
	f := s.reg.file
	if r.unnamed || f.cut || f.mailed && l.unasked == 0 || // an error is told as in
		!f.local.IsValid() && (f.mailed || f.binds) {
		return 0
	}
	b := r.mail[f.local.Port()]
	if !f.local.IsValid() || b == nil {
		return In
	}
	if !b.blind && len(b.letters) <= f.order && l.about.Path.NoDup && !r.redoubled && s.drained(w, false) {
		return In
	}
	return 0
}

// knocked reports whether a far end has tried to connect to the address.
func (r *readyLedger) knocked(a netip.AddrPort) bool {
	for _, c := range r.feeds {
		if c.to == a {
			return true
		}
	}
	return r.dialled[a.Port()]
}
