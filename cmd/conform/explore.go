package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/fuzz/engine"
)

func newExplore() *cobra.Command {
	var (
		target, format, out, output string
		delays, preemptions         int
		limit                       time.Duration
		o                           engine.ExploreOptions
	)
	cmd := &cobra.Command{
		Use:   "explore FILE|CASE",
		Short: "all schedules of one scenario, within a bound",
		Long: `Runs a scenario on a simulated target under every schedule within a bound, and says whether any breaks a rule.

A schedule is what is left open: which thread goes on, what the network delivers next, how many bytes at once, whether time
passes meanwhile. The dull schedule always takes the first option. --delays bounds how often another one is taken, which grows evenly;
--preemptions bounds how often a thread is interrupted that could go on, or an amount is not the first that there is (how many bytes arrive at once, whether what
can be done at once is), and leaves it free who goes on where one cannot, which is far more. The bounds are searched one after the other from 0, so what is shown first takes the fewest.

"complete: N schedules, delays ≤ B" means that each of the N schedules was run and judged, or leads through a state, at its end if not before, that
another one went through and differs from it only in the order of what has nothing to do with each other, on which no rule depends: it has the verdict of that one. The
states are told apart by a hash of 64 bits. Where a search was stopped, or a run went on for too long, conform says that instead, and which
bound it did complete. --plain runs every schedule, to check the reduction.

Beside the search random strategies take turns (uniform, lazy, and priorities, known as PCT): each finds what others do not.

What is found is kept in failure files, which conform replay runs again.

Exit codes: 0 nothing was broken, in all schedules if it says complete, else in those that there was time for; 1 a rule was broken, or a run hung or crashed; 2 it could not be told: bad input, a target
whose choices cannot be decided, Ctrl-C (which prints what there is so far), a scenario that left its path, none in
which a rule of the profile was asked about anything.`,
		Example: `  conform explore thread/repost-first-pool
  conform explore thread/two-receives-pool --target epoll-sim --delays 3 --for 1m
  conform explore thread/two-receives-overlap --format jsonl`,
		Args: argsBetween(1, 1, "one file or case"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Bound, o.Max = engine.Delays, delays
			if cmd.Flags().Changed("preemptions") {
				if cmd.Flags().Changed("delays") {
					return errors.New("--delays and --preemptions are two bounds; choose one")
				}
				o.Bound, o.Max = engine.Preemptions, preemptions
			}
			switch {
			case o.Max < 0:
				return fmt.Errorf("--%s %d: at least 0", o.Bound, o.Max)
			case o.Random < 0:
				return fmt.Errorf("--random %d: at least 0", o.Random)
			case !slices.Contains(engine.ExploreFormats, format):
				return fmt.Errorf("unknown format %q%s; there are %s", format, didYouMean(format, engine.ExploreFormats), strings.Join(engine.ExploreFormats, " and "))
			}
			if err := knownProfile(o.Profile); err != nil {
				return err
			}
			if err := longerThanNothing(cmd, "for", limit, "for no limit"); err != nil {
				return err
			}
			c, err := scenarioOf(args[0])
			if err != nil {
				return err
			}
			w, written, err := openReport(cmd, output)
			if err != nil {
				return err
			}
			s, err := targetOf(c, target)
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("out") {
				if err := os.MkdirAll(out, 0o777); err != nil {
					return plain(err)
				}
			}
			o.Bugs = s.bugs
			ctx := cmd.Context()
			if limit > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, limit)
				defer cancel()
			}
			bar := newProgress(cmd.ErrOrStderr(), "explore")
			defer bar.end()
			o.Progress = func(x *engine.Exploration) {
				bar.say(fmt.Sprintf("%s ≤ %d complete, %s, %d bad", x.Bound, x.Reached, conformance.Counted(x.Runs, "run"), len(x.Found)))
			}
			defer collectLess()()
			x, err := engine.Explore(ctx, s.target, c, o)
			if err != nil {
				return err
			}
			bar.end()
			kept := keepFound(x, s, out, cmd.ErrOrStderr())
			if err := x.Write(w, format, s.name, kept, pageOf(w)); err != nil {
				return plain(err)
			}
			if err := written(); err != nil {
				return err
			}
			switch {
			case x.Broken():
				return &exit{code: exitBroken}
			case x.Wrong != nil, len(x.Found) > 0, cmd.Context().Err() != nil:
				return &exit{code: exitNoAnswer}
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&target, "target", "", "explore it on `TARGET`; unless given on the one that the file names, or the first that it is for")
	flags.IntVar(&delays, "delays", 2, "up to `N` choices that are not the first option")
	flags.IntVar(&preemptions, "preemptions", 0, "up to `N` interruptions or amounts instead, whoever goes on where one cannot")
	flags.IntVar(&o.Random, "random", 500, "`N` schedules of each random strategy beside the search")
	flags.DurationVar(&limit, "for", 0, "stop after `TIME`, such as 90s, and say what was reached")
	flags.Uint64Var(&o.Seed, "seed", 0, "what the random strategies are drawn from")
	flags.BoolVar(&o.Plain, "plain", false, "run every schedule, also those that lead nowhere new")
	flags.StringVar(&o.Profile, "profile", "", "the rules that decide: "+profiles()+". Unless given the target's own")
	flags.StringVar(&format, "format", "text", strings.Join(engine.ExploreFormats, ", "))
	flags.StringVarP(&output, "output", "o", "", "write the report to `FILE`")
	flags.StringVar(&out, "out", failures, "keep what is found in folder `DIR`")
	return cmd
}

// keepFound writes a failure file for each thing that was found.
func keepFound(x *engine.Exploration, s subject, dir string, stderr io.Writer) map[string]engine.Kept {
	kept := map[string]engine.Kept{}
	for i := range x.Found {
		f := &x.Found[i]
		name := strings.TrimSuffix(f.Result.FileName(s.name), ".scn") + "-" + strings.ReplaceAll(f.What, " ", "-") + ".scn"
		file := filepath.Join(dir, name)
		err := os.MkdirAll(dir, 0o777)
		if err == nil {
			err = engine.WriteWhole(file, f.Result.FailureFile(&x.About, s.name))
		}
		if err != nil {
			fmt.Fprintf(stderr, "conform: failures are not kept: %v\n", plain(err))
			break
		}
		kept[f.What] = engine.Kept{File: file, Again: self() + " replay " + shellWord(file)}
	}
	return kept
}
