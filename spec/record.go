package spec

import (
	"bytes"
	"net/netip"
	"slices"
	"sync"
)

// Recorder runs the calls of a program and writes down what went out and what came back. It draws the number of a call before the
// call is made and that of its return after it has returned, so that what it claims to have happened before something else
// did. Safe for concurrent use by threads that each use their own Thread.
type Recorder struct {
	world   World
	witness Witness // the world, if it is one
	backend Backend

	mu      sync.Mutex
	alone   bool // the world runs one thread at a time
	trace   Trace
	packets []PacketEvent // arena of the events' packets
	bytes   []byte        // arena of the events' bytes and of buffers
	strewn  bool          // bytes of this run lie elsewhere too
	ops     []*Operation  // all of this run, reused by the next
	used    int
	byToken index[number, Operation] // started, packet not yet seen
	ids     struct{ call, sock, port, peer, event uint32 }
	socks   map[Socket]*Sock

	// what is handed out, used again by the next run
	threads  shelf[Thread]
	sockRefs shelf[Sock]
	portRefs shelf[PortRef]
	peerRefs shelf[PeerRef]

	polled polled
	hidden bool // buffers are the back end's own: nobody can say what became of the rest of one

	disturbed int // how many disturbances of the network have been recorded
}

// fill is what a receive buffer holds before its operation starts; filled is a page of it.
const fill = 0xA5

var filled = bytes.Repeat([]byte{fill}, 4096)

// firstWritten returns the place of the first byte that is not fill, len(b) if all are.
func firstWritten(b []byte) (at int) {
	for ; at < len(b); at += len(filled) {
		if part := b[at:min(at+len(filled), len(b))]; !bytes.Equal(part, filled[:len(part)]) {
			return at + slices.IndexFunc(part, func(x byte) bool { return x != fill })
		}
	}
	return len(b)
}

// NewRecorder returns a recorder for one program that uses b in w.
func NewRecorder(w World, b Backend, about About) *Recorder {
	r := &Recorder{socks: map[Socket]*Sock{}}
	r.Reset(w, b, about)
	return r
}

// Reset forgets everything and makes the recorder ready for another program. Events, objects and bytes that
// were handed out before are used again.
func (r *Recorder) Reset(w World, b Backend, about About) {
	if r.strewn { // events and operations that wait to be used again would hold on to memory that is nobody's any more
		clear(r.trace.Events[:cap(r.trace.Events)])
		for _, o := range r.ops {
			*o = Operation{}
		}
		r.strewn = false
	}
	r.world, r.backend, r.alone = w, b, w.Controlled()
	r.witness = WitnessOf(w)
	r.hidden = about.Axes.Get("buffer") == "backend"
	r.trace = Trace{By: "ioconform", About: about, Data: DataBytes, Threads: r.trace.Threads[:0], Events: r.trace.Events[:0]}
	r.packets, r.bytes, r.used = r.packets[:0], r.bytes[:0], 0
	r.byToken.reset()
	r.threads.reset()
	r.sockRefs.reset()
	r.portRefs.reset()
	r.peerRefs.reset()
	clear(r.socks)
	r.ids.call, r.ids.sock, r.ids.port, r.ids.peer, r.ids.event = 0, 0, 0, 0, 0
	r.polled, r.disturbed = polled{}, 0
}

// Trace returns what was recorded so far, in order. Only to be used when no thread is recording.
func (r *Recorder) Trace() *Trace {
	r.disturbances()
	r.trace.Sort()
	return &r.trace
}

// Snapshot returns a copy of what was recorded so far, in order. Threads may go on recording.
func (r *Recorder) Snapshot() *Trace {
	r.lock()
	defer r.unlock()
	r.disturbances()
	t := r.trace
	t.Threads = slices.Clone(t.Threads)
	t.Events = slices.Clone(t.Events)
	t.Sort()
	return &t
}

// World returns the world that the program runs in.
func (r *Recorder) World() World { return r.world }

// Thread is a thread of the program as the recorder sees it: it makes one call at a time.
type Thread struct {
	r   *Recorder
	id  int32
	own Event // what is being recorded, where others may record at the same time
}

// Thread introduces a thread.
func (r *Recorder) Thread(name string) *Thread {
	r.lock()
	defer r.unlock()
	r.trace.Threads = append(r.trace.Threads, name)
	t := r.threads.take()
	t.r, t.id = r, int32(len(r.trace.Threads)-1)
	return t
}

// PortRef, Sock and PeerRef are the recorded objects.
type PortRef struct {
	ID   uint32
	port Port
}

// Sock is a recorded socket.
type Sock struct {
	ID   uint32
	sock Socket
	net  Network
	at   netip.AddrPort // datagrams: its address, once it has one
}

// Local returns the address of a datagram socket, where it has been recorded. Another thread may be about to.
func (r *Recorder) Local(s *Sock) netip.AddrPort {
	r.lock()
	defer r.unlock()
	return s.at
}

// PeerRef is a recorded far end.
type PeerRef struct {
	ID   uint32
	Peer Peer
}

// PeerListenerRef is a recorded listening far end.
type PeerListenerRef struct {
	ID       uint32
	Listener PeerListener
}

// mostRoom is how much is taken from the arena at once: what is larger, as a send is that fills a real machine's buffers, is made for itself, else the arena would
// stay as large for all runs to come, and a campaign has dozens of recorders.
const mostRoom = 1 << 20

// room returns n bytes of the arena that nobody else has.
func (r *Recorder) room(n int) []byte {
	if n > mostRoom {
		r.strewn = true
		return make([]byte, n)
	}
	if len(r.bytes)+n > cap(r.bytes) {
		r.strewn = true
		r.bytes = make([]byte, 0, max(min(2*cap(r.bytes), mostRoom), n, 4096))
	}
	at := len(r.bytes)
	r.bytes = r.bytes[:at+n]
	return r.bytes[at : at+n : at+n]
}

func (r *Recorder) keep(b []byte) []byte {
	k := r.room(len(b))
	copy(k, b)
	return k
}

// calling draws the number of a call that is about to be made and returns its event, to be filled in, which must make no call of the world; called records
// it and returns its id.
func (t *Thread) calling(v Verb) *Event {
	q := t.r.world.Stamp()
	e := t.blank()
	e.Q, e.Kind, e.Verb, e.Thread = q, CallEvent, v, t.id
	return e
}

func (t *Thread) called(e *Event) uint32 {
	r := t.r
	if r.alone && e.Data == nil && r.witness == nil {
		r.ids.call++
		e.Call = r.ids.call
		return e.Call
	}
	r.lock()
	r.ids.call++
	e.Call = r.ids.call
	r.enter(e)
	r.unlock()
	return e.Call
}

// returning draws the number of a return and returns its event, to be filled in likewise; returned records it.
func (t *Thread) returning(call uint32, v Verb) *Event {
	q := t.r.world.Stamp()
	e := t.blank()
	e.Q, e.Kind, e.Verb, e.Thread, e.Call = q, ReturnEvent, v, t.id, call
	return e
}

// marking is returning for what is neither a call nor its return.
func (t *Thread) marking(k EventKind) *Event {
	e := t.returning(0, NoVerb)
	e.Kind = k
	return e
}

func (t *Thread) returned(e *Event) {
	if r := t.r; !r.alone || e.Data != nil || r.witness != nil {
		r.lock()
		r.enter(e)
		r.unlock()
	}
}

// blank returns the event that is recorded next. In a world that runs one thread at a time it stands in the trace already.
func (t *Thread) blank() *Event {
	e := &t.own
	if r := t.r; r.alone {
		n := len(r.trace.Events)
		if n == cap(r.trace.Events) {
			r.trace.Events = slices.Grow(r.trace.Events, 1)
		}
		r.trace.Events = r.trace.Events[:n+1]
		e = &r.trace.Events[n]
	}
	*e = Event{}
	return e
}

// enter puts an event into the trace, unless it stands there already, and copies its bytes. The recorder is locked.
func (r *Recorder) enter(e *Event) {
	if e.Data != nil {
		e.Data = r.keep(e.Data)
	}
	if !r.alone {
		r.trace.Events = append(r.trace.Events, *e)
	}
	if r.witness != nil {
		r.witness.Recorded(e)
	}
}

// call, ret and mark record a call, its return, and what is neither, in one go: they are for what is not done often, because the event is copied.
func (t *Thread) call(e *Event) uint32 {
	x := t.calling(e.Verb)
	e.Q, e.Kind, e.Thread = x.Q, x.Kind, x.Thread
	*x = *e
	return t.called(x)
}

func (t *Thread) ret(call uint32, e *Event) {
	x := t.returning(call, e.Verb)
	e.Q, e.Kind, e.Thread, e.Call = x.Q, x.Kind, x.Thread, x.Call
	*x = *e
	t.returned(x)
}

func (t *Thread) mark(e *Event) {
	x := t.returning(0, e.Verb)
	e.Q, e.Thread = x.Q, x.Thread
	*x = *e
	t.returned(x)
}

// lock keeps threads apart. Those of a controlled world run one at a time and are switched at its steps only, of which there is none
// while the recorder writes: there the lock would be a tenth of what recording costs.
func (r *Recorder) lock() {
	if !r.alone {
		r.lockOut()
	}
}

func (r *Recorder) unlock() {
	if !r.alone {
		r.letIn()
	}
}

// lockOut and letIn are calls of their own so that lock and unlock are none where there is nothing to do.
//
//go:noinline
func (r *Recorder) lockOut() { r.mu.Lock() }

//go:noinline
func (r *Recorder) letIn() { r.mu.Unlock() }

// OpenPort opens a port.
func (t *Thread) OpenPort(concurrency int) (*PortRef, Status) {
	t.r.lock()
	t.r.ids.port++
	id := t.r.ids.port
	t.r.unlock()
	e := t.calling(OpenPort)
	e.Port, e.N = id, concurrency
	c := t.called(e)
	p, st := t.r.backend.Port(concurrency)
	e = t.returning(c, OpenPort)
	e.Port, e.Status = id, st
	t.returned(e)
	ref := t.r.portRefs.take()
	*ref = PortRef{id, p}
	return ref, st
}

// OpenSocket opens a socket.
func (t *Thread) OpenSocket(n Network) (*Sock, Status) {
	s := t.r.newSock(nil)
	s.net = n
	e := t.calling(OpenSocket)
	e.Sock, e.Net = s.ID, n
	c := t.called(e)
	k, st := t.r.backend.Socket(n)
	t.r.lock()
	s.sock = k
	if k != nil {
		t.r.socks[k] = s
	}
	t.r.unlock()
	e = t.returning(c, OpenSocket)
	e.Sock, e.Net, e.Status = s.ID, n, st
	t.returned(e)
	return s, st
}

func (r *Recorder) newSock(k Socket) *Sock {
	r.lock()
	defer r.unlock()
	return r.introduce(k)
}

// introduce makes a page for a socket. The recorder is locked.
func (r *Recorder) introduce(k Socket) *Sock {
	r.ids.sock++
	s := r.sockRefs.take()
	*s = Sock{ID: r.ids.sock, sock: k}
	if k != nil {
		r.socks[k] = s
	}
	return s
}

// Bind binds s.
func (t *Thread) Bind(s *Sock, a netip.AddrPort) Status {
	e := t.calling(Bind)
	e.Sock, e.Addr = s.ID, a
	c := t.called(e)
	st := s.sock.Bind(a)
	var own netip.AddrPort
	if st.Ok() && s.net.Datagrams() {
		own, _ = s.sock.Local()
		t.r.lock()
		s.at = own
		t.r.unlock()
	}
	e = t.returning(c, Bind)
	e.Sock, e.Status, e.Addr = s.ID, st, own
	t.returned(e)
	return st
}

// Listen makes s listen; the return carries its address.
func (t *Thread) Listen(s *Sock, backlog int) (netip.AddrPort, Status) {
	e := t.calling(Listen)
	e.Sock, e.N = s.ID, backlog
	c := t.called(e)
	st := s.sock.Listen(backlog)
	var a netip.AddrPort
	if st.Ok() {
		a, st = s.sock.Local()
	}
	e = t.returning(c, Listen)
	e.Sock, e.Status, e.Addr = s.ID, st, a
	t.returned(e)
	return a, st
}

// Associate ties s to p.
func (t *Thread) Associate(p *PortRef, s *Sock, key uint64) Status {
	e := t.calling(Associate)
	e.Port, e.Sock, e.Key = p.ID, s.ID, key
	c := t.called(e)
	st := p.port.Associate(s.sock, key)
	e = t.returning(c, Associate)
	e.Port, e.Sock, e.Key, e.Status = p.ID, s.ID, key, st
	t.returned(e)
	return st
}

// Post posts a packet.
func (t *Thread) Post(p *PortRef, key, token uint64, n int) Status {
	e := t.calling(Post)
	e.Port, e.Key, e.Token, e.N = p.ID, key, token, n
	c := t.called(e)
	st := p.port.Post(key, token, n)
	e = t.returning(c, Post)
	e.Port, e.Status = p.ID, st
	t.returned(e)
	return st
}

// Cancel asks for the end of o, or of everything on s where o is nil.
func (t *Thread) Cancel(s *Sock, o *Operation) Status {
	verb, id, token, op := CancelAll, uint32(0), uint64(0), (*Op)(nil)
	if o != nil {
		verb, id, token, op = Cancel, o.ID, o.Token, &o.Op
	}
	e := t.calling(verb)
	e.Sock, e.Op, e.Token = s.ID, id, token
	c := t.called(e)
	st := s.sock.Cancel(op)
	e = t.returning(c, verb)
	e.Sock, e.Op, e.Token, e.Status = s.ID, id, token, st
	t.returned(e)
	return st
}

// Shutdown ends one direction of s.
func (t *Thread) Shutdown(s *Sock, side Side) Status {
	e := t.calling(ShutdownSocket)
	e.Sock, e.Side = s.ID, side
	c := t.called(e)
	st := s.sock.Shutdown(side)
	e = t.returning(c, ShutdownSocket)
	e.Sock, e.Side, e.Status = s.ID, side, st
	t.returned(e)
	return st
}

// Skip switches skip-on-success on.
func (t *Thread) Skip(s *Sock) Status {
	c := t.call(&Event{Verb: Skip, Sock: s.ID})
	st := s.sock.SkipOnSuccess()
	t.ret(c, &Event{Verb: Skip, Sock: s.ID, Status: st})
	return st
}

// CloseSocket closes s.
func (t *Thread) CloseSocket(s *Sock) Status {
	e := t.calling(CloseSocket)
	e.Sock = s.ID
	c := t.called(e)
	st := s.sock.Close()
	e = t.returning(c, CloseSocket)
	e.Sock, e.Status = s.ID, st
	t.returned(e)
	return st
}

// ClosePort closes p.
func (t *Thread) ClosePort(p *PortRef) Status {
	e := t.calling(ClosePort)
	e.Port = p.ID
	c := t.called(e)
	st := p.port.Close()
	e = t.returning(c, ClosePort)
	e.Port, e.Status = p.ID, st
	t.returned(e)
	return st
}
