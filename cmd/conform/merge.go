package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/fuzz/engine"
)

func newMerge() *cobra.Command {
	var o engine.Options
	var format, output string
	cmd := &cobra.Command{
		Use:   "merge DIR...",
		Short: "shards of a campaign put together",
		Long: `Puts together what shards of one conform fuzz campaign left in their folders (--out), and reports the whole. The folders may overlap; what has come farthest
is taken. The result, in the folder of --out, is one that conform fuzz --out goes on with.

Exit codes: 0 no shard broke a rule, 1 some did, 2 it could not be told, or some run did not end.`,
		Example: `  conform fuzz model --runs 2000 --shard 0/2 --out part-0
  conform fuzz model --runs 2000 --shard 1/2 --out part-1
  conform merge part-0 part-1 --out whole`,
		Args: argsBetween(1, -1, "the folders of shards"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(engine.Formats, format) {
				return fmt.Errorf("unknown format %q%s; there are %s", format, didYouMean(format, engine.Formats), strings.Join(engine.Formats, " and "))
			}
			if o.Dir == "" {
				return fmt.Errorf("merge needs --out DIR, where the whole is to be")
			}
			out, written, err := openReport(cmd, output)
			if err != nil {
				return err
			}
			name, err := engine.TargetOf(args[0])
			if err != nil {
				return plain(err)
			}
			s, err := lookup(name)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			o.Target, o.Name, o.Bugs = s.target, s.name, s.bugs
			bar := newProgress(cmd.ErrOrStderr(), "merge")
			bar.beat()
			r, err := engine.Merge(cmd.Context(), o, args, o.Dir)
			bar.end()
			if err != nil {
				return plain(err)
			}
			return reported(r, format, out, written, s)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.Dir, "out", "", "put the whole into `DIR`")
	flags.StringVar(&format, "format", "text", strings.Join(engine.Formats, ", "))
	flags.StringVarP(&output, "output", "o", "", "write the report to `FILE`")
	return cmd
}
