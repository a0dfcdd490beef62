package engine

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// Finding is a failure made small.
type Finding struct {
	Failure
	Script  bool   // Text is a failure file, for conform replay; else it shows a program whose script does not fail so
	Text    []byte // of the file
	Lines   int    // of the script, without comments, headers and blank lines; steps of the program
	Again   bool   // it failed twice more in the same way
	Seconds float64
	File    string                  // that it was written to, "" if to none
	Result  *conformance.CaseResult // nil where the run of which it would be did not fail so, and of a real machine where it was read from a file, or is of a program
	untried bool                    // there was no time to run it again
}

// FileName is the name under which the finding is kept.
func (f *Finding) FileName() string {
	name := f.Signature
	if name == unended {
		name = fmt.Sprintf("%s-%d-%d", name, f.Lane, f.Run)
	}
	if !f.Script {
		return name + ".txt"
	}
	return name + ".scn"
}

// unended is the signature of a run that a campaign has ended without.
const unended = "unended"

// smaller makes a failure small, on a target and with bugs as the campaign had them; in about so long, 0 being as long as it takes: in a simulated world the number of runs
// decides, so that what comes out is the same everywhere.
func smaller(o *Options, f Failure, limit time.Duration) Finding {
	begin := time.Now()
	var until time.Time
	if limit > 0 {
		until = begin.Add(limit)
	}
	found := Finding{Failure: f}
	p := conformance.NewPlayer(o.Target, "", o.Bugs)
	p.Overlook = o.overlooks() // or what is made small could become what is known
	how, small, ok := f.script(o, p, limit/2)
	if !ok {
		found.Again = small.again
		why := "The script of the program does not fail so"
		if limit > 0 {
			why = "The script of the program did not fail so in the time that there was"
		}
		found.shows(o, &small, why)
		found.Seconds = time.Since(begin).Seconds()
		return found
	}
	c, s := how.c, how.s
	budget := Budget{}
	if limit > 0 {
		budget.For = max(time.Until(until), time.Millisecond)
	}
	m, ok := MinimiseScript(p, c, s, how.signature, budget)
	if !ok { // what is small may not fail at all
		found = f.asFound(o)
		found.Seconds = time.Since(begin).Seconds()
		return found
	}
	found.Script, found.Again, s = true, true, replay(m.Picks)
	m.Case = titled(m.Case, "fuzz/"+f.Signature, found.title(o, how.signature))
	shown, fails := m.Shown, true
	if shown == nil {
		a := p.Play(m.Case, s)
		shown, fails = a.Result(m.Case), a.Signature() == how.signature
	}
	shown.Case = m.Case
	if found.Text = shown.FailureFile(&o.Target.About, o.Name); fails {
		found.Result = shown
	}
	found.Lines = count(steps(m.Case.File.Lines))
	found.Seconds = time.Since(begin).Seconds()
	return found
}

// asFound is the failure as it is, where nothing can be made small any more. In a simulated world it is run once, to note its choices; on a real machine what is shown is
// what was seen when it was found.
func (f *Failure) asFound(o *Options) Finding {
	found := Finding{Failure: *f}
	real := o.Target.About.World == "real"
	c := f.Input.Script
	if c == nil {
		c = f.Input.Program.Script()
		why := ""
		if _, applies := c.Applies(&o.Target.About); !applies {
			why = "The program has no script for this target"
		} else if !real {
			why = "The program was not made small"
		}
		if why != "" {
			whole := ran{Shrunk: Shrunk{Program: *f.Input.Program, Failed: f.Said}}
			if !real {
				x := NewExecutor(o.Target, o.Bugs...)
				whole.Picks = slices.Clone(x.Execute(f.Input.Program, f.Input.Schedule).Picks)
			}
			found.shows(o, &whole, why)
			return found
		}
	}
	c = titled(c, "fuzz/"+f.Signature, found.title(o, f.Signature))
	r := &conformance.CaseResult{Case: c}
	switch {
	case !real:
		a := conformance.NewPlayer(o.Target, "", o.Bugs).Play(c, f.Input.Schedule)
		r = a.Result(c)
		found.Result = r
	case f.seen != nil:
		shown := *f.seen
		found.Result, shown.Case = &shown, c
	}
	found.Script, found.Text, found.Lines = true, r.FailureFile(&o.Target.About, o.Name), count(steps(c.File.Lines))
	return found
}

// ran is a program, a run of it that failed, and what its steps were about there.
type ran struct {
	Shrunk
	about []int
	moves []move
	again bool // the failure could be repeated
}

// rerun runs the program again with its choices, to note what its steps are about and who took them.
func (r *ran) rerun(x *Executor) {
	n := &noted{picks: r.Picks}
	x.Execute(&r.Program, spec.Schedule{Strategy: "source", Source: n})
	r.about, r.moves = slices.Clone(x.room.about), n.moves
}

// shrunk is the program of a failure as it was found, and made small, if its run can be repeated.
func (f *Failure) shrunk(o *Options) (whole, small ran) {
	whole = ran{Shrunk: Shrunk{Program: *f.Input.Program, Failed: f.Said}}
	if o.Target.About.World == "real" {
		return whole, whole
	}
	x := NewExecutor(o.Target, o.Bugs...)
	x.overlook = o.overlooks()
	r := x.Execute(f.Input.Program, f.Input.Schedule)
	if r.Signature() != f.Signature || r.Picks == nil {
		return whole, whole
	}
	whole.Picks = slices.Clone(r.Picks)
	whole.rerun(x)
	s, again := x.Shrink(f.Input.Program, whole.Picks, f.Signature, tries)
	if !again {
		return whole, whole
	}
	small = ran{Shrunk: s, again: true}
	small.rerun(x)
	return whole, small
}

// shows makes the finding one of a program whose script does not fail so.
func (f *Finding) shows(o *Options, small *ran, why string) {
	f.Lines = len(small.Program.Steps)
	f.Said = strings.TrimPrefix(small.Failed, f.Signature+": ")
	f.Text = fmt.Appendf(nil, "%s\n# Seen: %s\n# %s; the same campaign comes to it again.\n\n%vchoices %s\n",
		f.title(o, f.Signature), f.Said, why, &small.Program, conformance.EncodeChoices(small.Picks))
}

// title says in a comment what the failure is and where it was found. shown is the signature of what is shown of it.
func (f *Finding) title(o *Options, shown string) string {
	as, once := "", ""
	if shown != f.Signature {
		as = fmt.Sprintf(", as %s of a program", f.Signature)
	}
	if !f.Again && f.Signature != unended {
		once = asItWas
	}
	return fmt.Sprintf("# %s: found by conform fuzz on %s, seed %d, %s%s.%s", shown, o.Name, o.Seed, f.origin(), as, once)
}

// titled is the case under that name, with a comment as its first line, and a blank one before the steps.
func titled(c *conformance.Case, name, title string) *conformance.Case {
	f := *c.File
	f.Lines = []scenario.Node{&scenario.Comment{Text: title}}
	for i, n := range c.File.Lines {
		if _, is := n.(*scenario.Header); !is {
			f.Lines = append(append(f.Lines, &scenario.Blank{}), steps(c.File.Lines[i:])...)
			break
		}
		f.Lines = append(f.Lines, n)
	}
	again, err := conformance.ParseCase(name+".scn", scenario.Print(&f)) // with the lines where they stand now
	if err != nil {
		return c
	}
	again.Name = name
	return again
}

// tries is how many schedules the script of a program is run under until it fails as the program did.
const tries = 2000

// failing is a script, a schedule under which it fails, and how.
type failing struct {
	c         *conformance.Case
	s         spec.Schedule
	signature string
}

// script is the failure as a script. A program's own choices are of no use to its script, so others are looked for; and since a script does nearly what the program does, it is
// tried in several forms, first of the program made small, which fails more readily, then of that which was found. If none of them fails as the program did, one that fails
// otherwise will do. small is the program, for if none fails at all. That takes at most about as long as limit, unless it is 0.
func (f *Failure) script(o *Options, p *conformance.Player, limit time.Duration) (how failing, small ran, ok bool) {
	if f.Input.Script != nil {
		return failing{f.Input.Script, f.Input.Schedule, f.Signature}, small, true
	}
	whole, small := f.shrunk(o)
	list := small.scripts(&o.Target.About)
	if small.again {
		list = append(list, whole.scripts(&o.Target.About)...)
	}
	var other failing
	begin, from := time.Now(), uint64(0)
	for _, to := range []uint64{tries / 10, tries} {
		for _, l := range list {
			for i := from; i < to && (limit == 0 || time.Since(begin) < limit); i++ {
				for _, s := range l.schedules(i) {
					a := p.Play(l.c, s)
					switch g := a.Signature(); {
					case g == f.Signature:
						return failing{l.c, replay(slices.Clone(a.Picks)), g}, small, true
					case other.c == nil && strings.Contains(g, "-"): // a rule
						other = failing{l.c, replay(slices.Clone(a.Picks)), g}
					}
				}
			}
		}
		if from = to; other.c != nil {
			return other, small, true
		}
	}
	return other, small, false
}

// written is a program as a script.
type written struct {
	c       *conformance.Case
	moves   []move // of the program's run
	threads []int  // the script's number of each of the program's threads
}

// schedules are those of the i-th try: one of the many that there are, and one as the program had it.
func (w *written) schedules(i uint64) []spec.Schedule {
	list := []spec.Schedule{ScheduleOf(i)}
	switch {
	case w.moves == nil || i >= tries/10:
	case i == 0:
		list = append(list, following(w.moves, w.threads))
	default:
		list = append(list, following(lacking(w.moves, i), w.threads))
	}
	return list
}

// scripts lists the forms in which the program can be written as a script for a target.
func (r *ran) scripts(about *spec.About) (list []written) {
	p := &r.Program
	threads := []string{""}
	for i := range p.Threads {
		threads = append(threads, fmt.Sprintf("t%d", i+1))
	}
	for i := range p.Sessions {
		threads = append(threads, fmt.Sprintf("peer c%d", i+1))
	}
	add := func(c *conformance.Case) {
		if _, applies := c.Applies(about); applies {
			list = append(list, written{c, r.moves, renumbered(threads, threadsOf(c.File.Lines))})
		}
	}
	for _, apart := range []bool{false, true} {
		c := p.script(rendering{apart, about.Can(spec.CanLimit), r.about})
		add(c)
		if x, has := exits(c); has {
			add(x)
		}
	}
	return list
}
