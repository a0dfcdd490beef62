package spec

import (
	"net/netip"
	"strconv"
	"time"
)

// Network is the kind of a socket.
type Network uint8

const (
	TCP4 Network = iota
	TCP6
	UDP4
	UDP6
	networks
)

var networkWord = [networks]string{TCP4: "tcp4", TCP6: "tcp6", UDP4: "udp4", UDP6: "udp6"}

// String returns the word of n in traces.
func (n Network) String() string {
	if n < networks {
		return networkWord[n]
	}
	return "network(" + strconv.Itoa(int(n)) + ")"
}

// Side is the direction that a shutdown ends.
type Side uint8

const (
	SideReceive Side = iota // no further receive may be started
	SideSend                // the far end sees the end of the stream once queued sends are out
	SideBoth
)

// String returns the word of s in scenarios and traces.
func (s Side) String() string { return [...]string{"receive", "send", "both"}[s%3] }

// How tells what Start made of an operation.
type How uint8

const (
	Pending        How = iota // a packet follows
	Done                      // complete; a packet follows all the same, unless the socket skips on success
	RefusedAtStart            // not started; no packet follows, ever
)

// String returns the word of h in scenarios and traces.
func (h How) String() string { return [...]string{"pending", "done", "refused"}[h%3] }

// Result is the answer of Start.
type Result struct {
	How    How
	N      int            // bytes transferred; Done only
	Status Status         // Done: OK, or a warning such as Truncated; RefusedAtStart: the reason
	From   netip.AddrPort // receive-from that is Done: as in the packet, which there may be none of
	Size   int            // likewise
}

// Flags modify an operation.
type Flags uint8

const (
	WaitAll   Flags = 1 << iota // a receive completes only when its buffer is full
	Reuse                       // a disconnect leaves the socket ready for accept or connect
	NoContext                   // an accepted or connected socket is handed on without its context: see ContextUpdater
	EventOnly                   // no packet, but Event alone (the low bit of OVERLAPPED.hEvent)
	Alertable                   // of a wait: it runs asynchronous procedure calls
)

// Op is one operation. Op and Buf belong to the back end from the call of Start until
// Wait has returned its packet, or until Start has returned RefusedAtStart or, in skip
// mode, Done; whichever comes first. Nobody else may touch them in between (DSC-1).
type Op struct {
	Kind  Verb           // Accept … SendTo
	Token uint64         // comes back in the packet bit for bit; plays the OVERLAPPED pointer; unique among outstanding operations
	Buf   []byte         // to fill or to send; accept: where the first bytes go if Data > 0
	To    netip.AddrPort // connect, send-to
	Into  Socket         // accept: the socket to accept into; nil = the back end makes one
	Data  int            // accept: number of bytes of Buf that may be received before completing; 0 = complete at the connection
	Flags Flags

	Arguments *AcceptArguments // accept: nil = the usual ones; capability accept-arguments
	Event     Signal           // to be signaled when the operation has completed; nil for none (capability event)
}

// Packet is one completion packet.
type Packet struct {
	Key    uint64 // of the association (of the operation where axis key=op)
	Token  uint64 // as started or posted
	N      int    // bytes, in [0,len(Buf)]; Buf outside [0,N) is untouched
	Status Status
	Sock   Socket         // accept: the accepted socket, identical to Op.Into where that was given
	From   netip.AddrPort // accept, receive-from: the far end
	Size   int            // receive-from: true size of the datagram where known, else -1
}

// Backend is a completion back end: something that owns ports and sockets. All methods of
// Backend, Port and Socket may be called concurrently, unless axis issuers=1. None blocks but
// Port.Wait.
type Backend interface {
	// Port makes a completion port. concurrency bounds the number of running
	// threads that are associated with it; 0 means the number of processors.
	Port(concurrency int) (Port, Status)
	// Socket makes an unbound socket that belongs to no port.
	Socket(Network) (Socket, Status)
	// Close releases everything. After it has returned nothing of the caller's memory is written to.
	Close() error
}

// Port is a completion port: a FIFO queue of packets and the threads that wait on it.
type Port interface {
	// Associate ties s to the port for life; every packet of an operation started on s
	// afterwards carries key and arrives here. A socket has one port: a second call answers Invalid.
	Associate(s Socket, key uint64) Status
	// Post queues a packet of the caller's own.
	Post(key, token uint64, n int) Status
	// Wait takes between 1 and len(dst) packets, waiting up to timeout for the first: negative
	// is for ever, 0 does not wait. The count is positive exactly if the status is OK; else the status is
	// TimedOut, Abandoned (the port was closed meanwhile), Closed (before).
	Wait(dst []Packet, timeout time.Duration) (int, Status)
	// Close closes the port and ends every Wait on it.
	Close() Status
}

// Socket is an endpoint on which operations are started.
type Socket interface {
	Bind(netip.AddrPort) Status
	Listen(backlog int) Status
	// Start starts op, which must not be outstanding.
	Start(op *Op) Result
	// Cancel asks that op, or with nil every operation of this socket, end early. OK means asked, not
	// cancelled: the packet tells. NotFound means that nothing was left to cancel.
	Cancel(op *Op) Status
	Shutdown(Side) Status
	// SkipOnSuccess makes operations that Start answers Done queue no packet. It cannot be undone. Capability skip.
	SkipOnSuccess() Status
	Local() (netip.AddrPort, Status)
	Peer() (netip.AddrPort, Status)
	// Close ends every outstanding operation (axis close=abort) and the connection.
	Close() Status
}

// Pusher is implemented by back ends that call back instead of being waited on (axis delivery=push).
type Pusher interface {
	// Deliver sets the function that receives every packet; its call and return are the handler's
	// span. To be set before the first operation.
	Deliver(fn func(worker int, p Packet))
}
