package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance/adapter/skeleton"
)

func newInit() *cobra.Command {
	var poller bool
	cmd := &cobra.Command{
		Use:   "init " + strings.Join(skeleton.Names(false), "|") + " DIR",
		Short: "an adapter to begin with, in your language",
		Long: `Writes an adapter into the folder DIR that compiles as it is: it speaks the protocol, accepts, receives and sends over the platform's own
sockets, so that its first cases pass, and answers everything else unsupported. Where the source says YOURS, put your library's calls.
Beside it stand README.md, with the next steps, and the protocol. Nothing is written over.

With --poller it is for a readiness back end (` + strings.Join(skeleton.Names(true), ", ") + `): it watches sockets by what the platform has for that,
and conforms to the little that it declares.`,
		Example: `  conform init python my-adapter
  conform init c my-poller --poller`,
		Args: argsBetween(2, 2, "a language ("+strings.Join(skeleton.Names(false), ", ")+") and a folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := skeleton.Find(args[0], poller)
			if err != nil && slices.Contains(skeleton.Names(false), args[0]) { // it is what was meant
				return err
			}
			if err != nil {
				return fmt.Errorf("%w%s", err, didYouMean(args[0], skeleton.Names(poller)))
			}
			dir := args[1]
			if dir == "" {
				return errors.New("the name of the folder is empty; . is this one")
			}
			names, err := l.Write(dir)
			if err != nil {
				return plain(err)
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "%s: %s\n\nIt needs %s. Next, in that folder:\n\n", dir, strings.Join(names, ", "), l.Needs)
			if l.Build != "" {
				fmt.Fprintf(out, "    %s\n", l.Build)
			}
			fmt.Fprintf(out, "    %s adapter check %s\n", self(), quoted(l.Command))
			return nil
		},
	}
	cmd.Flags().BoolVar(&poller, "poller", false, "for a readiness back end, which tells when sockets are ready, as epoll does")
	return cmd
}
