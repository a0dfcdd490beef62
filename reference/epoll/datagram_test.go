package epoll_test

import (
	"net/netip"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

func TestADatagramSocketRefusesWhatIsNotForIt(t *testing.T) {
	everywhere(t, func(w *world) {
		s, st := w.b.Socket(spec.UDP4)
		w.want("socket", st, spec.OK)
		w.refused("receive-from, unbound", s.Start(&spec.Op{Kind: spec.ReceiveFrom}), spec.Invalid)
		w.refused("send-to nowhere", s.Start(&spec.Op{Kind: spec.SendTo}), spec.Invalid)
		w.refused("send-to IPv6", s.Start(&spec.Op{Kind: spec.SendTo, To: netip.MustParseAddrPort("[::1]:9")}), spec.Unsupported)
		w.want("bind to IPv6", s.Bind(netip.MustParseAddrPort("[::1]:0")), spec.Unsupported)
		w.want("bind", s.Bind(anyPort), spec.OK)
		w.want("listen", s.Listen(1), spec.Invalid)
		w.want("bind twice", s.Bind(anyPort), spec.Invalid)
		w.refused("receive", s.Start(receive(1, 8)), spec.NotConnected)
		w.refused("send", s.Start(send(1, "x")), spec.NotConnected)
		w.refused("connect", s.Start(&spec.Op{Kind: spec.Connect, To: netip.MustParseAddrPort("127.0.0.1:9")}), spec.Invalid)
		w.want("close", s.Close(), spec.OK)
		w.refused("receive-from, closed", s.Start(&spec.Op{Kind: spec.ReceiveFrom}), spec.Closed)
		w.refused("send-to, closed", s.Start(&spec.Op{Kind: spec.SendTo, To: netip.MustParseAddrPort("127.0.0.1:9")}), spec.Closed)
	})
}

func TestDatagramsAreTakenToTheLastOnOneEdge(t *testing.T) {
	everywhere(t, func(w *world) {
		u, v := w.mailbox(7), w.mailbox(8)
		to, _ := u.Local()
		for i, text := range []string{"one", "three", ""} {
			w.started("receive-from", u.Start(&spec.Op{Kind: spec.ReceiveFrom, Token: uint64(10 + i), Buf: make([]byte, 4)}))
			if res := v.Start(&spec.Op{Kind: spec.SendTo, Token: uint64(20 + i), Buf: []byte(text), To: to}); res.How == spec.RefusedAtStart {
				w.Fatalf("send-to: %v", res.Status)
			}
		}
		w.settle()
		got := map[uint64]spec.Packet{}
		var dst [8]spec.Packet
		for len(got) < 6 {
			n, st := w.p.Wait(dst[:], w.patient)
			if !st.Ok() {
				w.Fatalf("%d packets, then %v", len(got), st)
			}
			for _, k := range dst[:n] {
				got[k.Token] = k
			}
		}
		from, _ := v.Local()
		for token, want := range map[uint64]spec.Packet{
			10: {Key: 7, Token: 10, N: 3, From: from, Size: 3},
			11: {Key: 7, Token: 11, N: 4, Status: spec.Is(spec.Truncated), From: from, Size: 5},
			12: {Key: 7, Token: 12, From: from},
			21: {Key: 8, Token: 21, N: 5, Size: -1},
		} {
			if got[token] != want {
				w.Fatalf("packet %d is %+v, want %+v", token, got[token], want)
			}
		}
	})
}

func TestEachDatagramIsForOneReceiveAndACancelLosesNone(t *testing.T) {
	everywhere(t, func(w *world) {
		u, v, x := w.mailbox(7), w.mailbox(8), w.mailbox(9)
		to, _ := u.Local()
		mail := func(from spec.Socket, text string) netip.AddrPort {
			if res := from.Start(&spec.Op{Kind: spec.SendTo, Token: 20, Buf: []byte(text), To: to}); res.How == spec.RefusedAtStart {
				w.Fatalf("send-to: %v", res.Status)
			}
			w.next(20)
			w.settle() // each sender has a way of its own
			a, _ := from.Local()
			return a
		}
		take := func(token uint64, room int) {
			if res := u.Start(&spec.Op{Kind: spec.ReceiveFrom, Token: token, Buf: make([]byte, room)}); res.How == spec.RefusedAtStart {
				w.Fatalf("receive-from: %v", res.Status)
			}
		}
		comes := func(token uint64, n int, from netip.AddrPort) {
			if k := w.next(token); k.N != n || !k.Status.Ok() || k.From != from || k.Size != n {
				w.Fatalf("packet %d is %+v, want %d bytes from %v", token, k, n, from)
			}
		}
		a := mail(v, "one")
		b := mail(x, "three")
		mail(v, "")
		w.settle()
		take(1, 64)
		comes(1, 3, a)
		take(2, 64)
		comes(2, 5, b)
		take(3, 64)
		comes(3, 0, a)

		op := &spec.Op{Kind: spec.ReceiveFrom, Token: 4, Buf: make([]byte, 64)}
		w.started("receive-from", u.Start(op))
		mail(v, "four")
		w.settle()
		switch u.Cancel(op).Code {
		case spec.OK:
			w.ends(4, spec.Aborted, 0)
			take(5, 64)
			comes(5, 4, a)
		case spec.NotFound:
			comes(4, 4, a)
		}

		take(6, 64)
		take(7, 64)
		if res := v.Start(&spec.Op{Kind: spec.SendTo, Token: 21, Buf: []byte("six"), To: to}); res.How == spec.RefusedAtStart {
			w.Fatalf("send-to: %v", res.Status)
		}
		w.settle()
		var dst [2]spec.Packet
		for got := 0; got < 2; {
			n, st := w.p.Wait(dst[:1], w.patient)
			if !st.Ok() {
				w.Fatalf("wait: %v", st)
			}
			if dst[0].Token == 7 {
				w.Fatalf("the second of two receives has the first datagram")
			}
			got += n
		}
	})
}

func TestTwoWorkersDoNotGetOneDatagramTwice(t *testing.T) {
	everywhere(t, func(w *world) {
		u, v := w.mailbox(7), w.mailbox(8)
		to, _ := u.Local()
		a, b := make([]byte, 8), make([]byte, 8)
		w.started("receive-from", u.Start(&spec.Op{Kind: spec.ReceiveFrom, Token: 2, Buf: a}))
		w.started("receive-from", u.Start(&spec.Op{Kind: spec.ReceiveFrom, Token: 3, Buf: b}))
		for range 2 {
			w.spawn("worker", func() {
				var dst [1]spec.Packet
				for {
					if n, _ := w.p.Wait(dst[:], w.quiet); n == 0 {
						return
					}
				}
			})
		}
		for i, text := range []string{"one", "two"} {
			v.Start(&spec.Op{Kind: spec.SendTo, Token: uint64(20 + i), Buf: []byte(text), To: to})
		}
		w.join()
		if string(a[:3]) == string(b[:3]) {
			w.Fatalf("both received %q", a[:3])
		}
	})
}

// mailbox makes a bound datagram socket that is associated.
func (w *world) mailbox(key uint64) spec.Socket {
	s, st := w.b.Socket(spec.UDP4)
	w.want("socket", st, spec.OK)
	w.want("bind", s.Bind(anyPort), spec.OK)
	w.want("associate", w.p.Associate(s, key), spec.OK)
	return s
}
