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
	var exec, format, output string
	cmd := &cobra.Command{
		Use:   "merge DIR...",
		Short: "shards of a campaign put together",
		Long: `Puts together what shards of one conform fuzz campaign left in their folders (--out), and reports the whole. The folders may overlap; what has come farthest
is taken. The result, in the folder of --out, is one that conform fuzz --out goes on with, and what one campaign of the same runs would have come to: that a shard is
missing is an error, which says what of the campaign is in no folder. With --partial the report says it.

What no shard has made small is made small now, on the target that the campaign is on, or behind the adapter that --exec starts as for conform fuzz. Ctrl-C ends that.

Exit codes: 0 no shard broke a rule, 1 some did, or a run hung or crashed, 2 it could not be told, some run did not end, or a shard is missing.`,
		Example: `  conform fuzz model --runs 2000 --shard 0/2 --out part-0
  conform fuzz model --runs 2000 --shard 1/2 --out part-1
  conform merge part-0 part-1 --out whole`,
		Args: argsBetween(1, -1, "the folders of shards"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
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
			var running adapters
			left := false // a run may still have one of them, and they end with this process
			defer func() {
				if !left {
					err = running.end(cmd.ErrOrStderr(), err)
				}
			}()
			s, err := running.of(args[0], exec)
			if err != nil {
				return err
			}
			o.Target, o.Name, o.Bugs, o.Exec = s.target, s.name, s.bugs, s.exec
			bar := newProgress(cmd.ErrOrStderr(), "merge")
			bar.beat()
			o.Remark = func(remark string) { bar.aside(func() { fmt.Fprintln(cmd.ErrOrStderr(), remark) }) }
			r, err := engine.Merge(cmd.Context(), o, args, o.Dir)
			bar.end()
			if err != nil {
				return plain(err)
			}
			left = r.Left
			return reported(r, format, out, written, s)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.Dir, "out", "", "put the whole into `DIR`")
	flags.BoolVar(&o.Partial, "partial", false, "also if a shard is missing: what there is, such as while the others wait for their turn")
	flags.StringVar(&exec, "exec", "", "of a campaign behind an adapter: `CMD` starts it")
	flags.StringVar(&format, "format", "text", strings.Join(engine.Formats, ", "))
	flags.StringVarP(&output, "output", "o", "", "write the report to `FILE`")
	return cmd
}

// of is what the campaign in a folder is on. exec starts the adapter that it is behind, if it is behind one.
func (a *adapters) of(dir, exec string) (subject, error) {
	name, behind, err := engine.TargetOf(dir)
	switch {
	case err != nil:
		return subject{}, plain(err)
	case exec != "":
		return a.start(exec, 1)
	case behind != "":
		return subject{}, fmt.Errorf("%s: is a campaign on %s behind an adapter; start it with --exec %s", dir, name, quoted(behind))
	}
	s, err := lookup(name)
	if err != nil {
		return s, fmt.Errorf("%s: %w; if it is behind an adapter, --exec CMD starts that", dir, err)
	}
	return s, nil
}
