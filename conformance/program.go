package conformance

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// program walks through one script. The main thread directs: it runs main's lines itself and hands the others to
// their threads, one line at a time, waiting for each unless the line stands in the background or in a par block.
type program struct {
	rec       *spec.Recorder
	world     spec.World
	witness   spec.Witness // the world, if it is one
	looksBack bool         // see share.go
	about     *spec.About
	file      *scenario.File
	main      *thread
	free      bool // no line expects anything

	mu       sync.Mutex // held only between calls into the world
	threads  map[string]*thread
	started  []*thread      // in the order of their first use
	names    map[string]any // *spec.PortRef, *spec.Sock, *listener, *operation, *spec.PeerRef, *spec.PeerListenerRef, *pool, *packet
	ops      []*operation
	byOp     map[*spec.Operation]*operation
	posts    map[uint64]*operation
	aside    []*packet // taken by a wait that was for something else
	ports    []*spec.PortRef
	peers    []*peer
	socks    []*spec.Sock
	pools    []*pool
	left     *Divergence // the first
	open     []handling  // under way
	overlap  map[*spec.Sock]bool
	skips    map[*spec.Sock]bool // those that have been told to
	ready    *polled
	control  sync.Mutex
	controls [2]*peer // far ends that exchange datagrams beside those of the script
	apcs     int      // queued so far
	waited   bool     // something that might have come was waited for until everything was quiet
	rooms    *rooms
	judged   func() spec.Judgement // of what has been recorded so far
	shut     bool                  // the script is over; whatever still runs in the background gives up
	jobs     int                   // how many have begun or ended
	served   atomic.Int64          // packets that were taken, and operations that were started
	rested   bool                  // everything has come to rest: no thread begins anything any more
}

// Divergence is where a script could not go on.
type Divergence struct {
	Pos     scenario.Pos
	Line    string
	Seen    string
	Allowed string // "" where the script could not have allowed it
	Liberty string // what the target has done that it may, and for which the script is not made; "" is nothing: see program.liberty
}

func (d *Divergence) String() string {
	if d.Allowed == "" {
		return fmt.Sprintf("line %d: %s: %s", d.Pos.Line, d.Line, d.Seen)
	}
	return fmt.Sprintf("line %d: %s: saw %s; the script allows %s", d.Pos.Line, d.Line, d.Seen, d.Allowed)
}

// thread is a thread of the script.
type thread struct {
	p      *program
	name   string
	rec    *spec.Thread
	number int       // in the order of their first use
	go_    spec.Gate // opened for each job
	done   spec.Gate // opened when a job has ended that somebody waits for
	jobs   []job
	busy   int // jobs given and not ended
	last   outcome
	ended  func() // of a thread of the operating system: returns once that has ended
	over   bool
	buf    []spec.Packet
	ops    []*spec.Operation
	events []spec.Ready
	space  *[]byte // see room

	// of a worker of a pool: what it has sent back, and what was done as it started it and has no packet
	answered int
	inline   []*packet
}

// job is what a thread is given to do.
type job struct {
	run     func()
	awaited bool
}

func newProgram(rec *spec.Recorder, about *spec.About, f *scenario.File) *program {
	p := &program{
		rec: rec, world: rec.World(), about: about, file: f, free: f.AnswersAny(), threads: map[string]*thread{}, names: map[string]any{}, skips: map[*spec.Sock]bool{},
		byOp: map[*spec.Operation]*operation{}, posts: map[uint64]*operation{}, overlap: map[*spec.Sock]bool{},
	}
	if isPoller(about) {
		p.ready = &polled{watched: map[uint64]*watched{}}
	}
	p.main = &thread{p: p, name: "main", rec: rec.Thread("main")}
	if p.witness = spec.WitnessOf(p.world); p.witness != nil {
		p.looksBack = looksBack(f.Lines)
	}
	return p
}

// run runs the whole script, brings everything to rest and judges nothing.
func (p *program) run(patient func() bool) {
	p.lines(p.file.Lines)
	if p.left == nil && !p.free {
		p.unclaimed()
	}
	p.rest(patient)
}

// stuck notes a divergence and reports whether the script can go on: one that expects nothing passes over what cannot be done.
func (p *program) stuck(l *scenario.Line, seen, allowed string) bool {
	if p.free {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.share(sharedLeft, true)
	if p.left == nil {
		p.left = &Divergence{Pos: l.Pos, Line: strings.TrimSpace(l.String()), Seen: seen, Allowed: allowed}
	}
	return false
}

// liberty tells, when the script is over, what the target has done that it declares to do, and that takes scripts off their path: these wait for packets, and for whole sends.
func (p *program) liberty() string {
	sendsLess, whole := p.about.Meets("send=whole")
	skips := p.about.Axes.Get("inline") == "skip"
	if whole && !skips {
		return ""
	}
	for _, o := range p.ops {
		moved, well := o.how.N, o.began && o.how.How == spec.Done
		if o.packet != nil {
			moved, well = o.packet.N, o.packet.Status.Ok()
		}
		switch {
		case !well || o.Operation == nil:
		case !whole && o.Kind == spec.Send && moved < len(o.Buf):
			return sendsLess
		case skips && (o.packet == nil || o.packet.skipped):
			why, _ := p.about.Meets("inline=queue")
			return why
		}
	}
	return ""
}

func (p *program) diverged() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.share(sharedLeft, false)
	return p.left != nil
}

// lines runs a list of nodes one after the other; false ends the script.
func (p *program) lines(nodes []scenario.Node) bool {
	for _, n := range nodes {
		ok := true
		switch n := n.(type) {
		case *scenario.Line:
			ok = p.line(n)
		case *scenario.Block:
			ok = p.block(n)
		}
		if !ok || p.diverged() {
			return false
		}
	}
	return true
}

// line runs a line on its thread.
func (p *program) line(l *scenario.Line) bool {
	t := p.threadOf(l)
	if t == p.main {
		if x, ok := l.Action.(*scenario.PeerLine); ok {
			if c := p.far(x.Peer); c != nil && !p.awaitIdle(c, p.world.Watch(spec.Quiet)) { // it makes one call at a time
				return p.stuck(l, "the far end is still in its call", "that it returns")
			}
		}
		return t.do(l)
	}
	if _, join := l.Action.(*scenario.JoinLine); join {
		return p.join(t, l)
	}
	if _, exit := l.Action.(*scenario.ExitLine); exit {
		return t.exit(l)
	}
	if l.Background {
		p.background(t, l)
		return true
	}
	if p.stays(t) {
		return true
	}
	ok := false
	p.give(t, true, func() { ok = t.do(l) })
	t.done.Pass()
	return ok
}

// stays reports whether a thread of a script that expects nothing is in a call that does not return by itself: its lines are passed over, where another script would wait
// for them.
func (p *program) stays(t *thread) bool { return p.free && !p.awaitIdle(t, p.world.Watch(spec.Quiet)) }

// background hands a line to its thread and does not wait for it.
func (p *program) background(t *thread, l *scenario.Line) { p.give(t, false, func() { t.do(l) }) }

// give hands a job to a thread. For an awaited one somebody passes t.done.
func (p *program) give(t *thread, awaited bool, run func()) {
	p.mu.Lock()
	t.jobs = append(t.jobs, job{run, awaited})
	t.busy++
	p.share(sharedBusy+t.number%8, true)
	p.mu.Unlock()
	t.go_.Open()
}

// farThread begins the names of the threads on which far ends do what stands in a block or in the background.
const farThread = "peer "

// far returns that thread of a far end, nil if there is none.
func (p *program) far(name string) *thread {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.threads[farThread+name]
}

// threadOf returns the thread that the line runs on. A far end's lines run on the main thread unless they stand in a block.
func (p *program) threadOf(l *scenario.Line) *thread {
	if l.Thread == "" {
		if x, ok := l.Action.(*scenario.PeerLine); ok && l.Background {
			return p.thread(farThread + x.Peer)
		}
		return p.main
	}
	return p.thread(l.Thread)
}

// thread returns the named thread, started on first use.
func (p *program) thread(name string) *thread {
	p.mu.Lock()
	t := p.threads[name]
	p.mu.Unlock()
	if t != nil {
		return t
	}
	t = &thread{p: p, name: name, go_: p.world.Gate(), done: p.world.Gate()}
	if !strings.HasPrefix(name, farThread) { // a far end has a thread of its own in the trace
		t.rec = p.rec.Thread(name)
	}
	p.mu.Lock()
	p.threads[name] = t
	t.number = len(p.started)
	p.started = append(p.started, t)
	p.mu.Unlock()
	if w, can := p.world.(spec.ThreadWorld); can && p.ownThread(name) {
		t.ended = w.GoThread(name, t.work)
	} else {
		p.world.Go(name, t.work)
	}
	return t
}

// ownThread reports whether the script does something with the thread for which it has to be one of the operating system.
func (p *program) ownThread(name string) bool {
	var look func([]scenario.Node) bool
	look = func(nodes []scenario.Node) bool {
		for _, n := range nodes {
			switch n := n.(type) {
			case *scenario.Block:
				if look(n.Lines) {
					return true
				}
			case *scenario.Line:
				switch n.Action.(type) {
				case *scenario.ExitLine, *scenario.APCLine:
					if n.Thread == name {
						return true
					}
				}
			}
		}
		return false
	}
	return look(p.file.Lines)
}

// exit lets the thread end. Where the world's threads are none of the operating system there is nothing to be seen of it.
func (t *thread) exit(l *scenario.Line) bool {
	if !t.p.awaitIdle(t, t.p.world.Watch(spec.Patient)) {
		return t.p.stuck(l, "the thread is still in its call", "that it returns")
	}
	if t.ended == nil {
		return true
	}
	t.over = true
	t.rec.Exit(func() {
		t.go_.Open() // no job: the thread ends
		t.ended()
	})
	return true
}

// work does jobs until the thread is told to end.
func (t *thread) work() {
	for {
		t.go_.Pass()
		t.p.mu.Lock()
		if len(t.jobs) == 0 {
			t.p.mu.Unlock()
			return
		}
		job := t.jobs[0]
		t.jobs = t.jobs[1:]
		t.p.jobs++
		rested := t.p.rested
		t.p.mu.Unlock()
		if !rested {
			job.run()
		}
		t.p.mu.Lock()
		t.p.share(sharedBusy+t.number%8, true)
		t.busy--
		t.p.jobs++
		t.p.mu.Unlock()
		if job.awaited {
			t.done.Open()
		}
	}
}

// join waits for the background lines of a thread.
func (p *program) join(t *thread, l *scenario.Line) bool {
	if !p.awaitIdle(t, p.world.Watch(spec.Patient)) {
		return p.stuck(l, "the thread is still in its call", "that it returns")
	}
	return t.check(l, t.last)
}

// awaitIdle waits until a thread has nothing to do. Where that never comes the thread is blocked, for certain.
func (p *program) awaitIdle(t *thread, patience spec.Watch) bool {
	idle := func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.share(sharedBusy+t.number%8, false)
		return t.busy == 0
	}
	since := p.main.rec.Since()
	for !idle() {
		p.world.Settle()
		if !idle() && (p.world.Controlled() || patience.Spent()) {
			p.main.rec.PauseSince(since, patience.Rounds())
			return false
		}
	}
	return true
}

// block runs a block.
func (p *program) block(b *scenario.Block) bool {
	if b.Kind == scenario.Repeat {
		for i := range b.Times.Int() {
			if i > 0 { // behind the block they mean the last
				p.forgetNames(b.Lines)
			}
			if !p.lines(b.Lines) {
				return false
			}
		}
		return true
	}
	// par and schedule: the lines of each thread and of each far end run in their order, those of different ones at once.
	var order []*thread
	work := map[*thread][]*scenario.Line{}
	for _, n := range b.Lines {
		l, ok := n.(*scenario.Line)
		if !ok {
			if inner, is := n.(*scenario.Block); is {
				return p.stuck(&scenario.Line{Pos: inner.Pos, Action: &scenario.SettleLine{}}, "a block inside "+b.Kind.String(), "lines only")
			}
			continue
		}
		t := p.main
		if x, is := l.Action.(*scenario.PeerLine); is && l.Thread == "" {
			t = p.thread(farThread + x.Peer)
		} else if l.Thread != "" {
			t = p.thread(l.Thread)
		}
		if work[t] == nil {
			order = append(order, t)
		}
		work[t] = append(work[t], l)
	}
	order = slices.DeleteFunc(order, func(t *thread) bool { return t != p.main && p.stays(t) })
	for _, t := range order {
		if t != p.main {
			for _, l := range work[t] {
				p.give(t, !l.Background, func() { t.do(l) })
			}
		}
	}
	ok := true
	for _, l := range work[p.main] {
		ok = ok && p.main.do(l)
	}
	for _, t := range order {
		if t == p.main {
			continue
		}
		for _, l := range work[t] {
			if !l.Background {
				t.done.Pass()
			}
		}
	}
	return ok && !p.diverged()
}

// forgetNames lets the names that a block introduced be introduced again.
func (p *program) forgetNames(nodes []scenario.Node) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range nodes {
		l, ok := n.(*scenario.Line)
		if !ok {
			continue
		}
		switch a := l.Action.(type) {
		case *scenario.StartLine:
			delete(p.names, a.Name)
			delete(p.names, a.Accepted())
		case *scenario.PostLine:
			delete(p.names, a.Name)
		case *scenario.WaitLine:
			delete(p.names, a.As)
		case *scenario.SocketLine:
			delete(p.names, a.Name)
		case *scenario.SessionLine:
			delete(p.names, a.Name)
			delete(p.names, a.Peer())
		}
	}
}

// bind gives something its name.
func (p *program) bind(name string, x any) {
	p.mu.Lock()
	p.shareName(name, true)
	p.names[name] = x
	p.mu.Unlock()
}

// named returns what bears the name; the parser has seen to it that the kinds are right.
func named[T any](p *program, name string) (T, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shareName(name, false)
	x, ok := p.names[name].(T)
	return x, ok
}

// socket returns the socket of that name, listeners included.
func (p *program) socket(name string) (*spec.Sock, bool) {
	if l, ok := named[*listener](p, name); ok {
		return l.Sock, true
	}
	return named[*spec.Sock](p, name)
}
