package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/conformance/report"
)

// baselines is the folder that files of known failures are written to.
const baselines = "conform-known"

func newBaseline() *cobra.Command {
	var (
		s      selection
		output string
	)
	cmd := &cobra.Command{
		Use:   "baseline [TARGET...]",
		Short: "a file of known failures, begun or brought up to date",
		Long: `Runs the suite and writes every failure that it finds to a file of known failures, ` + baselines + `/TARGET.txt, for conform run
--known. What fails in some repetitions only is marked as racy.

An entry that it adds has neither reason nor source: conform run takes the file once a person has written them. From a file that is there already
entries go that nothing fails by any more; all others stay as they are, and what is not known yet is added.

Exit codes: 0 the file is what was found, 2 it could not be told, and nothing is written.`,
		Example: `  conform baseline model/lifo-fill --run receive
  conform run model/lifo-fill --run receive --known ` + baselines + `/model-lifo-fill.txt  # when reasons and sources are written`,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			subjects, _, err := s.resolve(args)
			if err != nil {
				return err
			}
			defer func() { err = s.running.end(cmd.ErrOrStderr(), err) }()
			if output != "" && len(subjects) > 1 {
				return fmt.Errorf("--output %s: one file is for one target, not for %d", output, len(subjects))
			}
			for _, x := range subjects {
				file := output
				if file == "" {
					file = filepath.Join(baselines, strings.ReplaceAll(x.name, "/", "-")+".txt")
				}
				if err := s.baseline(cmd, x, file); err != nil {
					return err
				}
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	s.flags(cmd)
	flags.StringVarP(&output, "output", "o", "", "write to `FILE`; for one target")
	return cmd
}

// baseline brings the file of one subject up to date.
func (s *selection) baseline(cmd *cobra.Command, x subject, name string) error {
	old, err := draft(name)
	if err != nil {
		return err
	}
	o := s.Options
	o.Bugs, o.KeepOn = x.bugs, true
	if x.parallel > 0 {
		o.Parallel = x.parallel
	}
	if old != nil {
		o.Known = []*known.File{old}
	}
	bar := newProgress(cmd.ErrOrStderr(), x.name)
	o.Progress = bar.step
	r, err := conformance.Run(cmd.Context(), x.target, o)
	bar.end()
	if err != nil {
		return err
	}
	if r.Stopped || cmd.Context().Err() != nil {
		return fmt.Errorf("%s: stopped; %s is as it was", x.name, name)
	}
	out := cmd.OutOrStdout()
	f, did := conformance.Baseline(name, x.name, old, r)
	if old == nil && len(did.New) == 0 {
		fmt.Fprintf(out, "%s: nothing failed, so there is nothing to write\n", x.name)
		return nil
	}
	if err := replace(name, known.Print(f)); err != nil {
		return plain(err)
	}
	fmt.Fprintf(out, "%s: %s on %s: %d new, %d kept, %d dropped\n", name, report.Entries(len(f.Entries)), x.name, len(did.New), len(did.Kept), len(did.Dropped))
	for _, k := range did.Dropped {
		fmt.Fprintf(out, "  dropped  %s\n", report.Wrong(k))
	}
	unwritten := 0
	for _, e := range f.Entries {
		if e.Unwritten() {
			unwritten++
		}
	}
	if unwritten > 0 {
		fmt.Fprintf(out, "  to do    in %s write reason and source; then %s run %s --known %s\n", report.Entries(unwritten), self(), x.argument(), shellWord(name))
	}
	return nil
}

// draft reads a file of known failures, nil where there is none.
func draft(name string) (*known.File, error) {
	src, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, plain(err)
	}
	return conformance.ParseKnownDraft(name, src)
}

// replace writes a file whole or not at all: there may be reasons in it that somebody has written.
func replace(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(name+".new", text, 0o666); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}
