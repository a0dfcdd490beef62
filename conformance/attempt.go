package conformance

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/spec"
)

// Attempt is one run of one case on one instance of a target, and what came of it.
type Attempt struct {
	Schedule  spec.Schedule
	Picks     []uint32       // the choices that the run took, of a simulated world
	Trace     *spec.Trace    // nil if there was no run
	Judgement spec.Judgement // its violations are of rules that the profile judges, or of obligations
	Left      *Divergence    // where the script left its path; nil if it did not
	Err       error          // a deadlock, a livelock, a panic, or the target could not be opened
	Unjudged  bool           // it was not wanted: there is neither trace nor judgement
}

// Verdict tells what the run amounts to, and why if it is diverged, an error, or skipped: for the target, as the run has shown, the case is not made.
func (a *Attempt) Verdict() (Verdict, string) { return a.verdict() }

// Ending is the word, in files of known failures, for how a run ended that is diverged or an error.
func (a *Attempt) Ending() string { return string(a.ending()) }

// Signature says in a word what the target did wrong: the id of the guarantee that it broke first, else how the run ended if it did not end by
// itself ("hang", "crash", "error"), else "". Failures with the same signature are taken for the same when one is made
// small. A script that left its path says nothing about the target, nor does one that broke an obligation, unless it crashed.
func (a *Attempt) Signature() string {
	for _, v := range a.Judgement.Violations {
		if v.Rule.Binds == spec.Guarantee {
			return v.Rule.ID
		}
	}
	if ending := a.ending(); a.Err != nil && (ending != known.Hang || !a.Voided()) {
		return string(ending)
	}
	return ""
}

// Voided reports whether the program broke an obligation, for certain.
func (a *Attempt) Voided() bool {
	return slices.ContainsFunc(a.Judgement.Violations, func(v spec.Violation) bool { return v.Rule.Binds == spec.Obligation })
}

// Result is what the attempt says of its case, in a form that outlives the next attempt: it can be described and written to a failure file.
func (a *Attempt) Result(c *Case) *CaseResult {
	r := &CaseResult{Case: c, Verdict: Pass, Signature: a.Signature(), Runs: 1, Rounds: 1, counts: make([]spec.Count, len(spec.Rules())), strange: map[string]bool{}, whole: true}
	for i, n := range a.Judgement.Counts {
		r.counts[i].Add(n)
	}
	r.note(a, nil)
	if r.Verdict == Pass {
		v, reason := a.end() // or it is not for this target, as the run has shown
		r.keep(a, v, reason)
	}
	return r
}

// Player runs attempts one after the other on one target, with memory that it uses again. It is not for concurrent use.
type Player struct {
	target  *spec.Target
	profile string
	rec     *spec.Recorder
	checker *spec.Checker
	peek    *spec.Checker // judges while a run is still going on
	bugs    []string
	picks   []uint32
	rooms   *rooms // of programs, used again

	// Overlook is asked about each violation: those that it knows are not judged. nil overlooks none.
	Overlook func(*spec.Violation) bool

	// Until is the signature of a run that Replay goes on to, past those that fail otherwise; "" is any.
	Until string

	// Wanted is asked after each run whether it is to be judged; nil wants all.
	Wanted func() bool

	// Past is told of the bugs that each run comes past, planted or not, if the target knows: see spec.Instance.Watch. nil asks for nothing.
	Past func(bug string)
}

// NewPlayer returns a player for the target with these bugs planted, if any. The rules of the profile judge; "" is DefaultProfile.
func NewPlayer(t *spec.Target, profile string, bugs []string) *Player {
	if profile == "" {
		profile = DefaultProfile(&t.About)
	}
	return &Player{target: t, profile: profile, checker: spec.NewChecker(), peek: spec.NewChecker(), bugs: bugs}
}

// Beside returns another player that does as this one, for use at the same time.
func (r *Player) Beside() *Player {
	return &Player{target: r.target, profile: r.profile, checker: spec.NewChecker(), peek: spec.NewChecker(), bugs: r.bugs, Overlook: r.Overlook, Until: r.Until}
}

// Target is what the player runs cases on.
func (r *Player) Target() *spec.Target { return r.target }

// Play runs c once under the schedule, which a target of the real world has no use for. Whether the case is for the target is not asked: see
// Case.Applies. The picks, the trace and the judgement are valid until the next run.
func (r *Player) Play(c *Case, s spec.Schedule) (a Attempt) {
	a.Schedule = s
	in, err := r.target.Open()
	if err != nil {
		a.Err = fmt.Errorf("the target could not be opened: %w", err)
		return a
	}
	defer in.Close()
	if in.Schedule != nil {
		if a.Err = in.Schedule(s); a.Err != nil {
			return a
		}
	}
	if len(r.bugs) > 0 {
		if a.Err = in.Plant(r.bugs...); a.Err != nil {
			return a
		}
	}
	if r.Past != nil && in.Watch != nil {
		in.Watch(r.Past)
	}
	backend := in.Backend
	if backend != nil && r.target.About.Axes.Get("delivery") == "push" {
		if in.World.Controlled() {
			a.Err = errors.New("a back end that calls back cannot be run in a simulated world")
			return a
		}
		backend = pulled{backend}
	}
	if r.rec == nil {
		r.rec = spec.NewRecorder(in.World, backend, r.target.About)
	} else {
		r.rec.Reset(in.World, backend, r.target.About)
	}
	if in.Ready != nil {
		r.rec.Polls(in.Ready)
	}
	p := newProgram(r.rec, &r.target.About, c.File)
	if r.rooms == nil {
		r.rooms = &rooms{}
	}
	p.rooms, r.rooms.lent = r.rooms, 0
	p.judged = r.judged
	err = in.Run(func() {
		p.run(r.due)
		if in.Ready != nil {
			in.Ready.Close()
		} else {
			backend.Close()
		}
		p.main.rec.End()
	})
	if r.Wanted != nil && !r.Wanted() {
		if a.Unjudged = true; err != nil && !in.World.Controlled() {
			r.rec, r.rooms = nil, nil // threads may still be in their calls
		}
		return a
	}
	if in.Picks != nil {
		r.picks = append(r.picks[:0], in.Picks()...) // the world is another run's as soon as it is closed
		a.Picks = r.picks
	}
	if err != nil { // threads may still be in their calls
		a.Trace = r.rec.Snapshot()
		Aftermath(a.Trace, err)
		r.rec, r.rooms = nil, nil
		if in.World.Controlled() && standsStill(err) {
			pauseForGood(a.Trace)
		}
	} else {
		a.Trace = r.rec.Trace()
		if p.left != nil {
			p.left.Liberty = p.liberty()
		}
	}
	a.Judgement = r.checker.Check(a.Trace)
	a.Judgement.Violations = Judging(r.profile, a.Judgement.Violations, r.Overlook)
	a.Left, a.Err = p.left, err
	return a
}

// judged judges what has been recorded so far. The judgement is valid until the next.
func (r *Player) judged() spec.Judgement { return r.peek.Check(r.rec.Snapshot()) }

// due judges what has been recorded so far as if everything had settled by now, and reports whether that would break a rule.
func (r *Player) due() bool {
	t := r.rec.Snapshot()
	before := len(r.peek.Check(t).Violations)
	last := uint64(0)
	if n := len(t.Events); n > 0 {
		last = t.Events[n-1].Q
	}
	r.peek.Feed(&spec.Event{Kind: spec.SettleEvent, Q: last + 1})
	return len(r.peek.End().Violations) > before
}

// pauseForGood ends the trace of a run that came to a standstill with a pause: nothing will ever happen again, and what should have is overdue.
func pauseForGood(t *spec.Trace) {
	last := uint64(0)
	for i := range t.Events {
		last = max(last, t.Events[i].Q)
	}
	t.Events = append(t.Events, spec.Event{Kind: spec.PauseEvent, Since: last + 1, Q: last + 2, N: spec.StandsStill})
}
