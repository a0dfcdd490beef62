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

// openReport returns where a report goes, standard output or the file of that name, and what is to be called when it is written. It is opened before the
// work is done that the report is of, which may take hours.
func openReport(cmd *cobra.Command, name string) (out io.Writer, written func() error, err error) {
	if name == "" {
		return cmd.OutOrStdout(), func() error { return nil }, nil
	}
	file, err := os.Create(name)
	if err != nil {
		return nil, nil, plain(err)
	}
	t := &told{Writer: file}
	return t, func() error {
		if err := cmp.Or(t.err, file.Close()); err != nil {
			return plain(err)
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "conform: the report is in %s\n", name)
		return nil
	}, nil
}
