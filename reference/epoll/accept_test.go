package epoll_test

import (
	"testing"

	"github.com/ioconform/ioconform/spec"
)

func TestAcceptsAreServedInPostingOrderOneConnectionEach(t *testing.T) {
	everywhere(t, func(w *world) {
		l, addr := w.listener(9)
		w.started("accept", l.Start(&spec.Op{Kind: spec.Accept, Token: 2}))
		w.started("accept", l.Start(&spec.Op{Kind: spec.Accept, Token: 3}))
		a := w.dial(addr)
		pkt := w.next(2)
		if pkt.Key != 9 || pkt.From != a.addr || pkt.Sock == nil || pkt.N != 0 {
			w.Fatalf("%+v, far end at %v", pkt, a.addr)
		}
		if peer, st := pkt.Sock.Peer(); peer != a.addr || !st.Ok() {
			w.Fatalf("peer %v %v", peer, st)
		}
		b := w.dial(addr)
		if pkt = w.next(3); pkt.From != b.addr {
			w.Fatalf("%+v", pkt)
		}
		w.nothing()
		c := w.dial(addr) // waits for an accept
		w.nothing()
		w.started("accept", l.Start(&spec.Op{Kind: spec.Accept, Token: 4}))
		if pkt = w.next(4); pkt.From != c.addr {
			w.Fatalf("%+v", pkt)
		}
		// The accepted socket belongs to no port until it is associated.
		c.send("early")
		w.nothing()
		w.started("receive", pkt.Sock.Start(receive(5, 8)))
		w.nothing()
		w.want("associate", w.p.Associate(pkt.Sock, 10), spec.OK)
		w.want("associate", w.p.Associate(pkt.Sock, 11), spec.Invalid)
		if pkt = w.next(5); pkt.Key != 10 || pkt.N == 0 {
			w.Fatalf("%+v", pkt)
		}
	})
}

func TestAnAcceptMayNameItsSocketAndThatMayHaveAPortAlready(t *testing.T) {
	everywhere(t, func(w *world) {
		l, addr := w.listener(9)
		into := w.socket()
		w.want("associate", w.p.Associate(into, 10), spec.OK)
		op := &spec.Op{Kind: spec.Accept, Token: 2, Into: into}
		w.started("accept", l.Start(op))
		w.refused("accept", l.Start(&spec.Op{Kind: spec.Accept, Token: 3, Into: into}), spec.Invalid)
		w.refused("connect", into.Start(&spec.Op{Kind: spec.Connect, Token: 3, To: addr}), spec.Invalid)
		w.want("bind", into.Bind(anyPort), spec.Invalid)
		f := w.dial(addr)
		if pkt := w.next(2); pkt.Key != 9 || pkt.Sock != into {
			w.Fatalf("%+v", pkt)
		}
		w.started("receive", into.Start(receive(4, 8)))
		f.send("x")
		if pkt := w.next(4); pkt.Key != 10 {
			w.Fatalf("%+v", pkt)
		}
		w.refused("accept", l.Start(&spec.Op{Kind: spec.Accept, Token: 3, Into: into}), spec.Invalid)
		// Closing the socket that is to be accepted into ends the accept; cancelling the accept frees
		// the socket.
		into, other := w.socket(), w.socket()
		w.started("accept", l.Start(&spec.Op{Kind: spec.Accept, Token: 5, Into: into}))
		op = &spec.Op{Kind: spec.Accept, Token: 6, Into: other}
		w.started("accept", l.Start(op))
		w.want("close", into.Close(), spec.OK)
		w.ends(5, spec.Aborted, 0)
		w.want("cancel", l.Cancel(op), spec.OK)
		w.ends(6, spec.Aborted, 0)
		op.Token = 7
		w.started("accept", l.Start(op))
		w.dial(addr)
		w.ends(7, spec.OK, 0)
	})
}

func TestAnAcceptWithDataWaitsForItAndHoldsUpNobody(t *testing.T) {
	everywhere(t, func(w *world) {
		l, addr := w.listener(9)
		first := &spec.Op{Kind: spec.Accept, Token: 2, Data: 4, Buf: make([]byte, 8)}
		w.started("accept", l.Start(first))
		w.started("accept", l.Start(&spec.Op{Kind: spec.Accept, Token: 3}))
		a := w.dial(addr)
		w.nothing()
		b := w.dial(addr)
		if pkt := w.next(3); pkt.From != b.addr {
			w.Fatalf("%+v", pkt)
		}
		a.send("hello!")
		pkt := w.next(2)
		if pkt.From != a.addr || pkt.N < 1 || pkt.N > 4 || string(first.Buf[:pkt.N]) != "hello!"[:pkt.N] {
			w.Fatalf("%+v", pkt)
		}
		w.want("associate", w.p.Associate(pkt.Sock, 10), spec.OK)
		rest := waitAll(4, 6-pkt.N)
		w.started("receive", pkt.Sock.Start(rest))
		w.ends(4, spec.OK, 6-pkt.N)

		again := func(token uint64) *spec.Op {
			op := &spec.Op{Kind: spec.Accept, Token: token, Data: 4, Buf: make([]byte, 8)}
			w.started("accept", l.Start(op))
			return op
		}
		again(5)
		w.dial(addr).close()
		if pkt := w.next(5); !pkt.Status.Ok() || pkt.N != 0 || pkt.Sock == nil {
			w.Fatalf("closed in good order: %+v", pkt)
		}
		again(6)
		c := w.dial(addr)
		w.nothing()
		c.abort()
		if pkt := w.next(6); pkt.Status.Code != spec.Reset || pkt.Sock != nil {
			w.Fatalf("reset: %+v", pkt)
		}
		op := again(7)
		d := w.dial(addr)
		w.nothing()
		w.want("cancel", l.Cancel(op), spec.OK)
		w.ends(7, spec.Aborted, 0)
		d.readsEnd()
		again(8)
		e := w.dial(addr)
		w.nothing()
		again(9)
		w.want("close", l.Close(), spec.OK)
		w.ends(8, spec.Aborted, 0)
		w.ends(9, spec.Aborted, 0)
		e.readsEnd()
		w.nothing()
	})
}

func TestClosingAListenerEndsItsAccepts(t *testing.T) {
	everywhere(t, func(w *world) {
		l, _ := w.listener(9)
		w.started("accept", l.Start(&spec.Op{Kind: spec.Accept, Token: 2}))
		w.started("accept", l.Start(&spec.Op{Kind: spec.Accept, Token: 3}))
		w.want("close", l.Close(), spec.OK)
		w.ends(2, spec.Aborted, 0)
		w.ends(3, spec.Aborted, 0)
		w.refused("accept", l.Start(&spec.Op{Kind: spec.Accept, Token: 4}), spec.Closed)
		w.nothing()
	})
}

func TestAConnectSucceedsOrSaysWhyNot(t *testing.T) {
	everywhere(t, func(w *world) {
		// A bound descriptor that does not listen refuses.
		fd, _ := w.far.Socket(4)
		w.far.Bind(fd, anyPort)
		addr, _ := w.far.LocalAddr(fd)
		s := w.socket()
		w.want("associate", w.p.Associate(s, 7), spec.OK)
		op := &spec.Op{Kind: spec.Connect, Token: 2, To: addr}
		if r := s.Start(op); r.How != spec.Pending {
			w.Fatalf("%+v", r)
		}
		w.ends(2, spec.Refused, 0)
		_, st := s.Peer()
		w.want("peer", st, spec.NotConnected)
		w.far.Listen(fd, 8)
		op.Token = 3
		w.started("connect", s.Start(op))
		w.refused("receive", s.Start(receive(4, 8)), spec.NotConnected)
		w.refused("connect", s.Start(&spec.Op{Kind: spec.Connect, Token: 4, To: addr}), spec.Invalid)
		w.ends(3, spec.OK, 0)
		w.refused("connect", s.Start(op), spec.Connected)
		if peer, st := s.Peer(); peer != addr || !st.Ok() {
			w.Fatal(peer, st)
		}
		f := &farEnd{w: w}
		f.fd, f.addr, _ = w.far.Accept(fd)
		local, _ := s.Local()
		if local != f.addr {
			w.Fatal(local, f.addr)
		}
		w.started("send", s.Start(send(5, "hello")))
		w.ends(5, spec.OK, 5)
		f.reads("hello")
		w.far.Close(fd)
	})
}

func TestAConnectMayBeCancelledOrStartedBeforeTheAssociation(t *testing.T) {
	everywhere(t, func(w *world) {
		fd, _ := w.far.Socket(4)
		w.far.Bind(fd, anyPort)
		w.far.Listen(fd, 8)
		addr, _ := w.far.LocalAddr(fd)
		s := w.socket()
		w.want("bind", s.Bind(anyPort), spec.OK)
		local, _ := s.Local()
		op := &spec.Op{Kind: spec.Connect, Token: 2, To: addr}
		w.started("connect", s.Start(op))
		w.nothing()
		w.want("cancel", s.Cancel(op), spec.OK)
		w.nothing() // no port, no packet
		w.started("connect", s.Start(op))
		w.want("associate", w.p.Associate(s, 7), spec.OK)
		if st := s.Cancel(op); st.Ok() {
			w.ends(2, spec.Aborted, 0)
			op.Token = 3
			w.started("connect", s.Start(op))
			w.ends(3, spec.OK, 0)
		} else {
			w.ends(2, spec.OK, 0)
		}
		if again, _ := s.Local(); again != local {
			w.Fatalf("bound to %v, now at %v", local, again)
		}
		w.far.Close(fd)
	})
}
