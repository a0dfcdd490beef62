package lockstep

import "github.com/ioconform/ioconform/spec"

// Bounds that keep every buffer of every system far from full.
const (
	mostConnections = 4
	mostPending     = 3
	mostUnread      = 8 * mostBytes
)

// connection is what is known of one: the far end from the beginning, the socket from the packet of its accept on.
type connection struct {
	far  *spec.PeerRef
	sock *spec.Sock
	key  uint64

	pending    int // receives
	sent, got  int // bytes from the far end: what it has sent, and what has been received
	given, had int // bytes to it: what has been sent, and what it has read

	skip, shutSend, shutRecv, closed bool // our side
	half, gone, reset, ended         bool // the far end: has ended its direction, has closed, has reset, has read the end of the stream
	torn                             bool // closed over unread bytes: the far end may hear of that as a reset
	muddled                          bool // a receive was cancelled, and the target promises nothing of the stream afterwards
}

func (k *connection) accepted() bool { return k.sock != nil }
func (k *connection) unread() int    { return k.sent - k.got }

// operation is one that has been started and not refused.
type operation struct {
	*spec.Operation
	index int
	of    *connection // nil for accepts
	ended bool
}

// Allows reports whether c has one outcome in every correct back end that declares what this one does, as things stand.
func (s *Session) Allows(c Command) bool {
	switch c.Act {
	case Accept:
		return s.waiting < mostPending && s.accepted+s.waiting < mostConnections && !s.muddled
	case Dial:
		return s.dialled < mostConnections
	case Post:
		return true
	case Cancel:
		o := s.latest(c.Obj)
		return o != nil && (o.ended || !s.limits.cancelScope || s.company(o) == 1)
	}
	k := s.connection(c.Obj)
	if k == nil {
		return false
	}
	if c.Act < FarSend && !k.accepted() {
		return false
	}
	over := k.gone || k.reset || k.torn
	switch c.Act {
	case Recv:
		return !k.muddled && !k.reset && k.pending < mostPending
	case Send:
		return !k.gone && !k.reset && k.given-k.had+c.size() <= mostUnread
	case ShutSend:
		return !k.gone && !k.reset && (k.closed || !k.shutSend)
	case ShutRecv:
		return !over && !k.closed && !k.shutRecv && k.pending == 0 && k.unread() == 0 && !k.half
	case CancelAll:
		return k.pending > 0 || !s.limits.cancelAllOfNothing
	case FarSend:
		return !over && !k.half && !k.closed && !k.shutRecv && k.unread()+c.size() <= mostUnread
	case FarRead:
		return !over && (k.given > k.had || (k.shutSend || k.closed) && !k.ended)
	case FarHalf:
		return !over && !k.half && !k.shutRecv
	case FarClose:
		return !over && k.accepted() && k.given == k.had
	case FarReset:
		return !over && k.accepted() && !k.closed && !k.half && k.pending > 0
	}
	return true
}

// connection is the one that obj stands for, nil while there is none.
func (s *Session) connection(obj uint8) *connection {
	if s.dialled == 0 {
		return nil
	}
	return &s.connections[int(obj)%s.dialled]
}

// latest is one of the latest receives and accepts, nil while there is none.
func (s *Session) latest(obj uint8) *operation {
	back := int(obj) % 6
	for i := len(s.operations) - 1; i >= 0; i-- {
		if o := &s.operations[i]; o.Kind != spec.Send {
			if back == 0 {
				return o
			}
			back--
		}
	}
	return nil
}

// company is the number of pending operations that a cancel of o may reach on a target whose cancels reach further than the operation.
func (s *Session) company(o *operation) int {
	if o.of == nil {
		return s.waiting
	}
	return o.of.pending
}
