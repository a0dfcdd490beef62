package conformance

import (
	"net/netip"
	"sync/atomic"

	"github.com/ioconform/ioconform/spec"
)

// What a script makes and knows by a name. Ports and sockets are the recorder's; pollers and their descriptors stand in do_ready.go.

// operation is an operation, or a post, with its name in the script.
type operation struct {
	name string
	*spec.Operation
	on     *spec.Sock // where it is started, once it is about to be; its own field may be written to until then
	how    spec.Result
	began  bool
	post   bool
	pooled bool // it is a pool's
	token  uint64
	packet *packet
	// asked: the ports on which a wait that expects nothing in particular was over before its packet came, which may come there whenever it likes
	asked []*spec.PortRef
}

// handling is a handler that is under way.
type handling struct {
	of *operation
	by *thread
}

// packet is a packet that has been taken.
type packet struct {
	spec.Packet
	op      *operation // nil: nobody's
	claimed bool
	// optional: taken by a wait that expects nothing in particular, so that nobody needs to claim it
	optional bool
	// skipped: there is none, as the target declares for what is done at its start (inline=skip); what the start answered stands here for whoever waits for it
	skipped bool
	// of a poller: what was reported
	polled bool
	level  bool
	events spec.Interest
}

// listener is a listening socket with its address.
type listener struct {
	*spec.Sock
	place
}

// place is where something is reached. Other threads know that by its name before it is.
type place struct {
	known atomic.Pointer[netip.AddrPort]
}

func (p *place) reachedAt(a netip.AddrPort) { p.known.Store(&a) }

func (p *place) addr() netip.AddrPort {
	if a := p.known.Load(); a != nil {
		return *a
	}
	return netip.AddrPort{}
}

// peer is a far end and the thread that its calls are made on.
type peer struct {
	*spec.PeerRef
	name   string
	thread *thread
	sent   uint64
	gone   bool
	saw    bool // the end
	mail   bool // of datagram sockets
}
