package spec

import (
	"net/netip"
	"time"
)

// World is where a run takes place: what threads are, what time is, who plays the far
// end. There are two, the real machine and the simulated one; nothing that uses a World can tell which.
// No method leaks a clock or an address into a verdict.
type World interface {
	// Go starts a thread of the program. The name is its identity in the trace.
	Go(name string, f func())
	// Now is the time since the case began.
	Now() time.Duration
	// Sleep lets time pass.
	Sleep(d time.Duration)
	// Stamp draws the next number of the total order of calls and returns, from 1. In a simulated
	// world it is also a point at which another thread may run.
	Stamp() uint64
	// Gate returns a closed gate, through which threads of a program hand over to each other.
	Gate() Gate
	// Watch starts to bound a wait: rounds is Patient when something is expected, Quiet when
	// nothing is.
	Watch(Pace) Watch
	// Settle lets everything that is under way finish, so that a thread that was about to block has blocked. Exact in a
	// simulated world, a number of canary rounds in the real one, which it returns.
	Settle() (rounds int)
	// Loopback is the loopback address at which far ends are and the program binds its sockets, with port 0. A world may have one of its own, so that nobody connects or sends
	// to a port that was another's before.
	Loopback(Network) netip.AddrPort
	// Peer makes an endpoint for the far end.
	Peer(Network) (Peer, error)
	// Listen makes a listening far end on a loopback address. A refusing one is bound and does not listen.
	Listen(n Network, refuse bool) (PeerListener, error)
	// Controlled reports whether Pick decides what happens.
	Controlled() bool
	// Pick makes a choice in [0,n); 0 is the dull one. 0 unless Controlled.
	Pick(n int) int
}

// ThreadWorld is implemented by worlds in which a thread of the program can be a thread of the operating system, which ends before the program
// does (capability thread-exit).
type ThreadWorld interface {
	World
	// GoThread starts a thread as Go does, a thread of the operating system that runs nothing else and ends with f. ended returns once the system has done
	// with it: what the end of a thread does to its operations has been done then. It is to be called by one thread, once.
	GoThread(name string, f func()) (ended func())
}

// Gate lets threads of a program wait for each other. Open lets one Pass through, now or later.
type Gate interface {
	Open()
	Pass()
}

// Pace tells for how long a Watch has patience.
type Pace uint8

const (
	Patient Pace = iota // something is expected: give up late
	Quiet               // nothing is expected: give up soon
)

// Watch bounds a wait in rounds of a canary, so that a machine that stands still stalls the
// bound as well. Wait for one Slice at a time, until the Watch is Spent.
type Watch interface {
	Slice() time.Duration // how long the next wait may take; in a simulated world an hour or more, so that its time is up only when nothing else can happen
	Spent() bool          // nothing has come for long enough
	Rounds() int          // canary rounds seen so far; 0 where the answer is exact
}

// Peer is one connection's far end. Calls block for at most timeout (negative: for ever) and are made by one thread at
// a time; Close and Abort by any.
type Peer interface {
	Connect(to netip.AddrPort, timeout time.Duration) Status
	Local() netip.AddrPort  // known once connected or accepted
	Remote() netip.AddrPort // likewise
	// Send sends all of b unless the status is not OK; n tells how much was handed over.
	Send(b []byte, timeout time.Duration) (n int, st Status)
	// Read reads between 1 and len(b) bytes; 0 and OK is the end of the stream.
	Read(b []byte, timeout time.Duration) (n int, st Status)
	HalfClose() Status // end of stream in our direction
	Close() Status     // as an application's close: the platform resets if data is unread
	Abort() Status     // reset
}

// PeerListener is a far end that SUT sockets connect to.
type PeerListener interface {
	Addr() netip.AddrPort
	Accept(timeout time.Duration) (Peer, Status)
	Close() Status
}

// Target is what a runner is given: a back end and the world it lives in.
type Target struct {
	About About
	// Open makes a fresh world and a back end in it. Targets of the real world may have several
	// alive at once.
	Open func() (*Instance, error)
	// Mutants names the planted bugs that Instance.Plant understands.
	Mutants []string
}

// Instance is one world with one back end in it, for one case.
type Instance struct {
	World   World
	Backend Backend
	Ready   ReadyBackend // of targets with the capability poller, instead of Backend
	// Run runs program as the main thread of the world and returns when it has returned and
	// everything else has ended. What it returns besides nil is a failure of the program as a whole, such as a deadlock of
	// the simulated world or a panic in a back end.
	Run func(program func()) error
	// Schedule decides the choices of the next Run. nil in the real world.
	Schedule func(Schedule) error
	// Picks returns the choices that the last Run took, to be replayed. nil in the real world.
	Picks func() []uint32
	// Plant switches the named bugs on, and all others off.
	Plant func(bugs ...string) error
	// Watch has told tells of every bug that the next Run comes past, planted or not, in the course of it, and of those of which that cannot be known at once. A run that
	// comes past none of the planted bugs is the run without them. nil where nothing is known. To be called after Plant.
	Watch func(told func(bug string))
	// Close releases the instance; a simulated world is used again for a later case.
	Close func() error
}

// Schedule tells how a controlled world makes its choices.
type Schedule struct {
	Strategy string   // dull, uniform, lazy, pct, bytes, replay, source
	Seed     uint64   // uniform, lazy, pct
	Depth    int      // pct: how many constraints of order it looks for; 0 is 3
	Length   int      // pct: choices of who goes on that a run is thought to take; 0 is 500
	Bytes    []byte   // bytes
	Picks    []uint32 // replay
	Source   any      // source: one of the world's own kind; of the simulated world a simnet.Source
}
