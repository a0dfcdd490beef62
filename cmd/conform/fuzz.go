package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/fuzz/engine"
)

// fuzzFlags are the flags of conform fuzz.
type fuzzFlags struct {
	engine.Options
	shard  string
	known  []string
	exec   string
	format string
	output string
}

func newFuzz() *cobra.Command {
	var f fuzzFlags
	cmd := &cobra.Command{
		Use:   "fuzz [TARGET]",
		Short: "programs nobody wrote",
		Long: `Runs random programs and scripts on a target, model unless another is named, and has the rules judge what happens: drawn afresh, or made by
changing those that showed something new. It ends after --for or --runs, or with Ctrl-C or SIGTERM, and reports what it has.

What fails is made small, script and choices together, and written as a scenario that conform replay runs again: the first failure of
each kind.

With --out the campaign is kept: the same command goes on where it was, also after it was killed. One process at a time has the folder, so shards that run at
once have one each. --shard I/N makes part I of N (from 0); conform merge
puts the parts together. Kubernetes' JOB_COMPLETION_INDEX with JOB_COMPLETIONS, and Slurm's SLURM_ARRAY_TASK_ID with SLURM_ARRAY_TASK_COUNT, do the
same. In a simulated world shards that are merged come to exactly what one campaign of the same --runs comes to.

With --known the cases that the file names are run first. A failure is known if it breaks a rule that one of them is known to break, and the same is said of it, numbers and the names of
threads aside, or what the file has behind "said:"; another violation of that rule is told. A rule of which neither tells anything is known whatever breaks it, which is said.
That a run then hangs or crashes is known only if the file says so of some case. Who goes on with a campaign, or merges shards, by other known failures than it went by is told so: what was
counted and found stays.

On a real machine a run may hang. It is given up by its world, and counts as a failure, hang; what has not ended half a minute after everything else is left behind
and told with its script, as what nothing is known of.

Making small what was found takes up to a minute beyond --for on a real machine. A run that crashes or hangs is a failure as well.

Exit codes: 0 nothing was broken, 1 a rule was, or a run hung or crashed, 2 it could not be told, such as where the target cannot be opened, some run did not end, or it was
stopped before --for or --runs.`,
		Example: `  conform fuzz model --for 30s
  conform fuzz epoll --for 10m --out campaign
  conform fuzz model/lifo-fill --until-fail
  conform fuzz --exec 'conform adapter serve epoll' --for 1m
  conform fuzz model --runs 1000000 --shard 0/4 --out part-0`,
		Args: argsBetween(0, 1, "one target"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.execute(cmd, args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.DurationVar(&f.For, "for", 0, "for so long, such as 30s, 10m, 8h; without it and --runs until Ctrl-C")
	flags.IntVar(&f.Runs, "runs", 0, "so many runs in all, those of other shards and of earlier days included")
	flags.Uint64Var(&f.Seed, "seed", 0, "what programs and schedules are drawn from")
	flags.StringVar(&f.shard, "shard", "", "part `I/N` of a campaign that others run the rest of")
	flags.IntVar(&f.Lanes, "lanes", 0, fmt.Sprintf("sequences of runs that build on each other, and the most shards; unless given %d, or %d on this machine's kernel, where a run mostly waits",
		engine.DefaultLanes, engine.KernelLanes))
	flags.StringVar(&f.Dir, "out", "", "keep the campaign in `DIR`, or go on with the one there")
	flags.BoolVar(&f.Stop, "until-fail", false, "up to the first failure")
	flags.StringArrayVar(&f.known, "known", nil, "count, and do not tell, what fails as the cases do of which `FILE` knows that they fail; can be repeated")
	flags.StringVar(&f.exec, "exec", "", "the back end behind the adapter that `CMD` starts, instead of a target")
	flags.IntVarP(&f.Workers, "parallel", "p", 0, "runs at once; 0 lets the target decide")
	flags.StringVar(&f.format, "format", "text", strings.Join(engine.Formats, ", "))
	flags.StringVarP(&f.output, "output", "o", "", "write the report to `FILE`")
	return cmd
}

func (f *fuzzFlags) execute(cmd *cobra.Command, args []string) (err error) {
	if err := f.check(cmd, args); err != nil {
		return err
	}
	out, written, err := openReport(cmd, f.output)
	if err != nil {
		return err
	}
	var running adapters
	left := false // a run may still have one of them, and they end with this process
	defer func() {
		if !left {
			err = running.end(cmd.ErrOrStderr(), err)
		}
	}()
	var s subject
	if f.exec != "" {
		s, err = running.start(f.exec, f.Workers)
	} else {
		s, err = lookup(append(args, "model")[0])
	}
	if err != nil {
		return err
	}
	if s.parallel > 0 {
		f.Workers = s.parallel
	}
	f.Target, f.Name, f.Bugs, f.Exec = s.target, s.name, s.bugs, s.exec
	if err = f.learn(cmd, s); err != nil {
		return err
	}
	line := newProgress(cmd.ErrOrStderr(), s.name)
	f.Remark = func(remark string) { line.aside(func() { fmt.Fprintln(cmd.ErrOrStderr(), remark) }) }
	f.Progress = func(x engine.Status) { line.say(engine.Line(x)) }
	defer collectLess()()
	r, err := engine.Campaign(cmd.Context(), f.Options)
	line.end()
	if err != nil {
		return plain(err)
	}
	left = r.Left
	keepFindings(r, cmd.ErrOrStderr())
	return reported(r, f.format, out, written, s)
}

// check refuses flags that make no sense, before anything is started.
func (f *fuzzFlags) check(cmd *cobra.Command, args []string) (err error) {
	if err := longerThanNothing(cmd, "for", f.For, "for no limit"); err != nil {
		return err
	}
	switch {
	case !slices.Contains(engine.Formats, f.format):
		return fmt.Errorf("unknown format %q%s; there are %s", f.format, didYouMean(f.format, engine.Formats), strings.Join(engine.Formats, " and "))
	case cmd.Flags().Changed("runs") && f.Runs < 1:
		return fmt.Errorf("--runs %d: at least 1; leave it out for no limit", f.Runs)
	case f.Workers < 0:
		return fmt.Errorf("--parallel %d: at least 0", f.Workers)
	case cmd.Flags().Changed("lanes") && f.Lanes < 1 || f.Lanes > engine.MostLanes:
		return fmt.Errorf("--lanes %d: from 1 to %d", f.Lanes, engine.MostLanes)
	case f.exec != "" && len(args) > 0:
		return fmt.Errorf("a campaign is on one target: %s, or --exec", args[0])
	}
	if f.shard == "" {
		f.Shard, err = engine.ShardOf(os.LookupEnv)
		return err
	}
	if f.Shard, err = engine.ParseShard(f.shard); err != nil {
		return fmt.Errorf("--%w", err) // which says shard "I/N": ...
	}
	return nil
}

// learn finds out what failures look like that files of known failures for the subject speak of.
func (f *fuzzFlags) learn(cmd *cobra.Command, s subject) error {
	if len(f.known) == 0 {
		return nil
	}
	files, err := readKnown(f.known, []subject{s})
	if err != nil {
		return err
	}
	bar := newProgress(cmd.ErrOrStderr(), s.name+": cases that are known to fail")
	unseen, err := f.Learn(cmd.Context(), files[s.name], bar.step)
	bar.end()
	if err != nil {
		return plain(err)
	}
	if len(unseen) > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "not seen in the cases that are known to break them, so that everything that does counts as known: %s\n", strings.Join(unseen, ", "))
	}
	return nil
}

// keepFindings writes the findings of a campaign that keeps no folder where failures of conform run are written. The report tells what they are in any case.
func keepFindings(r *engine.Report, stderr io.Writer) {
	for _, x := range r.All() {
		if x.File != "" {
			continue
		}
		file := filepath.Join(failures, strings.ReplaceAll(r.Options.Name, "/", "-")+"-fuzz-"+x.FileName())
		err := os.MkdirAll(failures, 0o777)
		if err == nil {
			err = engine.WriteWhole(file, x.Text)
		}
		if err != nil {
			fmt.Fprintf(stderr, "conform: failures are not kept: %v\n", plain(err))
			return
		}
		x.File = file
	}
}

// reported writes the report to out, after which written is to be called, and returns how the command ends.
func reported(r *engine.Report, format string, out io.Writer, written func() error, s subject) error {
	replay := func(file, signature string) string {
		again := self() + " replay " + shellWord(file)
		if s.exec != "" {
			again += " " + s.argument()
		}
		if s.target.About.World != "sim" {
			again += " --repeat 100"
			if len(r.Tally.Known) > 0 && signature != "error" { // which would come first
				again += " --until " + signature
			}
		}
		return again
	}
	if err := r.Write(out, format, pageOf(out), replay); err != nil {
		return err
	}
	if err := written(); err != nil {
		return err
	}
	switch {
	case slices.ContainsFunc(slices.Collect(maps.Keys(r.Tally.Failures)), blames):
		return &exit{code: exitBroken}
	case r.Stopped, r.Tally.Runs == 0, r.Tally.Unended > 0, len(r.Tally.Failures) > 0:
		return &exit{code: exitNoAnswer}
	}
	return nil
}
