// Package simnet is a deterministic simulated machine room: threads, a clock, TCP and UDP over IPv4
// and IPv6, epoll.
//
// # What it promises
//
// A run is repeatable. Threads are coroutines of which one runs at a time; whatever a real machine
// leaves open (which thread goes on, what the network delivers next and how many bytes at once,
// whether time passes while others could still run) is one choice from one Source, and nothing else
// decides anything. The same program with the same picks takes the same steps on every operating
// system, architecture and GOMAXPROCS. Option 0 of each choice is the dull one, so replacing picks
// by 0 makes a run simpler.
//
// Sockets, epoll and descriptors behave as Linux does, down to which error comes first and which
// waiter is released; a test runs random programs on both and compares, another the number of
// threads that return from a wait. Where a comment names a kernel function, the order of tests is
// taken from there.
//
// Datagrams to one place arrive once and in order, unless Options.Net lets them be lost, doubled or
// overtaken; whatever it does to one is told to Net.Observer, so that a checker knows instead of
// guessing.
//
// A run ends by itself: main returns, nothing can go on (Deadlock), it goes on for too long
// (Livelock), or a thread panics. The remaining threads are unwound and the world is used again; a
// reused world allocates nothing.
//
//	w := simnet.New(simnet.Options{})
//	defer w.Close()
//	for seed := range uint64(1000) {
//		w.Reset(simnet.Uniform(seed))
//		out := w.Run(func() {
//			k := w.NewKernel()
//			w.Go("server", func() { serve(k) })
//			client(k)
//		})
//		if !out.OK() { ... out.String() names each thread and the call it is parked in
//	}
//
// # What it does not do
//
// It does not find data races: coroutines are switched with a happens-before edge, so the race
// detector is blind here, and there is no preemption between two visible steps. It has no weak
// memory, no kernel-internal races, no signals except EINTR as a fault, no starvation and no
// throughput. Not modelled: IPv4 on an IPv6 socket (IPV6_V6ONLY is always on), scopes, multicast and
// broadcast, fragments and the length of a path, SO_REUSEADDR and SO_REUSEPORT for UDP, the error
// queue (IP_RECVERR), urgent data, Nagle and delayed acknowledgement, autotuned buffers, SO_RCVLOWAT,
// simultaneous open, the third packet of the handshake (both ends are established by the second),
// TIME_WAIT as an obstacle to Bind, a Close that lingers, the limit on paths through nested epoll
// instances.
//
// # Order to read in
//
//	source.go         the choices, and who takes them: random.go, pct.go, replay.go, search.go
//	world.go          options, Reset, Run
//	thread.go         coroutines, how a thread ends, unwinding
//	schedule.go       Step, Yield, how the next actor is chosen
//	timer.go          virtual time, Sleep, Settle
//	waitqueue.go      parking and waking; lock.go: mutex, condition, semaphore
//	footprint.go      who touches what, for searches
//	history.go        a hash of what a run has done; reduce.go: what a search leaves out because of it
//	outcome.go        verdicts and reports
//	sock.go           a socket: sending, receiving, readiness
//	address.go        families, local addresses, where a destination is
//	connect.go        ports, connecting, accepting; close.go: shutting down, closing
//	conn.go           a connection as two directions; deliver.go: the network's steps
//	datagram.go       what is different for UDP; flow.go: datagrams in flight, and what befalls them
//	kernel.go         descriptors: kernel_socket.go, kernel_epoll.go
//	epoll.go          interests and the ready list; pollqueue.go: who hears of a change, in what order
//	nesting.go        epoll instances that watch each other; file.go: what descriptors refer to
//	flaws.go          mistakes that epoll instances can be made to have; flaws_epoll.go: what they then do
package simnet
