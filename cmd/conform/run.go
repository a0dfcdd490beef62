package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/report"
	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference"
)

// failures is the folder that failure files are written to.
const failures = "conform-failures"

// runFlags are the flags of conform run.
type runFlags struct {
	selection
	profile   string
	known     []string
	format    string
	output    string
	untilFail bool

	complained bool  // that failures are not kept
	lost       error // why a line of a case was not written
}

func newRun() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [TARGET...]",
		Short: "the suite against targets",
		Long: `Runs the suite against targets, all that this machine can run where none is named, and says which rules held. TARGET/BUG is
a target with that bug planted, to see what a failure looks like; conform list mutants shows them.

A case that does not pass is written to ` + failures + `/, from where conform replay runs it again.

What a target is known to get wrong can be told in a file (--known; conform baseline begins one): a case that fails in those ways
alone is known, and all others must pass. An entry that nothing fails by any more, or that speaks of nothing that this target
runs, is an error.

Exit codes: 0 no rule was broken, or none in a way that is not known, 1 a rule was broken, or an entry of known failures has to
be changed, 2 it could not be told: the run was stopped (Ctrl-C and SIGTERM print what there is so far), a case diverged or could not be
judged, or nothing was exercised; where no target is named, on none of them.`,
		Example: `  conform run
  conform run model --run accept --run 'close/port-*'
  conform run model/lifo-fill
  conform run epoll --repeat 20 --format jsonl -o epoll.jsonl
  conform init python my-adapter
  conform run --exec 'python3 my-adapter/adapter.py'`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.execute(cmd, args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.flags(cmd)
	flags.BoolVar(&f.untilFail, "until-fail", false, "again and again until something does not pass")
	flags.StringVar(&f.profile, "profile", "", "the rules that decide: "+profiles()+". Unless given readiness for pollers, windows for what has capability win32, else portable")
	flags.StringArrayVar(&f.known, "known", nil, "what a target is known to get wrong stands in `FILE`; can be repeated")
	flags.StringVar(&f.format, "format", "text", "how to report: "+formats())
	flags.StringVarP(&f.output, "output", "o", "", "write the report to `FILE`")
	return cmd
}

func formats() string {
	var names []string
	for _, x := range report.Formats {
		names = append(names, x.Name+" ("+x.Meaning+")")
	}
	return strings.Join(names, ", ")
}

func (f *runFlags) execute(cmd *cobra.Command, args []string) (err error) {
	if err := knownProfile(f.profile); err != nil {
		return err
	}
	f.Profile = f.profile
	subjects, absent, err := f.resolve(args)
	if err != nil {
		return err
	}
	defer func() { err = f.running.end(cmd.ErrOrStderr(), err) }()
	files, err := readKnown(f.known, subjects)
	if err != nil {
		return err
	}
	if _, err := report.New(f.format, io.Discard, conformance.Page{}); err != nil {
		return err
	}
	out, written, err := openReport(cmd, f.output)
	if err != nil {
		return err
	}
	w, err := report.New(f.format, out, pageOf(out))
	if err != nil {
		return err
	}
	for _, a := range absent {
		if err := w.Absent(a.Name, a.Why); err != nil {
			return err
		}
	}
	code, idle := exitOK, 0
	for i, s := range subjects {
		f.Known = files[s.name]
		r, err := f.one(cmd.Context(), s, w, cmd.ErrOrStderr())
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if err := cmp.Or(f.lost, w.Target(r)); err != nil {
			return err
		}
		if f.output != "" || f.format != "text" { // in a report for people it stands there
			for _, k := range r.Wrong() {
				fmt.Fprintln(cmd.ErrOrStderr(), "conform: "+report.Wrong(k))
			}
		}
		if len(args)+len(f.exec) == 0 && !r.Stopped && r.Count()[conformance.Skip] == len(r.Cases) && len(r.Wrong()) == 0 {
			idle++ // it was not asked for, and no case is for it
		} else {
			code = worse(code, codeOf(r.Report))
		}
		if cmd.Context().Err() != nil && (r.Stopped || f.untilFail || i < len(subjects)-1) {
			code = exitNoAnswer
			if left := subjects[i+1:]; len(left) > 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "conform: stopped, a partial result: %s not run\n", were(left))
			}
			break
		}
	}
	if idle == len(subjects) {
		code = exitNoAnswer
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := written(); err != nil {
		return err
	}
	if code != exitOK {
		return &exit{code: code}
	}
	return nil
}

// were names the subjects, with the verb of as many.
func were(list []subject) string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].name
	}
	if len(names) == 1 {
		return names[0] + " was"
	}
	return strings.Join(names, ", ") + " were"
}

// choose finds the subjects that are named, or all that can run where no adapter is either.
func choose(names, exec []string) (subjects []subject, absent []reference.Absent, err error) {
	if len(names) == 0 && len(exec) == 0 {
		targets, absent := reference.Targets()
		for _, t := range targets {
			subjects = append(subjects, subject{name: t.About.Name, target: t})
		}
		return subjects, absent, nil
	}
	for _, n := range names {
		s, err := lookup(n)
		if err != nil {
			return nil, nil, err
		}
		subjects = append(subjects, s)
	}
	return subjects, nil, nil
}

// one runs the suite against one subject and keeps what failed. Where the report can take cases as they end, so that they are there if the process is killed, it gets them.
func (f *runFlags) one(ctx context.Context, s subject, w report.Writer, stderr io.Writer) (*report.Run, error) {
	o := f.Options
	o.Bugs = s.bugs
	if s.parallel > 0 {
		o.Parallel = s.parallel
	}
	bar := newProgress(stderr, s.name)
	defer bar.end()
	o.Progress = bar.step
	run := &report.Run{Target: s.name, All: f.all, Files: map[string]string{}, Again: map[string]string{}}
	if early, can := w.(report.CaseWriter); can && !f.untilFail { // of rounds in which nothing fails nothing is reported
		run.Seed = o.Seed
		o.Each = func(c *conformance.CaseResult) {
			bar.aside(func() {
				f.keep(run, s, c, stderr)
				f.lost = cmp.Or(f.lost, early.Case(run, c))
			})
		}
	}
	for {
		r, err := conformance.Run(ctx, s.target, o)
		if err != nil {
			return nil, err
		}
		if f.untilFail && codeOf(r) == exitOK && !r.Stopped && ctx.Err() == nil {
			o.Seed += 16 * uint64(o.Repeat) // the schedules after those of this round
			continue
		}
		run.Report, run.Seed = r, o.Seed
		bar.end()
		for i := range r.Cases {
			f.keep(run, s, &r.Cases[i], stderr)
		}
		return run, nil
	}
}

// keep writes the failure file of a case, if it is to have one and has none yet.
func (f *runFlags) keep(r *report.Run, s subject, c *conformance.CaseResult, stderr io.Writer) {
	name := c.Case.Name
	switch c.Verdict {
	case conformance.Pass, conformance.Skip, conformance.Known:
		return
	}
	if r.Again[name] != "" {
		return
	}
	r.Again[name] = fmt.Sprintf("%s run %s --run %s --seed %d", self(), s.argument(), name, r.Seed)
	file := filepath.Join(failures, c.FileName(s.name))
	err := os.MkdirAll(failures, 0o777)
	if err == nil {
		err = engine.WriteWhole(file, c.FailureFile(&s.target.About, s.name))
	}
	if err != nil {
		if !f.complained {
			fmt.Fprintf(stderr, "conform: failures are not kept: %v\n", plain(err))
		}
		f.complained = true
		return
	}
	r.Files[name] = file
	r.Again[name] = self() + " replay " + shellWord(file)
	if s.exec != "" {
		r.Again[name] += " " + s.argument()
	}
	if s.target.About.World != "sim" {
		r.Again[name] += " --repeat 100"
	}
}

// codeOf is the exit code of a run on one target.
func codeOf(r *conformance.Report) int {
	n := r.Count()
	switch {
	case r.Stopped:
		return exitNoAnswer
	case n[conformance.Fail] > 0, len(r.Wrong()) > 0:
		return exitBroken
	case n[conformance.Diverged]+n[conformance.Error] > 0, n[conformance.Pass]+n[conformance.Known] == 0, !r.Exercised():
		return exitNoAnswer
	}
	return exitOK
}

// worse is the code of two runs together: a broken rule is a fact, whatever else could not be told.
func worse(a, b int) int {
	if a == exitBroken || b == exitBroken {
		return exitBroken
	}
	return max(a, b)
}

// plain is an error of the file system without the name of the system call, in the same words on every system where it is a common one.
func plain(err error) error {
	var p *os.PathError
	if !errors.As(err, &p) {
		return err
	}
	why := p.Err
	switch info, e := os.Stat(p.Path); {
	case e == nil && !info.IsDir() && errors.Is(p.Err, syscall.ENOTDIR): // on Windows the number of what does not exist, too
		why = errors.New("not a directory")
	case errors.Is(p.Err, fs.ErrNotExist):
		why = errors.New("no such file or directory")
	case errors.Is(p.Err, fs.ErrPermission):
		why = errors.New("permission denied")
	case errors.Is(p.Err, syscall.ENOTDIR):
		why = errors.New("not a directory")
	case e == nil && info.IsDir():
		why = errors.New("is a directory")
	}
	return fmt.Errorf("%s: %w", p.Path, why)
}
