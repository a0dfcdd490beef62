package spec

import (
	"math"
	"net/netip"
	"time"
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
	flags  Flags
	token  uint64
	next   *op    // another outstanding one with the same token
	sock   *sock  // nil for a post
	port   *port  // a post's port; an operation's, as long as it is counted there
	key    uint64 // a post's key; the one under which an operation is counted
	length int    // bytes of the buffer, or of an accept's Data; what was posted
	data   []byte // send: the bytes
	sum    Sum    // send: their hash
	into   *sock
	to     netip.AddrPort // connect
	dial   *dial          // connect: the far end listened, or refused, before the start

	older, newer *op // a post's neighbours in its port

	start   span
	by      int32  // the thread that started it
	on      uint32 // the handle of the socket that it was started through
	how     How
	startN  int    // of Done
	started Status // of Done and RefusedAtStart

	skipSure bool // skip on success was on before the start, for certain
	skipMay  bool // possibly
	keySure  bool // the association had returned before the start

	taken  span   // the wait that returned the packet
	ended  Status // what the packet said
	noPack bool   // done in skip mode: no packet is due
	endQ   uint64 // number at which the operation was over for the program, 0 before
	knownQ uint64 // number at which the program knew what it had transferred: at a packet, or when it was done at its start
	n      int    // bytes, once the end is known
	bytes  []byte
	gotSum Sum // receive: the hash of the bytes

	disturbs int  // calls that may end it early: cancels, closes, shutdowns, the end of its thread
	asked    bool // a cancel of it answered OK
	askedAll bool // a cancel of everything on its socket did
	refused  bool // a cancel of it alone, undisturbed, answered NotFound
	again    bool // connect: not the first on its socket, or not on a plain one
	tried    bool // connect: not the first since a disconnect freed its socket
	anew     bool // connect: the first since a disconnect freed its socket, whose far end by then was known
	crowd    int  // post: threads that may have belonged to the port as it returned
	twin     bool // post: an equal one may be in the port at the same time
	muddled  bool // another outstanding one has its token, so that its packet may be the other's
	stream   bool // it waits for its place in a stream
	allRead  bool // send: the far end has read all of its bytes
	lost     bool // a settle has accused it
	spare    bool // the page has been given back
	overdue  bool // its socket was closed, and since then there was a pause in which everything could end
	late     bool // it was pending when its socket was associated, and nothing can have ended it before
	holds    int  // calls under way that speak of it
	nowhere  bool // send-to: nobody was at the address, for certain
	retry    bool // connect: all those before it on its socket had been refused
	crossed  bool // connect: something that takes its socket, or ends it, was called beside it
	parts    bool // disconnect: it ends the sending side
	args     *AcceptArguments
	intoBy   uint32 // accept: the handle of the socket to accept into
	orphan   bool   // the thread that started it has ended, or is about to
	spared   int    // of disturbs: closes of a handle of its socket that was not the last
	gone     bool   // the thread that started it has ended, for certain
	event    *event // that it signals
	mail     *dgram
}

// resolved reports whether the operation is over for the program: its packet has been taken, or none is due.
func (o *op) resolved() bool { return o.endQ != 0 }

// unseen reports whether the operation may have ended without a packet: its socket had no port yet, and nothing says that it was pending until there was one.
func (o *op) unseen() bool { return !o.keySure && !o.late }

// known reports whether the program knows what the operation transferred. One that was done at its start is known before its
// packet comes.
func (o *op) known() bool { return o.knownQ != 0 }

// succeeded reports whether the operation is known to have ended OK.
func (o *op) succeeded() bool {
	if o.taken.done() {
		return o.ended.Ok()
	}
	return o.knownQ != 0 && o.how == Done && o.started.Ok()
}

// sock is the page of one socket.
type sock struct {
	id      uint32
	net     Network
	opened  bool // by the program; else it came with an accept, or out of nowhere
	assoc   span // the association that returned OK, or the first that is under way
	key     uint64
	port    *port
	skip    span
	closed  span
	rivals  []handle // closes of a handle that were called while an earlier one was under way
	handles []handle // if it has several
	shutTx  span
	shutRx  span
	// a shutdown of the receiving side failed, which need not mean that nothing was shut down: of a datagram socket without a far end Linux says ENOTCONN and
	// does it all the same (net/ipv4/af_inet.c, inet_shutdown)
	mayBeShut bool
	door      *door          // listening
	local     netip.AddrPort // connected by us: own address
	remote    netip.AddrPort // accepted: the far end's
	conn      *conn
	from      *sock  // accepted: the listener
	met       uint64 // accepted or connected: number of the event that told so
	unmet     *door  // accepted, and the far end is not known yet

	live      []*op   // outstanding operations, in order of call
	into      []*op   // outstanding accepts into this socket
	asking    []int32 // threads that are cancelling something on it
	disturb   int     // calls under way that may end operations early
	clouded   bool    // a cancel may have touched a receive; matters where axis after-cancel=unspecified
	connects  int     // connects started on it
	dial      *dial   // connected: the far end that it is in the queue of
	assocs    int     // associations that were called
	failed    int     // of these, refused, or ended for want of a far end
	promised  bool    // an accept was to use it
	named     bool    // datagrams: it was bound, or has sent, or may have
	parted    bool    // a disconnect was started on it: what it is connected to is not followed
	resetQ    uint64  // number of the event that told the program of a reset, 0 before
	resetSure uint64  // likewise, of one that is the connection's for certain
	toldReset uint64  // number of the event by which a receive reported that its connection was reset, 0 before
	marred    bool    // something that was started on it did not succeed, but for what is refused after a shutdown
	undone    bool    // something was outstanding when it was closed

	recvs  []*op // not yet placed in the stream, in order of call; an accept with data is the first
	untold bool  // the receives' places cannot be told
	eof    bool  // a receive has reported the end of the stream

	sends   []*op // not yet read to their end by the far end, in order of call
	sent    uint64
	out     sentOut
	runAt   int    // bytes of sends[0] that the far end has read
	readN   uint64 // level sum: bytes of sends that it has read, and their hash
	readSum Sum
	cut     bool // a send that failed was read in part: where it ended is a guess
	blur    bool // the sends' bytes cannot be told apart any more
	buried  bool // closed and about to be forgotten

	box       *box // datagrams: what was sent to its address
	toNowhere int  // datagrams sent to where nobody was, for certain
	mayMiss   bool // or possibly
	told      int  // calls that reported it

	past past // what brought it into its state; the windows profile asks

	handlers []handler
	posted   uint32 // the receive that was started last
	void     breach // obligations possibly broken by the program
	last     int32  // thread of the latest handler
	serial   int    // handlers so far
}

// handler is a handler that has been entered and not left.
type handler struct {
	op     uint32
	thread int32
	q      uint64
}

// breach is a set of obligations.
type breach uint8

const (
	repostedEarly breach = 1 << iota // a receive was started inside the handler of another, or before it had begun (DSC-2)
	severalRecvs                     // several receives were outstanding (DSC-2)
	racedClose                       // a call raced with the socket's close (DSC-3)
	sharedToken                      // two outstanding operations, one of them the socket's, had one token (DSC-4)
)

// wait is the page of one wait.
type wait struct {
	thread    int32
	port      *port
	span      span
	max       int
	ms        int // it was to take at most; below 0 for ever
	early     time.Duration
	n         int
	status    Status
	forever   bool
	alertable bool
	ran       int    // asynchronous procedure calls that have run in it
	pending   int    // that were queued to its thread when it was called
	crowd     int    // most other threads of the port that may have been running meanwhile
	lost      bool   // a settle has accused it
	asleep    uint64 // end of the latest stretch of rest in which it was blocked
	crowded   bool   // by then as many threads as the port allows may have been running
	sleeper
}

// thread is what a thread is doing.
type thread struct {
	busy    bool
	verb    Verb
	idle    bool // cancel-all: nothing was outstanding at its call, nor started since
	ended   bool // cancel: its operation had ended before the call
	late    bool // peer-send: the far end had ended its stream
	at      uint64
	last    uint64 // number of the thread's latest event
	opID    uint32
	length  int
	n       int
	key     uint64
	token   uint64
	wait    *wait
	op      *op
	sock    *sock
	via     uint32 // handle of sock
	apart   bool   // close: another handle of sock stays open
	other   uint32 // duplicate: the new handle
	event   *event
	port    *port
	conn    *conn
	mail    *dgram
	station *station
	apcs    *apcs  // queued to it
	into    *sock  // context: the listener that was named
	intoVia uint32 // its handle
	side    Side   // shutdown
	member  *port  // the port that it waited on last: it counts among that port's threads
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
	untold         // the trace does not tell
)

// matter is what a rule is asked about. Which fields are set depends on the moment.
type matter struct {
	when    moment
	q       uint64
	op      *op
	other   *op
	sock    *sock
	port    *port
	wait    *wait
	conn    *conn
	packet  *PacketEvent
	index   int // of the packet in its wait
	ahead   int // packets of posts that came before it in its wait
	call    span
	status  Status
	verb    Verb           // of the call, where the moment is that of several
	addr    netip.AddrPort // what a call returned
	from    *sock          // context: the listener that was named
	fromVia uint32         // its handle
	found   found
	at      uint64 // position in a stream
	want    uint64
	thread  int32
	via     uint32 // associate, context, names, shutdown: the handle of sock
	key     uint64
	ending  ending
	idle    bool   // cancel-all: nothing was outstanding all the time
	sure    bool   // what the moment is about is certain: a wait's port was never empty, a cancelled operation had ended
	fresh   bool   // accept: its socket was not known before
	first   *gone  // post: one that was posted later and taken earlier
	later   *wait  // post: a thread that blocked later than the one that got it
	posted  bool   // wait: something was posted meanwhile
	beside  int    // post: how many other threads were blocked
	since   uint64 // post: number of the pause before it
	got     *gotten
	station *station
	event   *event
	noAddr  bool // start: what was done told no address
	unset   bool // event: a start reset it for certain after it had been seen signaled
}

// blank makes m ready to be filled in. It is filled where it stands: a value put together elsewhere in words and copied here in longer pieces makes the
// processor wait for each of them, which of a trace's time was a tenth.
func (m *matter) blank(q uint64) {
	*m = matter{}
	m.q = q
}

// ledger keeps the intervals of everything that a trace speaks of.
type ledger struct {
	about     *About
	names     []string
	threads   []thread
	byToken   index[number, op] // outstanding operations and posts
	byID      index[number, op] // operations whose end is not known
	socks     index[number, sock]
	twins     index[number, sock] // the same, by their further handles
	ports     index[number, port]
	conns     index[number, conn]
	events    index[number, event]
	rest      rest
	quiet     span // the latest pause that lasted long enough for everything to have happened
	doors     index[address, door]
	connAt    index[address, conn] // latest far end with this address
	dials     index[address, dial]
	dialByID  index[number, dial]
	listening int                  // far ends that listen, or did
	taken     int                  // accepts of far ends that succeeded, or are under way
	waitedQ   uint64               // return of the latest wait on a port
	loneConns index[address, conn] // connected, their socket not known yet
	loneSocks index[address, sock] // the other way round
	boxes     index[address, box]
	stations  index[number, station]
	mailRound uint64 // of the search for a matching
	recent    recentEnds
	graves    [64]*sock  // closed sockets, the latest
	strays    [256]*conn // far ends that left before they met their socket, the latest
	buried    buried     // those that are in graves no more
	grave     int
	stray     int

	opPages   recycled[op]
	waitPages recycled[wait]
	sockPages shelf[sock]
	connPages shelf[conn]
	portPages shelf[port]
	doorPages shelf[door]
	sockList  []*sock // scratch: in order of their numbers
	connList  []*conn
	portList  []*port
	cover     []span // scratch of the covering condition
	order     []int  // scratch of the search for an order
	handed    matter // what rules are shown: reused, so that asking allocates nothing
	placing   matter // likewise, for what is found out while another is being asked
	ask       func(moment, *matter) bool
	ready     readyLedger

	peers    bool        // far ends are recorded
	binds    bool        // so are binds
	bytes    bool        // so are bytes
	sums     bool        // so are their hashes
	widened  bool        // the intervals are longer than the calls were
	went     [verbs]bool // kinds of operations of which one has ended
	level    DataLevel
	complete bool // an end event was seen
	settled  bool
	shared   bool // a token was: see muddle

	declared
}

func newLedger() *ledger { return &ledger{} }

// reset forgets everything.
func (l *ledger) reset(t *Trace) {
	l.dropBytes()
	l.byToken.reset()
	l.byID.reset()
	l.socks.reset()
	l.twins.reset()
	l.events.reset()
	l.quiet, l.rest = span{}, rest{}
	l.ports.reset()
	l.conns.reset()
	l.doors.reset()
	l.connAt.reset()
	l.dials.reset()
	l.dialByID.reset()
	l.listening, l.taken = 0, 0
	l.loneConns.reset()
	l.loneSocks.reset()
	l.boxes.reset()
	l.stations.reset()
	l.opPages.reset()
	l.waitPages.reset()
	l.sockPages.reset()
	l.connPages.reset()
	l.portPages.reset()
	l.doorPages.reset()
	l.recent.reset()
	l.about, l.names = &t.About, t.Threads
	l.bytes, l.sums, l.widened = t.Data == DataBytes || t.Data == DataPattern, t.Data == DataSum, t.Widened
	l.went, l.level = [verbs]bool{}, t.Data
	l.peers, l.binds, l.complete, l.settled, l.shared = false, false, false, false, false
	clear(l.graves[:min(l.grave, len(l.graves))])
	clear(l.strays[:min(l.stray, len(l.strays))])
	l.grave, l.stray = 0, 0
	l.buried.reset()
	n := max(len(t.Threads), 1)
	for len(l.threads) < n {
		l.threads = append(l.threads, thread{})
	}
	l.threads = l.threads[:n]
	clear(l.threads)
	l.ready.reset(len(l.threads))
}

// threadName names a thread in messages.
func (l *ledger) threadName(i int32) string {
	if i >= 0 && int(i) < len(l.names) && l.names[i] != "" {
		return "thread " + l.names[i]
	}
	return "a thread"
}

// retire gives the page of o back once nothing can speak of it any more. It is called whenever one of the
// conditions may have become true, so more than once for some.
func (l *ledger) retire(o *op) {
	if !o.spare && o.resolved() && o.start.r != open && !o.stream && o.holds == 0 {
		o.spare = true
		l.opPages.give(o)
	}
}

// sockOf returns the page of a socket, a blank one for a socket that nobody introduced. One whose page was dropped is closed.
func (l *ledger) sockOf(id uint32) *sock {
	if id == 0 {
		return nil
	}
	s := l.socks.get(number(id))
	if s == nil {
		s = l.twins.get(number(id))
	}
	if s == nil {
		s = l.newSock(id)
		if l.buried.has(id) {
			s.closed = longAgo
		}
		l.socks.set(number(id), s)
	}
	return s
}

func without[T comparable](list []T, x T) []T {
	for i, y := range list {
		if x == y {
			copy(list[i:], list[i+1:])
			var none T
			list[len(list)-1] = none // lets go of the page
			return list[:len(list)-1]
		}
	}
	return list
}
