// Package model is the golden model: completion ports as Windows has them, inside the simulated world. It is
// what the other back ends are compared with, and the place to look up what should happen.
//
// It stands where the Windows kernel stands: operations hang on sockets, and the network's steps complete them. Every call
// takes effect at once; the threads of the program are let in between calls by whoever records them. What Windows
// leaves open is a choice of the world.
//
// Its preset: packets leave a port first in, first out; blocked threads are released last in, first out, and a packet is handed to the thread
// that it releases; at most so many threads run as the port was opened for; success at once still queues a packet unless the socket skips;
// receives are filled in posting order, sends are whole; closing a socket aborts what is outstanding; unread data is dropped
// when a reset arrives.
//
// Read port.go (packets, waiting), then socket.go (what starts), pump.go (what completes), accept.go, and
// status.go for the words. mutant.go lists the bugs that can be planted.
package model
