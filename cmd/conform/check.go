package main

import (
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance/report"
	"github.com/ioconform/ioconform/spec"
)

func newCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check TRACE",
		Short: "judge a trace that was recorded elsewhere",
		Long: `Reads a trace (JSON Lines; - reads standard input), judges it by all rules that are for its target and draws what
breaks one. conform replay --trace writes such a file.

Exit codes: 0 no rule is broken, 1 a rule is broken, 2 it is no trace, or nothing in it exercises a rule.`,
		Example: `  conform replay accept/backlog --trace t.jsonl
  conform check t.jsonl`,
		Args: argsBetween(1, 1, "one trace"),
		RunE: func(cmd *cobra.Command, args []string) error {
			name, in := "standard input", cmd.InOrStdin()
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return plain(err)
				}
				defer f.Close()
				name, in = args[0], f
			}
			bar := newProgress(cmd.ErrOrStderr(), "check")
			bar.beat()
			defer bar.end()
			t, err := spec.ReadTrace(name, in)
			if p := (*fs.PathError)(nil); errors.As(err, &p) {
				return plain(err)
			} else if err != nil {
				return err
			}
			j := spec.NewChecker().Check(t)
			bar.end()
			if err := report.Judged(cmd.OutOrStdout(), name, t, j, pageOf(cmd.OutOrStdout())); err != nil {
				return err
			}
			if len(j.Violations) > 0 {
				return &exit{code: exitBroken}
			}
			for _, n := range j.Counts {
				if n.Checks > 0 {
					return nil
				}
			}
			return &exit{code: exitNoAnswer}
		},
	}
}
