package spec

import (
	"net/netip"
	"testing"
)

// numberedWorld only numbers events.
type numberedWorld struct {
	World
	q uint64
}

func (w *numberedWorld) Stamp() uint64                 { w.q++; return w.q }
func (*numberedWorld) Loopback(Network) netip.AddrPort { return netip.AddrPort{} }
func (*numberedWorld) Controlled() bool                { return false }

// taught is a socket that notes which listener it was told of.
type taught struct {
	Socket
	by    []Socket
	name  netip.AddrPort
	wrong Status
}

func (s *taught) UpdateContext(listener Socket) Status {
	s.by = append(s.by, listener)
	return Status{}
}
func (s *taught) Local() (netip.AddrPort, Status) { return s.name, s.wrong }
func (s *taught) Peer() (netip.AddrPort, Status)  { return s.name, s.wrong }

// deaf is a socket that cannot be told anything.
type deaf struct{ Socket }

// A context is recorded with the listener that is named, and a socket that knows none answers that it does not do this.
func TestAContextIsRecorded(t *testing.T) {
	r := NewRecorder(&numberedWorld{}, nil, About{World: "real"})
	th := r.Thread("main")
	listener, accepted := &taught{}, &taught{}
	from, s, d := r.newSock(listener), r.newSock(accepted), r.newSock(&deaf{})
	for _, x := range []struct {
		sock, from *Sock
		want       Code
		into       uint32
	}{{s, from, OK, from.ID}, {s, nil, OK, 0}, {d, from, Unsupported, from.ID}} {
		if st := th.UpdateContext(x.sock, x.from); st != Is(x.want) {
			t.Errorf("answered %s, want %s", st, x.want)
		}
		events := r.Trace().Events
		call, ret := events[len(events)-2], events[len(events)-1]
		if call.Verb != UpdateContext || call.Sock != x.sock.ID || call.Into != x.into || ret.Kind != ReturnEvent || ret.Call != call.Call || ret.Status.Code != x.want {
			t.Errorf("recorded as %+v and %+v", call, ret)
		}
	}
	if len(accepted.by) != 2 || accepted.by[0] != Socket(listener) || accepted.by[1] != nil {
		t.Errorf("the socket was told of %v", accepted.by)
	}
}

// A name is recorded with the address where there is one, and without where the call failed, whatever came with the failure.
func TestANameIsRecorded(t *testing.T) {
	r := NewRecorder(&numberedWorld{}, nil, About{World: "real"})
	th := r.Thread("main")
	a := netip.MustParseAddrPort("127.0.0.1:80")
	for _, x := range []struct {
		verb Verb
		ask  func(*Sock) (netip.AddrPort, Status)
		st   Status
		want netip.AddrPort
	}{
		{LocalName, th.LocalName, Status{}, a}, {PeerName, th.PeerName, Status{}, a},
		{LocalName, th.LocalName, Is(Invalid), netip.AddrPort{}}, {PeerName, th.PeerName, Is(NotConnected), netip.AddrPort{}},
	} {
		s := r.newSock(&taught{name: a, wrong: x.st})
		if _, st := x.ask(s); st != x.st {
			t.Errorf("%s answered %s, want %s", x.verb, st, x.st)
		}
		events := r.Trace().Events
		if e := events[len(events)-1]; e.Verb != x.verb || e.Sock != s.ID || e.Addr != x.want || e.Status != x.st {
			t.Errorf("%s that answers %s is recorded as %+v", x.verb, x.st, e)
		}
	}
}
