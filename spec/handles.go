package spec

import "time"

// What only the back ends of Windows have is told by small interfaces beside the contract. A target that declares the capability implements them.

// Duplicator is implemented by sockets that can have a second handle (capability duplicate).
type Duplicator interface {
	// Duplicate makes another handle of the socket. It is the same socket: a bind, an association or a shutdown through one is seen through the other. It is
	// closed when its last handle is; what was closed through one handle cannot be used through that one any more.
	Duplicate() (Socket, Status)
}

// Signaler is implemented by back ends whose operations can signal an event (capability event).
type Signaler interface {
	// Event makes an event, which is not signaled. It lives as long as the back end.
	Event() (Signal, Status)
}

// Signal is an event. The start of an operation that names it resets it; when the operation has completed, whichever way, it is signaled and stays so until
// another start. Its operation may be told of by a packet as well, or by the event alone (EventOnly). Safe for concurrent use.
type Signal interface {
	// Wait waits up to timeout until the event is signaled: negative is for ever, 0 does not wait. OK or TimedOut. An operation with EventOnly whose event was
	// found signaled, and that alone can have done so, is over.
	Wait(timeout time.Duration) Status
}

// Alerter is implemented by back ends whose threads have asynchronous procedure calls (capability apc).
type Alerter interface {
	// QueueAPC queues f to the calling thread, which has to be one of the operating system. It runs in a wait of that thread that is alertable, in the order of the
	// queue.
	QueueAPC(f func()) Status
}

// AlertablePort is implemented by the ports of such back ends.
type AlertablePort interface {
	Port
	// WaitAlertable is Wait, except that on an empty port it runs what is queued to the thread and answers Interrupted.
	WaitAlertable(dst []Packet, timeout time.Duration) (int, Status)
}
