package adapter

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// Serve is an adapter for a back end in Go: it answers the requests that come from in, on out, until in ends. A new back end is opened for every case,
// at its first request. The error tells why it could not go on; a request that is no request is one.
//
//	func main() {
//		err := adapter.Serve(os.Stdin, os.Stdout, about, func() (spec.Backend, error) { return mine.New(), nil })
//		...
//	}
//
// It is also the protocol's other end by which the host is tested, and an example of one: every request that blocks runs beside the others.
func Serve(in io.Reader, out io.Writer, about spec.About, open func() (spec.Backend, error)) error {
	s := &server{about: about}
	s.open = func() (caller, error) {
		b, err := open()
		if err != nil {
			return nil, err
		}
		return &portServer{server: s, backend: b, ports: map[int64]spec.Port{}, socks: map[int64]spec.Socket{}, ids: map[spec.Socket]int64{}, ops: map[uint64]*served{}}, nil
	}
	return s.serve(in, out)
}

func (s *server) serve(in io.Reader, out io.Writer) error {
	s.out.wake, s.out.batch = make(chan struct{}, 1), 64
	ended := make(chan error, 1)
	quit := make(chan struct{})
	go func() { ended <- s.write(out, quit) }()
	err := s.read(bufio.NewReaderSize(in, 64<<10))
	close(quit)
	if s.calls != nil {
		err = errors.Join(err, s.calls.close(&Message{}))
	}
	return errors.Join(err, <-ended)
}

// server takes requests and gives answers.
type server struct {
	about spec.About
	open  func() (caller, error)
	calls caller // of this case, nil before its first request

	outMu sync.Mutex
	out   outbox

	mu    sync.Mutex
	epoch int // cases so far
}

// caller makes the calls of a back end, and has it closed.
type caller interface {
	// call makes the call that m asks for and writes to a what came of it; it reports false if it answers later.
	call(m, a *Message, epoch int) bool
	// close writes to a what is to be said when everything is over.
	close(a *Message) error
}

// portServer makes the calls of a completion back end, for one case.
type portServer struct {
	*server
	backend spec.Backend

	ports  map[int64]spec.Port
	socks  map[int64]spec.Socket
	ids    map[spec.Socket]int64
	ops    map[uint64]*served // by token
	served []*served          // to be looked at once more
}

// served is an operation as an adapter sees it.
type served struct {
	spec.Op
	as   int64
	kept []byte // what the buffer held when the packet was taken
}

// fill is what is in a receive's buffer before.
const fill = 0xA5

func (s *server) read(r *bufio.Reader) error {
	var line []byte
	for {
		var err error
		if line, err = readLine(r, line); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		requests, err := Line(line)
		if err != nil {
			return err
		}
		for i := range requests {
			m := &requests[i]
			shape, known := RequestShape(m.Do)
			if !known {
				return fmt.Errorf("no request: %s", shown(line, 200))
			}
			if err := shape.Check(m); err != nil {
				return fmt.Errorf("%s: %w: %s", m.Do, err, shown(line, 200))
			}
			s.request(m)
		}
	}
}

// write passes answers on, those together that are there.
func (s *server) write(out io.Writer, quit <-chan struct{}) error {
	var b []byte
	for last := false; ; {
		for {
			if b = s.out.swap(b, &s.outMu); len(b) == 0 {
				break
			}
			if _, err := out.Write(b); err != nil {
				return err
			}
		}
		if last {
			return nil
		}
		select {
		case <-s.out.wake:
		case <-quit:
			last = true
		}
	}
}

// say answers. An answer that belongs to a case which is over is not sent.
func (s *server) say(epoch int, m *Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if epoch != s.epoch {
		return
	}
	s.outMu.Lock()
	s.out.add(m)
	s.outMu.Unlock()
	s.out.stir()
}

func withStatus(m *Message, st spec.Status) {
	if !st.Ok() {
		m.Status, m.Has = st.Code.String(), m.Has.With(FStatus)
	}
	if st.Space != spec.NoSpace {
		m.Space, m.Native, m.Has = st.Space.String(), st.Native, m.Has.With(FSpace, FNative)
	}
}

func (s *server) request(m *Message) {
	a := &Message{ID: m.ID, Has: set(FID)}
	s.mu.Lock()
	epoch := s.epoch
	s.mu.Unlock()
	switch m.Do {
	case "hello":
		a.Protocol, a.Name, a.Version, a.OS = Version, s.about.Name, s.about.Version, s.about.OS
		a.Has = a.Has.With(FProtocol, FName, FVersion, FOS, FCapabilities, FAxes, FBatch)
		a.Capabilities, a.Axes, a.Batch = []string{}, s.about.Axes, 64
		for _, c := range declarable() {
			if sayable(spec.Capability(c), s.about.Can(spec.CanPoll)) && s.about.Can(spec.Capability(c)) {
				a.Capabilities = append(a.Capabilities, c)
			}
		}
	case "ping":
	case "reset":
		epoch = s.reset(a)
	default:
		if err := s.ready(); err != nil {
			unable(a, "the back end could not be opened: %v", err)
		} else if !s.calls.call(m, a, epoch) {
			return // answered later
		}
	}
	s.say(epoch, a)
}

// reset closes the back end, and forgets.
func (s *server) reset(a *Message) (epoch int) {
	if s.calls != nil {
		if err := s.calls.close(a); err != nil {
			a.ErrorText, a.Has = err.Error(), a.Has.With(FError)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
	s.epoch++
	return s.epoch
}

// close looks at every buffer once more.
func (s *portServer) close(a *Message) error {
	err := s.backend.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.served {
		for i := range o.kept {
			if o.kept[i] != o.Buf[i] {
				a.Late, a.Has = append(a.Late, o.Token), a.Has.With(FLate)
				break
			}
		}
	}
	return err
}

// ready opens a back end for a case.
func (s *server) ready() (err error) {
	if s.calls == nil {
		s.calls, err = s.open()
	}
	return err
}

// unable is the answer that something could not be done, and was not.
func unable(a *Message, format string, args ...any) bool {
	a.ErrorText, a.Has = fmt.Sprintf(format, args...), a.Has.With(FError)
	return true
}

func (s *portServer) call(m, a *Message, epoch int) bool {
	s.mu.Lock()
	p, k := s.ports[m.Port], s.socks[m.Socket]
	s.mu.Unlock()
	switch m.Do {
	case "port":
		p, st := s.backend.Port(int(m.Concurrency))
		if withStatus(a, st); st.Ok() {
			s.mu.Lock()
			s.ports[m.Port] = p
			s.mu.Unlock()
			if push, is := p.(spec.Pusher); is && s.about.Axes.Get("delivery") == "push" {
				id := m.Port
				push.Deliver(func(worker int, k spec.Packet) { s.deliver(id, epoch, worker, &k) })
			}
		}
		return true
	case "socket":
		k, st := s.backend.Socket(networkOf(m.Net))
		if withStatus(a, st); st.Ok() {
			s.know(m.Socket, k)
		}
		return true
	}
	if m.Has.Contains(FPort) && p == nil {
		return unable(a, "there is no port %d", m.Port)
	}
	if m.Has.Contains(FSocket) && k == nil {
		return unable(a, "there is no socket %d", m.Socket)
	}
	switch m.Do {
	case "associate":
		withStatus(a, p.Associate(k, m.Key))
	case "post":
		withStatus(a, p.Post(m.Key, m.Token, int(m.Bytes)))
	case "close-port":
		withStatus(a, p.Close())
	case "wait":
		go s.wait(p, m, a, epoch)
		return false
	case "bind":
		withStatus(a, k.Bind(m.Address))
	case "listen":
		withStatus(a, k.Listen(int(m.Backlog)))
	case "local", "peer":
		f := k.Local
		if m.Do == "peer" {
			f = k.Peer
		}
		at, st := f()
		if withStatus(a, st); st.Ok() {
			a.Address, a.Has = at, a.Has.With(FAddress)
		}
	case "cancel":
		s.mu.Lock()
		o := s.ops[m.Token]
		s.mu.Unlock()
		switch {
		case !s.about.Can(spec.CanCancel):
			withStatus(a, spec.Is(spec.Unsupported))
		case o == nil:
			withStatus(a, spec.Is(spec.NotFound))
		default:
			withStatus(a, k.Cancel(&o.Op))
		}
	case "cancel-all":
		withStatus(a, k.Cancel(nil))
	case "shutdown":
		withStatus(a, k.Shutdown(sideOf(m.Side)))
	case "skip":
		withStatus(a, k.SkipOnSuccess())
	case "close":
		withStatus(a, k.Close())
	default:
		return s.start(m, a, k)
	}
	return true
}

func networkOf(word string) spec.Network {
	return map[string]spec.Network{"tcp4": spec.TCP4, "tcp6": spec.TCP6, "udp4": spec.UDP4, "udp6": spec.UDP6}[word]
}

func sideOf(word string) spec.Side {
	return map[string]spec.Side{"receive": spec.SideReceive, "send": spec.SideSend, "both": spec.SideBoth}[word]
}

func (s *portServer) know(id int64, k spec.Socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.socks[id], s.ids[k] = k, id
}

// start starts an operation.
func (s *portServer) start(m, a *Message, k spec.Socket) bool {
	kind, _ := spec.VerbByWord(m.Do)
	o := &served{as: m.As, Op: spec.Op{Kind: kind, Token: m.Token, Buf: m.Data, To: m.To}}
	if m.WaitAll {
		o.Flags |= spec.WaitAll
	}
	if m.Reuse {
		o.Flags |= spec.Reuse
	}
	if m.Has.Contains(FLength) {
		o.Buf = make([]byte, m.Length)
		for i := range o.Buf {
			o.Buf[i] = fill
		}
		if kind == spec.Accept {
			o.Data = int(m.Length)
		}
	}
	s.mu.Lock()
	if m.Has.Contains(FInto) {
		o.Into = s.socks[m.Into]
	}
	before := s.ops[m.Token]
	s.ops[m.Token] = o
	s.mu.Unlock()
	res := k.Start(&o.Op)
	withStatus(a, res.Status)
	switch res.How {
	case spec.RefusedAtStart:
		a.How, a.Has = "refused", a.Has.With(FHow)
		s.mu.Lock()
		if s.ops[m.Token] == o {
			s.ops[m.Token] = before
		}
		s.mu.Unlock()
	case spec.Done:
		a.How, a.Bytes, a.Has = "done", int64(res.N), a.Has.With(FHow, FBytes)
		s.received(a, o, res.N)
		if res.From.IsValid() {
			a.From, a.Has = res.From, a.Has.With(FFrom)
		}
		if kind == spec.ReceiveFrom && res.Size >= 0 {
			a.Size, a.Has = int64(res.Size), a.Has.With(FSize)
		}
	}
	return true
}

// received puts what came into a message.
func (s *portServer) received(a *Message, o *served, n int) {
	if o.Kind == spec.Receive || o.Kind == spec.ReceiveFrom || o.Kind == spec.Accept && o.Data > 0 {
		a.Data, a.Has = o.Buf[:max(0, min(n, len(o.Buf)))], a.Has.With(FData)
	}
}

// wait waits, beside everything else, and answers.
func (s *portServer) wait(p spec.Port, m, a *Message, epoch int) {
	dst := make([]spec.Packet, min(max(m.Max, 1), 1024))
	n, st := p.Wait(dst, timeoutOf(m))
	withStatus(a, st)
	if n > 0 {
		a.Has = a.Has.With(FPackets)
		a.Packets = make([]Message, n)
		for i := range dst[:n] {
			s.packet(&a.Packets[i], &dst[i])
		}
	}
	s.say(epoch, a)
}

// timeoutOf is how long a wait may take.
func timeoutOf(m *Message) time.Duration {
	if m.Timeout < 0 {
		return -1
	}
	return time.Duration(m.Timeout) * time.Millisecond
}

// deliver passes on a packet with which the back end has called back.
func (s *portServer) deliver(port int64, epoch, worker int, k *spec.Packet) {
	m := &Message{Do: Deliver.Name, Port: port, Worker: int64(worker), Packets: make([]Message, 1), Has: set(FDo, FPort, FWorker, FPackets)}
	s.packet(&m.Packets[0], k)
	s.say(epoch, m)
}

// packet writes a packet.
func (s *portServer) packet(m *Message, k *spec.Packet) {
	*m = Message{Key: k.Key, Token: k.Token, Bytes: int64(k.N), Has: set(FKey, FToken, FBytes)}
	withStatus(m, k.Status)
	if k.From != (netip.AddrPort{}) {
		m.From, m.Has = k.From, m.Has.With(FFrom)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.ops[k.Token]
	if k.Sock != nil {
		id, known := s.ids[k.Sock]
		if !known && o != nil {
			id = o.as
			s.socks[id], s.ids[k.Sock] = k.Sock, id
		}
		m.Socket, m.Has = id, m.Has.With(FSocket)
	}
	if o == nil {
		return
	}
	delete(s.ops, k.Token)
	if o.Kind == spec.ReceiveFrom && k.Size >= 0 {
		m.Size, m.Has = int64(k.Size), m.Has.With(FSize)
	}
	s.received(m, o, k.N)
	if o.Kind != spec.Receive && o.Kind != spec.ReceiveFrom || s.about.Axes.Get("buffer") != "caller" {
		return
	}
	if k.N >= 0 && k.N < len(o.Buf) {
		m.Beyond, m.Has = "intact", m.Has.With(FBeyond)
		for _, b := range o.Buf[k.N:] {
			if b != fill {
				m.Beyond = "changed"
			}
		}
	}
	o.kept = append([]byte(nil), o.Buf...)
	s.served = append(s.served, o)
}
