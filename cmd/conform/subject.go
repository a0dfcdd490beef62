package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

// subject is a target as the command line names it: "epoll", or "epoll/lost-wake" with that bug planted.
type subject struct {
	name   string
	target *spec.Target
	bugs   []string

	exec     string // of an adapter: its command line
	parallel int    // how many cases it can serve at once, 0 for any number
}

// argument is how the subject is asked for on a command line.
func (s subject) argument() string {
	if s.exec != "" {
		return "--exec " + quoted(s.exec)
	}
	return s.name
}

// lookup finds a subject.
func lookup(name string) (subject, error) {
	base, bug, planted := strings.Cut(name, "/")
	targets, absent := reference.Targets()
	var known, meant []string
	for _, t := range targets {
		for _, b := range t.Mutants {
			meant = append(meant, t.About.Name+"/"+b)
		}
		known = append(known, t.About.Name)
		if t.About.Name != base {
			continue
		}
		if !planted {
			return subject{name: name, target: t}, nil
		}
		if !slices.Contains(t.Mutants, bug) {
			return subject{}, fmt.Errorf("unknown bug %q of target %s%s; conform list mutants shows them", bug, base, didYouMean(bug, t.Mutants))
		}
		return subject{name: name, target: t, bugs: []string{bug}}, nil
	}
	for _, a := range absent {
		if a.Name == base {
			return subject{}, fmt.Errorf("target %s cannot run here: %s", base, a.Why)
		}
	}
	return subject{}, fmt.Errorf("unknown target %q%s; this machine can run %s", base, didYouMean(name, append(known, meant...)), strings.Join(known, ", "))
}
