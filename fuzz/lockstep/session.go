package lockstep

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// Observation is what a command came to.
type Observation struct {
	Answer string // of the call
	Ends   []End  // of the operations that have ended since, by Operation
}

// End is what the packet of an operation said, or the answer of its start where there was none for it.
type End struct {
	Operation int // counted over all operations and posts, from 0
	Key       uint64
	Code      spec.Code
	N         int
	Data      string // receive
	Far       int    // accept: whose connection, from 1
}

// String shows the observation.
func (o Observation) String() string {
	var b strings.Builder
	b.WriteString(o.Answer)
	for _, e := range o.Ends {
		fmt.Fprintf(&b, "; #%d %s %d key=%d", e.Operation, e.Code, e.N, e.Key)
		if e.Far > 0 {
			fmt.Fprintf(&b, " from far end %d", e.Far-1)
		}
		if e.Data != "" {
			fmt.Fprintf(&b, " %x", e.Data)
		}
	}
	return b.String()
}

// Session makes commands on one back end, in one world. It is to be used by one thread, in a simulated world by the main thread of a run.
type Session struct {
	world  spec.World
	rec    *spec.Recorder
	main   *spec.Thread
	far    *spec.Thread
	limits limits
	port   *spec.PortRef
	door   *spec.Sock
	at     netip.AddrPort
	buffer [8]spec.Packet
	taken  [8]*spec.Operation
	bytes  [mostUnread]byte

	connections       [mostConnections]connection
	dialled, accepted int
	operations        []operation
	waiting           int  // accepts
	muddled           bool // an accept was cancelled, see connection.muddled
	posts             []post
	numbers           int // operations and posts so far
	ends              []End
}

type post struct {
	token uint64
	index int
}

// forEver is the timeout of what cannot be tried again: on a machine that stands still any other may run out.
const forEver = -1

// doorKey is the key of the listener; connections have those from 2 on.
const doorKey = 1

// begin opens a port and a listener.
func (s *Session) begin(in *spec.Instance, rec *spec.Recorder, l limits) error {
	*s = Session{world: in.World, rec: rec, limits: l, operations: s.operations[:0], posts: s.posts[:0], ends: s.ends[:0]}
	s.main, s.far = rec.Thread("main"), rec.Thread("peer:far")
	var st spec.Status
	if s.port, st = s.main.OpenPort(0); !st.Ok() {
		return fmt.Errorf("opening a port: %s", st)
	}
	if s.door, st = s.main.OpenSocket(spec.TCP4); !st.Ok() {
		return fmt.Errorf("opening a socket: %s", st)
	}
	if st = s.main.Bind(s.door, s.world.Loopback(spec.TCP4)); !st.Ok() {
		return fmt.Errorf("binding a socket: %s", st)
	}
	if s.at, st = s.main.Listen(s.door, 2*mostConnections); !st.Ok() {
		return fmt.Errorf("listening: %s", st)
	}
	if st = s.main.Associate(s.port, s.door, doorKey); !st.Ok() {
		return fmt.Errorf("associating the listener: %s", st)
	}
	return nil
}

// do makes the command and gathers what ends. Where it is known what is to come, as many ends as that are waited for with patience; else everything that comes
// until nothing more does.
func (s *Session) do(c Command, want *Observation) Observation {
	from := len(s.ends)
	o := Observation{Answer: s.call(c)}
	if want == nil {
		for s.take(s.world.Watch(spec.Quiet).Slice()) > 0 {
		}
	} else {
		for w := s.world.Watch(spec.Patient); len(s.ends)-from < len(want.Ends) && !w.Spent(); {
			s.take(w.Slice())
		}
		s.complete(from, want.Ends)
		for s.take(0) > 0 { // what comes besides, if it is there already
		}
	}
	o.Ends = s.ends[from:len(s.ends):len(s.ends)]
	slices.SortFunc(o.Ends, func(a, b End) int { return a.Operation - b.Operation })
	return o
}

// complete asks for the rest where a receive got less than the oracle's. That is no fault: the rest had not arrived.
func (s *Session) complete(from int, want []End) {
	for i := from; i < len(s.ends); i++ {
		for _, x := range want {
			e := s.ends[i]
			if x.Operation != e.Operation || e.Code != spec.OK || x.Code != spec.OK || e.N >= x.N || e.N == 0 || e.Data == "" {
				continue
			}
			k := s.operation(e.Operation).of
			for w := s.world.Watch(spec.Patient); k != nil && !k.closed && k.pending == 0 && s.ends[i].N < x.N && !w.Spent(); {
				s.refill(k, i, x.N-s.ends[i].N, w)
			}
		}
	}
}

// refill receives up to n bytes more for the operation of the i-th end.
func (s *Session) refill(k *connection, i, n int, w spec.Watch) {
	before, number := len(s.ends), s.numbers
	started := s.start(k, spec.Receive, n) == "started"
	at := -1 // its end; what else comes meanwhile stays among the ends
	for {
		if at = slices.IndexFunc(s.ends[before:], func(e End) bool { return e.Operation == number }); at >= 0 || !started || w.Spent() {
			break
		}
		s.take(w.Slice())
	}
	s.numbers = number // it is no command's
	if started {
		s.operations = s.operations[:len(s.operations)-1]
	}
	e := &s.ends[i] // not before now: what is taken may move the ends
	if at < 0 {
		e.Code, e.N = spec.TimedOut, -1 // which no packet says
		return
	}
	more := s.ends[before+at]
	s.ends = slices.Delete(s.ends, before+at, before+at+1)
	if more.Code != spec.OK || more.N == 0 {
		e.Code, e.N = more.Code, e.N+more.N
		return
	}
	e.N, e.Data = e.N+more.N, e.Data+more.Data
}

func (s *Session) operation(index int) *operation {
	for i := range s.operations {
		if s.operations[i].index == index {
			return &s.operations[i]
		}
	}
	return &operation{}
}

// call makes the command's call.
func (s *Session) call(c Command) string {
	switch c.Act {
	case Accept:
		return s.start(nil, spec.Accept, 0)
	case Dial:
		return s.dial()
	case Post:
		token := conformance.Token(1<<31 + uint32(len(s.posts)))
		s.posts = append(s.posts, post{token, s.numbers})
		s.numbers++
		return s.main.Post(s.port, uint64(c.Obj), token, c.size()).Code.String()
	case Cancel:
		o := s.latest(c.Obj)
		if !o.ended {
			s.muddle(o.of)
		}
		return s.main.Cancel(o.On, o.Operation).Code.String()
	}
	k := s.connection(c.Obj)
	switch c.Act {
	case Recv:
		return s.start(k, spec.Receive, c.size())
	case Send:
		return s.start(k, spec.Send, c.size())
	case CancelAll:
		if k.pending > 0 {
			s.muddle(k)
		}
		return s.main.Cancel(k.sock, nil).Code.String()
	case Close:
		k.torn = k.torn || !k.closed && k.unread() > 0
		k.closed = true
		return s.main.CloseSocket(k.sock).Code.String()
	case ShutSend:
		k.shutSend = true
		return s.main.Shutdown(k.sock, spec.SideSend).Code.String()
	case ShutRecv:
		k.shutRecv = true
		return s.main.Shutdown(k.sock, spec.SideReceive).Code.String()
	case Skip:
		k.skip = true
		return s.main.Skip(k.sock).Code.String()
	}
	return s.farCall(k, c)
}

// muddle notes that something was cancelled on k, or on the listener.
func (s *Session) muddle(k *connection) {
	switch {
	case !s.limits.afterCancel:
	case k == nil:
		s.muddled = true
	default:
		k.muddled = true
	}
}

// start starts an operation on k, or on the listener.
func (s *Session) start(k *connection, kind spec.Verb, n int) string {
	o := s.rec.NewOp(kind, n)
	o.Token = conformance.Token(o.ID)
	index := s.numbers
	s.numbers++
	on, skip, key := s.door, false, uint64(doorKey)
	if k != nil {
		on, skip, key = k.sock, k.skip, k.key
	}
	if kind == spec.Send {
		conformance.Pattern(o.Buf, 1000+uint32(k.key), uint64(k.given))
	}
	res := s.main.Start(on, o)
	if res.How == spec.RefusedAtStart {
		return "refused " + res.Status.Code.String()
	}
	s.operations = append(s.operations, operation{Operation: o, index: index, of: k})
	switch kind {
	case spec.Accept:
		s.waiting++
	case spec.Receive:
		k.pending++
	case spec.Send:
		k.given += n
	}
	if res.How == spec.Done && skip {
		s.end(&s.operations[len(s.operations)-1], &spec.Packet{Key: key, Status: res.Status, N: res.N})
	}
	return "started"
}

// dial connects another far end.
func (s *Session) dial() string {
	ref, st, err := s.far.PeerConnect(spec.TCP4, s.at, forEver)
	if err != nil {
		return err.Error()
	}
	if st.Ok() {
		s.connections[s.dialled] = connection{far: ref, key: uint64(2 + s.dialled)}
		s.dialled++
	}
	return st.Code.String()
}

// farCall makes a call of a far end.
func (s *Session) farCall(k *connection, c Command) string {
	switch c.Act {
	case FarSend:
		b := s.bytes[:c.size()]
		conformance.Pattern(b, uint32(k.key), uint64(k.sent))
		n, st := s.far.PeerSend(k.far, b, forEver)
		k.sent += n
		return fmt.Sprintf("%s %d", st.Code, n)
	case FarRead:
		return s.farRead(k, c.size())
	case FarHalf:
		k.half = true
		return s.far.PeerHalfClose(k.far).Code.String()
	case FarClose:
		k.gone = true
		return s.far.PeerClose(k.far).Code.String()
	case FarReset:
		k.reset = true
		return s.far.PeerAbort(k.far).Code.String()
	}
	return "unknown act"
}

// farRead has the far end read as many of n bytes as have been sent to it, or the end of the stream if that is all there is.
func (s *Session) farRead(k *connection, n int) string {
	n = min(n, k.given-k.had)
	at := 0
	for w := s.world.Watch(spec.Patient); !w.Spent(); {
		got, st := s.far.PeerRead(k.far, s.bytes[at:max(n, 1)], w.Slice())
		switch {
		case st.Code == spec.TimedOut:
			continue
		case !st.Ok():
			return st.Code.String()
		case got == 0:
			k.ended = true
			return "end"
		}
		at += got
		k.had += got
		if at >= n {
			return fmt.Sprintf("%x", s.bytes[:at])
		}
	}
	return fmt.Sprintf("nothing more after %d bytes of %d", at, n)
}

// take takes packets, waiting for at most so long, and returns how many there were.
func (s *Session) take(timeout time.Duration) int {
	n, _ := s.main.Wait(s.port, s.buffer[:], s.taken[:], timeout)
	for i := range max(n, 0) {
		s.packet(&s.buffer[i], s.taken[i])
	}
	return max(n, 0)
}

func (s *Session) packet(p *spec.Packet, o *spec.Operation) {
	if o != nil {
		for i := range s.operations {
			if s.operations[i].Operation == o {
				s.end(&s.operations[i], p)
				return
			}
		}
	}
	index := -1
	for _, x := range s.posts {
		if x.token == p.Token {
			index = x.index
		}
	}
	s.ends = append(s.ends, End{Operation: index, Key: p.Key, Code: p.Status.Code, N: p.N})
}

// end notes that an operation has ended.
func (s *Session) end(o *operation, p *spec.Packet) {
	o.ended = true
	e := End{Operation: o.index, Key: p.Key, Code: p.Status.Code, N: p.N}
	switch o.Kind {
	case spec.Accept:
		s.waiting--
		if o.Accepted != nil {
			e.Far = s.accept(o.Accepted, p.From)
		}
	case spec.Receive:
		o.of.pending--
		if p.N > 0 && p.N <= len(o.Buf) {
			e.Data = string(o.Buf[:p.N])
			o.of.got += p.N
		}
	}
	s.ends = append(s.ends, e)
}

// accept takes a socket for that of the far end with the address, and returns which that is, from 1; 0 if there is none.
func (s *Session) accept(sock *spec.Sock, from netip.AddrPort) int {
	for i := range s.connections[:s.dialled] {
		k := &s.connections[i]
		if k.accepted() || k.far.Peer.Local() != from {
			continue
		}
		k.sock = sock
		s.accepted++
		s.main.Associate(s.port, k.sock, k.key) // a failure shows in the keys
		return i + 1
	}
	return 0
}

// finish brings everything to rest. What comes that was not to come is a difference.
func (s *Session) finish() (surplus []End) {
	from, rounds := len(s.ends), 0
	for w := s.world.Watch(spec.Quiet); !w.Spent(); rounds = w.Rounds() {
		s.take(w.Slice())
	}
	for i := range s.connections[:s.dialled] {
		s.drain(&s.connections[i])
	}
	s.main.Settled(rounds)
	return s.ends[from:]
}

// drain has a far end read what is there: after a quiet time, without waiting; but what was sent and the end of the stream are waited for.
func (s *Session) drain(k *connection) {
	if k.gone || k.reset {
		return
	}
	for w := s.world.Watch(spec.Patient); !k.ended && !w.Spent(); {
		due := !k.torn && k.accepted() && (k.given > k.had || k.shutSend || k.closed)
		slice := time.Duration(0)
		if due {
			slice = w.Slice()
		}
		n, st := s.far.PeerRead(k.far, s.bytes[:], slice)
		k.had += n
		k.ended = st.Code != spec.TimedOut && !st.Ok() || st.Ok() && n == 0
		if !due && n == 0 {
			return
		}
	}
}

// over closes everything.
func (s *Session) over(b spec.Backend) error {
	s.main.ClosePort(s.port)
	err := b.Close()
	s.main.End()
	return err
}
