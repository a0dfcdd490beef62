package spec

import (
	"math"
	"net/netip"
)

// open is the return of a call that has not returned.
const open = math.MaxUint64

// span is a call: the number drawn before it was made and the one drawn after it returned.
type span struct{ c, r uint64 }

// before reports x ≺ y: x had returned before y was called. It is the only precedence that may be inferred.
func (x span) before(y span) bool { return x.r < y.c }

// called reports whether the call was made at all.
func (x span) called() bool { return x.c != 0 }

// done reports whether the call was made and has returned.
func (x span) done() bool { return x.c != 0 && x.r != open }

// op is the ledger's page for one operation, or for one posted packet (verb Post).
type op struct {
	id     uint32
	verb   Verb
	token  uint64
	next   *op   // another outstanding one with the same token
	sock   *sock // nil for a post
	port   *port // nil for an operation
	key    uint64
	length int    // bytes of the buffer, or of an accept's Data; what was posted
	data   []byte // send: the bytes
	into   *sock
	to     netip.AddrPort // connect

	start   span
	how     How
	startN  int    // of Done
	started Status // of Done and RefusedAtStart

	skipSure bool // skip on success was on before the start, for certain
	skipMay  bool // possibly
	keySure  bool // the association had returned before the start

	taken  span // the wait that returned the packet
	packet PacketEvent
	noPack bool // done in skip mode: no packet is due

	disturbs int  // calls that may end it early: cancels, closes, shutdowns
	asked    bool // a cancel of it answered OK
	askedAll bool // a cancel of everything on its socket did
	refused  bool // a cancel of it alone, undisturbed, answered NotFound
	handle   bool // its handler has been entered
	stream   bool // it waits for its place in a stream
	holds    int  // calls under way that speak of it
	n        int  // bytes, once resolved
	bytes    []byte
}

// resolved reports whether the program knows how the operation ended.
func (o *op) resolved() bool {
	return o.taken.done() || o.noPack || o.start.done() && o.how == RefusedAtStart
}

// succeeded reports whether the operation is known to have ended OK.
func (o *op) succeeded() bool {
	return o.noPack && o.started.Ok() || o.taken.done() && o.packet.Status.Ok()
}

type sock struct {
	id     uint32
	assoc  span // the first association that returned OK, or is under way
	key    uint64
	port   *port
	skip   span
	closed span
	shutTx span
	shutRx span
	addr   netip.AddrPort // listening
	local  netip.AddrPort // connected by us: own address
	remote netip.AddrPort // accepted: the far end's
	conn   *conn
	from   *sock // accepted: the listener

	live      []*op // outstanding operations, in order of call
	disturb   int   // calls under way that may end operations early
	clouded   bool  // a cancel may have touched a receive; matters where axis after-cancel=unspecified
	recvs     []*op // not yet placed in the stream, in order of call; an accept with data is the first
	sends     []*op // not yet read to their end by the far end, in order of call
	sent      uint64
	blurred   bool       // two receives fitted the same place: places are no longer certain
	sendBlur  bool       // likewise for sends
	cut       bool       // a send that failed was passed
	runAt     int        // bytes of sends[0] that the far end has read
	accepting int        // accepts that succeeded
	connects  int        // connections that were tried to it
	accepts   []accepted // the latest that succeeded

	eof      bool // a receive has reported the end of the stream
	handlers []handler
	void     breach // obligations possibly broken by the program
	last     int32  // thread of the latest handler
	serial   int    // handlers so far
}

// accepted is an accept that succeeded and the connection it got.
type accepted struct{ start, connect span }

// handler is a handler that has been entered and not left.
type handler struct {
	op     uint32
	thread int32
	q      uint64
}

// breach is a set of obligations.
type breach uint8

const (
	repostedEarly  breach = 1 << iota // a receive was started inside the handler of another (DSC-2)
	severalRecvs                      // several receives were outstanding (DSC-2)
	startedAtClose                    // a call raced with the socket's close (DSC-3)
)

// conn is one connection seen from the far end.
type conn struct {
	id       uint32
	connect  span
	accepted bool // made by the far end's accept: the socket connected to it
	status   Status
	to       netip.AddrPort
	local    netip.AddrPort
	remote   netip.AddrPort
	sock     *sock
	listener *sock

	log      []byte // bytes sent, from position base on
	base     uint64
	sureTo   uint64 // end of the bytes whose send has returned
	cursor   uint64 // end of the bytes placed in receives
	fin      span   // of half-close or close
	closed   span
	abort    span
	mayReset bool   // from then on only prefixes are promised
	limit    uint64 // sent when the socket's close had returned
	limited  bool
	taken    bool // an accept has reported it
	read     uint64
	sawEnd   bool
	sawReset bool
}

// peerAddr is a far end's listening address.
type peerAddr struct{ refuses bool }

// sentTo is the end of what has possibly been sent.
func (c *conn) sentTo() uint64 { return c.base + uint64(len(c.log)) }

type port struct {
	id     uint32
	closed span
	waits  []*wait // under way, in order of call
	posts  []*op   // not taken, in order of call
	gone   []gone  // posts that were taken, in the order of their waits' returns
	keys   map[uint64]int

	quiet       uint64 // number of the last pause
	fresh       bool   // nothing but posts happened here since
	wokeAtClose int
}

// gone is a posted packet that has been taken out.
type gone struct {
	post, taken span
	index       int // within its wait
}

type wait struct {
	thread int32
	port   *port
	span   span
	max    int
	n      int
	status Status
}

// thread is what a thread is doing.
type thread struct {
	busy bool
	call Event
	wait *wait
	op   *op
	sock *sock
	port *port
	conn *conn
	at   uint64
	idle bool // cancel-all: nothing was outstanding at its call, nor started since
}

// found says where the bytes of a receive, or of a far end's read, turned out to belong.
type found uint8

const (
	inPlace  found = iota
	altered        // bytes that were never sent
	leftOut        // bytes from further on
	repeated       // bytes that had been delivered before
	crossed        // a later operation has the earlier bytes
	early          // the end came before all bytes did
	short          // a successful send is not followed to its end
)

// matter is what a rule is asked about. Which fields are set depends on the moment.
type matter struct {
	when   moment
	q      uint64
	op     *op
	other  *op
	sock   *sock
	port   *port
	wait   *wait
	conn   *conn
	packet *PacketEvent
	index  int // of the packet in its wait
	call   span
	status Status
	found  found
	at     uint64 // position in a stream
	want   uint64
	thread int32
	key    uint64
	ending ending
	idle   bool // cancel-all: nothing was outstanding all the time
}

// ledger keeps the intervals of everything that a trace speaks of.
type ledger struct {
	about     *About
	threads   []thread
	byToken   map[uint64]*op // outstanding operations and posts
	byID      map[uint32]*op // operations whose end is not known
	socks     map[uint32]*sock
	ports     map[uint32]*port
	conns     map[uint32]*conn
	listens   map[netip.AddrPort]*sock
	connAt    map[netip.AddrPort]*conn // latest far end with this address
	dials     map[netip.AddrPort]peerAddr
	loneConns map[netip.AddrPort]*conn // connected, their socket not known yet
	loneSocks map[netip.AddrPort]*sock // the other way round
	recent    recentEnds
	spare     []*op
	ask       func(moment, *matter)
	peers     bool // far ends are recorded
	bytes     bool // so are bytes
	fifo      bool // axis fill=fifo
	complete  bool // an end event was seen
	settled   bool
	seen      int
}

// recentEnds remembers how the latest operations ended, to tell a packet that comes twice from one that was never due.
type recentEnds struct {
	token [4096]uint64
	why   [4096]ending
	next  int
	at    map[uint64]int
}

type ending uint8

const (
	neverStarted ending = iota
	packetTaken
	wasRefused
	wasSkipped
)

func (e *recentEnds) add(token uint64, why ending) {
	old := e.token[e.next]
	if at, ok := e.at[old]; ok && at == e.next {
		delete(e.at, old)
	}
	e.token[e.next], e.why[e.next] = token, why
	e.at[token] = e.next
	e.next = (e.next + 1) % len(e.token)
}

func (e *recentEnds) of(token uint64) ending {
	if at, ok := e.at[token]; ok {
		return e.why[at]
	}
	return neverStarted
}

func newLedger() *ledger {
	return &ledger{
		byToken: map[uint64]*op{}, byID: map[uint32]*op{}, socks: map[uint32]*sock{}, ports: map[uint32]*port{},
		conns: map[uint32]*conn{}, listens: map[netip.AddrPort]*sock{}, connAt: map[netip.AddrPort]*conn{}, dials: map[netip.AddrPort]peerAddr{}, loneConns: map[netip.AddrPort]*conn{}, loneSocks: map[netip.AddrPort]*sock{}, recent: recentEnds{at: make(map[uint64]int, 8192)},
	}
}

// reset forgets everything.
func (l *ledger) reset(t *Trace) {
	clear(l.byToken)
	clear(l.byID)
	clear(l.socks)
	clear(l.ports)
	clear(l.conns)
	clear(l.listens)
	clear(l.connAt)
	clear(l.dials)
	clear(l.loneConns)
	clear(l.loneSocks)
	clear(l.recent.at)
	l.recent.next = 0
	l.about = &t.About
	l.bytes = t.Data == DataBytes
	l.fifo = t.About.Axes.Get("fill") == "fifo"
	l.peers, l.complete, l.settled = false, false, false
	for len(l.threads) < len(t.Threads) {
		l.threads = append(l.threads, thread{})
	}
	clear(l.threads)
}

// newOp takes a page from the spare ones.
func (l *ledger) newOp() *op {
	if n := len(l.spare); n > 0 {
		o := l.spare[n-1]
		l.spare = l.spare[:n-1]
		*o = op{}
		return o
	}
	return &op{}
}

// retire gives the page of o back once nothing can speak of it any more.
func (l *ledger) retire(o *op) {
	if o.resolved() && o.start.r != open && !o.stream && o.holds == 0 {
		l.spare = append(l.spare, o)
	}
}
