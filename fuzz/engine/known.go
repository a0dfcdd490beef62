package engine

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/spec"
)

// varies is what differs from run to run in what is said of a violation: numbers, and the names of threads. The first alternative is what does not, the number of a status.
var varies = regexp.MustCompile(`(?:wsa|win32|ntstatus|errno) -?(?:0x[0-9a-fA-F]+|[0-9]+)|thread \S+|-?0x[0-9a-fA-F]+|-?[0-9]+`)

// several is how one is said of which a shape does not say how many there are.
var several = regexp.MustCompile(`# (byte|packet|datagram|event|asynchronous procedure call)\b`)

// Shape is what was said of a violation without what differs from run to run. Two violations of a rule that have the same shape are of the same kind: the same call, ended
// the same way.
func Shape(said string) string {
	return several.ReplaceAllString(varies.ReplaceAllStringFunc(said, func(s string) string {
		if strings.ContainsAny(s[:1], "wne") {
			return s
		}
		return "#"
	}), "# ${1}s")
}

// learnRounds is how often the cases of known failures are run to learn what is said of them; what is racy may show itself in one of them.
const learnRounds = 3

// Learn makes o take for known what the files speak of. It runs the cases that they name on o.Target and notes what is said of the failures that are known there: o.Known and o.Shapes
// are set; what the files say themselves of a failure is added. Of one of which neither tells what it looks like everything is known that breaks its rule; these are returned.
// progress is told after each case, unless it is nil.
func (o *Options) Learn(ctx context.Context, files []*known.File, progress func(done, all int)) (unseen []string, err error) {
	o.Known, o.Shapes = map[string]bool{}, map[string][]string{}
	all, err := conformance.Cases()
	if err != nil {
		return nil, err
	}
	var cases []*conformance.Case
	for _, c := range all {
		if slices.ContainsFunc(files, func(f *known.File) bool {
			return slices.ContainsFunc(f.Entries, func(e *known.Entry) bool { return e.Covers(c.Name) })
		}) {
			cases = append(cases, c)
		}
	}
	for _, f := range files {
		for _, e := range f.Entries {
			if e.Fault != "*" {
				o.Known[e.Fault] = true
			}
			for _, said := range e.Said() {
				o.shape(e.Fault, said)
			}
		}
	}
	o.entries = digestOf(files)
	if len(cases) == 0 {
		return nil, nil
	}
	r, err := conformance.Run(ctx, o.Target, conformance.Options{Cases: cases, Bugs: o.Bugs, Known: files, KeepOn: true, Repeat: learnRounds, Parallel: o.Workers, Progress: progress})
	switch {
	case err != nil:
		return nil, err
	case ctx.Err() != nil:
		return nil, errors.New("stopped before the first run, while the cases were run that are known to fail")
	}
	for _, c := range r.Cases {
		for _, f := range c.Faults {
			if len(f.Known) == 0 {
				continue
			}
			o.Known[f.What] = true
			o.shape(f.What, f.Said)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.Known)) {
		if _, rule := spec.RuleByID(id); rule && len(o.Shapes[id]) == 0 {
			unseen = append(unseen, id)
		}
	}
	return unseen, nil
}

// digestOf tells known failures apart: by what they are of and by what is said of them, not by their order and reasons.
func digestOf(files []*known.File) *string {
	var all []string
	for _, f := range files {
		for _, e := range f.Entries {
			all = append(all, strings.Join(append([]string{e.String()}, e.Said()...), "\n"))
		}
	}
	text := ""
	if slices.Sort(all); len(all) > 0 {
		text = digest(strings.Join(all, "\n"))
	}
	return &text
}

// shape notes what is said of a failure that is known.
func (o *Options) shape(what, said string) {
	if s := Shape(said); !slices.Contains(o.Shapes[what], s) {
		o.Shapes[what] = append(o.Shapes[what], s)
	}
}

// knows reports whether the target is known to break the rule as this violation says.
func (o *Options) knows(v *spec.Violation) bool {
	shapes := o.Shapes[v.Rule.ID]
	return o.Known[v.Rule.ID] && (len(shapes) == 0 || slices.Contains(shapes, Shape(v.Said)))
}

// overlooks is what players are given that are to see nothing of what is known, nil where nothing is.
func (o *Options) overlooks() func(*spec.Violation) bool {
	if len(o.Known) == 0 {
		return nil
	}
	return o.knows
}
