package conformance_test

import (
	"context"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// A network that loses, doubles and reorders datagrams, or a machine without room, leads scripts off their path, but no back end is accused of what the
// network did: not if the header says that it may, and not if only the events tell.
func TestNobodyIsAccusedOfWhatTheNetworkDid(t *testing.T) {
	simtest.NotRaced(t)
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	cases, err := conformance.Select(all, []string{"datagram"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	each, turn := simtest.Every(3), 0 // of a part each combination has others
	for _, o := range []simnet.Options{
		{Net: simnet.Net{Loss: 3, Dup: 3, Reorder: 3}}, {Net: simnet.Net{Dup: 2}}, {RcvBuf: 40}, {SndBuf: 30, RcvBuf: 100}, {Faults: simnet.Faults{EINTR: 3, EAGAIN: 3}},
	} {
		for _, target := range []*spec.Target{simulated.Model(o), simulated.Epoll(o)} {
			for _, path := range []spec.Path{target.About.Path, {Lossless: true, NoDup: true, InOrder: true}} {
				target := *target
				target.About.Path = path
				var some []*conformance.Case
				for i := turn % each; i < len(cases); i += each {
					some = append(some, cases[i])
				}
				turn++
				r, err := conformance.Run(context.Background(), &target, conformance.Options{Cases: some})
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range r.Cases {
					for _, v := range c.Violations {
						t.Errorf("%s, %+v, %+v: %s: %s at %d: %s", target.About.Name, o.Net, path, c.Case.Name, v.Rule.ID, v.Q, v.Said)
					}
					if c.Verdict == conformance.Error {
						t.Errorf("%s, %+v: %s: %s", target.About.Name, o.Net, c.Case.Name, c.Reason)
					}
				}
			}
		}
	}
}

// withoutStreams is a back end that opens no TCP socket.
type withoutStreams struct{ spec.Backend }

func (b withoutStreams) Socket(n spec.Network) (spec.Socket, spec.Status) {
	if !n.Datagrams() {
		return nil, spec.Is(spec.Unsupported)
	}
	return b.Backend.Socket(n)
}

// A back end for datagrams alone is not led off the path of a script by a socket that it has not got: the case is for others.
func TestABackEndOfDatagramsAloneIsNotAskedForOthers(t *testing.T) {
	target := *simulated.Model(simnet.Options{})
	target.About.Capabilities = []spec.Capability{spec.CanDatagram, spec.CanPost, spec.CanWorkers, spec.CanControl}
	open := target.Open
	target.Open = func() (*spec.Instance, error) {
		in, err := open()
		if err == nil {
			in.Backend = withoutStreams{in.Backend}
		}
		return in, err
	}
	r, err := conformance.Run(context.Background(), &target, conformance.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Cases {
		if c.Verdict != conformance.Pass && c.Verdict != conformance.Skip {
			t.Errorf("%s: %s %s", c.Case.Name, c.Verdict, c.Reason)
		}
	}
	if n := r.Count(); n[conformance.Pass] < 30 {
		t.Errorf("%v", n)
	}
}
