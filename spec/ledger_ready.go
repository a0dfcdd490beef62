package spec

import (
	"math"
	"net/netip"
	"slices"
	"time"
)

// readyLedger is the ledger's part for readiness back ends. What can be known of a file for certain is little: that it was ready when an
// event said so, and has been since unless a call of the program's own may have changed that (ready); that a stream has ended (sticky); and, once everything has
// settled, what far ends have sent and nobody has received (unread), and that they have received all that was sent to them (emptied).
type readyLedger struct {
	descs     map[uint32]*desc
	pollers   map[uint32]*poller
	feeds     map[uint32]*feed
	places    map[netip.AddrPort]*file // bound, listening or connecting files by their own address
	loneFeeds map[netip.AddrPort]*feed // connected, their file not known
	loneFiles map[netip.AddrPort]*file // accepted, their far end not known
	twice     map[netip.AddrPort]bool  // addresses that two connections had before either was known by both its ends: which is whose cannot be told
	calls     []readyCall              // of each thread, the latest
	held      [][]holding              // of each thread: what the latest wait handed it
	inner     []*file                  // pollers that are watched
	now       readyMatter
	rested    span // the latest pause that tells that everything had come to rest: its beginning and its end
	stray     bool // somebody connected to an address that nobody was known to have
	longest   int  // bytes of a datagram, of those that anybody sent or tried to
	shortest  int  // likewise, 1<<62 before there is one
	mails
	raced bool // a call was made on a descriptor, or a poller, while another thread closed it: its number may have been another's by then
}

const (
	reportable = 6 // bits that events may have
	errBit     = 4 // of them, Err
	outBit     = 1 // and Out
)

// roomAtOnce is how many events a wait that has room for as many brings at least, if there are: what libevent asks the kernel for at first (INITIAL_NEVENT in its epoll.c).
// Others take 64.
const roomAtOnce = 32

// file is an open file: what descriptors, several after dup, refer to.
type file struct {
	id      uint32 // of its first descriptor
	net     Network
	poller  *poller // it is a poller
	descs   []*desc
	regs    []*registration
	local   netip.AddrPort
	remote  netip.AddrPort // accepted: the far end's
	feed    *feed
	plain   bool // a stream socket that has neither listened nor connected
	listens uint64
	backlog int
	dialed  span // the first connect that was tried
	dials   int
	met     bool   // the latest connect has succeeded
	refuses bool   // it goes to an address at which nobody listens, for certain
	dial    *dial  // the far end at the address that it goes to, if it would block
	binds   bool   // a bind was tried
	mailed  bool   // a datagram was sent, which gives an address to a socket that has none (net/ipv4/af_inet.c, inet_send_prepare)
	unasked bool   // a second connect was the first to ask what became of it: a try is told as well, and once only
	stirred uint64 // call, or return, of the latest try, shutdown or listen that was not that connect

	ready  [reportable]uint64 // bit: number since which it is so for certain; 0: it is not certain
	sticky [reportable]uint64 // likewise; no call changes it
	taint  [reportable]uint64 // return of the latest call that may have taken the bit away
	busy   [reportable]int    // such calls under way
	ended  uint64             // the end of the stream, or a reset, was received
	cut    bool               // a shutdown was tried, which leaves its mark even where it fails
	rxCut  bool               // also of the receiving side
	rxShut uint64
	txShut uint64
	// a shutdown of the sending side was tried, and the far end has not read to the end: that it has the end is told by what is an edge here (FIN-WAIT-1 becomes
	// FIN-WAIT-2), and comes no sooner than there is room at the far end
	parting bool
	full    span   // the latest send that would have blocked, if nothing has been sent since
	left    uint64 // return of the latest remove of an exclusive registration

	got       uint64 // bytes that tries have brought
	put       uint64 // bytes that tries have sent
	receiving int    // tries to receive or accept under way
	accepts   int
	odd       bool // how much there is to receive cannot be told
	heir      bool // its address was another's before, to whom something may be on its way
	delivery

	arrivals uint64 // how often, at most, something can have arrived
	settled  uint64 // of these, how many had, for certain, by the latest exact pause
	blurred  bool   // arrivals cannot be bounded
	cause    uint64 // call of the latest thing that may have arrived
	came     uint64 // call of the latest that arrives for certain, given time and room
	fed      uint64 // return of that
	told     []teller
	order    int // receives that brought something
	handled  int // the latest of these whose handler has ended
}

// teller is who has been told of a file since the latest arrival.
type teller struct {
	poller *poller
	thread int32
}

// desc is a descriptor.
type desc struct {
	id     uint32
	file   *file
	closed span
	calls  int // under way
}

// readyWait is the page of a wait on a poller.
type readyWait struct {
	thread  int32
	poller  *poller
	at      span
	max, n  int
	room    int // how many it brings at most, whatever there is
	timeout int
	early   time.Duration
	beside  bool // another wait on the poller overlapped it
	status  Status
	events  []Ready

	sleeper
}

// feed is what a far end may send to a file.
type feed struct {
	id      uint32
	net     Network
	to      netip.AddrPort
	local   netip.AddrPort
	file    *file // stream: the connection; datagram: the socket
	door    *file // stream: the listener
	named   bool  // made by the far end's accept
	sent    uint64
	read    uint64 // bytes that it has received
	total   uint64 // arrivals, at most
	settled uint64
	under   uint64 // of these, by calls under way
	cause   uint64
	came    uint64
	fed     uint64
	fin     bool   // half-closed, closed or reset; the call has returned
	ended   uint64 // call of that
	ending  bool   // half-closed, closed or reset; called
	gone    bool   // closed or reset; called
	speech
}

// readyCall is a call under way.
type readyCall struct {
	verb   Verb
	at     uint64
	desc   *desc
	file   *file
	poller *poller
	reg    *registration
	set    *setting
	wait   *readyWait
	feed   *feed
	net    Network
	addr   netip.AddrPort
	side   Side
	ask    Interest
	into   uint32
	length int
	n      int
	k      uint64
	taints Interest
	alone  bool // try: no other receive of the file overlapped it so far; interest: none was under way when it began
	begun  int
	closed bool // the descriptor, or the poller, had been closed before
	was    Verb // what the interest was set by before; NoVerb: not registered
	sure   bool // was is certain
	plain  bool // whether it was set is certain
	excl   bool // the interest was exclusive before
	due    bool // of a poller that is closed: another watches it, and it had something to report, for certain
	loose  bool // a poller that it is about has been closed meanwhile, and it may not have been in the kernel by then
}

// holding is a file that a thread was told of and has not come back from.
type holding struct {
	file  *file
	reg   *registration
	in    bool // there was something to receive
	tried bool
	seq   int // of the receive that brought something
}

// readyMatter is what rules about readiness are asked about.
type readyMatter struct {
	q       uint64
	event   *Ready
	set     *setting // whose token it carries; nil: nobody's
	stale   Verb     // the setting had been ended before the wait began, by this
	allowed Interest
	wait    *readyWait
	reg     *registration
	file    *file
	thread  int32    // that made the call; of what is owed nobody did
	several bool     // another thread has not come back from the event before
	other   int32    // that thread
	spent   bool     // edge: more events than changes
	edge    bool     // all that it may be set to is edge-triggered and its events can be counted
	certain Interest // bits that were certain before the wait began
	lasting Interest // of these, those that no call takes away
	first   bool     // nothing has been reported since it was set, and it was ready by then
	ghost   bool     // its own descriptor is closed, the file is not
	call    readyCall
	status  Status
	n       int
	held    *holding
	blocked *readyWait
	starved *registration
	untrue  untruth
	room    bool // there is room for certain, since a send that would have blocked, and this has not been reported
	brought brought
	addr    netip.AddrPort // that it says
	where   int            // what kind of cause: 0 bytes, 1 the end of a stream, 2 a connection
}

func (r *readyLedger) reset(threads int) {
	if r.descs == nil || len(r.descs)+len(r.pollers)+len(r.feeds)+len(r.places)+len(r.loneFeeds)+len(r.loneFiles)+len(r.twice) > 0 {
		*r = readyLedger{
			descs: map[uint32]*desc{}, pollers: map[uint32]*poller{}, feeds: map[uint32]*feed{}, places: map[netip.AddrPort]*file{},
			loneFeeds: map[netip.AddrPort]*feed{}, loneFiles: map[netip.AddrPort]*file{}, calls: r.calls[:0], held: r.held[:0],
		}
	}
	r.calls = slices.Grow(r.calls[:0], threads)[:threads]
	clear(r.calls)
	r.held = slices.Grow(r.held[:0], threads)[:threads]
	clear(r.held)
	r.stray, r.raced, r.mails = false, false, mails{}
	r.longest, r.shortest = 0, math.MaxInt
}

// mailed notes that a datagram is being sent.
func (r *readyLedger) mailed(bytes int) {
	r.longest, r.shortest = max(r.longest, bytes), min(r.shortest, bytes)
}

func (r *readyLedger) newFile(id uint32, n Network) *desc {
	f := &file{id: id, net: n}
	d := &desc{id: id, file: f}
	f.descs = append(f.descs, d)
	r.descs[id] = d
	return d
}

func isStream(n Network) bool { return n == TCP4 || n == TCP6 }

// since marks bits as certainly so from q on.
func since(marks *[reportable]uint64, bits Interest, q uint64) {
	for b := range marks {
		if bits&(1<<b) != 0 && marks[b] == 0 {
			marks[b] = q
		}
	}
}

// certain returns the bits that have been so since before q, and of these the lasting ones.
func (f *file) certain(q uint64) (bits, lasting Interest) {
	for b := range reportable {
		if f.sticky[b] != 0 && f.sticky[b] < q {
			lasting |= 1 << b
		}
		if f.ready[b] != 0 && f.ready[b] < q {
			bits |= 1 << b
		}
	}
	return bits | lasting, lasting
}

// touch notes the beginning of a call that may take bits away.
func (f *file) touch(bits Interest) {
	for b := range reportable {
		if bits&(1<<b) != 0 {
			f.ready[b] = 0
			f.busy[b]++
		}
	}
}

func (f *file) touched(bits Interest, q uint64) {
	for b := range reportable {
		if bits&(1<<b) != 0 {
			f.busy[b]--
			f.taint[b] = q
			f.ready[b] = 0
		}
	}
}

// saw notes that a wait that began at c has reported bits at q.
func (f *file) saw(bits Interest, c, q uint64) {
	if f.poller != nil && len(f.poller.waits) > 0 {
		return // what it has to report is being taken
	}
	for b := range reportable {
		if bits&(1<<b) != 0 && f.busy[b] == 0 && f.taint[b] < c && f.ready[b] == 0 {
			f.ready[b] = q
		}
	}
}

// ends notes that the stream has been received to its end, or that a direction is over.
func (f *file) ends(q uint64) {
	if !isStream(f.net) || !f.joined() {
		return
	}
	if f.ended != 0 || f.rxShut != 0 {
		since(&f.sticky, In|RdHup, q)
		if f.txShut != 0 {
			since(&f.sticky, Hup, q)
		}
	}
}

// joined reports whether the file has, or has had, a connection, for certain. A connect that is under way may come to anything.
func (f *file) joined() bool { return f.dials == 0 && !f.plain || f.met }

// hangUp notes that a reset has been received.
func (f *file) hangUp(q uint64) {
	if f.joined() {
		since(&f.sticky, Hup|Out, q)
	}
}

// roomAgain reports whether a send would have blocked, and the far end has since read all that there was, so that there is room once all is quiet.
func (f *file) roomAgain(l *ledger) bool {
	if f.full.c == 0 || f.busy[1] > 0 || f.txShut != 0 || f.cut || f.feed == nil || f.feed.gone {
		return false
	}
	c := l.conns.get(number(f.feed.id))
	return c != nil && c.dryQ > f.full.r && !c.sawEnd && !c.gone()
}

// arrive notes that k things more may arrive at f, because of the call at q.
func (f *file) arrive(k, q uint64) {
	f.arrivals += k
	f.cause = max(f.cause, q)
	f.told = f.told[:0]
	for _, g := range f.regs {
		g.credit += k
	}
}

// shut reports whether every descriptor, of which there is one, has been closed; at is the span of the last close.
func (f *file) shut() (at span, all bool) {
	for _, d := range f.descs {
		if !d.closed.done() {
			return span{}, false
		}
		if d.closed.r > at.r {
			at = d.closed
		}
	}
	return at, true
}

// unread reports whether there is something to receive, given that everything that was sent has arrived.
func (f *file) unread() (where int, certain bool) {
	if f.receiving > 0 || f.odd {
		return 0, false
	}
	if f.listens != 0 {
		return 2, f.waiting() > 0 && f.waiting() <= f.backlog
	}
	c := f.feed
	if c == nil || !isStream(f.net) {
		return 0, false
	}
	if c.sent > f.got {
		return 0, true
	}
	return 1, c.fin
}

// emptied reports whether the far end has received all that was sent, so that, given that everything has arrived, there is room to send.
func (f *file) emptied() bool {
	c := f.feed
	return c != nil && isStream(f.net) && f.joined() && !f.cut && !c.gone && f.ended == 0 && f.busy[outBit] == 0 && c.read == f.put
}

// roomy reports whether there was room for all that was sent, which else waits until something is received and is no change before.
func (f *file) roomy() bool {
	if f.listens != 0 {
		return true
	}
	c := f.feed
	return c != nil && !f.cut && c.arrived()
}

// arrived reports whether all that the far end has sent has arrived once everything is quiet: there was room for what had not been received.
func (c *feed) arrived() bool {
	got := uint64(0)
	if c.file != nil {
		got = c.file.got
	}
	return !isStream(c.net) || c.sent >= got && c.sent-got <= roomAlways
}

// waiting is how many connections that were made have not been accepted.
func (f *file) waiting() int { return int(f.got) - f.accepts }
