package fuzz

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
	Result  *conformance.CaseResult // nil where it was read from a file
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

// smaller makes a failure small, on a target and with bugs as the campaign had them; in about so long, 0 being as long as it takes.
func smaller(o *Options, f Failure, limit time.Duration) Finding {
	begin := time.Now()
	var until time.Time
	if limit > 0 {
		until = begin.Add(limit)
	}
	small, again := f.shrunk(o) // its script fails more readily than that of the whole
	found := Finding{Failure: f}
	p := conformance.NewPlayer(o.Target, "", o.Bugs)
	c, s, ok := f.script(p, limit/2)
	if !ok {
		found.Again = again
		why := "The script of the program does not fail so"
		if limit > 0 {
			why = "The script of the program did not fail so in the time that there was"
		}
		found.shows(o, small, why)
		found.Seconds = time.Since(begin).Seconds()
		return found
	}
	budget := Budget{}
	if limit > 0 {
		budget.For = max(time.Until(until), time.Millisecond)
	}
	m, ok := MinimiseScript(p, c, s, f.Signature, budget)
	if found.Script, found.Again = true, ok; ok {
		s = replay(m.Picks)
	}
	m.Case = titled(m.Case, "fuzz/"+f.Signature, f.title(o))
	a := p.Play(m.Case, s)
	for n := 1; limit > 0 && n < m.Tries && a.Signature() != f.Signature && time.Now().Before(until); n++ { // what is shown is to be the failure
		a = p.Play(m.Case, s)
	}
	found.Result = a.Result(m.Case)
	found.Text = found.Result.FailureFile(&o.Target.About, o.Name)
	found.Lines = count(steps(m.Case.File.Lines))
	found.Seconds = time.Since(begin).Seconds()
	return found
}

// asFound is the failure as it is, where nothing can be run any more.
func (f *Failure) asFound(o *Options) Finding {
	found := Finding{Failure: *f}
	c := f.Input.Script
	if c == nil {
		c = f.Input.Program.Script()
	}
	if _, applies := c.Applies(&o.Target.About); !applies && f.Input.Program != nil {
		found.shows(o, Shrunk{Program: *f.Input.Program, Failed: f.Said}, "The program has no script for this target")
		return found
	}
	r := conformance.CaseResult{Case: titled(c, "fuzz/"+f.Signature, f.title(o))}
	found.Script, found.Text, found.Lines = true, r.FailureFile(&o.Target.About, o.Name), count(steps(c.File.Lines))
	return found
}

// shrunk makes the program of a failure small, if it is one and its run can be repeated, and puts that in its place.
func (f *Failure) shrunk(o *Options) (small Shrunk, again bool) {
	if f.Input.Program == nil {
		return small, false
	}
	small.Program, small.Failed = *f.Input.Program, f.Said
	if o.Target.About.World == "real" {
		return small, false
	}
	x := NewExecutor(o.Target, o.Bugs...)
	r := x.Execute(f.Input.Program, f.Input.Schedule)
	if r.Signature() != f.Signature || r.Picks == nil {
		return small, false
	}
	if s, again := x.Shrink(f.Input.Program, r.Picks, f.Signature, tries); again {
		f.Input.Program = &s.Program
		return s, true
	}
	return small, false
}

// shows makes the finding one of a program whose script does not fail so.
func (f *Finding) shows(o *Options, small Shrunk, why string) {
	f.Lines = len(small.Program.Steps)
	f.Said = strings.TrimPrefix(small.Failed, f.Signature+": ")
	f.Text = fmt.Appendf(nil, "%s\n# Seen: %s\n# %s; the same campaign comes to it again.\n\n%vchoices %s\n",
		f.title(o), f.Said, why, &small.Program, conformance.EncodeChoices(small.Picks))
}

// title says in a comment what the failure is and where it was found.
func (f *Failure) title(o *Options) string {
	return fmt.Sprintf("# %s: found by conform fuzz on %s, seed %d, %s.", f.Signature, o.Name, o.Seed, f.origin())
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

// script is the failure as a script and a schedule under which that fails. A program's own choices are of no use to its script, so others are looked for.
// That takes at most as long as limit, unless it is 0.
func (f *Failure) script(p *conformance.Player, limit time.Duration) (c *conformance.Case, s spec.Schedule, ok bool) {
	if f.Input.Script != nil {
		return f.Input.Script, f.Input.Schedule, true
	}
	c = f.Input.Program.Script()
	list := []*conformance.Case{c, f.Input.Program.apart()}
	if x, has := exits(c); has {
		list = append(list, x)
	}
	begin := time.Now()
	for i, c := range list {
		if _, applies := c.Applies(&p.Target().About); !applies {
			continue
		}
		var until time.Time
		if limit > 0 {
			until = begin.Add(limit * time.Duration(i+1) / time.Duration(len(list)))
		}
		if s, ok := search(p, c, f.Signature, tries, until); ok {
			return c, s, true
		}
	}
	return c, s, false
}

// keep writes a finding into the folder.
func (s *store) keep(f *Finding) error {
	f.File = filepath.Join(s.dir, "found", f.FileName())
	return writeWhole(f.File, f.Text)
}

// readFinding reads what keep wrote, if the failure is the one that it was made of.
func readFinding(name string, f Failure) (Finding, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return Finding{}, err
	}
	if !strings.Contains(string(text), f.origin()) {
		return Finding{}, fs.ErrNotExist
	}
	found := Finding{Failure: f, Text: text, Again: true, File: name}
	if found.Script = filepath.Ext(name) == ".scn"; found.Script {
		c, err := conformance.ParseCase(name, text)
		if err != nil {
			return Finding{}, err
		}
		found.Lines = count(steps(c.File.Lines))
	}
	return found, nil
}

// origin says which run of a campaign the failure is.
func (f *Failure) origin() string { return fmt.Sprintf("lane %d, run %d", f.Lane, f.Run) }
