package engine

import (
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// stage is a target on which programs are played, one at a time, with memory that is used again.
type stage struct {
	target  *spec.Target
	profile string // its rules judge
	bugs    []string
	rec     *spec.Recorder
	checker *spec.Checker
	picks   []uint32

	overlook func(*spec.Violation) bool // violations that are known, if not nil
	wanted   func() bool                // asked after each run whether it is to be judged, if not nil
}

func newStage(t *spec.Target, bugs []string) stage {
	return stage{target: t, profile: conformance.DefaultProfile(&t.About), bugs: bugs, checker: spec.NewChecker()}
}

// play opens the target, runs the program that prepare makes for it, and has the rules judge what happened.
func (x *stage) play(s spec.Schedule, prepare func(*spec.Instance, *spec.Recorder) (program func())) (r Run) {
	in, err := x.target.Open()
	if err != nil {
		return Run{Err: err}
	}
	defer in.Close()
	if in.Schedule != nil {
		if err := in.Schedule(s); err != nil {
			return Run{Err: err}
		}
	}
	if len(x.bugs) > 0 {
		if err := in.Plant(x.bugs...); err != nil {
			return Run{Err: err}
		}
	}
	if x.rec == nil {
		x.rec = spec.NewRecorder(in.World, in.Backend, x.target.About)
	} else {
		x.rec.Reset(in.World, in.Backend, x.target.About)
	}
	r.Err = in.Run(prepare(in, x.rec))
	if x.wanted != nil && !x.wanted() {
		if r.Unjudged = true; r.Err != nil && !in.World.Controlled() {
			x.rec = nil // threads may still be in their calls
		}
		return r
	}
	if in.Picks != nil { // the world may serve somebody else once it is closed
		x.picks = append(x.picks[:0], in.Picks()...)
		r.Picks = x.picks
	}
	if r.Err != nil { // threads may still be in their calls
		r.Trace = x.rec.Snapshot()
		conformance.Aftermath(r.Trace, r.Err)
		x.rec = nil
	} else {
		r.Trace = x.rec.Trace()
	}
	r.Judgement = x.checker.Check(r.Trace)
	r.Judgement.Violations = conformance.Judging(x.profile, r.Judgement.Violations, x.overlook)
	return r
}

// Executor runs programs on one target, one at a time.
type Executor struct {
	stage
	room run
	main func() // of room
}

// NewExecutor returns an executor for the target with these bugs planted.
func NewExecutor(t *spec.Target, bugs ...string) *Executor {
	x := &Executor{stage: newStage(t, bugs)}
	x.main = func() {
		x.room.main()
		x.room.backend.Close()
		x.room.threads[0].End()
	}
	return x
}

// Execute runs p under the schedule and judges what happened.
func (x *Executor) Execute(p *Program, s spec.Schedule) Run {
	return x.play(s, func(in *spec.Instance, rec *spec.Recorder) func() {
		x.room.reset(in, rec, p)
		return x.main
	})
}

// run is the state of one program.
type run struct {
	p       *Program
	rec     *spec.Recorder
	world   spec.World
	backend spec.Backend
	port    *spec.PortRef
	lis     *spec.Sock
	addr    netip.AddrPort
	threads []*spec.Thread // main, then the threads, then the far ends' threads
	bodies  []func()       // of all threads but main, likewise kept
	first   []int          // the first step of each thread, -1 if it has none
	next    []int          // the step that the thread of each step makes after it, or -1
	acting  int            // threads that have not made all their calls
	done    spec.Gate
	quiet   time.Duration // how long a call may wait for what need not come
	patient time.Duration // and for what must

	mu    sync.Mutex
	alone bool // the world runs one thread at a time: mu is not needed
	socks []*spec.Sock
	from  []int // of each socket: the step that accepted it, or what mainStarts says
	peers []*far
	fars  []*far // all ever made
	ops   []*spec.Operation
	by    []int // of each operation, by its ID: the step that started it, or what mainStarts says
	about []int // of each step: the one that started what it cancels, or accepted the socket that it is about; none if there was nothing
	posts uint32
	keys  uint64
	buf   [][]spec.Packet
	got   [][]*spec.Operation
	bytes [][]byte
}

// none stands for the step of what there was not, unmade for that of a step that was not made.
const (
	none   = -1 << 20
	unmade = none - 1
)

// mainStarts stands for the step that started the n-th of the accepts by which the connections are made to begin with: there is none.
func mainStarts(n int) int { return -1 - n }

// far is a far end; its calls are made by one thread at a time.
type far struct {
	*spec.PeerRef
	rec  *spec.Thread
	sent uint64
	gone bool
	end  bool
}

func (r *run) reset(in *spec.Instance, rec *spec.Recorder, p *Program) {
	r.p, r.rec, r.world, r.backend, r.alone = p, rec, in.World, in.Backend, in.World.Controlled()
	r.threads = r.threads[:0]
	r.socks, r.from, r.peers, r.ops = r.socks[:0], r.from[:0], r.peers[:0], r.ops[:0]
	r.by, r.about = r.by[:0], r.about[:0]
	for range p.Steps {
		r.about = append(r.about, unmade)
	}
	r.posts, r.keys = 0, 1
	n := 1 + p.Threads + p.Sessions
	for i := range n {
		r.threads = append(r.threads, rec.Thread(threadName(i, p.Threads)))
	}
	for len(r.buf) < n {
		r.buf = append(r.buf, make([]spec.Packet, 8))
		r.got = append(r.got, make([]*spec.Operation, 8))
		r.bytes = append(r.bytes, make([]byte, 4096))
	}
	r.first, r.next = r.first[:0], append(r.next[:0], make([]int, len(p.Steps))...)
	for range n {
		r.first = append(r.first, -1)
	}
	for k := len(p.Steps) - 1; k >= 0; k-- {
		if i := int(p.Steps[k].Thread) + 1; i < n {
			r.next[k], r.first[i] = r.first[i], k
		}
	}
	for i := len(r.bodies); i < n; i++ {
		r.bodies = append(r.bodies, func() { r.thread(i) })
	}
}

// names of the threads: threadNames of threads and of far ends.
var threadNames, farNames [1 + MaxThreads + MaxSessions]string

func init() {
	for i := range threadNames {
		threadNames[i] = fmt.Sprintf("t%d", i)
		farNames[i] = fmt.Sprintf("peer:t%d", i)
	}
}

func threadName(i, threads int) string {
	switch {
	case i == 0:
		return "main"
	case i > threads:
		return farNames[i-threads]
	}
	return threadNames[i]
}

func (r *run) lock() {
	if !r.alone {
		r.mu.Lock()
	}
}

func (r *run) unlock() {
	if !r.alone {
		r.mu.Unlock()
	}
}

// main makes the connections, lets everybody loose, waits for all and brings the run to rest.
func (r *run) main() {
	t := r.threads[0]
	r.quiet, r.patient = r.world.Watch(spec.Quiet).Slice(), r.world.Watch(spec.Patient).Slice()
	var st spec.Status
	if r.port, st = t.OpenPort(r.p.Limit); !st.Ok() {
		return
	}
	if r.lis, st = t.OpenSocket(spec.TCP4); !st.Ok() {
		return
	}
	t.Bind(r.lis, r.world.Loopback(spec.TCP4))
	r.addr, _ = t.Listen(r.lis, 8)
	t.Associate(r.port, r.lis, 0)
	for i := range r.p.Sessions {
		r.start(0, mainStarts(i), r.lis, spec.Accept, 0, 0)
	}
	for i := range r.p.Sessions {
		if !r.dial(1 + r.p.Threads + i) {
			return
		}
	}
	for w := r.world.Watch(spec.Patient); len(r.socks) < r.p.Sessions && !w.Spent(); {
		r.wait(0, r.p.Sessions, w.Slice())
	}
	r.done = r.world.Gate()
	r.acting = r.p.Threads + r.p.Sessions
	for i := 1; i <= r.p.Threads+r.p.Sessions; i++ {
		r.world.Go(threadName(i, r.p.Threads), r.bodies[i])
	}
	r.done.Pass()
	r.rest()
}

// thread makes the calls of the i-th thread.
func (r *run) thread(i int) {
	for k := r.first[i]; k >= 0; k = r.next[k] {
		r.step(i, k)
	}
	r.lock()
	r.acting--
	last := r.acting == 0
	r.unlock()
	if last {
		r.done.Open()
	}
}

// rest takes what is there from the port and from all far ends until nothing comes. What the far ends read makes room, so that sends may go on, and
// the port is asked again; if it has nothing more, and nothing was left when it was asked, nor has anybody else.
func (r *run) rest() {
	rounds := 0
	for round := 0; ; round++ {
		more := false
		for w := r.world.Watch(spec.Quiet); ; {
			if r.wait(0, 8, w.Slice()) > 0 {
				more = true
			} else if w.Spent() {
				rounds += w.Rounds()
				break
			}
		}
		if round > 0 && !more && r.alone {
			break
		}
		for _, f := range r.peers {
			for w := r.world.Watch(spec.Quiet); !f.gone && !f.end; {
				n, st := f.rec.PeerRead(f.PeerRef, r.bytes[0], w.Slice())
				if f.end = !st.Ok() && st.Code != spec.TimedOut || st.Ok() && n == 0; n > 0 {
					more = true
				} else if w.Spent() {
					break
				}
			}
		}
		if !more {
			break
		}
	}
	r.threads[0].Settled(rounds)
	r.threads[0].ClosePort(r.port)
}

// step makes the call of the k-th step on the i-th thread.
func (r *run) step(i, k int) {
	t, s := r.threads[i], &r.p.Steps[k]
	switch s.Act {
	case Recv:
		r.start(i, k, r.sock(k), spec.Receive, int(s.N), 0)
	case Send:
		r.start(i, k, r.sock(k), spec.Send, int(s.N), 0)
	case Accept:
		r.start(i, k, r.lis, spec.Accept, int(s.N), int(s.N))
	case Cancel:
		r.lock()
		var o *spec.Operation
		if len(r.ops) > 0 { // one of the latest six
			back := int(s.Obj) % min(len(r.ops), 6)
			o = r.ops[len(r.ops)-1-back]
			r.about[k] = r.by[o.ID]
		} else {
			r.about[k] = none
		}
		r.unlock()
		if o != nil {
			t.Cancel(o.On, o)
		}
	case CancelAll:
		if k := r.sock(k); k != nil {
			t.Cancel(k, nil)
		}
	case Close:
		if k := r.sock(k); k != nil {
			t.CloseSocket(k)
		}
	case ShutSend, ShutRecv:
		if k := r.sock(k); k != nil {
			side := spec.SideSend
			if s.Act == ShutRecv {
				side = spec.SideReceive
			}
			t.Shutdown(k, side)
		}
	case Skip:
		if k := r.sock(k); k != nil {
			t.Skip(k)
		}
	case Post:
		r.lock()
		r.posts++
		token := conformance.Token(1<<31 + r.posts)
		r.unlock()
		t.Post(r.port, uint64(s.Obj), token, int(s.N))
	case Poll:
		r.wait(i, int(s.N), 0)
	case Wait:
		r.wait(i, int(s.N), r.quiet)
	default:
		r.farStep(i, s)
	}
}

// farStep makes a far end's call, on its own thread.
func (r *run) farStep(i int, s *Step) {
	if s.Act == Dial {
		r.dial(i)
		return
	}
	var f *far
	r.lock()
	for _, x := range r.peers { // the latest of this thread
		if x.rec == r.threads[i] {
			f = x
		}
	}
	r.unlock()
	if f == nil || f.gone {
		return
	}
	switch s.Act {
	case PeerSend:
		b := r.bytes[i][:max(int(s.N), 1)]
		conformance.Pattern(b, f.ID, f.sent)
		n, _ := f.rec.PeerSend(f.PeerRef, b, r.quiet)
		f.sent += uint64(n)
	case PeerRead:
		if n, st := f.rec.PeerRead(f.PeerRef, r.bytes[i][:max(int(s.N), 1)], r.quiet); st.Ok() && n == 0 || st.Code == spec.Reset {
			f.end = true
		}
	case PeerHalf:
		f.rec.PeerHalfClose(f.PeerRef)
	case PeerClose:
		f.gone = true
		f.rec.PeerClose(f.PeerRef)
	case PeerReset:
		f.gone = true
		f.rec.PeerAbort(f.PeerRef)
	}
}

// dial connects another far end, whose calls are made on the i-th thread.
func (r *run) dial(i int) bool {
	ref, st, err := r.threads[i].PeerConnect(spec.TCP4, r.addr, r.patient)
	if err != nil || !st.Ok() {
		return false
	}
	r.lock()
	n := len(r.peers)
	if n == len(r.fars) {
		r.fars = append(r.fars, &far{})
	}
	*r.fars[n] = far{PeerRef: ref, rec: r.threads[i]}
	r.peers = append(r.peers, r.fars[n])
	r.unlock()
	return true
}

// sock returns one of the sockets there are, for the k-th step.
func (r *run) sock(k int) *spec.Sock {
	r.lock()
	defer r.unlock()
	if len(r.socks) == 0 {
		r.about[k] = none
		return nil
	}
	n := int(r.p.Steps[k].Obj) % len(r.socks)
	r.about[k] = r.from[n]
	return r.socks[n]
}

// start starts an operation for the step.
func (r *run) start(i, step int, s *spec.Sock, kind spec.Verb, n, data int) {
	if s == nil {
		return
	}
	o := r.rec.NewOp(kind, n)
	r.lock()
	for len(r.by) <= int(o.ID) {
		r.by = append(r.by, none)
	}
	r.by[o.ID] = step
	r.unlock()
	o.Token, o.Data = conformance.Token(o.ID), data
	if kind == spec.Send {
		conformance.Pattern(o.Buf, o.ID, 0)
	}
	r.threads[i].Start(s, o)
	r.lock()
	r.ops = append(r.ops, o)
	r.unlock()
}

// wait takes packets; sockets that accepts brought join the others.
func (r *run) wait(i, most int, timeout time.Duration) int {
	most = min(most, len(r.buf[i]))
	n, _ := r.threads[i].Wait(r.port, r.buf[i][:most], r.got[i][:most], timeout)
	for k := range min(max(n, 0), most) {
		o := r.got[i][k]
		if o == nil || o.Kind != spec.Accept || o.Accepted == nil {
			continue
		}
		r.lock()
		r.keys++
		key := r.keys
		r.unlock()
		r.threads[i].Associate(r.port, o.Accepted, key)
		r.lock()
		r.socks, r.from = append(r.socks, o.Accepted), append(r.from, r.by[o.ID])
		r.unlock()
	}
	return n
}
