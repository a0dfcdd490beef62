package main

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

// selection is what the commands that run the suite have in common: which cases, how often, by which choices.
type selection struct {
	run, skip []string
	exec      []string // command lines of adapters
	all       int      // cases of the suite
	running   adapters
	conformance.Options
}

// flags adds the flags of a selection.
func (s *selection) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&s.exec, "exec", nil, "the back end behind the adapter that `CMD` starts; can be repeated, and beside targets")
	flags.StringArrayVar(&s.run, "run", nil, "only cases that match `GLOB`: a group, or group/name; can be repeated")
	flags.StringArrayVar(&s.skip, "skip", nil, "no cases that match `GLOB`; can be repeated")
	flags.Uint64Var(&s.Seed, "seed", 0, "what the random schedules of simulated worlds are drawn from")
	flags.IntVar(&s.Repeat, "repeat", 1, "run each case `N` times, in simulated worlds with other schedules each time")
	flags.IntVarP(&s.Parallel, "parallel", "p", 0, "cases at once; 0 lets the target decide")
}

// perhaps adds to an error about patterns what was perhaps meant by the first that matches nothing.
func (s *selection) perhaps(all []*conformance.Case) string {
	var names []string
	for _, c := range all {
		names = append(names, c.Name, c.Group())
	}
	for _, p := range slices.Concat(s.run, s.skip) {
		if _, err := conformance.Select(all, []string{p}, nil); err == nil || errors.Is(err, path.ErrBadPattern) {
			continue
		}
		if r, is := spec.RuleByID(strings.ToUpper(p)); is {
			return fmt.Sprintf("; conform explain %s names the cases of that rule", r.ID)
		}
		return didYouMean(p, names)
	}
	return ""
}

// resolve checks the flags and finds the cases and the subjects. Adapters are started here, before any case runs (see adapter.Start); running
// is to be closed when all is over.
func (s *selection) resolve(args []string) (subjects []subject, absent []reference.Absent, err error) {
	if s.Repeat < 1 {
		return nil, nil, fmt.Errorf("--repeat %d: at least 1", s.Repeat)
	}
	if s.Parallel < 0 {
		return nil, nil, fmt.Errorf("--parallel %d: at least 0", s.Parallel)
	}
	if subjects, absent, err = choose(args, s.exec); err != nil {
		return nil, nil, err
	}
	all, err := conformance.Cases()
	if err != nil {
		return nil, nil, err
	}
	s.all = len(all)
	if s.Cases, err = conformance.Select(all, s.run, s.skip); err != nil {
		return nil, nil, fmt.Errorf("%w%s", err, s.perhaps(all))
	}
	if len(s.Cases) == 0 {
		return nil, nil, errors.New("no case is left to run")
	}
	for _, command := range s.exec {
		x, err := s.running.start(command, s.Parallel)
		if err != nil {
			return nil, nil, s.running.end(io.Discard, err)
		}
		name := x.name
		for n := 2; slices.ContainsFunc(subjects, func(y subject) bool { return y.name == x.name }); n++ {
			x.name = fmt.Sprintf("%s-%d", name, n) // of two that call themselves the same, so that their files are two
		}
		subjects = append(subjects, x)
	}
	return subjects, absent, nil
}
