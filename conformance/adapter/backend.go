package adapter

import (
	"bytes"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// backend is a back end in another process, for one case. What the adapter says is judged by two measures: what is no possible answer is a fault, and the
// case is given up; all else is passed on as what the back end did, for the rules to judge.
type backend struct {
	conn    *conn
	session *session
	about   *spec.About
	closed  bool

	mu    sync.Mutex
	ids   int64
	ports map[int64]*port
	socks map[int64]*socket
	ops   map[uint64]*operation // without a packet so far, by token
	ended map[uint64]*spec.Op   // where the buffers are shown: those that have had theirs
	posts map[uint64]int
	stray int // packets that nothing was started or posted for
}

// operation is an operation that has been started.
type operation struct {
	op     *spec.Op
	as     int64
	filled bool // by the answer of its start, so that the packet does not write to the buffer once more
}

var _ spec.Backend = (*backend)(nil)

// do makes a request and looks at what every answer has in common.
func (b *backend) do(m *Message, needs ...spec.Capability) (Message, spec.Status) {
	a := b.conn.do(b.session, m)
	if a.Has.Contains(FError) {
		known := "; nothing was done"
		if a.Indefinite {
			known = "; whether it was done it cannot tell"
		}
		b.giveUp(faultAt(Unable, b.conn.proc.log.String(), "%s: %s%s", m.Do, a.ErrorText, known))
	}
	st := statusOf(&a)
	b.declared(m, st, a.How, needs)
	return a, st
}

// giveUp ends the case, and with it the thread that called.
func (b *backend) giveUp(f *Fault) {
	b.session.fail(f)
	runtime.Goexit()
}

func (b *backend) mistake(format string, args ...any) { b.giveUp(faultf(Mistake, format, args...)) }

// declared holds the answer against what was declared.
func (b *backend) declared(m *Message, st spec.Status, how string, needs []spec.Capability) {
	shape, _ := RequestShape(m.Do)
	if m.Do == "socket" && m.Net[:3] == "tcp" && !b.about.Can(spec.CanAccept) && !b.about.Can(spec.CanConnect) {
		return // has datagrams alone
	}
	if m.Do == "shutdown" && b.socket(m.Socket).net.Datagrams() {
		return // has no connection
	}
	if m.To.IsValid() && m.To.Addr().Is6() != b.socket(m.Socket).net.Over6() {
		return // an address of the other family: that is what is not supported
	}
	var missing spec.Capability
	needs = slices.DeleteFunc(append(needs, shape.Needs...), func(c spec.Capability) bool {
		return c == spec.CanPoll || c == spec.CanAccept && b.about.Can(spec.CanPoll) // without which there is nothing to poll
	})
	for _, c := range needs {
		if !b.about.Can(c) {
			missing = c
		}
	}
	switch {
	case st.Code == spec.Unsupported && missing == "" && !shape.Spare:
		if len(needs) == 0 {
			b.giveUp(faultf(Mistake, "%s was answered unsupported, which no back end can do without", m.Do))
		}
		b.giveUp(faultf(Lie, "it declares capability %s, and answered unsupported to %s", needs[0], m.Do))
	case st.Ok() && how != "refused" && missing != "":
		b.giveUp(faultf(Lie, "it does not declare capability %s, and yet %s succeeded", missing, m.Do))
	}
}

func statusOf(m *Message) spec.Status {
	var st spec.Status
	if m.Has.Contains(FStatus) {
		st.Code, _ = spec.CodeByWord(m.Status)
	}
	if m.Has.Contains(FSpace) {
		for _, s := range []spec.Space{spec.NTStatus, spec.Win32, spec.WSA, spec.Errno} {
			if s.String() == m.Space {
				st.Space, st.Native = s, m.Native
			}
		}
	}
	return st
}

func (b *backend) number() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ids++
	return b.ids
}

// Port implements spec.Backend.
func (b *backend) Port(concurrency int) (spec.Port, spec.Status) {
	p := &port{b: b, id: b.number()}
	b.mu.Lock()
	if b.ports == nil {
		b.ports = map[int64]*port{}
	}
	b.ports[p.id] = p
	b.mu.Unlock()
	m := Message{Do: "port", Port: p.id, Concurrency: int64(concurrency), Has: set(FPort, FConcurrency)}
	if _, st := b.do(&m); !st.Ok() {
		return nil, st
	}
	if b.about.Axes.Get("delivery") == "push" {
		return pushPort{p}, spec.Status{}
	}
	return p, spec.Status{}
}

// Socket implements spec.Backend.
func (b *backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	s := b.socket(b.number())
	s.net = n
	var needs []spec.Capability
	if n.Datagrams() {
		needs = append(needs, spec.CanDatagram)
	}
	if n.Over6() {
		needs = append(needs, spec.CanIPv6)
	}
	m := Message{Do: "socket", Socket: s.id, Net: n.String(), Has: set(FSocket, FNet)}
	if _, st := b.do(&m, needs...); !st.Ok() {
		return nil, st
	}
	return s, spec.Status{}
}

// socket returns the socket with that number, made on first use.
func (b *backend) socket(id int64) *socket {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.socks[id]
	if s == nil {
		if b.socks == nil {
			b.socks = map[int64]*socket{}
		}
		s = &socket{b: b, id: id}
		b.socks[id] = s
	}
	return s
}

// Close implements spec.Backend: the adapter is reset, and tells which buffers changed late.
func (b *backend) Close() error {
	m := Message{Do: "reset"}
	a, st := b.do(&m)
	if !st.Ok() {
		b.giveUp(faultf(Mistake, "reset was answered %s; it has to succeed", st))
	}
	b.closed = true
	if len(a.Late) > 0 && !b.shows() {
		b.mistake(`the answer of the reset has "late", which is for axis buffer=caller; it declares %s`, b.about.Axes.Get("buffer"))
	}
	for _, token := range a.Late {
		op := b.ended[token]
		if op == nil || len(op.Buf) == 0 {
			b.mistake("the answer of the reset says that the buffer of %#x was changed late, and there is none", token)
		}
		op.Buf[0] ^= 0xFF // whatever it is now, it is not what it was
	}
	return nil
}

// shows reports whether the adapter tells what became of buffers behind what was received.
func (b *backend) shows() bool { return b.about.Axes.Get("buffer") == "caller" }

type port struct {
	b  *backend
	id int64
	fn func(worker int, p spec.Packet)
}

// Associate implements spec.Port.
func (p *port) Associate(k spec.Socket, key uint64) spec.Status {
	s, mine := k.(*socket)
	if !mine {
		return spec.Is(spec.Invalid)
	}
	m := Message{Do: "associate", Port: p.id, Socket: s.id, Key: key, Has: set(FPort, FSocket, FKey)}
	_, st := p.b.do(&m)
	return st
}

// Post implements spec.Port.
func (p *port) Post(key, token uint64, n int) spec.Status {
	p.b.mu.Lock()
	if p.b.posts == nil {
		p.b.posts = map[uint64]int{}
	}
	p.b.posts[token]++
	p.b.mu.Unlock()
	m := Message{Do: "post", Port: p.id, Key: key, Token: token, Bytes: int64(n), Has: set(FPort, FKey, FToken, FBytes)}
	_, st := p.b.do(&m)
	return st
}

// Close implements spec.Port.
func (p *port) Close() spec.Status {
	m := Message{Do: "close-port", Port: p.id, Has: set(FPort)}
	_, st := p.b.do(&m)
	return st
}

// Wait implements spec.Port.
func (p *port) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	m := Message{Do: "wait", Port: p.id, Max: int64(len(dst)), Timeout: milliseconds(timeout), Has: set(FPort, FMax, FTimeout)}
	a, st := p.b.do(&m)
	switch {
	case st.Ok() && len(a.Packets) == 0:
		p.b.mistake("a wait was answered ok without a packet; it has to be timedout, abandoned or closed")
	case !st.Ok() && len(a.Packets) > 0:
		p.b.mistake("a wait was answered %s, and with packets", st)
	case len(a.Packets) > len(dst):
		p.b.mistake("a wait for up to %d packets brought %d", len(dst), len(a.Packets))
	}
	for i := range a.Packets {
		var f *Fault
		if dst[i], f = p.b.packet(&a.Packets[i]); f != nil {
			p.b.giveUp(f)
		}
	}
	return len(a.Packets), st
}

// milliseconds is a timeout as it stands in a request.
func milliseconds(timeout time.Duration) int64 {
	if timeout < 0 {
		return -1
	}
	return int64((timeout + time.Millisecond - 1) / time.Millisecond)
}

// packet makes a packet of one that was received, and puts the bytes where the program wants them.
func (b *backend) packet(m *Message) (spec.Packet, *Fault) {
	k := spec.Packet{Key: m.Key, Token: m.Token, N: count(m), Status: statusOf(m), From: m.From, Size: -1}
	if m.Has.Contains(FSize) {
		k.Size = int(m.Size)
	}
	b.mu.Lock()
	o := b.claim(m)
	var f *Fault
	if o != nil { // under the lock: a start that has not returned yet finds the buffer filled, as it would be in this process
		f = b.received(o, m, k.N)
	}
	stray, sock := b.stray, b.socks[m.Socket]
	b.mu.Unlock()
	if stray > mostStray {
		return k, faultf(Flood, "there were more than %d packets that nothing was started or posted for", mostStray)
	}
	if m.Has.Contains(FSocket) {
		if sock == nil && (o == nil || o.as != m.Socket) {
			return k, faultf(Mistake, "a packet names socket %d, which there is not", m.Socket)
		}
		k.Sock = b.socket(m.Socket)
	}
	if o != nil && o.op.Kind == spec.Accept && k.Status.Ok() && k.Sock == nil {
		return k, faultf(Mistake, `the packet of an accept that succeeded (token %#x) does not name its socket`, m.Token)
	}
	return k, f
}

// claim finds the operation that a packet ends. nil is that of a post, a phantom or a duplicate: the rules know which.
func (b *backend) claim(m *Message) *operation {
	o := b.ops[m.Token]
	if o != nil && b.posts[m.Token] > 0 && !m.Has.Contains(FData) && !m.Has.Contains(FSocket) {
		o = nil // a post with the token of an operation that is outstanding
	}
	switch {
	case o != nil:
		delete(b.ops, m.Token)
		if b.shows() {
			if b.ended == nil {
				b.ended = map[uint64]*spec.Op{}
			}
			b.ended[m.Token] = o.op
		}
	case b.posts[m.Token] > 0:
		b.posts[m.Token]--
	default:
		b.stray++
	}
	return o
}

// received takes the bytes of a packet, unless the answer of the start has brought them, and what it says of the rest of the buffer.
func (b *backend) received(o *operation, m *Message, n int) *Fault {
	if o.filled {
		if !bytes.Equal(m.Data, o.op.Buf[:min(len(m.Data), len(o.op.Buf))]) {
			return faultf(Mistake, "a %s (token %#x) was done with other bytes than its packet brings", o.op.Kind, m.Token)
		}
	} else if f := b.fill(o.op, m, n); f != nil {
		return f
	}
	return b.beyond(o.op, m, n)
}

func count(m *Message) int {
	if m.Has.Contains(FBytes) {
		return int(m.Bytes)
	}
	return len(m.Data)
}

// fill puts what an operation received into its buffer.
func (b *backend) fill(op *spec.Op, m *Message, n int) *Fault {
	takes := op.Kind == spec.Receive || op.Kind == spec.ReceiveFrom
	if !takes && (op.Kind != spec.Accept || op.Data == 0) {
		if len(m.Data) > 0 {
			return faultf(Mistake, "the packet of a %s (token %#x) has data", op.Kind, op.Token)
		}
		return nil
	}
	if n >= 0 && n <= len(op.Buf) && len(m.Data) != n {
		return faultf(Mistake, "a %s (token %#x) reports %d bytes, and %d came with it", op.Kind, op.Token, n, len(m.Data))
	}
	copy(op.Buf, m.Data)
	return nil
}

// beyond looks at what a packet says of the rest of the buffer.
func (b *backend) beyond(op *spec.Op, m *Message, n int) *Fault {
	if op.Kind != spec.Receive && op.Kind != spec.ReceiveFrom || n < 0 || n >= len(op.Buf) {
		return nil
	}
	switch {
	case !b.shows() && m.Has.Contains(FBeyond):
		return faultf(Mistake, `a packet has "beyond", which is for axis buffer=caller; it declares %s`, b.about.Axes.Get("buffer"))
	case b.shows() && !m.Has.Contains(FBeyond):
		return faultf(Mistake, `the packet of a %s (token %#x) filled a part of its buffer and says nothing on "beyond", as axis buffer=caller demands`, op.Kind, op.Token)
	case m.Beyond == "changed":
		op.Buf[n] ^= 0xFF
	}
	return nil
}

// pushPort is a port of a back end that calls back.
type pushPort struct{ *port }

var _ spec.Pusher = pushPort{}

// Wait says that it cannot be waited on.
func (pushPort) Wait([]spec.Packet, time.Duration) (int, spec.Status) {
	return 0, spec.Is(spec.Unsupported)
}

// Deliver implements spec.Pusher.
func (p pushPort) Deliver(fn func(worker int, p spec.Packet)) {
	p.b.mu.Lock()
	defer p.b.mu.Unlock()
	p.fn = fn
}

// Flush returns when everything has been delivered that was due when it was called: the adapter answers a ping behind it.
func (p pushPort) Flush() {
	m := Message{Do: "ping"}
	p.b.do(&m)
}

// mostStray is how many packets too many are passed on, for the rules to judge, before they are taken for a flood.
const mostStray = 4096

// deliver takes what an adapter says unasked.
func (b *backend) deliver(m *Message) *Fault {
	if b.about.Axes.Get("delivery") != "push" {
		return faultf(Lie, "it delivers without being asked, and does not declare axis delivery=push")
	}
	b.mu.Lock()
	p := b.ports[m.Port]
	b.mu.Unlock()
	if p == nil {
		return faultf(Mistake, "it delivered packets of port %d, which there is not", m.Port)
	}
	for i := range m.Packets {
		k, f := b.packet(&m.Packets[i])
		if f != nil {
			return f
		}
		b.mu.Lock()
		fn := p.fn
		b.mu.Unlock()
		if fn == nil {
			return faultf(Mistake, "it delivered a packet before its port was there")
		}
		fn(int(m.Worker), k)
	}
	return nil
}

func (b *backend) address(do string, id int64) (netip.AddrPort, spec.Status) {
	m := Message{Do: do, Socket: id, Has: set(FSocket)}
	a, st := b.do(&m)
	if st.Ok() && !a.Has.Contains(FAddress) {
		b.mistake("%s was answered ok without an address", do)
	}
	return a.Address, st
}
