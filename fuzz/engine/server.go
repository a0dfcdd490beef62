package engine

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// Server is the server of the document, as a program of its own: workers that wait on one port, get a message, send it back and, as their last act, post the receive again. It does
// what the scenario of Text does without the machinery of scenarios, so that a run takes less than half of the time.
type Server struct {
	Workers  int
	Clients  int
	Messages int // of each client, one after the other
	Size     int // bytes of a message
}

// Text is the server as a scenario.
func (v Server) Text() string {
	s := fmt.Sprintf("# THR-1: %d workers, %d clients, one receive each that is posted again as the handler's last act.\nrules THR-1 PKT-2 RCV-3\nneeds workers\nport P\n", v.Workers, v.Clients)
	for i := range v.Clients {
		s += fmt.Sprintf("session s%d peer=c%d key=%d\n", i+1, i+1, i+1)
	}
	s += fmt.Sprintf("pool W on P threads=%d handler=session-echo receives=1 size=%d\npar {\n", v.Workers, v.Size)
	for i := range v.Clients {
		for range v.Messages {
			s += fmt.Sprintf("  peer c%d sends %d\n", i+1, v.Size)
		}
	}
	return s + "}\ndrain W\n"
}

// ExploreServer is Explore for the server.
func ExploreServer(ctx context.Context, target *spec.Target, v Server, o ExploreOptions) (*Exploration, error) {
	if target.About.World != "sim" {
		return nil, fmt.Errorf("%s cannot be explored: %w", target.About.Name, ErrNoChoices)
	}
	c, err := conformance.ParseCase("server.scn", []byte(v.Text()))
	if err != nil {
		return nil, err
	}
	x := &serving{v: v, stage: newStage(target, o.Bugs)}
	if o.Profile != "" {
		x.profile = o.Profile
	}
	return explore(ctx, target, c, x, o), nil
}

// serving is the server at work, with memory that is used again.
type serving struct {
	stage
	v       Server
	world   spec.World
	witness spec.Witness
	port    *spec.PortRef
	addr    netip.AddrPort
	main    *spec.Thread
	socks   []*spec.Sock
	far     []*spec.PeerRef
	threads []*spec.Thread // workers, then clients
	bodies  []func()
	begin   func(*spec.Instance, *spec.Recorder) (program func())
	names   []string
	slots   []slot // of workers, then main
	done    spec.Gate
	ending  bool
	ended   int
}

// slot is what a thread waits with.
type slot struct {
	packets [8]spec.Packet
	ops     [8]*spec.Operation
	bytes   []byte
}

// Of spec.Witness.
const (
	sharedEnding = iota
	sharedEnded
)

// forever is longer than anything that can still happen: in a simulated world time passes only when nothing else can.
const forever = time.Hour

func (x *serving) play(s spec.Schedule, wanted func() bool) conformance.Attempt {
	x.wanted = wanted
	if x.begin == nil { // once, not in each of a million runs
		serve := x.serve
		x.begin = func(*spec.Instance, *spec.Recorder) func() {
			x.reset()
			return serve
		}
	}
	r := x.stage.play(s, x.begin)
	return conformance.Attempt{Schedule: s, Picks: r.Picks, Trace: r.Trace, Judgement: r.Judgement, Err: r.Err, Unjudged: r.Unjudged}
}

func (x *serving) reset() {
	x.world = x.rec.World()
	x.witness = spec.WitnessOf(x.world)
	x.socks, x.far, x.threads = x.socks[:0], x.far[:0], x.threads[:0]
	x.ending, x.ended = false, 0
	if x.bodies != nil {
		return
	}
	x.slots = make([]slot, x.v.Workers+x.v.Clients+1)
	for i := range x.slots {
		x.slots[i].bytes = make([]byte, max(1<<12, x.v.Size))
	}
	for i := range x.v.Workers {
		x.names = append(x.names, fmt.Sprintf("W.%d", i+1))
		x.bodies = append(x.bodies, func() { x.work(i) })
	}
	for i := range x.v.Clients {
		x.names = append(x.names, fmt.Sprintf("peer:c%d", i+1))
		x.bodies = append(x.bodies, func() { x.send(i) })
	}
}

func (x *serving) share(what int, write bool) {
	if x.witness != nil {
		x.witness.Shared(what, write)
	}
}

// serve is the main thread: it makes the connections, lets everybody loose, waits for all and brings the run to rest.
func (x *serving) serve() {
	x.main = x.rec.Thread("main")
	t := x.main
	x.port, _ = t.OpenPort(0)
	lis, _ := t.OpenSocket(spec.TCP4)
	t.Bind(lis, x.world.Loopback(spec.TCP4))
	x.addr, _ = t.Listen(lis, 16)
	t.Associate(x.port, lis, 0)
	for _, name := range x.names {
		x.threads = append(x.threads, x.rec.Thread(name))
	}
	mine := &x.slots[len(x.slots)-1]
	for i := range x.v.Clients {
		x.start(t, lis, spec.Accept, 0)
		far, st, err := x.threads[x.v.Workers+i].PeerConnect(spec.TCP4, x.addr, forever)
		if err != nil || !st.Ok() {
			return
		}
		x.far = append(x.far, far)
		if n, _ := t.Wait(x.port, mine.packets[:1], mine.ops[:1], forever); n != 1 || mine.ops[0] == nil || mine.ops[0].Accepted == nil {
			break // which a rule will say
		}
		s := mine.ops[0].Accepted
		x.socks = append(x.socks, s)
		t.Associate(x.port, s, uint64(i+1))
		x.start(t, s, spec.Receive, x.v.Size)
	}
	x.done = x.world.Gate()
	for i, body := range x.bodies {
		x.world.Go(x.names[i], body)
	}
	for range x.v.Clients {
		x.done.Pass()
	}
	x.share(sharedEnding, true)
	x.ending = true
	for range 2*x.v.Workers + 4 {
		x.share(sharedEnded, false)
		if x.ended == x.v.Workers {
			break
		}
		x.world.Sleep(forever)
	}
	x.rest(mine)
	t.Settled(0)
	t.ClosePort(x.port)
	t.End()
}

// rest takes what is there from the port and from the far ends until nothing comes.
func (x *serving) rest(mine *slot) {
	for more := true; more; {
		more = false
		for {
			n, _ := x.main.Wait(x.port, mine.packets[:], mine.ops[:], forever)
			if n <= 0 {
				break
			}
			more = true
		}
		for i, far := range x.far {
			n, st := x.threads[x.v.Workers+i].PeerRead(far, mine.bytes, forever)
			more = more || st.Ok() && n > 0
		}
	}
}

func (x *serving) start(t *spec.Thread, s *spec.Sock, kind spec.Verb, n int) *spec.Operation {
	o := x.rec.NewOp(kind, n)
	o.Token = conformance.Token(o.ID)
	t.Start(s, o)
	return o
}

// work is a worker: it echoes, until its wait runs out of time when there will be nothing more.
func (x *serving) work(i int) {
	t, my := x.threads[i], &x.slots[i]
	for {
		n, st := t.Wait(x.port, my.packets[:1], my.ops[:1], forever)
		if !st.Ok() && st.Code != spec.TimedOut {
			break
		}
		if n == 1 && my.ops[0] != nil {
			x.echo(t, my.ops[0], &my.packets[0])
		}
		x.share(sharedEnding, false)
		if x.ending && n == 0 {
			break
		}
	}
	x.share(sharedEnded, true)
	x.ended++
}

// echo is the handler.
func (x *serving) echo(t *spec.Thread, o *spec.Operation, k *spec.Packet) {
	if o.Kind != spec.Receive {
		return
	}
	t.EnterBusy(o)
	more := k.Status.Ok() && k.N > 0
	if more {
		back := x.rec.NewOp(spec.Send, k.N)
		back.Token = conformance.Token(back.ID)
		copy(back.Buf, o.Buf[:k.N])
		t.Start(o.On, back)
	}
	t.LeaveBusy(o)
	if more {
		x.start(t, o.On, spec.Receive, x.v.Size)
	}
}

// send is a client.
func (x *serving) send(i int) {
	t, my := x.threads[x.v.Workers+i], &x.slots[x.v.Workers+i]
	sent := 0
	for range x.v.Messages {
		b := my.bytes[:x.v.Size]
		conformance.Pattern(b, x.far[i].ID, uint64(sent))
		n, st := t.PeerSend(x.far[i], b, forever)
		if sent += n; !st.Ok() {
			break
		}
	}
	x.done.Open()
}
