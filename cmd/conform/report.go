package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance/report"
)

func newReport() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "report FILE...",
		Short: "what one or more runs found, side by side",
		Long: `Puts runs side by side that conform run --format jsonl has written: targets against groups of rules, what they declare to do
differently, which is no violation, what they are known to get wrong, the worst first, and what else did not pass.

FILE - is standard input. With -o NAME.html the report is one HTML file that needs nothing besides, with -o NAME.svg a badge.
It judges nothing: the exit code is 0 whatever the runs found, 2 where a file is not such a run.`,
		Example: `  conform run --format jsonl -o ours.jsonl
  conform run --exec 'conform adapter serve epoll' --format jsonl -o mine.jsonl
  conform report ours.jsonl mine.jsonl -o report.html`,
		Args: argsBetween(1, -1, "one or more files"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var c report.Comparison
			for _, name := range args {
				if err := readRuns(&c, name, cmd.InOrStdin()); err != nil {
					return err
				}
			}
			if output == "" {
				return c.Text(cmd.OutOrStdout(), pageOf(cmd.OutOrStdout()))
			}
			write := func(w io.Writer) error { return c.Text(w, report.Page{}) }
			switch ext := strings.ToLower(filepath.Ext(output)); ext {
			case ".html", ".htm":
				write = c.HTML
			case ".svg":
				write = c.Badge
			case "", ".txt", ".text":
			default:
				return fmt.Errorf("-o %s: %s is not a form of report; .html, .svg (a badge) and .txt are", output, ext)
			}
			out, written, err := openReport(cmd, output)
			if err != nil {
				return err
			}
			if err := write(out); err != nil {
				return plain(err)
			}
			return written()
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to `FILE`: .html, .svg (a badge) or text")
	return cmd
}

// readRuns adds the runs of one file.
func readRuns(c *report.Comparison, name string, stdin io.Reader) error {
	if name == "-" {
		return c.Read("standard input", stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return plain(err)
	}
	defer f.Close()
	return plain(c.Read(name, f))
}
