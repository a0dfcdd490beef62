package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference"
)

func newBench() *cobra.Command {
	var (
		format, output string
		mix            time.Duration
	)
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "speed of checker, simulator and targets, as ratios",
		Long: `Measures how fast the simulator takes a step, the checker judges, random programs are drawn, run and judged, and the suite runs on each target of this machine: each beside
something else, in the same run, since machines differ. A ratio above 1 is in favour of what is measured.

With --for it runs nothing but programs of the fixed mix (20 actions of two or three threads and two far ends; in three programs of ten something is cancelled or closed
while it is in flight) on the model for that long, and tells where the time went.

How an echo server on the epoll reference compares with Go's net is a benchmark of its own: go test -bench Echo ./reference/epoll/linux`,
		Example: "  conform bench\n  conform bench --for 60s\n  conform bench --format jsonl",
		Args:    argsBetween(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains(engine.Formats, format) {
				return fmt.Errorf("unknown format %q%s; there are %s", format, didYouMean(format, engine.Formats), strings.Join(engine.Formats, " and "))
			}
			if cmd.Flags().Changed("for") && mix <= 0 {
				return fmt.Errorf("--for %v: the mix is run for some time, such as 60s", mix)
			}
			targets, _ := reference.Targets()
			out, written, err := openReport(cmd, output)
			if err != nil {
				return err
			}
			lines := json.NewEncoder(out)
			bar := newProgress(cmd.ErrOrStderr(), "bench")
			bar.beat()
			defer bar.end()
			told := func(f engine.Figure) {
				bar.aside(func() {
					if format == "jsonl" {
						lines.Encode(map[string]any{"type": "bench", "name": f.Name, "value": f.Value, "unit": f.Unit, "ratio": f.Ratio, "against": f.Against})
						return
					}
					fmt.Fprintf(out, "%-24s %14.2f %-14s %8.2f × %s\n", f.Name, f.Value, f.Unit, f.Ratio, f.Against)
				})
			}
			if mix > 0 {
				err = engine.MixSpeed(cmd.Context(), targets[0], mix, told)
			} else {
				err = engine.Speed(cmd.Context(), targets, told)
			}
			if err == nil && cmd.Context().Err() != nil {
				err = errors.New("stopped before its time")
			}
			return cmp.Or(err, written())
		},
	}
	cmd.Flags().DurationVar(&mix, "for", 0, "run the fixed mix on the model for so long, and nothing else")
	cmd.Flags().StringVar(&format, "format", "text", strings.Join(engine.Formats, ", "))
	cmd.Flags().StringVarP(&output, "output", "o", "", "write the figures to `FILE`")
	return cmd
}
