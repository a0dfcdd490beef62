// Package report writes what a run of the suite found, for people and for programs.
//
// JSON Lines is the form that everything else can be made from: a line for each case, then one for each rule, then a summary, for each
// target. Fields may be added to it and are never renamed.
//
// report.go has what the forms have in common, text.go the form for people, jsonl.go and junit.go the others; known.go is what they
// say of known failures. comparison.go reads JSON Lines back, of one run or several, and matrix.go, page.go and badge.go show them as text, HTML and a badge.
package report

import (
	"fmt"
	"io"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// Run is what is reported of one target.
type Run struct {
	*conformance.Report
	Target string            // as on the command line, with the planted bug if there is one
	Seed   uint64            // that the schedules were drawn from
	Files  map[string]string // failure files, by the names of the cases
	Again  map[string]string // commands that run a case again, by the names of the cases
	All    int               // cases that the suite has, of which Report has those that were chosen
}

// conforms reports whether the target conforms to the profile, and why not. One of which the profile asks nothing has not been
// judged by it.
func (r *Run) conforms() (bool, string) {
	for i := range r.Rules {
		if x := &r.Rules[i]; x.Verdict == spec.Held && conformance.InProfile(x.Rule, r.Profile) {
			return r.Report.Conforms()
		}
	}
	return false, "no rule of the profile was exercised"
}

// Writer writes a report.
type Writer interface {
	// Absent says that a target cannot run here, and why.
	Absent(target, why string) error
	// Target reports on one target.
	Target(*Run) error
	// Close reports on all of them together.
	Close() error
}

// CaseWriter is a Writer that needs not wait for the end of a run: a case that was given to Case stands in the report whatever becomes of the run.
type CaseWriter interface {
	Writer
	// Case reports on one case. Cases are to be given in the order in which the run has them, from the first; Target goes on behind the last.
	Case(*Run, *conformance.CaseResult) error
}

// Page is what a report for people is written on.
type Page = conformance.Page

// Formats lists the forms by name.
var Formats = []struct {
	Name, Meaning string
	New           func(io.Writer, Page) Writer
}{
	{"text", "for people", func(w io.Writer, p Page) Writer { return &text{w: w, page: p} }},
	{"jsonl", "for programs: a JSON object a line", func(w io.Writer, _ Page) Writer { return newJSON(w) }},
	{"junit", "XML for continuous integration", func(w io.Writer, _ Page) Writer { return &junitXML{w: w} }},
	{"html", "one file to look at", func(w io.Writer, _ Page) Writer { return newCompared(w, (*Comparison).HTML) }},
	{"badge", "a small SVG", func(w io.Writer, _ Page) Writer { return newCompared(w, (*Comparison).Badge) }},
}

// New returns a writer of the named form.
func New(format string, w io.Writer, p Page) (Writer, error) {
	var names []string
	for _, f := range Formats {
		if f.Name == format {
			return f.New(w, p), nil
		}
		names = append(names, f.Name)
	}
	return nil, fmt.Errorf("unknown format %q; there are %s", format, and(names))
}
