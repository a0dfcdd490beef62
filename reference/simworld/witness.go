package simworld

import (
	"net/netip"
	"slices"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

var _ spec.Witness = (*World)(nil)

// witness tells a search that reduces which events of the trace have to do with each other. Recording an event is no effect, so the order of two
// that are about different things does not matter; of two about the same it matters to the rules whether one call had returned before the other was made, and nothing
// else (spec: the order of a trace). A thing is a port, a socket, a far end, a connection, which the socket and the far end of it share, or one of a few
// that stand for many: all that accepts and connects, all datagrams, all handlers under a limit.
type witness struct {
	shared  simnet.Object // the first of spec.SharedThings
	socks   []about       // by id
	fars    []about
	ops     []operation
	posted  []uint64 // tokens of posts that nobody has taken
	limited bool     // a port was opened for a number of threads
	ports   int
	polls   bool // there is a poller: everything is about the same
}

// about is what is known of a socket or a far end.
type about struct {
	conn     int  // of a connection, from 1
	listens  bool // or will have to do with listening
	datagram bool
}

// operation is what an operation was started as.
type operation struct {
	sock uint32
	kind spec.Verb
}

func (x *witness) reset(sim *simnet.World) {
	x.shared = sim.NewObject()
	for range spec.SharedThings - 1 {
		sim.NewObject()
	}
	x.socks, x.fars, x.ops, x.posted = x.socks[:0], x.fars[:0], x.ops[:0], x.posted[:0]
	x.limited, x.polls, x.ports = false, false, 0
}

// Witnessing implements spec.Witness.
func (w *World) Witnessing() bool { return w.search != nil && w.Sim.Reduces() }

// Shared implements spec.Witness.
func (w *World) Shared(what int, write bool) {
	if w.search != nil {
		w.Sim.Touch(w.shared+simnet.Object(what%spec.SharedThings), write)
	}
}

// What a note is about: a kind, and one of 64 of the kind.
const (
	ofAll = iota
	ofPort
	ofSock
	ofPeer
	ofConn
	ofMany
)

// Of many.
const (
	dialing = iota
	mailing
	handling
	polling
)

func (w *World) note(kind, id int, ends bool) { w.Sim.Note(id&63<<3|kind, ends) }

// both is a note that depends on all others of its thing, and all later ones on it.
func (w *World) both(kind, id int) {
	w.note(kind, id, false)
	w.note(kind, id, true)
}

// Recorded implements spec.Witness.
func (w *World) Recorded(e *spec.Event) {
	if w.search == nil || !w.Sim.Reduces() {
		return
	}
	switch e.Kind {
	case spec.CallEvent, spec.ReturnEvent:
		w.recordedCall(e, e.Kind == spec.ReturnEvent)
	case spec.EnterEvent, spec.LeaveEvent:
		w.note(ofAll, 0, false)
		w.both(ofSock, int(e.Sock))
		if w.limited && e.N > 0 {
			w.both(ofMany, handling)
		}
	default:
		w.both(ofAll, 0)
	}
}

func (w *World) recordedCall(e *spec.Event, ends bool) {
	switch e.Verb {
	case spec.Accept, spec.Connect, spec.Receive, spec.Send, spec.ReceiveFrom, spec.SendTo, spec.OpenPort, spec.OpenSocket, spec.Bind, spec.Listen,
		spec.Associate, spec.Post, spec.Wait, spec.Cancel, spec.CancelAll, spec.ShutdownSocket, spec.Skip, spec.CloseSocket, spec.ClosePort,
		spec.PeerConnect, spec.PeerListen, spec.PeerAccept, spec.PeerSend, spec.PeerRead, spec.PeerHalfClose, spec.PeerClose, spec.PeerAbort, spec.PeerBind:
		w.note(ofAll, 0, false)
	case spec.OpenPoller, spec.OpenRaw:
		w.polls = true
		w.both(ofAll, 0)
	default: // of what is not told apart here everything depends on everything
		w.both(ofAll, 0)
	}
	if w.polls {
		w.note(ofMany, polling, ends)
		return
	}
	if e.Port != 0 {
		w.note(ofPort, int(e.Port), ends)
	}
	switch e.Verb {
	case spec.Accept, spec.Connect, spec.Listen, spec.PeerConnect, spec.PeerListen, spec.PeerAccept:
		w.note(ofMany, dialing, ends)
	case spec.ReceiveFrom, spec.SendTo, spec.PeerBind:
		w.note(ofMany, mailing, ends)
	case spec.OpenPort:
		if w.limited = w.limited || e.N > 0; !ends {
			w.ports++
		}
	case spec.Wait:
		w.counted(ends)
	case spec.Post:
		if w.counted(ends); !ends {
			w.posted = append(w.posted, e.Token)
		}
	}
	if e.Sock != 0 {
		s := of(&w.socks, e.Sock)
		s.datagram = s.datagram || e.Verb == spec.OpenSocket && !ends && e.Net.Datagrams()
		s.listens = s.listens || e.Verb == spec.Listen
		w.noteSock(e.Sock, ends)
		if e.Op != 0 && !ends && e.Verb <= spec.SendTo {
			for len(w.ops) <= int(e.Op) {
				w.ops = append(w.ops, operation{})
			}
			w.ops[e.Op] = operation{e.Sock, e.Verb}
		}
	}
	if e.Into != 0 {
		w.noteSock(e.Into, ends)
	}
	if e.Peer != 0 {
		p := of(&w.fars, e.Peer)
		switch {
		case e.Verb == spec.PeerBind || e.Verb == spec.PeerConnect && !ends && e.Net.Datagrams():
			p.datagram = true
		case ends && e.Status.Ok() && (e.Verb == spec.PeerConnect || e.Verb == spec.PeerAccept):
			p.conn = connection(e.Addr)
		case e.Verb == spec.PeerListen:
			p.listens = true
		}
		w.note(ofPeer, int(e.Peer), ends)
		w.noteAbout(*p, ends)
	}
	for i := range e.Packets {
		w.recordedPacket(&e.Packets[i])
	}
}

// counted tells that as a post returns the threads of its port are counted, which the return of a wait on another port changes.
func (w *World) counted(ends bool) {
	if ends && w.limited && w.ports > 1 {
		w.both(ofMany, handling)
	}
}

// noteMail tells of something that happens to a datagram and that the trace will have.
func (w *World) noteMail() {
	if w.search != nil {
		w.note(ofAll, 0, false)
		w.both(ofMany, mailing)
	}
}

// recordedPacket tells of a packet that a wait has returned: its operation is over.
func (w *World) recordedPacket(k *spec.PacketEvent) {
	if k.Op == 0 || int(k.Op) >= len(w.ops) {
		if i := slices.Index(w.posted, k.Token); i >= 0 {
			w.posted = slices.Delete(w.posted, i, i+1)
			return // which has to do with its port
		}
		w.both(ofAll, 0) // nobody's
		return
	}
	o := w.ops[k.Op]
	switch o.kind {
	case spec.Accept:
		w.note(ofMany, dialing, true)
		if k.NoAddr {
			w.both(ofAll, 0) // whose it may be is every far end that has connected, as it is by now
		}
		if k.Sock != 0 {
			of(&w.socks, k.Sock).conn = connection(k.Addr)
			w.noteSock(k.Sock, true)
		}
	case spec.Connect:
		w.note(ofMany, dialing, true)
		if k.Status.Ok() {
			of(&w.socks, o.sock).conn = connection(k.Addr)
		}
	case spec.ReceiveFrom, spec.SendTo:
		w.note(ofMany, mailing, true)
	}
	w.noteSock(o.sock, true)
}

func (w *World) noteSock(id uint32, ends bool) {
	w.note(ofSock, int(id), ends)
	w.noteAbout(*of(&w.socks, id), ends)
}

func (w *World) noteAbout(x about, ends bool) {
	if x.conn != 0 {
		w.note(ofConn, x.conn, ends)
	}
	if x.listens {
		w.note(ofMany, dialing, ends)
	}
	if x.datagram {
		w.note(ofMany, mailing, ends)
	}
}

// connection numbers a connection by the address of the end that connected.
func connection(a netip.AddrPort) int { return 1 + int(a.Port()) }

func of(list *[]about, id uint32) *about {
	for len(*list) <= int(id) {
		*list = append(*list, about{})
	}
	return &(*list)[id]
}
