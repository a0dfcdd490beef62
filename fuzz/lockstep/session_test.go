package lockstep

import (
	"slices"
	"strings"
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

// Shutdown is done without a connection as well, which Windows alone promises to refuse.
func (s *slowSocket) Shutdown(side spec.Side) spec.Status {
	s.Socket.Shutdown(side)
	return spec.Status{}
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

func slow(stray int) *spec.Target {
	model := simulated.Model(simnet.Options{})
	target := *model
	target.Open = func() (*spec.Instance, error) {
		in, err := model.Open()
		if err == nil {
			in.Backend = &slowly{Backend: in.Backend, stray: stray, socks: map[spec.Socket]*slowSocket{}}
		}
		return in, err
	}
	return &target
}

// follow makes the commands on the back end that is slow, as they came out on the model, and returns what was observed.
func follow(t *testing.T, commands []Command, stray int) (want, got []Observation) {
	t.Helper()
	model, target := simulated.Model(simnet.Options{}), slow(stray)
	oracle, sut := NewPlayer(model, target), NewPlayer(target)
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

// A rule that only Windows promises accuses nobody who does not speak its words.
func TestOnlyTheRulesOfTheProfileJudge(t *testing.T) {
	for _, windows := range []bool{true, false} {
		target := slow(0)
		if !windows {
			target.About.Capabilities = slices.DeleteFunc(slices.Clone(target.About.Capabilities), func(c spec.Capability) bool { return c == spec.CanWin32 })
		}
		p := NewPlayer(target)
		in, err := p.open()
		if err != nil {
			t.Fatal(err)
		}
		r := &Run{}
		r.Err = in.Run(func() {
			main := p.rec.Thread("main")
			s, _ := main.OpenSocket(spec.TCP4)
			main.Shutdown(s, spec.SideSend)
			in.Backend.Close()
			main.End()
		})
		p.judge(r)
		in.Close()
		if broken := strings.HasPrefix(r.Broken(), "CON-8"); r.Err != nil || broken != windows || !broken && r.Broken() != "" {
			t.Errorf("in the words of Windows %v: %v, broken %q", windows, r.Err, r.Broken())
		}
	}
}

// A start that is refused because of a reset is as good as a packet that says so; but of two packets each has to be that of the operation, with its key.
func TestARefusalIsAsGoodAsAPacketButAnotherPacketIsNot(t *testing.T) {
	refused := Observation{Answer: "refused " + spec.Reset.String()}
	told := Observation{Answer: "started", Ends: []End{{Operation: 3, Key: 2, Code: spec.Reset}}}
	if a, b := Differ(refused, told), Differ(told, refused); a != "" || b != "" {
		t.Error(a, b)
	}
	for _, end := range []End{{Operation: 3, Key: 9, Code: spec.Reset}, {Operation: 2, Key: 2, Code: spec.Reset}, {Operation: 3, Key: 2, Code: spec.Reset, N: 4}} {
		if got := (Observation{Answer: "started", Ends: []End{end}}); Differ(told, got) == "" {
			t.Errorf("%s is taken for %s", got, told)
		}
	}
}
