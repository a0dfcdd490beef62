package spec

import (
	"net/netip"
	"slices"
	"time"
)

// EventKind is the kind of a line of a trace.
type EventKind uint8

const (
	CallEvent   EventKind = iota // a call is about to be made
	ReturnEvent                  // a call has returned
	EnterEvent                   // the handler of a packet begins
	LeaveEvent                   // the handler of a packet ends
	PauseEvent                   // everything that was under way has had time to finish; ports are not drained
	SettleEvent                  // likewise, and every open port has been waited on until nothing came: eventually-rules are judged here
	LateEvent                    // a buffer was found changed after its operation had ended
	EndEvent                     // the trace is complete
	NetEvent                     // the network lost, doubled or reordered a datagram: verb, destination, length, bytes where known
	APCEvent                     // an asynchronous procedure call runs on this thread, inside of the call that is open: token
	eventKinds
)

// Guard tells what became of the bytes of a receive buffer that the packet does not claim.
type Guard uint8

const (
	GuardUnknown Guard = iota // nobody looked
	GuardIntact
	GuardBroken
)

// Event is one line of a trace. Which fields mean something follows from Kind and Verb; the others are zero. Object ids are the
// recorder's own, from 1, never used twice in a trace; token, key and address are attributes that may come again.
type Event struct {
	Q       uint64 // place in the total order of calls and returns
	Kind    EventKind
	Verb    Verb
	How     How // return of a start
	Side    Side
	Net     Network
	Refuse  bool   // peer-listen: bound, not listening
	NoAddr  bool   // return of a receive-from that was done at its start: the back end told no address; without either the recorder did not look
	Flags   Flags  // call of a start
	Thread  int32  // index into Trace.Threads
	Call    uint32 // id of the call; a return carries its call's
	Op      uint32
	Sock    uint32
	Port    uint32
	Peer    uint32
	Event   uint32   // of an operation, or of what is done with the event
	Into    uint32   // accept: the socket to accept into; context: the listener; return of try-accept, call of dup: the new descriptor; add, modify, remove: the poller to watch
	Ask     Interest // call of add, modify
	Status  Status
	Token   uint64
	Key     uint64
	Since   uint64           // pause: a number drawn before it began, 0 where the recorder does not know
	Len     int              // bytes of the buffer, capacity of a wait, bytes of an accept's Data
	N       int              // bytes transferred; late: offset; settle, pause: canary rounds, StandsStill of a simulated world
	Early   time.Duration    // return of a wait that ran out of time: how much of its time it had left; 0 where it had none, or nobody has looked
	Addr    netip.AddrPort   // bind, connect, send-to: the argument; return of listen, peer-connect, peer-listen: own address; peer-accept: the far address; return of name, peername
	Packets []PacketEvent    // return of wait
	Ready   []Ready          // return of wait-ready
	Args    *AcceptArguments // call of accept: nil where they are the usual ones
	Data    []byte           // bytes sent, or received by a peer or by a receive that was done at once
	Sum     Sum              // their hash, at data level sum
}

// PacketEvent is one packet of a wait's return.
type PacketEvent struct {
	Op     uint32 // 0 where the recorder does not know
	Key    uint64
	Token  uint64
	N      int
	Status Status
	Sock   uint32         // accept: the accepted socket
	Addr   netip.AddrPort // accept: the far end; connect: the socket's own address
	Size   int
	Data   []byte // receive, accept: the bytes, nil where the recorder did not look
	Sum    Sum    // their hash, at data level sum
	Guard  Guard
	NoAddr bool // accept, receive-from: the back end told no address; without either the recorder did not look
	At     int  // first changed byte where Guard is GuardBroken
}

// DataLevel tells how much a trace knows of the bytes that went through.
type DataLevel string

const (
	DataNone    DataLevel = "none"    // nothing: integrity is not exercised
	DataSum     DataLevel = "sum"     // the hash of every run: Sum
	DataPattern DataLevel = "pattern" // whose pattern every run is (PatternReader); in memory the bytes themselves
	DataBytes   DataLevel = "bytes"   // all of them
)

// Trace is what a program and a back end did together.
type Trace struct {
	By      string // who recorded
	About   About  // of the target
	Data    DataLevel
	Widened bool     // the intervals are longer than the calls were, so that nothing can be said of what the program did in them
	Threads []string // names; peers' threads begin with "peer:"
	Events  []Event  // in order of Q once Sort has been called
}

// Sort brings the events into the order of their numbers. Recorders of the real world append a return
// a little after its number was drawn.
func (t *Trace) Sort() {
	for i := 1; i < len(t.Events); i++ {
		if t.Events[i].Q < t.Events[i-1].Q {
			slices.SortStableFunc(t.Events, func(a, b Event) int { return compareQ(a.Q, b.Q) })
			return
		}
	}
}

// Observer sees every event as it is recorded, in the order in which the recorder appends.
type Observer interface{ Observe(*Event) }

// Clone returns a copy that shares no memory with t.
func (t *Trace) Clone() *Trace {
	c := *t
	c.Threads = slices.Clone(t.Threads)
	c.Events = slices.Clone(t.Events)
	for i := range c.Events {
		e := &c.Events[i]
		e.Data = slices.Clone(e.Data)
		e.Packets = slices.Clone(e.Packets)
		e.Ready = slices.Clone(e.Ready)
		e.Args = e.Args.clone()
		for j := range e.Packets {
			e.Packets[j].Data = slices.Clone(e.Packets[j].Data)
		}
	}
	return &c
}
