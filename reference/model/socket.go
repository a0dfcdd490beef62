package model

import (
	"net/netip"
	"slices"
	"time"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// socket is an overlapped socket: the connection, and the operations that hang on it.
type socket struct {
	b      *Backend
	object simnet.Object // for searches: what is below
	net    spec.Network
	k      *simnet.Sock
	port   *port
	key    uint64

	bound, listening, connecting, connected bool
	skip, closed                            bool
	handles                                 handles
	last                                    netip.AddrPort // of a listener: who was accepted last, for AcceptNamesLast
	noReceive, noSend                       bool           // shut down by our side
	ending                                  bool           // the end of the stream is on its way to the connection
	reset                                   bool           // by the far end, for good
	refused                                 bool           // a connect was
	nobody                                  bool           // datagrams: nobody was where it sent to, and no receive has been told
	dead                                    bool           // see UnreachableKills
	ghost                                   bool           // see DatagramForgotten
	needsContext                            bool           // has a connection, and was not told how it came to it: see context.go
	lingers                                 bool           // see CloseLingers
	mute                                    bool           // see LowBitStays
	gathers                                 bool           // see CloseLetsGather

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
	keyless []*spec.Op     // see LateKeyForgotten
	drain   *spec.Op       // see CloseDrains
	starter *simnet.Thread // of the last receive; see ReceivesByThread
	via     *socket        // the listener whose accept waits for our first bytes
	viaOp   *spec.Op       // that accept
	into    *spec.Op       // an accept that will use this socket
	intoOf  *socket
	pumping bool
}

// adopt makes k the socket's connection.
func (s *socket) adopt(k *simnet.Sock) {
	s.k = k
	k.SetResetDrops(true)
	k.Watch(s)
}

// touch tells a search that the step being taken goes by the socket, and changes it.
func (s *socket) touch() { s.b.world.Touch(s.object, true) }

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
		s.mute = s.b.bugs.has(LowBitStays) && op.Flags&spec.EventOnly != 0
	}
	res := s.start(op)
	switch {
	case res.How == spec.Pending:
		if op.Event != nil && s.b.letIn(EventResetLate) {
			s.b.reset(op)
		}
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
	if recvs := s.asTheyAre(ReceivesWrittenBack, s.recvs); s.b.letIn(ReceivesWrittenBack) {
		s.recvs = recvs
	}
	t := s.b.world.Current()
	if s.b.bugs.has(LIFOFill) || s.b.bugs.has(ReceivesByThread) && s.starter != t || s.b.bugs.has(ReceivesHold32) && len(s.recvs) >= 32 {
		s.recvs = append([]*spec.Op{op}, s.recvs...)
	} else {
		s.recvs = append(s.recvs, op)
	}
	s.starter = t
	if len(s.recvs) > 1 {
		return spec.Result{How: spec.Pending}
	}
	if s.b.bugs.has(ListedLate) {
		s.recvs = s.recvs[:0]
	}
	n, e := s.receive(op)
	if e == simnet.EAGAIN && s.b.letIn(ListedLate) {
		s.recvs = append(s.recvs, op)
	}
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
	case s.needsContext && s.b.bugs.has(SendNeedsContext):
		s.complete(op, 0, spec.Is(spec.NotConnected))
		return spec.Result{How: spec.Pending}
	case !s.connected && s.b.bugs.has(SendUnconnectedReset):
		return refuse(wsaReset)
	case !s.connected:
		return refuse(wsaNotConnected)
	case s.noSend && s.disconnected && s.b.bugs.has(DisconnectSends):
		return s.done(op, len(op.Buf))
	case s.noSend && s.handles.by != s.handles.shutBy && s.b.bugs.has(ShutPerHandle):
		return s.done(op, len(op.Buf))
	case s.noSend:
		return refuse(wsaShutdown)
	case s.reset:
		return refuse(wsaReset)
	}
	s.b.letIn(SendChecksFirst)
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
	if s.b.letIn(CountShared) {
		return s.done(op, s.sent)
	}
	return s.done(op, len(op.Buf))
}

// done answers a start that is complete already. Windows may as well call it pending; its packet is queued then in
// any case.
func (s *socket) done(op *spec.Op, n int) spec.Result {
	if op.Kind == spec.Send && s.port == nil && s.acceptedBy != nil && s.b.bugs.has(AcceptedHasPort) {
		s.acceptedBy.complete(op, n, stOK)
	}
	if s.b.world.Pick(simnet.KindData, 2) == 1 {
		s.complete(op, n, stOK)
		return spec.Result{How: spec.Pending}
	}
	if !s.skip || s.b.bugs.has(SkipIgnored) || s.handles.by != s.handles.skipBy && s.b.bugs.has(SkipPerHandle) {
		s.complete(op, n, stOK)
	}
	return spec.Result{How: spec.Done, N: s.lookedUp(op, n)}
}

// complete queues the packet of op, if the socket has a port.
func (s *socket) complete(op *spec.Op, n int, st spec.Status) {
	s.deliver(op, spec.Packet{N: n, Status: st, Size: -1})
}

func (s *socket) deliver(op *spec.Op, k spec.Packet) {
	if op.Event != nil {
		s.b.signal(op)
	}
	if s.port == nil || s.port.closed || s.b.silent(op) || s.mute {
		return
	}
	k.Key, k.Token = s.key, op.Token
	if slices.Contains(s.keyless, op) {
		k.Key = 0
	}
	if !s.port.replaced(k) {
		s.port.enqueue(k)
	}
}

func (s *socket) startConnect(op *spec.Op) spec.Result {
	switch {
	case s.connected:
		if s.b.bugs.has(RefusalAbandons) {
			s.k.Close()
		}
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
	if side != spec.SideSend || s.b.bugs.has(ShutdownSendEnds) {
		s.noReceive = true
		if s.b.bugs.has(ShutdownEndsReceives) {
			for _, op := range s.recvs {
				s.complete(op, 0, stOK)
			}
			s.recvs = s.recvs[:0]
		}
		if s.b.bugs.has(ShutdownReceiveEnds) {
			s.k.Shutdown(false, true)
		}
	}
	if side != spec.SideReceive && !s.noSend {
		s.noSend, s.handles.shutBy = true, s.handles.by
		s.endSending()
	}
	return stOK
}

// endSending ends the stream once all sends are out.
func (s *socket) endSending() {
	if s.noSend && len(s.sends) == 0 && !s.ending {
		s.ending = true // what it changes leads back to here
		if !(s.parting != nil && s.b.bugs.has(DisconnectUnheard)) {
			s.k.Shutdown(false, true)
		}
		s.ending = false
	}
}

// SkipOnSuccess implements spec.Socket.
func (s *socket) SkipOnSuccess() spec.Status {
	if s.shut() {
		return wsaNotSock
	}
	s.skip, s.handles.skipBy = true, s.handles.by
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
	case s.connect != nil && s.b.bugs.has(NamedWhileConnecting):
		return s.connect.To, stOK
	case s.noReceive && s.noSend && s.b.bugs.has(NameEndsWithShutdown):
		return netip.AddrPort{}, wsaNotConnected
	case !s.connected || s.needsContext && !s.b.bugs.has(ContextIgnored):
		return netip.AddrPort{}, wsaNotConnected
	}
	return s.k.Met(), stOK
}

var _ interface {
	Wait([]spec.Packet, time.Duration) (int, spec.Status)
} = (*port)(nil)
