package reference_test

import (
	"bytes"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/ioconform/ioconform/spec"
)

// slot is a listener, and the connection that is at it: one after the other, until the budget is used up.
type slot struct {
	x        *stressed
	listener spec.Socket
	at       netip.AddrPort
	key      uint64
}

func (x *stressed) open(n int) {
	l := &slot{x: x, key: uint64(n + 1)}
	l.listener = x.socket(l.key)
	x.must("listen", l.listener.Listen(4))
	var st spec.Status
	l.at, st = l.listener.Local()
	x.must("local", st)
	l.next()
}

// session is a connection, from accept and connect to the packet of the last operation.
type session struct {
	*slot
	ending ending
	live   atomic.Int32 // operations in flight, and handlers that may start more
	a, b   *end
}

// ending is how a session comes to its end.
type ending uint8

const (
	inOrder   ending = iota // both ends shut down, and read on to the end
	cancelled               // everything is cancelled and closed under what is in flight
	cut                     // one end is closed, without a word
	endings
)

// end is one end of a connection: a receive outstanding and a send, each started again when its packet has been looked at.
type end struct {
	*session
	key    uint64
	stream uint64 // that it sends; its far end has the other

	mu     sync.Mutex // a start must not race a close
	sock   spec.Socket
	closed bool // nothing is to be started any more
	open   bool // and yet not closed, see cancel

	sends, sent, received int
}

// quota is how many sends an end makes; one of them is large, so that it stays outstanding.
const quota, large = 40, period / 8

// next begins the slot's next connection, or ends the slot.
func (l *slot) next() {
	x := l.x
	if x.started.Load() >= x.budget {
		l.x.must("closing the listener", l.listener.Close())
		x.slots.Done()
		return
	}
	n := uint64(x.sessions.Add(1))
	s := &session{slot: l, ending: ending(n % uint64(endings))}
	s.a, s.b = &end{session: s, key: n<<8 | 1<<7, stream: 2 * n}, &end{session: s, key: n << 8, stream: 2*n + 1}
	s.live.Store(1)
	defer s.land()
	both := int32(2)
	opened := func() {
		if atomic.AddInt32(&both, -1) == 0 {
			s.a.begin()
			s.b.begin()
		}
	}
	s.start(l.listener, "accept", l.key, &spec.Op{Kind: spec.Accept}, func(p spec.Packet) {
		x.must("accept", p.Status)
		s.b.sock = p.Sock
		x.must("associate", x.p.Associate(p.Sock, s.b.key))
		opened()
	})
	s.a.sock = x.socket(s.a.key)
	s.start(s.a.sock, "connect", s.a.key, &spec.Op{Kind: spec.Connect, To: l.at}, func(p spec.Packet) {
		x.must("connect", p.Status)
		opened()
	})
}

// start starts an operation. Afterwards op is only the back end's.
func (s *session) start(k spec.Socket, what string, key uint64, op *spec.Op, then func(spec.Packet)) {
	s.live.Add(1)
	token := s.x.fly(flight{what, key, func(p spec.Packet) { then(p); s.land() }})
	op.Token = token
	switch r := k.Start(op); r.How {
	case spec.Pending:
		s.x.pending.Add(1)
	case spec.RefusedAtStart:
		s.x.abandon(token)
		s.fine(what+" refused", r.Status)
		s.live.Add(-1) // the caller's own is still there
	}
}

// land is the end of an operation; of the last one, the end of the session.
func (s *session) land() {
	if s.live.Add(-1) > 0 {
		return
	}
	for _, e := range []*end{s.a, s.b} {
		if e.close(); e.open {
			s.x.must("close", e.sock.Close())
		}
	}
	if s.ending == inOrder && (s.a.sent != s.b.received || s.b.sent != s.a.received) {
		s.x.Errorf("sent %d and %d bytes, received %d and %d", s.a.sent, s.b.sent, s.b.received, s.a.received)
	}
	s.next()
}

// fine accuses what fails although nobody has closed or cancelled.
func (s *session) fine(what string, st spec.Status) {
	if s.ending == inOrder {
		s.x.must(what, st)
	}
}

func (e *end) begin() {
	e.receive()
	e.send()
}

func (e *end) receive() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return
	}
	buf := make([]byte, 1+e.received%20_000)
	e.start(e.sock, "receive", e.key, &spec.Op{Kind: spec.Receive, Buf: buf}, func(p spec.Packet) {
		e.fine("receive", p.Status)
		if !bytes.Equal(buf[:p.N], content(e.stream^1, e.received, p.N)) {
			e.x.Errorf("a receive of %d bytes brought others than those that were sent as bytes %d to %d", p.N, e.received, e.received+p.N)
		}
		e.received += p.N
		if p.Status.Ok() && p.N > 0 {
			e.receive()
		} else if e.ending == cut {
			e.close()
		}
	})
}

func (e *end) send() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return
	}
	n := 1 + e.sends*37%1200
	if e.sends == quota/2 {
		n = large
	}
	e.start(e.sock, "send", e.key, &spec.Op{Kind: spec.Send, Buf: bytes.Clone(content(e.stream, e.sent, n))}, func(p spec.Packet) {
		e.fine("send", p.Status)
		if p.Status.Ok() && p.N != n {
			e.x.Errorf("a send of %d bytes succeeded with %d", n, p.N)
		}
		if !p.Status.Ok() {
			return
		}
		e.sends, e.sent = e.sends+1, e.sent+n
		switch {
		case e.sends%8 == 0 && e.sends < quota:
			e.post()
		case e.sends < quota:
			e.send()
		default:
			e.finish()
		}
	})
}

// post sends a packet of our own around before the next send.
func (e *end) post() {
	e.live.Add(1)
	token := e.x.fly(flight{"post", e.key, func(p spec.Packet) {
		if p.N != e.sends {
			e.x.Errorf("%d was posted, and %d has come", e.sends, p.N)
		}
		e.send()
		e.land()
	}})
	e.x.must("post", e.x.p.Post(e.key, token, e.sends))
}

// finish is what an end does that has sent everything.
func (e *end) finish() {
	switch e.ending {
	case inOrder:
		e.mu.Lock()
		defer e.mu.Unlock()
		e.x.must("shutdown", e.sock.Shutdown(spec.SideSend))
	case cancelled:
		e.a.close()
		e.b.close()
	case cut:
		e.close()
	}
}

// close closes the end under what is in flight on it, the first time.
func (e *end) close() {
	if keepsSends(e.x.about) && e.ending != inOrder {
		e.a.cancel()
		e.b.cancel()
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return
	}
	e.closed = true
	if e.ending == cancelled {
		e.sock.Cancel(nil)
	}
	e.x.must("close", e.sock.Close())
}

// cancel is for where a close under what is in flight is known to go wrong: the socket is closed by land.
func (e *end) cancel() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.closed, e.open = true, true
		e.sock.Cancel(nil)
	}
}
