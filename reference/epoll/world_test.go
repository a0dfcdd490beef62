package epoll_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// world is where a test runs: a back end, a port, and the far end, which is played with plain
// non-blocking sockets.
type world struct {
	testing.TB
	real    bool // the kernel of this machine
	k, far  epoll.Kernel
	b       *epoll.Backend
	p       spec.Port
	sleep   func(time.Duration)
	spawn   func(name string, f func())
	join    func() // until the threads that were spawned have ended
	settle  func() // until everything else has stopped
	patient time.Duration
	quiet   time.Duration
}

// collect, if set, gets the programs instead of everywhere.
var collect func(program func(w *world))

// everywhere runs program in every world that there is.
func everywhere(t *testing.T, program func(w *world)) {
	t.Helper()
	if collect != nil {
		collect(program)
		return
	}
	t.Run("linux", func(t *testing.T) { onLinux(t, program) })
	t.Run("sim", func(t *testing.T) {
		simulated := newSimulation()
		defer simulated.w.Close()
		simulated.run(t, "dull", simnet.Dull(), program)
		for seed := range uint64(100) {
			simulated.run(t, fmt.Sprint("uniform ", seed), simnet.Uniform(seed), program)
			simulated.run(t, fmt.Sprint("lazy ", seed), simnet.Lazy(seed), program)
			if t.Failed() {
				return
			}
		}
	})
}

type simulation struct{ w *simnet.World }

func newSimulation() simulation { return simulation{simnet.New(simnet.Options{StepCap: 400_000})} }

// run is one run in the simulated world.
func (s simulation) run(t testing.TB, source string, src simnet.Source, program func(w *world)) {
	t.Helper()
	if outcome := s.runWith(t, src, program); !outcome.OK() {
		t.Errorf("%s: %v", source, outcome)
	}
}

// runWith runs the program with the bugs planted.
func (s simulation) runWith(t testing.TB, src simnet.Source, program func(w *world), bugs ...string) simnet.Outcome {
	s.w.Reset(src)
	outcome := s.w.Run(func() {
		w := &world{
			TB: t, k: s.w.NewKernel(), far: s.w.NewKernel(), sleep: s.w.Sleep, settle: s.w.Settle, join: s.w.Settle,
			spawn:   func(name string, f func()) { s.w.Go(name, f) },
			patient: time.Hour, quiet: 5 * time.Second, // beyond the horizon: only when nothing else goes on
		}
		w.start(program, bugs...)
	})
	if p, is := t.(*probe); is && !outcome.OK() {
		p.Errorf("%v", outcome.Verdict)
	}
	return outcome
}

func (w *world) start(program func(w *world), bugs ...string) {
	w.b = epoll.New(w.k)
	if err := w.b.Plant(bugs...); err != nil {
		w.Fatal(err)
	}
	defer w.b.Close()
	w.p = w.port()
	program(w)
}

func (w *world) port() spec.Port {
	w.Helper()
	p, st := w.b.Port(0)
	for st.Code == spec.NoResources { // runs with faults
		p, st = w.b.Port(0)
	}
	w.want("port", st, spec.OK)
	return p
}

func (w *world) socket() spec.Socket {
	w.Helper()
	s, st := w.b.Socket(spec.TCP4)
	w.want("socket", st, spec.OK)
	return s
}

func (w *world) want(what string, st spec.Status, code spec.Code) {
	w.Helper()
	if st.Code != code {
		w.Fatalf("%s: %v, want %v", what, st, code)
	}
}

// ended wants what a wait returns that was under way when its port was closed. On the real kernel it may have begun after that, however long it was given.
func (w *world) ended(st spec.Status) {
	w.Helper()
	if st.Code != spec.Closed || !w.real {
		w.want("wait", st, spec.Abandoned)
	}
}

func (w *world) refused(what string, r spec.Result, code spec.Code) {
	w.Helper()
	if r.How != spec.RefusedAtStart || r.Status.Code != code {
		w.Fatalf("%s: %v %v, want refused %v", what, r.How, r.Status, code)
	}
}

func (w *world) started(what string, r spec.Result) {
	w.Helper()
	if r.How == spec.RefusedAtStart {
		w.Fatalf("%s: refused, %v", what, r.Status)
	}
}

var anyPort = netip.MustParseAddrPort("127.0.0.1:0")

// listener makes a listening socket on the port.
func (w *world) listener(key uint64) (spec.Socket, netip.AddrPort) {
	w.Helper()
	l := w.socket()
	w.want("bind", l.Bind(anyPort), spec.OK)
	w.want("listen", l.Listen(16), spec.OK)
	w.want("associate", w.p.Associate(l, key), spec.OK)
	addr, st := l.Local()
	w.want("local", st, spec.OK)
	return l, addr
}

// pair makes a connection: a socket on the port with the key, and its far end.
func (w *world) pair(key uint64) (spec.Socket, *farEnd) {
	w.Helper()
	s, f := w.loosePair()
	w.want("associate", w.p.Associate(s, key), spec.OK)
	return s, f
}

// loosePair makes a connection that has no port yet.
func (w *world) loosePair() (spec.Socket, *farEnd) {
	w.Helper()
	l, addr := w.listener(1)
	op := &spec.Op{Kind: spec.Accept, Token: 1}
	w.started("accept", l.Start(op))
	f := w.dial(addr)
	s := w.next(1).Sock
	w.want("close", l.Close(), spec.OK)
	return s, f
}

// next waits for one packet and checks its token.
func (w *world) next(token uint64) spec.Packet {
	w.Helper()
	var dst [1]spec.Packet
	n, st := w.p.Wait(dst[:], w.patient)
	if n != 1 || !st.Ok() {
		w.Fatalf("wait for %d: %d packets, %v", token, n, st)
	}
	if dst[0].Token != token {
		w.Fatalf("packet of %d, want %d: %+v", dst[0].Token, token, dst[0])
	}
	return dst[0]
}

// ends waits for the packet of an operation and checks how it ended.
func (w *world) ends(token uint64, code spec.Code, n int) {
	w.Helper()
	if pkt := w.next(token); pkt.Status.Code != code || pkt.N != n {
		w.Fatalf("operation %d ended %v with %d bytes, want %v with %d", token, pkt.Status, pkt.N, code, n)
	}
}

// nothing checks that no packet comes.
func (w *world) nothing() {
	w.Helper()
	var dst [1]spec.Packet
	if n, st := w.p.Wait(dst[:], w.quiet); n != 0 || st.Code != spec.TimedOut {
		w.Fatalf("want no packet: %d, %v, %+v", n, st, dst[0])
	}
}

func receive(token uint64, size int) *spec.Op {
	return &spec.Op{Kind: spec.Receive, Token: token, Buf: make([]byte, size)}
}

func send(token uint64, text string) *spec.Op {
	return &spec.Op{Kind: spec.Send, Token: token, Buf: []byte(text)}
}

// farEnd is the other end of a connection.
type farEnd struct {
	w    *world
	fd   int
	addr netip.AddrPort
}

func (w *world) dial(to netip.AddrPort) *farEnd {
	w.Helper()
	f := &farEnd{w: w}
	var errno int
	f.fd, errno = w.far.Socket(4)
	if errno == 0 {
		errno = w.far.Connect(f.fd, to)
	}
	if errno != 0 && errno != 115 {
		w.Fatalf("far end: connect: errno %d", errno)
	}
	for {
		if _, errno := w.far.RemoteAddr(f.fd); errno == 0 {
			f.addr, _ = w.far.LocalAddr(f.fd)
			return f
		}
		if errno := w.far.SocketError(f.fd); errno != 0 {
			w.Fatalf("far end: connect: errno %d", errno)
		}
		w.sleep(time.Millisecond)
	}
}

const eagain = 11

func (f *farEnd) send(text string) {
	f.w.Helper()
	for b := []byte(text); len(b) > 0; {
		n, errno := f.w.far.Send(f.fd, b)
		b = b[n:]
		if errno == eagain {
			f.w.sleep(time.Millisecond)
		} else if errno != 0 {
			f.w.Fatalf("far end: send: errno %d", errno)
		}
	}
}

// read reads n bytes, fewer at the end of the stream or at an error, and returns the error's number.
func (f *farEnd) read(n int) (string, int) {
	b := make([]byte, n)
	for at := 0; at < n; {
		got, errno := f.w.far.Recv(f.fd, b[at:])
		at += got
		switch {
		case errno == eagain:
			f.w.sleep(time.Millisecond)
		case errno != 0 || got == 0:
			return string(b[:at]), errno
		}
	}
	return string(b), 0
}

func (f *farEnd) reads(text string) {
	f.w.Helper()
	if got, errno := f.read(len(text)); got != text {
		f.w.Fatalf("far end read %q (errno %d), want %q", got, errno, text)
	}
}

// readsEnd checks that the stream has ended in good order.
func (f *farEnd) readsEnd() {
	f.w.Helper()
	if got, errno := f.read(1); got != "" || errno != 0 {
		f.w.Fatalf("far end read %q, errno %d; want the end of the stream", got, errno)
	}
}

func (f *farEnd) halfClose() { f.w.far.Shutdown(f.fd, 1) }
func (f *farEnd) close()     { f.w.far.Close(f.fd) }
func (f *farEnd) abort()     { f.w.far.SetLinger(f.fd, 0); f.w.far.Close(f.fd) }
