package simworld

import (
	"net/netip"
	"slices"
	"time"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

var (
	_ spec.DatagramPeer = (*Peer)(nil)
	_ spec.Disturber    = (*World)(nil)
)

// mail is a datagram that a far end holds back.
type mail struct {
	data  []byte
	other netip.AddrPort
}

// Bind gives a far end of datagram sockets a loopback address.
func (p *Peer) Bind() spec.Status {
	at := loopback
	if p.sock.Local().Addr().Is6() {
		at = loopback6
	}
	e := p.sock.Bind(at)
	p.local = p.sock.Local()
	return status(e)
}

// SendTo sends b as one datagram.
func (p *Peer) SendTo(b []byte, to netip.AddrPort, timeout time.Duration) spec.Status {
	if p.gone {
		return p.send(b, to, timeout) // which says so; nothing is sent that a fault could strike
	}
	what := p.w.due(p.local)
	switch what {
	case spec.NetDrop:
		p.w.happened(what, to, b)
		return spec.Status{}
	case spec.NetReorder:
		p.w.happened(what, to, b)
		p.late = append(p.late, mail{slices.Clone(b), to})
		if len(p.late) == 1 {
			p.w.Sim.Go("network", func() { // what nothing comes behind arrives in the end
				p.w.Sim.Settle()
				p.deliverLate(patience)
			})
		}
		return spec.Status{}
	}
	st := p.send(b, to, timeout)
	if st.Ok() && what == spec.NetDup {
		p.w.happened(what, to, b)
		p.send(b, to, timeout)
	}
	p.deliverLate(timeout)
	return st
}

// deliverLate sends what was held back.
func (p *Peer) deliverLate(timeout time.Duration) {
	late := p.late
	p.late = nil
	for _, m := range late {
		p.send(m.data, m.other, timeout)
	}
}

func (p *Peer) send(b []byte, to netip.AddrPort, timeout time.Duration) spec.Status {
	return p.await("peer send-to", timeout, func() simnet.Errno {
		_, e := p.sock.SendTo(b, to)
		return e
	})
}

// ReadFrom receives one datagram.
func (p *Peer) ReadFrom(b []byte, timeout time.Duration) (n int, from netip.AddrPort, st spec.Status) {
	if len(p.again) > 0 {
		m := p.again[0]
		p.again = p.again[1:]
		return copy(b, m.data), m.other, spec.Status{}
	}
	for {
		st = p.await("peer read-from", timeout, func() (e simnet.Errno) {
			n, _, from, e = p.sock.RecvFrom(b)
			return e
		})
		if !st.Ok() {
			return 0, from, st
		}
		what := p.w.due(from)
		switch what {
		case spec.NetDrop:
			p.w.happened(what, p.local, b[:n])
			continue
		case spec.NetDup:
			p.w.happened(what, p.local, b[:n])
			p.again = append(p.again, mail{slices.Clone(b[:n]), from})
		}
		return n, from, st
	}
}

// fault is something that is to happen to the next datagram from an address.
type fault struct {
	what spec.Verb
	from netip.AddrPort
}

// Disturb makes something happen to the next datagram that is sent from an address. Whether a datagram of the back end's is lost or doubled is decided
// where it is received; its order is left alone.
func (w *World) Disturb(what spec.Verb, from netip.AddrPort) {
	w.Shared(faultsShared, true)
	w.faults = append(w.faults, fault{what, from})
}

// faultsShared is the list of faults among what threads share.
const faultsShared = spec.SharedThings - 1

// due takes the fault that strikes a datagram from an address, if one was asked for.
func (w *World) due(from netip.AddrPort) spec.Verb {
	w.Shared(faultsShared, false)
	for i, f := range w.faults {
		if f.from == from {
			w.Shared(faultsShared, true)
			w.faults = slices.Delete(w.faults, i, i+1)
			return f.what
		}
	}
	return spec.NoVerb
}

func (w *World) happened(what spec.Verb, to netip.AddrPort, b []byte) {
	w.stamp++
	w.noteMail()
	w.disturbed = append(w.disturbed, spec.Disturbance{Q: w.stamp, What: what, To: to, N: len(b), Data: slices.Clone(b)})
}

// Disturbed returns what happened to datagrams in this run.
func (w *World) Disturbed() []spec.Disturbance { return w.disturbed }

var faultOf = map[simnet.NetEvent]spec.Verb{
	simnet.NetDrop: spec.NetDrop, simnet.NetOverflow: spec.NetDrop, simnet.NetDup: spec.NetDup, simnet.NetReorder: spec.NetReorder,
}

// observed hears what the simulated network does of its own accord.
func (w *World) observed(e simnet.NetEvent, _, to netip.AddrPort, n int) {
	w.stamp++
	w.noteMail()
	w.disturbed = append(w.disturbed, spec.Disturbance{Q: w.stamp, What: faultOf[e], To: to, N: n})
}
