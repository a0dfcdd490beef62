package reference_test

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// keepsSends reports whether the target is known to leave a send outstanding when its socket is closed, and to send the rest later, on whatever socket has the
// number of the handle by then. That breaks CLS-1, and brings bytes to people they are not for. closesocket is to cancel what is pending, sends and receives
// alike (Microsoft Learn, closesocket, Remarks). Wine 8.0 keeps the send until there is room, and looks up the descriptor by the handle only
// then (dlls/ntdll/unix/socket.c, async_send_proc). The test below fails on a Wine that does it right.
func keepsSends(about spec.About) bool { return strings.HasPrefix(about.OS, "wine ") }

// Nobody reads, so the send cannot end by itself; and when somebody does, what is left of it must not turn up in another connection.
func TestASendThatIsOutstandingAtTheCloseEnds(t *testing.T) {
	forEachKernel(t, func(t *testing.T, target *spec.Target) {
		i, err := target.Open()
		if err != nil {
			t.Fatal(err)
		}
		b := i.Backend
		p, st := b.Port(0)
		if !st.Ok() {
			t.Fatal(st)
		}
		x := &ends{T: t, b: b, p: p, taken: map[uint64]spec.Packet{}}
		near, far := x.connected(x.listener())
		l := x.listener()
		secret := bytes.Repeat([]byte("secret"), 200_000)
		token := x.start(near, &spec.Op{Kind: spec.Send, Buf: secret})
		for !x.outstanding {
			x.packet(token)
			token = x.start(near, &spec.Op{Kind: spec.Send, Buf: secret})
		}
		if st := near.Close(); !st.Ok() {
			t.Fatal(st)
		}
		if keepsSends(target.About) {
			var k [1]spec.Packet
			if n, st := p.Wait(k[:], time.Second); n > 0 {
				t.Errorf("%s ends a send at the close, with %v: keepsSends can go", target.About.OS, k[0].Status)
			} else if st.Code != spec.TimedOut {
				t.Error("wait:", st)
			}
		} else if k := x.packet(token); k.Status.Code != spec.Aborted {
			t.Errorf("%v for the send that was outstanding at the close", k.Status)
		}

		var others, otherFars [4]spec.Socket // the first sockets to be made since
		for i := range others {
			others[i], otherFars[i] = x.connected(l)
		}
		for more := true; more; {
			k := x.packet(x.start(far, &spec.Op{Kind: spec.Receive, Buf: make([]byte, 1<<20)}))
			more = k.Status.Ok() && k.N > 0
		}
		if keepsSends(target.About) {
			t.Logf("the send has its packet when the far end has read: %+v", x.packet(token))
		}
		for i := range others {
			for _, pair := range [][2]spec.Socket{{others[i], otherFars[i]}, {otherFars[i], others[i]}} {
				x.packet(x.start(pair[0], &spec.Op{Kind: spec.Send, Buf: []byte("hello")}))
				got := make([]byte, 10)
				got = got[:x.packet(x.start(pair[1], &spec.Op{Kind: spec.Receive, Buf: got})).N]
				switch {
				case string(got) == "hello":
				case keepsSends(target.About): // whether one of them has got the number is chance
					t.Logf("known of %s: hello was sent on a new connection, and %q was received", target.About.OS, got)
				default:
					t.Errorf("hello was sent on a new connection, and %q was received", got)
				}
			}
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		if err := i.Close(); err != nil {
			t.Error(err)
		}
	})
}

// ends makes connections both ends of which belong to the back end.
type ends struct {
	*testing.T
	b           spec.Backend
	p           spec.Port
	last        uint64 // token
	outstanding bool   // what was started last was not complete at once
	taken       map[uint64]spec.Packet
}

var loopback = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 0)

func (x *ends) socket() spec.Socket {
	x.Helper()
	s, st := x.b.Socket(spec.TCP4)
	if !st.Ok() {
		x.Fatal(st)
	}
	for _, st := range []spec.Status{s.Bind(loopback), x.p.Associate(s, 1)} {
		if !st.Ok() {
			x.Fatal(st)
		}
	}
	return s
}

func (x *ends) listener() spec.Socket {
	l := x.socket()
	if st := l.Listen(1); !st.Ok() {
		x.Fatal(st)
	}
	return l
}

func (x *ends) connected(l spec.Socket) (dialed, accepted spec.Socket) {
	x.Helper()
	dialed = x.socket()
	at, _ := l.Local()
	connect := x.start(dialed, &spec.Op{Kind: spec.Connect, To: at})
	accept := x.start(l, &spec.Op{Kind: spec.Accept})
	accepted = x.packet(accept).Sock
	if st := x.packet(connect).Status; !st.Ok() || accepted == nil {
		x.Fatalf("connect: %v; accepted %v", st, accepted)
	}
	if st := x.p.Associate(accepted, 1); !st.Ok() {
		x.Fatal(st)
	}
	return dialed, accepted
}

// start starts op under a token of its own.
func (x *ends) start(s spec.Socket, op *spec.Op) (token uint64) {
	x.Helper()
	x.last++
	op.Token = x.last
	r := s.Start(op)
	if r.How == spec.RefusedAtStart {
		x.taken[x.last] = spec.Packet{Status: r.Status}
	}
	x.outstanding = r.How == spec.Pending
	return x.last
}

// packet waits for the packet of an operation, or answers with its refusal.
func (x *ends) packet(token uint64) spec.Packet {
	x.Helper()
	for {
		if k, is := x.taken[token]; is {
			return k
		}
		var k [1]spec.Packet
		if _, st := x.p.Wait(k[:], -1); !st.Ok() {
			x.Fatal("wait:", st)
		}
		x.taken[k[0].Token] = k[0]
	}
}
