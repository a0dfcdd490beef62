package spec

import "net/netip"

// conn is one connection seen from the far end.
type conn struct {
	id       uint32
	connect  span
	accepted bool // made by the far end's accept: the socket connected to it
	status   Status
	local    netip.AddrPort
	sock     *sock
	door     *door

	log       []byte // bytes sent, from position base on
	base      uint64
	heard     *tally // level sum: instead of the log
	sureTo    uint64 // end of the bytes whose send has returned
	cursor    uint64 // end of the bytes placed in receives
	fin       span   // of half-close or close
	closed    span
	abort     span
	mayReset  bool   // from then on only prefixes are promised
	blind     bool   // it sent bytes that the recorder did not write down
	sending   bool   // a send is under way
	deaf      bool   // it read bytes before its socket was known
	limit     uint64 // sent when the socket's close had returned
	limited   bool
	tooLate   bool // its socket was closed before it had the connection
	parted    span // its socket was disconnected: from the start to the packet
	taken     bool // an accept has reported it
	read      uint64
	dryQ      uint64 // call of its latest read, if that found nothing for as long as it took
	held      []byte // read, and not told apart yet
	sawEnd    bool
	sawReset  bool
	severed   bool // its far end closed it with bytes unread, for certain: that is a reset, and no end of the stream
	accused   bool // by a settle
	forgotten bool
}

// sentTo is the end of what has possibly been sent.
func (c *conn) sentTo() uint64 { return c.base + uint64(len(c.log)) }

// letGo gives up the bytes of a page that may be remembered for a while. Little room is kept for the next trace.
func (c *conn) letGo() {
	if c.log, c.held = c.log[:0], c.held[:0]; cap(c.log)+cap(c.held) > 1<<12 {
		c.log, c.held = nil, nil
	}
}

// unread reports whether bytes that were sent may not have been received.
func (c *conn) unread() bool { return c.blind || c.sentTo() > c.cursor }

// gone reports whether the far end has left, or is about to.
func (c *conn) gone() bool { return c.closed.called() || c.abort.called() }

// door is a listening address of the back end. Connections are counted here and not at the listener, because
// an address may get another listener while a connect to it is under way.
type door struct {
	addr      netip.AddrPort
	listener  *sock
	backlog   int
	connects  int     // connections that were tried to it
	own       int     // of these, by the back end's own sockets
	failed    int     // of these, not heard of again, or said to have failed
	accepting int     // accepts that succeeded
	eaten     int     // accepts that may hold, or have lost, a connection that nobody saw
	waiting   []*conn // tried, and not matched with an accept
	crowded   bool    // more were tried than the backlog holds
	accepts   []accepted
	small     uint64 // number of the packet of an accept that had too little room for an address
}

// accepted is an accept that succeeded and the connection it got.
type accepted struct{ start, connect span }

// dial is a far end's listening address.
type dial struct {
	addr    netip.AddrPort
	refuses bool
	closed  bool
	asked   int // all connects to it
	tried   int // connects to it, those left out whose connection it has accepted
}

// dialsMost is how many connections that a far end has not accepted fit its queue, for certain.
const dialsMost = 16

// crowded reports whether the queue of the far end may be full. What it has accepted is in it no more; that is known of a connection whose two ends have met, so that of a socket that is
// closed before it is accepted nothing is known, and its connect counts for good.
func (d *dial) crowded() bool { return d.tried > dialsMost }
