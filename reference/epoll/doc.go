// Package epoll is a completion port built on readiness: what Windows does in its kernel, done by hand on
// top of epoll, in one code that runs on Linux and in a simulated world.
//
// # What it promises
//
// Every operation that was started ends in exactly one packet, carrying the key of its socket and its
// own token. Receives are filled in the order in which they were posted; sends go out whole and in
// that order. Accepts are served in posting order, one connection each, and an accept that waits for
// the first bytes does not stand in the way of the next. Cancelling one operation leaves the others,
// and the stream, as they were. Closing a socket ends what was outstanding on it; closing a port ends
// the waits on it. The first error of a connection is remembered and told to everybody who asks
// afterwards, behind the data that came before it.
//
// # What it does not
//
// It has no threads of its own: operations move on while somebody is in Wait (axis progress=waiters).
// The concurrency of a port is not limited. A cancelled send leaves on the wire
// what the kernel had taken of it.
//
// # Why it is written as it is
//
// Everything outside goes through Kernel; there are no goroutines, channels, clocks or mutexes of Go
// in this package (a test reads the syntax trees to make sure), because its threads may be coroutines
// of a simulator that decides when each of them runs. Descriptors are registered once,
// edge-triggered, for everything; a system call is made only when it may succeed. The lock of a
// socket covers its operations and its descriptor, the lock of a port its packets and its interest
// list; they are taken in this order, and neither is held while a thread sleeps.
//
// # Reading order
//
//	kernel.go      what is asked of the system
//	backend.go     the things that a user owns
//	port.go        the queue of packets
//	wait.go        threads that wait: sleeping, waking one another, leaving
//	interest.go    the interest list: whose event is this
//	socket.go      a socket's life from unconnected to closed
//	operations.go  operations that wait their turn, and how one ends
//	receive.go     receives, in order
//	send.go        sends, in order and whole; shutdown
//	connect.go     connecting
//	datagram.go    receiving and sending datagrams
//	accept.go      accepting; accepts that wait for the first bytes
//	end.go         cancel and close
//	status.go      error numbers in the words of the contract
//	bugs.go        mistakes that can be switched on, to see whether a suite finds them; mutants.go says what each is
//	about.go       capabilities and axes
package epoll
