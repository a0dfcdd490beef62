package realworld

import (
	"testing"
	"time"

	"github.com/ioconform/ioconform/spec"
)

func TestAListenerAcceptsWhoConnects(t *testing.T) {
	for _, n := range []spec.Network{spec.TCP4, spec.TCP6} {
		t.Run(n.String(), func(t *testing.T) {
			w := open(t)
			l, err := w.Listen(n, false)
			if err != nil {
				t.Skip(err)
			}
			if !l.Addr().Addr().IsLoopback() || l.Addr().Port() == 0 || l.Addr().Addr().Is6() != (n == spec.TCP6) {
				t.Errorf("it listens at %v", l.Addr())
			}
			_, st := l.Accept(time.Millisecond)
			expect(t, "Accept with nobody there", st, spec.TimedOut)
			near, _ := w.Peer(n)
			expect(t, "Connect", near.Connect(l.Addr(), ready), spec.OK)
			far, st := l.Accept(ready)
			if !st.Ok() {
				t.Fatal(st)
			}
			if near.Local() != far.Remote() || near.Remote() != far.Local() || far.Local() != l.Addr() {
				t.Errorf("one end says %v to %v, the other %v to %v", near.Local(), near.Remote(), far.Remote(), far.Local())
			}
			near.Send([]byte("x"), ready)
			if k, st := far.Read(make([]byte, 4), ready); k != 1 || !st.Ok() {
				t.Errorf("read %d, %v", k, st)
			}
			expect(t, "Close", l.Close(), spec.OK)
			expect(t, "a second Close", l.Close(), spec.Closed)
			_, st = l.Accept(0)
			expect(t, "Accept after Close", st, spec.Closed)
		})
	}
}

func TestARefusingListenerRefusesAndKeepsItsPort(t *testing.T) {
	for _, n := range []spec.Network{spec.TCP4, spec.TCP6} {
		t.Run(n.String(), func(t *testing.T) {
			w := open(t)
			l, err := w.Listen(n, true)
			if err != nil {
				t.Skip(err)
			}
			p, _ := w.Peer(n)
			st := p.Connect(l.Addr(), ready)
			expect(t, "Connect", st, spec.Refused)
			if st.Native == 0 {
				t.Errorf("%v lacks the platform's number", st)
			}
			if thief, err := listenTCP(n.String(), l.Addr().String()); statusOf(err).Code != spec.InUse {
				if err == nil {
					thief.Close()
				}
				t.Errorf("listening at its port: %v, want that it is in use", err)
			}
			_, st = l.Accept(0)
			expect(t, "Accept", st, spec.Invalid)
			expect(t, "Close", l.Close(), spec.OK)
			expect(t, "a second Close", l.Close(), spec.Closed)
			again, err := listenTCP(n.String(), l.Addr().String())
			if err != nil {
				t.Fatalf("its port is not free after Close: %v", err)
			}
			again.Close()
		})
	}
}

func TestNothingListensOnUDP(t *testing.T) {
	w := open(t)
	if _, err := w.Listen(spec.UDP4, false); err == nil {
		t.Error("it does")
	}
}
