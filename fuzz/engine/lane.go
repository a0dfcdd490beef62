package engine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/spec"
)

// A campaign is a number of lanes, each of which is one sequence of runs: what a run of a lane is depends on the seed, on the number of the lane and on
// what the runs before it in the same lane have shown, and on nothing else. So it does not matter who runs which lane: the lanes of a
// campaign that ran on ten machines, or was killed and gone on with, are those of a campaign that ran on one.

// lane is one sequence of runs, and what it has come to.
type lane struct {
	number   int
	seed     uint64
	about    *spec.About
	scripts  bool // only scripts: what programs need the target has not got
	known    map[string]bool
	knows    func(*spec.Violation) bool
	tally    Tally
	feedback *feedback
	kept     corpus
	failed   []Failure
	room     Program // the program being run
	measure  Measure
	sums     sums // of its file
	early    bool // of a real machine: the run began when the target had not refused to be opened, as far as was known
}

// Tally counts the runs of a lane, or of all.
type Tally struct {
	Runs     int            `json:"runs"`    // all of them
	Scripts  int            `json:"scripts"` // of these, in the scenario language; the others are programs
	Events   int            `json:"events"`
	Raced    int            `json:"raced"`             // two calls that share an object overlapped
	Voided   int            `json:"voided"`            // an assumption of some rule was possibly broken
	Failures map[string]int `json:"failures"`          // by signature
	Known    map[string]int `json:"known,omitempty"`   // of these, known of the target
	Kept     int            `json:"kept"`              // runs that showed something new
	Unended  int            `json:"unended,omitempty"` // runs that a campaign has ended without
}

// add adds what another lane counted.
func (t *Tally) add(u Tally) {
	t.Runs += u.Runs
	t.Scripts += u.Scripts
	t.Events += u.Events
	t.Raced += u.Raced
	t.Voided += u.Voided
	t.Kept += u.Kept
	t.Unended += u.Unended
	for id, n := range u.Failures {
		t.Failures = plus(t.Failures, id, n)
	}
	for id, n := range u.Known {
		t.Known = plus(t.Known, id, n)
	}
}

// clone is the tally with memory of its own.
func (t Tally) clone() Tally {
	t.Failures, t.Known = maps.Clone(t.Failures), maps.Clone(t.Known)
	return t
}

func plus(m map[string]int, key string, n int) map[string]int {
	if m == nil {
		m = map[string]int{}
	}
	m[key] += n
	return m
}

// Input is what a run is of: a program or a script, and the schedule.
type Input struct {
	Program  *Program          `json:"program,omitempty"`
	Script   *conformance.Case `json:"-"`
	Schedule spec.Schedule     `json:"schedule"`
}

// corpus is the inputs that showed something new, which others are made of.
type corpus struct {
	programs []*Program
	scripts  []*conformance.Case
}

func (c *corpus) add(in Input) {
	if in.Program != nil {
		c.programs = append(c.programs, in.Program)
	} else {
		c.scripts = append(c.scripts, in.Script)
	}
}

// Failure is a run that went wrong as none before in its lane.
type Failure struct {
	Signature string                  `json:"signature"`
	Said      string                  `json:"said"`
	Lane      int                     `json:"lane"`
	Run       int                     `json:"run"` // in the lane, from 0
	Input     Input                   `json:"input"`
	seen      *conformance.CaseResult // of a script on a real machine, where it may never come again; nil elsewhere, and where nothing was seen
}

func newLane(number int, o *Options) *lane {
	return &lane{
		number: number, seed: mix(o.Seed, uint64(number)), about: &o.Target.About, scripts: !Plays(o.Target), known: o.Known, knows: o.knows,
		feedback: newFeedback(),
	}
}

// programNeeds is what the acts of programs take.
var programNeeds = []spec.Capability{
	spec.CanAccept, spec.CanAcceptData, spec.CanLateAssoc, spec.CanWorkers, spec.CanCancel, spec.CanCancelAll, spec.CanShutdown, spec.CanSkip, spec.CanPost,
}

// programAxes is how it has to behave for that: their threads do whatever they like.
var programAxes = spec.Axes{"delivery": "pull", "consumers": "n", "issuers": "n", "receives": "n", "level": "yes"}

// Plays reports whether programs can be run on the target; scripts always can.
func Plays(t *spec.Target) bool {
	a := &t.About
	for axis, value := range programAxes {
		if a.Axes.Get(axis) != value {
			return false
		}
	}
	return !slices.ContainsFunc(programNeeds, func(c spec.Capability) bool { return !a.Can(c) })
}

// scriptEvery is how many runs of a lane there are to one of a script, which takes about as much longer.
const scriptEvery = 4

// draw makes the input of the next run. A third is drawn afresh, the others are kept inputs changed, or two put together.
func (l *lane) draw() (in Input) {
	d := dice(mix(l.seed, uint64(l.tally.Runs)))
	in.Schedule = drawSchedule(&d)
	fresh := d.below(3) == 0
	splice := d.below(4) == 0
	if l.scripts || l.tally.Runs%scriptEvery == scriptEvery-1 {
		switch n := len(l.kept.scripts); {
		case fresh || n == 0:
			in.Script = GenerateScript(l.about, d.next(), 4+d.below(28))
		case splice:
			in.Script = SpliceScripts(l.about, d.next(), l.kept.scripts[d.below(n)], l.kept.scripts[d.below(n)])
		default:
			in.Script = MutateScript(l.about, d.next(), l.kept.scripts[d.below(n)])
		}
		return in
	}
	in.Program = &l.room
	switch n := len(l.kept.programs); {
	case fresh || n == 0:
		Generate(in.Program, d.next(), 8+d.below(24))
	case splice:
		Splice(in.Program, d.next(), l.kept.programs[d.below(n)], l.kept.programs[d.below(n)])
	default:
		Mutate(in.Program, d.next(), l.kept.programs[d.below(n)])
	}
	return in
}

// count counts the run of what was drawn. It returns the input if it is to be kept, with what it showed for the first time, and the failure if it went wrong as none before.
func (l *lane) count(in Input, r *Run) (kept *Input, fresh []Feature, failed *Failure) {
	run := l.tally.Runs
	l.tally.Runs++
	if in.Script != nil {
		l.tally.Scripts++
	}
	l.measure = Measure{last: l.measure.last, open: l.measure.open}
	if r.Trace != nil {
		l.measure.Add(r)
		l.tally.Events += l.measure.Events
		l.tally.Raced += l.measure.Raced
		l.tally.Voided += l.measure.Voided
	}
	signature, said := l.accuse(r)
	if signature != "" {
		l.tally.Failures = plus(l.tally.Failures, signature, 1)
		if l.tally.Failures[signature] == 1 {
			l.failed = append(l.failed, Failure{Signature: signature, Said: said, Lane: l.number, Run: run, Input: in.clone(), seen: l.seen(in, r)})
			failed = &l.failed[len(l.failed)-1]
		}
	} else if fresh = l.feedback.look(r); len(fresh) > 0 { // what fails is no ground to build on
		in = in.clone()
		l.kept.add(in)
		l.tally.Kept++
		kept = &in
	}
	return kept, fresh, failed
}

// accuse says what went wrong in a way that is not known of the target, and counts what is known. As in a case of the suite, a hang or a crash is a fault of its own beside a rule that is
// known to be broken: it is known only where the ending is. Where the program broke an obligation a crash is one too; a hang may be what it has brought on itself.
func (l *lane) accuse(r *Run) (signature, said string) {
	for i := range r.Judgement.Violations {
		v := &r.Judgement.Violations[i]
		switch {
		case v.Rule.Binds != spec.Guarantee:
		case l.knows(v):
			l.tally.Known = plus(l.tally.Known, v.Rule.ID, 1)
		case signature == "":
			signature, said = v.Rule.ID, v.Said
		}
	}
	if signature == "" && r.Err != nil {
		a := conformance.Attempt{Err: r.Err}
		ending := a.Ending()
		if ending == string(known.Hang) && r.voided() {
			return "", ""
		}
		if l.known[ending] {
			l.tally.Known = plus(l.tally.Known, ending, 1)
			return "", ""
		}
		return ending, r.Err.Error()
	}
	return signature, said
}

// seen is what there was to see of a run that failed, without what is known of the target.
func (l *lane) seen(in Input, r *Run) *conformance.CaseResult {
	if l.about.World != "real" || in.Script == nil || r.Trace == nil || len(r.Trace.Events) == 0 {
		return nil
	}
	a := conformance.Attempt{Trace: r.Trace, Judgement: r.Judgement, Err: r.Err}
	a.Judgement.Violations = slices.DeleteFunc(slices.Clone(r.Judgement.Violations), func(v spec.Violation) bool {
		return v.Rule.Binds == spec.Guarantee && l.knows(&v)
	})
	return a.Result(in.Script)
}

// clone is the input with memory of its own.
func (in Input) clone() Input {
	if in.Program != nil {
		p := new(Program)
		p.copy(in.Program)
		in.Program = p
	}
	return in
}

// runner runs inputs on a target.
type runner struct {
	programs *Executor
	scripts  *conformance.Player
}

func newRunner(o *Options) *runner {
	return &runner{NewExecutor(o.Target, o.Bugs...), conformance.NewPlayer(o.Target, "", o.Bugs)}
}

// play runs the input. What it returns is valid until the next run.
func (p *runner) play(in Input) Run {
	if in.Program != nil {
		return p.programs.Execute(in.Program, in.Schedule)
	}
	a := p.scripts.Play(in.Script, in.Schedule)
	return Run{Judgement: a.Judgement, Trace: a.Trace, Picks: a.Picks, Err: a.Err}
}

// String says the input in a line or several.
func (in Input) String() string {
	if in.Program != nil {
		return fmt.Sprintf("%v%s %d", in.Program, in.Schedule.Strategy, in.Schedule.Seed)
	}
	return fmt.Sprintf("%s%s %d", in.Script.Text(), in.Schedule.Strategy, in.Schedule.Seed)
}
