package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance/adapter/skeleton"
)

func newInit() *cobra.Command {
	return &cobra.Command{
		Use:   "init " + strings.Join(skeleton.Names(), "|") + " DIR",
		Short: "an adapter to begin with, in your language",
		Long: `Writes an adapter into the folder DIR that compiles as it is: it speaks the protocol, accepts, receives and sends over the platform's own
sockets, so that its first cases pass, and answers everything else unsupported. Where the source says YOURS, put your library's calls.
Beside it stand README.md, with the next steps, and the protocol. Nothing is written over.`,
		Example: `  conform init python my-adapter`,
		Args:    argsBetween(2, 2, "a language ("+strings.Join(skeleton.Names(), ", ")+") and a folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := skeleton.Find(args[0])
			if err != nil {
				return fmt.Errorf("%w%s", err, didYouMean(args[0], skeleton.Names()))
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
}
