package main

import (
	"cmp"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// told is standard output. It keeps in mind whether something was lost: a command that printed to a full disk has not answered, whichever of its lines it was.
type told struct {
	io.Writer
	err error // the first
}

func (t *told) Write(p []byte) (n int, err error) {
	n, err = t.Writer.Write(p)
	if t.err == nil {
		t.err = err
	}
	return n, err
}

// successor is a file that has what it had before until something is written: a command that has nothing to report costs nobody the report of before.
type successor struct {
	*os.File
	begun bool
}

func (f *successor) Write(p []byte) (n int, err error) {
	if !f.begun {
		if err := f.Truncate(0); err != nil {
			return 0, err
		}
		f.begun = true
	}
	return f.File.Write(p)
}

// openReport returns where a report goes, standard output or the file of that name, and what is to be called when it is written. It is opened before the
// work is done that the report is of, which may take hours.
func openReport(cmd *cobra.Command, name string) (out io.Writer, written func() error, err error) {
	if name == "" {
		return cmd.OutOrStdout(), func() error { return nil }, nil
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return nil, nil, plain(err)
	}
	t := &told{Writer: file}
	if about, err := file.Stat(); err == nil && about.Mode().IsRegular() {
		t.Writer = &successor{File: file}
	}
	return t, func() error {
		t.Write(nil) // an empty report takes the place of the one before, too
		if err := cmp.Or(t.err, file.Close()); err != nil {
			return plain(err)
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "conform: the report is in %s\n", name)
		return nil
	}, nil
}
