package model

import (
	"net/netip"
	"slices"
	"time"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Backend is a spec.Backend. It is made for one run of its world.
type Backend struct {
	world   *simnet.World
	members []*member
	ports   []*port
	socks   []*socket
	tied    []issued // operations that end with their threads
	bugs    bugs
}

// processors is what a port's limit of 0 stands for.
const processors = 8

// New returns a back end for the next run of w.
func New(w *simnet.World) *Backend { return &Backend{world: w} }

// Reset makes b ready for another run of its world.
func (b *Backend) Reset() {
	for _, m := range b.members {
		*m = member{}
	}
	b.ports, b.socks, b.tied = b.ports[:0], b.socks[:0], b.tied[:0]
}

// Port implements spec.Backend.
func (b *Backend) Port(concurrency int) (spec.Port, spec.Status) {
	if concurrency <= 0 {
		concurrency = processors
	}
	p := &port{b: b, limit: concurrency, waiters: b.world.NewWaitQueue(simnet.LIFO)}
	b.ports = append(b.ports, p)
	return p, stOK
}

// Socket implements spec.Backend.
func (b *Backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	if n > spec.UDP6 {
		return nil, wsaUnsupported
	}
	return b.socket(n, b.sock(n)), stOK
}

// sock makes a simulated socket of the kind.
func (b *Backend) sock(n spec.Network) *simnet.Sock {
	family := 4
	if n.Over6() {
		family = 6
	}
	if n.Datagrams() {
		return b.world.NewDatagram(family)
	}
	return b.world.NewSockOn(family)
}

func (b *Backend) socket(n spec.Network, k *simnet.Sock) *socket {
	s := &socket{b: b, net: n}
	b.socks = append(b.socks, s)
	s.adopt(k)
	return s
}

// Close implements spec.Backend.
func (b *Backend) Close() error {
	for _, p := range b.ports {
		p.Close()
	}
	for _, s := range b.socks {
		s.handles = handles{} // they are all closed with it
		s.Close()
	}
	return nil
}

// socket is an overlapped socket: the connection, and the operations that hang on it.
type socket struct {
	b    *Backend
	net  spec.Network
	k    *simnet.Sock
	port *port
	key  uint64

	bound, listening, connecting, connected bool
	skip, closed                            bool
	handles                                 handles
	noReceive, noSend                       bool // shut down by our side
	reset                                   bool // by the far end, for good
	refused                                 bool // a connect was
	nobody                                  bool // datagrams: nobody was where it sent to, and no receive has been told
	dead                                    bool // see UnreachableKills
	ghost                                   bool // see DatagramForgotten
	needsContext                            bool // has a connection, and was not told how it came to it: see context.go
	lingers                                 bool // see CloseLingers

	starting     *spec.Op  // the accept that is being started
	acceptedBy   *socket   // the listener
	again        spec.Verb // disconnected to be used again, by accept or by connect: see disconnect.go
	parting      *spec.Op  // a disconnect
	disconnected bool
	greeting     []byte // what a connect sends first, as it was when it started

	recvs   []*spec.Op
	unread  []byte // gathered for a receive that waits for all
	sends   []*spec.Op
	sent    int // bytes of the first send that are out
	accepts []*spec.Op
	connect *spec.Op
	keyless []*spec.Op // see LateKeyForgotten
	via     *socket    // the listener whose accept waits for our first bytes
	viaOp   *spec.Op   // that accept
	into    *spec.Op   // an accept that will use this socket
	intoOf  *socket
	pumping bool
}

// adopt makes k the socket's connection.
func (s *socket) adopt(k *simnet.Sock) {
	s.k = k
	k.SetResetDrops(true)
	k.Watch(s)
}

// Bind implements spec.Socket.
func (s *socket) Bind(a netip.AddrPort) spec.Status {
	switch {
	case s.shut():
		return wsaNotSock
	case s.bound:
		return wsaInvalid
	}
	if e := s.k.Bind(a); e == simnet.EAFNOSUPPORT || e == simnet.EINVAL {
		return wsaFault
	} else if e != simnet.OK {
		return wsaInUse
	}
	s.bound = true
	return stOK
}

// Listen implements spec.Socket.
func (s *socket) Listen(backlog int) spec.Status {
	switch {
	case s.shut():
		return wsaNotSock
	case !s.bound || s.connected || s.connecting || s.net.Datagrams():
		return wsaInvalid
	}
	if s.k.Listen(backlog) != simnet.OK {
		return wsaInUse
	}
	s.listening = true
	return stOK
}

func refuse(st spec.Status) spec.Result {
	return spec.Result{How: spec.RefusedAtStart, Status: st}
}

// Start implements spec.Socket.
func (s *socket) Start(op *spec.Op) spec.Result {
	if s.shut() {
		if s.b.bugs.has(ClosedIsInvalid) {
			return refuse(wsaInvalid)
		}
		return refuse(wsaNotSock)
	}
	if op.Event != nil {
		s.b.reset(op)
	}
	res := s.start(op)
	switch {
	case res.How == spec.Pending:
		s.tie(op)
	case res.How == spec.Done && op.Event != nil:
		s.b.signal(op) // also where no packet is queued because the socket skips it
	}
	return res
}

func (s *socket) start(op *spec.Op) spec.Result {
	switch op.Kind {
	case spec.ReceiveFrom:
		return s.startReceiveFrom(op)
	case spec.SendTo:
		return s.startSendTo(op)
	case spec.Receive:
		return s.startReceive(op)
	case spec.Send:
		return s.startSend(op)
	case spec.Accept:
		return s.startAccept(op)
	case spec.Connect:
		return s.startConnect(op)
	case spec.Disconnect:
		return s.startDisconnect(op)
	}
	return refuse(wsaUnsupported)
}

func (s *socket) startReceive(op *spec.Op) spec.Result {
	switch {
	case !s.connected:
		return refuse(wsaNotConnected)
	case s.noReceive:
		return refuse(wsaShutdown)
	case s.reset && s.b.bugs.has(ResetForgotten):
		return s.done(op, 0)
	case s.reset:
		return refuse(wsaReset)
	}
	if s.b.bugs.has(LIFOFill) {
		s.recvs = append([]*spec.Op{op}, s.recvs...)
	} else {
		s.recvs = append(s.recvs, op)
	}
	if len(s.recvs) > 1 {
		return spec.Result{How: spec.Pending}
	}
	n, e := s.receive(op)
	if e == simnet.EAGAIN {
		return spec.Result{How: spec.Pending}
	}
	s.recvs = s.recvs[:0]
	if e != simnet.OK {
		s.reset = true
		return refuse(wsaReset)
	}
	return s.done(op, n)
}

func (s *socket) startSend(op *spec.Op) spec.Result {
	switch {
	case !s.connected && s.b.bugs.has(SendUnconnectedReset):
		return refuse(wsaReset)
	case !s.connected:
		return refuse(wsaNotConnected)
	case s.noSend && s.disconnected && s.b.bugs.has(DisconnectSends):
		return s.done(op, len(op.Buf))
	case s.noSend:
		return refuse(wsaShutdown)
	case s.reset:
		return refuse(wsaReset)
	}
	s.sends = append(s.sends, op)
	if len(s.sends) > 1 {
		return spec.Result{How: spec.Pending}
	}
	s.sent = 0
	e := s.transmit(op)
	if e == simnet.EAGAIN {
		return spec.Result{How: spec.Pending}
	}
	s.sends = s.sends[:0]
	if e != simnet.OK {
		s.reset = true
		return refuse(wsaReset)
	}
	return s.done(op, len(op.Buf))
}

// done answers a start that is complete already. Windows may as well call it pending; its packet is queued then in
// any case.
func (s *socket) done(op *spec.Op, n int) spec.Result {
	if s.b.world.Pick(simnet.KindData, 2) == 1 {
		s.complete(op, n, stOK)
		return spec.Result{How: spec.Pending}
	}
	if !s.skip || s.b.bugs.has(SkipIgnored) {
		s.complete(op, n, stOK)
	}
	return spec.Result{How: spec.Done, N: n}
}

// complete queues the packet of op, if the socket has a port.
func (s *socket) complete(op *spec.Op, n int, st spec.Status) {
	s.deliver(op, spec.Packet{N: n, Status: st, Size: -1})
}

func (s *socket) deliver(op *spec.Op, k spec.Packet) {
	if op.Event != nil {
		s.b.signal(op)
	}
	if s.port == nil || s.port.closed || s.b.silent(op) {
		return
	}
	k.Key, k.Token = s.key, op.Token
	if slices.Contains(s.keyless, op) {
		k.Key = 0
	}
	s.port.enqueue(k)
}

func (s *socket) startConnect(op *spec.Op) spec.Result {
	switch {
	case s.connected:
		return refuse(wsaConnected)
	case s.connecting && s.b.bugs.has(ConnectTwice):
		s.connect = op
		return spec.Result{How: spec.Pending}
	case !s.bound && !s.b.bugs.has(ConnectBinds), s.listening, s.connecting, s.net.Datagrams(), s.into != nil, s.again == spec.Accept:
		return refuse(wsaInvalid)
	case s.refused && s.b.bugs.has(RefusedForGood):
		return refuse(wsaAborted)
	}
	if e := s.k.Connect(op.To); e != simnet.EINPROGRESS && e != simnet.OK {
		return refuse(wsaInvalid)
	}
	s.connecting, s.connect, s.greeting = true, op, op.Buf
	if !s.b.bugs.has(ConnectDataLate) {
		s.greeting = slices.Clone(op.Buf) // the caller's buffer is its own again (Wine ws2_32 tests, sock.c, test_connect)
	}
	return spec.Result{How: spec.Pending}
}

// Cancel implements spec.Socket. An ok means that the cancel was requested of something that was pending; what completes while that goes on its way
// completes as it would have (Microsoft Learn, CancelIoEx: one of three ways). That is left to the world: something may happen in between.
func (s *socket) Cancel(op *spec.Op) spec.Status {
	if s.shut() {
		return wsaNotSock
	}
	found := s.pending(op)
	recvs := s.recvs
	if found {
		s.b.world.Step()
		if s.closed {
			return stOK
		}
	}
	if s.b.bugs.has(CancelLooksFirst) {
		s.recvs = recvs
	}
	s.cancelDisconnect(op)
	take := func(list []*spec.Op) []*spec.Op {
		keep := list[:0]
		for _, x := range list {
			if op != nil && x != op {
				keep = append(keep, x)
				continue
			}
			if x.Kind == spec.Accept {
				s.unhold(x)
			}
			if s.b.bugs.has(CancelForgets) && x.Kind == spec.Send {
				continue
			}
			if s.b.bugs.has(DatagramForgotten) && x.Kind == spec.ReceiveFrom {
				s.ghost = true
			}
			n := 0
			if s.b.bugs.has(CancelCounts) && x.Kind == spec.Receive {
				n = len(x.Buf)
			}
			s.complete(x, n, ntCancelled)
			if s.b.bugs.has(CancelAllSiblings) {
				op = nil
			}
		}
		return keep
	}
	first := len(s.sends) > 0 && (op == nil || op == s.sends[0])
	s.recvs, s.sends, s.accepts = take(s.recvs), take(s.sends), take(s.accepts)
	if first {
		s.sent = 0
	}
	if c := s.connect; c != nil && (op == nil || op == c) {
		s.connect = nil
		s.complete(c, 0, ntCancelled)
	}
	if found {
		s.Changed(s.k, s.k.Ready(), 0)
		return stOK
	}
	if s.b.bugs.has(CancelLate) && op != nil && s.port != nil {
		for _, k := range s.port.queue {
			if k.Token == op.Token {
				s.complete(op, 0, ntCancelled)
				return stOK
			}
		}
	}
	if s.b.bugs.has(NotFoundUnmapped) {
		return spec.Status{Code: spec.NotFound, Space: spec.NTStatus, Native: 0xC0000225}
	}
	return winNotFound
}

// pending reports whether op, or with nil anything, has not completed.
func (s *socket) pending(op *spec.Op) bool {
	if op == nil {
		return len(s.recvs)+len(s.sends)+len(s.accepts) > 0 || s.connect != nil || s.parting != nil
	}
	return s.connect == op || s.parting == op || slices.Contains(s.recvs, op) || slices.Contains(s.sends, op) || slices.Contains(s.accepts, op)
}

// Shutdown implements spec.Socket. What was sent goes out before the end; a receive that is pending stays so.
func (s *socket) Shutdown(side spec.Side) spec.Status {
	switch {
	case s.shut():
		return wsaNotSock
	case s.net.Datagrams():
		s.noReceive = s.noReceive || side != spec.SideSend
		s.noSend = s.noSend || side != spec.SideReceive
		return stOK
	case (!s.connected || s.needsContext) && !s.b.bugs.has(ShutdownOfNothing):
		return wsaNotConnected
	}
	if side != spec.SideSend {
		s.noReceive = true
		if s.b.bugs.has(ShutdownEndsReceives) {
			for _, op := range s.recvs {
				s.complete(op, 0, stOK)
			}
			s.recvs = nil
		}
		if s.b.bugs.has(ShutdownReceiveEnds) {
			s.k.Shutdown(false, true)
		}
	}
	if side != spec.SideReceive && !s.noSend {
		s.noSend = true
		s.endSending()
	}
	return stOK
}

// endSending ends the stream once all sends are out.
func (s *socket) endSending() {
	if s.noSend && len(s.sends) == 0 {
		if !(s.parting != nil && s.b.bugs.has(DisconnectUnheard)) {
			s.k.Shutdown(false, true)
		}
	}
}

// SkipOnSuccess implements spec.Socket.
func (s *socket) SkipOnSuccess() spec.Status {
	if s.shut() {
		return wsaNotSock
	}
	s.skip = true
	return stOK
}

// Local implements spec.Socket.
func (s *socket) Local() (netip.AddrPort, spec.Status) {
	switch {
	case s.shut():
		return netip.AddrPort{}, wsaNotSock
	case s.needsContext && !s.bound && !s.b.bugs.has(ContextIgnored):
		return netip.AddrPort{}, wsaNotConnected
	case !s.bound && !s.connected:
		return netip.AddrPort{}, wsaInvalid
	}
	return s.k.Local(), stOK
}

// Peer implements spec.Socket.
func (s *socket) Peer() (netip.AddrPort, spec.Status) {
	switch {
	case s.shut():
		return netip.AddrPort{}, wsaNotSock
	case !s.connected || s.needsContext && !s.b.bugs.has(ContextIgnored):
		return netip.AddrPort{}, wsaNotConnected
	}
	return s.k.Met(), stOK
}

// ended is what an operation that is outstanding when its socket is closed ends in. Microsoft documents one status (closesocket); of connections two others have been
// seen (Wine ws2_32 tests, sock.c, iocp_async_read_closesocket; cppalliance/corosio#98).
func (s *socket) ended(op *spec.Op) spec.Status {
	if s.b.bugs.has(CloseSaysHandle) {
		return ntHandlesClosed
	}
	if op.Kind != spec.Receive && op.Kind != spec.Send {
		return ntCancelled
	}
	return [...]spec.Status{ntCancelled, ntConnectionAborted, ntLocalDisconnect}[s.b.world.Pick(simnet.KindData, 3)]
}

// Close implements spec.Socket: every outstanding operation is aborted, each with its packet.
func (s *socket) Close() spec.Status {
	if s.shut() {
		return wsaNotSock
	}
	if s.leave() {
		return stOK
	}
	recvs := s.recvs
	if s.b.letIn(CloseListsFirst) {
		s.recvs = recvs
	}
	s.closed = true
	abort := func(list []*spec.Op) {
		for _, op := range list {
			if op.Kind == spec.Accept {
				s.unhold(op)
			}
			s.complete(op, 0, s.ended(op))
		}
	}
	if s.b.bugs.has(CloseRewrites) {
		s.rewrite()
	}
	abort(s.recvs)
	if s.lingers = s.b.bugs.has(CloseLingers) && len(s.sends) > 0; s.lingers {
		s.recvs = nil
		return stOK
	}
	if !s.b.bugs.has(CloseForgetsSends) {
		abort(s.sends)
	}
	if !s.b.bugs.has(CloseForgetsAccepts) {
		abort(s.accepts)
	}
	if s.connect != nil {
		s.complete(s.connect, 0, ntCancelled)
	}
	s.recvs, s.sends, s.accepts, s.connect = nil, nil, nil, nil
	s.cancelDisconnect(nil)
	if op := s.viaOp; op != nil { // an accept that waits for our first bytes
		s.via.accepts = without(s.via.accepts, op)
		st := ntCancelled
		if s.b.world.Pick(simnet.KindData, 2) == 1 {
			st = ntConnectionAborted // either (Wine ws2_32 tests, sock.c, test_completion_port)
		}
		s.via.complete(op, 0, st)
		s.via, s.viaOp = nil, nil
	} else if op := s.into; op != nil { // an accept that would use this socket
		s.intoOf.accepts = without(s.intoOf.accepts, op)
		s.intoOf.complete(op, 0, ntCancelled)
		s.into, s.intoOf = nil, nil
	}
	if s.b.bugs.has(CloseKeepsConnection) {
		s.k.Unwatch(s)
		return stOK
	}
	s.k.Close()
	return stOK
}

// rewrite makes failures of the successes that the port still has. See CloseRewrites.
func (s *socket) rewrite() {
	if s.port == nil {
		return
	}
	for i := range s.port.queue {
		if k := &s.port.queue[i]; k.Key == s.key && k.Sock == nil && k.Status.Ok() {
			k.Status = ntCancelled
		}
	}
}

func without(list []*spec.Op, op *spec.Op) []*spec.Op {
	for i, x := range list {
		if x == op {
			return append(list[:i:i], list[i+1:]...)
		}
	}
	return list
}

var _ interface {
	Wait([]spec.Packet, time.Duration) (int, spec.Status)
} = (*port)(nil)
