package model_test

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/ioconform/ioconform/reference/model"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Whatever calls are drawn, one at a time, the model answers them as a much smaller model of a completion port does, and its ports hold the same packets in the same order.
//
//	go test ./reference/model -run Drawn -rapid.checks 10000
func TestDrawnCallsAreAnsweredAsAQueueOfPacketsWould(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := simnet.New(simnet.Options{})
		defer w.Close()
		m := &machine{T: t, world: w, backend: model.New(w)}
		var stopped any
		out := w.Run(func() {
			defer func() { stopped = recover() }() // it is rapid's, which has to see it
			m.begin()
			t.Repeat(map[string]func(*rapid.T){
				"port": m.openPort, "close port": m.closePort, "post": m.post, "wait": m.wait,
				"accept": m.accept, "dial": m.dial, "associate": m.associate, "session": m.session, "another session": m.session,
				"receive": m.receive, "receive again": m.receive, "send": m.send, "cancel": m.cancel, "cancel all": m.cancelAll, "close": m.close, "skip": m.skip, "shut": m.shut,
				"far end sends": m.farSends, "far end sends more": m.farSends, "far end reads": m.farReads, "far end ends": m.farEnds, "far end resets": m.farResets,
				"": m.holds,
			})
			for _, p := range m.ports {
				m.take(p, len(p.queue)+1)
			}
		})
		again(stopped)
		if !out.OK() {
			t.Fatal(out)
		}
	})
}

// again panics with what rapid panicked with inside the world. It tells a failure from the lack of further choices by where they come from, so they come from two places.
func again(stopped any) {
	switch fmt.Sprintf("%T", stopped) {
	case "<nil>":
	case "rapid.invalidData":
		panic(stopped)
	default:
		panic(stopped)
	}
}

// machine is the model, and beside each of its objects what the small model knows of it.
type machine struct {
	*rapid.T
	world   *simnet.World
	backend *model.Backend
	door    spec.Socket
	ports   []*ledgerPort
	socks   []*ledgerSock
	fars    []*ledgerFar
	accepts []*ledgerOp // that wait
	backlog []*ledgerFar
	ops     []*ledgerOp
	tokens  uint64
}

type ledgerPort struct {
	spec.Port
	queue  []ledgerPacket
	closed bool
}

// ledgerPacket is what a packet is to say.
type ledgerPacket struct {
	key, token uint64
	n          int
	code       spec.Code
	op         *ledgerOp // nil for a post
}

type ledgerFar struct {
	sock *simnet.Sock
	sent []byte // and not received yet
	end  bool
	on   *ledgerSock // once an accept has brought it
}

type ledgerSock struct {
	spec.Socket
	far                 *ledgerFar
	port                *ledgerPort
	key                 uint64
	recvs               []*ledgerOp
	out                 []byte // for the far end to read
	skip, closed, reset bool
	noReceive, noSend   bool
	torn                bool // closed over what nobody had received
}

type ledgerOp struct {
	spec.Op
	on     *ledgerSock // nil: the listener
	want   []byte
	over   bool
	brings *ledgerSock // an accept that is over
}

const doorKey = 1

func (m *machine) expect(what string, got spec.Status, want spec.Code) {
	if got.Code != want {
		m.Fatalf("%s was answered %s, want %s", what, got, want)
	}
}

func (m *machine) begin() {
	m.openPort(m.T)
	m.door, _ = m.backend.Socket(spec.TCP4)
	m.expect("bind", m.door.Bind(loopback), spec.OK)
	m.expect("listen", m.door.Listen(64), spec.OK)
	m.expect("associate", m.ports[0].Associate(m.door, doorKey), spec.OK)
}

// enqueue is the whole of a completion port.
func (m *machine) enqueue(p *ledgerPort, k ledgerPacket) {
	if p != nil && !p.closed {
		p.queue = append(p.queue, k)
	}
}

func (m *machine) complete(o *ledgerOp, n int, code spec.Code) {
	o.over = true
	p, key := m.ports[0], uint64(doorKey)
	if o.on != nil {
		p, key = o.on.port, o.on.key
	}
	m.enqueue(p, ledgerPacket{key: key, token: o.Token, n: n, code: code, op: o})
}

// pick draws one of a list; it ends the action where the list is empty.
func pick[E any](t *rapid.T, what string, list []E) E {
	if len(list) == 0 {
		t.Skip("no " + what)
	}
	return list[rapid.IntRange(0, len(list)-1).Draw(t, what)]
}

func (m *machine) openPort(t *rapid.T) {
	if len(m.ports) == 3 {
		t.Skip("ports enough")
	}
	p, st := m.backend.Port(0)
	m.expect("port", st, spec.OK)
	m.ports = append(m.ports, &ledgerPort{Port: p})
}

func (m *machine) closePort(t *rapid.T) {
	p := pick(t, "port", m.ports[1:]) // the listener's stays
	want := spec.OK
	if p.closed {
		want = spec.Closed
	}
	m.expect("closing a port", p.Close(), want)
	p.closed, p.queue = true, nil
}

func (m *machine) post(t *rapid.T) {
	p, key, n := pick(t, "port", m.ports), rapid.Uint64().Draw(t, "key"), rapid.IntRange(0, 9).Draw(t, "n")
	m.tokens++
	want := spec.OK
	if p.closed {
		want = spec.Closed
	}
	m.expect("post", p.Post(key, m.tokens, n), want)
	m.enqueue(p, ledgerPacket{key: key, token: m.tokens, n: n})
}

// wait takes packets and looks at each.
func (m *machine) wait(t *rapid.T) {
	p, most := pick(t, "port", m.ports), rapid.IntRange(1, 5).Draw(t, "most")
	m.take(p, most)
}

func (m *machine) take(p *ledgerPort, most int) {
	got := make([]spec.Packet, most)
	n, st := p.Wait(got, 0)
	switch {
	case p.closed:
		m.expect("a wait on a closed port", st, spec.Closed)
		return
	case len(p.queue) == 0:
		m.expect("a wait on an empty port", st, spec.TimedOut)
		return
	}
	m.expect("wait", st, spec.OK)
	if want := min(most, len(p.queue)); n != want {
		m.Fatalf("a wait for %d packets of %d brought %d", most, len(p.queue), n)
	}
	for i := range n {
		k, g := p.queue[i], got[i]
		if g.Key != k.key || g.Token != k.token || g.N != k.n || g.Status.Code != k.code {
			m.Fatalf("packet %d of the wait: key %d, token %d, %d bytes, %s; want key %d, token %d, %d bytes, %s", i, g.Key, g.Token, g.N, g.Status, k.key, k.token, k.n, k.code)
		}
		if k.op != nil && k.op.Kind == spec.Receive && !bytes.Equal(k.op.Buf[:k.n], k.op.want) {
			m.Fatalf("operation %d received %x, want %x", k.token, k.op.Buf[:k.n], k.op.want)
		}
		if k.op != nil && k.op.Kind == spec.Accept && k.code == spec.OK {
			m.introduce(k.op, g)
		}
	}
	p.queue = p.queue[n:]
}

// introduce makes the socket of an accept one of the sockets, of no port yet.
func (m *machine) introduce(o *ledgerOp, g spec.Packet) {
	if s := o.brings; g.Sock == nil || g.From != s.far.sock.Local() {
		m.Fatalf("the accept brought a connection from %v, want that from %v", g.From, s.far.sock.Local())
	}
	o.brings.Socket = g.Sock
	m.socks = append(m.socks, o.brings)
}

// holds asks each socket for its names.
func (m *machine) holds(*rapid.T) {
	for i, s := range m.socks {
		a, st := s.Peer()
		if s.closed {
			m.expect("the name of a closed socket", st, spec.Closed)
		} else if m.expect("the far end's name", st, spec.OK); a != s.far.sock.Local() {
			m.Fatalf("socket %d has its far end at %v, which is at %v", i, a, s.far.sock.Local())
		}
	}
}
