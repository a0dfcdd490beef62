package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// Options says what a campaign runs, and how long.
type Options struct {
	Target *spec.Target
	Name   string   // of the target with its bugs, as failure files name it; "" is the target's own
	Bugs   []string // planted
	Exec   string   // the command line of the adapter that the target is behind, if it is
	Seed   uint64
	Lanes  int // 0 is those of the campaign in Dir, or as many as suit the target
	Shard  Shard
	Runs   int           // of the whole campaign, every shard and what was run before included; 0 is no limit
	For    time.Duration // 0 is no limit
	// Stop ends the campaign at the first failure.
	Stop bool
	// Known are rules that the target is known to break, and endings that its runs are known to have: what is nothing else is counted, not told.
	Known map[string]bool
	// Shapes are, by rule, what is said of the violations that are known (see Shape); a rule that has none is known whatever is said.
	Shapes map[string][]string
	// Remark is told, in a line, what a campaign or a merge does that somebody may not expect.
	Remark func(line string)
	// Dir keeps the corpus and what was found; a campaign that is there already goes on. "" keeps nothing.
	Dir string
	// Partial lets a merge be of a part of the campaign: it tells what it lacks.
	Partial bool
	// Workers is how many runs are made at once; 0 is one for each processor, and in the real world, where a run mostly waits, one for each lane.
	Workers int
	// Progress is called about once a second, by one goroutine at a time.
	Progress func(s Status)

	limits  *limits // nil: usual
	entries *string // which known failures Known and Shapes are of, "" if of none; nil is not told
}

// remark tells of something that somebody may not expect.
func (o *Options) remark(format string, args ...any) {
	if o.Remark != nil {
		o.Remark(fmt.Sprintf(format, args...))
	}
}

// The number of lanes of a campaign, and so the most shards that it can be split into, unless it is told. On the kernel of this machine a run mostly waits, and
// lanes cost no more than their memory; completion ports under Wine gain nothing by more, and an adapter of somebody else's may be large.
const (
	DefaultLanes = 16
	KernelLanes  = 32
)

// lanes is how many the campaign has.
func (o *Options) lanes() int {
	if o.Lanes > 0 {
		return o.Lanes
	}
	if o.Dir != "" {
		if i, err := readIdentity(o.Dir); err == nil {
			return i.Lanes
		}
	}
	if a := &o.Target.About; a.World == "real" && o.Exec == "" && !a.Can(spec.CanWin32) {
		return KernelLanes
	}
	return DefaultLanes
}

// MostLanes is the most lanes that conform takes: each is memory, and a file.
const MostLanes = 1 << 16

// Status is how far a campaign has come.
type Status struct {
	Tally
	New        int // runs since this process began
	Seconds    float64
	States     int  // in which calls found sockets
	Situations int  // of rules, that were seen
	Shrinking  bool // the runs are over, and what was found is being made small
}

// Report is what a campaign came to.
type Report struct {
	Options  Options
	Tally    Tally
	New      int          // runs that this process made
	Rules    []spec.Count // situations and alternatives that were seen, by the index of the rule
	States   int
	Findings []Finding // the first of each signature, made small
	Unended  []Finding // runs that were not over at the end, of this process or of one before: what is wrong with them, if anything, cannot be told
	Lacking  string    // what of the campaign a merge has not got
	Left     bool      // a run may be under way still, which whoever goes on is not to wait for
	Seconds  float64   // of this process's runs
	CPU      float64   // of them, seconds that its processors worked; 0 where the system does not tell
	Stopped  bool      // by the context, or because the target cannot be opened any more, before the runs or the time that were asked for
}

// All lists what has a file of its own, or could have: the findings, and the runs that were not over.
func (r *Report) All() (all []*Finding) {
	for _, list := range [][]Finding{r.Findings, r.Unended} {
		for i := range list {
			all = append(all, &list[i])
		}
	}
	return all
}

// Campaign runs programs that nobody wrote until it has made the runs that were asked for, its time is over, or ctx ends. What it kept in o.Dir before it goes
// on from. In the real world it comes to its report within two minutes of that, in seconds if ctx has ended, whatever a run does (see end.go).
// An error means that it could not be begun, or that o.Dir could not be written.
func Campaign(ctx context.Context, o Options) (r *Report, err error) {
	o.Lanes = o.lanes()
	if o.Shard.Count > o.Lanes {
		return nil, fmt.Errorf("%s of %s: some would have nothing to do; give each of them --lanes %d, or more", conformance.Counted(o.Shard.Count, "shard"), conformance.Counted(o.Lanes, "lane"), o.Shard.Count)
	}
	if o.Name == "" {
		o.Name = o.Target.About.Name
	}
	if o.limits == nil {
		o.limits = &usual
	}
	c := &campaign{Options: o, real: o.Target.About.World == "real", begin: time.Now(), moved: time.Now(), cpu: cpuSeconds(), playing: map[*lane]Input{}}
	if o.entries == nil {
		o.entries = new(string)
	}
	var dir *store
	if o.Dir != "" {
		if dir, err = openStore(o.Dir, &o); err != nil {
			return nil, err
		}
		defer dir.closed(&err)
	}
	for i := range o.Lanes {
		if !o.Shard.owns(i) {
			continue
		}
		l := newLane(i, &o)
		if dir != nil {
			if err := dir.load(l); err != nil {
				return nil, err
			}
		}
		c.before.add(l.tally)
		c.lanes = append(c.lanes, l)
	}
	if err := c.run(ctx, dir); err != nil {
		return nil, err
	}
	if dir != nil {
		if err := dir.finish(c.lanes); err != nil {
			return nil, err
		}
	}
	r = sum(o, c.lanes)
	r.Seconds, r.CPU = time.Since(c.begin).Seconds(), cpuSeconds()-c.cpu
	r.New = r.Tally.Runs - c.before.Runs
	r.Stopped = ctx.Err() != nil && (o.For > 0 || o.Runs > 0) || c.shut >= mostShut
	if o.Progress != nil && len(first(c.lanes)) > 0 {
		s := c.status()
		s.Shrinking = true
		o.Progress(s)
	}
	var dirs []string
	if dir != nil {
		dirs = append(dirs, o.Dir)
	}
	r.Findings = c.allSmaller(ctx, dirs)
	var unended []Finding
	for _, f := range c.unended {
		unended = append(unended, f.asFound(&o))
	}
	for _, l := range c.lanes {
		r.Unended = append(r.Unended, unendedOf(l, unended, dirs)...)
	}
	r.Left = c.left
	if dir != nil {
		for _, f := range r.All() {
			if err := dir.keep(f); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// campaign is what the workers share.
type campaign struct {
	Options
	real   bool // the world
	lanes  []*lane
	before Tally // what was there when it began
	begin  time.Time
	cpu    float64

	mu    sync.Mutex // guards what follows; a lane is its worker's until that gives it back
	queue []*lane    // that wait for a worker
	shown []Status   // of each lane, when it was last given back
	shut  int        // how often in a row the target could not be opened
	busy  int        // lanes that workers have
	idle  int        // workers that have found nothing more to do
	over  bool
	err   error

	playing map[*lane]Input // of the real world: what is being run
	moved   time.Time       // when a run has ended, or could still be begun, for the last time
	looks   int             // since then: a process that was stopped for an hour, and its runs with it, has looked once
	left    bool            // the campaign ends without those that are still being run
	unended []Failure       // them
}

// turn is how long a worker stays with a lane before it takes the next.
const turn = 50 * time.Millisecond

// run lets workers take the lanes in turn.
func (c *campaign) run(interrupt context.Context, dir *store) error {
	ctx := interrupt
	if c.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.For)
		defer cancel()
	}
	c.queue = slices.Clone(c.lanes)
	c.shown = make([]Status, c.Lanes)
	for _, l := range c.lanes {
		c.shown[l.number] = l.status()
	}
	var workers sync.WaitGroup
	for range min(c.workers(), len(c.lanes)) {
		workers.Go(func() {
			p := newRunner(&c.Options)
			for l := c.next(); l != nil; l = c.next() {
				err := c.turn(ctx, l, p, dir)
				if errors.Is(err, errLeft) {
					return
				}
				c.giveBack(l, err, ctx)
			}
		})
	}
	ended := make(chan struct{})
	go func() { workers.Wait(); close(ended) }()
	tick := time.NewTicker(c.limits.look)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return c.err
		case <-tick.C:
			if c.Progress != nil {
				c.Progress(c.status())
			}
			if c.leave(interrupt.Err() != nil, ctx.Err() != nil) {
				return c.err
			}
		}
	}
}

// errLeft says that the campaign has ended while a run was under way.
var errLeft = errors.New("fuzz: the run was left behind")

func (c *campaign) workers() int {
	switch {
	case c.Workers > 0:
		return c.Workers
	case c.real:
		return len(c.lanes)
	}
	return runtime.GOMAXPROCS(0)
}

// next takes the lane that has waited longest; nil when there is none. Then as many workers as there are lanes to run go on without this one.
func (c *campaign) next() *lane {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.over && len(c.queue) > 0 {
		l := c.queue[0]
		if c.queue = c.queue[1:]; l.tally.Runs < c.budget(l.number) {
			c.busy++
			return l
		}
	}
	c.idle++
	return nil
}

func (c *campaign) giveBack(l *lane, err error, ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue = append(c.queue, l)
	c.busy--
	c.shown[l.number] = l.status()
	if c.err == nil {
		c.err = err
	}
	c.over = c.over || err != nil || ctx.Err() != nil || c.Stop && len(l.failed) > 0
}

// budget is how many runs a lane has in all.
func (c *campaign) budget(lane int) int {
	if c.Runs == 0 {
		return math.MaxInt
	}
	n := c.Runs / c.Lanes
	if lane < c.Runs%c.Lanes {
		n++
	}
	return n
}

// turn makes runs of a lane for a while, and writes down what is to be kept as soon as it is there.
func (c *campaign) turn(ctx context.Context, l *lane, p *runner, dir *store) error {
	end := time.Now().Add(turn)
	for n := 0; l.tally.Runs < c.budget(l.number) && ctx.Err() == nil; n++ {
		in := l.draw()
		r, ok := c.play(l, p, in)
		if !ok {
			return errLeft
		}
		if c.shutOut(l, &r) {
			return nil
		}
		kept, fresh, failed := l.count(in, &r)
		if dir != nil && (kept != nil || failed != nil) {
			if err := dir.write(l, kept, fresh, failed); err != nil {
				return err
			}
		}
		if failed != nil && c.Stop || n%16 == 15 && time.Now().After(end) || c.real {
			break
		}
	}
	if dir != nil {
		return dir.count(l)
	}
	return nil
}

// status is how far it has come, by what the lanes showed when they were last given back.
func (c *campaign) status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Status{Seconds: time.Since(c.begin).Seconds()}
	for _, x := range c.shown {
		s.Tally.add(x.Tally)
		s.States, s.Situations = max(s.States, x.States), max(s.Situations, x.Situations) // those of one lane are mostly those of another
	}
	s.New = s.Runs - c.before.Runs
	return s
}

func (l *lane) status() Status {
	s := Status{Tally: l.tally.clone()}
	s.States, s.Situations = l.feedback.count()
	return s
}

// sum puts the lanes together.
func sum(o Options, lanes []*lane) *Report {
	r := &Report{Options: o, Rules: make([]spec.Count, len(spec.Rules()))}
	all := newFeedback()
	for _, l := range lanes {
		r.Tally.add(l.tally)
		for x := range l.feedback.seen {
			all.know([]Feature{x})
		}
		for i, n := range l.feedback.rules {
			r.Rules[i].Add(n)
		}
	}
	r.States, _ = all.count()
	return r
}

// first is, of each signature, the failure of the earliest run, in the order of the signatures: which it is does not depend on who ran what when.
func first(lanes []*lane) (list []Failure) {
	for _, l := range lanes {
		list = append(list, l.failed...)
	}
	slices.SortFunc(list, func(a, b Failure) int {
		return cmp.Or(strings.Compare(a.Signature, b.Signature), a.Run-b.Run, a.Lane-b.Lane)
	})
	return slices.CompactFunc(list, func(a, b Failure) bool { return a.Signature == b.Signature })
}
