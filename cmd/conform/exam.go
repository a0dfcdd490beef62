package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/conformance/report"
	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference"
)

func newExam() *cobra.Command {
	var format, output string
	var o mutant.ExamOptions
	var each time.Duration
	cmd := &cobra.Command{
		Use:   "exam [TARGET[/BUG]...]",
		Short: "the planted bugs against the suite: the mutation score",
		Long: `Plants each bug of the catalogue (conform list mutants) in its reference, runs the suite against it and says which cases notice it, and
whether they do under the dull schedule or only under a random one. Targets can be named to examine their bugs only, or bugs, such as model/lifo-fill.

A bug counts as effective if at most one in ten of the cases that run on its target notices it and no other bug of the target is
noticed by the same cases, which takes the exam of all bugs of the target. It needs a particular interleaving if no case notices it under the dull schedule.

The exam of all targets also says what counts of the rules and the cases. A rule counts if some trace of spec/corpus, or some planted bug, breaks it
and no other rule. A case is irreplaceable if it alone shows a rule in some situation, with some alternative, by some capability or axis, or if no other
case of its group notices some bug. conform list shows it of each.

With --fuzz it is not the suite that looks for the bugs but conform fuzz, from nothing, for so long each, on all processors: how many runs it took, and how
small what it found was made.

Exit codes: 0 every bug was noticed, 1 some survive, 2 it could not be told: the exam was stopped (Ctrl-C prints what there is so
far), or a case, or what a random program found, fails on a reference that has no bug.`,
		Example: "  conform exam\n  conform exam epoll-sim --format jsonl\n  conform exam model/lifo-fill epoll-sim/double-packet",
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(report.ExamFormats, format) {
				return fmt.Errorf("unknown format %q%s; there are %s", format, didYouMean(format, report.ExamFormats), strings.Join(report.ExamFormats, " and "))
			}
			if o.Parallel < 0 {
				return fmt.Errorf("--parallel %d: at least 0", o.Parallel)
			}
			if err := longerThanNothing(cmd, "fuzz", each, "to have the suite look for the bugs"); err != nil {
				return err
			}
			if each > 0 && cmd.Flags().Changed("parallel") {
				return fmt.Errorf("--parallel %d: with --fuzz one bug is looked for at a time, on all processors", o.Parallel)
			}
			mutants, err := planted(args)
			if err != nil {
				return err
			}
			cases, err := conformance.Cases()
			if err != nil {
				return err
			}
			out, written, err := openReport(cmd, output)
			if err != nil {
				return err
			}
			bar := newProgress(cmd.ErrOrStderr(), "exam")
			defer bar.end()
			o.Progress = bar.step
			defer collectLess()()
			if each > 0 {
				return examine(cmd, out, written, format, mutants, each, o)
			}
			r, err := mutant.Exam(cmd.Context(), mutants, cases, reference.Lookup, o)
			if err != nil {
				return err
			}
			bar.end()
			if err := report.Exam(out, format, r, pageOf(out)); err != nil {
				return err
			}
			if err := written(); err != nil {
				return err
			}
			switch {
			case r.Stopped || len(r.Wrong) > 0:
				return &exit{code: exitNoAnswer}
			case len(r.Survivors()) > 0:
				return &exit{code: exitBroken}
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.DurationVar(&each, "fuzz", 0, "let random programs look for the bugs, for so long each, such as 60s")
	flags.Uint64Var(&o.Seed, "seed", 0, "what the random schedules are drawn from")
	flags.IntVarP(&o.Parallel, "parallel", "p", 0, "bugs at once; 0 is one for each processor")
	flags.StringVar(&format, "format", "text", strings.Join(report.ExamFormats, ", "))
	flags.StringVarP(&output, "output", "o", "", "write to `FILE`")
	return cmd
}

// examine lets random programs look for the bugs.
func examine(cmd *cobra.Command, out io.Writer, written func() error, format string, mutants []mutant.Mutant, each time.Duration, o mutant.ExamOptions) error {
	targets, err := mutant.Targets(mutants, reference.Lookup)
	if err != nil {
		return err
	}
	list := make([]engine.Planted, len(mutants))
	for i, m := range mutants {
		list[i] = engine.Planted{Name: m.ID, Target: targets[m.Target], Bug: m.Bug}
	}
	all, err := engine.Exam(cmd.Context(), list, each, o.Seed, o.Progress)
	if err != nil {
		return err
	}
	if err := engine.WriteExam(out, format, all, len(list)-len(all), pageOf(out)); err != nil {
		return err
	}
	if err := written(); err != nil {
		return err
	}
	return answer(all, len(list)-len(all))
}

// answer is what an exam by random programs ends with, of which so many bugs are missing.
func answer(all []engine.Examined, missing int) error {
	switch {
	case missing > 0 || slices.ContainsFunc(all, func(h engine.Examined) bool { return h.Anyway }):
		return &exit{code: exitNoAnswer}
	case slices.ContainsFunc(all, func(h engine.Examined) bool { return !h.Found }):
		return &exit{code: exitBroken}
	}
	return nil
}

// planted is the catalogue, or what it has of the targets and bugs that are named.
func planted(names []string) ([]mutant.Mutant, error) {
	all := mutant.Catalogue()
	if len(names) == 0 {
		return all, nil
	}
	var targets, bugs []string
	for _, m := range all {
		if bugs = append(bugs, m.ID); !slices.Contains(targets, m.Target) {
			targets = append(targets, m.Target)
		}
	}
	for _, name := range names {
		target, _, _ := strings.Cut(name, "/")
		switch {
		case !slices.Contains(targets, target):
			return nil, fmt.Errorf("no bugs can be planted in %q%s; there are some for %s", target, didYouMean(target, targets), strings.Join(targets, ", "))
		case name != target && !slices.Contains(bugs, name):
			return nil, fmt.Errorf("there is no bug %q%s; conform list mutants has those that there are", name, didYouMean(name, bugs))
		}
	}
	return slices.DeleteFunc(all, func(m mutant.Mutant) bool { return !slices.Contains(names, m.Target) && !slices.Contains(names, m.ID) }), nil
}
