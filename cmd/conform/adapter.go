package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/adapter"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

func newAdapter() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "adapter",
		Short: "back ends in other processes and languages",
		Long: `A back end in another language is judged through an adapter: a program that takes requests from its standard input, a line of
JSON each, and answers on its standard output. conformance/adapter/PROTOCOL.md says how to write one, and conform init writes one to begin
with, for a completion back end or a poller (--poller).`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(newAdapterCheck(), newAdapterServe())
	return cmd
}

func newAdapterCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check CMD",
		Short: "walk through the protocol with an adapter",
		Long: `Walks an adapter through the protocol, from the hello to everything that it declares, a step at a time: what is sent (→), what comes
(←), what was expected, and whose mistake it is where the two differ: the adapter's, which does not speak as PROTOCOL.md says, or the back
end's. Every message is held against the protocol. CMD is one argument, as behind conform run --exec.

Exit codes: 0 nothing is wrong, 1 the back end does otherwise than it should, 2 the adapter makes mistakes, or cannot be started.`,
		Example: `  conform init python my-adapter
  conform adapter check 'python3 my-adapter/adapter.py'
  conform adapter check 'conform adapter serve epoll'`,
		Args: argsBetween(1, 1, "one command line, in quotes"),
		RunE: func(cmd *cobra.Command, args []string) error {
			argv, err := words(args[0])
			if err != nil {
				return fmt.Errorf("%q: %w", args[0], err)
			}
			out := cmd.OutOrStdout()
			c, err := adapter.Check(cmd.Context(), out, argv, realWorld)
			if err != nil && cmd.Context().Err() != nil {
				return fmt.Errorf("stopped after %s", conformance.Counted(c.Steps, "step"))
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "\n%s %s taken and %d skipped: ", conformance.Counted(c.Steps, "step"), conformance.Noun(c.Steps, "was"), c.Skipped)
			switch {
			case c.Mistakes > 0:
				fmt.Fprintf(out, "%s of the adapter, %s in which the back end did otherwise\n", conformance.Counted(c.Mistakes, "mistake"), conformance.Counted(c.Breaches, "step"))
				return &exit{code: exitNoAnswer}
			case c.Breaches > 0:
				fmt.Fprintf(out, "the adapter speaks the protocol; in %d the back end did otherwise\n", c.Breaches)
				return &exit{code: exitBroken}
			}
			fmt.Fprintf(out, "nothing is wrong. Next: %s run --exec %s\n", self(), quoted(args[0]))
			return nil
		},
	}
}

func newAdapterServe() *cobra.Command {
	return &cobra.Command{
		Use:   "serve TARGET[/BUG]",
		Short: "be an adapter, of a reference",
		Long: `Speaks the adapter protocol on standard input and output, for a reference of the real world: something to look at, or to put behind
conform run --exec.`,
		Example: `  conform run --exec 'conform adapter serve epoll'`,
		Args:    argsBetween(1, 1, "one target"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := lookup(args[0])
			if err != nil {
				return err
			}
			if s.target.About.World != "real" {
				return fmt.Errorf("%s cannot be served: it is not of the real world", s.name)
			}
			open := func() (*spec.Instance, error) {
				in, err := s.target.Open()
				if err != nil || len(s.bugs) == 0 {
					return in, err
				}
				if err := in.Plant(s.bugs...); err != nil {
					return nil, errors.Join(err, in.Close())
				}
				return in, nil
			}
			if s.target.About.Can(spec.CanPoll) {
				return adapter.ServeReady(cmd.InOrStdin(), cmd.OutOrStdout(), s.target.About, func() (spec.ReadyBackend, error) {
					in, err := open()
					if err != nil {
						return nil, err
					}
					return servedReady{in.Ready, in}, nil
				})
			}
			return adapter.Serve(cmd.InOrStdin(), cmd.OutOrStdout(), s.target.About, func() (spec.Backend, error) {
				in, err := open()
				if err != nil {
					return nil, err
				}
				return served{in.Backend, in}, nil
			})
		},
	}
}

// served is the back end of an instance, with which the instance is closed, and servedReady is that of a poller.
type (
	served struct {
		spec.Backend
		in *spec.Instance
	}
	servedReady struct {
		spec.ReadyBackend
		in *spec.Instance
	}
)

func (s served) Close() error { return errors.Join(s.Backend.Close(), s.in.Close()) }

func (s servedReady) Close() error { return errors.Join(s.ReadyBackend.Close(), s.in.Close()) }

// realWorld makes worlds for back ends that are processes.
func realWorld() (*spec.Instance, error) {
	w, err := realworld.New()
	if err != nil {
		return nil, err
	}
	return &spec.Instance{World: w, Run: w.Run, Close: w.Close}, nil
}

// adapters are the subjects of --exec. They run from when they are started until all is over.
type adapters struct{ pools []*adapter.Pool }

// start starts the adapter of a command line, with processes for so many cases at once, 0 for the usual number.
func (a *adapters) start(command string, parallel int) (subject, error) {
	argv, err := words(command)
	if err != nil {
		return subject{}, fmt.Errorf("--exec %q: %w", command, err)
	}
	pool, err := adapter.Start(argv, adapter.Options{World: realWorld, Processes: parallel})
	if err != nil {
		return subject{}, err
	}
	a.pools = append(a.pools, pool)
	return subject{name: pool.About().Name, target: pool.Target(), exec: command, parallel: pool.Size()}, nil
}

// end ends all adapters when a command ends with err, and returns what it then ends with. One that does not end as it should, such as under a checker of
// memory, is told of in any case.
func (a *adapters) end(stderr io.Writer, err error) error {
	for _, p := range a.pools {
		if e := p.Close(); e != nil {
			fmt.Fprintf(stderr, "conform: %v\n", e)
			if err == nil {
				err = &exit{code: exitNoAnswer}
			}
		}
	}
	a.pools = nil
	return err
}

// words splits a command line at its spaces, as a shell does that knows quotes and nothing else. A backslash makes the next character plain, but not on
// Windows, where it stands in paths.
func words(s string) (argv []string, err error) {
	var word strings.Builder
	begun, quote, plain := false, rune(0), false
	for _, r := range s {
		switch {
		case plain:
			word.WriteRune(r)
			plain = false
		case r == '\\' && quote != '\'' && os.PathSeparator != '\\':
			begun, plain = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '"' || r == '\'':
			begun, quote = true, r
		case r == ' ' || r == '\t':
			if begun {
				argv = append(argv, word.String())
				word.Reset()
				begun = false
			}
		default:
			begun = true
			word.WriteRune(r)
		}
	}
	switch {
	case quote != 0:
		return nil, fmt.Errorf("a %c has no second", quote)
	case plain:
		return nil, errors.New("it ends with a backslash")
	case begun:
		argv = append(argv, word.String())
	}
	if len(argv) == 0 {
		return nil, errors.New("there is no command")
	}
	return argv, nil
}

// shellWord is a path as one word of a shell's.
func shellWord(s string) string {
	if strings.ContainsAny(s, " \t'\"$&|;()<>*?[]#~!`{}") {
		return quoted(s)
	}
	return s
}

// quoted is a command line as one word of a shell's.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
