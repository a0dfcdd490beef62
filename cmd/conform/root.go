package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/conformance/report"
	"github.com/ioconform/ioconform/spec"
)

// Exit codes.
const (
	exitOK       = 0 // nothing was broken
	exitBroken   = 1 // a back end broke a rule
	exitNoAnswer = 2 // it could not be told: bad input, a run that stopped, diverged or exercised nothing
)

// blames reports whether what a run did wrong, if anything, is the back end's fault: it broke a rule, hung or crashed. Else the suite could not do its work, which is no answer.
func blames(signature string) bool { return signature != "" && signature != string(known.Error) }

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
a case that diverged or could not be judged, or nothing was exercised. Ctrl-C and SIGTERM end a run with a report of what
there is; a second one ends it at once. What takes long says on standard error how far it is.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return nil
		},
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return saysNothing(cmd) },
	}
	root.SetFlagErrorFunc(flagError)
	root.Version = version()
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetHelpCommand(newHelp())
	root.AddCommand(newRun(), newList(), newExplain(), newReplay(), newExplore(), newCheck(), newClaims(), newExam(), newBaseline(), newAdapter(), newInit(), newExport(), newReport(), newFuzz(), newMerge(), newBench())
	return root
}

// newHelp is cobra's, but that it does not take the help of conform for that of a command that is not there.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "what a command does, and its flags",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if c, _, err := cmd.Root().Find(args); err == nil {
				return commandNames(c), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, rest, err := cmd.Root().Find(args)
			if err != nil {
				return err
			}
			if len(rest) > 0 && c.HasSubCommands() {
				return unknownCommand(c, rest[0])
			}
			return c.Help()
		},
	}
}

// unknownCommand is the error about a word behind cmd that is none of its commands.
func unknownCommand(cmd *cobra.Command, word string) error {
	_, within, _ := strings.Cut(cmd.CommandPath()+" ", " ") // without conform
	if slices.Contains(report.Lists, word) {
		return fmt.Errorf("unknown command %q; conform list %s lists them", within+word, word)
	}
	return fmt.Errorf("unknown command %q%s; %s --help lists the commands", within+word, didYouMean(word, commandNames(cmd)), cmd.CommandPath())
}

// version says which conform this is, for reports of its faults: of a release its version, of a working copy its commit where the build knows it.
func version() string {
	build := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		build = info.Main.Version
	}
	return fmt.Sprintf("conform %s, contract version %s, %s %s/%s", build, spec.Current().Name, runtime.Version(), runtime.GOOS, runtime.GOARCH)
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
			return fmt.Errorf("%s takes %s, not %s", cmd.CommandPath(), want, conformance.Counted(len(args), "argument"))
		}
		return nil
	}
}
