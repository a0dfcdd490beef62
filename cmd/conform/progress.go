package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// When progress is shown: on a terminal, in place, of what takes longer than patience; elsewhere, where nothing can be written over, in a line of its own when
// early has passed, and in another each time seldom has.
var (
	patience = 2 * time.Second
	early    = 10 * time.Second
	seldom   = 30 * time.Second
)

// progress shows on standard error how far something has got. It may be told of by several goroutines at once.
type progress struct {
	w    io.Writer
	live bool // a terminal
	what string

	mu   sync.Mutex
	next time.Time // when there is something to show
	bar  *progressbar.ProgressBar
	line int // length of what show has written
	over bool
}

func newProgress(w io.Writer, what string) *progress {
	p := &progress{w: w, what: what}
	_, p.live = terminal(w)
	if p.next = time.Now().Add(early); p.live {
		p.next = time.Now().Add(patience)
	}
	return p
}

// due reports whether something is to be shown now: on a terminal in place, elsewhere the text as a line, which it writes.
func (p *progress) due(text func() string) bool {
	now := time.Now()
	if p.over || now.Before(p.next) {
		return false
	}
	if p.live {
		return true
	}
	p.next = now.Add(seldom)
	fmt.Fprintf(p.w, "%s: %s\n", p.what, text())
	return false
}

// step tells that so much of all is done.
func (p *progress) step(done, all int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.due(func() string { return fmt.Sprintf("%d of %d", done, all) }) {
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
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.due(func() string { return text }) {
		return
	}
	line := []rune(p.what + ": " + text)
	if f, ok := terminal(p.w); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 1 {
			line = line[:min(len(line), width-1)] // a longer one would go on in the next, which is not written over
		}
	}
	fmt.Fprintf(p.w, "\r%-*s", p.line, string(line))
	p.line = len(line)
}

// beat says every second for how long it has been going on, for what tells of nothing itself, until end.
func (p *progress) beat() {
	begin := time.Now()
	p.say("begun")
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for range tick.C {
			p.mu.Lock()
			over := p.over
			p.mu.Unlock()
			if over {
				return
			}
			p.say(fmt.Sprintf("%.0f s", time.Since(begin).Seconds()))
		}
	}()
}

// aside takes what is shown away while f writes something that stays.
func (p *progress) aside(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	f()
}

// end takes away what is shown, for good.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	p.over = true
}

func (p *progress) clear() {
	if p.bar != nil {
		p.bar.Clear()
		p.bar = nil
	}
	if p.line > 0 {
		fmt.Fprintf(p.w, "\r%*s\r", p.line, "")
		p.line = 0
	}
}
