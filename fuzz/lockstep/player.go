package lockstep

import (
	"fmt"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// Run is what commands came to. It is valid until the player's next run.
type Run struct {
	Commands     []Command // those that were allowed
	Observations []Observation
	Surplus      []End // of operations that ended when nothing was to happen any more
	Judgement    spec.Judgement
	Trace        *spec.Trace
	Err          error
}

// Broken returns what the rules say that bind the back end, or "".
func (r *Run) Broken() string {
	for _, v := range r.Judgement.Violations {
		if v.Rule.Binds == spec.Guarantee {
			return fmt.Sprintf("%s at event %d: %s", v.Rule.ID, v.Q, v.Said)
		}
	}
	return ""
}

// Player plays commands on a target, again and again. Not safe for concurrent use.
type Player struct {
	target  *spec.Target
	limits  limits
	rec     *spec.Recorder
	checker *spec.Checker
	session Session
	then    Session // as it was behind the last command of Play
	run     Run
	bugs    []string
}

// NewPlayer returns a player of t that allows what suits both t and the targets beside it, as axes that they declare and deviations that are known of them say. An
// oracle is made with the target that it is the oracle for.
func NewPlayer(t *spec.Target, beside ...*spec.Target) *Player {
	p := &Player{target: t, checker: spec.NewChecker()}
	for _, x := range append(beside, t) {
		p.limits.add(x)
	}
	return p
}

// Plant switches these bugs of the target on, in every run from now on.
func (p *Player) Plant(bugs ...string) { p.bugs = bugs }

// Play makes those of the commands that are allowed, in a world of their own that knows when nothing more can happen: a simulated one.
func (p *Player) Play(commands []Command) *Run {
	r := &p.run
	*r = Run{Commands: r.Commands[:0], Observations: r.Observations[:0]}
	in, err := p.open()
	if err != nil {
		r.Err = err
		return r
	}
	defer in.Close()
	var inside error
	r.Err = in.Run(func() {
		if inside = p.session.begin(in, p.rec, p.limits); inside != nil {
			return
		}
		for _, c := range commands {
			if p.session.Allows(c) {
				r.Commands = append(r.Commands, c)
				r.Observations = append(r.Observations, p.session.do(c, nil))
			}
		}
		operations := append(p.then.operations[:0], p.session.operations...)
		p.then = p.session
		p.then.operations = operations
		r.Surplus = p.session.finish()
		inside = p.session.over(in.Backend)
	})
	if r.Err == nil {
		r.Err = inside
	}
	p.judge(r)
	return r
}

// Allows reports whether c may follow the commands that were played last.
func (p *Player) Allows(c Command) bool { return p.then.Allows(c) }

func (p *Player) open() (*spec.Instance, error) {
	in, err := p.target.Open()
	if err != nil {
		return nil, err
	}
	if in.Schedule != nil {
		if err := in.Schedule(spec.Schedule{}); err != nil {
			in.Close()
			return nil, err
		}
	}
	if len(p.bugs) > 0 {
		if err := in.Plant(p.bugs...); err != nil {
			in.Close()
			return nil, err
		}
	}
	if p.rec == nil {
		p.rec = spec.NewRecorder(in.World, in.Backend, p.target.About)
	} else {
		p.rec.Reset(in.World, in.Backend, p.target.About)
	}
	return in, nil
}

func (p *Player) judge(r *Run) {
	r.Trace = p.rec.Trace()
	if r.Err != nil {
		p.rec = nil // threads may still be in their calls
	}
	r.Judgement = p.checker.Check(r.Trace)
	r.Judgement.Violations = conformance.Judging(conformance.DefaultProfile(&p.target.About), r.Judgement.Violations, nil)
}

// Live is a player in the middle of a run: commands are given one by one.
type Live struct {
	p  *Player
	in *spec.Instance
}

// Begin opens the target.
func (p *Player) Begin() (*Live, error) {
	p.run = Run{}
	in, err := p.open()
	if err != nil {
		return nil, err
	}
	if err := p.session.begin(in, p.rec, p.limits); err != nil {
		in.Backend.Close()
		in.Close()
		return nil, err
	}
	return &Live{p, in}, nil
}

// Do makes the command, and waits for what is wanted.
func (l *Live) Do(c Command, want Observation) Observation {
	o := l.p.session.do(c, &want)
	l.p.run.Commands = append(l.p.run.Commands, c)
	l.p.run.Observations = append(l.p.run.Observations, o)
	return o
}

// End waits whether anything comes that was not wanted, closes the target and has the rules judge.
func (l *Live) End() *Run {
	r := &l.p.run
	r.Surplus = l.p.session.finish()
	r.Err = l.p.session.over(l.in.Backend)
	if err := l.in.Close(); r.Err == nil {
		r.Err = err
	}
	l.p.judge(r)
	return r
}
