package conformance

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

//go:embed cases
var caseFiles embed.FS

// Case is one scenario of the suite.
type Case struct {
	Name string // group/name
	File *scenario.File
}

// Group is the first part of the case's name.
func (c *Case) Group() string { return path.Dir(c.Name) }

// Vocabulary is what scenarios may refer to: the rules, capabilities and axes of package spec.
var Vocabulary = sync.OnceValue(func() scenario.Vocabulary {
	v := scenario.Vocabulary{Rules: map[string]bool{}, Capabilities: map[string]bool{}, Axes: map[string][]string{}}
	for _, r := range spec.Rules() {
		v.Rules[r.ID] = true
	}
	for _, c := range spec.Capabilities {
		v.Capabilities[string(c.Name)] = true
	}
	for _, a := range spec.AxisList {
		v.Axes[a.Name] = a.Values
	}
	return v
})

// ParseCase parses a scenario that is not one of the suite's.
func ParseCase(name string, src []byte) (*Case, error) {
	f, err := scenario.ParseWith(name, src, Vocabulary())
	if err != nil {
		return nil, err
	}
	return &Case{Name: strings.TrimSuffix(path.Base(name), ".scn"), File: f}, nil
}

// Cases returns the suite's cases in the order of their names.
var Cases = sync.OnceValues(func() ([]*Case, error) {
	var all []*Case
	err := fs.WalkDir(caseFiles, "cases", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".scn") {
			return err
		}
		src, err := caseFiles.ReadFile(p)
		if err != nil {
			return err
		}
		f, err := scenario.ParseWith("conformance/"+p, src, Vocabulary())
		if err != nil {
			return err
		}
		all = append(all, &Case{Name: strings.TrimSuffix(strings.TrimPrefix(p, "cases/"), ".scn"), File: f})
		return nil
	})
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all, err
})

// Select returns the cases that match one of the run patterns, all where there are none, and none of the skip patterns. Patterns are those of
// path.Match on group/name; a pattern without a slash matches a group. One that matches nothing is an error.
func Select(cases []*Case, run, skip []string) ([]*Case, error) {
	used := make([]bool, len(run)+len(skip))
	matches := func(c *Case, i int, pattern string) (bool, error) {
		whole := c.Name
		if !strings.Contains(pattern, "/") {
			whole = c.Group()
		}
		ok, err := path.Match(pattern, whole)
		if err != nil {
			return false, fmt.Errorf("pattern %q: %w", pattern, err)
		}
		used[i] = used[i] || ok
		return ok, nil
	}
	var chosen []*Case
	for _, c := range cases {
		in := len(run) == 0
		for i, p := range run {
			ok, err := matches(c, i, p)
			if err != nil {
				return nil, err
			}
			in = in || ok
		}
		for i, p := range skip {
			ok, err := matches(c, len(run)+i, p)
			if err != nil {
				return nil, err
			}
			in = in && !ok
		}
		if in {
			chosen = append(chosen, c)
		}
	}
	for i, p := range append(run[:len(run):len(run)], skip...) {
		if !used[i] {
			return nil, fmt.Errorf("no case matches %q; conform list cases shows them", p)
		}
	}
	return chosen, nil
}

// applies tells why the case is not for the target, if so.
func (c *Case) applies(a *spec.About) (reason string, ok bool) {
	if isPoller(a) && !slices.Contains(c.File.Needs(), string(spec.CanPoll)) {
		return "is for completion back ends", false
	}
	for _, n := range c.needs() {
		if why, meets := a.Meets(n); !meets {
			return why, false
		}
	}
	if !isPoller(a) && !a.Can(spec.CanAccept) && !a.Can(spec.CanConnect) && has(c.File.Lines, opensStream) {
		return "has a TCP socket; the target accepts nothing and connects nothing", false
	}
	if w := c.File.World(); w != "" && w != a.World {
		return "is for the " + w + " world", false
	}
	for _, x := range c.File.Axes() {
		if why, meets := a.Meets(x.Name + "=" + x.Value); !meets {
			return why, false
		}
	}
	if !c.File.TriggerAny() && has(c.File.Lines, func(x scenario.Action) bool { return asksForLevel(x, 0) }) {
		return a.Meets("level=yes")
	}
	if has(c.File.Lines, func(x scenario.Action) bool { return asksForLevel(x, spec.Exclusive) }) {
		return a.Meets("level=yes|edge") // exclusive goes not with one-shot
	}
	return "", true
}

// asksForLevel reports whether the action watches something level-triggered, and asks for that besides. No case says so in its header, since nearly all that watch do; of those that
// do as well without it the header says trigger any.
func asksForLevel(a scenario.Action, besides spec.Interest) bool {
	l, is := a.(*scenario.InterestLine)
	if !is || l.Verb == "remove" {
		return false
	}
	ask := spec.InterestOf(l.Flags)
	return ask.Level() && ask&besides == besides
}

// needs lists the capabilities that the case says it needs, and the one by which its sessions come to be: an accept, or where the script has nothing to do with a listener,
// a connect.
func (c *Case) needs() []string {
	needs := c.File.Needs()
	switch {
	case slices.Contains(needs, string(spec.CanPoll)) || !has(c.File.Lines, isSession):
	case c.File.Listens():
		needs = append(needs, string(spec.CanAccept))
	default:
		needs = append(needs, string(spec.CanAccept)+"|"+string(spec.CanConnect))
	}
	return needs
}

func isSession(a scenario.Action) bool {
	_, is := a.(*scenario.SessionLine)
	return is
}

func opensStream(a scenario.Action) bool {
	l, is := a.(*scenario.SocketLine)
	return is && l.Verb == "tcp"
}

// has reports whether an action of the lines, or of blocks in them, is such.
func has(nodes []scenario.Node, such func(scenario.Action) bool) bool {
	return slices.ContainsFunc(nodes, func(n scenario.Node) bool {
		if b, is := n.(*scenario.Block); is {
			return has(b.Lines, such)
		}
		l, is := n.(*scenario.Line)
		return is && such(l.Action)
	})
}
