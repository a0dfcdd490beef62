package fuzz

import (
	"errors"
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
	Text    []byte // a failure file, for conform replay
	Lines   int    // of the script, without comments, headers and blank lines
	Again   bool   // it failed twice more in the same way
	Seconds float64
	File    string                  // that it was written to, "" if to none
	Result  *conformance.CaseResult // nil where it was read from a file
}

// fileName is the name under which a finding is kept.
func (f *Failure) fileName() string { return f.Signature + ".scn" }

// smaller makes a failure small, on a target and with bugs as the campaign had them.
func smaller(o *Options, f Failure) Finding {
	begin := time.Now()
	found := Finding{Failure: f}
	p := conformance.NewPlayer(o.Target, "", o.Bugs)
	c, s, err := f.script(p)
	m, ok := Minimised{Case: c, Signature: f.Signature}, false
	if err == nil {
		m, ok = MinimiseScript(p, c, s, f.Signature, Budget{For: patience(o.Target)})
	}
	found.Again = ok
	if m.Case == nil {
		found.Text = fmt.Appendf(nil, "# %s: %s, seen in\n# %s\n", f.Signature, f.Said, strings.ReplaceAll(f.Input.String(), "\n", "\n# "))
		return found
	}
	if ok {
		s = replay(m.Picks)
	}
	m.Case = titled(m.Case, "fuzz/"+f.Signature, fmt.Sprintf("# %s: found by conform fuzz on %s, seed %d, %s.", f.Signature, o.Name, o.Seed, f.origin()))
	a := p.Play(m.Case, s)
	found.Result = a.Result(m.Case)
	found.Text = found.Result.FailureFile(&o.Target.About, o.Name)
	found.Lines = count(steps(m.Case.File.Lines))
	found.Seconds = time.Since(begin).Seconds()
	return found
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

// patience is how long a failure is made smaller. In a simulated world the number of runs decides, so that what comes out is the same everywhere.
func patience(t *spec.Target) time.Duration {
	if t.About.World == "real" {
		return 20 * time.Second
	}
	return 0
}

// tries is how many schedules the script of a program is run under until it fails as the program did.
const tries = 2000

// script is the failure as a script and a schedule under which that fails. A program's own choices are of no use to its script, so others are looked for.
func (f *Failure) script(p *conformance.Player) (*conformance.Case, spec.Schedule, error) {
	if f.Input.Script != nil {
		return f.Input.Script, f.Input.Schedule, nil
	}
	c := f.Input.Program.Script()
	if s, ok := Search(p, c, f.Signature, tries); ok {
		return c, s, nil
	}
	if c, ok := exits(c); ok && p.Target().About.Can(spec.CanThreadExit) {
		if s, ok := Search(p, c, f.Signature, tries); ok {
			return c, s, nil
		}
	}
	return nil, spec.Schedule{}, errors.New("the script of the program did not fail so")
}

// keep writes a finding into the folder.
func (s *store) keep(f *Finding) error {
	f.File = filepath.Join(s.dir, "found", f.fileName())
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
	c, err := conformance.ParseCase(name, text)
	if err != nil {
		return Finding{}, err
	}
	return Finding{Failure: f, Text: text, Lines: count(steps(c.File.Lines)), Again: true, File: name}, nil
}

// origin says which run of a campaign the failure is.
func (f *Failure) origin() string { return fmt.Sprintf("lane %d, run %d", f.Lane, f.Run) }
