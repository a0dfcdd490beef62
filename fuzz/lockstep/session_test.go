package lockstep

import (
	"testing"
	"time"

	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// slowly is a back end whose receives of more than one byte end with half of what is asked for, as where the rest has not arrived yet. Before the stray-th receive it posts a
// packet that nobody asked for.
type slowly struct {
	spec.Backend
	stray, receives int
	socks           map[spec.Socket]*slowSocket
	port            spec.Port
}

type slowPort struct {
	spec.Port
	b *slowly
}

type slowSocket struct {
	spec.Socket
	b *slowly
}

func (b *slowly) Port(n int) (spec.Port, spec.Status) {
	p, st := b.Backend.Port(n)
	b.port = p
	return &slowPort{p, b}, st
}

func (b *slowly) Socket(n spec.Network) (spec.Socket, spec.Status) {
	s, st := b.Backend.Socket(n)
	return b.sock(s), st
}

func (b *slowly) sock(s spec.Socket) *slowSocket {
	if b.socks[s] == nil {
		b.socks[s] = &slowSocket{s, b}
	}
	return b.socks[s]
}

func (p *slowPort) Associate(s spec.Socket, key uint64) spec.Status {
	return p.Port.Associate(s.(*slowSocket).Socket, key)
}

func (p *slowPort) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	n, st := p.Port.Wait(dst, timeout)
	for i := range max(n, 0) {
		if dst[i].Sock != nil {
			dst[i].Sock = p.b.sock(dst[i].Sock)
		}
	}
	return n, st
}

func (s *slowSocket) Start(o *spec.Op) spec.Result {
	if o.Kind == spec.Receive {
		if s.b.receives++; s.b.receives == s.b.stray {
			s.b.port.Post(77, 1<<60, 5)
		}
		o.Buf = o.Buf[:(len(o.Buf)+1)/2]
	}
	return s.Socket.Start(o)
}

// follow makes the commands on the back end that is slow, as they came out on the model, and returns what was observed.
func follow(t *testing.T, commands []Command, stray int) (want, got []Observation) {
	t.Helper()
	model := simulated.Model(simnet.Options{})
	target := *model
	target.Open = func() (*spec.Instance, error) {
		in, err := model.Open()
		if err == nil {
			in.Backend = &slowly{Backend: in.Backend, stray: stray, socks: map[spec.Socket]*slowSocket{}}
		}
		return in, err
	}
	oracle, sut := NewPlayer(model, &target), NewPlayer(&target)
	r := oracle.Play(commands)
	if r.Err != nil || r.Broken() != "" || len(r.Commands) != len(commands) {
		t.Fatalf("the model: %v %s, %d of %d commands", r.Err, r.Broken(), len(r.Commands), len(commands))
	}
	in, err := sut.open()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	s := &sut.session
	err = in.Run(func() {
		if err := s.begin(in, sut.rec, sut.limits); err != nil {
			t.Error(err)
			return
		}
		for i, c := range r.Commands {
			got = append(got, s.do(c, &r.Observations[i]))
		}
		s.finish()
		s.over(in.Backend)
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.Observations, got
}

// A receive that gets what there is piece by piece gets what one gets that has it all at once, however many ends came before.
func TestAReceiveThatGetsItsBytesInPiecesIsNoDifference(t *testing.T) {
	for before := range 9 {
		commands := []Command{{Act: Dial}, {Act: Accept}}
		for range before {
			commands = append(commands, Command{Act: Post})
		}
		commands = append(commands, Command{Act: FarSend, N: 15}, Command{Act: Recv, N: 15}, Command{Act: FarSend, N: 7}, Command{Act: Recv, N: 7})
		want, got := follow(t, commands, 0)
		for i := range want {
			if d := Differ(want[i], got[i]); d != "" {
				t.Errorf("%d ends before, command %d, %s: %s", before+1, i, commands[i], d)
			}
		}
	}
}

// What comes beside the rest of a receive is a difference of its own, and does not take the place of the rest.
func TestWhatComesBesideTheRestOfAReceiveIsSeen(t *testing.T) {
	commands := []Command{{Act: Dial}, {Act: Accept}, {Act: FarSend, N: 15}, {Act: Recv, N: 15}}
	want, got := follow(t, commands, 2)
	last := len(commands) - 1
	for i := range want[:last] {
		if d := Differ(want[i], got[i]); d != "" {
			t.Errorf("command %d, %s: %s", i, commands[i], d)
		}
	}
	ends := got[last].Ends
	if len(ends) != 2 || ends[0] != (End{Operation: -1, Key: 77, Code: spec.OK, N: 5}) || ends[1] != want[last].Ends[0] {
		t.Errorf("got %s, want the packet that nobody asked for, and %s", got[last], want[last])
	}
}
