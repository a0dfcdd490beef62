package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/ioconform/ioconform/conformance"
)

// terminal returns the file that w is if it is a terminal.
func terminal(w io.Writer) (*os.File, bool) {
	if t, is := w.(*told); is {
		w = t.Writer
	}
	f, ok := w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// pageOf is how text is written to w: in colour on a terminal whose user does not object, as wide as it is.
func pageOf(w io.Writer) (p conformance.Page) {
	f, ok := terminal(w)
	if !ok {
		return p
	}
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
		p.Width = max(60, min(width, 140))
	}
	p.Ink.On = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return p
}

// self is what was typed to run this program, for commands that are to be copied.
func self() string {
	if strings.Contains(filepath.ToSlash(os.Args[0]), "/go-build") { // go run
		return "go run ./cmd/conform"
	}
	return "conform"
}
