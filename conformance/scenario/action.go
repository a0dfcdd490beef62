package scenario

import "time"

// Action is what a line does: a pointer to one of the structs of this file.
type Action interface {
	Word() string // the verb, as in Verbs
}

// PortLine opens a completion port: concurrency=.
type PortLine struct {
	Name string
	Opts Opts
}

// ListenLine opens a listening socket, associated with Port where that is not "": key= backlog= ip=.
type ListenLine struct {
	Name string
	Port string
	Opts Opts
}

// SocketLine opens a socket that is neither bound, connected nor associated: ip=.
type SocketLine struct {
	Verb string // tcp, udp
	Name string
	Opts Opts
}

// EventLine makes an event.
type EventLine struct{ Name string }

// PollerLine opens a readiness poller.
type PollerLine struct{ Name string }

// SessionLine is the usual beginning in one line: port P and listener L on P with key 1 unless the names exist already,
// then a connected pair: socket Name, associated with P, and Peer() at the far end.
type SessionLine struct {
	Name string
	Opts Opts // key= peer= skip= ip=
}

// SessionPort and SessionListener are the names every session shares.
const (
	SessionPort        = "P"
	SessionListener    = "L"
	SessionListenerKey = 1
)

// Peer is the name of the far end: peer=, else "c".
func (l *SessionLine) Peer() string { return l.Opts.Word("peer", "c") }

// Key is the key of the association: key=, else 2.
func (l *SessionLine) Key() uint64 { return l.Opts.Uint("key", 2) }

// AssociateLine ties a socket to a port under a key: key=.
type AssociateLine struct {
	Name string
	Port string
	Opts Opts
}

// StartLine starts an operation, which Name names from then on.
type StartLine struct {
	Verb string // accept, connect, disconnect, recv, send, recvfrom, sendto
	Name string
	On   string // socket or listener
	Into string // accept: the socket to use, opened before; "" lets the back end make one
	As   string // accept: what to call the socket the back end makes; without it, Name + ".sock"
	To   string // connect, sendto: a peer or a listener
	Opts Opts   // len= data= token= buffer= waitall= reuse= event= packet= context= bind= overwrite= local= remote= without=
}

// Accepted is the name by which the socket of an accept is known: Into, As, or Name.sock.
func (l *StartLine) Accepted() string {
	switch {
	case l.Into != "":
		return l.Into
	case l.As != "":
		return l.As
	}
	return l.Name + ".sock"
}

// CancelLine cancels the operation Name or, with All, every operation of the socket Name.
type CancelLine struct {
	All  bool
	Name string
}

// ShutdownLine ends one direction of a socket, or both.
type ShutdownLine struct {
	Name string
	Side string // send, receive, both
}

// CloseLine closes a socket, a listener, a port or a poller.
type CloseLine struct{ Name string }

// SkipLine switches a socket to "no packet when the call itself succeeds".
type SkipLine struct{ Name string }

// PostLine queues a packet by hand; Name names it like an operation: key= bytes= token=.
type PostLine struct {
	Name string
	Port string
	Opts Opts
}

// ContextLine tells a socket how it came to its connection.
type ContextLine struct {
	Name string
	From string // the listener; "" if it has connected
}

// NameLine asks a socket for an address.
type NameLine struct {
	Verb string // name, peername
	Name string
}

// DupLine duplicates a descriptor, or a handle.
type DupLine struct{ Name, As string }

// WaitLine waits on a port or a poller. Neither Timed nor Forever: as long as the runner's patience lasts.
type WaitLine struct {
	Port      string
	Timed     bool
	Timeout   time.Duration // Timed
	Forever   bool
	Alertable bool   // runs asynchronous procedure calls
	Max       Num    // 0: one
	As        string // what to call the packet taken
}

// AwaitLine waits for an event. Not Timed: as long as the runner's patience lasts.
type AwaitLine struct {
	Event   string
	Timed   bool
	Timeout time.Duration // Timed
}

// JoinLine waits until the background lines of its thread have returned; its result is the last one's.
type JoinLine struct{}

// PeerLine is something the far end does.
type PeerLine struct {
	Peer  string
	Count int    // peer c[16]: 16; peer c: 0
	Verb  string // as in PeerVerbs
	To    string // connects: the listener; sends: a socket, for datagrams
	As    string // connects: our side of the connection; accepts: theirs
	Bytes *Range // sends, reads; ping-pongs: the number of rounds
	What  string // reads: eof, reset, nothing
	Opts  Opts   // attempts= size= reuse=
}

// PoolLine starts worker threads on a port: threads= handler= receives= concurrency=.
type PoolLine struct {
	Name string
	Port string
	Opts Opts
}

// DrainLine lets a pool finish what is queued and ends its threads.
type DrainLine struct{ Name string }

// InterestLine changes what a poller watches.
type InterestLine struct {
	Verb   string // add, modify, remove
	Name   string
	Poller string
	Flags  []string // not for remove
}

// TryLine is an operation tried without blocking.
type TryLine struct {
	Verb string // accept, connect, recv, send, recvfrom, sendto
	On   string
	To   string
	As   string // accept: the new socket
	Opts Opts   // len=
}

// WokenLine checks how many of the waits on a poller or port that stand in the background have been woken.
type WokenLine struct {
	Name  string
	Bound string // exactly, atmost
	Count Num
}

// SettleLine waits until nothing moves any more; rules of the kind "eventually" are judged here.
type SettleLine struct{}

// TimeLine lets that much time pass.
type TimeLine struct{ Time time.Duration }

// SpanLine marks where the handler of a packet begins and ends.
type SpanLine struct {
	Verb   string // enter, leave
	Packet string // a packet named by wait ... as, or an operation
}

// ExitLine ends its thread.
type ExitLine struct{}

// APCLine queues an asynchronous procedure call to its own thread.
type APCLine struct{ Name string }

// ObserveLine asks whether something that may happen did.
type ObserveLine struct {
	What string // as in Observations
	Name string
}

// NetLine disturbs the network of a peer or a socket.
type NetLine struct {
	What  string // as in Disturbances
	Delay time.Duration
	Name  string
}

func (*PortLine) Word() string       { return "port" }
func (*ListenLine) Word() string     { return "listen" }
func (l *SocketLine) Word() string   { return l.Verb }
func (*EventLine) Word() string      { return "event" }
func (*PollerLine) Word() string     { return "poller" }
func (*SessionLine) Word() string    { return "session" }
func (*AssociateLine) Word() string  { return "associate" }
func (l *StartLine) Word() string    { return l.Verb }
func (*CancelLine) Word() string     { return "cancel" }
func (*ShutdownLine) Word() string   { return "shutdown" }
func (*CloseLine) Word() string      { return "close" }
func (*SkipLine) Word() string       { return "skip" }
func (*PostLine) Word() string       { return "post" }
func (*ContextLine) Word() string    { return "context" }
func (l *NameLine) Word() string     { return l.Verb }
func (*DupLine) Word() string        { return "dup" }
func (*WaitLine) Word() string       { return "wait" }
func (*AwaitLine) Word() string      { return "await" }
func (*JoinLine) Word() string       { return "join" }
func (*PeerLine) Word() string       { return "peer" }
func (*PoolLine) Word() string       { return "pool" }
func (*DrainLine) Word() string      { return "drain" }
func (l *InterestLine) Word() string { return l.Verb }
func (*TryLine) Word() string        { return "try" }
func (*WokenLine) Word() string      { return "woken" }
func (*SettleLine) Word() string     { return "settle" }
func (*TimeLine) Word() string       { return "time" }
func (l *SpanLine) Word() string     { return l.Verb }
func (*ExitLine) Word() string       { return "exit" }
func (*APCLine) Word() string        { return "apc" }
func (*ObserveLine) Word() string    { return "observe" }
func (*NetLine) Word() string        { return "net" }
