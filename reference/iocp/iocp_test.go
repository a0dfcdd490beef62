//go:build windows

package iocp

import (
	"net/netip"
	"testing"
	"time"

	"github.com/ioconform/ioconform/spec"
)

var loopback = netip.MustParseAddrPort("127.0.0.1:0")

// stage is a back end with a port and a connected pair: near was connected, far accepted. Both belong to the port.
type stage struct {
	*Backend
	port      *port
	near, far *socket
}

func newStage(t *testing.T) *stage {
	t.Helper()
	b, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	p, st := b.Port(0)
	must(t, "Port", st)
	s := &stage{Backend: b, port: p.(*port)}
	listener := s.socket(t, 1)
	must(t, "Bind", listener.Bind(loopback))
	must(t, "Listen", listener.Listen(1))
	at, st := listener.Local()
	must(t, "Local", st)
	s.near = s.socket(t, 2)
	must(t, "Bind", s.near.Bind(loopback))
	accept, connect := &spec.Op{Kind: spec.Accept, Token: 1}, &spec.Op{Kind: spec.Connect, Token: 2, To: at}
	listener.Start(accept)
	s.near.Start(connect)
	for range 2 {
		k := s.take(t)
		must(t, "an accept or a connect", k.Status)
		if k.Token == accept.Token {
			s.far = k.Sock.(*socket)
			must(t, "Associate", p.Associate(s.far, 3))
		}
	}
	must(t, "Close", listener.Close())
	return s
}

func must(t *testing.T, what string, st spec.Status) {
	t.Helper()
	if !st.Ok() {
		t.Fatalf("%s: %v", what, st)
	}
}

func (s *stage) socket(t *testing.T, key uint64) *socket {
	t.Helper()
	x, st := s.Socket(spec.TCP4)
	must(t, "Socket", st)
	must(t, "Associate", s.port.Associate(x, key))
	return x.(*socket)
}

// take takes one packet, which must come.
func (s *stage) take(t *testing.T) spec.Packet {
	t.Helper()
	var k [1]spec.Packet
	n, st := s.port.Wait(k[:], 30*time.Second)
	if n != 1 || !st.Ok() {
		t.Fatalf("Wait: %d packets, %v", n, st)
	}
	return k[0]
}

func receive(token uint64) *spec.Op {
	return &spec.Op{Kind: spec.Receive, Token: token, Buf: make([]byte, 8)}
}

func send(token uint64, text string) *spec.Op {
	return &spec.Op{Kind: spec.Send, Token: token, Buf: []byte(text)}
}

func TestWhatIsSentArrivesInTheBufferThatWasPosted(t *testing.T) {
	s := newStage(t)
	r := receive(7)
	if res := s.far.Start(r); res.How != spec.Pending {
		t.Fatalf("the receive is %v", res)
	}
	s.near.Start(send(8, "hello"))
	for range 2 {
		k := s.take(t)
		if k.N != 5 || !k.Status.Ok() || k.Token == 7 && (k.Key != 3 || string(r.Buf[:5]) != "hello") || k.Token == 8 && k.Key != 2 {
			t.Errorf("packet %+v, buffer %q", k, r.Buf)
		}
	}
}

// The pointer that CancelIoEx compares with may be another operation's once a packet has been dequeued.
func TestACancelOfWhatHasEndedCancelsNothingElse(t *testing.T) {
	s := newStage(t)
	first := receive(7)
	s.far.Start(first)
	s.near.Start(send(8, "x"))
	s.take(t)
	s.take(t)
	for token := uint64(9); token < 200; token++ { // one of them may have the first one's place in memory
		s.far.Start(receive(token))
	}
	if st := s.far.Cancel(first); st.Code != spec.NotFound || st.Native != 1168 {
		t.Errorf("the cancel of an operation that has ended: %v, want not found", st)
	}
	var k [1]spec.Packet
	if n, st := s.port.Wait(k[:], 0); n != 0 || st.Code != spec.TimedOut {
		t.Errorf("then %d packets, %v %+v", n, st, k)
	}
}

// A thread that was about to wait on a port that has been closed must not end up on another one that got the same handle.
func TestTheHandleOfAPortUnderAWaiterIsNotGivenOutAgain(t *testing.T) {
	b, err := New()
	if err != nil {
		t.Fatal(err)
	}
	x, st := b.Port(0)
	must(t, "Port", st)
	p := x.(*port)
	if !p.use() { // as a waiter that has not reached the system yet
		t.Fatal("the port is closed")
	}
	must(t, "Close", p.Close())
	var later []*port
	for range 64 {
		x, st := b.Port(0)
		must(t, "Port", st)
		later = append(later, x.(*port))
	}
	for _, q := range later {
		if q.handle == p.handle {
			t.Errorf("handle %#x is in use again, and a thread is about to wait on it", p.handle)
		}
	}
	p.done()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	for _, q := range append(later, p) {
		if _, st := q.Wait(make([]spec.Packet, 1), 0); st.Code != spec.Closed {
			t.Errorf("a wait on a closed port: %v", st)
		}
	}
}

// Close ends what is in flight before it returns, also on sockets that have no port.
func TestNothingIsInFlightAfterClose(t *testing.T) {
	s := newStage(t)
	for token := range uint64(16) {
		s.far.Start(receive(100 + token))
	}
	lonely, st := s.Socket(spec.UDP4)
	must(t, "Socket", st)
	must(t, "Bind", lonely.Bind(loopback))
	lonely.Start(&spec.Op{Kind: spec.ReceiveFrom, Token: 1, Buf: make([]byte, 8)})
	if n := len(s.inFlight()); n != 17 {
		t.Errorf("%d operations in flight, want 17", n)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if n := len(s.inFlight()); n != 0 {
		t.Errorf("%d operations in flight after Close", n)
	}
}

func TestAPostedTokenThatIsNoPointerComesBack(t *testing.T) {
	s := newStage(t)
	for _, token := range []uint64{0, 1, 1<<64 - 1, 0xA5A5_A5A5_A5A5_A5A5} {
		must(t, "Post", s.port.Post(token^5, token, 1<<32-1))
		if k := s.take(t); k.Token != token || k.Key != token^5 || k.N != 1<<32-1 || !k.Status.Ok() {
			t.Errorf("posted %#x, received %+v", token, k)
		}
	}
}
