package simnet

import "net/netip"

// Net switches on what may happen to a datagram under way. Each number n means what it means in
// Faults: at every opportunity, the delivery of a datagram, ask for a KindFault choice among n,
// whose last option it is.
type Net struct {
	Loss    int // the datagram vanishes
	Dup     int // it arrives, and once more after those sent to the same place in the meantime
	Reorder int // the one sent next overtakes it; then the same of that one, so any may be the first
	// Observer hears of each of these events and of NetOverflow, in the middle of a step: it may not
	// call into the world. n is the length of the datagram concerned.
	Observer func(event NetEvent, from, to netip.AddrPort, n int)
}

// NetEvent is what became of a datagram between its two sockets.
type NetEvent uint8

const (
	NetDrop     NetEvent = iota // lost
	NetDup                      // delivered now, and another time later
	NetReorder                  // overtaken by one sent later
	NetOverflow                 // the receiver's buffer had no room; needs no option
)

var netEventNames = [...]string{"drop", "dup", "reorder", "overflow"}

// String returns the event in lower case.
func (e NetEvent) String() string {
	if int(e) < len(netEventNames) {
		return netEventNames[e]
	}
	return "unknown"
}

// flow is the datagrams in flight from one socket to one address: a link of its own, which exists
// while something is on it. They arrive in order unless Net.Reorder is on; flows are independent of
// each other, and of the sender once it is closed.
type flow struct {
	w        *World
	link     int
	sender   *Sock // nil: what travels is the news that there is nobody at from
	from, to netip.AddrPort
	queue    datagrams
}

// datagramNetwork is the part of a network that datagrams need.
type datagramNetwork struct {
	flows     pool[flow]
	idle      []*flow // to be used again
	busy      []*flow
	datagrams pool[datagram]
	unused    *datagram // to be used again, linked by next
}

func (n *datagramNetwork) reset() {
	n.flows.reset()
	n.datagrams.reset()
	n.idle, n.busy, n.unused = n.idle[:0], n.busy[:0], nil
}

func (n *datagramNetwork) newDatagram(from netip.AddrPort, b []byte) *datagram {
	g := n.unused
	if g != nil {
		n.unused = g.next
	} else {
		g = n.datagrams.get()
	}
	*g = datagram{from: from, data: append(g.data[:0], b...)}
	return g
}

func (n *datagramNetwork) discard(g *datagram) {
	g.next, n.unused = n.unused, g
}

// flow returns the flow to put a datagram on.
func (w *World) flow(sender *Sock, from, to netip.AddrPort) *flow {
	n := &w.net.datagramNetwork
	for _, f := range n.busy {
		if f.sender == sender && f.to == to && f.from == from {
			return f
		}
	}
	var f *flow
	if last := len(n.idle) - 1; last >= 0 {
		f, n.idle = n.idle[last], n.idle[:last]
	} else {
		f = n.flows.get()
	}
	*f = flow{w: w, sender: sender, from: from, to: to}
	f.link = w.newLink(nil)
	for len(w.flowEnds) <= f.link {
		w.flowEnds = append(w.flowEnds, nil)
	}
	w.flowEnds[f.link] = f
	n.busy = append(n.busy, f)
	w.mark(f.link, true)
	return f
}

// release gives the link of an empty flow back.
func (f *flow) release() {
	w, n := f.w, &f.w.net.datagramNetwork
	w.mark(f.link, false)
	w.numbered(f.link)
	w.linkFree = append(w.linkFree, int32(f.link))
	for i, x := range n.busy {
		if x == f {
			last := len(n.busy) - 1
			n.busy[i] = n.busy[last]
			n.busy = n.busy[:last]
			break
		}
	}
	n.idle = append(n.idle, f)
}

// deliver takes one step of the network: the next datagram of the flow reaches its end.
func (f *flow) deliver() {
	w := f.w
	if w.observer != nil {
		w.actor = Actor{ActorLink, f.link}
		w.touch(ObjectPorts, false)
	}
	if f.sender == nil {
		w.news()
		w.net.discard(f.queue.pop())
		w.refuse(f.to, f.from)
	} else {
		f.deliverDatagram()
	}
	if f.queue.first == nil {
		f.release()
	}
}

func (f *flow) deliverDatagram() {
	w, opts := f.w, &f.w.opts.Net
	var before *datagram
	g := f.queue.first
	for g.next != nil && w.fault(opts.Reorder) {
		f.happened(NetReorder, g)
		before, g = g, g.next
	}
	f.queue.remove(before, g)
	lost := w.fault(opts.Loss)
	if lost {
		f.happened(NetDrop, g)
	} else if !g.copied && w.fault(opts.Dup) {
		f.happened(NetDup, g)
		g.copied = true
		again := w.net.newDatagram(g.from, g.data)
		again.copied, again.extra = true, true
		f.queue.push(again)
	}
	// It leaves the sender's buffer before it arrives (skb_orphan in loopback_xmit), and that is an
	// edge whether there was room before or not: sock_def_write_space asks nobody.
	if s := f.sender; !g.extra {
		w.Touch(s.object, true)
		s.sent -= g.cost()
		if s.datagramWritable() {
			s.changed(OUT)
		}
	}
	if lost {
		w.net.discard(g)
		return
	}
	to := w.receiver(f.to, g.from)
	switch {
	case to == nil:
		// Port unreachable, which takes its time to come back (icmp_send, icmpv6_send).
		from := g.from
		w.news()
		w.flow(nil, f.to, from).queue.push(w.net.newDatagram(f.to, nil))
		w.net.discard(g)
	case to.inbox.first != nil && to.inbox.bytes+g.cost() > w.opts.RcvBuf:
		// An empty buffer takes a datagram of any length (__udp_enqueue_schedule_skb).
		w.Touch(to.object, false)
		f.happened(NetOverflow, g)
		w.net.discard(g)
	default:
		w.Touch(to.object, true)
		to.inbox.push(g)
		to.changed(IN)
	}
}

// news: datagrams that tell of nobody are on flows that several senders share.
func (w *World) news() {
	if w.past != nil {
		w.past.Touched(w.actor, ObjectPorts, true)
	}
}

func (f *flow) happened(e NetEvent, g *datagram) {
	if h := f.w.opts.Net.Observer; h != nil {
		h(e, g.from, f.to, len(g.data))
	}
}

// receiver returns the socket that a datagram reaches: one bound to the very address before a
// wildcard, and a connected one only from where it is connected to; nil if there is none
// (__udp4_lib_lookup, compute_score).
func (w *World) receiver(to, from netip.AddrPort) *Sock {
	var wildcard *Sock
	for _, s := range w.net.bound {
		if !s.udp || s.local.Port() != to.Port() || s.v6 != to.Addr().Is6() || !s.hears(from) {
			continue
		}
		if s.local.Addr() == to.Addr() {
			return s
		}
		if s.local.Addr().IsUnspecified() {
			wildcard = s
		}
	}
	return wildcard
}

// hears reports whether a UDP socket takes datagrams from an address. Connected to port 0 it takes
// them from any port.
func (s *Sock) hears(from netip.AddrPort) bool {
	return s.state != tcpEstablished ||
		s.remote.Addr() == from.Addr() && (s.remote.Port() == 0 || s.remote.Port() == from.Port())
}

// refuse brings the news that nobody was at dead to the socket at to. Only a connected one wants to
// know (__udp4_lib_err).
func (w *World) refuse(to, dead netip.AddrPort) {
	s := w.receiver(to, dead)
	if s == nil || s.state != tcpEstablished {
		return
	}
	w.Touch(s.object, true)
	s.err = ECONNREFUSED
	s.changed(ERR)
}

// footprint lists what the next delivery touches: the sender's buffer and who waits for room in it,
// and the socket at the other end.
func (f *flow) footprint(list []Access) []Access {
	list = append(list, Read(ObjectPorts))
	if f.sender != nil {
		list = f.sender.footprint(list)
	}
	if to := f.w.receiver(f.to, f.from); to != nil {
		list = to.footprint(list)
	}
	return list
}
