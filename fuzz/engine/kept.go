package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// What has been made small, and failed so again, is not made small once more: a campaign that goes on takes it from its folder, a merge from all folders that it is of. A file says
// in its first line which run of which lane it is of, and whether that did not fail again, or could not be tried: then the next who comes by tries.

// asItWas ends the first line of a file that shows a failure which has not been repeated.
const asItWas = " It is as it was found: it has not failed so again."

// keep writes a finding into the folder, instead of what may be there of the same signature.
func (s *store) keep(f *Finding) error {
	name := filepath.Join(s.dir, "found", f.FileName())
	if f.File != name {
		f.File = name
		if err := WriteWhole(name, f.Text); err != nil {
			return err
		}
	}
	other := *f
	other.Script = !f.Script
	if err := os.Remove(filepath.Join(s.dir, "found", other.FileName())); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// taken is what folders have of a failure, with others also of one with the same signature that came later: where nothing can be repeated, or run any more, that is as good. There is
// no text where they have nothing.
func (c *campaign) taken(f Failure, dirs []string, others bool) (best Finding) {
	list := []Failure{f}
	if others {
		for _, l := range c.lanes {
			for _, g := range l.failed {
				if g.Signature == f.Signature {
					list = append(list, g)
				}
			}
		}
	}
	for _, d := range dirs {
		for _, script := range []bool{true, false} {
			named := Finding{Failure: f, Script: script}
			found, err := readFinding(filepath.Join(d, "found", named.FileName()), list)
			if err == nil && (best.Text == nil || found.Again && !best.Again) { // a file that cannot be read is made anew
				best = found
			}
		}
	}
	return best
}

// readFinding reads what keep wrote, if it was made of one of the failures.
func readFinding(name string, list []Failure) (Finding, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return Finding{}, err
	}
	of := slices.IndexFunc(list, func(f Failure) bool {
		at := f.origin()
		return strings.Contains(string(text), at+".") || strings.Contains(string(text), at+", as ") // and not only the beginning of another
	})
	if of < 0 {
		return Finding{}, fs.ErrNotExist
	}
	found := Finding{Failure: list[of], Text: text, Again: !strings.Contains(string(text), asItWas), File: name}
	if found.Script = filepath.Ext(name) == ".scn"; found.Script {
		c, err := conformance.ParseCase(name, text)
		if err != nil {
			return Finding{}, err
		}
		found.Lines = count(steps(c.File.Lines))
	}
	return found, nil
}

// shown is the run that a finding's file is of, made again; nil where none can be, or it does not fail any more as the file says in its first words.
func (f *Finding) shown(o *Options) *conformance.CaseResult {
	c, err := conformance.ParseCase(f.File, f.Text)
	if err != nil {
		return nil
	}
	c.Name = "fuzz/" + f.Signature
	p := conformance.NewPlayer(o.Target, "", o.Bugs)
	p.Overlook = o.overlooks()
	r, err := p.Replay(context.Background(), c, spec.Schedule{}, 1)
	if err != nil || r.Signature == "" || !strings.HasPrefix(string(f.Text), "# "+r.Signature+": ") {
		return nil
	}
	return r
}

// unendedOf are the runs of a lane that a campaign has ended without, as many as it has counted: those that are told already, which no folder has yet, and what folders have; those
// that come first know best.
func unendedOf(l *lane, told []Finding, dirs []string) (list []Finding) {
	for _, f := range told {
		if f.Lane == l.number {
			list = append(list, f)
		}
	}
	if len(list) == l.tally.Unended {
		return list
	}
	for _, d := range dirs {
		files, err := os.ReadDir(filepath.Join(d, "found"))
		if err != nil {
			continue // that it is gone loses no more than what was in it
		}
		for _, file := range files {
			f := Failure{Signature: unended, Said: "it had not ended some time after everything else had", Lane: l.number}
			if n, err := fmt.Sscanf(file.Name(), unended+"-%d-%d.", &f.Lane, &f.Run); n < 2 || err != nil || f.Lane != l.number || f.Run >= l.tally.Runs {
				continue
			}
			if len(list) == l.tally.Unended || slices.ContainsFunc(list, func(g Finding) bool { return g.Run == f.Run }) {
				continue
			}
			if found, err := readFinding(filepath.Join(d, "found", file.Name()), []Failure{f}); err == nil && found.FileName() == file.Name() {
				list = append(list, found)
			}
		}
	}
	slices.SortFunc(list, func(a, b Finding) int { return a.Run - b.Run })
	return list
}

// origin says which run of a campaign the failure is.
func (f *Failure) origin() string { return fmt.Sprintf("lane %d, run %d", f.Lane, f.Run) }
