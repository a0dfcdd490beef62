package engine

import (
	"regexp"
	"strconv"
	"testing"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
)

// Who goes on with a script knows of which family what it opened is, and what is a listener.
func TestADrawingThatGoesOnKnowsWhatThereIs(t *testing.T) {
	f, err := scenario.Parse("x.scn", []byte("session s ip=6\nsession t peer=d\nlisten M\ndup L as h\ndup s as i\ndup h as j\n"))
	if err != nil {
		t.Fatal(err)
	}
	about := &simulated.Poller(simnet.Options{}).About
	s := resume(about, 1, f.Lines, f.Lines)
	names := func(list []*thing) (all string) {
		for _, x := range list {
			if all += " " + x.name; x.v6 {
				all += "=6"
			}
		}
		return all
	}
	if got, want := names(s.listeners)+";"+names(s.socks), " L=6 M h=6 j=6; s=6 t=6 i=6"; got != want {
		t.Errorf("listeners and sockets%s; want%s", got, want)
	}
}

// A poller is shown duplicates of listeners too.
func TestListenersOfPollersAreDuplicated(t *testing.T) {
	about := &simulated.Poller(simnet.Options{}).About
	for seed := range uint64(2000) {
		c := GenerateScript(about, seed, 40)
		listens := map[string]bool{scenario.SessionListener: true}
		found := false
		eachLine(c.File.Lines, func(l *scenario.Line) {
			switch a := l.Action.(type) {
			case *scenario.ListenLine:
				listens[a.Name] = true
			case *scenario.DupLine:
				found = found || listens[a.Name]
			}
		})
		if found {
			return
		}
	}
	t.Error("none of 2000 scripts duplicates a listener")
}

// The numbers of names are found as an expression finds them, which takes a tenth of a campaign.
func TestTheHighestNumberOfAName(t *testing.T) {
	word := regexp.MustCompile(`\b[A-Za-z][0-9]+\b`)
	const letters = "aZ_019 ->\n=é"
	d := dice(1)
	for range 50_000 {
		text := make([]byte, d.below(24))
		for i := range text {
			text[i] = letters[d.below(len(letters))]
		}
		want := 0
		for _, m := range word.FindAll(text, -1) {
			if n, err := strconv.Atoi(string(m[1:])); err == nil && n < 1<<20 {
				want = max(want, n)
			}
		}
		if got := highest(text); got != want {
			t.Fatalf("%q: %d, want %d", text, got, want)
		}
	}
}
