package faulty

import (
	"math"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// The bugs of a layer around a completion back end, in the order of Completion.
const (
	batchDropsTheRest = iota
	keyOfAllOnes
	keyZero
	keyShared
	postCountNarrow
	pollBlind
	endOnce
	lateByte
	acceptsCrossed
	datagramCut
	emptyDatagramLost
	longDatagramCut
	exactFitEmpty
	cancelNothingTells
	cancelTakenBeside
	cancelTwice
	cancelMiddle
	cancelAllOfPort
	sendOfNothing
	connectOwnKey
	closeReceiveOver6
	keyOver6
	sendOver6
	doneOver6
	batchReversed
	tokenOnce
	datagramKeyOfFirst
	unboundSendLost
	nothingTaken
	oneByteTwo
)

// Completion names the bugs that a layer around a completion back end can have.
var Completion = []string{
	"batch-drops-the-rest", "key-of-all-ones", "key-zero", "key-shared", "post-count-narrow", "poll-blind", "end-once", "late-byte",
	"accepts-crossed", "datagram-cut", "empty-datagram-lost", "long-datagram-cut", "exact-fit-empty",
	"cancel-of-nothing-tells", "cancel-of-taken-beside", "cancel-twice", "cancel-of-the-middle", "cancel-all-of-port", "send-of-nothing",
	"connect-own-key", "close-receive-over-ipv6", "key-over-ipv6", "send-over-ipv6", "done-over-ipv6",
	"batch-reversed", "token-once", "datagram-key-of-the-first", "unbound-send-lost",
	"nothing-taken", "one-byte-counts-two",
}

// Backend puts a layer with the bugs that are this package's around b. others are the names that are not.
func Backend(b spec.Backend, names []string) (layer spec.Backend, others []string) {
	set, others := plant(Completion, names)
	if set == 0 {
		return b, others
	}
	return &backend{Backend: b, bugs: bugs(set), ops: map[uint64]*started{}, used: map[uint64]bool{}, keys: map[uint64]int{}, socks: map[spec.Socket]*socket{}}, others
}

type backend struct {
	spec.Backend
	bugs

	mu    sync.Mutex // of what follows; never held over a call of the back end
	ops   map[uint64]*started
	used  map[uint64]bool // tokens of operations
	keys  map[uint64]int  // sockets that have the key
	socks map[spec.Socket]*socket
	all   []*socket // in the order in which they were made
	first uint64    // key of the first association over IPv6
	had6  bool
}

// started is an operation that has been started and whose packet has not been taken.
type started struct {
	op        spec.Op // as the back end knows it
	on        *socket
	cancelled bool
	swallow   bool // its packet is not passed on
	seen      bool // its bytes are counted
	cut       int  // length of a datagram that was cut to what one can be
}

type port struct {
	b *backend
	spec.Port
}

type socket struct {
	b *backend
	spec.Socket
	net      spec.Network
	port     *port
	key      uint64
	order    []*started
	position int  // bytes that were received
	ended    bool // its end has been reported
	listens  bool
	bound    bool
}

func (b *backend) Port(concurrency int) (spec.Port, spec.Status) {
	inner, st := b.Backend.Port(concurrency)
	if !st.Ok() {
		return nil, st
	}
	return &port{b, inner}, st
}

func (b *backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	inner, st := b.Backend.Socket(n)
	if !st.Ok() {
		return nil, st
	}
	return b.wrap(inner, n), st
}

// wrap is the layer's socket for the back end's.
func (b *backend) wrap(inner spec.Socket, n spec.Network) *socket {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.socks[inner]
	if s == nil {
		s = &socket{b: b, Socket: inner, net: n}
		b.socks[inner] = s
		b.all = append(b.all, s)
	}
	return s
}

func (p *port) Associate(x spec.Socket, key uint64) spec.Status {
	s, is := x.(*socket)
	if !is {
		panic(unknown(x))
	}
	asked := key
	if p.b.has(keyShared) && p.b.keys[key] > 0 {
		key++ // taken for the number of the association
	}
	if p.b.has(keyOver6) && s.net.Over6() {
		if p.b.had6 {
			key = p.b.first
		}
		p.b.had6, p.b.first = true, key
	}
	st := p.Port.Associate(s.Socket, key)
	if st.Ok() {
		s.port, s.key = p, asked
		p.b.keys[asked]++
	}
	return st
}

func (p *port) Post(key, token uint64, n int) spec.Status {
	if p.b.has(postCountNarrow) {
		n = int(uint16(n))
	}
	return p.Port.Post(key, token, n)
}

func (p *port) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	room := dst
	if p.b.has(batchDropsTheRest) && len(dst) >= 2 {
		room = make([]spec.Packet, len(dst)+1)
	}
	if p.b.has(pollBlind) && timeout == 0 {
		return 0, spec.Is(spec.TimedOut)
	}
	for {
		n, st := p.Port.Wait(room, timeout)
		if p.b.has(nothingTaken) && timeout == 0 && st.Code == spec.TimedOut {
			return 0, spec.Status{}
		}
		if !st.Ok() {
			return n, st
		}
		kept := 0
		for i := range n {
			if k, keep := p.b.pass(room[i]); keep && kept < len(dst) {
				dst[kept] = k
				kept++
			}
		}
		if p.b.has(batchReversed) && kept >= 3 {
			slices.Reverse(dst[:kept])
		}
		if p.b.has(acceptsCrossed) && kept >= 2 && dst[0].Sock != nil && dst[1].Sock != nil {
			dst[0].Token, dst[1].Token = dst[1].Token, dst[0].Token
		}
		if kept > 0 {
			return kept, st
		}
		if timeout == 0 {
			return 0, spec.Is(spec.TimedOut)
		}
	}
}

// pass is a packet as the layer passes it on.
func (b *backend) pass(k spec.Packet) (_ spec.Packet, keep bool) {
	if b.has(keyOfAllOnes) && k.Key == math.MaxUint64 {
		k.Key = 0
	}
	if b.has(keyZero) && k.Key == 0 {
		k.Key = math.MaxUint64
	}
	b.mu.Lock()
	x := b.ops[k.Token]
	delete(b.ops, k.Token)
	if x != nil {
		x.on.forget(x)
	}
	b.mu.Unlock()
	if x == nil {
		return k, true
	}
	if k.Sock != nil {
		n := x.on.net
		k.Sock = b.wrap(k.Sock, n)
	}
	switch x.op.Kind {
	case spec.Receive:
		x.on.received(&k, x)
	case spec.ReceiveFrom:
		if b.has(datagramKeyOfFirst) {
			k.Key = b.firstKey(x.on)
		}
		switch {
		case b.has(datagramCut) && k.N > 32<<10:
			k.N = 32 << 10
		case b.has(exactFitEmpty) && k.Status.Ok() && k.N == len(x.op.Buf) && k.N <= 1<<10:
			k.N = 0
		}
	case spec.SendTo:
		if b.has(longDatagramCut) && k.Status.Ok() && x.cut > 0 {
			k.N = x.cut
		}
	case spec.Connect:
		if b.has(connectOwnKey) {
			b.mu.Lock()
			for _, s := range b.all {
				if s.listens && s.port != nil && s.port == x.on.port {
					k.Key = s.key
				}
			}
			b.mu.Unlock()
		}
	}
	return k, !x.swallow
}

// received changes the packet of a receive.
func (s *socket) received(k *spec.Packet, x *started) {
	switch {
	case k.Status.Ok() && k.N == 0 && len(x.op.Buf) > 0:
		if s.ended && s.b.has(endOnce) {
			k.Status = spec.Is(spec.NotConnected)
		}
		s.ended = true
	case k.Status.Ok():
		s.filled(k.N, x)
		if s.b.has(oneByteTwo) && k.N == 1 && len(x.op.Buf) == 1 {
			k.N = 2
		}
	}
}

// filled alters a byte far behind in the stream. It is called when bytes are first to be seen: at the start of what is done at its start.
func (s *socket) filled(n int, x *started) {
	if x.seen {
		return
	}
	x.seen = true
	if at := 64<<10 - s.position; s.b.has(lateByte) && at >= 0 && at < n {
		x.op.Buf[at] ^= 1
	}
	s.position += n
}

// forget takes the operation off the list of what is outstanding.
func (s *socket) forget(x *started) {
	for i, o := range s.order {
		if o == x {
			s.order = append(s.order[:i], s.order[i+1:]...)
			return
		}
	}
}

// firstKey is the key of the first datagram socket of the port.
func (b *backend) firstKey(s *socket) uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, other := range b.all {
		if other.net.Datagrams() && other.port == s.port {
			return other.key
		}
	}
	return s.key
}

func (s *socket) Bind(a netip.AddrPort) spec.Status {
	s.bound = true
	return s.Socket.Bind(a)
}

func (s *socket) Listen(backlog int) spec.Status {
	s.listens = true
	return s.Socket.Listen(backlog)
}

// nobody is where what is lost goes.
func (s *socket) nobody() netip.AddrPort {
	a := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	if s.net.Over6() {
		a = netip.IPv6Loopback()
	}
	return netip.AddrPortFrom(a, 9)
}

func (s *socket) Start(op *spec.Op) spec.Result {
	b := s.b
	x := &started{op: *op, on: s}
	if into, is := op.Into.(*socket); is {
		x.op.Into = into.Socket
	}
	switch op.Kind {
	case spec.SendTo:
		switch {
		case b.has(unboundSendLost) && !s.bound:
			x.op.To, s.bound = s.nobody(), true
		case b.has(emptyDatagramLost) && len(op.Buf) == 0:
			x.op.To = s.nobody()
		case b.has(longDatagramCut) && len(op.Buf) > 65507:
			x.op.Buf, x.cut = op.Buf[:65507], len(op.Buf)
		}
	case spec.Send:
		x.swallow = b.has(sendOfNothing) && len(op.Buf) == 0 || b.has(sendOver6) && s.net.Over6()
	}
	b.mu.Lock()
	x.swallow = x.swallow || b.has(tokenOnce) && b.used[op.Token]
	b.ops[op.Token], b.used[op.Token] = x, true
	s.order = append(s.order, x)
	b.mu.Unlock()
	r := s.Socket.Start(&x.op)
	if r.How == spec.RefusedAtStart {
		b.mu.Lock()
		delete(b.ops, op.Token)
		s.forget(x)
		b.mu.Unlock()
	}
	if r.How == spec.Done && op.Kind == spec.Receive {
		s.filled(r.N, x)
		x.swallow = x.swallow || b.has(doneOver6) && s.net.Over6()
	}
	return r
}

func (s *socket) Cancel(op *spec.Op) spec.Status {
	b := s.b
	if op == nil {
		return s.cancelAll()
	}
	b.mu.Lock()
	x := b.ops[op.Token]
	beside := len(s.order)
	if b.has(cancelMiddle) && beside == 3 && s.order[1] == x {
		x = s.order[0]
	}
	b.mu.Unlock()
	if x == nil {
		if b.has(cancelTakenBeside) && beside > 0 {
			return spec.Status{}
		}
		return s.Socket.Cancel(&spec.Op{Kind: op.Kind, Token: op.Token})
	}
	st := s.Socket.Cancel(&x.op)
	if x.cancelled && b.has(cancelTwice) && s.port != nil {
		s.port.Port.Post(s.key, op.Token, 0)
	}
	x.cancelled = true
	return st
}

func (s *socket) cancelAll() spec.Status {
	b := s.b
	st := s.Socket.Cancel(nil)
	if b.has(cancelNothingTells) && st.Code == spec.NotFound && s.port != nil {
		s.port.Port.Post(s.key, 0, 0)
	}
	if b.has(cancelAllOfPort) {
		b.mu.Lock()
		var others []*started
		for _, other := range b.all {
			if other != s && other.port == s.port {
				others = append(others, other.order...)
			}
		}
		b.mu.Unlock()
		for _, x := range others {
			x.on.Socket.Cancel(&x.op)
		}
	}
	return st
}

func (s *socket) Close() spec.Status {
	b := s.b
	b.mu.Lock()
	if b.has(closeReceiveOver6) && s.net.Over6() {
		for _, x := range s.order {
			x.swallow = x.swallow || x.op.Kind == spec.Receive
		}
	}
	b.mu.Unlock()
	return s.Socket.Close()
}
