package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/report"
)

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain ID",
		Short: "a rule, a claim, a case or a planted bug: text, sources, scenario",
		Example: `  conform explain ACC-4
  conform explain accept/backlog
  conform explain model/lifo-fill
  conform explain S28`,
		Args: argsBetween(1, 1, "the id of a rule, a claim, a case or a planted bug"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cases, err := conformance.Cases()
			if err != nil {
				return err
			}
			c := report.Catalogue{Cases: cases, Command: self()}
			found, err := c.Explain(cmd.OutOrStdout(), strings.TrimSuffix(args[0], ".scn"), pageOf(cmd.OutOrStdout()))
			if err == nil && !found {
				return fmt.Errorf("nothing is called %q%s; conform list rules and conform list cases show what there is", args[0], didYouMean(args[0], c.IDs()))
			}
			return err
		},
	}
}
