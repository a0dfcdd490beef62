package reference_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// keepsSends reports whether the target is known to leave a send outstanding when its socket is closed, which breaks CLS-1: closesocket is to cancel what is
// pending, sends and receives alike (Microsoft Learn, closesocket, Remarks), and Wine 8.0 keeps the send until the far end reads or
// closes. The test below fails on a Wine that does it right.
func keepsSends(about spec.About) bool { return strings.HasPrefix(about.OS, "wine ") }

// Nobody reads, so the send cannot end by itself.
func TestASendThatIsOutstandingAtTheCloseEnds(t *testing.T) {
	forEachKernel(t, func(t *testing.T, target *spec.Target) {
		i, err := target.Open()
		if err != nil {
			t.Fatal(err)
		}
		p, st := i.Backend.Port(0)
		if !st.Ok() {
			t.Fatal(st)
		}
		near, far := connected(t, i.Backend, p)
		token := uint64(100)
		for near.Start(&spec.Op{Kind: spec.Send, Token: token, Buf: make([]byte, 1<<20)}).How == spec.Done {
			if k := next(t, p); k.Token != token || k.N != 1<<20 {
				t.Fatalf("%+v for a send of 1 MiB with token %d", k, token)
			}
			token++
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
		} else if k := next(t, p); k.Token != token || k.Status.Code != spec.Aborted {
			t.Errorf("%+v for the send that was outstanding at the close, with token %d", k, token)
		}
		far.Close()
		if err := i.Backend.Close(); err != nil {
			t.Error(err)
		}
		if err := i.Close(); err != nil {
			t.Error(err)
		}
	})
}

var loopback = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 0)

// connected makes both ends of a connection.
func connected(t *testing.T, b spec.Backend, p spec.Port) (dialed, accepted spec.Socket) {
	socket := func() spec.Socket {
		s, st := b.Socket(spec.TCP4)
		if !st.Ok() {
			t.Fatal(st)
		}
		for _, st := range []spec.Status{s.Bind(loopback), p.Associate(s, 1)} {
			if !st.Ok() {
				t.Fatal(st)
			}
		}
		return s
	}
	l := socket()
	defer l.Close()
	if st := l.Listen(1); !st.Ok() {
		t.Fatal(st)
	}
	at, _ := l.Local()
	l.Start(&spec.Op{Kind: spec.Accept, Token: 1})
	dialed = socket()
	dialed.Start(&spec.Op{Kind: spec.Connect, Token: 2, To: at})
	for range 2 {
		k := next(t, p)
		if !k.Status.Ok() {
			t.Fatalf("%+v", k)
		}
		if k.Token == 1 {
			accepted = k.Sock
		}
	}
	if st := p.Associate(accepted, 1); !st.Ok() {
		t.Fatal(st)
	}
	return dialed, accepted
}

func next(t *testing.T, p spec.Port) spec.Packet {
	t.Helper()
	var k [1]spec.Packet
	if _, st := p.Wait(k[:], -1); !st.Ok() {
		t.Fatal("wait:", st)
	}
	return k[0]
}
