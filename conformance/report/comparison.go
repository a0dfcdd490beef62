package report

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/spec"
)

// Comparison is what one or more runs found, side by side: everything in it was read from JSON Lines, as conform run writes them. The zero value has no runs;
// Read adds some.
type Comparison struct {
	Targets []*Compared
	Absent  []absentLine // targets that could not run
}

// Compared is what was found of one target.
type Compared struct {
	Name     string // as it is called here: of two of the same name, the second bears the name of its file
	Summary  summaryLine
	Rules    []ruleLine
	Cases    []caseLine  // that did not pass and were not skipped
	Findings []knownLine // entries of known failures that were seen, and racy ones that kept quiet
}

// longestLine bounds a line; a case's has some hundred bytes.
const longestLine = 64 << 20

// Read adds the runs of a file. Lines of other types are left alone, so that files of a later version can be read. The error says in which line
// of which file something is wrong.
func (c *Comparison) Read(name string, r io.Reader) error {
	in := bufio.NewScanner(r)
	in.Buffer(nil, longestLine)
	open, runs := map[string]*Compared{}, 0
	target := func(name string) *Compared {
		if open[name] == nil {
			open[name] = &Compared{Name: name}
		}
		return open[name]
	}
	n := 0
	for in.Scan() {
		n++
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		var kind struct{ Type, Target string }
		err := json.Unmarshal(in.Bytes(), &kind)
		switch {
		case err != nil:
		case kind.Type == "":
			err = errors.New(`an object without "type"`)
		case kind.Target == "": // of another command
		case kind.Type == "absent":
			var l absentLine
			if err = json.Unmarshal(in.Bytes(), &l); err == nil && !slices.Contains(c.Absent, l) {
				c.Absent = append(c.Absent, l)
			}
			runs++
		case kind.Type == "case":
			var l caseLine
			if err = json.Unmarshal(in.Bytes(), &l); err == nil {
				if t := target(kind.Target); l.Verdict != "pass" && l.Verdict != "skip" {
					t.Cases = append(t.Cases, l)
				}
			}
		case kind.Type == "rule":
			var l ruleLine
			if err = json.Unmarshal(in.Bytes(), &l); err == nil {
				t := target(kind.Target)
				t.Rules = append(t.Rules, l)
			}
		case kind.Type == "known":
			var l knownLine
			if err = json.Unmarshal(in.Bytes(), &l); err == nil && (l.State == "seen" || l.State == "quiet" && l.Kind == string(known.Racy)) {
				t := target(kind.Target)
				t.Findings = append(t.Findings, l)
			}
		case kind.Type == "summary":
			t := target(kind.Target)
			if err = json.Unmarshal(in.Bytes(), &t.Summary); err == nil {
				c.add(t, name)
				delete(open, kind.Target)
				runs++
			}
		}
		if err != nil {
			return fmt.Errorf("%s:%d: not a line of conform run --format jsonl: %w", name, n, err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", name, n+1, err)
	}
	if cut := slices.Sorted(maps.Keys(open)); len(cut) > 0 {
		return fmt.Errorf("%s: the run of %s has no summary line: the file was cut, or is still being written", name, cut[0])
	}
	if runs == 0 {
		return fmt.Errorf("%s: there is no run in it; conform run --format jsonl -o %s writes one", name, name)
	}
	return nil
}

// add adds a target, under another name if there is one of that name.
func (c *Comparison) add(t *Compared, file string) {
	taken := func() bool {
		return slices.ContainsFunc(c.Targets, func(x *Compared) bool { return x.Name == t.Name })
	}
	if taken() {
		t.Name = t.Summary.Target + " (" + file + ")"
	}
	for n := 2; taken(); n++ {
		t.Name = fmt.Sprintf("%s (%s, %d)", t.Summary.Target, file, n)
	}
	c.Targets = append(c.Targets, t)
}

// Tally counts rules by what became of them.
type Tally struct{ Held, Broken, Known, Open, Skipped int }

// add counts a rule. Those of the program are the suite's own to keep, and only mentioned when it did not.
func (t *Tally) add(x *ruleLine) {
	if !x.counted() {
		return
	}
	switch x.Verdict {
	case "held":
		t.Held++
	case "broken":
		t.Broken++
	case "known":
		t.Known++
	case "skipped":
		t.Skipped++
	default:
		t.Open++
	}
}

// Asked is how many rules were not skipped.
func (t Tally) Asked() int { return t.Held + t.Broken + t.Known + t.Open }

func (x *ruleLine) counted() bool {
	return x.Binds != spec.Obligation.String() || x.Verdict == "broken" || x.Verdict == "known"
}

// group is the family of a rule.
func (x *ruleLine) group() string { g, _ := cutID(x.Rule); return g }

// Tally counts the rules of a group, or of all where it is "".
func (t *Compared) Tally(group string) (n Tally) {
	for i := range t.Rules {
		if x := &t.Rules[i]; group == "" || x.group() == group {
			n.add(x)
		}
	}
	return n
}

// broken lists the rules that were broken in ways that are not known.
func (t *Compared) broken() (ids []string) {
	for i := range t.Rules {
		if t.Rules[i].Verdict == "broken" {
			ids = append(ids, t.Rules[i].Rule)
		}
	}
	return ids
}

// Verdict says in a few words how the target stands to its profile.
func (t *Compared) Verdict() string {
	s := &t.Summary
	bad := s.Cases["fail"] + s.Cases["diverged"] + s.Cases["error"]
	switch {
	case s.Conforms:
		return "conforms to " + s.Profile
	case len(t.broken()) > 0:
		return "breaks " + brief(t.broken())
	case s.Cases["error"] > 0:
		return conformance.Counted(s.Cases["error"], "case") + " could not be judged"
	case bad > 0:
		return conformance.Counted(bad, "case") + " did not pass"
	case s.Cases["known"] > 0:
		return fmt.Sprintf("no unknown failures, %d known", s.Cases["known"])
	case t.ran() < s.All:
		return fmt.Sprintf("not shown to conform: %d of %d cases were run", t.ran(), s.All)
	case len(t.unseen()) > 0:
		return "not shown to conform: " + brief(t.unseen()) + " not seen in full"
	case s.Why == "":
		return "not shown to conform"
	}
	return "not shown to conform: " + s.Why
}

// ran is how many cases were chosen, those that were then skipped among them.
func (t *Compared) ran() (n int) {
	for _, k := range t.Summary.Cases {
		n += k
	}
	return n
}

// unseen lists the rules that the profile asks for and that did not come up in all their situations.
func (t *Compared) unseen() (ids []string) {
	for i := range t.Rules {
		x := &t.Rules[i]
		asked := x.InProfile && x.Binds == spec.Guarantee.String() && (x.Level == spec.MUST.String() || x.Level == spec.SHOULD.String())
		if asked && x.Verdict != "held" && x.Verdict != "skipped" {
			ids = append(ids, x.Rule)
		}
	}
	return ids
}

// Standing is the verdict in one word: good, bad, known or open.
func (t *Compared) Standing() string {
	s := &t.Summary
	switch {
	case s.Conforms:
		return "good"
	case len(t.broken()) > 0 || s.Cases["fail"] > 0:
		return "bad"
	case s.Cases["known"] > 0 && s.Cases["diverged"]+s.Cases["error"] == 0:
		return "known"
	}
	return "open"
}

// Groups are the families of the rules that some target was asked for, in the order of the book; those that are not in it come last.
func (c *Comparison) Groups() (groups []spec.Group) {
	seen := map[string]bool{}
	var other []spec.Group
	for _, t := range c.Targets {
		for i := range t.Rules {
			x := &t.Rules[i]
			if g := x.group(); x.counted() && !seen[g] {
				seen[g] = true
				if !slices.ContainsFunc(spec.Groups, func(k spec.Group) bool { return k.Name == g }) {
					other = append(other, spec.Group{Name: g})
				}
			}
		}
	}
	for _, g := range spec.Groups {
		if seen[g.Name] {
			groups = append(groups, g)
		}
	}
	return append(groups, other...)
}

// Difference is a behaviour in which correct back ends differ and some of these do. None is a violation.
type Difference struct {
	Axis, Meaning string
	Values        []Declared
}

// Declared is a value of an axis, and the targets that declare it.
type Declared struct {
	Value   string
	Usual   bool // the axis's first
	Targets []string
}

// Differences lists the axes in which some target differs from the usual, the usual value last. Axes are of completion back ends; pollers are left out.
func (c *Comparison) Differences() (list []Difference) {
	for _, a := range spec.AxisList {
		d := Difference{Axis: a.Name, Meaning: a.Meaning}
		differ := false
		for i, v := range a.Values {
			x := Declared{Value: v, Usual: i == 0}
			for _, t := range c.Targets {
				if !slices.Contains(t.Summary.Capabilities, spec.CanPoll) && t.Summary.Axes.Get(a.Name) == v {
					x.Targets = append(x.Targets, t.Name)
				}
			}
			if len(x.Targets) > 0 {
				differ = differ || !x.Usual
				d.Values = append(d.Values, x)
			}
		}
		if len(d.Values) > 0 && d.Values[0].Usual {
			d.Values = append(d.Values[1:], d.Values[0])
		}
		if differ {
			list = append(list, d)
		}
	}
	return list
}

// Who says of a value which targets it is, by naming whichever are fewer.
func (d *Declared) Who() string {
	if d.Usual && len(d.Targets) > 3 {
		return "the others"
	}
	return strings.Join(d.Targets, ", ")
}

// Offered are capabilities that the same targets have, and others have not.
type Offered struct {
	Capabilities []string
	By, NotBy    []string
}

// Who says which targets offer them, by naming whichever are fewer.
func (o *Offered) Who() string {
	if len(o.By) <= len(o.NotBy) {
		return "only " + strings.Join(o.By, ", ")
	}
	return "all but " + strings.Join(o.NotBy, ", ")
}

// Offers lists the capabilities in which targets differ. It leaves out pollers, which are judged by a contract of their own.
func (c *Comparison) Offers() (list []Offered) {
	for _, k := range spec.Capabilities {
		if k.Name == spec.CanControl || k.Name == spec.CanComplete { // of the world; of all of them, declared or not
			continue
		}
		x := Offered{Capabilities: []string{string(k.Name)}}
		for _, t := range c.Targets {
			switch has := t.Summary.Capabilities; {
			case slices.Contains(has, spec.CanPoll):
			case slices.Contains(has, k.Name):
				x.By = append(x.By, t.Name)
			default:
				x.NotBy = append(x.NotBy, t.Name)
			}
		}
		if len(x.By) == 0 || len(x.NotBy) == 0 {
			continue
		}
		i := slices.IndexFunc(list, func(o Offered) bool { return slices.Equal(o.By, x.By) })
		if i < 0 {
			list = append(list, x)
			continue
		}
		list[i].Capabilities = append(list[i].Capabilities, string(k.Name))
	}
	return list
}

// Harm is what some findings do to an application.
type Harm struct {
	Harm, Meaning string
	Findings      []Finding
}

// Finding is a known failure: what stands in one or more entries, of one target and for one reason.
type Finding struct {
	Target, Kind, Reason string
	Where                []string // case and rule of each entry
	Sources              []string
	Seen, Rounds         int // of the entry that was seen most often
}

// Harms lists what is known to go wrong by what it does to an application, the worst first; what does not say comes last.
func (c *Comparison) Harms() (list []Harm) {
	by := map[string][]Finding{}
	for _, t := range c.Targets {
		for _, k := range t.Findings {
			all := by[k.Harm]
			i := slices.IndexFunc(all, func(f Finding) bool { return f.Target == t.Name && f.Kind == k.Kind && f.Reason == k.Reason })
			if i < 0 {
				i = len(all)
				all = append(all, Finding{Target: t.Name, Kind: k.Kind, Reason: k.Reason})
			}
			f := &all[i]
			f.Where = append(f.Where, k.Case+" "+k.Rule)
			for _, s := range k.Sources {
				if !slices.Contains(f.Sources, s) {
					f.Sources = append(f.Sources, s)
				}
			}
			if k.Seen >= f.Seen {
				f.Seen, f.Rounds = k.Seen, k.Rounds
			}
			by[k.Harm] = all
		}
	}
	for h, all := range by {
		x := Harm{Harm: h, Meaning: "what it does to an application is not said", Findings: all}
		for _, w := range known.Harms {
			if string(w.Harm) == h {
				x.Meaning = w.Meaning
			}
		}
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b Harm) int {
		return cmp.Or(known.Harm(a.Harm).Rank()-known.Harm(b.Harm).Rank(), cmp.Compare(a.Harm, b.Harm))
	})
	return list
}

// unknown lists the cases of a target that went wrong in ways that are not known.
func (t *Compared) unknown() (list []caseLine) {
	for _, c := range t.Cases {
		if c.Verdict != "known" {
			list = append(list, c)
		}
	}
	return list
}

// Unknown counts them.
func (t *Compared) Unknown() int { return len(t.unknown()) }

// what says what went wrong with a case.
func (c *caseLine) what() string {
	for _, v := range c.Violations {
		if v.Binds != spec.Obligation.String() {
			return v.Rule + ": " + v.Said
		}
	}
	if len(c.Violations) > 0 {
		return c.Violations[0].Rule + ": " + c.Violations[0].Said
	}
	return c.Verdict + ": " + c.Reason
}
