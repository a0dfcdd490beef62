package epoll_test

import (
	"fmt"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// echo is the server that completion ports are made for: workers in a loop of wait, handle, start the
// next operation.
type echo struct {
	w        *world
	l        spec.Socket
	addr     netip.AddrPort
	sessions []*session
	accepted atomic.Int64
	ended    atomic.Int64
	packets  atomic.Int64
	starts   atomic.Int64
	quit     int64
	left     atomic.Int64 // workers that have returned
	wrong    atomic.Pointer[string]
}

type session struct {
	accept, receive, send operation
	sock                  spec.Socket
	handling              atomic.Int32 // threads in the handler of the session's receives
}

type operation struct {
	spec.Op
	outstanding atomic.Int32
}

const (
	tokenAccept = iota
	tokenReceive
	tokenSend
	tokenQuit
)

func newEcho(w *world, sessions, accepts, size int) *echo {
	e := &echo{w: w, quit: int64(sessions)}
	e.l, e.addr = w.listener(1 << 40)
	e.sessions = make([]*session, sessions)
	for i := range e.sessions {
		s := &session{}
		buf := make([]byte, size)
		token := uint64(i) << 2
		s.accept.Op = spec.Op{Kind: spec.Accept, Token: token + tokenAccept}
		s.receive.Op = spec.Op{Kind: spec.Receive, Token: token | tokenReceive, Buf: buf}
		s.send.Op = spec.Op{Kind: spec.Send, Token: token | tokenSend}
		e.sessions[i] = s
	}
	for range accepts {
		e.postAccept()
	}
	return e
}

func (e *echo) fail(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	e.wrong.CompareAndSwap(nil, &text)
}

func (e *echo) start(s spec.Socket, op *operation) {
	if op.outstanding.Add(1) != 1 {
		e.fail("%v %d is started while outstanding", op.Kind, op.Token)
	}
	e.starts.Add(1)
	kind, token := op.Kind, op.Token // op may be somebody else's when Start returns
	if r := s.Start(&op.Op); r.How == spec.RefusedAtStart {
		e.fail("%v %d is refused: %v", kind, token, r.Status)
	}
}

func (e *echo) postAccept() {
	if i := e.accepted.Add(1) - 1; int(i) < len(e.sessions) {
		e.start(e.l, &e.sessions[i].accept)
	}
}

// work is a worker.
func (e *echo) work(batch int) {
	defer e.left.Add(1)
	dst := make([]spec.Packet, batch)
	for {
		n, st := e.w.p.Wait(dst, -1)
		if !st.Ok() {
			e.fail("wait: %v", st)
			return
		}
		stop := false
		for i := range dst[:n] {
			stop = !e.handle(&dst[i]) || stop
		}
		if stop {
			return
		}
	}
}

func (e *echo) handle(pkt *spec.Packet) bool {
	kind := pkt.Token & 3
	if kind == tokenQuit {
		e.w.p.Post(0, tokenQuit, 0) // for the next worker
		return false
	}
	e.packets.Add(1)
	s := e.sessions[pkt.Token>>2]
	op := [...]*operation{&s.accept, &s.receive, &s.send}[kind]
	if op.outstanding.Add(-1) != 0 {
		e.fail("%v %d has a packet and was not outstanding", op.Kind, op.Token)
		return true
	}
	if !pkt.Status.Ok() {
		e.fail("%v %d: %v", op.Kind, op.Token, pkt.Status)
		return true
	}
	switch kind {
	case tokenAccept:
		e.postAccept()
		s.sock = pkt.Sock
		if st := e.w.p.Associate(s.sock, pkt.Token>>2); !st.Ok() {
			e.fail("associate: %v", st)
		}
		e.start(s.sock, &s.receive)
	case tokenReceive:
		if pkt.Key != pkt.Token>>2 {
			e.fail("key %d on a packet of session %d", pkt.Key, pkt.Token>>2)
		}
		if s.handling.Add(1) != 1 {
			e.fail("two threads handle session %d", pkt.Key)
		}
		if pkt.N == 0 {
			s.sock.Close()
			if e.ended.Add(1) == e.quit {
				e.w.p.Post(0, tokenQuit, 0)
			}
			return true
		}
		s.send.Buf = s.receive.Buf[:pkt.N]
		s.handling.Add(-1)
		e.start(s.sock, &s.send)
	case tokenSend:
		if pkt.N != len(s.send.Buf) {
			e.fail("a send of %d bytes ended with %d", len(s.send.Buf), pkt.N)
		}
		e.start(s.sock, &s.receive)
	}
	return true
}

// judge is to be called when the workers have returned.
func (e *echo) judge() {
	e.w.Helper()
	if text := e.wrong.Load(); text != nil {
		e.w.Fatal(*text)
	}
	if e.starts.Load() != e.packets.Load() {
		e.w.Fatalf("%d operations, %d packets", e.starts.Load(), e.packets.Load())
	}
}

// A random schedule of the echo server: 2 workers, 2 clients, each seed a different one.
func TestTheEchoServerWorksUnderAnySchedule(t *testing.T) {
	seeds, step := uint64(20_000), uint64(simtest.Every(9))
	if testing.Short() {
		seeds, step = 500, 1
	}
	if simtest.Raced {
		seeds, step = seeds/20, 1
	}
	sim := simulation{simnet.New(simnet.Options{StepCap: 50_000})}
	defer sim.w.Close()
	began := time.Now()
	steps := 0
	for seed := uint64(0); seed < seeds; seed += step {
		var src simnet.Source = simnet.Uniform(seed)
		if seed&1 == 1 {
			src = simnet.Lazy(seed)
		}
		sim.run(t, fmt.Sprint("seed ", seed), src, echoProgram)
		steps += sim.w.Steps()
		if t.Failed() {
			return
		}
	}
	runs := (seeds + step - 1) / step
	t.Logf("%d runs, %d steps each, %.0f runs/s", runs, steps/int(runs), float64(runs)/time.Since(began).Seconds())
}

func echoProgram(w *world) {
	e := newEcho(w, 2, 1, 8)
	for i := range 2 {
		w.spawn("worker", func() { e.work(1 + i) })
	}
	for i := range 2 {
		w.spawn("client", func() {
			f := w.dial(e.addr)
			for j := range 3 {
				text := fmt.Sprint(i, "-", j)
				f.send(text)
				f.reads(text)
			}
			f.halfClose()
			f.readsEnd()
			f.close()
		})
	}
	w.settle()
	if e.left.Load() != 2 {
		w.Fatalf("%d of 2 workers have returned; %d operations, %d packets", e.left.Load(), e.starts.Load(), e.packets.Load())
	}
	e.judge()
}
