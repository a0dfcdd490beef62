package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
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

// progress shows on a terminal how far something has got that takes more than two seconds, and nothing elsewhere.
type progress struct {
	w     io.Writer
	what  string
	begin time.Time
	bar   *progressbar.ProgressBar
}

const patience = 2 * time.Second

func newProgress(w io.Writer, what string) *progress {
	return &progress{w: w, what: what, begin: time.Now()}
}

// step tells that so much of all is done. Not to be called by several goroutines at once.
func (p *progress) step(done, all int) {
	if _, ok := terminal(p.w); !ok || time.Since(p.begin) < patience {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(all, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(p.what),
			progressbar.OptionSetWidth(30), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetPredictTime(false))
	}
	p.bar.Set(done)
}

// say tells how far something has got of which nobody knows how long it takes.
func (p *progress) say(text string) {
	if _, ok := terminal(p.w); !ok || time.Since(p.begin) < patience {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(-1, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(p.what),
			progressbar.OptionSetWidth(10), progressbar.OptionClearOnFinish())
	}
	p.bar.Describe(p.what + ": " + text)
	p.bar.Add(1)
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Clear()
	}
}

// self is what was typed to run this program, for commands that are to be copied.
func self() string {
	if strings.Contains(filepath.ToSlash(os.Args[0]), "/go-build") { // go run
		return "go run ./cmd/conform"
	}
	return "conform"
}
