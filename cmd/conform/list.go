package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/report"
	"github.com/ioconform/ioconform/reference"
)

func newList() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:       "list " + strings.Join(report.Lists, "|"),
		Short:     "the catalogue: rules, cases, targets, planted bugs, claims",
		Example:   "  conform list targets\n  conform list mutants --format jsonl\n  conform list rules --format markdown",
		ValidArgs: report.Lists,
		Args:      argsBetween(1, 1, "one of "+strings.Join(report.Lists, ", ")),
		RunE: func(cmd *cobra.Command, args []string) error {
			cases, err := conformance.Cases()
			if err != nil {
				return err
			}
			c := report.Catalogue{Cases: cases}
			targets, absent := reference.Targets()
			for _, t := range targets {
				c.Targets = append(c.Targets, report.Listed{About: t.About, Bugs: len(t.Mutants)})
			}
			for _, a := range absent {
				l := report.Listed{Why: a.Why}
				l.About.Name = a.Name
				c.Targets = append(c.Targets, l)
			}
			err = c.List(cmd.OutOrStdout(), args[0], format, pageOf(cmd.OutOrStdout()))
			if err != nil && !slices.Contains(report.Lists, args[0]) {
				return fmt.Errorf("%w%s", err, didYouMean(args[0], report.Lists))
			}
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, jsonl, or for rules markdown")
	return cmd
}
