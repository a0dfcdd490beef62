package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/report"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

func newClaims() *cobra.Command {
	var format, output string
	cmd := &cobra.Command{
		Use:   "claims [TARGET...]",
		Short: "the source document, executed: a verdict and a witness per claim",
		Long: `Runs what each claim of the source document rests on and says whether it holds, holds only under a condition, or does
not hold, with a case that shows it. conform replay CASE draws the witness.`,
		Example: "  conform claims\n  conform claims poller poller-sim --format jsonl",
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(report.ClaimFormats, format) {
				return fmt.Errorf("unknown format %q%s; there are %s", format, didYouMean(format, report.ClaimFormats), strings.Join(report.ClaimFormats, ", "))
			}
			subjects, _, err := choose(args, nil)
			if err != nil {
				return err
			}
			out, written, err := openReport(cmd, output)
			if err != nil {
				return err
			}
			var reports []*conformance.Report
			for _, s := range subjects {
				bar := newProgress(cmd.ErrOrStderr(), s.name)
				r, err := conformance.Run(cmd.Context(), s.target, conformance.Options{Bugs: s.bugs, Progress: bar.step})
				bar.end()
				if err != nil {
					return err
				}
				if r.Stopped {
					return fmt.Errorf("stopped while the suite ran on %s; claims are judged by whole runs on all targets, so none is told", s.name)
				}
				reports = append(reports, r)
			}
			results := conformance.JudgeClaims(reports)
			if slices.ContainsFunc(subjects, func(s subject) bool { return s.name == "epoll" }) {
				bar := newProgress(cmd.ErrOrStderr(), "measuring")
				bar.beat()
				measure(results)
				bar.end()
			}
			if err := report.Claims(out, format, results, pageOf(out)); err != nil {
				return err
			}
			return written()
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", strings.Join(report.ClaimFormats, ", "))
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to `FILE`")
	return cmd
}

// measure puts figures of this machine to the claims about speed.
func measure(results []conformance.ClaimResult) {
	for i := range results {
		r := &results[i]
		if !r.Claim.Measured {
			continue
		}
		x, err := reference.EchoRatio()
		if err != nil {
			r.Why = "not measured: " + err.Error()
			continue
		}
		r.Condition = fmt.Sprintf("%s: here completion makes %.2f times the echoes of a bare epoll loop (%.2f to %.2f)", r.Claim.Condition, x[1], x[0], x[2])
		r.Targets["epoll"] = spec.Conditional
	}
}
