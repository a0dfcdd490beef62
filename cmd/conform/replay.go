package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/conformance/report"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

func newReplay() *cobra.Command {
	var (
		target, trace string
		exec, until   string
		repeat        int
		seed          uint64
	)
	cmd := &cobra.Command{
		Use:   "replay FILE|CASE",
		Short: "a scenario or a failure file again, drawn",
		Long: `Runs a scenario again and draws what happened: one column for each thread and each far end, time running down.

FILE is a scenario or a failure file that conform run has written; CASE is a case of the suite, such as accept/backlog. A failure
file runs on the target that it names, with the choices that it records: the very same run. Where those do not fit, because
the scenario or the target has changed, that is an error. On a real kernel nothing can be recorded; there the case is run up to
--repeat times, until it does not pass. A target that is known to fail in several ways may fail in another one first: with --until it is run until that rule is broken, or
it ends so (hang, crash, sanitizer), whatever else comes of it.

Exit codes: 0 it passed, or what --until is for did not come, 1 a rule was broken, or the run hung or crashed, 2 it could not be told: bad input, choices that do not fit, a case that diverged or could not be
judged, or was skipped.`,
		Example: `  conform replay accept/backlog
  conform replay accept/backlog --target epoll --repeat 100
  conform run model/lifo-fill --run receive/several-pending
  conform replay conform-failures/model-lifo-fill-receive-several-pending.scn`,
		Args: argsBetween(1, 1, "one file or case"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if repeat < 1 {
				return fmt.Errorf("--repeat %d: at least 1", repeat)
			}
			if target != "" && exec != "" {
				return errors.New("--target and --exec: choose one")
			}
			if _, rule := spec.RuleByID(until); until != "" && !rule && !slices.Contains([]known.Ending{known.Hang, known.Crash, known.Sanitizer}, known.Ending(until)) {
				return fmt.Errorf("--until %s: neither a rule nor hang, crash or sanitizer; conform list rules has the rules", until)
			}
			c, err := scenarioOf(args[0])
			if err != nil {
				return err
			}
			var running adapters
			defer func() { err = running.end(cmd.ErrOrStderr(), err) }()
			var s subject
			if exec != "" {
				s, err = running.start(exec, 1)
			} else {
				s, err = targetOf(c, target)
			}
			if err != nil {
				return err
			}
			var traced *os.File
			if trace != "" {
				if traced, err = os.OpenFile(trace, os.O_WRONLY|os.O_CREATE, 0o666); err != nil { // what is there stays until there is another
					return plain(err)
				}
				defer func() { err = errors.Join(err, plain(traced.Close())) }()
			}
			schedule := spec.Schedule{Strategy: "dull"}
			if cmd.Flags().Changed("seed") {
				schedule = spec.Schedule{Strategy: "uniform", Seed: seed}
			}
			bar := newProgress(cmd.ErrOrStderr(), "replay")
			bar.beat()
			p := conformance.NewPlayer(s.target, "", s.bugs)
			p.Until = until
			res, err := p.Replay(cmd.Context(), c, schedule, repeat)
			bar.end()
			if res != nil {
				if err := report.Replayed(cmd.OutOrStdout(), s.name, res, pageOf(cmd.OutOrStdout())); err != nil {
					return err
				}
			}
			switch {
			case errors.Is(err, context.Canceled):
				return fmt.Errorf("%s: stopped before the first run", c.File.Name)
			case errors.Is(err, conformance.ErrOtherRun):
				return fmt.Errorf("%s: %w", c.File.Name, err)
			case err != nil: // which says where
				return err
			}
			if traced != nil {
				if res.Trace == nil {
					return errors.New("there is no trace to write")
				}
				if at, err := traced.Stat(); err == nil && at.Mode().IsRegular() {
					if err := traced.Truncate(0); err != nil {
						return plain(err)
					}
				}
				if err := spec.WriteTrace(traced, res.Trace); err != nil {
					return err
				}
			}
			if cmd.Context().Err() != nil && res.Verdict == conformance.Pass && res.Runs < repeat && c.File.Choices() == "" {
				return fmt.Errorf("stopped after %d of %d runs", res.Runs, repeat)
			}
			if until != "" && res.Verdict != conformance.Skip && res.Signature != until {
				fmt.Fprintf(cmd.ErrOrStderr(), "%s did not come in %s\n", until, conformance.Counted(res.Runs, "run"))
				return nil
			}
			return replayed(res)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&target, "target", "", "run it on `TARGET` rather than on the one that the file names")
	flags.StringVar(&exec, "exec", "", "run it on the back end behind the adapter that `CMD` starts")
	flags.IntVar(&repeat, "repeat", 1, "run it up to `N` times, until it does not pass")
	flags.StringVar(&until, "until", "", "go on past whatever fails otherwise: until `RULE` is broken, or it ends so (hang, crash)")
	flags.Uint64Var(&seed, "seed", 0, "draw the schedule from this seed; without it the dull schedule comes first")
	flags.StringVar(&trace, "trace", "", "write the trace to `FILE`, for conform check")
	return cmd
}

// replayed is how the command ends.
func replayed(res *conformance.CaseResult) error {
	switch {
	case res.Verdict == conformance.Pass:
		return nil
	case blames(res.Signature):
		return &exit{code: exitBroken}
	}
	return &exit{code: exitNoAnswer}
}

// scenarioOf reads a file, or takes the case of the suite that has the name.
func scenarioOf(name string) (*conformance.Case, error) {
	src, err := os.ReadFile(name)
	if err == nil {
		c, err := conformance.ParseCase(name, src)
		if err == nil && c.File.Target() == "" && !c.File.Acts() { // a failure file may have none: of a target that cannot be opened
			return nil, fmt.Errorf("%s: there is no step in it, such as port P; conform explain accept/backlog shows a scenario", name)
		}
		return c, err
	}
	if errors.Is(err, fs.ErrNotExist) && !strings.HasSuffix(name, ".scn") {
		all, suiteErr := conformance.Cases()
		if suiteErr != nil {
			return nil, suiteErr
		}
		var names []string
		for _, c := range all {
			if c.Name == name {
				return c, nil
			}
			names = append(names, c.Name)
		}
		if path.Dir(name) != "." {
			return nil, fmt.Errorf("%s is neither a file nor a case%s", name, didYouMean(name, names))
		}
	}
	if errors.Is(err, fs.ErrNotExist) && path.Dir(name) == "." { // perhaps a case without its group
		if all, suiteErr := conformance.Cases(); suiteErr == nil {
			for _, c := range all {
				if path.Base(c.Name) == strings.TrimSuffix(name, ".scn") {
					return nil, fmt.Errorf("%w; did you mean %q?", plain(err), c.Name)
				}
			}
		}
	}
	return nil, plain(err)
}

// targetOf is the target that is asked for, or that the file names, or the first that the case is for.
func targetOf(c *conformance.Case, asked string) (subject, error) {
	if asked != "" {
		return lookup(asked)
	}
	if name := c.File.Target(); name != "" {
		s, err := lookup(name)
		if err != nil {
			err = fmt.Errorf("%s: %w; --target names another", c.File.Name, err)
		}
		return s, err
	}
	targets, _ := reference.Targets()
	for _, t := range targets {
		if _, applies := c.Applies(&t.About); applies {
			return subject{name: t.About.Name, target: t}, nil
		}
	}
	return subject{}, fmt.Errorf("%s: no target that can run here is what the case is for", c.File.Name)
}
