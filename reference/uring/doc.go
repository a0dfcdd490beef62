// Package uring is a completion port built on io_uring, for whoever has to write one: what of the two
// is alike, what is not, and what is done about it. Pure Go, over system calls.
//
// # What it promises
//
// The portable contract whole. Every operation that was started ends in
// exactly one packet, carrying the key of its socket and its own token. Receives are filled in the
// order in which they were posted; sends go out whole and in that order. Accepts are served in posting
// order. Cancelling one operation leaves the others, and the stream, as they were. Closing a socket
// ends what was outstanding on it and the connection before it returns; closing a port ends the waits
// on it. The first error of a connection is told to everybody who asks afterwards.
//
// It needs Linux 5.7 (IORING_FEAT_FAST_POLL) and has run on 6.18 alone.
//
// # What it does not
//
// The concurrency of a port is not limited. A cancelled send leaves on the wire what the kernel had
// taken of it. One lock covers all sockets, so that the reader has one to think of: a server for many
// cores would give each its own, as package epoll does. Nothing is registered, provided or multishot,
// and nothing is sent without a copy: each is a way to be faster, and takes a contract of its own.
//
// # What a ring does otherwise
//
// Both are told what to do and tell what has been done, which makes them look more alike than they
// are. The marks are rows of the project's measurements on Linux 6.18.
//
//   - A ring belongs to the thread that submits: what it has submitted ends when it ends (U60;
//     axboe/liburing#1595), and a goroutine is at home on no thread. So one goroutine has a thread to
//     itself, and all others hand their requests to it: loop.go.
//   - One completion wakes every thread that waits for one (U55); a port's packet wakes one. So that
//     same thread waits alone, and the ports, their queues and who is woken are done by hand: port.go.
//   - Handing over costs two switches between threads. So what needs no waiting is done with an
//     ordinary call by the thread that starts it, and what has to wait waits in the ring. Whether a
//     receive is worth trying the completion before it has told (IORING_CQE_F_SOCK_NONEMPTY in
//     linux/io_uring.h): receive.go.
//   - Receives that are parked together are served in no order (U03; axboe/liburing#1359), on this
//     kernel the last posted first, always (U04). So a socket has at most one in the ring, and a line of
//     its own for the others.
//   - Sends that are outstanding together come out short (U41), or with MSG_WAITALL mixed (U42;
//     axboe/liburing#1282). So here too there is one in the ring, continued until its last byte is out:
//     send.go.
//   - A receive with MSG_WAITALL that is cancelled halfway succeeds with what it has (U29). So one that
//     wants its buffer full is gathered in memory of the socket, and what it had then is the next one's.
//   - A reset is told to one request, and the end of the stream to the rest (U71). So it is remembered.
//   - A cancel is a request with a completion of its own, which comes before or after that of its target
//     and says less (U26, U29). So nobody waits for it: Cancel answers whether the operation was
//     outstanding, and how the request ends tells what came of it. It names its target by user_data,
//     which is never used twice, or a late one would hit another (mitchellh/libxev#233).
//   - Closing a descriptor does nothing to what is in the ring: the far end sees no end, and a byte that
//     comes late is put into a buffer that is somebody else's by then (U14 to U16; axboe/liburing#568).
//     So requests are cancelled first, and the descriptor is closed when the last has ended: end.go.
//   - Closing the ring tells nobody, and cancels some time later (U59). So it is closed when it is empty.
//   - Requests that find no room in the queues are refused, and completions kept apart (io_uring_enter(2),
//     EBUSY). So requests wait in a list, and every call asks for the completions that were kept (IORING_ENTER_GETEVENTS).
//   - There is no association. So what is started before it waits outside the ring, and begins with it.
//
// # Whose memory
//
// A buffer is the kernel's from the start of its operation to the completion. Go's memory does not
// move, but for stacks, and is kept by being reachable from what the ring has; see request. The race
// detector is told what the kernel does to it: bytes_race.go.
//
// # Reading order
//
//	abi.go         linux/io_uring.h, as much as is used
//	ring.go        the two queues, and the call
//	request.go     what is in the ring
//	loop.go        the thread of the ring: it submits, and takes completions
//	backend.go     the things that a user owns
//	port.go        the queue of packets, and who waits for them
//	socket.go      a socket's life from unconnected to closed
//	descriptor.go  the kernel's sockets, and what is tried at once
//	receive.go     receives, in order
//	send.go        sends, in order and whole; shutdown
//	connect.go     connecting
//	datagram.go    receiving and sending datagrams
//	accept.go      accepting; accepts that wait for the first bytes
//	end.go         cancel and close
//	about.go       capabilities and axes
package uring
