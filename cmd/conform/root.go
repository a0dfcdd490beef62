package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitOK       = 0 // nothing was broken
	exitBroken   = 1 // a back end broke a rule
	exitNoAnswer = 2 // it could not be told: bad input, a run that stopped, diverged or exercised nothing
)

// exit is how a command ends other than well. A nil error means that everything has been said.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

// execute runs one command line and returns its exit code.
func execute(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	out := &told{Writer: stdout}
	root.SetOut(out)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var e *exit
	if said := err == nil || errors.As(err, &e) && e.err == nil; said && out.err != nil {
		err, e = out.err, nil
	}
	if err == nil {
		return exitOK
	}
	code := exitNoAnswer
	if e != nil {
		if code = e.code; e.err == nil {
			return code
		}
	}
	fmt.Fprintf(stderr, "conform: %s\n", strings.TrimSpace(err.Error()))
	return code
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "conform",
		Short: "judge completion and readiness back ends",
		Long: `conform decides whether an asynchronous I/O back end keeps the contract of completion-based I/O, and shows
the run that proves it when it does not.

Exit codes: 0 nothing was broken; 1 a rule was broken; 2 it could not be told: bad input, a run that was stopped,
a case that diverged or could not be judged, or nothing was exercised.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("unknown command %q%s; conform --help lists the commands", args[0], didYouMean(args[0], commandNames(cmd)))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newRun(), newList(), newExplain(), newReplay(), newExplore(), newCheck(), newClaims(), newExam(), newBaseline(), newAdapter(), newInit(), newExport(), newReport(), newFuzz(), newMerge(), newBench())
	return root
}

func commandNames(cmd *cobra.Command) (names []string) {
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return names
}

// argsBetween wants between least and most arguments; want says which.
func argsBetween(least, most int, want string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || most >= 0 && len(args) > most {
			return fmt.Errorf("%s takes %s, not %d argument(s)", cmd.CommandPath(), want, len(args))
		}
		return nil
	}
}
