// Package netconn is an ordinary blocking API on completions: net.Conn and net.Listener, deadlines and all, over any completion back end that has the
// interfaces of package spec. Put it on yours and Go's net/http runs on it; its tests run golang.org/x/net/nettest and net/http over the references.
//
//	stack, err := netconn.New(backend, 4)
//	l, err := stack.Listen("127.0.0.1:0")
//	go http.Serve(l, handler)
//	client := http.Client{Transport: &http.Transport{DialContext: stack.DialContext}}
//
// # How a blocking call is made of completions
//
// A caller starts an operation and sleeps on a channel that has room for one packet. A few workers wait on the port, look up by its
// token whose packet they have got, put it into that channel, and wait again. They never wait for anybody else, so a caller who has gone
// away delays nobody.
//
// One receive. A connection has at most one receive outstanding, into a buffer of the connection, and it is posted by the Read that finds nothing in
// that buffer. Order needs no thought then (with several, the data would be in order, and the threads that carry it would not: THR-3),
// and a program that does not read stops the far end after one buffer.
//
// One send. A Write copies into the connection's other buffer, sends that, and waits for the packet before it goes on: bytes leave in the order of the
// Writes, and a back end whose sends may be short (axis send) is asked to send the rest.
//
// Deadlines cancel nothing. The obvious way to end a Read is to cancel its receive. It is also the wrong one: the receive may have completed
// meanwhile and brings bytes that belong to the stream (CAN-1), and where it was cancelled in time Windows promises nothing about the stream
// afterwards (axis after-cancel; Microsoft Learn, CancelIoEx). So only the caller gives up. The receive stays outstanding,
// the buffer it fills is not the caller's, and the next Read finds the packet in the channel, or waits for it as the one before did. No byte is lost
// and no axis matters. A server of net/http gives up a Read at every request (it reads in the background for a client that goes away), and here
// that costs nothing. The same holds for accepts, and for sends: when a Write gives up, what it has
// started goes out, and is counted as written; how much of a cancelled send is on the wire nobody could say. The price is two buffers
// for each connection, one copy, and that buffer of an idle connection is taken.
//
// Half-close. CloseWrite waits its turn behind the Writes, so the end of the stream comes after their last byte (SND-7); reading goes on.
//
// Close with operations in flight. Cancel all, wait for the packets, close; see endpoint.go. That a start never races a close of its socket is an obligation of
// every program with completions, and a lock's business.
//
// Buffers. An operation and its buffer belong to the back end from the start until the packet has been waited for, whatever was cancelled or closed in
// between (DSC-1). Here that is easy to see: a buffer is only touched by whoever holds the turn to read, or to write, and knows that nothing is outstanding.
//
// # What is expected of the back end
//
// Capabilities accept, connect and post; cancel-all or a close that aborts (axis close). It is not trusted: a packet that
// nobody waits for, one under another key, one that claims more bytes than there is room for, is told by the Close of the Stack.
//
// # Reading order
//
//	stack.go      a port, its workers, and what they look tokens up in
//	endpoint.go   a socket and its operations: starting, waiting, closing
//	deadline.go   a point in time that can be moved while others wait for it
//	conn.go       net.Conn but for the two that follow
//	read.go       one receive, outstanding for as long as it takes
//	write.go      one send
//	listen.go     net.Listener: one accept, posted again
//	dial.go       connecting
//	error.go      what a back end says, as the error that package net would return
package netconn
