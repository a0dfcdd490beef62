package spec

import (
	"io"
	"strconv"
	"sync"
	"sync/atomic"
)

// Wrap puts a recorder between a program and the back end that it uses: what it returns is a back end that does what b does and writes down
// what went through, while it serves real work, in any number of goroutines. Afterwards, or meanwhile, the trace is judged by a Checker or
// by conform check.
//
// The program is not asked for anything. It does not say who its threads are: every call takes a lane that no other call is on, so that
// rules about threads and handlers are not exercised. Buffers are left alone (but see Guard). Far ends stand in the trace if they run in
// the same process and are wrapped by Peer; else rules that need to know what they did are unknown.
//
// A packet of an operation is known by its token, and the Op must not change until it has been taken, as the contract demands. While an
// operation is outstanding its Into is the socket of b instead of the wrapped one.
func Wrap(b Backend, o WrapOptions) *Wrapped {
	w := &Wrapped{inner: b, o: o}
	if w.o.Data == "" {
		w.o.Data = DataSum
	}
	w.head = Trace{By: "ioconform wrap", About: o.About, Data: w.o.Data}
	for i := range w.free {
		w.free[i].lanes = make([]*lane, 0, 8)
	}
	for i := range w.live {
		w.live[i].ops = map[uint64]*wrappedOp{}
	}
	if o.Out != nil {
		e := encoder{trace: &w.head}
		e.header()
		w.write(e.line)
	}
	return w
}

// WrapOptions tell a wrapper what to write, and where.
type WrapOptions struct {
	About About     // the target: honest axes and capabilities are what it is judged by
	Data  DataLevel // none, sum (the default: nothing of the users' data is kept) or bytes
	// Out, if not nil, gets the trace as it grows, in pieces of some 32 KiB and whole lines: memory is bounded by what is in flight. Without
	// it the events stay in memory until Trace asks for them. Writes are made one at a time.
	Out io.Writer
	// Guard fills the buffers of receives before they are started, and looks at the packet whether more was written than it says.
	Guard bool
}

// Wrapped is a back end that is recorded. Its methods may be called concurrently, as those of the back end in it.
type Wrapped struct {
	inner Backend
	o     WrapOptions
	head  Trace

	q, turn           atomic.Uint64
	ops               atomic.Uint32
	socks, ports, ids atomic.Uint32
	free              [16]struct {
		mu    sync.Mutex
		lanes []*lane
		_     [32]byte
	}
	live [64]struct {
		mu  sync.Mutex
		ops map[uint64]*wrappedOp // started, packet not yet taken, by token
	}
	known sync.Map // Socket → *wrappedSocket, of sockets that packets may name

	mu    sync.Mutex
	lanes []*lane
	out   struct {
		sync.Mutex
		err  error
		done bool
	}
}

// lane stands in for a thread in the trace: one call at a time is on it. It has a buffer of its own, so that calls on different lanes
// wait for nothing but the counter.
type lane struct {
	id     int32
	name   []byte // as a JSON string
	shard  int
	mu     sync.Mutex // of what follows: Flush takes it as well
	enc    encoder
	events []Event

	packets []PacketEvent // of the wait on it
}

// wrappedOp is an operation that has no packet yet.
type wrappedOp struct {
	op    *Op
	id    uint32
	posts int // packets posted with the same token, which cannot be told from its own
	sock  *wrappedSocket
	into  *wrappedSocket
	fresh bool // filled, to be looked at
}

// flushAt is how many bytes of lines a lane keeps.
const flushAt = 32 << 10

// take takes a lane that no call is on. Each call begins to look at another place, so that calls at the same time seldom meet.
func (w *Wrapped) take() *lane {
	first := int(w.turn.Add(1) % uint64(len(w.free)))
	for i := range w.free {
		f := &w.free[(first+i)%len(w.free)]
		f.mu.Lock()
		if k := len(f.lanes); k > 0 {
			l := f.lanes[k-1]
			f.lanes = f.lanes[:k-1]
			f.mu.Unlock()
			return l
		}
		f.mu.Unlock()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.newLane("lane", first)
}

func (w *Wrapped) newLane(name string, shard int) *lane {
	l := &lane{id: int32(len(w.lanes)), shard: shard}
	if name == "lane" {
		name += " " + strconv.Itoa(int(l.id))
	}
	l.name = quoted(nil, name)
	l.enc = encoder{trace: &w.head}
	w.lanes = append(w.lanes, l)
	w.head.Threads = append(w.head.Threads, name)
	return l
}

func (w *Wrapped) put(l *lane) {
	f := &w.free[l.shard]
	f.mu.Lock()
	f.lanes = append(f.lanes, l)
	f.mu.Unlock()
}

// ongoing is a call that has been made.
type ongoing struct {
	l  *lane
	id uint32
}

// call writes down that a call is about to be made. Its number is drawn before.
func (w *Wrapped) call(e Event) ongoing { return w.callOn(w.take(), e) }

func (w *Wrapped) callOn(l *lane, e Event) ongoing {
	e.Kind, e.Thread = CallEvent, l.id
	e.Q = w.q.Add(1)
	e.Call = uint32(e.Q) // as unique as the number, and one counter less
	w.note(l, &e)
	return ongoing{l, e.Call}
}

// ret writes down that it has returned, under a number that was drawn after.
func (w *Wrapped) ret(c ongoing, q uint64, e Event) {
	e.Kind, e.Thread, e.Call, e.Q = ReturnEvent, c.l.id, c.id, q
	w.note(c.l, &e)
}

func (w *Wrapped) done(c ongoing, q uint64, e Event) {
	w.ret(c, q, e)
	w.put(c.l)
}

// note writes one event on a lane.
func (w *Wrapped) note(l *lane, e *Event) {
	l.mu.Lock()
	if w.o.Out == nil {
		if e.Data != nil {
			e.Data = append([]byte{}, e.Data...)
		}
		l.events = append(l.events, *e)
		l.mu.Unlock()
		return
	}
	l.enc.one(l.name, e)
	if len(l.enc.line) < flushAt {
		l.mu.Unlock()
		return
	}
	w.write(l.enc.line)
	l.enc.line = l.enc.line[:0]
	l.mu.Unlock()
}

// one writes an event; a return takes thread and verb from its call.
func (e *encoder) one(thread []byte, v *Event) {
	e.begin(v)
	if v.Kind != ReturnEvent {
		e.line = append(e.line, `,"th":`...)
		e.line = append(e.line, thread...)
		e.text(`,"do":`, v.Verb.String())
	}
	e.rest(v)
}

func (w *Wrapped) write(b []byte) {
	w.out.Lock()
	defer w.out.Unlock()
	if w.out.err == nil && !w.out.done && len(b) > 0 {
		_, w.out.err = w.o.Out.Write(b)
	}
}

// Flush writes out what lanes have kept, and returns the first error that writing met, after which nothing is written.
func (w *Wrapped) Flush() error {
	if w.o.Out == nil {
		return nil
	}
	w.mu.Lock()
	lanes := w.lanes[:len(w.lanes):len(w.lanes)]
	w.mu.Unlock()
	for _, l := range lanes {
		l.mu.Lock()
		w.write(l.enc.line)
		l.enc.line = l.enc.line[:0]
		l.mu.Unlock()
	}
	w.out.Lock()
	defer w.out.Unlock()
	return w.out.err
}

// Settled marks that everything has finished and every port has been waited on until nothing came: whatever was to happen must have
// happened by now. Only the program can know that; without the mark nothing is accused of being late.
func (w *Wrapped) Settled(rounds int) { w.mark(Event{Kind: SettleEvent, N: rounds}) }

// End marks the end of the trace and flushes it. No call may be made later, and none be under way.
func (w *Wrapped) End() error {
	w.mark(Event{Kind: EndEvent})
	err := w.Flush()
	w.out.Lock()
	w.out.done = true
	w.out.Unlock()
	return err
}

func (w *Wrapped) mark(e Event) {
	l := w.take()
	e.Thread, e.Q = l.id, w.q.Add(1)
	w.note(l, &e)
	w.put(l)
}

// Trace returns a copy of what was recorded so far, in order. It is empty if there is an Out.
func (w *Wrapped) Trace() *Trace {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.head
	t.Threads = append([]string(nil), t.Threads...)
	for _, l := range w.lanes {
		l.mu.Lock()
		t.Events = append(t.Events, l.events...)
		l.mu.Unlock()
	}
	t.Sort()
	return &t
}

// look notes the bytes that went through, as far as the level wants them.
func (w *Wrapped) look(b []byte) ([]byte, Sum) {
	switch w.o.Data {
	case DataBytes:
		if b == nil {
			b = []byte{}
		}
		return b, 0
	case DataSum:
		return nil, SumOf(b)
	}
	return nil, 0
}

// Port implements Backend.
func (w *Wrapped) Port(concurrency int) (Port, Status) {
	id := w.ports.Add(1)
	c := w.call(Event{Verb: OpenPort, Port: id, N: concurrency})
	p, st := w.inner.Port(concurrency)
	w.done(c, w.q.Add(1), Event{Verb: OpenPort, Port: id, Status: st})
	if p == nil {
		return nil, st
	}
	return &wrappedPort{w, id, p}, st
}

// Socket implements Backend.
func (w *Wrapped) Socket(n Network) (Socket, Status) {
	s := &wrappedSocket{w: w, id: w.socks.Add(1), net: n}
	c := w.call(Event{Verb: OpenSocket, Sock: s.id, Net: n})
	k, st := w.inner.Socket(n)
	if s.inner = k; k != nil {
		w.known.Store(k, s)
	}
	w.done(c, w.q.Add(1), Event{Verb: OpenSocket, Sock: s.id, Status: st})
	if k == nil {
		return nil, st
	}
	return s, st
}

// Close implements Backend. The trace is ended by End, not by this.
func (w *Wrapped) Close() error { return w.inner.Close() }

// wrap returns the wrapped form of a socket that an accept brought.
func (w *Wrapped) wrap(k Socket) *wrappedSocket {
	if s, known := w.known.Load(k); known {
		return s.(*wrappedSocket)
	}
	s := &wrappedSocket{w: w, id: w.socks.Add(1), inner: k}
	w.known.Store(k, s)
	return s
}
