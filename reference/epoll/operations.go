package epoll

import (
	"net/netip"

	"github.com/ioconform/ioconform/spec"
)

// waiting is an operation that waits its turn.
type waiting struct {
	op   *spec.Op
	sent int // sends: bytes that the kernel has taken
}

// line is a queue of operations, first come first served; one may be taken out of the middle. It
// reuses its slice, so it allocates only to become longer than it ever was. Searching is linear: a
// socket has a handful of operations.
type line struct {
	list  []waiting
	head  int
	askew bool // see bugLineAskew
}

func (l *line) len() int { return len(l.list) - l.head }

func (l *line) first() *waiting { return &l.list[l.head] }

func (l *line) last() *waiting { return &l.list[len(l.list)-1] }

func (l *line) add(op *spec.Op, sent int) {
	if l.head > 0 && len(l.list) == cap(l.list) {
		l.list = l.list[:copy(l.list, l.list[l.head:])]
		if !l.askew {
			l.head = 0
		}
	}
	l.list = append(l.list, waiting{op, sent})
}

// cut takes op out, or with nil the first, and returns it; nil if it is not there.
func (l *line) cut(op *spec.Op) *spec.Op {
	for i := l.head; i < len(l.list); i++ {
		found := l.list[i].op
		if op != nil && op != found {
			continue
		}
		copy(l.list[l.head+1:i+1], l.list[l.head:i]) // those before it move up
		l.list[l.head] = waiting{}
		l.head++
		if l.head == len(l.list) {
			l.list, l.head = l.list[:0], 0
		}
		return found
	}
	return nil
}

// complete ends an operation of s with a packet. From here on op is the user's again: another thread
// may have taken the packet and started op anew before this returns, and before Start has returned
// (OVL-27). Operations of a socket without a port end in silence (KEY-07).
func (s *socket) complete(op *spec.Op, n int, st spec.Status) {
	key := s.key
	if op.Kind == spec.Connect && s.b.bugs.has(bugConnectKeyless) {
		key = 0
	}
	s.deliver(op, spec.Packet{Key: key, N: n, Status: st, Size: -1})
}

// deliver is complete for packets that say more.
func (s *socket) deliver(op *spec.Op, pkt spec.Packet) {
	if s.port == nil || s.spared(op, &pkt) {
		return
	}
	if op.Kind == spec.Receive && s.b.bugs.has(bugCountNarrow) {
		pkt.N = int(uint16(pkt.N))
	}
	pkt.Token = op.Token
	s.port.push(pkt, s.inWait || s.silent)
}

// done ends an operation within its Start. A failure is told there and nowhere else (OVL-09); a
// success is told there and, unless the socket skips it, in a packet as well (OVL-08, OVL-11).
func (s *socket) done(op *spec.Op, n int, st spec.Status) spec.Result {
	if !st.Ok() {
		s.advance() // if this was news, others wait for it
		return refused(st)
	}
	s.doneAt(op)
	switch {
	case s.b.bugs.has(bugDoneFull) && op.Kind == spec.Receive && n == len(op.Buf):
	case !s.skip || s.b.bugs.has(bugSkipStillQueues) || s.toldAllTheSame(op, n) || s.notSpared(op, n):
		s.silent = s.b.bugs.has(bugDoneIsSilent)
		s.complete(op, n, st)
		s.silent = false
		if op.Kind == spec.Send && s.gap(bugCountLate) && !s.port.queued(op.Token) {
			n = 0
		}
	}
	return spec.Result{How: spec.Done, N: n, Status: st}
}

// advance moves on everything that can be. Whatever ends the connection is told to both directions.
func (s *socket) advance() {
	if s.state == mailbox && s.port != nil {
		s.sort()
	}
	if s.state != connected || s.port == nil {
		return
	}
	s.fill()
	s.flush()
	if !s.err.Ok() {
		s.fill() // it may have been a send that found out
	}
}

func refused(st spec.Status) spec.Result {
	return spec.Result{How: spec.RefusedAtStart, Status: st}
}

func refusedAs(c spec.Code) spec.Result { return refused(spec.Is(c)) }

var pending = spec.Result{How: spec.Pending}

var none netip.AddrPort
